"""Text to screen: the only place that makes HTML, and only from our own templates with every value escaped.

Streamlit's Markdown turns what a document or a model says into links, images and icons that call out. Such text is
shown through `draw`, which takes nothing but Markup: a template of ours whose values are escaped when they are filled in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import streamlit as st
from markupsafe import Markup
from streamlit.delta_generator import DeltaGenerator

NOTHING: Final = Markup()
_STYLES: Final = Path(__file__).resolve().parent / "page.css"
_NOTICES: Final = {
    "info": Markup('<div class="kotae-notice kotae-info" role="status">{}</div>'),
    "warning": Markup('<div class="kotae-notice kotae-warning" role="status">{}</div>'),
    "error": Markup('<div class="kotae-notice kotae-error" role="alert">{}</div>'),
}


def draw(body: Markup, *, place: DeltaGenerator | None = None) -> None:
    """Show our own HTML, in this place or at the end of the page; raises TypeError for text that nobody has escaped."""
    if not isinstance(body, Markup):
        raise TypeError(f"{type(body).__name__} is not Markup")
    if body:
        (place or st).html(str(body))


def styles() -> None:
    """Give the page its looks."""
    st.html(_STYLES)


def notice(kind: str, text: str | Markup, *, place: DeltaGenerator | None = None) -> None:
    """Show a line for everybody to see; `kind` is 'info', 'warning' or 'error'."""
    draw(_NOTICES[kind].format(text), place=place)


def joined(parts: Iterable[Markup | str]) -> Markup:
    """Join pieces, escaping those that are plain text."""
    return NOTHING.join(parts)


def lines(text: str) -> Markup:
    """Return text with its line breaks kept."""
    return Markup('<div class="kotae-lines">{}</div>').format(text)


def bullets(items: Iterable[Markup | str]) -> Markup:
    """Return a list; nothing for no items."""
    rows = joined(Markup("<li>{}</li>").format(item) for item in items)
    return Markup("<ul>{}</ul>").format(rows) if rows else NOTHING


def facts(pairs: Iterable[tuple[str, Markup | str]]) -> Markup:
    """Return names and values side by side."""
    rows = joined(Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(name, value) for name, value in pairs)
    return Markup('<dl class="kotae-facts">{}</dl>').format(rows)


def table(caption: str, head: Sequence[str], rows: Iterable[Sequence[Markup | str]]) -> Markup:
    """Return a table with its caption; it scrolls sideways where the screen is narrow."""
    top = joined(Markup('<th scope="col">{}</th>').format(name) for name in head)
    body = joined(
        Markup("<tr>{}</tr>").format(joined(Markup("<td>{}</td>").format(cell) for cell in row)) for row in rows
    )
    return Markup(
        '<div class="kotae-scroll" role="region" aria-label="{}" tabindex="0"><table><caption>{}</caption>'
        "<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>"
    ).format(caption, caption, top, body)


def marked(pieces: Iterable[tuple[str, bool]]) -> Markup:
    """Return text with some of its pieces highlighted, line breaks kept."""
    return Markup('<div class="kotae-lines">{}</div>').format(highlighted(pieces))


def highlighted(pieces: Iterable[tuple[str, bool]]) -> Markup:
    """Return the same to stand inside a line."""
    return joined(Markup("<mark>{}</mark>").format(text) if is_marked else text for text, is_marked in pieces)


def flags(names: Iterable[str]) -> Markup:
    """Return remarks that stand out behind a title."""
    return joined(Markup(' <span class="kotae-flag">{}</span>').format(name) for name in names)


def bar(share: float, label: str) -> Markup:
    """Return a bar that is filled to this share, 0 to 1; the label says what it shows to those who do not see it."""
    return Markup('<meter min="0" max="1" value="{}" aria-label="{}"></meter>').format(f"{share:.3f}", label)
