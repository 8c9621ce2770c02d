"""The shape in which a language model is asked to write, against a scripted server: structured where it can, else marked."""

from __future__ import annotations

import json

import pytest

from rag.domain import Part
from rag.errors import ModelAnswerError, ModelBusyError, ModelError, ModelSetupError, ModelTextError
from tests.rag.test_chat import DRAFT, EVIDENCE, QUESTION, chat, written
from tests.scripted import Fault, Refusal, Script

STRUCTURED = json.dumps(
    {
        "sentences": [
            {
                "part": part,
                "text": text,
                "citations": [{"number": number, "quote": quote}],
            }
            for part, text, number, quote in (
                ("結論", "宿泊手当は、1夜につき2,400円です。", 1, "宿泊手当の額は、一夜につき二千四百円とする"),
                ("根拠", "旅費条例第17条に定められています。", 1, "宿泊手当の額は、一夜につき二千四百円とする"),
                ("手続", "旅費精算書を提出します。", 2, "旅費精算書を提出しなければならない"),
            )
        ]
    },
    ensure_ascii=False,
)
REFUSALS = {
    "OpenAI": Refusal(
        status=400,
        body={
            "error": {
                "message": "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this model.",
                "type": "invalid_request_error",
                "param": None,
                "code": None,
            }
        },
    ),
    "Azure": Refusal(
        status=400,
        body={
            "error": {
                "message": "response_format value as json_schema is enabled only for api versions 2024-08-01-preview and later",
                "code": "BadRequest",
            }
        },
    ),
    "a model without it": Refusal(
        status=400,
        body={"error": {"message": "This model does not support structured outputs.", "code": "unsupported"}},
    ),
    "a strict gateway": Refusal(
        status=422,
        body={"detail": [{"loc": ["body", "response_format"], "msg": "Extra inputs are not permitted", "input": {}}]},
    ),
    "an old server": Refusal(status=400, body={"error": "Unrecognized request argument supplied"}),
    "a gateway without a route": Refusal(
        status=404, body={"message": "no provider supports the parameter json_schema"}
    ),
}


def test_a_text_held_to_a_schema_comes_out_as_the_same_sentences_as_marked_lines(script: Script) -> None:
    script.says(STRUCTURED)
    script.says(DRAFT)
    assert written(chat(script)) == written(chat(script, shape="marked"))
    first, second = script.requests
    assert first.body["response_format"]["type"] == "json_schema"
    assert first.body["response_format"]["json_schema"]["strict"] is True
    assert (first.body["stream"], second.schema) == (True, None)
    assert ('"sentences"' in first.prompt, '"sentences"' in second.prompt) == (True, False)
    assert ("【区分】文[資料の番号]" in first.prompt, "【区分】文[資料の番号]" in second.prompt) == (False, True)


def test_the_first_structured_sentence_is_there_before_the_stream_breaks(script: Script) -> None:
    script.fails(Fault.CUT_STREAM, text=STRUCTURED[: STRUCTURED.index("手続")])
    sentences = chat(script).write(QUESTION, EVIDENCE)
    assert [next(sentences).part, next(sentences).part] == [Part.CONCLUSION, Part.BASIS]
    with pytest.raises(ModelBusyError):
        next(sentences)


@pytest.mark.parametrize(
    ("fault", "error"),
    [(Fault.NONE, ModelTextError), (Fault.LENGTH, ModelTextError), (Fault.SILENT_END, ModelAnswerError)],
)
def test_a_structured_text_that_is_cut_short_gives_what_was_complete_and_then_an_error(
    script: Script, fault: Fault, error: type[ModelError]
) -> None:
    script.fails(fault, text=STRUCTURED[:-8])
    sentences = chat(script).write(QUESTION, EVIDENCE)
    assert [next(sentences).part, next(sentences).part] == [Part.CONCLUSION, Part.BASIS]
    with pytest.raises(error) as caught:
        next(sentences)
    assert type(caught.value) is error


@pytest.mark.parametrize("text", [STRUCTURED, DRAFT])
def test_the_responses_api_is_asked_for_the_same_shape(script: Script, text: str) -> None:
    script.says(text)
    script.fails(Fault.LENGTH, text=text)
    model = chat(script, use_responses_api=True)
    assert [one.part for one in written(model)] == [Part.CONCLUSION, Part.BASIS, Part.PROCEDURE]
    [sent] = script.requests
    assert (sent.path, sent.body["text"]["format"]["strict"]) == ("/v1/responses", True)
    with pytest.raises(ModelTextError, match="output_tokens"):
        written(model)


@pytest.mark.parametrize("responses", [False, True])
@pytest.mark.parametrize("words", REFUSALS)
def test_where_the_schema_is_refused_marked_lines_are_asked_for_from_then_on(
    script: Script, words: str, responses: bool, recwarn: pytest.WarningsRecorder
) -> None:
    script.refuses_shape = REFUSALS[words]
    script.says(DRAFT)
    pauses: list[float] = []
    model = chat(script, pauses=pauses, attempts=1, use_responses_api=responses)
    before = model.prompt
    assert len(written(model)) == len(written(model)) == len(list(model.repair(QUESTION, EVIDENCE, []))) == 3
    assert [sent.schema is not None for sent in script.requests] == [True, False, False, False]
    assert "【区分】文[資料の番号]" in script.requests[1].prompt
    assert model.prompt == chat(script, shape="marked").prompt != before == chat(script, shape="structured").prompt
    assert (pauses, [str(each.message) for each in recwarn if "structured" in str(each.message)]) == ([], [])


def test_a_schema_that_is_refused_where_nothing_else_is_wanted_is_an_error_with_its_remedy(script: Script) -> None:
    script.refuses_shape = REFUSALS["OpenAI"]
    with pytest.raises(ModelSetupError, match=r"chat\.shape を auto か marked にしてください。$"):
        written(chat(script, shape="structured"))
    assert len(script.requests) == 1


@pytest.mark.parametrize(
    "refusal",
    [
        Refusal(status=404, body={"error": {"message": "The model `x` does not exist", "code": "model_not_found"}}),
        Refusal(
            status=400, body={"error": {"message": "Unsupported parameter: 'temperature'", "param": "temperature"}}
        ),
        Refusal(status=500, body={"error": {"message": "response_format failed"}}),
    ],
)
def test_a_refusal_for_another_reason_is_no_refusal_of_the_schema(script: Script, refusal: Refusal) -> None:
    script.refuses_shape = refusal
    with pytest.raises(ModelError):
        written(chat(script, attempts=1))
    assert [sent.schema is not None for sent in script.requests] == [True]


@pytest.mark.parametrize("text", [DRAFT, f"```json\n{STRUCTURED}\n```"])
def test_a_server_that_ignores_the_schema_is_read_in_what_it_writes(script: Script, text: str) -> None:
    script.says(text)
    model = chat(script)
    assert [len(written(model)), len(written(model))] == [3, 3]
    assert all(sent.schema for sent in script.requests)


def test_a_structured_text_without_sentences_is_an_honest_answer_only_when_its_list_is_empty(script: Script) -> None:
    script.says('{"sentences": []}')
    script.says('{"answer": "2,400円です。"}')
    assert written(chat(script)) == []
    with pytest.raises(ModelTextError):
        written(chat(script))
