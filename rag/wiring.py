"""Settings to working objects: the only room that sees all."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from rag.approval import Approvals
from rag.assembly.item import Finding
from rag.assembly.sheet import Overview, Sheet
from rag.assistant import Assistant, Event
from rag.domain import (
    SPOKEN_KINDS,
    Answer,
    Audience,
    Chunk,
    DocumentRecord,
    Hit,
    Kind,
    Question,
    Reader,
    State,
    Surrounding,
)
from rag.drafting.checks import check
from rag.drafting.comparing import compared_with
from rag.drafting.coverage import Meaning, sub_questions
from rag.drafting.house import House
from rag.drafting.ladder import Ladder, load_ladder
from rag.drafting.material import Material, Rules
from rag.drafting.story import Checked, Drafter
from rag.drafting.writing import RecutWriter
from rag.errors import BusyError, HomeError
from rag.evidence import remark_before
from rag.japanese.synonyms import load_synonyms
from rag.japanese.usual_names import load_usual_names
from rag.offices import OfficeTable, load_offices
from rag.ports import Catalogue, ChatModel, DraftWriter, Embedder, Journal, LexicalIndex, VectorIndex, VectorSearch
from rag.ranking.card import FILE_NAME, Maker
from rag.ranking.learned import LearnedOrder
from rag.retrieve import Retriever
from rag.rules.rulebook import Rulebook, RuleShelf
from rag.rules.surroundings import surroundings
from rag.rules.versions import other_days, versions
from rag.safety.authorise import may_read
from rag.safety.egress import Egress
from rag.settings import SearchSettings, Settings, StorageSettings, load_settings
from rag.stale import StaleAnswers

if TYPE_CHECKING:
    from rag.adapters.openai_batch import OpenAIBatch

HOME_VARIABLE = "KOTAE_HOME"
DEFAULT_HOME = ".kotae"


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """One home folder with everything that works on it."""

    path: Path
    models: Path
    """Where the repacked models lie."""
    settings: Settings
    catalogue: Catalogue
    journal: Journal
    embedder: Embedder
    lexical: LexicalIndex
    vectors: VectorIndex
    """Of the embedder of the settings; what serves may still be another one's."""
    served: VectorSearch
    retriever: Retriever
    shelf: RuleShelf
    order: LearnedOrder
    _chats: dict[str, ChatModel] = field(init=False, repr=False, compare=False, default_factory=dict)
    """The language model by its provider, once it was asked for: it remembers what its endpoint refused."""

    @contextmanager
    def writing(self, command: str) -> Iterator[None]:
        """Hold the one-writer lock of the home under this command's name; raises BusyError naming the holder."""
        from rag.adapters.lock import writer_lock

        with writer_lock(self.path, command):
            if self.lexical.revision() > self.catalogue.revision():
                # These indexes are of a catalogue that was lost or set back: its numbers would soon seem to be reached.
                self.refresh_indexes()
            yield

    def writer(self) -> str:
        """Name what writes to this home right now; empty: nothing does."""
        from rag.adapters.lock import holder

        return holder(self.path)

    def may_read(self, reader: Reader, audience: Audience) -> bool:
        """Tell whether a reader may read text of this audience, in the level scheme of this home."""
        return may_read(reader, audience, levels=self.settings.levels.order)

    def may_embed(self, audience: Audience) -> bool:
        """Tell whether text of this audience may be given to the embedding model."""
        return not self.embedder.is_remote or self._egress().allows(audience.level)

    def chat_model(self) -> ChatModel:
        """Return the writer of the settings; raises ModelSetupError for a missing key."""
        from rag.extractive import ExtractiveWriter

        provider = self.settings.chat.provider
        if provider == "extractive":
            return ExtractiveWriter(self.retriever.synonyms)
        if provider not in self._chats:
            from rag.adapters.chat import OpenAIChat

            self._chats.setdefault(provider, OpenAIChat(self.settings.chat, self._egress()))
        return self._chats[provider]

    def assistant(self, reader: Reader) -> Assistant:
        """Return the assistant for one reader's questions; raises ModelSetupError for a missing key."""
        from rag.extractive import ExtractiveWriter

        chat = self.chat_model()
        return Assistant(
            retrieve=lambda question: self.retriever.search(question, limit=self.settings.search.candidates // 4),
            records=self.catalogue.document,
            beside=self.beside,
            versions=lambda document_ids: self.versions(document_ids, reader),
            texts=self.catalogue.chunks_of,
            official=self.retriever.synonyms.find,
            another_day=self._another_day,
            chat=chat,
            inside=chat if isinstance(chat, ExtractiveWriter) else ExtractiveWriter(self.retriever.synonyms),
            offices=self.offices(reader),
            egress=self._egress(),
            settings=self.settings.answer,
            clock=time.monotonic,
            approved=self.approvals(reader).shown,
        )

    def drafter(self, reader: Reader) -> Drafter:
        """Return what drafts assembly answers for one reader; raises ModelSetupError and SettingsError."""
        ladder = load_ladder(self.path)
        inside = RecutWriter(ladder.level)
        writer = self._draft_writer() or inside
        house = House.learned(self._spoken(reader))
        return Drafter(
            search=lambda question, limit: self.retriever.search(question, limit=limit),
            records=self.catalogue.document,
            chunks_of=self.catalogue.chunks_of,
            questions_of=sub_questions,
            level=ladder.level,
            opens=house.opens,
            endings=house.endings,
            writer=writer,
            inside=inside,
            check=self._draft_check(ladder),
            compared=lambda past, paragraphs, day: compared_with(past, paragraphs, day, ladder=ladder),
            offices=self.offices(reader),
            egress=self._egress(),
            answer=self.settings.answer,
            settings=self.settings.draft,
            reader=reader,
            spoken_levels=frozenset(self.settings.levels.order[-1:]),
            version=sha256(repr(ladder.wordings).encode()).hexdigest()[:12],
            now=lambda: datetime.now().astimezone(),
        )

    def _draft_check(self, ladder: Ladder) -> Callable[[Checked], Sequence[Finding]]:
        """Return the checks of a draft, with what this home sets for them; what has the lowest level may be spoken in public."""
        settings = self.settings.draft
        rules = Rules(
            ladder=ladder,
            characters_a_minute=settings.characters_a_minute,
            minutes=settings.minutes,
            spoken_levels=frozenset(self.settings.levels.order[-1:]),
            synonyms=self.retriever.synonyms,
            meaning=self._meaning(),
        )
        return lambda checked: check(
            replace(checked.item, stance=checked.stance),
            checked.paragraphs,
            checked.past,
            [Material.of(each, read=checked.day) for each in checked.evidence],
            rules=replace(rules, day=checked.day),
            duplicates=checked.duplicates,
        )

    def _meaning(self) -> Meaning | None:
        """Return what compares questions and answers, always on this machine; None where chive was chosen for its speed."""
        if self.settings.embedding.provider == "chive":
            return None
        from rag.adapters.meaning import local_meaning

        return local_meaning(self.models)

    def write_sheet(self, sheet: Sheet, path: Path) -> None:
        """Write an answer sheet in Word, in the office's own form where the home has one; raises TemplateError."""
        from rag.adapters.word_sheet import own_template, write_sheet

        write_sheet(sheet, path, own_template(self.path), keep_paragraphs=self.settings.draft.keep_paragraphs)

    def write_template(self, path: Path) -> None:
        """Write the form that answer sheets are made from, for an office to change: its own, or the packaged one."""
        from rag.adapters.word_sheet import own_template, write_template

        write_template(path, own_template(self.path))

    def write_overview(self, overview: Overview, path: Path) -> None:
        """Write all sheets of a notice as one Excel book."""
        from rag.adapters.overview_book import write_overview

        write_overview(overview, path)

    def draft_batch(self) -> OpenAIBatch | None:
        """Return the batch route of the settings; None: drafts are asked for one by one. Raises ModelSetupError."""
        if not self.settings.draft.batch or self.settings.chat.provider == "extractive":
            return None
        from rag.adapters.openai_batch import OpenAIBatch

        return OpenAIBatch(self.settings.chat)

    def _draft_writer(self) -> DraftWriter | None:
        """Return the language model of the settings as a writer of drafts; None: there is none."""
        from rag.adapters.chat import OpenAIChat
        from rag.adapters.draft_chat import OpenAIDraftWriter

        if self.settings.chat.provider == "extractive":
            return None
        chat = self.chat_model()
        return OpenAIDraftWriter(
            chat if isinstance(chat, OpenAIChat) else OpenAIChat(self.settings.chat, self._egress())
        )

    def _spoken(self, reader: Reader) -> Iterator[Chunk]:
        """Yield what officials said, as far as the reader may read it."""
        for record in self._active(reader):
            if record.kind in SPOKEN_KINDS:
                yield from self.catalogue.chunks_of(record.id)

    def approvals(self, reader: Reader) -> Approvals:
        """Return the approved answers as this reader may see and change them."""
        return Approvals(
            journal=self.journal,
            catalogue=self.catalogue,
            reader=reader,
            may_read=lambda audience: self.may_read(reader, audience),
            now=lambda: datetime.now().astimezone(),
        )

    def stale_answers(self, reader: Reader) -> StaleAnswers:
        """Return the answers to check again, as this reader may know of them."""
        return StaleAnswers(
            journal=self.journal,
            catalogue=self.catalogue,
            reader=reader,
            may_read=lambda audience: self.may_read(reader, audience),
            now=lambda: datetime.now().astimezone(),
        )

    def rulebook(self, reader: Reader, day: date) -> Rulebook:
        """Return the rules that a reader may read, as of a day."""
        return Rulebook(shelf=self.shelf, records=self._active(reader), usual=self.retriever.usual, day=day)

    def versions(self, document_ids: Collection[str], reader: Reader) -> dict[str, list[DocumentRecord]]:
        """Return id → the versions of that document that a reader may read, the newest first; raises NotFoundError."""
        records = self._active(reader) if document_ids else []
        return {each: versions(self.catalogue.document(each), records) for each in document_ids}

    def _active(self, reader: Reader) -> list[DocumentRecord]:
        """Return the documents that can be searched and that a reader may read."""
        return [
            record
            for record in self.catalogue.documents()
            if record.state is State.ACTIVE and self.may_read(reader, record.audience)
        ]

    def _another_day(self, question: Question) -> Hit | None:
        days = other_days(self._active(question.reader), question.as_of)
        return self.retriever.on_other_days(question, days)

    def beside(self, question: Question) -> Callable[[Chunk], Iterator[Surrounding]]:
        """Return what a reader of a chunk needs beside it, most needed first, as far as the reader may see it."""
        rulebook = self.rulebook(question.reader, question.as_of)

        def beside(chunk: Chunk) -> Iterator[Surrounding]:
            if chunk.kind is Kind.RULES:
                yield from surroundings(chunk, rulebook, question=question.text)
            yield from remark_before(chunk, self.catalogue.chunks_of)

        return beside

    def offices(self, reader: Reader) -> OfficeTable:
        """Return the offices of the organisation tables that this reader may read."""
        return load_offices(self.catalogue, reader, levels=self.settings.levels.order, synonyms=self.retriever.synonyms)

    def ask(self, question: Question) -> Answer:
        """Answer one question through the chain of the assistant's steps."""
        from rag.adapters.chain import answer_chain

        return answer_chain(self.assistant(question.reader).steps()).invoke(question)

    def stream(self, question: Question) -> Iterator[Event]:
        """Yield what may be cited, each sentence once it is verified, at last the answer; raises ModelSetupError."""
        yield from self.assistant(question.reader).stream(question)

    def _egress(self) -> Egress:
        return Egress(self.settings.levels.order, self.settings.egress.level)

    def refresh_words(self) -> None:
        """Bring the word index to the catalogue's revision, also inside a transaction; the caller holds the lock."""
        self.lexical.update(revision=self.catalogue.revision())

    def refresh_indexes(self) -> None:
        """Bring both indexes to the catalogue's revision; the caller holds the lock.

        While vectors are missing, those that serve go on serving, with what has a vector of them.
        """
        revision = self.catalogue.revision()
        self.lexical.update(revision=revision)
        if not self.served.note_lacking():
            self.vectors.update(revision=revision)

    def catch_up(self) -> None:
        """Repair indexes that are behind the catalogue, unless a writer is at work right now.

        A run was killed, or another version of Kotae has built them.
        """
        revision = self.catalogue.revision()
        if self.lexical.revision() == revision and (self.vectors.generation() or not revision):
            return
        try:
            with self.writing("索引の更新"):
                self.refresh_indexes()
        except BusyError:  # the writer itself brings them up; until then the last whole state answers
            return


def home_path(given: str | None) -> Path:
    """Return the home folder: as given, else from the environment, else .kotae here."""
    return Path(given or os.environ.get(HOME_VARIABLE) or DEFAULT_HOME).absolute()


def open_home(path: Path, *, settings_from: Path | None = None) -> Home:
    """Open, or make, a home; raises SettingsError and StorageError.

    A temporary home takes settings and repacked models from the home `settings_from`, never its catalogue.
    """
    settings = load_settings(settings_from or path)
    if settings_from is not None:
        settings = settings.model_copy(update={"storage": StorageSettings()})
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise HomeError(
            f"{path}: ホームを作れません（{error.strerror}）。書き込める場所を --home で指定してください。"
        ) from error
    return _assemble(path, settings, settings_from or path)


def _assemble(path: Path, settings: Settings, own: Path) -> Home:
    from rag.adapters.catalogue import open_catalogue
    from rag.adapters.chive import open_word_vectors
    from rag.adapters.coverage import Coverage
    from rag.adapters.embedders import open_embedder, open_named
    from rag.adapters.expansion import Expansion
    from rag.adapters.journal import open_journal
    from rag.adapters.lexical import VERSION, TantivyIndex
    from rag.adapters.served import ServedVectors

    catalogue = open_catalogue(path, settings.storage.catalogue_url)
    embedder = open_embedder(own / "models", settings.embedding)
    words = open_word_vectors(own / "models")
    lexical = TantivyIndex(
        catalogue,
        path / "words",
        expansion=Expansion(words, count=settings.search.expansions, similarity=settings.search.expansion_similarity),
        coverage=Coverage(words),
    )

    served = ServedVectors(
        catalogue,
        embedder,
        open_named=lambda name: open_named(name, own / "models", settings.embedding),
        directory=path / "vectors",
        delta_share=settings.search.delta_share,
    )
    order = LearnedOrder(
        own / FILE_NAME,
        Maker(embedder=embedder.name, fusion=_fusion(settings.search, VERSION)),
        is_on=settings.search.ranker,
    )
    return Home(
        path=path,
        models=own / "models",
        settings=settings,
        catalogue=catalogue,
        journal=open_journal(path, settings.storage.catalogue_url),
        embedder=embedder,
        lexical=lexical,
        vectors=served.index,
        served=served,
        retriever=Retriever(
            catalogue=catalogue,
            lexical=lexical,
            vectors=served,
            synonyms=load_synonyms(own),
            usual=load_usual_names(own),
            settings=settings,
            reorder=order.reorder,
        ),
        shelf=RuleShelf(chunks_of=catalogue.chunks_of),
        order=order,
    )


def _fusion(search: SearchSettings, analysis: int) -> str:
    """Return the digest of what the fused scores come from beside the vectors."""
    numbers = search.model_dump(mode="json", exclude={"ranker", "delta_share"})
    return sha256(json.dumps([analysis, numbers], sort_keys=True).encode()).hexdigest()[:16]
