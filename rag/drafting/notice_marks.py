"""How the entries of a notice are numbered: 問1, 1, 一, Ⅰ, (1), ①, ア, (ア), 1-(1)-ア, ・."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from rag.japanese.numerals import read_integer
from rag.japanese.text import narrow

__all__ = ["BULLET", "Mark", "Marked", "follows", "is_number_only", "label_of", "read_marks", "split_inside"]

BULLET = "bullet"
"""Style of an entry that stands behind a sign (・, ■) and bears no number."""
_KANA = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン"
_IROHA = "イロハニホヘトチリヌルヲワカヨタレソツネナラム"
_HALF_KANA = str.maketrans("ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉ", "アイウエオカキクケコサシスセソタチツテトナニヌネノ")
_KANJI = "一二三四五六七八九十"
_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8, "IX": 9, "X": 10}
_SERIES = (
    ("circled", "①", 20, 1),
    ("circled", "㉑", 15, 21),
    ("black", "❶", 10, 1),
    ("(arabic", "⑴", 20, 1),
    ("arabic", "⒈", 20, 1),
    ("roman", "Ⅰ", 12, 1),
    ("roman small", "ⅰ", 12, 1),
    ("(kanji", "㈠", 10, 1),
    ("(latin", "⒜", 26, 1),
    ("circled kana", "㋐", 46, 1),
)
"""Style, its first sign, how many signs, the value of the first."""
_SIGNS = {chr(ord(first) + at): (style, value + at) for style, first, count, value in _SERIES for at in range(count)}
_SIGN = f"[{''.join(_SIGNS)}]"
_COUNT = rf"(?:[0-9]{{1,3}}|[{_KANJI}]{{1,3}})"
_INNER = rf"(?:{_COUNT}|[ア-ン]|[a-zA-Z]|[IVX]{{2,4}}|[ⅰ-ⅻⅠ-Ⅻ])"
_WORDS = r"(?:大項目|中項目|小項目|大問|中問|小問|質問|質疑|問い?|設問|項目|Q|No\.?)"
_ASKED = rf"(?:{_WORDS} ?(?:\({_COUNT}\)|{_COUNT})(?:点目)?|第 ?{_COUNT}(?: ?問目?)?)(?![0-9{_KANJI}])"
_BARE = (
    rf"(?:[0-9]{{1,3}}(?![0-9,])|[{_KANJI}]{{1,3}}(?![{_KANJI}])|[ア-ン](?![ァ-ヶー])"
    r"|[IVX]{1,4}(?![a-zA-Z])|[a-zA-Z](?![a-zA-Z]))"
)
_STEP = rf"(?:{_ASKED}|\( ?{_INNER} ?\)|(?:[0-9]{{1,2}}|[ア-ン]|[a-zA-Z])\)|{_SIGN}|{_BARE})"
_ONE = re.compile(_STEP)
_JOIN = re.compile(rf"(?: ?[-.・の/] ?| ?)(?={_STEP})")
_PREFIX = re.compile(r"(?P<sign>[■□◆◇●◎○▼▽★☆<〈【\[〔《≪]) ?(?=[0-9(第問質大中小設項QⅠ-Ⅻ①-⑳一二三四五六七八九十])")
_SEPARATOR = re.compile(r"[ \t]*[.、,:．｡。)】\]>〉〕》≫]?[ \t]*")
_BULLET = re.compile(r"(?:[・･●◯◎■□◆◇▼▽▲△★☆▶►‣•]|[○*\-–][ \t]?)[ \t]*(?=[^\s0-9\-])")
_UNITS = tuple(
    "年月日人名件時分円割倍校市町村県区か箇ヶケカヵ個つ回度点期次号条項歳台億万千百兆番本社団体世帯施設路%キメ㎞k"
)
"""What follows a figure that counts; a number of an entry stands in front of it only with something between."""
_SPEAKS_OF = re.compile(r"[のでをはがも](?!現|在|状|実|効)|と(?!り)|及び|から|に(?!お|関|つ)")
"""What follows a number that a sentence speaks of: (1)の答弁を踏まえ."""
_LEAST = 3
"""Characters of an entry inside a line, at least."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One step of a number."""

    style: str
    """'arabic', '(arabic', 'kana', 'asked', BULLET; marks of one style are one row of numbers."""
    value: int
    """1 for the first; 0 for a bullet."""
    label: str
    """As an Item has it: '1', 'ア'; empty for a bullet."""
    surface: str = ""
    """How it is written beyond its style: width and what closes it, or the sign of a bullet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """The number in front of a line."""

    marks: tuple[Mark, ...]
    """Several for 1-(1)-ア."""
    words: int
    """Offset of the entry's own words."""
    sure: bool
    """False: it runs into the words without anything between (1地域公共交通について), or the words make it a figure."""


def read_marks(text: str) -> Marked | None:
    """Return the number that a line begins with; None: with none."""
    line = narrow(text).translate(_HALF_KANA)
    start = len(line) - len(line.lstrip())
    prefix = _PREFIX.match(line, start)
    spans = _path(line, prefix.end() if prefix else start)
    if not spans:
        return _bullet(line, start)
    begin, end = spans[0][0], spans[-1][1]
    steps = _steps([line[left:right] for left, right in spans])
    separator = _SEPARATOR.match(line, end)
    after = separator.end() if separator else end
    parted = after > end or after == len(line)
    bare = steps[-1].style.rstrip("-") in ("arabic", "kanji", "kana", "latin", "LATIN", "roman letters")
    follows_figure = line.startswith(_UNITS, after)
    if line[end : end + 1] == "." and line[end + 1 : end + 2].isdigit():
        return None
    runs_in = bare and not parted
    if runs_in and (follows_figure or steps[-1].style.rstrip("-") not in ("arabic", "kana")):
        return _bullet(line, start)
    if not parted and (_SPEAKS_OF.match(line, end) or line[begin] == "第"):
        return _bullet(line, start)
    surface = ("wide" if text[begin : begin + 1] != line[begin] else "") + line[end:after].strip()
    steps[-1] = Mark(style=steps[-1].style, value=steps[-1].value, label=steps[-1].label, surface=surface)
    return Marked(marks=tuple(steps), words=after, sure=not runs_in and not (bare and follows_figure))


def is_number_only(text: str) -> bool:
    """Tell whether a cell holds a number and nothing else."""
    marked = read_marks(text)
    return marked is not None and marked.words >= len(text.rstrip()) and marked.marks[0].style != BULLET


def label_of(marks: tuple[Mark, ...]) -> str:
    """Return a number as a person reads it in a warning: '1(2)ア'."""
    return "".join(f"({mark.label})" if mark.style[0] == "(" else mark.label for mark in marks)


def follows(mark: Mark, before: Mark) -> bool:
    """Tell whether a number is the next one of its row; イ is followed by ウ, or by ロ."""
    if mark.value == before.value + 1:
        return True
    pair = before.label + mark.label
    return "kana" in mark.style and len(pair) == 2 and pair in _IROHA


def split_inside(text: str) -> list[str]:
    """Cut a line at the numbers of a whole row inside it: '①現状②課題', '(1) 現状　(2) 課題'."""
    line = narrow(text).translate(_HALF_KANA)
    for pattern in (r"[①-⑳]", r"\([0-9]{1,2}\)", r"[⑴-⒇]", r"\([ア-ン]\)"):
        row = [
            found
            for found in re.finditer(pattern, line)
            if _begins_entry(line, found) and not _SPEAKS_OF.match(line, found.end())
        ]
        values = [_read(found[0])[1] for found in row]
        places = [*(found.start() for found in row), len(line)]
        long_enough = all(right - left >= _LEAST for left, right in pairwise(places))
        if len(row) > 1 and values == list(range(1, len(row) + 1)) and long_enough:
            pieces = [text[left:right] for left, right in pairwise([0, *places])]
            first = read_marks(pieces[0])
            if first is not None and first.words >= len(pieces[0].rstrip()):  # '1 (1) 現状 (2) 課題' begins with two
                pieces[:2] = [pieces[0] + pieces[1]]
            return [piece for piece in pieces if piece.strip()]
    return [text]


def _begins_entry(line: str, found: re.Match[str]) -> bool:
    """Tell a number that begins an entry inside a line from one in a sentence."""
    before = line[: found.start()]
    return (
        found[0] in _SIGNS
        or not before.strip()
        or before[-1] in " \t。、)」;:?-の0123456789"
        or before.endswith(("について", "か"))
    )


def _path(line: str, at: int) -> list[tuple[int, int]]:
    """Return where the steps of the number at an offset stand."""
    spans: list[tuple[int, int]] = []
    while found := _ONE.match(line, at):
        if spans:
            gap = line[spans[-1][1] : found.start()]
            same = _read(found[0])[0] == _read(line[slice(*spans[-1])])[0]
            ends = found.end() == len(line) or line[found.end()] in " .、,"
            joined = gap.strip() or found[0][0] == "(" or found[0] in _SIGNS or (not gap and ends)
            speaks = _SPEAKS_OF.match(line, found.end()) or line.startswith(_UNITS, found.end())
            if not joined or speaks or (same and gap.strip() not in ("-", ".")):
                break
        spans.append(found.span())
        join = _JOIN.match(line, found.end())
        if join is None:
            break
        at = join.end()
    return spans


def _bullet(line: str, start: int) -> Marked | None:
    """Return the mark of a line that begins with a sign; None: it does not."""
    found = _BULLET.match(line, start)
    if found is None:
        return None
    return Marked(marks=(Mark(style=BULLET + found[0].strip(), value=0, label=""),), words=found.end(), sure=True)


def _steps(pieces: list[str]) -> list[Mark]:
    steps: list[Mark] = []
    for piece in pieces:
        style, value, label = _read(piece)
        if steps and style == steps[-1].style:
            style += "-"  # the second 1 of 1-1
        steps.append(Mark(style=style, value=value, label=label))
    return steps


def _read(step: str) -> tuple[str, int, str]:
    """Return style, value and label of one step."""
    word = re.match(rf"{_WORDS}|第", step)
    inner = re.sub(r"(?:問目?|点目)$", "", step[word.end() :] if word else step).strip()
    bare = inner.strip("() ")
    bracket = "(" if inner[0] == "(" else ")" if inner[-1] == ")" else ""
    if bare in _SIGNS:
        style, value = _SIGNS[bare]
        label = _KANA[value - 1] if "kana" in style else chr(ord("a") + value - 1) if "latin" in style else str(value)
    elif bare.isdigit():
        style, value, label = "arabic", int(bare), str(int(bare))
    elif bare[0] in _KANJI:
        style, value, label = "kanji", read_integer(bare), str(read_integer(bare))
    elif bare in _KANA:
        style, value, label = "kana", _KANA.index(bare) + 1, bare
    elif bare in _ROMAN:
        style, value, label = "roman letters", _ROMAN[bare], str(_ROMAN[bare])
    elif len(bare) == 1:
        style, value, label = ("LATIN" if bare.isupper() else "latin"), ord(bare.lower()) - ord("a") + 1, bare
    else:
        style, value, label = "other", 0, bare
    if word:
        return f"asked {word[0]}", value, label
    return style if bare in _SIGNS and not bracket else f"{bracket}{style}", value, label
