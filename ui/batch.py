"""Many questions from a file to a file, resumable at any moment."""

from __future__ import annotations

import json
from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from rag.domain import AnswerStatus
from rag.errors import CasesError

START: Final = b'{"id": '
"""How every line of answers begins: what else a file may hold is nobody's answer cut short."""


@dataclass(slots=True, kw_only=True)
class Batch:
    """The lines that are still to be answered; each answer is written and flushed before the next is asked."""

    out: Path
    places: dict[str, int]
    """The id of each question, as text → its place in their file."""
    todo: list[tuple[str, dict[str, Any]]]
    """(where it stands, the line) in the order of the file."""
    skipped: int
    """Lines whose answer was in `out` already."""
    failed: list[tuple[str, str]] = field(default_factory=list)
    """(where it stands, reason) of the lines set aside."""

    @classmethod
    def open(cls, questions: Path, out: Path) -> Batch:
        """Read both files; raises CasesError for a file that cannot be read or written, or is no file of answers.

        An answer cut short by a kill, and one that the model failed to give, are asked for again.
        """
        lines = _read(questions).decode("utf-8-sig", errors="replace").split("\n")
        kept = _keep_whole_answers(out)
        batch = cls(out=out, places={}, todo=[], skipped=0)
        for number, text in enumerate(lines, start=1):
            if not text.strip():
                continue
            place = f"{questions}: {number}行目"
            try:
                line = _question(text, batch.places)
            except CasesError as error:
                batch.failed.append((place, str(error)))
                continue
            batch.places[str(line["id"])] = number
            if str(line["id"]) in kept:
                batch.skipped += 1
            else:
                batch.todo.append((place, line))
        return batch

    def write(self, answer: dict[str, Any]) -> None:
        """Append one answer; raises CasesError where the disk refuses."""
        try:
            with self.out.open("a", encoding="utf-8") as stream:
                stream.write(json.dumps(answer, ensure_ascii=False) + "\n")
        except OSError as error:
            raise _cannot_write(self.out, error) from error

    def sort(self) -> None:
        """Put the answers into the order of the questions, as if there had been no interruption."""
        last = max(self.places.values(), default=0) + 1
        answers = sorted(_answers(self.out), key=lambda text: self.places.get(_identity(json.loads(text)), last))
        _rewrite(self.out, answers)


def _question(text: str, seen: Container[str]) -> dict[str, Any]:
    """Return id and question of a line, the id not among those `seen`; raises CasesError saying what is wrong with it."""
    try:
        line = json.loads(text)
        identity, asked = line["id"], line["question"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise CasesError('読めません。{"id": …, "question": …} の形にしてください。') from error
    if not isinstance(identity, str | int) or isinstance(identity, bool) or identity == "":
        raise CasesError("id が文字でも整数でもありません。問いの名前を書いてください。")
    if str(identity) in seen:
        raise CasesError(f"id {identity} は2度目です。別の id にしてください。")
    if not isinstance(asked, str):
        raise CasesError("question が文字ではありません。質問の文を書いてください。")
    return {"id": identity, "question": asked}


def _keep_whole_answers(out: Path) -> set[str]:
    """Drop from `out` what is to be asked again and return the ids of what stays."""
    try:
        out.touch()
    except OSError as error:
        raise _cannot_write(out, error) from error
    answers = {_identity(answer): text for text in _answers(out) if not _failed(answer := json.loads(text))}
    _rewrite(out, answers.values())
    return set(answers)


def _answers(out: Path) -> list[str]:
    """Return the lines of a file of answers, without a last one that was cut short; raises CasesError for another file."""
    *whole, last = _read(out).split(b"\n")
    if not _is_cut(last):
        whole.append(last)
    lines = [text for line in whole if (text := line.decode("utf-8", errors="replace")).strip()]
    if not all(_is_answer(text) for text in lines):
        raise CasesError(
            f"{out}: 回答のファイルではないので、書き込みません。--out に新しいファイルの名前を指定してください。"
        )
    return lines


def _is_cut(line: bytes) -> bool:
    """Tell whether a line is the beginning of an answer and no more."""
    if not line.startswith(START[: len(line)]):
        return False
    try:
        json.loads(line)
    except ValueError:
        return True
    return False


def _is_answer(text: str) -> bool:
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError):
        return False
    return isinstance(answer, dict) and {"id", "status", "sentences"} <= answer.keys()


def _identity(answer: dict[str, Any]) -> str:
    return str(answer["id"])


def _failed(answer: dict[str, Any]) -> bool:
    return bool(answer["status"] == AnswerStatus.FAILED_MODEL)


def _rewrite(out: Path, lines: Iterable[str]) -> None:
    """Replace the file at once, where its content would change."""
    body = "".join(f"{text.strip()}\n" for text in lines).encode()
    if body == _read(out):
        return
    temporary = out.with_name(f"{out.name}.tmp")
    try:
        temporary.write_bytes(body)
        temporary.replace(out)
    except OSError as error:
        raise _cannot_write(out, error) from error


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CasesError(f"{path}: 読めません（{error.strerror}）。場所と権限を確かめてください。") from error


def _cannot_write(path: Path, error: OSError) -> CasesError:
    return CasesError(f"{path}: 書けません（{error.strerror}）。書き込める場所を --out で指定してください。")
