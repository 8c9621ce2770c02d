"""A small office in a home of its own: the hosts, a file that carries a payload, and questions to the real assistant.

The hosts are all there is: the sample prefecture has other rules for the same matters. Every question reaches the writer
(`answer.coverage` is 0) and every host the language model (`egress.level` is 2), since what is held back cannot do harm.
"""

from __future__ import annotations

import csv
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from streamlit.testing.v1 import AppTest

from ingest.reading import read_many
from ingest.report import SyncReport
from ingest.sync import Sync
from rag.adapters.chain import answer_chain
from rag.adapters.chat import OpenAIChat
from rag.domain import Answer, Chunk, DocumentRecord, Hit, Question, Reader, SearchResult
from rag.journal import Exchange
from rag.safety.egress import Egress
from rag.settings import ChatSettings
from rag.wiring import Home, open_home
from tests.bench.attack_cases import Corpus, Host
from tests.bench.attack_files import OTHER_OFFICE, OTHER_TITLE, Carrier, Piece, write_text
from tests.bench.attack_model import Model
from tests.scripted import Received, Script
from ui.shapes import answer_json
from ui.words import cli

DAY = date(2026, 11, 26)
READER = Reader(user="shokuin", name="職員", department="企画部地域振興課", max_level="2")
SETTINGS = '[embedding]\nprovider = "chive"\n\n[answer]\ncoverage = 0.0\n\n[egress]\nlevel = "2"\n'
OTHER_LEVEL = "1"
_READ_AS_MARKDOWN = (
    "markdown",
    "caption",
    "title",
    "header",
    "subheader",
    "button",
    "info",
    "warning",
    "error",
    "success",
)
"""Elements of Streamlit that make links and images of what they are given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file of the folder with what its office says of it."""

    name: str
    content: bytes
    title: str
    department: str
    level: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What became of a carrier on its way in."""

    record: DocumentRecord
    chunks: tuple[Chunk, ...]
    warnings: tuple[str, ...]
    """What the report of the run says of it."""
    reason: str
    """Why it was not taken in; empty: it was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One question with its answer and everything that it passed through."""

    question: str
    answer: Answer
    hits: tuple[Hit, ...]
    """All that was found in this turn."""
    requests: tuple[Received, ...]
    """What the language model was sent; empty: none was asked."""
    seconds: float

    @property
    def shown(self) -> str:
        """Return what the command line shows."""
        return cli.answer_text(answer_json(self.answer))

    @property
    def page(self) -> Page:
        """Return what the page shows."""
        return draw_page(self.question, self.answer)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What the page gives to the browser for one answer."""

    html: str
    markdown: str
    """What is shown by Streamlit's own elements, which read it as Markdown."""


@dataclass(slots=True, kw_only=True)
class World:
    """The home and the folder that is taken into it."""

    home: Home
    folder: Path
    corpus: Corpus
    script: Script

    def load_hosts(self) -> dict[str, Loaded]:
        """Bring in the hosts as they are, and nothing else; return what became of each."""
        report = self._take_in([_as_is(host) for host in self.corpus.hosts.values()])
        return {host: self._loaded(f"{host}.txt", report) for host in self.corpus.hosts}

    def load(self, carrier: Carrier) -> Loaded:
        """Bring in the hosts and this file, and nothing else."""
        host = self.corpus.hosts.get(carrier.replaces)
        name = f"{host.id if host else 'other'}.{carrier.suffix}"
        title, department, level = _label(host) if host else (OTHER_TITLE, OTHER_OFFICE, OTHER_LEVEL)
        own = File(name=name, content=carrier.content, title=title, department=department, level=level)
        others = [_as_is(each) for each in self.corpus.hosts.values() if each is not host]
        return self._loaded(name, self._take_in([*others, own]))

    def _take_in(self, files: Sequence[File]) -> SyncReport:
        for path in self.folder.iterdir():
            path.unlink()
        for file in files:
            (self.folder / file.name).write_bytes(file.content)
        with (self.folder / "labels.csv").open("w", encoding="utf-8", newline="") as labels:
            rows = csv.writer(labels)
            rows.writerow(("path", "title", "department", "level"))
            rows.writerows((file.name, file.title, file.department, file.level) for file in files)
        sync = Sync(
            catalogue=self.home.catalogue,
            embedder=self.home.embedder,
            may_embed=self.home.may_embed,
            settings=self.home.settings,
            read_many=lambda files: read_many(files, settings=self.home.settings.ingest),
            refresh=self.home.refresh_words,
        )
        with self.home.writing("bench"):
            report = sync.run([self.folder])
            self.home.refresh_indexes()
        return report

    def _loaded(self, name: str, report: SyncReport) -> Loaded:
        [record] = [each for each in self.home.catalogue.documents() if each.path == name]
        return Loaded(
            record=record,
            chunks=tuple(self.home.catalogue.chunks_of(record.id)),
            warnings=tuple(warning for path, warning in report.warnings if path == name),
            reason=next((reason for path, reason in report.failed if path == name), ""),
        )

    def ask(self, question: str, model: Model | None = None) -> Trial:
        """Ask with this language model, or with the writer that only quotes; through the chain of the real assistant."""
        found: list[SearchResult] = []
        assistant = self.home.assistant(READER)
        retrieve = assistant.retrieve

        def search(asked: Question) -> SearchResult:
            found.append(retrieve(asked))
            return found[-1]

        assistant = replace(assistant, retrieve=search)
        self.script.forget()
        if model is not None:
            self.script.writer = model
            assistant = replace(assistant, chat=self._chat())
        started = time.monotonic()
        answer = answer_chain(assistant.steps()).invoke(Question(text=question, as_of=DAY, reader=READER))
        return Trial(
            question=question,
            answer=answer,
            hits=tuple(hit for result in found for hit in result.hits),
            requests=tuple(self.script.requests),
            seconds=time.monotonic() - started,
        )

    def _chat(self) -> OpenAIChat:
        settings = self.home.settings
        chat = ChatSettings(provider="openai", base_url=f"{self.script.url}/v1", attempts=1)
        egress = Egress(settings.levels.order, settings.egress.level)
        return OpenAIChat(chat, egress, environment={"OPENAI_API_KEY": "test"})


def _as_is(host: Host) -> File:
    title, department, level = _label(host)
    content = write_text([Piece(text=host.text)])
    return File(name=f"{host.id}.txt", content=content, title=title, department=department, level=level)


def _label(host: Host) -> tuple[str, str, str]:
    return host.title, host.department, host.level


@contextmanager
def open_world(folder: Path, corpus: Corpus, script: Script) -> Iterator[World]:
    """Make the home and the folder of documents below a folder."""
    home, documents = folder / "home", folder / "文書"
    for each in (home, documents):
        each.mkdir(parents=True, exist_ok=True)
    (home / "settings.toml").write_text(SETTINGS, encoding="utf-8")
    yield World(home=open_home(home), folder=documents, corpus=corpus, script=script)


def draw_page(question: str, answer: Answer) -> Page:
    """Draw an answer with its sources as the page does."""
    exchange = Exchange(
        id="0", conversation_id="0", user="", asked_at=datetime.now(UTC), question=question, as_of=DAY, answer=answer
    )
    app = AppTest.from_function(_screen, default_timeout=60, kwargs={"exchange": exchange}).run()
    if app.exception:
        raise RuntimeError(app.exception[0].message)
    others = [each for kind in _READ_AS_MARKDOWN for each in app.get(kind)]
    return Page(
        html="\n".join(each.proto.body for each in app.get("html")),
        markdown="\n".join(str(getattr(each, "value", "") or getattr(each, "label", "")) for each in others),
    )


def _screen(exchange) -> None:  # type: ignore[no-untyped-def]  # Streamlit runs the text of this function alone
    from ui.drawing import draw
    from ui.state import PageState
    from ui.views.answer import question_markup, show_exchange

    draw(question_markup(exchange.question))
    show_exchange(exchange, PageState(), is_hidden=False)
