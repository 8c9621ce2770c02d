"""Many questions from a file to a file: nothing asked twice, nothing lost, whatever happens in between."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rag.errors import CasesError
from rag.wiring import Home
from tests.ui.conftest import CAR, Kotae
from ui.batch import Batch

ANSWER = {"status": "answered", "sentences": [], "answer": "25円です。"}


def write_lines(file: Path, *lines: object, ensure_ascii: bool = False) -> Path:
    text = "".join(f"{json.dumps(line, ensure_ascii=ensure_ascii)}\n" for line in lines)
    file.write_text(text, encoding="utf-8")
    return file


def read_lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    return write_lines(
        tmp_path / "質問.jsonl", *({"id": f"q{number}", "question": f"旅費の質問{number}"} for number in range(3))
    )


def asked(batch: Batch) -> list[object]:
    return [line["id"] for _, line in batch.todo]


def test_every_question_is_asked_once_in_order(questions: Path, tmp_path: Path) -> None:
    assert asked(Batch.open(questions, tmp_path / "out.jsonl")) == ["q0", "q1", "q2"]


def test_an_interrupted_batch_goes_on_where_it_stopped(questions: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    Batch.open(questions, out).write({"id": "q0", **ANSWER})
    batch = Batch.open(questions, out)
    assert asked(batch) == ["q1", "q2"]
    assert batch.skipped == 1


@pytest.mark.parametrize("cut", range(1, 77, 3))
def test_an_answer_cut_short_anywhere_is_asked_again_and_the_whole_ones_stay(
    questions: Path, tmp_path: Path, cut: int
) -> None:
    out = write_lines(tmp_path / "out.jsonl", {"id": "q0", **ANSWER}, {"id": "q1", **ANSWER})
    whole, second = out.read_bytes().splitlines(keepends=True)
    out.write_bytes(whole + second[:cut])
    assert cut < len(second) - 1
    batch = Batch.open(questions, out)
    assert asked(batch) == ["q1", "q2"]
    assert out.read_bytes() == whole


def test_a_last_line_that_only_lacks_its_end_counts(questions: Path, tmp_path: Path) -> None:
    out = write_lines(tmp_path / "out.jsonl", {"id": "q0", **ANSWER})
    out.write_bytes(out.read_bytes().rstrip())
    batch = Batch.open(questions, out)
    assert asked(batch) == ["q1", "q2"]
    batch.write({"id": "q1", **ANSWER})
    assert [line["id"] for line in read_lines(out)] == ["q0", "q1"]


def test_what_the_model_failed_to_answer_is_asked_again(questions: Path, tmp_path: Path) -> None:
    out = write_lines(tmp_path / "out.jsonl", {"id": "q0", **ANSWER, "status": "failed_model"}, {"id": "q1", **ANSWER})
    batch = Batch.open(questions, out)
    assert asked(batch) == ["q0", "q2"]
    for identity in ("q0", "q2"):
        batch.write({"id": identity, **ANSWER})
    batch.sort()
    assert [line["id"] for line in read_lines(out)] == ["q0", "q1", "q2"]


def test_lines_that_are_no_questions_are_named_and_the_others_asked(tmp_path: Path) -> None:
    file = tmp_path / "質問.jsonl"
    lines = [
        '{"id": "a", "question": "旅費"}',
        '{"id": "b", "question"',
        "",
        '{"id": "a", "question": "二度目"}',
        '{"question": "名前なし"}',
        '{"id": null, "question": "名前なし"}',
        '{"id": "c", "question": 5}',
        '["d", "旅費"]',
        '{"id": 7, "question": "整数の名前"}',
    ]
    file.write_text("\n".join(lines), encoding="utf-8-sig")
    batch = Batch.open(file, tmp_path / "out.jsonl")
    assert asked(batch) == ["a", 7]
    named = [place.rpartition(" ")[2] for place, _ in batch.failed]
    assert named == ["2行目", "4行目", "5行目", "6行目", "7行目", "8行目"]
    assert all(reason.endswith("ください。") for _, reason in batch.failed)


def test_a_line_in_another_encoding_costs_no_other(tmp_path: Path) -> None:
    file = tmp_path / "質問.jsonl"
    file.write_bytes(
        '{"id": "a", "question": "旅費"}\n'.encode() + '{"id": "旅", "question": "旅費"}\n'.encode("cp932")
    )
    assert asked(Batch.open(file, tmp_path / "out.jsonl"))[0] == "a"


def test_a_file_that_holds_no_answers_is_never_overwritten(questions: Path, tmp_path: Path) -> None:
    before = questions.read_bytes()
    with pytest.raises(CasesError, match="回答のファイルではない"):
        Batch.open(questions, questions)
    assert questions.read_bytes() == before
    for text in ("議会の控え", "議会の控え\n", '{"id": "q0", "question": "旅費"}', "[]\n"):
        (tmp_path / "控え.txt").write_text(text, encoding="utf-8")
        with pytest.raises(CasesError, match="控え.txt"):
            Batch.open(questions, tmp_path / "控え.txt")
        assert (tmp_path / "控え.txt").read_text(encoding="utf-8") == text


def test_a_place_that_cannot_be_written_is_named(questions: Path, tmp_path: Path) -> None:
    for out in (tmp_path, tmp_path / "ない/out.jsonl", questions / "out.jsonl"):
        with pytest.raises(CasesError, match="ください"):
            Batch.open(questions, out)


# --- as a command ----------------------------------------------------------------------------------


def test_a_batch_is_answered_resumed_and_summed_up(sample_home: Path, kotae: Kotae, tmp_path: Path) -> None:
    file = write_lines(
        tmp_path / "質問.jsonl",
        {"id": "車賃", "question": CAR},
        {"id": "空", "question": " "},
        {"id": "記号", "question": "旅費\ud800"},
        {"id": 2, "question": "火星への移住の補助金の申請期限はいつですか。"},
        ensure_ascii=True,
    )
    out = tmp_path / "回答.jsonl"
    arguments = ("--home", sample_home, "ask", "--batch", file, "--out", out, "--json")
    ended = kotae(*arguments)
    assert ended.status == 3
    assert (ended.value["answered"], ended.value["skipped"]) == (2, 0)
    assert [failed["line"].rpartition(" ")[2] for failed in ended.value["failed"]] == ["2行目", "3行目"]
    assert len(ended.err.strip().splitlines()) == 2
    answers = read_lines(out)
    assert [answer["id"] for answer in answers] == ["車賃", 2]
    alone = kotae("--home", sample_home, "ask", CAR, "--json").value
    assert {**answers[0], "seconds": 0} == {"id": "車賃", **alone, "seconds": 0}
    before = out.read_bytes()
    again = kotae(*arguments)
    assert (again.status, again.value["answered"], again.value["skipped"]) == (3, 0, 2)
    assert out.read_bytes() == before


def test_a_batch_without_a_fault_ends_with_0(shared_home: Path, kotae: Kotae, questions: Path, tmp_path: Path) -> None:
    out = tmp_path / "回答.jsonl"
    assert kotae("--home", shared_home, "ask", "--batch", questions, "--out", out).status == 0
    assert [answer["id"] for answer in read_lines(out)] == ["q0", "q1", "q2"]


def test_an_interrupted_command_has_kept_what_was_answered(
    shared_home: Path, kotae: Kotae, questions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "回答.jsonl"
    answer = Home.ask

    def interrupted(home: Home, question: Any) -> Any:
        if question.text.endswith("1"):
            raise KeyboardInterrupt
        return answer(home, question)

    with monkeypatch.context() as patched:
        patched.setattr(Home, "ask", interrupted)
        assert kotae("--home", shared_home, "ask", "--batch", questions, "--out", out).status == 130
    assert [line["id"] for line in read_lines(out)] == ["q0"]
    ended = kotae("--home", shared_home, "ask", "--batch", questions, "--out", out, "--json")
    assert (ended.status, ended.value["answered"], ended.value["skipped"]) == (0, 2, 1)


def test_a_batch_that_is_not_there_is_named_and_leaves_no_file(shared_home: Path, kotae: Kotae, tmp_path: Path) -> None:
    ended = kotae("--home", shared_home, "ask", "--batch", tmp_path / "ない.jsonl", "--out", tmp_path / "out.jsonl")
    assert (ended.status, ended.out) == (1, "")
    assert "ない.jsonl" in ended.complaint
    assert not (tmp_path / "out.jsonl").exists()


def test_a_model_that_is_away_sets_its_lines_aside_and_they_are_asked_again(
    sample_home: Path, kotae: Kotae, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write_lines(tmp_path / "質問.jsonl", {"id": "車賃", "question": CAR})
    arguments = ("--home", sample_home, "ask", "--batch", file, "--out", tmp_path / "回答.jsonl", "--json")
    with monkeypatch.context() as patched:
        patched.setenv("KOTAE_CHAT__PROVIDER", "openai")
        patched.setenv("KOTAE_CHAT__BASE_URL", "http://127.0.0.1:9/v1")
        patched.setenv("KOTAE_CHAT__ATTEMPTS", "1")
        patched.setenv("OPENAI_API_KEY", "sk-test")
        ended = kotae(*arguments)
    assert ended.status == 3
    assert len(ended.value["failed"]) == 1
    assert read_lines(tmp_path / "回答.jsonl")[0]["status"] == "failed_model"
    assert kotae(*arguments).status == 0
    (line,) = read_lines(tmp_path / "回答.jsonl")
    assert line["status"] == "answered"
