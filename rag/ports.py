"""The sockets between the stories and the vendors: what each adapter must do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from types import MappingProxyType
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from rag.assembly.item import Drafted, DraftRequest
from rag.domain import (
    Audience,
    Chunk,
    DocumentRecord,
    EmbeddingLoad,
    Evidence,
    GivenLabels,
    Office,
    Question,
    QuestionVector,
    Scope,
    Sentence,
)
from rag.journal import Approval, Conversation, Exchange, Feedback, FeedbackState, IngestRun

Matrix = NDArray[np.float32]


class Embedder(Protocol):
    """Text to vectors, in the shape of LangChain's `Embeddings`, with a name that the cache can rely on."""

    @property
    def name(self) -> str:
        """Name model, dimension and weighting: equal names give equal vectors."""

    @property
    def dimension(self) -> int:
        """Length of every vector."""

    @property
    def is_remote(self) -> bool:
        """Tell whether texts are sent to another machine, which takes time and may cost money."""

    def measure(self, texts: Sequence[str]) -> EmbeddingLoad:
        """Return what would be sent for these texts; nothing where the model works inside."""

    def embed_parts(self, texts: Sequence[str]) -> Iterator[Mapping[int, Sequence[float]]]:
        """Yield position in `texts` → unit vector for each part when it is done: who keeps it need not ask again.

        Nothing more is sent before the next part is asked for. Raises ModelError.
        """

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return one unit vector a text, in order; a text without a known word gives zeros."""

    def embed_query(self, text: str) -> list[float]:
        """Return the unit vector of a question."""


class Catalogue(Protocol):
    """The truth: documents, chunks, embeddings; indexes are caches of it.

    Every change of chunks raises `revision` by one inside the same transaction. A chunk row keeps the revision that added
    it; a removed chunk leaves a tombstone with the revision that removed it, so an index can catch up from any revision.
    """

    def batch(self) -> AbstractContextManager[None]:
        """Join every call of this thread inside the block into one transaction; an error that leaves it undoes all."""

    def revision(self) -> int:
        """Return the number of the last change; 0 for a new catalogue."""

    def documents(self) -> list[DocumentRecord]:
        """Return every document of every state, ordered by source and path."""

    def document(self, document_id: str) -> DocumentRecord:
        """Return one document; raises NotFoundError."""

    def put_document(self, record: DocumentRecord, chunks: Sequence[Chunk], *, vectors: Mapping[str, Matrix]) -> int:
        """Replace a document and its chunks in one transaction and return the new revision.

        `vectors` maps chunk id to a float32 vector of the current embedder for the chunks that are new; chunks whose id is
        already there are kept as they are.
        """

    def update_document(self, record: DocumentRecord) -> None:
        """Store changed facts of a document (rename, state) without touching its chunks."""

    def remove_document(self, document_id: str) -> int:
        """Delete a document and its chunks and return the new revision."""

    def chunks(self, chunk_ids: Sequence[str]) -> dict[str, Chunk]:
        """Return the chunks that are there, by id."""

    def chunks_of(self, document_id: str) -> list[Chunk]:
        """Return a document's chunks in reading order."""

    def all_chunks(self, *, since: int = 0) -> Iterator[Chunk]:
        """Yield the chunks of active documents that were added after revision `since`."""

    def removed_since(self, revision: int) -> list[tuple[str, Audience]]:
        """Return id and audience of the chunks that were removed after `revision`."""

    def audiences(self) -> list[Audience]:
        """Return every audience that has a chunk."""

    def vectors(self, chunk_ids: Sequence[str], *, model: str) -> dict[str, Matrix]:
        """Return the stored vectors of these chunks for one embedder name."""

    def cached_vectors(self, text_hashes: Sequence[str], *, model: str) -> dict[str, Matrix]:
        """Return vectors by sha256 of the embedded text, for texts seen before."""

    def store_vectors(self, vectors: Mapping[str, Matrix], *, model: str) -> None:
        """Keep vectors by sha256 of the embedded text."""

    def chunks_without_vector(self, *, model: str, dimension: int = 0) -> Iterator[Chunk]:
        """Yield the chunks of active documents whose text has no vector of this embedder.

        With a `dimension`, a vector of so many zeros counts as none. Vectors may be stored meanwhile.
        """

    def count_without_vector(self, *, model: str) -> int:
        """Count the chunks of active documents whose text has no vector of this embedder."""

    def has_vectors(self, *, model: str, dimension: int) -> bool:
        """Tell whether a chunk of an active document has a vector of this embedder that is not zero."""

    def sources(self) -> list[str]:
        """Return the folders that were given to ingest, as absolute paths."""

    def put_source(self, root: str) -> None:
        """Remember a folder that was given to ingest."""

    def given_labels(self) -> dict[str, GivenLabels]:
        """Return absolute path → the labels that were given for it by hand."""

    def put_given_labels(self, changes: Mapping[str, GivenLabels | None]) -> None:
        """Remember labels by absolute path; None forgets those of a path."""

    def facts(self) -> dict[str, str]:
        """Return the small named values (index pointers and versions)."""

    def put_fact(self, name: str, value: str) -> None:
        """Store one small named value."""


class Journal(Protocol):
    """What was asked, answered and said about it. Nothing here is searched; every call is its own transaction."""

    def put_exchange(self, exchange: Exchange) -> None:
        """Keep an exchange; one with the same id is replaced."""

    def exchange(self, exchange_id: str) -> Exchange:
        """Return one exchange; raises NotFoundError."""

    def exchanges(self, conversation_id: str, *, user: str) -> list[Exchange]:
        """Return a user's own exchanges of a conversation, oldest first; another's conversation has none."""

    def conversations(self, user: str, *, containing: str = "", limit: int) -> list[Conversation]:
        """Return a user's own conversations, last used first; `containing`: words of a question or an answer in them."""

    def answered(self, user: str, *, limit: int) -> list[Exchange]:
        """Return a user's own exchanges that have an answer, the newest first."""

    def put_approval(self, approval: Approval) -> None:
        """Keep that an answer is approved, in place of what was kept before; raises NotFoundError for an unknown exchange."""

    def approval(self, exchange_id: str) -> Approval | None:
        """Return the approval of an exchange, also one that was withdrawn; None: there was never one."""

    def approvals(self, *, limit: int | None = None) -> list[Approval]:
        """Return the approvals that hold, the newest first."""

    def approved_questions(self) -> dict[str, str]:
        """Return exchange id → question of the approvals that hold, the newest first: little to read for every question."""

    def put_feedback(self, feedback: Feedback) -> None:
        """Keep what is said of an exchange, in place of what was said before; raises NotFoundError for an unknown one."""

    def feedback(self, exchange_id: str) -> Feedback | None:
        """Return what was said of an exchange; None: nothing."""

    def all_feedback(self, *, states: frozenset[FeedbackState], limit: int) -> list[tuple[Exchange, Feedback]]:
        """Return feedback in these states with what it is about: the one that waits longest first."""

    def count_feedback(self) -> dict[FeedbackState, int]:
        """Return how many are in each state."""

    def move_feedback(self, seen: Feedback, state: FeedbackState, *, note: str, handled_by: str) -> None:
        """Change the state of a feedback; raises BusyError where it is no longer as the one who changes it saw it."""

    def put_ingest_run(self, run: IngestRun) -> None:
        """Keep the report of a run."""

    def last_ingest_run(self) -> IngestRun | None:
        """Return the report of the latest run; None: there was none."""


class LexicalIndex(Protocol):
    """Word and character search, one index per audience, each with statistics of its own."""

    def revision(self) -> int:
        """Return the catalogue revision that every audience has reached; 0 before the first update."""

    def update(self, *, revision: int) -> None:
        """Bring every audience from the catalogue to `revision`; repeating an update changes nothing."""

    def search(
        self,
        question: str,
        official: Sequence[str],
        audiences: Sequence[Audience],
        *,
        scope: Scope,
        limit: int,
    ) -> dict[str, dict[str, float]]:
        """Return, for each leg ('words', 'characters'), chunk id → 0 to 1 of at most `limit` chunks in this scope.

        The score is told as a share of that of a text which holds every term of the question endlessly often.
        `official` are words that may stand for the question's everyday ones: searched with less weight, by words only.
        A narrower scope finds other chunks, never other scores.
        """

    def find_clause(
        self,
        name: str,
        clause: str,
        audiences: Sequence[Audience],
        *,
        scope: Scope,
        limit: int,
    ) -> dict[str, float]:
        """Return chunk id → 0 to 1 for the chunks of this clause of the document with this, or a like, name.

        `clause` is the key of an article ('12_2'), 別表 ('table:1') or 様式 ('form:2').
        """

    def find_resting_on(
        self, name: str, article: str, audiences: Sequence[Audience], *, scope: Scope, limit: int
    ) -> frozenset[str]:
        """Return the chunks of other rules that name this article of the rule with this name, at most `limit`; none of more."""

    def judge(
        self,
        question: str,
        official: Mapping[str, tuple[str, ...]],
        chunk_ids: Sequence[str],
        audiences: Sequence[Audience],
    ) -> dict[str, dict[str, float]]:
        """Return, for each measure, chunk id → 0 to 1.

        'coverage' is the share of the question's words, weighted by rarity, of which the chunk speaks; `official` maps
        everyday phrases of the question to the official words that may stand for them. 'topic' is how near the words of
        question and chunk are as a whole.
        """


class VectorIndex(Protocol):
    """Nearest neighbours, one collection per audience, in verified generations."""

    def generation(self) -> str:
        """Return the id of the generation that serves; empty before the first one."""

    def update(self, *, revision: int) -> None:
        """Make the catalogue's chunks up to `revision` searchable: a small change as delta, else as a new generation."""

    def search(
        self, vector: Sequence[float], audiences: Sequence[Audience], *, scope: Scope, limit: int
    ) -> dict[str, float]:
        """Return chunk id → cosine similarity of at most `limit` chunks in this scope."""


class VectorSearch(Protocol):
    """The vectors that serve, asked with a question: also while those of another embedder are being made."""

    @property
    def embedder(self) -> str:
        """Name the embedder whose vectors serve."""

    def embed(self, text: str) -> QuestionVector:
        """Return the question as that embedder writes it, or why it cannot; raises ModelError."""

    def search(
        self, vector: QuestionVector, audiences: Sequence[Audience], *, scope: Scope, limit: int
    ) -> dict[str, float]:
        """Return chunk id → cosine similarity of at most `limit` chunks in this scope; nothing without numbers."""

    def note_lacking(self) -> int:
        """Count the chunks without a vector of the settings' embedder; readers look anew where that has changed."""


class ChatModel(Protocol):
    """A writer of drafts from evidence."""

    @property
    def name(self) -> str:
        """Name the model as it is shown with the answer."""

    @property
    def prompt(self) -> str:
        """Return the digest of the prompts it uses; empty when it uses none."""

    def write(self, question: Question, evidence: Sequence[Evidence]) -> Iterator[Sentence]:
        """Yield the sentences of a draft, each with citation numbers and quotes; raises ModelError."""

    def repair(
        self, question: Question, evidence: Sequence[Evidence], failed: Sequence[Sentence]
    ) -> Iterator[Sentence]:
        """Yield replacements for sentences that verification refused (their problems say why); none when it cannot."""


class DraftWriter(Protocol):
    """A writer of assembly answers from past answers and documents."""

    @property
    def name(self) -> str:
        """Name the model as it is shown with the draft."""

    @property
    def prompt(self) -> str:
        """Return the digest of the prompts it uses; empty when it uses none."""

    def write(self, request: DraftRequest) -> Iterator[Drafted]:
        """Yield the sentences of a draft in the order in which they are read; raises ModelError."""


NOBODY: Final[Mapping[str, float]] = MappingProxyType({})
UNWRITTEN: Final = QuestionVector()


class OfficeFinder(Protocol):
    """The organisation table as a function."""

    def find(
        self,
        question: str,
        *,
        department: str = "",
        keepers: Mapping[str, float] = NOBODY,
        vector: QuestionVector = UNWRITTEN,
    ) -> Office | None:
        """Return the office for a question; None when the table is not loaded or nothing fits.

        `department` keeps what the answer rests on: another is not named. Without it, `keepers` tells for departments what
        share of the nearest texts they keep, and `vector` is the question as it was searched for.
        """
