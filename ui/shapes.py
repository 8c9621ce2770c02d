"""Domain objects as the JSON values that the command line promises."""

from __future__ import annotations

from datetime import date
from typing import Any

from rag.domain import Answer, Citation, DocumentRecord, Hit, Sentence


def day(value: date | None) -> str | None:
    """Return an ISO date; None stays None (open)."""
    return value.isoformat() if value else None


def record_json(record: DocumentRecord) -> dict[str, Any]:
    """Return a document of the catalogue."""
    return {
        "id": record.id,
        "title": record.title,
        "kind": record.kind.value,
        "path": record.path,
        "department": record.department,
        "number": record.number,
        "level": record.audience.level,
        "audience": sorted(record.audience.groups),
        "effective_from": day(record.period.start),
        "effective_to": day(record.period.end),
        "chunks": record.chunk_count,
        "state": record.state.value,
        "warnings": list(record.warnings),
        "reason": record.reason,
    }


def hit_json(hit: Hit, rank: int, *, explain: bool) -> dict[str, Any]:
    """Return a hit; `explain` adds each leg's score."""
    shape: dict[str, Any] = {
        "rank": rank,
        "score": round(hit.score, 4),
        "document_id": hit.chunk.document_id,
        "title": hit.title,
        "kind": hit.chunk.kind.value,
        "locator": hit.chunk.locator,
        "page": hit.chunk.page,
        "text": hit.chunk.text,
        "effective_from": day(hit.chunk.period.start),
        "effective_to": day(hit.chunk.period.end),
        "found_by": list(hit.found_by),
    }
    if explain:
        shape["legs"] = {leg: round(score, 4) for leg, score in hit.leg_scores.items()}
    return shape


def sentence_json(sentence: Sentence) -> dict[str, Any]:
    """Return a sentence with what verification found."""
    return {
        "part": sentence.part.value,
        "text": sentence.text,
        "citations": list(sentence.citations),
        "verified": sentence.verified,
        "problems": [problem.value for problem in sentence.problems],
    }


def citation_json(citation: Citation) -> dict[str, Any]:
    """Return a source as it is shown."""
    return {
        "number": citation.number,
        "document_id": citation.document_id,
        "title": citation.title,
        "locator": citation.locator,
        "page": citation.page,
        "quote": citation.quote,
        "effective_from": day(citation.period.start),
        "effective_to": day(citation.period.end),
    }


def answer_json(answer: Answer) -> dict[str, Any]:
    """Return an answer."""
    contact = answer.contact
    return {
        "status": answer.status.value,
        "answer": "".join(sentence.text for sentence in answer.sentences),
        "sentences": [sentence_json(sentence) for sentence in answer.sentences],
        "citations": [citation_json(citation) for citation in answer.citations],
        "contact": {"department": contact.department, "duties": contact.duties, "extension": contact.extension}
        if contact
        else None,
        "nearest": [
            {"document_id": each.document_id, "title": each.title, "locator": each.locator} for each in answer.nearest
        ],
        "choices": list(answer.choices),
        "warnings": list(answer.warnings),
        "as_of": answer.as_of.isoformat(),
        "model": answer.model,
        "prompt": answer.prompt,
        "seconds": round(answer.seconds, 3),
    }
