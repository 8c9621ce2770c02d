"""What one line of a batch's files comes to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from rag.adapters.openai_batch_lines import outcome, refused
from rag.errors import ModelAnswerError, ModelBusyError, ModelError, ModelSetupError, ModelTextError

SECRET = "sk-secret"


def read(**line: Any) -> str | ModelError:
    return outcome({"custom_id": "item-1", **line}, "一括処理", key_name="OPENAI_API_KEY")


def chosen(ending: str | None, **message: Any) -> dict[str, Any]:
    choice = {"finish_reason": ending, "message": message}
    return {"response": {"status_code": 200, "body": {"choices": [choice]}}}


@pytest.mark.parametrize("text", ["下水道の更新を進めます。", ""])
def test_a_whole_text_comes_back_as_it_is(text: str) -> None:
    assert read(**chosen("stop", content=text), error=None) == text


@pytest.mark.parametrize(
    ("line", "error", "said"),
    [
        (chosen("length", content="途中"), ModelTextError, "chat.output_tokens"),
        (chosen("content_filter", content="途中"), ModelTextError, "内容検査"),
        (chosen("stop", content=None, refusal=SECRET), ModelTextError, "断りました"),
        (chosen("stop", content=None), ModelAnswerError, "途中で切れました"),
        (chosen("tool_calls", content="途中"), ModelAnswerError, "途中で切れました"),
        (chosen(None, content="途中"), ModelAnswerError, "途中で切れました"),
        ({"response": {"status_code": 200, "body": {"choices": []}}}, ModelAnswerError, "応答を読み取れません"),
        ({"response": {"status_code": 200, "body": SECRET}}, ModelAnswerError, "応答を読み取れません"),
        ({"response": SECRET}, ModelAnswerError, "応答を読み取れません"),
        ({"response": {"status_code": 401, "body": None}}, ModelSetupError, "OPENAI_API_KEY"),
        ({"response": {"status_code": 503, "body": SECRET}}, ModelBusyError, "故障を返しました（503）"),
        ({"response": None, "error": {"code": "batch_expired", "message": SECRET}}, ModelBusyError, "24時間"),
        ({"response": None, "error": {"code": "batch_cancelled"}}, ModelAnswerError, "取り消されました"),
        ({"response": None, "error": {"code": "request_timeout"}}, ModelAnswerError, "（request_timeout）"),
        ({"response": None, "error": {"code": f"鍵は {SECRET}"}}, ModelAnswerError, "（不明）"),
        ({"response": None, "error": None}, ModelAnswerError, "書けませんでした"),
        ({}, ModelAnswerError, "書けませんでした"),
    ],
)
def test_a_line_without_a_whole_text_is_one_japanese_line_with_its_remedy_and_no_key(
    line: Mapping[str, Any], error: type[ModelError], said: str
) -> None:
    found = read(**line)
    assert type(found) is error
    assert said in str(found)
    assert str(found).endswith("ください。")
    assert SECRET not in str(found)


@pytest.mark.parametrize(
    ("codes", "error", "said"),
    [
        (["invalid_request", "invalid_request", None], ModelSetupError, "（invalid_request、不明）"),
        ([], ModelSetupError, "（理由なし）"),
        (["token_limit_exceeded"], ModelBusyError, "ほかの一括処理が終わってから"),
    ],
)
def test_a_batch_refused_as_a_whole_names_its_codes(
    codes: list[str | None], error: type[ModelError], said: str
) -> None:
    found = refused("一括処理", codes, asked_by="chat.model")
    assert type(found) is error
    assert said in str(found)
