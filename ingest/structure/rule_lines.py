"""Tell what a line of a rule is: an article or only the mention of one, a 項, a 号, a chapter, a 附則."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from ingest.structure.lines import Line
from rag.japanese.numerals import NUMBER, clause_key
from rag.japanese.rule_numbers import DIVISION, FORM, SUPPLEMENT, TABLE, item_numbers, paragraph_number
from rag.japanese.text import narrow

__all__ = ["Mark", "Marked", "article_keys", "articles_below", "follows", "mark", "rewrites"]


class Mark(Enum):
    """What a line is in a rule."""

    TEXT = auto()
    DIVISION = auto()
    """編, 章, 節, 款 or 目."""
    CAPTION = auto()
    ARTICLE = auto()
    PARAGRAPH = auto()
    ITEM = auto()
    SUPPLEMENT = auto()
    TABLE = auto()
    FORM = auto()
    CONTENTS = auto()
    NOTE = auto()
    """A note on amendments below an article: (令六条例一〇七・一部改正)."""
    TITLE = auto()
    """The title of another rule in the same file."""
    GRID = auto()
    """The cells of a table."""


@dataclass(slots=True)
class Marked:
    """What has been seen above a line."""

    article: tuple[int, ...] = ()
    """Number of the last article; empty before the first."""
    article_indent: int = 0
    paragraph: int = 0
    """Number of the last 項; 0 before the first."""
    items: dict[str, int] = field(default_factory=dict)
    """Number of the last 号 of each style in this 項."""
    in_attachment: bool = False
    """Inside a 別表 or 様式, where 条 is only text."""
    in_contents: bool = False
    begun: bool = False
    """An article or a 附則 has been seen."""
    amending: bool = False
    """The article above rewrites another rule, whose articles may stand below it."""
    coming: frozenset[tuple[int, ...]] = frozenset()
    """Numbers of the lines below, up to the next 附則, that look like articles."""
    previous: Line | None = None
    after_caption: bool = False
    after_heading: bool = True
    tagged: bool = False
    """The format itself marks every article with its number."""


_KEY = rf"{NUMBER}条(?:の{NUMBER})*"
_ARTICLE = re.compile(
    rf"第(?P<first>{_KEY})(?:(?:及び|から|、|・|~)第(?P<last>{_KEY})(?:まで)?(?=[ ]*(?:削除|\(略\)|略)))?(?P<rest>.*)$",
    re.DOTALL,
)
_CONTINUES = re.compile(
    r"(?:の|に|を|は|が|と|で|も|や|へ|、|。|,|」|\)|』|中|各|第|及び|又は|若しくは|並びに|から|まで|前段|後段|本文|ただし書"
    r"|に規定|関係|以下|以上|前|次|例|等|違反|[0-9一二三四五六七八九十]+項|\(第[^()]*[条項号][^()]*\)|\([^()]*(?:除く|限る|含む|準用|以下|において|場合)[^()]*\))"
)
_CONTINUES_SPACED = re.compile(
    r"の規定|に規定|、|。|,|及び|又は|若しくは|から|まで|中「|各号|第[0-9一二三四五六七八九十]+[項号]"
)
_CONTINUES_AFTER_CAPTION = re.compile(r"[のにをはがとでもやへ等、。,」』)]|及び|又は|若しくは|並びに|から|まで")
_CAPTION_AFTER = re.compile(r"\([^()]{1,40}(?:\([^()]{1,30}\)[^()]{0,20})?\)")
_TITLE = re.compile(r"[○◯〇] ?[^。「」]{2,50}(?:条例|規則|規程|要綱|要領|細則|基準|訓令)$")
_TOC_RANGE = re.compile(rf"(?:\(第{NUMBER}条.*\)|[…・.]{{2,}} *[0-9]+)$")
_NOTE = re.compile(
    r"\((?:[^()]*(?:条例|規則|規程|訓令|告示|法律|法|政令|令|要綱|規定|[0-9一二三四五六七八九〇]+)[^()]*[・、]?(?:改正|追加|全改|繰上|繰下|改称|削除)[^()]*)\)$"
)
_LONGEST_SUPPLEMENT_HEAD = 60
_BRACKETED = re.compile(r"[(〔\[][^。]{1,60}[)〕\]]$")
_AMENDS = re.compile(r"次のように(?:改正する|改める)|を加える。$|一部を改正する|次の.{1,8}を加える")


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
    if line.rows or " | " in line.text:
        return Mark.GRID
    if above.tagged:
        return _tagged(line)
    text = narrow(line.body)
    found = _attachment_or_division(line, following, above)
    if found is not None:
        return found
    if above.in_attachment:
        return Mark.ITEM if item_numbers(text) or paragraph_number(text) else Mark.TEXT
    if _NOTE.fullmatch(text):
        return Mark.NOTE
    if _is_article(line, text, above):
        return Mark.ARTICLE
    if line.tag == "caption" or (_BRACKETED.fullmatch(text) and _captions(following, above)):
        return Mark.CAPTION
    return Mark.CONTENTS if above.in_contents else _inside_article(text, above)


def article_keys(text: str) -> tuple[str, str]:
    """Return the first and the last number of an article line ('5', '8' for 第五条から第八条まで　削除); last is mostly empty."""
    found = _ARTICLE.match(narrow(text.strip()))
    if found is None:
        return "", ""
    return clause_key(found["first"]), clause_key(found["last"]) if found["last"] else ""


def rewrites(text: str) -> bool:
    """Tell whether this article amends another rule, whose words may follow."""
    return _AMENDS.search(text) is not None


def _attachment_or_division(line: Line, following: Line | None, above: Marked) -> Mark | None:
    """Recognise the large parts of a rule; None for a line inside one."""
    text = narrow(line.body)
    wrapped = above.previous is not None and above.previous.runs_on and not above.after_heading
    if line.tag == "toc" or text in ("目次", "目 次"):
        return Mark.CONTENTS
    if _TITLE.fullmatch(text) and not wrapped and above.begun:
        return Mark.TITLE
    if SUPPLEMENT.fullmatch(text) and not wrapped:
        return Mark.CONTENTS if above.in_contents and not above.article else Mark.SUPPLEMENT
    if DIVISION.fullmatch(text) and "。" not in text and len(text) <= 60 and not above.in_attachment:
        if _TOC_RANGE.search(text) or (above.in_contents and not above.article and _TOC_RANGE.search(text)):
            return Mark.CONTENTS
        heads = line.heading > 0 or (following is not None and narrow(following.body)[:1] in ("(", "第"))
        return Mark.DIVISION if heads or not wrapped else None
    if wrapped or "。" in text or not (TABLE.fullmatch(text) or FORM.fullmatch(text)):
        return None
    found = Mark.TABLE if TABLE.fullmatch(text) else Mark.FORM
    return Mark.CONTENTS if above.in_contents else found


def _tagged(line: Line) -> Mark:
    """Trust a format that marks every article with its number."""
    if line.tag.startswith("subitem"):
        return Mark.ITEM
    if line.tag == "paragraph":
        return Mark.PARAGRAPH if paragraph_number(line.text) else Mark.TEXT
    return _TAGS.get(line.tag, Mark.TEXT)


def _is_article(line: Line, text: str, above: Marked) -> bool:
    """Tell the heading of an article from a line that only begins with the mention of one."""
    found = _ARTICLE.match(text)
    if found is None or (above.in_contents and _TOC_RANGE.search(text)):
        return False
    number = tuple(int(part) for part in clause_key(found["first"]).split("_"))
    rest = found["rest"]
    if not _in_order(number, above) or (
        above.amending and (line.indent > above.article_indent or not follows(above.article, number))
    ):
        return False
    ended = above.after_heading or above.after_caption or above.previous is None or not above.previous.runs_on
    spaced = not rest or rest[0] == " " or found["last"] is not None
    if spaced:
        expected = ended or follows(above.article, number)
        return above.after_caption or (expected and _CONTINUES_SPACED.match(rest.strip()) is None)
    if caption := _CAPTION_AFTER.match(rest):
        mentions = _CONTINUES.match(rest) or _CONTINUES_AFTER_CAPTION.match(rest, caption.end())
        return ended and not mentions
    return ended and follows(above.article, number) and _CONTINUES.match(rest) is None


def _in_order(number: tuple[int, ...], above: Marked) -> bool:
    """Tell whether a number may stand here: above the last one, and no gap that a line below would fill."""
    if above.article and number <= above.article:
        return False
    return follows(above.article, number) or not any(follows(above.article, later) for later in above.coming)


def articles_below(lines: Sequence[Line]) -> list[frozenset[tuple[int, ...]]]:
    """Return for each line the numbers of the article-like lines below it, up to the next 附則."""
    below: frozenset[tuple[int, ...]] = frozenset()
    held: list[frozenset[tuple[int, ...]]] = []
    for line in reversed(lines):
        held.append(below)
        if re.match(r"附[ 　]*則", line.body) and len(line.body) < _LONGEST_SUPPLEMENT_HEAD:
            below = frozenset()
        elif number := _article_like(line):
            below |= {number}
    return held[::-1]


def _article_like(line: Line) -> tuple[int, ...]:
    """Return the number of a line that has the shape of an article, wherever it stands; empty for another line."""
    found = _ARTICLE.match(narrow(line.body)) if not line.rows else None
    if found is None or (found["rest"] and found["rest"][0] not in " ("):
        return ()
    if _CONTINUES_SPACED.match(found["rest"].strip()) or (found["rest"][:1] == "(" and _CONTINUES.match(found["rest"])):
        return ()
    return tuple(int(part) for part in clause_key(found["first"]).split("_"))


def follows(last: tuple[int, ...], number: tuple[int, ...]) -> bool:
    """Tell whether a number follows the last one without a gap: 4 → 5, 4 → 4_2, 4_2 → 4_3 or 5, nothing → 1."""
    if not last:
        return number == (1,)
    if len(number) > len(last):
        return number[: len(last)] == last and number[len(last) :] == (2,)
    kept = number[:-1]
    return last[: len(kept)] == kept and number[-1] == last[len(kept)] + 1


def _captions(following: Line | None, above: Marked) -> bool:
    """Tell whether the line below can carry a caption."""
    if following is None:
        return False
    text = narrow(following.body)
    if following.tag == "article":
        return True
    if article := _ARTICLE.match(text):
        rest = article["rest"]
        return not rest or rest[0] == " " or _CONTINUES.match(rest) is None
    number = paragraph_number(text)
    return number > 0 and number in (1, above.paragraph + 1)


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
