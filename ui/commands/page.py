"""`kotae ui`: the web page, on this machine alone."""

from __future__ import annotations

import argparse
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

from rag.errors import KotaeError
from ui.output import DONE, Output
from ui.shared_home import SharedHome, share
from ui.words import server as words

PORT = 8501
HIGHEST_PORT = 65535


def add(commands: Any, after: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser("ui", parents=[after], help=words.SERVE, description=words.SERVE)
    parser.add_argument("--port", type=port, metavar="PORT", default=PORT, help=words.PORT)
    parser.set_defaults(run=run)


def port(text: str) -> int:
    """Read a port number."""
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= HIGHEST_PORT:
        raise argparse.ArgumentTypeError(f"{text} は1から{HIGHEST_PORT}までの整数ではありません")
    return int(text)


def run(given: argparse.Namespace, path: Path, output: Output) -> int:
    """Answer until Ctrl+C; the home is opened in the background, so that the page is there at once."""
    from ui.server import claim_port, run_server  # brings Streamlit, which no other command needs

    served = share(path, given.user)
    reader = served.reader()
    listening = claim_port(given.port)
    url = f"http://localhost:{given.port}"
    threading.Thread(target=_open, args=(served,), daemon=True).start()
    output.result({"url": url, "user": reader.user, "home": str(path)}, words.opened(url, reader.name, str(path)))
    run_server(listening, served)
    output.note(words.STOPPED)
    return DONE


def _open(served: SharedHome) -> None:
    with suppress(KotaeError):  # the page opens it again and says what is wrong
        served.home().catch_up()
