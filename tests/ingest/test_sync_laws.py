"""Laws of a sync: whatever happened to the files on the way, the catalogue is that of the files as they are."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given, settings
from hypothesis import strategies as st

from rag.domain import Chunk
from tests.ingest.conftest import Office

NAMES = ["a.txt", "b.txt", "A.txt", "例規/a.txt"]
TEXTS = [
    "第1条　旅費は、順路により計算する。\n\n第2条　日当は、定額とする。",
    "公用車は、前日までに申し込む。",
    "旅費の手引",
    *(
        f"みほん県旅費規則\n平成十二年三月三十一日\nみほん県規則第四十一号\n第一条　日当は、{yen}円とする。\n第二条　旅費は、概算で支払う。\n"
        f"附　則\nこの規則は、{day}から施行する。\n"
        for yen, day in (("二千", "平成十二年四月一日"), ("三千", "令和八年四月一日"), ("四千", "令和九年四月一日"))
    ),
]
"""Three plain texts, and three versions of one rule."""
LEVELS = ["", "1", "2", "3A"]

START = [("put", "a.txt", TEXTS[0]), ("put", "b.txt", TEXTS[1]), ("label", "a.txt", "2"), ("sync", "", "")]
"""Where every sequence begins: two documents, one of them labelled."""

steps = st.one_of(
    st.tuples(st.just("put"), st.sampled_from(NAMES), st.sampled_from([*TEXTS, ""])),
    st.tuples(st.just("remove"), st.sampled_from(NAMES), st.just("")),
    st.tuples(st.just("rename"), st.sampled_from(NAMES), st.sampled_from(NAMES)),
    st.tuples(st.just("label"), st.sampled_from(NAMES), st.sampled_from(LEVELS)),
    st.tuples(st.just("sync"), st.just(""), st.just("")),
)


def take(office: Office, labels: dict[str, str], step: tuple[str, str, str]) -> None:
    """Let one thing happen to the folder; a rename takes the row of labels.csv along."""
    what, name, value = step
    file = office.folder / name
    if what == "put":
        office.put(name, value)
    elif what == "remove":
        file.unlink(missing_ok=True)
    elif what == "rename" and file.is_file() and name != value:
        (office.folder / value).parent.mkdir(exist_ok=True)
        file.rename(office.folder / value)
        labels[value] = labels.pop(name, "")
    elif what == "label":
        labels[name] = value
    office.label(*(f"{path},,,{level},,,,," for path, level in sorted(labels.items())))


def state(office: Office) -> list[object]:
    """What the catalogue says of every document, ids and times aside."""
    paths = {record.id: record.path for record in office.catalogue.documents()} | {"": ""}
    return [
        (
            record.path,
            record.title,
            record.audience,
            record.period,
            paths[record.ended_by],
            record.state,
            record.reason,
            record.chunk_count,
            record.warnings,
            record.file_hash,
            [
                (chunk.locator, chunk.text, chunk.header, chunk.audience, chunk.period)
                for chunk in office.catalogue.chunks_of(record.id)
            ],
        )
        for record in office.catalogue.documents()
    ]


@settings(max_examples=40, deadline=None)
@given(st.lists(steps, min_size=2, max_size=14))
def test_after_any_sequence_the_catalogue_is_that_of_a_fresh_build(happened: list[tuple[str, str, str]]) -> None:
    with TemporaryDirectory() as folder:
        office = Office(Path(folder))
        labels: dict[str, str] = {}
        index: dict[str, Chunk] = {}
        reached = 0
        for step in [*START, *happened, ("sync", "", "")]:
            take(office, labels, step)
            if step[0] == "sync":
                office.sync()
                for chunk_id, _ in office.catalogue.removed_since(reached):
                    index.pop(chunk_id, None)
                index |= {chunk.id: chunk for chunk in office.catalogue.all_chunks(since=reached)}
                reached = office.catalogue.revision()
        again = office.sync()
        assert [*again.added, *again.changed, *again.removed, *again.renamed] == []
        assert again.embedded == 0
        assert set(index) == {chunk.id for chunk in office.catalogue.all_chunks()}, (
            "an index that follows holds the same"
        )
        fresh = Office(Path(folder) / "別")
        shutil.rmtree(fresh.folder)
        shutil.copytree(office.folder, fresh.folder)
        fresh.sync()
        assert state(office) == state(fresh)
        office.catalogue.close()
        fresh.catalogue.close()
