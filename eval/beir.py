"""Judged question sets in the BEIR layout: corpus.jsonl, queries.jsonl, qrels.tsv."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from eval.jsonl import read_rows, read_text
from rag.domain import Period
from rag.errors import CasesError

REMEDY = "corpus.jsonl、queries.jsonl、qrels.tsv（UTF-8）があるフォルダを指定してください。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A document of the corpus."""

    id: str
    title: str
    text: str
    period: Period


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedQuestion:
    """A question with the passages that answer it."""

    id: str
    text: str
    as_of: date | None
    """None: today."""
    relevant: dict[str, float]
    """Passage id → relevance above 0."""
    answers: tuple[str, ...] = ()
    """Gold spans; empty when the set names none."""


def load_passages(folder: Path) -> Iterator[Passage]:
    """Yield the passages of corpus.jsonl; raises CasesError naming the line."""
    for place, row in _rows(folder / "corpus.jsonl", required=("_id", "text")):
        metadata = _metadata(row, place)
        yield Passage(
            id=str(row["_id"]),
            title=str(row.get("title") or ""),
            text=str(row["text"]),
            period=Period(start=_day(metadata.get("valid_from"), place), end=_day(metadata.get("valid_to"), place)),
        )


def load_questions(folder: Path) -> list[JudgedQuestion]:
    """Return the questions that have a relevant passage; raises CasesError where there is none at all."""
    judgements = _judgements(folder / "qrels.tsv")
    questions = []
    for place, row in _rows(folder / "queries.jsonl", required=("_id", "text")):
        relevant = judgements.get(str(row["_id"]), {})
        if relevant:
            metadata = _metadata(row, place)
            questions.append(
                JudgedQuestion(
                    id=str(row["_id"]),
                    text=str(row["text"]),
                    as_of=_day(metadata.get("as_of"), place),
                    relevant=relevant,
                    answers=_answers(metadata, place),
                )
            )
    if not questions:
        raise CasesError(
            f"{folder}: 正解のある質問が1件もありません。queries.jsonl と qrels.tsv の中身を確かめてください。"
        )
    return questions


def _metadata(row: dict[str, Any], place: str) -> dict[str, Any]:
    metadata = row.get("metadata") or {}
    if not isinstance(metadata, dict):
        raise CasesError(f'{place}の metadata が {{"名前": 値}} の形ではありません。BEIRの形にしてください。')
    return metadata


def _answers(metadata: dict[str, Any], place: str) -> tuple[str, ...]:
    try:
        return tuple(str(answer["text"]) for answer in metadata.get("answers") or ())
    except (KeyError, TypeError) as error:
        raise CasesError(f'{place}の answers を読めません。[{{"text": …}}] の形にしてください。') from error


def _judgements(path: Path) -> dict[str, dict[str, float]]:
    judgements: dict[str, dict[str, float]] = {}
    rows = csv.reader(read_text(path, remedy=REMEDY).splitlines(), delimiter="\t")
    for line, row in enumerate(rows, start=1):
        if line == 1 or not row:
            continue
        try:
            question, passage, value = row[0], row[1], float(row[2])
        except (IndexError, ValueError) as error:
            raise CasesError(
                f"{path}: {line}行目を読めません。「query-id<TAB>corpus-id<TAB>score」の形にしてください。"
            ) from error
        if value > 0:
            judgements.setdefault(question, {})[passage] = value
    return judgements


def _rows(path: Path, *, required: tuple[str, ...]) -> Iterator[tuple[str, dict[str, Any]]]:
    for place, row in read_rows(path, remedy=REMEDY):
        missing = [key for key in required if key not in row]
        if missing:
            raise CasesError(f"{place}に {'、'.join(missing)} がありません。BEIRの形にしてください。")
        yield place, row


def _day(value: object, place: str) -> date | None:
    if value is None or value == "":
        return None
    text = str(value)
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CasesError(f"{place}の日付 {text} を読めません。20260401 か 2026-04-01 の形にしてください。") from error
