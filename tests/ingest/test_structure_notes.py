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
