"""Write Word files, and PDF files made from them, with the same bytes on every build."""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from xml.sax.saxutils import escape as escape_xml

import docx
from docx.document import Document as WordFile
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph as WordParagraph

from ingest.samples.source.blocks import FROZEN, RUBY, Block, Heading, Paragraph, Table, freeze_zip, without_ruby

_ALIGN = {"center": WD_ALIGN_PARAGRAPH.CENTER, "right": WD_ALIGN_PARAGRAPH.RIGHT, "left": WD_ALIGN_PARAGRAPH.LEFT}


def write_docx(path: Path, blocks: Iterable[Block], *, font: str = "ＭＳ 明朝", page_numbers: bool = False) -> None:
    """Write a Word file with real headings and real tables."""
    word = docx.Document()
    _set_page(word, font)
    for block in blocks:
        match block:
            case Heading():
                _add_heading(word, block, font=font)
            case Paragraph():
                _add_paragraph(word, block)
            case Table():
                _add_table(word, block)
    if page_numbers:
        _add_page_number(word)
    _set_properties(word)
    path.parent.mkdir(parents=True, exist_ok=True)
    word.save(str(path))
    freeze_zip(path)


def write_pdf(path: Path, blocks: Iterable[Block], *, font: str = "Noto Serif CJK JP") -> None:
    """Write a PDF with embedded fonts and page numbers through LibreOffice; raise FileNotFoundError without it.

    LibreOffice leaves a gap between kanji and ASCII digits, which PDF readers return as a space (第 1 条).
    """
    office = shutil.which("soffice")
    if office is None:
        raise FileNotFoundError(
            "soffice: not found; install libreoffice-writer-nogui and fonts-noto-cjk and build again"
        )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / "source.docx"
        write_docx(source, blocks, font=font, page_numbers=True)
        command = [office, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "pdf"]
        environment = {**os.environ, "SOURCE_DATE_EPOCH": str(int(FROZEN.timestamp())), "TZ": "UTC"}
        subprocess.run(
            [*command, "--outdir", str(folder), str(source)],
            check=True,
            capture_output=True,
            timeout=180,
            env=environment,
        )
        made = folder / "source.pdf"
        if not made.exists():  # LibreOffice exits 0 on failure
            raise FileNotFoundError(f"{path}: LibreOffice wrote no PDF; open the blocks as docx to see what is wrong")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_freeze_pdf(made.read_bytes()))


def _set_page(word: WordFile, font: str) -> None:
    style = word.styles["Normal"]
    style.font.name = font
    style.font.size = Pt(10.5)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), font)
    style.paragraph_format.space_after = Pt(0)
    page = word.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(2.5)


def _set_properties(word: WordFile) -> None:
    properties = word.core_properties
    properties.title = properties.comments = ""
    properties.author = properties.last_modified_by = "みほん県"
    properties.created = properties.modified = FROZEN.replace(tzinfo=None)


def _add_heading(word: WordFile, heading: Heading, *, font: str) -> None:
    paragraph = word.add_heading(level=heading.level)
    _add_runs(paragraph, heading.text)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if heading.level == 1 else WD_ALIGN_PARAGRAPH.LEFT
    for run in paragraph.runs:
        run.font.color.rgb = RGBColor(0, 0, 0)
        run.font.size = Pt(14 if heading.level == 1 else 11)
        run.font.name = font
        run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)


def _add_paragraph(word: WordFile, paragraph: Paragraph) -> None:
    made = word.add_paragraph()
    _add_runs(made, paragraph.text)
    made.alignment = _ALIGN[paragraph.align]
    if paragraph.indent:
        made.paragraph_format.left_indent = Pt(10.5 * paragraph.indent)


def _add_runs(paragraph: WordParagraph, text: str) -> None:
    """Add plain runs and, for ｜漢字《かんじ》, a phonetic guide as Word stores it."""
    position = 0
    for found in RUBY.finditer(text):
        paragraph.add_run(text[position : found.start()])
        base, reading = escape_xml(found[1]), escape_xml(found[2])
        paragraph._p.append(
            parse_xml(
                f'<w:r {nsdecls("w")}><w:ruby><w:rubyPr><w:rubyAlign w:val="distributeSpace"/><w:hps w:val="10"/>'
                '<w:hpsRaise w:val="18"/><w:hpsBaseText w:val="21"/><w:lid w:val="ja-JP"/></w:rubyPr>'
                f"<w:rt><w:r><w:t>{reading}</w:t></w:r></w:rt>"
                f"<w:rubyBase><w:r><w:t>{base}</w:t></w:r></w:rubyBase></w:ruby></w:r>"
            )
        )
        position = found.end()
    paragraph.add_run(text[position:])


def _add_table(word: WordFile, table: Table) -> None:
    grid = word.add_table(rows=0, cols=len(table.rows[0]), style="Table Grid")
    for row in table.rows:
        for cell, text in zip(grid.add_row().cells, row, strict=True):
            cell.text = without_ruby(text)


def _add_page_number(word: WordFile) -> None:
    paragraph = word.sections[0].footer.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.add_run("- ")
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    paragraph._p.append(field)
    paragraph.add_run(" -")


def _freeze_pdf(content: bytes) -> bytes:
    """Blank what LibreOffice draws from the clock, keeping every length so that the offsets stay right."""
    date = FROZEN.strftime("D:%Y%m%d%H%M%S").encode()

    def same_length(filler: bytes) -> Callable[[re.Match[bytes]], bytes]:
        return lambda found: found[1] + (filler + b"0" * len(found[2]))[: len(found[2])] + found[3]

    content = re.sub(rb"(/(?:Creation|Mod)Date\s*\()(D:\d{14})([^)]*\))", same_length(date), content)
    content = re.sub(rb"(/DocChecksum\s*/)([0-9A-F]+)()", same_length(b""), content)
    return re.sub(
        rb"(/ID\s*\[\s*<)([0-9A-F]+)(>\s*<)([0-9A-F]+)",
        lambda found: found[1] + b"0" * len(found[2]) + found[3] + b"0" * len(found[4]),
        content,
    )
