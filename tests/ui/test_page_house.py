"""The house rules of the screens: what Streamlit would render as Markdown or HTML is ours alone."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from markupsafe import Markup

from rag.domain import AnswerStatus, Question, Reader
from rag.wiring import open_home
from tests.builders import TODAY
from tests.ui.conftest import ROOT
from ui import drawing
from ui.words.ask import EXAMPLE_GROUPS

FORBIDDEN = frozenset(
    "badge caption checkbox dialog error exception header html iframe info json latex link_button markdown metric pills "
    "radio segmented_control subheader success table tabs title warning write write_stream".split()
)
"""Calls that render Markdown or HTML, or whose options are Markdown; `ui/drawing.py` alone may use `html`."""
LABELLED = frozenset(
    "button chat_input date_input download_button expander file_uploader form_submit_button multiselect page_link popover selectbox spinner text_area "
    "text_input toast toggle".split()
)
"""Calls whose first words, or `label`, are Markdown."""
FROM_WORDS = frozenset({"question", "title"})
"""Names that the screens give to words of ours in a loop."""


def screens(root: Path) -> list[Path]:
    return [root / "ui/app.py", *sorted((root / "ui/views").glob("*.py"))]


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    """Every method call of a file that draws: the method's name and the call."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and is_drawing(node.func.value):
            yield node.func.attr, node


def is_drawing(target: ast.expr) -> bool:
    return isinstance(target, ast.Name) and target.id in {"st", "first", "second", "third", "column", "history"}


def is_ours(label: ast.expr) -> bool:
    """Whether a label is a word of ui/words, by itself, from a table, or from a function of it."""
    if isinstance(label, ast.Subscript | ast.Attribute):
        return is_ours(label.value)
    if isinstance(label, ast.Call):
        return is_ours(label.func)
    if isinstance(label, ast.IfExp):
        return is_ours(label.body) and is_ours(label.orelse)
    return isinstance(label, ast.Name) and (label.id.endswith("words") or label.id == "page" or label.id in FROM_WORDS)


def markdown_problems(path: Path) -> list[str]:
    problems = []
    for name, call in calls(path):
        labels = [*call.args[:1], *(each.value for each in call.keywords if each.arg == "label")]
        if name in FORBIDDEN:
            problems.append(f"{path.name}:{call.lineno}: st.{name} renders Markdown")
        elif name in LABELLED and name != "page_link" and not all(map(is_ours, labels)):
            problems.append(f"{path.name}:{call.lineno}: the label of st.{name} is not a word of ours")
    return problems


def markup_problems(path: Path) -> list[str]:
    """Name the Markup that is made of anything but a template written there."""
    return [
        f"{path.name}:{node.lineno}: Markup of what is not a literal"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Markup"
        and not all(isinstance(each, ast.Constant) for each in node.args)
    ]


@pytest.mark.parametrize("path", screens(ROOT), ids=lambda path: path.stem)
def test_a_screen_gives_streamlit_no_words_but_ours(path: Path) -> None:
    assert markdown_problems(path) == []


@pytest.mark.parametrize("path", sorted((ROOT / "ui").rglob("*.py")), ids=lambda path: path.stem)
def test_every_piece_of_html_is_a_template_of_ours(path: Path) -> None:
    assert markup_problems(path) == []


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("st.markdown(answer)", "a.py:1: st.markdown renders Markdown"),
        ("st.error(str(error))", "a.py:1: st.error renders Markdown"),
        ("st.button(record.title)", "a.py:1: the label of st.button is not a word of ours"),
        ("st.download_button(sheet.item.label, data)", "a.py:1: the label of st.download_button is not a word of ours"),
        ("st.file_uploader(notice.title)", "a.py:1: the label of st.file_uploader is not a word of ours"),
        ("st.expander(f'{title}')", "a.py:1: the label of st.expander is not a word of ours"),
        ("first.selectbox(label=name, options=x)", "a.py:1: the label of st.selectbox is not a word of ours"),
    ],
)
def test_words_of_others_are_named(tmp_path: Path, code: str, problem: str) -> None:
    path = tmp_path / "a.py"
    path.write_text(code, encoding="utf-8")
    assert markdown_problems(path) == [problem]


@pytest.mark.parametrize("code", ["Markup(text)", "Markup(f'<b>{text}</b>')", "Markup('<b>' + text)"])
def test_html_of_others_is_named(tmp_path: Path, code: str) -> None:
    path = tmp_path / "a.py"
    path.write_text(code, encoding="utf-8")
    assert markup_problems(path) == ["a.py:1: Markup of what is not a literal"]


def test_text_that_nobody_escaped_is_not_drawn() -> None:
    with pytest.raises(TypeError):
        drawing.draw("<b>強い</b>")  # type: ignore[arg-type]


def test_values_are_escaped_wherever_they_are_filled_in() -> None:
    hostile = '<img src=x onerror="alert(1)">&'
    for made in (
        drawing.lines(hostile),
        drawing.bullets([hostile]),
        drawing.facts([(hostile, hostile)]),
        drawing.table(hostile, [hostile], [[hostile]]),
        drawing.marked([(hostile, True), (hostile, False)]),
        drawing.joined([hostile]),
    ):
        assert isinstance(made, Markup)
        assert "<img" not in made
        assert 'onerror="' not in made
        assert made.unescape().count(hostile)


def test_every_example_is_answered_over_the_sample(sample_home: Path) -> None:
    home = open_home(sample_home)
    reader = Reader(user="local", name="この端末の管理者", reads_all=True)
    statuses = {
        question: home.ask(Question(text=question, as_of=TODAY, reader=reader)).status
        for _, questions in EXAMPLE_GROUPS
        for question in questions
    }
    assert len(statuses) == 15
    assert set(statuses.values()) == {AnswerStatus.ANSWERED}
