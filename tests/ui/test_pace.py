"""The pace of a long run is told when it means something."""

from __future__ import annotations

import pytest

from ui.pace import Pace
from ui.words.cli import ingest_progress


def paces(*steps: tuple[float, int]) -> list[float | None]:
    """What is told at these (seconds, files done)."""
    times = iter([seconds for seconds, _ in steps])
    pace = Pace(clock=lambda: next(times))
    return [pace.per_minute(done) for _, done in steps]


def test_nothing_is_told_before_it_means_something() -> None:
    assert paces((0, 0), (1, 4), (4.9, 400)) == [None, None, None]
    assert paces((0, 0), (60, 4)) == [None, None]
    assert paces((0, 0), (60, 5)) == [None, 5.0]


def test_the_pace_is_that_of_the_last_files() -> None:
    slow = [(float(number), number) for number in range(300)]
    fast = [(299 + number / 10, 299 + number) for number in range(1, 301)]
    assert paces(*slow)[-1] == pytest.approx(60)
    assert paces(*slow, *fast)[-1] == pytest.approx(600)


def test_a_second_run_begins_anew() -> None:
    assert paces((0, 0), (10, 10), (11, 0), (12, 1)) == [None, 60.0, None, None]


def test_the_time_left_needs_a_pace_and_something_left() -> None:
    assert Pace.minutes_left(None, 10) is None
    assert Pace.minutes_left(85.0, 0) is None
    assert Pace.minutes_left(85.0, 340) == 4.0


@pytest.mark.parametrize(
    ("per_minute", "left", "line"),
    [
        (None, None, "取り込み 12/340 例規/旅費.docx"),
        (85.2, 3.86, "取り込み 12/340（毎分 85 件、残り約4分）例規/旅費.docx"),
        (0.4, 150.0, "取り込み 12/340（毎分 1 件未満、残り約2.5時間）例規/旅費.docx"),
        (1234.0, 0.3, "取り込み 12/340（毎分 1,234 件、残り1分未満）例規/旅費.docx"),
        (85.0, None, "取り込み 12/340（毎分 85 件）例規/旅費.docx"),
    ],
)
def test_the_line_says_what_is_known(per_minute: float | None, left: float | None, line: str) -> None:
    assert ingest_progress(12, 340, "例規/旅費.docx", per_minute=per_minute, minutes_left=left) == line
