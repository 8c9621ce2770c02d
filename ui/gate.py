"""What stands before every request: only this machine's own page comes in, and it may load nothing from elsewhere."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, MutableMapping
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from ui.words import server as words

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

HOSTS: Final = frozenset({"localhost", "127.0.0.1", "::1"})
"""Another name means that a foreign page has pointed its own name at this machine (DNS rebinding)."""
HEADERS: Final = {
    "content-security-policy": "default-src 'self'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; "
    "worker-src 'self' blob:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
_SCRIPT: Final = Path(__file__).resolve().parent / "page.js"
_LANGUAGE: Final = re.compile(rb'<html lang="[^"]*"')
_TITLE: Final = re.compile(rb"<title>[^<]*</title>")


class Gate:
    """ASGI middleware: checks where a request comes from, adds security headers, makes the page Japanese."""

    def __init__(self, application: Application) -> None:
        self._application = application

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or refuse it."""
        if scope["type"] not in ("http", "websocket"):
            await self._application(scope, receive, send)
        elif not _is_ours(scope):
            await _refuse(scope, receive, _Answering(send))
        elif scope["type"] == "websocket":
            await self._application(scope, receive, send)
        else:
            await self._application(scope, receive, _Answering(send))


class _Answering:
    """Sends an answer on with our headers; an HTML page is held back until it is whole, to change its language."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._start: Message | None = None
        self._body = b""

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [(name, value) for name, value in message["headers"] if name.lower().decode() not in HEADERS]
            headers += [(name.encode(), value.encode()) for name, value in HEADERS.items()]
            message = {**message, "headers": headers}
            if _header(headers, b"content-type").startswith("text/html"):
                self._start = message
                return
            await self._send(message)
        elif self._start is None or message["type"] != "http.response.body":
            await self._send(message)
        else:
            self._body += message.get("body", b"")
            if not message.get("more_body"):
                await self._send_page(self._start)

    async def _send_page(self, start: Message) -> None:
        body = _LANGUAGE.sub(b'<html lang="ja"', self._body, count=1)
        body = _TITLE.sub(f"<title>{words.NAME}</title>".encode(), body, count=1)
        body = body.replace(b"</head>", b"<script>" + page_script() + b"</script></head>", 1)
        kept = [(name, value) for name, value in start["headers"] if name.lower() not in (b"content-length", b"etag")]
        length = (b"content-length", str(len(body) if body else 0).encode())
        await self._send({**start, "headers": [*kept, length]})
        await self._send({"type": "http.response.body", "body": body})


@cache
def page_script() -> bytes:
    """Return our script of the page with the table of words in it; '<' is escaped, so that nothing ends it early."""
    table = json.dumps(words.STREAMLIT, ensure_ascii=False).replace("<", "\\u003c")
    return _SCRIPT.read_text(encoding="utf-8").replace("/*WORDS*/ {}", table).encode()


def _is_ours(scope: Scope) -> bool:
    """Tell whether the request names this machine, and, where it names the page it comes from, that page is ours."""
    host = _header(scope["headers"], b"host")
    origin = _header(scope["headers"], b"origin")
    try:
        return urlsplit(f"//{host}").hostname in HOSTS and (not origin or urlsplit(origin).netloc == host)
    except ValueError:  # '[::1' is no name at all
        return False


async def _refuse(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008})
        return
    body = words.FOREIGN.encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _header(headers: Any, wanted: bytes) -> str:
    return next((value.decode("latin-1") for name, value in headers if name.lower() == wanted), "")
