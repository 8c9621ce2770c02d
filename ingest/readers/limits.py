"""Refuse packages, XML and PDF files that are built to exhaust or to reach out."""

from __future__ import annotations

import re
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import Any
from xml.parsers import expat

from lxml import etree

from ingest.readers.source import Source

_XML_PARTS = (".xml", ".rels", ".vml", ".xhtml")
_STREAM = re.compile(rb"stream\r?\n")
_LOOK_BACK = 2048
_PIECE = 1 << 20


class _PrologRead(Exception):  # noqa: N818
    """The root element was reached: there is no document type before it."""


def open_package(source: Source) -> zipfile.ZipFile:
    """Open an Office package after checking names, sizes and document types of its parts; raises DocumentError."""
    try:
        package = zipfile.ZipFile(source.path, metadata_encoding="cp932")
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise source.error("ファイルが壊れています。元のソフトで開いて保存し直してください。") from error
    try:
        _check_parts(package, source)
        for info in package.infolist():
            if info.filename.lower().endswith(_XML_PARTS):
                _check_prolog(package, info, source)
    except BaseException:
        package.close()
        raise
    return package


def _check_parts(package: zipfile.ZipFile, source: Source) -> None:
    infos = package.infolist()
    limits = source.limits
    if len(infos) > limits.parts or sum(info.file_size for info in infos) > limits.unpacked_bytes:
        raise source.error(
            "展開すると大きすぎます（圧縮爆弾の疑い）。画像を減らして保存し直すか、入手元を確かめてください。"
        )
    for info in infos:
        name = PurePosixPath(info.filename.replace("\\", "/"))
        if name.is_absolute() or ".." in name.parts or ":" in info.filename:
            raise source.error(
                "中のファイル名がフォルダの外を指しています。入手元を確かめ、元のソフトで保存し直してください。"
            )
        if info.file_size > limits.part_bytes and info.file_size > limits.ratio * max(1, info.compress_size):
            raise source.error("展開すると異常に膨らみます（圧縮爆弾の疑い）。入手元を確かめてください。")
        if info.flag_bits & 0x1:
            raise source.error("パスワードで保護されています。パスワードを外して保存し直してください。")


def _check_prolog(package: zipfile.ZipFile, info: zipfile.ZipInfo, source: Source) -> None:
    """Read an XML part up to its root element: a document type is never right in an Office file."""
    parser = expat.ParserCreate()

    def refuse(*_: object) -> None:
        raise source.error(
            "外部参照や展開の仕掛け（DOCTYPE）が入っています。入手元を確かめ、元のソフトで保存し直してください。"
        )

    def stop(*_: object) -> None:
        raise _PrologRead

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = stop
    try:
        with package.open(info) as part:
            while piece := part.read(_PIECE):
                parser.Parse(piece, False)  # noqa: FBT003
    except (_PrologRead, expat.ExpatError):
        # Broken XML is for the reader of that part to refuse, where the part is needed at all.
        return
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError) as error:
        raise source.error("ファイルが壊れています。元のソフトで開いて保存し直してください。") from error


def read_part(package: zipfile.ZipFile, name: str, source: Source) -> bytes:
    """Return a part of a package; raises DocumentError when it is absent or damaged."""
    try:
        return package.read(name)
    except (KeyError, zipfile.BadZipFile, zlib.error, OSError, EOFError) as error:
        raise source.error(f"中身の {name} を読めません。元のソフトで開いて保存し直してください。") from error


def parse_xml(data: bytes, source: Source) -> etree._Element:
    """Parse XML without entities, document types or network; raises DocumentError."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=True
    )
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        detail = str(error).splitlines()[0] if str(error) else "構文の誤り"
        raise source.error(f"XMLとして読めません（{detail}）。元のシステムから取り直してください。") from error
    # The type stubs do not know the method.
    declared: Any = root.getroottree().docinfo.internalDTD
    if declared is not None and any(True for _ in declared.iterentities()):
        raise source.error("XMLに実体の宣言（外部参照や展開の仕掛け）があります。入手元を確かめてください。")
    return root


def local(element: etree._Element) -> str:
    """Return an element's name without its namespace; '' for comments and processing instructions."""
    tag: object = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: etree._Element, name: str) -> str | None:
    """Return an attribute by its name without namespace; None where it is absent."""
    direct = element.get(name)
    if direct is not None:
        return direct
    return next((str(value) for key, value in element.attrib.items() if str(key).rpartition("}")[2] == name), None)


def check_streams(data: bytes, source: Source) -> None:
    """Refuse a PDF whose packed streams, images aside, unpack to far more than a page can hold; raises DocumentError."""
    for found in _STREAM.finditer(data):
        head = data[max(0, found.start() - _LOOK_BACK) : found.start()]
        head = head[head.rfind(b"obj") :]
        if b"FlateDecode" in head and b"/Image" not in head and _bursts(data, found.end(), source):
            raise source.error("展開すると異常に膨らむ部分があります（圧縮爆弾の疑い）。入手元を確かめてください。")


def _bursts(data: bytes, start: int, source: Source) -> bool:
    unpacker = zlib.decompressobj()
    size, piece, at = 0, data[start : start + _PIECE], start + _PIECE
    try:
        while piece and not unpacker.eof:
            size += len(unpacker.decompress(piece, _PIECE))
            if size > source.limits.part_bytes:
                return True
            piece = unpacker.unconsumed_tail or data[at : at + _PIECE]
            if not unpacker.unconsumed_tail:
                at += _PIECE
    except zlib.error:
        # Encrypted or damaged: the PDF engine decides whether the file can be read.
        return False
    return False
