"""The writer without a language model: an answer composed of nothing but quotes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from rag.domain import Evidence, Kind, Part, Question, Sentence
from rag.extractive.units import Unit, row_cells
from rag.extractive.wanted import Wanted, is_exception, is_spoken, is_step, points_to
from rag.extractive.weighing import asks, weigh
from rag.japanese.references import references
from rag.japanese.synonyms import Synonyms
from rag.japanese.text import normalise, sentences
from rag.japanese.words import content_words

NAME = "extractive"
CONCLUSION_CHARACTERS = 80
LEAST_SCORE = 0.5
"""Under this, no sentence is about the question, and nothing is written, unless the question names the article."""
SECOND_SHARE = 0.93
"""A second basis needs this share of the first one's score …"""
OTHER_SHARE = 0.55
"""… one that shows something else, this one …"""
NAMED_SHARE = 0.25
"""… and one of the article that an FAQ names as its basis, this one."""
RELATED_SHARE = 0.7
"""A procedure or an exception of another article needs this share of the question's words that the conclusion has."""
BASIS_CHARACTERS = 200
"""A longer quote is shortened where it is shown; the citation keeps it whole."""
PROCEDURE_COUNT, EXCEPTIONS_COUNT = 3, 2
LEAST_SAID = 0.3
"""… and this share of them in the sentence itself."""
_BRACKETS = re.compile(r"（[^（）]*(?:（[^（）]*）[^（）]*)*）")


class ExtractiveWriter:
    """Implements ChatModel with quotes alone; its sentences pass verification by construction."""

    def __init__(self, synonyms: Synonyms) -> None:
        """Take the everyday phrases that official words may stand for."""
        self._synonyms = synonyms

    @property
    def name(self) -> str:
        """Name the writer as it is shown with the answer."""
        return NAME

    @property
    def prompt(self) -> str:
        """Return an empty digest: no prompt is used."""
        return ""

    def write(self, question: Question, evidence: Sequence[Evidence]) -> Iterator[Sentence]:
        """Yield conclusion, basis, procedure and exceptions; nothing when no sentence is about the question."""
        wanted = Wanted.read(question.text)
        ranked = weigh(question.text, evidence, wanted, self._synonyms.find(question.text))
        if not ranked or (ranked[0].score < LEAST_SCORE and not wanted.names_article(ranked[0].evidence)):
            return
        best = next((unit for unit in ranked if wanted.question or not asks(unit)), ranked[0])
        if (asks(best) and not wanted.question) or best.score < LEAST_SCORE / 2:
            return
        yield _conclude(best, wanted, question.text)
        basis = _choose_basis(best, ranked)
        yield from (_found(unit) for unit in basis)
        used = [best, *basis]
        steps = _pick(ranked, used, is_step, count=PROCEDURE_COUNT)
        yield from (_quote(Part.PROCEDURE, unit) for unit in steps)
        limits = _pick(ranked, [*used, *steps], is_exception, count=EXCEPTIONS_COUNT)
        yield from (_quote(Part.EXCEPTIONS, unit) for unit in limits)

    def repair(
        self, question: Question, evidence: Sequence[Evidence], failed: Sequence[Sentence]
    ) -> Iterator[Sentence]:
        """Yield nothing: a quote that fails has no better wording."""
        del question, evidence, failed
        return iter(())


def _conclude(unit: Unit, wanted: Wanted, question: str) -> Sentence:
    asked = set(content_words(question))

    def weight(clause: str) -> float:
        return wanted.fitness(clause) + len(set(content_words(clause)) & asked) / (1 + len(asked))

    text, quotes = _said(unit, CONCLUSION_CHARACTERS, weight=weight)
    return Sentence(part=Part.CONCLUSION, text=text, citations=(unit.evidence.number,), quotes=quotes)


def _found(unit: Unit) -> Sentence:
    """Write where it stands, since when, and the whole sentence."""
    chunk = unit.evidence.chunk
    title, locator = unit.evidence.title, chunk.locator
    place = locator if normalise(locator).startswith(normalise(title)) else f"{title} {locator}"
    if chunk.kind is Kind.RULES and chunk.period.start:
        place += f"（{chunk.period.start.isoformat()}施行）"
    quotes = (unit.lead, unit.text) if unit.lead else (_remark(unit) if is_spoken(chunk) else unit.text,)
    text = place + "".join(f"「{_flat(shorten(quote, BASIS_CHARACTERS))}」" for quote in quotes)
    return Sentence(part=Part.BASIS, text=text, citations=(unit.evidence.number,), quotes=quotes)


def _remark(unit: Unit) -> str:
    """Return the sentence with what was said after and before it, as far as BASIS_CHARACTERS reach, word for word."""
    text = unit.evidence.chunk.text
    spans = sentences(text)
    middle = next((place for place, span in enumerate(spans) if unit.text in span.of(text)), None)
    if middle is None:
        return unit.text
    first = last = middle
    grown = True
    while grown:
        grown = False
        for start, end in ((first, last + 1), (first - 1, last)):
            if start >= 0 and end < len(spans) and spans[end].end - spans[start].start <= BASIS_CHARACTERS:
                first, last, grown = start, end, True
                break
    return text[spans[first].start : spans[last].end]


def _quote(part: Part, unit: Unit) -> Sentence:
    text, quotes = _said(unit, 10_000)
    return Sentence(part=part, text=text, citations=(unit.evidence.number,), quotes=quotes)


def _said(unit: Unit, limit: int, *, weight: Callable[[str], float] = len) -> tuple[str, tuple[str, ...]]:
    """Return what is shown, at most `limit` characters, and the quotes that it is taken from."""
    if unit.cells:
        return _row(unit, limit)
    if is_spoken(unit.evidence.chunk):
        speaker = _speaker(unit.evidence)
        return f"{speaker}「{_flat(shorten(unit.text, limit - len(speaker) - 2, weight=weight))}」", (unit.text,)
    return _flat(shorten(unit.text, limit, weight=weight)), (unit.text,)


def _row(unit: Unit, limit: int) -> tuple[str, tuple[str, ...]]:
    """Set the headings of a table before the cells of one row."""
    cells, heads = unit.cells, row_cells(unit.lead)
    if len(heads) == len(cells):
        text = "、".join(f"{head}：{cell}" for head, cell in zip(heads, cells, strict=True))
        if len(text) <= limit:
            return text, (unit.lead, unit.text)
    return shorten("　".join(cells), limit), (unit.text,)


def _speaker(evidence: Evidence) -> str:
    speaker, post = evidence.chunk.labels.get("speaker", ""), evidence.chunk.labels.get("post", "")
    if speaker and post and post not in speaker:
        return f"{post}（{speaker}）"
    return speaker or post


def _flat(text: str) -> str:
    """Join lines that a converter broke; blanks between words, and between the lines of a list, stay."""
    return re.sub(r"[ 　]*\n[ 　]*", "", re.sub(r"(?<=[）)」』])[ 　]*\n[ 　]*", "　", text))


def shorten(text: str, limit: int, *, weight: Callable[[str], float] = len) -> str:
    """Return the text in at most `limit` characters, whole clauses only: the last one, which says yes or no, always stays.

    Words in brackets go first; then the clauses of least weight; each gap is marked by ….
    """
    if len(text) <= limit:
        return text
    text = _BRACKETS.sub("…", text)
    clauses = re.findall(r"[^、]*、|[^、]+$", text)
    kept = {len(clauses) - 1}
    for index in sorted(range(len(clauses) - 1), key=lambda one: (-weight(clauses[one]), -one)):
        if len(_joined(clauses, kept | {index})) <= limit:
            kept.add(index)
    short = _joined(clauses, kept)
    while len(short) > limit:
        found = re.search("[はがをにてで]", short[2:])
        short = f"…{short[2 + found.end() :]}" if found else f"…{short[1 - limit :]}"
    return short


def _joined(clauses: Sequence[str], kept: set[int]) -> str:
    """Join the kept clauses in order, … for every gap."""
    parts = [clauses[index] if index in kept else "…" for index in range(len(clauses))]
    return re.sub("…+", "…", "".join(parts))


def _choose_basis(best: Unit, ranked: Sequence[Unit]) -> list[Unit]:
    """Take the sentence of the conclusion, and the next best from other evidence; a rule goes before what explains it."""
    named = references(best.evidence.chunk.labels.get("basis", ""))
    fitting: list[Unit] = []
    for unit in ranked[1:]:
        if unit.evidence.number == best.evidence.number or not _is_stated(unit):
            continue
        share = NAMED_SHARE if any(points_to(one, unit.evidence) for one in named) else None
        share = share or (OTHER_SHARE if _adds(unit, best) else SECOND_SHARE)
        if unit.score >= share * best.score:
            fitting.append(unit)
    second = next((unit for unit in fitting if _adds(unit, best)), next(iter(fitting), None))
    chosen = [best] if second is None else [best, second]
    return sorted(chosen, key=lambda unit: unit.evidence.chunk.kind is not Kind.RULES)


def _adds(unit: Unit, best: Unit) -> bool:
    """Tell whether a second basis shows something else: the rule behind an explanation, the same speaker at another time."""
    mine, first = unit.evidence.chunk, best.evidence.chunk
    if mine.kind is Kind.RULES:
        return first.kind is not Kind.RULES
    return is_spoken(mine) and is_spoken(first) and mine.labels.get("post") == first.labels.get("post")


def _pick(ranked: Sequence[Unit], used: Sequence[Unit], fits: Callable[[str], bool], *, count: int) -> list[Unit]:
    """Take what fits from the articles of the conclusion, or else from its documents what is nearly as much about it."""
    least = RELATED_SHARE * ranked[0].covered
    taken: list[Unit] = []
    for unit in ranked:
        if is_spoken(unit.evidence.chunk) or not _is_whole(unit) or asks(unit) or not fits(unit.text):
            continue
        beside = any(_same_article(unit, other) for other in used[:1])
        repeated = any(unit.text in other.text or other.text in unit.text for other in [*used, *taken])
        near = _same_place(unit, used) and unit.covered >= least and unit.said >= LEAST_SAID
        if not repeated and (near or (beside and unit.covered >= least / 2)):
            taken.append(unit)
        if len(taken) == count:
            break
    return sorted(taken, key=lambda unit: (unit.evidence.number, unit.ordinal))


def _same_place(unit: Unit, used: Sequence[Unit]) -> bool:
    """Tell whether a unit stands in a document that the answer rests on; of an FAQ, in the same answer."""
    mine = unit.evidence.chunk
    return any(
        mine.id == other.evidence.chunk.id
        or (mine.kind is not Kind.FAQ and mine.document_id == other.evidence.chunk.document_id)
        for other in used
    )


def _is_stated(unit: Unit) -> bool:
    """Tell whether a unit states something: a row or a sentence that does not ask."""
    return bool(unit.cells) or not asks(unit)


def _is_whole(unit: Unit) -> bool:
    """Tell whether a unit can stand alone: a sentence, no row, no heading, no opening of a list."""
    return not unit.cells and not unit.lead and unit.text.endswith(("。", "こと"))


def _same_article(unit: Unit, other: Unit) -> bool:
    mine, theirs = unit.evidence.chunk, other.evidence.chunk
    if mine.document_id != theirs.document_id:
        return False
    return mine.locator == theirs.locator or mine.labels.get("article", "-") == theirs.labels.get("article", "+")
