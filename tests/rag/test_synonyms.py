from __future__ import annotations

from pathlib import Path

import pytest

from rag.errors import SettingsError
from rag.japanese.synonyms import PACKAGED, Synonyms, load_synonyms


def test_an_everyday_phrase_is_found_inside_a_question_whatever_its_kana() -> None:
    synonyms = Synonyms(official={"ほてる代": ("宿泊費", "宿泊料")})
    assert synonyms.find("ホテル代はいくら") == {"ほてる代": ("宿泊費", "宿泊料")}
    assert synonyms.find("宿泊費はいくら") == {}


def test_the_longest_of_overlapping_phrases_counts() -> None:
    synonyms = Synonyms(official={"年休": ("年次有給休暇",), "年休届": ("休暇届",)})
    assert synonyms.find("年休届を出す") == {"年休届": ("休暇届",)}


def test_the_homes_own_file_adds_to_the_packaged_one(tmp_path: Path) -> None:
    (tmp_path / "synonyms.txt").write_text("# うちの言い方\n庶務システム = 庶シス\n", encoding="utf-8")
    synonyms = load_synonyms(tmp_path)
    assert synonyms.find("庶シスで申請") == {"庶しす": ("庶務システム",)}
    assert len(synonyms.official) > 3000


@pytest.mark.parametrize("line", ["庶務システム", "庶務システム=庶シス", " = 庶シス", "庶務システム = "])
def test_a_line_that_cannot_be_read_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "synonyms.txt").write_text(f"# 見出し\n{line}\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="2行目"):
        load_synonyms(tmp_path)


def test_every_packaged_line_has_words_on_both_sides_and_no_phrase_of_one_character() -> None:
    synonyms = load_synonyms(Path("nowhere"))
    assert PACKAGED.is_file()
    assert all(len(phrase) > 1 and all(words) for phrase, words in synonyms.official.items())
