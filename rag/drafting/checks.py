"""The grid of a draft: every check that staff make by hand, each finding with what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from rag.assembly.item import TO_WRITE, Check, Finding, Item, Paragraph, PastAnswer, Severity, Stance
from rag.drafting.consistency import Relation, RelationKind, compare
from rag.drafting.coverage import coverage, sub_questions
from rag.drafting.figure_check import FigureFault, FigureProblem, FigureSource, check_figures
from rag.drafting.figure_reading import placed_figures
from rag.drafting.ladder import LEVELS
from rag.drafting.material import Duplicate, Material, Rules
from rag.drafting.parts import matter_of
from rag.drafting.promises import PromiseKind, promises, strongest_allowed
from rag.drafting.years import in_own_years
from rag.japanese.alike import wording
from rag.japanese.text import find_quote, narrow, sentences

__all__ = ["check", "reading_seconds"]

LONGEST_QUOTE = 60
"""Characters of a question or a sentence that a message shows."""
SHORTEST_REPEATED = 20
"""Characters of a sentence below which saying it twice is no repetition."""


def check(
    item: Item,
    paragraphs: Sequence[Paragraph],
    past: Sequence[PastAnswer],
    sources: Sequence[Material],
    *,
    rules: Rules,
    duplicates: Sequence[Duplicate] = (),
) -> tuple[Finding, ...]:
    """Return what the checks of a draft find, in the order of the grid; a check without findings is passed."""
    draft = _Draft(item=item, paragraphs=paragraphs, past=_newest_first(past), sources=sources, rules=rules)
    found = (
        *_coverage(draft),
        *_consistency(draft),
        *_figures(draft),
        *_strength(draft),
        *_commitment(draft),
        *_length(draft),
        *_duplicates(draft, duplicates),
        *_levels(draft),
    )
    return tuple({(each.check, each.message, each.paragraph): each for each in found}.values())


def reading_seconds(text: str, characters_a_minute: int) -> int:
    """Return how long a text takes to be read aloud, white space aside."""
    return round(len("".join(text.split())) * 60 / characters_a_minute)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Draft:
    """A draft with all that it is checked against."""

    item: Item
    paragraphs: Sequence[Paragraph]
    past: Sequence[PastAnswer]
    """The newest first."""
    sources: Sequence[Material]
    rules: Rules

    @property
    def text(self) -> str:
        """What is said of the matter: not how the answer opens, nor what only tells a person to write."""
        return "\n".join(said for each in self.paragraphs if _says(each) and (said := matter_of(each)))

    def not_said_since(self, answer: PastAnswer) -> str:
        """Return the sentences of the draft that stand in no past answer of the day of this one or later."""
        day = self.rules.day
        said = "".join(
            _plain(in_own_years(each.text, each.day, day)[0] if each.day and day else each.text)
            for each in self.past
            if (each.day or date.min) >= (answer.day or date.min)
        )
        return "".join(text for span in sentences(self.text) if _plain(text := span.of(self.text)) not in said)

    def was_said(self, sentence: str) -> bool:
        """Tell whether an official said a sentence before, word for word."""
        return any(_plain(sentence) in _plain(each.text) for each in self.past)

    def place(self, sentence: str) -> int | None:
        """Return the paragraph in which a sentence stands; None: in none as it is."""
        return next((at for at, each in enumerate(self.paragraphs) if find_quote(sentence, each.text)), None)


def _says(paragraph: Paragraph) -> bool:
    return bool(paragraph.citations) or not paragraph.text.startswith(TO_WRITE)


def _plain(text: str) -> str:
    return "".join(narrow(text).split())


def _newest_first(past: Sequence[PastAnswer]) -> list[PastAnswer]:
    return sorted(past, key=lambda each: each.day or date.min, reverse=True)


def _coverage(draft: _Draft) -> Iterator[Finding]:
    questions = sub_questions(draft.item.text)
    found = coverage(
        questions,
        [each.text if _says(each) else "" for each in draft.paragraphs],
        synonyms=draft.rules.synonyms,
        meaning=draft.rules.meaning,
    )
    for question, covered in zip(questions, found, strict=True):
        if not covered.answered_by:
            told = (
                f"「{_short(question)}」に触れていますが、問われた「{covered.wants}」に答える文が見つかりません。"
                if covered.touched_by
                else f"「{_short(question)}」に答える段落が見つかりません。"
            )
            yield Finding(
                check=Check.COVERAGE,
                severity=Severity.RED,
                message=f"{told}答えを書き足すか、どの段落で答えているかを確かめてください。",
                paragraph=covered.touched_by[0] if covered.touched_by else None,
                quotes=(question,),
            )


def _consistency(draft: _Draft) -> Iterator[Finding]:
    is_newest = True
    for answer in draft.past:
        found = compare(answer.text, draft.text, answer.day, draft.rules.day, ladder=draft.rules.ladder)
        if found.kind is RelationKind.CONTRADICTION:  # what was said since then, word for word, is no new contradiction
            own = draft.not_said_since(answer)
            found = compare(answer.text, own, answer.day, draft.rules.day, ladder=draft.rules.ladder)
        if found.kind is RelationKind.UNRELATED:
            continue
        if found.kind is RelationKind.CONTRADICTION:
            yield _related(
                draft, answer, found, Severity.RED, "食い違います。答弁を直すか、変わった理由を書いてください"
            )
        elif is_newest and found.kind is RelationKind.FORWARD:
            yield _related(
                draft, answer, found, Severity.CAUTION, "前進した答えです。関係課と協議し、理由を添えてください"
            )
        elif is_newest and found.kind is RelationKind.BACK:
            yield _related(
                draft, answer, found, Severity.CAUTION, "後退した答えです。そのままでよいかを確かめてください"
            )
        is_newest = False


def _related(draft: _Draft, answer: PastAnswer, found: Relation, severity: Severity, remedy: str) -> Finding:
    said = f"{answer.sitting}の{answer.official}の答弁" if answer.official else f"{answer.sitting}の答弁"
    return Finding(
        check=Check.CONSISTENCY,
        severity=severity,
        message=f"{said}と比べ（{found.reason}）、{remedy}。",
        paragraph=draft.place(found.quotes[0]) if found.quotes else None,
        quotes=found.quotes,
        citation=answer.citation,
    )


_FAULTS: dict[FigureFault, Callable[[FigureProblem], str]] = {
    FigureFault.STALE: lambda each: (
        f"「{each.words}」は古い値です。新しい資料の「{each.right}」に改めるか、時点を書いてください。"
    ),
    FigureFault.UNIT: lambda each: f"「{each.words}」は単位か桁が資料と異なります。「{each.right}」に直してください。",
    FigureFault.SUM: lambda each: f"「{each.words}」は計算が合いません。「{each.right}」ではないかを確かめてください。",
    FigureFault.DIGIT: lambda each: (
        f"「{each.words}」は資料の「{each.right}」と異なります。どちらが正しいかを確かめてください。"
        if each.right
        else f"「{each.words}」は資料のどこにもない日付です。資料に当たって確かめてください。"
    ),
    FigureFault.UNKNOWN: lambda each: f"「{each.words}」の出典が見つかりません。資料を添えるか、値を確かめてください。",
}


def _figures(draft: _Draft) -> Iterator[Finding]:
    materials = {FigureSource(title=each.title, day=each.day, text=each.text): each.citation for each in draft.sources}
    answers = {FigureSource(title=each.sitting, day=each.day, text=each.text): each.citation for each in draft.past}
    known = answers | materials
    for problem in check_figures(draft.text, list(known), day=draft.rules.day):
        yield Finding(
            check=Check.FIGURES,
            severity=Severity.CAUTION if problem.fault is FigureFault.UNKNOWN else Severity.RED,
            message=_FAULTS[problem.fault](problem),
            paragraph=draft.place(problem.sentence),
            quotes=(problem.sentence, problem.quote) if problem.quote else (problem.sentence,),
            citation=known.get(problem.source) if problem.source else None,
        )


def _strength(draft: _Draft) -> Iterator[Finding]:
    newest = next((each.level for each in draft.past if each.level), 0)
    allowed = strongest_allowed(draft.item.stance, newest)
    for each in draft.rules.ladder.readings(draft.text):
        keeps = draft.item.stance is Stance.AS_BEFORE and draft.was_said(each.sentence)
        if draft.item.stance is not None and 0 < each.level < allowed and not keeps:
            yield Finding(
                check=Check.STRENGTH,
                severity=Severity.RED,
                message=(
                    f"「{LEVELS[each.level]}」の言い回しで、方針「{draft.item.stance}」で言える「{LEVELS[allowed]}」より強い約束です。"
                    "言い回しを弱めるか、方針を確かめてください。"
                ),
                paragraph=draft.place(each.sentence),
                quotes=(each.sentence,),
            )


def _commitment(draft: _Draft) -> Iterator[Finding]:
    grounds = "\n".join([*(each.text for each in draft.sources), *(each.text for each in draft.past)])
    for each in promises(draft.text, draft.rules.ladder):
        is_grounded = find_quote(each.words, grounds) is not None
        severity = Severity.RED if each.kind is PromiseKind.ABSOLUTE else Severity.CAUTION
        remedy = (
            "資料にある約束ですが、この場で述べてよいかを確かめてください"
            if is_grounded
            else "決まったことかを確かめ、そうでなければ外してください"
        )
        yield Finding(
            check=Check.COMMITMENT,
            severity=Severity.NOTE if is_grounded else severity,
            message=f"「{each.words}」は{each.kind}を約束する言い方です。{remedy}。",
            paragraph=draft.place(each.sentence),
            quotes=(each.sentence,),
        )


def _length(draft: _Draft) -> Iterator[Finding]:
    rules = draft.rules
    characters, seconds = len("".join(draft.text.split())), reading_seconds(draft.text, rules.characters_a_minute)
    most = round(rules.minutes * rules.characters_a_minute)
    if characters > most:
        yield Finding(
            check=Check.LENGTH,
            severity=Severity.CAUTION,
            message=(
                f"読み上げに{seconds // 60}分{seconds % 60:02}秒（{characters:,}字）かかり、"
                f"目安の{rules.minutes:g}分を超えます。{characters - most:,}字ほど削ってください。"
            ),
        )


def _duplicates(draft: _Draft, duplicates: Sequence[Duplicate]) -> Iterator[Finding]:
    said = [
        (at, span.of(each.text).strip())
        for at, each in enumerate(draft.paragraphs)
        for span in sentences(each.text)
        if len(span.of(each.text).strip()) >= SHORTEST_REPEATED
    ]
    for (_, one), (at, other) in combinations(said, 2):
        if wording(one) == wording(other):
            yield Finding(
                check=Check.DUPLICATES,
                severity=Severity.CAUTION,
                message=f"「{_short(other)}」を2度述べています。一方を削ってください。",
                paragraph=at,
                quotes=(other, one),
            )
    for each in duplicates:
        found = compare(each.text, draft.text, draft.rules.day, draft.rules.day, ladder=draft.rules.ladder)
        if found.kind in (RelationKind.CONTRADICTION, RelationKind.FORWARD, RelationKind.BACK):
            yield Finding(
                check=Check.DUPLICATES,
                severity=Severity.RED,
                message=f"同じことを尋ねる{each.label}への答えとそろっていません（{found.reason}）。どちらかに合わせてください。",
                paragraph=draft.place(found.quotes[0]),
                quotes=found.quotes,
            )


def _levels(draft: _Draft) -> Iterator[Finding]:
    """Yield the paragraphs that rest on what may not be spoken of in public: by what they cite, or by a figure that stands only there."""
    kept = [each for each in draft.sources if each.level not in draft.rules.spoken_levels]
    spoken = [each.text for each in draft.sources if each not in kept] + [each.text for each in draft.past]
    public = {(figure.value, figure.unit) for text in spoken for figure in placed_figures(text)}
    for at, paragraph in enumerate(draft.paragraphs):
        cited = {each.document_id for each in paragraph.citations}
        told = {(each.value, each.unit) for each in placed_figures(paragraph.text) if len(each.digits) > 1} - public
        for source in kept:
            is_cited = source.citation is not None and source.citation.document_id in cited
            if is_cited or told & {(each.value, each.unit) for each in placed_figures(source.text)}:
                yield Finding(
                    check=Check.LEVEL,
                    severity=Severity.RED,
                    message=(
                        f"「{source.title}」（{f'区分 {source.level}' if source.level else '区分なし'}）は議場で述べられない資料です。"
                        "公表された資料に替えるか、この記述を外してください。"
                    ),
                    paragraph=at,
                    quotes=(paragraph.text,),
                    citation=source.citation,
                )


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_QUOTE else text[:LONGEST_QUOTE] + "…"
