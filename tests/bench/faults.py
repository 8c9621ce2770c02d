"""The faults that a writer of answers makes, by class: what each class alters, and that it is false when it is done.

Faults in numbers, words, modality have modules of their own; here are those of the citation and the quote, and the table.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from random import Random

from tests.bench import fault_modality as modality
from tests.bench import fault_numbers as numbers
from tests.bench import fault_words as words
from tests.bench.faithful import Draft
from tests.bench.fault import Fault, Injector
from tests.bench.statements import ground, plain

_INVENTED = (
    "所属長は、必要があると認めるときは、別に定める様式により報告を求めるものとする",
    "申請は、会計年度ごとに一回に限り行うことができるものとする",
    "前年度の実績を勘案し、次年度の計画に反映させるものとする",
    "関係する機関と協議の上、速やかに処理の方針を決定しなければならない",
    "提出された書類に不備があるときは、補正を命じた上で受理するものとする",
    "災害その他特別の事由があるときは、期限を延長することができる",
    "この制度の利用は、一人につき年度を通じて三回までとする",
    "正当な理由なく期限までに提出しない者には、給付を行わない",
)
_WORD_SWAPS: Sequence[tuple[str, str]] = (
    ("しなければならない", "するものとする"),
    ("ものとする", "こととする"),
    ("することができる", "することができるものとする"),
    ("あらかじめ", "事前に"),
    ("速やかに", "遅滞なく"),
    ("遅滞なく", "速やかに"),
    ("直ちに", "速やかに"),
    ("提出し", "届け出"),
    ("届け出", "申請し"),
    ("規定により", "定めるところにより"),
    ("及び", "又は"),
    ("又は", "及び"),
    ("以上", "以下"),
    ("場合", "とき"),
    ("とき", "場合"),
    ("について", "に関して"),
    ("必要な", "必要と認める"),
    ("職員", "従事者"),
    ("額", "金額"),
    ("者", "職員"),
    ("できます", "することも可能です"),
    ("してください", "します"),
    ("です。", "となります。"),
    ("する", "させる"),
)
"""Words of a quote and what a careless copyist writes for them."""
_TOO_LIKE = 0.6


def other_number(draft: Draft, rng: Random) -> Fault | None:
    """Cite evidence that says something else."""
    quote = plain(draft.sentence.quotes[0])
    pairs = _pairs(draft.sentence.text)
    others = [
        item.number
        for item in draft.evidence
        if item.number != draft.cited.number
        and quote not in (said := ground(item).text)
        and len(pairs & _pairs(said)) < _TOO_LIKE * len(pairs)
    ]
    return _cites(draft, rng.choice(others)) if others else None


def no_such_number(draft: Draft, rng: Random) -> Fault | None:
    """Cite a number that no evidence has."""
    return _cites(draft, len(draft.evidence) + rng.randint(1, 4))


def _cites(draft: Draft, number: int) -> Fault:
    after = replace(draft.sentence, citations=(number,))
    return Fault(before=draft.sentence, after=after, altered=f"［{draft.cited.number}］→［{number}］")


def _pairs(text: str) -> set[str]:
    said = plain(text)
    return {said[at : at + 2] for at in range(len(said) - 1)}


def invented_quote(draft: Draft, rng: Random) -> Fault | None:
    """Quote a fluent sentence that stands nowhere."""
    return _quotes(draft, rng.choice(_INVENTED))


def altered_quote(draft: Draft, rng: Random) -> Fault | None:
    """Quote the passage with one word of the writer's own."""
    quote = draft.sentence.quotes[0]
    options = [quote.replace(old, new, 1) for old, new in _WORD_SWAPS if old in quote]
    return _quotes(draft, rng.choice(options)) if options else None


def _quotes(draft: Draft, quote: str) -> Fault | None:
    if any(plain(quote) in ground(item).text for item in draft.evidence):
        return None
    after = replace(draft.sentence, quotes=(quote,))
    return Fault(before=draft.sentence, after=after, altered=f"引用「{draft.sentence.quotes[0]}」→「{quote}」")


def bare(draft: Draft, _rng: Random) -> Fault | None:
    """Cite and quote nothing."""
    return Fault(
        before=draft.sentence, after=replace(draft.sentence, citations=(), quotes=()), altered="番号も引用もなし"
    )


def unnumbered(draft: Draft, _rng: Random) -> Fault | None:
    """Quote without saying from where."""
    return Fault(before=draft.sentence, after=replace(draft.sentence, citations=()), altered="番号なし")


NEGATION = ("否定の反転", "義務・許可・禁止の入替え")
"""The classes with a bar of their own."""
FAULTS: Mapping[str, Sequence[Injector]] = {
    "引用番号の誤り": (other_number, no_such_number),
    "数字の誤り": (numbers.digit,),
    "単位の誤り": (numbers.unit,),
    "以上・以下の誤り": (numbers.bound,),
    "日付・年の誤り": (numbers.date,),
    "条番号の誤り": (numbers.article,),
    "隣の条の番号": (numbers.neighbouring_article,),
    "項・号番号の誤り": (numbers.paragraph_or_item,),
    "作られた引用": (invented_quote, altered_quote),
    "引用なし": (bare, unnumbered),
    "否定の反転": (modality.denied, modality.affirmed),
    "義務・許可・禁止の入替え": (modality.must_to_other, modality.may_to_other, modality.ban_to_other),
    "二つの条の混同": (modality.merged,),
    "似た用語": (words.look_alike,),
    "職名・氏名の誤り": (words.post, words.person),
    "計算の誤り": (numbers.total, numbers.rate),
    "断定の付け足し": (words.absolute,),
    "根拠のない付け足し": (words.claim,),
}
"""Class → the ways to make it, taken in turn."""
NEEDS_OTHERS = frozenset({other_number, numbers.neighbouring_article, modality.merged})
"""Ways that look at the evidence beside the cited one."""


def is_well_formed(text: str) -> bool:
    """Tell whether a sentence can be read: its brackets close."""
    return all(text.count(left) == text.count(right) for left, right in ("（）", "「」", "()")) and not re.search(
        r"[、。]{2}", text
    )
