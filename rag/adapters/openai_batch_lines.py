"""What became of one request of a batch: its text, or an error of ours."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

import httpx2
import openai

from rag.adapters.openai_errors import translate
from rag.errors import ModelAnswerError, ModelBusyError, ModelError, ModelSetupError, ModelTextError

_CODE = re.compile(r"[\w.-]{1,64}", re.ASCII)
_REFUSALS: Mapping[int, type[openai.APIStatusError]] = {
    401: openai.AuthenticationError,
    403: openai.PermissionDeniedError,
    404: openai.NotFoundError,
    429: openai.RateLimitError,
}


def outcome(line: Mapping[str, Any], subject: str, *, key_name: str) -> str | ModelError:
    """Return the text of a line of an output or error file, or our error for it."""
    try:
        response = line.get("response")
        if not response:
            return _unanswered(str((line.get("error") or {}).get("code")), subject)
        status, body = response["status_code"], response["body"]
        if status >= 400:
            return translate(_refusal(status, body), subject, key_name=key_name)
        return _text(body["choices"][0], subject)
    except (KeyError, IndexError, TypeError, AttributeError) as error:
        return translate(error, subject, key_name=key_name)


def expired(subject: str) -> ModelError:
    """Return the error of a request that was not written in time."""
    return ModelBusyError(f"{subject}: 期限（24時間）までに書かれませんでした。残った分を、もう一度実行してください。")


def cancelled(subject: str) -> ModelError:
    """Return the error of a request that was not written before its batch was cancelled."""
    return ModelAnswerError(f"{subject}: 書かれる前に取り消されました。要るときは、もう一度実行してください。")


def missing(subject: str) -> ModelError:
    """Return the error of a request that a batch which is done says nothing of."""
    return ModelAnswerError(f"{subject}: 答えが返らないか、読み取れませんでした。もう一度実行してください。")


def refused(subject: str, codes: Iterable[str | None], *, asked_by: str) -> ModelError:
    """Return the error of every request of a batch that was refused as a whole, for the vendor's reasons."""
    shown = sorted({shown_code(code) for code in codes})
    if "token_limit_exceeded" in shown:
        return ModelBusyError(
            f"{subject}: 一度に頼める量を超えました（token_limit_exceeded）。"
            "ほかの一括処理が終わってから、または件数を減らして、もう一度実行してください。"
        )
    return ModelSetupError(
        f"{subject}: 全体が受け付けられませんでした（{'、'.join(shown) or '理由なし'}）。設定の {asked_by} を確かめてください。"
    )


def shown_code(code: str | None) -> str:
    """Return a code that may be shown: what does not look like one may quote a text or a key."""
    return code if code and _CODE.fullmatch(code) else "不明"


def _text(choice: Mapping[str, Any], subject: str) -> str | ModelError:
    ending, message = choice["finish_reason"], choice["message"]
    if ending == "length":
        return ModelTextError(
            f"{subject}: 文章が長さの上限で切れました。設定の chat.output_tokens を大きくしてください。"
        )
    if ending == "content_filter":
        return ModelTextError(f"{subject}: 接続先の内容検査で止められました。頼む文章の言い方を変えてください。")
    if message.get("refusal"):
        return ModelTextError(f"{subject}: モデルが書くことを断りました。頼む文章の言い方を変えてください。")
    text = message["content"]
    if ending != "stop" or not isinstance(text, str):
        return ModelAnswerError(f"{subject}: 文章が途中で切れました。もう一度実行してください。")
    return text


def _unanswered(code: str, subject: str) -> ModelError:
    """Return the error of a request that was never sent on, which has a code and no answer."""
    if code == "batch_expired":
        return expired(subject)
    if code in ("batch_cancelled", "batch_canceled"):
        return cancelled(subject)
    return ModelAnswerError(f"{subject}: 接続先が書けませんでした（{shown_code(code)}）。もう一度実行してください。")


def _refusal(status: int, body: Any) -> openai.APIStatusError:
    """Return what the client would have raised for this answer to a request of its own."""
    kind = _REFUSALS.get(status, openai.APIStatusError)
    response = httpx2.Response(status, request=httpx2.Request("POST", "batch:"))
    return kind("", response=response, body=body.get("error", body) if isinstance(body, Mapping) else body)
