"""Whoever searches while a run is in the middle finds every document, in its older or its newer text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from ingest.reading import read_many
from ingest.sync import Sync
from rag.domain import Question, Reader, Role
from rag.wiring import Home, open_home

SUBJECTS = ("旅費", "公用車", "文書", "契約", "休暇", "給与", "出納")
ADMIN = Reader(user="local", name="管理者", max_level="3A", role=Role.ADMIN, reads_all=True)


def write(folder: Path, version: str) -> None:
    folder.mkdir(exist_ok=True)
    for subject in SUBJECTS:
        (folder / f"{subject}.txt").write_text(
            f"{subject}の手引\n\n{subject}の手続は、{version}の様式による。\n", encoding="utf-8"
        )
    rows = "".join(f"{subject}.txt,{1 + number % 2}\n" for number, subject in enumerate(SUBJECTS))
    (folder / "labels.csv").write_text(f"path,level\n{rows}", encoding="utf-8")


def found(home: Home) -> dict[str, str]:
    """Subject → the text that the words of a question find, for whoever opened the home."""
    texts = {}
    for subject in SUBJECTS:
        question = Question(text=f"{subject}の手続", as_of=date(2026, 11, 23), reader=ADMIN)
        for hit in home.retriever.search(question, limit=20).hits:
            if hit.title.startswith(subject) and "words" in hit.found_by:
                texts[subject] = texts.get(subject, "") + hit.chunk.text
    return texts


def sync(home: Home, folder: Path, *, refresh: Callable[[], None], tell: Callable[..., None]) -> None:
    ingest = home.settings.ingest.model_copy(update={"refresh_documents": 2})
    with home.writing("取り込み"):
        Sync(
            catalogue=home.catalogue,
            embedder=home.embedder,
            may_embed=home.may_embed,
            settings=home.settings.model_copy(update={"ingest": ingest}),
            read_many=lambda files: read_many(files, settings=home.settings.ingest),
            refresh=refresh,
            tell=tell,
        ).run([folder])
        home.refresh_indexes()


@pytest.fixture
def writer(new_home: Path, tmp_path: Path) -> Home:
    """A home with the older texts."""
    home = open_home(new_home)
    write(tmp_path / "文書", "旧")
    sync(home, tmp_path / "文書", refresh=home.refresh_words, tell=lambda *_: None)
    return home


def whole(texts: dict[str, str]) -> bool:
    """Tell whether every document is there in exactly one of its two texts."""
    return texts.keys() == set(SUBJECTS) and all(("旧" in text) != ("新" in text) for text in texts.values())


def test_every_document_is_found_at_every_moment_of_a_run(writer: Home, tmp_path: Path) -> None:
    reader = open_home(writer.path)
    moments: list[dict[str, str]] = []

    def refresh() -> None:
        moments.append(found(reader))
        writer.refresh_words()

    write(tmp_path / "文書", "新")
    sync(writer, tmp_path / "文書", refresh=refresh, tell=lambda *_: moments.append(found(reader)))
    moments.append(found(reader))
    assert len(moments) > len(SUBJECTS)
    assert [texts for texts in moments if not whole(texts)] == []
    newer = [sum("新" in text for text in texts.values()) for texts in moments]
    assert newer == sorted(newer)
    assert set(newer) == {0, 2, 4, 6, 7}, "in steps of two, as the settings say"


def test_without_the_word_index_documents_would_be_missing(writer: Home, tmp_path: Path) -> None:
    reader = open_home(writer.path)
    moments: list[dict[str, str]] = []
    write(tmp_path / "文書", "新")
    sync(writer, tmp_path / "文書", refresh=lambda: None, tell=lambda *_: moments.append(found(reader)))
    assert not all(whole(texts) for texts in moments)
    assert whole(found(reader)), "and the end of the run makes it good"
