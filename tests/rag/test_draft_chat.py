"""The language model as a writer of drafts, over the real client against a scripted server."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from rag.adapters.chat import OpenAIChat
from rag.adapters.draft_chat import OpenAIDraftWriter, rules
from rag.assembly.item import AnswerPart, DraftRequest, Item, Stance
from rag.errors import DeniedError, ModelTextError
from rag.safety.egress import Egress
from rag.settings import ChatSettings
from tests.builders import evidence
from tests.scripted import Script, scripted_server

GIVEN = evidence(1, "設置率は本年度末で53.2%となる見込みでございます。", title="会議録", locator="危機管理局長")
REQUEST = DraftRequest(
    item=Item(
        number=("3", "1"),
        headings=("避難所の冷房について",),
        text="設置率の現状を問う。",
        background="この夏は暑かった。",
        answerer="危機管理局長",
    ),
    questions=("設置率の現状を問う。",),
    past=(),
    evidence=(GIVEN,),
    stance=Stance.CAUTIOUS,
    opening="避難所の冷房についてお答えいたします。",
    endings=("ております", "でございます"),
    characters=400,
    day=date(2026, 12, 10),
)


@pytest.fixture
def server() -> Iterator[Script]:
    with scripted_server() as script:
        yield script


def writer(script: Script) -> OpenAIDraftWriter:
    settings = ChatSettings(provider="openai", base_url=f"{script.url}/v1", attempts=1)
    return OpenAIDraftWriter(
        OpenAIChat(settings, Egress(("3B", "2", "1"), "1"), environment={"OPENAI_API_KEY": "test"})
    )


def test_a_draft_comes_line_by_line_with_parts_numbers_and_quotes(server: Script) -> None:
    server.says(
        "【確認】避難所の冷房についてお答えいたします。\n"
        "**【現状】** 設置率は、本年度末で53.2%の見込みでございます[1]「本年度末で53.2%となる見込み」\n"
        "市町村と協議しております。[1]「見込みでございます」\n【決意】：取り組んでまいります。\n"
    )
    drafted = list(writer(server).write(REQUEST))
    assert [(each.part, each.text) for each in drafted] == [
        (AnswerPart.RESTATEMENT, "避難所の冷房についてお答えいたします。"),
        (AnswerPart.PRESENT, "設置率は、本年度末で53.2%の見込みでございます。"),
        (AnswerPart.PRESENT, "市町村と協議しております。"),
        (AnswerPart.RESOLVE, "取り組んでまいります。"),
    ]
    assert (drafted[1].citations, drafted[1].quotes) == ((1,), ("本年度末で53.2%となる見込み",))


def test_the_request_holds_what_is_asked_and_how_with_the_evidence_between_fences(server: Script) -> None:
    server.says("該当なし")
    assert list(writer(server).write(REQUEST)) == []
    [received] = server.requests
    system, user = (str(message["content"]) for message in received.body["messages"])
    assert system == rules()
    for text in (
        "避難所の冷房について",
        "背景：この夏は暑かった。",
        "・設置率の現状を問う。",
        "姿勢：慎重",
        "答弁者：危機管理局長",
        "2026-12-10",
        "400字",
        "ております、でございます",
        GIVEN.chunk.text,
    ):
        assert text in user
    mark = next(line for line in user.splitlines() if len(line) == 16 and line.isalnum())
    assert user.index(mark) < user.index(GIVEN.chunk.text) < user.rindex(mark)
    assert received.schema is None


def test_a_text_without_the_shape_asked_for_is_no_draft(server: Script) -> None:
    server.says("承知しました。答弁案は以下のとおりです。")
    with pytest.raises(ModelTextError, match="決めた形の答弁案"):
        list(writer(server).write(REQUEST))


def test_text_above_the_level_leaves_neither_streamed_nor_in_a_batch(server: Script) -> None:
    secret = evidence(1, "内部の文です。", level="3B")
    request = DraftRequest(**{**{name: getattr(REQUEST, name) for name in REQUEST.__slots__}, "evidence": (secret,)})
    with pytest.raises(DeniedError):
        list(writer(server).write(request))
    with pytest.raises(DeniedError):
        writer(server).body(request)
    assert server.requests == []


def test_the_body_for_a_batch_is_the_same_request(server: Script) -> None:
    server.says("該当なし")
    made = writer(server)
    list(made.write(REQUEST))
    body = made.body(REQUEST)
    assert body["messages"] == [dict(message) for message in server.requests[0].body["messages"]]
    assert body["model"] == made.name
