"""The errors of OpenAI and of servers that speak like it, turned into ours once."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import httpx2
import openai

from rag.errors import ModelAnswerError, ModelBusyError, ModelError, ModelSetupError

FOREIGN = (openai.OpenAIError, httpx2.HTTPError, json.JSONDecodeError, ValueError, KeyError, TypeError)
"""What the client raises: a broken body comes out as ValueError, KeyError or TypeError, not as an OpenAI error."""
EMPTY_PURSE = frozenset({"insufficient_quota", "billing_hard_limit_reached"})
"""Codes of a 429 that no waiting cures."""
CHAT_SETTINGS = "model、temperature、use_responses_api、shape"
TOO_LARGE = frozenset(
    {"max_tokens_per_request", "tokens_limits_reached", "context_length_exceeded", "request_too_large"}
)
"""Codes of a request with too many texts or too long ones."""
_SAYS_TOO_LARGE = re.compile(r"too large|too many inputs|tokens per request|maximum context length", re.IGNORECASE)
"""Some refusals have no code of their own; a 429 that says so passes at no time."""
_SAYS_SHAPE = re.compile(r"response.?format|json.?schema|text\.format|structured.?output|guided", re.IGNORECASE)
_SAYS_PARAMETER = re.compile(
    r"(?:unsupported|unknown|unrecognized|unexpected|extra|additional)[ _a-z]*(?:parameter|argument|field|input|keyword|propert)",
    re.IGNORECASE,
)
"""A refusal of a parameter that it does not name."""
_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|h|m|s)")
_UNITS = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}


def is_passing(error: Exception) -> bool:
    """Tell whether trying again may help: limits, time-outs, lost connections, server errors."""
    if isinstance(error, openai.RateLimitError):
        return error.code not in EMPTY_PURSE
    return isinstance(error, (openai.APIConnectionError, openai.InternalServerError, httpx2.HTTPError))


def is_too_large(error: Exception) -> bool:
    """Tell whether a server refuses a request for its size: fewer texts at once may pass."""
    if not isinstance(error, openai.APIStatusError) or error.status_code not in (400, 413, 429):
        return False
    return error.status_code == 413 or error.code in TOO_LARGE or bool(_SAYS_TOO_LARGE.search(error.message))


def refuses_shape(error: Exception) -> bool:
    """Tell whether a server refuses to hold a text to a schema; some say so only in the stream, without a status."""
    if not isinstance(error, openai.APIError) or is_too_large(error):
        return False
    if isinstance(error, openai.APIStatusError) and error.status_code not in (400, 404, 422):
        return False
    said = f"{error.param} {error.code} {error.message} {error.body}"
    return bool(_SAYS_SHAPE.search(said) or (not error.param and _SAYS_PARAMETER.search(said)))


def retry_after_seconds(error: Exception) -> float:
    """Return what the server asks to wait, 0 when it asks nothing: its plain word, else when its spent limit is full again."""
    if not isinstance(error, openai.APIStatusError):
        return 0.0
    headers = error.response.headers
    asked = _number(headers.get("retry-after-ms", "")) / 1000
    asked = asked or _number(headers.get("retry-after", "")) or _until(headers.get("retry-after", ""))
    if asked or not isinstance(error, openai.RateLimitError):
        return asked
    return max(_reset_seconds(headers, kind) for kind in ("requests", "tokens"))


def _reset_seconds(headers: Mapping[str, str], kind: str) -> float:
    """Return when a limit is full again (6m0s, 12ms, or seconds); requests count only when none is left."""
    if kind == "requests" and _number(headers.get(f"x-ratelimit-remaining-{kind}", "")) > 0:
        return 0.0
    told = headers.get(f"x-ratelimit-reset-{kind}", "").strip()
    parts = _DURATION.findall(told)
    if parts and "".join(map("".join, parts)) == told:
        return sum(float(number) * _UNITS[unit] for number, unit in parts)
    return _number(told)


def _number(told: str) -> float:
    """Read a number of seconds; 0 for anything else: some servers answer -1."""
    return float(told) if re.fullmatch(r"\s*\d+(?:\.\d+)?\s*", told, re.ASCII) else 0.0


def _until(told: str) -> float:
    """Return the seconds until an HTTP date; 0 for anything else and for the past."""
    try:
        return max(0.0, (parsedate_to_datetime(told) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return 0.0


def translate(error: Exception, subject: str, *, key_name: str, asked_by: str = CHAT_SETTINGS) -> ModelError:
    """Return our error for a vendor's; its own message is never shown, since it may quote a key or a text.

    `asked_by` names the settings that decide how the model is asked.
    """
    if isinstance(error, openai.APIStatusError):
        return _by_status(error, subject, key_name, asked_by)
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


def _by_status(error: openai.APIStatusError, subject: str, key_name: str, asked_by: str) -> ModelError:
    status = error.status_code
    if isinstance(error, openai.RateLimitError) and error.code in EMPTY_PURSE:
        return ModelSetupError(
            f"{subject}: 契約の利用枠を使い切っています（{error.code}）。"
            "管理者が利用枠を増やすか、設定の provider を通信しないもの（extractive、e5、chive）にしてください。"
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
    return _refused(error, subject, asked_by)


def _refused(error: openai.APIStatusError, subject: str, asked_by: str) -> ModelError:
    if error.code == "context_length_exceeded":
        return ModelAnswerError(
            f"{subject}: 渡した資料が長すぎます。設定の answer.evidence_tokens を小さくしてください。"
        )
    if error.code == "content_filter":
        return ModelAnswerError(f"{subject}: 接続先の内容検査で止められました。質問の言い方を変えてください。")
    return ModelSetupError(
        f"{subject}: 求め方が受け付けられません（{error.status_code}）。設定の {asked_by} を確かめてください。"
    )
