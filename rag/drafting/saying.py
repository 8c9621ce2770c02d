"""What a sentence of an answer says of its own: without vows, hearsay and courtesy, and whether somebody acts in it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.drafting.amounts import has_amount
from rag.japanese.text import narrow

__all__ = ["Saying"]

_VOW = re.compile(
    r"(?:^|、)[^、]*(?:力を尽く|全力|万全を期|意を用い|努め|寄り添|力を合わせ|つなげて|目指して|一体となって|一丸となって"
    r"|(?:適切|丁寧|しっかり|着実|積極的|的確|真摯)[にと]?[^、]{0,12}(?:対応|取り組|進め|支え|後押し|説明)[^、]{0,4}"
    r"|取り組んで|推進して|支えて|図って|充実して|連携して|果たして|進めて|考えて|配慮して|お伝えして|密にして|深めて|築いて|守って|応えて|引き継いで|磨き上げて|耳を傾けて|つくって|育んで|高めて)"
    r"[^、]{0,5}(?:まいり(?:ます|たい)|いきます|いき?たい)[^、。]*$"
)
"""The last clause of a sentence, where it only promises to do well."""
_GOES_ON = re.compile(r"(?:準備|検討|協議|手続|工事|作業|交渉|調整)を(?:[^、]{0,6})?(?:進め|行っ|重ね)")
"""Work that is on its way."""
_WIDENS = re.compile(r"(?:対象|範囲|上限|[校町村域区]|他の[^、]{1,8})(?:を|に|へ|にも)広げ")
_SPECIFIC = re.compile(
    r"(?:助成|補助|配置|整備|作成|策定|配布|開催|開設|派遣|拡充|委託|養成|募集|交付|新設|改修|増員|導入|公募|指定|義務付け|上乗せ|締結|見直|改定|提案|要望|訪問|巡回|設置|開拓)"
    r"(?:し|す|を行|いた|を進め|を始)|設け|貸し付|引き上げ|増や|加え|結び|開き|提案|提出|上程|制定|計上|盛り込|(?:整備|建設|増設|新設|改修|拡充|増員|配置|設置|建て替え)に(?:取り組|努め|着手)"
)
"""A measure that can be pointed at."""
_HEARD = re.compile(
    r"(?:声|意見|お話|不安|心配|要望|苦労|期待)(?:も|を|が|など|は)?[^。]{0,16}(?:伺って(?!まい)|いただいて(?!まい)|頂いて|頂戴|寄せられて|届いて|大き|多い)|予想されて|見られるところ"
    r"|想像に難く|痛ましい|お借りして|お越しになり|挙げてくださ|願って(?:おり|い)|思いがいたし|計り知れ|申し上げます$|御労苦|敬意を表"
)
"""What is heard, seen or feared, and courtesy, in the last clause."""
_PLATITUDE = re.compile(
    r"(?:重要|大切|肝要|不可欠|急務|課題|土台|基本)で(?:あると(?:考え|認識し)て(?:おり|い)ます|ございます|あります)$|(?:欠かせ|少なくあり)ません$|後を絶ちません$"
    r"|^[^0-9]*と承知しております$|実情(?:でございます|です)|重いものがござい|ものがございます$|厳しい(?:環境|状況)"
)
_WEIGHS = re.compile(
    r"(?:重要|大切|肝要|不可欠|大事|課題|有意義|貴重|必要|要|鍵|基本|原点)(?:な[^。]{0,30})?(?:で(?:ある|す|ござい)|になる|となる|となっ|もので)[^。]*$"
)
_WISHES_WELL = re.compile(r"^(?:今後とも|引き続き|これからも)[^。]{0,60}まいります$")
_DESCRIBES = re.compile(
    r"(?:仕組み|制度|方式|もの|法律|割合)で(?:あり|ある|ございま|す)[^。]{0,6}$"
    r"|(?:とされて|と聞いて|と承知し|と伺って|となって|が示されて|導入されて|設置されて|開催されて|行われて|取り入れられて|始まりまし|始まった|挙げられて|議論を重ねて|検証が行われて"
    r"|調査を行って(?=おります|いる))[^。]{0,14}$"
)
"""A sentence about how a thing is or what others do, not about what the speaker does or thinks."""
_PREDICATE = re.compile(
    r"(?:おり|おります|ました(?:が|ところ)?|まいります|まいりたい.*|ます|いたし(?:ます|ており|ております|まして)|ところ(?:で|です).*|予定.*|こととし.*|こととな.*|方針.*|考えで.*"
    r"|ことと.*|てまいりました)$"
)
_FRAME = re.compile(r"(?:ところ|予定|方針|計画|工程|考え|もの)で(?:あり|ござい)ます$")
_STANDS = re.compile(
    r"くなって|で(?:あり|ござい|す)|に(?:あり|あた|当た|上り|上っ|のぼ|及|達|とどま|なって|なりま|つなが)"
    r"|と(?:なって|なりま|いう|聞いて|伺って|承知|認識|考えて|考えで|受け止め|捉え|存じ|思|見込|され|いたしまして)|を(?:占め|上回|下回|超え)|推移|増え|増加し|減|伸び|高ま|低下し"
    r"|上昇し|広が|進んで|続い|残っ|[さらかたまわなば]れ(?:て|ま|る)|いただい[てた]|いただき(?:ま)?|くださ|始ま|見られ|目立|挙が|挙げら|足り|不足し|遅れ|生じ|起き|見つか|気付|落とし|感じ|実感し"
    r"|でき(?:ておら|ま|て)|分か|異な|かか|要し|あ[りる]|お尋ね|お答え"
)
"""A predicate in which nobody acts, or not the speaker."""
_PREDICATE_END = 9
_BY_THE_WAY = re.compile(
    r"(?:助成|補助|配置|整備|作成|策定|配布|開催|派遣|拡充|委託|養成|募集|交付|新設|改修|増員|導入|公募|指定|義務付け|上乗せ|締結|見直|改定|支援|提供|実施|周知|助言|紹介|要請|設置|配備|増設)し$"
    r"|(?:導入|増設|整備|実施|活用|配置|見直し)により$"
    r"|(?:設け|貸し付け|引き上げ|増やし|加え|結び|開き|行い|定め|働きかけ|呼びかけ|呼び掛け|広げ)$|(?:ほか|とともに|など|てきた結果)$"
)
"""A clause in the middle of a sentence in which something is done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """A sentence of an answer, narrowed, without a vow at its end."""

    text: str
    is_cut: bool
    """Whether a vow was left out."""
    has_amount: bool
    acts: bool
    """Whether the speaker does or will do something in it."""
    is_specific: bool
    """Whether a measure stands in it that can be pointed at."""
    is_heard: bool
    """Whether it only tells what is heard or feared, or is polite."""
    describes: bool
    """Whether it only tells how a thing is, or what others do."""

    @classmethod
    def of(cls, sentence: str) -> Saying:
        """Read a sentence."""
        whole = narrow(sentence).strip().rstrip("。 ")
        text = _without_vow(whole)
        return cls(
            text=text,
            is_cut=text != whole,
            has_amount=has_amount(text),
            acts=any(map(_is_act, re.findall("[^、。]+", text))),
            is_specific=_SPECIFIC.search(text) is not None,
            is_heard=_HEARD.search(text.rpartition("、")[2]) is not None,
            describes=_DESCRIBES.search(text) is not None,
        )

    @property
    def says_something(self) -> bool:
        """Tell whether it may answer anything at all."""
        return bool(self.text) and not self.is_heard and (not self.is_cut or self.acts or self.is_specific)

    @property
    def is_platitude(self) -> bool:
        """Tell whether it says what goes without saying."""
        return not self.has_amount and _PLATITUDE.search(self.text) is not None

    @property
    def only_weighs(self) -> bool:
        """Tell whether it only says that something matters, or wishes well."""
        weighs = not self.has_amount and _WEIGHS.search(self.text) is not None
        return weighs or _WISHES_WELL.search(self.text) is not None


def _without_vow(sentence: str) -> str:
    """Return a sentence without its last clause, where that only promises to do well."""
    found = _VOW.search(sentence)
    if (
        found is None
        or _GOES_ON.search(found[0])
        or _WIDENS.search(found[0])
        or has_amount(found[0])
        or _SPECIFIC.search(found[0])
    ):
        return sentence
    return sentence[: found.start()]


def _is_act(clause: str) -> bool:
    if _PREDICATE.search(clause):
        return _STANDS.search(_FRAME.sub("", clause)[-_PREDICATE_END:]) is None
    return _BY_THE_WAY.search(clause) is not None and not clause.endswith(("れ", "いただき"))
