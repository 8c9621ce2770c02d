"""A sitting whose questions and answers are paired by hand, put into a home without a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from ingest.split import identified
from rag.domain import Audience, Chunk, DocumentRecord, Kind
from rag.wiring import open_home
from tests.builders import answer, asking

TITLE = "令和7年9月みほん県議会定例会会議録（第2号）"
LODGING = "そこで、宿泊税の導入についてどのように考えるのか、知事に伺います。"
BRIDGES = "橋梁の修繕はいつ終わるのか、県土整備部長に伺います。"
COOLING = "避難所の冷房をどう進めるのか、知事に伺います。"
LEFT_OPEN = "老朽化した水門の更新は何年度に始めるのでしょうか。"
LODGING_ANSWER = "宿泊税につきましては、導入の是非も含めて検討してまいります。"


def paired_chunks() -> list[Chunk]:
    """Two members, three answers of two officials (one of them not surely), and a question that nobody answers."""
    reform = {"member": "例示花子議員", "party": "県民フォーラム"}
    return [
        asking(f"おはようございます。{LODGING}{BRIDGES}{LEFT_OPEN}", unanswered=LEFT_OPEN, party="みほん創生会"),
        answer(
            f"想定議員のご質問にお答えします。{LODGING_ANSWER}",
            pair=1,
            question=LODGING,
            gist="宿泊税の導入についてどのように考えるのか",
            party="みほん創生会",
            topic="宿泊税",
            asked_page="3",
            asked_lines="41-43",
            lines="88-90",
        ),
        answer("まず、点検の結果でございます。", pair=2, question=BRIDGES, post="県土整備部長", topic="橋梁の修繕"),
        answer("修繕は令和12年度に終わります。", pair=2, question=BRIDGES, post="県土整備部長", topic="橋梁の修繕"),
        asking(COOLING, member="例示花子"),
        answer("補助の制度を設けます。", pair=3, question=COOLING, topic="避難所の冷房", certain="no", **reform),
    ]


def put_sitting(
    path: Path, chunks: Sequence[Chunk], *, title: str = TITLE, level: str = "1", name: str = "r0709"
) -> str:
    """Keep minutes that consist of these chunks and return the document's id."""
    home = open_home(path)
    audience = Audience(level=level)
    made = identified(replace(each, document_id=name, audience=audience) for each in chunks)
    record = DocumentRecord(
        id=name,
        source="/会議録",
        path=f"{name}.txt",
        content_hash=name,
        title=title,
        kind=Kind.MINUTES,
        audience=audience,
        period=made[0].period,
        chunk_count=len(made),
    )
    found = home.embedder.embed_documents([each.search_text for each in made])
    vectors = {each.text_hash: np.asarray(row, dtype=np.float32) for each, row in zip(made, found, strict=True)}
    with home.writing("test"):
        home.catalogue.store_vectors(vectors, model=home.embedder.name)
        home.catalogue.put_document(record, made, vectors={})
        home.refresh_indexes()
    return name
