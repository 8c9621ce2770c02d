"""Prompt files: placeholders strict both ways, a digest that notices a change, evidence fenced as data."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from rag import prompts
from rag.adapters.chat import PART_MARKS, PROMPTS, SHAPE_PROMPTS
from rag.adapters.draft_chat import PROMPTS as DRAFT_PROMPTS
from rag.adapters.marked import MARKS
from rag.domain import Problem
from rag.errors import SettingsError
from rag.prompts import FOLDER, digest, fence, fill, placeholders

FILES = sorted(path for path in FOLDER.glob("*.md") if path.name != "README.md")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A prompts folder of our own."""
    monkeypatch.setattr(prompts, "FOLDER", tmp_path)
    prompts._load.cache_clear()
    return tmp_path


def test_placeholders_are_filled_and_dollars_in_values_stay(folder: Path) -> None:
    (folder / "greeting.md").write_text("質問：$question\n", encoding="utf-8")
    assert fill("greeting", question="$100とは") == "質問：$100とは"


def test_a_missing_value_is_an_error_that_names_it(folder: Path) -> None:
    (folder / "greeting.md").write_text("$role と $question", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"greeting\.md: \$role"):
        fill("greeting", question="旅費")


def test_a_superfluous_value_is_an_error_that_names_it(folder: Path) -> None:
    (folder / "greeting.md").write_text("$question", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"\$tone"):
        fill("greeting", question="旅費", tone="丁寧")


def test_a_stray_dollar_in_a_prompt_is_an_error(folder: Path) -> None:
    (folder / "greeting.md").write_text("$question は 100$ です", encoding="utf-8")
    with pytest.raises(SettingsError, match="「\\$」"):
        fill("greeting", question="旅費")


def test_an_absent_prompt_is_an_error_that_names_the_file(folder: Path) -> None:
    assert not list(folder.iterdir())
    with pytest.raises(SettingsError, match=r"absent\.md"):
        fill("absent")


def test_the_digest_changes_with_any_of_its_prompts(folder: Path) -> None:
    (folder / "one.md").write_text("甲", encoding="utf-8")
    (folder / "two.md").write_text("乙", encoding="utf-8")
    before = digest(["one", "two"])
    assert digest(["two", "one"]) == before
    prompts._load.cache_clear()
    (folder / "two.md").write_text("丙", encoding="utf-8")
    assert digest(["one", "two"]) != before


def test_the_fence_depends_on_every_text_so_none_can_hold_it() -> None:
    forged = fence(["資料の文"])
    assert fence(["資料の文", forged]) != forged
    assert fence(["資料の文"]) == forged


def test_every_prompt_file_is_used_and_every_prompt_used_is_there() -> None:
    prompts._load.cache_clear()
    assert {path.stem for path in FILES if path.stem != "README"} == {*PROMPTS, *SHAPE_PROMPTS.values(), *DRAFT_PROMPTS}


def test_the_readme_names_every_prompt_with_its_placeholders() -> None:
    prompts._load.cache_clear()
    rows = (FOLDER / "README.md").read_text(encoding="utf-8").splitlines()
    for path in FILES:
        [row] = [line for line in rows if line.startswith(f"| {path.name} |")]
        named = set(re.findall(r"[a-z_]+", row.split("|")[3]))
        assert named == placeholders(path.stem), path.name


def test_the_rules_name_every_part_that_a_model_may_write_and_the_repair_every_problem() -> None:
    rules = (FOLDER / "answer_rules.md").read_text(encoding="utf-8")
    repair = (FOLDER / "answer_repair.md").read_text(encoding="utf-8")
    assert all(f"- {mark}" in rules for part, mark in PART_MARKS.items() if part in list(PART_MARKS)[:4])
    assert all(f"- {problem}：" in repair for problem in Problem)
    assert all(MARKS[mark.strip("【】")] is part for part, mark in PART_MARKS.items())
