"""Documents, pictures and messages between a child and its parent: four bytes of length, then JSON.

JSON rather than pickle: a child that a hostile file has taken over can only send text.
"""

from __future__ import annotations

import base64
import json
import struct
from dataclasses import asdict
from typing import Any, BinaryIO

from ingest.readers.picture import Picture
from rag.domain import Block, Document, Kind

_LENGTH = struct.Struct(">I")
_MOST = 1 << 30


def encode_document(document: Document) -> dict[str, Any]:
    """Return a document as plain values; a block is a list in the order of `decode_document`."""
    return {
        "path": document.path,
        "title": document.title,
        "warnings": document.warnings,
        "kind": document.kind_hint.value if document.kind_hint else None,
        "blocks": [
            (one.text, one.page, one.heading, one.rows, one.place, one.line, one.tag, one.number, one.hidden_text)
            for one in document.blocks
        ],
    }


def decode_document(value: dict[str, Any]) -> Document:
    """Rebuild a document."""
    return Document(
        path=str(value["path"]),
        title=str(value["title"]),
        warnings=tuple(map(str, value["warnings"])),
        kind_hint=Kind(value["kind"]) if value["kind"] else None,
        blocks=tuple(_block(one) for one in value["blocks"]),
    )


def _block(one: list[Any]) -> Block:
    text, page, heading, rows, place, line, tag, number, hidden_text = one
    return Block(
        text=text,
        page=page,
        heading=heading,
        rows=tuple(tuple(row) for row in rows),
        place=place,
        line=line,
        tag=tag,
        number=number,
        hidden_text=hidden_text,
    )


def encode_picture(picture: Picture) -> dict[str, Any]:
    """Return a picture as plain values, its image in Base64."""
    return asdict(picture) | {"png": base64.b64encode(picture.png).decode("ascii")}


def decode_picture(value: dict[str, Any]) -> Picture:
    """Rebuild a picture."""
    return Picture(
        png=base64.b64decode(value["png"]),
        width=int(value["width"]),
        height=int(value["height"]),
        page=int(value["page"]),
        pages=int(value["pages"]),
        boxes=tuple((int(left), int(top), int(right), int(bottom)) for left, top, right, bottom in value["boxes"]),
        found=bool(value["found"]),
    )


def write_message(pipe: BinaryIO, message: dict[str, Any]) -> None:
    """Send one message."""
    body = json.dumps(message, ensure_ascii=True).encode("ascii")
    pipe.write(_LENGTH.pack(len(body)) + body)
    pipe.flush()


def read_message(pipe: BinaryIO) -> dict[str, Any] | None:
    """Receive one message; None: the other side has closed the pipe."""
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    return parse_body(pipe.read(parse_length(head)))


def parse_length(head: bytes) -> int:
    """Return the length that a message's first four bytes announce; raises ValueError past one gigabyte."""
    length: int = _LENGTH.unpack(head)[0]
    if length > _MOST:
        raise ValueError(length)
    return length


def parse_body(body: bytes) -> dict[str, Any]:
    """Return a message; raises ValueError for anything but a JSON object."""
    message = json.loads(body)
    if not isinstance(message, dict):
        raise ValueError(type(message).__name__)  # noqa: TRY004
    return message
