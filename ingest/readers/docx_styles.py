"""What Word's styles say of a paragraph or run: its outline level, its list, whether its letters can be seen."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from ingest.readers.limits import attribute, local

_HEADING = re.compile(r"^(?:heading|見出し)\s*([1-9])$", re.I)
_TOC = re.compile(r"^(?:toc|目次)\s*\d+$", re.I)
_HEX = re.compile(r"^[0-9A-Fa-f]{6}$")
_OFF = frozenset({"0", "false", "off", "none"})
_TINY = 2
"""Half points: one point."""
_CLOSE = 24
"""Colours whose channels differ by less than this cannot be told apart."""
_HIGHLIGHTS = {"black": "000000", "white": "FFFFFF", "yellow": "FFFF00", "none": ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """A named style."""

    name: str
    based_on: str
    paragraph: etree._Element | None
    run: etree._Element | None
    shaded: bool
    """A table style that paints cells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What lies behind a run: a six-digit colour, '' where it is unknown."""

    colour: str = "FFFFFF"


@dataclass(frozen=True, slots=True, kw_only=True)
class Styles:
    """All styles of a document."""

    named: Mapping[str, Style]
    default_paragraph: str
    default_run: etree._Element | None

    def heading(self, paragraph: etree._Element) -> int:
        """Return 1 to 9 for a heading, 0 for running text."""
        properties = child(paragraph, "pPr")
        own = value(child(properties, "outlineLvl"))
        if own.isdigit():
            return int(own) + 1 if int(own) < 9 else 0
        for style in self._chain(value(child(properties, "pStyle")) or self.default_paragraph):
            level = value(child(style.paragraph, "outlineLvl"))
            if level.isdigit():
                return int(level) + 1 if int(level) < 9 else 0
            named = _HEADING.match(style.name)
            if named:
                return int(named.group(1))
        return 0

    def tag(self, paragraph: etree._Element) -> str:
        """Return 'title', 'toc' or 'caption' where the style says so, else ''."""
        for style in self._chain(value(child(child(paragraph, "pPr"), "pStyle"))):
            name = style.name.lower()
            if name in ("title", "表題"):
                return "title"
            if _TOC.match(name):
                return "toc"
            if name in ("caption", "図表番号"):
                return "caption"
        return ""

    def list_of(self, paragraph: etree._Element) -> tuple[str, int]:
        """Return list id and level of a numbered paragraph; ('', 0) for others."""
        properties = child(paragraph, "pPr")
        holders = [properties, *(style.paragraph for style in self._chain(value(child(properties, "pStyle"))))]
        level = ""
        for holder in holders:
            numbers = child(holder, "numPr")
            level = level or value(child(numbers, "ilvl"))
            list_id = value(child(numbers, "numId"))
            if list_id:
                return ("", 0) if list_id == "0" else (list_id, int(level) if level.isdigit() else 0)
        return "", 0

    def paints(self, table: etree._Element) -> bool:
        """Tell whether a table's style paints its cells."""
        return any(style.shaded for style in self._chain(value(child(child(table, "tblPr"), "tblStyle"))))

    def unseen(self, run: etree._Element, paragraph: etree._Element, ground: Ground) -> bool:
        """Tell whether a run is hidden, at most a point high, or painted in the colour of what lies behind."""
        holders = [one for one in self._run_properties(run, paragraph) if one is not None]
        vanish = _first(holders, "vanish")
        if vanish is not None and value(vanish).lower() not in _OFF:
            return True
        size = value(_first(holders, "sz"))
        if size.isdigit() and int(size) <= _TINY:
            return True
        colour = value(_first(holders, "color"))
        behind = behind_run(holders, child(paragraph, "pPr"), ground)
        return bool(_HEX.match(colour)) and bool(behind) and _alike(colour, behind)

    def _run_properties(self, run: etree._Element, paragraph: etree._Element) -> Iterator[etree._Element | None]:
        own = child(run, "rPr")
        yield own
        yield from (style.run for style in self._chain(value(child(own, "rStyle"))))
        named = value(child(child(paragraph, "pPr"), "pStyle")) or self.default_paragraph
        yield from (style.run for style in self._chain(named))
        yield self.default_run

    def _chain(self, style_id: str) -> Iterator[Style]:
        seen: set[str] = set()
        while style_id in self.named and style_id not in seen:
            seen.add(style_id)
            yield self.named[style_id]
            style_id = self.named[style_id].based_on


def read_styles(root: etree._Element | None) -> Styles:
    """Read word/styles.xml; None: the document has no styles."""
    named: dict[str, Style] = {}
    default_paragraph, default_run = "", None
    for element in () if root is None else root:
        if local(element) == "docDefaults":
            default_run = child(child(element, "rPrDefault"), "rPr")
        elif local(element) == "style":
            style_id = attribute(element, "styleId") or ""
            shades = (one for one in element.iter() if local(one) == "shd")
            named[style_id] = Style(
                name=value(child(element, "name")),
                based_on=value(child(element, "basedOn")),
                paragraph=child(element, "pPr"),
                run=child(element, "rPr"),
                shaded=any((attribute(one, "fill") or "auto") not in ("auto", "FFFFFF") for one in shades),
            )
            if attribute(element, "type") == "paragraph" and attribute(element, "default") in ("1", "true"):
                default_paragraph = style_id
    return Styles(named=named, default_paragraph=default_paragraph, default_run=default_run)


def child(element: etree._Element | None, name: str) -> etree._Element | None:
    """Return the first child of that name; None where there is none."""
    return None if element is None else next((one for one in element if local(one) == name), None)


def value(element: etree._Element | None) -> str:
    """Return the val attribute; '' where element or attribute is absent."""
    return "" if element is None else attribute(element, "val") or ""


def shade(properties: etree._Element | None) -> str | None:
    """Return the fill colour of a paragraph, cell or run; None where it says nothing, '' where it cannot be told."""
    shading = child(properties, "shd")
    if shading is None:
        return None
    if attribute(shading, "themeFill"):
        return ""
    fill = attribute(shading, "fill") or "auto"
    if (attribute(shading, "val") or "clear") not in ("clear", "nil"):
        return ""
    return fill if _HEX.match(fill) else None


def behind_run(holders: list[etree._Element], paragraph: etree._Element | None, ground: Ground) -> str:
    """Return the colour behind a run; '' where it cannot be told."""
    highlight = value(_first(holders, "highlight"))
    if highlight and highlight != "none":
        return _HIGHLIGHTS.get(highlight, "")
    for holder in (*holders, paragraph):
        colour = shade(holder)
        if colour is not None:
            return colour
    return ground.colour


def _first(holders: list[etree._Element], name: str) -> etree._Element | None:
    return next((found for holder in holders if (found := child(holder, name)) is not None), None)


def _alike(one: str, other: str) -> bool:
    return all(abs(a - b) < _CLOSE for a, b in zip(bytes.fromhex(one), bytes.fromhex(other), strict=True))
