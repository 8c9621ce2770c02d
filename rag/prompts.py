"""Load and fill prompts/*.md: `$name` placeholders, strict both ways."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from string import Template

from rag.errors import SettingsError

FOLDER = Path(__file__).resolve().parent.parent / "prompts"
"""The prompts that travel with the product."""


def fill(name: str, **values: str) -> str:
    """Return the prompt `name` with its placeholders filled; raises SettingsError unless names and placeholders are the same set."""
    template = Template(_load(name))
    wanted = set(template.get_identifiers())
    if missing := sorted(wanted - set(values)):
        raise SettingsError(_unfit(name, f"${missing[0]} に入れる値がありません"))
    if superfluous := sorted(set(values) - wanted):
        raise SettingsError(_unfit(name, f"${superfluous[0]} という差し込み口がありません"))
    if not template.is_valid():
        raise SettingsError(_unfit(name, "「$」の書き方が正しくありません"))
    return template.substitute(values).strip()


def placeholders(name: str) -> frozenset[str]:
    """Return the placeholder names of a prompt."""
    return frozenset(Template(_load(name)).get_identifiers())


def digest(names: Iterable[str]) -> str:
    """Return 12 hex digits that change when one of these prompts changes."""
    body = "\x1f".join(f"{name}\x1e{_load(name)}" for name in sorted(set(names)))
    return hashlib.sha256(body.encode()).hexdigest()[:12]


def fence(texts: Sequence[str]) -> str:
    """Return the mark that fences these texts as data: nobody can write it into a text whose own hash it is."""
    return hashlib.sha256("\x1f".join(texts).encode()).hexdigest()[:16]


@lru_cache(maxsize=64)
def _load(name: str) -> str:
    path = FOLDER / f"{name}.md"
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"プロンプト {path.name}: 読めません（{type(error).__name__}）。こたえを入れ直してください。"
        ) from error


def _unfit(name: str, finding: str) -> str:
    return f"プロンプト {name}.md: {finding}。prompts/README.mdの表と合わせてください。"
