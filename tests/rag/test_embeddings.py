"""A remote embedding model: parts that the server takes, limits that are kept, waits that end, and what comes back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.adapters.embeddings import RemoteEmbeddings, parts
from rag.adapters.pacing import BURST_SECONDS, LONGEST_PAUSE_SECONDS, Allowance, pause_seconds
from rag.domain import EmbeddingLoad
from rag.errors import ModelAnswerError, ModelBusyError, ModelSetupError
from rag.settings import EmbeddingSettings
from tests.scripted import Fault, Script

KEY = "sk-test"
TEXTS = [f"第{number}条の旅費" for number in range(10)]


def embeddings(script: Script, *, pauses: list[float] | None = None, **changes: object) -> RemoteEmbeddings:
    settings = {"provider": "openai", "base_url": f"{script.url}/v1", "dimension": 8, "timeout_seconds": 5.0}
    return RemoteEmbeddings(
        EmbeddingSettings.model_validate(settings | changes),
        environment={"OPENAI_API_KEY": KEY, "AZURE_OPENAI_API_KEY": KEY},
        pause=(pauses if pauses is not None else []).append,
        clock=lambda: 0.0,
        chance=lambda: 0.0,
    )


# --- parts -----------------------------------------------------------------------------------------


@given(st.lists(st.integers(min_value=0, max_value=50)), st.integers(1, 7), st.integers(1, 100))
def test_parts_hold_every_text_once_and_keep_to_both_bounds(sizes: list[int], most: int, tokens: int) -> None:
    found = list(parts(sizes, most=most, tokens=tokens))
    assert [place for part in found for place in part] == list(range(len(sizes)))
    for part in found:
        assert 1 <= len(part) <= most
        assert len(part) == 1 or sum(sizes[place] for place in part) <= tokens


def test_requests_are_bounded_by_count_and_by_tokens(script: Script) -> None:
    embeddings(script, batch_size=4).embed_documents(TEXTS)
    assert [len(each) for each in script.embedded()] == [4, 4, 2]
    script.requests.clear()
    embeddings(script, batch_tokens=20).embed_documents(TEXTS)  # 8 tokens a text, by the estimate
    assert [len(each) for each in script.embedded()] == [2, 2, 2, 2, 2]


def test_vectors_come_in_the_order_of_their_texts(script: Script) -> None:
    model = embeddings(script, batch_size=3)
    assert model.embed_documents(TEXTS) == [model.embed_query(text) for text in TEXTS]


def test_nothing_more_is_sent_before_the_next_part_is_asked_for(script: Script) -> None:
    found = embeddings(script, batch_size=4).embed_parts(TEXTS)
    assert sorted(next(found)) == [0, 1, 2, 3]
    assert len(script.embedded()) == 1


def test_of_a_text_that_is_too_long_the_beginning_is_sent_and_it_is_counted(script: Script) -> None:
    model = embeddings(script, text_tokens=13)
    long = "職員の旅費に関する条例の規定"
    assert model.measure([*TEXTS[:2], long]) == EmbeddingLoad(texts=3, tokens=8 + 8 + 13, cut=1)
    model.embed_documents([long])
    assert script.embedded() == [["職員の旅費に関する条"]]


# --- refused as too large --------------------------------------------------------------------------


def test_a_request_that_is_too_large_is_halved(script: Script) -> None:
    script.fails(Fault.TOO_MANY_TOKENS)
    script.says("")
    found = embeddings(script).embed_documents(TEXTS)
    assert [len(each) for each in script.embedded()] == [10, 5, 5]
    assert found == embeddings(script).embed_documents(TEXTS)


def test_a_server_that_takes_fewer_texts_and_says_so_in_words_is_given_fewer(script: Script) -> None:
    script.most_texts = 3
    assert len(embeddings(script).embed_documents(TEXTS)) == 10
    assert max(len(each) for each in script.embedded()[2:]) <= 5
    assert [text for each in script.embedded() if len(each) <= 3 for text in each] == TEXTS


@pytest.mark.parametrize("fault", [Fault.TOO_LONG, Fault.TOO_MANY_TOKENS])
def test_one_text_that_is_too_large_ends_with_the_setting_that_cures_it(script: Script, fault: Fault) -> None:
    script.fails(fault)
    with pytest.raises(ModelAnswerError, match=r"embedding\.text_tokens.*小さくしてください"):
        embeddings(script).embed_documents(TEXTS[:1])
    assert len(script.requests) == 1


# --- limits of the server --------------------------------------------------------------------------


def in_seconds(seconds: float) -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=seconds), usegmt=True)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 1.0),
        ({"retry-after": "7"}, 7.0),
        ({"retry-after-ms": "1500", "retry-after": "2"}, 1.5),
        ({"x-ratelimit-reset-tokens": "1m2.5s"}, 62.5),
        ({"x-ratelimit-reset-tokens": "120ms", "x-ratelimit-reset-requests": "8s"}, 8.0),
        (
            {
                "x-ratelimit-reset-tokens": "3s",
                "x-ratelimit-reset-requests": "8m",
                "x-ratelimit-remaining-requests": "5",
            },
            3.0,
        ),
        ({"x-ratelimit-reset-tokens": "12"}, 12.0),
        ({"x-ratelimit-reset-tokens": "0", "x-ratelimit-remaining-tokens": "-1"}, 1.0),
        ({"retry-after": "soon", "x-ratelimit-reset-tokens": "-1"}, 1.0),
        ({"retry-after": "3", "x-ratelimit-reset-tokens": "9m"}, 3.0),
    ],
)
def test_it_waits_as_long_as_the_server_asks(script: Script, headers: dict[str, str], seconds: float) -> None:
    script.fails(Fault.RATE_LIMIT, headers=headers)
    script.says("")
    pauses: list[float] = []
    embeddings(script, pauses=pauses).embed_documents(TEXTS)
    assert pauses == [pytest.approx(seconds)]


def test_it_waits_until_a_date(script: Script) -> None:
    script.fails(Fault.RATE_LIMIT, headers={"retry-after": in_seconds(90)})
    script.says("")
    pauses: list[float] = []
    embeddings(script, pauses=pauses).embed_documents(TEXTS)
    assert pauses == [pytest.approx(90, abs=5)]


def test_without_a_word_of_the_server_each_wait_is_twice_as_long(script: Script) -> None:
    script.fails(Fault.SERVER_ERROR)
    pauses: list[float] = []
    with pytest.raises(ModelBusyError):
        embeddings(script, pauses=pauses, attempts=4).embed_documents(TEXTS)
    assert (pauses, len(script.requests)) == ([1.0, 2.0, 4.0], 4)


@given(attempt=st.integers(1, 20), asked=st.floats(0, 600), chance=st.floats(0, 1))
def test_chance_never_shortens_what_was_asked_nor_passes_the_longest_pause(
    attempt: int, asked: float, chance: float
) -> None:
    pause = pause_seconds(attempt, asked=asked, chance=chance)
    assert asked <= pause <= asked * 1.1 if asked else 0.5 <= pause <= LONGEST_PAUSE_SECONDS


def test_documents_do_not_wait_for_hours_and_a_question_not_for_minutes(script: Script) -> None:
    script.fails(Fault.RATE_LIMIT, headers={"retry-after": "3600"})
    pauses: list[float] = []
    with pytest.raises(ModelBusyError, match="3600秒待つ"):
        embeddings(script, pauses=pauses).embed_documents(TEXTS)
    script.forget()
    script.fails(Fault.RATE_LIMIT, headers={"retry-after": "60"})
    with pytest.raises(ModelBusyError, match="60秒待つ"):
        embeddings(script, pauses=pauses).embed_query("旅費")
    assert (pauses, len(script.requests)) == ([], 1)


def test_a_purse_that_is_empty_ends_at_once_with_its_remedy(script: Script) -> None:
    script.fails(Fault.INSUFFICIENT_QUOTA, headers={"retry-after": "1"})
    with pytest.raises(ModelSetupError, match="利用枠を使い切っています.*増やすか"):
        embeddings(script).embed_documents(TEXTS)
    assert len(script.requests) == 1


# --- limits of our own -----------------------------------------------------------------------------


class Clock:
    """Time that passes only while somebody waits."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        self.now += seconds


@given(st.lists(st.integers(1, 500), min_size=1, max_size=60), st.integers(1, 6000))
def test_an_allowance_gives_no_more_than_its_rate_and_a_burst(amounts: list[int], per_minute: int) -> None:
    clock = Clock()
    allowance = Allowance(per_minute, clock=clock, pause=clock.wait)
    for amount in amounts:
        allowance.take(amount)
    assert sum(amounts) <= (clock.now + BURST_SECONDS) * per_minute / 60 + 1e-6


def test_after_a_rest_only_a_burst_goes_out_at_once() -> None:
    clock = Clock()
    allowance = Allowance(60, clock=clock, pause=clock.wait)
    clock.wait(3600)
    allowance.take(10)
    assert clock.now == 3600
    allowance.take(5)
    assert clock.now == pytest.approx(3605)


def test_no_limit_never_waits() -> None:
    clock = Clock()
    Allowance(0, clock=clock, pause=clock.wait).take(10**9)
    assert clock.now == 0


def test_requests_and_tokens_a_minute_are_kept(script: Script) -> None:
    pauses: list[float] = []
    embeddings(script, pauses=pauses, batch_size=5, requests_per_minute=6).embed_documents(TEXTS)
    assert pauses == [pytest.approx(10)]  # one of two requests goes out at once, the next ten seconds later
    pauses.clear()
    embeddings(script, pauses=pauses, batch_size=5, tokens_per_minute=240).embed_documents(TEXTS)
    assert pauses == [pytest.approx(10)]  # 40 of 80 tokens at once


def test_a_question_does_not_wait_for_the_documents(script: Script) -> None:
    pauses: list[float] = []
    model = embeddings(script, pauses=pauses, requests_per_minute=1)
    model.embed_query("旅費")
    model.embed_query("日当")
    assert pauses == []


# --- what comes back -------------------------------------------------------------------------------


def test_a_vector_of_another_length_is_refused_with_the_setting_that_cures_it(script: Script) -> None:
    script.keeps_dimension = True
    with pytest.raises(ModelAnswerError, match=r"8次元.*16次元.*embedding\.dimension.*確かめてください"):
        embeddings(script, dimension=16).embed_documents(TEXTS)


def test_a_broken_body_is_an_answer_that_cannot_be_used(script: Script) -> None:
    script.fails(Fault.BROKEN_JSON)
    with pytest.raises(ModelAnswerError, match="応答を読み取れません"):
        embeddings(script).embed_documents(TEXTS)


@pytest.mark.parametrize(("fault", "remedy"), [(Fault.BAD_KEY, "OPENAI_API_KEY"), (Fault.NO_MODEL, "設定の model")])
def test_a_wrong_set_up_is_named_and_no_key_is_shown(script: Script, fault: Fault, remedy: str) -> None:
    script.fails(fault)
    with pytest.raises(ModelSetupError, match=remedy) as raised:
        embeddings(script).embed_documents(TEXTS)
    assert "sk-" not in str(raised.value)


def test_azure_is_asked_by_deployment(script: Script) -> None:
    model = embeddings(script, provider="azure", base_url=script.url, api_version="2025-01-01-preview", model="bunsho")
    model.embed_documents(TEXTS)
    assert [each.path for each in script.requests] == ["/openai/deployments/bunsho/embeddings"]
    assert model.name == "azure:bunsho:8"
