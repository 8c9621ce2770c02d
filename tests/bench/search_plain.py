"""The plain stack over the same texts: `python -m tests.bench.search_plain DATA MODELS SIZE PLACE`.

As the tutorials of LangChain do it: a recursive splitter, one Chroma collection with defaults, BM25Retriever, and the ranks of both
fused. The embedder and the words of BM25 are Kotae's (with its default, words between blanks, BM25 finds nothing in Japanese). It
knows no rights and no dates. Prints one JSON object.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from langchain_chroma import Chroma
from langchain_community.retrievers import BM25Retriever
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_text_splitters import RecursiveCharacterTextSplitter

from rag.adapters.chive import ChiveEmbeddings, open_word_vectors
from rag.japanese.words import content_words
from tests.bench.ingest_scale import megabytes
from tests.bench.made_chunks import CHUNKS, LONGEST, make_document, read_originals
from tests.bench.search_ask import LIMIT, QUESTIONS, WARM, memory, percentiles, questions

BATCH = 5_000
"""Most entries that Chroma takes at once, rounded down."""
OVERLAP = 50
_RANK = 60
"""The constant of reciprocal rank fusion, as in EnsembleRetriever."""


def build(data: Path, embedder: Embeddings, size: int, place: Path) -> tuple[Chroma, BM25Retriever, dict[str, float]]:
    """Take in the documents of a home of this size; return both retrievers and the seconds of each step."""
    started = time.perf_counter()
    originals = read_originals(data)
    splitter = RecursiveCharacterTextSplitter(chunk_size=LONGEST, chunk_overlap=OVERLAP)
    texts = []
    for number in range(max(1, round(size / CHUNKS))):
        record, chunks = make_document(originals, number)
        texts += splitter.split_text("\n\n".join([record.title, *(chunk.text for chunk in chunks)]))
    made = time.perf_counter()
    store = Chroma("plain", embedding_function=embedder, persist_directory=str(place))
    for batch in _batches(texts):
        store.add_texts(batch)
    stored = time.perf_counter()
    words = BM25Retriever.from_texts(texts, preprocess_func=content_words, k=LIMIT)
    seconds = {"split": made - started, "chroma": stored - made, "bm25": time.perf_counter() - stored}
    return store, words, {"texts": len(texts)} | {name: round(each, 1) for name, each in seconds.items()}


def _batches(texts: Sequence[str]) -> Iterator[list[str]]:
    left = iter(texts)
    while batch := list(islice(left, BATCH)):
        yield batch


def search(store: Chroma, words: BM25Retriever, question: str) -> list[str]:
    """Return the best texts by the sum of their reciprocal ranks."""
    ranked: Sequence[list[Document]] = (store.similarity_search(question, k=LIMIT), words.invoke(question))
    scores: dict[str, float] = {}
    for found in ranked:
        for rank, document in enumerate(found, start=1):
            scores[document.page_content] = scores.get(document.page_content, 0.0) + 1 / (_RANK + rank)
    return sorted(scores, key=lambda text: (-scores[text], text))[:LIMIT]


def main(arguments: Sequence[str]) -> int:
    """Build, ask and print."""
    data, models, size, place = Path(arguments[0]), Path(arguments[1]), int(arguments[2]), Path(arguments[3])
    store, words, built = build(data, ChiveEmbeddings(open_word_vectors(models)), size, place)
    seconds = []
    for text, _ in questions(data, WARM + QUESTIONS):
        started = time.perf_counter()
        search(store, words, text)
        seconds.append(time.perf_counter() - started)
    result: dict[str, Any] = {"built": built, "asked": percentiles(seconds[WARM:]), "disk_mb": megabytes(place)}
    print(json.dumps(result | memory()))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
