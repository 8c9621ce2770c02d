"""An answer on its way: it goes on without its page, loses nothing, and says what it could not keep."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from rag.domain import AnswerStatus, Question, Reader
from rag.errors import HomeError, QuestionError, StorageError
from rag.wiring import Home, open_home
from tests.ui.conftest import CAR
from ui.answering import Progress, Writing, ask, new_exchange
from ui.shared_home import SharedHome

READER = Reader(user="local", name="この端末の管理者", reads_all=True)
DAY = date(2026, 11, 25)


@pytest.fixture
def home(own_sample: Path) -> Home:
    return open_home(own_sample)


def exchange(text: str = CAR) -> Any:
    return new_exchange(text, conversation_id="k1", user="local", as_of=DAY, longest=2000)


def last(writing: Writing) -> Progress:
    return list(writing.follow())[-1]


def test_what_is_no_question_is_told() -> None:
    for text in ("", "　\n", "あ" * 2001, "a\0b"):
        with pytest.raises(QuestionError, match="ください"):
            exchange(text)


def test_a_question_is_kept_before_its_answer_and_whole_after(home: Home) -> None:
    asked = exchange()
    events = ask(home, READER, asked)
    next(events)
    assert home.journal.exchange(asked.id).answer is None
    *_, answer = events
    kept = home.journal.exchange(asked.id)
    assert kept.answer == answer
    assert (kept.generation, kept.revision) == (home.vectors.generation(), home.catalogue.revision())


def test_an_answer_that_cannot_be_kept_is_shown_all_the_same(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_exchange: object) -> None:
        raise StorageError("journal.sqlite3: ディスクがいっぱいで、利用記録に書き込めません。")

    monkeypatch.setattr(home.journal, "put_exchange", refuse)
    *_, answer = ask(home, READER, exchange())
    assert answer.status is AnswerStatus.ANSWERED
    assert "記録できませんでした" in answer.warnings[-1]
    assert "ディスクがいっぱい" in answer.warnings[-1]


def test_an_answer_is_written_although_nobody_follows(home: Home) -> None:
    asked = exchange()
    progress = last(Writing(asked, lambda: (home, READER), home_path=home.path))
    assert progress.answer == home.journal.exchange(asked.id).answer
    assert progress.sentences
    assert progress.evidence
    assert progress.error == ""


def test_two_followers_see_the_same_end(home: Home) -> None:
    writing = Writing(exchange(), lambda: (home, READER), home_path=home.path)
    assert last(writing) is last(writing)


def test_an_error_ends_it_with_its_sentence(home: Home) -> None:
    def closed() -> tuple[Home, Reader]:
        raise HomeError("ホームを開けません。権限を確かめてください。")

    progress = last(Writing(exchange(), closed, home_path=home.path))
    assert (progress.answer, progress.error) == (None, "ホームを開けません。権限を確かめてください。")


def test_an_error_that_nobody_foresaw_is_told_and_logged(home: Home) -> None:
    def broken(_question: Question) -> Iterator[object]:
        raise ZeroDivisionError("秘密の中身")

    class Failing:
        """A home whose assistant fails."""

        journal, catalogue, lexical, vectors = home.journal, home.catalogue, home.lexical, home.vectors
        catch_up = home.catch_up
        stream = staticmethod(broken)

    ready: Any = lambda: (Failing, READER)  # noqa: E731
    progress = last(Writing(exchange(), ready, home_path=home.path))
    assert "予期しない不具合です（ZeroDivisionError）" in progress.error
    assert "秘密の中身" not in progress.error
    assert "秘密の中身" in (home.path / "errors.log").read_text(encoding="utf-8")


def test_an_answer_on_its_way_is_found_by_its_question_until_it_is_over(own_sample: Path) -> None:
    shared = SharedHome(own_sample, None)
    asked = exchange()
    writing = shared.write(asked)
    assert writing.is_over or shared.writing_of(asked.id) is writing
    last(writing)
    assert shared.writing_of(asked.id) is None
    assert shared.writing_of("unknown") is None
