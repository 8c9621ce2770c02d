"""The errors of OpenAI and of servers that speak like it, turned into ours once."""

from __future__ import annotations

import json

import httpx2
import openai

from rag.errors import ModelAnswerError, ModelBusyError, ModelError, ModelSetupError

FOREIGN = (openai.OpenAIError, httpx2.HTTPError, json.JSONDecodeError, ValueError, KeyError, TypeError)
"""What the client raises: a broken body comes out as ValueError, KeyError or TypeError, not as an OpenAI error."""
EMPTY_PURSE = frozenset({"insufficient_quota", "billing_hard_limit_reached"})
"""Codes of a 429 that no waiting cures."""


def is_passing(error: Exception) -> bool:
    """Tell whether trying again may help: limits, time-outs, lost connections, server errors."""
    if isinstance(error, openai.RateLimitError):
        return error.code not in EMPTY_PURSE
    return isinstance(error, (openai.APIConnectionError, openai.InternalServerError, httpx2.HTTPError))


def retry_after_seconds(error: Exception) -> float:
    """Return what the server asks to wait, 0 when it asks nothing."""
    if not isinstance(error, openai.APIStatusError):
        return 0.0
    try:
        return max(0.0, float(error.response.headers.get("retry-after", "0")))
    except ValueError:
        return 0.0


def translate(error: Exception, subject: str, *, key_name: str) -> ModelError:
    """Return our error for a vendor's; its own message is never shown, since it may quote a key or a text."""
    if isinstance(error, openai.APIStatusError):
        return _by_status(error, subject, key_name)
    if isinstance(error, openai.APITimeoutError | httpx2.TimeoutException):
        return ModelBusyError(
            f"{subject}: 時間内に応答がありません。しばらく待つか、設定の timeout_seconds を大きくしてください。"
        )
    if isinstance(error, openai.APIConnectionError | httpx2.HTTPError):
        return ModelBusyError(
            f"{subject}: 接続できないか、途中で切れました。"
            "設定の base_url とネットワークを確かめて、もう一度実行してください。"
        )
    return ModelAnswerError(
        f"{subject}: 応答を読み取れません（{type(error).__name__}）。"
        "もう一度実行し、続くときは接続先の管理者に知らせてください。"
    )


def _by_status(error: openai.APIStatusError, subject: str, key_name: str) -> ModelError:
    status = error.status_code
    if isinstance(error, openai.RateLimitError) and error.code in EMPTY_PURSE:
        return ModelSetupError(
            f"{subject}: 契約の利用枠を使い切っています（{error.code}）。"
            "管理者が利用枠を増やすか、設定の provider を通信しないもの（extractive、chive）にしてください。"
        )
    if isinstance(error, openai.RateLimitError):
        return ModelBusyError(f"{subject}: 混み合っています（429）。しばらく待ってから、もう一度実行してください。")
    if isinstance(error, openai.AuthenticationError | openai.PermissionDeniedError):
        return ModelSetupError(
            f"{subject}: 鍵が受け付けられません（{status}）。環境変数 {key_name} の値を確かめてください。"
        )
    if isinstance(error, openai.NotFoundError):
        return ModelSetupError(
            f"{subject}: モデルか接続先が見つかりません（404）。設定の model と base_url を確かめてください。"
        )
    if status >= 500:
        return ModelBusyError(
            f"{subject}: 接続先が故障を返しました（{status}）。しばらく待ってから、もう一度実行してください。"
        )
    return _refused(error, subject)


def _refused(error: openai.APIStatusError, subject: str) -> ModelError:
    if error.code == "context_length_exceeded":
        return ModelAnswerError(
            f"{subject}: 渡した資料が長すぎます。設定の answer.evidence_tokens を小さくしてください。"
        )
    if error.code == "content_filter":
        return ModelAnswerError(f"{subject}: 接続先の内容検査で止められました。質問の言い方を変えてください。")
    return ModelSetupError(
        f"{subject}: 求め方が受け付けられません（{error.status_code}）。"
        "設定の model、temperature、use_responses_api を確かめてください。"
    )
