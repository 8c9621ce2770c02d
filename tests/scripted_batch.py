"""Files and batches of the scripted server: each line of a batch is answered as a chat request would be."""

from __future__ import annotations

import itertools
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from tests.script import Fault, Received, Script, refusal

AZURE = "/openai"
ENDPOINTS: Mapping[str, str] = {
    "/v1": "/v1/chat/completions",
    AZURE: "/chat/completions",
    "/openai/v1": "/v1/chat/completions",
}
"""Where the routes live → the endpoint that a batch there must name; Azure with a dated API version has no /v1."""
WORKING = ("validating", "in_progress")
_NUMBERS = itertools.count(1)
Handler = Callable[[Request], Awaitable[Response]]


def batch_routes(script: Script) -> list[Route]:
    """Return the routes of the Files and Batch APIs, of OpenAI and of Azure."""
    return [route for prefix in ENDPOINTS for route in _Desk(script, prefix).routes()]


class _Desk:
    """Files and batches under one prefix."""

    def __init__(self, script: Script, prefix: str) -> None:
        self._script = script
        self._prefix = prefix

    def routes(self) -> list[Route]:
        table: tuple[tuple[str, str, Handler], ...] = (
            ("POST", "/files", self._upload),
            ("GET", "/files/{id}", self._describe),
            ("DELETE", "/files/{id}", self._delete),
            ("GET", "/files/{id}/content", self._content),
            ("POST", "/batches", self._create),
            ("GET", "/batches", self._list),
            ("GET", "/batches/{id}", self._retrieve),
            ("POST", "/batches/{id}/cancel", self._cancel),
        )
        return [Route(self._prefix + path, self._faulty(handler), methods=[method]) for method, path, handler in table]

    def _faulty(self, handler: Handler) -> Handler:
        async def handle(request: Request) -> Response:
            is_json = request.headers.get("content-type") == "application/json"
            body = json.loads(await request.body() or "{}") if is_json else {}  # a cancellation is JSON without a body
            self._script.requests.append(Received(path=request.url.path, headers=dict(request.headers), body=body))
            fault = self._script.batch_faults.popleft() if self._script.batch_faults else Fault.NONE
            if fault is Fault.CUT_STREAM:  # what was asked for is done, but the word of it is lost
                await handler(request)
                return StreamingResponse(_cut(), media_type="application/json")
            if fault is Fault.BROKEN_JSON:
                return Response("<html>保守中</html>", media_type="text/html")
            if fault is not Fault.NONE:
                return JSONResponse(refusal(fault).body, status_code=refusal(fault).status)
            return await handler(request)

        return handle

    async def _upload(self, request: Request) -> Response:
        form = await request.form()
        file_id = _keep(self._script, await form["file"].read())
        return JSONResponse(_file(file_id, "pending" if self._prefix == AZURE else "processed"))

    async def _describe(self, request: Request) -> Response:
        file_id = request.path_params["id"]
        return JSONResponse(_file(file_id, "processed")) if file_id in self._script.files else _lost()

    async def _delete(self, request: Request) -> Response:
        file_id = request.path_params["id"]
        if self._script.files.pop(file_id, None) is None:
            return _lost()
        return JSONResponse({"id": file_id, "object": "file", "deleted": True})

    async def _content(self, request: Request) -> Response:
        kept = self._script.files.get(request.path_params["id"])
        return _lost() if kept is None else Response(kept, media_type="application/octet-stream")

    async def _create(self, request: Request) -> Response:
        body = await request.json()
        if body["input_file_id"] not in self._script.files:
            return _lost()
        if body["endpoint"] != ENDPOINTS[self._prefix]:
            return JSONResponse({"error": {"message": "Invalid endpoint", "code": None}}, status_code=400)
        return JSONResponse(_batch(self._script, body))

    async def _list(self, request: Request) -> Response:
        return JSONResponse({"object": "list", "data": list(self._script.batches.values()), "has_more": False})

    async def _retrieve(self, request: Request) -> Response:
        batch = self._script.batches.get(request.path_params["id"])
        if batch is None:
            return _lost()
        _work(self._script, batch)
        return JSONResponse(batch)

    async def _cancel(self, request: Request) -> Response:
        batch = self._script.batches.get(request.path_params["id"])
        if batch is None:
            return _lost()
        if batch["status"] not in WORKING:
            error = {"message": f"Cannot cancel a batch with status '{batch['status']}'.", "code": None}
            return JSONResponse({"error": error}, status_code=409)
        batch |= {"status": "cancelling", "polls": 0}
        return JSONResponse(batch)


async def _cut() -> AsyncIterator[str]:
    yield '{"id": '
    raise ConnectionResetError


def _batch(script: Script, body: Mapping[str, Any]) -> dict[str, Any]:
    """Keep a new batch; it fails as a whole where a line of its file cannot be one."""
    lines = _lines(script, body["input_file_id"])
    wrong = [
        {"code": "invalid_request", "line": number, "message": "sk-secret", "param": None}
        for number, line in enumerate(lines, start=1)
        if line["url"] != body["endpoint"] or not line["body"].get("model")
    ]
    batch = {
        "id": f"batch_{len(script.batches) + 1}",
        "object": "batch",
        "created_at": 0,
        "status": "failed" if wrong else "validating",
        "errors": {"object": "list", "data": wrong} if wrong else None,
        "request_counts": {"completed": 0, "failed": 0, "total": 0},
        "output_file_id": None,
        "error_file_id": None,
        "polls": 0,
        **body,
    }
    return script.batches.setdefault(batch["id"], batch)


def _work(script: Script, batch: dict[str, Any]) -> None:
    batch["polls"] += 1
    over = batch["polls"] > script.batch_polls
    if batch["status"] == "cancelling" and over:
        batch["status"] = "cancelled"
    if batch["status"] not in WORKING:
        return
    batch["status"] = "in_progress"
    batch["request_counts"]["total"] = len(_lines(script, batch["input_file_id"]))
    if over:
        _finish(script, batch)


def _finish(script: Script, batch: dict[str, Any]) -> None:
    """Answer the requests, the last one first, and write the two files."""
    lines = _lines(script, batch["input_file_id"])
    written, failed = list[bytes](), list[bytes]()
    half = len(lines) // 2 if script.batch_expires else len(lines)
    for line in reversed(lines[:half]):
        _write(script, line, written, failed)
    done, wrong = len(written), len(failed)
    failed += [_line(line, None, {"code": "batch_expired", "message": "sk-secret"}) for line in lines[half:]]
    batch |= {
        "status": "expired" if script.batch_expires else "completed",
        "request_counts": {"completed": done, "failed": wrong, "total": len(lines)},
        "output_file_id": _keep(script, b"".join(written)) if written else None,
        "error_file_id": _keep(script, b"".join(failed)) if failed else None,
    }


def _write(script: Script, line: Mapping[str, Any], written: list[bytes], failed: list[bytes]) -> None:
    script.requests.append(Received(path=line["url"], headers={}, body=line["body"]))
    reply = script.answer(line["body"])
    refused = script.refuses_shape if script.refuses_shape and script.requests[-1].schema else reply.refusal
    if refused:
        failed.append(_line(line, {"status_code": refused.status, "body": refused.body}, None))
    elif reply.fault is Fault.BROKEN_JSON:
        written.append(b'{"custom_id": \n')
    elif reply.fault is not Fault.HANG:  # one that hangs is never answered
        written.append(_line(line, {"status_code": 200, "body": reply.completion(line["body"])}, None))


def _line(line: Mapping[str, Any], response: Mapping[str, Any] | None, error: Mapping[str, Any] | None) -> bytes:
    outcome = {"id": "batch_req", "custom_id": line["custom_id"], "response": response, "error": error}
    return json.dumps(outcome, ensure_ascii=False).encode() + b"\n"


def _lines(script: Script, file_id: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in script.files[file_id].split(b"\n") if line]


def _keep(script: Script, content: bytes) -> str:
    file_id = f"file-{next(_NUMBERS)}"
    script.files[file_id] = content
    return file_id


def _file(file_id: str, status: str) -> dict[str, Any]:
    about = {"bytes": 0, "created_at": 0, "filename": "requests.jsonl", "purpose": "batch", "status": status}
    return {"id": file_id, "object": "file", **about}


def _lost() -> Response:
    return JSONResponse({"error": {"message": "No such object: sk-secret", "code": None}}, status_code=404)
