import pytest

from ingest.structure import recognise
from rag.domain import Block, Document, Kind, Structure

NOTE = """
第4回みほん県宿泊税検討会議　議事要旨
1　日時　令和8年8月27日（木）午後1時30分から
2　出席者
　委員　組立座長、暖簾委員、囲炉裏委員
3　議事の概要
（1）税率について
【事務局】
・資料1により、1人1泊当たり200円の定額とする案と、宿泊料金に応じて3段階とする案とを
比べて説明した。定額の場合の税収は、年間8億8,000万円程度と試算しているところであり、段
階制とする場合もこれに近い額となる。
【暖簾委員】
・段階制は公平に見えるが、食事付きの料金から宿泊の部分だけを取り出す計算が現場では大変な
手間になる。組合としては、定額の200円であれば何とか説明できるという意見が多いところであ
る。
・連泊の場合に上限を設けてほしいという声をいただいている。現場の事務の負担についても同じ
ように配慮をお願いしたい。
【組立座長】
・定額を基本とする。
（2）使途について
【囲炉裏委員】成果を公表する仕組みとするべきである。
"""


def read(text: str = NOTE, *, page: int | None = None) -> Structure:
    blocks = tuple(Block(text=line, page=page) for line in text.strip("\n").split("\n"))
    return recognise(Document(path="会議要旨/第4回.pdf", title="第4回みほん県宿泊税検討会議　議事要旨", blocks=blocks))


def test_each_turn_of_a_speaker_is_a_section() -> None:
    structure = read()
    assert structure.kind is Kind.NOTES
    turns = [section for section in structure.sections if "speaker" in section.labels]
    assert [(section.labels["speaker"], section.labels["role"], section.labels["topic"]) for section in turns] == [
        ("事務局", "official", "税率について"),
        ("暖簾委員", "member", "税率について"),
        ("組立座長", "chair", "税率について"),
        ("囲炉裏委員", "member", "使途について"),
    ]
    assert turns[3].text == "成果を公表する仕組みとするべきである。"


def test_lines_broken_by_a_converter_are_joined_inside_a_remark() -> None:
    turn = next(section for section in read().sections if section.labels.get("speaker") == "暖簾委員")
    first, second = turn.text.split("\n")
    assert first.startswith("・段階制は公平に見えるが")
    assert "現場では大変な手間になる。組合としては" in first
    assert first.endswith("意見が多いところである。")
    assert "同じように配慮をお願いしたい。" in second
    assert len(turn.breaks) == 1


def test_the_locator_names_meeting_speaker_and_page() -> None:
    plain = next(section for section in read().sections if section.labels.get("speaker") == "組立座長")
    assert plain.locator == "第4回みほん県宿泊税検討会議 議事要旨 【組立座長】"
    paged = next(section for section in read(page=2).sections if section.labels.get("speaker") == "組立座長")
    assert paged.locator.endswith("【組立座長】 p.2")


def test_date_and_people_in_the_head_are_kept() -> None:
    head = read().sections[0]
    assert head.locator.endswith("開催概要")
    assert "組立座長、暖簾委員、囲炉裏委員" in head.text
    assert head.labels["date"] == "2026-08-27"


def test_speakers_before_a_colon_are_found() -> None:
    structure = read("意見交換の概要\n町並委員：配分を求める。\n事務局：検討する。\n旅路委員：三つに絞るべきだ。")
    assert structure.kind is Kind.NOTES
    assert [section.labels.get("speaker") for section in structure.sections][-3:] == ["町並委員", "事務局", "旅路委員"]


ROUND = """
第2回みほん県総合計画部会　議事要旨
1　日時　令和8年9月10日
2　議事の概要
（1）学校の統合について
（会長）
・出席の委員が過半数に達しているので、会議は成立している。
（事務局）
・素案の41ページ以降を説明した。
（暖簾委員）
・一番遠い子はバスで片道50分になる。
（教育委員会）
・下校は2便とする。
（副会長）
・便の数を増やせないか。
（暖簾委員）　賛成である。
（会長）
・便の数は、来年度の実績を見てから決めるのがよいと思う。
・ほかに意見がなければ、次の議題に移る。
（事務局）
・次回は1月24日に開催する。
（16時20分　閉会）
"""


def test_speakers_in_round_brackets_are_found_with_post_and_role() -> None:
    structure = read(ROUND)
    turns = [section.labels for section in structure.sections if "speaker" in section.labels]
    assert [(labels["speaker"], labels["post"], labels["role"]) for labels in turns] == [
        ("会長", "会長", "chair"),
        ("事務局", "事務局", "official"),
        ("暖簾委員", "委員", "member"),
        ("教育委員会", "教育委員会", "official"),
        ("副会長", "副会長", "member"),
        ("暖簾委員", "委員", "member"),
        ("会長", "会長", "chair"),
        ("会長", "会長", "chair"),
        ("事務局", "事務局", "official"),
    ]


def test_the_running_of_a_meeting_is_marked_in_notes() -> None:
    structure = read(ROUND)
    marked = [section.text for section in structure.sections if section.labels.get("procedure") == "yes"]
    assert [text[:12] for text in marked] == [
        structure.sections[0].text[:12],
        "・出席の委員が過半数に達",
        "・ほかに意見がなければ、",
        "・次回は1月24日に開催",
    ]


def test_offices_in_round_brackets_alone_make_no_notes() -> None:
    text = "申請の手引\n（総務課）\n申請書を受け付ける。\n（税務課）\n税額を確かめる。\n（総務課）\n結果を送る。"
    assert read(text).kind is not Kind.NOTES


def lined(text: str) -> Structure:
    """A text file, whose lines have numbers."""
    lines = text.strip("\n").split("\n")
    blocks = tuple(Block(text=line, line=number) for number, line in enumerate(lines, 1) if line.strip())
    return recognise(Document(path="置場/綴り.txt", title=lines[0], blocks=blocks))


def pairs(structure: Structure) -> list[tuple[str, str, str, str]]:
    """Who asks on which lines, who answers, and on which lines."""
    return [
        (labels.get("member", ""), labels["asked_lines"], labels.get("post", ""), labels["lines"])
        for section in structure.sections
        if (labels := section.labels).get("pair")
    ]


ASKED = """
みほん町議会　建設委員会　委員会記録
日時　令和8年12月9日（水）
１　議案第7号　町道の認定
（説明の概要）団地の道路4本を認定する。
補足（総務課長）　基金からの繰入れは取りやめた。
〈暖簾委員〉
問　坂の道は毎年凍る。
　凍結に手を打つのか。
答（建設課長）　溝を入れる工法を採る。
　砂の箱も2か所に置く。
問　雪は。
答　除雪の路線に加える。
（討論なし。全会一致で可決すべきものと決定）
２　議案第8号　水道料金の改定
問　いくら上がるのか。
答（水道課長）　月に120円である。
委員長　次回は1月20日とする。
"""


def test_questions_under_a_members_name_are_tied_to_the_answer_below() -> None:
    structure = lined(ASKED)
    assert structure.kind is Kind.NOTES
    assert pairs(structure) == [
        ("暖簾委員", "8", "建設課長", "9-10"),
        ("暖簾委員", "11", "", "12"),
        ("", "15", "水道課長", "16"),
    ]


def test_who_adds_something_or_presides_among_questions_has_a_turn() -> None:
    turns = [(each.labels.get("post", ""), each.labels.get("role", "")) for each in lined(ASKED).sections]
    assert ("総務課長", "official") in turns
    assert turns[-1] == ("委員長", "chair")


def test_a_vote_in_brackets_belongs_to_no_answer() -> None:
    section = next(each for each in lined(ASKED).sections if "討論なし" in each.text)
    assert "role" not in section.labels
    assert section.text.startswith("（討論なし")


def test_the_name_in_brackets_of_any_kind_heads_its_questions() -> None:
    for heading in ("【暖簾委員】", "［暖簾委員］", "（暖簾委員）", "◆暖簾委員", "暖簾委員の質疑"):
        found = pairs(lined(ASKED.replace("〈暖簾委員〉", heading)))
        assert [pair[0] for pair in found] == ["暖簾委員", "暖簾委員", ""], heading


@pytest.mark.parametrize("title", ["ごみの出し方", "町議会の傍聴について", "教育委員会の会議録に関するよくある質問"])
def test_questions_of_the_public_are_no_notes(title: str) -> None:
    text = f"{title}\n問　いつですか。\n答　月曜日の朝からです。\n問　どこですか。\n答　役場の2階です。"
    assert lined(text).kind is Kind.FAQ


ARROWS = """
第3回みほん町子育て会議　議事概要
日時　令和8年10月2日
（1）学童保育について
・夏休みだけ利用できる枠は設けられないか。（暖簾委員）
→　来年の夏から20人分を設ける予定である。（子育て課）
・兄弟で別の教室になることがある。何とかならないか。
　→　今年度から兄弟を優先する取扱いに改めた。
・職員の努力に感謝している。
（2）遊び場について
【囲炉裏委員】
・雨の日の遊び場はいつできるのか。
　→　令和9年4月に開放する。
"""


def test_an_arrow_below_a_question_is_its_answer() -> None:
    structure = lined(ARROWS)
    assert structure.kind is Kind.NOTES
    assert pairs(structure) == [
        ("暖簾委員", "4", "子育て課", "5"),
        ("", "6", "", "7"),
        ("囲炉裏委員", "11", "", "12"),
    ]
    thanks = next(each for each in structure.sections if "感謝" in each.text)
    assert "speaker" not in thanks.labels, "the name at the end of another remark is not carried on"


def test_arrows_below_what_asks_nothing_answer_nothing() -> None:
    text = "みほん町の人口　検討会議　議事概要\n・若者が町を出る。\n→　税収が減る。\n・店が閉まる。\n→　買物に困る。"
    assert pairs(lined(text)) == []


CIRCLES = """
みほん市計画協議会　議事要旨
１　議事
◎ 会長：始めたい。
○ 委員：店がなくなると困る。買物をどう支えるのか。
● 商工振興課：移動販売の車を走らせる。
　・週に5日、駅前に停める。
○ 委員：歩道の段差はいつ直るのか。
● 県土木事務所（オブザーバー）：来年の秋である。
● 場所：市役所の前である。
"""


def test_offices_behind_a_mark_speak_where_others_do() -> None:
    structure = lined(CIRCLES)
    assert [each.labels["post"] for each in structure.sections if "speaker" in each.labels] == [
        "会長",
        "委員",
        "商工振興課",
        "委員",
        "県土木事務所",
    ]
    assert pairs(structure) == [("委員", "4", "商工振興課", "5-6"), ("委員", "7", "県土木事務所", "8-9")]


@pytest.mark.parametrize(("title", "notes"), [("質疑応答", True), ("質疑応答（想定問答）", False)])
def test_arrows_of_a_paper_that_prepares_for_a_meeting_are_no_notes(title: str, notes: bool) -> None:
    body = "・夏休みの枠は設けられないか。\n→　来年から設ける。\n・遊び場はいつできるのか。\n→　来年4月に開放する。"
    assert (lined(f"みほん町子育て会議　{title}\n{body}").kind is Kind.NOTES) is notes


def test_further_arrows_below_an_answer_count_as_answers_to_the_same_question() -> None:
    text = "みほん町子育て会議　議事概要\n・枠は設けられないか。\n→　来年から設ける。\n→　20人分である。\n→　町報に載せる。"
    roles = [each.labels.get("role") for each in lined(text).sections]
    assert roles.count("official") == 3


FIRST, SECOND = "道路の凍結に手を打つのか。", "図書館の開館時間を延ばすのか。"
ONE_ANSWER = "道路の凍結には、溝を入れる工法を採る。"
MARKED = f"〈暖簾委員〉\n問　{FIRST}\n{SECOND}\n答　{ONE_ANSWER}\n問　雪は。\n答　路線に加える。"
UNMARKED = f"【暖簾委員】\n・{FIRST}\n・{SECOND}\n【事務局】\n・{ONE_ANSWER}\n【暖簾委員】\n・承知した。"


@pytest.mark.parametrize(("body", "left"), [(MARKED, []), (UNMARKED, [SECOND])])
def test_a_marked_answer_answers_all_of_its_question_and_another_one_only_what_it_speaks_of(
    body: str, left: list[str]
) -> None:
    structure = lined(f"みほん町議会　建設委員会　委員会記録\n日時　令和8年12月9日\n１　町道の認定\n{body}")
    assert pairs(structure)
    assert [each.labels["unanswered"] for each in structure.sections if "unanswered" in each.labels] == left
