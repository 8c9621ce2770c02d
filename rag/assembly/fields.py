"""What a sheet says, under the names that a template gives to its places ({{問}}, {{答}}, {{過去.要旨}})."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from rag.assembly.item import Check, Finding, Severity
from rag.assembly.sheet import CONFIRM, RECUT, Compared, Sheet
from rag.domain import Citation

ANSWER = "答"
"""The place of the answer: one paragraph of the template becomes one for each part."""
REQUIRED = ("問", ANSWER)
"""The places that every template has."""
TEMPLATE_FILE = "sheet_template.docx"
"""An office's own template in its home, in place of the packaged one."""
NOTHING = "該当なし"
UNKNOWN = "（未定）"
RECUT_SHOWN = "過去の答弁の文から（言語モデルなし）"
UNWRITTEN = f"【{CONFIRM}】答弁の案がありません。関係する文書を取り込んで作り直すか、担当課で書いてください。"
SIGNS = {None: "○", Severity.NOTE: "○", Severity.CAUTION: "△", Severity.RED: "×"}
"""How the gravest finding of a check is shown; None: it found nothing."""
UNCHECKED = "－"
"""How a check is shown that did not run."""
_BOXES = {
    "漏れ": (Check.COVERAGE,),
    "整合": (Check.CONSISTENCY, Check.DUPLICATES),
    "数値時点": (Check.FIGURES,),
    "表現": (Check.STRENGTH, Check.COMMITMENT, Check.LENGTH),
    "協議": (Check.LEVEL,),
}
"""The boxes that staff tick, each with the checks that help to tick it."""
COLUMNS = {
    "資料": ("番号", "時点", "出典", "引用", "段落"),
    "過去": ("年月", "会議", "答弁者", "質問", "要旨", "出典", "差"),
    "再質問": ("問", "答", "出典"),
    "変更": ("段落", "内容"),
    "確認": ("欄", "結果"),
}
"""The groups that repeat, with the names in each."""
_LONGEST_GIST = 200
_ERAS = ((date(2019, 5, 1), "令和", 2018), (date(1989, 1, 8), "平成", 1988), (date(1926, 12, 25), "昭和", 1925))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """The texts of a sheet by the names of their places."""

    single: Mapping[str, str]
    """{{name}} → its text; line breaks stay."""
    answer: tuple[str, ...]
    """The paragraphs for {{答}}; never empty."""
    rows: Mapping[str, tuple[Mapping[str, str], ...]]
    """Group → its rows, for {{group.name}}; a group without rows is shown as 該当なし."""
    names: frozenset[str]
    """Every name that a template may use."""


def fields_of(sheet: Sheet) -> Fields:
    """Return what a sheet says, by the names of its places."""
    single = _head(sheet) | _body(sheet)
    rows = {
        "資料": _sources(sheet),
        "過去": tuple(_past(each) for each in sheet.past_answers),
        "再質問": _follow_ups(sheet),
        "変更": _changes(sheet),
        "確認": tuple({"欄": f"□{box}", "結果": _box(sheet, box)} for box in _BOXES),
    }
    wrong = {each.paragraph for each in sheet.findings if each.severity is Severity.RED}
    answer = tuple(
        _spoken(each.text, needs_confirming=each.needs_confirming or number in wrong)
        for number, each in enumerate(sheet.paragraphs)
    )
    names = {*single, ANSWER, *(f"{group}.{column}" for group, columns in COLUMNS.items() for column in columns)}
    return Fields(single=single, answer=answer or (UNWRITTEN,), rows=rows, names=frozenset(names))


def in_era(day: date) -> str:
    """Write a day as offices do: '令和8年12月3日'; a day before 昭和 in the common era."""
    era, before = next(((era, before) for start, era, before in _ERAS if start <= day), ("", 0))
    year = day.year - before
    return f"{era}{'元' if era and year == 1 else year}年{day.month}月{day.day}日"


def in_minutes(seconds: int) -> str:
    """Write a time as it is said: '2分3秒'."""
    minutes, rest = divmod(seconds, 60)
    return f"{minutes}分{rest}秒" if minutes else f"{rest}秒"


def moment(made_at: datetime) -> str:
    """Write a moment in its own zone: '令和8年11月26日 21時34分'."""
    return f"{in_era(made_at.date())} {made_at.hour}時{made_at.minute:02}分"


def sign_of(sheet: Sheet, *checks: Check) -> str:
    """Return ○, △ or × for what these checks found, － where none of them ran."""
    found = sheet.found_by(*checks)
    if not found and not any(map(sheet.ran, checks)):
        return UNCHECKED
    return SIGNS[found[0].severity if found else None]


def _head(sheet: Sheet) -> dict[str, str]:
    item = sheet.item
    member = f"{_line(item.member)} 議員" if item.member else UNKNOWN
    seat = f"{item.seat}番 " if item.seat else ""
    group = f"（{item.group}）" if item.group else ""
    told = {
        "議会": sheet.sitting or UNKNOWN,
        "日": in_era(sheet.day) if sheet.day else UNKNOWN,
        "質問者": f"{seat}{member}{group}",
        "議員名": item.member or UNKNOWN,
        "会派": item.group or NOTHING,
        "議席番号": item.seat or NOTHING,
        "通告番号": item.label or NOTHING,
        "答弁者": item.answerer or UNKNOWN,
        "主担当課": sheet.office or UNKNOWN,
        "関係課": "、".join(sheet.related_offices) or NOTHING,
        "連絡先": sheet.contact or UNKNOWN,
    }
    return {name: _line(text) for name, text in told.items()}


def _line(text: str) -> str:
    """Return a text on one line: a head has no room for more."""
    return re.sub(r"[\s\x00-\x1f]*[\n\r\t\x0b\x0c][\s\x00-\x1f]*", " ", text).strip()


def _body(sheet: Sheet) -> dict[str, str]:
    item = sheet.item
    renewed = "差替え" if sheet.version > 1 else "作成"
    return {
        "大項目": "　＞　".join(map(_line, item.headings)),
        "問": item.text or NOTHING,
        "背景": item.background,
        "姿勢": item.stance or "指定なし",
        "字数": f"{sheet.characters:,}字",
        "時間": in_minutes(sheet.speaking_seconds),
        "速さ": f"{sheet.characters_a_minute}字／分",
        "状態": sheet.status,
        "版": f"第{sheet.version}版",
        "作成時刻": f"{moment(sheet.made_at)} {renewed}",
        "作成方法": RECUT_SHOWN if sheet.model == RECUT else _line(sheet.model) or NOTHING,
    }


def _spoken(text: str, *, needs_confirming: bool) -> str:
    return f"【{CONFIRM}】{text}" if needs_confirming else text


def _sources(sheet: Sheet) -> tuple[dict[str, str], ...]:
    return tuple(
        {
            "番号": str(each.number),
            "時点": _as_of(each.citation),
            "出典": _where(each.citation),
            "引用": f"「{each.citation.quote}」" if each.citation.quote else NOTHING,
            "段落": "、".join(map(str, each.paragraphs)) or "再質問",
        }
        for each in sheet.sources
    )


def _as_of(citation: Citation) -> str:
    """Write from when (and to when) a source is in force; one without dates must be looked at."""
    start, end = citation.period.start, citation.period.end
    if start is None and end is None:
        return f"時点不明（{CONFIRM}）"
    if start and not end and f"{start.month}月{start.day}日" in citation.locator:  # a remark is of its day
        return in_era(start)
    return f"{in_era(start) if start else ''}～{f'{in_era(end)}の前日' if end else ''}"


def _where(citation: Citation) -> str:
    page = f"（{citation.page}ページ）" if citation.page else ""
    named = citation.locator.startswith(citation.title)
    return (citation.locator if named else f"{citation.title}　{citation.locator}".strip()) + page


def _past(compared: Compared) -> dict[str, str]:
    past = compared.answer
    gist = past.citation.quote or past.text
    return {
        "年月": in_era(past.day).rpartition("月")[0] + "月" if past.day else "不明",
        "会議": past.sitting or NOTHING,
        "答弁者": past.official or NOTHING,
        "質問": past.question or NOTHING,
        "要旨": gist if len(gist) <= _LONGEST_GIST else f"{gist[:_LONGEST_GIST]}…",
        "出典": _where(past.citation),
        "差": compared.difference or CONFIRM,
    }


def _follow_ups(sheet: Sheet) -> tuple[dict[str, str], ...]:
    return tuple(
        {
            "問": each.question,
            "答": each.answer or f"【{CONFIRM}】取り込んだ文書に答えがありません。担当課で用意してください。",
            "出典": "、".join(f"資料{number}" for number in sheet.source_numbers(each.citations)) or "なし",
        }
        for each in sheet.follow_ups
    )


def _changes(sheet: Sheet) -> tuple[dict[str, str], ...]:
    return tuple({"段落": "全体", "内容": note} for note in sheet.notes) + tuple(
        {"段落": str(number), "内容": change}
        for number, paragraph in enumerate(sheet.paragraphs, start=1)
        for change in paragraph.changes
    )


def _box(sheet: Sheet, box: str) -> str:
    """Say what the checks of a box found, one finding a line."""
    told = [_finding(each) for each in sheet.found_by(*_BOXES[box])]
    unchecked = [check for check in _BOXES[box] if not sheet.ran(check)]
    told += [f"{UNCHECKED} {'・'.join(unchecked)}は確かめていません。"] if unchecked else []
    told += [] if told else ["○ 機械の検査では指摘がありません。"]
    if box == "協議" and sheet.related_offices:
        told.append(f"関係課（{'、'.join(sheet.related_offices)}）との協議を確かめてください。")
    return "\n".join(told)


def _finding(finding: Finding) -> str:
    place = "" if finding.paragraph is None else f"（第{finding.paragraph + 1}段落）"
    return f"{SIGNS[finding.severity]} {finding.check}{place}: {finding.message}"
