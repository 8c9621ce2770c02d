"""Show a cell's value as a spreadsheet program does, for the number formats that Japanese offices use.

Format codes: ECMA-376 part 1, 18.8.30 and 18.8.31. Codes that are not understood show the plain value.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

_ERAS = (
    (date(2019, 5, 1), "令和", "R"),
    (date(1989, 1, 8), "平成", "H"),
    (date(1926, 12, 25), "昭和", "S"),
    (date(1912, 7, 30), "大正", "T"),
    (date(1868, 1, 25), "明治", "M"),
)
_BUILT_IN = {
    14: "yyyy/m/d",
    27: "[$-411]ge.m.d",
    28: '[$-411]ggge"年"m"月"d"日"',
    29: '[$-411]ggge"年"m"月"d"日"',
    30: "m/d/yy",
    31: 'yyyy"年"m"月"d"日"',
    32: 'h"時"mm"分"',
    33: 'h"時"mm"分"ss"秒"',
    34: 'yyyy"年"m"月"',
    35: 'm"月"d"日"',
    36: "[$-411]ge.m.d",
    50: "[$-411]ge.m.d",
    51: '[$-411]ggge"年"m"月"d"日"',
    52: 'yyyy"年"m"月"',
    53: 'm"月"d"日"',
    54: '[$-411]ggge"年"m"月"d"日"',
    55: 'yyyy"年"m"月"',
    56: 'm"月"d"日"',
    57: "[$-411]ge.m.d",
    58: '[$-411]ggge"年"m"月"d"日"',
}
"""What the formats whose meaning depends on the language mean in Japanese, by id."""
_TOKEN = re.compile(
    r'"([^"]*)"|\\(.)|_.|\*.|\[\$([^\]-]*)(?:-[^\]]*)?\]|\[(h+|m+|s+)\]|\[[^\]]*\]'
    r"|(ggg|gg|g|ee|e|yyyy|yyy|yy|y|mmmmm|mmmm|mmm|mm|m|dddd|ddd|dd|d|aaaa|aaa|hh|h|ss|s|\.0+|AM/PM|A/P)|(.)",
    re.I | re.S,
)
_DATE_CODE = re.compile(r"[gymdhsea]", re.I)
_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\*.|\[\$([^\]-]*)(?:-[^\]]*)?\]|\[[^\]]*\]')
_DIGITS = re.compile(r"[#0?][#0?,.]*")
_WEEKDAYS = "月火水木金土日"
_ENGLISH_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def show(value: object, code: str, format_id: int = 0) -> str:
    """Return a cell's value as it is displayed; '' for an empty cell."""
    if value is None:
        return ""
    code = _BUILT_IN.get(format_id, code or "General")
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime | date | time):
        return _show_moment(value, code)
    if isinstance(value, timedelta):
        return _show_span(value, code)
    if isinstance(value, int | float):
        return _show_number(value, code)
    return str(value)


def is_date_code(code: str) -> bool:
    """Tell whether a format shows a date or a time."""
    return bool(_DATE_CODE.search(_QUOTED.sub("", code.split(";", maxsplit=1)[0]))) and code.lower() != "general"


def _show_moment(value: datetime | date | time, code: str) -> str:
    if not is_date_code(code):
        return _plain_moment(value)
    moment = value if isinstance(value, datetime) else None
    if moment is None:
        moment = (
            datetime.combine(value, time()) if isinstance(value, date) else datetime.combine(date(1900, 1, 1), value)
        )
    tokens = list(_TOKEN.finditer(code.split(";", maxsplit=1)[0]))
    half_day = any((token.group(5) or "").upper() in ("AM/PM", "A/P") for token in tokens)
    parts: list[str] = []
    previous = ""
    for at, token in enumerate(tokens):
        quoted, escaped, currency, _, name, other = token.groups()
        if name:
            following = next((one.group(5).lower() for one in tokens[at + 1 :] if one.group(5)), "")
            name = name.lower()
            minutes = name in ("m", "mm") and (previous.startswith("h") or following.startswith("s"))
            parts.append(f"{moment.minute:0{len(name)}d}" if minutes else _date_part(name, moment, half_day=half_day))
            previous = name
        else:
            parts.append(quoted or escaped or currency or other or "")
    return "".join(parts).strip()


def _plain_moment(value: datetime | date | time) -> str:
    if isinstance(value, time):
        return f"{value.hour}:{value.minute:02d}"
    day = f"{value.year}/{value.month}/{value.day}"
    if isinstance(value, datetime) and (value.hour or value.minute):
        return f"{day} {value.hour}:{value.minute:02d}"
    return day


def _date_part(name: str, moment: datetime, *, half_day: bool) -> str:
    if name in ("g", "gg", "ggg", "e", "ee"):
        return _era_part(name, moment.date())
    hour = (moment.hour % 12 or 12) if half_day else moment.hour
    simple = {
        "yyyy": f"{moment.year}",
        "yyy": f"{moment.year}",
        "yy": f"{moment.year % 100:02d}",
        "y": f"{moment.year % 100:02d}",
        "mmmmm": _MONTHS[moment.month - 1][0],
        "mmmm": _MONTHS[moment.month - 1],
        "mmm": _MONTHS[moment.month - 1][:3],
        "mm": f"{moment.month:02d}",
        "m": f"{moment.month}",
        "dd": f"{moment.day:02d}",
        "d": f"{moment.day}",
        "dddd": _ENGLISH_DAYS[moment.weekday()],
        "ddd": _ENGLISH_DAYS[moment.weekday()][:3],
        "aaa": _WEEKDAYS[moment.weekday()],
        "aaaa": f"{_WEEKDAYS[moment.weekday()]}曜日",
        "hh": f"{hour:02d}",
        "h": f"{hour}",
        "ss": f"{moment.second:02d}",
        "s": f"{moment.second}",
        "am/pm": "AM" if moment.hour < 12 else "PM",
        "a/p": "A" if moment.hour < 12 else "P",
    }
    return simple.get(name, "")


def _era_part(name: str, day: date) -> str:
    for start, era, letter in _ERAS:
        if day >= start:
            number = day.year - start.year + 1
            return {"g": letter, "gg": era[0], "ggg": era, "e": str(number), "ee": f"{number:02d}"}[name]
    return "" if name.startswith("g") else str(day.year)


def _show_span(value: timedelta, code: str) -> str:
    seconds = int(value.total_seconds())
    hours, minutes = divmod(abs(seconds) // 60, 60)
    sign = "-" if seconds < 0 else ""
    return f"{sign}{hours}:{minutes:02d}" + (f":{abs(seconds) % 60:02d}" if "s" in code.lower() else "")


def _show_number(value: int | float, code: str) -> str:
    sections = _split_sections(code)
    section, shown = sections[0], value
    if value < 0 and len(sections) > 1:
        section, shown = sections[1], -value
    elif value == 0 and len(sections) > 2:
        section = sections[2]
    literal = _QUOTED.sub("", section)
    if literal.strip().lower() in ("general", "@", ""):
        words = _literals(section, "") if literal.strip() == "" and section else ""
        return words or _plain_number(shown)
    digits = _DIGITS.search(literal)
    if digits is None or "e" in literal.lower() or "/" in literal:
        return _plain_number(value) if digits is not None else _literals(section, "")
    percent = literal.count("%")
    number = _digits(Decimal(repr(shown)) * (100**percent), digits.group())
    return _literals(section, number).strip()


def _split_sections(code: str) -> list[str]:
    return re.findall(r'(?:"[^"]*"|\\.|[^;"\\])+', code) or ["General"]


def _digits(value: Decimal, pattern: str) -> str:
    whole, _, fraction = pattern.partition(".")
    scale = len(whole) - len(whole.rstrip(","))
    places = sum(fraction.count(mark) for mark in "0#?")
    rounded = (value / (1000**scale)).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    text = f"{abs(rounded):,f}" if "," in whole.rstrip(",") else f"{abs(rounded):f}"
    before, _, after = text.partition(".")
    least = len(whole.replace(",", "").replace("#", "").replace("?", ""))
    before = before.zfill(least) if "," not in before else before
    if least == 0 and before == "0" and (after or rounded == 0):
        before = ""
    kept = fraction.count("0")
    after = after[:kept] + after[kept:].rstrip("0")
    sign = "-" if rounded < 0 else ""
    return f"{sign}{before}.{after}" if after else f"{sign}{before}"


def _literals(section: str, number: str) -> str:
    """Put a number in the place of a section's digits, and unquote what stands around it."""
    parts: list[str] = []
    placed = False
    at = 0
    while at < len(section):
        quoted = _QUOTED.match(section, at)
        digits = _DIGITS.match(section, at)
        if quoted:
            piece = quoted.group()
            parts.append(piece[1:-1] if piece[0] == '"' else piece[1:] if piece[0] == "\\" else quoted.group(1) or "")
            at = quoted.end()
        elif digits:
            parts.append("" if placed else number)
            placed = True
            at = digits.end()
        else:
            parts.append(section[at])
            at += 1
    return "".join(parts)


def _plain_number(value: int | float) -> str:
    """Show a number without a format: at most eleven digits, no '.0'."""
    if isinstance(value, int) or (value.is_integer() and abs(value) < 1e15):
        return str(int(value))
    return f"{value:.11g}"
