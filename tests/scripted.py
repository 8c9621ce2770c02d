"""A server on loopback that speaks the OpenAI protocol from a script: chat (plain and streamed), responses, embeddings, faults."""

from __future__ import annotations

import asyncio
import hashlib
import json
import socket
import threading
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

PIECE_CHARACTERS = 7
"""Streamed text comes in pieces of this length, so that lines and marks are cut anywhere."""


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
class Reply:
    """What the server answers to one request."""

    text: str = ""
    fault: Fault = Fault.NONE
    headers: Mapping[str, str] = field(default_factory=dict)
    """Sent with a refusal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A status and body in the words of one server."""

    status: int
    body: Mapping[str, Any]

    def response(self) -> Response:
        """Return what goes over the wire."""
        return JSONResponse(self.body, status_code=self.status)


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


@contextmanager
def scripted_server() -> Iterator[Script]:
    """Run the server on a free port of loopback for the length of the block."""
    script = Script()
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    script.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    config = uvicorn.Config(_application(script), log_level="critical", lifespan="off", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive(), "the scripted server did not start"
            script.over.wait(0.01)
        yield script
    finally:
        script.over.set()
        server.should_exit = True
        thread.join(timeout=10)


def _application(script: Script) -> Starlette:
    async def chat(request: Request) -> Response:
        body = await _note(request, script)
        if script.refuses_shape and script.requests[-1].schema:
            return script.refuses_shape.response()
        reply = script.answer(body)
        if reply.fault in STATUSES:
            return _refuse(reply)
        if reply.fault is Fault.HANG:
            await _wait(script)
        if body.get("stream"):
            events = _response_events if request.url.path.endswith("/responses") else _events
            return StreamingResponse(events(reply, body, script.delay_seconds), media_type="text/event-stream")
        await asyncio.sleep(script.delay_seconds)
        return _whole(reply, body)

    async def embeddings(request: Request) -> Response:
        body = await _note(request, script)
        reply = script.next()
        if reply.fault in STATUSES:
            return _refuse(reply)
        if reply.fault is Fault.HANG:
            await _wait(script)
        if reply.fault is Fault.BROKEN_JSON:
            return Response('{"data": [', media_type="application/json")
        return _vectors(script, body)

    prefixes = ("/v1", "/openai/deployments/{deployment}", "/openai/v1")
    routes = [Route(f"{prefix}/chat/completions", chat, methods=["POST"]) for prefix in prefixes]
    routes += [Route(f"{prefix}/responses", chat, methods=["POST"]) for prefix in prefixes]
    routes += [Route(f"{prefix}/embeddings", embeddings, methods=["POST"]) for prefix in prefixes]
    return Starlette(routes=routes)


def _whole(reply: Reply, body: Mapping[str, Any]) -> Response:
    if reply.fault is Fault.BROKEN_JSON:
        return Response('{"choices": [', media_type="application/json")
    message = {"role": "assistant", "content": reply.text}
    choice = {"index": 0, "message": message, "finish_reason": _ending(reply.fault)}
    return JSONResponse(_envelope("chat.completion", body, choices=[choice]))


def _vectors(script: Script, body: Mapping[str, Any]) -> Response:
    texts = [body["input"]] if isinstance(body["input"], str) else list(body["input"])
    if 0 < script.most_texts < len(texts):
        error = {"message": f"Too many inputs. The max number of inputs is {script.most_texts}.", "code": None}
        return JSONResponse({"error": error}, status_code=400)
    dimension = script.dimension if script.keeps_dimension else int(body.get("dimensions") or script.dimension)
    data = [
        {"object": "embedding", "index": index, "embedding": script.vector(str(text), dimension)}
        for index, text in enumerate(texts)
    ]
    return JSONResponse(_envelope("list", body, data=data))


async def _note(request: Request, script: Script) -> Mapping[str, Any]:
    body: Mapping[str, Any] = await request.json()
    script.requests.append(Received(path=request.url.path, headers=dict(request.headers), body=body))
    return body


async def _wait(script: Script) -> None:
    while not script.over.is_set():
        await asyncio.sleep(0.02)


def _refuse(reply: Reply) -> Response:
    status, code = STATUSES[reply.fault]
    error = {"message": f"Incorrect API key provided: sk-secret ({code})", "type": code, "param": None, "code": code}
    return JSONResponse({"error": error}, status_code=status, headers=dict(reply.headers))


async def _events(reply: Reply, body: Mapping[str, Any], delay_seconds: float) -> AsyncIterator[str]:
    model = str(body.get("model", "scripted"))
    pieces = [reply.text[at : at + PIECE_CHARACTERS] for at in range(0, len(reply.text), PIECE_CHARACTERS)]
    for piece in pieces:
        await asyncio.sleep(delay_seconds / len(pieces))
        yield _event({"delta": {"role": "assistant", "content": piece}, "finish_reason": None}, model)
    if reply.fault is Fault.BROKEN_JSON:
        yield 'data: {"choices": [\n\n'
    if reply.fault is Fault.CUT_STREAM:
        raise ConnectionResetError
    if reply.fault is Fault.SILENT_END:
        return
    yield _event({"delta": {}, "finish_reason": _ending(reply.fault)}, model)
    usage = {"prompt_tokens": 10, "completion_tokens": len(pieces), "total_tokens": 10 + len(pieces)}
    yield f"data: {json.dumps({'id': 'scripted', 'object': 'chat.completion.chunk', 'model': model, 'choices': [], 'usage': usage})}\n\n"
    yield "data: [DONE]\n\n"


async def _response_events(reply: Reply, body: Mapping[str, Any], delay_seconds: float) -> AsyncIterator[str]:
    """Yield what the Responses API streams; of the faults it knows only the limit of length."""
    pieces = [reply.text[at : at + PIECE_CHARACTERS] for at in range(0, len(reply.text), PIECE_CHARACTERS)]
    place = {"item_id": "message", "output_index": 0, "content_index": 0, "logprobs": []}
    for number, piece in enumerate(pieces):
        await asyncio.sleep(delay_seconds / len(pieces))
        event = {"type": "response.output_text.delta", "sequence_number": number, "delta": piece, **place}
        yield f"event: {event['type']}\ndata: {json.dumps(event)}\n\n"
    status = "incomplete" if reply.fault is Fault.LENGTH else "completed"
    content = [{"type": "output_text", "text": reply.text, "annotations": []}]
    response = {
        "id": "scripted",
        "object": "response",
        "created_at": 0,
        "model": body["model"],
        "status": status,
        "incomplete_details": {"reason": "max_output_tokens"} if reply.fault is Fault.LENGTH else None,
        "output": [{"type": "message", "id": "message", "role": "assistant", "status": status, "content": content}],
        "parallel_tool_calls": False,
        "tool_choice": "auto",
        "tools": [],
    }
    ending = {"type": f"response.{status}", "sequence_number": len(pieces), "response": response}
    yield f"event: {ending['type']}\ndata: {json.dumps(ending)}\n\n"


def _event(choice: Mapping[str, Any], model: str) -> str:
    body = {"id": "scripted", "object": "chat.completion.chunk", "model": model, "choices": [{"index": 0, **choice}]}
    return f"data: {json.dumps(body, ensure_ascii=False)}\n\n"


def _ending(fault: Fault) -> str:
    return str(fault) if fault in (Fault.LENGTH, Fault.CONTENT_FILTER) else "stop"


def _envelope(kind: str, body: Mapping[str, Any], **content: Any) -> dict[str, Any]:
    usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
    return {"id": "scripted", "object": kind, "model": body.get("model", "scripted"), "usage": usage, **content}
