"""How long an answer takes beyond the model's own time: `./x bench answering --data DIR [--size 100000] [--out DIR]`.

DIR is that of `./x bench search`, whose home of made chunks is built in `--out`, or gone on with, and kept. Asked are its real questions, by
a user who may read all: of a language model behind a scripted server on loopback that answers at once with three lines, each of which
copies the first sentence of a piece of evidence, and of the writer that only quotes. The server's own work, in this process, counts as
ours. Ends with 1 when a bar is missed.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rag.adapters.chat import OpenAIChat
from rag.domain import Answer, Question, Sentence
from rag.japanese.text import sentences
from rag.safety.egress import Egress
from rag.settings import ChatSettings
from rag.wiring import Home, open_home
from tests.bench.attack_model import Shown
from tests.bench.search_ask import WARM, percentiles, questions, reader
from tests.bench.search_home import build, index
from tests.scripted import scripted_server

QUESTIONS = 60
FIRST_MILLISECONDS, WHOLE_MILLISECONDS = 300.0, 500.0
COPIED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Timed:
    """Seconds from the question."""

    evidence: float
    first: float | None
    """None: no sentence was verified."""
    whole: float


def copying(body: Mapping[str, Any]) -> str:
    """Answer a chat request with lines that copy the first sentence of each of the first pieces of evidence."""
    lines = []
    for number, text in list(Shown.of(body["messages"]).texts.items())[:COPIED]:
        said = text.split("\n", 1)[-1]
        first = next((span.of(said) for span in sentences(said) if len(span.of(said)) > 20), said.strip())
        lines.append(f"【{'結論' if not lines else '根拠'}】{first}[{number}]「{first}」")
    return "\n".join(lines) or "該当なし"


def timed(home: Home, question: Question, chat: OpenAIChat | None) -> Timed:
    """Ask one question, with this language model or by quotes alone, whatever its coverage."""
    started = time.perf_counter()
    assistant = home.assistant(question.reader)
    settings = assistant.settings.model_copy(update={"coverage": 0.0})
    assistant = replace(assistant, chat=chat or assistant.inside, settings=settings)
    evidence = first = None
    for event in assistant.stream(question):
        now = time.perf_counter() - started
        if isinstance(event, Sentence):
            first = now if first is None else first
        elif not isinstance(event, Answer):
            evidence = now
    whole = time.perf_counter() - started
    return Timed(evidence=evidence if evidence is not None else whole, first=first, whole=whole)


def measure(home: Home, asked: Sequence[Question]) -> dict[str, list[Timed]]:
    """Ask every question of both writers; the first ones only warm up."""
    found: dict[str, list[Timed]] = {}
    with scripted_server() as script:
        script.writer = copying
        settings = home.settings
        egress = Egress(settings.levels.order, settings.egress.level)
        chat = OpenAIChat(
            ChatSettings(provider="openai", base_url=f"{script.url}/v1"), egress, environment={"OPENAI_API_KEY": "test"}
        )
        for name, writer in (("言語モデル", chat), ("引用だけ", None)):
            found[name] = [timed(home, question, writer) for question in asked][WARM:]
    return found


def missed(found: Mapping[str, Sequence[Timed]]) -> list[str]:
    """Return the bars that the 95th percentile passes."""
    over = []
    for name, each in found.items():
        first = percentiles([one.first for one in each if one.first is not None] or [0.0])["p95_ms"]
        whole = percentiles([one.whole for one in each])["p95_ms"]
        over += [f"{name}: 最初の文 {first}ms > {FIRST_MILLISECONDS:.0f}ms"] * (first > FIRST_MILLISECONDS)
        over += [f"{name}: 全体 {whole}ms > {WHOLE_MILLISECONDS:.0f}ms"] * (whole > WHOLE_MILLISECONDS)
    return over


def table(found: Mapping[str, Sequence[Timed]]) -> Iterator[str]:
    """Yield the figures for people."""
    yield "書き手\t質問\t文のある答え\t資料 p50/p95\t最初の文 p50/p95\t全体 p50/p95（ミリ秒）"
    for name, each in found.items():
        firsts = [one.first for one in each if one.first is not None]
        columns = [[one.evidence for one in each], firsts or [0.0], [one.whole for one in each]]
        cells = ["{p50_ms}/{p95_ms}".format(**percentiles(column)) for column in columns]
        yield "\t".join([name, str(len(each)), str(len(firsts)), *cells])


def main(given: Sequence[str] | None = None) -> int:
    """Build what is not built, ask, print; 1 when a bar is missed."""
    parser = argparse.ArgumentParser(
        prog="./x bench answering", description="回答にかかる時間（言語モデルの時間を除く）"
    )
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="判定つきデータと会議録のフォルダ")
    parser.add_argument("--size", type=int, default=100_000, metavar="N", help="検索単位の数")
    parser.add_argument(
        "--out", type=Path, default=Path(".kotae-answering"), metavar="DIR", help="ホームを置くフォルダ"
    )
    arguments = parser.parse_args(given)
    place = arguments.out / str(arguments.size)
    place.mkdir(parents=True, exist_ok=True)
    built = build(arguments.data, arguments.size, place)
    if "vectors" not in built.seconds:
        index(place, built)
    home = open_home(place / "home")
    everybody = reader("100%")
    asked = [
        Question(text=text, as_of=day, reader=everybody) for text, day in questions(arguments.data, WARM + QUESTIONS)
    ]
    found = measure(home, asked)
    print("\n".join(table(found)))
    over = missed(found)
    for line in over:
        print(f"目標に届きません: {line}")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
