"""What a notice says of itself and of who asks: sitting, member, 会派, seat; and the lines that say nothing for an item."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from rag.japanese.text import narrow

__all__ = ["Asker", "find_sitting", "is_formal", "is_furniture", "is_title", "read_asker", "tidy_name"]

_NUMBER = r"(?:[0-9]{1,2}|元|[一二三四五六七八九十]{1,3})"
_SITTING = re.compile(
    rf"(?:令和|平成|R) ?{_NUMBER} ?年度? ?(?:第 ?{_NUMBER} ?回 ?)?(?:{_NUMBER} ?月 ?)?(?:第 ?{_NUMBER} ?回 ?)?"
    rf"(?:[一-龠々ぁ-んァ-ヴー]{{0,8}}?[都道府県市区町村])?(?:議会)?(?:の)?(?:第 ?{_NUMBER} ?回 ?)?(?:{_NUMBER} ?月 ?)?"
    r" ?(?:(?:定例|臨時)(?:[都道府県市区町村]?議?会)|議会(?!議員|事務局|議長|会議規則))"
)
_TITLE = re.compile(
    r"(?:質問|発言|質疑)(?:の)?(?:通告|要旨|事項|項目|内容|趣意|予定|要求|主意)|通告(?:書|表|一覧|内容)|(?:一般|代表|総括)質問|質疑通告"
)
_FURNITURE = re.compile(
    r"[-―ー－–—‐~〜 　]*(?:P(?:age)?\.? ?|ページ ?|頁 ?)?[0-9]{1,3}(?: ?(?:/|／|of|ページ中) ?[0-9]{1,3})?(?: ?(?:ページ|頁|枚目))?(?: ?/ ?[0-9]{1,3} ?(?:ページ|頁)?)?[-―ー－–—‐~〜 　]*"
    r"|[(]?(?:次頁|次ページ|裏面|別紙|次葉)(?:に|へ)?(?:続く|つづく)[)]?|[(]?(?:続き|つづき|前頁からの?続き|前ページからの続き)[)]?|[-=＝―─━_＿*＊～~・…‥・\s]{3,}"
)
_FORMAL = re.compile(
    r"(?:議長|委員長)[^。]{0,16}(?:様|殿|あて|宛)$|(?:様|殿)$|会議規則|(?:下記|次|以下|別紙)の?(?:とおり|通り)|^記$|^以 ?上$|^以上、?(?:[0-9]+項目|通告|[^。]{0,12}通告)[^。]{0,12}。?$"
    r"|^(?:提出|受付|受理|通告|質問|発言|登壇|答弁|届出)?(?:年月日|日時?|月日|番号|順位|順序|順番|時刻|時間|方法|形式|方式|種別|区分|者数|期限|予定(?:日時?)?)(?: ?[:：]|[ 　]|$)"
    r"|^(?:所要|持ち?|発言|質問|希望)(?:時間)|^[(（]?(?:受付|受理|提出|通告)|^(?:令和|平成) ?[0-9元一二三四五六七八九十]+ ?年 ?[0-9一二三四五六七八九十]+ ?月 ?[0-9一二三四五六七八九十]+ ?日|一問一答(?:方式)?$|一括質問(?:一括答弁)?(?:方式)?$|^会議(?:名)? ?[:： ]"
    r"|^(?:様式)?第?[0-9]+号?様式|^様式|^[(]?(?:印|㊞)[)]?$|分割(?:質問)?(?:方式)?$|^方式|^備考|^(?:第?[0-9]+日目?)?[ 　]*(?:[0-9]+月[0-9]+日)[^。]{0,8}$|^(?:午前|午後)[0-9]+時"
)
_HEADERS = re.compile(
    r"(?:(?:No|NO|№|番号|項番|順位|通告|問|質問|発言|質疑|質問の|発言の|具体的)?(?:番号|事項|項目|件名|要旨|内容|大項目|中項目|小項目|細目|枝番|の要旨|の内容|の概要|質問要旨)|"
    r"答弁を?(?:求める|要求する)?(?:者|方)|答弁要求者|答弁者|備考|No\.?|№|順位|質問者|議員名?|会派名?|氏名|議席(?:番号)?|スタンス|方針|問|[/／|│・及び()])+"
)
_GROUP = r"[一-龠々ぁ-んァ-ヴーA-Za-z・０-９0-9]{1,18}?(?:会|党|クラブ|会派|議員団|フォーラム|維新|連合|ネット(?:ワーク)?|の風|の声|未来|無所属|みらい|みどり|県民|市民|倶楽部|新風|政策|の絆|の翼|連盟|団|公明|共産|自民|立憲|ミライ)"
_SEAT = re.compile(
    r"(?:議席 ?(?:番号)? ?(?:[:：(]|第)? ?(?:第 ?)?(?P<one>[0-9]{1,3}) ?番?[)]?|(?<![0-9])(?<![^\s(、,:/|])(?P<two>[0-9]{1,3}) ?番(?!目|号|地|組))"
)
_GROUP_LABEL = re.compile(
    r"(?:所属)?(?:会派|党派)(?:名|の名称)?[】\])]? ?(?:[:：は]|(?<=[】\])])| ) ?[「『]?(?P<group>[^ :：(（)）、,「」『』【】/／|]{2,20})[」』]?"
)
_NAME_LABEL = re.compile(
    r"(?<![一-龠])(?:質問(?:議員|者|予定者)|発言(?:議員|者)|通告(?:議員|者)|質疑者|提出者|議員|氏)(?:の)?(?:氏名|名)?[】\])]?(?: ?[:：] ?| +|(?=[0-9]))|(?:質問者|発言者|通告者)(?:の)?(?:氏名|名)?[】\])]?(?=[一-龠])"
)
_ORDER = re.compile(
    r"^(?:(?:質問|発言|通告)?(?:順位?|順序|順番|番号)[ :：.]*第?[0-9]{1,2}(?:位|番目?|号)?|第?[0-9]{1,2}(?:番目|位|人目|席)|第[0-9]{1,2}号?|[0-9]{1,2}[ .、．]|[①-⑳])[ :：、　]*"
)
_NAME = re.compile(r"[一-龠々〆ヶケぁ-ゖァ-ヴー]{2,9}")
_PARTICLE = re.compile(
    r"について|に関|として|における|[のをはがにで][一-龠]|^(?:各|全|本|県|市|町|村|国|若手|女性|男性|現職|新人|前|元|当)(?:議員)?$"
)
_TITLES = re.compile(r"(?:(?:[一-龠ぁ-ん]{0,6}?[都道府県市区町村])?議会)?議員(?=[ 　]|[一-龠])|^[県市町村]議")
_SIGNS = re.compile(r"^[■□◆◇●○◎▼★☆・※ 　]+|[【】〔〕\[\]<>〈〉《》『』]|[(](?:印|㊞|署名)[)]|[㊞]| 印$")
_HONORIFIC = re.compile(r" ?(?:議員|君|氏|委員)$")
_OF_QUESTIONS = re.compile(r"(?: ?の?(?:一般|代表)?質問(?:通告書?|要旨|事項)?| ?関係| ?分| ?提出)$")
_NO_ASKER = re.compile(r"(?:様|殿)$|議長|。$")
_LONGEST = 70
"""Characters of a line that says who asks, at most."""
_SHORTEST_GROUP = 2
_MOST_WORDS = 4
"""Pieces into which a name is set apart, at most."""
_BRACKET = re.compile(r"[(]([^()]{2,30})[)]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who asks; each is empty where it is not said."""

    member: str = ""
    group: str = ""
    seat: str = ""

    def joined(self, other: Asker) -> Asker:
        """Return this with what the other one says."""
        return Asker(member=other.member or self.member, group=other.group or self.group, seat=other.seat or self.seat)

    def contradicts(self, other: Asker) -> bool:
        """Tell whether the other one is somebody else."""
        pairs = ((self.member, other.member), (self.seat, other.seat))
        return any(one and two and one != two for one, two in pairs)


def find_sitting(text: str) -> str:
    """Return the sitting that a line names, '令和8年12月定例会'; empty: none."""
    found = _SITTING.search(narrow(text))
    return "".join(found[0].split()) if found else ""


def is_title(text: str) -> bool:
    """Tell whether a line is the title of a notice."""
    return len(text) <= 50 and _TITLE.search(narrow("".join(text.split()))) is not None


def is_furniture(text: str) -> bool:
    """Tell whether a line is a page number, a rule, or points to the next page."""
    return _FURNITURE.fullmatch(narrow(text).strip()) is not None


def is_formal(text: str) -> bool:
    """Tell whether a line is one of those of every form: to whom, by which rule, on which day, names of columns."""
    flat = narrow(text).strip(" []【】<>〈〉")
    return _FORMAL.search(flat) is not None or _HEADERS.fullmatch("".join(flat.split())) is not None


def tidy_name(text: str) -> str:
    """Return a member's name without spaces, 議員 and 君."""
    flat = _HONORIFIC.sub("", _TITLES.sub("", _SIGNS.sub("", narrow(text).strip())))
    return "".join(flat.split())


def read_asker(text: str, *, in_head: bool = False) -> Asker | None:
    """Return what a line says of who asks; None: it is no such line.

    `in_head`: it stands in front of the first question; then a 会派 with a name behind it is enough.
    """
    rest = _SIGNS.sub(" ", narrow(text).strip()).strip()
    if not rest or len(rest) > _LONGEST or _NO_ASKER.search(rest):
        return None
    if not is_title(text) or "議員" in rest:
        rest = _OF_QUESTIONS.sub("", rest)
    asker, rest, told = _labelled(rest)
    rest = re.sub(r"[(][^()]*[)]|[/／|:：、,()]", " ", rest)
    ordered = _ORDER.match(rest)
    rest = rest[ordered.end() :] if ordered else rest
    titled = _TITLES.search(rest)
    rest = _TITLES.sub(" ", rest).strip()
    honoured = _HONORIFIC.search(rest)
    words = _HONORIFIC.sub("", rest).split()
    named = bool(honoured or titled) and not ordered
    if len(words) > 1 and not asker.group and len(words[0]) > _SHORTEST_GROUP and re.fullmatch(_GROUP, words[0]):
        asker, words = replace(asker, group=words[0]), words[1:]
        named = named or bool(honoured) or (in_head and not ordered and not is_title(text))
    name = "".join(words)
    if not name:
        return asker if told or (asker.seat and (asker.group or "議席" in text)) else None
    sure = told or named or asker.seat or (asker.group and honoured)
    alone = asker if asker.group and _GROUP_LABEL.search(narrow(text)) else None
    if not sure or not _NAME.fullmatch(name) or _PARTICLE.search(name) or len(words) > _MOST_WORDS or is_formal(rest):
        return alone
    return replace(asker, member=name)


def _labelled(rest: str) -> tuple[Asker, str, bool]:
    """Take off seat and 会派 with their labels, and the label of the name; return whether a label says that it is about who asks."""
    asker, told = Asker(), False
    if found := _SEAT.search(rest):
        asker = replace(asker, seat=str(int(found["one"] or found["two"])))
        rest = _without(rest, found)
    if (found := _GROUP_LABEL.search(rest)) and not re.match(r"[のをはがにで]", found["group"]):
        asker = replace(asker, group=found["group"])
        rest = _without(rest, found)
        told = not rest
    if found := _NAME_LABEL.search(rest):
        told = True
        rest = _without(rest, found)
    if (found := _BRACKET.search(rest)) and not asker.group and re.fullmatch(_GROUP, found[1]):
        asker = replace(asker, group=found[1])
        rest = _without(rest, found)
        told = told or _HONORIFIC.search(rest) is not None
    return asker, rest, told


def _without(text: str, found: re.Match[str]) -> str:
    return f"{text[: found.start()]} {text[found.end() :]}".strip()
