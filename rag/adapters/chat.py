"""The language model behind the ChatModel socket: ChatOpenAI or AzureChatOpenAI, streamed."""

from __future__ import annotations

import os
import threading
import time
import warnings
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal

from langchain_core.messages import AIMessageChunk, BaseMessage, HumanMessage, SystemMessage
from langchain_openai import AzureChatOpenAI, ChatOpenAI
from pydantic import SecretStr

from rag.adapters.marked import read_marked
from rag.adapters.openai_errors import FOREIGN, is_passing, refuses_shape, retry_after_seconds, translate
from rag.adapters.structured import SCHEMA, read_structured
from rag.domain import Chunk, Evidence, Part, Period, Question, Sentence
from rag.errors import ModelAnswerError, ModelSetupError, ModelTextError
from rag.prompts import digest, fence, fill
from rag.safety.egress import Egress
from rag.settings import ChatSettings

Shape = Literal["structured", "marked"]
PROMPTS = ("answer_role", "answer_rules", "answer_evidence", "answer_question", "answer_repair")
"""The prompts of every request."""
SHAPE_PROMPTS: Mapping[Shape, str] = {"structured": "answer_structured", "marked": "answer_marked"}
"""How to write, of which a request has one."""
READERS: Mapping[Shape, Callable[[Iterable[str]], Generator[Sentence, None, bool]]] = {
    "structured": read_structured,
    "marked": read_marked,
}
KEY_NAMES = {"openai": "OPENAI_API_KEY", "azure": "AZURE_OPENAI_API_KEY"}
LONGEST_PAUSE_SECONDS = 20.0
REFUSAL_WARNING = ".*OpenAI's structured output feature"
"""What the client prints beside a refused shape, for which we have an answer."""
PART_MARKS = {
    Part.CONCLUSION: "【結論】",
    Part.BASIS: "【根拠】",
    Part.PROCEDURE: "【手続】",
    Part.EXCEPTIONS: "【例外】",
    Part.CONTACT: "【問い合わせ先】",
    Part.AS_OF: "【確認時点】",
}


class ShapeRefusedError(ModelSetupError):
    """The endpoint does not take the request for structured text."""


class OpenAIChat:
    """Writes drafts with a model that speaks the OpenAI protocol.

    Structured text where the endpoint takes the request for it, else marked text: a refusal is remembered. Threads may share it.
    """

    def __init__(
        self,
        settings: ChatSettings,
        egress: Egress,
        *,
        environment: Mapping[str, str] | None = None,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        """Build the client without connecting; raises ModelSetupError for a missing key or address."""
        variables = os.environ if environment is None else environment
        self._key_name = KEY_NAMES[settings.provider]
        self._settings = settings
        self._egress = egress
        self._pause = pause
        self._refused = threading.Event()
        warnings.filterwarnings("ignore", message=REFUSAL_WARNING)
        self._model = _client(settings, variables.get(self._key_name, "").strip(), self._key_name)

    @property
    def name(self) -> str:
        """Name the model as it is shown with the answer."""
        return self._settings.model

    @property
    def shape(self) -> Shape:
        """Return the shape in which it asks for text: of the settings, or structured until that is refused."""
        if self._settings.shape == "auto":
            return "marked" if self._refused.is_set() else "structured"
        return self._settings.shape

    @property
    def prompt(self) -> str:
        """Return the digest of the prompts it uses, those of the shape included."""
        return digest((*PROMPTS, SHAPE_PROMPTS[self.shape]))

    def write(self, question: Question, evidence: Sequence[Evidence]) -> Iterator[Sentence]:
        """Yield each sentence of a draft once it is complete; raises ModelError, and DeniedError for text that may not leave."""
        return self._read(self._ask(question, evidence))

    def repair(
        self, question: Question, evidence: Sequence[Evidence], failed: Sequence[Sentence]
    ) -> Iterator[Sentence]:
        """Yield replacements for refused sentences; raises ModelError."""
        lines = [f"{PART_MARKS[one.part]}{one.text} → {'、'.join(one.problems)}" for one in failed]
        request = HumanMessage(fill("answer_repair", failed="\n".join(lines)))
        return self._read([*self._ask(question, evidence), request])

    def say(self, rules: str, request: str, *, chunks: Iterable[Chunk]) -> Iterator[str]:
        """Yield what the model writes to a request that holds the text of these chunks; raises ModelError and DeniedError."""
        self._egress.require(chunks)
        return self._stream([SystemMessage(rules), HumanMessage(request)], "marked")

    def body(self, rules: str, request: str, *, chunks: Iterable[Chunk]) -> dict[str, Any]:
        """Return the same request as the body of a chat completion; raises DeniedError."""
        self._egress.require(chunks)
        return {
            "model": self._settings.model,
            "temperature": self._settings.temperature,
            "max_tokens": self._settings.output_tokens,
            "messages": [{"role": "system", "content": rules}, {"role": "user", "content": request}],
        }

    def _ask(self, question: Question, evidence: Sequence[Evidence]) -> list[BaseMessage]:
        self._egress.require(item.chunk for item in evidence)
        self._egress.require(passage.chunk for item in evidence for passage in item.context)
        shown = [show_evidence(item) for item in evidence]
        request = fill(
            "answer_question",
            fence=fence([*shown, question.text]),
            evidence="\n\n".join(shown),
            as_of=question.as_of.isoformat(),
            question=question.text,
        )
        return [HumanMessage(request)]

    def _read(self, asked: list[BaseMessage]) -> Iterator[Sentence]:
        shape = self.shape
        rules = SystemMessage("\n\n".join(map(fill, ("answer_role", "answer_rules", SHAPE_PROMPTS[shape]))))
        try:
            is_answer = yield from READERS[shape](self._stream([rules, *asked], shape))
        except ShapeRefusedError:
            if self._settings.shape != "auto":
                raise
            self._refused.set()
            yield from self._read(asked)
            return
        if not is_answer:
            raise ModelTextError(
                f"{self._subject}: 決めた形の回答が返りませんでした。設定の chat.model を、指示した形で書けるモデルに変えてください。"
            )

    def _stream(self, messages: list[BaseMessage], shape: Shape) -> Iterator[str]:
        """Yield the text as it comes; tries again only while nothing has come."""
        attempt = 1
        while True:
            started = False
            try:
                for piece in self._pieces(messages, shape):
                    started = True
                    yield piece
                return
            except FOREIGN as error:
                if shape == "structured" and not started and refuses_shape(error):
                    raise ShapeRefusedError(
                        f"{self._subject}: 接続先が、JSONの形を決めた回答を受け付けません。"
                        "設定の chat.shape を auto か marked にしてください。"
                    ) from error
                if started or attempt >= self._settings.attempts or not is_passing(error):
                    raise translate(error, self._subject, key_name=self._key_name) from error
                self._pause(min(LONGEST_PAUSE_SECONDS, max(retry_after_seconds(error), 2.0 ** (attempt - 1))))
                attempt += 1

    def _pieces(self, messages: list[BaseMessage], shape: Shape) -> Iterator[str]:
        ending = ""
        for chunk in self._model.stream(messages, **self._parameters(shape)):
            if isinstance(chunk, AIMessageChunk):
                ending = _ending(chunk.response_metadata) or ending
            if chunk.text:
                yield str(chunk.text)
        if ending == "length":
            raise ModelTextError(
                f"{self._subject}: 回答が長さの上限で切れました。設定の chat.output_tokens を大きくしてください。"
            )
        if ending == "content_filter":
            raise ModelTextError(f"{self._subject}: 接続先の内容検査で止められました。質問の言い方を変えてください。")
        if not ending:
            raise ModelAnswerError(f"{self._subject}: 回答が途中で切れました。もう一度実行してください。")

    def _parameters(self, shape: Shape) -> dict[str, Any]:
        """Return what a request carries for its shape.

        Bound as `response_format`, the chat client would parse the stream itself and raise for an empty text and at the limit of
        length; in the body, the text comes as it does without it.
        """
        if shape == "marked":
            return {}
        if self._settings.use_responses_api:
            return {"text": {"format": {"type": "json_schema", **SCHEMA}}}
        return {"extra_body": {"response_format": {"type": "json_schema", "json_schema": SCHEMA}}}

    @property
    def _subject(self) -> str:
        return f"言語モデル {self._settings.model}"


def _client(settings: ChatSettings, key: str, key_name: str) -> ChatOpenAI | AzureChatOpenAI:
    if not key:
        raise ModelSetupError(
            f"環境変数 {key_name}: 設定されていません。鍵を入れるか、設定の chat.provider を extractive にしてください。"
        )
    shared: dict[str, Any] = {
        "api_key": SecretStr(key),
        "temperature": settings.temperature,
        "max_retries": 0,
        "timeout": settings.timeout_seconds,
        "max_tokens": settings.output_tokens,
        "stream_usage": True,
        "use_responses_api": settings.use_responses_api,
    }
    if settings.provider == "azure":
        if not settings.base_url or not settings.api_version:
            raise ModelSetupError(
                "設定 chat.base_url と chat.api_version: Azureでは両方が要ります。エンドポイントとAPIバージョンを書いてください。"
            )
        return AzureChatOpenAI(
            azure_endpoint=settings.base_url,
            api_version=settings.api_version,
            azure_deployment=settings.model,
            **shared,
        )
    return ChatOpenAI(model=settings.model, base_url=settings.base_url or None, **shared)


def _ending(metadata: Mapping[str, Any]) -> str:
    """Return why the model stopped, in the words of the chat protocol; empty while it has not."""
    if reason := metadata.get("finish_reason"):
        return str(reason)
    status = metadata.get("status")
    if status == "incomplete":
        details = metadata.get("incomplete_details") or {}
        return "content_filter" if details.get("reason") == "content_filter" else "length"
    return "stop" if status == "completed" else ""


def show_evidence(item: Evidence) -> str:
    """Return a piece of evidence as a model sees it."""
    text = item.chunk.text
    if item.context:
        beside = "\n".join(passage.text for passage in item.context)
        text += f"\n（前後の定め。参考にするだけで、写してはいけません）\n{beside}"
    return fill(
        "answer_evidence",
        number=str(item.number),
        title=item.title,
        locator=item.chunk.locator,
        period=_describe_period(item.chunk.period),
        text=text,
    )


def _describe_period(period: Period) -> str:
    start = f"{period.start.isoformat()}から" if period.start else "始期の記載なし"
    return f"{start}{period.end.isoformat()}の前日まで" if period.end else start
