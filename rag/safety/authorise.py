"""Who may read what, approve what and see which drafts: levels are ordered, groups are sets; unlabelled texts are for administrators to label."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rag.domain import Audience, Reader, Role

APPROVERS = frozenset({Role.EDITOR, Role.ADMIN})
"""Roles that may stand behind an answer."""


def may_read(reader: Reader, audience: Audience, *, levels: Sequence[str]) -> bool:
    """Tell whether a reader may read this audience; `levels` is the scheme, strictest first.

    A level outside the scheme, or none, is for administrators; a role opens no labelled text.
    """
    if reader.reads_all:
        return True
    if audience.level not in levels:
        return reader.role is Role.ADMIN
    if reader.max_level not in levels:
        return False
    high_enough = levels.index(reader.max_level) <= levels.index(audience.level)
    groups = reader.groups | {reader.department} if reader.department else reader.groups
    return high_enough and (not audience.groups or bool(audience.groups & groups))


def readable_audiences(reader: Reader, audiences: Iterable[Audience], *, levels: Sequence[str]) -> list[Audience]:
    """Return the audiences that this reader searches, in the order given."""
    return [audience for audience in audiences if may_read(reader, audience, levels=levels)]


def may_approve(reader: Reader, keepers: Iterable[str]) -> bool:
    """Tell whether a reader may approve an answer whose sources these departments keep: an editor of one, any administrator."""
    if reader.role is Role.ADMIN:
        return True
    return reader.role in APPROVERS and is_keeper(reader.department, keepers)


def is_keeper(department: str, keepers: Iterable[str]) -> bool:
    """Tell whether a department is among these, whatever the spaces in their names; one without a name never is."""
    own = bare(department)
    return bool(own) and own in map(bare, keepers)


def bare(department: str) -> str:
    """Return the name of a department without spaces, as it is compared."""
    return "".join(department.split())


def may_see_draft(reader: Reader, *, user: str, department: str) -> bool:
    """Tell whether a reader may see unpublished drafts: those of his department, his own where they are nobody else's, an administrator all."""
    if reader.reads_all or reader.role is Role.ADMIN:
        return True
    return is_keeper(reader.department, [department]) if department else reader.user == user
