"""Tell the heading of an article from a line that only begins with the mention of one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.structure.lines import Line
from ingest.structure.rule_marks import Coming, Marked
from rag.japanese.numerals import NUMBER, clause_key, key_order
from rag.japanese.rule_numbers import SUPPLEMENT, paragraph_number
from rag.japanese.text import narrow

__all__ = [
    "HEADING_CHARACTERS",
    "article_keys",
    "article_like",
    "articles_below",
    "carries_caption",
    "count_headings",
    "follows",
    "is_article",
    "rewrites",
]

HEADING_CHARACTERS = 200
"""Characters above which a line heads nothing; the patterns of headings are not tried on longer ones."""
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
_CONTINUES_AFTER_GAP = re.compile(r"の規定|に規定|、|。|,|及び|又は|若しくは|並びに")
_CAPTION_AFTER = re.compile(r"\([^()]{1,40}(?:\([^()]{1,30}\)[^()]{0,20})?\)")
_SHOWN = 400
"""Characters behind the number of an article that tell a heading from a mention."""
_AMENDS = re.compile(r"次のように(?:改正する|改める)|を加える。$|一部を改正する|次の.{1,8}を加える")


def is_article(line: Line, text: str, above: Marked) -> bool:
    """Tell the heading of an article from a line that only begins with the mention of one."""
    found = _ARTICLE.match(text[:_SHOWN])
    if found is None:
        return False
    number = _number_of(found)
    rest = found["rest"]
    if not _in_order(number, above) or (
        above.amending and (line.indent > above.article_indent or not follows(above.article, number))
    ):
        return False
    ended = above.after_heading or above.after_caption or above.previous is None or not above.previous.runs_on
    expected = ended or follows(above.article, number)
    if not rest or rest[0] == " " or found["last"] is not None:
        return above.after_caption or (expected and _CONTINUES_SPACED.match(rest.strip()) is None)
    if caption := _caption_behind(rest):
        return _CONTINUES_AFTER_GAP.match(rest, caption.end() + 1) is None
    if caption := _CAPTION_AFTER.match(rest):
        mentions = _CONTINUES.match(rest) or _CONTINUES_AFTER_CAPTION.match(rest, caption.end())
        return ended and not mentions
    return ended and follows(above.article, number) and _CONTINUES.match(rest) is None


def count_headings(lines: Sequence[Line]) -> int:
    """Count the lines that could be the heading of an article, whatever stands around them: the most articles that a rule may have."""
    return sum(1 for line in lines if line.tag == "article" or _ARTICLE.match(narrow(line.body[:_SHOWN])))


def article_keys(text: str) -> tuple[str, str]:
    """Return the first and the last number of an article line ('5', '8' for 第五条から第八条まで　削除); last is mostly empty."""
    found = _ARTICLE.match(narrow(text.strip()))
    if found is None:
        return "", ""
    return clause_key(found["first"]), clause_key(found["last"]) if found["last"] else ""


def rewrites(text: str) -> bool:
    """Tell whether this article amends another rule, whose words may follow."""
    return _AMENDS.search(text) is not None


def _number_of(found: re.Match[str]) -> tuple[int, ...]:
    return key_order(clause_key(found["first"]))


def _caption_behind(rest: str) -> re.Match[str] | None:
    """Find a caption behind the number with a gap or nothing after it; one with 。 inside is no caption: None."""
    caption = _CAPTION_AFTER.match(rest)
    if caption is None or "。" in caption[0] or rest[caption.end() : caption.end() + 1] not in ("", " "):
        return None
    return caption


def _in_order(number: tuple[int, ...], above: Marked) -> bool:
    """Tell whether a number may stand here: above the last one, and no gap that a line below would fill."""
    if above.article and number <= above.article:
        return False
    return follows(above.article, number) or not any(above.coming.has(one) for one in successors(above.article))


def articles_below(lines: Sequence[Line]) -> Coming:
    """Note where the lines stand that look like articles, and those that start a 附則."""
    coming = Coming()
    previous: Line | None = None
    for index, line in enumerate(lines):
        if len(line.body) <= HEADING_CHARACTERS and SUPPLEMENT.fullmatch(narrow(line.body)):
            coming.supplements.append(index)
        elif (previous is None or not previous.runs_on) and (number := article_like(line)):
            coming.places.setdefault(number, []).append(index)
        previous = line
    return coming


def article_like(line: Line) -> tuple[int, ...]:
    """Return the number of a line that has the shape of an article, wherever it stands; empty for another line."""
    found = _ARTICLE.match(narrow(line.body[:_SHOWN])) if not line.rows else None
    if found is None or (found["rest"] and found["rest"][0] not in " ("):
        return ()
    if _CONTINUES_SPACED.match(found["rest"].strip()):
        return ()
    if found["rest"][:1] == "(" and _caption_behind(found["rest"]) is None and _CONTINUES.match(found["rest"]):
        return ()
    return _number_of(found)


def successors(last: tuple[int, ...]) -> list[tuple[int, ...]]:
    """Return the numbers that may follow the last one without a gap: 4_2 → 4_3, 5, 4_2_2; nothing → 1."""
    if not last:
        return [(1,)]
    steps = [(*last[:at], last[at] + 1) for at in range(len(last))]
    return [*steps, (*last, 2)]


def follows(last: tuple[int, ...], number: tuple[int, ...]) -> bool:
    """Tell whether a number follows the last one without a gap: 4 → 5, 4 → 4_2, 4_2 → 4_3 or 5, nothing → 1."""
    return number in successors(last)


def carries_caption(line: Line, above: Marked) -> bool:
    """Tell whether a caption may stand above this line."""
    text = narrow(line.body[:_SHOWN])
    if line.tag == "article":
        return True
    if article := _ARTICLE.match(text):
        rest = article["rest"]
        return not rest or rest[0] == " " or _CONTINUES.match(rest) is None
    number = paragraph_number(text)
    return number > 0 and number in (1, above.paragraph + 1)
