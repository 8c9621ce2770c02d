"""Many people at the page at once: nothing goes wrong, and nobody sees what another asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.bench.sessions import (
    Outcome,
    Record,
    ask_once,
    canary,
    measure,
    mixed_prompts,
    question,
    run_apart,
    served_page,
)
from tests.bench.streamlit_client import visit
from tests.scripted import Fault, Received, Script
from tests.ui.conftest import copy_home

Page = tuple[str, Script]
FIGURES = {
    "sessions",
    "seconds",
    "questions",
    "errors",
    "leaks",
    "p50_ms",
    "p95_ms",
    "peak_rss_mb",
    "cpu_ms_per_question",
    "rate_per_second",
    "machine",
}


@pytest.fixture(scope="module")
def page(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """The page of the sample prefecture with a quick model behind it."""
    folder = tmp_path_factory.mktemp("同時")
    copy_home(sample_home, folder / "home")
    with served_page(folder / "home", folder / "server.log", delay_seconds=0.2) as served:
        yield served


def visit_once(url: str, record: Record, *, text: str = "") -> None:
    """Let one session ask its first question."""

    async def go() -> None:
        async with visit(url, record.witness) as visitor:
            await ask_once(visitor, record, 1, text=text)

    run_apart(go())


def test_sessions_at_once_get_their_own_answers_and_nothing_else(page: Page) -> None:
    url, script = page
    outcome = measure(url, script, 4, 3)
    assert list(outcome.errors) == []
    assert list(outcome.leaks) == []
    assert outcome.questions >= 4
    assert set(asdict(outcome)) == FIGURES
    assert 0 < outcome.p50_ms <= outcome.p95_ms
    assert outcome.peak_rss_mb > 100
    asked = {number for received in script.requests for number in range(1, 5) if canary(number, 1) in received.prompt}
    assert asked == {1, 2, 3, 4}


def test_what_another_session_asked_is_found_wherever_it_appears(page: Page) -> None:
    record = Record(7)
    visit_once(page[0], record, text=f"{question(7, 1)}{canary(8, 1)}")
    assert record.foreign == {canary(8, 1)}
    assert [each for each in record.leaks() if canary(8, 1) in each]


def test_a_leak_in_a_message_of_any_kind_is_found_and_ones_own_question_is_none() -> None:
    record = Record(7)
    message = ForwardMsg()
    message.delta.new_element.button.label = question(7, 1)
    record.witness(message.SerializeToString())
    assert record.leaks() == []
    message.new_session.name = canary(70, 1)
    record.witness(message.SerializeToString())
    assert record.foreign == {canary(70, 1)}


def test_two_sessions_in_one_request_to_the_model_are_a_leak() -> None:
    def received(text: str) -> Received:
        return Received(path="/v1/chat/completions", headers={}, body={"messages": [{"content": text}]})

    script = Script(requests=[received(question(1, 1) + question(1, 2)), received(question(1, 1) + question(2, 1))])
    (leak,) = mixed_prompts(script)
    assert "001と002" in leak


def test_an_alert_on_the_page_is_an_error(page: Page) -> None:
    url, script = page
    record = Record(7)
    script.fails(Fault.BAD_KEY)
    try:
        visit_once(url, record)
    finally:
        script.forget()
    assert any("警告の表示" in error and canary(7, 1) in error for error in record.errors)
    assert record.times_ms == []


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ("該当なし", "答えがありません"),
        ("【結論】1キロメートルにつき25円です。[1]「１キロメートルにつき25円」", "この質問への答えではありません"),
    ],
)
def test_an_answer_that_is_missing_or_another_s_is_an_error(page: Page, said: str, error: str) -> None:
    url, script = page
    record = Record(10)  # its first question is that of the car
    script.says(said)
    try:
        visit_once(url, record, text="自家用車で出張したときの車賃は1キロメートルいくらですか。")
    finally:
        script.forget()
    assert any(error in each for each in record.errors), record.errors


@pytest.mark.parametrize(("errors", "leaks", "good"), [([], [], True), (["誤り"], [], False), ([], ["混入"], False)])
def test_the_measurement_fails_for_an_error_or_a_leak(errors: list[str], leaks: list[str], good: bool) -> None:
    outcome = Outcome(
        sessions=4,
        seconds=5,
        questions=4,
        errors=errors,
        leaks=leaks,
        p50_ms=300,
        p95_ms=400,
        peak_rss_mb=500,
        cpu_ms_per_question=100,
        rate_per_second=1.0,
        machine={"cores": 2, "load": [0.0, 1.0]},
    )
    assert outcome.is_good() is good
    assert f"誤り {len(errors)}件" in outcome.summary()
    assert all(each in outcome.summary() for each in [*errors, *leaks])
