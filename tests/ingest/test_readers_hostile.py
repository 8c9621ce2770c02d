"""Files built to exhaust, to reach out or to mislead, and the child processes that hold what they do."""

from __future__ import annotations

import os
import signal
import struct
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest

from ingest.readers import SUFFIXES, Limits, read_document
from ingest.readers.sandbox import Children
from ingest.readers.wire import decode_document, encode_document, read_message, write_message
from rag.domain import Block, Document, Kind
from rag.errors import DocumentBusyError, DocumentError
from rag.settings import IngestSettings

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def word(
    path: Path, *, doctype: str = "", text: str = "旅費を支給する。", extra: dict[str, bytes] | None = None
) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        body = f'<w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>'
        package.writestr("word/document.xml", f'<?xml version="1.0"?>{doctype}{body}')
        for name, content in (extra or {}).items():
            package.writestr(name, content)
    return path


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE d [<!ENTITY a "0123456789"><!ENTITY b "&a;&a;&a;">]>',
        '<!-- 前置き --><!DOCTYPE d SYSTEM "http://exfil.invalid/d.dtd">',
    ],
)
def test_an_office_file_with_a_document_type_is_refused(tmp_path: Path, doctype: str) -> None:
    path = word(tmp_path / "通知.docx", doctype=doctype, text="&x;")
    with pytest.raises(DocumentError, match="DOCTYPE"):
        read_document(path, name="通知.docx")


@pytest.mark.parametrize(
    ("extra", "finding"),
    [
        ({"../../tmp/x": b"x"}, "フォルダの外"),
        ({"/etc/x": b"x"}, "フォルダの外"),
        ({"word/media/pad.bin": bytes(3 << 20)}, "異常に膨らみます"),
    ],
)
def test_a_package_that_reaches_out_or_swells_is_refused(tmp_path: Path, extra: dict[str, bytes], finding: str) -> None:
    path = word(tmp_path / "通知.docx", extra=extra)
    with pytest.raises(DocumentError, match=finding):
        read_document(path, name="通知.docx", limits=Limits(part_bytes=1 << 20))


def test_the_same_package_within_its_limits_is_read(tmp_path: Path) -> None:
    path = word(tmp_path / "通知.docx", extra={"word/media/pad.bin": bytes(3 << 20)})
    assert read_document(path, name="通知.docx").text == "旅費を支給する。"


def test_a_law_with_entities_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "法.xml"
    path.write_text(
        '<!DOCTYPE Law [<!ENTITY x SYSTEM "file:///etc/hostname">]><Law><LawBody><LawTitle>&x;</LawTitle></LawBody></Law>'
    )
    with pytest.raises(DocumentError, match="実体の宣言"):
        read_document(path, name="法.xml")


@pytest.mark.parametrize(
    ("name", "content", "finding"),
    [
        ("a.pdf", b"MZ\x90\x00 program", "中身は実行ファイルです"),
        ("a.docx", b"\x89PNG\r\n\x1a\n", "中身は画像です"),
        ("a.pdf", "ただの文".encode(), r"\.pdfファイルとして読めません"),
        ("a.txt", b"", "空のファイルです"),
        ("a.exe", b"x", r"この形式（\.exe）は読めません"),
        ("a", b"x", "この形式（拡張子なし）は読めません"),
        ("a.xlsx", b"PK\x03\x04broken", "壊れています"),
        ("a.txt", "旅費".encode() * 9, "大きすぎます"),
    ],
)
def test_what_is_not_what_it_says_is_refused_in_one_line(
    tmp_path: Path, name: str, content: bytes, finding: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(DocumentError, match=finding) as caught:
        read_document(path, name=f"受領/{name}", limits=Limits(file_bytes=50))
    assert str(caught.value).startswith(f"受領/{name}: ")
    assert str(caught.value).endswith("ください。")
    assert "\n" not in str(caught.value)


def test_a_file_is_read_by_its_content_and_its_wrong_suffix_is_said(tmp_path: Path) -> None:
    path = word(tmp_path / "通知.doc")
    document = read_document(path, name="通知.doc")
    assert document.text == "旅費を支給する。"
    assert document.warnings == ("拡張子は.docですが、中身はWordでした。中身のとおりに読みました。",)


def test_a_zip_of_files_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "まとめ.docx"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("a.txt", "旅費")
    with pytest.raises(DocumentError, match="一つずつ置いてください"):
        read_document(path, name="まとめ.docx")


def test_a_missing_file_is_an_error_of_ours(tmp_path: Path) -> None:
    with pytest.raises(DocumentBusyError, match="ファイルを開けません"):
        read_document(tmp_path / "無い.txt", name="無い.txt")


def test_old_files_say_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    path = tmp_path / "旧.rtf"
    path.write_bytes(b"{\\rtf1 x}")
    with pytest.raises(DocumentBusyError, match="LibreOfficeがありません"):
        read_document(path, name="旧.rtf")


def test_a_converter_that_writes_nothing_is_found_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """LibreOffice exits 0 when it fails: a program that does nothing stands in for it."""
    program = tmp_path / "soffice"
    program.write_text("#!/bin/sh\nexit 0\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    path = tmp_path / "旧.rtf"
    path.write_bytes(b"{\\rtf1 x}")
    with pytest.raises(DocumentBusyError, match="LibreOfficeで変換できません"):
        read_document(path, name="旧.rtf")


def test_every_suffix_has_its_reader() -> None:
    from ingest.readers import reader_of

    assert all(callable(reader_of(suffix)) for suffix in SUFFIXES)


def test_a_document_survives_the_way_between_processes() -> None:
    block = Block(
        text="日当 | 2,200円",
        page=3,
        heading=2,
        rows=(("日当", "2,200円"),),
        place="行2",
        line=4,
        tag="row",
        number="12_2",
        hidden_text=True,
    )
    document = Document(path="a/b.csv", title="旅費", blocks=(block,), warnings=("注意",), kind_hint=Kind.RULES)
    pipe = BytesIO()
    write_message(pipe, encode_document(document))
    pipe.seek(0)
    message = read_message(pipe)
    assert message is not None
    assert decode_document(message) == document
    assert read_message(pipe) is None


@pytest.mark.parametrize(
    "reply", [struct.pack(">I", 1 << 31), struct.pack(">I", 2) + b"[]", struct.pack(">I", 1) + b"x"]
)
def test_a_message_of_another_kind_is_refused(reply: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 -- any of json's and ours
        read_message(BytesIO(reply))


@pytest.fixture
def children() -> Iterator[Children]:
    children = Children(IngestSettings(processes=1, timeout_seconds=20, memory_mb=256))
    yield children
    children.close()


def put(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


def test_one_child_reads_many_files_and_brings_errors_over(tmp_path: Path, children: Children) -> None:
    names = [f"{at}.txt" for at in range(5)]
    read = [children.read(put(tmp_path, name, f"旅費その{name}"), name=name).text for name in names]
    assert read == [f"旅費その{name}" for name in names]
    with pytest.raises(DocumentError, match=r"空\.txt: 空のファイルです"):
        children.read(put(tmp_path, "空.txt", ""), name="空.txt")
    assert len(children._idle) == 1


def test_threads_share_the_children(tmp_path: Path, children: Children) -> None:
    found: list[str] = []
    threads = [
        threading.Thread(
            target=lambda at=at: found.append(children.read(put(tmp_path, f"{at}.txt", f"文{at}"), name="x").text)
        )
        for at in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == ["文0", "文1", "文2", "文3"]
    assert len(children._idle) == 1


def test_a_file_that_takes_too_long_is_given_up_and_the_next_one_is_read(tmp_path: Path, children: Children) -> None:
    path = put(tmp_path, "a.txt", "旅費")
    children.read(path, name="a.txt")
    os.kill(children._idle[0].process.pid, signal.SIGSTOP)
    patient, children._settings = children._settings, IngestSettings(timeout_seconds=0.2)
    with pytest.raises(DocumentBusyError, match=r"a\.txt: 読み取りが0\.2秒で終わりませんでした"):
        children.read(path, name="a.txt")
    children._settings = patient
    assert children.read(path, name="a.txt").text == "旅費"


@pytest.mark.parametrize(
    ("name", "content", "finding"),
    [
        (
            "表.html",
            "<table>" + "<tr><td>1</td><td rowspan=1000 colspan=1000>2</td></tr>" * 9 + "</table>",
            "表が大きすぎます",
        ),
        (
            "深い.xml",
            "<Law><LawBody><LawTitle>法</LawTitle>" + "<Item>" * 1500 + "</Item>" * 1500 + "</LawBody></Law>",
            "入れ子が深すぎます",
        ),
    ],
)
def test_a_trap_of_spans_or_depth_is_refused(tmp_path: Path, name: str, content: str, finding: str) -> None:
    with pytest.raises(DocumentError, match=finding):
        read_document(put(tmp_path, name, content), name=name)


def test_a_file_that_needs_too_much_memory_is_given_up_and_the_next_one_is_read(
    tmp_path: Path, children: Children
) -> None:
    big = put(tmp_path, "大きい.txt", "旅費\n" * 6_000_000)
    with pytest.raises(DocumentBusyError, match=r"大きい\.txt: 読み取りにメモリが足りません（上限256MB）"):
        children.read(big, name="大きい.txt")
    assert children.read(put(tmp_path, "次.txt", "旅費"), name="次.txt").text == "旅費"


def test_a_child_says_whether_a_failure_may_pass(tmp_path: Path, children: Children) -> None:
    with pytest.raises(DocumentBusyError, match="ファイルを開けません"):
        children.read(tmp_path / "ない.txt", name="ない.txt")
    with pytest.raises(DocumentError, match="空のファイルです") as caught:
        children.read(put(tmp_path, "空.txt", ""), name="空.txt")
    assert not isinstance(caught.value, DocumentBusyError)


def test_a_child_that_dies_costs_only_its_file(tmp_path: Path, children: Children) -> None:
    path = put(tmp_path, "a.txt", "旅費")
    children.read(path, name="a.txt")
    children._idle[0].process.kill()
    children._idle[0].process.wait()
    assert children.read(path, name="a.txt").text == "旅費"


def test_a_child_sees_no_keys(tmp_path: Path, children: Children, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-test")
    children.read(put(tmp_path, "a.txt", "旅費"), name="a.txt")
    environment = Path(f"/proc/{children._idle[0].process.pid}/environ").read_bytes()
    assert b"sk-test" not in environment
    assert b"PYTHONPATH" in environment


def test_a_child_reaches_no_network() -> None:
    attempt = (
        "import socket\nfrom ingest.readers.child import close_network\nclose_network()\n"
        "try:\n    socket.create_connection(('127.0.0.1', 9), timeout=2)\nexcept PermissionError:\n    print('refused')\n"
    )
    done = subprocess.run([sys.executable, "-c", attempt], capture_output=True, text=True, check=True)
    assert done.stdout == "refused\n"


def test_reading_needs_none_of_the_heavy_packages() -> None:
    names = "chromadb streamlit langchain_core openai sqlalchemy tantivy sudachipy".split()
    check = f"import sys\nimport ingest.readers.child\nprint([name for name in {names} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
