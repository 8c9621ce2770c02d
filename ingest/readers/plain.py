"""Plain text and Markdown: one block a line, with its line number.

Leading ideographic spaces stay: they open a paragraph in minutes and rules. Markdown headings and tables are
recognised; everything else stands as written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.readers.encoding import NAMES, Decoded, decode
from ingest.readers.source import Source
from ingest.readers.tables import row_text
from ingest.readers.titles import choose_title
from rag.domain import Block, Document

_LINE = re.compile(r"\r\n|\n|\r")
_BREAK = re.compile(r"[\f\v\u2028\u2029\x85]")
_HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*#*$")
_RULE = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?\s*$")
_FENCE = re.compile(r"^\s*(?:```|~~~)")


def read(source: Source) -> Document:
    """Read a text file."""
    decoded = decode_source(source)
    markdown = source.name.lower().endswith((".md", ".markdown"))
    blocks = tuple(_markdown(decoded.text) if markdown else _lines(decoded.text))
    return Document(
        path=source.name,
        title=choose_title(blocks, source.stem),
        blocks=blocks,
        warnings=guess_warning(decoded),
    )


def decode_source(source: Source, *, hinted: bool = False) -> Decoded:
    """Decode a text file; raises DocumentError when no encoding fits."""
    try:
        return decode(source.read_bytes(), hinted=hinted)
    except ValueError as error:
        raise source.error(
            "文字コードが分かりません（壊れているか、文字のファイルではありません）。UTF-8で保存し直してください。"
        ) from error


def guess_warning(decoded: Decoded) -> tuple[str, ...]:
    """Say that the encoding was guessed; nothing where it was certain."""
    if decoded.certain:
        return ()
    name = NAMES.get(decoded.encoding, decoded.encoding)
    return (f"文字コードを{name}と推定して読みました。文字が化けていたら、UTF-8で保存し直してください。",)


def _lines(text: str) -> Iterator[Block]:
    for number, line in enumerate(_LINE.split(text), 1):
        for piece in _BREAK.split(line):
            if piece.strip():
                yield Block(text=piece.rstrip(), line=number)


def _markdown(text: str) -> Iterator[Block]:
    lines = _LINE.split(text)
    at, fenced = 0, False
    while at < len(lines):
        line = lines[at]
        fenced ^= _FENCE.match(line) is not None
        if not fenced and "|" in line and at + 1 < len(lines) and _RULE.match(lines[at + 1]):
            end = next((row for row in range(at + 2, len(lines)) if "|" not in lines[row]), len(lines))
            rows = tuple(_cells(lines[row]) for row in [at, *range(at + 2, end)])
            yield Block(text="\n".join(map(row_text, rows)), rows=rows, tag="table", line=at + 1)
            at = end
            continue
        heading = None if fenced else _HEADING.match(line)
        if heading:
            yield Block(text=heading.group(2), heading=len(heading.group(1)), line=at + 1)
        elif line.strip():
            yield Block(text=line.rstrip(), line=at + 1)
        at += 1


def _cells(line: str) -> tuple[str, ...]:
    return tuple(cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line.strip().strip("|")))
