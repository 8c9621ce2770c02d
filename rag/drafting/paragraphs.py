"""The pieces of a sheet: what an answer opens with, paragraphs of sentences, where they stand, what may be asked next."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from rag.assembly.item import AnswerPart, Drafted, DraftRequest, Item, Paragraph
from rag.assembly.sheet import FollowUp
from rag.domain import Citation, Evidence
from rag.japanese.text import find_quote, sentences

FOLLOW_UPS = 3
_ENDS = re.compile(
    r"(?:について)?(?:を問う|問う|伺う|伺います|お聞きする|尋ねる|(?:はどうか|どうか)|示されたい|考えを|見解を|所見を)?。?$"
)


def topic_of(item: Item) -> str:
    """Return what an answer says that it answers: the nearest heading without について, else what is asked, cut short."""
    heading = item.headings[-1] if item.headings else item.text
    short = _ENDS.sub("", heading.strip())
    short = re.sub(r"について$", "", short).rstrip("、。 ")
    return short if len(short) <= 40 else f"{short[:30].rstrip('、。')}など"


def follow_ups(request: DraftRequest, paragraphs: Sequence[Paragraph]) -> tuple[FollowUp, ...]:
    """Return what was asked on the topic before and is not in the answer, with what was answered then."""
    said = "".join("".join(each.text.split()) for each in paragraphs)
    found: list[FollowUp] = []
    for past in request.past:
        quote = past.citation.quote
        if not past.question or "".join(quote.split()) in said or len(found) == FOLLOW_UPS:
            continue
        found.append(FollowUp(question=past.question.rstrip("。、"), answer=quote, citations=(past.citation,)))
    return tuple(found)


def joined(kept: Iterable[tuple[Drafted, tuple[Citation, ...]]]) -> list[Paragraph]:
    """Join the sentences of each part; one that must be confirmed stands in a paragraph of its own."""
    paragraphs: list[Paragraph] = []
    for drafted, cited in sorted(kept, key=lambda each: list(AnswerPart).index(each[0].part)):
        last = paragraphs[-1] if paragraphs else None
        if last and last.part is drafted.part and last.needs_confirming == drafted.needs_confirming:
            paragraphs[-1] = replace(
                last,
                text=last.text + drafted.text,
                citations=tuple(dict.fromkeys((*last.citations, *cited))),
                changes=tuple(dict.fromkeys((*last.changes, *drafted.changes))),
            )
        else:
            paragraphs.append(
                Paragraph(
                    part=drafted.part,
                    text=drafted.text,
                    citations=cited,
                    needs_confirming=drafted.needs_confirming,
                    changes=drafted.changes,
                )
            )
    return paragraphs


def citations_of(drafted: Drafted, evidence: Sequence[Evidence]) -> tuple[Citation, ...]:
    """Return where the quotes of a sentence stand, each as it stands there."""
    return tuple(
        dict.fromkeys(
            Citation.of(item.chunk, span.of(item.chunk.text), title=item.title, number=item.number)
            for item in evidence
            if item.number in drafted.citations
            for quote in drafted.quotes
            if (span := find_quote(quote, item.chunk.text)) is not None
        )
    )


def sentence_of(quote: str, text: str) -> str:
    """Return the sentences in which a quote stands."""
    found = find_quote(quote, text)
    if found is None:
        return quote
    return "".join(span.of(text) for span in sentences(text) if span.start < found.end and found.start < span.end)
