"""Where two homes over the same folder differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ingest.listing import document_id
from tests.bench.home_state import NEAR, State

_ID = ("id", "document_id")
APPROXIMATE = 0.03
"""Share of the nearest neighbours that a graph may miss; all it holds is compared one by one beside this."""
ESTIMATED = 1e-3
"""Share by which a score of words may differ: tantivy estimates the mean length where it merges what holds removals."""


def differences(killed: State, fresh: State, *, origins: Mapping[str, str]) -> list[str]:
    """Name every difference of a home that was killed from a fresh one, for people.

    `origins`: path → first path of the documents that were renamed on the way; they keep the id of their first path.
    """
    return [
        *killed.problems,
        *(f"作り直したホーム: {each}" for each in fresh.problems),
        *_documents(killed, fresh, origins),
        *_things("検索単位", _without_ids(killed, killed, fresh), _without_ids(fresh, killed, fresh)),
        *_things("ベクトル", killed.vectors, fresh.vectors),
        *_things("語の索引の項目", killed.entries, fresh.entries),
        *_scores(killed.matches, fresh.matches, exact=not (killed.buried or fresh.buried)),
        *_things("ベクトルの索引の項目", killed.indexed, fresh.indexed),
        *_nearest(killed.neighbours, fresh.neighbours),
        *_things("台帳の記録", killed.facts, fresh.facts),
        *(f"ホームに余分な {name}" for name in sorted(set(killed.files) - set(fresh.files))),
        *(f"ホームにない {name}" for name in sorted(set(fresh.files) - set(killed.files))),
    ]


def _documents(killed: State, fresh: State, origins: Mapping[str, str]) -> Iterator[str]:
    for path, record in killed.documents.items():
        wanted = document_id(origins.get(path, path))
        if record["id"] != wanted:
            yield f"文書 {path}: idは {record['id']}、正しくは {wanted}"
    bare = [
        {path: {key: value for key, value in record.items() if key != "id"} for path, record in state.documents.items()}
        for state in (killed, fresh)
    ]
    yield from _things("文書", *bare)


def _without_ids(state: State, killed: State, fresh: State) -> dict[str, Mapping[str, Any]]:
    """Return the chunks, without the ids of those whose document has been renamed in one of the homes."""
    moved = {name for each in (killed, fresh) for name, chunk in each.chunks.items() if not chunk["id"]}
    return {
        name: {key: value for key, value in chunk.items() if name not in moved or key not in _ID}
        for name, chunk in state.chunks.items()
    }


def _things(what: str, killed: Mapping[str, Any], fresh: Mapping[str, Any]) -> Iterator[str]:
    for name in sorted(fresh.keys() - killed.keys()):
        yield f"{what} {name}: ありません"
    for name in sorted(killed.keys() - fresh.keys()):
        yield f"{what} {name}: 余分です"
    for name in sorted(killed.keys() & fresh.keys()):
        one, other = killed[name], fresh[name]
        if one != other:
            yield f"{what} {name}: {_first(one, other)}"


def _first(one: Any, other: Any) -> str:
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        key = next(key for key in [*one, *other] if one.get(key) != other.get(key))
        return f"{key} は {str(one.get(key))[:80]!r}、正しくは {str(other.get(key))[:80]!r}"
    if isinstance(one, bytes):
        return "中身が違います"
    return f"{str(one)[:80]!r}、正しくは {str(other)[:80]!r}"


def _scores(
    killed: Mapping[str, Mapping[str, float]], fresh: Mapping[str, Mapping[str, float]], *, exact: bool
) -> Iterator[str]:
    """Compare what the word index finds; its scores only where no removed entry is still counted in them."""
    for asked in fresh:
        one, other = killed[asked], fresh[asked]
        for name in sorted(one.keys() ^ other.keys()):
            yield f"{asked}: {name} は{'余分です' if name in one else '見つかりません'}"
        for name in sorted(one.keys() & other.keys()):
            near = NEAR if asked.startswith("reference") else ESTIMATED
            if (exact or near == NEAR) and abs(one[name] - other[name]) > near * max(1.0, other[name]):
                yield f"{asked}: {name} の点は {one[name]}、正しくは {other[name]}"


def _nearest(killed: Mapping[str, Mapping[str, float]], fresh: Mapping[str, Mapping[str, float]]) -> Iterator[str]:
    """Compare the nearest neighbours: the graph of a generation is approximate, so a few may be missing on either side."""
    missing, found = 0, 0
    for asked in fresh:
        one, other = killed[asked], fresh[asked]
        least = max(min(one.values(), default=0.0), min(other.values(), default=0.0))
        missing += sum(
            max(one.get(name, 0.0), other.get(name, 0.0)) > least + NEAR for name in one.keys() ^ other.keys()
        )
        found += len(one.keys() | other.keys())
        for name in sorted(one.keys() & other.keys()):
            if abs(one[name] - other[name]) > NEAR:
                yield f"{asked}: {name} の類似度は {one[name]}、正しくは {other[name]}"
        if len(one) != len(other):
            yield f"{asked}: {len(one)}件、正しくは{len(other)}件"
    if missing > APPROXIMATE * found:
        yield f"ベクトルの近い順: {found}件のうち{missing}件が片方にだけあります"
