"""Compare a file's first bytes with its suffix."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Collection

from ingest.readers.source import Source

_HEAD = 4096
_TEXTS = frozenset({".txt", ".text", ".md", ".markdown", ".csv", ".tsv"})
_OLE = frozenset({".doc", ".xls", ".ppt", ".jtd"})
_OPEN = frozenset({".odt", ".ods", ".odp"})
_OLE_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FOREIGN = (
    (b"MZ", "実行ファイル"),
    (b"\x7fELF", "実行ファイル"),
    (b"\x89PNG", "画像"),
    (b"\xff\xd8\xff", "画像"),
    (b"GIF8", "画像"),
    (b"II*\x00", "画像"),
    (b"MM\x00*", "画像"),
    (b"\x1f\x8b", "圧縮ファイル"),
    (b"Rar!", "圧縮ファイル"),
    (b"7z\xbc\xaf", "圧縮ファイル"),
)
_MARKUP = re.compile(rb"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.I | re.S)
_NAMES = {
    ".pdf": "PDF",
    ".docx": "Word",
    ".xlsx": "Excel",
    ".pptx": "PowerPoint",
    ".html": "HTML",
    ".xml": "XML",
    ".rtf": "リッチテキスト",
    ".doc": "旧形式のOffice",
    ".odt": "OpenDocument",
}


def recognise(source: Source, known: Collection[str]) -> tuple[str, str]:
    """Return the suffix whose reader fits the content, and a Japanese warning ('' where the file's own suffix fits)."""
    suffix = source.path.suffix.lower()
    if suffix not in known:
        shown = suffix or "拡張子なし"
        raise source.error(f"この形式（{shown}）は読めません。Word、Excel、PDF、CSV、テキストなどの形にしてください。")
    try:
        with source.path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        reason = error.strerror or str(error)
        raise source.busy_error(
            f"ファイルを開けません（{reason}）。ファイルの場所と読み取りの許可を確かめてください。"
        ) from error
    true = _true_suffix(head, suffix, source)
    if true == suffix:
        return suffix, ""
    return true, f"拡張子は{suffix}ですが、中身は{_NAMES.get(true, true)}でした。中身のとおりに読みました。"


def _true_suffix(head: bytes, suffix: str, source: Source) -> str:
    for mark, kind in _FOREIGN:
        if head.startswith(mark) and not (suffix in _TEXTS and _reads_as_text(head)):
            raise source.error(f"拡張子は{suffix}ですが、中身は{kind}です。正しいファイルに差し替えてください。")
    if b"%PDF-" in head[:1024]:
        return ".pdf" if not (suffix in _TEXTS and not head.startswith(b"%PDF-")) else suffix
    if head.startswith(_OLE_MARK):
        return suffix if suffix in _OLE else ".doc"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _package_suffix(suffix, source)
    if head.startswith(b"{\\rtf"):
        return ".rtf"
    if suffix in _TEXTS or suffix in (".html", ".htm"):
        return suffix
    if _MARKUP.match(head.removeprefix(b"\xef\xbb\xbf")):
        return ".html"
    if suffix == ".xml":
        return suffix
    raise source.error(
        f"{suffix}ファイルとして読めません（中身が違うか、壊れています）。元のソフトで開いて保存し直してください。"
    )


def _reads_as_text(head: bytes) -> bool:
    """Tell whether the first bytes are printable: a text may begin with 'MZ'."""
    return not any(byte < 0x09 or 0x0E <= byte < 0x1B for byte in head)


def _package_suffix(suffix: str, source: Source) -> str:
    try:
        with zipfile.ZipFile(source.path) as package:
            names = package.namelist()
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise source.error("ファイルが壊れています。元のソフトで開いて保存し直してください。") from error
    for folder, fits in (("word/", (".docx", ".docm")), ("xl/", (".xlsx", ".xlsm")), ("ppt/", (".pptx",))):
        if any(name.startswith(folder) for name in names) and "[Content_Types].xml" in names:
            return suffix if suffix in fits else fits[0]
    if "content.xml" in names and "mimetype" in names:
        return suffix if suffix in _OPEN else ".odt"
    raise source.error("圧縮ファイルです。中のファイルを取り出して、一つずつ置いてください。")
