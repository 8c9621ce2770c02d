"""What a notice says of itself and of who asks: sitting, member, 会派, seat; and the lines that say nothing for an item."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rag.japanese.numerals import read_integer
from rag.japanese.text import narrow

__all__ = [
    "Asker",
    "find_sitting",
    "is_formal",
    "is_furniture",
    "is_group",
    "is_title",
    "is_title_again",
    "read_asker",
    "tidy_name",
]

_NUMBER = r"(?:[0-9]{1,2}|元|[一二三四五六七八九十]{1,3})"
_SITTING = re.compile(
    rf"(?:[一-龠々ぁ-んァ-ヴー]{{1,8}}[都道府県市区町村]議会 ?)?(?:令和|平成|R) ?{_NUMBER} ?年度? ?(?:第 ?{_NUMBER} ?回 ?)?(?:{_NUMBER} ?月 ?)?(?:第 ?{_NUMBER} ?回 ?)?"
    rf"(?:[一-龠々ぁ-んァ-ヴー]{{0,8}}?[都道府県市区町村])?(?:議会)?(?:の)?(?:第 ?{_NUMBER} ?回 ?)?(?:{_NUMBER} ?月 ?)?"
    rf" ?(?:(?:定例|臨時)(?:[都道府県市区町村]?議?会)|議会(?!議員|事務局|議長|会議規則)|[一-龠]{{2,8}}委員会)"
)
_TITLE = re.compile(
    r"(?:質問|発言|質疑)(?:の)?(?:通告|要旨|事項|項目|内容|趣意|予定|要求|主意)|通告(?:書|表|一覧|内容)|(?:一般|代表|総括)質問|質疑通告"
)
_TITLE_END = re.compile(r"(?:通告書?|要旨書?|一覧表?|質問書?|事項|内容)(?:[(][^()]*[)])?$")
_FURNITURE = re.compile(
    r"[-―ー－–—‐~〜 　]*(?:P(?:age)?\.? ?|ページ ?|頁 ?)?[0-9]{1,3}(?: ?(?:/|／|of|ページ中) ?[0-9]{1,3})?(?: ?(?:ページ|頁|枚目))?(?: ?/ ?[0-9]{1,3} ?(?:ページ|頁)?)?[-―ー－–—‐~〜 　]*"
    r"|[(]?(?:次頁|次ページ|裏面|別紙|次葉)(?:に|へ)?(?:続く|つづく)[)]?|[(]?(?:続き|つづき|前頁からの?続き|前ページからの続き)[)]?|[-=＝―─━_＿*＊～~・…‥・\s]{3,}|[-―─━=]{2,}[ 　]*[^-―─━=]{1,12}?[ 　]*[-―─━=]{2,}"
)
_FORMAL = re.compile(
    r"(?:議長|委員長)[^。]{0,16}(?:様|殿|あて|宛)$|(?:様|殿)$|会議規則|(?:下記|次|以下|別紙)の?(?:とおり|通り)|^記$|^以 ?上$|^以上、?(?:[0-9]+項目|通告|[^。]{0,12}通告)[^。]{0,12}。?$"
    r"|^(?:提出|受付|受理|通告|質問|発言|登壇|答弁|届出)?(?:年月日|日時?|月日|番号|順位|順序|順番|時刻|時間|方法|形式|方式|種別|区分|者数|期限|予定(?:日時?)?)(?: ?[:：]|[ 　]|$)"
    r"|^(?:期 ?日|日 ?時|質疑の方法|質問の方法)(?: ?[:：]|[ 　\t]|$)|^(?:所要|持ち?|発言|質問|希望)(?:時間)|^[(（]?(?:受付|受理|提出|通告)|^(?:令和|平成) ?[0-9元一二三四五六七八九十]+ ?年 ?[0-9一二三四五六七八九十]+ ?月 ?[0-9一二三四五六七八九十]+ ?日|一問一答(?:方式)?$|一括質問(?:一括答弁)?(?:方式)?$|^会議(?:名)? ?[:： ]"
    r"|^(?:様式)?第?[0-9]+号?様式|^[(]?様式(?:第|[0-9 ])|通告(?:し|いたし)ます。?$|^以上です|よろしくお願い(?:いた|申し上げ)?し?ます。?$|^[(]?(?:印|㊞)[)]?$|分割(?:質問)?(?:方式)?$|^方式|^備考|使用欄|受理者|受付印|記入(?:して|する|し)|記載(?:して|する)こと|記載してください|^[(]?以 ?上[)]?$|議会事務局[^。]{0,8}$|とおり通告します|御中$|^(?:第?[0-9]+日目?)?[ 　]*(?:[0-9]+月[0-9]+日)[^。]{0,8}$|^(?:午前|午後)[0-9]+時"
)
_HEADERS = re.compile(
    r"(?:(?:No|NO|№|番号|項番|順位|通告|問|質問|発言|質疑|質問の|発言の|具体的)?(?:番号|事項|項目|件名|要旨|内容|大項目|中項目|小項目|細目|枝番|の要旨|の内容|の概要|質問要旨)|"
    r"答弁を?(?:求める|要求する)?(?:者|方)|答弁要求者|答弁者|備考|No\.?|№|順位|質問者|議員名?|会派名?|氏名|議席(?:番号)?|スタンス|方針|問|[/／|│・及び()])+"
)
_GROUP = re.compile(
    r"(?=.{3,18}$)[一-龠々ぁ-んァ-ヴーA-Za-z・0-9]+?(?:会|党|クラブ|会派|議員団|フォーラム|維新|連合|ネット(?:ワーク)?|の風|の声|未来|無所属|みらい|みどり|県民|"
    r"市民|倶楽部|新風|政策|の絆|の翼|連盟|団|公明|共産|自民|立憲|ミライ)|無所属|公明党|[一-龠]{2,4}会"
)
_SPACED = re.compile(
    r"(?<![一-龠])(会|氏|議|質 *問|発 *言|通 *告|提 *出|期|日|方|答 *弁) +(派|名|席|員|者|日|時|式)(?![一-龠])"
)
_LABELS = re.compile(
    r"(?<![一-龠])(?:(?P<name>(?:質問|発言|通告|質疑|提出)(?:議員|予定者|者)(?:の?氏?名)?|^(?:議|委)員(?=[ :】\])])|議員氏?名|氏名)"
    r"|(?P<group>(?:所属)?(?:会派|党派)(?:名)?(?=[ :】\])]|$))|(?P<seat>議席(?:番号)?)"
    r"|(?P<order>(?:質問|発言|通告|登壇|質疑)?(?:順位|順番|順序|順)(?=[ :0-9】\])]))|(?P<other>会議名?|(?:質問|発言|通告|登壇|質疑)(?:予定)?(?:日時?|の?方式|の?方法|の?形式|時間|番号)|期日|日時|日付|方式|形式|受付(?:番号)?|受理|時間|持ち時間)(?=[ :0-9】\])]|$)"
    r")[】\])]? ?[:：は]? ?"
)
_NOISE = re.compile(
    r"第? ?[0-9]+ ?(?:順位|番目|位|人目)|順位 ?[0-9]+|(?:(?:令和|平成) ?[0-9元]+ ?年 ?)?[0-9]+ ?月 ?[0-9]+ ?日 ?(?:[(][月火水木金土日](?:曜日?)?[)])?"
    r"|(?:午前|午後)? ?[0-9]{1,2}(?::[0-9]{2}|時(?:[0-9]{1,2}分|半)?)[~から-]*(?:[0-9]{1,2}:[0-9]{2})?|(?:質問|発言|持ち|所要)?時間 ?[0-9]+ ?分(?:間|以内)?|[0-9]+分(?:間|以内)?"
    r"|[(]? ?(?:一問一答|一括質問[・ ]?一括答弁|一括質問|一括答弁|一括|分割質問|分割)(?: ?方式)? ?[)]?|[(]?続き[)]?|[(](?:印|㊞|署名)[)]|㊞|(?<=[^一-龠])印$"
)
_SEAT = re.compile(
    r"(?<![^ (:/|])(?P<number>[0-9]{1,3}|[一二三四五六七八九十]{1,4}) ?番(?=$|[ ()、,/|一-龠ぁ-んァ-ヴ])(?!目|号|地|組|線|札)"
)
_NAME = re.compile(r"[一-龠々〆ヶケぁ-ゖァ-ヴー]{2,8}")
_PARTICLE = re.compile(
    r"について|に関|として|における|[をはがにで][一-龠]|^(?:各|全|本|県|市|町|村|国|若手|女性|男性|現職|新人|前|元|当|質問|通告|要旨|番号|答弁者|会派|議席|議員|名簿|一覧)$"
)
_TITLES = re.compile(r"(?:(?:[一-龠ぁ-ん]{0,6}?[都道府県市区町村])?議会)?議員(?=[ ]|$)|(?<![^ ])[県市町村]議(?= )")
_SIGNS = re.compile(r"[◎]|^[■□◆◇●○◎▼★☆・※* ]+|[【】〔〕\[\]<>〈〉《》『』「」]")
_HONORIFIC = re.compile(r"(?<=[一-龠々ぁ-ゖァ-ヴ]) ?(?:議員|君|氏|委員)(?=$|[ (])")
_OF_QUESTIONS = re.compile(r"(?<=[員君氏)]) ?の?(?:一般|代表)?(?:質問(?:通告書?|要旨|事項)?|関係|分|提出)$")
_BRACKET = re.compile(r"[(]([^()]{2,20})[)]")
_TITLE_BEFORE = re.compile(r"^[^ (]{0,12}(?:通告書?|要旨書?|質問書?|一覧表?)(?=[ (])")
_NO_ASKER = re.compile(r"(?:様|殿|御中)$|議長|。$")
_LONGEST = 90
"""Characters of a line that says who asks, at most."""
_SHORTEST_GROUP = 2
_MOST_WORDS = 2
"""Words of a name, at most, unless its letters are set apart."""


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


def is_title_again(text: str, title: str) -> bool:
    """Tell whether a line is the title again, or one to its end; a sentence may begin with the words of one (一般質問で取り上げた)."""
    line = "".join(narrow(text).split())
    shorter, longer = sorted((line, "".join(narrow(title).split())), key=len)
    return (bool(shorter) and shorter in longer) or _TITLE_END.search(line) is not None


def is_furniture(text: str) -> bool:
    """Tell whether a line is a page number, a rule, or points to the next page."""
    return _FURNITURE.fullmatch(narrow(text).strip()) is not None


def is_formal(text: str) -> bool:
    """Tell whether a line is one of those of every form: to whom, by which rule, on which day, names of columns."""
    flat = narrow(text).strip(" []【】<>〈〉◇◆■□●○")
    return _FORMAL.search(flat) is not None or _HEADERS.fullmatch("".join(flat.split())) is not None


def is_group(text: str) -> bool:
    """Tell whether words are the name of a 会派, by how such names end."""
    return _GROUP.fullmatch(narrow(text).strip()) is not None


def tidy_name(text: str) -> str:
    """Return a member's name without spaces, 議員 and 君."""
    flat = _HONORIFIC.sub("", _TITLES.sub("", _SIGNS.sub("", narrow(text).strip())))
    return "".join(flat.split())


def read_asker(text: str, *, in_head: bool = False) -> Asker | None:
    """Return what a line says of who asks; None: it is no such line.

    `in_head`: it stands in front of the first question; then a 会派 with a name behind it is enough.
    """
    line = re.sub(r"[ \t]+", " ", narrow(text)).strip()
    if not line or len(line) > _LONGEST or _NO_ASKER.search(line):
        return None
    ordered = re.match(r"[0-9]{1,2}[ .、．] ?|[(][0-9]{1,2}[)] ?|[①-⑳] ?", line)
    line = re.sub(r"^[■●○◆◇ ]*第? ?[0-9]+ ?(?:順位|番目|位|人目)", " ", line)
    line = _SIGNS.sub(" ", _SITTING.sub(" ", line[ordered.end() :] if ordered else line)).strip()
    line = _TITLE_BEFORE.sub("", line)
    line = _OF_QUESTIONS.sub("", _SPACED.sub(lambda found: "".join(found[0].split()), line))
    asker, told = Asker(), False
    for kind, words in _segments(line):
        if kind == "order":
            named = _free(re.sub(r"^第? ?[0-9]+ ?[番位]?(?=[ ])", "", words), told=True, in_head=True, ordered=False)
            asker, told = asker.joined(named or Asker()), told or named is not None
        elif kind == "other":
            asker = asker.joined(
                _free(re.sub(r"^[0-9]+ ?[番位]?(?= )", "", words), told=False, in_head=False, ordered=False) or Asker()
            )
            told = told or bool(asker.seat and asker.member)
        elif kind == "group":
            asker, told = asker.joined(Asker(group=_group(words))), True
        elif kind == "seat":
            asker, told = asker.joined(_seat(words)), True
        else:
            sure = kind == "name" or (in_head and not ordered and not is_title(text))
            free = _free(words, told=kind == "name", in_head=sure, ordered=bool(ordered))
            if free is None and kind == "" and words.strip():
                return None
            told = told or free is not None
            asker = asker.joined(free or Asker())
    return asker if told and asker != Asker() else None


def _segments(line: str) -> Iterator[tuple[str, str]]:
    """Cut a line at its labels: yield what each label is about with the words behind it; '' in front of the first label."""
    kind, at = "", 0
    for found in _LABELS.finditer(line):
        if words := line[at : found.start()].strip(" 、,/|"):
            yield kind, words
        kind, at = found.lastgroup or "other", found.end()
    if words := line[at:].strip(" 、,/|"):
        yield kind, words


def _group(words: str) -> str:
    """Return the 会派 behind its label."""
    first = _NOISE.sub(" ", words).strip(" ()「」").split(" ")[0]
    return re.split(r"[、,()（]", first)[0]


def _seat(words: str) -> Asker:
    """Return the seat behind its label, with the name that may follow it."""
    found = re.match(r"[(]?(?:第 ?)?([0-9]{1,3}|[一二三四五六七八九十]{1,4}) ?番?[)]?", words)
    if found is None:
        return Asker()
    free = _free(words[found.end() :], told=True, in_head=True, ordered=False)
    return replace(free or Asker(), seat=str(read_integer(found[1])))


def _free(words: str, *, told: bool, in_head: bool, ordered: bool) -> Asker | None:
    """Return seat, name and 会派 of words without labels; None: they are something else.

    `told`: a label says that a name follows.
    """
    line = re.sub(r"\s+", " ", _NOISE.sub(" ", words)).strip()
    if line[:1] == "(" and line[-1:] == ")" and line.count("(") == 1:
        line = line[1:-1].replace("・", " ")
    asker = Asker()
    if found := _SEAT.search(line):
        asker = replace(asker, seat=str(read_integer(found["number"])))
        line = f"{line[: found.start()]} {line[found.end() :]}".strip()
    honoured = _HONORIFIC.search(line) is not None or _TITLES.search(line) is not None
    known = told or bool(asker.seat) or (honoured and not ordered)
    found = _BRACKET.search(line)
    if found and (known or honoured or _GROUP.fullmatch(found[1])):
        asker = replace(asker, group=re.sub(r"^会派 ?:? ?", "", found[1]).strip())
        line = f"{line[: found.start()]} {line[found.end() :]}".strip()
        known = known or honoured
    line = _HONORIFIC.sub(" ", _TITLES.sub(" ", line))
    tokens = [token for token in re.split(r"[ ()、,/|:]+", line) if token]
    if len(tokens) > 1 and not asker.group:
        group = _group_among(tokens, sure=known)
        if group:
            asker = replace(asker, group=group)
            tokens.remove(group)
            known = known or in_head or honoured
    if not tokens and (asker.seat or (told and asker.group)):
        return asker
    return replace(asker, member="".join(tokens)) if known and _is_name(tokens) else None


def _group_among(words: Sequence[str], *, sure: bool) -> str:
    """Return the 会派 that stands before or behind a name; where somebody is `sure` to be named, one word more than a name has is it."""
    ends = (words[0], words[-1])
    longest = max(reversed(ends), key=len)
    is_more = sure and len(words) == _MOST_WORDS + 1 and len(longest) > _SHORTEST_GROUP
    return next((word for word in ends if _GROUP.fullmatch(word)), longest if is_more else "")


def _is_name(words: Sequence[str]) -> bool:
    """Tell whether words are a person's name, whose letters may be set apart."""
    name = "".join(words)
    apart = len(words) <= _MOST_WORDS or all(len(word) == 1 for word in words)
    return apart and bool(_NAME.fullmatch(name)) and not _PARTICLE.search(name) and not is_formal(name)
