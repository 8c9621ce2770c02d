"""What an item of a notice is called from one run to the next, and what its draft depends on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from rag.assembly.item import DraftRequest, Notice
from rag.assembly.sheet import Overview, Sheet
from rag.drafting.story import Drafter


def ids_of(notice: Notice) -> list[str]:
    """Return a name for each item that stays the same as long as the notice does."""
    found: dict[str, int] = {}
    names = []
    for item in notice.items:
        name = "_".join(filter(None, (item.member, item.label))) or item.text[:20]
        found[name] = found.get(name, 0) + 1
        names.append(name if found[name] == 1 else f"{name}#{found[name]}")
    return names


def files_of(notice: Notice, now: datetime) -> tuple[str, ...]:
    """Return the name of each item's Word file."""
    sheets = tuple(Sheet(item=item, made_at=now) for item in notice.items)
    return Overview(title="", made_at=now, sheets=sheets).file_names


def key_of(drafter: Drafter, request: DraftRequest) -> str:
    """Return what a draft depends on, as a digest: the item, what was found for it, how it is written and checked."""
    held: Mapping[str, Any] = {
        "item": repr(request.item),
        "questions": request.questions,
        "how": [request.stance.value, request.day.isoformat(), request.opening, request.endings, request.characters],
        "past": [(each.citation.chunk_id, each.citation.own_hash) for each in request.past],
        "evidence": [(each.chunk.id, each.title) for each in request.evidence],
        "writer": [drafter.writer.name, drafter.writer.prompt, drafter.version],
    }
    return hashlib.sha256(json.dumps(held, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:24]
