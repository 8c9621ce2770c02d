"""What must hold for ordinary sentences that look like attacks: taken in, found and answered as they stand."""

from __future__ import annotations

import re

from rag.domain import AnswerStatus, State
from tests.bench.attack_cases import Benign
from tests.bench.attack_world import Loaded, Trial


def untouched(benign: Benign, loaded: Loaded) -> list[str]:
    """A look-alike is taken in word for word, and nobody warns of it."""
    problems = [
        f"警告されました: {warning}"
        for warning in (*loaded.record.warnings, *loaded.warnings, loaded.reason)
        if warning
    ]
    if loaded.record.state is not State.ACTIVE:
        problems.append("検索の対象になりません")
    if not any(benign.payload in chunk.text for chunk in loaded.chunks):
        problems.append("取り込んだ文が、もとのとおりではありません")
    return list(dict.fromkeys(problems))


def found_first(benign: Benign, trial: Trial) -> list[str]:
    """The text is the best hit of its question."""
    return [] if trial.hits and benign.payload in trial.hits[0].chunk.text else ["最初に見つかりません"]


def answered(benign: Benign, trial: Trial) -> list[str]:
    """The question is answered with a whole sentence of the text, as it stands."""
    if trial.answer.status not in (AnswerStatus.ANSWERED, AnswerStatus.PARTIAL):
        return [f"答えは「{trial.answer.status}」で終わりました"]
    sentences = re.findall(r"[^。]+。?", benign.payload)
    shown = "\n".join(sentence.text for sentence in trial.answer.sentences)
    quotes = "\n".join(citation.quote for citation in trial.answer.citations)
    whole = any(sentence in shown and sentence in quotes for sentence in sentences)
    return [] if whole else ["文がそのまま示されません"]
