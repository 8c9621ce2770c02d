"""Builders of domain objects that show only what matters to a test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from hashlib import sha256
from pathlib import Path

from eval.results import PASSED, STATUS, Result, Score
from eval.runs import Run, RunConfig
from ingest.split import split
from ingest.structure import rules
from rag.domain import (
    Audience,
    Block,
    Chunk,
    Document,
    DocumentRecord,
    Evidence,
    Hit,
    Kind,
    Part,
    Period,
    Question,
    Reader,
    Sentence,
)

TODAY = date(2026, 11, 23)
IN_FORCE = Period(start=date(2026, 4, 1))
REPLACED = Period(start=date(2000, 4, 1), end=date(2026, 4, 1))


def chunk(
    text: str,
    *,
    locator: str = "第17条",
    title: str = "職員の旅費に関する条例",
    period: Period = IN_FORCE,
    level: str = "1",
    kind: Kind = Kind.RULES,
    document: str = "",
    ordinal: int = 0,
    labels: Mapping[str, str] | None = None,
) -> Chunk:
    """A chunk of a rule in force, unless told otherwise."""
    return Chunk(
        id=f"{document or title}:{locator}:{ordinal}:{sha256(text.encode()).hexdigest()[:8]}",
        document_id=document or title,
        ordinal=ordinal,
        locator=locator,
        header=f"{title} › {locator}",
        text=text,
        kind=kind,
        audience=Audience(level=level),
        period=period,
        labels=labels or {},
    )


SITTING = "令和7年9月定例会"


def answer(
    text: str,
    *,
    pair: int = 0,
    question: str = "",
    ordinal: int = 0,
    post: str = "知事",
    **labels: str,
) -> Chunk:
    """A passage of an official in minutes; with a number of its pair it answers a question."""
    paired = {"pair": str(pair), "question": question, "member": "想定健議員"} if pair else {}
    return _remark(text, {"role": "official", "post": post, "speaker": "標本大介"} | paired | labels, post, ordinal)


def asking(text: str, *, ordinal: int = 0, member: str = "想定健", post: str = "議員", **labels: str) -> Chunk:
    """A passage of a member in minutes."""
    return _remark(text, {"role": "member", "post": post, "speaker": member} | labels, member + post, ordinal)


def _remark(text: str, labels: Mapping[str, str], called: str, ordinal: int) -> Chunk:
    facts = {"sitting": SITTING, "date": "2025-09-17"} | labels
    return chunk(
        text,
        locator=f"{facts['sitting']} 9月17日 {called}",
        title=facts["sitting"],
        kind=Kind.MINUTES,
        ordinal=ordinal,
        period=Period(start=date.fromisoformat(facts["date"])),
        labels=facts,
    )


def rule(
    text: str,
    *,
    title: str = "職員の旅費に関する条例",
    period: Period = IN_FORCE,
    level: str = "1",
    characters: int = 700,
    document: str = "",
) -> tuple[DocumentRecord, list[Chunk]]:
    """A rule read from plain text, as ingest would keep it."""
    structure = rules.recognise(
        Document(path=f"{title}.txt", title=title, blocks=tuple(Block(text=line) for line in text.splitlines()))
    )
    record = DocumentRecord(
        id=document or title,
        source="/例規",
        path=f"{title}.txt",
        content_hash=sha256(f"{text}{period}".encode()).hexdigest(),
        title=title,
        kind=Kind.RULES,
        audience=Audience(level=level),
        period=period,
    )
    return record, split(structure, record=record, characters=characters)


def evidence(number: int, text: str, **changes: object) -> Evidence:
    """A numbered piece of evidence; changes are those of `chunk`."""
    made = chunk(text, **changes)  # type: ignore[arg-type]
    return Evidence(number=number, chunk=made, title=made.document_id, department="総務部 給与旅費課")


def hit(text: str, *, score: float = 1.0, **changes: object) -> Hit:
    """A hit; changes are those of `chunk`."""
    made = chunk(text, **changes)  # type: ignore[arg-type]
    return Hit(chunk=made, title=made.document_id, score=score, found_by=("words",))


def question(text: str, *, as_of: date = TODAY) -> Question:
    """A question of some member of staff, asked today."""
    return Question(text=text, as_of=as_of, reader=Reader(user="shokuin", name="職員"))


def sentence(text: str, *, quote: str = "", cites: int = 1, part: Part = Part.CONCLUSION) -> Sentence:
    """A draft sentence with one citation and one quote; no quote means no citation."""
    if not quote:
        return Sentence(part=part, text=text)
    return Sentence(part=part, text=text, citations=(cites,), quotes=(quote,))


def result(
    name: str,
    *,
    passed: bool = True,
    status: str = "answered",
    tags: tuple[str, ...] = (),
    digest: str = "",
    fits: bool = True,
    error: str = "",
    **scores: float | None,
) -> Result:
    """A judged case; `fits` says whether its status is the one expected."""
    judged = {STATUS: float(fits), **scores, PASSED: float(passed)}
    explained = "期待どおりです。" if passed else f"{name}の要点がありません。"
    return Result(
        id=name,
        tags=tags,
        digest=digest or f"digest of {name}",
        question=f"{name}はどうなりますか",
        as_of=TODAY.isoformat(),
        status=status,
        error=error,
        scores={key: Score(value=value, answer="", explanation=explained) for key, value in judged.items()},
        seconds=0.1,
    )


def run(results: Sequence[Result], *, folder: str = "測定", started: str = "2026-11-25T09:30:00+09:00") -> Run:
    """A run with these results."""
    config = RunConfig(
        started=started,
        cases="旅費.jsonl",
        cases_sha256="00",
        n=len(results),
        tags=[],
        sample=None,
        user=None,
        model="extractive",
        prompt="",
        embedder="chive",
        revision=39,
        generation="g39",
        settings={"chat": {"provider": "extractive"}},
        version="0.1.0",
        seconds=1.5,
    )
    return Run(folder=Path(folder), config=config, results=tuple(results))
