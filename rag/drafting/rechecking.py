"""A draft that a person edited: what was written anew is held against the quotes of its paragraph."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from rag.assembly.item import AnswerPart, Paragraph
from rag.domain import Chunk, Citation, Evidence, Part, Problem, Question, Sentence
from rag.drafting.parts import part_of
from rag.japanese.text import find_quote, sentences
from rag.verify import verify

EDITED = "担当者が直しました"
CONFIRMED = "担当者が確かめました"
UNRESTED = "「{begin}」は、引用した原文で確かめられません（{problems}）。原文を見て、直すか確かめてください"
SOURCE_GONE = "引用した原文の箇所が、いまの文書にありません。原文を見て、直すか確かめてください"
WRONG: Mapping[Problem, str] = {
    Problem.UNCITED: "根拠の引用がない",
    Problem.UNKNOWN_CITATION: "引用した箇所がない",
    Problem.QUOTE_NOT_FOUND: "引用が原文にない",
    Problem.CLAUSE_NOT_IN_SOURCE: "条番号が原文にない",
    Problem.FIGURE_NOT_IN_SOURCE: "数が原文にない",
    Problem.DATE_NOT_IN_SOURCE: "日付が原文にない",
    Problem.NAME_NOT_IN_SOURCE: "名前が原文にない",
    Problem.NEGATION_FLIPPED: "肯定と否定が原文と逆",
    Problem.OBLIGATION_FLIPPED: "義務・許可が原文と違う",
    Problem.NOT_IN_FORCE: "その日に効力がない",
    Problem.UNSUPPORTED: "原文から言えることを超えている",
}
_BEGIN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """A paragraph as a person left it."""

    part: AnswerPart
    text: str
    """Empty: it was taken out."""
    before: Paragraph | None = None
    """As it was; None: it is new."""
    is_confirmed: bool = False
    """Whether the person says that it was looked at and holds."""


def edited_paragraphs(
    edited: Sequence[Edited], *, chunks_of: Callable[[str], Sequence[Chunk]], asked: Question
) -> tuple[Paragraph, ...]:
    """Return the paragraphs of an edited answer in the order of the parts, marked where a person must still confirm them."""
    left = [_rested(each, chunks_of, asked) for each in edited if each.text.strip()]
    return tuple(sorted(left, key=lambda each: list(AnswerPart).index(each.part)))


def _rested(edited: Edited, chunks_of: Callable[[str], Sequence[Chunk]], asked: Question) -> Paragraph:
    before = edited.before or Paragraph(part=edited.part, text="")
    text = edited.text.strip()
    if text == before.text:
        paragraph = before
    else:
        found, kept = _unrested(text, before, chunks_of, asked)
        told = dict.fromkeys([*(before.changes if kept else ()), EDITED, *found])
        doubtful = bool(found) or (kept and before.needs_confirming)
        paragraph = replace(before, text=text, changes=tuple(told), needs_confirming=doubtful)
    if edited.is_confirmed and paragraph.needs_confirming:
        told = dict.fromkeys([*paragraph.changes, CONFIRMED])
        return replace(paragraph, needs_confirming=False, changes=tuple(told))
    return paragraph


def _unrested(
    text: str, before: Paragraph, chunks_of: Callable[[str], Sequence[Chunk]], asked: Question
) -> tuple[list[str], bool]:
    """Say which new sentences the quotes of a paragraph do not carry, and whether any old sentence is left."""
    old = {span.of(before.text).strip() for span in sentences(before.text)}
    said = [span.of(text).strip() for span in sentences(text)]
    new = [each for each in said if each and each not in old]
    if before.part is AnswerPart.RESTATEMENT and not before.citations:  # how an answer opens rests on nothing
        new = [each for each in new if part_of(each) is not AnswerPart.RESTATEMENT]
    evidence = list(_evidence(before.citations, chunks_of))
    lost = [SOURCE_GONE] if len(evidence) < len(before.citations) else []
    quotes = tuple(each.quote for each in before.citations if each.quote)
    drafted = [
        Sentence(part=Part.BASIS, text=each, citations=tuple(one.number for one in evidence), quotes=quotes)
        for each in new
    ]
    wrong = [
        UNRESTED.format(begin=_begin(each.text), problems="、".join(WRONG[problem] for problem in each.problems))
        for each in verify(drafted, evidence, asked)
        if not each.verified
    ]
    return [*lost, *wrong], bool(old & set(said))


def _evidence(citations: Sequence[Citation], chunks_of: Callable[[str], Sequence[Chunk]]) -> Iterator[Evidence]:
    """Yield the chunks that citations quote, numbered from 1; without those that are there no longer."""
    number = 0
    for citation in citations:
        chunks = chunks_of(citation.document_id)
        own = next((each for each in chunks if each.id == citation.chunk_id), None) or next(
            (each for each in chunks if find_quote(citation.quote, each.text) is not None), None
        )
        if own is not None:
            number += 1
            yield Evidence(number=number, chunk=own, title=citation.title)


def _begin(text: str) -> str:
    return text if len(text) <= _BEGIN else f"{text[:_BEGIN]}…"
