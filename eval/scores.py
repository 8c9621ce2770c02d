"""One answer judged against what its case expects; pure, and the same verdict for the same answer."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence

from eval.cases import Element, Expectation
from eval.results import DECLINED, PASSED, STATUS, VERSION, Score
from rag.domain import Answer, DocumentRecord
from rag.japanese.text import normalise
from rag.verify import CITED_PARTS

SHOWN_CHARACTERS = 120
QUOTES, QUOTED_CHARACTERS = 2, 160
"""A gold span must stand in so many quotes, the first ones, and in so many of their characters."""

NOT_JUDGED = "判定の対象ではありません。"
MET = "期待どおりです。"
ALL_MET = "すべて期待どおりです。"
SHOULD_ANSWER = "答えるはずの問いで、答えませんでした（{status}）。"
SHOULD_DECLINE = "断るはずの問いに、答えました（{status}）。"
MISSING = {
    "documents": "出典にない文書: {missing}。",
    "locators": "出典にない条項: {missing}。",
    "points": "答えにも引用にもない要点: {missing}。",
}
OTHER_OFFICE = "問い合わせ先が「{office}」で始まりません。"
UNVERIFIED = "原文で確かめられていない文が{count}文あります。"
NO_SPAN = f"はじめの{QUOTES}つの引用（合わせて{QUOTED_CHARACTERS}字まで）に、正解の語句がありません。"
SUPERSEDED = "その日に施行されていない版を引いています: {documents}。"
NOTHING_CITED = "出典がありません。"
OR = " または "

_NUMERAL = "0-9〇一二三四五六七八九十百千"
_GOES_ON = re.compile(f"[のノ][{_NUMERAL}]")
_IS_NUMERAL = re.compile(f"[{_NUMERAL}]")

RecordOf = Callable[[str], DocumentRecord]
"""Document id → its record in the catalogue."""


def judge(answer: Answer, expect: Expectation, record_of: RecordOf) -> dict[str, Score]:
    """Return every score by name, `passed` last; raises NotFoundError for a cited document that is gone."""
    records = {citation.document_id: record_of(citation.document_id) for citation in answer.citations}
    names = [(document, _nfc(record.path)) for document, record in records.items()]
    locators = [citation.locator for citation in answer.citations]
    texts = [sentence.text for sentence in answer.sentences]
    said = [*texts, *(citation.quote for citation in answer.citations)]
    scores = {
        STATUS: _status(answer, expect),
        "documents": _share(
            "documents",
            expect.documents,
            lambda one: any(_nfc(one) in name for name in names),
            (path for _, path in names),
        ),
        "locators": _share(
            "locators", expect.locators, lambda one: any(begins(locator, one) for locator in locators), locators
        ),
        "points": _share("points", expect.points, lambda one: any(says(text, one) for text in said), texts),
        "office": _office(answer, expect.office),
        "verified": _verified(answer),
    }
    if expect.spans:
        scores["span"] = _span(answer, expect.spans)
    if expect.dated:
        scores[VERSION] = _version(answer, records)
    return {**scores, PASSED: conclude(scores)}


def conclude(scores: Mapping[str, Score]) -> Score:
    """Return `passed`: 1 when every judged score is 1, explained by those that are not."""
    short = [score for score in scores.values() if score.value is not None and score.value < 1]
    return Score(
        value=float(not short),
        answer=scores[STATUS].answer,
        explanation="".join(score.explanation for score in short) or ALL_MET,
    )


def begins(locator: str, wanted: str) -> bool:
    """Tell whether a locator begins with another one that ends where its number ends: 第16条第1項 with 第16条, not 第1."""
    whole, start = fold(locator), fold(wanted)
    if not whole.startswith(start):
        return False
    rest = whole[len(start) :]
    if _GOES_ON.match(rest):
        return False
    return not (_IS_NUMERAL.match(rest) and _IS_NUMERAL.match(start[-1:]))


def says(text: str, point: str) -> bool:
    """Tell whether a point stands in a text, width, case and white space aside; its numbers must be whole: 5日 is not in 15日."""
    wanted = fold(point)
    before = f"(?<![{_NUMERAL}])(?<![0-9][.,])" if _IS_NUMERAL.match(wanted) else ""
    after = f"(?![{_NUMERAL}])" if _IS_NUMERAL.match(wanted[-1:]) else ""
    pattern = before + r"\s*".join(map(re.escape, wanted)) + after
    return re.search(pattern, normalise(text)) is not None


def fold(text: str) -> str:
    """Fold width, case, dashes and white space away, for comparison."""
    return "".join(normalise(text).split())


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _status(answer: Answer, expect: Expectation) -> Score:
    if (answer.status in DECLINED) == expect.decline:
        return Score(value=1.0, answer=answer.status.value, explanation=MET)
    explanation = (SHOULD_DECLINE if expect.decline else SHOULD_ANSWER).format(status=answer.status.value)
    return Score(value=0.0, answer=answer.status.value, explanation=explanation)


def _share(name: str, elements: Sequence[Element], meets: Callable[[str], bool], shown: Iterable[str]) -> Score:
    """Score the share of the elements of which one alternative meets."""
    answer = _short("、".join(dict.fromkeys(shown)))
    if not elements:
        return Score(value=None, answer=answer, explanation=NOT_JUDGED)
    missing = [OR.join(element) for element in elements if not any(map(meets, element))]
    explanation = MISSING[name].format(missing="、".join(missing)) if missing else MET
    return Score(value=1 - len(missing) / len(elements), answer=answer, explanation=explanation)


def _office(answer: Answer, wanted: str) -> Score:
    department = answer.contact.department if answer.contact else ""
    if not wanted:
        return Score(value=None, answer=department, explanation=NOT_JUDGED)
    met = fold(department).startswith(tuple(map(fold, wanted.split("|"))))
    return Score(
        value=float(met),
        answer=department,
        explanation=MET if met else OTHER_OFFICE.format(office=wanted.replace("|", "」か「")),
    )


def _verified(answer: Answer) -> Score:
    shown = [sentence for sentence in answer.sentences if sentence.part in CITED_PARTS]
    if not shown:
        return Score(value=None, answer="", explanation=NOT_JUDGED)
    bad = [sentence.text for sentence in shown if not sentence.verified]
    explanation = UNVERIFIED.format(count=len(bad)) if bad else MET
    return Score(value=1 - len(bad) / len(shown), answer=_short("".join(bad)), explanation=explanation)


def _span(answer: Answer, spans: Element) -> Score:
    """Look for a gold span in what a reader is shown first: the beginning of the first quotes."""
    left, shown = QUOTED_CHARACTERS, []
    for citation in sorted(answer.citations, key=lambda each: each.number)[:QUOTES]:
        shown.append(citation.quote[:left])
        left -= len(shown[-1])
    met = any(fold(span) in fold(quote) for span in spans for quote in shown)
    return Score(value=float(met), answer=_short("／".join(shown)), explanation=MET if met else NO_SPAN)


def _version(answer: Answer, records: Mapping[str, DocumentRecord]) -> Score:
    """Score the share of the cited documents that are in force on the day, by the dates of the catalogue."""
    if not records:
        return Score(value=None, answer="", explanation=NOTHING_CITED)
    past = [record.path for record in records.values() if not record.period.contains(answer.as_of)]
    return Score(
        value=1 - len(past) / len(records),
        answer=_short("、".join(record.path for record in records.values())),
        explanation=SUPERSEDED.format(documents="、".join(past)) if past else MET,
    )


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHOWN_CHARACTERS else line[: SHOWN_CHARACTERS - 1] + "…"
