"""Hits to numbered evidence inside the token budget, each clause with what makes it readable."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from rag.domain import Chunk, DocumentRecord, Evidence, Hit, Kind, Surrounding
from rag.tokens import count_tokens

SAME_SHARE = 0.9
"""Two texts with the same figures that share this much of their character pairs are one."""
DOCUMENT_SHARE = 0.6
"""At most this share of the evidence comes from one document while others wait: a long FAQ would push out the rule."""
CONTEXT_SHARE = 0.25
"""At most this share of the budget goes into context, so that it never pushes out a hit."""
CONTEXT_EACH = 800
"""Tokens of context for one piece of evidence, at most."""

_FIGURES = re.compile(r"[0-9〇一二三四五六七八九十百千万]+")


def choose_evidence(
    hits: Sequence[Hit],
    records: Callable[[str], DocumentRecord],
    *,
    count: int,
    tokens: int,
    beside: Callable[[Chunk], Iterable[Surrounding]] = lambda _chunk: (),
    model: str = "",
) -> tuple[Evidence, ...]:
    """Return at most `count` pieces of evidence of at most `tokens` tokens together, best first, numbered from 1.

    A hit that says the same as a better one is folded into it. A hit too long for what is left is passed over, but the
    first is always taken. Context (what `beside` yields for a chunk, most needed first) fills what is left.
    """
    chosen: list[Evidence] = []
    left = tokens
    for hit in _spread(hits, count):
        if len(chosen) == count:
            break
        cost = count_tokens(hit.chunk.search_text, model)
        if (chosen and cost > left) or any(_same(hit.chunk, other.chunk) for other in chosen):
            continue
        department = keeper_of(hit.chunk, records(hit.chunk.document_id))
        chosen.append(Evidence(number=len(chosen) + 1, chunk=hit.chunk, title=hit.title, department=department))
        left -= cost
    return _with_context(chosen, beside, left=min(left, int(tokens * CONTEXT_SHARE)), model=model)


def keeper_of(chunk: Chunk, record: DocumentRecord) -> str:
    """Return the department that keeps a text: the row of an FAQ names its own, the workbook's is that of who keeps the workbook."""
    return chunk.labels.get("department") or record.department


def _spread(hits: Sequence[Hit], count: int) -> list[Hit]:
    """Return the hits in their order, those of a document beyond its share after all others."""
    limit = max(1, int(count * DOCUMENT_SHARE))
    taken: Counter[str] = Counter()
    first: list[Hit] = []
    later: list[Hit] = []
    for hit in hits:
        taken[hit.chunk.document_id] += 1
        (first if taken[hit.chunk.document_id] <= limit else later).append(hit)
    return first + later


def _same(chunk: Chunk, other: Chunk) -> bool:
    if chunk.id == other.id:
        return True
    left, right = _plain(chunk.text), _plain(other.text)
    if sorted(_FIGURES.findall(left)) != sorted(_FIGURES.findall(right)):
        return False
    if chunk.labels.get("speaker") != other.labels.get("speaker"):
        return False
    pairs, others = _pairs(left), _pairs(right)
    return len(pairs & others) >= SAME_SHARE * len(pairs | others)


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _pairs(text: str) -> set[str]:
    return {text[start : start + 2] for start in range(max(1, len(text) - 1))}


def _with_context(
    chosen: Sequence[Evidence], beside: Callable[[Chunk], Iterable[Surrounding]], *, left: int, model: str
) -> tuple[Evidence, ...]:
    quoted = {item.chunk.id for item in chosen}
    shown: set[str] = set()
    completed = []
    for item in chosen:
        kept: list[Surrounding] = []
        spent = 0
        for passage in beside(item.chunk) if left > 0 else ():
            cost = count_tokens(passage.text, model)
            if passage.chunk.id not in quoted and passage.text not in shown and spent + cost <= min(left, CONTEXT_EACH):
                kept.append(passage)
                shown.add(passage.text)
                spent += cost
        left -= spent
        completed.append(replace(item, context=tuple(kept)))
    return tuple(completed)


def remark_before(chunk: Chunk, chunks_of: Callable[[str], Sequence[Chunk]]) -> Iterator[Surrounding]:
    """Yield what was said before a remark, by another person: the question that an answer answers."""
    if chunk.kind is Kind.MINUTES:
        for other in chunks_of(chunk.document_id):
            if other.ordinal == chunk.ordinal - 1 and other.labels.get("speaker") != chunk.labels.get("speaker"):
                yield Surrounding(chunk=other, text=f"{other.locator}　{other.text}")
