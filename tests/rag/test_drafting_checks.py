from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from rag.assembly.item import AnswerPart, Check, Finding, Item, Paragraph, PastAnswer, Severity, Stance
from rag.assembly.sheet import Difference
from rag.domain import Citation, Evidence
from rag.drafting.checks import check, reading_seconds
from rag.drafting.comparing import compared_with
from rag.drafting.ladder import load_ladder
from rag.drafting.material import Duplicate, Material, Rules
from tests.builders import evidence

RULES = Rules(ladder=load_ladder(Path("nowhere")), day=date(2026, 12, 3))
ITEM = Item(
    number=("1",), text="病児保育の利用の状況と、病児保育の施設の今後の整備について伺う。", stance=Stance.FORWARD
)
REPORT = Material(
    title="病児保育の実施状況",
    day=date(2026, 4, 1),
    text="病児保育の実施施設は31施設、利用は延べ6,240人である。",
    level="1",
)
GOOD = (
    "病児保育につきましては、31施設で実施し、延べ6,240人に利用いただいております。",
    "病児保育の施設につきましては、今後、県北部での整備に取り組んでまいります。",
)


def citation(document: str = "d1") -> Citation:
    return Citation(number=1, document_id=document, title="会議録", locator="", quote="")


def past(text: str, level: int = 0) -> PastAnswer:
    return PastAnswer(
        day=date(2025, 12, 4),
        sitting="令和7年12月定例会",
        official="福祉部長",
        question="病児保育について",
        text=text,
        citation=citation(),
        level=level,
    )


def found(
    *texts: str, item: Item = ITEM, answers: tuple[PastAnswer, ...] = (), sources: tuple[Material, ...] = (REPORT,)
) -> list[Finding]:
    paragraphs = [Paragraph(part=AnswerPart.PRESENT, text=text) for text in texts]
    return list(check(item, paragraphs, answers, sources, rules=RULES))


@pytest.mark.parametrize(
    ("said", "draft", "difference"),
    [
        (
            "学校給食費の無償化は、国の動向を注視してまいります。",
            "学校給食費の無償化は、国の動向を注視してまいります。",
            Difference.SAME,
        ),
        ("ダムの水位計は12か所にございます。", "ダムの水位計は土砂で埋まりやすいと聞いております。", None),
    ],
)
def test_nothing_is_called_the_same_that_neither_words_nor_levels_show(
    said: str, draft: str, difference: Difference | None
) -> None:
    paragraph = Paragraph(part=AnswerPart.PRESENT, text=draft)
    assert compared_with(past(said), [paragraph], RULES.day, ladder=RULES.ladder).difference is difference


def test_a_sound_draft_passes_every_check() -> None:
    assert found(*GOOD) == []


@pytest.mark.parametrize(
    ("texts", "grid", "severity", "words"),
    [
        (GOOD[:1], Check.COVERAGE, Severity.RED, "今後の整備"),
        (
            ("病児保育につきましては、31施設で実施し、延べ6,420人に利用いただいております。", GOOD[1]),
            Check.FIGURES,
            Severity.RED,
            "6,240人",
        ),
        (
            (GOOD[0], "病児保育の施設につきましては、令和9年度末までに必ず整備してまいります。"),
            Check.COMMITMENT,
            Severity.RED,
            "必ず",
        ),
        ((*GOOD, GOOD[1]), Check.DUPLICATES, Severity.CAUTION, "2度"),
        ((*GOOD, "病児保育は、働く親の支えであります。" * 60), Check.LENGTH, Severity.CAUTION, "字ほど削って"),
    ],
)
def test_each_check_says_what_to_do(texts: tuple[str, ...], grid: Check, severity: Severity, words: str) -> None:
    matching = [each for each in found(*texts) if each.check is grid]
    assert matching
    assert matching[0].severity is severity
    assert words in matching[0].message
    assert matching[0].message.endswith("。")


def test_a_draft_that_contradicts_a_past_answer_is_red_with_both_sides() -> None:
    answer = past("病児保育の施設の整備につきましては、県として行う考えはございません。", level=7)
    (finding,) = [each for each in found(*GOOD, answers=(answer,)) if each.check is Check.CONSISTENCY]
    assert finding.severity is Severity.RED
    assert finding.paragraph == 1
    assert finding.citation == answer.citation
    assert "令和7年12月定例会の福祉部長の答弁" in finding.message
    assert len(finding.quotes) == 2


def test_a_step_forward_from_the_newest_answer_is_told() -> None:
    answer = past("病児保育の施設の整備につきましては、検討してまいります。", level=3)
    (finding,) = [each for each in found(*GOOD, answers=(answer,)) if each.check is Check.CONSISTENCY]
    assert (finding.severity, "前進" in finding.message) == (Severity.CAUTION, True)


@pytest.mark.parametrize(("stance", "level", "red"), [("慎重", 0, True), ("現状維持", 3, True), ("現状維持", 1, False)])
def test_a_draft_stronger_than_its_stance_is_red(stance: str, level: int, *, red: bool) -> None:
    item = Item(number=("1",), text=ITEM.text, stance=Stance(stance))
    answers = (past("病児保育の施設の整備に取り組みます。", level=level),) if level else ()
    assert any(each.check is Check.STRENGTH for each in found(*GOOD, item=item, answers=answers)) is red


def test_a_source_that_may_not_be_spoken_of_is_red_by_citation_and_by_figure() -> None:
    secret = Material(
        title="庁内検討資料",
        day=None,
        text="候補地は3か所、事業費は4億1,200万円。",
        level="3B",
        citation=citation("secret"),
    )
    told = found(*GOOD, "事業費は4億1,200万円を見込んでおります。", sources=(REPORT, secret))
    assert [each.paragraph for each in told if each.check is Check.LEVEL] == [2]
    cited = Paragraph(part=AnswerPart.ACTION, text=GOOD[1], citations=(citation("secret"),))
    assert any(each.check is Check.LEVEL for each in check(ITEM, [cited], (), (secret,), rules=RULES))


def test_drafts_to_the_same_question_must_agree() -> None:
    paragraphs = [Paragraph(part=AnswerPart.PRESENT, text=text) for text in GOOD]
    other = Duplicate(label="2番 問3", text="病児保育の施設の整備につきましては、研究してまいります。")
    findings = check(ITEM, paragraphs, (), (REPORT,), rules=RULES, duplicates=(other,))
    assert [each.check for each in findings] == [Check.DUPLICATES]
    assert "2番 問3" in findings[0].message


def test_white_space_is_not_read() -> None:
    assert reading_seconds("あ い\nう" * 100, 300) == 60


def test_what_an_official_said_before_word_for_word_is_no_stronger_than_before_and_contradicts_no_earlier_answer() -> (
    None
):
    as_before = Item(number=("1",), text=ITEM.text, stance=Stance.AS_BEFORE)
    newest = past(f"{GOOD[1]}病児保育の利用料の減免につきましては、検討してまいります。", level=3)
    earlier = PastAnswer(
        day=date(2024, 12, 4),
        sitting="令和6年12月定例会",
        official="福祉部長",
        question="病児保育について",
        text="病児保育の施設の整備につきましては、県として行う考えはございません。",
        citation=citation("d2"),
        level=7,
    )
    told = [
        each for each in found(GOOD[1], item=as_before, answers=(newest, earlier)) if each.check is not Check.COVERAGE
    ]
    assert not [each for each in told if each.severity is Severity.RED]
    stronger = GOOD[0], "病児保育の利用料の減免に取り組んでまいります。"
    assert Check.STRENGTH in {each.check for each in found(*stronger, item=as_before, answers=(newest,))}
    turned = [each for each in found(*GOOD, item=as_before, answers=(earlier,)) if each.check is Check.CONSISTENCY]
    assert [each.severity for each in turned] == [Severity.RED]


def test_neither_the_opening_nor_what_a_person_is_to_write_is_an_answer() -> None:
    paragraphs = [
        Paragraph(part=AnswerPart.RESTATEMENT, text="病児保育の利用の状況についてお答えいたします。"),
        Paragraph(
            part=AnswerPart.ACTION,
            text="（要確認）「病児保育の施設の今後の整備」に答える根拠がありません。",
            needs_confirming=True,
        ),
    ]
    missing = [each for each in check(ITEM, paragraphs, (), (REPORT,), rules=RULES) if each.check is Check.COVERAGE]
    assert len(missing) == 2


def test_a_source_is_read_with_the_years_of_its_own_day() -> None:
    chunk = evidence(1, "本年度の利用は、延べ6,240人でございます。", title="会議録").chunk
    said = Evidence(number=1, chunk=replace(chunk, labels={"date": "2025-12-04"}), title="会議録")
    assert Material.of(said, read=date(2026, 12, 3)).text.startswith("令和7年度の利用は")


def test_what_is_promised_beside_the_opening_is_checked_like_all_else() -> None:
    opening = Paragraph(
        part=AnswerPart.RESTATEMENT, text="病児保育についてお答えいたします。令和9年度末までに必ず整備してまいります。"
    )
    paragraphs = [opening, *(Paragraph(part=AnswerPart.PRESENT, text=text) for text in GOOD)]
    told = [each for each in check(ITEM, paragraphs, (), (REPORT,), rules=RULES) if each.check is Check.COMMITMENT]
    assert (Severity.RED, 0) in [(each.severity, each.paragraph) for each in told]
    assert not [
        each for each in check(ITEM, paragraphs[1:], (), (REPORT,), rules=RULES) if each.check is Check.COMMITMENT
    ]
