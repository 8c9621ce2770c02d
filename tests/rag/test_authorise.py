"""Who may read what: the level and the groups of a text against those of a reader, and a doubt means no."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.domain import UNLABELLED, Audience, Reader, Role
from rag.safety.authorise import may_approve, may_read, may_see_draft, readable_audiences

LEVELS = ("3A", "3B", "3C", "2", "1")
GROUPS = ("人事課", "道路課", "防災")


def reader(level: str = "2", *groups: str, department: str = "", role: Role = Role.STAFF) -> Reader:
    return Reader(user="u", name="職員", max_level=level, groups=frozenset(groups), department=department, role=role)


def audience(level: str = "2", *groups: str) -> Audience:
    return Audience(level=level, groups=frozenset(groups))


@pytest.mark.parametrize(
    ("own", "text", "allowed"),
    [
        ("2", "2", True),
        ("2", "1", True),
        ("2", "3C", False),
        ("3A", "3A", True),
        ("1", "3A", False),
        ("3B", "3A", False),
    ],
)
def test_a_reader_reads_up_to_their_level(own: str, text: str, allowed: bool) -> None:
    assert may_read(reader(own), audience(text), levels=LEVELS) is allowed


def test_a_text_kept_to_groups_is_read_by_their_members_of_that_level() -> None:
    kept = audience("2", "人事課", "防災")
    assert may_read(reader("2", "防災"), kept, levels=LEVELS)
    assert may_read(reader("2", department="人事課"), kept, levels=LEVELS), "the department counts as a group"
    assert not may_read(reader("2", "道路課"), kept, levels=LEVELS)
    assert not may_read(reader("2"), kept, levels=LEVELS)
    assert not may_read(reader("1", "防災"), kept, levels=LEVELS)
    assert not may_read(reader("2", "人事"), kept, levels=LEVELS), "a part of a name is no name"


@pytest.mark.parametrize("level", [UNLABELLED, "極秘", "3a", "２"])
def test_a_text_whose_level_is_unknown_is_for_administrators(level: str) -> None:
    for role in Role:
        assert may_read(reader("3A", role=role), audience(level), levels=LEVELS) is (role is Role.ADMIN)


@pytest.mark.parametrize("level", [UNLABELLED, "極秘"])
def test_a_reader_whose_level_is_unknown_reads_no_labelled_text(level: str) -> None:
    assert not may_read(reader(level), audience("1"), levels=LEVELS)


def test_the_administrator_of_a_home_without_a_directory_reads_everything() -> None:
    local = Reader(user="local", name="管理者", role=Role.ADMIN, reads_all=True)
    assert all(may_read(local, audience(level, "人事課"), levels=LEVELS) for level in (*LEVELS, UNLABELLED, "極秘"))


def test_the_scheme_decides_what_is_strict() -> None:
    assert may_read(reader("3"), audience("2"), levels=("3", "2", "1"))
    assert not may_read(reader("3"), audience("2"), levels=("1", "2", "3"))


@given(
    st.sampled_from(LEVELS),
    st.sets(st.sampled_from(GROUPS)),
    st.lists(st.builds(audience, st.sampled_from((*LEVELS, UNLABELLED)), st.sampled_from(GROUPS)), unique=True),
)
def test_a_higher_level_and_more_groups_never_read_less(level: str, groups: set[str], texts: list[Audience]) -> None:
    less, more = reader(level, *groups), reader(LEVELS[0], *GROUPS)
    readable = readable_audiences(less, texts, levels=LEVELS)
    assert set(readable) <= set(readable_audiences(more, texts, levels=LEVELS))
    assert readable == [each for each in texts if each in readable], "in the order given"
    assert all(each.level != UNLABELLED for each in readable)


@pytest.mark.parametrize(
    ("role", "department", "keepers", "allowed"),
    [
        (Role.EDITOR, "総務部人事課", ["総務部財政課", "総務部人事課"], True),
        (Role.EDITOR, "総務部 人事課", ["総務部人事課"], True),
        (Role.EDITOR, "人事課", ["総務部人事課"], False),
        (Role.EDITOR, "", ["", "総務部人事課"], False),
        (Role.EDITOR, "総務部人事課", [], False),
        (Role.STAFF, "総務部人事課", ["総務部人事課"], False),
        (Role.DX, "総務部人事課", ["総務部人事課"], False),
        (Role.ADMIN, "", [], True),
    ],
)
def test_an_editor_approves_for_his_own_department_an_administrator_for_all(
    role: Role, department: str, keepers: list[str], *, allowed: bool
) -> None:
    assert may_approve(reader(department=department, role=role), keepers) is allowed


@pytest.mark.parametrize(
    ("who", "user", "department", "sees"),
    [
        (reader(department="総務部 人事課"), "x", "総務部人事課", True),
        (reader(department="総務部"), "x", "総務部人事課", False),
        (reader(), "x", "総務部人事課", False),
        (reader("2", "総務部人事課"), "x", "総務部人事課", False),
        (reader(role=Role.EDITOR), "x", "総務部人事課", False),
        (reader(role=Role.DX), "x", "総務部人事課", False),
        (reader(role=Role.ADMIN), "x", "総務部人事課", True),
        (Reader(user="local", name="この端末の管理者", reads_all=True), "x", "総務部人事課", True),
        (reader(), "u", "", True),
        (reader(department="総務部人事課"), "x", "", False),
        (reader(department="観光課"), "u", "総務部人事課", False),
    ],
)
def test_unpublished_drafts_are_for_their_office_alone(who: Reader, user: str, department: str, sees: bool) -> None:
    """A group is no department, and who has moved to another office leaves his drafts behind."""
    assert may_see_draft(who, user=user, department=department) is sees
