"""Drafts as files to take away: the Word file of an item, the Excel book of all, and everything in one zip."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from rag.assembly.sheet import Sheet
from rag.wiring import Home
from ui.drafts import KeptDraft, Row, overview_of
from ui.words import draft as words


def word_file(home: Home, sheet: Sheet) -> bytes:
    """Return the Word file of a sheet, written from the office's form as it is now; raises TemplateError."""
    with tempfile.TemporaryDirectory(prefix="kotae-word-") as folder:
        file = Path(folder) / "sheet.docx"
        home.write_sheet(sheet, file)
        return file.read_bytes()


def template_file(home: Home) -> bytes:
    """Return the Word file that answer sheets are made from, for an office to change."""
    with tempfile.TemporaryDirectory(prefix="kotae-word-") as folder:
        file = Path(folder) / "template.docx"
        home.write_template(file)
        return file.read_bytes()


def overview_file(home: Home, draft: KeptDraft, rows: Sequence[Row]) -> bytes:
    """Return the Excel book of what the reader may see."""
    with tempfile.TemporaryDirectory(prefix="kotae-book-") as folder:
        file = Path(folder) / words.OVERVIEW
        home.write_overview(overview_of(draft, list(rows), datetime.now().astimezone()), file)
        return file.read_bytes()


def zip_file(home: Home, draft: KeptDraft, rows: Sequence[Row]) -> bytes:
    """Return the Word file of every item that the reader may see, with the book that links to them; raises TemplateError."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(words.OVERVIEW, overview_file(home, draft, rows))
        for row in rows:
            if row.sheet is not None:
                archive.writestr(row.file, word_file(home, row.sheet))
    return made.getvalue()
