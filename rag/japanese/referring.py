"""Which clauses of other rules a text rests on: 法第二十七条の十三 in an order, 条例第16条 in a regulation."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.japanese.references import Place, references, share_of_title
from rag.japanese.text import narrow

_SHORT = ("法", "条例", "規則", "規程", "要綱", "令")
"""What the rules that carry out another one call it; 法律 is called 法."""
_KIND = re.compile(r"(?:法律|法|条例|規則|規程|要綱|要領|令|訓令|基準|細則)$")


def rests_on(text: str) -> Iterator[str]:
    """Yield a key 'name#article' for each article of another rule that a text names; the name as written."""
    for reference in references(text):
        if reference.place is Place.MAIN and reference.law and reference.article:
            yield f"{''.join(narrow(reference.law).split())}#{reference.article}"


def keys_of(name: str, article: str) -> list[str]:
    """Return the keys under which other rules name an article of this rule: by its name, and by its kind alone."""
    whole = "".join(narrow(name).split())
    kind = next((each for each in _SHORT if whole.replace("法律", "法").endswith(each) and whole != each), "")
    return [f"{each}#{article}" for each in (whole, kind) if each]


def carries_out(title: str, name: str) -> bool:
    """Tell whether a rule with this title may call the rule of that name 法 or 条例: 旅費条例 and 職員の旅費に関する規則.

    A rule does not carry out itself.
    """
    subject = _KIND.sub("", narrow(name))
    return len(subject) > 1 and share_of_title(subject, title) > 0 and not _is(title, name)


def _is(title: str, name: str) -> bool:
    """Tell whether a title is that of the rule with this name: the same kind, and the name's characters in their order."""
    kinds = [found[0].replace("法律", "法") for each in (title, name) if (found := _KIND.search(narrow(each)))]
    return len(kinds) == 2 and kinds[0] == kinds[1] and share_of_title(name, title) > 0
