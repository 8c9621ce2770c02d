"""Tell which elements of a web page a browser does not show.

Looks at inline styles, attributes and the page's own <style> rules with simple selectors (tag, .class, #id and their
combinations on one element). Style sheets in other files are never fetched.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from lxml import html

_COMMENT = re.compile(r"/\*.*?\*/", re.S)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SIMPLE = re.compile(r"^([a-zA-Z][\w-]*|\*)?((?:[.#][\w-]+)*)$")
_OFF = re.compile(r"^-\s*(\d+(?:\.\d+)?)(px|em|rem|pt|%|vw|vh|cm)?$")
_SIZE = re.compile(r"^(\d*\.?\d+)(px|pt|em|rem|%)?$")
_COLOUR = re.compile(r"^#?([0-9a-f]{3}|[0-9a-f]{6})$")
_RGB = re.compile(r"^rgba?\(\s*(\d+)\s*,\s*(\d+)\s*,\s*(\d+)\s*(?:,\s*([\d.]+)\s*)?\)$")
_NEVER = frozenset({"template", "noscript"})
_WHITE = 0xF0
_POINTS = {"px": 0.75, "pt": 1.0, "em": 12.0, "rem": 12.0, "%": 0.12, "": 0.75}
_HIDING = ("display", "visibility", "opacity", "font-size", "color", "left", "top", "text-indent", "clip", "clip-path")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A style rule for elements of one tag (or any, '') that have all these classes and ids."""

    tag: str
    marks: frozenset[str]
    styles: Mapping[str, str]


def style_rules(page: html.HtmlElement) -> tuple[Rule, ...]:
    """Collect the rules of the page's own style elements that could hide or paint text."""
    rules: list[Rule] = []
    for sheet in page.iter("style"):
        for found in _RULE.finditer(_COMMENT.sub("", sheet.text or "")):
            styles = _declarations(found.group(2))
            if not any(name in styles for name in (*_HIDING, "background", "background-color")):
                continue
            for selector in found.group(1).split(","):
                simple = _SIMPLE.match(selector.strip())
                if simple:
                    marks = frozenset(re.findall(r"[.#][\w-]+", simple.group(2)))
                    rules.append(Rule(tag=(simple.group(1) or "").strip("*").lower(), marks=marks, styles=styles))
    return tuple(rules)


def styles_of(element: html.HtmlElement, rules: tuple[Rule, ...]) -> dict[str, str]:
    """Return the declarations that reach an element itself, inline ones last."""
    styles: dict[str, str] = {}
    if rules:
        marks = {f".{name}" for name in (element.get("class") or "").split()}
        if element.get("id"):
            marks.add(f"#{element.get('id')}")
        for rule in rules:
            if rule.tag in ("", element.tag) and rule.marks <= marks:
                styles.update(rule.styles)
    styles.update(_declarations(element.get("style") or ""))
    return styles


def is_hidden(element: html.HtmlElement, styles: Mapping[str, str]) -> bool:
    """Tell whether an element is not shown; white text counts unless it or something around it has a background."""
    if element.tag in _NEVER or element.get("hidden") is not None:
        return True
    if styles.get("display") == "none" or styles.get("visibility") in ("hidden", "collapse"):
        return True
    if styles.get("opacity", "1").strip("%") in ("0", "0.0", "0.00", ".0"):
        return True
    if _tiny(styles.get("font-size", "")) or _clipped(styles) or any(_is_off(styles, edge) for edge in ("left", "top")):
        return True
    indent = _OFF.match(styles.get("text-indent", ""))
    if indent and float(indent.group(1)) >= 500:
        return True
    return _is_white(styles.get("color", "") or (element.get("color") or "").lower()) and not _painted(element, styles)


def _declarations(text: str) -> dict[str, str]:
    pairs = (piece.partition(":") for piece in text.split(";"))
    return {
        name.strip().lower(): value.replace("!important", "").strip().lower() for name, mark, value in pairs if mark
    }


def _is_off(styles: Mapping[str, str], edge: str) -> bool:
    found = _OFF.match(styles.get(edge, ""))
    placed = styles.get("position") in ("absolute", "fixed")
    return bool(found and placed and float(found.group(1)) >= (100 if found.group(2) in ("%", "vw", "vh") else 500))


def _tiny(size: str) -> bool:
    found = _SIZE.match(size)
    return bool(found) and float(found.group(1)) * _POINTS[found.group(2) or ""] <= 1.0 if found else False


def _clipped(styles: Mapping[str, str]) -> bool:
    rectangle = re.sub(r"[\s,]+|px", "", styles.get("clip", ""))
    return rectangle in ("rect(0000)", "rect(1111)") or styles.get("clip-path") in ("inset(100%)", "inset(50%)")


def _is_white(colour: str) -> bool:
    if colour == "transparent":
        return True
    if colour in ("white", "snow", "ivory", "ghostwhite", "floralwhite", "whitesmoke"):
        return True
    found = _COLOUR.match(colour)
    if found:
        digits = found.group(1)
        values = [int(digit * 2, 16) for digit in digits] if len(digits) == 3 else list(bytes.fromhex(digits))
        return min(values) >= _WHITE
    parts = _RGB.match(colour)
    if not parts:
        return False
    return parts.group(4) in ("0", "0.0") or min(int(parts.group(at)) for at in (1, 2, 3)) >= _WHITE


def _painted(element: html.HtmlElement, styles: Mapping[str, str]) -> bool:
    """Tell whether something other than white lies behind: only then may white text be seen."""
    around = [styles, *(_declarations(above.get("style") or "") for above in element.iterancestors())]
    if any(
        _is_paint(one.get(name, ""))
        for one in around
        for name in ("background", "background-color", "background-image")
    ):
        return True
    return any(_is_paint((one.get("bgcolor") or "").lower()) for one in (element, *element.iterancestors()))


def _is_paint(background: str) -> bool:
    first = background.split(" ", maxsplit=1)[0] if background and "(" not in background else background
    return bool(background) and first not in ("none", "inherit", "initial", "transparent") and not _is_white(first)
