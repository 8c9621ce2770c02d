"""The wording of written questions: which sentences ask, what they ask in few words, and how much two wordings share."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.japanese.text import narrow, sentences

__all__ = ["asking_sentences", "asks", "core", "end_of_question", "gist", "is_heading", "overlap"]

_POLITE = r"(?:もの(?:です|である|であります)(?:が)?|(?:と(?:思|考え)[^。、]{0,8}))?"
_DO = r"(?:する|します|したい|いたします|致します|いたしたい)"
_ASKS = re.compile(
    rf"(?:か|かが|如何|いかん|(?:伺|問|うかが)(?:う|います|いたい){_POLITE}|お伺い{_DO}|(?:尋|たず)ね(?:る|ます|たい){_POLITE}|お尋ね{_DO}|(?:お聞き|質問){_DO}"
    rf"|(?:求|もと)め(?:る|ます|たい){_POLITE}|願(?:う|います|いたい)|お願い{_DO}|(?:され|られ|いただき|頂き|もらい|回答し|答弁し|知り)たい{_POLITE}"
    rf"|ください|下さい|提案{_DO}{_POLITE}|提案するもの(?:です|である))(?:。|[?!])*$|[?]$"
)
_CLAIMS = re.compile(
    r"(?:べき(?:だ|です|である|であります)?|こと|必要(?:だ|です|である|があります|がある)|求められています|要望(?:する|します))。?$"
)
_CALL = re.compile(
    r"(?:(?:そこで|また|併せて|あわせて|以上|それぞれ|改めて|いずれも|この点|これら|具体的に)(?:について|の点)?、?)*(?:[^。、]{0,14}(?:の|に|として)、?)?(?:ご|御)?"
    r"(?:答弁|見解|所見|お?答え|認識|お?考え|お示し|お聞かせ|回答|説明|意見|質問|いかが|如何|どう|伺|尋ね)[^。、]{0,16}。?$"
)
_SAYS = re.compile(r"[伺問尋求願]|うかが|たずね|もとめ|たい|ください|下さい|提案")
_OPENS = re.compile(
    r"(?:はじめに|初めに|まず|次に|最初に|続いて|そこで|最後に)?、?[^。、]{0,40}について(?:、?(?:以下|次)の[^。、]{0,8})?、?(?:お?伺|うかが|質問|お?尋ね)[^。]{0,8}。?"
)
_LEADS = re.compile(
    r"^(?:また|さらに|更に|そこで|まず|次に|最後に|はじめに|あわせて|併せて|なお|特に|ついては|したがって|加えて|それでは|では|以上を踏まえ|こうした中)(?:は)?、"
)
_OF = r"(?:[^、。]{0,6}(?:都|県|市|区|町|村|国|知事|市長|区長|[長庁局部課]|委員会)(?:として)?の|ご|御)?"
_FRAMES = (
    re.compile(r"[。?!]+$"),
    re.compile(
        rf"(?:、(?:それぞれ|併せて|あわせて|具体的に|改めて)?、?|(?<=か)){_OF}(?:見解|所見|認識|お?考え|答弁|回答)(?:について|は|を|も)?、?"
        r"(?:お?伺[^、。]{0,6}|お?問[うい][^、。]{0,4}|(?:求|もと)め[^、。]{0,8}|尋ね[^、。]{0,4}|いかが(?:か|でしょうか)?|如何|どうか|お示し[^、。]{0,8}|お聞かせ[^、。]{0,8}|願[^、。]{0,6})?$"
    ),
    re.compile(
        r"(?:、?(?:お?(?:伺|うかが)(?:う|い(?:ます|たい|いたします|する|します)[^、。]{0,8})|お?(?:尋|たず)ね(?:る|ます|します|いたします)|質問(?:する|します)|(?:問う|問います)|お聞き(?:する|します))"
        r"|(?<=[をか、て])(?:お?答え|お?示|明らかに)[^、。]{0,6}(?:たい|ください))$"
    ),
    re.compile(r"(?<=か)、?どう(?:ですか|か)$"),
    re.compile(
        r"(?:と(?:考え|思い?|思わ)[^、。]{0,6})?(?:が|けれども)?、?(?:どう(?:です)?か|いかが(?:です|でしょう)?か?|如何)?$"
    ),
    re.compile(r"(?:について(?:の|も)?|に関する|(?:具体的に|それぞれ|改めて)|[をはも])?[、。]*$"),
)
_HANGS = re.compile(r"(?:また、)?(?:こ|そ)(?:の|れ|れら|うした)|同|上記|前述|と(?!り)")
"""Words of a sentence that speaks of the one before it."""
_LONGEST_GIST = 60
_SHORTEST_QUESTION = 16
"""Characters below which a sentence that asks says too little without the one before it."""
_SHORTEST_CLAIM = 40
"""Characters from which on a first paragraph that does not ask is the question all the same."""
_LONGEST_HEADING = 60
_SHORTEST = 5


def asks(paragraph: str) -> bool:
    """Tell whether a paragraph ends in a sentence that wants an answer; so does a bare claim (…すべきである。)."""
    parts = _parts(paragraph)
    return bool(parts) and (_is_asking(parts[-1]) or _CLAIMS.search(narrow(parts[-1])) is not None)


def end_of_question(paragraphs: Sequence[str]) -> int:
    """Return how many paragraphs belong to a question that another one follows; what stands below leads to that one.

    It ends with the first paragraph that asks and those directly below that ask too, or with a later one that says so (…を求める).
    """
    end = 0
    for at, paragraph in enumerate(paragraphs):
        last = (_parts(paragraph) or [""])[-1]
        if not asks(paragraph) or (_OPENS.fullmatch(narrow(last)) and at + 1 < len(paragraphs)):
            continue
        if not end or at == end or (_SAYS.search(last) and _is_asking(last)):
            end = at + 1
    if end:
        return end
    return 1 if len(paragraphs[0]) >= _SHORTEST_CLAIM and not is_heading(paragraphs[0]) else len(paragraphs)


def is_heading(text: str) -> bool:
    """Tell whether words are a heading: short, and no sentence."""
    return 0 < len(text) <= _LONGEST_HEADING and text[-1] not in "。、？?！!" and not _is_asking(text)


def asking_sentences(paragraphs: Sequence[str]) -> list[tuple[int, str]]:
    """Return the sentences that ask, each with the place of its paragraph; the last claim, else the last sentence, where none does.

    They are those of the last paragraph that asks, of the ones directly above that end in asking, and any that says so
    (…を求める). A call for an answer (見解を伺う。), and what cannot be understood alone, brings the sentence before it along.
    """
    parts = [(at, part) for at, paragraph in enumerate(paragraphs) for part in _parts(paragraph)]
    asking = [index for index, (_, part) in enumerate(parts) if _is_asking(part)]
    if not asking:
        asking = [index for index, (_, part) in enumerate(parts) if _CLAIMS.search(narrow(part))][-1:]
    first = last = parts[asking[-1]][0] if asking else 0
    while first and asks(paragraphs[first - 1]):
        first -= 1
    chosen = [
        index
        for index in asking
        if first <= parts[index][0] <= last
        or (_SAYS.search(parts[index][1]) and not _OPENS.fullmatch(narrow(parts[index][1])))
    ]
    kept: set[int] = set(chosen or range(len(parts))[-1:])
    for index in chosen:
        text = narrow(parts[index][1])
        above = parts[index - 1] if index else (-1, "")
        short = above[0] == parts[index][0] and (len(text) < _SHORTEST_QUESTION or _HANGS.match(text))
        if above[1] and not is_heading(above[1]) and (short or _CALL.fullmatch(text)):
            kept.add(index - 1)
    return [parts[index] for index in sorted(kept)]


def gist(question: str) -> str:
    """Return what a question asks in at most 60 characters, without the frame (…について見解を伺う。)."""
    parts = [part for _, part in asking_sentences([question])]
    said = [_bare(part) for part in parts if not _CALL.fullmatch(narrow(part))] or [_bare(part) for part in parts]
    whole = "。".join(said)
    if len(whole) <= _LONGEST_GIST:
        return whole
    asked = [at for at, text in enumerate(said) if not _HANGS.match(text)] or [0]
    short = said[asked[0]]
    if asked[0] + 1 < len(said) and _HANGS.match(said[asked[0] + 1]):
        short = f"{short}。{said[asked[0] + 1]}"
    return _shortened(short)


def core(text: str) -> str:
    """Return a text's sentences without connectives and frames, for comparison."""
    return "\n".join(map(_bare, _parts(text)))


def overlap(short: str, long: str) -> float:
    """Return the share of the first text's character pairs that the second one holds, 0 to 1."""
    pairs, others = _pairs(short), _pairs(long)
    return len(pairs & others) / len(pairs) if pairs else 0.0


def _parts(text: str) -> list[str]:
    return [span.of(text) for span in sentences(text)]


def _is_asking(sentence: str) -> bool:
    return _ASKS.search(narrow(re.sub(r"[」』）)\s]+$", "", sentence))) is not None


def _bare(sentence: str) -> str:
    """Take off connectives in front and the frame behind."""
    text = sentence.strip()
    while found := _LEADS.match(text):
        text = text[found.end() :]
    for frame in _FRAMES:
        found = frame.search(text)
        if found and found.start() >= _SHORTEST:
            text = text[: found.start()]
    return text


def _shortened(text: str) -> str:
    """Keep the end of a long sentence from a comma on: Japanese says last what it asks."""
    if len(text) <= _LONGEST_GIST:
        return text
    cuts = [found.end() for found in re.finditer("、", text) if len(text) - found.end() <= _LONGEST_GIST]
    if cuts and len(text) - cuts[0] >= _LONGEST_GIST / 3:
        return text[cuts[0] :]
    return text[-_LONGEST_GIST + 1 :] if not cuts else "…" + text[-_LONGEST_GIST + 1 :]


def _pairs(text: str) -> set[str]:
    plain = "".join(narrow(text).split())
    return {plain[at : at + 2] for at in range(len(plain) - 1)}
