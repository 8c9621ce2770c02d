"""Domain objects as the JSON values that the command line promises."""

from __future__ import annotations

from datetime import date
from typing import Any

from eval.compare import Comparison, Contrast, Pair, Verdict
from eval.ranker import LEAST_QUESTIONS, Ending, Training
from eval.results import rate_json
from eval.runs import Run
from rag.approval import Listed
from rag.domain import Answer, ApprovedAnswer, Citation, DocumentRecord, Hit, SearchResult, Sentence
from rag.pairs import PairCounts
from rag.ranking.learned import Standing
from rag.rules.versions import Difference
from rag.stale import Stale
from rag.standing import Finding
from ui.explaining import best_scores, lacks


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
        "attempts": record.attempts,
        "tried_at": record.tried_at.isoformat(timespec="seconds") if record.tried_at else None,
    }


def version_json(record: DocumentRecord) -> dict[str, Any]:
    """Return a version of a document."""
    return {
        "id": record.id,
        "title": record.title,
        "effective_from": day(record.period.start),
        "effective_to": day(record.period.end),
    }


def pairs_json(counts: PairCounts) -> dict[str, int]:
    """Return how much of a document is questions with their answers."""
    return {"count": counts.pairs, "uncertain": counts.uncertain, "unanswered": counts.unanswered}


def difference_json(difference: Difference) -> dict[str, Any]:
    """Return a part that is not the same in two versions."""
    return {
        "change": difference.change.value,
        "old_locator": difference.old_locator,
        "new_locator": difference.new_locator,
        "old": difference.old,
        "new": difference.new,
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
        "repeated_in": [
            {"document_id": again.document_id, "title": again.title, "locator": again.locator}
            for again in hit.repeated_in
        ],
    }
    if explain:
        shape["legs"] = {leg: round(score, 4) for leg, score in hit.leg_scores.items()}
    return shape


def explained_json(found: SearchResult) -> dict[str, Any]:
    """Return what nearly became a hit, with what each leg gave less than to the last hit, and how much was searched."""
    best = best_scores((*found.hits, *found.near_misses))
    near = []
    for rank, hit in enumerate(found.near_misses, start=len(found.hits) + 1):
        lacking = lacks(hit, found.hits[-1], best) if found.hits else []
        shape = {"lacking": {each.leg: round(each.difference, 4) for each in lacking}}
        near.append(hit_json(hit, rank, explain=True) | shape)
    return {"near_misses": near, "coverage": round(found.coverage, 4), "audiences": found.audiences}


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
        "read_as": answer.read_as,
        "missing": list(answer.missing),
        "warnings": list(answer.warnings),
        "as_of": answer.as_of.isoformat(),
        "model": answer.model,
        "prompt": answer.prompt,
        "seconds": round(answer.seconds, 3),
        "approved": approved_json(answer.approved) if answer.approved else None,
    }


def approved_json(approved: ApprovedAnswer) -> dict[str, Any]:
    """Return an approved answer; the day of its approval is that of the office's own clock."""
    return {
        "exchange_id": approved.exchange_id,
        "question": approved.question,
        "department": approved.department,
        "approved_on": approved.approved_at.astimezone().date().isoformat(),
        "as_of": approved.as_of.isoformat(),
        "answer": "".join(sentence.text for sentence in approved.sentences),
        "sentences": [sentence_json(sentence) for sentence in approved.sentences],
        "citations": [citation_json(citation) for citation in approved.citations],
    }


def listed_json(listed: Listed) -> dict[str, Any]:
    """Return an approved answer as the list tells it."""
    return approved_json(listed.answer) | {"approved_by": listed.answer.approved_by, "stands": listed.stands}


def stale_json(stale: Stale) -> dict[str, Any]:
    """Return an answer to check again, with the day on which it was given or approved."""
    return {
        "exchange_id": stale.exchange_id,
        "question": stale.question,
        "kept_on": stale.at.astimezone().date().isoformat(),
        "approved": bool(stale.department),
        "department": stale.department,
        "findings": [finding_json(each) for each in stale.findings],
    }


def finding_json(finding: Finding) -> dict[str, str | None]:
    """Return what happened to a source."""
    return {
        "change": finding.change.value,
        "document_id": finding.citation.document_id,
        "title": finding.citation.title,
        "locator": finding.citation.locator,
        "quote": finding.citation.quote,
        "text": finding.text,
        "day": day(finding.day),
    }


def run_json(run: Run) -> dict[str, Any]:
    """Return what a run comes to, and the cases that failed or were not as expected."""
    summary = run.summary
    overall = summary.overall.as_json()
    return {
        "cases": overall.pop("n"),
        **overall,
        "tags": {tag: group.as_json() for tag, group in summary.tags.items()},
        "failed": [{"id": each.id, "reason": each.error} for each in run.results if each.error],
        "not_passed": [
            {"id": each.id, "reason": each.reason} for each in run.results if not each.passed and not each.error
        ],
        "run": str(run.folder),
        "seconds": run.config.seconds,
    }


def comparison_json(comparison: Comparison) -> dict[str, Any]:
    """Return what changed from one run to another, the losses first."""
    return {
        "worse": [_pair_json(pair) for pair in comparison.worse],
        "better": [_pair_json(pair) for pair in comparison.better],
        "first": str(comparison.first.folder),
        "second": str(comparison.second.folder),
        "overall": _contrast_json(comparison.overall),
        "tags": {tag: _contrast_json(contrast) for tag, contrast in comparison.tags.items()},
        "only_first": list(comparison.only_first),
        "only_second": list(comparison.only_second),
        "changed": list(comparison.changed),
    }


def training_json(training: Training) -> dict[str, Any]:
    """Return how the training of a ranking ended, and what was measured."""
    return {
        "used": training.ending is Ending.USED and training.standing is Standing.IN_USE,
        "ending": training.ending.value,
        "standing": training.standing.value,
        "n": training.n,
        "minimum": LEAST_QUESTIONS,
        "more": training.more,
        "sources": dict(training.sources),
        "left_out": dict(training.left_out),
        "card": training.card.as_json() if training.card else None,
    }


def verdict_json(verdict: Verdict) -> dict[str, Any]:
    """Return what a gate found, with the cases that were lost."""
    comparison = verdict.comparison
    return {
        "ok": verdict.ok,
        "finding": verdict.finding.value,
        "worse": [_pair_json(pair) for pair in comparison.worse],
        "better": [_pair_json(pair) for pair in comparison.better],
        "p": round(comparison.overall.p_loss, 6),
        "cases": comparison.overall.n,
        "baseline_cases": verdict.baseline_n,
        "run": str(comparison.second.folder),
        "baseline": str(comparison.first.folder),
    }


def _pair_json(pair: Pair) -> dict[str, Any]:
    """Return a case that changed; the reason is that of the run in which it is not passed."""
    reason = next(result.reason for result in pair if not result.passed)
    return {"id": pair[1].id, "question": pair[1].question, "reason": reason}


def _contrast_json(contrast: Contrast) -> dict[str, Any]:
    first, second = contrast.passed
    low, high = contrast.interval
    return {
        "n": contrast.n,
        "first": rate_json(first, contrast.n),
        "second": rate_json(second, contrast.n),
        "difference": round(contrast.difference, 4),
        "low": round(low, 4),
        "high": round(high, 4),
        "lost": contrast.lost,
        "won": contrast.won,
        "p": round(contrast.p, 6),
    }
