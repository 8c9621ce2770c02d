"""Fill the places of a Word template: once, or row by row where a group repeats.

A group ({{過去.年月}}, {{過去.要旨}}) repeats the row of its table; where only one cell of the row, or no table, holds
it, the paragraphs do. {{答}} repeats its paragraph. A paragraph of places that are all empty is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from copy import deepcopy

from docx.enum.text import WD_COLOR_INDEX
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.oxml.text.run import CT_R
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from rag.adapters.office_files import fit
from rag.adapters.word_places import TC, TR, Element, P, Place, R, T, places, text_run
from rag.assembly.fields import ANSWER, NOTHING, Fields
from rag.assembly.sheet import CONFIRM, SheetStatus
from rag.errors import TemplateError

_CONFIRM = re.compile(rf"(【{CONFIRM}】|「{CONFIRM}」|{CONFIRM}|^{SheetStatus.RED}$)")
_AFTER_BORDER = tuple(
    f"w:{name}"
    for name in (
        "shd tabs suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi"
        " adjustRightInd snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection"
        " textAlignment textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange"
    ).split()
)


_HOLDING = tuple(qn(f"w:{name}") for name in ("drawing", "pict", "sectPr", "fldChar", "fldSimple"))
"""What a paragraph without words may still be there for."""
_LONGEST_KEPT = {"p": 600, "tc": 1000}
"""The characters of a paragraph or cell that may be kept on one page: longer ones would leave a page empty before them."""


def fill(root: Element, fields: Fields, *, keep_paragraphs: bool, subject: str) -> None:
    """Fill every place inside an element; raise TemplateError where two groups share a row."""
    for place in places(root):
        _unbind(place)
    for group in fields.rows:
        for block in _blocks([place for place in places(root) if place.group == group]):
            _one_group(block, group, subject)
            _repeat(block, fields.rows[group], group, keep_paragraphs=keep_paragraphs)
    for pattern in dict.fromkeys(place.paragraph for place in places(root) if place.name == ANSWER):
        _answer(pattern, fields.answer, keep_paragraphs=keep_paragraphs)
    _fill_single(places(root), fields.single)


def _unbind(place: Place) -> None:
    """Free a content control from what it is bound to: Word would put that back over the text."""
    for control in place.run.iterancestors(qn("w:sdt")):
        for name in ("dataBinding", "showingPlcHdr"):
            for binding in control.iterfind(f"{qn('w:sdtPr')}/{qn(f'w:{name}')}"):
                _remove(binding)


def _blocks(found: Iterable[Place]) -> list[list[Element]]:
    """Return the rows or paragraphs that a group repeats, those that follow one another together."""
    units = list(dict.fromkeys(map(_unit, _with_cells(found))))
    blocks: list[list[Element]] = []
    for unit in units:
        if blocks and blocks[-1][-1].getnext() is unit:
            blocks[-1].append(unit)
        else:
            blocks.append([unit])
    return blocks


def _with_cells(found: Iterable[Place]) -> list[tuple[Place, int]]:
    """Return each place with how many cells of its row hold its group."""
    listed = list(found)
    rows = [next(place.run.iterancestors(TR), None) for place in listed]
    cells = [next(place.run.iterancestors(TC), None) for place in listed]
    return [
        (place, len({id(cell) for cell, other in zip(cells, rows, strict=True) if other is row}))
        for place, row in zip(listed, rows, strict=True)
    ]


def _unit(found: tuple[Place, int]) -> Element:
    place, cells = found
    in_row = cells > 1 and any(True for _ in place.run.iterancestors(TR))
    return next(place.run.iterancestors(TR)) if in_row else place.paragraph


def _one_group(block: list[Element], group: str, subject: str) -> None:
    others = {place.group for unit in block for place in places(unit)} - {group, ""}
    if others:
        raise TemplateError(
            f"{subject}: 1つの行に {{{{{group}.…}}}} と {{{{{min(others)}.…}}}} があります。繰り返すものが違うので、行か表を分けてください。"
        )


def _repeat(block: list[Element], rows: tuple[Mapping[str, str], ...], group: str, *, keep_paragraphs: bool) -> None:
    first = block[0]
    for row in rows:
        for unit in block:
            made = _copy(unit)
            first.addprevious(made)
            held = [place for place in places(made) if place.group == group]
            _put_all([(place, row[place.name.partition(".")[2]]) for place in held])
            if keep_paragraphs:
                _keep_whole(made)
    if not rows:
        made = _copy(first)
        first.addprevious(made)
        _say_nothing(made, group)
        if keep_paragraphs:
            _keep_whole(made)
    for unit in block:
        _retire(unit)


def _say_nothing(unit: Element, group: str) -> None:
    """Put 該当なし into one place of a group that has no rows, the one with most room, and leave the rest empty."""
    if unit.tag == P:
        for run in _wordy(unit):
            _remove(run)
    held = [each for each in places(unit) if each.group == group]
    widest = max(held, key=_room)
    _put_all([(place, NOTHING if place is widest else "") for place in held])


def _room(place: Place) -> int:
    """Return the width of the cell in which a place stands; 0 outside a table."""
    for cell in place.run.iterancestors(TC):
        for width in cell.iterfind(f"{qn('w:tcPr')}/{qn('w:tcW')}"):
            told = width.get(qn("w:w")) or ""
            return int(told) if told.isdigit() else 0
    return 0


def _wordy(unit: Element) -> list[Element]:
    """Return the runs that hold words of the template itself."""
    held = {each.run for each in places(unit)}
    runs = list(dict.fromkeys(next(text.iterancestors(R)) for text in unit.iter(T)))
    return [run for run in runs if run not in held]


def _answer(pattern: Element, texts: tuple[str, ...], *, keep_paragraphs: bool) -> None:
    """Write a paragraph for each part; what else stands in the template's paragraph stays with the first one."""
    for index, text in enumerate(texts):
        made = _copy(pattern)
        pattern.addprevious(made)
        if index:
            for run in [*_wordy(made), *(each.run for each in places(made) if each.name != ANSWER)]:
                _remove(run)
        for found in [each for each in places(made) if each.name == ANSWER]:
            _put(found, text)
        if keep_paragraphs:
            _keep_whole(made)
        if text.startswith(f"【{CONFIRM}】"):
            _mark(made)
    _retire(pattern)


def _fill_single(found: list[Place], single: Mapping[str, str]) -> None:
    _put_all([(place, single[place.name]) for place in found])


def _put_all(told: list[tuple[Place, str]]) -> None:
    """Put texts in their places, and leave out the paragraphs in which nothing stands then."""
    paragraphs = list(dict.fromkeys(place.paragraph for place, _ in told))
    for place, text in told:
        _put(place, text)
    for paragraph in paragraphs:
        bare = not any((each.text or "").strip() for each in paragraph.iter(T))
        holder = paragraph.getparent()
        alone = holder is None or len(holder.findall(P)) == 1
        if bare and not alone and not any(True for _ in paragraph.iter(*_HOLDING)):
            _remove(paragraph)


def _put(place: Place, text: str) -> None:
    """Put a text in a place; 要確認 is marked so that it is seen in print, too."""
    for piece in filter(None, _CONFIRM.split(fit(text))):
        run = text_run(place.run, piece)
        if _CONFIRM.fullmatch(piece):
            assert isinstance(run, CT_R)
            shown = Run(run, None)  # type: ignore[arg-type]  # its font needs no parent
            shown.bold = True
            shown.font.highlight_color = WD_COLOR_INDEX.YELLOW
        place.run.addprevious(run)
    _remove(place.run)


def _copy(unit: Element) -> Element:
    """Copy a paragraph or row without what may stand only once in a document."""
    made = deepcopy(unit)
    for element in made.iter():
        for name in [name for name in element.attrib if str(name).endswith(("}paraId", "}textId"))]:
            del element.attrib[name]
    for mark in list(made.iter(*map(qn, ("w:bookmarkStart", "w:bookmarkEnd", "w:sectPr")))):
        _remove(mark)
    return made


def _keep_whole(unit: Element) -> None:
    """Let no page end inside a paragraph or row that is not too long for it."""
    for name, longest in _LONGEST_KEPT.items():
        if any(len("".join(text.text or "" for text in each.iter(T))) > longest for each in unit.iter(qn(f"w:{name}"))):
            return
    if unit.tag == P:
        Paragraph(unit, None).paragraph_format.keep_together = True  # type: ignore[arg-type]  # as above
        return
    properties = unit.find(qn("w:trPr"))
    if properties is None:
        properties = OxmlElement("w:trPr")
        before = unit.find(qn("w:tblPrEx"))
        unit.insert(0 if before is None else unit.index(before) + 1, properties)
    if properties.find(qn("w:cantSplit")) is None:
        properties.append(OxmlElement("w:cantSplit"))


def _mark(paragraph: Element) -> None:
    """Draw a bar beside a paragraph."""
    borders, bar = OxmlElement("w:pBdr"), OxmlElement("w:left")
    for name, value in (("val", "single"), ("sz", "24"), ("space", "6"), ("color", "C00000")):
        bar.set(qn(f"w:{name}"), value)
    borders.append(bar)
    properties = Paragraph(paragraph, None)._p.get_or_add_pPr()  # type: ignore[arg-type]  # as above
    for old in properties.findall(qn("w:pBdr")):
        properties.remove(old)
    properties.insert_element_before(borders, *_AFTER_BORDER)  # type: ignore[arg-type]  # any element will do


def _retire(pattern: Element) -> None:
    """Take away what was copied; the end of a section that it held goes to the last copy."""
    last = pattern.getprevious()
    for end in pattern.iterfind(f"{qn('w:pPr')}/{qn('w:sectPr')}"):
        if last is not None and last.tag == P:
            Paragraph(last, None)._p.get_or_add_pPr().append(end)  # type: ignore[arg-type]  # as above
    _remove(pattern)


def _remove(element: Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
