"""Statements of chunks: whole sentences that an answer could be built on, with the clause in which they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from rag.domain import Chunk, Evidence, Kind
from rag.japanese.dates import DateMention, dates
from rag.japanese.numerals import figures
from rag.japanese.text import narrow, normalise, sentences
from tests.bench.notation import arabic

SHORTEST, LONGEST = 18, 160
SHORTEST_TITLE = 4
"""A guideline's section on 法第43条 is read as an article of 法: nobody would name it as one."""
_ARTICLE = re.compile(r"第[0-9〇一二三四五六七八九十百]+条(?:の[0-9〇一二三四五六七八九十]+)*[ ]+")
_PARAGRAPH = re.compile(r"([0-9]{1,2})(?: +|(?=[^0-9 .,、年月日時分円人件%(（]))")
_ITEM = re.compile(
    r" *(?:\([0-9一二三四五六七八九十ア-ン]{1,3}\)|[一二三四五六七八九十]{1,3} |[ア-ンｱ-ﾝ] |[・○●◆■※①-⑳-])"
)
_LEADS_ON = re.compile(
    r"ただし|但し|[A-Za-z] |この(?:場合|限り|うち|ため)|その|これ|それ|同様|同[条項号]|前[条項号各一二三四五六七八九0-9]|当該|以上の|なお|また|そこで"
    r"|しかし|一方|次に|まず|さらに|加えて|こうした|このよう|問 |お"
)
"""Beginnings of sentences that say nothing without the one before."""
_NO_STATEMENT = re.compile(
    r"次の|次に掲げる|左の|各号|読み替え|同様とする|とあるのは|この限り|準用|別記|例による|削除|施行する|です[かよ]。|ませんか。|問う。|のか。|お答え|参照|[条項号表][0-9]*によります。|(?:確認|相談)(?:して)?(?:ください|します)。|（通知）|[|※＊？?＜＞]|（注"
)
_ENDS = re.compile(r"(?:[るうくすむつぬぶぐ]|ない|ません|ます|ました|です|でした|た|こと|同じ|ください)。$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A sentence as it stands in a chunk."""

    chunk: Chunk
    text: str
    """Without the number before it and without line breaks."""
    article: str = ""
    """'第12条の2'; empty where the chunk is no article of a rule's main part."""
    paragraph: int = 0
    """第n項; 0: the article has only one, or nobody can tell."""
    excepted: bool = False
    """An exception (ただし、…) follows it."""

    @property
    def is_remark(self) -> bool:
        """Tell whether somebody said it in a meeting."""
        return self.chunk.kind is Kind.MINUTES


def plain(text: str) -> str:
    """Return a text for comparison: one width, one case, no white space, numbers in digits."""
    return "".join(normalise(arabic(text)).split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What cited evidence says, with its header and what makes it readable: a fault must not stand in it."""

    text: str
    """As `plain` returns it."""
    numbers: frozenset[tuple[Decimal, str]]
    """Value and unit of every figure."""
    days: frozenset[DateMention]

    def says(self, words: str) -> bool:
        """Tell whether these words stand here, in any notation."""
        return plain(words) in self.text

    def names(self, clause: str) -> bool:
        """Tell whether this very article, paragraph or item ('第3条', '第2項') is named, not 第3条の2 for 第3条."""
        return re.search(re.escape(plain(clause)) + r"(?!の[0-9])", self.text) is not None


def ground(*cited: Evidence) -> Ground:
    """Read what one or two pieces of evidence say."""
    said = "\n".join(
        part
        for item in cited
        for part in (item.title, item.chunk.header, item.chunk.text, *(passage.text for passage in item.context))
    )
    return Ground(
        text=plain(said),
        numbers=frozenset((figure.value, figure.unit) for figure in figures(said)),
        days=frozenset(dates(said)),
    )


def statements(chunk: Chunk) -> Iterator[Statement]:
    """Yield the sentences of a chunk that say something by themselves."""
    if chunk.kind is Kind.RULES and chunk.labels.get("part") == "main" and chunk.labels.get("article"):
        yield from _of_article(chunk)
    elif (chunk.kind is Kind.PLAIN and not chunk.labels) or chunk.kind is Kind.FAQ:
        yield from _of_lines(chunk, chunk.text.rpartition("\n答")[2] if chunk.kind is Kind.FAQ else chunk.text)
    elif chunk.kind is Kind.MINUTES and chunk.labels.get("role") == "official" and chunk.labels.get("post"):
        yield from (each for each in _of_lines(chunk, chunk.text) if "「" not in each.text)


@dataclass(slots=True, kw_only=True)
class _Place:
    """Where the reading of an article stands."""

    labels: Mapping[str, str]
    paragraph: int = 0
    found: list[Statement] = field(default_factory=list)


def _of_article(chunk: Chunk) -> Iterator[Statement]:
    begins = chunk.ordinal == 0 or _ARTICLE.match(narrow(chunk.text)) is not None
    paragraphs = [int(found[1]) for line in chunk.text.splitlines()[1:] if (found := _PARAGRAPH.match(narrow(line)))]
    paragraph = 1 if begins and 2 in paragraphs else 0
    article = article_name(chunk) if len(chunk.title) >= SHORTEST_TITLE else ""
    for line in chunk.text.splitlines():
        narrowed = narrow(line)
        if _ITEM.match(narrowed):
            continue
        if head := _ARTICLE.match(narrowed):
            line = line[head.end() :]  # noqa: PLW2901  (what is left of it)
        elif number := _PARAGRAPH.match(narrowed):
            paragraph = int(number[1])
            line = line[number.end() :]  # noqa: PLW2901
        for text, excepted in _sentences(line):
            yield Statement(chunk=chunk, text=text, article=article, paragraph=paragraph, excepted=excepted)


def article_name(chunk: Chunk) -> str:
    """Return '第12条の2' for a chunk of that article, '' for any other."""
    number, *below = chunk.labels.get("article", "").split("_")
    return f"第{number}条{''.join(f'の{part}' for part in below)}" if number else ""


def _of_lines(chunk: Chunk, text: str) -> Iterator[Statement]:
    for found, excepted in _sentences(text):
        yield Statement(chunk=chunk, text=found, excepted=excepted)


def _sentences(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the sentences that say something, each with whether an exception follows."""
    found = ["".join(span.of(text).splitlines()).strip(" 　") for span in sentences(text)]
    for sentence, following in zip(found, [*found[1:], ""], strict=True):
        said = re.sub(
            r"^(?:[(（][0-9０-９一二三四五六七八九十]{1,2}[)）][　 ]*|[0-9０-９]{1,2}[　 ]+|[・○][　 ]*)", "", sentence
        )
        said = said.removeprefix("答").lstrip("　 ")
        if _says_something(said):
            yield said, following.startswith("ただし")


def _says_something(text: str) -> bool:
    return bool(
        SHORTEST <= len(text) <= LONGEST
        and not _LEADS_ON.match(narrow(text))
        and not _NO_STATEMENT.search(text)
        and _ENDS.search(text)
        and all(text.count(left) == text.count(right) for left, right in ("（）", "()", "「」", "『』"))
    )
