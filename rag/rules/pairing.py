"""Which part of an older text is which part of a newer one, also under another number."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from rag.japanese.numerals import NUMBER
from rag.japanese.text import narrow

__all__ = ["paired", "plain"]

ALIKE = 0.6
"""Two parts whose texts share this much are one that was changed, or renumbered."""
MOST_PAIRS = 250_000
"""Pairs of parts beyond which only those of one number are compared: texts that have so little in common are not versions."""
LEAST_WORDS = 10
"""Characters beside its number that a part must have to be known again under another one: 削除 may stand anywhere."""
_OWN_NUMBER = re.compile(rf"^(?:\([^()]*\))?第{NUMBER}条(?:の{NUMBER})*")


def paired(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, str]:
    """Return new locator → old locator, from locator → text of both.

    The same text first, under its number, then under another one; then what is alike under one number, then under different
    ones; last what has one number, whatever it says.
    """
    found = {key: key for key in after if key in before and plain(before[key]) == plain(after[key])}
    for rule in (_moved, _kept, _renumbered, _replaced):
        taken = set(found.values())
        gone = {key: text for key, text in before.items() if key not in taken}
        come = {key: text for key, text in after.items() if key not in found}
        found |= dict(rule(gone, come))
    return found


def plain(text: str) -> str:
    """Return a text as it is compared: white space and line breaks aside."""
    return "".join(text.split())


def _moved(gone: Mapping[str, str], come: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield what says the same under another number, where it stands once in each text."""
    old = {key: words for key, text in gone.items() if len(words := _unnumbered(text)) >= LEAST_WORDS}
    new = {key: words for key, text in come.items() if len(words := _unnumbered(text)) >= LEAST_WORDS}
    once, also_once = Counter(old.values()), Counter(new.values())
    places = {text: key for key, text in old.items()}
    for key, text in new.items():
        if text in places and once[text] == also_once[text] == 1:
            yield key, places[text]


def _kept(gone: Mapping[str, str], come: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for key, text in come.items():
        if key in gone and _share(_pairs(gone[key]), _pairs(text)) >= ALIKE:
            yield key, key


def _renumbered(gone: Mapping[str, str], come: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if len(gone) * len(come) > MOST_PAIRS:
        return
    olds = {key: _pairs(text) for key, text in gone.items() if len(_unnumbered(text)) >= LEAST_WORDS}
    news = {key: _pairs(text) for key, text in come.items() if len(_unnumbered(text)) >= LEAST_WORDS}
    alike = sorted(
        (-share, new, old)
        for new, pairs in news.items()
        for old, others in olds.items()
        if (share := _share(others, pairs)) >= ALIKE
    )
    done: set[str] = set()
    taken: set[str] = set()
    for _, new, old in alike:
        if new not in done and old not in taken:
            done.add(new)
            taken.add(old)
            yield new, old


def _replaced(gone: Mapping[str, str], come: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    yield from ((key, key) for key in come if key in gone)


def _unnumbered(text: str) -> str:
    return _OWN_NUMBER.sub("", plain(narrow(text)))


def _share(old: set[str], new: set[str]) -> float:
    total = len(old) + len(new)
    # Even if the smaller one stood whole in the other, they might not be alike.
    if not total or 2 * min(len(old), len(new)) < ALIKE * total:
        return 0.0
    return 2 * len(old & new) / total


def _pairs(text: str) -> set[str]:
    words = plain(text)
    return {words[at : at + 2] for at in range(len(words) - 1)}
