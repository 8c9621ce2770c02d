"""The measurement of minutes counts what is right, wrong, missed and asked without an answer."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from ingest.structure import recognise
from rag.domain import Block, Document, Kind, Section, Structure
from tests.bench import minutes as bench
from tests.bench.ingest_scale import Took
from tests.bench.made_minutes import Words, make_files, make_minutes, words_of
from tests.bench.minute_pairs import Pair, PairTally, match, predicted_pairs, score_sampled, score_spoken, span
from tests.bench.minute_places import place, read_minutes
from tests.bench.minutes_scale import Finished, Taken, exponents, megabytes, read_originals, table

FILE = "令和8年9月定例会.txt"
TEXT = """令和八年みほん県議会九月定例会会議録
令和八年九月十五日
出席議員

○議長（標本大介君）　これより本日の会議を開きます。日程第一、一般質問を行います。

○十二番（想定健君）　通告に従い質問いたします。
　まず、避難所の備蓄についてお伺いします。
　県内の避難所では、毛布が足りないという声があります。
　避難所の備蓄を今後どのように増やしていくのか、知事の所見を伺います。
　次に、通学路の安全対策についてお伺いします。
　通学路の安全対策をどのように進めるのか、教育長に伺います。

○知事（例示花子君）　想定議員のご質問にお答えします。
　まず、避難所の備蓄についてであります。
　県は、令和十年度までに毛布を倍に増やします。

○教育長（仮名進君）　通学路の安全対策についてであります。
　全ての小学校で点検を行います。

○議長（標本大介君）　以上で一般質問を終わります。
"""
ASKED_FIRST, ASKED_SECOND = [10, 10], [12, 12]
KEYS = {
    "gists": {"id", "file", "question", "asked", "official", "answer", "also", "post_named", "written"},
    "gists_unanswered": {"id", "file", "question", "asked"},
    "pairs_spoken": {
        *("id", "file", "speech", "question", "background", "official", "answer_speech", "answer", "shared", "certain")
    },
    "pairs_written": {"id", "file", "question", "lead", "number", "official", "restated", "answer", "certain"},
    "speakers": {"file", "line", "post", "name", "kind", "seat"},
    "substance": {"file", "line", "label"},
}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "会議録"
    folder.mkdir()
    (folder / FILE).write_text(TEXT, encoding="utf-8")
    return folder


def label(
    question: Sequence[int], answer: Sequence[int] | None, *, speech: int = 7, answer_speech: int = 14
) -> dict[str, Any]:
    return {
        "file": FILE,
        "speech": speech,
        "question": question,
        "answer": answer,
        "answer_speech": answer_speech if answer else None,
    }


def pair(question: int, *answer: int, answer_speech: int = 14, speech: int = 7) -> Pair:
    return Pair(question=question, speech=speech, answer=frozenset(answer), answer_speech=answer_speech)


def spoken(pairs: Sequence[Pair], labels: Sequence[Mapping[str, Any]]) -> PairTally:
    tally = PairTally()
    score_spoken(tally, FILE, pairs, labels)
    return tally


def counts(tally: PairTally) -> tuple[int, int, int]:
    return tally.predicted, tally.labelled, tally.right


def test_a_right_a_wrong_and_a_missed_pair_and_one_for_an_unanswered_question_are_told_apart() -> None:
    labels = [label([10, 10], [15, 16]), label([12, 12], [18, 19]), label([20, 21], [30, 32]), label([40, 40], None)]
    pairs = [pair(10, 15, 16), pair(12, 30, 31), pair(40, 33, 34)]
    assert counts(spoken(pairs[:1], labels)) == (1, 3, 1)
    assert counts(spoken(pairs, labels)) == (3, 3, 1)
    assert spoken(pairs, labels).f1 == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    "wrong",
    [
        pair(11, 15, 16),
        pair(10, 15, 16, answer_speech=13),
        pair(10, 15, 16, 17, 18, 19),
        pair(10),
        pair(0, 15, 16),
    ],
    ids=["another question", "another speech", "less than half of the lines shared", "no answer", "no question"],
)
def test_a_pair_is_right_only_with_its_question_its_speech_and_half_of_the_lines(wrong: Pair) -> None:
    labels = [label([10, 10], [15, 16])]
    assert counts(spoken([pair(10, 15, 16, 17, 18)], labels)) == (1, 1, 1)
    assert counts(spoken([wrong], labels)) == (1, 1, 0)


def test_a_label_is_used_once_and_by_the_pair_that_is_closest() -> None:
    labels = [label([10, 12], [15, 16]), label([12, 12], [15, 17])]
    assert counts(spoken([pair(10, 15), pair(10, 15, 16)], labels)) == (2, 2, 1)
    assert counts(spoken([pair(12, 15, 16), pair(12, 15, 16, 17)], labels)) == (2, 2, 2)


def test_each_speech_that_asks_has_its_own_figures() -> None:
    labels = [label([10, 10], [15, 16]), label([50, 50], [60, 60], speech=48, answer_speech=59)]
    tally = spoken([pair(10, 15, 16), pair(70, 80, speech=69)], labels)
    assert {name: counts(each) for name, each in tally.speeches.items()} == {
        f"{FILE}:7": (1, 1, 1),
        f"{FILE}:48": (0, 1, 0),
        f"{FILE}:69": (1, 0, 0),
    }


def test_of_a_sample_a_pair_far_from_every_label_counts_neither_way() -> None:
    labels = [{"question": [10, 11], "answer": [15, 16]}, {"question": [12, 12], "answer": [18, 19]}]
    tally = PairTally()
    score_sampled(tally, [pair(10, 15, 16, answer_speech=0), pair(12, 40), pair(90, 95)], labels)
    assert counts(tally) == (2, 2, 1)


def test_the_pairs_of_minutes_stand_on_the_lines_of_the_file(data: Path) -> None:
    minutes = read_minutes(data / FILE)
    assert [
        (each.question, each.speech, each.answer_speech) for each in predicted_pairs(minutes.structure, minutes.lines)
    ] == [
        (10, 7, 14),
        (12, 7, 18),
    ]


def test_a_written_pair_stands_on_the_lines_that_its_answer_names() -> None:
    labels = {
        "written": "yes",
        "role": "official",
        "question": "いつか。",
        "asked_lines": "12\n14-15",
        "lines": "20-21",
    }
    structure = Structure(
        kind=Kind.MINUTES, title="綴り", sections=(Section(locator="答弁", text="答え", labels=labels),)
    )
    assert predicted_pairs(structure, ["答え"]) == [
        Pair(question=line, speech=0, answer=frozenset((20, 21)), answer_speech=0) for line in (12, 15)
    ]


def test_a_text_is_placed_where_it_stands_even_out_of_order_or_inside_a_line() -> None:
    lines = ["○議長　開きます。記録します。", "　記", "　以上。", "○議長　開きます。"]
    assert place(["開きます。記録します。", "記\n以上。", "開きます。", "以上", "ありません。"], lines) == [
        (1,),
        (2, 3),
        (4,),
        (3,),
        (),
    ]
    assert place(["開きます。", "記録します。\n記"], lines) == [(1,), (1, 2)]


def write_labels(folder: Path) -> Path:
    answered = [label(ASKED_FIRST, [15, 16]), label(ASKED_SECOND, [20, 21], answer_speech=18)]
    rows: dict[str, list[dict[str, Any]]] = {
        "speakers": [
            {"file": FILE, "line": 5, "post": "議長", "name": "標本大介", "kind": "chair", "seat": None},
            {"file": FILE, "line": 7, "post": "十二番", "name": "想定健", "kind": "member", "seat": 12},
            {"file": FILE, "line": 14, "post": "副知事", "name": "例示花子", "kind": "official", "seat": None},
            {"file": FILE, "line": 19, "post": "教育長", "name": "仮名進", "kind": "official", "seat": None},
            {"file": "ほか.txt", "line": 1, "post": "議長", "name": "標本大介", "kind": "chair", "seat": None},
        ],
        "substance": [
            {"file": FILE, "line": 5, "label": "procedure"},
            {"file": FILE, "line": 10, "label": "substance"},
            {"file": FILE, "line": 13, "label": "procedure"},
            {"file": FILE, "line": 16, "label": "procedure"},
        ],
        "pairs_spoken": answered,
        "pairs_written": [],
        "gists": [
            {"file": FILE, "question": "避難所の毛布をいつまでに増やしますか。", "answer": [15, 16]},
            {"file": FILE, "question": "小学校の点検は行いますか。", "answer": [2, 2], "also": [[19, 19]]},
            {"file": FILE, "question": "小学校の点検は行いますか。", "answer": [3, 3]},
        ],
    }
    folder.mkdir()
    for name, labels in rows.items():
        text = "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in labels)
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")
    return folder


def test_a_run_prints_each_figure_over_the_labels_whose_files_are_there(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    labels = write_labels(tmp_path / "正解")
    assert bench.main(["--data", str(data), "--labels", str(labels), "--json"]) == 0
    value = json.loads(capsys.readouterr().out)
    found = {
        name: (value[name]["right"], value[name]["n"]) for name in ("speakers", "chairs", "substance", "success@3")
    }
    assert found == {"speakers": (1, 3), "chairs": (1, 1), "substance": (3, 4), "success@3": (2, 3)}
    assert value["wrong_speakers"] == [f"{FILE}:14", f"{FILE}:19"]
    assert (value["files"], value["lost"], value["pairs"]["spoken"]["right"]) == (1, 0, 1)
    assert value["pairs"]["written"]["precision"] is None


def test_the_table_names_every_figure_and_its_aim() -> None:
    measured = bench.Measured(
        files=1,
        lost=0,
        rates={"chairs": (3, 4)},
        pairs={"spoken": spoken([], [label([1, 1], [2, 2])])},
        wrong_speakers=(f"{FILE}:5",),
    )
    text = "\n".join(bench.table(measured))
    assert "議長  3 / 4 0.750 [0.301, 0.954]  目標 1.00" in text
    assert "F1 0.000  目標 0.92  適合率 0 / 0  再現率 0 / 1" in text
    assert f"発言者が違う: {FILE}:5" in text


def test_a_folder_without_a_labelled_file_is_refused_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bench.main(["--data", str(tmp_path / "なし")]) == 2
    assert (
        capsys.readouterr().err
        == f"{tmp_path / 'なし'}: 正解のある会議録がありません。会議録のあるフォルダを指定してください。\n"
    )


@pytest.mark.parametrize("name", sorted(KEYS))
def test_the_labels_point_at_lines_and_repeat_no_text_of_the_minutes(name: str) -> None:
    for found in bench.read_labels(bench.LABELS, name):
        assert set(found) <= KEYS[name]
        for key in ("asked", "question", "answer", "restated", "lead", "background"):
            ends = found.get(key)
            assert ends is None or (key == "question" and name.startswith("gists")) or 1 <= ends[0] <= ends[1]


@pytest.mark.parametrize("name", ["pairs_spoken", "pairs_written"])
def test_labels_given_back_as_pairs_are_all_right(name: str) -> None:
    for labels in bench.by_file(bench.read_labels(bench.LABELS, name)).values():
        answered = [each for each in labels if each["answer"]]
        pairs = [
            Pair(
                question=each["question"][0],
                speech=each.get("speech", 0),
                answer=frozenset(span(each["answer"])),
                answer_speech=each.get("answer_speech", 0),
            )
            for each in answered
        ]
        assert len(match(pairs, labels)) == len(answered) > 0


SEATS = """令和八年みほん県議会九月定例会会議録
2026-09-15
出席議員
　一番想定　　健君
　二番仮名　　花君
　三番試験　　薫君

○議長（標本大介君）　これより本日の会議を開きます。
"""
ASKS = """
○議長（標本大介君）　{number}番{name}君。

○{number}番（{name}君）　通告に従い質問いたします。
　次に、{first}についてお伺いします。道路の舗装に三千五百万円を要すると聞きます。知事に伺います。
　次に、{second}についてお伺いします。河川の護岸は二十五か所で傷んでいます。知事に伺います。

○知事（例示花子君）　想定議員のご質問にお答えします。{first}は、舗装を進めます。{second}は、護岸を直します。
"""
SITTING = SEATS + "".join(
    ASKS.format(number=number, name=name, first=first, second=second)
    for number, name, first, second in (
        ("一", "想定健", "道路", "河川"),
        ("二", "仮名花", "港湾", "森林"),
        ("三", "試験薫", "農地", "漁港"),
    )
)


def made(number: int) -> str:
    return make_minutes(SITTING, number, words_of([SITTING] * 3))


def test_equal_seeds_make_equal_minutes_and_others_other_ones() -> None:
    assert [made(number) for number in range(20)] == [made(number) for number in range(20)]
    paragraphs = [line for number in range(20) for line in set(made(number).splitlines()) if "万円を要する" in line]
    assert len(set(paragraphs)) > len(paragraphs) * 0.9


def test_made_minutes_say_other_years_numbers_names_and_nouns_in_the_same_layout() -> None:
    text = made(1)
    assert len(text.splitlines()) == len(SITTING.splitlines())
    for word in ("令和八年", "2026-", "三千五百万円", "二十五か所", "想定　　健君"):
        assert word in SITTING
        assert word not in text, word
    for word in ("○議長（", "○知事（", "通告に従い質問いたします。", "知事に伺います。"):
        assert text.count(word) == SITTING.count(word)
    assert {made(number).count("護岸") == SITTING.count("護岸") for number in range(20)} == {True, False}


def speakers(text: str) -> list[tuple[str, ...]]:
    blocks = tuple(Block(text=line) for line in text.splitlines() if line)
    found = recognise(Document(path="会議録/九月.txt", title="会議録", blocks=blocks))
    assert found.kind is Kind.MINUTES
    return [tuple(section.labels.get(name, "") for name in ("role", "procedure")) for section in found.sections]


@pytest.mark.parametrize("number", range(5))
def test_made_minutes_have_the_speakers_of_the_original(number: int) -> None:
    assert sorted(speakers(made(number))) == sorted(speakers(SITTING))
    assert len(speakers(SITTING)) > 10


def test_exchanges_change_places_as_a_whole_and_so_do_topics_within_a_speech() -> None:
    nothing = Words(nouns=(), surnames=())
    texts = {make_minutes(SITTING, number, nothing) for number in range(40)}
    orders, topics = set(), set()
    for text in texts:
        called = re.findall(r"^○議長.*　([一二三])番", text, re.MULTILINE)
        spoke = re.findall(r"^○([一二三])番", text, re.MULTILINE)
        assert called == spoke
        assert sorted(spoke) == ["一", "三", "二"]
        assert text.count("\n\n○") == SITTING.count("\n\n○")
        orders.add("".join(spoke))
        topics.add(text.index("次に、道路に") < text.index("次に、河川に"))
    assert len(orders) == 6
    assert topics == {True, False}


def test_files_are_made_until_the_size_is_reached(tmp_path: Path) -> None:
    size = len(SITTING.encode())
    files = list(make_files(tmp_path, {"甲.txt": SITTING, "乙/丙.txt": SITTING}, round(2.5 * size)))
    assert [file.relative_to(tmp_path).as_posix() for file in files] == ["0000/甲.txt", "0000/乙/丙.txt", "0001/甲.txt"]
    assert sum(file.stat().st_size for file in files) >= 2.5 * size
    assert len({file.read_bytes() for file in files}) == 3


def test_only_minutes_are_varied(tmp_path: Path) -> None:
    (tmp_path / "会議録").mkdir()
    (tmp_path / "会議録/九月.txt").write_bytes(SITTING.encode("cp932"))
    (tmp_path / "通知.txt").write_text("旅費制度が改められましたので、通知します。", encoding="utf-8")
    (tmp_path / "空.txt").touch()
    assert read_originals(tmp_path) == {"会議録/九月.txt": SITTING}


def taken(size: int, seconds: float, **other: Any) -> Taken:
    figures: dict[str, Any] = {"files": 1, "chunks": 20, "pairs": 3, "embedded": 19}
    figures |= {"read_seconds": 1.0, "recognise_seconds": seconds, "megabytes": {"台帳": size / 1000}}
    took = Took(seconds=seconds, cpu_seconds=seconds / 2, ingest_seconds=1.0, peak_mb=400)
    return Taken(**{"bytes": size, "took": took} | figures | other)


def test_growth_is_the_exponent_between_two_sizes() -> None:
    straight = exponents(taken(1000, 10.0), taken(3000, 30.0, read_seconds=3.0))
    assert straight == {"structure_seconds": 1, "seconds": 1, "cpu_seconds": 1, "peak_mb": 0, "disk_mb": 1}
    assert exponents(taken(1000, 10.0), taken(3000, 90.0))["seconds"] == 2
    assert exponents(taken(1000, 10.0), taken(1000, 30.0)) == {}
    assert "disk_mb" not in exponents(taken(1000, 10.0, megabytes={}), taken(3000, 90.0))


def test_sizes_are_megabytes_above_nothing() -> None:
    assert (megabytes("100"), megabytes("0.5")) == (100.0, 0.5)
    for text in ("0", "-1", "nan", "inf", "百"):
        with pytest.raises(ValueError, match=text):
            megabytes(text)


def test_finished_sizes_are_kept_for_the_same_minutes_alone(tmp_path: Path) -> None:
    file, of = tmp_path / "結果" / "済み.json", {"data": "甲", "index": "3"}
    Finished(file, of).add(0.5, taken(1000, 10.0))
    Finished(file, of).add(10, taken(3000, 30.0))
    assert Finished(file, of).sizes == {0.5: taken(1000, 10.0), 10: taken(3000, 30.0)}
    with pytest.raises(ValueError, match="別の会議録"):
        Finished(file, {**of, "data": "乙"})


def test_sizes_are_ingested_by_the_product_once_and_said(
    tmp_path: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (data / "十月.txt").write_text(SITTING, encoding="utf-8")
    asked = ["--data", str(data), "--done", str(tmp_path / "済み.json"), "--scale", "0.02"]
    assert bench.main([*asked, "--json"]) == 0
    value = json.loads(capsys.readouterr().out)
    (found,) = value["scale"]
    assert found["bytes"] >= 20_000 > found["bytes"] - len(SITTING.encode()) - 100
    assert found["files"] == 14
    assert found["chunks"] >= found["embedded"] > found["pairs"] > 0
    assert min(found["figures"].values()) > 0
    assert value["exponents"] == []
    assert bench.main(asked) == 0
    said = capsys.readouterr()
    assert f"| 0.0 | {found['files']} | {found['chunks']} | {found['pairs']} |" in said.out
    assert said.err == "", "nothing is measured twice"


def test_the_table_of_sizes_says_how_each_figure_grows() -> None:
    text = "\n".join(table([taken(1_000_000, 10.0), taken(3_000_000, 30.0)]))
    assert "| 1.0 | 1 | 20 | 3 | 1.0＋10.0秒 | 10秒（5秒） | 0.10MB | 400MB | 1000MB |" in text
    assert "1.0 → 3.0MB の増え方（1.00は比例）: 読み取りと構造" in text
    assert "取り込み 1.00" in text


def test_a_folder_without_minutes_cannot_be_scaled(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["--data", str(tmp_path), "--scale", "1"]) == 2
    assert "会議録のテキストファイルがありません" in capsys.readouterr().err
