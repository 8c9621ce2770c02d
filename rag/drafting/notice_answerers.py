"""Who is asked: the posts that stand in brackets behind an entry, in front of it, on a line of their own or in a column."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.japanese.text import narrow

__all__ = ["Named", "answerer_of", "is_same_as_above", "take_answerer"]

_POST = (
    r"(?:知事|市長|町長|村長|区長|教育長|部局?長|次長|局長|課長|室長|所長|院長|本部長|管理者|委員長|理事長?|監|総監|官|企業長|"
    r"会計管理者|監査委員|長官|センター長|事務局長|公室長|担当部長|職務代理者|公安委員|人事委員)"
)
_OFFICE = r"(?:[一-龠々ァ-ヴーこども・]{2,}(?:部|局|課|公室|企画室|推進室|本部|事務局|委員会|庁))"
_NO_OFFICE = re.compile(
    r"議会事務局|(?:都市|山間|沿岸|中心|農村|平野|市街地|海岸|島しょ|郊外|中南|薬|郵便|放送|幹|上層|下層|大)(?:部|局)$|(?:全|一|内|外|北|南|東|西)部$"
)
_ONE = re.compile(
    rf"(?:(?:各|関係|関連|所管|担当)[部局課長・]+|当局|執行部|[一-龠々ァ-ヴーぁ-ろんA-Za-z・]{{0,18}}{_POST}(?:代理)?|{_OFFICE})(?:ほか|等)?"
)
_AND = re.compile(r" ?(?:[、,，/／\n;]|及び|並びに|および|ならびに|または|又は|又|と(?!り)) ?")
_LABEL = (
    r"(?:答弁(?:を(?:求める|要求する|求めたい)(?:者|方|理事者)|(?:要求|要請|希望|予定|指定)?者|要求|者の?職)(?:職名|職)?|"
    r"(?:要求|求める|希望)答弁者|答弁|回答者|答弁先)"
)
_LABELLED = re.compile(rf"{_LABEL} ?(?:[:：・=]|は|[ 　]|$) ?")
_SAME = re.compile(r"同上|同じく?|〃|々|”|\"|″|上に?同じ|同前|同")
_REST = re.compile(
    r"[ 、,]?(?:に(?:対し(?:て|、)?|伺う|問う|求める|お?尋ねする)?|へ|宛|あて|が答弁|以下(?:、|,)?(?:同じ|同様|全て|すべて).?|以下同|[（(]?以下同じ[）)]?)$"
)
_BEFORE = re.compile(
    r"^(?:以下(?:、|は|,|の項目は|全て|すべて)* ?|以上(?:、|は|,|全て|すべて)* ?|(?:いずれも|全て|すべて|それぞれ) ?)"
)
_ONWARD = re.compile(r"以下")
_OPEN, _CLOSE = "(（〔[［【<＜〈《「", ")）〕]］】>＞〉》」"
_TAIL = re.compile(
    rf"(?P<gap>[ 　\t…・.]*)[{re.escape(_OPEN)}](?P<inside>[^{re.escape(_OPEN + _CLOSE)}]{{1,60}})[{re.escape(_CLOSE)}][ 　\t。.]*$"
)
_FRONT = re.compile(
    rf"^[ 　\t]*[{re.escape(_OPEN)}](?P<inside>[^{re.escape(_OPEN + _CLOSE)}]{{1,40}})[{re.escape(_CLOSE)}][ 　\t]*(?=[^ 　\t])"
)
_BEHIND_GAP = re.compile(
    r"(?:(?<=[^ 　\t])(?P<gap>[ 　]{2,}|[ 　]*\t[ 　\t]*|[ 　]*(?:[…‥]+|・{3,}|\.{3,}|-{2,}|―{1,}|→|⇒|⇨|➡|＝|=>|->|／)[ 　]*|[ 　]))(?P<post>[^ 　\t…→⇒]{2,40})[ 　\t]*$"
)
_SPREAD = re.compile(r"(?<=[^ 　\t])[ 　\t]{2,}(?P<post>(?:[一-龠々][ 　]{1,2}){1,6}[一-龠々])[ 　\t]*$")
"""A post whose letters are set apart: 知　事."""
_TOLD = re.compile(
    rf"[ 　\t、。]*[（(【〔［\[<＜]?[ 　]*(?P<label>{_LABEL})[ 　]*(?:[:：=・]|[】〕］\]>＞)）])[ 　]*(?P<post>[^。]{{1,60}}?)[ 　]*[）)】〕］\]>＞]?[ 　]*$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """An answerer and what is left of the line."""

    post: str
    rest: str
    """Without the answerer; empty where the line names nothing else."""
    onward: bool = False
    """It holds for what follows as well (以下同じ)."""


def answerer_of(text: str, *, told: bool = False) -> str:
    """Return the posts that a text consists of, as written; empty where it names anything else.

    `told`: the place says that it is an answerer (a column, a label); then any words without a sentence will do.
    """
    flat = re.sub(r"[ 　\t]+", " ", narrow(text).replace("\n", "、")).strip(" 。.:・→⇒⇨➡")
    while flat and flat[0] in _OPEN and flat[-1] in _CLOSE:
        flat = flat[1:-1].strip()
    if label := _LABELLED.match(flat):
        flat, told = flat[label.end() :].strip(" []()【】"), True
    flat = _BEFORE.sub("", _REST.sub("", flat)).strip()
    flat = re.sub(r"[ 　]*[(][^()]*[)]$", "", flat) if told else flat
    parts = [part for part in _AND.split(flat) if part]
    if not parts or (told and len(flat) > 60):
        return ""
    posts = [_post(part) for part in parts]
    if all(posts):
        return flat if posts == [part.strip() for part in parts] else "、".join(posts)
    if told and "。" not in flat:
        return "、".join(part.strip() for part in parts)
    return ""


def is_same_as_above(text: str) -> bool:
    """Tell a cell or bracket that says 同上."""
    return _SAME.fullmatch(text.strip("（()） 　")) is not None


def take_answerer(text: str, *, numbered: bool = False) -> Named | None:
    """Part the answerer from a line that names one at its end, at its beginning or alone; None: it names none.

    `numbered`: a number stands in front of it; then a bare post is what the entry is about.
    """
    stripped = text.strip()
    whole = answerer_of(stripped)
    if whole and (stripped[0] in _OPEN or _LABELLED.match(narrow(stripped)) or not numbered):
        return Named(post=whole, rest="", onward=_ONWARD.search(stripped) is not None)
    if (found := _TOLD.search(text)) and (post := answerer_of(found["post"], told=True)):
        return Named(post=post, rest=text[: found.start()].rstrip(), onward=_ONWARD.search(found[0]) is not None)
    if found := _TAIL.search(text):
        if is_same_as_above(found["inside"]):
            return Named(post=_SAME_MARK, rest=text[: found.start()].rstrip())
        if post := answerer_of(found["inside"]):
            return Named(post=post, rest=text[: found.start()].rstrip(), onward=_ONWARD.search(found[0]) is not None)
    if (found := _SPREAD.search(text)) and (post := answerer_of("".join(found["post"].split()))):
        return Named(post=post, rest=text[: found.start()].rstrip())
    if (found := _BEHIND_GAP.search(text)) and (post := answerer_of(found["post"])):
        rest = text[: found.start()].rstrip()
        if (
            len(found["gap"].strip(" 　"))
            or len(found["gap"]) > 1
            or rest.endswith(("て", "か", "。", "題", "状", "策"))
        ):
            return Named(post=post, rest=rest)
    if (found := _FRONT.match(text)) and (post := answerer_of(found["inside"])):
        return Named(post=post, rest=text[found.end() :])
    return None


_SAME_MARK = "同上"


def _post(part: str) -> str:
    """Return one post as written, without the name behind it; empty where it is none."""
    bare = part.strip(" ・")
    named = re.fullmatch(rf"(?P<post>\S*{_POST}) [一-龠々ぁ-んァ-ヴ]{{1,4}}(?: ?[一-龠々ぁ-んァ-ヴ]{{1,4}})?", bare)
    if named:
        bare = named["post"]
    if " " in bare and all(len(piece) == 1 for piece in bare.split()):
        bare = bare.replace(" ", "")
    return bare if _ONE.fullmatch(bare) and not _NO_OFFICE.search(bare) else ""
