"""Many chat completions in one order, through the real client against a scripted server on loopback."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import openai
import pytest

from rag.adapters import openai_batch
from rag.adapters.openai_batch import BatchState, BatchStatus, OpenAIBatch
from rag.errors import InputError, ModelAnswerError, ModelBusyError, ModelError, ModelSetupError, ModelTextError
from rag.settings import ChatSettings
from tests.scripted import Fault, Reply, Script

KEY = "sk-secret"
ITEMS = {"item-1": "下水道の更新", "item-2": "通学路の安全", "item-3": "担い手の確保", "item-4": "防災の訓練"}


def batch(script: Script, *, pauses: list[float] | None = None, key: str = KEY, **changes: object) -> OpenAIBatch:
    settings = {"provider": "openai", "model": "gpt-4.1-mini", "base_url": f"{script.url}/v1", "timeout_seconds": 5.0}
    return OpenAIBatch(
        ChatSettings.model_validate(settings | changes),
        {"OPENAI_API_KEY": key, "AZURE_OPENAI_API_KEY": key},
        pause=(pauses if pauses is not None else []).append,
    )


def azure(script: Script, **changes: Any) -> OpenAIBatch:
    return batch(script, provider="azure", base_url=script.url, api_version="2024-10-21", **changes)


def body(text: str) -> dict[str, Any]:
    return {"model": "gpt-4.1-mini", "messages": [{"role": "user", "content": text}]}


BODIES = {name: body(text) for name, text in ITEMS.items()}


def asked(request: Mapping[str, Any]) -> str:
    return str(request["messages"][0]["content"])


def over(orders: OpenAIBatch, bodies: Mapping[str, Mapping[str, Any]] = BODIES) -> str:
    """The id of a batch that is over."""
    batch_id = orders.submit(bodies)
    orders.wait(batch_id, 60.0, lambda _: None)
    return batch_id


def shown(error: str | ModelError) -> str:
    """The message of an error: one Japanese line that ends with its remedy and quotes no key."""
    assert isinstance(error, ModelError)
    assert str(error).endswith("ください。")
    assert "\n" not in str(error)
    assert KEY not in str(error)
    return str(error)


@pytest.mark.parametrize("orders", [batch, azure])
def test_every_request_comes_back_under_its_id_whatever_the_order(script: Script, orders: Any) -> None:
    script.writer = lambda request: f"{asked(request)}について\u2028お答えします。\u0085"
    batch_id = over(orders(script))
    assert dict(orders(script).results(batch_id)) == {
        name: f"{text}について\u2028お答えします。\u0085" for name, text in ITEMS.items()
    }


@pytest.mark.parametrize(
    ("orders", "prefix", "endpoint", "header"),
    [
        (batch, "/v1", "/v1/chat/completions", ("authorization", f"Bearer {KEY}")),
        (azure, "/openai", "/chat/completions", ("api-key", KEY)),
    ],
)
def test_the_order_carries_one_line_a_request_for_the_endpoint_of_its_vendor(
    script: Script, orders: Any, prefix: str, endpoint: str, header: tuple[str, str]
) -> None:
    orders(script).submit({"item-1": body("下水道\u2028更新\u0085計画")})
    created = script.requests[-1]
    assert created.path == f"{prefix}/batches"
    assert created.headers[header[0]] == header[1]
    assert created.body["endpoint"] == endpoint
    assert created.body["completion_window"] == "24h"
    (line,) = script.files[created.body["input_file_id"]].decode().splitlines()
    request = {"method": "POST", "url": endpoint, "body": body("下水道\u2028更新\u0085計画")}
    assert json.loads(line) == {"custom_id": "item-1", **request}


def test_azure_is_given_time_to_take_the_file(script: Script) -> None:
    pauses: list[float] = []
    azure(script, pauses=pauses).submit(BODIES)
    assert pauses == [5.0]


def test_the_results_can_be_read_again_by_another_process_that_knows_only_the_id(script: Script) -> None:
    script.writer = asked
    batch_id = over(batch(script))
    assert all(dict(batch(script).results(batch_id)) == ITEMS for _ in range(2))


def test_a_discarded_batch_leaves_no_file_with_the_vendor_and_discarding_again_is_no_error(script: Script) -> None:
    script.writer = asked
    orders = batch(script)
    done = over(orders)
    script.batch_polls = 9
    working = orders.submit(BODIES)
    assert len(script.files) == 3
    for _ in range(2):
        orders.discard(done)
        orders.discard(working)
        assert script.files == {}
    assert script.batches[working]["status"] == "cancelling"


def test_a_batch_that_ends_while_it_is_discarded_leaves_no_file_either(script: Script) -> None:
    script.writer = asked
    orders = batch(script)
    orders.discard(orders.submit(BODIES))
    assert script.files == {}


@pytest.mark.parametrize(
    ("fault", "error", "said"),
    [
        (Fault.LENGTH, ModelTextError, "output_tokens"),
        (Fault.CONTENT_FILTER, ModelTextError, "内容検査"),
        (Fault.RATE_LIMIT, ModelBusyError, "混み合っています"),
        (Fault.NO_MODEL, ModelSetupError, "モデルか接続先が見つかりません"),
        (Fault.TOO_LONG, ModelAnswerError, "evidence_tokens"),
        (Fault.BROKEN_JSON, ModelAnswerError, "読み取れませんでした"),
        (Fault.HANG, ModelAnswerError, "答えが返らない"),
    ],
)
def test_a_request_that_fails_says_why_and_the_others_have_their_text(
    script: Script, fault: Fault, error: type[ModelError], said: str
) -> None:
    script.writer = lambda request: Reply(text="途中", fault=fault) if "通学路" in asked(request) else asked(request)
    found = dict(batch(script).results(over(batch(script))))
    assert type(found["item-2"]) is error
    assert said in shown(found.pop("item-2"))
    assert found == {name: text for name, text in ITEMS.items() if name != "item-2"}


def test_lines_that_nobody_asked_for_are_passed_over_and_none_counts_twice(script: Script) -> None:
    script.writer = asked
    batch_id = over(batch(script))
    output = script.batches[batch_id]["output_file_id"]
    script.files[output] += b"\n[1]\n" + script.files[output].replace(b"item-1", b"item-9")
    found = list(batch(script).results(batch_id))
    assert len(found) == 4
    assert dict(found) == ITEMS


@pytest.mark.parametrize("told", [True, False])
def test_what_an_expired_batch_wrote_is_kept_and_the_rest_says_that_it_expired(script: Script, told: bool) -> None:
    script.writer = asked
    script.batch_expires = True
    batch_id = over(batch(script))
    if not told:
        script.batches[batch_id]["error_file_id"] = None
    assert batch(script).state(batch_id) == BatchState(status=BatchStatus.EXPIRED, completed=2, failed=0, total=4)
    found = dict(batch(script).results(batch_id))
    assert (found.pop("item-1"), found.pop("item-2")) == ("下水道の更新", "通学路の安全")
    assert set(found) == {"item-3", "item-4"}
    for error in found.values():
        assert type(error) is ModelBusyError
        assert "24時間" in shown(error)


def test_a_batch_that_is_refused_as_a_whole_gives_every_request_the_reason(script: Script) -> None:
    batch_id = batch(script).submit({**BODIES, "item-2": {"messages": []}})
    assert batch(script).state(batch_id).status is BatchStatus.FAILED
    found = dict(batch(script).results(batch_id))
    assert set(found) == set(ITEMS)
    assert all(type(error) is ModelSetupError and "（invalid_request）" in shown(error) for error in found.values())


def test_a_cancelled_batch_says_so_and_cancelling_again_is_no_error(script: Script) -> None:
    orders = batch(script)
    batch_id = orders.submit(BODIES)
    orders.cancel(batch_id)
    orders.cancel(batch_id)
    assert orders.state(batch_id).status is BatchStatus.CANCELLED
    orders.cancel(batch_id)
    assert [each.path for each in script.requests].count(f"/v1/batches/{batch_id}/cancel") == 1
    assert all("取り消されました" in shown(error) for _, error in orders.results(batch_id))


def test_waiting_asks_until_the_batch_is_over_and_tells_each_state(script: Script) -> None:
    script.writer = lambda request: Reply(fault=Fault.TOO_LONG) if "防災" in asked(request) else asked(request)
    script.batch_polls = 2
    pauses: list[float] = []
    told: list[BatchState] = []
    orders = batch(script, pauses=pauses)
    last = orders.wait(orders.submit(BODIES), 60.0, told.append)
    working = BatchState(status=BatchStatus.WORKING, completed=0, failed=0, total=4)
    assert told == [working, working, last]
    assert last == BatchState(status=BatchStatus.DONE, completed=3, failed=1, total=4)
    assert pauses == [60.0, 60.0]


def test_a_batch_that_is_still_working_has_no_results(script: Script) -> None:
    batch_id = batch(script).submit(BODIES)
    with pytest.raises(ModelBusyError, match="まだ終わっていません"):
        list(batch(script).results(batch_id))


def test_a_state_that_nobody_knows_is_an_error_and_not_waited_for(script: Script) -> None:
    batch_id = over(batch(script))
    script.batches[batch_id] |= {"status": f"鍵は {KEY}"}
    with pytest.raises(ModelAnswerError, match="知らない状態（不明）"):
        batch(script).wait(batch_id, 60.0, lambda _: None)


def test_azures_other_spelling_of_cancelled_is_known(script: Script) -> None:
    batch_id = over(batch(script))
    script.batches[batch_id] |= {"status": "canceled"}
    assert batch(script).state(batch_id).status is BatchStatus.CANCELLED


@pytest.mark.parametrize(
    ("bodies", "said"),
    [
        ({}, "依頼が0件"),
        (dict.fromkeys(map(str, range(50_001)), body("防災")), "50,000件まで"),
        (dict.fromkeys(map(str, range(201)), body("a" * 1_000_000)), "200MB"),
    ],
)
def test_more_than_one_batch_may_hold_is_refused_before_anything_is_sent(
    script: Script, bodies: Mapping[str, Mapping[str, Any]], said: str
) -> None:
    with pytest.raises(InputError, match=r"分けて実行するか、設定の draft\.batch を false にしてください。$") as caught:
        batch(script).submit(bodies)
    assert said in str(caught.value)
    assert script.requests == []


def test_a_wrong_key_is_named_by_its_variable(script: Script) -> None:
    script.batch_faults.append(Fault.BAD_KEY)
    with pytest.raises(ModelSetupError) as caught:
        batch(script).submit(BODIES)
    assert "OPENAI_API_KEY" in shown(caught.value)
    assert len(script.requests) == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"key": " "}, "OPENAI_API_KEY"),
        ({"provider": "azure", "api_version": ""}, "chat.api_version"),
        ({"provider": "extractive"}, "chat.provider"),
    ],
)
def test_what_is_missing_is_named_before_anything_is_sent(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ModelSetupError) as caught:
        batch(Script(url="http://127.0.0.1:9"), **changes)
    assert said in shown(caught.value)


@pytest.mark.parametrize("fault", [Fault.RATE_LIMIT, Fault.SERVER_ERROR, Fault.CUT_STREAM])
def test_a_passing_fault_is_tried_again_with_growing_pauses(script: Script, fault: Fault) -> None:
    batch_id = over(batch(script))
    script.batch_faults.extend([fault, fault])
    pauses: list[float] = []
    assert batch(script, pauses=pauses).state(batch_id).status is BatchStatus.DONE
    assert pauses == [1.0, 2.0]


def test_a_fault_that_does_not_pass_is_given_up_and_the_batch_goes_on(script: Script) -> None:
    batch_id = over(batch(script))
    script.batch_faults.extend([Fault.SERVER_ERROR] * 3)
    with pytest.raises(ModelBusyError, match=batch_id):
        batch(script).state(batch_id)
    assert batch(script).state(batch_id).status is BatchStatus.DONE


@pytest.mark.parametrize("fault", [Fault.RATE_LIMIT, Fault.CUT_STREAM])
def test_a_creation_is_tried_again_and_one_that_was_only_not_heard_of_is_not_paid_for_twice(
    script: Script, fault: Fault
) -> None:
    earlier = batch(script).submit(BODIES)
    script.batch_faults.extend([Fault.NONE, fault])
    assert [earlier, batch(script).submit(BODIES)] == list(script.batches)


def test_the_page_of_a_proxy_is_no_answer(script: Script) -> None:
    script.batch_faults.append(Fault.BROKEN_JSON)
    with pytest.raises(ModelAnswerError, match="応答を読み取れません"):
        batch(script).submit(BODIES)


@pytest.mark.parametrize("heard", [1, 2])
def test_a_file_without_a_readable_line_is_an_error_and_no_empty_result(script: Script, heard: int) -> None:
    batch_id = over(batch(script))
    script.batch_faults.extend([*[Fault.NONE] * heard, Fault.BROKEN_JSON])
    with pytest.raises(ModelAnswerError, match="ファイルを読み取れません"):
        list(batch(script).results(batch_id))


def test_a_batch_or_file_that_is_gone_says_where_it_may_be(script: Script) -> None:
    with pytest.raises(ModelSetupError, match="batch_0: 接続先に見つかりません（404）") as caught:
        batch(script).state("batch_0")
    shown(caught.value)
    batch_id = over(batch(script))
    client = openai.OpenAI(api_key=KEY, base_url=f"{script.url}/v1", max_retries=0)
    client.files.delete(script.batches[batch_id]["output_file_id"])
    with pytest.raises(ModelSetupError, match=f"{batch_id}: 接続先に見つかりません"):
        list(batch(script).results(batch_id))


def test_a_file_that_is_never_taken_is_not_waited_for_without_end(
    script: Script, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openai_batch, "FILE_POLLS", 0)
    with pytest.raises(ModelBusyError, match="受け取り終わりません") as caught:
        azure(script).submit(BODIES)
    shown(caught.value)
    assert script.batches == {}
