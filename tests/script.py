"""What the scripted server answers with, and what it has received."""

from __future__ import annotations

import hashlib
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Fault(StrEnum):
    """What goes wrong with one reply."""

    NONE = "none"
    RATE_LIMIT = "rate_limit"
    INSUFFICIENT_QUOTA = "insufficient_quota"
    SERVER_ERROR = "server_error"
    BAD_KEY = "bad_key"
    NO_MODEL = "no_model"
    TOO_LONG = "too_long"
    TOO_MANY_TOKENS = "too_many_tokens"
    """All texts of a request together."""
    BROKEN_JSON = "broken_json"
    CUT_STREAM = "cut_stream"
    """The connection is lost halfway."""
    SILENT_END = "silent_end"
    """The stream ends in order, but without a reason to stop."""
    LENGTH = "length"
    CONTENT_FILTER = "content_filter"
    HANG = "hang"
    """No byte comes."""


STATUSES: Mapping[Fault, tuple[int, str]] = {
    Fault.RATE_LIMIT: (429, "rate_limit_exceeded"),
    Fault.INSUFFICIENT_QUOTA: (429, "insufficient_quota"),
    Fault.SERVER_ERROR: (500, "server_error"),
    Fault.BAD_KEY: (401, "invalid_api_key"),
    Fault.NO_MODEL: (404, "model_not_found"),
    Fault.TOO_LONG: (400, "context_length_exceeded"),
    Fault.TOO_MANY_TOKENS: (400, "max_tokens_per_request"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A status and body in the words of one server."""

    status: int
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the server answers to one request."""

    text: str = ""
    fault: Fault = Fault.NONE
    headers: Mapping[str, str] = field(default_factory=dict)
    """Sent with a refusal."""

    @property
    def refusal(self) -> Refusal | None:
        """The refusal that its fault is; None: the request is taken."""
        return refusal(self.fault) if self.fault in STATUSES else None

    @property
    def ending(self) -> str:
        """Why the text stops, in the words of the protocol."""
        return str(self.fault) if self.fault in (Fault.LENGTH, Fault.CONTENT_FILTER) else "stop"

    def completion(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Return it as a whole chat completion."""
        message = {"role": "assistant", "content": self.text}
        choice = {"index": 0, "message": message, "finish_reason": self.ending}
        return envelope("chat.completion", body, choices=[choice])


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A request as it came in."""

    path: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]

    @property
    def prompt(self) -> str:
        """All messages of a chat request, joined."""
        return "\n".join(str(message["content"]) for message in self.body.get("messages", self.body.get("input", ())))

    @property
    def schema(self) -> Mapping[str, Any] | None:
        """The schema to which the text is to be held; None: any text will do."""
        asked = self.body.get("response_format", {}).get("json_schema") or self.body.get("text", {}).get("format")
        return asked["schema"] if asked else None


@dataclass(slots=True)
class Script:
    """The replies to come and the requests that came; without a reply left the last one is repeated."""

    url: str = ""
    replies: deque[Reply] = field(default_factory=deque)
    requests: list[Received] = field(default_factory=list)
    writer: Callable[[Mapping[str, Any]], str | Reply] | None = None
    """From the body of a chat request to its answer, while no reply is scripted; None: the answer is empty."""
    delay_seconds: float = 0.0
    """How long one chat answer takes from its first to its last piece."""
    refuses_shape: Refusal | None = None
    """What it answers to a request for structured text; None: it takes it."""
    dimension: int = 8
    keeps_dimension: bool = False
    """Vectors have this dimension whatever is asked for."""
    batch_polls: int = 1
    """How often a batch is asked for before it is over."""
    batch_expires: bool = False
    """A batch expires with half of its requests done."""
    batch_faults: deque[Fault] = field(default_factory=deque)
    """What goes wrong with the next requests about files and batches, each with one."""
    files: dict[str, bytes] = field(default_factory=dict)
    """Id → content of the files that it keeps: what was sent, and what batches wrote."""
    batches: dict[str, dict[str, Any]] = field(default_factory=dict)
    most_texts: int = 0
    """A request for vectors of more texts is refused without a code, as some servers do; 0: never."""
    over: threading.Event = field(default_factory=threading.Event)

    def says(self, text: str) -> None:
        """Let the next chat request be answered with this text."""
        self.replies.append(Reply(text=text))

    def fails(self, fault: Fault, *, text: str = "", headers: Mapping[str, str] | None = None) -> None:
        """Let something go wrong with the next request; `text` is what comes before it does."""
        self.replies.append(Reply(text=text, fault=fault, headers=headers or {}))

    def embedded(self) -> list[list[str]]:
        """Return the texts of each request for vectors, in order."""
        inputs = [each.body["input"] for each in self.requests if each.path.endswith("/embeddings")]
        return [[one] if isinstance(one, str) else list(one) for one in inputs]

    def forget(self) -> None:
        """Start over: no replies, no requests."""
        self.replies.clear()
        self.requests.clear()
        self.batch_faults.clear()
        self.files.clear()
        self.batches.clear()
        self.batch_polls, self.batch_expires = 1, False
        self.keeps_dimension, self.most_texts, self.refuses_shape = False, 0, None

    def next(self) -> Reply:
        """Take the next reply."""
        if len(self.replies) > 1:
            return self.replies.popleft()
        return self.replies[0] if self.replies else Reply()

    def answer(self, body: Mapping[str, Any]) -> Reply:
        """Take the next reply to a chat request, or let the writer write one."""
        written = self.writer(body) if self.writer and not self.replies else self.next()
        return written if isinstance(written, Reply) else Reply(text=written)

    def vector(self, text: str, dimension: int) -> list[float]:
        """Return a vector that depends on the text alone."""
        digest = hashlib.sha256(text.encode()).digest()
        return [digest[index % len(digest)] / 255 for index in range(dimension)]


def refusal(fault: Fault) -> Refusal:
    """Return the words in which a request is refused; they quote a key, as real ones do."""
    status, code = STATUSES[fault]
    error = {"message": f"Incorrect API key provided: sk-secret ({code})", "type": code, "param": None, "code": code}
    return Refusal(status=status, body={"error": error})


def envelope(kind: str, body: Mapping[str, Any], **content: Any) -> dict[str, Any]:
    """Return what every answer to a request carries, and its content."""
    usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
    return {"id": "scripted", "object": kind, "model": body.get("model", "scripted"), "usage": usage, **content}
