"""Vectors for chunks, made once a text and model."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from rag.domain import Audience, Chunk
from rag.ports import Catalogue, Embedder, Matrix

MayEmbed = Callable[[Audience], bool]
"""Tells whether text of this audience may be given to the embedding model."""


def embed_chunks(chunks: Sequence[Chunk], *, catalogue: Catalogue, embedder: Embedder, may_embed: MayEmbed) -> int:
    """Keep a vector for every chunk whose text has none under this embedder; return how many were made.

    A chunk that may not be given to the model gets zeros, which no search finds: words and characters still find it.
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
    return len(missing)
