"""The measurement of searches by size: what it makes, what it keeps, what it holds a home against."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from rag.wiring import open_home
from tests.bench import search_ask, search_scale
from tests.bench.made_chunks import AUDIENCES, CHUNKS, LONGEST, Originals, audience_of, make_document, read_originals
from tests.bench.search_ask import TODAY, ask, change, questions, recall
from tests.bench.search_home import build, index
from tests.bench.search_scale import BARS, judged, measure_sizes, table

TEXT = "知事は、職員が出張したときは、旅費として車賃120円と宿泊料を支給する。ただし、公用車を利用した場合は、この限りでない。"
OTHER = "県は、避難所の備蓄を増やし、毛布300枚を各市町村に配分する計画を策定し、毎年その状況を議会に報告する。"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "データ"
    for name in ("rules_corpus", "jsquad"):
        (folder / name).mkdir(parents=True)
        entries = [
            {"title": f"規程{n} 第{n}条", "text": f"第{n}に、" + TEXT * 2 + OTHER * (n % 3 + 1)} for n in range(12)
        ]
        (folder / name / "corpus.jsonl").write_text(
            "".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in entries), encoding="utf-8"
        )
    asked = [{"text": f"出張{n}回の車賃はいくらですか。"} for n in range(3)]
    asked.append({"text": "2018年の宿泊料はいくらですか。", "metadata": {"as_of": "2018-11-20"}})
    (folder / "jsquad/queries.jsonl").write_text(
        "".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in asked), encoding="utf-8"
    )
    (folder / "minutes").mkdir()
    (folder / "minutes/2025.txt").write_text(f"令和七年九月定例会\n{(TEXT + OTHER) * 8}", encoding="utf-8")
    return folder


@pytest.fixture
def originals(data: Path) -> Originals:
    return read_originals(data)


def test_equal_numbers_make_equal_documents_and_hardly_two_chunks_say_the_same(originals: Originals) -> None:
    made = [make_document(originals, number) for number in range(20)]
    assert made == [make_document(originals, number) for number in range(20)]
    texts = [chunk.text for _, chunks in made for chunk in chunks]
    assert len(texts) == 20 * CHUNKS
    assert len(set(texts)) > len(texts) * 0.95
    assert max(map(len, texts)) < LONGEST * 1.5
    assert {record.kind.value for record, _ in made} == {"rules", "minutes", "plain"}


def test_another_version_has_other_words_under_the_same_name(originals: Originals) -> None:
    record, chunks = make_document(originals, 3)
    again, others = make_document(originals, 3, version=2)
    assert (again.id, again.path) == (record.id, record.path)
    assert not {chunk.id for chunk in chunks} & {chunk.id for chunk in others}


def test_three_audiences_hold_1_and_49_and_50_percent() -> None:
    held = Counter(audience_of(number) for number in range(10_000))
    assert [held[audience] for audience in AUDIENCES.values()] == [100, 4900, 5000]


def test_questions_have_their_day(data: Path) -> None:
    asked = dict(questions(data, 10))
    assert len(asked) == 4
    assert asked["2018年の宿泊料はいくらですか。"] == date(2018, 11, 20)
    assert asked["出張1回の車賃はいくらですか。"] == TODAY


def test_a_folder_without_texts_or_questions_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="文章がありません"):
        read_originals(tmp_path)
    with pytest.raises(ValueError, match="質問がありません"):
        questions(tmp_path, 1)


def test_a_home_is_built_asked_and_changed(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "測定"
    place.mkdir()
    built = build(data, 4 * CHUNKS, place)
    assert build(data, 4 * CHUNKS, place) == built  # what is there is not made again
    index(place, built)
    assert set(json.loads((place / "build.json").read_text(encoding="utf-8"))["seconds"]) == set(search_scale.STEPS)
    home = open_home(place / "home")
    monkeypatch.setattr(search_ask, "WARM", 1)
    assert sum(record.chunk_count for record in home.catalogue.documents()) == 4 * CHUNKS
    asked = ask(home, data)
    assert {"1%", "50%", "100%", "resident_mb"} <= set(asked)
    assert set(recall(home, data).values()) == {1.0}
    assert len(change(home, data)["seconds"]) == 3


def measured(size: int, **figures: float) -> dict[str, Any]:
    times = {"p50_ms": 5.0, "p95_ms": figures.get("p95", 9.0), "max_ms": 99.0, "cpu_p50_ms": 4.0}
    asked: dict[str, Any] = {"1%": times, "50%": times, "100%": times}
    resident = figures.get("resident", 400)
    asked |= {"resident_mb": resident, "of_files_mb": 1, "peak_mb": 2, "opened_seconds": 1.0, "first_seconds": 1.0}
    return {
        "built": {"documents": size // CHUNKS, "seconds": dict.fromkeys(search_scale.STEPS, 1.0)},
        "build_peak_mb": 900,
        "disk_mb": {"台帳": 1.0},
        "questions": asked,
        "recall": dict.fromkeys(("1%", "50%", "100%"), 1.0),
        "change": {"seconds": [figures.get("change", 0.3), 0.1]},
        "cores": 2,
        "load": [0.1, 0.2],
    }


def test_a_bar_is_missed_by_the_worst_user_and_the_worst_change() -> None:
    kept = {size: measured(size) for size in (10_000, 100_000, 1_000_000)}
    assert [met for _, _, met in judged(kept)] == [True] * len(BARS)
    kept[100_000] = measured(100_000, p95=61, change=2.1)
    kept[1_000_000] = measured(1_000_000, p95=249, resident=3073)
    assert [(bar.figure, met) for bar, _, met in judged(kept)] == [
        ("p95_ms", False),
        ("p95_ms", True),
        ("resident_mb", False),
        ("change_seconds", False),
    ]
    assert "✗ 1,000,000件の常駐メモリ: 3073MB（基準 3072MB以下）" in table(kept)


def test_a_finished_size_is_not_measured_again(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[int] = []

    def once(size: int, _data: Path, place: Path) -> dict[str, Any]:
        assert (place / "home/models").is_dir()
        asked.append(size)
        return measured(size, p95=70.0)

    monkeypatch.setattr(search_scale, "measure", once)
    out = tmp_path / "測定"
    assert set(measure_sizes(data, [10_000], out)) == {10_000}
    status = search_scale.main(["--data", str(data), "--scale", "10000", "100000", "--out", str(out)])
    assert (asked, status) == ([10_000, 100_000], 1)
    assert "✗ 100,000件の検索のp95: 70ミリ秒（基準 60ミリ秒以下）" in capsys.readouterr().out
    (data / "jsquad/queries.jsonl").write_text('{"text": "別の質問"}\n', encoding="utf-8")
    assert search_scale.main(["--data", str(data), "--scale", "10000", "--out", str(out)]) == 2
    assert "別のデータか別の版で測ったものです" in capsys.readouterr().err
