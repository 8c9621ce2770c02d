"""The language model as a writer of drafts: one request an item, marked text, read line by line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from rag.adapters.chat import OpenAIChat, show_evidence
from rag.adapters.marked import NOTHING, lines_of, read_line
from rag.assembly.item import AnswerPart, Drafted, DraftRequest
from rag.domain import Part
from rag.errors import ModelTextError
from rag.prompts import digest, fence, fill

PROMPTS = ("draft_role", "draft_rules", "draft_item", "answer_evidence")
NONE = "（なし）"
_LEAD = re.compile(r"^[\s#>*・\-]+")
_PART = re.compile(
    r"^[【\[［〔（(]?\s*(" + "|".join(part.value for part in AnswerPart) + r")\s*(?:[】\]］〕）)]\s*[:：]?|[:：])\s*"
)


class OpenAIDraftWriter:
    """Implements DraftWriter with a model that speaks the OpenAI protocol. Threads may share it."""

    def __init__(self, chat: OpenAIChat) -> None:
        """Take the chat whose model, limits and retries it uses."""
        self._chat = chat

    @property
    def name(self) -> str:
        """Name the model as it is shown with the draft."""
        return self._chat.name

    @property
    def prompt(self) -> str:
        """Return the digest of the prompts it uses."""
        return digest(PROMPTS)

    def write(self, request: DraftRequest) -> Iterator[Drafted]:
        """Yield each sentence once its line is complete; raises ModelError, and DeniedError for text that may not leave."""
        chunks = [item.chunk for item in request.evidence]
        yield from self.read(self._chat.say(rules(), request_text(request), chunks=chunks))

    def body(self, request: DraftRequest) -> dict[str, Any]:
        """Return the request as the Batch API takes it; raises DeniedError for text that may not leave."""
        chunks = [item.chunk for item in request.evidence]
        return self._chat.body(rules(), request_text(request), chunks=chunks)

    def asked_text(self, request: DraftRequest) -> str:
        """Return all that is sent for one item, to count it."""
        return f"{rules()}\n{request_text(request)}"

    def read(self, pieces: Iterable[str]) -> Iterator[Drafted]:
        """Yield the sentences of a text in pieces; raises ModelTextError for one without the shape asked for."""
        part, has_shape = AnswerPart.RESTATEMENT, False
        for line in lines_of(pieces):
            body = _LEAD.sub("", line.replace("**", "")).strip()
            if found := _PART.match(body):
                part, has_shape = AnswerPart(found[1]), True
                body = body[found.end() :].strip()
            sentence = read_line(Part.BASIS, body)
            if sentence.text.strip("。 　「」") in NOTHING:
                has_shape = True
            elif sentence.text and has_shape:
                yield Drafted(part=part, text=sentence.text, citations=sentence.citations, quotes=sentence.quotes)
        if not has_shape:
            raise ModelTextError(
                f"言語モデル {self.name}: 決めた形の答弁案が返りませんでした。設定の chat.model を、指示した形で書けるモデルに変えてください。"
            )


def rules() -> str:
    """Return what a model is told before every item."""
    return "\n\n".join(map(fill, ("draft_role", "draft_rules")))


def request_text(request: DraftRequest) -> str:
    """Return what a model is told of one item: evidence between fences, what is asked, and how to answer."""
    item = request.item
    shown = [show_evidence(each) for each in request.evidence]
    asked = [item.text, item.background, *item.headings]
    return fill(
        "draft_item",
        fence=fence([*shown, *asked]),
        evidence="\n\n".join(shown),
        headings="　".join(item.headings) or NONE,
        background=f"背景：{item.background}" if item.background else f"背景：{NONE}",
        question=item.text,
        asked="\n".join(f"・{question}" for question in request.questions),
        day=request.day.isoformat(),
        answerer=item.answerer or NONE,
        stance=request.stance.value,
        opening=request.opening,
        endings="、".join(request.endings) or NONE,
        characters=str(request.characters),
    )
