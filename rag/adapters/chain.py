"""The assistant's steps as an LCEL chain, so that tracing and callbacks of LangChain see each of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any, cast

from langchain_core.runnables import Runnable, RunnableLambda

from rag.domain import Answer, Question


def answer_chain(steps: Sequence[tuple[str, Callable[[Any], Any]]]) -> Runnable[Question, Answer]:
    """Join named steps, each taking what the one before returns: the first takes a Question, the last returns an Answer."""
    if not steps:
        raise ValueError("a chain needs at least one step")
    links: list[Runnable[Any, Any]] = [RunnableLambda(step).with_config(run_name=name) for name, step in steps]
    return cast("Runnable[Question, Answer]", reduce(lambda chain, link: chain | link, links))
