"""Find references to clauses (旅費条例第12条第2項, 前条, 別表第1) in rules and in questions, and write locators."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from rag.japanese.numerals import NUMBER, clause_key
from rag.japanese.text import Span, narrow

__all__ = ["Place", "Reference", "locator", "name_before", "references", "share_of_title", "shown_number"]


class Place(StrEnum):
    """The part of a rule that a reference points into."""

    MAIN = "main"
    SUPPLEMENT = "supplement"
    TABLE = "table"
    FORM = "form"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A pointer to a clause as it stands in a text; numbers are keys such as '12_2'."""

    span: Span
    """From the first character of the law's name, or of the clause, to its end."""
    place: Place = Place.MAIN
    law: str = ""
    """Name in front of the clause as written, without 「」: '旅費条例', '法', '同条例'; empty when none stands there."""
    article: str = ""
    """Empty when the reference names none (第2項 alone, 前条)."""
    paragraph: str = ""
    item: str = ""
    number: str = ""
    """Number of a 別表 or 様式; empty for one without number and for clauses."""
    relative: str = ""
    """The word by which it points from where it stands: 前条, 同項, 前各号, 前二項; empty when it does not."""
    each: bool = False
    """It points to all 号 of what it names (同項各号, 次の各号)."""
    last: str = ""
    """Number at the end of a range, of the same unit as the last number named (第五条から第七条まで: '7')."""
    until: str = ""
    """The word at the end of a range that counts from where it stands (第五条から前条まで: 前条); empty for another end."""
    subitem: str = ""
    """イ, ロ … below a 号; empty when none is named."""

    @property
    def key(self) -> str:
        """Name the clause inside its rule: '12_2', '12_2/2', '12_2/2/3', 'supplement:2', 'table:1'."""
        if self.place in (Place.TABLE, Place.FORM):
            return f"{self.place}:{self.number}"
        steps = f"{self.article}/{self.paragraph}/{self.item}".rstrip("/")
        return steps if self.place is Place.MAIN else f"{self.place}:{steps}"


_BRANCH = rf"(?:[のノ]{NUMBER}(?![部般定切方人つ種件年月日個名者回以点倍分度週時割円枚台章節段環面次級類例項目]))*"
_ARTICLE = rf"(?:第{NUMBER}条|(?<![0-9.,第])[0-9]{{1,4}}条(?![例件約文]|の[0-9]+[つ個件]))"
_PARAGRAPH = rf"(?:第{NUMBER}項|(?<![0-9.,第])[0-9]{{1,3}}項(?!目))"
_ITEM = rf"(?:第{NUMBER}号|(?<![0-9.,第])[0-9]{{1,3}}号)"
_RELATIVE = rf"(?:前|次){NUMBER}(?:条|項|号)|(?:前|次|同|本)(?:条(?!例)|項|号)|前各(?:条|項|号)|この(?:条|項|号)(?!例)|次の各号|各号|同(?:表|附則)|前(?:段|章|節)"
_CLAUSE = re.compile(
    rf"(?P<supplement>附則(?:\([^()]{{1,40}}\))?)?(?:(?P<article>{_ARTICLE}{_BRANCH})|(?P<relative>{_RELATIVE}))?"
    rf"(?:の?(?P<paragraph>{_PARAGRAPH}{_BRANCH}))?(?:の?(?P<item>{_ITEM}{_BRANCH}))?(?P<each>各号)?"
    rf"(?P<subitem>(?<=号)[イロハニホヘトチリヌルヲ](?![ァ-ヶー]))?"
    rf"(?:から(?P<until>前(?:条|項|号))まで)?(?:(?P<range>から|~|-|ないし|乃至)(?:同条)?第?(?P<last>{NUMBER}){_BRANCH}(?P<lastunit>条|項|号)(?P<lastbranch>{_BRANCH})(?:まで)?)?"
)
_ATTACHED = re.compile(
    rf"(?P<table>別表)(?:第(?P<tnumber>{NUMBER}{_BRANCH}))?"
    rf"|(?P<form>(?:別記)?様式)第(?P<fnumber>{NUMBER}号?{_BRANCH})|(?:別記)?第(?P<fnumber2>{NUMBER})号(?:の(?P<fbranch>{NUMBER}))?様式|(?P<bare>別記様式)"
)
_START = re.compile(rf"附則|別表|別記|様式|第(?={NUMBER}[条項号])|(?<![0-9.,第])[0-9]{{1,4}}[条項]|[前次同本この各]")
_NOT_A_CLAUSE_NUMBER = re.compile(
    r"(?:条例|規則|規程|法律|政令|省令|府令|告示|訓令|議案|公告|通達|達|令|要綱|会議|会議録|議会|号外|事件|発議|請願|陳情|諮問|報告|認定|日程)[ 　]?$"
)
_LAW = re.compile(
    r"(?:法律|法|条例|規則|規程|要綱|要領|政令|省令|府令|令|訓令|告示|基準|指針|憲章|憲法|規約|細則|ガイドライン|ポリシー)"
    r"(?:施行令|施行規則|施行規程|施行細則|施行条例)?$"
)
_LAW_NAME_CHARACTERS = re.compile(r"[^、。,.;:「」『』()\[\]【】\s!?|・=>]{1,60}$")
_PARENTHESES = re.compile(r"\([^()]{0,80}(?:\([^()]{0,40}\)[^()]{0,40})?\)$")
_CUT = re.compile(
    r".*(?:により|によって|に基づき|に基づく|において|における|については|について|に対し|に対する|としては|として|とは|ては|では|には|から|まで|ため"
    r"|場合|ときは|とき|のは|ものは|又は|若しくは|並びに|かつ|又|ただし|なお|また|さらに|いわゆる|ところ|ならびに|あるいは|または|する(?=この|その|当該)"
    r"|(?<=[法例則程綱条項号])(?:及び|と)|(?:及び|並びに|と|や)(?=同|この|本条|当該)|改正[前後]の|(?<=[法例則程綱条項号])や|^及び|[はがをへ](?=[一-龥ァ-ヶ「この同]))"
)


def references(text: str) -> list[Reference]:
    """Return every clause reference in order, also as people type them (12条2項, １２条).

    A clause joined to the one before it (次条第一項若しくは第二項) inherits what it leaves out. 条例第七号 or 議案第1号 is a
    document number and no reference.
    """
    narrowed = narrow(text)
    result: list[Reference] = []
    at = 0
    while start := _START.search(narrowed, at):
        found = _attached(narrowed, start.start()) or _clause(narrowed, start.start())
        if found is None:
            at = start.start() + 1
            continue
        found = _with_law(found, text, narrowed)
        if result:
            found = _inherit(found, result[-1], narrowed)
        result.append(found)
        at = found.span.end
    return result


def locator(article: str, paragraph: str = "", item: str = "") -> str:
    """Write keys as people do: ('12_2', '2', '3') → '第12条の2第2項第3号'."""
    return shown_number(article, "条") + shown_number(paragraph, "項") + shown_number(item, "号")


def shown_number(key: str, unit: str) -> str:
    """Write one key with its unit: ('12_2', '条') → '第12条の2'; empty for an empty key."""
    if not key:
        return ""
    first, *branches = key.split("_")
    return f"第{first}{unit}" + "".join(f"の{branch}" for branch in branches)


def _attached(text: str, at: int) -> Reference | None:
    """Read 別表 or 様式 here; None where neither stands."""
    found = _ATTACHED.match(text, at)
    if found is None:
        return None
    span = Span(*found.span())
    if found["table"]:
        return Reference(span=span, place=Place.TABLE, number=clause_key(found["tnumber"]) if found["tnumber"] else "")
    number = found["fnumber"] or found["fnumber2"] or ""
    key = clause_key(number) if number else ""
    if found["fbranch"]:
        key += "_" + clause_key(found["fbranch"])
    return Reference(span=span, place=Place.FORM, number=key)


def _clause(text: str, at: int) -> Reference | None:
    """Read an article, paragraph or item here; None where none stands or where it is a document number."""
    found = _CLAUSE.match(text, at)
    if found is None or not found[0]:
        return None
    part = found.groupdict()
    if not any(part[name] for name in ("supplement", "article", "relative", "paragraph", "item")):
        return None
    bare_item = bool(part["item"]) and not (part["article"] or part["relative"] or part["paragraph"])
    if bare_item and (not found["item"].startswith("第") or _NOT_A_CLAUSE_NUMBER.search(text[max(0, at - 4) : at])):
        return None
    last = clause_key(part["last"] + (part["lastbranch"] or "")) if part["last"] else ""
    relative = part["relative"] or ("各号" if part["each"] else "")
    return Reference(
        span=Span(*found.span()),
        place=Place.SUPPLEMENT if part["supplement"] or relative == "同附則" else Place.MAIN,
        article=clause_key(part["article"]) if part["article"] else "",
        paragraph=clause_key(part["paragraph"]) if part["paragraph"] else "",
        item=clause_key(part["item"]) if part["item"] else "",
        relative=relative,
        each=bool(part["each"]) or relative in ("各号", "次の各号"),
        last=last,
        until=part["until"] or "",
        subitem=part["subitem"] or "",
    )


def _with_law(found: Reference, text: str, narrowed: str) -> Reference:
    """Add the name of the law in front of a clause, if one stands there."""
    points = found.relative not in ("", "各号")
    if points or (not found.article and found.place is Place.MAIN):
        return found
    name = name_before(text, found.span.start, narrowed=narrowed)
    return found if name is None else replace(found, law=name.of(text), span=Span(_opening(text, name), found.span.end))


def name_before(text: str, end: int, *, narrowed: str = "") -> Span | None:
    """Return where the name of a law stands that ends before `end`, a number in brackets between them; None: none does.

    `narrowed` is the text after `narrow`, for whoever has it already.
    """
    narrowed = narrowed or narrow(text)
    if bracket := _PARENTHESES.search(narrowed, max(0, end - 130), end):
        end = bracket.start()
    name_end = end
    if end and text[end - 1] in "」』":
        start = max(text.rfind("「", max(0, end - 70), end), text.rfind("『", max(0, end - 70), end)) + 1
        return Span(start, end - 1) if start and _LAW.search(narrowed[start : end - 1]) else None
    if narrowed[end - 1 : end] in ("の", " ") and _LAW.search(narrowed[max(0, end - 12) : end - 1]):
        name_end = end = end - 1
    head = _LAW_NAME_CHARACTERS.search(narrowed, max(0, end - 60), end)
    if head is None:
        return None
    cut = _CUT.match(head[0])
    start = head.start() + (cut.end() if cut else 0)
    return Span(start, name_end) if _LAW.search(narrowed[start:name_end]) else None


def _opening(text: str, name: Span) -> int:
    """Return where a name begins, with its opening bracket."""
    return (
        name.start - 1
        if name.start and text[name.start - 1] in "「『" and text[name.end : name.end + 1] in "」』"
        else name.start
    )


_JOIN = re.compile(
    r"(?:ただし書|本文|前段|後段)?(?:及び|又は|若しくは|並びに|、|,|・|と|や|または|もしくは|および|ならびに)$"
)


def _inherit(found: Reference, previous: Reference, text: str) -> Reference:
    """Fill what a clause joined to the one before it leaves out."""
    between = text[previous.span.end : found.span.start]
    # 第三十三条（第一項を除く。）: what opens the bracket is a part of what stands before it.
    inside = between == "(" and previous.place is Place.MAIN and not (found.article or previous.item)
    inside = inside and not (found.paragraph and previous.paragraph)
    if not (inside or _JOIN.fullmatch(between)) or found.relative not in ("", "各号") or found.law:
        return found
    if found.place is not Place.MAIN:
        return replace(found, law=previous.law) if previous.law else found
    if found.article:
        return (
            replace(found, law=previous.law, place=previous.place)
            if previous.law or previous.place is Place.SUPPLEMENT
            else found
        )
    relative = found.relative or previous.relative
    inherited = replace(found, law=previous.law, place=previous.place, article=previous.article, relative=relative)
    return inherited if found.paragraph else replace(inherited, paragraph=previous.paragraph)


def share_of_title(name: str, title: str) -> float:
    """Return the share of a title that a name gives, 0 where the name's characters do not stand there in this order.

    旅費条例 fits 職員の旅費に関する条例, 個人情報保護法 fits 個人情報の保護に関する法律; the closest title has the largest share.
    """
    short, whole = ("".join(narrow(each).split()) for each in (name, title))
    rest = iter(whole)
    return len(short) / len(whole) if short and all(character in rest for character in short) else 0.0
