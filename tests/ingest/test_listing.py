"""Which files a run is about, and where each belongs."""

from __future__ import annotations

import os
import tempfile
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ingest.listing import Listing, document_id, file_hash, list_files
from rag.errors import DocumentError

NOBODY = 65534


@contextmanager
def without_the_rights_of_root() -> Iterator[None]:
    """Root may read everything: be nobody inside the block."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def tree(folder: Path, *paths: str) -> Path:
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(path, encoding="utf-8")
    return folder


def places(listing: Listing) -> list[tuple[str, str]]:
    return [(file.source.name, file.path) for file in listing.files]


def test_every_file_below_a_folder_is_listed_with_its_place(tmp_path: Path) -> None:
    tree(tmp_path / "文書", "例規/甲.txt", "乙.txt")
    listing = list_files([tmp_path / "文書"], known_sources=[])
    assert places(listing) == [("文書", "乙.txt"), ("文書", "例規/甲.txt")]
    assert listing.scopes == ((str(tmp_path / "文書"), ""),)


def test_what_is_no_document_is_left_out(tmp_path: Path) -> None:
    tree(tmp_path, "labels.csv", "directory.csv", "settings.toml", ".隠し/甲.txt", "~$乙.docx", "Thumbs.db", "丙.txt")
    assert places(list_files([tmp_path], known_sources=[])) == [(tmp_path.name, "丙.txt")]


def test_a_shell_that_names_every_file_names_no_labels_file_as_document(tmp_path: Path) -> None:
    tree(tmp_path / "文書", "labels.csv", "例規/甲.txt", "乙.txt")
    listing = list_files(sorted((tmp_path / "文書").iterdir()), known_sources=[])
    assert places(listing) == [("文書", "乙.txt"), ("文書", "例規/甲.txt")]
    assert listing.label_files == (tmp_path / "文書/labels.csv",)


def test_a_path_inside_a_known_source_belongs_to_it(tmp_path: Path) -> None:
    tree(tmp_path / "文書", "例規/甲.txt", "乙.txt")
    known = [str(tmp_path / "文書")]
    folder = list_files([tmp_path / "文書/例規"], known_sources=known)
    assert places(folder) == [("文書", "例規/甲.txt")]
    assert folder.scopes == ((known[0], "例規/"),)
    file = list_files([tmp_path / "文書/例規/甲.txt"], known_sources=known)
    assert places(file) == [("文書", "例規/甲.txt")]
    assert file.scopes == ()
    assert file.given == {(known[0], "例規/甲.txt")}


def test_a_folder_around_a_known_source_takes_none_of_its_files_a_second_time(tmp_path: Path) -> None:
    tree(tmp_path / "文書", "例規/甲.txt", "乙.txt")
    listing = list_files([tmp_path / "文書"], known_sources=[str(tmp_path / "文書/例規")])
    assert places(listing) == [("文書", "乙.txt"), ("例規", "甲.txt")]
    assert set(listing.scopes) == {(str(tmp_path / "文書"), ""), (str(tmp_path / "文書/例規"), "")}


def test_folders_whose_names_begin_alike_are_different_folders(tmp_path: Path) -> None:
    tree(tmp_path, "例規/甲.txt", "例規集/乙.txt")
    listing = list_files([tmp_path / "例規集"], known_sources=[str(tmp_path / "例規")])
    assert places(listing) == [("例規集", "乙.txt")]


@pytest.mark.parametrize("spelling", ["文書/../文書", "./文書", "文書/", "近道"])
def test_a_folder_is_the_same_source_however_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spelling: str
) -> None:
    tree(tmp_path / "文書", "甲.txt")
    (tmp_path / "近道").symlink_to(tmp_path / "文書")
    monkeypatch.chdir(tmp_path)
    assert list_files([Path(spelling)], known_sources=[]).scopes == ((str(tmp_path / "文書"), ""),)


def test_labels_count_whichever_path_is_given(tmp_path: Path) -> None:
    tree(tmp_path / "文書", "labels.csv", "例規/labels.csv", "例規/旧/甲.txt")
    known = [str(tmp_path / "文書")]
    for given in ("文書", "文書/例規", "文書/例規/旧", "文書/例規/旧/甲.txt"):
        listing = list_files([tmp_path / given], known_sources=known)
        assert listing.label_files == (tmp_path / "文書/labels.csv", tmp_path / "文書/例規/labels.csv"), given


def test_a_path_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="ない: ファイルもフォルダもありません"):
        list_files([tmp_path / "ない"], known_sources=[])


@pytest.mark.parametrize("name", ["長" * 300, "甲.txt/乙.txt"])
def test_a_path_that_cannot_be_is_named(tmp_path: Path, name: str) -> None:
    tree(tmp_path, "甲.txt")
    with pytest.raises(DocumentError, match="確かめてください"):
        list_files([tmp_path / name], known_sources=[])


def test_a_link_that_leads_to_itself_is_named(tmp_path: Path) -> None:
    (tmp_path / "輪").symlink_to(tmp_path / "輪")
    with pytest.raises(DocumentError, match="輪: "):
        list_files([tmp_path / "輪"], known_sources=[])


def test_a_link_out_of_the_folder_is_named_and_not_followed(tmp_path: Path) -> None:
    tree(tmp_path / "よそ", "秘密.txt")
    tree(tmp_path / "文書", "甲.txt")
    (tmp_path / "文書/近道").symlink_to(tmp_path / "よそ")
    (tmp_path / "文書/別名.txt").symlink_to(tmp_path / "文書/甲.txt")
    listing = list_files([tmp_path / "文書"], known_sources=[])
    assert places(listing) == [("文書", "甲.txt")]
    ((at, reason),) = listing.closed.items()
    assert at.path == "近道"
    assert "リンク先を指定して" in reason


def test_a_name_in_another_encoding_is_named_and_the_others_are_listed(tmp_path: Path) -> None:
    tree(tmp_path, "甲.txt")
    (tmp_path / os.fsdecode("旅費.txt".encode("cp932"))).write_text("旅費", encoding="utf-8")
    listing = list_files([tmp_path], known_sources=[])
    assert places(listing) == [(tmp_path.name, "甲.txt")]
    ((at, reason),) = listing.closed.items()
    assert at.path == "旅費.txt"
    assert reason.endswith("UTF-8の名前に変えてください。")


@pytest.mark.parametrize("mode", [0o000, 0o444])
def test_a_folder_nobody_may_open_is_named_and_the_others_are_listed(mode: int) -> None:
    with tempfile.TemporaryDirectory() as name:  # pytest's own folders are closed to everybody else
        folder = Path(name).resolve()
        folder.chmod(0o755)
        tree(folder, "甲.txt", "人事/秘密.txt")
        (folder / "人事").chmod(mode)
        with without_the_rights_of_root():
            listing = list_files([folder], known_sources=[])
            with pytest.raises(DocumentError, match="人事: フォルダを開けません"):
                list_files([folder / "人事"], known_sources=[])
        (folder / "人事").chmod(0o755)
    assert [file.path for file in listing.files] == ["甲.txt"]
    assert [at.path for at in listing.closed] == ["人事"]


def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="ない.txt: 読めません"):
        file_hash(tmp_path / "ない.txt")


def test_an_id_is_the_same_on_a_mac_and_differs_by_path() -> None:
    assert document_id("例規/ガイド.txt") == document_id(unicodedata.normalize("NFD", "例規/ガイド.txt"))
    assert document_id("例規/甲.txt") != document_id("甲.txt")


def test_a_home_inside_a_folder_is_not_taken_for_documents(tmp_path: Path) -> None:
    (tmp_path / "文書.txt").write_text("旅費", encoding="utf-8")
    (tmp_path / "台帳").mkdir()
    (tmp_path / "台帳" / "catalogue.sqlite3").write_bytes(b"")
    (tmp_path / "台帳" / "errors.log").write_text("x", encoding="utf-8")
    assert [file.path for file in list_files([tmp_path], known_sources=[]).files] == ["文書.txt"]
