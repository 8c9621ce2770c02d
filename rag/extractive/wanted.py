"""What a question wants to hear: an amount, a deadline, a person, yes or no, a way to proceed, somebody's words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.domain import Chunk, Evidence, Kind
from rag.japanese.numerals import Figure, figures
from rag.japanese.references import Place, Reference, references, share_of_title
from rag.japanese.text import narrow, normalise

_UNITS: tuple[tuple[str, frozenset[str]], ...] = (
    (r"いくら|何円|金額|単価|費用は|額は|額を|上限額|限度額|何万円|何億円", frozenset({"円", "%"})),
    (r"何時間|時間は|何分", frozenset({"時間", "分"})),
    (
        r"いつまで|何日|期限|期間|何か月|何ヶ月|何カ月|何箇月|何年|何週間|どのくらいの間|日数|いつから|いつ",
        frozenset({"日", "か月", "年", "週", "時間", "月"}),
    ),
    (r"何人|何名|人数", frozenset({"人"})),
    (r"何%|何パーセント|割合|何割|率は", frozenset({"%", "倍", "ポイント"})),
    (r"何者|何社", frozenset({"者", "社"})),
    (r"何文字|何字|何桁", frozenset({"文字", "字"})),
    (r"何件|何回|何か所|何箇所|何校|何橋|何台|何倍|何泊|何夜|何km|何キロ", frozenset()),
)
_AMOUNT = re.compile(r"いくら|何円|金額|限度額|上限")
_HOW_MUCH = re.compile(
    r"いくら|どのくらい|どれくらい|いくつ|どこまで|何割|何(?:円|日|時間|か月|ヶ月|カ月|箇月|年|週間|人|名|%|パーセント|割|者|社|文字|字|桁|件|回|か所|箇所|校|橋|台|倍|泊|夜|km|キロ)"
)
_ENDS_WITH_VALUE = re.compile(
    r"(?:期間|期限|日数|金額|額|率|割合|人数|回数|件数|単価|料金|上限|下限|距離|面積)(?:は|を教えて(?:ください)?)?[?。]*$"
)
"""Ends a question after a value that leaves the asking out: 許可の有効期間は。"""
_DEADLINE = re.compile(r"いつまで|期限|何日以内|いつ")
_SOON = re.compile(
    r"直ちに|速やかに|遅滞なく|当日|前日|あらかじめ|事前|翌日|正午|までに|以内|末日|後でなければ|の後|[たる]後|前に|際に"
)
_WHO = re.compile(r"誰|だれ|どの職|決裁権者|どこの課|どこに|どこへ|担当")
_POST = re.compile(
    r"知事|部長|局長|課長|補佐|係長|責任者|管理者|所属長|権者|課(?![題程])|係(?![るわ])|会計管理者|委員|教育長"
)
_YES_NO = re.compile(
    r"(?:できる|でき|よい|いい|可能|必要|出る|出|もらえ|支給され|支払われ|認められ|ある|なる|要る|いる|使え|対象)(?:ます|です|の|る|でしょう|ない)*(?:か|の)?[?。]?$|してもいい|してよい|可否"
)
_FORCE = re.compile(
    r"できる|でき(?:ない|ます|ません)|ならない|なりません|しない|しません|要しない|必要|禁|認め|よい|差し支えない|限り|限る|支給する"
)
_HOW = re.compile(r"どうすれば|どうやって|どのように|手続|方法|どうする|どうしたら|何をすれば|何が必要|申請の")
_STEP = re.compile(
    r"提出|申請|様式|承認|期限|届け?出|届書|決裁|添え|添付|報告|連絡|請求|記録|通知|申し出|許可を受|命令を受|押印|確認"
)
_MEANING = re.compile(r"とは(?:何|なん|$|どう|[?。])|の意味|の定義")
_DEFINES = re.compile(r"をいう|のこと")
_SPOKEN = re.compile(
    r"答弁|答え|述べ|発言|意見|言っ|話し|説明し|質問し|委員は|議員は|知事は|部長は|課長は|教育長は|見解|認識|考え"
)
_ASKED = re.compile(r"(?:何を|どんな|どのような)?(?:質問|要望)(?:は|を|し|の|内容)|尋ね|聞きましたか|問いましたか")
_COMPOUND = re.compile(r"[一-龥々ァ-ヶーa-z0-9]{2,}")
_SOMEBODY = re.compile(r"(?:委員|議員|知事|部長|課長|局長|教育長|座長|会長|事務局)(?:は|の|が|から)")
_FORMS_OF_TIME = ("以内", "日前", "か月前")
OTHER_FORM = 0.6
"""Factor for a sentence on time that does not take the form asked for: 7日前まで is no 何日以内."""
_ROLES = re.compile(r"委員|議員|知事|部長|課長|局長|教育長|座長|会長|事務局")
_EXCEPTION = re.compile(
    r"ただし|この限りでない|除く|除き|かかわらず|できない|できません|(?<!なけれ)(?<!なければ)[てで]はならない|[てで]はなりません|支給しない|限る|限り|対象外|しないでください|注意"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A question, read for the kind of answer that fits it."""

    units: frozenset[str] = frozenset()
    """Units of the figures asked for; empty when no figure is asked for, or any will do."""
    given: tuple[Figure, ...] = ()
    """The figures that the question gives: 片道18キロ, 800万円."""
    figure: bool = False
    deadline: bool = False
    person: bool = False
    yes_or_no: bool = False
    procedure: bool = False
    meaning: bool = False
    question: bool = False
    """Whether it asks what somebody asked."""
    spoken: bool = False
    somebody: bool = False
    """Whether the question names whose words it wants."""
    articles: tuple[Reference, ...] = ()
    """The articles that the question names."""
    compounds: tuple[str, ...] = ()
    """Runs of kanji, katakana or letters in the question, folded: 宿泊税検討会議, 免税点, USBメモリ."""
    plain: str = ""
    """The question folded, to look speakers and titles up in."""
    rest: str = ""
    """The question without the clauses that it names."""

    @classmethod
    def read(cls, question: str) -> Wanted:
        """Read a question."""
        plain = "".join(normalise(question).split())
        named = [found for found in references(question) if found.article and found.place is Place.MAIN]
        rest = question
        for found in reversed(named):
            rest = rest[: found.span.start] + rest[found.span.end :]
        units = frozenset(unit for pattern, names in _UNITS if re.search(pattern, plain) for unit in names)
        return cls(
            units=units,
            given=tuple(figures(rest)),
            figure=bool(_HOW_MUCH.search(plain) or _AMOUNT.search(plain) or _ENDS_WITH_VALUE.search(plain)),
            deadline=_DEADLINE.search(plain) is not None,
            person=_WHO.search(plain) is not None,
            yes_or_no=_YES_NO.search(plain) is not None,
            procedure=_HOW.search(plain) is not None,
            meaning=_MEANING.search(plain) is not None,
            question=_ASKED.search(plain) is not None,
            spoken=_SPOKEN.search(plain) is not None,
            somebody=_SOMEBODY.search(plain) is not None,
            articles=tuple(named),
            rest=rest,
            compounds=tuple(dict.fromkeys(_COMPOUND.findall(plain))),
            plain=plain,
        )

    def compound_share(self, text: str, heading: str) -> float:
        """Return 0 to 1: how much of the question's compounds stands whole in the text, or for half in the heading."""
        total = sum(map(len, self.compounds))
        if not total:
            return 0.0
        flat, above = normalise(text), normalise(heading)
        found = sum(len(one) * (1.0 if one in flat else 0.5 if one in above else 0.0) for one in self.compounds)
        return found / total

    def fitness(self, text: str) -> float:
        """Return 0 to 1: how far a sentence is of the kind asked for; 0 where the question asks for nothing special."""
        flat = narrow(text)
        points = [0.0]
        if self.figure or self.units:
            found = {figure.unit for figure in figures(flat)}
            right = bool(found & self.units) if self.units else bool(found)
            points.append((1.0 if self.figure else 0.5) * right)
        if self.deadline:
            points.append(0.9 * bool(_SOON.search(flat)))
        if self.person:
            points.append(0.6 * bool(_POST.search(flat)))
        if self.yes_or_no:
            points.append(0.5 * bool(_FORCE.search(flat)))
        if self.procedure:
            points.append(0.9 * (is_step(flat) and flat.endswith("。")))
        if self.meaning:
            points.append(0.7 * bool(_DEFINES.search(flat)))
        off = any(form in self.plain and form not in flat for form in _FORMS_OF_TIME)
        return max(points) * (OTHER_FORM if off else 1.0)

    @property
    def is_special(self) -> bool:
        """Tell whether the question asks for a figure, a person or a day, without which a sentence hardly answers it."""
        return self.figure or self.person or self.deadline

    def names_article(self, evidence: Evidence) -> bool:
        """Tell whether the question names this article of this rule."""
        return any(points_to(found, evidence) for found in self.articles)

    def names_clause(self, evidence: Evidence, paragraph: str, item: str) -> bool:
        """Tell whether the question names this 項, or this 号, of the article that the evidence is."""
        return any(
            (found.paragraph or found.item)
            and points_to(found, evidence)
            and found.paragraph in ("", paragraph)
            and found.item in ("", item)
            for found in self.articles
        )

    def names(self, chunk: Chunk) -> bool:
        """Tell whether the question names this chunk's speaker, by name or by post."""
        return any(name and "".join(normalise(name).split()) in self.plain for name in speaker_names(chunk))

    def names_role(self, chunk: Chunk) -> bool:
        """Tell whether the question asks for somebody of this speaker's kind (委員, 座長, 部長 …) without the name."""
        roles = set(_ROLES.findall(self.plain))
        return any(name.endswith(tuple(roles)) for name in speaker_names(chunk)) if roles else False


def points_to(reference: Reference, evidence: Evidence) -> bool:
    """Tell whether a reference names the article that this evidence is (part of); one without a rule's name fits any rule."""
    labels = evidence.chunk.labels
    if labels.get("part", "main") != "main" or not reference.article or reference.article != labels.get("article"):
        return False
    return not reference.law or share_of_title(reference.law, evidence.title) > 0


def speaker_names(chunk: Chunk) -> tuple[str, ...]:
    """Return the ways in which a speaker may be called; empty for texts without speakers."""
    speaker, post = chunk.labels.get("speaker", ""), chunk.labels.get("post", "")
    if not speaker and not post:
        return ()
    names = [speaker, post]
    if speaker and post and not speaker.endswith(post):
        names += [f"{speaker[:length]}{post}" for length in range(1, min(4, len(speaker)) + 1)]
        names += [
            f"{speaker[:length]}{short}"
            for length in range(1, min(4, len(speaker)) + 1)
            for short in ("委員", "議員")
            if short in post
        ]
    return tuple(dict.fromkeys(name for name in names if name))


def is_step(text: str) -> bool:
    """Tell whether a sentence says what to do: hand in, apply, have approved."""
    return _STEP.search(text) is not None


def is_exception(text: str) -> bool:
    """Tell whether a sentence limits a rule."""
    return _EXCEPTION.search(text) is not None


def is_spoken(chunk: Chunk) -> bool:
    """Tell whether a chunk is somebody's words."""
    return chunk.kind in (Kind.MINUTES, Kind.NOTES, Kind.ANSWERS) and bool(speaker_names(chunk))
