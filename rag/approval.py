"""Answers that an office approved: who may do that, which there are, and when one is shown again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from rag.domain import Answer, AnswerStatus, ApprovedAnswer, Audience, Citation, Office, Question, Reader
from rag.errors import DeniedError, InputError, NotFoundError, QuestionError, StorageError
from rag.japanese.same_question import asks_the_same, lacks_sense_alone
from rag.journal import Approval
from rag.ports import Catalogue, Journal
from rag.safety.authorise import APPROVERS, bare, is_keeper, may_approve
from rag.standing import Sources

APPROVABLE: Final = frozenset({AnswerStatus.ANSWERED, AnswerStatus.PARTIAL})


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An approved answer as its list tells it."""

    answer: ApprovedAnswer
    """Without its sentences where the reader may not be told of a document that is gone."""
    stands: bool
    """All its sources stand and are in force today: it is shown to whoever asks the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Approvals:
    """The approved answers as one reader may see and change them."""

    journal: Journal
    catalogue: Catalogue
    reader: Reader
    may_read: Callable[[Audience], bool]
    """Tells for an audience whether the reader may read it."""
    now: Callable[[], datetime]

    def shown(self, question: Question) -> ApprovedAnswer | None:
        """Return what an office approved for the same question; None: nothing that stands and that the reader may read."""
        try:
            questions = self.journal.approved_questions()
            same = [key for key, text in questions.items() if asks_the_same(text, question.text)]
            kept = [self.held(key) for key in same]
        except StorageError:  # the page says that nothing can be kept; an answer comes all the same
            return None
        standing = (self._standing(each, question.as_of) for each in kept if each)
        return next(filter(None, standing), None)

    def still(self, answer: Answer) -> ApprovedAnswer | None:
        """Return the approved answer that was shown with a kept one, if it may still be shown; None: it may not."""
        if answer.approved is None:
            return None
        try:
            held = self.held(answer.approved.exchange_id)
        except StorageError:  # as above
            return None
        if held is None:
            return None
        return self._standing(answer.approved, answer.as_of)

    def may_approve(self, answer: Answer) -> bool:
        """Tell whether the reader may approve an answer: an editor of an office that keeps one of its sources, or an administrator."""
        if answer.status not in APPROVABLE or not answer.citations or self.reader.role not in APPROVERS:
            return False
        sources = self._sources(answer.citations)
        return sources.are_readable(answer.citations) and may_approve(self.reader, sources.keepers(answer.citations))

    def approve(self, exchange_id: str) -> ApprovedAnswer:
        """Keep that the office stands behind an answer.

        Raises DeniedError, NotFoundError for an answer that the reader may not read, QuestionError and InputError.
        """
        if self.reader.role not in APPROVERS:
            raise DeniedError(
                f"{self.reader.user}: 回答を承認する権限がありません。所管課の編集者か管理者に頼んでください。"
            )
        exchange = self.journal.exchange(exchange_id)
        answer = exchange.answer
        if answer is None or answer.status not in APPROVABLE or not answer.citations:
            raise InputError(
                f"質問の記録 {exchange_id}: 出典のある答えがありません。答えの出た質問を承認してください。"
            )
        sources = self._sources(answer.citations)
        if not sources.are_readable(answer.citations):
            raise NotFoundError.of_exchange(exchange_id)
        keepers = sources.keepers(answer.citations)
        if not may_approve(self.reader, keepers):
            raise DeniedError(
                f"{self.reader.user}: この答えの出典を所管していないため、承認できません。"
                f"{'、'.join(keepers) or '管理者'}に頼んでください。"
            )
        asked = answer.read_as or exchange.question
        if lacks_sense_alone(asked):
            raise QuestionError(
                f"質問「{asked}」: 「それ」「去年」のように、前の文や時期で意味が変わる語があるため、承認できません。"
                "その語を使わずに、もう一度質問してください。"
            )
        standing = [sources.standing(each, exchange.as_of) for each in answer.citations]
        if None in standing:
            raise InputError(
                f"質問の記録 {exchange_id}: 答えたあとに出典が変わりました。もう一度質問して、新しい答えを承認してください。"
            )
        approved = ApprovedAnswer(
            exchange_id=exchange_id,
            question=asked,
            department=self._office(keepers, answer.contact),
            approved_by=self.reader.user,
            approved_at=self.now(),
            sentences=answer.sentences,
            citations=tuple(each for each in standing if each),
            as_of=answer.as_of,
        )
        self.journal.put_approval(Approval(answer=approved))
        return approved

    def held(self, exchange_id: str) -> ApprovedAnswer | None:
        """Return the approval of an exchange that holds; None: there is none."""
        kept = self.journal.approval(exchange_id)
        return kept.answer if kept and kept.withdrawn_at is None else None

    def withdraw(self, exchange_id: str) -> ApprovedAnswer:
        """Take an approval back; raises DeniedError, and NotFoundError where none holds that the reader may see."""
        if self.reader.role not in APPROVERS:
            raise DeniedError(
                f"{self.reader.user}: 承認を取り消す権限がありません。所管課の編集者か管理者に頼んでください。"
            )
        answer = self.held(exchange_id)
        sources = self._sources(answer.citations if answer else ())
        if answer is None or not sources.are_readable(answer.citations):
            raise NotFoundError(
                f"質問の記録 {exchange_id}: 承認されていません。kotae answers で番号を確かめてください。"
            )
        if not self._may_withdraw(answer, sources):
            raise DeniedError(
                f"{self.reader.user}: {answer.department}が承認した回答のため、取り消せません。{answer.department}か管理者に頼んでください。"
            )
        self.journal.put_approval(Approval(answer=answer, withdrawn_by=self.reader.user, withdrawn_at=self.now()))
        return answer

    def may_withdraw(self, answer: ApprovedAnswer) -> bool:
        """Tell whether the reader may take an approval back."""
        sources = self._sources(answer.citations)
        return (
            self.reader.role in APPROVERS
            and sources.are_readable(answer.citations)
            and self._may_withdraw(answer, sources)
        )

    def listed(self) -> list[Listed]:
        """Return the approved answers that the reader may read, the newest first."""
        kept = [each.answer for each in self.journal.approvals()]
        sources = self._sources(_cited(kept))
        found = []
        for answer in kept:
            if not sources.are_readable(answer.citations):
                continue
            told = tuple(map(sources.told, answer.citations))
            stands = all(sources.standing(each, self._today()) for each in answer.citations)
            shown = answer.sentences if told == answer.citations else ()
            found.append(Listed(answer=replace(answer, citations=told, sentences=shown), stands=stands))
        return found

    def _standing(self, answer: ApprovedAnswer, day: date) -> ApprovedAnswer | None:
        sources = self._sources(answer.citations)
        standing = [sources.standing(each, day) for each in answer.citations]
        if None in standing:
            return None
        return replace(answer, citations=tuple(each for each in standing if each))

    def _may_withdraw(self, answer: ApprovedAnswer, sources: Sources) -> bool:
        return may_approve(self.reader, [answer.department, *sources.keepers(answer.citations)])

    def _office(self, keepers: Sequence[str], contact: Office | None) -> str:
        """Return the office that stands behind an answer.

        The reader's own where it keeps a source; an administrator acts for the keeper whom the answer names, else the first.
        """
        if is_keeper(self.reader.department, keepers) or not keepers:
            return self.reader.department or self.reader.name
        named = bare(contact.department) if contact else ""
        return next((each for each in keepers if named.startswith(bare(each))), keepers[0])

    def _sources(self, citations: Iterable[Citation]) -> Sources:
        return Sources(self.catalogue, citations, may_read=self.may_read)

    def _today(self) -> date:
        return self.now().date()


def _cited(answers: Iterable[Answer | ApprovedAnswer]) -> list[Citation]:
    return [citation for each in answers for citation in each.citations]
