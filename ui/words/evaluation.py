"""The words of the screen 評価."""

from __future__ import annotations

from collections.abc import Sequence

TITLE = "評価"
LEAD = "答えの質を、決まった問題集と、職員の声の両方で見ます。数には、もとになった件数と95%の区間を添えています。"
RUNS = "測定"
RUNS_NONE = "測定の記録はまだありません。kotae eval answers 問題集.jsonl で測ると、ここに出ます。"
RUN = "見る測定"
AGAINST = "比べる測定"
AGAINST_NONE = "比べない"
BY_TAG = "タグごとの結果"
BY_TAG_HEAD = ("タグ", "件数", "期待どおり", "率", "95%の区間", "断りすぎ", "答えすぎ")
OVERALL = "全体"
CHANGES = "前の測定からの変化"
CHANGES_HEAD = ("タグ", "共通の件数", "前", "今回", "差（95%の区間）", "p")
WORSE = "悪くなった問い"
BETTER = "よくなった問い"
SHOWN_IDS = 10
FAILING = "期待どおりでない問い"
CASE_HEAD = ("番号", "質問", "わけ")
FEEDBACK = "職員の声"
FEEDBACK_NONE = "まだ声は届いていません。「質問」の画面で「役に立った」「役に立たなかった」が押されると、ここに出ます。"
STATE = "状態"
STATE_OPEN = "終わっていないもの"
MOVE = "状態を変える"
NOTE = "対応の内容（任意）"
SAVE = "保存する"
FEEDBACK_FACTS = {
    "given": "受付",
    "verdict": "評価",
    "reasons": "理由",
    "comment": "声",
    "right": "正しい出典",
    "answer": "そのときの答え",
    "made": "作成方法",
    "handled": "対応",
}
HIDDEN_ANSWER = "（この答えの資料は、あなたの閲覧範囲にありません）"
GONE_SOURCE = "（いまの文書にない箇所）"


def run_line(name: str, passed: int, n: int) -> str:
    """Return a run as one line."""
    return f"{name}（{n}問中{passed}問）"


def latest_runs(shown: int, every: int) -> str:
    """Return how many of the runs can be chosen."""
    return f"{every}件の測定のうち、新しい{shown}件から選べます。"


def more_feedback(rest: int) -> str:
    """Return the label of the button that lists more of what staff said."""
    return f"続きを見る（あと{rest}件）"


def run_facts(started: str, cases: str, model: str, revision: int, seconds: float) -> str:
    """Return with what a run was made."""
    return f"{started}・問題集 {cases}・作成方法 {model}・台帳の変更番号 {revision}・{seconds:.0f}秒"


def not_compared(identities: Sequence[str]) -> str:
    """Return which cases were left out of a comparison, the first few by id."""
    more = f" ほか{len(identities) - SHOWN_IDS}件" if len(identities) > SHOWN_IDS else ""
    shown = "、".join(identities[:SHOWN_IDS])
    return f"比べなかった問い（どちらかの測定にないか、期待が変わった）{len(identities)}件: {shown}{more}"


def percent(rate: float) -> str:
    """Return a share."""
    return f"{100 * rate:.1f}%"


def interval(low: float, high: float) -> str:
    """Return the bounds of a share."""
    return f"{100 * low:.1f}〜{100 * high:.1f}%"


def difference(value: float, low: float, high: float) -> str:
    """Return a difference of shares, in points, with its bounds."""
    return f"{100 * value:+.1f}ポイント（{100 * low:+.1f}〜{100 * high:+.1f}）"


def share(passed: int, n: int) -> str:
    """Return how many of how many."""
    return f"{passed}/{n}"


def counted(title: str, count: int) -> str:
    """Return a title with its number of cases."""
    return f"{title}（{count}件）"


def made(model: str, prompt: str, generation: str, revision: int) -> str:
    """Return with what an answer was made."""
    told = [model, f"台帳の変更番号 {revision}", f"索引の世代 {generation or 'なし'}"]
    return "・".join([*told, f"プロンプト {prompt}"] if prompt else told)


def handled(who: str, note: str) -> str:
    """Return who did what about a feedback."""
    return f"{who}: {note}" if note else who
