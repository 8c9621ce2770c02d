"""What an answer says of days: when the versions of a text hold, and that a text holds on another day than the one asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from rag.domain import DocumentRecord, Evidence, Hit, Period
from rag.japanese.dates import dates

BEFORE, AFTER = "前の版", "次の版"
NOT_IN_FORCE = (
    "「{title}」{locator}に関係のある記載がありますが、{since}{until}のもので、{day}には効力がありません。"
    "その時期のことを知りたいときは、時点を指定して質問してください。"
)
OTHER_DAY = "質問にある時期（{asked}）は、確認時点（{day}）と違います。その時期の規定を知りたいときは、時点を指定して質問してください。"


def told_version(item: Evidence, chain: Sequence[DocumentRecord]) -> str:
    """Return 'title date施行', with the versions before and after it."""
    told = f"{item.title} {_in_force(item.chunk.period)}"
    at = next((place for place, each in enumerate(chain) if each.id == item.chunk.document_id), 0)
    beside = [
        f"{name}は{_in_force(chain[place].period)}"
        for name, place in ((BEFORE, at + 1), (AFTER, at - 1))
        if 0 <= place < len(chain) and chain[place].period.start
    ]
    return told + (f"［{'、'.join(beside)}］" if beside else "")


def not_in_force(hit: Hit, day: date) -> str:
    """Say that a text speaks of the question but does not hold on the day it is asked for, with the dates of both."""
    period = hit.chunk.period
    since = f"{period.start.isoformat()}から" if period.start else ""
    return NOT_IN_FORCE.format(
        title=hit.title, locator=hit.chunk.locator, since=since, until=_until(period), day=day.isoformat()
    )


def other_day(text: str, day: date) -> str:
    """Say that a question names times which do not hold the day it is asked for; empty when it names none."""
    asked = [found.span.of(text) for found in dates(text) if not found.start <= day < found.end]
    return OTHER_DAY.format(asked="、".join(asked), day=day.isoformat()) if asked else ""


def _in_force(period: Period) -> str:
    until = _until(period)
    return f"{period.start.isoformat() if period.start else ''}施行{f'、{until}' if until else ''}"


def _until(period: Period) -> str:
    return f"{period.end.isoformat()}の前日まで" if period.end else ""
