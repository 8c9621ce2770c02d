import pytest

from ingest.structure import minutes
from rag.domain import Block, Document, Section


def read(text: str) -> list[Section]:
    """Return the sections of minutes whose lines are numbered from 1."""
    numbered = enumerate(text.strip("\n").split("\n"), 1)
    blocks = tuple(Block(text=line, line=number) for number, line in numbered if line.strip())
    return list(minutes.recognise(Document(path="会議録.txt", title="会議録", blocks=blocks)).sections)


def pairs(text: str) -> list[tuple[str, str, str]]:
    """Return the lines of each question with post and lines of its answer, in the order of the answers."""
    answers = [section.labels for section in read(text) if "question" in section.labels]
    return [(asked, each["post"], each["lines"]) for each in answers for asked in each["asked_lines"].split("\n")]


WRAPPED = """
○議長　標木一郎　これより本日の会議を開きます。通告に従いまして発言を許
します。
○5番　見本花子議員　防犯灯と公園の遊具について、順に伺ってまいりますの
で、簡潔な御答弁をお願い申し上げます。
　初めに、防犯灯についてでありますが、通学路が暗いという声を伺いました。
市が管理する防犯灯は何基あるのか伺います。また、公園の遊具についてであり
ますが、点検は年に何回行っているのか伺います。
　最後の項目に移りますが、給食の食材について地元の農家の方のお話を聞きま
した。
　地元の野菜は何割使われているのか伺います。
○総務部長　例示二郎　防犯灯の基数についてでございますが、市が管理するも
のは1,200基でございます。
　次に、公園の遊具の点検についてでございますが、年に2回、専門の業者が行
っております。
○教育長　架川三郎　給食の地元の野菜についてでございますが、昨年度は4割
を使っております。
"""


def test_a_question_inside_a_wrapped_paragraph_stands_on_its_own_lines() -> None:
    assert pairs(WRAPPED) == [("6", "総務部長", "11-12"), ("6-7", "総務部長", "13-14"), ("10", "教育長", "15-16")]


@pytest.mark.parametrize(("gap", "joined"), [("　", True), ("", False)])
def test_below_a_full_line_that_ends_a_sentence_a_paragraph_goes_on_only_where_paragraphs_are_indented(
    gap: str, joined: bool
) -> None:
    asked = "\n".join(section.text for section in read(WRAPPED.replace("\n　", f"\n{gap}")))
    assert ("伺いました。市が管理する" in asked) is joined
