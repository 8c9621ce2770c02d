"""`kotae verify`: the checks over an answer that was written elsewhere."""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rag.domain import Chunk, Evidence, Part, Question, Sentence
from rag.errors import InputError, NotFoundError
from rag.japanese.text import narrow, sentences
from rag.verify import verify
from rag.wiring import Home, open_home
from ui.commands.asking import add_as_of, read_question
from ui.output import Output
from ui.words import cli as words


def add(commands: Any, after: argparse.ArgumentParser) -> None:
    """Add the command's arguments."""
    parser = commands.add_parser("verify", parents=[after], help=words.VERIFY, description=words.VERIFY)
    parser.add_argument("file", type=Path, metavar="ANSWER.json", help=words.VERIFY_FILE)
    add_as_of(parser)
    parser.set_defaults(run=run)


def run(given: argparse.Namespace, path: Path, output: Output) -> int:
    """Check every sentence against the loaded documents that the user may read."""
    answer = _read(given.file)
    if given.as_of is None and answer.get("as_of"):
        given.as_of = str(answer["as_of"])
    home = open_home(path)
    question = read_question(given, home, str(answer.get("question") or words.VERIFY_QUESTION))
    citations = _citations(answer, given.file)
    evidence = [each for number, citation in citations.items() for each in _evidence(home, question, number, citation)]
    offices = home.offices(question.reader).offices
    chains = home.versions({each.chunk.document_id for each in evidence}, question.reader)
    versions = [version.period for chain in chains.values() for version in chain]
    drafted = list(_sentences(answer, citations, given.file))
    checked = [
        {
            "text": each.text,
            "verified": each.verified,
            "problems": [problem.value for problem in each.problems],
        }
        for each in verify(drafted, evidence, question, offices=offices, versions=versions)
    ]
    output.result({"sentences": checked}, words.verify_text(checked))
    return 0


def _read(path: Path) -> dict[str, Any]:
    try:
        answer = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise InputError(
            f"{path}: JSONとして読めません。kotae ask --json の形のファイルを指定してください。"
        ) from error
    if not isinstance(answer, dict) or not (answer.get("sentences") or answer.get("answer")):
        raise InputError(f"{path}: sentences も answer もありません。kotae ask --json の形にしてください。")
    return answer


def _citations(answer: Mapping[str, Any], path: Path) -> dict[int, Mapping[str, Any]]:
    try:
        return {int(each["number"]): each for each in answer.get("citations") or ()}
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(
            f"{path}: citations を読めません。number、document_id、locator、quote を書いてください。"
        ) from error


def _evidence(home: Home, question: Question, number: int, citation: Mapping[str, Any]) -> list[Evidence]:
    document_id, wanted = str(citation.get("document_id") or ""), str(citation.get("locator") or "")
    try:
        record = home.catalogue.document(document_id)
    except NotFoundError:
        return []
    if not home.may_read(question.reader, record.audience):
        return []
    chunks = home.catalogue.chunks_of(document_id)
    chosen = _named(chunks, wanted, str(citation.get("quote") or ""))
    return [
        Evidence(number=number, chunk=chunk, title=record.title, department=record.department) for chunk in chosen[:1]
    ]


def _named(chunks: Sequence[Chunk], wanted: str, quote: str) -> list[Chunk]:
    """Return the chunks of a locator, the one that holds the quote first."""
    named = [chunk for chunk in chunks if chunk.locator == wanted or _is_part(wanted, chunk)]
    return sorted(named, key=lambda chunk: (quote not in chunk.text, chunk.locator != wanted, chunk.ordinal))


def _is_part(wanted: str, chunk: Chunk) -> bool:
    """Tell whether a locator names a 項 that stands in this chunk of an article; 第17条の2 is no part of 第17条."""
    found = re.fullmatch(re.escape(chunk.locator) + r"第([0-9]+)項(?:第[0-9]+号)?", wanted) if chunk.locator else None
    if found is None:
        return False
    return found[1] == "1" or re.search(rf"(?m)^[ \t]*{found[1]}(?=[ \t])", narrow(chunk.text)) is not None


def _sentences(answer: Mapping[str, Any], citations: Mapping[int, Mapping[str, Any]], path: Path) -> list[Sentence]:
    rows = answer.get("sentences")
    if not rows:
        text = str(answer["answer"])
        rows = [{"text": text[span.start : span.end], "citations": list(citations)} for span in sentences(text)]
    try:
        return [_sentence(row, citations) for row in rows]
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise InputError(f"{path}: sentences を読めません。text と citations を書いてください。") from error


def _sentence(row: Mapping[str, Any], citations: Mapping[int, Mapping[str, Any]]) -> Sentence:
    numbers = tuple(int(number) for number in row.get("citations") or ())
    quotes = tuple(str(citations[number]["quote"]) for number in numbers if citations.get(number, {}).get("quote"))
    return Sentence(
        part=Part(row.get("part") or Part.BASIS.value), text=str(row["text"]), citations=numbers, quotes=quotes
    )
