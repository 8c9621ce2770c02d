"""The language model behind the ChatModel socket: ChatOpenAI or AzureChatOpenAI, streamed."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from langchain_core.messages import AIMessageChunk, BaseMessage, HumanMessage, SystemMessage
from langchain_openai import AzureChatOpenAI, ChatOpenAI
from pydantic import SecretStr

from rag.adapters.marked import read_marked
from rag.adapters.openai_errors import FOREIGN, is_passing, retry_after_seconds, translate
from rag.domain import Evidence, Part, Period, Question, Sentence
from rag.errors import ModelAnswerError, ModelSetupError, ModelTextError
from rag.prompts import digest, fence, fill
from rag.safety.egress import Egress
from rag.settings import ChatSettings

PROMPTS = ("answer_role", "answer_rules", "answer_evidence", "answer_question", "answer_repair")
KEY_NAMES = {"openai": "OPENAI_API_KEY", "azure": "AZURE_OPENAI_API_KEY"}
LONGEST_PAUSE_SECONDS = 20.0
PART_MARKS = {
    Part.CONCLUSION: "【結論】",
    Part.BASIS: "【根拠】",
    Part.PROCEDURE: "【手続】",
    Part.EXCEPTIONS: "【例外】",
    Part.CONTACT: "【問い合わせ先】",
    Part.AS_OF: "【確認時点】",
}


class OpenAIChat:
    """Writes drafts with a model that speaks the OpenAI protocol."""

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
        self._model = _client(settings, variables.get(self._key_name, "").strip(), self._key_name)

    @property
    def name(self) -> str:
        """Name the model as it is shown with the answer."""
        return self._settings.model

    @property
    def prompt(self) -> str:
        """Return the digest of the prompts it uses."""
        return digest(PROMPTS)

    def write(self, question: Question, evidence: Sequence[Evidence]) -> Iterator[Sentence]:
        """Yield the sentences of a draft as their lines arrive; raises ModelError, and DeniedError for text that may not leave."""
        yield from self._read(self._messages(question, evidence))

    def repair(
        self, question: Question, evidence: Sequence[Evidence], failed: Sequence[Sentence]
    ) -> Iterator[Sentence]:
        """Yield replacements for refused sentences; raises ModelError."""
        lines = [f"{PART_MARKS[one.part]}{one.text} → {'、'.join(one.problems)}" for one in failed]
        request = HumanMessage(fill("answer_repair", failed="\n".join(lines)))
        yield from self._read([*self._messages(question, evidence), request])

    def _messages(self, question: Question, evidence: Sequence[Evidence]) -> list[BaseMessage]:
        self._egress.require(item.chunk for item in evidence)
        self._egress.require(passage.chunk for item in evidence for passage in item.context)
        shown = [_show(item) for item in evidence]
        request = fill(
            "answer_question",
            fence=fence([*shown, question.text]),
            evidence="\n\n".join(shown),
            as_of=question.as_of.isoformat(),
            question=question.text,
        )
        return [SystemMessage(f"{fill('answer_role')}\n\n{fill('answer_rules')}"), HumanMessage(request)]

    def _read(self, messages: list[BaseMessage]) -> Iterator[Sentence]:
        is_answer = yield from read_marked(self._stream(messages))
        if not is_answer:
            raise ModelTextError(
                f"{self._subject}: 決めた形の回答が返りませんでした。設定の chat.model を、指示した形で書けるモデルに変えてください。"
            )

    def _stream(self, messages: list[BaseMessage]) -> Iterator[str]:
        """Yield the text as it comes; tries again only while nothing has come."""
        attempt = 1
        while True:
            started = False
            try:
                for piece in self._pieces(messages):
                    started = True
                    yield piece
                return
            except FOREIGN as error:
                if started or attempt >= self._settings.attempts or not is_passing(error):
                    raise translate(error, self._subject, key_name=self._key_name) from error
                self._pause(min(LONGEST_PAUSE_SECONDS, max(retry_after_seconds(error), 2.0 ** (attempt - 1))))
                attempt += 1

    def _pieces(self, messages: list[BaseMessage]) -> Iterator[str]:
        ending = ""
        for chunk in self._model.stream(messages):
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


def _show(item: Evidence) -> str:
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
