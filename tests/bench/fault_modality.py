"""Faults in what may, must or must not be done, and clauses that are merged into one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from random import Random

from tests.bench.faithful import Draft, quote_of, sentence_of
from tests.bench.fault import Fault, rewritten
from tests.bench.statements import ground, plain

_NEGATED: Sequence[tuple[str, str]] = (
    ("ことができる。", "ことができない。"),
    ("ことができます。", "ことができません。"),
    ("できます。", "できません。"),
    ("ものとする。", "ものとしない。"),
    ("とする。", "とはしない。"),
    ("とします。", "とはしません。"),
    ("なります。", "なりません。"),
    ("となる。", "とはならない。"),
    ("行う。", "行わない。"),
    ("行います。", "行いません。"),
    ("受けます。", "受けません。"),
    ("受ける。", "受けない。"),
    ("できる。", "できない。"),
    ("します。", "しません。"),
    ("する。", "しない。"),
    ("よる。", "よらない。"),
    ("よります。", "よりません。"),
    ("定める。", "定めない。"),
    ("定めます。", "定めません。"),
    ("です。", "ではありません。"),
    ("である。", "ではない。"),
    ("あります。", "ありません。"),
    ("必要があります。", "必要はありません。"),
    ("含む。", "含まない。"),
    ("有する。", "有しない。"),
    ("与える。", "与えない。"),
    ("置く。", "置かない。"),
)
"""Endings that affirm and their denials."""
_INSIDE_NEGATED: Sequence[tuple[str, str]] = (
    ("を含む。）", "を除く。）"),
    ("しないとき", "するとき"),
    ("しない場合", "する場合"),
    ("できないとき", "できるとき"),
    ("できない場合", "できる場合"),
    ("認めないとき", "認めるとき"),
    ("受けないで", "受けて"),
    ("がないとき", "があるとき"),
    ("がない場合", "がある場合"),
)
"""Inside a sentence, denied on the left."""
_INSIDE_AFFIRMED: Sequence[tuple[str, str]] = (
    ("を除く。）", "を含む。）"),
    ("を除き、", "を含め、"),
    ("するときは", "しないときは"),
    ("する場合は", "しない場合は"),
    ("する場合に", "しない場合に"),
    ("できるときは", "できないときは"),
    ("があるときは", "がないときは"),
)
MUST, MAY, BAN = "義務", "許可", "禁止"
ENDINGS: Mapping[str, tuple[str, str]] = {
    MUST: ("なければならない", "なければなりません"),
    MAY: ("ことができる", "ことができます"),
    BAN: ("はならない", "はなりません"),
}
"""Endings of a sentence, plain and polite, behind a verb before ない, in its own form, before は."""
_GODAN = {
    "さ": ("す", "して"),
    "わ": ("う", "って"),
    "か": ("く", "いて"),
    "ら": ("る", "って"),
    "ば": ("ぶ", "んで"),
    "ま": ("む", "んで"),
}
"""Row of a verb before ない → in its own form, before は."""
_STEMS = "しけめべえせねれげてじ得経見用"
"""Last characters of a verb of one stem before ない."""
_CONDITION = re.compile(r"(.{6,90}?(?:とき|場合)(?:に)?(?:は|には|においては|にあっては)、)(.{8,})")
_OBLIGES = re.compile(r"(?:なければ|ては|では)な(?:らない|りません)。$")
_SAME = 0.5


def denied(draft: Draft, rng: Random) -> Fault | None:
    """Deny what the passage affirms."""
    return _flipped(draft, rng, [*_endings(draft, _NEGATED), *_inside(draft, _INSIDE_AFFIRMED)])


def affirmed(draft: Draft, rng: Random) -> Fault | None:
    """Affirm what the passage denies."""
    turned = [(new, old) for old, new in _NEGATED]
    return _flipped(draft, rng, [*_endings(draft, turned), *_inside(draft, _INSIDE_NEGATED)])


def _flipped(draft: Draft, rng: Random, options: Sequence[tuple[str, str, str]]) -> Fault | None:
    """Take one of (text, altered, new phrase) whose new phrase the passage does not hold."""
    fit = [(text, altered) for text, altered, phrase in options if not draft.ground.says(phrase)]
    return rewritten(draft, rng.choice(fit)) if fit else None


def _endings(draft: Draft, pairs: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str, str]]:
    text = draft.sentence.text
    if _OBLIGES.search(text):
        return
    for old, new in sorted(pairs, key=lambda pair: -len(pair[0])):
        if text.endswith(old):
            told = text.removesuffix(old) + new
            yield told, f"{old} → {new}", told[-len(new) - 6 :].removesuffix("。")
            return  # the first, longest ending that fits


def _inside(draft: Draft, pairs: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str, str]]:
    text = draft.sentence.text
    for old, new in pairs:
        at = text.find(old)
        if at > 0 and not text[:at].endswith("やむを得"):
            told = text[:at] + new + text[at + len(old) :]
            yield told, f"{old} → {new}", text[max(0, at - 6) : at] + new


def must_to_other(draft: Draft, rng: Random) -> Fault | None:
    """Make an obligation a permission or a ban."""
    return _modal(draft, rng, MUST)


def may_to_other(draft: Draft, rng: Random) -> Fault | None:
    """Make a permission an obligation or a ban."""
    return _modal(draft, rng, MAY)


def ban_to_other(draft: Draft, rng: Random) -> Fault | None:
    """Make a ban a permission or an obligation."""
    return _modal(draft, rng, BAN)


def _modal(draft: Draft, rng: Random, said: str) -> Fault | None:
    """Say another modality with the verb of the last clause, in the same tone."""
    text = draft.sentence.text
    for tone, ending in enumerate(ENDINGS[said]):
        verb = text.removesuffix(f"{ending}。")
        forms = conjugated(verb, said) if verb != text else None
        if forms is not None:
            new = rng.choice([each for each in ENDINGS if each != said])
            wanted = ENDINGS[new][tone]
            told = forms[new] + wanted
            known = draft.ground.says(told[-len(wanted) - 5 :])
            return None if known else rewritten(draft, (f"{told}。", f"{ending} → {wanted}"))
    return None


def conjugated(verb: str, said: str) -> dict[str, str] | None:
    """Return a text that ends in a verb with that verb before ない (must), in its own form (may) and before は (ban).

    `said` names the form in which it comes; None where the form does not tell which verb it is.
    """
    stem, last = verb[:-1], verb[-1:]
    if said == MUST:
        if last in _GODAN:
            dictionary, te = _GODAN[last]
            return {MUST: verb, MAY: stem + dictionary, BAN: stem + te}
        return (
            {MUST: verb, MAY: verb[:-1] + "する" if last == "し" else f"{verb}る", BAN: f"{verb}て"}
            if last in _STEMS
            else None
        )
    if said == MAY:
        if verb.endswith(("する", "ずる")):
            base = verb[:-2] + ("し" if verb.endswith("する") else "じ")
            return {MUST: base, MAY: verb, BAN: f"{base}て"}
        if last == "る" and stem[-1:] in _STEMS and stem[-1:] != "し":
            return {MUST: stem, MAY: verb, BAN: f"{stem}て"}
        row = next((row for row, (dictionary, _) in _GODAN.items() if dictionary == last), "")
        return {MUST: stem + row, MAY: verb, BAN: stem + _GODAN[row][1]} if row and last != "る" else None
    if re.search(r"[一-龠ァ-ヶー]{2}して$", verb):
        return {MUST: stem, MAY: f"{verb[:-2]}する", BAN: verb}
    if re.search(r"[行使扱]って$", verb):
        return {MUST: f"{verb[:-2]}わ", MAY: f"{verb[:-2]}う", BAN: verb}
    return {MUST: stem, MAY: f"{stem}る", BAN: verb} if last == "て" and stem[-1:] in _STEMS.replace("し", "") else None


def merged(draft: Draft, rng: Random) -> Fault | None:
    """Give the condition of one clause the consequence of another."""
    one = _CONDITION.fullmatch(draft.statement.text)
    if one is None:
        return None
    options = []
    for statement, item in draft.beside:
        other = _CONDITION.fullmatch(statement.text)
        if other and _apart(one, other):
            options.append((other, item))
    if not options:
        return None
    other, item = rng.choice(options)
    told = one[1] + other[2]
    numbers = {draft.cited.number: draft.cited, item.number: item}
    if ground(*numbers.values()).says(told.removesuffix("。")):
        return None
    after = sentence_of(
        told, (draft.cited.number, quote_of(one[1].rstrip("、"), rng)), (item.number, quote_of(other[2], rng))
    )
    return Fault(
        before=replace(draft.sentence, text=draft.statement.text),
        after=replace(after, part=draft.sentence.part, citations=tuple(numbers)),
        altered=f"「{one[1]}」に「{other[2]}」を続けた（正しくは「{one[2]}」）",
    )


def _apart(one: re.Match[str], other: re.Match[str]) -> bool:
    """Tell whether neither conditions nor consequences of two clauses could mean the same."""
    leads_back = re.match(r"(?:その|当該|これ|同|前|この)", other[2])
    two_topics = "は、" in one[1][:24] and re.match(r"[^、]{1,20}は、", other[2])
    alike = _shared(one[1], other[1]) > _SAME or _shared(one[2], other[2]) > _SAME
    return not (leads_back or two_topics or alike)


def _shared(one: str, other: str) -> float:
    left, right = ({plain(text)[at : at + 2] for at in range(len(plain(text)) - 1)} for text in (one, other))
    return len(left & right) / min(len(left), len(right))
