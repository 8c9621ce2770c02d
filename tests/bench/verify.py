"""How many faults of a writer the check of sentences catches: `./x bench verify [--data DIR]`; exit 1 below a bar.

A scripted writer answers over the sample prefecture and over a BEIR folder, with evidence as in the product. Each answer has
one fault of one class (`tests/bench/faults.py`). A fault is caught when its sentence comes back not verified; a faithful
sentence that does is a false flag. Paraphrases that people wrote (`tests/cases/answers/faithful.jsonl`) are checked too.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from random import Random

from eval.beir import load_passages
from eval.jsonl import read_rows
from eval.passages import READER, load_into, temporary_home
from ingest.reading import read_many
from ingest.sync import Sync
from rag.domain import Chunk, Evidence, Question, Sentence
from rag.japanese.text import find_quote
from rag.verify import verify
from rag.wiring import home_path
from tests.bench.faithful import PARAPHRASE, sentence_of
from tests.bench.faults import FAULTS
from tests.bench.process_tree import forget_settings
from tests.bench.scripted_answers import Answer, Corpus, answers, evidence_for, long_answers, question_about
from tests.bench.verify_report import Caught, Flagged, Report, as_json, examples, table

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "ingest/samples/mihon"
PARAPHRASES = ROOT / "tests/cases/answers/faithful.jsonl"
DAY = date(2026, 11, 26)
EACH = 20
"""Faults of a class and corpus, where the texts have places for so many."""
TIMED = 40
"""Answers of a corpus that are timed."""
SEED = 1
Check = Callable[[Sequence[Sentence], Sequence[Evidence], Question], Sequence[Sentence]]


def checked(sentences: Sequence[Sentence], evidence: Sequence[Evidence], question: Question) -> Sequence[Sentence]:
    """Check the sentences as the product does."""
    return verify(sentences, evidence, question)


@contextmanager
def sample() -> Iterator[Corpus]:
    """Open a home with the sample prefecture; nothing is searched, so nothing is embedded."""
    with temporary_home(home_path(None)) as home:
        sync = Sync(
            catalogue=home.catalogue,
            embedder=home.embedder,
            may_embed=lambda _audience: False,
            settings=home.settings,
            read_many=lambda files: read_many(files, settings=home.settings.ingest),
        )
        sync.run([SAMPLE])
        records = sorted(home.catalogue.documents(), key=lambda record: record.path)
        chunks = [chunk for record in records for chunk in home.catalogue.chunks_of(record.id)]
        yield Corpus(name="見本", home=home, chunks=chunks, reader=READER, day=DAY)


@contextmanager
def judged_set(folder: Path) -> Iterator[Corpus]:
    """Open a home with the passages of a BEIR folder, in their order; raises CasesError."""
    with temporary_home(home_path(None)) as home:
        passages = list(load_passages(folder))
        load_into(home, passages)
        chunks = [chunk for passage in passages for chunk in home.catalogue.chunks_of(passage.id)]
        yield Corpus(name=folder.name, home=home, chunks=chunks, reader=READER, day=DAY)


def measure(corpus: Corpus, check: Check, *, each: int, seed: int) -> Report:
    """Check every answer as it is and with its fault."""
    report = Report()
    for name in FAULTS:
        for answer in answers(corpus, name, count=each, seed=seed):
            _judge(answer, corpus, check, report)
    _time(long_answers(corpus, count=TIMED, seed=seed), check, report)
    return report


def _judge(answer: Answer, corpus: Corpus, check: Check, report: Report) -> None:
    whole = check(answer.sentences, answer.evidence, answer.question)
    broken = check(answer.faulty(), answer.evidence, answer.question)
    for at, (kind, sentence) in enumerate(zip(answer.kinds, answer.sentences, strict=True)):
        passed = whole[at] if at == answer.place or not whole[at].verified else broken[at]
        report.flag(Flagged(corpus=corpus.name, kind=kind, sentence=sentence, found=passed, question=answer.question))
    report.caught.append(
        Caught(corpus=corpus.name, answer=answer, found=broken[answer.place], before=whole[answer.place].verified)
    )


def _time(timed: Sequence[Answer], check: Check, report: Report) -> None:
    for answer in timed[:1]:  # dictionaries are read once
        check(answer.sentences, answer.evidence, answer.question)
    for answer in timed:
        wall, processor = time.perf_counter(), time.thread_time()
        check(answer.sentences, answer.evidence, answer.question)
        report.milliseconds.append((time.perf_counter() - wall) * 1000)
        report.processor_milliseconds.append((time.thread_time() - processor) * 1000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paraphrase:
    """A faithful sentence that a person wrote."""

    id: str
    sentence: str
    document: str
    """Path below the sample."""
    locator: str
    quote: str


def read_paraphrases(path: Path) -> list[Paraphrase]:
    """Return the paraphrases of a file, none where there is no file; raises CasesError."""
    if not path.exists():
        return []
    names = ("id", "sentence", "document", "locator", "quote")
    rows = read_rows(path, remedy="JSON Linesのファイルを指定してください。")
    return [Paraphrase(**{name: str(row[name]) for name in names}) for _, row in rows]


def judge_paraphrases(corpus: Corpus, paraphrases: Sequence[Paraphrase], check: Check, report: Report) -> None:
    """Check every paraphrase as an answer of its own."""
    for each in paraphrases:
        chunk = _place(corpus, each)
        day = corpus.day if chunk.period.contains(corpus.day) or chunk.period.start is None else chunk.period.start
        evidence = evidence_for(chunk, corpus, Random(each.id), count=4)
        evidence = evidence or (Evidence(number=1, chunk=chunk, title=chunk.title),)
        number = next(item.number for item in evidence if item.chunk.id == chunk.id)
        sentence = sentence_of(each.sentence, (number, each.quote))
        question = replace(question_about(chunk, corpus), as_of=day)
        found = check((sentence,), evidence, question)[0]
        report.flag(
            Flagged(corpus=corpus.name, kind=PARAPHRASE, sentence=sentence, found=found, question=question, id=each.id)
        )


def _place(corpus: Corpus, paraphrase: Paraphrase) -> Chunk:
    """Return the chunk that is quoted; raises ValueError."""
    record = next((each for each in corpus.home.catalogue.documents() if each.path == paraphrase.document), None)
    chunks = corpus.home.catalogue.chunks_of(record.id) if record else []
    holding = [chunk for chunk in chunks if find_quote(paraphrase.quote, chunk.text)]
    named = [chunk for chunk in holding if chunk.locator == paraphrase.locator]
    if not holding:
        raise ValueError(f"{paraphrase.id}: {paraphrase.document} does not hold the quote")
    return (named or holding)[0]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; 0 when every bar is met."""
    parser = argparse.ArgumentParser(
        prog="./x bench verify",
        description="回答の文を根拠と照らす検査が、書き手の誤りを見つける割合と、正しい文を誤りとする割合を測ります。",
    )
    parser.add_argument("--data", type=Path, metavar="フォルダ", help="BEIR形式の文書（なければ見本だけを測ります）")
    parser.add_argument("--faithful", type=Path, default=PARAPHRASES, metavar="FILE", help="言い換え（JSON Lines）")
    parser.add_argument("--each", type=int, default=EACH, metavar="N", help="分類と文書群ごとの誤りの数")
    parser.add_argument("--seed", type=int, default=SEED, metavar="N", help="同じ数なら、同じ回答と誤りになります")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="見逃しと誤警報を、分類ごとにN件示します")
    parser.add_argument("--json", action="store_true", help="結果をJSONで出します")
    given = parser.parse_args(arguments)
    if given.data is not None and not (given.data / "corpus.jsonl").is_file():
        parser.error(f"{given.data}: corpus.jsonl がありません。BEIR形式のフォルダを指定してください。")
    forget_settings()
    report = Report()
    with sample() as corpus:
        report.add(measure(corpus, checked, each=given.each, seed=given.seed))
        judge_paraphrases(corpus, read_paraphrases(given.faithful), checked, report)
    if given.data is not None:
        with judged_set(given.data) as corpus:
            report.add(measure(corpus, checked, each=given.each, seed=given.seed))
    if given.json:
        print(json.dumps(as_json(report, show=given.show), ensure_ascii=False))
    else:
        print("\n".join([*table(report), *examples(report, given.show)]))
    return 0 if all(bar.is_met for bar in report.bars()) else 1


if __name__ == "__main__":
    sys.exit(main())
