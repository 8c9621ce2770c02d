"""Tell what a line of a rule is: an article, a 項, a 号, a chapter, a 附則, an attachment, or running text."""

from __future__ import annotations

import re

from ingest.structure.lines import Line
from ingest.structure.rule_articles import HEADING_CHARACTERS, article_like, carries_caption, is_article
from ingest.structure.rule_marks import Mark, Marked
from rag.domain import CELL_SEPARATOR
from rag.japanese.numerals import NUMBER
from rag.japanese.rule_numbers import DIVISION, FORM, SUPPLEMENT, TABLE, item_numbers, paragraph_number
from rag.japanese.text import narrow

__all__ = ["mark"]

_TITLE = re.compile(r"[○◯〇] ?[^。「」]{2,50}(?:条例|規則|規程|要綱|要領|細則|基準|訓令)$")
_PLAIN_TITLE = re.compile(r"[^ 。、「」()]{4,40}(?:条例|規則|規程|要綱|要領|細則|規約)$")
_UNDER_TITLE = re.compile(
    rf"(?:明治|大正|昭和|平成|令和)(?:元|{NUMBER})年|[^。、]{{0,20}}第{NUMBER}号$|\([^()。]{{1,30}}\)$|目 ?次$"
)
_LONGEST_HEAD = 30
"""Lines below the title of a second rule in which its first article must stand."""
_QUOTES_BELOW = re.compile(r"(?:改める|加える|とする)。$")
_TOC_RANGE = re.compile(rf"(?:\(第{NUMBER}条.*\)|[…・.]{{2,}} *[0-9]+)$")
_AMENDED_BY = re.compile(r"[0-9一二三四五六七八九〇十]")
_CAPTION_OF_AMENDMENT = re.compile(r"の(?:一部|全部)?改正$")
_AMENDED = re.compile(r"改正|追加|全改|繰上|繰下|改称|削除")
_BRACKETED = re.compile(r"\((?:[^()。]|\([^()。]*\)){1,60}\)$|[〔\[【][^。〕\]】]{1,60}[〕\]】]$")
"""One bracket around all; '(2) 旧条例(平成二年条例第一号)' is a 号."""


_TAGS = {
    "toc": Mark.CONTENTS,
    "article": Mark.ARTICLE,
    "item": Mark.ITEM,
    "caption": Mark.CAPTION,
    "supplement": Mark.SUPPLEMENT,
    "appendix_table": Mark.TABLE,
    "appendix_style": Mark.FORM,
} | dict.fromkeys(("part", "chapter", "section", "subsection", "division"), Mark.DIVISION)


def mark(line: Line, following: Line | None, above: Marked) -> Mark:
    """Name what this line is, from its own shape, what stands above, and the line below."""
    if line.rows or CELL_SEPARATOR in line.text:
        return Mark.GRID
    if above.tagged:
        return _tagged(line)
    text = narrow(line.body)
    if len(text) <= HEADING_CHARACTERS and (found := _heading(line, following, text, above)):
        return found
    if above.in_attachment:
        return Mark.ITEM if item_numbers(text) or paragraph_number(text) else Mark.TEXT
    return _in_rule(line, following, text, above)


def _in_rule(line: Line, following: Line | None, text: str, above: Marked) -> Mark:
    """Name a line outside of the attachments that heads no large part."""
    if _is_note(text):
        return Mark.NOTE
    entry = above.in_contents and _TOC_RANGE.search(text[-HEADING_CHARACTERS:]) is not None
    if not entry and is_article(line, text, above):
        return Mark.ARTICLE
    bracketed = len(text) <= HEADING_CHARACTERS and _BRACKETED.fullmatch(text)
    if line.tag == "caption" or (bracketed and following is not None and carries_caption(following, above)):
        return Mark.CAPTION
    if above.in_contents and "。" not in text and not _starts_prose(line, above):
        return Mark.CONTENTS
    return _inside_article(text, above)


def _is_note(text: str) -> bool:
    """Tell a note on amendments, which is one bracket however long: (昭五〇条例一・…・一部改正); no (旧規則の一部改正)."""
    inside = text[1:-1]
    if not (text.startswith("(") and text.endswith(")")) or "(" in inside or ")" in inside:
        return False
    numbered = _AMENDED_BY.search(inside.replace("一部", "")) is not None
    return numbered and _AMENDED.search(inside) is not None and _CAPTION_OF_AMENDMENT.search(inside) is None


def _heading(line: Line, following: Line | None, text: str, above: Marked) -> Mark | None:
    """Recognise what heads the large parts of a rule; None for a line inside one."""
    wrapped = above.previous is not None and above.previous.runs_on and not above.after_heading
    if line.tag == "toc" or text in ("目次", "目 次"):
        return Mark.CONTENTS
    if above.in_contents and (found := _in_contents(line, text, above)):
        return found
    if above.begun and not wrapped and _is_title(text, following, above):
        return Mark.TITLE
    if (supplement := SUPPLEMENT.fullmatch(text)) and (not wrapped or supplement["label"] or line.indent > 1):
        return Mark.SUPPLEMENT
    if DIVISION.fullmatch(text) and "。" not in text and len(text) <= 60 and not above.in_attachment:
        return _division(line, following, wrapped=wrapped, above=above)
    if wrapped or "。" in text:
        return None
    return Mark.TABLE if TABLE.fullmatch(text) else Mark.FORM if FORM.fullmatch(text) else None


def _division(line: Line, following: Line | None, *, wrapped: bool, above: Marked) -> Mark | None:
    """Tell the heading of a chapter from an entry of the contents and from one that an amendment quotes (None)."""
    if _TOC_RANGE.search(narrow(line.body)):
        return Mark.CONTENTS
    if above.amending and above.previous is not None and _QUOTES_BELOW.search(above.previous.body):
        return None
    heads = line.heading > 0 or (following is not None and narrow(following.body[:1]) in ("(", "第"))
    return Mark.DIVISION if heads or not wrapped else None


def _is_title(text: str, following: Line | None, above: Marked) -> bool:
    """Tell the title of a second rule: with its mark, or behind a 附則 with number, caption or 第一条 below it."""
    if _TITLE.fullmatch(text):
        return True
    if following is None or not (above.in_attachment or above.in_supplement) or not _PLAIN_TITLE.fullmatch(text):
        return False
    below = narrow(following.body[:HEADING_CHARACTERS])
    heads = _UNDER_TITLE.match(below) is not None or article_like(following) == (1,)
    return heads and above.coming.has((1,), within=_LONGEST_HEAD)


def _in_contents(line: Line, text: str, above: Marked) -> Mark | None:
    """Recognise a line of the table of contents, and the first line behind it by its repeating an entry; None: any other."""
    entry = re.split(r"\(第|…|・・|\.\.", text.replace(" ", ""), maxsplit=1)[0]
    if DIVISION.fullmatch(text):
        if above.first_entry and entry.startswith(above.first_entry) and not _TOC_RANGE.search(text):
            return Mark.DIVISION
        above.first_entry = above.first_entry or entry
        return Mark.CONTENTS
    if SUPPLEMENT.fullmatch(text) or TABLE.fullmatch(text) or FORM.fullmatch(text):
        return Mark.CONTENTS
    article = article_like(line)
    return Mark.CONTENTS if article and above.coming.has(article) else None


def _tagged(line: Line) -> Mark:
    """Trust a format that marks every article with its number."""
    if line.tag.startswith("subitem"):
        return Mark.ITEM
    if line.tag == "paragraph":
        return Mark.PARAGRAPH if paragraph_number(line.text) else Mark.TEXT
    return _TAGS.get(line.tag, Mark.TEXT)


def _starts_prose(line: Line, above: Marked) -> bool:
    """Tell the first line of a 前文 behind the table of contents from an entry that goes on."""
    return line.full and (above.previous is None or not above.previous.full)


def _inside_article(text: str, above: Marked) -> Mark:
    """Tell 項, 号 and running text apart; a number out of order after a wrapped line is running text."""
    number = paragraph_number(text)
    wrapped = above.previous is not None and above.previous.runs_on and not above.after_heading
    if number and (number == above.paragraph + 1 or (number == 1 and above.after_heading)):
        return Mark.PARAGRAPH
    counts = item_numbers(text)
    if counts and (not wrapped or any(count == above.items.get(style, 0) + 1 for style, count in counts.items())):
        return Mark.ITEM
    return Mark.ITEM if number and not wrapped else Mark.TEXT
