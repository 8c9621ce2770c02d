"""The same text in two folders is found once, and says where else it stands."""

from __future__ import annotations

from pathlib import Path

from tests.ui.conftest import Kotae

TEXT = "公印管守規程\n\n公印は、総務部長が管守し、堅固な箱に納めて施錠しておかなければならない。\n"


def test_a_copy_is_named_beside_the_text_and_is_no_hit_of_its_own(new_home: Path, tmp_path: Path, kotae: Kotae) -> None:
    for folder in ("本庁", "支所"):
        place = tmp_path / "文書" / folder
        place.mkdir(parents=True)
        (place / "公印管守規程.txt").write_text(TEXT + ("" if folder == "本庁" else "\n"), encoding="utf-8")
        (place / "labels.csv").write_text("path,level\n公印管守規程.txt,1\n", encoding="utf-8")
    assert kotae("--home", new_home, "ingest", tmp_path / "文書").status == 0
    found = kotae("--home", new_home, "search", "公印を管守するのは誰か", "--json").value["hits"]
    assert [len(hit["repeated_in"]) for hit in found] == [1]
    assert found[0]["repeated_in"][0]["document_id"] != found[0]["document_id"]
    assert "同じ文があるところ: " in kotae("--home", new_home, "search", "公印を管守するのは誰か").out
