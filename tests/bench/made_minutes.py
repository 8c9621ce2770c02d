"""Minutes made from real ones: other years, numbers, names and nouns, exchanges and topics in another order.

Layout, lengths and turns of phrase stay, so that reading them costs what reading real ones does, while hardly a passage is
worded as in another file and its vector has to be made.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from rag.japanese.numerals import read_integer, to_kanji

_YEARS = {"昭和": 63, "平成": 30, "令和": 8}
_PROTECTED = "議長員委座事局部課番席問答質題件次第最初終後以上下会日程閉開休憩散伺尋聞見解所説明申報告知副教育監県都市区町村年月時分点目先順君氏付託採決投票選挙指名互朗読起立着登降壇退許可疑"
"""Characters of the words by which minutes are told apart from what they say: who speaks, asks, answers, leads over."""
_NUMERALS = "一二三四五六七八九十百千万億"
_SURNAME = re.compile(r"番([一-龠々ヶ]{2,4})　+[一-龠々ぁ-んァ-ヶ]{1,4}君$", re.MULTILINE)
_WORD = re.compile(rf"(?<![一-龠々])(?:(?![{_PROTECTED}{_NUMERALS}])[一-龠々]){{2}}(?![一-龠々])")
_YEAR = re.compile(r"(昭和|平成|令和)([元一二三四五六七八九十]{1,3}|[0-9０-９]{1,2})年")
_ISO_YEAR = re.compile(r"^(20[0-9]{2})(?=-[0-9]{2}-[0-9]{2}$)", re.MULTILINE)
_NUMBER = re.compile(
    rf"(?<![第0-9０-９{_NUMERALS}])[0-9０-９{_NUMERALS}]+(?=年間|年度|か月|人|名|億|兆|円|回|校|床|戸|棟|台|社|団体|か所|カ所|%|％|パーセント|ポイント)"
)
_DIGITS = {**dict.fromkeys("123456789", "123456789"), **dict.fromkeys("１２３４５６７８９", "１２３４５６７８９")}
_DIGITS |= dict.fromkeys("二三四五六七八九", "二三四五六七八九")
_SPEECH = re.compile(r"^(?=[◯○〇●◎])", re.MULTILINE)
_MEMBER = re.compile(rf"[◯○〇●◎] ?(?:[{_NUMERALS}0-9０-９]+番|[^（(　]*議員)")
_CHAIR = re.compile(r"[◯○〇●◎] ?[^（(]*議長")
_NEXT = re.compile(r"^(?=　?次に、)", re.MULTILINE)
_FEWEST = 3
"""Times that a noun stands in the originals before it may stand for another."""
_SHARE = 0.4
"""Of the nouns, how many are others in a made file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What the originals say, to say it elsewhere."""

    nouns: Sequence[str]
    surnames: Sequence[str]


def words_of(originals: Iterable[str]) -> Words:
    """Collect the nouns of two characters and the surnames of members."""
    nouns: Counter[str] = Counter()
    surnames: set[str] = set()
    for text in originals:
        surnames.update(_SURNAME.findall(text))
        nouns.update(_WORD.findall(text))
    usual = sorted(word for word, times in nouns.items() if times >= _FEWEST and word not in surnames)
    return Words(nouns=usual, surnames=sorted(surnames))


def make_minutes(original: str, seed: object, words: Words) -> str:
    """Return other minutes of the same layout and nearly the same length; equal seeds give equal ones on every machine."""
    random = Random(f"{seed}")
    others = dict(zip(words.surnames, random.sample(words.surnames, len(words.surnames)), strict=True))
    chosen = random.sample(words.nouns, round(len(words.nouns) * _SHARE))
    others |= dict(zip(chosen, random.sample(words.nouns, len(chosen)), strict=True))
    shift = random.randrange(1, 8)
    text = _with_words(_reordered(original, random), others, words.surnames)
    text = _ISO_YEAR.sub(lambda found: str(2001 + (int(found[1]) - 2001 + shift) % 25), text)
    text = _YEAR.sub(lambda found: f"{found[1]}{_year(found[2], _YEARS[found[1]], shift)}年", text)
    numbers = {number: _number(number, random) for number in dict.fromkeys(_NUMBER.findall(text))}
    return _NUMBER.sub(lambda found: numbers[found[0]], text)


def make_files(place: Path, originals: Mapping[str, str], size: int) -> Iterator[Path]:
    """Write made files, of every original in turn, until they hold this many bytes; yield each."""
    words = words_of(originals.values())
    written = number = 0
    while written < size:
        for name, original in originals.items():
            body = make_minutes(original, f"{name}-{number}", words).encode()
            file = place / f"{number:04}" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(body)
            written += len(body)
            yield file
            if written >= size:
                break
        number += 1


def _reordered(text: str, random: Random) -> str:
    """Shuffle the exchanges of a sitting, and in each speech of a member the topics that begin with 次に."""
    head, *speeches = _SPEECH.split(text)
    bodies = [speech.rstrip() for speech in speeches]
    ends = [speech[len(body) :] for speech, body in zip(speeches, bodies, strict=True)]
    opening: list[str] = []
    exchanges: list[list[str]] = []
    for body in bodies:
        if _MEMBER.match(body):
            before = exchanges[-1] if exchanges else opening
            called = [before.pop()] if before and _CHAIR.match(before[-1]) else []
            exchanges.append([*called, _topics_reordered(body, random)])
        else:
            (exchanges[-1] if exchanges else opening).append(body)
    random.shuffle(exchanges)
    moved = [*opening, *(body for exchange in exchanges for body in exchange)]
    return "".join([head, *(body + end for body, end in zip(moved, ends, strict=True))])


def _topics_reordered(speech: str, random: Random) -> str:
    first, *topics = _NEXT.split(speech)
    random.shuffle(topics)
    return first + "\n".join(topic.rstrip("\n") for topic in topics)


def _with_words(text: str, others: Mapping[str, str], surnames: Sequence[str]) -> str:
    names = "|".join(sorted(surnames, key=len, reverse=True))
    pattern = re.compile(f"{names}|{_WORD.pattern}") if names else _WORD
    return pattern.sub(lambda found: others.get(found[0], found[0]), text)


def _year(number: str, last: int, shift: int) -> str:
    """Return another year of the same era, written as the first."""
    year = 1 + (read_integer(number) - 1 + shift) % last
    if year == 1:
        return "元"
    return str(year) if number[0].isdigit() and number not in _NUMERALS else to_kanji(year)


def _number(number: str, random: Random) -> str:
    """Return another number with as many digits."""
    return "".join(random.choice(_DIGITS[char]) if char in _DIGITS else char for char in number)
