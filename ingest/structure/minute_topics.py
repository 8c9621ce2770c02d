"""Cut a speech into topics."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from rag.japanese.text import narrow, sentences

__all__ = ["Topic", "cut_topics"]

_OPENER = (
    r"(?:また、|それでは、|では、|さて、)?(?:まず初めに|まず最初に|まずは|まず|初めに|はじめに|最初に|次に|次いで|続いて|続きまして|次は|次(?=、)|最後に|終わりに"
    r"|この項の最後に|第[0-9一二三四五六七八九]+(?:に|点)(?:は|として)?|[0-9一二三四五六七八九]+(?:点|つ|番)目(?:に|は|として)?)"
)
_WEAK = r"(?:また|さらに|なお|このほか|それから|加えて)"
_ABOUT = r"(?:についての|についても|について|につきまして|に関して|に(?:関する|係る)(?=ご?質問|お尋ね)|の件)"
_ASK = r"(?:お?伺い|お?尋ね|質問|質疑|お答え|答弁|お聞き|申し上げ|説明|見解|所見|ご質問|お示し)"
_ANNOUNCED = re.compile(
    rf"(?:{_OPENER}|それでは|では)(?:は|として|質問の)?、?(?:質問の.{{1,4}}、)?(?P<topic>.{{2,70}}?){_ABOUT}"
)
_NAMED = re.compile(rf"{_OPENER}、?(?P<topic>[^。、]{{2,40}}?)(?:です|でございます|であります|の問題です)。")
_SHORT = re.compile(
    rf"(?:{_WEAK}、|{_OPENER}、?)?(?P<topic>[^。]{{2,60}}?){_ABOUT}[^。]{{0,20}}?"
    rf"(?P<end>でございますが?|でありますが?|ですが|です|{_ASK}[^。]{{0,14}})。?"
)
_LEADS = re.compile(
    r"(?P<topic>[^。、]{2,40}?)(?:について|につきまして)(?:でございますが|でありますが|ですが|は|も)?、"
)
_ASKS = re.compile(r"お?伺い|お?尋ね|質問|お聞き|見解|所見|答弁")
_ASKS_NOW = re.compile(r"(?:お?伺い|お?尋ね|質問)(?:し|いたし|を)[^。]*。?$")
_NO_TOPIC = re.compile(
    r"^(?:そこで|このため|こうした|これら?|それら?|その他|その点|この点|ただいま|以上|この(?:こと|ほか)|先ほど|同じ|本件)|議員.{0,4}質問|の(?:ご)?質問$|^(?:[0-9一二三四五六七八九]+点)$"
)
_LONGEST_HEAD = 70
_GREETING = 160
"""Characters of opening words that are kept with the first topic."""


@dataclass(slots=True)
class Topic:
    """What one speaker says on one topic."""

    name: str
    """Empty when the speaker names none."""
    paragraphs: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Join the paragraphs by line feeds."""
        return "\n".join(self.paragraphs)


def cut_topics(paragraphs: Sequence[str], *, short_turns: bool = False) -> list[Topic]:
    """Start a new topic where the speaker announces one (次に、…について); greetings stay with the first.

    With `short_turns` (一問一答) a turn is one topic, the last that any of its sentences announces.
    """
    if short_turns:
        text = "\n".join(paragraphs)
        names = [name for span in sentences(text) if (name := _asked_about(span.of(text)))]
        return [Topic(name=names[-1] if names else "", paragraphs=list(paragraphs))]
    topics: list[Topic] = []
    for paragraph in paragraphs:
        name = _announced(paragraph, named=bool(topics and topics[-1].name))
        if name or not topics:
            topics.append(Topic(name=name))
        topics[-1].paragraphs.append(paragraph)
    if len(topics) > 1 and not topics[0].name and len(topics[0].text) <= _GREETING:
        topics[1].paragraphs[:0] = topics[0].paragraphs
        del topics[0]
    if len(topics) == 1 and not topics[0].name:
        topics[0].name = _leading(paragraphs)
    return topics


def _announced(paragraph: str, *, named: bool) -> str:
    """Return the topic that a paragraph announces in its first sentence; empty when it goes on with the last.

    Under a topic that has a name, a sentence that only asks (…についてお伺いします) is that topic's question.
    """
    narrowed = narrow(paragraph)
    end = narrowed.find("。") + 1 or len(narrowed)
    head = narrowed[:end]
    found = _ANNOUNCED.match(head) or _NAMED.match(head)
    if found is None and len(head) <= _LONGEST_HEAD:
        found = _SHORT.fullmatch(head)
        if found is not None and named and _ASKS.search(found["end"]):
            return ""
    if found is None:
        return ""
    name = paragraph[found.start("topic") : found.end("topic")].strip("、 　「」")
    return _clean(name)


def _asked_about(sentence: str) -> str:
    """Return the topic that one sentence of a short turn opens; empty when it opens none."""
    name = _announced(sentence, named=False)
    opened = re.match(rf"{_OPENER}|それでは|では、", narrow(sentence))
    return name if opened or (_ASKS_NOW.search(sentence) and not re.search("[は、]", name)) else ""


def _leading(paragraphs: Sequence[str]) -> str:
    """Return what the first paragraph that is no greeting is about; empty when none says it."""
    for paragraph in paragraphs[:3]:
        if found := _LEADS.match(narrow(paragraph)):
            return _clean(paragraph[found.start("topic") : found.end("topic")])
    return ""


def _clean(name: str) -> str:
    """Drop what leads up to a topic's name; empty when nothing is named."""
    name = re.sub(r"^.*(?:の観点から|の立場から|いたしまして|ますが|ですが)、", "", name)
    name = re.sub(r"^(?:それでは|では|また|さらに|なお|まず|次に|そして|そこで|冒頭)、", "", name)
    return name if 1 < len(name) <= 60 and not _NO_TOPIC.search(name) else ""
