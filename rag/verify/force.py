"""What a clause commands: does, may, must, need not, must not; and whether a sentence turns it round."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from rag.domain import Problem
from rag.japanese.text import narrow


class Force(StrEnum):
    """How strong a predicate is, and which way it points."""

    DOES = "does"
    MAY = "may"
    MUST = "must"
    DOES_NOT = "does_not"
    CANNOT = "cannot"
    MUST_NOT = "must_not"
    NEED_NOT = "need_not"


AGAINST = frozenset({Force.DOES_NOT, Force.CANNOT, Force.MUST_NOT, Force.NEED_NOT})
CLASHES = frozenset(
    {
        (Force.MAY, Force.MUST),
        (Force.MUST, Force.MAY),
        (Force.NEED_NOT, Force.MUST_NOT),
        (Force.MUST_NOT, Force.NEED_NOT),
        (Force.NEED_NOT, Force.CANNOT),
        (Force.CANNOT, Force.NEED_NOT),
    }
)
"""Pairs that point the same way and are still not the same rule."""

INVERTED = {
    Force.DOES: Force.DOES_NOT,
    Force.MAY: Force.CANNOT,
    Force.MUST: Force.NEED_NOT,
    Force.DOES_NOT: Force.DOES,
    Force.CANNOT: Force.MAY,
    Force.MUST_NOT: Force.MAY,
    Force.NEED_NOT: Force.MUST,
}
"""What a predicate says of the case that its condition leaves over: 承認がなければ支給しない, it is paid where there is one."""
_UNLESS = re.compile(r"なけれ?ば(?!なら|なり|いけ|だめ)|な(?:い|かった)(?:限り|かぎり)|以外(?:は|に|の)|ほかは")
_LIMITED = re.compile(r"限(?:ら|り|る|っ)|だけ|のみ|なければ")
_FREED = re.compile("この限りで(?:は)?(?:ない|ありません)")

_THAT = r"(?:する)?(?:こと)?(?:を|が|は|も)?"
_FINE = r"(?:よい|良い|よろしい|いい|よく|差し支えない|差し支えありません|差支えない|かまわない|かまいません|構わない|構いません)"
_MARKERS: tuple[tuple[Force, str], ...] = (
    (
        Force.NEED_NOT,
        r"(?:する|の)?(?:必要|義務)(?:は|が|も)(?:ない|ありません|なく|無い)|" + _THAT + r"要(?:しない|しません|さない)"
        r"|なくて(?:も)?" + _FINE + r"|" + _THAT + r"不要",
    ),
    (
        Force.MUST_NOT,
        r"[てで]は(?:ならない|なりません|ならず|いけない|いけません|だめ)|"
        + _THAT
        + r"(?:禁止|禁じ|禁ずる)|ないで(?:くだ|下)さい",
    ),
    (
        Force.MUST,
        r"な(?:ければ|くては)(?:ならない|なりません|ならず|いけない|いけません)|ねばならない"
        r"|(?:する|の)?(?:必要|義務)が(?:ある|あり)|" + _THAT + r"(?:必要(?=で|と|。|、|$)|要する|要します)",
    ),
    (
        Force.CANNOT,
        _THAT
        + r"(?:でき(?:ない|ません|ず|なく)|出来(?:ない|ません)|不可能|不可|認め(?:ない|ません|られない|られません))"
        r"|得ない|(?:の)?対象外|(?:の)?対象(?:に|と)は?(?:しない|しません|ならない|なりません)",
    ),
    (
        Force.MAY,
        _THAT + r"(?:でき(?:る(?!限り|だけ)|ます|(?=、|。|$))|出来(?:る|ます)|可能|認め(?:る|ます|られる|られます))"
        r"|[てで]も?" + _FINE + r"|(?:の)?対象(?:に|と)(?:する|します|なる|なります)",
    ),
    (Force.DOES_NOT, r"(?<![少危汚切])(?:ない|なく(?=、|。|$)|ません)|(?<![必ま])(?:ず(?=、|。|に|$)|ぬ(?=、|。|$))"),
    (
        Force.DOES,
        (
            r"(?:する|します|した|しました|し|される|されます|された|されました|され|とする|とします|である|です|[るうくすつむぶぬぐ]|ます|ました)"
            r"(?=、|。|$|場合|とき|もの|者|こと(?:。|と|$))"
        ),
    ),
)
_MARKER = re.compile("|".join(f"(?P<{force.value}>{pattern})" for force, pattern in _MARKERS))
_STEM = re.compile(r"([一-龥々ァ-ヶー]{1,12})(?:を|は|が|に|も)?[ぁ-ん]{0,4}$")
_LIMITING = re.compile(r"除|省略|免除|廃止|限|禁|不|未満|超|以外|対象外|無")


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """A predicate of a text."""

    stem: str
    """The kanji or katakana right before the ending; empty when none stands there (はい、できます)."""
    force: Force


def flips(sentence: str, sources: Iterable[str]) -> tuple[Problem, ...]:
    """Return how a sentence turns round what its sources say of the same act; nothing when they do not speak of it."""
    whole = "。".join(sources)
    said = list(_acts(whole))
    if _FREED.search(whole) and _LIMITED.search(sentence):  # what is forbidden but for an exception is allowed in it
        said += [Act(stem=act.stem, force=INVERTED[act.force]) for act in said if act.force in AGAINST]
    problems: list[Problem] = []
    acts = list(_acts(sentence))
    matched = False
    for act in acts:
        originals = {other.force for other in said if _same_act(act.stem, other.stem)}
        forces = {other.force for other in acts if other.stem == act.stem}
        matched = matched or bool(originals)
        if not originals or forces & originals:
            continue
        if _against(act.force) not in {_against(force) for force in originals}:
            problems.append(Problem.NEGATION_FLIPPED)
        elif all((act.force, force) in CLASHES for force in originals if _against(force) == _against(act.force)):
            problems.append(Problem.OBLIGATION_FLIPPED)
    main = [act for act in acts if act != Act(stem="", force=Force.DOES)]
    if main and not matched:
        problems.extend(_opposes(main[-1].force, said, whole))
    return tuple(dict.fromkeys(problems))


def _acts(text: str) -> Iterator[Act]:
    narrowed = "".join(narrow(text).split())
    end = 0
    for found in _MARKER.finditer(narrowed):
        if found.lastgroup is None:  # every alternative is a named group
            continue
        before = narrowed[max(end, found.start() - 20) : found.start()]
        stem = _STEM.search(before)
        force = Force(found.lastgroup)
        if _UNLESS.search(narrowed, narrowed.rfind("。", 0, found.start()) + 1, found.start()):
            force = INVERTED[force]
        yield Act(stem=stem[1] if stem else "", force=force)
        end = found.end() if found[0] else end


def _same_act(stem: str, other: str) -> bool:
    """Tell whether two stems name one act: 使 and 使用, 支給 and 旅費支給."""
    if not stem or not other:
        return False
    short, long = sorted((stem, other), key=len)
    return long.endswith(short) or (len(short) == 1 and short in long)


def _against(force: Force) -> bool:
    return force in AGAINST


def _opposes(force: Force, said: list[Act], whole: str) -> Iterator[Problem]:
    """Yield how a predicate whose act the sources do not name still goes against all that they say."""
    forces = {act.force for act in said}
    if not forces:
        return
    if force in AGAINST and not forces & AGAINST and _LIMITING.search(whole) is None:
        yield Problem.NEGATION_FLIPPED
    if force is Force.MAY and forces <= AGAINST:
        yield Problem.NEGATION_FLIPPED
    modal = forces - {Force.DOES, Force.DOES_NOT}
    if (force, *modal) in ((Force.MAY, Force.MUST), (Force.MUST, Force.MAY)):
        yield Problem.OBLIGATION_FLIPPED
