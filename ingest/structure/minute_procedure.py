"""Tell what only runs a meeting from what is said of substance."""

from __future__ import annotations

import re

from ingest.structure.minute_speakers import Speaker

__all__ = ["is_routine"]

_ROUTINE = re.compile(
    r"異議|議題|日程|開会|閉会|休憩|散会|採決|指名|許します|発言を|会議を(?:開|閉)|朗読|付託|報告|当選|投票|選挙|着席|起立|登壇|議席|会期|延会|再開|君。$|委員。$|質疑を終"
)
_CLERK = re.compile(r"(?:議会局長|議事部長|議会事務局長|事務局長|議事課長|書記長?|議会局次長)$")


def is_routine(speaker: Speaker, text: str) -> bool:
    """Tell whether a remark only runs the meeting: what a chair says, what a clerk of the assembly reads out."""
    if speaker.role == "chair":
        return len(text) < 40 or _ROUTINE.search(text) is not None
    return _CLERK.search(speaker.post) is not None
