"""The words of the screen 会議録."""

from __future__ import annotations


def counts(*, count: int, uncertain: int, unanswered: int) -> str:
    """Return how many questions were brought together with their answers, and what is left open."""
    unsure = f"（うち、対応の確かでないもの {uncertain}件）" if uncertain else ""
    return f"質問と答弁の組 {count}件{unsure}、答弁の見つからない質問 {unanswered}件"
