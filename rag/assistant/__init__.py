"""The story of one question: screen – find – choose – write – check – mend – compare – cite, or decline."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from rag.assistant.changes import changes
from rag.assistant.citing import Ledger, closing, nearest
from rag.assistant.clarify import to_choose
from rag.assistant.conflicts import conflicts
from rag.assistant.days import not_in_force, other_day
from rag.assistant.missing import missing_words
from rag.assistant.office import office_to_ask
from rag.assistant.turn import Turn, decline, ending, note_failure
from rag.domain import (
    Answer,
    AnswerStatus,
    ApprovedAnswer,
    Chunk,
    DocumentRecord,
    Evidence,
    Hit,
    HitScore,
    Kind,
    Part,
    Question,
    SearchResult,
    Sentence,
    Surrounding,
)
from rag.errors import ModelError, QuestionError
from rag.evidence import choose_evidence
from rag.japanese.followups import standing_alone
from rag.japanese.references import Place, references
from rag.ports import ChatModel, OfficeFinder
from rag.remarks import at_named_sitting
from rag.safety.egress import Egress
from rag.safety.personal import is_personal
from rag.settings import AnswerSettings
from rag.verify import CITED_PARTS, verify

QUOTES_ONLY = "言語モデルは使っていません。原文の引用だけで組み立てた回答です。"
QUOTED_INSTEAD = (
    "言語モデルの文は、原文と照らし合わせて確かめられませんでした。代わりに、原文の引用だけで組み立てました。"
)
WITHHELD = "区分が高いため外部の言語モデルに渡さなかった資料があります: {titles}。原文を開いて確かめてください。"
WITHHELD_ALL = "見つかった資料は区分が高いため、外部の言語モデルに渡していません。"
DROPPED = "原文と照らし合わせて確かめられなかった文を{count}文、除きました。"

KEPT_HITS = 10
"""How many of the hits an answer names, best first, cited or not."""

NOTHING_TO_READ = "読める文書がありません。kotae ingest で文書を取り込むか、閲覧できる区分を管理者に確かめてください。"
NO_SUCH_CLAUSE = "「{clauses}」は、取り込んだ文書のその時点の規定に見当たりません。規程名と条番号を確かめてください。"

Event = tuple[Evidence, ...] | Sentence | Answer
"""What a stream yields: the evidence once, each verified sentence, at last the answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assistant:
    """Answers questions with the parts that wiring hands it."""

    retrieve: Callable[[Question], SearchResult]
    records: Callable[[str], DocumentRecord]
    beside: Callable[[Question], Callable[[Chunk], Iterable[Surrounding]]]
    """Question → what makes a chunk readable that it found, most needed first."""
    versions: Callable[[Collection[str]], Mapping[str, Sequence[DocumentRecord]]]
    """Document ids → the versions of each that the reader may read, the newest first; itself alone where there is no other."""
    texts: Callable[[str], Sequence[Chunk]]
    """Document id → its chunks in reading order."""
    official: Callable[[str], Mapping[str, tuple[str, ...]]]
    """Question → its everyday phrases, each with the official words that may stand for it."""
    another_day: Callable[[Question], Hit | None]
    """What answers a question on another day than the one asked for; None: nothing does."""
    chat: ChatModel
    inside: ChatModel
    """The writer that needs no language model: takes over where nothing may leave; may be `chat` itself."""
    offices: OfficeFinder
    egress: Egress
    settings: AnswerSettings
    clock: Callable[[], float]
    """Seconds of a clock that only goes forward."""
    approved: Callable[[Question], ApprovedAnswer | None] = lambda _question: None
    """What the office approved for the same question, as far as it stands and the reader may read it; None: nothing."""

    def ask(self, question: Question) -> Answer:
        """Answer in one go; raises QuestionError for a question that cannot be used, and no error of a model."""
        state: Any = question
        for _, step in self.steps():
            state = step(state)
        return state if isinstance(state, Answer) else self.cite(state)

    def steps(self) -> tuple[tuple[str, Callable[[Any], Any]], ...]:
        """Return the eight steps in order, the first from a Question, the last to an Answer: what a chain joins."""
        return (
            ("screen", self.screen),
            ("find", self.find),
            ("choose", self.choose),
            ("write", self.write),
            ("check", self.check),
            ("mend", self.mend),
            ("compare", self.compare),
            ("cite", self.cite),
        )

    def stream(self, question: Question) -> Iterator[Event]:
        """Yield the evidence, then each sentence once it is verified, then the answer."""
        turn = self.choose(self.find(self.screen(question)))
        ledger = Ledger(turn.evidence)
        if turn.status is None:
            yield turn.evidence
        failure: list[ModelError] = []
        for sentence in self._draft(turn, failure):
            before = len(turn.kept)
            turn = self.check(replace(turn, drafted=(sentence,)))
            yield from map(ledger.number, turn.kept[before:])
        turn = note_failure(turn, failure)
        before = len(turn.kept)
        turn = self.compare(self.mend(turn))
        yield from map(ledger.number, turn.kept[before:])
        yield self._finish(turn, ledger)

    def screen(self, question: Question) -> Turn:
        """Refuse what is no question, and end what asks for a person's private matters."""
        text = read_text(question.text, longest=self.settings.question_characters)
        whole = standing_alone(text, question.earlier)
        turn = Turn(
            question=replace(question, text=whole),
            read_as=whole if whole != text else "",
            started=self.clock(),
            writer=self.chat,
        )
        is_private = is_personal(whole) or (whole != text and is_personal(text, question.earlier))
        return replace(turn, status=AnswerStatus.DECLINED_PERSONAL) if is_private else turn

    def find(self, turn: Turn) -> Turn:
        """Search, and end where the documents do not speak of the question, or of several things that it may mean.

        A private matter is not searched for.
        """
        if turn.status is not None:
            return turn
        result = self.retrieve(turn.question)
        turn = replace(turn, result=result, warnings=(*turn.warnings, *result.warnings))
        if not result.audiences:
            return decline(turn, NOTHING_TO_READ)
        named = any("reference" in hit.found_by for hit in result.hits)
        asked = _named_clauses(turn.question.text)
        if asked and not named:
            return decline(turn, NO_SUCH_CLAUSE.format(clauses="、".join(asked)))
        if not result.hits or (result.coverage < self.settings.coverage and not named):
            return decline(turn)
        choices = to_choose(turn.question.text, result.hits) if turn.question.may_ask_back and not named else ()
        return replace(turn, status=AnswerStatus.CLARIFY, choices=choices) if choices else turn

    def choose(self, turn: Turn) -> Turn:
        """Number the evidence that is in force and may be given to the writer."""
        if turn.status is not None:
            return turn
        hits = [hit for hit in turn.result.hits if hit.chunk.period.contains(turn.question.as_of)]
        found = choose_evidence(
            at_named_sitting(hits, turn.question),
            self.records,
            count=self.settings.evidence_count,
            tokens=self.settings.evidence_tokens,
            beside=self._beside(turn.question),
            model=self.chat.name,
        )
        if not found:
            return replace(turn, status=AnswerStatus.DECLINED_NO_EVIDENCE)
        if self.chat is self.inside:
            return replace(turn, evidence=found)
        released = self.egress.release(found)
        if not released:
            return replace(turn, evidence=found, writer=self.inside, warnings=(*turn.warnings, WITHHELD_ALL))
        withheld = dict.fromkeys(item.title for item in found if item not in released)
        warnings = (WITHHELD.format(titles="、".join(withheld)),) if withheld else ()
        return replace(turn, evidence=released, warnings=(*turn.warnings, *warnings))

    def _beside(self, question: Question) -> Callable[[Chunk], Iterable[Surrounding]]:
        """Return what may stand beside a chunk for a language model: what may not be given to it stays out.

        The writer that only quotes needs none: it may not quote it.
        """
        if self.chat is self.inside:
            return lambda _chunk: ()
        beside, allows = self.beside(question), self.egress.allows
        return lambda chunk: (each for each in beside(chunk) if allows(each.chunk.audience.level))

    def write(self, turn: Turn) -> Turn:
        """Let the writer draft; a writer that fails ends the story with what it wrote before."""
        failure: list[ModelError] = []
        return note_failure(replace(turn, drafted=tuple(self._draft(turn, failure))), failure)

    def check(self, turn: Turn) -> Turn:
        """Sort the draft into what stands up to verification and what does not; what is said again is left out."""
        said = {(sentence.part, sentence.text) for sentence in turn.kept}
        new = dict.fromkeys(each for each in turn.drafted if (each.part, each.text) not in said)
        checked = verify(new, turn.evidence, turn.question)
        return replace(
            turn,
            drafted=(),
            kept=turn.kept + tuple(sentence for sentence in checked if sentence.verified),
            refused=turn.refused + tuple(sentence for sentence in checked if not sentence.verified),
        )

    def mend(self, turn: Turn) -> Turn:
        """Let the writer replace what was refused, once; where nothing of a language model stands, quotes take its place."""
        if turn.status is not None:
            return turn
        mended = self._mended(turn) if turn.refused else turn
        is_doubtful = mended.writer is not self.inside and (mended.refused or mended.is_lacking)
        return self._quoted(mended) if is_doubtful and not mended.kept else mended

    def _mended(self, turn: Turn) -> Turn:
        try:
            drafted = tuple(turn.writer.repair(turn.question, turn.evidence, turn.refused))
        except ModelError as error:
            return replace(turn, warnings=(*turn.warnings, str(error)))
        mended = [sentence for sentence in drafted if sentence.part in CITED_PARTS]
        checked = verify(mended, turn.evidence, turn.question)
        said = {sentence.text for sentence in turn.kept}
        good = tuple(sentence for sentence in checked if sentence.verified and sentence.text not in said)
        left = max(0, len(turn.refused) - len(good))
        return replace(turn, kept=turn.kept + good, refused=turn.refused[:left])

    def _quoted(self, turn: Turn) -> Turn:
        """Return the turn with what quotes alone say; as it was where they say nothing."""
        quoted = [each for each in self.inside.write(turn.question, turn.evidence) if each.part in CITED_PARTS]
        kept = tuple(each for each in verify(quoted, turn.evidence, turn.question) if each.verified)
        if not kept:
            return turn
        return replace(turn, kept=kept, writer=self.inside, is_lacking=True, warnings=(*turn.warnings, QUOTED_INSTEAD))

    def compare(self, turn: Turn) -> Turn:
        """Set beside the answer what other sources say otherwise on the same points."""
        if turn.status is not None or not turn.kept:
            return turn
        others, told = conflicts(turn.kept, turn.evidence, turn.question)
        checked = verify(others, turn.evidence, turn.question)
        shown = tuple(sentence for sentence in checked if sentence.verified)
        return replace(turn, kept=turn.kept + shown, warnings=(*turn.warnings, *told))

    def cite(self, turn: Turn) -> Answer:
        """Number the quotes, add whom to ask and the version, and name the ending."""
        return self._finish(turn, Ledger(turn.evidence))

    def _draft(self, turn: Turn, failure: list[ModelError]) -> Iterator[Sentence]:
        """Yield the writer's sentences; parts that code writes are left out; what the writer raised is left in `failure`."""
        if turn.status is not None:
            return
        try:
            for sentence in turn.writer.write(turn.question, turn.evidence):
                if sentence.part in CITED_PARTS:
                    yield sentence
        except ModelError as error:
            failure.append(error)

    def _finish(self, turn: Turn, ledger: Ledger) -> Answer:
        status = turn.status or ending(turn)
        shown = sorted((ledger.number(sentence) for sentence in turn.kept), key=lambda one: list(Part).index(one.part))
        cited = [item for item in turn.evidence if item.number in ledger.used]
        spoken_of = [*cited, *turn.evidence] if turn.refused else cited
        office = office_to_ask(self.offices, turn.question, turn.result, spoken_of, records=self.records)
        warnings = list(turn.warnings)
        if status is AnswerStatus.DECLINED_NO_EVIDENCE and (hit := self.another_day(turn.question)) is not None:
            warnings.append(not_in_force(hit, turn.question.as_of))
        told = other_day(turn.question.text, turn.question.as_of)
        if told and any(item.chunk.kind is Kind.RULES for item in cited):
            warnings.append(told)
        if shown:
            chains = self.versions({item.chunk.document_id for item in cited if item.chunk.kind is Kind.RULES})
            shown += closing(cited, office, turn.question, chains)
            warnings += changes(cited, chains, turn.question.as_of, texts=self.texts, days=self.settings.change_days)
            if turn.refused:
                warnings.append(DROPPED.format(count=len(turn.refused)))
            if turn.writer is self.inside and not turn.is_lacking:
                warnings.append(QUOTES_ONLY)
        return Answer(
            status=status,
            sentences=tuple(shown),
            citations=tuple(ledger.citations),
            contact=office,
            nearest=()
            if status in (AnswerStatus.ANSWERED, AnswerStatus.PARTIAL)
            else nearest(turn.result, turn.question),
            choices=turn.choices,
            read_as=turn.read_as,
            missing=missing_words(turn.question.text, cited, self.official(turn.question.text)) if shown else (),
            warnings=tuple(dict.fromkeys(warnings)),
            as_of=turn.question.as_of,
            model=turn.writer.name,
            prompt=turn.writer.prompt,
            seconds=self.clock() - turn.started,
            hits=tuple(HitScore.of(hit) for hit in turn.result.hits[:KEPT_HITS]),
            approved=self.approved(turn.question),
        )


def read_text(text: str, *, longest: int) -> str:
    """Return the text of a question without outer white space; raises QuestionError where nobody could answer it."""
    stripped = text.strip()
    if not stripped:
        raise QuestionError("質問が空です。知りたいことを1文で書いてください。")
    if "\0" in stripped or stripped.encode(errors="ignore").decode() != stripped:
        raise QuestionError("質問に、文字として読めない符号が含まれています。UTF-8で書き直してください。")
    if len(stripped) > longest:
        raise QuestionError(
            f"質問が長すぎます（{len(stripped)}字）。{longest}字以内にまとめるか、いくつかに分けてください。"
        )
    return stripped


def _named_clauses(text: str) -> list[str]:
    """Return the articles that a question names with their rule, as written."""
    return [
        found.span.of(text)
        for found in references(text)
        if found.law and found.article and found.place is Place.MAIN and not found.relative
    ]
