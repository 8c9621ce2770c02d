"""Learning an order: from whom, measured how, and used only where it is proven."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from eval.folds import FOLDS, Judged, fold_of, group_questions
from eval.gain import Measured, cross_validate
from eval.judgements import (
    EXPECTS_NO_DOCUMENT,
    FEEDBACK,
    NOT_THERE,
    UNKNOWN_USER,
    Gathered,
    Source,
    gather_cases,
    gather_feedback,
)
from eval.listwise import L2, PRIOR, fit_order
from eval.metrics import clustered_interval
from eval.ranker import train_ranker
from ingest.embed import embed_chunks
from rag.domain import Answer, AnswerStatus, Chunk, Citation, DocumentRecord
from rag.errors import CasesError
from rag.journal import Exchange, Feedback, Verdict
from rag.ranking.card import Gain, write_ranker
from rag.ranking.features import FEATURES, Features
from rag.ranking.linear import SHARE, LinearOrder
from rag.wiring import Home, open_home
from tests.builders import chunk
from tests.eval.test_beir import write_set
from tests.eval.test_cases import write_cases
from tests.rag.test_ranking import BY_LENGTH, OF_TREES
from tests.rag.test_ranking import card as any_card
from ui.cli import main
from ui.words.ranker import training_text

TOPICS = [f"{one}{two}" for one in "桜梅松竹杉楓柳桐" for two in "橋駅港池町川山谷"]
SECRET = "極秘事項"


def question(
    number: int, *, relevant: Mapping[str, float] | None = None, asked: str = "", signal: bool = False
) -> Judged:
    """Ten candidates, best first; with a signal the relevant one has the longest text, else nothing tells it."""
    generator = np.random.default_rng(number)
    features = generator.random((10, len(FEATURES)))
    features[:, SHARE] = np.linspace(1.0, 0.5, 10)
    right = int(generator.integers(10))
    if signal:
        features[:, FEATURES.index("text_characters")] = np.where(np.arange(10) == right, 9.0, 1.0)
    return Judged(
        id=f"q{number:03}",
        source="甲" if number % 2 else "乙",
        asked=asked or f"問{number}",
        names=tuple(f"{number}-{place}" for place in range(10)),
        features=features,
        relevant=relevant or {f"{number}-{right}": 1.0},
    )


def rows_of(judged: Sequence[Judged]) -> tuple[list[Features], list[list[float]]]:
    """The features and the grades of questions."""
    return (
        [each.features for each in judged],
        [[each.relevant.get(name, 0.0) for name in each.names] for each in judged],
    )


@pytest.fixture(scope="module")
def own_models(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The word vectors in a home into which a ranker may be written."""
    home = tmp_path_factory.mktemp("学習")
    (home / "models").symlink_to(models / "models")
    return home


def topics_set(folder: Path, *, topics: Sequence[str], relevant: Callable[[int, str], str]) -> Path:
    """Of each topic a short and a long text; what is relevant to the question about it is for the caller to say."""
    folder.mkdir()
    long_text = "は次のとおりとする。受付は平日の九時から十七時まで、手数料は三百円とし、本人が申し出る。"
    passages = [
        {
            "_id": f"{topic}{size}",
            "title": "案内",
            "text": f"{topic}の利用。" if size == "短" else f"{topic}の利用{long_text}",
        }
        for topic in topics
        for size in ("短", "長")
    ]
    questions = [{"_id": f"q{number}", "text": f"{topic}の利用"} for number, topic in enumerate(topics)]
    judgements = [f"q{number}\t{relevant(number, topic)}\t1" for number, topic in enumerate(topics)]
    return write_set(folder, passages=tuple(passages), questions=tuple(questions), judgements=tuple(judgements))


def run(home: Path, capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, Any]:
    capsys.readouterr()
    assert main(["--home", str(home), "eval", "train-ranker", *map(str, arguments), "--json"]) == 0
    value: dict[str, Any] = json.loads(capsys.readouterr().out)
    return value


def texts_in(value: object) -> list[str]:
    """Every text below a value; the names of fields are none."""
    if isinstance(value, dict | list):
        below = value.values() if isinstance(value, dict) else value
        return [text for each in below for text in texts_in(each)]
    return [value] if isinstance(value, str) else []


# --- folds and the interval --------------------------------------------------------------------------


def test_questions_about_the_same_text_or_in_the_same_words_stay_in_one_fold() -> None:
    judged = [
        question(1, relevant={"a": 1.0}),
        question(2, relevant={"b": 1.0}),
        question(3, relevant={"a": 1.0, "c": 1.0}),
        question(4, relevant={"d": 1.0}, asked="旅費はｲｸﾗ？"),
        question(5, relevant={"e": 1.0}, asked="旅費は、いくら"),
        question(6, relevant={"c": 2.0}),
    ]
    assert group_questions(judged) == ["q001", "q002", "q001", "q004", "q004", "q001"]
    assert group_questions(judged[::-1]) == group_questions(judged)[::-1]


def test_the_fold_of_a_question_is_fixed_by_its_id() -> None:
    assert [fold_of(f"q{number}") for number in range(8)] == [fold_of(f"q{number}") for number in range(8)]
    assert {fold_of(f"q{number}") for number in range(100)} == set(range(FOLDS))
    assert [fold_of("faq qa001"), fold_of("faq qa002")] == [0, 3]


def test_no_question_is_ranked_by_an_order_that_saw_its_group() -> None:
    judged = [question(number, relevant={f"t{number // 3}": 1.0}) for number in range(60)]
    fitted: list[set[float]] = []

    def fit(features: Sequence[Features], grades: Sequence[Sequence[float]]) -> LinearOrder:
        fitted.append({float(each[0, 0]) for each in features})
        return fit_order(features, grades)

    cross_validate(judged, fit)
    groups = group_questions(judged)
    folds = sorted({fold_of(group) for group in groups})
    for fold, seen in zip(folds, fitted, strict=True):
        held_out = {
            float(one.features[0, 0]) for one, group in zip(judged, groups, strict=True) if fold_of(group) == fold
        }
        assert held_out
        assert not held_out & seen


def test_the_interval_counts_groups_not_questions() -> None:
    differences = [0.3, -0.1, 0.2, 0.4, -0.2, 0.1] * 10
    alone = clustered_interval(differences, [str(number) for number in range(60)])
    tied = clustered_interval(differences, [str(number % 6) for number in range(60)])
    assert alone[0] < sum(differences) / 60 < alone[1]
    assert tied[1] - tied[0] > 2 * (alone[1] - alone[0])
    assert alone == clustered_interval(differences, [str(number) for number in range(60)])
    spread = np.std(differences, ddof=1) / np.sqrt(60)
    assert alone[1] - alone[0] == pytest.approx(2 * 1.96 * spread, rel=0.1), "as the normal one where nothing is tied"


def test_how_many_more_questions_would_help_follows_the_square_root_law() -> None:
    def more(gain: float, low: float) -> int | None:
        overall = Gain(n=100, baseline=0.4, learned=0.4 + gain)
        return Measured(overall=overall, low=low, high=1.0, groups=90, sources={}).more

    assert more(0.02, -0.02) == 301
    assert more(0.02, 0.01) == 0
    assert more(-0.01, -0.05) is None


# --- learning ----------------------------------------------------------------------------------------


def test_a_signal_is_learned_and_noise_is_not() -> None:
    learned = cross_validate([question(number, signal=True) for number in range(100)], fit_order)
    assert learned.low > 0.2
    assert {name: gain.n for name, gain in learned.sources.items()} == {"乙": 50, "甲": 50}
    noise = cross_validate([question(number) for number in range(100)], fit_order)
    assert noise.low <= 0


def test_the_same_questions_give_the_same_order() -> None:
    features, grades = rows_of([question(number, signal=number % 3 > 0) for number in range(80)])
    first, second = fit_order(features, grades), fit_order(features, grades)
    assert first.as_json() == second.as_json()
    assert len(set(first.weigh(features[0]).tolist())) > 1


def test_no_other_weights_fit_better() -> None:
    """The loss is convex, so it is least where its gradient is 0; here that is written down a second time."""
    features, grades = rows_of([question(number, signal=number % 3 > 0) for number in range(80)])
    order = fit_order(features, grades)

    def steepest(weights: Features) -> float:
        gradient = L2 * weights
        for rows, own in zip(features, grades, strict=True):
            likely = np.exp(replace(order, weights=weights).weigh(rows))
            gradient = gradient + (likely / likely.sum() - np.array(own) / sum(own)) @ (
                (rows - order.mean) / order.spread
            )
        return float(np.abs(gradient).max())

    assert np.abs(order.weights).max() > 0.1
    assert steepest(order.weights) < 1e-8
    assert steepest(order.weights + 0.001) > 0.01


def test_nothing_to_learn_from_leaves_the_order_as_fused() -> None:
    features, grades = rows_of([question(number) for number in range(3)])
    nothing = [[0.0] * len(own) for own in grades]
    for order in (fit_order(features, nothing), fit_order([], []), fit_order([features[0][:0]], [[]])):
        assert np.array_equal(order.weigh(features[0]), PRIOR * features[0][:, SHARE])
    learned = fit_order(features, grades)
    assert fit_order([*features, features[0] + 1], [*grades, nothing[0]]).as_json() == learned.as_json(), (
        "a question without a relevant candidate says nothing"
    )


def test_a_feature_that_was_the_same_everywhere_counts_nothing() -> None:
    judged = [question(number, signal=True) for number in range(60)]
    column = FEATURES.index("remark_score")
    for each in judged:
        each.features[:, column] = 0.1
    order = fit_order(*rows_of(judged))
    seen = judged[0].features.copy()
    seen[:, column] = np.linspace(0, 1e6, 10)
    assert order.weigh(seen) == pytest.approx(order.weigh(judged[0].features))


def test_one_question_does_not_overturn_the_order_as_fused() -> None:
    order = fit_order(*rows_of([question(1, signal=True)]))
    other = question(2, signal=True).features
    assert int(np.argmax(order.weigh(other))) == 0
    many = fit_order(*rows_of([question(number, signal=True) for number in range(100)]))
    assert int(np.argmax(many.weigh(other))) == int(np.argmax(other[:, FEATURES.index("text_characters")])) > 0


# --- the command -------------------------------------------------------------------------------------


def test_twenty_questions_are_refused(own_models: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = topics_set(tmp_path / "少", topics=TOPICS[:20], relevant=lambda _, topic: f"{topic}長")
    value = run(own_models, capsys, folder)
    assert (value["used"], value["ending"], value["n"], value["more"]) == (False, "too_few", 20, 30)
    assert (value["card"], value["standing"]) == (None, "none")
    assert not (own_models / "ranker.json").exists()
    assert "あと30問以上" in training_text(value)


def test_many_questions_about_few_texts_are_refused(
    own_models: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = topics_set(tmp_path / "似", topics=TOPICS, relevant=lambda number, _: f"{TOPICS[number % 10]}長")
    assert run(own_models, capsys, folder)["ending"] == "too_alike"


def test_a_gain_that_is_noise_is_not_used(own_models: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    chance = np.random.default_rng(5)
    folder = topics_set(
        tmp_path / "乱", topics=TOPICS, relevant=lambda _, topic: f"{topic}{'短長'[int(chance.integers(2))]}"
    )
    value = run(own_models, capsys, folder)
    assert (value["used"], value["ending"]) == (False, "unproven")
    assert value["card"]["low"] <= 0
    assert not (own_models / "ranker.json").exists()
    assert "使いません" in training_text(value)


def test_what_is_proven_is_kept_used_and_removed(
    own_models: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = topics_set(tmp_path / "学", topics=TOPICS, relevant=lambda _, topic: f"{topic}長")
    value = run(own_models, capsys, folder)
    card = value["card"]
    assert (value["used"], value["ending"], value["standing"]) == (True, "used", "in_use")
    assert 0 < card["low"] < card["gain"] < card["high"]
    assert card["learned"] - card["baseline"] == pytest.approx(card["gain"], abs=1e-5)
    assert (card["n"], card["folds"], card["groups"]) == (len(TOPICS), FOLDS, len(TOPICS))
    assert card["sources"]["学"]["n"] == len(TOPICS)
    file = own_models / "ranker.json"
    written = file.read_text(encoding="utf-8")
    assert run(own_models, capsys, folder)["card"]["low"] == card["low"], (
        "its own order is not what it is measured against"
    )
    assert json.loads(file.read_text(encoding="utf-8"))["order"] == json.loads(written)["order"]

    assert texts_in(json.loads(written)["order"]) == [], "numbers, and no word of any question or document"
    kept = {card["measure"], card["embedder"], card["fusion"], card["index_version"]}
    assert set(texts_in(json.loads(written)["card"])) - kept == {json.loads(written)["card"]["made_at"]}

    def measured() -> float:
        assert main(["--home", str(own_models), "eval", "retrieval", str(folder), "--json"]) == 0
        scores: dict[str, float] = json.loads(capsys.readouterr().out)
        return scores["ndcg@10"]

    assert measured() > card["baseline"] + 0.2, "every search of this home is ranked by it"
    monkeypatch.setenv("KOTAE_SEARCH__RANKER", "false")
    assert measured() == pytest.approx(card["baseline"], abs=1e-4)
    monkeypatch.delenv("KOTAE_SEARCH__RANKER")
    assert doctor(own_models, capsys)["ok"] is True
    monkeypatch.setenv("KOTAE_SEARCH__WORDS_WEIGHT", "0.9")
    found = doctor(own_models, capsys)
    assert (found["ok"], found["required"]) == (False, False), "it was learned from other scores"
    assert "設定" in found["detail"]
    assert "--remove" in found["remedy"]
    monkeypatch.delenv("KOTAE_SEARCH__WORDS_WEIGHT")
    few = topics_set(tmp_path / "少", topics=TOPICS[:20], relevant=lambda _, topic: f"{topic}長")
    again = run(own_models, capsys, few)
    assert (again["used"], again["standing"]) == (False, "in_use"), "what was proven before stays"
    removed = run(own_models, capsys, "--remove")
    assert removed == {"removed": True, "used": False, "standing": "none"}
    assert run(own_models, capsys, "--remove")["removed"] is False
    assert measured() == pytest.approx(card["baseline"], abs=1e-4)


def doctor(home: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    capsys.readouterr()
    main(["--home", str(home), "doctor", "--json"])
    (found,) = [check for check in json.loads(capsys.readouterr().out)["checks"] if check["name"] == "学習した並べ方"]
    return dict(found)


def test_an_order_made_of_trees_is_told_with_the_remedy_and_removed(
    own_models: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = own_models / "ranker.json"
    write_ranker(file, any_card(), LinearOrder.of(BY_LENGTH))
    assert "読めない" not in doctor(own_models, capsys)["detail"]
    body = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({"card": body["card"], "trees": OF_TREES}), encoding="utf-8")
    found = doctor(own_models, capsys)
    assert (found["ok"], found["required"]) == (False, False)
    assert "読めない" in found["detail"]
    assert "--remove" in found["remedy"]
    assert run(own_models, capsys, "--remove")["removed"] is True
    assert doctor(own_models, capsys)["ok"] is True


def test_two_sets_of_one_name_are_kept_apart(tmp_path: Path) -> None:
    paths = [tmp_path / "甲" / "faq", tmp_path / "乙" / "faq", tmp_path / "甲" / "faq", tmp_path / "feedback"]
    assert [source.name for source in Source.each(paths)] == ["faq", "faq-2", "feedback-2"]


def test_a_folder_that_is_not_there_is_told(own_models: Path, tmp_path: Path) -> None:
    with pytest.raises(CasesError, match="読めません"):
        train_ranker([tmp_path / "無い"], own_models)


# --- the home's own questions ------------------------------------------------------------------------

DIRECTORY = """user,name,department,groups,max_level,role
clerk,係員,旅費課,,2,staff
chief,課長,人事課,,3A,staff
"""
TRAVEL = chunk("宿泊手当は一夜につき二千四百円とする。", locator="第5条", document="rule")
KEPT = chunk(f"{SECRET}。宿泊手当の特例は一夜につき三千円とする。", locator="第9条", document="kept", level="3A")


@pytest.fixture
def office(tmp_path: Path, models: Path) -> Home:
    """A home with a rule for all, one for few, and a directory of two users."""
    home = open_home(tmp_path / "home", settings_from=models)
    (home.path / "directory.csv").write_text(DIRECTORY, encoding="utf-8")
    for each, level in ((TRAVEL, "1"), (KEPT, "3A")):
        own = DocumentRecord(
            id=each.document_id,
            source="/",
            path=f"{each.document_id}.txt",
            content_hash="",
            title=each.title,
            kind=each.kind,
            audience=each.audience,
        )
        embed_chunks([each], catalogue=home.catalogue, embedder=home.embedder, may_embed=home.may_embed)
        home.catalogue.put_document(own, [each], vectors={})
        assert each.audience.level == level
    home.refresh_indexes()
    return home


def said(
    home: Home, identity: str, user: str, *cited: Chunk, verdict: Verdict = Verdict.HELPFUL, right: str = ""
) -> None:
    citations = tuple(
        Citation(
            number=number, document_id=each.document_id, title="", locator=each.locator, quote="", chunk_id=each.id
        )
        for number, each in enumerate(cited, start=1)
    )
    now = datetime(2026, 11, 26, tzinfo=UTC)
    answer = Answer(status=AnswerStatus.ANSWERED, citations=citations, as_of=now.date(), model="extractive")
    home.journal.put_exchange(
        Exchange(
            id=identity,
            conversation_id="c",
            user=user,
            asked_at=now,
            question="宿泊手当はいくらか",
            as_of=now.date(),
            answer=answer,
        )
    )
    home.journal.put_feedback(
        Feedback(
            exchange_id=identity, user=user, given_at=now, verdict=verdict, right_sources=(right,) if right else ()
        )
    )


def heard(home: Home) -> Gathered:
    gathered = Gathered()
    gather_feedback(home, gathered, tell=lambda _done: None)
    return gathered


def test_what_a_helpful_answer_cited_is_relevant_to_its_question(office: Home) -> None:
    said(office, "1", "clerk", TRAVEL)
    (judged,) = heard(office).judged
    assert (judged.source, judged.relevant, judged.names) == (FEEDBACK, {"rule 第5条": 1.0}, ("rule 第5条",))


def test_that_an_answer_did_not_help_says_nothing_of_its_sources(office: Home) -> None:
    said(office, "1", "clerk", TRAVEL, verdict=Verdict.NOT_HELPFUL)
    assert heard(office) == Gathered()
    said(office, "2", "clerk", verdict=Verdict.NOT_HELPFUL, right=TRAVEL.id)
    assert [judged.relevant for judged in heard(office).judged] == [{"rule 第5条": 1.0}], "but the right source does"


def test_a_question_is_asked_again_with_the_rights_of_who_asked_it(office: Home) -> None:
    said(office, "1", "clerk", TRAVEL, KEPT)
    said(office, "2", "chief", TRAVEL, KEPT)
    clerk, chief = heard(office).judged
    assert (set(clerk.names), set(clerk.relevant)) == ({"rule 第5条"}, {"rule 第5条"})
    assert set(chief.names) == set(chief.relevant) == {"rule 第5条", "kept 第9条"}


def test_the_question_of_nobody_known_is_left_out(office: Home) -> None:
    said(office, "1", "retired", TRAVEL)
    said(office, "2", "local", TRAVEL)
    said(office, "3", "clerk", KEPT)
    gathered = heard(office)
    assert (gathered.judged, gathered.left_out) == ([], {UNKNOWN_USER: 2, NOT_THERE: 1})
    (office.path / "directory.csv").unlink()
    assert [judged.id for judged in heard(office).judged] == [f"{FEEDBACK} 2"], (
        "the local administrator of a home without users"
    )


def test_cases_name_places_of_the_home(office: Home, tmp_path: Path) -> None:
    def case(number: int, expect: dict[str, Any], user: str | None = "chief") -> dict[str, Any]:
        return {"id": str(number), "question": "宿泊手当はいくらか", "user": user, "expect": expect}

    file = write_cases(
        tmp_path / "問題集.jsonl",
        case(1, {"documents": ["rule"], "locators": ["第5条"]}),
        case(2, {"documents": ["kept|rule"]}),
        case(3, {"documents": ["kept"]}, "clerk"),
        case(4, {"points": ["二千四百円"]}),
        case(5, {"documents": ["rule"]}, "retired"),
    )
    gathered = Gathered()
    (source,) = Source.each([file])
    gather_cases(source, office, gathered, user=None, tell=lambda _done: None)
    assert [set(judged.relevant) for judged in gathered.judged] == [{"rule 第5条"}, {"rule", "kept"}]
    assert gathered.left_out == {NOT_THERE: 1, EXPECTS_NO_DOCUMENT: 1, UNKNOWN_USER: 1}
