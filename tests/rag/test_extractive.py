"""The writer without a language model: answers made of nothing but quotes."""

from __future__ import annotations

from datetime import date

import pytest

from rag.domain import Evidence, Kind, Part, Period, Sentence
from rag.extractive import CONCLUSION_CHARACTERS, ExtractiveWriter, shorten
from rag.extractive.wanted import Wanted
from rag.japanese.synonyms import Synonyms
from rag.verify import verify
from tests.builders import evidence, question

ALLOWANCE = evidence(
    1,
    "第十七条　宿泊手当の額は、一夜につき二千四百円とする。\n２　前項の規定にかかわらず、宿泊を伴わない旅行については、宿泊手当は、支給しない。",
    labels={"article": "17"},
)
SETTLING = evidence(
    2,
    "第十二条　旅費の支給を受けようとする旅行者は、所定の請求書に必要な書類を添えて、支出命令者に提出しなければならない。\n"
    "２　旅行者は、当該旅行を完了した日の翌日から起算して十日以内に、当該旅行について旅費の精算をしなければならない。",
    locator="第12条",
    labels={"article": "12"},
)
TABLE = evidence(
    3,
    "宿泊先の区分 | 基準額（一夜）\n東京都特別区 | 19,000円\n甲地 | 13,000円\n乙地 | 11,000円",
    locator="別表第1",
    labels={"part": "table"},
)
RULED = evidence(
    4,
    "┌─────┬─────┐\n│事由　　　│期間　　　│\n├─────┼─────┤\n│結婚休暇　│7日　　　 │\n│夏季休暇　│5日　　　 │\n└─────┴─────┘",
    title="職員の勤務時間、休暇等に関する規則",
    locator="別表第2",
)
MINUTES = Period(start=date(2026, 6, 17))
GOVERNOR = evidence(
    5,
    "お答えいたします。\n宿泊税は、そのための有力な財源の一つであり、丁寧な議論が必要であると考えております。",
    kind=Kind.MINUTES,
    title="令和8年6月定例会会議録",
    locator="令和8年6月定例会 6月17日 知事",
    period=MINUTES,
    labels={"speaker": "標本大介", "post": "知事", "role": "official", "topic": "宿泊税"},
)
MEMBER = evidence(
    6,
    "宿泊税の導入について、知事はどのように考えておられるのか、お伺いします。",
    kind=Kind.MINUTES,
    title="令和8年6月定例会会議録",
    locator="令和8年6月定例会 6月17日 雛形真一議員",
    period=MINUTES,
    labels={"speaker": "雛形真一", "post": "議員", "role": "member", "topic": "宿泊税"},
)
NOTE = tuple(
    evidence(
        number,
        text,
        kind=Kind.NOTES,
        title="第4回宿泊税検討会議 議事要旨",
        locator=f"第4回宿泊税検討会議 {who}",
        period=MINUTES,
        labels={"speaker": who},
    )
    for number, who, text in (
        (7, "囲炉裏委員", "免税点は設けないか、設けるなら3,000円程度とすべきである。"),
        (8, "暖簾委員", "段階制は公平に見えるが、宿泊の部分だけを取り出す計算が現場では大変な手間になる。"),
    )
)
ALL = (ALLOWANCE, SETTLING, TABLE, RULED, GOVERNOR, MEMBER, *NOTE)


def draft(asked: str, given: tuple[Evidence, ...] = ALL) -> list[Sentence]:
    return list(ExtractiveWriter(Synonyms(official={})).write(question(asked), given))


def conclusion(asked: str, given: tuple[Evidence, ...] = ALL) -> str:
    [one] = [sentence for sentence in draft(asked, given) if sentence.part is Part.CONCLUSION]
    return one.text


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("宿泊手当はいくらですか。", "宿泊手当の額は、一夜につき二千四百円とする。"),
        (
            "旅費の精算はいつまでにしますか。",
            "旅行者は、当該旅行を完了した日の翌日から起算して十日以内に、当該旅行について旅費の精算をしなければならない。",
        ),
        ("東京都特別区の宿泊費の基準額はいくらですか。", "宿泊先の区分：東京都特別区、基準額（一夜）：19,000円"),
        ("結婚休暇は何日ですか。", "事由：結婚休暇、期間：7日"),
        (
            "宿泊を伴わない旅行に宿泊手当は支給されますか。",
            "前項の規定にかかわらず、宿泊を伴わない旅行については、宿泊手当は、支給しない。",
        ),
        ("旅費条例第17条には何が書いてありますか。", "宿泊手当の額は、一夜につき二千四百円とする。"),
    ],
)
def test_the_conclusion_is_the_sentence_or_the_row_that_was_asked_for(asked: str, expected: str) -> None:
    assert conclusion(asked) == expected


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (
            "知事は宿泊税についてどう答弁しましたか。",
            "知事（標本大介）「宿泊税は、そのための有力な財源の一つであり、丁寧な議論が必要であると考えております。」",
        ),
        (
            "囲炉裏委員は免税点についてどのような意見を述べましたか。",
            "囲炉裏委員「免税点は設けないか、設けるなら3,000円程度とすべきである。」",
        ),
        (
            "暖簾委員は段階制についてどのような意見を述べましたか。",
            "暖簾委員「段階制は公平に見えるが、宿泊の部分だけを取り出す計算が現場では大変な手間になる。」",
        ),
    ],
)
def test_a_remark_is_quoted_word_for_word_under_its_speakers_name(asked: str, expected: str) -> None:
    assert conclusion(asked) == expected


@pytest.mark.parametrize(
    "asked",
    [
        "宿泊手当はいくらですか。",
        "旅費の精算はいつまでにしますか。",
        "結婚休暇は何日ですか。",
        "知事は宿泊税についてどう答弁しましたか。",
    ],
)
def test_every_sentence_stands_up_to_verification(asked: str) -> None:
    checked = verify(draft(asked), ALL, question(asked))
    assert [(one.text, one.problems) for one in checked if not one.verified] == []
    assert {Part.CONCLUSION, Part.BASIS} <= {one.part for one in checked}


def test_the_basis_names_title_locator_and_date_of_entry_into_force_before_the_quote() -> None:
    [basis] = [one for one in draft("宿泊手当はいくらですか。", (ALLOWANCE,)) if one.part is Part.BASIS]
    assert (
        basis.text == "職員の旅費に関する条例 第17条（2026-04-01施行）「宿泊手当の額は、一夜につき二千四百円とする。」"
    )


def test_what_to_hand_in_stands_under_procedure_and_what_limits_the_rule_under_exceptions() -> None:
    parts = {one.part: one.text for one in draft("旅費の精算はいつまでにしますか。", (SETTLING,))}
    assert parts[Part.PROCEDURE].endswith("支出命令者に提出しなければならない。")
    limits = {one.part: one.text for one in draft("宿泊手当はいくらですか。", (ALLOWANCE,))}
    assert limits[Part.EXCEPTIONS].startswith("前項の規定にかかわらず")


def test_a_duty_is_no_exception_only_because_it_ends_in_naranai() -> None:
    assert Part.EXCEPTIONS not in {one.part for one in draft("旅費の精算はいつまでにしますか。", (SETTLING,))}


def test_an_faq_answers_with_its_answer_not_with_its_question() -> None:
    faq = evidence(
        1,
        "問　副業をしてもよいですか。\n答　任命権者の許可を受けたときに限り、副業をすることができます。",
        kind=Kind.FAQ,
        title="庁内FAQ",
        locator="服務・休暇-18",
        labels={"question": "副業をしてもよいですか。"},
    )
    assert (
        conclusion("副業をしてもよいですか。", (faq,)) == "任命権者の許可を受けたときに限り、副業をすることができます。"
    )


def test_the_rule_that_an_faq_names_stands_under_basis_before_the_faq() -> None:
    faq = evidence(
        1,
        "問　旅費の精算はいつまでにしますか。\n答　旅行が完了した日の翌日から起算して10日以内です。様式は別に定めます。",
        kind=Kind.FAQ,
        title="庁内FAQ",
        locator="旅費-20",
        labels={"question": "旅費の精算はいつまでにしますか。", "basis": "職員の旅費に関する条例第12条第2項"},
    )
    found = draft("旅費の精算はいつまでにしますか。", (faq, SETTLING))
    assert found[0].text == "旅行が完了した日の翌日から起算して10日以内です。"
    basis = [one.text for one in found if one.part is Part.BASIS]
    assert [text.split("「")[0] for text in basis] == [
        "職員の旅費に関する条例 第12条（2026-04-01施行）",
        "庁内FAQ 旅費-20",
    ]


def test_nothing_is_written_when_no_sentence_is_about_the_question() -> None:
    assert draft("富士山の標高は何メートルですか。", (ALLOWANCE, SETTLING)) == []


def test_there_is_nothing_to_repair_in_a_quote() -> None:
    assert list(ExtractiveWriter(Synonyms(official={})).repair(question("旅費"), ALL, [])) == []


LONG = (
    "県内の旅行に係る旅行命令は課長が、県外の旅行に係る旅行命令は部長が専決するものとし、課長以上の職にある者（部長を除く。）の外国旅行に係る旅行命令は、"
    "知事が行い、急を要する場合にあっては、口頭により、これを行うことはできない。"
)


@pytest.mark.parametrize("limit", [20, 40, 60, 80, 100, 200])
def test_a_shortened_sentence_keeps_to_the_limit_and_keeps_its_end(limit: int) -> None:
    short = shorten(LONG, limit)
    assert len(short) <= limit
    assert short.endswith("できない。")


def test_a_shortened_sentence_has_only_whole_clauses_of_the_original_and_marks_the_gaps() -> None:
    short = shorten(LONG, CONCLUSION_CHARACTERS)
    assert "…" in short
    assert all(piece in LONG.replace("（部長を除く。）", "") for piece in short.split("…"))


def test_a_question_is_read_for_what_it_wants() -> None:
    assert Wanted.read("日当はいくらですか。").units == {"円", "%"}
    assert Wanted.read("いつまでに提出しますか。").deadline
    assert Wanted.read("誰が決裁しますか。").person
    assert Wanted.read("包括宿泊費とは何ですか。").meaning
    assert not Wanted.read("宿泊手当について").is_special


def test_an_everyday_word_finds_the_sentence_with_the_official_one() -> None:
    asked = question("宿のお金は泊まるとどうなりますか")
    plain = list(ExtractiveWriter(Synonyms(official={})).write(asked, ALL))
    helped = list(ExtractiveWriter(Synonyms(official={"宿のお金": ("宿泊手当",)})).write(asked, ALL))
    assert not any(sentence.citations == (1,) for sentence in plain if sentence.part is Part.CONCLUSION)
    assert [sentence.citations for sentence in helped if sentence.part is Part.CONCLUSION] == [(1,)]


def test_a_table_row_on_the_band_of_the_figure_asked_for_is_taken() -> None:
    commuting = evidence(
        1,
        "通勤距離 | 月額\n五キロメートル以上十キロメートル未満 | 4,200円\n十キロメートル以上十五キロメートル未満 | 7,300円",
        locator="別表",
        labels={"part": "table"},
    )
    said = ExtractiveWriter(Synonyms(official={})).write(question("通勤距離が12キロの月額はいくらですか"), [commuting])
    assert "7,300円" in next(sentence.text for sentence in said if sentence.part is Part.CONCLUSION)


def test_a_remark_is_shown_with_what_was_said_around_it() -> None:
    said = ExtractiveWriter(Synonyms(official={})).write(question("知事は宿泊税をどう考えていると答弁しましたか"), ALL)
    basis = next(sentence for sentence in said if sentence.part is Part.BASIS)
    assert "お答えいたします" in basis.text
    assert "丁寧な議論が必要であると考えております" in basis.text


ITEMS = evidence(
    1,
    "第十六条　車賃の額は、次の各号に定める額による。\n一　バスを利用する旅行　その乗車に要する運賃\n"
    "二　自家用車を使用する旅行　一キロメートルにつき二十五円\n２　前項第二号の使用は、承認を受けなければならない。",
    locator="第16条",
    labels={"article": "16"},
)


@pytest.mark.parametrize(
    ("text", "said"),
    [("旅費条例第16条第1項第2号の内容は", "二十五円"), ("旅費条例第16条第2項の内容は", "承認を受けなければならない")],
)
def test_the_paragraph_and_the_item_that_are_named_are_quoted(text: str, said: str) -> None:
    answer = ExtractiveWriter(Synonyms(official={})).write(question(text), [ITEMS, SETTLING])
    assert said in next(sentence.text for sentence in answer if sentence.part is Part.CONCLUSION)


def test_a_members_question_is_no_answer_to_what_an_official_said() -> None:
    asked = evidence(
        1,
        "宿泊税の導入について知事のお考えをお伺いいたします。",
        kind=Kind.MINUTES,
        labels={"speaker": "想定健", "post": "議員", "role": "member"},
    )
    writer = ExtractiveWriter(Synonyms(official={}))
    assert list(writer.write(question("知事は宿泊税についてどう答弁しましたか"), [asked])) == []
    assert list(writer.write(question("想定健議員は宿泊税について何を質問しましたか"), [asked]))


def test_a_dependent_sentence_is_not_the_conclusion_where_the_rule_itself_stands_beside_it() -> None:
    rule = evidence(
        1,
        "第九条　契約書は、契約金額が百万円未満のときは省略することができる。ただし、契約書を省略する契約金額が五十万円以上のときは、請書を徴さなければならない。",
        locator="第9条",
    )
    said = ExtractiveWriter(Synonyms(official={})).write(
        question("契約書を省略できるのは契約金額がいくらのときですか"), [rule]
    )
    assert "百万円未満" in next(sentence.text for sentence in said if sentence.part is Part.CONCLUSION)


def test_procedures_of_other_rules_are_not_mixed_in() -> None:
    foreign = evidence(
        2,
        "第三条　宿泊手当の受給の申請は、様式第一号により提出しなければならない。",
        title="みほん県職員服務規程",
        locator="第3条",
    )
    said = list(
        ExtractiveWriter(Synonyms(official={})).write(question("宿泊手当の額はいくらですか"), [ALLOWANCE, foreign])
    )
    assert not [sentence for sentence in said if sentence.part is Part.PROCEDURE]


def test_a_question_that_stands_in_a_rule_is_no_answer_to_it() -> None:
    asked = "日帰り出張の日当はいくらですか。"
    history = evidence(1, f"日当は改められた。{asked}", locator="沿革")
    article = evidence(2, "第五条　日当は、一日につき二千二百円とする。", locator="第5条")
    assert conclusion(asked, (history, article)).endswith("二千二百円とする。")


def test_a_question_that_leaves_out_how_much_still_wants_a_value() -> None:
    rule = evidence(
        1, "外部記録媒体の利用は、所属長の許可を要する。許可の有効期間は30日とする。", title="基準", locator="第12条"
    )
    assert conclusion("外部記録媒体の利用許可の有効期間は。", (rule,)) == "許可の有効期間は30日とする。"
