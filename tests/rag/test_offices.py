from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import numpy as np

from rag.domain import Audience, Chunk, Kind, Office, QuestionVector, Reader
from rag.japanese.synonyms import Synonyms
from rag.offices import FACT, OfficeTable, is_office, load_offices

NONE = Synonyms(official={})
LEVELS = ("3A", "3B", "3C", "2", "1")
TRAVEL = Office(department="総務部 給与旅費課 旅費係", duties="旅費の支給及び旅行命令に関すること", extension="2123")
PAY = Office(department="総務部 給与旅費課 給与係", duties="給与及び手当に関すること", extension="2121")
SEALS = Office(department="総務部 法務文書課", duties="公印及び文書の管理に関すること", extension="2150")
TABLE = OfficeTable(offices=(TRAVEL, PAY, SEALS), synonyms=Synonyms(official={"はんこ": ("公印",)}))


def row(office: Office, *, audience: Audience) -> Chunk:
    labels: Mapping[str, str] = {
        "department": office.department,
        "duties": office.duties,
        "extension": office.extension,
    }
    return Chunk(
        id=office.department,
        document_id="table",
        ordinal=0,
        locator="行1",
        header="組織・分掌表",
        text=office.duties,
        kind=Kind.PLAIN,
        audience=audience,
        labels=labels,
    )


class Shelf:
    def __init__(self, *chunks: Chunk, noted: str = "table") -> None:
        self.held, self.noted = list(chunks), noted

    def facts(self) -> dict[str, str]:
        return {FACT: json.dumps([self.noted])}

    def chunks_of(self, document_id: str) -> list[Chunk]:
        return [chunk for chunk in self.held if chunk.document_id == document_id]


def test_the_office_whose_duties_speak_of_the_question_is_named() -> None:
    assert TABLE.find("出張の旅費はいつ支給されますか") == TRAVEL
    assert TABLE.find("公印を使うには") == SEALS


def test_the_department_of_the_source_is_preferred_and_its_fitting_section_chosen() -> None:
    assert TABLE.find("住居手当の額", department="給与旅費課（内線2120）") == PAY
    assert TABLE.find("公印を使うには", department="給与旅費課") in (TRAVEL, PAY)


def test_who_keeps_the_nearest_texts_and_the_nearest_vector_decide_where_words_do_not() -> None:
    near = {TRAVEL: 0.42, PAY: 0.4, SEALS: 0.5}
    table = OfficeTable(offices=(TRAVEL, PAY, SEALS), synonyms=NONE, alike=lambda vector: near if vector.values else {})
    written = QuestionVector(embedder="e", values=(1.0,))
    asked = "引っ越し代はいくらですか"
    assert table.find(asked) is None
    assert table.find(asked, keepers={"給与旅費課（内線2120）": 1.0}) is None, "keepers choose, they do not make it fit"
    assert table.find(asked, vector=written) == SEALS
    assert table.find("出張の旅費", vector=written) == TRAVEL, "words count most"
    kept = {"給与旅費課（内線2120）": 1.0}
    assert table.find(asked, keepers=kept, vector=written) == TRAVEL
    far = OfficeTable(offices=(TRAVEL,), synonyms=NONE, alike=lambda _vector: {TRAVEL: 0.2})
    assert far.find("火星までの距離", keepers=kept, vector=written) is None


def test_the_vectors_of_the_table_are_compared_with_that_of_the_question() -> None:
    class WithVectors(Shelf):
        def vectors(self, names: Sequence[str], *, model: str) -> dict[str, np.ndarray]:
            assert model == "e5-small-1"
            found = {TRAVEL.department: [3.0, 0.0], PAY.department: [0.8, 0.6], SEALS.department: [0.0, 0.0]}
            return {name: np.array(found[name], dtype=np.float32) for name in names}

    clerk = Reader(user="clerk", name="係員", max_level="1")
    shelf = WithVectors(*(row(each, audience=Audience(level="1")) for each in (TRAVEL, PAY, SEALS)))
    table = load_offices(shelf, clerk, levels=LEVELS, synonyms=NONE)  # type: ignore[arg-type]
    near = table.alike(QuestionVector(embedder="e5-small-1", values=(1.0, 0.0)))
    assert near[TRAVEL] == 1.0
    assert 0 < near[PAY] < 1
    assert near[SEALS] == 0.0
    assert table.alike(QuestionVector()) == {}


def test_no_office_is_named_where_none_fits() -> None:
    assert TABLE.find("火星までの距離") is None
    assert OfficeTable(offices=(), synonyms=NONE).find("旅費") is None


def test_only_rows_of_organisation_tables_that_the_reader_may_read_count() -> None:
    clerk = Reader(user="clerk", name="係員", max_level="1")
    plain = Chunk(id="p", document_id="table", ordinal=1, locator="", header="表", text="注", kind=Kind.PLAIN)
    shelf = Shelf(row(TRAVEL, audience=Audience(level="1")), row(PAY, audience=Audience(level="2")), plain)
    assert load_offices(shelf, clerk, levels=LEVELS, synonyms=NONE).offices == (TRAVEL,)  # type: ignore[arg-type]
    assert not is_office(plain)


def test_a_table_that_was_removed_names_nobody() -> None:
    clerk = Reader(user="clerk", name="係員", max_level="1")
    shelf = Shelf(row(TRAVEL, audience=Audience(level="1")), noted="gone")
    assert load_offices(shelf, clerk, levels=LEVELS, synonyms=NONE).offices == ()  # type: ignore[arg-type]


def test_an_everyday_word_leads_to_the_office_of_the_official_one() -> None:
    assert TABLE.find("ハンコを作り直したい") == SEALS


def test_one_word_that_many_offices_share_names_none() -> None:
    many = tuple(Office(department=f"{name}課", duties="県民の相談に関すること") for name in "甲乙丙丁")
    table = OfficeTable(offices=many, synonyms=NONE)
    assert table.find("相談はどこに") is None
    assert table.find("甲課はどこに") == many[0]
