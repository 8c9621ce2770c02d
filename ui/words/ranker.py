"""The words of a learned order: of the command, of the doctor and on the screen 評価."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rag.ranking.learned import Standing

HELP = "検索の候補の並べ方を、正解つきの質問から学習します。よくなると確かめられたときだけ使います"
DESCRIPTION = (
    "検索で上位になった候補（search.judged 件）の並べ方を、正解つきの質問から学習します。"
    "学習に使うのは、BEIRの形のフォルダ（そのフォルダの文書で試します）、問題集（ホームの文書で試します。"
    "expect.documents の文書のうち、expect.locators があれば、その所在を正解とします）、職員の声（ホームの利用記録）です。"
    "職員の声は、「役に立った」答えの出典と、正しい出典として選ばれた箇所を、その質問の正解とします。"
    "「役に立たなかった」は、出典が関係ないという判断とはみなしません。"
    "質問は、尋ねた人のいまの閲覧範囲で試し、名簿にいない人の質問は使いません。保存するのは数だけで、文章は含みません。"
    "5分割の交差検証（同じ正解をもつ質問は同じ組）で、ndcg@10 の差の95%の区間が0より上のときだけ、ホームの ranker.json に置いて使います。"
)
SOURCES = "BEIRの形のフォルダか、問題集（いくつでも指定できます。なければ職員の声だけで学習します）"
NO_FEEDBACK = "職員の声を使いません"
REMOVE = "学習した並べ方を消し、学習する前の順に戻します"
REMOVED = "学習した並べ方を消しました。学習する前の順で並べます。"
NOTHING_TO_REMOVE = "学習した並べ方はありません。"
TITLE = "学習した並べ方"

STANDINGS = {
    Standing.IN_USE: "使っています",
    Standing.NONE: "まだ学習していません（学習する前の順で並べます）",
    Standing.OFF: "設定 search.ranker で止めています",
    Standing.BROKEN: "ファイル ranker.json を読めないため、使っていません",
    Standing.OTHER_FEATURES: "こたえの版が変わり、見る数が違うため、使っていません",
    Standing.OTHER_EMBEDDER: "埋め込みのモデルが変わったため、使っていません",
    Standing.OTHER_FUSION: "検索の設定か語の切り方が変わったため、使っていません",
    Standing.UNPROVEN: "よくなると確かめられていないため、使っていません",
}
HELD = frozenset({Standing.IN_USE, Standing.NONE, Standing.OFF})
"""Nothing needs doing."""
REMEDY = (
    "kotae eval train-ranker で学習し直してください。使わないときは kotae eval train-ranker --remove で消してください。"
)
LEFT_OUT = {
    "no_document": "正解の文書が書かれていない",
    "not_there": "正解の文書が、尋ねた人の読めるところにない",
    "unknown_user": "尋ねた人が利用者名簿にいない",
}
FACTS = {
    "standing": "状態",
    "made": "学習した日時",
    "gain": "よくなった幅",
    "scores": "もとの順・学習した順",
    "n": "学習した質問",
    "sources": "内訳",
    "embedder": "埋め込み",
    "versions": "版",
}


def training_text(value: Mapping[str, Any]) -> str:
    """Return how a training ended."""
    return "\n".join(_training_lines(value))


def _training_lines(value: Mapping[str, Any]) -> Iterator[str]:
    card, more = value["card"], value["more"]
    own = "、".join(f"{name} {count}問" for name, count in value["sources"].items())
    yield f"正解つきの質問 {value['n']}問" + (f"（{own}）" if own else "")
    for reason, count in value["left_out"].items():
        yield f"  使わなかった質問 {count}問: {LEFT_OUT[reason]}"
    if card:
        yield from _card_lines(card)
    match value["ending"]:
        case "used":
            yield "差の区間が0より上なので、この並べ方をホームに置きました。"
        case "too_few":
            yield (
                f"学習するには少なすぎるため、学習していません。あと{more}問以上（全部で{value['minimum']}問）の正解つきの質問が要ります。"
                "効き目が見えるのは、100問くらいからです。"
            )
        case "too_alike":
            yield "同じ正解をもつ質問がほとんどで、確かめられないため、学習していません。ほかの文書についての質問を足してください。"
        case _:
            yield _unproven(more)
    if value["ending"] != "used" or value["standing"] != Standing.IN_USE:
        yield f"いまの状態: {STANDINGS[Standing(value['standing'])]}。"


def _unproven(more: int | None) -> str:
    if more is None:
        return (
            "よくなっていないため、使いません。いまの質問からは、何問足せばよくなるか見込めません。"
            "正解の付け方を確かめるか、質問を倍くらいに増やしてから、もう一度実行してください。"
        )
    return (
        "よくなったように見えますが、差の区間が0を含むため、使いません。"
        f"同じくらいの効き目が続くなら、正解つきの質問があと{more}問ほどあれば確かめられます。"
    )


def _card_lines(card: Mapping[str, Any]) -> Iterator[str]:
    yield f"{card['measure']}（{card['folds']}分割の交差検証、独立した組 {card['groups']}）: {scores(card)}"
    yield f"  差 {gain(card)}"
    if len(card["sources"]) > 1:
        yield from (f"  {name}: {source_line(source)}" for name, source in card["sources"].items())


def scores(card: Mapping[str, Any]) -> str:
    """Return the measure without and with what was learned."""
    return f"{card['baseline']:.3f} → {card['learned']:.3f}"


def gain(card: Mapping[str, Any]) -> str:
    """Return the gain with its interval."""
    return f"{card['gain']:+.3f}（95%の区間 {card['low']:+.3f}〜{card['high']:+.3f}）"


def source_line(source: Mapping[str, Any]) -> str:
    """Return what one source gained."""
    return f"{source['n']}問 {scores(source)}（{source['gain']:+.3f}）"


def facts_of(card: Mapping[str, Any], made: str) -> dict[str, str]:
    """Return the facts of a card by the keys of FACTS, without its standing."""
    return {
        "made": made,
        "gain": f"{card['measure']} {gain(card)}",
        "scores": scores(card),
        "n": f"{card['n']}問（独立した組 {card['groups']}、{card['folds']}分割の交差検証）",
        "sources": "、".join(f"{name} {source_line(source)}" for name, source in card["sources"].items()),
        "embedder": str(card["embedder"]),
        "versions": f"見る数の版 {card['features']}・分割の版 {card['index_version']}",
    }


def finding(standing: Standing, card: Mapping[str, Any] | None) -> str:
    """Return what the doctor says."""
    told = STANDINGS[standing]
    return f"{told}（{card['n']}問で学習、{card['measure']} {gain(card)}）" if card else told
