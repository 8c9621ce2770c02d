"""The figures that the checks of drafts reached on their sets must stay reached; the sets were learned from since first sight."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from rag.adapters.meaning import local_meaning
from tests.bench.drafts import Share, main, shares

SEEN, UNSEEN = "（あとから直すのに使った組）", "（見ていない組）"
HELD = {
    "表現の段階": 0.98,
    f"表現の段階{UNSEEN}": 0.95,
    "答弁漏れ 再現率": 0.80,
    f"答弁漏れ{SEEN} 再現率": 0.90,
    f"答弁漏れ{UNSEEN} 再現率": 0.82,
    "数値の誤り 再現率": 0.98,
    "数値の誤り 種類": 0.98,
    f"数値の誤り{SEEN} 再現率": 0.98,
    "食い違い 再現率": 0.94,
    "食い違い 適合率": 0.94,
    f"食い違い{SEEN} 再現率": 0.87,
    f"食い違い{SEEN} 適合率": 0.96,
    f"差{UNSEEN} forward・back 再現率": 0.44,
    f"差{UNSEEN} forward・back 適合率": 0.74,
}
AT_MOST = {
    "答弁漏れ 誤報": 0.05,
    f"答弁漏れ{SEEN} 誤報": 0.04,
    f"答弁漏れ{UNSEEN} 誤報": 0.09,
    "数値の誤り 誤報": 0.02,
    f"数値の誤り{SEEN} 誤報": 0.03,
}


def test_the_figures_that_were_reached_are_held(e5_models: Path) -> None:
    reached = {each.name: each.value for each in shares(meaning=local_meaning(e5_models))}
    assert {name: reached[name] for name, least in HELD.items() if reached[name] < least} == {}
    assert {name: reached[name] for name, most in AT_MOST.items() if reached[name] > most} == {}


@pytest.mark.parametrize(
    ("share", "holds"),
    [
        (Share(name="a", hits=9, n=10, bar=0.9), True),
        (Share(name="a", hits=8, n=10, bar=0.9), False),
        (Share(name="a", hits=1, n=10, bar=0.05, is_at_most=True), False),
        (Share(name="a", hits=0, n=10), True),
    ],
)
def test_a_bar_is_kept_or_missed(share: Share, *, holds: bool) -> None:
    assert share.holds is holds
    assert ("未達" in share.line()) is not holds


def test_a_missed_bar_ends_with_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sets = {
        "strength": {"id": "1", "text": "検討してまいります。", "level": 1},
        "omissions": {"id": "1", "questions": ["財源は何か。"], "answer": ["お答えします。"], "missing": [0]},
        "figures": {"id": "1", "draft": "5人です。", "sources": [], "fault": "none", "right": ""},
        "contradictions": {
            "id": "1",
            "past": {"date": "2025-12-01", "text": "雪です。"},
            "draft": "花です。",
            "relation": "unrelated",
        },
    }
    for name, case in sets.items():
        (tmp_path / f"{name}.jsonl").write_text(json.dumps(case, ensure_ascii=False) + "\n", encoding="utf-8")
    assert main(["--data", str(tmp_path)]) == 1
    assert "表現の段階\t0.000" in capsys.readouterr().out
