"""The questions and answers of a sitting as pairs, read from the labels of its chunks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from rag.domain import Chunk
from rag.japanese.text import find_quote


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A question of a member with the passage that answers it."""

    document_id: str
    number: int
    """1-based, in the order of the questions of its document."""
    sitting: str
    day: date | None
    """None: the minutes give no date."""
    member: str
    """Who asked, as a person would call them: '想定健議員'; empty where the minutes do not say."""
    party: str
    """会派 of the member; empty: not known."""
    topic: str
    question: str
    """The asking sentences as they stand; two questions that were answered at once are two lines."""
    gist: str
    """The same in few words, without '…について知事に伺います'."""
    post: str
    """Of who answered: '知事'."""
    speaker: str
    text: str
    """The whole answer as it stands."""
    locator: str
    page: int | None
    """Where the answer begins, 1-based; None where the format has no pages."""
    lines: str
    """Lines of the answer in a text file ('409-411'); empty elsewhere."""
    asked_page: int | None
    """Of the first of its questions."""
    asked_lines: str
    """'273', for two questions one line each; empty where the format has no lines."""
    chunk_ids: tuple[str, ...]
    """Of the answer, in reading order."""
    is_certain: bool
    """False: that this answers the question is likely and no more."""
    is_written: bool
    """A written question with its written answer (文書質問)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unanswered:
    """A question of a member to which no answer was found."""

    document_id: str
    chunk_id: str
    """Where it stands."""
    member: str
    party: str
    topic: str
    question: str
    locator: str
    page: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PairCounts:
    """How much of a document is paired."""

    pairs: int
    uncertain: int
    """How many of the pairs are likely and no more."""
    unanswered: int


def pairs_of(chunks: Iterable[Chunk]) -> tuple[Pair, ...]:
    """Return the pairs of one document in the order of its questions; the chunks of a long answer are one pair."""
    answers: dict[int, list[Chunk]] = {}
    for chunk in chunks:
        if number := chunk.labels.get("pair"):
            answers.setdefault(int(number), []).append(chunk)
    return tuple(_pair(number, answers[number]) for number in sorted(answers))


def unanswered_of(chunks: Iterable[Chunk]) -> tuple[Unanswered, ...]:
    """Return the questions of one document without an answer, in reading order."""
    sections = groupby(chunks, key=lambda chunk: (chunk.locator, dict(chunk.labels)))
    return tuple(each for _, section in sections for each in _unanswered(tuple(section)))


def count_pairs(pairs: Sequence[Pair], unanswered: Sequence[Unanswered]) -> PairCounts:
    """Count what a line above them says."""
    return PairCounts(
        pairs=len(pairs), uncertain=sum(not pair.is_certain for pair in pairs), unanswered=len(unanswered)
    )


def _pair(number: int, passage: Sequence[Chunk]) -> Pair:
    first = passage[0]
    labels = first.labels
    question = labels.get("question", "")
    return Pair(
        document_id=first.document_id,
        number=number,
        sitting=labels.get("sitting") or first.title,
        day=date.fromisoformat(labels["date"]) if labels.get("date") else None,
        member=labels.get("member", ""),
        party=labels.get("party", ""),
        topic=labels.get("topic", ""),
        question=question,
        gist=labels.get("gist") or question,
        post=labels.get("post", ""),
        speaker=labels.get("speaker", ""),
        text="".join(chunk.text for chunk in passage),
        locator=first.locator,
        page=first.page,
        lines=labels.get("lines", ""),
        asked_page=_first_page(labels.get("asked_page", "")),
        asked_lines=labels.get("asked_lines", ""),
        chunk_ids=tuple(chunk.id for chunk in passage),
        is_certain=labels.get("certain") != "no",
        is_written=labels.get("written") == "yes",
    )


def _first_page(pages: str) -> int | None:
    """Return the first page of a list with one a line; None where it names none."""
    return next((int(page) for page in pages.split("\n") if page), None)


def _unanswered(section: Sequence[Chunk]) -> Iterator[Unanswered]:
    """Yield the questions of one section, each with the part in which it begins."""
    for question in filter(None, section[0].labels.get("unanswered", "").split("\n")):
        chunk = next((each for each in section if find_quote(question, each.text)), section[0])
        labels = chunk.labels
        yield Unanswered(
            document_id=chunk.document_id,
            chunk_id=chunk.id,
            member=_called(chunk),
            party=labels.get("party", ""),
            topic=labels.get("topic", ""),
            question=question,
            locator=chunk.locator,
            page=chunk.page,
        )


def _called(chunk: Chunk) -> str:
    """Return how a person would call who speaks: as the locator ends, '添付委員', else by name and post."""
    post = chunk.labels.get("post", "")
    last = chunk.locator.split(" ")[-1]
    return last if post and last.endswith(post) else chunk.labels.get("speaker", "") + post
