"""A server on loopback that speaks the OpenAI protocol from a script: chat, responses, embeddings, files, batches, faults."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from tests.script import Fault, Received, Refusal, Reply, Script, envelope
from tests.scripted_batch import batch_routes

__all__ = ["Fault", "Received", "Refusal", "Reply", "Script", "scripted_server"]
PIECE_CHARACTERS = 7
"""Streamed text comes in pieces of this length, so that lines and marks are cut anywhere."""


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
            return _refuse(script.refuses_shape, {})
        reply = script.answer(body)
        if reply.refusal:
            return _refuse(reply.refusal, reply.headers)
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
        if reply.refusal:
            return _refuse(reply.refusal, reply.headers)
        if reply.fault is Fault.HANG:
            await _wait(script)
        if reply.fault is Fault.BROKEN_JSON:
            return Response('{"data": [', media_type="application/json")
        return _vectors(script, body)

    prefixes = ("/v1", "/openai/deployments/{deployment}", "/openai/v1")
    routes = [Route(f"{prefix}/chat/completions", chat, methods=["POST"]) for prefix in prefixes]
    routes += [Route(f"{prefix}/responses", chat, methods=["POST"]) for prefix in prefixes]
    routes += [Route(f"{prefix}/embeddings", embeddings, methods=["POST"]) for prefix in prefixes]
    return Starlette(routes=[*routes, *batch_routes(script)])


def _whole(reply: Reply, body: Mapping[str, Any]) -> Response:
    if reply.fault is Fault.BROKEN_JSON:
        return Response('{"choices": [', media_type="application/json")
    return JSONResponse(reply.completion(body))


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
    return JSONResponse(envelope("list", body, data=data))


async def _note(request: Request, script: Script) -> Mapping[str, Any]:
    body: Mapping[str, Any] = await request.json()
    script.requests.append(Received(path=request.url.path, headers=dict(request.headers), body=body))
    return body


async def _wait(script: Script) -> None:
    while not script.over.is_set():
        await asyncio.sleep(0.02)


def _refuse(refusal: Refusal, headers: Mapping[str, str]) -> Response:
    return JSONResponse(refusal.body, status_code=refusal.status, headers=dict(headers))


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
    yield _event({"delta": {}, "finish_reason": reply.ending}, model)
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
