"""In which part of a read answer a sentence belongs: 確認, 認識, 現状, 課題, 取組, 決意."""

from __future__ import annotations

import re

from rag.assembly.item import AnswerPart, Paragraph
from rag.japanese.text import narrow, sentences

_RESTATES = re.compile(
    r"(?:について)?(?:お答え(?:いた|申し上げ)?(?:します|ます)|のお尋ねで(?:ございます|あります|す)|のご質問(?:がございました|でございます|にお答え))"
    r"|(?:について(?:で(?:ございます|あります|す)))。?$"
)
_ISSUES = re.compile(r"課題|一方で|しかしながら|不足して|困難|難し|懸念|遅れて|進んでいない|負担が|不安の声")
_ACTS = re.compile(
    r"(?:てまいります|でまいります|いたします|ます|予定でございます|予定です|こととしております|方針でございます|検討しております)。?$"
)
_FUTURE = re.compile(
    r"てまいります|でまいります|まいりたい|予定|こととしております|来年度|今後|検討|研究|注視|努め|目指し|図って|進めて|働きかけ|お願い|支援して"
)
_VIEWS = re.compile(
    r"考えております|考えています|認識して|受け止めて|重要で|必要がある|必要で(?:ある|ございます)|不可欠|存じます|思います|と考え"
)
_RESOLVES = re.compile(
    r"(?:全力で|一丸となって|一体となって|しっかりと|着実に|引き続き|よう)[^。]{0,20}(?:取り組んで|努めて|進めて)(?:まいります|いきます)。?$"
)


def part_of(sentence: str, *, is_last: bool = False) -> AnswerPart:
    """Return the part of a sentence; `is_last`: it ends the answer, where a resolve stands."""
    text = narrow(sentence).strip()
    if len(text) <= 60 and _RESTATES.search(text):
        return AnswerPart.RESTATEMENT
    if is_last and _RESOLVES.search(text):
        return AnswerPart.RESOLVE
    if _ACTS.search(text) and _FUTURE.search(text) and not _VIEWS.search(text):
        return AnswerPart.ACTION
    if _ISSUES.search(text):
        return AnswerPart.ISSUES
    if _VIEWS.search(text):
        return AnswerPart.VIEW
    return AnswerPart.PRESENT


def matter_of(paragraph: Paragraph) -> str:
    """Return what a paragraph says of the matter: all of it, but of 確認 only what is more than how an answer opens."""
    if paragraph.part is not AnswerPart.RESTATEMENT:
        return paragraph.text
    said = (span.of(paragraph.text) for span in sentences(paragraph.text))
    return "".join(each for each in said if part_of(each) is not AnswerPart.RESTATEMENT)
