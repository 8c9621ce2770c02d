"""What holds in every test: no way out of this machine, nobody's keys, a home of its own."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from filelock import FileLock
from hypothesis import settings as hypothesis_settings

if TYPE_CHECKING:
    from tests.scripted import Script

GUARD = Path(__file__).resolve().parent / "guard"
sys.path.insert(0, str(GUARD))

import network_guard  # noqa: E402  (its folder must be on the path first)

IN_WORKER = "PYTEST_XDIST_WORKER" in os.environ
FOREIGN = re.compile(
    r"(KOTAE|OPENAI|AZURE|LANGCHAIN|LANGSMITH|CHROMA|STREAMLIT|TIKTOKEN|DATA_GYM|PG)_?.*|.*_API_KEY|(HTTPS?|ALL|NO)_PROXY",
    re.IGNORECASE,
)
"""Environment variables that would let a person's own set-up decide the outcome of a test."""


def isolate(session_folder: Path) -> None:
    """Clean the environment of this process and of all that it starts, and put the guard into them."""
    for name in list(os.environ):
        if FOREIGN.fullmatch(name):
            del os.environ[name]
    user_home = session_folder / "user"
    user_home.mkdir()
    os.environ |= {
        "HOME": str(user_home),
        "XDG_CACHE_HOME": str(user_home / ".cache"),
        "PYTHONPATH": os.pathsep.join(filter(None, [str(GUARD), os.environ.get("PYTHONPATH", "")])),
        network_guard.LOG: str(session_folder / "connections.log"),
        # A test that does not care which embedder it has takes the word vectors: the sample has its vectors in a second.
        "KOTAE_EMBEDDING__PROVIDER": "chive",
    }


if not IN_WORKER:  # a worker inherits all of it
    isolate(Path(tempfile.mkdtemp(prefix="kotae-tests-")))
network_guard.install()
CONNECTIONS = Path(os.environ[network_guard.LOG])

hypothesis_settings.register_profile("kotae", deadline=None, derandomize=True, database=None)
hypothesis_settings.load_profile("kotae")


def refused_connections() -> list[str]:
    """The refusals so far, of every process of the run: test, event and host, tab-separated."""
    return CONNECTIONS.read_text(encoding="utf-8").splitlines() if CONNECTIONS.exists() else []


@pytest.fixture(autouse=True)
def no_connection_leaves(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail the test that tried to reach another machine, whoever swallowed the error."""
    yield
    tried = [line for line in refused_connections() if line.split("\t")[0] == request.node.nodeid]
    assert not tried, f"tried to leave this machine: {tried}"


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail the run for a refusal that no test could be blamed for: a thread, a child, a fixture."""
    if not IN_WORKER and refused_connections():
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name every refused connection."""
    for line in refused_connections():
        terminalreporter.write_line(f"tried to leave this machine: {line}", red=True)


def pytest_unconfigure() -> None:
    """Remove what the run left behind."""
    if not IN_WORKER:
        shutil.rmtree(CONNECTIONS.parent, ignore_errors=True)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home that does not exist yet."""
    return tmp_path / "home"


@pytest.fixture(scope="session")
def e5_models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the repacked multilingual-e5-small, made once for all workers."""
    from rag.adapters.e5_store import repacked  # the product's code is imported under the guard

    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if IN_WORKER else base) / "e5"
    with FileLock(f"{folder}.lock"):
        repacked(folder)
    return folder


@pytest.fixture(scope="module")
def server() -> Iterator[Script]:
    """A scripted server that speaks the OpenAI protocol, on this machine."""
    from tests.scripted import scripted_server  # as above

    with scripted_server() as running:
        yield running


@pytest.fixture
def script(server: Script) -> Script:
    """The scripted server with nothing asked of it yet and no fault set."""
    server.forget()
    return server


class Cluster:
    """A PostgreSQL server of our own on a Unix socket, as root run by the user that Debian made for it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
        assert programs, "PostgreSQL is not installed: apt-get install postgresql"
        self.bin = programs[-1].parent
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")

    def call(self, program: str, *arguments: str) -> None:
        as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        subprocess.run(
            [*as_user, str(self.bin / program), *arguments], check=True, cwd=self.folder, stdout=subprocess.DEVNULL
        )

    def start(self) -> None:
        self.call(
            "initdb", "-D", f"{self.folder}/data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "-N", "--no-locale"
        )
        options = f"-k {self.folder} -c listen_addresses= -c fsync=off -c max_connections=20"
        self.call("pg_ctl", "-D", f"{self.folder}/data", "-l", f"{self.folder}/log", "-w", "-o", options, "start")

    def stop(self) -> None:
        self.call("pg_ctl", "-D", f"{self.folder}/data", "-m", "immediate", "-w", "stop")

    def empty_database(self) -> str:
        """Empty the one database, whoever still holds it, and return its SQLAlchemy URL."""
        with psycopg.connect(host=str(self.folder), user="postgres", dbname="postgres", autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
            )
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public")
        return f"postgresql+psycopg://postgres@/postgres?host={self.folder}"


@pytest.fixture(scope="session")
def postgresql_cluster() -> Iterator[Cluster]:
    # A socket's path may have 107 bytes: pytest's own folders are too deep.
    folder = Path(tempfile.mkdtemp(prefix="kotae-pg-"))
    cluster = Cluster(folder)
    cluster.start()
    yield cluster
    cluster.stop()
    shutil.rmtree(folder)


@pytest.fixture
def postgresql_url(postgresql_cluster: Cluster) -> str:
    """An empty PostgreSQL database; the test carries the marker needs_postgresql."""
    return postgresql_cluster.empty_database()
