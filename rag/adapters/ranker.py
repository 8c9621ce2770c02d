"""LightGBM: grow the trees of a ranking from judged candidates. A search never comes here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from rag.errors import ModelSetupError
from rag.ranking.features import FEATURES, Features
from rag.ranking.trees import Trees

HIGHEST = 10
"""The highest grade of relevance that counts."""
ROUNDS = 150
PARAMETERS: Mapping[str, Any] = {
    "objective": "lambdarank",
    "label_gain": list(range(HIGHEST + 1)),  # linear, as the measure
    "learning_rate": 0.05,
    "num_leaves": 7,
    "min_data_in_leaf": 50,
    "lambda_l2": 10.0,
    "feature_fraction": 0.6,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "use_missing": False,
    "seed": 7,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "verbosity": -1,
}
"""Small trees, strongly held back: judged questions are few. The same rows give the same trees."""


def grow_trees(features: Sequence[Features], grades: Sequence[Sequence[float]]) -> Trees:
    """Learn from questions: of each the features of its candidates and their relevance (0: none); raises ModelSetupError."""
    try:
        import lightgbm
    except (ImportError, OSError) as error:  # an OSError where the library libgomp is missing
        raise ModelSetupError(
            f"LightGBM: 読み込めません（{error}）。Debianでは apt-get install libgomp1 で入れてから、もう一度実行してください。"
        ) from error
    rows = lightgbm.Dataset(
        np.vstack(features),
        label=np.concatenate([[_grade(each) for each in one] for one in grades]),
        group=[len(one) for one in grades],
        params=dict(PARAMETERS),
    )
    grown = lightgbm.train(dict(PARAMETERS), rows, num_boost_round=ROUNDS)
    return _table(grown.dump_model())


def _grade(relevance: float) -> int:
    return 0 if relevance <= 0 else min(max(round(relevance), 1), HIGHEST)


def _table(dumped: Mapping[str, Any]) -> Trees:
    columns: dict[str, list[float]] = {name: [] for name in ("feature", "threshold", "left", "right", "value")}
    roots = []
    for tree in dumped["tree_info"]:
        roots.append(len(columns["feature"]))
        _append(tree["tree_structure"], columns)
    if dumped["max_feature_idx"] + 1 != len(FEATURES):
        raise ValueError("trees over other features")
    return Trees.of({"roots": roots, **columns})


def _append(node: Mapping[str, Any], columns: dict[str, list[float]]) -> int:
    """Put a node and all below it at the end of the table and return its place."""
    place = len(columns["feature"])
    is_leaf = "leaf_value" in node
    row = {
        "feature": 0 if is_leaf else node["split_feature"],
        "threshold": 0.0 if is_leaf else node["threshold"],
        "left": place,
        "right": place,
        "value": node["leaf_value"] if is_leaf else 0.0,
    }
    for name, value in row.items():
        columns[name].append(value)
    if not is_leaf:
        for side in ("left", "right"):
            columns[side][place] = _append(node[f"{side}_child"], columns)
    return place
