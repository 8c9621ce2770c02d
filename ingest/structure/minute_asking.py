"""Which sentences of a member's speech want an answer, and how surely they do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest

from ingest.structure.minute_points import for_point, opens_point, point_of
from rag.japanese.numerals import read_integer
from rag.japanese.text import narrow, sentences

__all__ = ["Asked", "find_questions"]

_ASK = r"(?:お?伺い|お?うかがい|お尋ね|お?たずね|お聞き|ご?質問|ご?質疑|ご?確認)"
_WANTED = r"(?:答弁|見解|所見|認識|説明|回答|決意|お?考え|ご?意見|感想|評価|方針|方向性|見通し|状況|所感|御?教示|お答え|理由|根拠|結果|内容|数)"
_CLOSED = (
    r"(?:(?<!おり)(?<!まいり)ます(?:が|ので)?|ません(?:か|でしょうか)|たい(?:と(?:思|存じ|考え)[^。、]{0,8}|のです(?:が|けれども)?|もの(?:です|でございます|であります)|です(?:が|けれども)?)?"
    r"|ください(?:ませ)?|下さい(?:ませ)?|願う|伺う|問う|求める|尋ねる|しょうか|しょう|か|幸い(?:です|でございます|であります)|ところ(?:です|でございます|であります)|次第(?:です|でございます|であります))[。、]?$"
)
_DO = r"(?:を|も|をば)?(?:し|いた|申し上げ|させ|願|お願|でき)"
_STRONG = re.compile(
    rf"(?:{_ASK}{_DO}|{_ASK}(?=ます|たい|いたい)|(?:伺|尋ね)(?:い|わ)?|問い(?=ます|たい)"
    r"|(?:お聞かせ|お示し|お答え|明らかに(?:して)?|教えて|お教え|説明(?:を)?(?:して)?|示して|明示して|明確に(?:して)?|回答(?:を)?(?:して)?|答弁(?:を)?(?:して)?|お伝え|聞かせて|答えて|述べて)(?:を)?(?=くださ|下さ|いただ|願|ほしい|欲しい|もらい|お願い)"
    rf"|{_WANTED}(?:を|について|は)(?:[^。、]{{0,8}})(?:求め|願い|お願い|お?伺|承り|お?聞(?:き|かせ)|お示し|お尋ね|問い?))(?![^。]*(?:てまい|ておき|べき))[^。、]{{0,18}}?{_CLOSED}"
    r"|(?:のか|どうか|るか|たか|うか|いか|何か|つか)、?[^。]{0,20}(?:お願い|願い)(?:し|いたし|申し上げ)?ます。?$"
    r"|(?:に|を|か|は|点)、?(?:(?:併せて|あわせて|それぞれ|具体的に)、?)?(?:ご|御)?(?:聞く|問う|伺う|尋ねる|聞きたい|示されたい|答えられたい|明らかにされたい|説明されたい|(?:説明|答弁|回答)(?:を)?願いたい|教えてほしい)。?$"
    r"|(?:いかがで(?:しょう|すか|ございましょう)|いかが(?:お考え|か)|どうお考え|いかん)[^。、]{0,14}。?$"
)
_INTERROGATIVE = re.compile(
    r"(?:でしょうか|ましょうか|のですか|んですか|ですか|ますか|ませんか|ましたか|ないか|のか|たか|るか|きか|うか|くか|ものか|どうか|何か|か)[。？?]?$|[？?]$"
)
_VOCATIVE = re.compile(r"(?:[^、。]{0,6})(?:知事|市長|区長|町長|村長|教育長|部長|局長|課長)(?:は|、)")
_COLLOQUIAL = re.compile(
    r"(?:[るたうくすつぬむぐ]|ない|な|って)の(?:かい|かな|かね|よ)?[。？?]?$|(?:かい|かね|かな|でしょう|だろう|つもり|わけ)(?:です)?[。？?]?$"
)
_ASKED_NOUN = (
    "(?:策|状況|事情|理由|原因|見通し|計画|予定|時期|効果|成果|実績|件数|人数|金額|内訳|方針|考え方?|対応|対策|めど)"
)
_LEFT_OPEN = re.compile(
    rf"[^。、]{{4,}}{_ASKED_NOUN}は[。？]$|[^。、]{{2,}}{_ASKED_NOUN}と、?[^。、]{{0,12}}{_ASKED_NOUN}[。？]$"
)
_QUESTION_WORD = re.compile(
    r"なぜ|何(?:[がをでにかの]|[人件回年割点校月円箇名本]+(?!も))|どう(?!し?ても|も)|どの(?!よう[^。]*も)|どこ(?![もろ])|どちら|どっち|どれ(?!も)|いつ(?![もか])|誰(?!も)|だれ|幾ら|いくら|幾つ|いくつ|いかに|いかなる|どんな|どういう"
)
_OPEN_END = re.compile(r"(?:する|なる|いる|ある|だ)[。？?]?$")
_SHOULD = re.compile(
    r"べき(?:です|であります|でございます|で(?:は|あると)[^。]{0,12}|だと(?:思い|考え)ます(?:が、?[^。]*)?)。?$"
)
_ABOUT = re.compile(
    rf"(?:について|に関して|につきまして|に関し|の(?:件|問題|点|関係))(?:も|は|を)?、?(?:重ねて|引き続き|順次|何点か|幾つか|数点|[0-9一二三四五六七八九]+点(?:ほど)?)?、?(?:{_ASK}|質問|伺|(?<=か)聞かせて|(?<=か、)聞かせて)[^。]{{0,16}}。?$"
    r"|(?:について|に関して|につきまして)(?:です|でございます|であります)。?$"
    rf"|^[^。か]{{2,30}}から(?:{_ASK}|伺|質問)[^。]{{0,16}}。?$"
)
_OPENS = re.compile(
    r"(?:次に|次は|まず(?:初めに|最初に|は)?|続いて|続きまして|最後に|終わりに|初めに|はじめに|最初に|それでは|では|さて"
    r"|第?[0-9一二三四五六七八九十]+(?:に|点目|番目|項目め?|つ目|問目)(?:に|は|の|として)?|大項目)"
)
_GOES_ON = re.compile(r"(?:また|あわせて|併せて|さらに|加えて|同時に|それと|もう[1一]点|そして|その上で|その際)")
_MANNER = r"(?:念のため|そこで|それでは|では|以上(?:の)?(?:こと|点)?(?:から|について)?|ぜひ(?:とも)?|併せて|あわせて|改めて|再度|もう一度|具体的に|具体的な|丁寧に|丁寧な|明確に|明確な|率直に|率直な|誠意ある|まとめて|一括して|簡潔に|簡潔な|はっきり(?:と)?|しっかり(?:と)?|この点|その点|この点も|こちらも|これ|いずれも|それぞれ|どうか|最後に|まず|次に)"
_ADDRESS = r"(?:[^。、]{0,8}(?:知事|市長|区長|町長|村長|[^。、]{1,12}長|監|本部|執行部|当局|理事者|県|市|都|区|町|村|皆様|皆さん)(?:自身|さん)?(?:に|の|は|へ|から)?)"
_CALL = re.compile(
    rf"(?:{_MANNER}、?|{_ADDRESS}、?){{0,5}}(?:ご|御)?(?:{_WANTED}(?:を|について|は)?(?:お)?(?:求め|願い|お願い|伺|聞|尋ね|示し)|{_ASK}|伺[いう]|尋ね|聞く|問う|お?聞かせ|お?示し|お?答え|答弁(?=を|願|して|くだ)|答えて|いかが|どう(?:で|お考え))[^。、]{{0,16}}。?$"
    rf"|(?:{_MANNER}、?)?{_ADDRESS}、?(?:お願い|願い)(?:いたし|し|申し上げ)?ます。?$"
)
_THESE = re.compile(r"(?:以上(?:の)?|この|これら(?:の)?)、?(?P<n>[0-9一二三四五六七八九十]+)(?:点|問|項目|つ)")
_CLAPPING = re.compile(r"[(（](?:拍手|笑声|発言する者)[^)）]*[)）]")
_COUNTED_CALL = re.compile(r"以上(?:の)?、?(?P<n>[0-9一二三四五六七八九十]+)(?:点|問|項目|つ)")
_NOT_ASKED = re.compile(
    r"(?:を中心に|の立場(?:から|で)|の観点から|の視点から|を基に|に沿って|[0-9一二三四五六七八九十]+点)、?(?:ほど)?(?:質問|お?伺い|お?尋ね|お?聞き)|いかがなもの|(?:項目|テーマ|柱|観点)(?:で|を|について)、?(?:順次)?(?:質問|お?伺い|伺|お?尋ね|お?聞き)|(?<!について)(?<!を)質問させて(?:ください|いただ)|(?:中心|順番|順)に、?(?:質問|お?伺い|伺|お?尋ね|お?聞|聞かせ)|(?:前向きな|誠意ある|明快な|簡潔な|分かりやすい|具体的な)(?:ご|御)?答弁を[^。]{0,12}(?:願い|期待)|質問を(?:行い|始め|させていただきます。?$|いたします。?$|します。?$|続け)|質問(?:に入|の冒頭|を留保|といたします|とさせて)|再質問を(?:留保|させていただきます)|^(?:[0-9一二三四五六七八九]+点(?:だけ|ほど)?、?)?再質問を?(?:させて|いたし|し)(?:くだ|ます)"
    r"|(?:代表(?:いた)?して|通告(?:書)?に(?:従|基づ|沿)|会派を代表)[^。]*(?:質問|伺|お尋ね)|(?:^|、)以下、[^。]*(?:質問|伺|お尋ね)|順次(?:質問|伺|お?尋ね)|ご清聴"
)
_ENDING = re.compile(r"質問を終わ|終わり(?:ます|にいたします|たいと)|質問といたします|降壇")
_ENDED = re.compile(
    r"(?P<ask>お?伺い|お尋ね|お聞き|お願い|質問|求め)(?:を)?(?:し|いたし)?(?:まして|て)?、[^。]{0,40}(?:質問を終わ|終わり(?:ます|にいたします|たいと)|質問とい)[^。]*。?$"
)
_CALLED_AFTER = re.compile(r"、(?:[^、。]{0,8})(?:知事|市長|区長|町長|村長|教育長|部長|局長|課長|室長|監)。$")
_ONLY_SHOULD = re.compile(
    r"(?:べきで(?:あります|ございます|す)|わけで(?:あります|ございます|す)|ことで(?:あります|ございます|す))。?$"
)
_REPORTED = re.compile(
    r"(?:と(?:お?聞き|お?伺い|質問|お?尋ね)(?:を)?(?:し|いたし)(?:た|まし)|聞いて(?:おり|い)ます|伺って(?:おり|い)ます|(?:と|との|旨の)(?:ご)?答弁(?:で|が|を|も)|説明(?:されて|して)(?:い|おり)ます|指摘して(?:おき)?ます|申し上げ(?:て(?:おき)?)?ます|評価(?:を)?(?:いた)?します|お誓い|訴え"
    r"|要望(?:を)?(?:いた)?し(?:ます|て(?:おき)?|たい)|期待(?:を)?(?:いた)?し|感謝|御礼|お礼|敬意|思い(?:が|を)[^。]*。$|お見舞い|よろしくお願い|ありがとう)"
)
_LONGEST_TOPIC = 15
"""Paragraphs that a topic's question may stand below the sentence that opens it."""
_FEWEST = 9
_FEWEST_WITH_WORD = 7
"""Letters of a sentence with a word that asks (なぜ増えたのか。)."""
_ADDRESSED = 0.5
"""Of a question inside a paragraph that names whom it asks (知事は、…ですか)."""
_STRONG_VALUE, _FOLLOWED_UP, _LAST, _ABOUT_VALUE, _INSIDE, _SHOULD_VALUE = 1.0, 0.8, 0.6, 0.4, 0.35, 0.25
_LONGEST_JUDGED = 600
"""Characters of a sentence, its last ones, by which it is judged: a text without 。 must not cost the square of its length."""
_SHORT_TURN = 3
"""Paragraphs of a turn, in a dialogue, that asks what it asks most surely."""
_CALLED = 0.3
"""What a call above (そこで伺います。) adds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question that a speech puts."""

    paragraph: int
    """0-based place of its paragraph in the speech."""
    text: str
    """The sentences that ask, as they stand."""
    strength: float
    """0 to 1: how surely an answer is wanted; rhetorical questions have little."""
    opening: bool = False
    """Only names a topic (次に、…について伺います。)."""
    around: str = ""
    """What its paragraph says up to its end, from the question before it on."""
    goes_on: bool = False
    """Follows up on the question before it (また、…)."""
    call: str = ""
    """What a sentence below calls for (一点目は土木部長に…): it says whom, and is no word of the question."""
    parts: tuple[str, ...] = ()
    """Those of the sentences that stand in its paragraph."""


def find_questions(paragraphs: Sequence[str]) -> list[Asked]:
    """Return the questions of a speech in its order, at most a few a paragraph."""
    found: list[Asked] = []
    called = False
    for index, paragraph in enumerate(paragraphs):
        parts = [span.of(paragraph).strip() for span in sentences(_CLAPPING.sub("", paragraph))]
        if len(parts) == 1 and _COUNTED_CALL.match(narrow(parts[0])) and len(parts[0]) <= 60 and found:
            _strengthen(found, parts[0])
            continue
        here = _of_paragraph(index, parts, called=called)
        if not here and len(parts) == 1 and _is_call(parts[0]):
            if _THESE.search(narrow(parts[0])) or (found and index - found[-1].paragraph <= 1 and not _leads(parts[0])):
                _strengthen(found, parts[0])
                called = False
            else:
                called = True
            continue
        called = bool(parts) and _leads(parts[-1])
        found.extend(here)
        if here and _THESE.search(narrow(parts[-1])):
            _strengthen(found, parts[-1])
    found = _without_openings(found, paragraphs)
    if found and len(paragraphs) <= _SHORT_TURN and max(asked.strength for asked in found) < _FOLLOWED_UP:
        best = max(range(len(found)), key=lambda at: (not found[at].opening, found[at].strength, at))
        found[best] = replace(found[best], strength=_FOLLOWED_UP, opening=False)
    return found


def _of_paragraph(index: int, parts: Sequence[str], *, called: bool) -> list[Asked]:
    """Return the questions of one paragraph: sentences that ask are one, unless a later one starts anew (また、…)."""
    found: list[Asked] = []
    begun = 0
    for at in range(len(parts)):
        points = any(opens_point(each) for each in parts[begun : at + 1])
        value, opening, asking = _judged(parts, at, found[-1:], points=points)
        if value <= 0:
            continue
        if called and value < _STRONG_VALUE:
            value = min(_STRONG_VALUE, value + _CALLED)
        text = narrow(parts[at])
        goes_on = _GOES_ON.match(text) is not None
        anew = goes_on or points or _OPENS.match(text) is not None
        if found and not (anew and min(value, found[-1].strength) >= _LAST):
            before = found.pop()
            asking = before.parts + asking
            value, opening = max(value, before.strength), opening and before.opening
            goes_on, begun = before.goes_on, begun - before.around.count("\n") - 1
        found.append(
            Asked(
                paragraph=index,
                text="".join(asking),
                strength=value,
                opening=opening,
                around="\n".join(parts[begun : at + 1]),
                goes_on=goes_on,
                parts=asking,
            )
        )
        begun = at + 1
    return found


def _judged(
    parts: Sequence[str], at: int, before: Sequence[Asked], *, points: bool
) -> tuple[float, bool, tuple[str, ...]]:
    """Return how surely a sentence of a paragraph asks, whether it only opens a topic, and with which sentences it does."""
    part = parts[at]
    if _is_call(part):
        if at == 0 or _leads(part) or _NOT_ASKED.search(narrow(parts[at - 1][-_LONGEST_JUDGED:])):
            return 0.0, False, ()
        known = bool(before) and before[0].text.endswith(parts[at - 1])
        return _STRONG_VALUE, False, (part,) if known else (parts[at - 1], part)
    value, opening = _value(narrow(part), last=at == len(parts) - 1 or opens_point(parts[at + 1]))
    return (max(value, _LAST) if points and value > 0 and not opening else value), opening, (part,)


def _value(text: str, *, last: bool) -> tuple[float, bool]:
    """Return how surely a sentence asks, and whether it only opens a topic."""
    text = text if len(text) <= _LONGEST_JUDGED else text[-_LONGEST_JUDGED:]
    text = _CALLED_AFTER.sub("。", re.sub(r"\([^)]*\)", "", text).strip())
    tail = _ENDED.sub(r"\g<ask>します。", text)
    if len(text) < (_FEWEST if not _QUESTION_WORD.search(text) else _FEWEST_WITH_WORD) or (
        _NOT_ASKED.search(text) and tail == text
    ):
        return 0.0, False
    if _ABOUT.search(text):
        return _ABOUT_VALUE, bool(_OPENS.match(text)) or len(text) < 40
    if _STRONG.search(tail) and not _REPORTED.search(text[-26:]) and not _ONLY_SHOULD.search(text):
        return _STRONG_VALUE, False
    if _ENDING.search(text) or _REPORTED.search(text[-26:]):
        return 0.0, False
    if _INTERROGATIVE.search(text):
        return (_LAST if last else _ADDRESSED if _VOCATIVE.match(text) else _INSIDE), False
    if _LEFT_OPEN.search(text):
        return _LAST, False
    if _COLLOQUIAL.search(text) or (_QUESTION_WORD.search(text) and _OPEN_END.search(text) and len(text) < 60):
        return (_LAST if _QUESTION_WORD.search(text) else _INSIDE), False
    return (_SHOULD_VALUE, False) if _SHOULD.search(text) and last else (0.0, False)


def _is_call(part: str) -> bool:
    """Tell whether a sentence only calls for an answer (知事の見解を求めます。)."""
    text = narrow(part)
    return len(text) <= 46 and _CALL.fullmatch(text) is not None and "について" not in text


def _leads(part: str) -> bool:
    """Tell whether a sentence announces that a question follows (そこで、知事に伺います。)."""
    text = narrow(part)
    return _is_call(part) and re.match(r"(?:そこで|それでは|では|まず|次に)", text) is not None and "求め" not in text


def _strengthen(found: list[Asked], call: str) -> None:
    """Let a call for several answers (以上3点、知事に伺います。) make the questions above it certain and address them."""
    counted = _THESE.search(narrow(call))
    number = (read_integer(counted["n"]) or 1) if counted else 1
    points = _points(found, number)
    start = max(0, len(found) - number)
    if number > 1:
        firsts = (at for at, point in enumerate(points) if point == 1 and start - number <= at < start)
        start = max(firsts, default=start)
    for at in range(start, len(found)):
        inside = points[at] > 0 and points[at : at + 2] == [points[at]] * 2
        if found[at].strength >= _SHOULD_VALUE and not inside:
            said = for_point(call, points[at])
            held = found[at].text.endswith(said)
            found[at] = replace(found[at], strength=_STRONG_VALUE, call="" if held else said)


def _points(found: Sequence[Asked], number: int) -> list[int]:
    """Return for each question the number of the point under which it stands; 0 for all where they do not end at this number."""
    points: list[int] = []
    for asked in found:
        opened = [point for each in asked.around.split("\n") if (point := point_of(each))]
        points.append(opened[0] if opened else points[-1] if points else 0)
    return points if points[-1:] == [number] else [0] * len(points)


def _without_openings(found: Sequence[Asked], paragraphs: Sequence[str]) -> list[Asked]:
    """Leave out sentences that name a topic of which a question follows; one that is only followed up (また、…) is a question."""
    kept: list[Asked] = []
    for asked, following in zip_longest(found, found[1:]):
        if not asked.opening or following is None:
            kept.append(asked)
        elif _GOES_ON.match(narrow(paragraphs[following.paragraph])):
            kept.append(replace(asked, strength=_FOLLOWED_UP, opening=False))
        elif following.opening or following.paragraph - asked.paragraph > _LONGEST_TOPIC:
            kept.append(asked)
    return kept
