"""The guard of tests/conftest.py: nothing leaves this machine, and a test that tries fails."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import network_guard
import pytest

HERE = Path(__file__).resolve().parent


def run_pytest(folder: Path, test: str) -> subprocess.CompletedProcess[str]:
    """Run one test file under a copy of our conftest, in a run of its own."""
    shutil.copy(HERE / "conftest.py", folder)
    shutil.copytree(HERE / "guard", folder / "guard")
    (folder / "test_case.py").write_text(test, encoding="utf-8")
    inherited = {"PYTHONPATH", network_guard.LOG}
    environment = {
        name: value for name, value in os.environ.items() if name not in inherited and not name.startswith("PYTEST_")
    }
    environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-c", os.devnull, str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment, cwd=folder)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1", "0.0.0.0", "localhost", b"localhost"]
)
def test_this_machine_is_local(host: str | bytes) -> None:
    assert network_guard.is_local(host)


@pytest.mark.parametrize(
    "host", ["192.0.2.1", "10.0.0.1", "::ffff:192.0.2.1", "2001:db8::1", "kotae.invalid", "localhost.kotae.invalid"]
)
def test_everything_else_is_not_local(host: str) -> None:
    assert not network_guard.is_local(host)


def test_a_connection_to_this_machine_is_allowed() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        accepted, _ = server.accept()
        accepted.sendall("こたえ".encode())
        accepted.close()
        assert client.recv(100).decode() == "こたえ"


ATTEMPTS = {
    "connect": "socket.create_connection(('192.0.2.1', 80), timeout=1)",
    "connect_6": "socket.socket(socket.AF_INET6).connect(('2001:db8::1', 80))",
    "send": "socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('192.0.2.1', 53))",
    "look_up": "socket.getaddrinfo('kotae.invalid', 443)",
    "look_up_old": "socket.gethostbyname('kotae.invalid')",
    "child": "subprocess.run([sys.executable, '-c', 'import socket; socket.getaddrinfo(\"kotae.invalid\", 443)'])",
}


def test_an_attempt_to_leave_fails_its_test_even_when_the_error_is_swallowed(tmp_path: Path) -> None:
    tests = ["import contextlib, socket, subprocess, sys"]
    tests += [
        f"def test_{name}():\n    with contextlib.suppress(Exception):\n        {attempt}"
        for name, attempt in ATTEMPTS.items()
    ]
    result = run_pytest(tmp_path, "\n\n".join([*tests, "def test_stays_here():\n    pass\n"]))
    assert result.returncode == 1, result.stdout
    assert f"{len(ATTEMPTS) + 1} passed, {len(ATTEMPTS)} errors" in result.stdout
    named = re.findall(r"^tried to leave this machine: test_case\.py::test_(\w+)\t", result.stdout, re.MULTILINE)
    assert named == list(ATTEMPTS)


def test_an_attempt_outside_every_test_fails_the_run(tmp_path: Path) -> None:
    test = """
import contextlib, socket

with contextlib.suppress(Exception):
    socket.getaddrinfo('kotae.invalid', 443)

def test_innocent():
    pass
"""
    result = run_pytest(tmp_path, test)
    assert result.returncode == 1, result.stdout
    assert "1 passed" in result.stdout
    assert "socket.getaddrinfo\tkotae.invalid" in result.stdout


def test_a_run_that_stays_here_passes(tmp_path: Path) -> None:
    result = run_pytest(tmp_path, "import socket\n\ndef test_local():\n    socket.getaddrinfo('localhost', 80)\n")
    assert result.returncode == 0, result.stdout


def test_nobodys_keys_proxies_or_settings_reach_a_test(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (
        "OPENAI_API_KEY",
        "HTTPS_PROXY",
        "https_proxy",
        "KOTAE_CHAT__PROVIDER",
        "TIKTOKEN_CACHE_DIR",
        "PGHOST",
    ):
        monkeypatch.setenv(name, "x")
    test = """
import os
from pathlib import Path

def test_clean():
    names = {name.upper() for name in os.environ}
    assert not names & {"OPENAI_API_KEY", "HTTPS_PROXY", "KOTAE_CHAT__PROVIDER", "TIKTOKEN_CACHE_DIR", "PGHOST"}
    assert Path.home().parent.name.startswith("kotae-tests-")
"""
    result = run_pytest(tmp_path, test)
    assert result.returncode == 0, result.stdout
