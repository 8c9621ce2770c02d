"""What is new, changed, renamed, gone or the same."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from ingest.compare import Comparison, Work, pair_renames
from ingest.folders import FolderRules
from ingest.labelling import LabelBook
from ingest.labels import label_key
from ingest.listing import SourceFile, document_id, file_hash, list_files
from ingest.report import SyncReport
from rag.domain import DocumentRecord, Kind, Labels, State
from rag.settings import LabelSettings, LevelSettings


def compare(
    folder: Path, *known: DocumentRecord, labels: dict[str, Labels] | None = None, fixed: tuple[object, ...] = (700,)
) -> tuple[list[Work], list[DocumentRecord], Comparison]:
    comparison = Comparison(
        listing=list_files([folder], known_sources=[str(folder)]),
        labels=LabelBook(found=labels or {}, rules=FolderRules(labels=LabelSettings(), levels=LevelSettings())),
        fixed=fixed,
        attempts=3,
        report=SyncReport(),
        known={(record.source, record.path): record for record in known},
    )
    work, vanished = comparison.run()
    return work, vanished, comparison


def stored(item: Work, **facts: object) -> DocumentRecord:
    """The record that a run leaves for a piece of work."""
    return DocumentRecord(
        id=item.id,
        source=str(item.file.source),
        path=item.file.path,
        content_hash=item.content_hash,
        title="題名",
        kind=Kind.PLAIN,
        file_hash=item.file_hash,
        **facts,  # type: ignore[arg-type]
    )


def put(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def test_a_new_file_is_work_with_the_id_of_its_path(tmp_path: Path) -> None:
    put(tmp_path, "甲.txt", "旅費")
    (item,), vanished, _ = compare(tmp_path)
    assert (item.id, item.known, item.renamed) == (document_id("甲.txt"), None, False)
    assert item.file_hash == file_hash(tmp_path / "甲.txt")
    assert vanished == []


def test_what_is_stored_needs_nothing(tmp_path: Path) -> None:
    put(tmp_path, "甲.txt", "旅費")
    (item,), _, _ = compare(tmp_path)
    work, vanished, comparison = compare(tmp_path, stored(item))
    assert (work, vanished, comparison.report.unchanged) == ([], [], ["甲.txt"])


def test_text_labels_and_what_else_counts_make_it_work_again(tmp_path: Path) -> None:
    file = put(tmp_path, "甲.txt", "旅費")
    (item,), _, _ = compare(tmp_path)
    assert compare(tmp_path, stored(item), labels={label_key(file): Labels(level="1")})[0]
    assert compare(tmp_path, stored(item), labels={label_key(file): Labels(groups=frozenset({"人事課"}))})[0]
    assert compare(tmp_path, stored(item), fixed=(800,))[0]
    put(tmp_path, "甲.txt", "旅費の額")
    assert compare(tmp_path, stored(item))[0]


def test_the_order_of_groups_changes_nothing(tmp_path: Path) -> None:
    file = put(tmp_path, "甲.txt", "旅費")
    names = [f"第{number}課" for number in range(20)]
    one = {label_key(file): Labels(level="1", groups=frozenset(names))}
    other = {label_key(file): Labels(level="1", groups=frozenset(reversed(names)))}
    (item,), _, _ = compare(tmp_path, labels=one)
    assert compare(tmp_path, stored(item), labels=other)[0] == []


def test_a_rename_keeps_the_id(tmp_path: Path) -> None:
    put(tmp_path, "甲.txt", "旅費")
    (item,), _, _ = compare(tmp_path)
    (tmp_path / "甲.txt").rename(tmp_path / "乙.txt")
    (moved,), vanished, comparison = compare(tmp_path, stored(item))
    assert (moved.id, moved.renamed, vanished) == (item.id, True, [])
    assert comparison.report.renamed == [("甲.txt", "乙.txt")]


def test_a_copy_is_no_rename(tmp_path: Path) -> None:
    put(tmp_path, "甲.txt", "旅費")
    (item,), _, _ = compare(tmp_path)
    put(tmp_path, "乙.txt", "旅費")
    (copy,), vanished, comparison = compare(tmp_path, stored(item))
    assert (copy.known, vanished, comparison.report.renamed) == (None, [], [])


def test_a_file_gone_is_removed_and_a_withdrawn_one_stays_known(tmp_path: Path) -> None:
    put(tmp_path, "甲.txt", "旅費")
    (item,), _, _ = compare(tmp_path)
    (tmp_path / "甲.txt").unlink()
    assert [record.path for record in compare(tmp_path, stored(item))[1]] == ["甲.txt"]
    assert compare(tmp_path, stored(item, state=State.WITHDRAWN))[1] == []


def test_a_withdrawn_document_stays_withdrawn_under_a_new_name(tmp_path: Path) -> None:
    put(tmp_path, "甲.txt", "旅費")
    (item,), _, _ = compare(tmp_path)
    (tmp_path / "甲.txt").rename(tmp_path / "乙.txt")
    work, vanished, comparison = compare(tmp_path, stored(item, state=State.WITHDRAWN))
    assert (work, vanished, comparison.report.renamed) == ([], [], [])
    assert [(record.path, record.state) for record in comparison.moved] == [("乙.txt", State.WITHDRAWN)]


def test_a_new_file_at_a_path_whose_id_a_renamed_one_holds_gets_another(tmp_path: Path) -> None:
    known: list[DocumentRecord] = []
    for number in range(5):
        put(tmp_path, "最新.txt", f"第{number}版")
        (item,), _, _ = compare(tmp_path, *known)
        (tmp_path / "最新.txt").rename(tmp_path / f"{number}.txt")
        (moved,), _, _ = compare(tmp_path, *known, stored(item))
        known.append(stored(moved))
    assert len({record.id for record in known}) == 5


def renames(folder: Path, old: dict[str, str], new: dict[str, str]) -> list[tuple[str, str]]:
    """The renames that are found when these files (path → text) give way to those."""
    known = [
        DocumentRecord(
            id=document_id(path),
            source=str(folder),
            path=path,
            content_hash="",
            title="題名",
            kind=Kind.PLAIN,
            file_hash=text,
        )
        for path, text in old.items()
    ]
    files = {SourceFile(source=folder, path=path): text for path, text in new.items()}
    return sorted((record.path, file.path) for file, record in pair_renames(files, known))


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ({"a/1.txt": "x", "a/2.txt": "x"}, {"b/2.txt": "x"}, [("a/2.txt", "b/2.txt")]),
        ({"a/1": "x", "a/2": "x"}, {"b/3": "x", "b/1": "x"}, [("a/1", "b/1"), ("a/2", "b/3")]),
        ({"a": "x", "b": "x"}, {"d": "x", "c": "x"}, [("a", "c"), ("b", "d")]),
        ({"旅費.TXT": "x"}, {"旅費.txt": "x"}, [("旅費.TXT", "旅費.txt")]),
        ({"A.txt": "x"}, {"a.txt": "y"}, [("A.txt", "a.txt")]),
        ({"A.txt": "x"}, {"a.txt": "y", "b.txt": "x"}, [("A.txt", "b.txt")]),
        (
            {unicodedata.normalize("NFD", "ガ.txt"): "x"},
            {"ガ.txt": "y"},
            [(unicodedata.normalize("NFD", "ガ.txt"), "ガ.txt")],
        ),
        ({"a": "x"}, {"b": "y"}, []),
        ({"a": "x"}, {"b": "x", "c": "x"}, [("a", "b")]),
    ],
)
def test_renames_are_found_the_same_way_every_time(
    tmp_path: Path, old: dict[str, str], new: dict[str, str], found: list[tuple[str, str]]
) -> None:
    assert renames(tmp_path, old, new) == found
    assert renames(tmp_path, dict(reversed(old.items())), dict(reversed(new.items()))) == found


def test_equal_bytes_in_another_source_are_no_rename(tmp_path: Path) -> None:
    put(tmp_path, "甲.txt", "旅費")
    (item,), _, _ = compare(tmp_path)
    elsewhere = SourceFile(source=tmp_path / "別", path="乙.txt")
    assert list(pair_renames({elsewhere: item.file_hash}, [stored(item)])) == []
