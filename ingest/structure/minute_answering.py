"""Where the passages of an official's speech start, each of which answers one question (or two)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.japanese.text import narrow, sentences

__all__ = ["Passage", "changes_order", "find_passages"]

_ASKED = (
    r"(?:(?:ご|御)(?:質問|質疑|指摘)|質問|質疑|お尋ね|お話|お触れ|お問い"
    r"|(?:ご|御)?(?:意見|要望|提案|提言)(?:が(?:ござい|あり)まし|をいただきまし|について|につきまし|ですが|でございます))"
)
_ABOUT = r"(?:についての?も?|に関する|に関しての?も?|につきましての?も?|に係る|に対する|という|との|といった|ということで|の)"
_HEADING = re.compile(
    rf"{_ABOUT}、?{_ASKED}"
    r"|(?:について|に関して|につきまして)(?:は|も)?(?:でございます|であります|です|お答え|ご?答弁|ご?説明|ご質問|お触れ)"
    rf"|(?:ご|御)(?:質問|質疑)(?:が|を|で|に|の)|お触れ"
)
_TOPIC = re.compile(r"[^。、]{2,50}?(?:でございますが|でありますが|ですが|でございますけれども|ですけれども)、")
_AS_FOR = re.compile(
    r"[^。、]{2,45}?(?:につきましては|については|に関しては|に関しましては|につきまして|について|に関して)、"
)
_NOUN = re.compile(r"[^。、]{3,45}(?:でございます|であります|です)。$")
_ITEM = re.compile(r"[^。、はがを]{3,24}(?:問題|件|状況|体制|関係|対策|取組|支援|整備)(?:でございます|であります)。")
"""統合に伴う足の問題でございます。…"""
_OPENS = re.compile(
    r"(?:まず(?:初めに|最初に|は)?|初めに|はじめに|最初に|次に|次は|次いで|続いて|続きまして|最後に|終わりに|そして(?:また)?|それから|同じく|また"
    r"|第?[0-9一二三四五六七八九十]+(?:に|点目|番目|項目め?|つ目|問目)(?:に|は|の|として|、)*)、?"
)
_SEQUENCE = re.compile(r"次に|次いで|続いて|続きまして|最後に|終わりに|第?[0-9一二三四五六七八九十]+(?:点目|番目|つ目)")
_POINTS_BACK = re.compile(
    r"(?:ちょうど|先日|昨日|今回|こうした|この|これ|これら|具体的|今後|その|ご指摘|御指摘|このよう|あわせて|併せて|ただ|しかし|さらに|現在|今般|引き続き|なお|一方|例えば|特に|そのため|したがって|昨年|本年|今年|来年|平成|令和|先ほど|本日|当時|これまで)"
)
_ITS = re.compile(r"[そこ]の(?![^。、]{0,4}(?:よう|ため|こと|うち|ほか|点))")
"""その具体化でございますが、…: points back, but to what it now turns to."""
_GREETING = re.compile(
    r"(?:議員|委員|先生|会派|さん|様)(?:から)?の(?:[^。]{0,12})?(?:ご|御)?質問に(?:順次|対し)?[^。]{0,14}お?答え"
    r"|^(?:ただいまの)?(?:[^。]{0,16}の)?(?:改めての)?(?:ご|御)?(?:再質問|質問)に(?:順次)?お?答え|[0-9一二三四五六七八九十]+(?:点|問|項目)(?:の(?:ご|御)?(?:質問|お尋ね)|について、?お?答|お?答)|^(?:再度|再)の?(?:ご|御)?質問に|(?:その他|他|残り)の(?:ご|御)?(?:質問|質疑|お尋ね)"
    r"|関係(?:部長|局長|理事者|部課長)[^。]*(?:答弁|お答え)|改めての(?:ご|御)質問|^以上(?:で|、|です|でござい)|^(?:ご|御)質問(?:を|に)[^。]{0,12}(?:いただき|お答え)"
)
_OTHER_ORDER = re.compile(
    r"順(?:序|番)(?:が|は|を)?[^。]{0,8}(?:前後|逆|変え|入れ替)|(?:そちら|後ろの方|最後の(?:ご|御)?質問)の?(?:方)?から、?(?:先に|まず)?、?(?:お?答え|申し上げ|(?:ご|御)?答弁)"
)
_HANDED_OVER = re.compile(
    r"(?:担当|所管|関係|主管)(?:の)?(?:部|局|課|室)?(?:長|等|部局|部課)?(?:等|長)?(?:から|より)[^。]{0,12}(?:申し上げ|答弁|お?答え|説明)[^。]{0,10}。?$"
)
_BULLET = re.compile(r"[・○◯●→] ?")
_LONGEST_GREETING = 90
_NEAR = 70
CERTAIN, NOUN, TOPIC, BULLET, ITS, OPENER, PLAIN = 1.0, 0.9, 0.8, 0.7, 0.7, 0.5, 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A paragraph at which an answer may start."""

    paragraph: int
    """0-based place in the speech."""
    heading: str
    """The first sentence, which says what is answered."""
    strength: float
    """0 to 1: how surely an answer starts here."""


def find_passages(paragraphs: Sequence[str]) -> list[Passage]:
    """Return the paragraphs of a speech at which an answer may start; greetings and closing words are none."""
    found: list[Passage] = []
    bare = False
    for index, paragraph in enumerate(paragraphs):
        bullet = _BULLET.match(paragraph)
        parts = [span.of(paragraph).strip() for span in sentences(paragraph[bullet.end() if bullet else 0 :])]
        if len(parts) > 1 and _is_greeting(parts, parts[0]) and _strength(narrow(parts[1]), alone=False) >= TOPIC:
            parts = parts[1:]
        elif not parts or _is_greeting(parts, paragraph):
            continue
        strength = _strength(narrow(parts[0]), alone=len(parts) == 1 and index + 1 < len(paragraphs))
        strength = max(strength, BULLET if bullet else OPENER if not found else PLAIN)
        if bare and strength < CERTAIN:
            strength = 0.0
        bare = strength >= TOPIC and len(parts) == 1 and len(parts[0]) <= 80
        found.append(Passage(paragraph=index, heading=parts[0], strength=strength))
    if found and all(each.strength < TOPIC for each in found) and not _hands_over(paragraphs[-1]):
        found[0] = replace(found[0], strength=TOPIC)  # who answers in a dialogue announces nothing
    return found


def changes_order(paragraphs: Sequence[str]) -> bool:
    """Tell whether an official says that the answers come in another order than the questions (順序が前後いたしますが、…)."""
    return any(_OTHER_ORDER.search(narrow(paragraph)) for paragraph in paragraphs[:2])


def _hands_over(paragraph: str) -> bool:
    """Tell whether the last words leave the answers to others (詳細は担当部長から申し上げます。)."""
    parts = [span.of(paragraph).strip() for span in sentences(paragraph)]
    return bool(parts) and _HANDED_OVER.search(narrow(parts[-1])) is not None


def _is_greeting(parts: Sequence[str], paragraph: str) -> bool:
    text = narrow(parts[0])
    return (
        len(paragraph) <= _LONGEST_GREETING
        and _GREETING.search(text) is not None
        and not re.search("について(?:の|でご)|に関する|、まとめて", text)
    )


def _strength(first: str, *, alone: bool) -> float:
    opened = _OPENS.match(first)
    rest = first[opened.end() :] if opened else first
    back = _POINTS_BACK.match(rest) is not None
    heading = _HEADING.search(first[: _NEAR + 20])
    if heading and (len(first) <= 120 or heading.start() <= _NEAR) and not (back and heading.start() > 40):
        return CERTAIN
    if _NOUN.match(rest) and (alone or _SEQUENCE.match(first)) and not back:
        return NOUN
    if _TOPIC.match(rest):
        if first.startswith("また"):
            return OPENER
        return TOPIC if not back else ITS if _ITS.match(rest) else OPENER
    if _AS_FOR.match(rest) and (opened or not back):
        return OPENER + (0.2 if opened and not first.startswith("また") else 0.0)
    if _ITEM.match(rest) and not back:
        return ITS
    if opened and not first.startswith("また"):
        return OPENER
    return PLAIN
