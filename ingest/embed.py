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
    missing = [key for key in open_texts if key not in cached or not cached[key].any()]
    made: Matrix = np.asarray(embedder.embed_documents([open_texts[key] for key in missing]), dtype=np.float32)
    nothing: Matrix = np.zeros(embedder.dimension, dtype=np.float32)
    vectors = {
        chunk.text_hash: nothing
        for chunk in chunks
        if chunk.text_hash not in open_texts and chunk.text_hash not in cached
    }
    vectors |= dict(zip(missing, made, strict=True))
    if vectors:
        catalogue.store_vectors(vectors, model=embedder.name)
    return len(missing)
