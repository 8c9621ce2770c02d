"""The Batch API of OpenAI and Azure OpenAI: many chat completions in one order, written within a day."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeVar

import openai
from openai.types import Batch, FileObject

from rag.adapters.openai_batch_lines import cancelled, expired, missing, outcome, refused, shown_code
from rag.adapters.openai_errors import FOREIGN, is_passing, retry_after_seconds, translate
from rag.errors import InputError, ModelAnswerError, ModelBusyError, ModelError, ModelGoneError, ModelSetupError
from rag.settings import ChatSettings

T = TypeVar("T")
KEY_NAMES = {"openai": "OPENAI_API_KEY", "azure": "AZURE_OPENAI_API_KEY"}
ENDPOINTS: Mapping[str, Any] = {"openai": "/v1/chat/completions", "azure": "/chat/completions"}
"""What a batch names as its endpoint; Azure's dated API versions have no /v1."""
MOST_REQUESTS: Final = 50_000
MOST_BYTES: Final = 200_000_000
LONGEST_PAUSE_SECONDS: Final = 20.0
FILE_POLL_SECONDS: Final = 5.0
FILE_POLLS: Final = 120
"""Azure takes a file first and looks through it then; it is waited for so many times at most."""
ASKED_BY: Final = "chat.provider、chat.model、chat.api_version"
"""Settings that decide how a batch is asked for."""
_LINE_ENDS = {0x85: "\\u0085", 0x2028: "\\u2028", 0x2029: "\\u2029"}
"""Raw in JSON these are no line ends, but many readers of lines take them for some."""


class BatchStatus(StrEnum):
    """How far a batch is; all but WORKING are final."""

    WORKING = "working"
    DONE = "done"
    FAILED = "failed"
    """Refused as a whole: nothing was written."""
    EXPIRED = "expired"
    """What was written within the day is there."""
    CANCELLED = "cancelled"
    """What was written before is there."""


STATUSES: Mapping[str, BatchStatus] = {
    "validating": BatchStatus.WORKING,
    "in_progress": BatchStatus.WORKING,
    "finalizing": BatchStatus.WORKING,
    "cancelling": BatchStatus.WORKING,
    "completed": BatchStatus.DONE,
    "failed": BatchStatus.FAILED,
    "expired": BatchStatus.EXPIRED,
    "cancelled": BatchStatus.CANCELLED,
    "canceled": BatchStatus.CANCELLED,  # in Azure's documentation
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchState:
    """How far a batch is, in requests."""

    status: BatchStatus
    completed: int
    failed: int
    total: int
    """0 until the vendor has counted them."""


class OpenAIBatch:
    """Has many chat completions written in one order.

    It keeps nothing: the vendor holds the requests and what was written, under the id that `submit` returns. A caller that
    stores this id at once loses nothing in a crash: another process goes on with `wait` and `results`, as often as it likes
    until `discard`, or until the vendor deletes its files (30 days). Every text of a request must have passed the egress before.
    """

    def __init__(
        self,
        settings: ChatSettings,
        environment: Mapping[str, str] | None = None,
        *,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """Build the client without connecting; raises ModelSetupError for a missing key or address."""
        self._settings = settings
        self._pause = pause
        self._client, self._key_name = _client(settings, os.environ if environment is None else environment)

    def submit(self, bodies: Mapping[str, Mapping[str, Any]]) -> str:
        """Order the bodies (custom id → body of /v1/chat/completions) and return the id of the batch.

        Raises InputError for more than one batch may hold, before anything is sent, and ModelError.
        """
        data = self._lines(bodies)
        file = self._tried(lambda: self._client.files.create(file=("requests.jsonl", data), purpose="batch"))
        self._await_file(file)
        return self._create(file.id).id

    def state(self, batch_id: str) -> BatchState:
        """Return how far the batch is; raises ModelError."""
        batch = self._retrieve(batch_id)
        counts = batch.request_counts
        return BatchState(
            status=self._status(batch),
            completed=counts.completed if counts else 0,
            failed=counts.failed if counts else 0,
            total=counts.total if counts else 0,
        )

    def wait(self, batch_id: str, poll_seconds: float, tell: Callable[[BatchState], None]) -> BatchState:
        """Ask every `poll_seconds` until the batch is over, tell each state, and return the last; raises ModelError."""
        while True:
            state = self.state(batch_id)
            tell(state)
            if state.status is not BatchStatus.WORKING:
                return state
            self._pause(poll_seconds)

    def results(self, batch_id: str) -> Iterator[tuple[str, str | ModelError]]:
        """Yield each custom id of the order once, with its text or why there is none, in no order.

        Raises ModelBusyError while the batch is not over, and ModelError where its files cannot be fetched.
        """
        batch = self._retrieve(batch_id)
        status, subject = self._status(batch), self._subject(batch_id)
        if status is BatchStatus.WORKING:
            raise ModelBusyError(f"{subject}: まだ終わっていません。しばらく待ってから、もう一度実行してください。")
        waiting = {str(line.get("custom_id")) for line in self._read(batch.input_file_id, batch_id)}
        for file_id in filter(None, (batch.output_file_id, batch.error_file_id)):
            for line in self._read(file_id, batch_id):
                if (custom_id := str(line.get("custom_id"))) in waiting:
                    waiting.remove(custom_id)
                    yield custom_id, outcome(line, subject, key_name=self._key_name)
        for custom_id in sorted(waiting):
            yield custom_id, self._undone(batch)

    def cancel(self, batch_id: str) -> None:
        """Stop a batch that is not over; what is written stays readable. Raises ModelError."""
        batch = self._retrieve(batch_id)
        if self._status(batch) is BatchStatus.WORKING and batch.status != "cancelling":
            self._tried(lambda: self._client.batches.cancel(batch_id), batch_id)

    def discard(self, batch_id: str) -> None:
        """Have the vendor delete the files of a batch: what was asked, what was written. Raises ModelError.

        One that is not over is stopped first; what the vendor still writes of it then goes with its own deadline.
        """
        batch = self._retrieve(batch_id)
        if self._status(batch) is BatchStatus.WORKING:
            self.cancel(batch_id)
            batch = self._retrieve(batch_id)  # it may have ended meanwhile
        for file_id in filter(None, (batch.input_file_id, batch.output_file_id, batch.error_file_id)):
            self._delete(file_id, batch_id)

    def _delete(self, file_id: str, batch_id: str) -> None:
        try:
            self._tried(lambda: self._client.files.delete(file_id), batch_id)
        except ModelGoneError:
            return  # an earlier try that was cut short

    def _lines(self, bodies: Mapping[str, Mapping[str, Any]]) -> bytes:
        remedy = "件数を減らして分けて実行するか、設定の draft.batch を false にしてください。"
        if not 0 < len(bodies) <= MOST_REQUESTS:
            raise InputError(
                f"一括処理: 依頼が{len(bodies):,}件です。一度に頼めるのは1件から{MOST_REQUESTS:,}件までです。{remedy}"
            )
        url, data = ENDPOINTS[self._settings.provider], bytearray()
        for custom_id, body in bodies.items():
            request = {"custom_id": custom_id, "method": "POST", "url": url, "body": dict(body)}
            data += json.dumps(request, ensure_ascii=False).translate(_LINE_ENDS).encode() + b"\n"
            if len(data) > MOST_BYTES:
                most = MOST_BYTES // 1_000_000
                raise InputError(f"一括処理: 依頼の全体が、一度に送れる大きさ（{most}MB）を超えます。{remedy}")
        return bytes(data)

    def _await_file(self, file: FileObject) -> None:
        file_id = file.id
        for _ in range(FILE_POLLS):
            if str(file.status) != "pending":  # Azure's word, which the client's list lacks
                return
            self._pause(FILE_POLL_SECONDS)
            file = self._tried(lambda: self._client.files.retrieve(file_id))
        raise ModelBusyError(
            f"{self._subject()}: 送った依頼を接続先が受け取り終わりません。しばらく待ってから、もう一度実行してください。"
        )

    def _create(self, file_id: str) -> Batch:
        """Create the batch, or find the one that was created though the answer was lost: none is paid for twice."""
        tries = 0

        def create() -> Batch:
            nonlocal tries
            tries += 1
            if tries > 1:
                for batch in self._client.batches.list(limit=100).data:
                    if batch.input_file_id == file_id:
                        return batch
            endpoint = ENDPOINTS[self._settings.provider]
            return self._client.batches.create(input_file_id=file_id, endpoint=endpoint, completion_window="24h")

        return self._tried(create)

    def _retrieve(self, batch_id: str) -> Batch:
        return self._tried(lambda: self._client.batches.retrieve(batch_id), batch_id)

    def _status(self, batch: Batch) -> BatchStatus:
        # The client does not check the status against its list.
        if batch.status not in STATUSES:
            raise ModelAnswerError(
                f"{self._subject(batch.id)}: 接続先が知らない状態（{shown_code(batch.status)}）を返しました。"
                "もう一度実行し、続くときは接続先の管理者に知らせてください。"
            )
        return STATUSES[batch.status]

    def _undone(self, batch: Batch) -> ModelError:
        """Return why a request of a batch that is over stands in none of its files."""
        status, subject = self._status(batch), self._subject(batch.id)
        if status is BatchStatus.EXPIRED:
            return expired(subject)
        if status is BatchStatus.CANCELLED:
            return cancelled(subject)
        if status is BatchStatus.FAILED:
            found = (batch.errors and batch.errors.data) or ()
            return refused(subject, [error.code for error in found], asked_by=ASKED_BY)
        return missing(subject)

    def _read(self, file_id: str, batch_id: str) -> Iterator[dict[str, Any]]:
        """Yield the lines of a file; raises ModelError for one without any: the page of a proxy, say.

        A broken line is left out, and its request comes out as one without an answer.
        """
        content = self._tried(lambda: self._client.files.content(file_id).content, batch_id)
        readable = 0
        for line in content.split(b"\n"):  # the client's own lines end at U+2028 as well, which a text may hold
            try:
                found = json.loads(line)
            except ValueError:
                continue
            if isinstance(found, dict):
                readable += 1
                yield found
        if not readable:
            kind = (
                ModelAnswerError if content.lstrip().startswith(b"<") else ModelGoneError
            )  # the page of a proxy may pass
            raise kind(
                f"{self._subject(batch_id)}: 接続先のファイルを読み取れません。"
                "もう一度実行し、続くときは接続先の管理者に知らせてください。"
            )

    def _tried(self, call: Callable[[], T], batch_id: str = "") -> T:
        attempt = 1
        while True:
            try:
                found = call()
                if isinstance(found, str):  # the client hands on what is no JSON as it is: the page of a proxy
                    raise ValueError("no JSON")  # noqa: TRY004
                return found
            except FOREIGN as error:
                if attempt >= self._settings.attempts or not is_passing(error):
                    raise self._translated(error, batch_id) from error
                self._pause(min(LONGEST_PAUSE_SECONDS, max(retry_after_seconds(error), 2.0 ** (attempt - 1))))
                attempt += 1

    def _translated(self, error: Exception, batch_id: str) -> ModelError:
        if batch_id and isinstance(error, openai.NotFoundError):
            return ModelGoneError(
                f"{self._subject(batch_id)}: 接続先に見つかりません（404）。頼んだときと同じ鍵と設定の base_url を使うか、"
                "古くて消えているときは頼み直してください。"
            )
        return translate(error, self._subject(batch_id), key_name=self._key_name, asked_by=ASKED_BY)

    def _subject(self, batch_id: str = "") -> str:
        return f"言語モデル {self._settings.model} の一括処理{batch_id and ' '}{batch_id}"


def _client(settings: ChatSettings, environment: Mapping[str, str]) -> tuple[openai.OpenAI, str]:
    if settings.provider not in KEY_NAMES:
        raise ModelSetupError(
            "設定 chat.provider: 一括処理には openai か azure が要ります。どちらかに変えるか、draft.batch を false にしてください。"
        )
    key_name = KEY_NAMES[settings.provider]
    key = environment.get(key_name, "").strip()
    if not key:
        raise ModelSetupError(
            f"環境変数 {key_name}: 設定されていません。鍵を入れるか、設定の chat.provider を extractive にしてください。"
        )
    shared: dict[str, Any] = {"api_key": key, "max_retries": 0, "timeout": settings.timeout_seconds}
    if settings.provider == "openai":
        return openai.OpenAI(base_url=settings.base_url or None, **shared), key_name
    if not settings.base_url or not settings.api_version:
        raise ModelSetupError(
            "設定 chat.base_url と chat.api_version: Azureでは両方が要ります。エンドポイントとAPIバージョンを書いてください。"
        )
    return (
        openai.AzureOpenAI(azure_endpoint=settings.base_url, api_version=settings.api_version, **shared),
        key_name,
    )
