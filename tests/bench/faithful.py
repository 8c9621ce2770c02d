"""Sentences that say what a statement says, as a writer of answers puts them: word for word, and in other notations."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from rag.domain import Evidence, Part, Sentence
from tests.bench.notation import arabic, common_era, polite, without_brackets
from tests.bench.statements import Ground, Statement

QUOTE_SHORTEST, QUOTE_SHORT, QUOTE_LONG = 20, 60, 120
"""Characters of a quoted part; of a sentence that is always quoted whole; of one that mostly is."""
WHOLE_SHARE = 2 / 3
VERBATIM, DIGITS, ERA, POLITE, CLAUSE, BRACKETS, MIXED, REMARK = (
    *("原文のまま", "算用数字", "西暦", "丁寧な文末", "条項を頭に", "かっこ書きなし", "組合せ", "発言"),
)
PARAPHRASE = "言い換え"
KINDS = (VERBATIM, DIGITS, ERA, POLITE, CLAUSE, BRACKETS, MIXED, REMARK, PARAPHRASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A faithful sentence in its answer: what a fault is put into."""

    statement: Statement
    kind: str
    sentence: Sentence
    cited: Evidence
    evidence: tuple[Evidence, ...]
    ground: Ground
    beside: Sequence[tuple[Statement, Evidence]] = ()
    """The other statements of the evidence."""


def wordings(statement: Statement, rng: Random) -> list[tuple[str, str]]:
    """Return (kind, sentence) for every way to say it that changes something, the words as they stand first."""
    if statement.is_remark:
        return [(REMARK, _remark(statement, rng))]
    text = statement.text
    said = {
        VERBATIM: text,
        DIGITS: arabic(text),
        ERA: common_era(text),
        POLITE: polite(text),
        CLAUSE: with_clause(statement, text, rng),
        BRACKETS: without_brackets(text),
        MIXED: with_clause(statement, polite(arabic(without_brackets(text))), rng),
    }
    return [(kind, words) for kind, words in said.items() if kind == VERBATIM or words != text]


def with_clause(statement: Statement, text: str, rng: Random) -> str:
    """Say first in which clause it stands; unchanged where that is not known, or where the text refers to its neighbours."""
    if not statement.article or re.search(
        r"[前次同本][条項号]|前[一二三四五六七八九十0-9０-９]+[条項号]|前各[項号]", text
    ):
        return text
    clause = statement.article + (f"第{statement.paragraph}項" if statement.paragraph else "")
    title = statement.chunk.title
    named = f"{title}{clause}" if re.match(r"[一-龠ァ-ヶ]|みほん", title) else clause
    return rng.choice((f"{clause}により、{text}", f"{named}によると、{text}", f"{named}により、{text}"))


def _remark(statement: Statement, rng: Random) -> str:
    post, speaker = statement.chunk.labels["post"], statement.chunk.labels.get("speaker", "")
    who = f"{post}（{speaker}）" if speaker and speaker != post and rng.random() < 0.5 else post
    return f"{who}は、「{statement.text.removesuffix('。')}」と答弁しています。"


def quote_of(text: str, rng: Random) -> str:
    """Return the words of a sentence that carry it: all of a short one, of a longer one all or the part that ends it."""
    if len(text) <= QUOTE_SHORT or (len(text) <= QUOTE_LONG and rng.random() < WHOLE_SHARE):
        return text
    ends = [text[found.end() :] for found in re.finditer("、", text)]
    whole = (end for end in ends if all(end.count(left) == end.count(right) for left, right in ("（）", "()", "「」")))
    return next((end for end in whole if QUOTE_SHORTEST <= len(end) <= QUOTE_SHORT), text)


def sentence_of(text: str, *cited: tuple[int, str], part: Part = Part.BASIS) -> Sentence:
    """Return a sentence that cites evidence by number, each with a quote."""
    return Sentence(
        part=part,
        text=text,
        citations=tuple(number for number, _ in cited),
        quotes=tuple(quote for _, quote in cited),
    )
