"""A condition of one clause that a sentence sets before what another clause says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product

from rag.japanese.text import normalise
from rag.japanese.words import content_words
from rag.verify.copies import NUMBER
from rag.verify.sources import Source, statements

HELD = 0.8
"""Share of the words of a condition, or of what follows it, from which a clause holds them …"""
LACKING = 0.5
"""… and below which it does not."""
ALIKE = 0.65
"""A clause that holds so much of both says them together."""
ENDING = 5
"""Characters at the end of a sentence that a copy in another tone changes."""
SHORTEST = 6
"""Characters from which what follows a condition is a copy."""
_CONDITION = re.compile(
    r"(?:とき|時|場合|際|限り)(?:に)?(?:は|には|においては|において|にあっては|にあつては|に限り|に|も)?、|[れけ]ば、|たら、"
)
_TOPIC = re.compile(r"^(?:[^、]*[条項号](?:の規定)?によ(?:り|ると|れば)、)?(?:[^、]{1,30}?(?:は|が|も)、)?(?=.)")
_POINTS_BACK = re.compile(
    r"^[0-9０-９ 　\t]*(?:ただし|但し|この|その|それ|これ|なお|また|同|前[項条段各]|(?:前|次)?[0-9一二三四五六七八九十]+項の?(?:場合|規定))|^[^、。]{0,12}(?:前項|同項|前条|当該)"
)
_LISTS = re.compile(r"次の|次に掲げる|左の|各号|[::]$")
_ITEM = re.compile(
    r"^[ 　\t]*(?:[一二三四五六七八九十]+[ 　\t]|[(（][0-9０-９一二三四五六七八九十ア-ンイロハ]+[)）]|[ア-ンイロハ][ 　\t]|[・○①-⑳-])"
)
_EMPTY = frozenset("時 場合 際 当該 規定 こと 第 号 条 項".split())
_FORCE = frozenset("必要 義務 可能 禁止".split())
"""Words for what a source says by なければならない or できる."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """A text, for comparison by its words and letter for letter."""

    words: Set[str]
    plain: str
    """Folded, without white space, numbers masked."""


@lru_cache(maxsize=4096)
def _read(text: str) -> _Said:
    """Read a text; what one answer cites is read again for each of its sentences."""
    plain = NUMBER.sub("#", "".join(normalise(text).split()))
    return _Said(words=frozenset(content_words(text)) - _EMPTY, plain=plain)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Clause:
    """A sentence, item or row of a source."""

    source: int
    place: int
    text: str
    said: _Said


def joins_clauses(sentence: str, sources: Sequence[Source]) -> bool:
    """Tell whether a sentence gives what one clause says the condition of another, and leaves out the clause's own.

    A clause that points back (ただし, この場合, 前項) shares the condition of the one before it, an item that of its list.
    """
    parts = list(_parts(sentence))
    if not parts:
        return False
    clauses = [
        _Clause(source=number, place=place, text=span.of(source.text), said=_read(span.of(source.text)))
        for number, source in enumerate(sources)
        for place, span in enumerate(source.spans)
    ]
    return any(_is_joined(*part, clauses) or _is_joined_copy(*part, clauses) for part in parts)


def _parts(sentence: str) -> Iterator[tuple[_Said, _Said]]:
    """Yield every condition, without the topic before it, and what follows it."""
    for statement in statements(sentence):
        for found in _CONDITION.finditer(statement):
            condition = _read(_TOPIC.sub("", statement[: found.end()]))
            rest = _read(statement[found.end() :].rstrip("。"))
            rest = replace(rest, words=rest.words - _FORCE)
            if condition.words and rest.words:
                yield condition, rest


def _is_joined(condition: _Said, rest: _Said, clauses: Sequence[_Clause]) -> bool:
    """Tell by words, so that it may also be a paraphrase."""
    shares = [(_share(condition, clause.said), _share(rest, clause.said), clause) for clause in clauses]
    if any(min(one, other) >= ALIKE for one, other, _ in shares):
        return False
    ones = [clause for share, _, clause in shares if share >= HELD]
    others = [clause for _, share, clause in shares if share >= HELD]
    return any(
        not _belong_together(one, other) and any(_share(own, condition) < LACKING for own, _ in _parts(other.text))
        for one, other in product(ones, others)
    )


def _is_joined_copy(condition: _Said, rest: _Said, clauses: Sequence[_Clause]) -> bool:
    """Tell by letters, so that clauses in much the same words are told apart."""
    end = rest.plain[:-ENDING]
    if len(end) < SHORTEST:
        return False
    held = [(condition.plain in clause.said.plain, end in clause.said.plain, clause) for clause in clauses]
    if any(one and other for one, other, _ in held):
        return False
    ones = [clause for one, _, clause in held if one]
    others = [clause for _, other, clause in held if other]
    return any(
        not _belong_together(one, other) and any(True for _ in _parts(other.text))
        for one, other in product(ones, others)
    )


def _belong_together(one: _Clause, other: _Clause) -> bool:
    if one.source != other.source:
        return False
    listed = any(_LISTS.search(each.text) or _ITEM.match(each.text) for each in (one, other))
    return listed or (other.place > one.place and _POINTS_BACK.match(other.text) is not None)


def _share(said: _Said, held: _Said) -> float:
    return len(said.words & held.words) / (len(said.words) or 1)
