"""Write an answer sheet (答弁書) as a Word file, from the office's own template or the packaged one."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

import docx
from docx.document import Document as WordFile
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import PackageNotFoundError
from docx.opc.part import XmlPart
from lxml.etree import XMLSyntaxError

from rag.adapters.office_files import fit, freeze, put
from rag.adapters.word_fill import fill
from rag.adapters.word_places import Element, check_names, gather_places
from rag.adapters.word_template import default_template
from rag.assembly.fields import REQUIRED, TEMPLATE_FILE, fields_of
from rag.assembly.sheet import Sheet
from rag.errors import TemplateError


def write_sheet(sheet: Sheet, path: Path, template: Path | None = None, *, keep_paragraphs: bool = True) -> None:
    """Write a sheet; raise TemplateError for a template that cannot be filled, and then write nothing.

    Args:
        sheet: what to write; the same sheet gives the same bytes.
        path: the Word file, whose folder is made where it is missing.
        template: a Word file with places ({{問}}, {{答}}); None: the packaged one.
        keep_paragraphs: whether a paragraph of the answer, and a row of a table, stays on one page.
    """
    subject = str(template) if template else "備えつけの答弁書のひな形"
    word = _open(template.read_bytes() if template and template.is_file() else _packaged(template), subject)
    fields = fields_of(sheet)
    roots = list(_roots(word))
    found = [place for root in roots for place in gather_places(root, subject)]
    check_names(found, fields.names, REQUIRED, subject)
    for root in roots:
        fill(root, fields, keep_paragraphs=keep_paragraphs, subject=subject)
    _set_properties(word, sheet)
    made = io.BytesIO()
    word.save(made)
    put(freeze(made.getvalue(), sheet.made_at), path)


def own_template(home: Path) -> Path | None:
    """Return the office's own template; None: the home has none."""
    path = home / TEMPLATE_FILE
    return path if path.is_file() else None


def write_template(path: Path, template: Path | None = None) -> None:
    """Write a template for an office to change in Word and keep in its home: its own as it is, or the packaged one."""
    put(template.read_bytes() if template else default_template(), path)


def _packaged(template: Path | None) -> bytes:
    if template:
        raise TemplateError(f"{template}: 答弁書のひな形がありません。置き場所と名前を確かめてください。")
    return default_template()


def _open(data: bytes, subject: str) -> WordFile:
    try:
        return docx.Document(io.BytesIO(data))
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError, XMLSyntaxError) as error:
        raise TemplateError(
            f"{subject}: Word文書（.docx）として開けません。Wordで開き、パスワードを外して「Word文書 (*.docx)」で保存し直してください。"
        ) from error


def _roots(word: WordFile) -> Iterator[Element]:
    """Yield the body, and each header and footer once."""
    yield word.element
    parts = {
        relation.target_part
        for relation in word.part.rels.values()
        if relation.reltype in (RELATIONSHIP_TYPE.HEADER, RELATIONSHIP_TYPE.FOOTER)
    }
    for part in sorted(parts, key=lambda each: str(each.partname)):
        if isinstance(part, XmlPart):
            yield part.element


def _set_properties(word: WordFile, sheet: Sheet) -> None:
    """Say what the file is; nobody is named as its author, neither who made the template."""
    properties = word.core_properties
    properties.title = fit(" ".join(filter(None, ["答弁書", sheet.sitting, sheet.item.label, sheet.item.member])))[:255]
    properties.author = properties.last_modified_by = properties.comments = ""
    properties.created = properties.modified = sheet.made_at.astimezone(UTC).replace(tzinfo=None)
    properties.revision = max(1, sheet.version)
    properties.language = "ja-JP"
