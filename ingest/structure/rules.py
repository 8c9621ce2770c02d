"""Rules (条例, 規則, 規程, 法令): one section an article, a 項 of a 附則, a 別表 or a 様式.

The table of contents is left out: it repeats the headings, which every section carries in its path.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from ingest.structure.lines import Line, join_wrapped, lines_of
from ingest.structure.rule_articles import article_keys, articles_below, rewrites
from ingest.structure.rule_draft import Draft
from ingest.structure.rule_head import in_force_from, read_head, whole_heads
from ingest.structure.rule_lines import mark
from ingest.structure.rule_marks import Mark, Marked
from rag.domain import Document, Kind, Structure
from rag.japanese.numerals import key_order
from rag.japanese.references import shown_number
from rag.japanese.rule_numbers import (
    TABLE,
    arabic,
    attachment_key,
    attachment_locator,
    division_of,
    item_numbers,
    paragraph_number,
    supplement_label,
)
from rag.japanese.text import narrow

__all__ = ["recognise"]

_UNITS = "編章節款目"
_TAG_UNITS = {"part": "編", "chapter": "章", "section": "節", "subsection": "款", "division": "目"}


@dataclass(slots=True)
class _Reader:
    """The story of one rule, line by line."""

    above: Marked
    head: list[Line] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)
    path: dict[str, str] = field(default_factory=dict)
    caption: Line | None = None
    supplement: str | None = None
    """Locator of the 附則 that is being read; None in the main part."""
    supplement_name: str = ""
    supplements: set[str] = field(default_factory=set)
    """What names the 附則 of this rule so far."""

    def read(self, lines: Sequence[Line]) -> None:
        """Take every line to its section."""
        self.above.coming = articles_below(lines)
        for index, line in enumerate(lines):
            self.above.coming.at = index
            found = mark(line, lines[index + 1] if index + 1 < len(lines) else None, self.above)
            self._take(found, line)
            self.above.previous = line
            self.above.after_caption = found is Mark.CAPTION
            self.above.after_heading = found in _HEADINGS

    def _take(self, found: Mark, line: Line) -> None:
        self.above.in_contents = found is Mark.CONTENTS
        starters = {
            Mark.TITLE: self._another_rule,
            Mark.DIVISION: self._division,
            Mark.CAPTION: self._hold_caption,
            Mark.ARTICLE: self._article,
            Mark.SUPPLEMENT: self._supplement,
            Mark.TABLE: self._attachment,
            Mark.FORM: self._attachment,
            Mark.PARAGRAPH: self._paragraph,
            Mark.TEXT: self._text,
        }
        if found in starters:
            starters[found](line)
        elif found is not Mark.CONTENTS:
            self._append(line, start=found is not Mark.NOTE)

    def _hold_caption(self, line: Line) -> None:
        self._flush_caption()
        self.caption = line

    def _open(self, draft: Draft, line: Line, *, text: str) -> None:
        if self.caption is not None:
            draft.caption = _without_brackets(self.caption.body)
            draft.page = self.caption.page
            self.caption = None
        draft.page = draft.page or line.page
        if text:
            draft.paragraphs.append(text)
        self.drafts.append(draft)
        self.above.paragraph = 0
        self.above.items.clear()
        self.above.in_attachment = False
        self.above.begun = True

    def _article(self, line: Line) -> None:
        first, last = article_keys(line.text)
        key = line.number or first
        last = last or (key.partition(":")[2] if ":" in key else "")
        key = key.partition(":")[0]
        shown = shown_number(key, "条") + (f"から{shown_number(last, '条')}まで" if last else "")
        labels = {"article": key, "part": "main"} if self.supplement is None else self._supplement_labels(key)
        if last:
            labels["last"] = last
        path = tuple(self.path.values()) if self.supplement is None else self._rule_path()
        self._open(Draft(locator=(self.supplement or "") + shown, labels=labels, path=path), line, text=line.body)
        self.above.article = key_order(key)
        self.above.article_indent = line.indent
        self.above.paragraph = 1
        self.above.amending = rewrites(line.body)

    def _division(self, line: Line) -> None:
        self._flush_caption()
        unit = division_of(line.text) or _TAG_UNITS.get(line.tag, "章")
        below = _UNITS[_UNITS.index(unit) :]
        self.path = {kept: title for kept, title in self.path.items() if not kept or kept not in below}
        self.path[unit] = re.sub(r"[ 　]+", " ", line.body)
        self.above.in_attachment = False

    def _another_rule(self, line: Line) -> None:
        """Start again under the title of a second rule; its title opens the path of its sections."""
        self._flush_caption()
        self.supplement = None
        self.supplements.clear()
        self.above.in_supplement = False
        self.path = {"": line.body.lstrip("○◯〇 　")}
        self.above.article = ()
        self.above.in_attachment = False
        labels = {"part": "head"}
        self._open(Draft(locator="沿革", labels=labels, path=tuple(self.path.values())), line, text="")

    def _supplement(self, line: Line) -> None:
        self._flush_caption()
        label = arabic(supplement_label(line.text))
        if label in self.supplements:
            label = f"{label} その{len(self.supplements) + 1}".strip()
        self.supplements.add(label)
        self.supplement_name = label
        self.above.in_supplement = True
        self.supplement = f"附則（{label}）" if label else "附則"
        self.above.article = ()
        self.above.amending = False
        labels = self._supplement_labels("")
        self._open(Draft(locator=self.supplement, labels=labels, path=self._rule_path()), line, text="")

    def _rule_path(self) -> tuple[str, ...]:
        """Return the title of a second rule in the file; empty in the first."""
        return (self.path[""],) if "" in self.path else ()

    def _supplement_labels(self, article: str) -> dict[str, str]:
        labels = {"part": "supplement", "supplement": self.supplement_name}
        return {**labels, "article": article} if article else labels

    def _attachment(self, line: Line) -> None:
        self._flush_caption()
        part = "table" if TABLE.fullmatch(narrow(line.body)) or line.tag == "appendix_table" else "form"
        labels = {"part": part, "number": attachment_key(line.text)}
        draft = Draft(locator=attachment_locator(line.text), labels=labels, path=self._rule_path())
        self._open(draft, line, text=line.body)
        self.above.in_attachment = True

    def _paragraph(self, line: Line) -> None:
        number = paragraph_number(line.text)
        in_articles = bool(self.above.article)
        if self.supplement is not None and not in_articles:
            labels = {**self._supplement_labels(""), "paragraph": str(number)}
            draft = Draft(locator=f"{self.supplement}第{number}項", labels=labels, path=self._rule_path())
            self._open(draft, line, text=line.body)
        elif not self.drafts:
            self.head.append(line)
        else:
            self._flush_caption()
            self._append(line, start=True)
        self.above.paragraph = number
        self.above.items.clear()

    def _append(self, line: Line, *, start: bool) -> None:
        self._flush_caption()
        if not self.drafts:
            self.head.append(line)
            return
        draft = self.drafts[-1]
        self.above.items |= item_numbers(line.text)
        if start:
            draft.starts.append(len(draft.paragraphs))
        draft.paragraphs.append(line.body if not line.rows else line.text)
        draft.page = draft.page or line.page

    def _text(self, line: Line) -> None:
        self._flush_caption()
        if not self.drafts:
            self.head.append(line)
            return
        draft = self.drafts[-1]
        previous = self.above.previous
        alone = len(draft.paragraphs) == 1 and re.fullmatch(
            r"第.{1,12}条(?:の.{1,3})*(?:[（(][^（）()]+[)）])?", draft.paragraphs[0]
        )
        if alone:
            draft.paragraphs[0] += "　" + line.body
        elif draft.paragraphs and previous is not None and previous.full and not previous.rows:
            draft.paragraphs[-1] = join_wrapped(draft.paragraphs[-1], line.body)
            self.above.amending = self.above.amending or (
                len(draft.paragraphs) == 1 and bool(self.above.article) and rewrites(draft.paragraphs[0])
            )
        else:
            if draft.labels["part"] in ("table", "form"):
                draft.starts.append(len(draft.paragraphs))
            draft.paragraphs.append(line.body)
        draft.page = draft.page or line.page

    def _flush_caption(self) -> None:
        """Keep the words of a caption that no article took."""
        if self.caption is None:
            return
        line, self.caption = self.caption, None
        if self.drafts:
            self.drafts[-1].paragraphs.append(line.body)
        else:
            self.head.append(line)


_HEADINGS = frozenset(
    {Mark.DIVISION, Mark.CAPTION, Mark.SUPPLEMENT, Mark.TABLE, Mark.FORM, Mark.CONTENTS, Mark.GRID, Mark.NOTE}
)


def recognise(document: Document) -> Structure:
    """Cut a rule into its articles, 附則 and attachments; locators are in Arabic digits (第12条の2)."""
    lines = whole_heads(lines_of(document.blocks))
    reader = _Reader(above=Marked(tagged=any(line.tag == "article" and line.number for line in lines)))
    reader.read(lines)
    head = read_head(reader.head, document.title)
    sections = [*head.sections, *(draft.section() for draft in reader.drafts if draft.paragraphs)]
    supplements = [section for section in sections if section.labels.get("part") == "supplement"]
    effective_from, warnings = in_force_from(document.path, head, supplements)
    return Structure(
        kind=Kind.RULES,
        title=head.title,
        sections=tuple(sections),
        number=head.number,
        effective_from=effective_from,
        warnings=warnings,
    )


def _without_brackets(text: str) -> str:
    return text.strip().strip("（）()〔〕[]［］【】").strip()
