"""The end of an answer: numbered quotes, whom to ask, which version, the nearest documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from rag.assistant.days import told_version
from rag.domain import (
    Citation,
    DocumentRecord,
    Evidence,
    Hit,
    Kind,
    Nearest,
    Office,
    Part,
    Question,
    SearchResult,
    Sentence,
)
from rag.japanese.text import find_quote
from rag.verify import contact_line

NEAREST_COUNT = 3
NO_START = "施行日が台帳にない資料: {titles}。所管課に確かめてください。"


@dataclass(slots=True)
class Ledger:
    """Numbers quotes in the order in which they are shown: one number for one quote of one chunk."""

    evidence: tuple[Evidence, ...]
    citations: list[Citation] = field(default_factory=list)
    used: set[int] = field(default_factory=set)
    """Numbers of the evidence that is cited."""
    done: dict[int, Sentence] = field(default_factory=dict)

    def number(self, sentence: Sentence) -> Sentence:
        """Return the sentence with the numbers of its citations as shown; the same sentence gets the same numbers."""
        if id(sentence) not in self.done:
            numbers = [self._cite(number, quote) for number in sentence.citations for quote in sentence.quotes]
            shown = tuple(dict.fromkeys(number for number in numbers if number))
            self.done[id(sentence)] = replace(sentence, citations=shown)
        return self.done[id(sentence)]

    def _cite(self, number: int, quote: str) -> int:
        """Return the number shown for a quote of this evidence, 0 where the quote stands in another one."""
        item = next(one for one in self.evidence if one.number == number)
        found = find_quote(quote, item.chunk.text)
        if found is None:
            return 0
        self.used.add(number)
        original = found.of(item.chunk.text)
        for citation in self.citations:
            if (citation.chunk_id, citation.quote) == (item.chunk.id, original):
                return citation.number
        number = len(self.citations) + 1
        self.citations.append(Citation.of(item.chunk, original, title=item.title, number=number))
        return len(self.citations)


def closing(
    cited: Sequence[Evidence],
    office: Office | None,
    question: Question,
    chains: Mapping[str, Sequence[DocumentRecord]],
) -> list[Sentence]:
    """Write the two parts that never come from a writer; `chains` tell of a rule with several versions when each of them holds."""
    lines = [Sentence(part=Part.CONTACT, text=contact_line(office), verified=True)] if office else []
    day = question.as_of.isoformat()
    dated = [item for item in cited if item.chunk.kind is Kind.RULES and item.chunk.period.start]
    rules = dict.fromkeys(told_version(item, chains[item.chunk.document_id]) for item in dated)
    text = f"{day} 現在の施行版（{'、'.join(rules)}）" if rules else f"{day} 現在の資料"
    unsure = dict.fromkeys(
        item.title for item in cited if item.chunk.kind is Kind.RULES and not item.chunk.period.start
    )
    if unsure:
        text += "／" + NO_START.format(titles="、".join(unsure))
    return [*lines, Sentence(part=Part.AS_OF, text=text, verified=True)]


def nearest(result: SearchResult, question: Question) -> tuple[Nearest, ...]:
    """Name the best place of each of the nearest documents."""
    places: dict[str, Nearest] = {}
    hits: Sequence[Hit] = [*result.hits, *result.near_misses]
    for hit in sorted(hits, key=lambda one: -one.score):
        chunk = hit.chunk
        if chunk.period.contains(question.as_of):
            places.setdefault(
                chunk.document_id,
                Nearest(document_id=chunk.document_id, title=hit.title, locator=chunk.locator, chunk_id=chunk.id),
            )
    return tuple(places.values())[:NEAREST_COUNT]
