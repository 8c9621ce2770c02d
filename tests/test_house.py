"""The house rules that no linter checks: prompts, settings, errors, licences and what may stand in a committed file."""

from __future__ import annotations

import ast
import inspect
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterable
from pathlib import Path
from types import ModuleType

import pytest
from pydantic import BaseModel

import rag.errors
from rag.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("rag", "ingest", "eval", "ui")
MIB = 1024 * 1024
JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龠]")
# Written so that this file does not match itself.
REGISTRY = re.compile(r"files\.pythonhost[e]d|pypi\.o[r]g|registry\.npm[j]s|deb\.debia[n]\.org|registry\.yarnpk[g]")
MACHINE_PATH = re.compile(r"(?:^|[^\w.])/(?:work|farm|tmp/lab|tmp/w|opt/wheels|opt/pypi)\b")


def code_files(root: Path) -> list[Path]:
    return [path for room in ROOMS for path in sorted((root / room).rglob("*.py"))]


def literals(root: Path) -> set[str]:
    """Every string that the code of the rooms contains, docstrings aside."""
    found: set[str] = set()
    for path in code_files(root):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.add(node.value)
    return found


# --- prompts ---------------------------------------------------------------------------------------


def prompt_problems(root: Path) -> list[str]:
    """Name the prompts that no code loads, that the README forgets, or that only the README knows."""
    names = {path.stem for path in (root / "prompts").glob("*.md")} - {"README"}
    described = set(
        re.findall(r"^\| `?(\w+)\.md`? \|", (root / "prompts/README.md").read_text(encoding="utf-8"), re.MULTILINE)
    )
    used = literals(root)
    problems = [f"{name}.md: no code loads it" for name in sorted(names - used)]
    problems += [f"{name}.md: prompts/README.md does not describe it" for name in sorted(names - described)]
    return problems + [f"{name}.md: described, but not there" for name in sorted(described - names)]


def test_every_prompt_is_used_and_described() -> None:
    assert prompt_problems(ROOT) == []


@pytest.mark.parametrize(
    ("code", "readme", "problem"),
    [
        ("", "| role.md | 役割 |", "role.md: no code loads it"),
        ('fill("role")', "| rules.md | 規則 |", "role.md: prompts/README.md does not describe it"),
        ('fill("role")', "| role.md | 役割 |\n| rules.md | 規則 |", "rules.md: described, but not there"),
    ],
)
def test_a_forgotten_prompt_is_named(tmp_path: Path, code: str, readme: str, problem: str) -> None:
    write(tmp_path, {"rag/a.py": code, "prompts/role.md": "あなたは職員です。", "prompts/README.md": readme})
    assert problem in prompt_problems(tmp_path)


# --- settings --------------------------------------------------------------------------------------


def setting_names(model: type[BaseModel], prefix: str = "") -> set[str]:
    names: set[str] = set()
    for name, field in model.model_fields.items():
        if inspect.isclass(field.annotation) and issubclass(field.annotation, BaseModel):
            names |= setting_names(field.annotation, f"{prefix}{name}.")
        else:
            names.add(prefix + name)
    return names


def setting_problems(text: str, model: type[BaseModel]) -> list[str]:
    """Name the keys without a Japanese comment above them, and those that file and Settings do not share."""
    table = tomllib.loads(text)
    written = {f"{section}.{key}" for section, keys in table.items() for key in keys}
    problems = [f"{name}: not in settings.toml" for name in sorted(setting_names(model) - written)]
    problems += [f"{name}: not in Settings" for name in sorted(written - setting_names(model))]
    section, comment = "", ""
    for line in text.splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif re.match(r"\w+ *=", line) and not JAPANESE.search(comment):
            problems.append(f"{section}.{line.split('=')[0].strip()}: no Japanese comment above it")
        comment = line if line.startswith("#") else ""
    return problems


def test_every_setting_is_documented_and_known() -> None:
    assert setting_problems((ROOT / "settings.toml").read_text(encoding="utf-8"), Settings) == []


def test_the_written_defaults_are_the_defaults_of_the_code() -> None:
    written = Settings.model_validate(tomllib.loads((ROOT / "settings.toml").read_text(encoding="utf-8")))
    assert written == Settings()


class _Chat(BaseModel):
    model: str = ""


class _Example(BaseModel):
    chat: _Chat = _Chat()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[chat]\n# 回答を書くモデルです。\n", "chat.model: not in settings.toml"),
        ("[chat]\n# 回答を書くモデルです。\nmodel = ''\n# 秒数です。\nseconds = 1\n", "chat.seconds: not in Settings"),
        ("[chat]\nmodel = ''\n", "chat.model: no Japanese comment above it"),
        ("[chat]\n# the model\nmodel = ''\n", "chat.model: no Japanese comment above it"),
    ],
)
def test_a_setting_that_is_undocumented_or_unknown_is_named(text: str, problem: str) -> None:
    assert setting_problems(text, _Example) == [problem]


# --- errors ----------------------------------------------------------------------------------------


def error_problems(module: ModuleType) -> list[str]:
    """Compare the error classes with the tree drawn in the module's docstring."""
    drawn: dict[str, str] = {}
    above: list[tuple[int, str]] = []
    for match in re.finditer(r"^([ │├└─]*)(\w+Error)\b", module.__doc__ or "", re.MULTILINE):
        depth = len(match[1])
        above = [(column, name) for column, name in above if column < depth]
        drawn[match[2]] = above[-1][1] if above else "Exception"
        above.append((depth, match[2]))
    defined = {
        name: item.__bases__[0].__name__
        for name, item in vars(module).items()
        if inspect.isclass(item) and issubclass(item, Exception) and item.__module__ == module.__name__
    }
    problems = [f"{name}: not drawn in the docstring" for name in sorted(defined.keys() - drawn.keys())]
    problems += [f"{name}: drawn, but not defined" for name in sorted(drawn.keys() - defined.keys())]
    wrong = [name for name in sorted(defined.keys() & drawn.keys()) if defined[name] != drawn[name]]
    return problems + [f"{name}: drawn under {drawn[name]}, defined under {defined[name]}" for name in wrong]


def test_every_error_stands_in_the_drawn_tree() -> None:
    assert error_problems(rag.errors) == []


@pytest.mark.parametrize(
    ("drawing", "problem"),
    [
        ("RootError\n└── LeafError", "OtherError: not drawn in the docstring"),
        ("RootError\n├── LeafError\n├── OtherError\n└── LostError", "LostError: drawn, but not defined"),
        ("RootError\n├── OtherError\n│   └── LeafError", "LeafError: drawn under OtherError, defined under RootError"),
    ],
)
def test_an_error_that_is_drawn_wrongly_is_named(drawing: str, problem: str) -> None:
    module = ModuleType("example", drawing)
    code = "class RootError(Exception): ...\nclass LeafError(RootError): ...\nclass OtherError(RootError): ...\n"
    exec(code, vars(module))
    assert error_problems(module) == [problem]


# --- modules ---------------------------------------------------------------------------------------


def silent_modules(root: Path) -> list[str]:
    """Name the modules that do not say in a docstring what their job is."""
    return [
        str(path.relative_to(root))
        for path in code_files(root)
        if path.name != "__init__.py" and ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) is None
    ]


def test_every_module_says_what_its_job_is() -> None:
    assert silent_modules(ROOT) == []


def test_a_silent_module_is_named(tmp_path: Path) -> None:
    write(tmp_path, {"rag/loud.py": '"""The nouns."""\n', "rag/silent.py": "x = 1\n"})
    assert silent_modules(tmp_path) == ["rag/silent.py"]


# --- committed files -------------------------------------------------------------------------------


def committed_files(root: Path) -> list[Path]:
    """What git holds or would take in."""
    command = ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=root, capture_output=True, check=True).stdout.decode().split("\0")
    return [root / name for name in listed if name and (root / name).is_file()]


def file_problems(root: Path, files: Iterable[Path]) -> list[str]:
    """Name what does not belong into the repository: registry hosts, paths of one machine, large files."""
    problems = []
    for path in files:
        name, body = path.relative_to(root), path.read_bytes()
        if len(body) > 2 * MIB:
            problems.append(f"{name}: {len(body) / MIB:.1f} MiB, more than 2")
        text = body.decode("utf-8", "replace")
        problems += [f"{name}: names a package registry: {found[0]}" for found in REGISTRY.finditer(text)]
        problems += [f"{name}: names a path of one machine: {found[0]}" for found in MACHINE_PATH.finditer(text)]
    return problems


def test_no_committed_file_names_a_registry_or_a_machine_or_is_large() -> None:
    files = committed_files(ROOT)
    assert ROOT / "pyproject.toml" in files
    assert file_problems(ROOT, files) == []


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("index = 'https://pypi" + ".org/simple'", "names a package registry"),
        ("data = '/" + "work/shared'", "names a path of one machine"),
        ("x" * (2 * MIB + 1), "MiB, more than 2"),
    ],
)
def test_a_file_that_does_not_belong_is_named(tmp_path: Path, body: str, problem: str) -> None:
    write(tmp_path, {"a.txt": body})
    assert [problem in line for line in file_problems(tmp_path, [tmp_path / "a.txt"])] == [True]


# --- requirements ----------------------------------------------------------------------------------


def named_packages(file: Path) -> set[str]:
    """The packages that a requirements file asks for, without versions, extras and hashes."""
    found = re.findall(r"^([A-Za-z0-9][\w.-]*)", file.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[-_.]+", "-", name).lower() for name in found}


def pins(file: Path) -> set[str]:
    return set(re.findall(r"^([a-z0-9][^ ;\\]*==[^ ;\\]+)", file.read_text(encoding="utf-8"), re.MULTILINE))


def unlicensed_packages(root: Path) -> list[str]:
    """Name the packages asked for without a line in THIRD_PARTY.md."""
    lines = re.findall(r"^\| ([\w.-]+) \| [^|\s]", (root / "THIRD_PARTY.md").read_text(encoding="utf-8"), re.MULTILINE)
    known = {re.sub(r"[-_.]+", "-", name).lower() for name in lines}
    asked = set[str]().union(*(named_packages(file) for file in sorted((root / "requirements").glob("*.in"))))
    asked |= named_packages(root / "requirements/uv.txt") | named_packages(root / "requirements/vectors.txt")
    return sorted(asked - known)


def test_the_licence_of_every_package_asked_for_is_written_down() -> None:
    assert unlicensed_packages(ROOT) == []


def test_a_package_without_its_licence_is_named(tmp_path: Path) -> None:
    files = {
        "run.in": "openai==3.54.0\nlxml\n",
        "dev.in": "-r run.in\npytest\n",
        "uv.txt": "uv==1 \\\n",
        "vectors.txt": "",
    }
    write(tmp_path, {f"requirements/{name}": text for name, text in files.items()})
    write(tmp_path, {"THIRD_PARTY.md": "| openai | Apache-2.0 |\n| uv | MIT |\n| pytest | |\n"})
    assert unlicensed_packages(tmp_path) == ["lxml", "pytest"]


def test_the_command_that_lists_every_licence_works() -> None:
    [program] = re.findall(
        r"^\.venv/bin/python -c '\n(.+?)'$", (ROOT / "THIRD_PARTY.md").read_text("utf-8"), re.M | re.S
    )
    listed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert re.search(r"^openai\t[\d.]+\tApache-2\.0$", listed, re.MULTILINE)


def test_an_environment_for_the_tests_holds_every_pin_of_the_product() -> None:
    run, dev = pins(ROOT / "requirements/run.txt"), pins(ROOT / "requirements/dev.txt")
    assert len(run) > 50
    assert run - dev == set()


def unhashed_pins(file: Path) -> list[str]:
    """Name the pinned packages without a hash."""
    text = re.sub(r"^ *#.*\n", "", file.read_text(encoding="utf-8"), flags=re.MULTILINE)
    blocks = re.split(r"\n(?=[a-z0-9])", text)
    return [block.split()[0] for block in blocks if "==" in block and "--hash=sha256:" not in block]


@pytest.mark.parametrize("name", ["run", "dev", "bench", "uv", "vectors"])
def test_every_pinned_package_has_a_hash(name: str) -> None:
    assert unhashed_pins(ROOT / f"requirements/{name}.txt") == []


def test_a_pin_without_a_hash_is_named(tmp_path: Path) -> None:
    write(tmp_path, {"a.txt": "lxml==6.0 \\\n    --hash=sha256:00\nopenai==3.54.0\n"})
    assert unhashed_pins(tmp_path / "a.txt") == ["openai==3.54.0"]


# --- the wheel -------------------------------------------------------------------------------------


def test_the_wheel_holds_the_product_and_no_tests(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    [wheel] = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    wanted = {"settings.toml", "prompts/README.md", "rag/settings.py", "ingest/samples/mihon/labels.csv"}
    assert wanted <= names
    assert [name for name in names if name.startswith("tests/")] == []


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
