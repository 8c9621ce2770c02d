"""The words of `kotae eval`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

EVAL = "品質を測ります"
RETRIEVAL = "検索の品質を、正解つきの質問集（BEIRの形）で測ります"
FOLDER = "corpus.jsonl、queries.jsonl、qrels.tsv があるフォルダ"
TREC_OUT = "順位をTREC形式で書くファイル"
ANSWERS = "答えの品質を、期待する内容を書いた問題集で測り、測定の記録を残します"
CASES = "問題集（1行に id、question、expect のJSONL）か、BEIRの形のフォルダ"
TAG = "このタグの付いた問いだけを測ります（複数指定できます）"
SAMPLE = "いつも同じN件だけを測ります"
RUN_OUT = "測定の記録を書く新しいフォルダ（既定はホームの runs の中）"
COMPARE = "2つの測定を、共通する問いで比べます"
FIRST, SECOND = "比べるもとの測定のフォルダ", "比べる測定のフォルダ"
GATE = "測定が基準より有意に悪くなっていないかを調べます（悪くなっていれば終了状態1）"
RUN, BASELINE = "調べる測定のフォルダ", "基準にする測定のフォルダ"

SCORES = {
    "status": "答えるか断るか",
    "documents": "文書",
    "locators": "条項",
    "points": "要点",
    "office": "問い合わせ先",
    "verified": "裏づけ",
    "span": "正解の語句",
    "version": "施行中の版",
    "passed": "すべて",
}
OVERALL = "全体"
METHOD = "差の区間はNewcombe（1998）の方法10、pはMcNemarの正確検定（両側）です。"
FINDINGS = {
    "kept": "基準を保っています",
    "lost": "基準より有意に悪くなっています",
    "too_few": "基準の問いの9割以上が測定にないため、比べられません。同じ問題集で測り直してください",
}


def scores_text(scores: Mapping[str, Any]) -> str:
    """Return the scores of a judged set."""
    return "\n".join(f"{name}: {value}" for name, value in scores.items())


def answers_text(run: Mapping[str, Any]) -> str:
    """Return a run: the rates by tag, the means, and every case that is not as expected."""
    return "\n".join(_answers_lines(run))


def _answers_lines(run: Mapping[str, Any]) -> Iterator[str]:
    yield f"{run['cases']}問のうち{run['passed']}問が、すべて期待どおりでした（{run['seconds']:.1f}秒）。"
    yield (
        f"答えた {run['answered']}、断った {run['declined']}、誤りで終わった {run['errors']}"
        f"（断りすぎ {run['false_declines']}、答えすぎ {run['false_answers']}）"
    )
    if "superseded_cited" in run:
        yield f"施行中でない版を引いた答え {run['superseded_cited']}"
    yield "期待どおりの率（括弧は95%の区間）"
    yield _rate_line({**run, "n": run["cases"]}, OVERALL)
    yield from (_rate_line(group, tag) for tag, group in run["tags"].items())
    yield "項目ごとの平均（判定した問いだけ）"
    yield from (
        f"  {mean['value']:6.3f}（{mean['n']}問） {SCORES[name]}"
        for name, mean in run["scores"].items()
        if mean["value"] is not None
    )
    yield from _listed("誤りで終わった問い", run["failed"])
    yield from _listed("期待どおりでなかった問い", run["not_passed"])
    yield f"測定の記録: {run['run']}"


def comparison_text(comparison: Mapping[str, Any]) -> str:
    """Return two runs side by side, the losses first."""
    groups = {OVERALL: comparison["overall"], **comparison["tags"]}
    left_out = (
        ("もとの測定だけにある問い", comparison["only_first"]),
        ("比べる測定だけにある問い", comparison["only_second"]),
        ("問いか期待が変わったため、比べなかった問い", comparison["changed"]),
    )
    return "\n".join(
        [
            *_listed("悪くなった問い", comparison["worse"]),
            *_listed("よくなった問い", comparison["better"]),
            f"もと: {comparison['first']}",
            f"比べる: {comparison['second']}",
            *(_contrast_line(group, name) for name, group in groups.items()),
            METHOD,
            *(f"{name}: {'、'.join(identities)}" for name, identities in left_out if identities),
        ]
    )


def verdict_text(verdict: Mapping[str, Any]) -> str:
    """Return the finding of a gate as one line, then the cases that were lost."""
    line = (
        f"{FINDINGS[verdict['finding']]}（共通 {verdict['cases']}/{verdict['baseline_cases']}問、"
        f"悪くなった {len(verdict['worse'])}、よくなった {len(verdict['better'])}、"
        f"McNemarの正確検定・片側 p={verdict['p']:.4f}、基準 p<0.05）。"
    )
    return "\n".join([line, *_listed("悪くなった問い", verdict["worse"])])


def _rate_line(group: Mapping[str, Any], name: str) -> str:
    return f"  {group['passed']:>4}/{group['n']:<4} {_rate(group)} {name}"


def _contrast_line(group: Mapping[str, Any], name: str) -> str:
    return (
        f"  {_rate(group['first'])} → {_rate(group['second'])}"
        f" 差 {100 * group['difference']:+.1f}（{100 * group['low']:+.1f}〜{100 * group['high']:+.1f}）"
        f" p={group['p']:.3f} {group['n']}問 {name}"
    )


def _rate(group: Mapping[str, Any]) -> str:
    return f"{100 * group['rate']:5.1f}%（{100 * group['low']:.1f}〜{100 * group['high']:.1f}）"


def _listed(title: str, cases: Sequence[Mapping[str, str]]) -> list[str]:
    return [f"{title}: {len(cases)}", *(f"  {case['id']}: {case['reason']}" for case in cases)] if cases else []
