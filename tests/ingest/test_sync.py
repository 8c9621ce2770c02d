"""One run of ingest: what goes in, what stays, what comes out, and what is said about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import ingest.parse
from ingest.reading import read_many
from ingest.records import LEVEL_MISSING, SUCCESSION_UNDATED
from ingest.report import SyncReport
from ingest.sync import Sync
from rag.domain import Audience, Document, Period, Reader, Role, State
from rag.errors import LabelsError, ModelBusyError
from rag.safety.authorise import may_read
from rag.settings import IngestSettings, Settings
from tests.ingest.conftest import CountingEmbedder, Office

TRAVEL = "出張の旅費は、順路により計算する。"
CAR = "公用車を使うときは、前日までに申し込む。"
LEVELS = Settings().levels.order


def changes(report: SyncReport) -> dict[str, object]:
    """What a run changed: the empty lists and the figures left out."""
    kept = ("added", "changed", "removed", "renamed", "failed", "withdrawn")
    return {name: value for name, value in report.as_json().items() if name in kept and value}


def text_of(office: Office, path: str) -> str:
    return "\n".join(chunk.text for chunk in office.catalogue.chunks_of(office.record(path).id))


def withdraw(office: Office, path: str) -> None:
    record = office.record(path)
    office.catalogue.put_document(replace(record, state=State.WITHDRAWN, chunk_count=0), [], vectors={})


# --- a second run ----------------------------------------------------------------------------------


def test_a_second_run_changes_nothing_reads_nothing_and_embeds_nothing(office: Office) -> None:
    office.label("旅費.txt,,,1,,,,,", "公用車.csv,,,1,,,,,")
    office.put("旅費.txt", TRAVEL)
    office.put("公用車.csv", "項目,内容\n申込み,前日までに行う\n")
    first = office.sync()
    assert changes(first) == {"added": ["公用車.csv", "旅費.txt"]}
    assert first.documents == 2
    assert first.embedded == len(office.embedder.texts) > 0
    revision = office.catalogue.revision()
    second = office.sync()
    assert changes(second) == {}
    assert sorted(second.unchanged) == ["公用車.csv", "旅費.txt"]
    assert (second.chunks, second.embedded) == (first.chunks, 0)
    assert (office.read, office.embedder.texts) == ([], [])
    assert office.catalogue.revision() == revision


def test_only_a_changed_file_is_read_again(office: Office) -> None:
    office.put("旅費.txt", TRAVEL)
    office.put("公用車.txt", CAR)
    office.sync()
    office.put("旅費.txt", TRAVEL + "端数は切り捨てる。")
    assert changes(office.sync()) == {"changed": ["旅費.txt"]}
    assert office.read == ["旅費.txt"]
    assert "端数は切り捨てる" in text_of(office, "旅費.txt")


def test_a_text_that_was_seen_before_is_not_embedded_again(office: Office) -> None:
    office.put("旅費.txt", TRAVEL)
    office.sync()
    office.put("旅費.txt", CAR)
    office.sync()
    office.put("旅費.txt", TRAVEL)
    assert office.sync().embedded == 0


def test_a_rename_keeps_the_id_and_embeds_nothing(office: Office) -> None:
    office.put("旅費.md", f"# 旅費の手引\n\n{TRAVEL}\n")
    office.sync()
    before = office.record("旅費.md")
    (office.folder / "旧").mkdir()
    (office.folder / "旅費.md").rename(office.folder / "旧/出張.md")
    report = office.sync()
    assert changes(report) == {"renamed": [{"from": "旅費.md", "to": "旧/出張.md"}]}
    assert (report.embedded, office.embedder.texts) == (0, [])
    after = office.record("旧/出張.md")
    assert after.id == before.id
    assert len(office.records()) == 1
    assert changes(office.sync()) == {}


def test_a_dry_run_says_the_same_and_does_nothing(office: Office) -> None:
    office.put("旅費.txt", TRAVEL)
    office.put("公用車.txt", CAR)
    office.put("文書.txt", "文書は、簿冊に整理する。")
    office.sync()
    (office.folder / "旅費.txt").rename(office.folder / "出張.txt")
    office.put("公用車.txt", CAR + "運転日誌を書く。")
    (office.folder / "文書.txt").unlink()
    office.put("新しい.txt", "新しい通知")
    before = office.catalogue.documents()
    dry = office.sync(dry_run=True)
    assert office.catalogue.documents() == before
    assert office.read == []
    assert changes(dry) == changes(office.sync())


# --- what vanishes ---------------------------------------------------------------------------------


def test_a_vanished_file_is_removed_only_where_its_folder_was_listed_whole(office: Office) -> None:
    office.put("例規/旅費.txt", TRAVEL)
    office.put("通知/公用車.txt", CAR)
    office.sync()
    (office.folder / "例規/旅費.txt").unlink()
    assert changes(office.sync(office.folder / "通知")) == {}
    assert changes(office.sync(office.folder / "通知/公用車.txt")) == {}
    assert changes(office.sync(office.folder / "例規")) == {"removed": ["例規/旅費.txt"]}
    assert office.records() == [("文書", "通知/公用車.txt")]


def test_nothing_of_another_source_is_removed(office: Office) -> None:
    office.put("旅費.txt", TRAVEL)
    office.sync()
    other = office.folder.parent / "別"
    other.mkdir()
    assert changes(office.sync(other)) == {}
    assert office.records() == [("文書", "旅費.txt")]


def test_a_folder_that_cannot_be_opened_costs_none_of_its_documents(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.put("人事/旅費.txt", TRAVEL)
    office.put("公用車.txt", CAR)
    office.sync()
    listed = Path.iterdir

    def refuse(folder: Path) -> object:
        if folder.name == "人事":
            raise PermissionError(13, "Permission denied")
        return listed(folder)

    monkeypatch.setattr(Path, "iterdir", refuse)
    report = office.sync()
    assert [path for path, _ in report.failed] == ["人事"]
    assert report.removed == []
    assert report.unchanged == ["公用車.txt"]
    assert len(office.records()) == 2


# --- where a file belongs --------------------------------------------------------------------------


def test_a_single_file_inside_a_known_source_belongs_to_it(office: Office) -> None:
    office.label("例規/旅費.txt,旅費の手引,,1,,,,,")
    office.put("例規/旅費.txt", TRAVEL)
    office.sync()
    assert office.sync(office.folder / "例規/旅費.txt").unchanged == ["例規/旅費.txt"]
    office.put("例規/旅費.txt", TRAVEL + "端数は切り捨てる。")
    assert changes(office.sync(office.folder / "例規/旅費.txt")) == {"changed": ["例規/旅費.txt"]}
    assert office.records() == [("文書", "例規/旅費.txt")]
    assert office.record("例規/旅費.txt").title == "旅費の手引"


def test_labels_of_an_inner_folder_count_whichever_path_is_given(office: Office) -> None:
    office.put("例規/旅費.txt", TRAVEL)
    office.label("旅費.txt,,,2,,,,,", at="例規/labels.csv")
    for given in (office.folder, office.folder / "例規", office.folder / "例規/旅費.txt"):
        office.sync(given)
        assert office.record("例規/旅費.txt").audience.level == "2", given
        assert changes(office.sync()) == {}


def test_a_folder_around_a_known_one_doubles_nothing(office: Office) -> None:
    office.put("例規/旅費.txt", TRAVEL)
    office.put("公用車.txt", CAR)
    office.sync(office.folder / "例規")
    assert changes(office.sync()) == {"added": ["公用車.txt"]}
    assert office.records() == [("文書", "公用車.txt"), ("例規", "旅費.txt")]
    (office.folder / "例規/旅費.txt").unlink()
    assert changes(office.sync()) == {"removed": ["旅費.txt"]}


def test_the_same_path_in_two_sources_gives_two_documents(office: Office) -> None:
    for source, text in (("総務部", TRAVEL), ("土木部", CAR)):
        office.put(f"{source}/手引.txt", text)
        office.sync(office.folder / source)
    assert office.records() == [("土木部", "手引.txt"), ("総務部", "手引.txt")]
    assert len({record.id for record in office.catalogue.documents()}) == 2
    assert changes(office.sync(office.folder / "総務部", office.folder / "土木部")) == {}


def test_a_document_has_the_same_id_in_every_home(tmp_path: Path) -> None:
    identities = []
    for name in ("甲庁舎", "乙庁舎"):
        office = Office(tmp_path / name)
        office.put("例規/旅費.txt", TRAVEL)
        office.sync()
        identities.append(office.record("例規/旅費.txt").id)
        office.catalogue.close()
    assert identities[0] == identities[1]


# --- withdrawn -------------------------------------------------------------------------------------


def test_a_withdrawn_document_comes_back_only_when_its_file_is_given(office: Office) -> None:
    file = office.put("旅費.txt", TRAVEL)
    office.sync()
    withdraw(office, "旅費.txt")
    assert changes(office.sync()) == {"withdrawn": ["旅費.txt"]}
    office.put("旅費.txt", TRAVEL + "端数は切り捨てる。")
    assert changes(office.sync()) == {"withdrawn": ["旅費.txt"]}
    assert list(office.catalogue.all_chunks()) == []
    assert changes(office.sync(file)) == {"changed": ["旅費.txt"]}
    assert office.record("旅費.txt").state is State.ACTIVE
    assert "端数は切り捨てる" in text_of(office, "旅費.txt")


def test_a_withdrawn_document_stays_so_when_its_file_is_renamed_or_was_away(office: Office) -> None:
    file = office.put("旅費.txt", TRAVEL)
    office.sync()
    withdraw(office, "旅費.txt")
    file.rename(office.folder / "出張.txt")
    for _ in range(2):
        assert changes(office.sync()) == {"withdrawn": ["出張.txt"]}
    (office.folder / "出張.txt").rename(office.folder.parent / "出張.txt")
    assert changes(office.sync()) == {}
    (office.folder.parent / "出張.txt").rename(office.folder / "出張.txt")
    assert changes(office.sync()) == {"withdrawn": ["出張.txt"]}


# --- quarantine ------------------------------------------------------------------------------------


def test_a_file_that_cannot_be_read_is_named_and_the_others_go_in(office: Office) -> None:
    office.put("壊れた.pdf", "これはPDFではありません")
    office.put("空.txt", "")
    office.put("旅費.txt", TRAVEL)
    report = office.sync()
    assert report.added == ["旅費.txt"]
    assert sorted(path for path, _ in report.failed) == ["壊れた.pdf", "空.txt"]
    assert all(reason.startswith(path) and "ください" in reason for path, reason in report.failed)
    assert office.record("壊れた.pdf").state is State.QUARANTINED
    assert report.documents == 1


def test_a_quarantined_file_is_named_again_unread_and_tried_again_when_given(office: Office) -> None:
    file = office.put("空.txt", "")
    first = office.sync()
    again = office.sync()
    assert again.failed == first.failed
    assert office.read == []
    assert office.sync(file).failed == first.failed
    assert office.read == ["空.txt"]
    office.put("空.txt", TRAVEL)
    assert changes(office.sync()) == {"changed": ["空.txt"]}
    assert office.record("空.txt").reason == ""


def test_a_document_whose_file_breaks_is_no_longer_searched(office: Office) -> None:
    office.label("旅費.txt,旅費の手引,,1,,,,,")
    office.put("旅費.txt", TRAVEL)
    office.sync()
    office.label("旅費.txt,旅費の手引,,3A,人事課,,,,")
    office.put("旅費.txt", "")
    assert [path for path, _ in office.sync().failed] == ["旅費.txt"]
    record = office.record("旅費.txt")
    assert (record.state, record.chunk_count) == (State.QUARANTINED, 0)
    assert record.audience == Audience(level="3A", groups=frozenset({"人事課"}))
    assert list(office.catalogue.all_chunks()) == []


def test_a_mistake_of_our_own_on_one_file_costs_no_other(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    recognise = ingest.parse.recognise

    def stumble(document: Document) -> object:
        if document.path == "旅費.txt":
            raise IndexError("list index out of range")
        return recognise(document)

    monkeypatch.setattr(ingest.parse, "recognise", stumble)
    office.put("旅費.txt", TRAVEL)
    office.put("公用車.txt", CAR)
    report = office.sync()
    assert report.added == ["公用車.txt"]
    assert [path for path, _ in report.failed] == ["旅費.txt"]
    assert "IndexError" in report.failed[0][1]


def test_a_model_that_fails_quarantines_nothing_and_the_next_run_goes_on(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_self: CountingEmbedder, _texts: list[str]) -> list[list[float]]:
        raise ModelBusyError("埋め込み: 混雑しています。しばらくしてから、もう一度実行してください。")

    office.put("旅費.txt", TRAVEL)
    with monkeypatch.context() as patched:
        patched.setattr(CountingEmbedder, "embed_documents", refuse)
        with pytest.raises(ModelBusyError):
            office.sync()
    assert office.records() == []
    assert changes(office.sync()) == {"added": ["旅費.txt"]}


# --- labels ----------------------------------------------------------------------------------------


def test_labels_are_honoured(office: Office) -> None:
    office.label("旅費.txt,旅費の手引,給与旅費課,2,人事課;給与旅費課,2026-04-01,2027-04-01,第7号,")
    office.put("旅費.txt", TRAVEL)
    report = office.sync()
    record = office.record("旅費.txt")
    assert (record.title, record.department, record.number) == ("旅費の手引", "給与旅費課", "第7号")
    assert record.audience == Audience(level="2", groups=frozenset({"人事課", "給与旅費課"}))
    assert record.period == Period(start=date(2026, 4, 1), end=date(2027, 4, 1))
    (chunk,) = office.catalogue.chunks_of(record.id)
    assert (chunk.audience, chunk.period, chunk.title) == (record.audience, record.period, record.title)
    assert report.warnings == []


def test_a_changed_label_reaches_the_chunks_and_embeds_nothing(office: Office) -> None:
    office.label("旅費.txt,旅費,,2,,,,,")
    office.put("旅費.txt", TRAVEL)
    office.sync()
    office.label("旅費.txt,旅費,,3A,人事課,,,,")
    report = office.sync()
    assert changes(report) == {"changed": ["旅費.txt"]}
    assert report.embedded == 0
    assert office.catalogue.audiences() == [Audience(level="3A", groups=frozenset({"人事課"}))]


def test_a_successor_ends_the_older_text(office: Office) -> None:
    office.label("旧.txt,,,1,,2000-04-01,,,", "新.txt,,,1,,2026-04-01,,,旧.txt")
    office.put("旧.txt", TRAVEL)
    office.put("新.txt", CAR)
    office.sync()
    assert office.record("旧.txt").period == Period(start=date(2000, 4, 1), end=date(2026, 4, 1))
    assert office.record("新.txt").supersedes == office.record("旧.txt").id


def test_a_successor_still_names_the_older_text_after_its_rename(office: Office) -> None:
    office.label("旧.txt,,,1,,2000-04-01,,,", "新.txt,,,1,,2026-04-01,,,旧.txt")
    office.put("旧.txt", TRAVEL)
    office.put("新.txt", CAR)
    office.sync()
    identity = office.record("旧.txt").id
    (office.folder / "廃止").mkdir()
    (office.folder / "旧.txt").rename(office.folder / "廃止/旧.txt")
    office.label("廃止/旧.txt,,,1,,2000-04-01,,,", "新.txt,,,1,,2026-04-01,,,廃止/旧.txt")
    assert changes(office.sync()) == {"changed": ["新.txt"], "renamed": [{"from": "旧.txt", "to": "廃止/旧.txt"}]}
    assert office.record("新.txt").supersedes == office.record("廃止/旧.txt").id == identity


def test_a_successor_without_a_date_is_warned_of(office: Office) -> None:
    office.label("旧.txt,,,1,,,,,", "新.txt,,,1,,,,,旧.txt")
    office.put("旧.txt", TRAVEL)
    office.put("新.txt", CAR)
    assert office.sync().warnings == [("新.txt", SUCCESSION_UNDATED)]


def test_a_document_without_a_level_is_warned_of_and_only_administrators_read_it(office: Office) -> None:
    office.put("旅費.txt", TRAVEL)
    warned = [("旅費.txt", LEVEL_MISSING)]
    assert office.sync().warnings == warned
    assert office.sync().warnings == warned, "a second run must still say it"
    audience = office.record("旅費.txt").audience
    admin = Reader(user="kanri", name="管理者", max_level="1", role=Role.ADMIN)
    editor = Reader(user="bunsho", name="文書担当", max_level="3A", role=Role.EDITOR)
    assert may_read(admin, audience, levels=LEVELS)
    assert not may_read(editor, audience, levels=LEVELS)


def test_a_wrong_labels_file_stops_the_run_before_anything_changes(office: Office) -> None:
    office.put("旅費.txt", TRAVEL)
    office.sync()
    office.put("旅費.txt", CAR)
    office.label("旅費.txt,,,9,,,,,")
    with pytest.raises(LabelsError, match="2行目"):
        office.sync()
    assert TRAVEL in text_of(office, "旅費.txt")


def test_the_labels_file_of_the_command_is_relative_to_the_folder_given(office: Office) -> None:
    office.put("例規/旅費.txt", TRAVEL)
    extra = office.folder.parent / "ラベル.csv"
    office.label("旅費.txt,,,3C,,,,,", at="../ラベル.csv")
    office.sync(office.folder / "例規", label_file=extra)
    assert office.record("旅費.txt").audience.level == "3C"


# --- readers ---------------------------------------------------------------------------------------


def test_files_are_read_side_by_side_and_told_in_order(office: Office) -> None:
    names = [f"通知{number}.txt" for number in range(12)]
    for name in names:
        office.put(name, f"{name}の本文です。")
    office.put("通知5.txt", "")
    told: list[tuple[int, int, str]] = []
    sync = Sync(
        catalogue=office.catalogue,
        embedder=office.embedder,
        may_embed=lambda _audience: False,
        settings=Settings(),
        read_many=lambda files: read_many(files, settings=IngestSettings()),
        tell=lambda done, every, name: told.append((done, every, name)),
    )
    report = sync.run([office.folder])
    assert len(report.added) == 11
    assert [path for path, _ in report.failed] == ["通知5.txt"]
    assert told == [*((number, 12, name) for number, name in enumerate(sorted(names))), (12, 12, "")]
    assert report.embedded == 0
    assert office.embedder.texts == []
    assert all(name in text_of(office, name) for name in names if name != "通知5.txt")
