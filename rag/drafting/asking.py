"""What the text of an item asks, taken apart."""

from __future__ import annotations

import re

from rag.japanese.text import sentences

__all__ = ["asks", "sub_questions"]

_ASKS = re.compile(
    r"(?:伺(?:う|い|わせ)|問う|問い|尋ね|聞(?:く|き|かせ)|示(?:せ|され|して)|求める|求めたい|知りたい|いかがか|どうか|ないか|のか|るか|たか|うか|すか|か[。?？]?$|見解(?:を|は)|所見(?:を|は)|如何)"
)
_ENDS_ASKING = re.compile(
    r"(?:伺(?:う|いたい|います)|問(?:う|います)|尋ね(?:る|ます|したい)|聞(?:く|きたい)|示(?:せ|されたい|してほしい)|求める|か)$"
)
_FACET = (
    r"(?:(?:今後|これまで|現在|主|具体的|県|知事|教育長|本県|当面)(?:の|な))?"
    r"(?:進捗状況|利用状況|取組状況|実施状況|実施時期|開始時期|整備時期|現状認識|基本的な考え方|考え方|方向性|支援策|進め方|取組方針|基本方針|スケジュール|見通し|取組内容"
    r"|現状|実態|状況|課題|問題点|取組|取り組み|対応|対策|方針|方策|効果|成果|評価|要因|原因|理由|背景|時期|財源|予算|費用|件数|人数|推移|実績|内容|認識|見解|所見|考え|経緯|影響|体制|目標|規模|対象)"
)
_LIST = re.compile(
    rf"^(?P<topic>.+?)(?:に(?:関する|係る|おける|対する)|の|について(?:の)?、?(?:その)?)(?P<list>{_FACET}(?:(?:、|と|及び|並びに|・|や|、?また、?|、?併せて)(?:その)?{_FACET})+)(?P<rest>(?:について|に関して|を|は|に対する).*)?$"
)
_PAIR = re.compile(rf"^(?P<first>.+?の{_FACET})と、(?P<second>[^、]+の.+)$")
"""Two topics in one breath: 利用の状況と、施設の今後の整備."""
_JOINED = re.compile(
    r"(?:とともに|と併せて|とあわせて|、また、?|。また、?|、併せて|、あわせて|、さらに、?|、加えて、?)"
)


def asks(text: str) -> bool:
    """Tell whether a text ends in a question (…について伺う。), not only names a topic."""
    return _ENDS_ASKING.search(text.strip().rstrip("。?？")) is not None


def sub_questions(text: str) -> list[str]:
    """Return what the text of an item asks, each as a question of its own; the whole text where it asks nothing."""
    found: list[str] = []
    for sentence in (span.of(text).strip() for span in sentences(text)):
        for part in (each.lstrip("、 ") for each in _JOINED.split(sentence)):
            if part and (_ASKS.search(part) or _LIST.match(part.rstrip("。"))):
                found.extend(_of_list(part))
    return found or [text.strip()]


def _of_list(part: str) -> list[str]:
    listed = _LIST.match(part.rstrip("。"))
    if listed is None:
        pair = _PAIR.match(part.strip())
        return [pair["first"], pair["second"]] if pair else [part.strip()]
    return [f"{listed['topic']}の{facet}" for facet in re.findall(_FACET, listed["list"])]
