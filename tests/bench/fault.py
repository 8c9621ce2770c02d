"""A fault: a faithful sentence, the sentence that one alteration makes of it, and what was altered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from rag.domain import Sentence
from tests.bench.faithful import Draft
from tests.bench.statements import plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One sentence before and after."""

    before: Sentence
    after: Sentence
    altered: str
    """'30日 → 30か月', for people."""


Injector = Callable[[Draft, Random], Fault | None]
"""Puts a fault into a draft; None where this draft has no place for one that is certainly false."""


def rewritten(draft: Draft, told: tuple[str, str]) -> Fault | None:
    """Return the fault of a new wording and what was altered; None where the cited passage says it after all."""
    text, altered = told
    if plain(text) == plain(draft.sentence.text) or draft.ground.says(text.removesuffix("。")):
        return None
    return Fault(before=draft.sentence, after=replace(draft.sentence, text=text), altered=altered)
