"""The measurement of the check of sentences: its faults are false, its counts right, and it tells a good check from a bad one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from eval.passages import READER
from rag.domain import Evidence, Part, Question, Sentence
from rag.japanese.text import find_quote
from tests.bench import fault_modality, fault_numbers, fault_words, faults, verify
from tests.bench.faithful import CLAUSE, VERBATIM, Draft, sentence_of, wordings
from tests.bench.fault import Fault, Injector
from tests.bench.fault_modality import BAN, MAY, MUST, conjugated
from tests.bench.faults import FAULTS, NEGATION
from tests.bench.notation import arabic, common_era, polite, without_brackets
from tests.bench.scripted_answers import Answer, Corpus, answers, long_answers
from tests.bench.statements import ground, plain, statements
from tests.bench.verify_report import Caught, Flagged, Report, as_json, examples, table
from tests.builders import TODAY, chunk

QUESTION = Question(text="旅費について教えてください。", as_of=TODAY, reader=READER)
NO_QUOTE_CHANGES = set(FAULTS) - {"作られた引用", "引用なし", "二つの条の混同", "計算の誤り"}
NO_TEXT_CHANGES = {"引用番号の誤り", "作られた引用", "引用なし"}


@pytest.fixture(scope="module")
def corpus() -> Iterator[Corpus]:
    with verify.sample() as opened:
        yield opened


def draft_of(
    text: str, *beside: str, rest: str = "", wording: str = "", kind: str = VERBATIM, article: str = "17"
) -> Draft:
    """A draft on a sentence of 第17条; `rest` stands in the same chunk, `beside` in 第18条 and on."""
    first = chunk(f"第{article}条　{text}{rest}", labels={"article": article, "part": "main"})
    others = [
        chunk(f"第{18 + at}条　{said}", locator=f"第{18 + at}条", labels={"article": str(18 + at), "part": "main"})
        for at, said in enumerate(beside)
    ]
    evidence = tuple(
        Evidence(number=number, chunk=each, title=each.title) for number, each in enumerate([first, *others], start=1)
    )
    statement = next(each for each in statements(first) if each.text == text)
    return Draft(
        statement=statement,
        kind=kind,
        sentence=sentence_of(wording or text, (1, text)),
        cited=evidence[0],
        evidence=evidence,
        ground=ground(evidence[0]),
        beside=[(said, item) for item in evidence[1:] for said in statements(item.chunk)],
    )


def made(inject: Injector, draft: Draft) -> set[str]:
    """Every wording that a fault can have."""
    return {fault.after.text for seed in range(60) if (fault := inject(draft, Random(seed)))}


# --- statements and faithful wordings ----------------------------------------------------------------


def test_statements_are_whole_sentences_with_their_paragraph() -> None:
    found = list(
        statements(
            chunk(
                "第十七条の二　宿泊手当は、一夜につき二千四百円を支給する。ただし、公用車で帰る場合は、この限りでない。\n"
                "２　前項の手当は、次の各号の場合には支給しない。\n　一　食事の提供を受けた場合で負担がないもの\n"
                "３　旅行者は、旅行の後、十日以内に旅費を請求しなければならない。",
                labels={"article": "17_2", "part": "main"},
            )
        )
    )
    assert [(each.article, each.paragraph, each.text, each.excepted) for each in found] == [
        ("第17条の2", 1, "宿泊手当は、一夜につき二千四百円を支給する。", True),
        ("第17条の2", 3, "旅行者は、旅行の後、十日以内に旅費を請求しなければならない。", False),
    ]


@pytest.mark.parametrize(
    ("change", "text", "wanted"),
    [
        (
            arabic,
            "第十二条の二第三項により、一万三千円の百分の十を支給する。",
            "第12条の2第3項により、13,000円の100分の10を支給する。",
        ),
        (
            arabic,
            "前二項の届出は、六月三十日の午後五時三十分までにする。",
            "前2項の届出は、6月30日の午後5時30分までにする。",
        ),
        (arabic, "三十万円以下の一部を、3億5,000万円とする。", "30万円以下の一部を、3億5,000万円とする。"),
        (common_era, "令和8年4月1日から令和八年度末まで", "2026年4月1日から2026年度末まで"),
        (common_era, "地方自治法（昭和22年法律第67号）", "地方自治法（昭和22年法律第67号）"),
        (polite, "届け出なければならない。", "届け出なければなりません。"),
        (polite, "支給しない。", "支給しません。"),
        (polite, "速やかに返す。", "速やかに返す。"),
        (without_brackets, "書面（以下「調書」という。）を添える。", "書面を添える。"),
        (without_brackets, "職員（臨時の者を除く。）に支給する。", "職員（臨時の者を除く。）に支給する。"),
    ],
)
def test_a_faithful_wording_says_the_same(change: object, text: str, wanted: str) -> None:
    assert callable(change)
    assert change(text) == wanted


def test_a_clause_is_named_only_where_the_text_does_not_lean_on_its_neighbours() -> None:
    free = draft_of("旅行者は、十日以内に旅費を請求しなければならない。").statement
    leaning = draft_of("旅行者は、前条の規定により旅費を請求しなければならない。").statement
    kinds = dict(wordings(free, Random(1)))
    assert kinds[CLAUSE].removesuffix(free.text) in {
        "第17条により、",
        "職員の旅費に関する条例第17条により、",
        "職員の旅費に関する条例第17条によると、",
    }
    assert CLAUSE not in dict(wordings(leaning, Random(1)))


# --- single faults -----------------------------------------------------------------------------------

AMOUNT = "旅行者には、一夜につき二千四百円を三十日以内の期間に限り支給する。"


@pytest.mark.parametrize(
    ("inject", "draft", "wanted"),
    [
        (fault_numbers.bound, draft_of(AMOUNT), {AMOUNT.replace("以内", "以上")}),
        (fault_numbers.bound, draft_of(AMOUNT, rest="三十日以上の旅行には、支給しない。"), set()),
        (fault_numbers.digit, draft_of("この手当は、十日を単位として職員に支給する。", rest="".join(f"{n}0日。" for n in range(2, 10))), set()),
        (fault_numbers.date, draft_of("この手当は、令和7年に設けられ、職員に支給する。"), None),
        (fault_numbers.article, draft_of("この手当は、第3条に定める職員に限り支給する。"), None),
        (fault_numbers.total, draft_of("この手当は、甲地で300円、乙地で200円を支給する。"), None),
        (fault_numbers.rate, draft_of("この手当は、甲地で300円、乙地で200円を支給する。"), None),
        (
            fault_numbers.neighbouring_article,
            draft_of(AMOUNT, "請求は、書面によりしなければならない。", wording=f"第17条により、{AMOUNT}", kind=CLAUSE),
            {f"第18条により、{AMOUNT}"},
        ),
        (fault_modality.denied, draft_of("職員は、前日までに休暇を申請することができる。"), {"職員は、前日までに休暇を申請することができない。"}),
        (fault_modality.affirmed, draft_of("宿泊を伴わない旅行の手当は、支給しない。"), {"宿泊を伴わない旅行の手当は、支給する。"}),
        (fault_modality.denied, draft_of("職員は、前日までに休暇を申請しなければならない。"), set()),
        (
            fault_modality.must_to_other,
            draft_of("職員は、前日までに承認を受けなければならない。"),
            {"職員は、前日までに承認を受けることができる。", "職員は、前日までに承認を受けてはならない。"},
        ),
        (fault_words.look_alike, draft_of("職員は、知事の許可を受けなければならない。", rest="認可及び承認は、別に定める。"), set()),
        (
            fault_words.post,
            draft_of("監査の委員は、総務部長及び知事が選ぶものとする。", rest="副知事を除く。企画部長、会計局長、健康福祉部長及び県土整備部長も同じ。"),
            {"監査の委員は、総務部長及び教育長が選ぶものとする。"},
        ),
        (fault_words.absolute, draft_of("起案は、情報システムにより行わなければならない。"), set()),
        (faults.other_number, draft_of(AMOUNT, AMOUNT), set()),
    ],
)  # fmt: skip
def test_a_fault_is_made_only_where_it_is_false(inject: Injector, draft: Draft, wanted: set[str] | None) -> None:
    found = made(inject, draft)
    assert draft.sentence.text not in found
    assert found if wanted is None else found == wanted


def test_sums_and_rates_are_wrong() -> None:
    draft = draft_of("この手当は、甲地で300円、乙地で200円を支給する。")
    assert not {text for text in made(fault_numbers.total, draft) if "500円" in text}
    assert not {text for text in made(fault_numbers.rate, draft) if "66.7" in text}


def test_the_condition_of_one_clause_gets_the_consequence_of_another() -> None:
    draft = draft_of(
        "職員は、職員証を紛失したときは、直ちに再交付を受けなければならない。",
        "課長は、予算が不足する場合には、財政課長と協議するものとする。",
    )
    fault = fault_modality.merged(draft, Random(1))
    assert fault is not None
    assert fault.after.text == "職員は、職員証を紛失したときは、財政課長と協議するものとする。"
    assert fault.after.citations == (1, 2)


@pytest.mark.parametrize(
    ("verb", "said", "forms"),
    [
        ("申請し", MUST, ("申請し", "申請する", "申請して")),
        ("意見を聴か", MUST, ("意見を聴か", "意見を聴く", "意見を聴いて")),
        ("届け出", MUST, None),
        ("講ずる", MAY, ("講じ", "講ずる", "講じて")),
        ("定める", MAY, ("定め", "定める", "定めて")),
        ("取り消す", MAY, ("取り消さ", "取り消す", "取り消して")),
        ("利用して", BAN, ("利用し", "利用する", "利用して")),
        ("漏らして", BAN, None),
        ("使って", BAN, ("使わ", "使う", "使って")),
        ("受けて", BAN, ("受け", "受ける", "受けて")),
    ],
)
def test_a_verb_is_turned_only_where_its_form_tells_which_it_is(
    verb: str, said: str, forms: tuple[str, str, str] | None
) -> None:
    found = conjugated(verb, said)
    assert (None if found is None else (found[MUST], found[MAY], found[BAN])) == forms


# --- answers over the sample -------------------------------------------------------------------------


@pytest.mark.parametrize("name", FAULTS)
def test_every_class_has_faults_that_change_the_sentence_and_are_false(corpus: Corpus, name: str) -> None:
    found = answers(corpus, name, count=6, seed=1)
    assert len(found) == 6
    for answer in found:
        fault = answer.fault
        assert fault is not None
        before, after = answer.sentences[answer.place], answer.faulty()[answer.place]
        assert (before.text, before.citations, before.quotes) != (after.text, after.citations, after.quotes)
        assert (before.text == after.text) == (name in NO_TEXT_CHANGES)
        cited = [item for item in answer.evidence if item.number in after.citations]
        if name not in NO_TEXT_CHANGES:
            assert cited
            assert not ground(*cited).says(after.text.removesuffix("。"))
        if name in NO_QUOTE_CHANGES:
            assert before.quotes == after.quotes


@pytest.mark.parametrize("name", ["引用番号の誤り", "作られた引用", "引用なし"])
def test_a_fault_of_a_citation_leaves_no_quote_in_what_is_cited(corpus: Corpus, name: str) -> None:
    for answer in answers(corpus, name, count=8, seed=2):
        after = answer.faulty()[answer.place]
        cited = [item.chunk.text for item in answer.evidence if item.number in after.citations]
        assert not any(find_quote(quote, text) for quote in after.quotes for text in cited)


def test_answers_are_such_as_the_product_gives(corpus: Corpus) -> None:
    for answer in (each for name in FAULTS for each in answers(corpus, name, count=2, seed=3)):
        assert 1 <= len(answer.sentences) <= 3
        assert 2 <= len(answer.evidence) <= 5
        assert [item.number for item in answer.evidence] == list(range(1, len(answer.evidence) + 1))
        assert all(item.chunk.period.contains(corpus.day) for item in answer.evidence)
        chunks = {item.number: item.chunk.text for item in answer.evidence}
        for sentence in answer.sentences:
            assert all(find_quote(quote, chunks[sentence.citations[0]]) for quote in sentence.quotes)
        assert sum(one != other for one, other in zip(answer.sentences, answer.faulty(), strict=True)) == 1


def test_the_same_seed_makes_the_same_answers(corpus: Corpus) -> None:
    first, again, other = (answers(corpus, "数字の誤り", count=5, seed=seed) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_what_is_timed_has_ten_sentences(corpus: Corpus) -> None:
    found = long_answers(corpus, count=3, seed=1)
    assert [len(answer.sentences) for answer in found] == [10, 10, 10]


# --- the measurement ---------------------------------------------------------------------------------


def passes_all(sentences: Sequence[Sentence], _evidence: Sequence[Evidence], _question: Question) -> list[Sentence]:
    return [replace(each, verified=True) for each in sentences]


def refuses_all(sentences: Sequence[Sentence], _evidence: Sequence[Evidence], _question: Question) -> list[Sentence]:
    return [replace(each, verified=False) for each in sentences]


def test_a_check_that_lets_everything_pass_catches_nothing(corpus: Corpus) -> None:
    report = verify.measure(corpus, passes_all, each=1, seed=1)
    assert [bar.is_met for bar in report.bars()] == [False, False, True, True]
    assert report.rate(FAULTS).hits == 0


def test_a_check_that_refuses_everything_flags_everything(corpus: Corpus) -> None:
    report = verify.measure(corpus, refuses_all, each=1, seed=1)
    assert [bar.is_met for bar in report.bars()] == [True, True, False, True]
    assert report.false_flags().rate == 1
    assert not any(each.before for each in report.caught)


def test_with_nothing_measured_no_bar_is_met() -> None:
    assert not any(bar.is_met for bar in Report().bars())


def sentence(text: str, *, verified: bool = False, quote: str = "") -> Sentence:
    return Sentence(part=Part.BASIS, text=text, citations=(1,), quotes=(quote or text,), verified=verified)


def caught(name: str, corpus: str, *, is_caught: bool, before: bool = True) -> Caught:
    fault = Fault(before=sentence("正しい文"), after=sentence("誤った文"), altered="正しい → 誤った")
    answer = Answer(
        question=QUESTION, evidence=(), sentences=(fault.before,), kinds=(VERBATIM,), fault=fault, name=name
    )
    return Caught(corpus=corpus, answer=answer, found=replace(fault.after, verified=not is_caught), before=before)


def flagged(text: str, *, verified: bool, corpus: str = "見本", quote: str = "") -> Flagged:
    found = sentence(text, verified=verified, quote=quote)
    return Flagged(corpus=corpus, kind=VERBATIM, sentence=found, found=found, question=QUESTION)


@pytest.fixture
def report() -> Report:
    made = Report(milliseconds=[10.0] * 19 + [200.0], processor_milliseconds=[5.0] * 20)
    made.caught = [
        *(caught("数字の誤り", "見本", is_caught=True) for _ in range(3)),
        caught("数字の誤り", "例規", is_caught=False),
        caught("似た用語", "例規", is_caught=True, before=False),
        caught(NEGATION[0], "見本", is_caught=True),
    ]
    for each in (
        flagged("甲は、乙である。", verified=True),
        flagged("丙は、丁である。", verified=False, quote="である。"),
        flagged("甲は、乙である。", verified=False, corpus="例規"),
    ):
        made.flag(each)
    return made


def test_faults_and_flags_are_counted_by_class_and_corpus(report: Report) -> None:
    counts = {corpus: report.rate(["数字の誤り"], corpus) for corpus in ("", "見本", "例規")}
    assert {corpus: (rate.hits, rate.n) for corpus, rate in counts.items()} == {
        "": (3, 4),
        "見本": (3, 3),
        "例規": (0, 1),
    }
    assert (report.rate(NEGATION).hits, report.rate(NEGATION).n) == (1, 1)
    assert (report.false_flags().hits, report.false_flags().n) == (2, 3)
    assert report.false_flags("", "見本", quotes_a_part=True).hits == 1
    assert [(bar.value, bar.is_met) for bar in report.bars()] == [
        ("0.800", False),
        ("1.000", True),
        ("0.667", False),
        ("10ミリ秒", True),
    ]


def test_a_sentence_flagged_in_one_of_its_answers_counts_once(report: Report) -> None:
    report.flag(flagged("甲は、乙である。", verified=False))
    report.flag(flagged("甲は、乙である。", verified=True))
    assert (report.false_flags().hits, report.false_flags().n) == (3, 3)


def test_the_table_shows_rates_intervals_and_bars(report: Report) -> None:
    lines = list(table(report))
    row = next(line for line in lines if line.startswith("数字の誤り"))
    assert "3/3    1.000［0.439, 1.000］" in row
    assert "3/4    0.750［0.301, 0.954］" in row
    assert "（元の文も通らない 1）" in next(line for line in lines if line.startswith("似た用語"))
    assert [line[0] for line in lines[-4:]] == ["✗", "✓", "✗", "✓"]


def test_missed_faults_and_false_flags_are_shown(report: Report) -> None:
    assert list(examples(report, 0)) == []
    shown = "\n".join(examples(report, 1))
    assert "見逃し 数字の誤り（例規） 正しい → 誤った\n  文   誤った文\n  引用 [1]「誤った文」" in shown
    assert shown.count("誤警報") == 1
    value = as_json(report, show=5)
    assert json.loads(json.dumps(value)) == value
    assert value["classes"]["数字の誤り"]["all"]["hits"] == 3
    assert value["hollow"]["似た用語"] == 1
    assert [each["class"] for each in value["missed"]] == ["数字の誤り"]
    assert len(value["flagged"]) == 2


# --- paraphrases, a judged set, the command ----------------------------------------------------------


def write_lines(path: Path, *rows: Mapping[str, object]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


PARAPHRASE = {
    "id": "a",
    "sentence": "宿直の手当は1回4,400円です。",
    "document": "例規/職員の手当に関する規則.txt",
    "locator": "第13条",
    "quote": "勤務一回につき、四千四百円を支給する",
}


def test_paraphrases_are_checked_where_there_are_any(corpus: Corpus, tmp_path: Path) -> None:
    assert verify.read_paraphrases(tmp_path / "none.jsonl") == []
    rows = verify.read_paraphrases(write_lines(tmp_path / "faithful.jsonl", PARAPHRASE))
    report = Report()
    verify.judge_paraphrases(corpus, rows, refuses_all, report)
    (only,) = report.flags.values()
    assert (only.kind, only.id, only.sentence.quotes) == ("言い換え", "a", ("勤務一回につき、四千四百円を支給する",))


def test_a_paraphrase_whose_quote_is_nowhere_is_named(corpus: Corpus, tmp_path: Path) -> None:
    rows = verify.read_paraphrases(write_lines(tmp_path / "faithful.jsonl", PARAPHRASE | {"quote": "千円を支給する"}))
    with pytest.raises(ValueError, match="^a: .*does not hold the quote$"):
        verify.judge_paraphrases(corpus, rows, passes_all, Report())


def test_a_judged_set_is_read_in_its_order(tmp_path: Path) -> None:
    write_lines(
        tmp_path / "corpus.jsonl",
        *(
            {
                "_id": f"{n}",
                "title": f"試作旅費条例 第{n}条（旅費）",
                "text": f"旅行者は、{n}日以内に旅費を請求しなければならない。",
            }
            for n in (12, 3, 7)
        ),
    )
    with verify.judged_set(tmp_path) as opened:
        assert [each.article for each in opened.statements] == ["第12条", "第3条", "第7条"]
        (answer,) = answers(opened, "隣の条の番号", count=1, seed=1)
        assert answer.fault is not None
        assert {item.chunk.title for item in answer.evidence} == {"試作旅費条例"}


def test_a_folder_without_a_corpus_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        verify.main(["--data", str(tmp_path)])
    assert "corpus.jsonl がありません" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("check", "met"), [(passes_all, [False, False, True, True]), (refuses_all, [True, True, False, True])]
)
def test_the_command_ends_with_one_below_a_bar(
    corpus: Corpus,
    check: verify.Check,
    met: list[bool],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    @contextmanager
    def opened() -> Iterator[Corpus]:
        yield corpus

    monkeypatch.setattr(verify, "sample", opened)
    monkeypatch.setattr(verify, "checked", check)
    monkeypatch.setattr(verify, "forget_settings", lambda: None)
    assert verify.main(["--each", "1", "--json"]) == 1
    assert [bar["met"] for bar in json.loads(capsys.readouterr().out)["bars"]] == met


def test_the_command_ends_with_zero_when_every_bar_is_met(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], corpus: Corpus
) -> None:
    @contextmanager
    def opened() -> Iterator[Corpus]:
        yield corpus

    wanted = Report(milliseconds=[1.0], processor_milliseconds=[1.0])
    wanted.caught = [caught(name, "見本", is_caught=True) for name in FAULTS]
    wanted.flag(flagged("甲は、乙である。", verified=True))
    monkeypatch.setattr(verify, "sample", opened)
    monkeypatch.setattr(verify, "forget_settings", lambda: None)
    monkeypatch.setattr(verify, "measure", lambda *_arguments, **_options: wanted)
    assert verify.main(["--faithful", "none.jsonl"]) == 0
    assert capsys.readouterr().out.count("✓") == len(wanted.bars())


def test_comparison_ignores_notation() -> None:
    assert plain("第十二条　一万円") == plain("第１２条 1万円")
    said = ground(Evidence(number=1, chunk=chunk("第三条の二に定める。"), title=""))
    assert said.names("第3条の2")
    assert not said.names("第3条")
