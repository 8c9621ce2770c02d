"""What a question asks, in few words."""

from __future__ import annotations

import re

from rag.japanese.text import narrow, sentences

__all__ = ["gist_of"]

_LONGEST = 60
_LONGEST_JUDGED = 600
_SHORTEST = 6
_FEWEST_ALONE = 16
"""Characters below which a question hardly names what it is about."""
_POINTS = re.compile(r"(?:そ[のれ]|こ[のれ]|こうした|そうした|今後|いつ|なぜ|どう|どの|いかが|何|幾ら|いくら|では)")
_SAYS = re.compile(r"[^ぁ-ん、。・]{2}")
_ADDRESSED = re.compile(r"[^、。]{0,8}(?:知事|市長|区長|町長|村長|教育長|部長|局長|課長|監)、")
_DANGLING = re.compile(r"[、。 　]*(?:を|は|も|、)*[、。 　]*$")
_LEADS = re.compile(
    r"(?:そこで|それでは|では|また|さらに|次に|まず|最後に|あわせて|併せて|加えて|改めて|初めに|続いて|なお|ついては|以上|特に|その上で)(?:は)?、?"
)
_CALLS = re.compile(
    r"[、。]?(?:(?:そこで|改めて|ぜひ)、?)?(?:[^、。]{0,12}(?:知事|市長|区長|町長|村長|長|監|当局|県|市|都|区|町|村)(?:ご自身|御自身)?(?:の|に|は|へ|から))?、?(?:ご|御|お)?"
    r"(?:(?:見解|所見|認識|答弁|説明|決意|考え|意見|所感|回答)(?:を|について|は)?(?:ご|御|お)?(?:伺い|伺う|聞|尋ね|求め|願い|示し)|伺い|伺う|尋ね|お?聞き|お?聞かせ|お?示し|お?答え|教えて|質問)"
    r"[^、。]{0,16}。?$"
)
_ABOUT = re.compile(r"(?:について|に関して|につきまして)(?:も)?[、]?$")


def gist_of(question: str, topic: str = "") -> str:
    """Return what is asked in at most 60 characters: the last sentence that says something, without the frame of asking.

    One that speaks of nothing by itself (それはいつですか), or of nothing that its topic names, stands behind the topic.
    """
    parts = [span.of(question).replace("\n", "").strip() for span in sentences(question)]
    framed = next((text for part in reversed(parts) if len(text := _framed(part)) >= _SHORTEST), "".join(parts))
    alone = len(framed) >= _FEWEST_ALONE and not _POINTS.match(framed) and _shares(topic, framed)
    if topic and not alone and topic not in framed:
        left = _LONGEST - len(topic) - 1
        return f"{topic}：{_shortened(framed, left)}" if left >= _FEWEST_ALONE else _shortened(framed, _LONGEST)
    return _shortened(framed, _LONGEST)


def _shares(topic: str, text: str) -> bool:
    """Tell whether a text has two characters in a row of the topic that say something."""
    pairs = {topic[at : at + 2] for at in range(len(topic) - 1)}
    return not topic or any(pair in text for pair in pairs if _SAYS.fullmatch(pair))


def _framed(sentence: str) -> str:
    """Take off what leads up to a question and what only calls for an answer."""
    led = _LEADS.match(sentence)
    text = (sentence[led.end() :] if led else sentence)[-_LONGEST_JUDGED:]
    called = _CALLS.search(narrow(text))
    if called:
        text = text[: called.start()]
    about = _ABOUT.search(text)
    text = text[: about.start()] if about else text
    addressed = _ADDRESSED.match(text)
    return _DANGLING.sub("", text[addressed.end() :] if addressed else text)


def _shortened(text: str, longest: int) -> str:
    """Keep the end of a long question, from a comma on where one stands; the end says what is asked."""
    if len(text) <= longest:
        return text
    cut = text.find("、", len(text) - longest)
    rest = text[cut + 1 :] if 0 < cut < len(text) - longest // 3 else text[1 - longest :]
    return "…" + rest
