"""Refuse and record every connection or look-up that would leave this machine.

The watch is an audit hook: unlike a patched `socket` it also sees code that took its own reference, and it cannot be
taken off again. Each refusal is a line in the log, so that a test fails even where the error was swallowed.
"""

from __future__ import annotations

import ipaddress
import os
import sys
from pathlib import Path
from typing import Any

LOG = "NETWORK_GUARD_LOG"
"""Environment variable that names the log; child processes inherit it."""

ADDRESS_EVENTS = frozenset({"socket.connect", "socket.sendto", "socket.sendmsg"})
NAME_EVENTS = frozenset({"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo"})
_installed: list[str] = []


class NetworkForbiddenError(RuntimeError):
    """A test tried to reach another machine."""


def install() -> None:
    """Start watching this process; a second call changes nothing."""
    if not _installed:
        _installed.append(os.environ[LOG])
        sys.addaudithook(_watch)


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if event in ADDRESS_EVENTS:
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else None  # a Unix socket's address is a path
    elif event in NAME_EVENTS:
        host = arguments[0][0] if event == "socket.getnameinfo" else arguments[0]
    else:
        return
    if host is None or is_local(host):
        return
    test = os.environ.get("PYTEST_CURRENT_TEST", "?").rpartition(" ")[0]
    with Path(_installed[0]).open("a", encoding="utf-8") as log:
        log.write(f"{test}\t{event}\t{host}\n")
    raise NetworkForbiddenError(f"{event} {host}: tests may reach this machine only; serve it on 127.0.0.1")


def is_local(host: str | bytes | int) -> bool:
    """Tell whether a host name or address is this machine; a name other than localhost is not."""
    if isinstance(host, int):  # the numbers of a netlink or packet socket
        return True
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
    if name in {"", "localhost"}:
        return True
    try:
        address = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None) or address
    return bool(mapped.is_loopback or mapped.is_unspecified)
