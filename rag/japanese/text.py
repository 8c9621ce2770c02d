"""Compare, locate and cut Japanese text without changing the original."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from rag.domain import CELL_SEPARATOR

__all__ = ["Folded", "Span", "find_quote", "narrow", "normalise", "sentences", "shown_width"]


class Span(NamedTuple):
    """Half-open range of character offsets in a text."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """Cut this range out of the text."""
        return text[self.start : self.end]


# Marks that belong to the character before them: dakuten, variation selectors, zero-width characters.
_MARKS = "\u0300-\u036f\u3099\u309a\uff9e\uff9f\ufe00-\ufe0f\U000e0100-\U000e01ef\u00ad\u200b-\u200f\u2060\ufeff"
_CLUSTER = re.compile(f".[{_MARKS}]*", re.DOTALL)
_HAS_MARK = re.compile(f"[{_MARKS}]")
_INVISIBLE = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef\u00ad\u200b-\u200f\u2060\ufeff]")
# NFKC folds the Kangxi radicals, but hardly any of the supplement that Japanese PDFs also contain.
_RADICALS = dict(
    zip("⺟⺠⻁⻄⻑⻘⻝⻣⻤⻨⻩⻫⻭⻯⻲⺩⻆⺒⻖⻏⺾", "母民虎西長青食骨鬼麦黄斉歯竜亀王角巳阝阝艹", strict=True)
)
_FOLD = str.maketrans(
    _RADICALS
    | dict.fromkeys("‐‑‒–—―−─━﹣", "-")
    | dict.fromkeys("〜∼˜〰", "~")
    | dict.fromkeys("‘’‚‛", "'")
    | dict.fromkeys("“”„‟〝〟", '"')
    | dict.fromkeys("\t\v\f\u00a0\u1680\u3000", " ")
)
_NARROW = (
    {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    | dict.fromkeys("‐‑‒–—―−", "-")
    | {"\u3000": " ", "\u00a0": " ", "〜": "~", "∼": "~"}
)
# Few characters of a line are among these: finding them is three times as fast as `str.translate`, which asks for each.
_WIDE = re.compile(f"[{''.join(_NARROW)}]")


def normalise(text: str) -> str:
    """Fold width, case, dashes, tildes, spaces and CJK radicals; for comparison only, never for display."""
    if _HAS_MARK.search(text) is None:
        return "".join(map(_fold, text))
    return "".join(map(_fold, _CLUSTER.findall(text)))


def narrow(text: str) -> str:
    """Turn full-width ASCII and its look-alikes into ASCII one for one, so that every offset stays."""
    return _WIDE.sub(lambda found: _NARROW[found[0]], text)


def shown_width(text: str) -> float:
    """Return the width of a line in full-width characters; ASCII and half-width katakana count half."""
    return len(text) - len(_HALF.findall(text)) / 2


def find_quote(quote: str, text: str) -> Span | None:
    """Return where the quote stands in the original text, ignoring width, case, white space and line breaks.

    None says that it does not stand there, which is a normal outcome; a quote of white space alone stands nowhere. The
    range is never empty and covers whole original characters, even where one of them (㌔) stands for several.
    """
    return next(Folded(text).places(quote), None)


class Folded:
    """A text in which many quotes are looked for, each as `find_quote` does."""

    def __init__(self, text: str) -> None:
        self._folded, self._origins = _fold_with_origins(text)

    def __contains__(self, quote: str) -> bool:
        return next(self.places(quote), None) is not None

    def places(self, quote: str) -> Iterator[Span]:
        """Yield every range of the original text in which the quote stands, in order, none over another."""
        wanted = "".join(normalise(quote).split())
        at = self._folded.find(wanted) if wanted else -1
        while at >= 0:
            yield Span(self._origins[at].start, self._origins[at + len(wanted) - 1].end)
            at = self._folded.find(wanted, at + len(wanted))


_ENDS = "。！？!?．｡"
_AFTER_END = re.compile(r"[。！？!?．｡」』）〕】］)\]]*")
_OPENERS = dict(zip("「『（〔【［([｛〈《｢", "」』）〕】］)]｝〉》｣", strict=True))
_CLOSERS = frozenset(_OPENERS.values())
_LONGEST_BRACKET = 600
_SHORTEST_WRAP = 22
"""Characters below which a line is taken for a heading or an item, never for a wrapped line."""
_WRAP_SLACK = 6
"""Characters by which a wrapped line may be shorter than the next: marks that may not start a line, a lost indentation."""
_HALF = re.compile("[\u0001-\u00ff\uff61-\uff9f]")
_JAPANESE = re.compile("[ぁ-ゖァ-ヺｦ-ﾟ\u3400-\u9fff々]")
_WORD = re.compile("[!-~]*")
_LINE_START = re.compile(
    r"[ 　\t]|[・○◯●◎■□◆◇※▼▲◀▶→⇒]|[①-⑳]|[-*#|]|【|〔|《"
    r"|[（(][0-9０-９一二三四五六七八九十ア-ンｱ-ﾝa-zａ-ｚ]{1,3}[）)]"
    r"|[0-9０-９]{1,3}(?:[　 、．.)）]|$)|[一二三四五六七八九十]{1,3}[　 ]|[ア-ンイロハニホヘト][　 )）]"
    r"|第[0-9０-９一二三四五六七八九十百]+[編章節款目条号](?:の[0-9０-９一二三四五六七八九十]+)*(?:[　 （(]|$)|附[　 ]*則|別表|問[0-9０-９　 ]|答[　 ]"
)


def sentences(text: str) -> list[Span]:
    """Cut at 。！？ outside brackets and at the ends of headings and items; runs in linear time.

    The spans are in order, do not overlap, and hold every character that is not white space. A bracket that is never
    closed, or that is closed unreasonably far away, does not count as one.
    """
    spans: list[Span] = []
    for start, end in _paragraphs(text):
        deep = _bracketed(text, start, end)
        cut = at = start
        while at < end:
            if deep[at - start] or not _ends_sentence(text, at):
                at += 1
                continue
            after = _AFTER_END.match(text, at, end)
            at = after.end() if after else at + 1
            _add_span(spans, text, (cut, at))
            cut = at
        _add_span(spans, text, (cut, end))
    return spans


@lru_cache(maxsize=65536)
def _fold(cluster: str) -> str:
    """Fold one character with its marks until nothing changes."""
    before = ""
    after = cluster
    while after != before:
        before = after
        after = _INVISIBLE.sub("", before).translate(_FOLD)
        after = unicodedata.normalize("NFKC", after).lower().translate(_FOLD)
    return after


def _fold_with_origins(text: str) -> tuple[str, list[Span]]:
    """Fold without white space, and say for each character of the result where it comes from."""
    folded: list[str] = []
    origins: list[Span] = []
    for found in _CLUSTER.finditer(text):
        piece = "".join(_fold(found[0]).split())
        folded.append(piece)
        origins.extend([Span(found.start(), found.end())] * len(piece))
    return "".join(folded), origins


def _ends_sentence(text: str, at: int) -> bool:
    """Tell whether the character here ends a sentence; '.' and '?' only where no digit or letter follows."""
    char = text[at]
    if char not in _ENDS:
        return False
    following = text[at + 1 : at + 2]
    if char in "!?":
        return not following or following.isspace() or following in "」』）)"
    before = text[at - 1 : at]
    inside = following.isalnum() and ((before.isascii() and before.isalnum()) or (before + following).isdigit())
    return char != "．" or not inside


def _add_span(spans: list[Span], text: str, limits: tuple[int, int]) -> None:
    """Append a range without its outer white space; an empty one is left out."""
    piece = text[limits[0] : limits[1]]
    start = limits[0] + len(piece) - len(piece.lstrip())
    end = limits[0] + len(piece.rstrip())
    if start < end:
        spans.append(Span(start, end))


def _paragraphs(text: str) -> list[tuple[int, int]]:
    """Join the lines that a converter wrapped, and return the ranges that no sentence crosses."""
    ranges: list[tuple[int, int]] = []
    start = at = 0
    for line in text.splitlines(keepends=True):
        end = at + len(line)
        if not _runs_on(line, text, end):
            ranges.append((start, end))
            start = end
        at = end
    if start < len(text):
        ranges.append((start, len(text)))
    return ranges


def _runs_on(line: str, text: str, end: int) -> bool:
    """Tell whether a line was broken for width only, so that its sentence goes on at `end`.

    The next one is in the same script, and not longer: else the line had room for its first word.
    """
    body = line.strip()
    if len(body) < _SHORTEST_WRAP or body[-1] in _ENDS or CELL_SEPARATOR in body or end >= len(text):
        return False
    line_end = text.find("\n", end)
    following = text[end : line_end if line_end >= 0 else len(text)].rstrip()
    if not following or _LINE_START.match(following):
        return False
    if _is_spaced(body) != _is_spaced(following):
        return False
    foreign = _is_foreign(body)
    if foreign != _is_foreign(following) or (foreign and body[-1] == "."):
        return False
    word = _WORD.match(following)
    room = max(_WRAP_SLACK, shown_width(word[0]) if word else 0)
    return shown_width(following) <= shown_width(line.rstrip()) + room


def _is_spaced(line: str) -> bool:
    """Tell a line whose letters are set apart one by one."""
    return 3 * (line.count(" ") + line.count("　")) > len(line)


def _is_foreign(line: str) -> bool:
    """Tell a line of words of which none is Japanese; figures and marks alone are no words."""
    return _JAPANESE.search(line) is None and any(map(str.isalpha, line))


def _bracketed(text: str, start: int, end: int) -> bytearray:
    """Mark the characters that stand inside matched brackets."""
    steps = [0] * (end - start + 1)
    stack: list[tuple[str, int]] = []
    waiting: dict[str, int] = {}
    for at in range(start, end):
        char = text[at]
        if char in _OPENERS:
            stack.append((_OPENERS[char], at))
            waiting[_OPENERS[char]] = waiting.get(_OPENERS[char], 0) + 1
        elif char in _CLOSERS and waiting.get(char):
            opened = _pop_to(stack, waiting, char)
            if at - opened <= _LONGEST_BRACKET:
                steps[opened - start] += 1
                steps[at - start] -= 1
    deep = bytearray(end - start)
    depth = 0
    for at in range(end - start):
        depth += steps[at]
        deep[at] = depth > 0
    return deep


def _pop_to(stack: list[tuple[str, int]], waiting: dict[str, int], closer: str) -> int:
    """Drop unclosed brackets until the partner of this closer, and return its offset."""
    while True:
        expected, opened = stack.pop()
        waiting[expected] -= 1
        if expected == closer:
            return opened
