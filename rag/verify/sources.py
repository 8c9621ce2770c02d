"""A cited chunk as verification reads it: its words, figures, dates and clauses, each computed once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property

from rag.domain import SPOKEN_KINDS, Evidence
from rag.japanese.dates import DateMention, dates
from rag.japanese.numerals import Figure, figures
from rag.japanese.orders import says_orders
from rag.japanese.references import Reference, references
from rag.japanese.text import Folded, Span, find_quote, narrow, normalise, sentences
from rag.japanese.words import content_words, morphemes

_OF_OTHERS: frozenset[str] = frozenset(
    {"question", "gist", "background", "unanswered", "pair", "lines", "asked_lines", "asked_page"}
)
"""Labels of minutes with the words of who asked, or with numbers of places: figures in them do not stand in the answer."""


BEFORE_PARAGRAPH = r"(?=\s|[^\s0-9.,、。:()%年月日時分円人件名回条項号章節款目編か箇つ])"
"""Pattern of what follows the number of a 項: a space, or in some rules its text."""
_PARAGRAPH = re.compile(rf"(?m)^[ \t]*([0-9]{{1,2}}){BEFORE_PARAGRAPH}")

_AND = re.compile(r"(?<=[すんたるいだ])が、|[てで]おり、|(?<=ます)し、")
"""Where a sentence goes on with another statement."""


class Source:
    """One piece of evidence, or the question, as a source of facts."""

    def __init__(self, text: str, *, heading: str = "", evidence: Evidence | None = None) -> None:
        """Take the text that may be quoted and the heading that stands over it."""
        self.text = text
        self.heading = heading
        self.evidence = evidence

    @classmethod
    def of(cls, evidence: Evidence) -> Source:
        """Read a piece of evidence: title, locator, header and labels count as heading, but nothing that somebody else said."""
        chunk = evidence.chunk
        left_out = _OF_OTHERS if chunk.kind in SPOKEN_KINDS else frozenset[str]()
        labels = [value for name, value in chunk.labels.items() if name not in left_out]
        header = "" if chunk.labels.get("gist") else chunk.header
        return cls(chunk.text, heading="\n".join([evidence.title, chunk.locator, header, *labels]), evidence=evidence)

    @cached_property
    def trusted(self) -> Source:
        """This source without the lines that give orders to a machine: what stands there proves nothing."""
        lines = self.text.splitlines(keepends=True)
        kept = [line for line in lines if not says_orders(line)]
        whole = len(kept) == len(lines)
        return self if whole else Source("".join(kept), heading=self.heading, evidence=self.evidence)

    @cached_property
    def whole(self) -> str:
        """Heading and text in half-width, offsets not kept."""
        return narrow(f"{self.heading}\n{self.text}")

    @cached_property
    def plain(self) -> str:
        """Heading and text folded, without white space: for looking up names."""
        return "".join(normalise(f"{self.heading}\n{self.text}").split())

    @cached_property
    def words(self) -> frozenset[str]:
        """Content words of heading and text."""
        return frozenset(content_words(f"{self.heading}\n{self.text}"))

    @cached_property
    def names(self) -> str:
        """Heading and text as normalised morphemes in a row, in which names of several words are looked up."""
        return "".join(word for word, _ in morphemes(f"{self.heading}\n{self.text}")).lower()

    @cached_property
    def figures(self) -> tuple[Figure, ...]:
        """Figures of heading and text."""
        return tuple(figures(self.whole))

    @cached_property
    def dates(self) -> tuple[DateMention, ...]:
        """Dates of heading and text."""
        return tuple(dates(self.whole))

    @cached_property
    def references(self) -> tuple[Reference, ...]:
        """Clauses named in heading and text, the chunk's own among them."""
        return tuple(references(self.whole))

    @cached_property
    def own_articles(self) -> frozenset[str]:
        """Keys of the articles that this chunk is (part of)."""
        if self.evidence is None:
            return frozenset()
        chunk = self.evidence.chunk
        named = {found.article for found in references(chunk.locator) if found.article}
        return frozenset(named | ({chunk.labels["article"]} if chunk.labels.get("article") else set()))

    def holds(self, quote: str) -> bool:
        """Tell whether the quote stands in the text, width and white space aside."""
        return find_quote(quote, self.text) is not None

    def narrowed(self, quotes: Iterable[str], *, whole: bool = False) -> Source:
        """Return a source of what the quotes say alone, each to the end of its clause, or `whole`: its sentences."""
        held = [quote for quote in quotes if self.holds(quote)]
        texts = map(self._around, held) if whole else map(self._complete, held)
        return Source("。\n".join(texts), heading=self.heading, evidence=self.evidence)

    def lines(self, quotes: Iterable[str]) -> list[str]:
        """Return the quotes and the lines in which they stand: a text that was put in need not end as a sentence does."""
        found = [find_quote(quote, self.text) for quote in quotes]
        kept: list[str] = []
        for span in (each for each in found if each is not None):
            start, end = self.text.rfind("\n", 0, span.start) + 1, self.text.find("\n", span.end)
            kept += [span.of(self.text), *self.text[start : end if end >= 0 else None].splitlines()]
        return kept

    def _around(self, quote: str) -> str:
        """Return the sentences, items or rows that a quote touches."""
        found = find_quote(quote, self.text)
        if found is None:
            return quote
        touched = [span for span in self.spans if span.start < found.end and found.start < span.end]
        return "\n".join(span.of(self.text) for span in touched)

    @cached_property
    def spans(self) -> tuple[Span, ...]:
        """Sentences of the text."""
        return tuple(sentences(self.text))

    def paragraphs(self, quotes: Iterable[str]) -> frozenset[str]:
        """Return the numbers of the 項 of an article in which these quotes stand; empty outside rules."""
        if not self.own_articles or self.evidence is None:
            return frozenset()
        first = next((each.paragraph for each in references(self.evidence.chunk.locator) if each.paragraph), "1")
        flat = narrow(self.text)
        starts = [(each.start(), each[1]) for each in _PARAGRAPH.finditer(flat)] if len(flat) == len(self.text) else []
        folded = Folded(self.text)
        return frozenset(
            next((number for start, number in reversed(starts) if start <= span.start), first)
            for quote in quotes
            for span in folded.places(quote)
        )

    def _complete(self, quote: str) -> str:
        """Return the quote with the rest of its clause, so that a cut before 「しない」 hides nothing."""
        found = find_quote(quote, self.text)
        if found is None:
            return quote
        end = found.end
        while end < len(self.text) and self.text[end - 1] not in "。、" and self.text[end] not in "。、\n":
            end += 1
        return self.text[found.start : end]


def statements(text: str) -> list[str]:
    """Cut a text where a statement ends and another follows: at the ends of sentences, and behind …ますが、 and …ており、."""
    return [each for span in sentences(text) for each in _AND.split(span.of(text)) if each]


def all_words(texts: Iterable[str]) -> frozenset[str]:
    """Return the content words of several texts."""
    return frozenset(word for text in texts for word in content_words(text))
