"""Chunks with words that were hidden, or that a tracked change put in and nobody has accepted: labelled.

Whoever answers, and whoever reads a hit, can tell them from what an office has settled.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from ingest.split import identified
from rag.domain import Block, Chunk, Document
from rag.japanese.text import sentences

__all__ = ["LABEL", "label_hidden"]

LABEL = "hidden_text"
"""'true' on a chunk with such words in its text, header, locator or labels; absent from the others."""
_START = 4
"""Characters below which words are nobody's in particular."""
_NUMBER = 6
"""Characters at the start of a sentence that a recogniser may take for its number; of a short one a third."""
_LONGEST = 30
"""Characters from the end of a sentence by which it is known: what stands before may be cut or joined."""


def label_hidden(chunks: Sequence[Chunk], document: Document) -> list[Chunk]:
    """Return the chunks with the label on those that hold a sentence or a cell of a marked block."""
    ends: dict[str, set[str]] = defaultdict(set)
    for block in document.blocks:
        for words in _words(block) if block.hidden_text else ():
            squeezed = "".join(words.split())
            end = squeezed[min(_NUMBER, len(squeezed) // 3) :][-_LONGEST:]
            if len(end) >= _START:
                ends[end[:_START]].add(end)
    if not ends:
        return list(chunks)
    return identified(
        replace(chunk, labels={**chunk.labels, LABEL: "true"}) if _holds(chunk, ends) else chunk for chunk in chunks
    )


def _words(block: Block) -> Iterator[str]:
    for text in [cell for row in block.rows for cell in row] or [block.text]:
        yield from (span.of(text) for span in sentences(text))


def _holds(chunk: Chunk, ends: Mapping[str, Collection[str]]) -> bool:
    for words in (chunk.text, chunk.header, chunk.locator, *chunk.labels.values()):
        text = "".join(words.split())
        if any(text.startswith(end, at) for at in range(len(text)) for end in ends.get(text[at : at + _START], ())):
            return True
    return False
