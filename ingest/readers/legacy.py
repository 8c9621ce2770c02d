"""Old Office files by way of LibreOffice, and 一太郎 (.jtd) as far as its text stream goes.

LibreOffice exits 0 when it fails, so what counts is the file that it wrote. The converted file is read by the reader
of its new format. A .jtd is an OLE file whose stream 'DocumentText' holds UTF-16BE behind a short head; layout,
tables and footnotes of such a file are lost, which is said in a warning.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import olefile

from ingest.readers.source import Source
from ingest.readers.titles import choose_title
from rag.domain import Block, Document

_UNLIMITED = ("/bin/sh", "-c", 'ulimit -S -v "$(ulimit -H -v)"; exec "$@"', "sh")
_PROGRAMS = ("soffice", "libreoffice")
_TARGETS = {".xls": "xlsx", ".ods": "xlsx", ".ppt": "pptx", ".odp": "pptx"}
"""What an old format becomes; all others become docx."""
_HEAD = re.compile(rb"SsmgV\.01")
_WORDS = re.compile("[\u3000-\u30ff\u4e00-\u9fff]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\ue000-\uf8ff]")


def read(source: Source) -> Document:
    """Read an old Office file or a 一太郎 file."""
    suffix = source.path.suffix.lower()
    streams = _streams(source)
    if "encryptedpackage" in streams or "encryptioninfo" in streams:
        raise source.error("パスワードで保護されています。パスワードを外して保存し直してください。")
    if suffix == ".jtd" or "documenttext" in streams:
        return _ichitaro(source)
    if "workbook" in streams or "book" in streams:
        suffix = ".xls"
    elif "powerpoint document" in streams:
        suffix = ".ppt"
    return _converted(source, _TARGETS.get(suffix, "docx"))


def _streams(source: Source) -> set[str]:
    """Return the names of an OLE file's streams, lower case; empty for other files."""
    if not olefile.isOleFile(str(source.path)):
        return set()
    try:
        with olefile.OleFileIO(str(source.path)) as file:
            return {entry[-1].lower() for entry in file.listdir()}
    except (OSError, ValueError, IndexError) as error:
        raise source.error("ファイルが壊れています。元のソフトで開いて保存し直してください。") from error


def _converted(source: Source, target: str) -> Document:
    program = next((found for name in _PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        raise source.busy_error(
            "古い形式を読むためのLibreOfficeがありません。"
            "管理者に導入（./x system）を頼むか、新しい形式（docxなど）で保存し直してください。"
        )
    with tempfile.TemporaryDirectory(prefix="kotae-convert-") as folder:
        copy = Path(folder, f"source{source.path.suffix.lower()}")
        shutil.copyfile(source.path, copy)
        _convert(program, copy, target, source)
        made = Path(folder, "out", f"source.{target}")
        if not made.is_file() or made.stat().st_size == 0:
            raise source.busy_error(
                "LibreOfficeで変換できません（壊れているか、保護されています）。新しい形式で保存し直してください。"
            )
        reader = import_module(f"ingest.readers.{target}").read
        document: Document = reader(replace(source, path=made))
    return replace(document, warnings=(*document.warnings, "古い形式のため、LibreOfficeで変換して読みました。"))


def _convert(program: str, copy: Path, target: str, source: Source) -> None:
    folder = copy.parent
    # A reader's limit of address space is not for LibreOffice, which maps far more than it uses.
    command = [
        *_UNLIMITED, "timeout", "-s", "KILL", f"{source.limits.convert_seconds + 1:.0f}",
        program, "--headless", "--norestore", "--nolockcheck", "--nodefault", f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--convert-to", target, "--outdir", str(folder / "out"), str(copy),
    ]  # fmt: skip
    environment = {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "TMPDIR": str(folder),
    }
    with subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            process.wait(timeout=source.limits.convert_seconds)
        except subprocess.TimeoutExpired as error:
            raise source.busy_error(
                "変換に時間がかかりすぎました。新しい形式（docxなど）で保存し直してください。"
            ) from error
        finally:
            _end_group(process)


def _end_group(process: subprocess.Popen[bytes]) -> None:
    """End the converter and whatever it started, if it still runs."""
    if process.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def _ichitaro(source: Source) -> Document:
    try:
        with olefile.OleFileIO(str(source.path)) as file:
            data = file.openstream("DocumentText").read()
    except (OSError, ValueError, IndexError) as error:
        raise source.error(
            "一太郎の文書として読めません。一太郎で開き、Word形式（docx）かPDFで保存し直してください。"
        ) from error
    text = _ichitaro_text(data)
    if not _WORDS.search(text):
        raise source.error("一太郎の文書から文字を取り出せません。一太郎で開き、Word形式かPDFで保存し直してください。")
    blocks = tuple(Block(text=line.rstrip()) for line in re.split(r"[\r\n\f\v]+", text) if line.strip())
    return Document(
        path=source.name,
        title=choose_title(blocks, source.stem),
        blocks=blocks,
        warnings=(
            "一太郎の文書は文字だけを読みました（表や脚注の形は失われます）。確実に読ませるには、docxで保存し直してください。",
        ),
    )


def _ichitaro_text(data: bytes) -> str:
    """Decode the stream at the alignment that yields more Japanese, control words taken out."""
    marked = _HEAD.search(data[:64])
    start = marked.end() if marked else 0
    readings = [data[start + shift :] for shift in (0, 1)]
    texts = [piece[: len(piece) // 2 * 2].decode("utf-16-be", errors="ignore") for piece in readings]
    return _CONTROL.sub("", max(texts, key=lambda text: len(_WORDS.findall(text))))
