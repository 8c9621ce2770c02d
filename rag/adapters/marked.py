"""Read the marked text that a language model writes: one sentence a line, with part, numbers and quotes."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Iterator

from rag.domain import Part, Sentence

MARKS = {
    "結論": Part.CONCLUSION,
    "根拠": Part.BASIS,
    "手続": Part.PROCEDURE,
    "手続き": Part.PROCEDURE,
    "例外": Part.EXCEPTIONS,
    "例外・注意": Part.EXCEPTIONS,
    "注意": Part.EXCEPTIONS,
    "問い合わせ先": Part.CONTACT,
    "確認時点": Part.AS_OF,
}
"""Part marks as prompts/answer_rules.md names them, and the spellings that models slip into."""
NOTHING = frozenset({"該当なし", "該当なしです", "なし", "特になし"})

PART_START = (
    r"[【\[［〔（(]?\s*(" + "|".join(sorted(MARKS, key=len, reverse=True)) + r")\s*(?:[】\]］〕）)]\s*[:：]?|[:：])\s*"
)
"""How a marked line begins."""
_LEAD = re.compile(r"^[\s#>*・\-]+")
_PART = re.compile("^" + PART_START)
_NUMBERING = re.compile(r"^(?:[0-9０-９]{1,2}[.．)）]|[①-⑳])\s*")
_CITATION = re.compile(r"[\[［【]\s*(?:資料)?\s*([0-9０-９]{1,3}(?:\s*[,、，・]\s*[0-9０-９]{1,3})*)\s*[\]］】]")
_OPEN, _CLOSE = "「『", "」』"


def read_marked(pieces: Iterable[str]) -> Generator[Sentence, None, bool]:
    """Yield each sentence as soon as its line is complete; return whether there was one, or the word that nothing is found.

    A line without a mark goes on in the part before it. Lines before the first mark or number wait for it: without any, the
    text is not in the shape asked for, and nothing of it is a sentence.
    """
    part, waiting, has_shape, is_answer = Part.CONCLUSION, list[Sentence](), False, False
    for line in lines_of(pieces):
        body = _LEAD.sub("", line.replace("**", "")).strip()
        if found := _PART.match(body):
            part = MARKS[found[1]]
            body = body[found.end() :].strip()
        sentence = read_line(part, _NUMBERING.sub("", body))
        has_shape = has_shape or bool(found or sentence.citations)
        if sentence.text.strip("。 　「」") in NOTHING:
            is_answer = True
        elif sentence.text:
            waiting.append(sentence)
        if has_shape and waiting:
            is_answer = True
            yield from waiting
            waiting.clear()
    return is_answer


def lines_of(pieces: Iterable[str]) -> Iterator[str]:
    """Yield each line of a text in pieces as soon as it is complete."""
    waiting = ""
    for piece in pieces:
        waiting += piece
        *complete, waiting = waiting.split("\n")
        yield from complete
    yield waiting


def read_line(part: Part, body: str) -> Sentence:
    """Return the sentence of a line behind its mark, with its numbers and quotes."""
    found = list(_CITATION.finditer(body))
    if not found:
        return Sentence(part=part, text=body)
    text, rest = body[: found[0].start()].strip(), body[found[0].start() :]
    quotes = tuple(_quotes(rest))
    if not quotes and text.endswith(tuple(_CLOSE)):
        text, quotes = _take_last_quote(text)
    numbers = [int(number) for match in found for number in re.findall(r"[0-9０-９]+", match[1])]
    return Sentence(part=part, text=end_sentence(text), citations=tuple(dict.fromkeys(numbers)), quotes=quotes)


def end_sentence(text: str) -> str:
    """Return the text with an end mark."""
    return f"{text}。" if text and text[-1] not in "。」』）)!！?？" else text


def _quotes(text: str) -> Iterator[str]:
    """Yield what stands in outermost 「」 or 『』; an unclosed one reaches to the end."""
    depth, start = 0, 0
    for at, char in enumerate(text):
        if char in _OPEN:
            depth += 1
            start = at + 1 if depth == 1 else start
        elif char in _CLOSE and depth:
            depth -= 1
            if depth == 0 and text[start:at].strip():
                yield text[start:at].strip()
    if depth and text[start:].strip():
        yield text[start:].strip()


def _take_last_quote(text: str) -> tuple[str, tuple[str, ...]]:
    depth = 0
    for at in range(len(text) - 1, -1, -1):
        depth += (text[at] in _CLOSE) - (text[at] in _OPEN)
        if depth == 0:
            return (text[:at].strip() or text), (text[at + 1 : -1],)
    return text, ()
