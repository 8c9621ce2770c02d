"""The story of one assembly item: past answers – evidence – draft – verify – check – sheet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Protocol

from rag.assembly.item import (
    AnswerPart,
    Drafted,
    DraftRequest,
    Finding,
    Item,
    Paragraph,
    PastAnswer,
    Stance,
)
from rag.assembly.sheet import Compared, Sheet
from rag.domain import Chunk, Citation, DocumentRecord, Evidence, Part, Problem, Question, Reader, Sentence
from rag.drafting.assigning import PastLine, propose
from rag.drafting.material import Duplicate
from rag.drafting.paragraphs import citations_of, follow_ups, joined, sentence_of, topic_of
from rag.drafting.past import KINDS, Search, numbered, past_answers
from rag.drafting.rechecking import Edited, edited_paragraphs
from rag.evidence import choose_evidence
from rag.japanese.text import find_quote
from rag.japanese.words import content_nouns
from rag.ports import DraftWriter, OfficeFinder
from rag.safety.egress import Egress
from rag.settings import AnswerSettings, DraftSettings
from rag.verify import verify

REFUSED = "原文と照らし合わせて確かめられません（{problems}）。原文を見て直してください"
STRONGER = "引いた文より強い約束です。言い回しを確かめてください"
DROPPED = "確かめられなかった文を{count}文、外しました。"
WITHHELD = "区分が高いため外部の言語モデルに渡さなかった資料があります: {titles}"
QUOTED_INSTEAD = "言語モデルの文が確かめられなかったため、過去の答弁の文で組み立てました。"
MUST_GO = frozenset(
    {
        Problem.FIGURE_NOT_IN_SOURCE,
        Problem.DATE_NOT_IN_SOURCE,
        Problem.NEGATION_FLIPPED,
        Problem.OBLIGATION_FLIPPED,
        Problem.NAME_NOT_IN_SOURCE,
        Problem.CLAUSE_NOT_IN_SOURCE,
        Problem.QUOTE_NOT_FOUND,
        Problem.UNKNOWN_CITATION,
        Problem.NOT_IN_FORCE,
    }
)
"""What a draft may not even show to be confirmed: it would be read as a fact."""
PROBLEMS: Mapping[Problem, str] = {
    Problem.UNCITED: "根拠の番号がない",
    Problem.UNSUPPORTED: "資料から言えることを超えている",
}
OFFICE = "主担当課の案の理由: {reason}"
OPENING = "お答えいたします。"
"""Of an answer to words that name no topic (「いかがか。」)."""
PAST_EVIDENCE = 8


class BatchedWriter(DraftWriter, Protocol):
    """A writer whose texts may also be ordered all at once."""

    def body(self, request: DraftRequest) -> dict[str, Any]:
        """Return the request for one item as an order takes it; raises DeniedError."""

    def read(self, pieces: Iterable[str]) -> Iterator[Drafted]:
        """Yield the sentences of a text that came back; raises ModelTextError."""

    def asked_text(self, request: DraftRequest) -> str:
        """Return all that is sent for one item, to count it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What the checks are given."""

    item: Item
    questions: tuple[str, ...]
    paragraphs: tuple[Paragraph, ...]
    past: tuple[PastAnswer, ...]
    evidence: tuple[Evidence, ...]
    stance: Stance
    day: date
    duplicates: tuple[Duplicate, ...] = ()
    """Drafts of other items of the notice that ask the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafter:
    """Drafts the answers of one notice with the parts that wiring hands it. Threads may share it."""

    search: Search
    records: Callable[[str], DocumentRecord]
    chunks_of: Callable[[str], Sequence[Chunk]]
    questions_of: Callable[[str], Sequence[str]]
    """The text of an item → what it asks, one by one."""
    level: Callable[[str], int]
    """How strongly a sentence commits."""
    opens: Callable[[str], str]
    """Topic → the first sentence of an answer, as this house begins one."""
    endings: tuple[str, ...]
    writer: DraftWriter
    inside: DraftWriter
    """The writer that needs no language model; may be `writer` itself."""
    check: Callable[[Checked], Sequence[Finding]]
    compared: Callable[[PastAnswer, Sequence[Paragraph], date], Compared]
    offices: OfficeFinder
    egress: Egress
    answer: AnswerSettings
    settings: DraftSettings
    reader: Reader
    spoken_levels: frozenset[str]
    """Levels of documents that may be spoken of in the chamber; what was said there may be said again."""
    version: str
    """Changes with the ladder and the checks: a draft of before is then made anew."""
    now: Callable[[], datetime]

    def request(self, item: Item, *, day: date, stance: Stance) -> DraftRequest:
        """Return what a writer is given for an item: past answers and evidence, and how to answer."""
        topic = topic_of(item)
        sought = replace(item, headings=(item.background,)) if not content_nouns(item.topic) else item
        past = numbered(
            past_answers(
                sought, search=self.search, chunks_of=self.chunks_of, level=self.level, reader=self.reader, day=day
            )
        )
        return DraftRequest(
            item=item,
            questions=tuple(self.questions_of(item.text)) or (item.text,),
            past=past,
            evidence=self._evidence(sought, past, day),
            stance=item.stance or stance,
            opening=self.opens(topic) if content_nouns(topic) else OPENING,
            endings=self.endings,
            characters=self.settings.characters,
            day=day,
        )

    def _evidence(self, item: Item, past: Sequence[PastAnswer], day: date) -> tuple[Evidence, ...]:
        """Return the chunks of the past answers, then what rules, notices and FAQ say, numbered from 1."""
        spoken = [
            chunk
            for answer in past
            for chunk in self.chunks_of(answer.citation.document_id)
            if chunk.text.strip() and find_quote(chunk.text.strip(), answer.text) is not None
        ]
        found = self.search(Question(text=item.topic, as_of=day, reader=self.reader), self.answer.evidence_count * 3)
        others = choose_evidence(
            [hit for hit in found.hits if self._may_be_spoken(hit.chunk) and hit.chunk.period.contains(day)],
            self.records,
            count=self.answer.evidence_count // 2,
            tokens=self.answer.evidence_tokens // 2,
            model=self.writer.name,
        )
        known = dict.fromkeys(chunk.id for chunk in spoken)
        own = [next(chunk for chunk in spoken if chunk.id == key) for key in known][:PAST_EVIDENCE]
        said = [
            Evidence(number=0, chunk=chunk, title=chunk.title, department=self.records(chunk.document_id).department)
            for chunk in own
        ]
        return tuple(replace(each, number=number) for number, each in enumerate([*said, *others], 1))

    def _promises_more(self, drafted: Drafted, cited: Sequence[Citation], request: DraftRequest) -> bool:
        """Tell whether a sentence commits to more than the sentences that it cites."""
        level = self.level(drafted.text)
        texts = {each.chunk.id: each.chunk.text for each in request.evidence}
        held = [self.level(sentence_of(each.quote, texts[each.chunk_id])) for each in cited]
        return level > 0 and not any(0 < each <= level for each in held)

    def _may_be_spoken(self, chunk: Chunk) -> bool:
        return chunk.kind not in KINDS and chunk.audience.level in self.spoken_levels

    def released(self, request: DraftRequest) -> tuple[DraftRequest, tuple[str, ...]]:
        """Return a request without what may not be given to a language model, and the titles of what was kept back."""
        kept = self.egress.release(request.evidence)
        held = tuple(dict.fromkeys(each.title for each in request.evidence if each not in kept))
        numbers = {each.number: at for at, each in enumerate(kept, 1)}
        evidence = tuple(replace(each, number=numbers[each.number]) for each in kept)
        return replace(request, evidence=evidence), held

    def asked_text(self, request: DraftRequest) -> str:
        """Return all that would be sent to the language model for an item; empty without one."""
        text = getattr(self.writer, "asked_text", None)
        given, _ = self.released(request)
        return str(text(given)) if text and given.evidence else ""

    def draft(self, request: DraftRequest, *, sitting: str) -> Sheet:
        """Return the sheet of one item; raises ModelError where the language model fails."""
        if self.writer is self.inside:
            return self.sheet(request, list(self.inside.write(request)), sitting=sitting, writer=self.inside)
        given, held = self.released(request)
        if not given.evidence:
            return self.sheet(request, list(self.inside.write(request)), sitting=sitting, writer=self.inside, held=held)
        return self.sheet(given, list(self.writer.write(given)), sitting=sitting, writer=self.writer, held=held)

    def sheet(
        self,
        request: DraftRequest,
        drafted: Sequence[Drafted],
        *,
        sitting: str,
        writer: DraftWriter,
        held: Sequence[str] = (),
    ) -> Sheet:
        """Return the sheet of what was drafted: verified, joined to paragraphs, checked, with past answers and follow-ups."""
        paragraphs, notes = self._paragraphs(request, drafted, is_recut=writer is self.inside)
        if writer is not self.inside and not any(each.citations for each in paragraphs):
            paragraphs, _ = self._paragraphs(request, list(self.inside.write(request)), is_recut=True)
            notes, writer = [*notes, QUOTED_INSTEAD], self.inside
        if held:
            notes = [*notes, WITHHELD.format(titles="、".join(held))]
        proposal = propose(
            request.item, self.offices, [PastLine(post=_post(each), keeper="", text=each.text) for each in request.past]
        )
        notes = [*notes, OFFICE.format(reason=proposal.reason)]
        office = self.offices.find(request.item.topic, department=proposal.office)
        return Sheet(
            item=request.item,
            made_at=self.now(),
            sitting=sitting,
            day=request.day,
            office=proposal.office,
            contact=f"内線 {office.extension}" if office and office.extension else "",
            paragraphs=paragraphs,
            past_answers=tuple(self.compared(each, paragraphs, request.day) for each in request.past),
            follow_ups=follow_ups(request, paragraphs),
            findings=tuple(self.check(checked_of(request, paragraphs))),
            notes=tuple(notes),
            asked=len(request.questions),
            model=writer.name,
            characters_a_minute=self.settings.characters_a_minute,
        )

    def rechecked(
        self, sheet: Sheet, edited: Sequence[Edited], request: DraftRequest, duplicates: Sequence[Duplicate] = ()
    ) -> Sheet:
        """Return a sheet as a person edited it: what was written anew held against its quotes, and every check run again."""
        asked = Question(text=request.item.topic, as_of=request.day, reader=self.reader)
        paragraphs = edited_paragraphs(edited, chunks_of=self.chunks_of, asked=asked)
        return replace(
            sheet,
            made_at=self.now(),
            day=request.day,
            paragraphs=paragraphs,
            past_answers=tuple(self.compared(each, paragraphs, request.day) for each in request.past),
            follow_ups=follow_ups(request, paragraphs),
            findings=tuple(self.check(checked_of(request, paragraphs, duplicates))),
            asked=len(request.questions),
        )

    def _paragraphs(
        self, request: DraftRequest, drafted: Sequence[Drafted], *, is_recut: bool
    ) -> tuple[tuple[Paragraph, ...], list[str]]:
        """Join what stands up to verification into one paragraph a part; what cannot be shown even to be confirmed is left out."""
        first = Paragraph(part=AnswerPart.RESTATEMENT, text=request.opening)
        kept: list[tuple[Drafted, tuple[Citation, ...]]] = []
        dropped = 0
        for each in drafted:
            if each.part is AnswerPart.RESTATEMENT and not each.citations:
                continue  # how an answer begins is not left to a writer
            if is_recut or (each.needs_confirming and not each.citations):
                kept.append((each, citations_of(each, request.evidence)))
                continue
            found = self._verified(each, request)
            if found is None:
                dropped += 1
            else:
                kept.append(found)
        notes = [DROPPED.format(count=dropped)] if dropped else []
        return (first, *joined(kept)), notes

    def _verified(self, drafted: Drafted, request: DraftRequest) -> tuple[Drafted, tuple[Citation, ...]] | None:
        """Return a sentence with its citations, marked where a person must confirm it; None: it may not be shown."""
        sentence = Sentence(part=Part.BASIS, text=drafted.text, citations=drafted.citations, quotes=drafted.quotes)
        asked = Question(text=request.item.topic, as_of=request.day, reader=self.reader)
        [checked] = verify([sentence], request.evidence, asked)
        cited = citations_of(replace(drafted, citations=checked.citations), request.evidence)
        if checked.verified:
            if not self._promises_more(drafted, cited, request):
                return drafted, cited
            return replace(drafted, needs_confirming=True, changes=(*drafted.changes, STRONGER)), cited
        if MUST_GO & set(checked.problems):
            return None
        told = REFUSED.format(problems="、".join(PROBLEMS.get(each, each.value) for each in checked.problems))
        return replace(drafted, needs_confirming=True, changes=(*drafted.changes, told)), cited


def checked_of(request: DraftRequest, paragraphs: Sequence[Paragraph], duplicates: Sequence[Duplicate] = ()) -> Checked:
    """Return what the checks are given for a draft."""
    return Checked(
        item=request.item,
        questions=request.questions,
        paragraphs=tuple(paragraphs),
        past=request.past,
        evidence=request.evidence,
        stance=request.stance,
        day=request.day,
        duplicates=tuple(duplicates),
    )


def _post(answer: PastAnswer) -> str:
    """Return the post of who gave an answer: 知事 of 知事（標本大介）."""
    return answer.official.partition("（")[0]
