"""Vectors for chunks, made once a text and model."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

import numpy as np

from rag.domain import Audience, Chunk, EmbeddingLoad
from rag.ports import Catalogue, Embedder, Matrix

MayEmbed = Callable[[Audience], bool]
"""Tells whether text of this audience may be given to the embedding model."""


PAGE = 1000
"""Chunks that are looked at together."""


def embed_chunks(
    chunks: Sequence[Chunk],
    *,
    catalogue: Catalogue,
    embedder: Embedder,
    may_embed: MayEmbed,
    tell: Callable[[int], None] = lambda _made: None,
) -> int:
    """Keep a vector for every chunk whose text has none under this embedder; return how many were made.

    A chunk that may not be given to the model gets zeros, which no search finds: words and characters still find it.
    `tell` hears how many were made, part by part.
    """
    open_texts = {chunk.text_hash: chunk.search_text for chunk in chunks if may_embed(chunk.audience)}
    cached = catalogue.cached_vectors([chunk.text_hash for chunk in chunks], model=embedder.name)
    nothing: Matrix = np.zeros(embedder.dimension, dtype=np.float32)
    closed = {chunk.text_hash for chunk in chunks} - open_texts.keys() - cached.keys()
    if closed:
        catalogue.store_vectors(dict.fromkeys(closed, nothing), model=embedder.name)
    missing = [key for key in open_texts if key not in cached or not cached[key].any()]
    for part in embedder.embed_parts([open_texts[key] for key in missing]):
        made = {missing[place]: np.asarray(vector, dtype=np.float32) for place, vector in part.items()}
        catalogue.store_vectors(made, model=embedder.name)  # before more is sent: what was paid for is not lost
        tell(len(made))
    return len(missing)


@dataclass(slots=True, kw_only=True)
class Backlog:
    """The chunks of a catalogue whose texts lack a vector of an embedder: new ones, or all of them for another model."""

    catalogue: Catalogue
    embedder: Embedder
    may_embed: MayEmbed
    cut_in: set[str] = field(default_factory=set)
    """Ids of the documents in which `load` has found a text that is too long for the model."""
    _counted: set[str] = field(default_factory=set)
    """Hashes of the texts that are in a load already."""

    def load(self, *, leaving_out: Collection[str] = ()) -> EmbeddingLoad:
        """Return what would be sent for all that lacks a vector, but for these documents."""
        pages = ([chunk for chunk in page if chunk.document_id not in leaving_out] for page in self._pages())
        return sum(map(self.load_of, pages), EmbeddingLoad())

    def load_of(self, chunks: Sequence[Chunk]) -> EmbeddingLoad:
        """Return what would be sent for these chunks; a text counts once in a backlog."""
        texts = {chunk.text_hash: chunk.search_text for chunk in chunks if self.may_embed(chunk.audience)}
        new = [key for key in texts if key not in self._counted]
        kept = self.catalogue.cached_vectors(new, model=self.embedder.name)
        new = [key for key in new if key not in kept or not kept[key].any()]
        self._counted.update(new)
        load = self.embedder.measure([texts[key] for key in new])
        if load.cut:
            self.cut_in |= {chunk.document_id for chunk in chunks if self.embedder.measure([chunk.search_text]).cut}
        return load

    def work_off(
        self,
        *,
        tell: Callable[[int], None] = lambda _made: None,
        stopped: Callable[[], bool] = lambda: False,
    ) -> int:
        """Make what is missing and return how many were made; what is done stays when a run ends early."""
        made = 0
        for page in self._pages():
            if stopped():
                break
            made += embed_chunks(
                page, catalogue=self.catalogue, embedder=self.embedder, may_embed=self.may_embed, tell=tell
            )
        return made

    def _pages(self) -> Iterator[list[Chunk]]:
        # Zeros of a remote model stand for what might not be sent; a label may have changed since. Those of a model
        # inside are its answer.
        dimension = self.embedder.dimension if self.embedder.is_remote else 0
        chunks = self.catalogue.chunks_without_vector(model=self.embedder.name, dimension=dimension)
        while page := list(islice(chunks, PAGE)):
            yield page
