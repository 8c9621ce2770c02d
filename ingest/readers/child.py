"""The child process that reads files and draws their pages: `python -m ingest.readers.child MEMORY_MB`, requests and answers on its pipes.

Each message is four bytes of length and a JSON object. The child has no network, a limit of memory above what it
starts with, no core dumps, and an alarm that ends it if its parent forgets it.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys
from pathlib import Path
from typing import Any

from ingest.readers import Limits, read_document
from ingest.readers.source import Source
from ingest.readers.wire import encode_document, encode_picture, read_message, write_message
from rag.errors import DocumentBusyError, DocumentError

_MEGABYTE = 1024 * 1024
_WRITTEN = 512 * _MEGABYTE
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000
_FORBIDDEN = ("socket.connect", "socket.bind", "socket.getaddrinfo", "socket.sendto", "socket.gethostbyname")


def main() -> int:
    """Answer requests until the parent closes the pipe."""
    memory = int(sys.argv[1]) * _MEGABYTE
    # Replies travel on a private copy: what an engine prints to its output must not mix with them.
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    close_network()
    start = _mapped()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_WRITTEN, _WRITTEN))
    resource.setrlimit(resource.RLIMIT_AS, (start + memory, resource.getrlimit(resource.RLIMIT_AS)[1]))
    while (request := read_message(sys.stdin.buffer)) is not None:
        signal.setitimer(signal.ITIMER_REAL, float(request["seconds"]) + 5.0)
        answer = _answer(request)
        signal.setitimer(signal.ITIMER_REAL, 0)
        answer["tired"] = "memory" in answer or _mapped() > start + memory // 2
        write_message(replies, answer)
        if answer["tired"]:
            return 0
    return 0


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    try:
        return _read(request) if "page" not in request else _draw(request)
    except DocumentError as error:
        return {"error": str(error), "may_pass": isinstance(error, DocumentBusyError)}
    except MemoryError:
        return {"memory": True}
    except Exception as error:  # noqa: BLE001
        # An engine's own mistake on a broken file must not take the other files down with it.
        return {"broken": f"{type(error).__name__}"}


def _read(request: dict[str, Any]) -> dict[str, Any]:
    document = read_document(Path(request["path"]), name=request["name"], limits=Limits(**request["limits"]))
    return {"document": encode_document(document)}


def _draw(request: dict[str, Any]) -> dict[str, Any]:
    from ingest.readers.pdf_picture import draw_page

    source = Source(path=Path(request["path"]), name=request["name"], limits=Limits(**request["limits"]))
    picture = draw_page(source, page=request["page"], quote=request["quote"], width=request["width"])
    return {"picture": encode_picture(picture)}


def close_network() -> None:
    """Leave the machine's network where the system allows it, and refuse Python's sockets in any case."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_NEW_NETWORK) != 0:
        libc.unshare(_NEW_USER | _NEW_NETWORK)

    def refuse(event: str, _: tuple[Any, ...]) -> None:
        if event in _FORBIDDEN:
            raise PermissionError(event)

    sys.addaudithook(refuse)


def _mapped() -> int:
    """Return the bytes of address space in use."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()


if __name__ == "__main__":
    sys.exit(main())
