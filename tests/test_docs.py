"""The documents say what is there: every path, command, setting, message and example in them exists and works."""

from __future__ import annotations

import argparse
import ast
import re
import shlex
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pydantic import ValidationError

from ingest.labels import read_rows, row_labels
from rag.errors import KotaeError
from rag.japanese.synonyms import load_synonyms
from rag.japanese.usual_names import load_usual_names
from rag.safety.directory import read_directory
from rag.settings import Settings
from ui.cli import build_parser

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = ("README.md", "README.ja.md", "ARCHITECTURE.md", "CHANGELOG.md")
ROOMS = ("rag", "ingest", "eval", "ui")
SUFFIX = re.compile(r"\.(?:md|docx|py|toml|csv|txt|in|json|log|lock|state|sqlite3)$")
INLINE = re.compile(r"`([^`\n]+)`")
FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ASSIGNMENT = re.compile(r"^[A-Z_]+=\S*$")
LEVELS = Settings().levels.order
LONGEST_DECISION = 10


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def prose(text: str) -> str:
    """The text without its fenced blocks."""
    return FENCED.sub("", text)


def fenced(text: str, language: str) -> list[str]:
    """The bodies of the fenced blocks of a language."""
    return [body for found, body in FENCED.findall(text) if found == language]


# --- paths -----------------------------------------------------------------------------------------


def names_in_code(root: Path) -> set[str]:
    """What the code and `x` call the files of a home and of an ingested folder."""
    script = (root / "x").read_text(encoding="utf-8") if (root / "x").exists() else ""
    return set(re.findall(r"[\w-]+\.\w+", script)) | {
        node.value
        for room in ROOMS
        for path in (root / room).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and SUFFIX.search(node.value)
    }


def path_problems(text: str, root: Path) -> list[str]:
    """Name the paths in backticks, and the links, that lead nowhere.

    A bare name may also be one that the code gives to a file of a home; a placeholder is in capitals.
    """
    folders = {path.name for path in root.iterdir() if path.is_dir()}
    known = names_in_code(root)
    problems = []
    for word in INLINE.findall(prose(text)):
        if re.search(r"[\s<>…]", word) or not re.fullmatch(r"[\w.*/-]+", word):
            continue
        if "/" in word and word.split("/")[0] in folders:
            there = any(root.glob(word.rstrip("/")))
        elif "/" not in word and SUFFIX.search(word) and not word.split(".")[0].isupper():
            there = (root / word).exists() or word in known
        else:
            continue
        if not there:
            problems.append(f"{word}: not there")
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    return problems + [f"{link}: not there" for link in links if not (root / link).exists()]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_path_that_a_document_names_exists(name: str) -> None:
    assert path_problems(read(name), ROOT) == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("see `rag/lost.py`", "rag/lost.py: not there"),
        ("see `rag/lost/`", "rag/lost/: not there"),
        ("see `LOST.md`\n[here](LOST.md)", "LOST.md: not there"),
        ("a home has `lost.csv`", "lost.csv: not there"),
    ],
)
def test_a_path_that_leads_nowhere_is_named(tmp_path: Path, text: str, problem: str) -> None:
    (tmp_path / "rag").mkdir()
    (tmp_path / "rag/kept.py").write_text('NAME = "kept.csv"\n', encoding="utf-8")
    assert path_problems("`rag/kept.py` `rag/*.py` `kept.csv` `ANSWER.json` `.kotae/`", tmp_path) == []
    assert path_problems(text, tmp_path) == [problem]


def test_every_change_leads_to_a_file() -> None:
    table = read("README.md").partition("| I want to change… | go to… |")[2].partition("\n\n")[0]
    rows = [line for line in table.splitlines() if line.startswith("| ")][1:]
    assert len(rows) >= 18
    assert [row for row in rows if not re.search(r"`[^`]+`", row.split("|")[2])] == []


# --- commands --------------------------------------------------------------------------------------


def children(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    return {
        name: child
        for action in parser._actions
        if isinstance(action, argparse._SubParsersAction)
        for name, child in action.choices.items()
    }


def command_parsers(
    parser: argparse.ArgumentParser, above: tuple[str, ...] = ()
) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    """Yield 'documents show' and its parser for every command that can be run or that has ones below it."""
    for name, child in children(parser).items():
        yield " ".join([*above, name]), child
        yield from command_parsers(child, (*above, name))


def commands_in(text: str) -> Iterator[list[str]]:
    """Yield the words of every `kotae …` and `./x …` in the shell blocks and between backticks."""
    lines = [line.strip() for body in fenced(text, "sh") for line in body.splitlines()]
    for line in [*lines, *INLINE.findall(prose(text))]:
        if not re.match(r"(?:[A-Z_]+=\S* )*(?:kotae|\./x)(?: |$)", line):
            continue
        words = shlex.split(line, comments=True)
        while ASSIGNMENT.fullmatch(words[0]):
            words = words[1:]
        yield words[:-1] if words[-1] == "…" else words


def command_problem(words: list[str]) -> str | None:
    """What is wrong with one command; None when nothing is. A bare `kotae NAME` only names a command."""
    arguments = words[1:]
    if words[0] == "./x":
        if arguments and arguments[0] != "help" and f"\njob_{arguments[0]}() {{" not in read("x"):
            return f"{' '.join(words)}: no such job"
        if not arguments or arguments[0] not in ("kotae", "run"):
            return None
        # `./x run` takes the common options of kotae and those of the page, with which it ends.
        arguments = [*(["ui"] if arguments[0] == "run" else []), *arguments[1:]]
    if not arguments or " ".join(arguments) in dict(command_parsers(build_parser())):
        return None
    try:
        build_parser().parse_args(arguments)
    except SystemExit:
        return f"{' '.join(words)}: not understood"
    return None


def command_problems(text: str) -> list[str]:
    return [problem for words in commands_in(text) if (problem := command_problem(words))]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_command_that_a_document_shows_is_understood(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert command_problems(read(name)) == [], capsys.readouterr().err


def test_the_readmes_show_commands() -> None:
    assert len(list(commands_in(read("README.md")))) >= 10
    assert len(list(commands_in(read("README.ja.md")))) >= 30


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("`kotae fly`", "kotae fly: not understood"),
        ("```sh\nkotae ask 日当は --tone polite\n```", "kotae ask 日当は --tone polite: not understood"),
        ("```sh\nKOTAE_HOME=a kotae documents show  # no id\n```", None),
        ("```sh\n./x fly\n```", "./x fly: no such job"),
        ("`./x kotae search 宿泊税 --top zero`", "./x kotae search 宿泊税 --top zero: not understood"),
        ("`./x run --house a`", "./x run --house a: not understood"),
        ("`kotae ask 日当は --as-of 令和8年` and `./x bench retrieval --data DIR` and `./x help`", None),
    ],
)
def test_a_command_that_does_not_exist_is_named(text: str, problem: str | None) -> None:
    assert command_problems(text) == ([problem] if problem else [])


def undescribed(parser: argparse.ArgumentParser, text: str) -> list[str]:
    """Name the commands without an example, and the options that are not mentioned."""
    shown = [" ".join(words[1:]) for words in commands_in(text) if words[0] != "./x"]
    shown += [
        " ".join(words[2:]) for words in commands_in(text) if words[:2] == ["./x", "kotae"]
    ]  # bench verify is none
    problems = []
    for name, child in command_parsers(parser):
        runs = child.get_default("run") is not None
        if runs and not any(line == name or line.startswith(f"{name} ") for line in shown):
            problems.append(f"kotae {name}: no example")
        options = {option for action in child._actions for option in action.option_strings if option.startswith("--")}
        problems += [
            f"kotae {name} {option}: not mentioned"
            for option in sorted(options - {"--help"})
            if not re.search(rf"{option}\b", text)
        ]
    return problems


def test_every_command_is_described_for_administrators() -> None:
    assert undescribed(build_parser(), read("README.ja.md")) == []


def test_every_job_of_x_is_described_for_administrators() -> None:
    jobs = [*re.findall(r"^job_(\w+)\(\)", read("x"), re.MULTILINE), "help"]
    assert len(jobs) >= 6
    assert [job for job in jobs if f"`./x {job}`" not in read("README.ja.md")] == []


def test_a_command_that_nobody_describes_is_named() -> None:
    text = read("README.ja.md").replace("kotae verify", "kotae doctor").replace("--dry-run", "")
    assert undescribed(build_parser(), text) == ["kotae ingest --dry-run: not mentioned", "kotae verify: no example"]


# --- settings and examples -------------------------------------------------------------------------


def settings_problems(text: str) -> list[str]:
    """Name the settings keys that do not exist: section.key, KOTAE_SECTION__KEY, and toml blocks as a whole."""
    keys = {
        f"{section}.{key}"
        for section, field in Settings.model_fields.items()
        for key in getattr(field.annotation, "model_fields", {})
    }
    variables = {f"KOTAE_{key.replace('.', '__').upper()}" for key in keys} | {"KOTAE_SECTION__KEY", "KOTAE_HOME"}
    words = INLINE.findall(prose(text))
    dotted = [word for word in words if re.fullmatch(r"[a-z_]+\.[a-z_]+", word) and not SUFFIX.search(word)]
    problems = [f"{word}: no such setting" for word in dotted if word not in keys]
    problems += [f"{word}: no such setting" for word in re.findall(r"KOTAE_[A-Z_]+", text) if word not in variables]
    for block in fenced(text, "toml"):
        try:
            Settings.model_validate(tomllib.loads(block))
        except (ValidationError, tomllib.TOMLDecodeError) as error:
            problems.append(str(error).replace("\n", " "))
    return problems


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_setting_that_a_document_names_exists(name: str) -> None:
    assert settings_problems(read(name)) == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("`chat.tone`", "chat.tone: no such setting"),
        ("`chta.model`", "chta.model: no such setting"),
        ("set KOTAE_CHAT__TONE", "KOTAE_CHAT__TONE: no such setting"),
        ('```toml\n[chat]\ntone = "polite"\n```', "Extra inputs are not permitted"),
    ],
)
def test_a_setting_that_does_not_exist_is_named(text: str, problem: str) -> None:
    assert settings_problems("`chat.model` KOTAE_CHAT__MODEL `labels.csv`\n```toml\n[chat]\n```") == []
    assert [problem in line for line in settings_problems(text)] == [True]


def example_problems(text: str, folder: Path) -> list[str]:
    """Name the example files that the product would refuse."""
    readers: dict[str, Callable[[Path], object]] = {
        "path,": lambda path: [
            row_labels(row, levels=dict(zip(LEVELS, LEVELS, strict=True))) for row in read_rows(path).values()
        ],
        "user,": lambda path: read_directory(path, levels=LEVELS),
    }
    problems = []
    for body in fenced(text, "csv"):
        file = folder / "example.csv"
        file.write_text(body, encoding="utf-8")
        reader = next((each for start, each in readers.items() if body.startswith(start)), None)
        try:
            if reader is None:
                problems.append(f"{body.splitlines()[0]}: neither labels.csv nor directory.csv")
            else:
                reader(file)
        except KotaeError as error:
            problems.append(str(error))
    for name, load in (("synonyms", load_synonyms), ("usual_names", load_usual_names)):
        for body in fenced(text, name):
            (folder / f"{name}.txt").write_text(body, encoding="utf-8")
            try:
                load(folder)
            except KotaeError as error:
                problems.append(str(error))
    return problems


def test_every_example_file_is_one_that_the_product_accepts(tmp_path: Path) -> None:
    text = read("README.ja.md")
    assert [len(fenced(text, language)) for language in ("csv", "synonyms", "usual_names")] == [2, 1, 1]
    assert example_problems(text, tmp_path) == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("```csv\npath,colour\na.txt,red\n```", "colour"),
        ("```csv\nuser,name,department,groups,max_level,role\na,b,c,,9,staff\n```", "max_level の「9」"),
        ("```csv\ncolour\n```", "neither labels.csv nor directory.csv"),
        ("```synonyms\n宿泊費 ホテル代\n```", "1行目を読めません"),
        ("```usual_names\n番号条例\n```", "1行目を読めません"),
    ],
)
def test_an_example_file_that_the_product_refuses_is_named(tmp_path: Path, text: str, problem: str) -> None:
    assert [problem in line for line in example_problems(text, tmp_path)] == [True]


# --- messages --------------------------------------------------------------------------------------


def unknown_messages(text: str, root: Path) -> list[str]:
    """Name the messages of the trouble table (「…」 in its first column) that nothing in the product says."""
    said = "\n".join(path.read_text(encoding="utf-8") for room in ROOMS for path in sorted((root / room).rglob("*.py")))
    said += (root / "x").read_text(encoding="utf-8")
    return [message for message in re.findall(r"^\| 「(.+?)」 \|", text, re.MULTILINE) if message not in said]


def test_every_message_that_is_explained_is_one_that_the_product_says() -> None:
    text = read("README.ja.md")
    assert len(re.findall(r"^\| 「", text, re.MULTILINE)) >= 15
    assert unknown_messages(text, ROOT) == []


def test_a_message_that_nothing_says_is_named(tmp_path: Path) -> None:
    (tmp_path / "ui").mkdir()
    (tmp_path / "ui/words.py").write_text('TOO_LONG = f"質問が長すぎます（{n}字）。"\n', encoding="utf-8")
    (tmp_path / "x").write_text("say 準備ができました。\n", encoding="utf-8")
    table = "| 「質問が長すぎます」 | a |\n| 「準備ができました」 | b |\n| 「お茶が冷めました」 | c |\n"
    assert unknown_messages(table, tmp_path) == ["お茶が冷めました"]


# --- decisions and versions ------------------------------------------------------------------------


def decision_problems(text: str) -> list[str]:
    """Name the decisions without a date, a part, or brevity."""
    problems = []
    for section in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        head, *lines = [line for line in section.splitlines() if line.strip()]
        if not re.match(r"\d{4}-\d{2}-\d{2} \S", head):
            problems.append(f"{head}: no date")
        parts = [line.partition(":")[0] for line in lines if line.startswith("- ")]
        if parts != ["- Context", "- Decision", "- Consequences"]:
            problems.append(f"{head}: not context, decision, consequences")
        if len(lines) > LONGEST_DECISION:
            problems.append(f"{head}: {len(lines)} lines")
    return problems


def test_every_decision_is_dated_short_and_whole() -> None:
    text = read("ARCHITECTURE.md")
    assert len(re.findall(r"^## ", text, re.MULTILINE)) >= 20
    assert decision_problems(text) == []


@pytest.mark.parametrize(
    ("head", "body", "problem"),
    [
        ("Blue", "- Context: a\n- Decision: b\n- Consequences: c\n", "Blue: no date"),
        ("2026-11-23 Blue", "- Decision: b\n", "2026-11-23 Blue: not context, decision, consequences"),
        (
            "2026-11-23 Blue",
            "- Context: a\n- Decision: b\n- Consequences: c\n" + "  d\n" * 8,
            "2026-11-23 Blue: 11 lines",
        ),
    ],
)
def test_a_decision_that_is_not_is_named(head: str, body: str, problem: str) -> None:
    assert decision_problems(f"# A\n\n## {head}\n{body}") == [problem]


def test_the_changelog_has_the_version_of_the_product() -> None:
    version = tomllib.loads(read("pyproject.toml"))["project"]["version"]
    assert "## [Unreleased]" in read("CHANGELOG.md")
    assert re.search(rf"^## \[{re.escape(version)}\] - \d{{4}}-\d{{2}}-\d{{2}}$", read("CHANGELOG.md"), re.MULTILINE)
