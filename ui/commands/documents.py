"""`kotae documents`: list, open, withdraw."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any

from ingest.succession import date_versions
from rag.domain import SPOKEN_KINDS, DocumentRecord, Reader, Role, State
from rag.errors import DeniedError, NotFoundError
from rag.pairs import count_pairs, pairs_of, unanswered_of
from rag.rules.versions import compare
from rag.safety.directory import find_reader
from rag.wiring import Home, open_home
from ui.output import Output
from ui.shapes import difference_json, pairs_json, record_json, version_json
from ui.words import cli as words
from ui.words.versions import comparison_text

WRITERS = frozenset({Role.EDITOR, Role.ADMIN})


def add(commands: Any, after: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser("documents", parents=[after], help=words.DOCUMENTS, description=words.DOCUMENTS)
    parser.set_defaults(run=run_list)
    actions = parser.add_subparsers(metavar="ACTION", parser_class=type(parser))
    for name, text, action in (
        ("show", words.DOCUMENTS_SHOW, run_show),
        ("compare", words.DOCUMENTS_COMPARE, run_compare),
        ("remove", words.DOCUMENTS_REMOVE, run_remove),
    ):
        child = actions.add_parser(name, parents=[after], help=text, description=text)
        child.add_argument("id", metavar="OLD" if action is run_compare else "ID", help=words.DOCUMENT_ID)
        if action is run_compare:
            child.add_argument("newer", metavar="NEW", help=words.NEWER_ID)
        child.set_defaults(run=action)


def run_list(given: argparse.Namespace, path: Path, output: Output) -> int:
    """List the documents that the user may read."""
    home = open_home(path)
    reader = find_reader(path, given.user, levels=home.settings.levels.order)
    rows = [record_json(record) for record in home.catalogue.documents() if home.may_read(reader, record.audience)]
    output.result(rows, words.documents_table(rows))
    return 0


def run_show(given: argparse.Namespace, path: Path, output: Output) -> int:
    """Print one document with its parts."""
    home = open_home(path)
    reader = find_reader(path, given.user, levels=home.settings.levels.order)
    record = _find(home, given.id, reader)
    chunks = home.catalogue.chunks_of(record.id)
    row = record_json(record) | {
        "versions": [version_json(each) for each in home.versions([record.id], reader)[record.id]],
        "sections": [
            {"locator": chunk.locator, "header": chunk.header, "page": chunk.page, "text": chunk.text}
            for chunk in chunks
        ],
    }
    if record.kind in SPOKEN_KINDS:
        row["pairs"] = pairs_json(count_pairs(pairs_of(chunks), unanswered_of(chunks)))
    output.result(row, words.document_text(row))
    return 0


def run_compare(given: argparse.Namespace, path: Path, output: Output) -> int:
    """Print what changed from one version of a document to another (新旧対照)."""
    home = open_home(path)
    reader = find_reader(path, given.user, levels=home.settings.levels.order)
    old, new = (_find(home, key, reader) for key in (given.id, given.newer))
    differences = compare(home.catalogue.chunks_of(old.id), home.catalogue.chunks_of(new.id))
    value = {
        "old": version_json(old),
        "new": version_json(new),
        "differences": [difference_json(each) for each in differences],
    }
    output.result(value, comparison_text(value))
    return 0


def run_remove(given: argparse.Namespace, path: Path, output: Output) -> int:
    """Withdraw a document: it stays out until its file itself is given to ingest."""
    home = open_home(path)
    reader = find_reader(path, given.user, levels=home.settings.levels.order)
    if reader.role not in WRITERS:
        raise DeniedError(f"{reader.user}: 文書を取り下げる権限がありません。編集者か管理者に頼んでください。")
    record = _find(home, given.id, reader)
    with home.writing("kotae documents remove"):
        gone = replace(record, state=State.WITHDRAWN, chunk_count=0)
        home.catalogue.put_document(gone, [], vectors={})
        date_versions(home.catalogue)
        home.refresh_indexes()
    output.result(record_json(gone), words.withdrawn(record.title))
    return 0


def _find(home: Home, document_id: str, reader: Reader) -> DocumentRecord:
    record = home.catalogue.document(document_id)
    if not home.may_read(reader, record.audience):
        raise NotFoundError.of(document_id)
    return record
