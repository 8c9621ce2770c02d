"""The language model behind its socket, against a scripted server on loopback."""

from __future__ import annotations

from dataclasses import replace

import pytest

from rag.adapters.chat import OpenAIChat
from rag.adapters.marked import read_marked
from rag.domain import Part, Problem, Sentence, Surrounding
from rag.errors import DeniedError, ModelAnswerError, ModelBusyError, ModelError, ModelSetupError, ModelTextError
from rag.safety.egress import Egress
from rag.settings import ChatSettings
from tests.builders import evidence, question
from tests.scripted import Fault, Script

KEY = "sk-secret"
DRAFT = (
    "【結論】宿泊手当は、1夜につき2,400円です。[1]「宿泊手当の額は、一夜につき二千四百円とする」\n"
    "【根拠】旅費条例第17条に定められています。[1]「宿泊手当の額は、一夜につき二千四百円とする」\n"
    "【手続】1. 旅費精算書を提出します。[2]「旅費精算書を提出しなければならない」\n"
)
EVIDENCE = (
    evidence(1, "宿泊手当の額は、一夜につき二千四百円とする。"),
    evidence(2, "旅行者は、旅費精算書を提出しなければならない。"),
)
QUESTION = question("宿泊手当はいくらですか。")


def chat(script: Script, *, pauses: list[float] | None = None, **changes: object) -> OpenAIChat:
    settings = {"provider": "openai", "model": "gpt-4.1-mini", "base_url": f"{script.url}/v1", "timeout_seconds": 5.0}
    return OpenAIChat(
        ChatSettings.model_validate(settings | changes),
        Egress(("3A", "2", "1"), "1"),
        environment={"OPENAI_API_KEY": KEY, "AZURE_OPENAI_API_KEY": KEY},
        pause=(pauses if pauses is not None else []).append,
    )


def written(model: OpenAIChat) -> list[Sentence]:
    return list(model.write(QUESTION, EVIDENCE))


def test_marked_lines_come_out_as_sentences_with_part_numbers_and_quotes(script: Script) -> None:
    script.says(DRAFT)
    conclusion, basis, procedure = written(chat(script))
    assert conclusion == Sentence(
        part=Part.CONCLUSION,
        text="宿泊手当は、1夜につき2,400円です。",
        citations=(1,),
        quotes=("宿泊手当の額は、一夜につき二千四百円とする",),
    )
    assert basis.part is Part.BASIS
    assert (procedure.part, procedure.text, procedure.citations) == (Part.PROCEDURE, "旅費精算書を提出します。", (2,))


def test_the_first_sentence_is_there_before_the_stream_breaks(script: Script) -> None:
    script.fails(Fault.CUT_STREAM, text=DRAFT)
    sentences = chat(script).write(QUESTION, EVIDENCE)
    assert next(sentences).part is Part.CONCLUSION
    with pytest.raises(ModelError):
        list(sentences)


def test_the_request_carries_fenced_evidence_the_date_and_the_rules(script: Script) -> None:
    script.says("該当なし")
    assert written(chat(script)) == []
    sent = script.requests[0]
    assert sent.body["stream"] is True
    assert sent.body["stream_options"] == {"include_usage": True}
    assert "[1] 職員の旅費に関する条例　第17条（2026-04-01から）" in sent.prompt
    assert "基準日は、2026-11-23" in sent.prompt
    fence = next(line for line in sent.prompt.splitlines() if len(line) == 16 and line.isalnum())
    assert sent.prompt.count(fence) == 3


def test_a_repair_names_the_refused_sentence_and_its_problem(script: Script) -> None:
    script.says("【結論】宿泊手当は、1夜につき2,400円です。[1]「一夜につき二千四百円とする」")
    refused = Sentence(
        part=Part.CONCLUSION, text="宿泊手当は3,000円です。", citations=(1,), problems=(Problem.FIGURE_NOT_IN_SOURCE,)
    )
    repaired = list(chat(script).repair(QUESTION, EVIDENCE, [refused]))
    assert [sentence.text for sentence in repaired] == ["宿泊手当は、1夜につき2,400円です。"]
    assert "【結論】宿泊手当は3,000円です。 → figure_not_in_source" in script.requests[0].prompt


def test_azure_asks_its_deployment_with_its_own_key(script: Script) -> None:
    script.says(DRAFT)
    azure = chat(script, provider="azure", model="kotae-chat", base_url=script.url, api_version="2025-01-01")
    assert len(written(azure)) == 3
    assert script.requests[0].schema
    assert script.requests[0].path == "/openai/deployments/kotae-chat/chat/completions"
    assert script.requests[0].headers["api-key"] == KEY


@pytest.mark.parametrize(
    ("fault", "error", "said"),
    [
        (Fault.RATE_LIMIT, ModelBusyError, "混み合っています"),
        (Fault.SERVER_ERROR, ModelBusyError, "故障を返しました（500）"),
        (Fault.INSUFFICIENT_QUOTA, ModelSetupError, "利用枠を使い切っています"),
        (Fault.BAD_KEY, ModelSetupError, "OPENAI_API_KEY"),
        (Fault.NO_MODEL, ModelSetupError, "base_url"),
        (Fault.TOO_LONG, ModelAnswerError, "evidence_tokens"),
        (Fault.BROKEN_JSON, ModelAnswerError, "読み取れません"),
        (Fault.CUT_STREAM, ModelBusyError, "途中で切れました"),
        (Fault.SILENT_END, ModelAnswerError, "途中で切れました"),
        (Fault.LENGTH, ModelTextError, "output_tokens"),
        (Fault.CONTENT_FILTER, ModelTextError, "内容検査"),
    ],
)
def test_every_fault_becomes_one_japanese_line_with_its_remedy_and_no_key(
    script: Script, fault: Fault, error: type[ModelError], said: str
) -> None:
    script.fails(fault, text="【結論】途中")
    with pytest.raises(error) as caught:
        written(chat(script))
    assert type(caught.value) is error
    message = str(caught.value)
    assert said in message
    assert message.endswith("ください。")
    assert "\n" not in message
    assert KEY not in message


@pytest.mark.parametrize("text", ["", "\n \n", "{}", "【結論】", "宿泊手当は2,400円です。\nご確認ください。"])
def test_a_text_without_the_shape_asked_for_is_no_answer_and_no_word_that_nothing_was_found(
    script: Script, text: str
) -> None:
    script.says(text)
    with pytest.raises(ModelTextError, match=r"決めた形の回答が返りませんでした.*chat\.model.*変えてください。$"):
        written(chat(script))
    with pytest.raises(ModelTextError):
        list(chat(script).repair(QUESTION, EVIDENCE, []))
    assert len(script.requests) == 2


@pytest.mark.parametrize(
    "text", ["該当なし", "「該当なし」。", "【結論】該当なしです。", "資料を確かめました。\n該当なし"]
)
def test_the_word_that_nothing_is_found_is_an_honest_answer_without_sentences(script: Script, text: str) -> None:
    script.says(text)
    assert written(chat(script)) == []


@pytest.mark.parametrize("fault", [Fault.LENGTH, Fault.CONTENT_FILTER])
def test_what_was_readable_comes_before_the_error_of_a_text_that_is_not_whole(script: Script, fault: Fault) -> None:
    script.fails(fault, text=f"{DRAFT}【例外】途中で切れた")
    sentences = chat(script).write(QUESTION, EVIDENCE)
    assert [next(sentences).part for _ in range(3)] == [Part.CONCLUSION, Part.BASIS, Part.PROCEDURE]
    with pytest.raises(ModelTextError):
        next(sentences)


def test_a_server_that_hangs_is_given_up_after_the_set_time(script: Script) -> None:
    script.fails(Fault.HANG)
    with pytest.raises(ModelBusyError, match="timeout_seconds"):
        written(chat(script, timeout_seconds=0.2, attempts=2))
    assert len(script.requests) == 2


@pytest.mark.parametrize("fault", [Fault.RATE_LIMIT, Fault.SERVER_ERROR])
def test_a_passing_fault_is_tried_again_with_growing_pauses(script: Script, fault: Fault) -> None:
    script.fails(fault)
    script.fails(fault)
    script.says(DRAFT)
    pauses: list[float] = []
    assert len(written(chat(script, pauses=pauses))) == 3
    assert pauses == [1.0, 2.0]


def test_an_empty_purse_is_not_tried_again(script: Script) -> None:
    script.fails(Fault.INSUFFICIENT_QUOTA)
    pauses: list[float] = []
    with pytest.raises(ModelSetupError):
        written(chat(script, pauses=pauses))
    assert (len(script.requests), pauses) == (1, [])


def test_a_stream_that_broke_after_its_first_words_is_not_started_again(script: Script) -> None:
    script.fails(Fault.CUT_STREAM, text=DRAFT)
    with pytest.raises(ModelError):
        written(chat(script))
    assert len(script.requests) == 1


def test_text_above_the_allowed_level_never_reaches_the_server(script: Script) -> None:
    with pytest.raises(DeniedError, match="区分 2"):
        list(chat(script).write(QUESTION, [*EVIDENCE, evidence(3, "処分の標準例を定める。", level="2")]))
    assert script.requests == []


def test_words_beside_the_evidence_are_above_the_allowed_level_as_well() -> None:
    script = Script()
    secret = Surrounding(chunk=evidence(3, "処分の標準例を定める。", level="2").chunk, text="処分の標準例を定める。")
    with pytest.raises(DeniedError, match="区分 2"):
        list(chat(script).write(QUESTION, [replace(EVIDENCE[0], context=(secret,))]))
    assert script.requests == []


def test_a_missing_key_is_named() -> None:
    with pytest.raises(ModelSetupError, match="OPENAI_API_KEY"):
        OpenAIChat(ChatSettings(provider="openai"), Egress(("1",), "1"), environment={})


def test_azure_without_its_address_says_what_is_missing() -> None:
    settings = ChatSettings(provider="azure", model="kotae-chat")
    with pytest.raises(ModelSetupError, match="base_url"):
        OpenAIChat(settings, Egress(("1",), "1"), environment={"AZURE_OPENAI_API_KEY": KEY})


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("【根拠】文です。[1]「引用の文」", (Part.BASIS, "文です。", (1,), ("引用の文",))),
        ("根拠：文です［１］「引用の文」。", (Part.BASIS, "文です。", (1,), ("引用の文",))),
        (
            "- **【手続】** ① 文です。[1][2]「甲の文」「乙の文」",
            (Part.PROCEDURE, "文です。", (1, 2), ("甲の文", "乙の文")),
        ),
        ("【例外・注意】文です。[1, 3]「甲の「乙」の文」", (Part.EXCEPTIONS, "文です。", (1, 3), ("甲の「乙」の文",))),
        ("【結論】文です。「引用の文」[2]", (Part.CONCLUSION, "文です。", (2,), ("引用の文",))),
        ("【根拠】文だけです。", (Part.BASIS, "文だけです。", (), ())),
        ("文です。[1]", (Part.CONCLUSION, "文です。", (1,), ())),
        (
            "【結論】知事は「検討します」と答えました。[1]「検討いたします」",
            (Part.CONCLUSION, "知事は「検討します」と答えました。", (1,), ("検討いたします",)),
        ),
    ],
)
def test_a_line_is_read_in_the_spellings_that_models_slip_into(
    line: str, expected: tuple[Part, str, tuple[int, ...], tuple[str, ...]]
) -> None:
    [sentence] = read_marked([line])
    assert (sentence.part, sentence.text, sentence.citations, sentence.quotes) == expected


def test_a_line_before_the_first_mark_comes_with_it() -> None:
    assert [one.text for one in read_marked(["前置きです。\n", "【結論】文です。[1]「甲の文」\n"])] == [
        "前置きです。",
        "文です。",
    ]
    assert not list(read_marked(["前置きです。\n"]))


def test_a_line_without_a_mark_goes_on_in_the_part_before_it() -> None:
    pieces = ["【手", "続】\n1. 一の文。[1]「甲の文」\n", "2. 二の文。[1]「乙の文」\n該当なし\n"]
    assert [(one.part, one.text) for one in read_marked(pieces)] == [
        (Part.PROCEDURE, "一の文。"),
        (Part.PROCEDURE, "二の文。"),
    ]
