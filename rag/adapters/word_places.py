"""The places of a Word template: {{name}}, brought together where Word has cut them into pieces, and checked by name."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass

from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from lxml import etree

from rag.errors import TemplateError

Element = etree._Element  # noqa: SLF001  (the stubs name it only so)
P, R, T, TC, TR, RPR = (qn(f"w:{name}") for name in ("p", "r", "t", "tc", "tr", "rPr"))
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_PLACE = re.compile(r"[{｛]{2}([^{}｛｝]*)[}｝]{2}")
_LOOSE = re.compile(r"[{｛]{2}|[}｝]{2}")
_LONGEST_SHOWN = 30
_MARK = "place"
"""The attribute that tells a place of the template from a text that only looks like one; it goes when the place is filled."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Place:
    """A run that holds one {{name}} and nothing else."""

    name: str
    run: Element

    @property
    def group(self) -> str:
        """Return '過去' for '過去.要旨'; empty where nothing repeats."""
        return self.name.partition(".")[0] if "." in self.name else ""

    @property
    def paragraph(self) -> Element:
        """Return the paragraph in which it stands."""
        return next(self.run.iterancestors(P))


def places(container: Element) -> list[Place]:
    """Return the places inside an element that `gather_places` found and nothing has filled, in reading order."""
    return [Place(name=str(run.get(_MARK)), run=run) for run in container.iter(R) if run.get(_MARK) is not None]


def gather_places(root: Element, subject: str) -> list[Place]:
    """Give each {{name}} a run of its own, with the looks of its first character; raise TemplateError for an open one."""
    for run in root.iter(R):
        run.attrib.pop(_MARK, "")
    for paragraph in list(root.iter(P)):
        texts = [text for run in _runs(paragraph) for text in run.iterchildren(T)]
        words = "".join(text.text or "" for text in texts)
        if not re.search("[{}｛｝]", words):
            continue
        loose = _LOOSE.search(_PLACE.sub("", words))
        if loose:
            raise TemplateError(
                f"{subject}: 「{words[:_LONGEST_SHOWN]}」の差し込みの印が閉じていません。1つの段落の中で {{{{名前}}}} の形にしてください。"
            )
        _bring_together(texts, words)
        for run in list(_runs(paragraph)):
            _split(run)
    return places(root)


def check_names(found: Iterable[Place], known: Collection[str], required: Iterable[str], subject: str) -> None:
    """Raise TemplateError for a name that nobody knows, or for one that is missing."""
    used = {each.name for each in found}
    for name in sorted(used - set(known)):
        near = difflib.get_close_matches(name, sorted(known), n=3, cutoff=0.4)
        hint = f"{'、'.join(f'{{{{{each}}}}}' for each in near)} のことなら直してください。" if near else ""
        raise TemplateError(
            f"{subject}: {{{{{name}}}}} という差し込みはありません。{hint}使える名前は {'、'.join(sorted(known))} です。"
        )
    for name in required:
        if name not in used:
            raise TemplateError(f"{subject}: {{{{{name}}}}} がありません。入れたい段落か表の欄に書き足してください。")


def text_run(like: Element, text: str) -> Element:
    """Return a run with the looks of another one; line breaks and tabs become those of Word."""
    run = OxmlElement("w:r")
    looks = like.find(RPR)
    if looks is not None:
        run.append(deepcopy(looks))
    for piece in re.split(r"([\n\t])", text):
        if piece in ("\n", "\t"):
            run.append(OxmlElement("w:br" if piece == "\n" else "w:tab"))
        elif piece:
            holder = OxmlElement("w:t")
            holder.text = piece
            holder.set(_SPACE, "preserve")
            run.append(holder)
    return run


def _name(match: re.Match[str]) -> str:
    """Read a name whatever its width: '過去．要旨' is '過去.要旨'."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", match[1])).replace("(", "（").replace(")", "）")


def _runs(paragraph: Element) -> Iterator[Element]:
    """Yield the runs of a paragraph, those of a text box inside it left out."""
    return (run for run in paragraph.iter(R) if next(run.iterancestors(P)) is paragraph)


def _bring_together(texts: list[Element], words: str) -> None:
    """Move each {{name}} wholly into the text element in which it begins."""
    owner = [index for index, text in enumerate(texts) for _ in text.text or ""]
    for match in _PLACE.finditer(words):
        for at in range(*match.span()):
            owner[at] = owner[match.start()]
    held = [""] * len(texts)
    for index, character in zip(owner, words, strict=True):
        held[index] += character
    for text, kept in zip(texts, held, strict=True):
        text.text = kept
        text.set(_SPACE, "preserve")


def _split(run: Element) -> None:
    """Cut a run so that each {{name}} stands alone in one."""
    if not any(_PLACE.search(text.text or "") for text in run.iterchildren(T)):
        return
    for one in list(run):
        if one.tag == RPR:
            continue
        pieces = re.split(f"({_PLACE.pattern.replace('(', '(?:', 1)})", one.text or "") if one.tag == T else [""]
        for piece in filter(None, pieces):
            made = text_run(run, piece)
            if match := _PLACE.fullmatch(piece):
                made.set(_MARK, _name(match))
            run.addprevious(made)
        if one.tag != T:
            kept = text_run(run, "")
            kept.append(one)
            run.addprevious(kept)
    parent = run.getparent()
    assert parent is not None
    parent.remove(run)
