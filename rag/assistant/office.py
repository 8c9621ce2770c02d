"""Whom to ask: the office that keeps what an answer rests on, or that the question is for."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rag.domain import SPOKEN_KINDS, DocumentRecord, Evidence, Office, Question, SearchResult
from rag.evidence import keeper_of
from rag.ports import OfficeFinder

KEPT_BY = 8
"""How many of the hits tell whom to ask where nothing was cited."""


def office_to_ask(
    offices: OfficeFinder,
    question: Question,
    result: SearchResult,
    spoken_of: Sequence[Evidence],
    *,
    records: Callable[[str], DocumentRecord],
) -> Office | None:
    """Return the office for a question; None: none is known. `spoken_of` is what the answer rests on, best first."""
    department = next((item.department for item in spoken_of if _is_keeper(item)), "")
    keepers = {} if department else _keepers(result, records)
    return offices.find(question.text, department=department, keepers=keepers, vector=result.vector)


def _is_keeper(item: Evidence) -> bool:
    """Tell whether the department of a source answers for what it says: who keeps the minutes does not."""
    return bool(item.department) and item.chunk.kind not in SPOKEN_KINDS


def _keepers(result: SearchResult, records: Callable[[str], DocumentRecord]) -> dict[str, float]:
    """Return which departments keep the nearest texts, each with its share of their scores."""
    shares: dict[str, float] = {}
    for hit in result.hits[:KEPT_BY]:
        department = keeper_of(hit.chunk, records(hit.chunk.document_id))
        if department and hit.chunk.kind not in SPOKEN_KINDS:
            shares[department] = shares.get(department, 0.0) + hit.score
    return {department: share / sum(shares.values()) for department, share in shares.items() if share}
