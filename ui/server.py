"""The web server of the page: Streamlit's own application behind a gate, on this machine alone."""

from __future__ import annotations

import logging
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from rag.errors import ServingError
from ui.drawing import notice
from ui.gate import Gate
from ui.output import keep_traceback
from ui.shared_home import SharedHome
from ui.words import page
from ui.words import server as words

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

ADDRESS: Final = "127.0.0.1"
"""Loopback only: nobody logs in yet, so nobody else may come in."""
HEALTH: Final = "/health"
SCRIPT: Final = Path(__file__).resolve().parent / "app.py"
OPTIONS: Final[Mapping[str, Any]] = {
    "global.developmentMode": False,
    "browser.gatherUsageStats": False,
    "client.showErrorDetails": "none",
    "client.toolbarMode": "minimal",
    "logger.hideWelcomeMessage": True,
    "runner.magicEnabled": False,
    "runner.postScriptGC": False,  # a full collection after each run took most of the time of fifty sessions
    "server.address": ADDRESS,
    "server.fileWatcherType": "none",
    "server.headless": True,
    "server.runOnSave": False,
    "theme.base": "light",
    "theme.primaryColor": "#1d4ed8",
    "theme.textColor": "#111827",
    "theme.font": "'Noto Sans JP', 'Noto Sans CJK JP', 'BIZ UDPGothic', 'Yu Gothic UI', Meiryo, sans-serif",
    "theme.codeFont": "'Noto Sans Mono CJK JP', 'BIZ UDGothic', monospace",
}


def claim_port(port: int) -> socket.socket:
    """Return a listening socket on loopback; raises ServingError with what to do when the port is taken."""
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((ADDRESS, port))
        listening.listen(128)
    except OSError as error:
        listening.close()
        raise ServingError(words.port_taken(port, error.strerror or str(error))) from error
    return listening


def build_application(served: SharedHome) -> Any:
    """Return the ASGI application: the screens, the health route, and the gate before both."""
    from starlette.routing import Route
    from streamlit.starlette import App
    from streamlit.web import bootstrap

    bootstrap.load_config_options(dict(OPTIONS))

    async def health(_request: Request) -> Response:
        return _health(served)

    def tell(error: Exception) -> bool:
        return _tell_unexpected(served, error)

    return Gate(App(SCRIPT, routes=[Route(HEALTH, health)], on_script_error=tell))


def run_server(listening: socket.socket, served: SharedHome) -> None:
    """Serve until the process is told to end."""
    import uvicorn

    logging.getLogger("streamlit").setLevel(logging.ERROR)
    application = build_application(served)
    settings = uvicorn.Config(
        application, log_level="warning", timeout_graceful_shutdown=3, ws_max_size=64 << 20, server_header=False
    )
    uvicorn.Server(settings).run(sockets=[listening])


def _health(served: SharedHome) -> Response:
    from starlette.responses import JSONResponse

    body = {"ok": True, "product": "kotae", "ready": served.is_open()}
    return JSONResponse(body, headers={"Cache-Control": "no-store"})


def _tell_unexpected(served: SharedHome, error: Exception) -> bool:
    """Keep the traceback of an error that nobody foresaw, and say on the page what to do; True: it has been said."""
    notice("error", page.unexpected(type(error).__name__, keep_traceback(served.path, error)))
    return True
