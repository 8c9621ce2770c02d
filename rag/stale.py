"""Kept answers whose sources changed since: a reader's own, and the approved ones that he looks after."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from rag.domain import ApprovedAnswer, Audience, Citation, Reader, Role
from rag.japanese.text import find_quote
from rag.journal import Exchange
from rag.ports import Catalogue, Journal
from rag.safety.authorise import APPROVERS, is_keeper
from rag.standing import Change, Finding, Sources

LOOKED_AT: Final = 500
"""How many of a reader's own answers are looked through, the newest first."""
OVERSEERS: Final = APPROVERS | {Role.DX}
"""Roles that look after the approved answers of their department, an administrator after all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stale:
    """A kept answer with what happened to its sources."""

    exchange_id: str
    question: str
    at: datetime
    """When it was answered, or approved."""
    department: str = ""
    """The office that approved it; empty for an answer of the reader's own."""
    conversation_id: str = ""
    """Where the reader asked it; empty for an approved answer."""
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StaleAnswers:
    """The answers to check again, as one reader may know of them."""

    journal: Journal
    catalogue: Catalogue
    reader: Reader
    may_read: Callable[[Audience], bool]
    """Tells for an audience whether the reader may read it."""
    now: Callable[[], datetime]

    def listed(self, *, limit: int) -> list[Stale]:
        """Return at most so many, the newest first; an approved answer of the reader's own stands there once."""
        approved = self._approved()
        ids = {each.exchange_id for each in approved}
        own = [each for each in self.journal.answered(self.reader.user, limit=LOOKED_AT) if each.id not in ids]
        sources = self._sources([*_cited(approved), *(one for each in own for one in _citations(each))])
        found = [*self._stale_approved(approved, sources), *self._stale_own(own, sources)]
        return sorted(found, key=lambda each: each.at, reverse=True)[:limit]

    def count_approved(self) -> int:
        """Count the approved ones among them, however many they are."""
        approved = self._approved()
        return len(self._stale_approved(approved, self._sources(_cited(approved))))

    def _approved(self) -> list[ApprovedAnswer]:
        """Return the approved answers that the reader looks after."""
        if self.reader.role not in OVERSEERS:
            return []
        kept = [each.answer for each in self.journal.approvals()]
        if self.reader.role is Role.ADMIN:
            return kept
        return [each for each in kept if is_keeper(self.reader.department, [each.department])]

    def _stale_approved(self, approved: Iterable[ApprovedAnswer], sources: Sources) -> list[Stale]:
        return [
            Stale(
                exchange_id=each.exchange_id,
                question=each.question,
                at=each.approved_at,
                department=each.department,
                findings=findings,
            )
            for each in approved
            if (findings := self._findings(sources, each.citations, each.approved_at))
        ]

    def _stale_own(self, exchanges: Iterable[Exchange], sources: Sources) -> list[Stale]:
        return [
            Stale(
                exchange_id=each.id,
                question=each.question,
                at=each.asked_at,
                conversation_id=each.conversation_id,
                findings=findings,
            )
            for each in exchanges
            if (findings := self._findings(sources, _citations(each), each.asked_at))
        ]

    def _findings(self, sources: Sources, citations: Sequence[Citation], at: datetime) -> tuple[Finding, ...]:
        """Return what changed; nothing where the answer cites a document that the reader may not read."""
        if not sources.are_readable(citations):
            return ()
        cited_on, today = at.astimezone().date(), self.now().date()
        found = (sources.finding(each, cited_on=cited_on, day=today) for each in citations)
        return _one_each([each for each in found if each])

    def _sources(self, citations: Iterable[Citation]) -> Sources:
        return Sources(self.catalogue, citations, may_read=self.may_read)


def _citations(exchange: Exchange) -> tuple[Citation, ...]:
    return exchange.answer.citations if exchange.answer else ()


def _cited(approved: Iterable[ApprovedAnswer]) -> list[Citation]:
    return [citation for each in approved for citation in each.citations]


def _one_each(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return one finding a place, of a document that is there no more one in all; words that are gone tell more than others."""
    shown: dict[tuple[Change, str, str], Finding] = {}
    for each in findings:
        cited = each.citation
        place = "" if each.change in (Change.WITHDRAWN, Change.GONE) else cited.locator
        key = (each.change, cited.document_id, place)
        if key not in shown or (_stands_still(shown[key]) and not _stands_still(each)):
            shown[key] = each
    return tuple(shown.values())


def _stands_still(finding: Finding) -> bool:
    return find_quote(finding.citation.quote, finding.text) is not None
