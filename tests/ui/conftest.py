"""The command line on homes that are made once: the sample prefecture, and an empty one."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from playwright.sync_api import Browser, Playwright, sync_playwright

from rag.adapters import chive, e5_store
from tests.ui.browsing import page_server, start_browser
from ui.cli import main

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "ingest/samples/mihon"
PROVIDER = "KOTAE_EMBEDDING__PROVIDER"
JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龠]")
CAR = "自家用車で出張したときの車賃は1キロメートルいくらですか。"
TODAY = "2026-11-23"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a command ended."""

    status: int
    out: str
    err: str

    @property
    def value(self) -> Any:
        """The one JSON value on stdout; anything else there fails."""
        return json.loads(self.out)

    @property
    def complaint(self) -> str:
        """The one Japanese line on stderr, with a remedy and without a traceback; anything else fails."""
        (line,) = self.err.strip().splitlines()
        assert JAPANESE.search(line), line
        assert "Traceback" not in line
        assert "予期しない" not in line
        assert line.endswith(("ください。", "見られます。")), line
        return line


Kotae = Callable[..., Ended]


@pytest.fixture
def kotae(capsys: pytest.CaptureFixture[str]) -> Kotae:
    """Run `kotae` with these arguments in this process."""

    def run(*arguments: object) -> Ended:
        capsys.readouterr()
        try:
            status = main([str(each) for each in arguments])
        except SystemExit as exit_:
            status = int(exit_.code or 0)
        printed = capsys.readouterr()
        return Ended(status=status, out=printed.out, err=printed.err)

    return run


@pytest.fixture(autouse=True)
def one_set_of_word_vectors(monkeypatch: pytest.MonkeyPatch) -> None:
    """Open the vectors that many homes link to only once."""
    opened = chive.open_word_vectors
    monkeypatch.setattr(chive, "open_word_vectors", lambda models: opened(models.resolve()))


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample prefecture, ingested once for all workers; nobody may change it."""
    base = tmp_path_factory.getbasetemp()
    folder = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    home = folder / "みほん県"
    with FileLock(folder / "みほん県.lock"):
        if not (folder / "みほん県.done").exists():
            assert main(["--home", str(home), "ingest", str(SAMPLE)]) == 0
            (folder / "みほん県.done").touch()
    return home


@pytest.fixture(scope="session")
def sample_of_default(tmp_path_factory: pytest.TempPathFactory, sample_home: Path, e5_models: Path) -> Path:
    """The sample prefecture with the default embedder, ingested once for all workers: a minute of processor time."""
    base = tmp_path_factory.getbasetemp()
    folder = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    home = folder / "みほん県_既定"
    with FileLock(folder / "みほん県_既定.lock"):
        if not (folder / "みほん県_既定.done").exists():
            (home / "models").mkdir(parents=True)
            (home / "models" / chive.FILE).symlink_to(sample_home / "models" / chive.FILE)
            (home / "models" / e5_store.FOLDER).symlink_to(e5_models / e5_store.FOLDER)
            with pytest.MonkeyPatch.context() as patched:
                patched.delenv(PROVIDER)
                assert main(["--home", str(home), "ingest", str(SAMPLE)]) == 0
            (folder / "みほん県_既定.done").touch()
    return home


@pytest.fixture
def default_home(sample_of_default: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The sample prefecture as a new home has it, for what is promised of answers; nobody may change it."""
    monkeypatch.delenv(PROVIDER)
    return sample_of_default


@pytest.fixture
def own_sample(sample_home: Path, tmp_path: Path) -> Path:
    """A copy of the sample home that a test may change."""
    home = tmp_path / "home"
    copy_home(sample_home, home)
    return home


def copy_home(home: Path, copy: Path) -> None:
    """Copy a home but for its word vectors, to which the copy leads."""
    shutil.copytree(home, copy, ignore=shutil.ignore_patterns("models"))
    (copy / "models").symlink_to(home / "models")


@pytest.fixture
def new_home(sample_home: Path, tmp_path: Path) -> Path:
    """A home that holds nothing but a way to the word vectors."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "models").symlink_to(sample_home / "models")
    return home


def write_documents(folder: Path) -> Path:
    """Write two labelled documents."""
    folder.mkdir()
    (folder / "旅費.txt").write_text("旅費の手引\n\n出張の旅費は、順路により計算する。\n", encoding="utf-8")
    (folder / "公用車.txt").write_text("公用車の手引\n\n公用車を使うときは、前日までに申し込む。\n", encoding="utf-8")
    rows = "path,level,audience\n旅費.txt,1,\n公用車.txt,3A,管財課\n"
    (folder / "labels.csv").write_text(rows, encoding="utf-8")
    return folder


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    """A folder with two labelled documents."""
    return write_documents(tmp_path / "文書")


@pytest.fixture
def small_home(new_home: Path, documents: Path, kotae: Kotae) -> Path:
    """A home with the two documents."""
    assert kotae("--home", new_home, "ingest", documents).status == 0
    return new_home


@pytest.fixture(scope="session")
def shared_home(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same home made once, for tests that must not change it."""
    folder = tmp_path_factory.mktemp("共用")
    home = folder / "home"
    home.mkdir()
    (home / "models").symlink_to(sample_home / "models")
    assert main(["--home", str(home), "ingest", str(write_documents(folder / "文書"))]) == 0
    return home


def become_root_again() -> None:
    """Take back what `nobody` gave up."""
    if os.getuid() == 0:
        os.seteuid(0)


@pytest.fixture
def nobody() -> Iterator[Callable[[], None]]:
    """Give up the rights of root until the test ends: root may write everywhere."""

    def become() -> None:
        if os.getuid() == 0:
            os.seteuid(65534)

    yield become
    become_root_again()


COMMAND = [sys.executable, "-m", "ui.cli"]


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """Playwright, started once a worker."""
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Debian's Chromium, started once a worker."""
    started = start_browser(playwright)
    yield started
    started.close()


@pytest.fixture(scope="session")
def page_home(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sample home that one worker's page writes its journal into."""
    home = tmp_path_factory.mktemp("画面") / "home"
    copy_home(sample_home, home)
    return home


@pytest.fixture(scope="session")
def page_url(page_home: Path) -> Iterator[str]:
    """The page of the sample prefecture, served for a whole worker."""
    with page_server(page_home, page_home.parent / "server.log") as url:
        yield url
