"""Bytes of a text file to characters.

Order: byte order mark, the HTML page's own word, ISO-2022-JP escapes, strict UTF-8, then Windows Shift_JIS (cp932)
against EUC-JP by how Japanese the outcome looks. A file that fits none is refused rather than read with holes.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ALIASES = {
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "ms932": "cp932",
    "cp932": "cp932",
    "euc-jp": "euc_jp",
    "x-euc-jp": "euc_jp",
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "iso-2022-jp": "iso-2022-jp",
}
_HINT = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_\-]+)|<\?xml[^>]{0,80}?encoding=["']([\w\-]+)""", re.I
)
_ESCAPE = re.compile(rb"\x1b(?:\$[@B]|\(J|\(B|\(I|\$\(D)")
_KANA = re.compile(r"[\u3041-\u3096\u30a1-\u30f6ー、。「」（）・]")
_COMMON = re.compile(r"[\u4e00-\u9fff]")
_RARE = re.compile(r"[\uff61-\uff9f\ue000-\uf8ff\x80-\x9f]")
NAMES = {
    "cp932": "Shift_JIS（Windows）",
    "euc_jp": "EUC-JP",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """Characters of a file, line ends as they stand."""

    text: str
    encoding: str
    certain: bool
    """False: two encodings were possible and the likelier one was taken."""


def decode(data: bytes, *, hinted: bool = False) -> Decoded:
    """Decode a text file; `hinted` looks for the encoding that an HTML or XML file names; raises ValueError if none fits."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return Decoded(text=data.decode(name), encoding=name, certain=True)
    bare = _bare_utf16(data)
    if bare:
        return Decoded(text=data.decode(bare), encoding=bare, certain=False)
    hint = _hint(data) if hinted else ""
    if hint:
        text = _attempt(data, hint)
        if text is not None:
            return Decoded(text=text, encoding=hint, certain=True)
    if _ESCAPE.search(data) and max(data) < 0x80:
        return Decoded(text=_from_jis(data), encoding="iso-2022-jp", certain=True)
    text = _attempt(data, "utf-8")
    if text is not None:
        return Decoded(text=text, encoding="utf-8", certain=True)
    return _likelier(data)


def _attempt(data: bytes, encoding: str) -> str | None:
    """Decode strictly; None: the bytes are not in this encoding."""
    try:
        return _from_jis(data) if encoding == "iso-2022-jp" else data.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _hint(data: bytes) -> str:
    found = _HINT.search(data[:4096])
    if not found:
        return ""
    return _ALIASES.get((found.group(1) or found.group(2)).decode("ascii").lower(), "")


def _bare_utf16(data: bytes) -> str:
    """Recognise UTF-16 without a mark by its line ends and ASCII: every other byte is NUL in many places."""
    head = data[:4096]
    if len(head) < 4 or len(head) % 2 or head.count(0) < 2:
        return ""
    for name, end in (("utf-16-le", b"\n\0"), ("utf-16-be", b"\0\n")):
        if any(head[at : at + 2] == end for at in range(0, len(head), 2)) and _attempt(data, name) is not None:
            return name
    return ""


def _likelier(data: bytes) -> Decoded:
    options = [(name, text) for name in ("cp932", "euc_jp") if (text := _attempt(data, name)) is not None]
    if not options:
        raise ValueError("no encoding fits")
    name, text = max(options, key=lambda option: _score(option[1]))
    return Decoded(text=text, encoding=name, certain=len(options) == 1)


def _score(text: str) -> float:
    """Rate a decoding, per character: kana and kanji speak for it, half-width kana and private characters against it."""
    sample = text[:20_000]
    good = 2 * len(_KANA.findall(sample)) + len(_COMMON.findall(sample))
    return (good - 3 * len(_RARE.findall(sample))) / max(1, len(sample))


def _from_jis(data: bytes) -> str:
    """Decode ISO-2022-JP, also the Windows variant with ① and ㈱, by moving its rows to Shift_JIS; raises UnicodeDecodeError."""
    moved = bytearray()
    at, state = 0, b"(B"
    for escape in [*_ESCAPE.finditer(data), None]:
        end = escape.start() if escape else len(data)
        moved += _move(data[at:end], state)
        if escape:
            at, state = escape.end(), escape.group()[1:]
    return moved.decode("cp932")


def _move(piece: bytes, state: bytes) -> bytes:
    if state in (b"(B", b"(J"):
        return piece
    if state == b"(I":
        return bytes(byte | 0x80 if 0x21 <= byte <= 0x5F else byte for byte in piece)
    moved = bytearray()
    at = 0
    while at < len(piece):
        high = piece[at]
        if high < 0x21 or at + 1 >= len(piece):
            moved.append(high)
            at += 1
            continue
        low = piece[at + 1]
        lead = (high + 1) // 2 + (0x70 if high < 0x5F else 0xB0)
        trail = low + (0x1F if low < 0x60 else 0x20) if high % 2 else low + 0x7E
        moved += bytes((lead, trail))
        at += 2
    return bytes(moved)
