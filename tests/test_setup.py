"""./x: from a clone to a running product, and in words what is missing when that cannot be.

Python, pip and uv are stand-ins on PATH that note how they were called; everything else is the machine's.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
JOBS = ("run", "kotae", "test", "bench", "kill", "screenshots", "system", "help")
JAPANESE = re.compile(r"[ぁ-ん]")

# `-m venv` copies the stand-in into the environment, so it also plays .venv/bin/python.
PYTHON = r"""#!/bin/sh
here=$(dirname "$0")
case "$*" in
    -V) echo "Python 3.11.9"; exit ;;
    '-c '*sys.version_info*) exit "${OLD_PYTHON-0}" ;;
    '-c import ensurepip'*) exit "${NO_ENSUREPIP-0}" ;;
    '-c '*) exit ;;
    '-m pip config list') cat "$PIP_SETTINGS" 2>/dev/null; exit ;;
esac
echo "python $*" >>"$CALLS"
case "$*" in
    '-m venv '*) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
    '-m pip install '*) cp "$STUBS/uv-to-install" "$here/uv" ;;
esac
"""
UV = r"""#!/bin/sh
echo "uv $*" >>"$CALLS"
env | grep -E '^(UV_|SSL_|ALL_PROXY|PYTHONPATH|PIP_TARGET)' | sort >"$CALLS.env"
[ -z "${UV_SECONDS-}" ] || sleep "$UV_SECONDS"
[ -z "${UV_FAILS-}" ] || { echo "connection refused" >&2; exit 2; }
cp "$STUBS/kotae-to-install" "$(dirname "$0")/kotae"
"""
KOTAE = r"""#!/bin/sh
echo "kotae $*" >>"$CALLS"
case "$*" in
    *documents*) echo "${DOCUMENTS-[]}" ;;
    *ingest*) exit "${INGEST_STATUS-0}" ;;
    *ask*) echo "1キロメートルにつき25円です。" ;;
esac
"""


class Clone:
    """A copy of the files that setup needs, with stand-ins first on PATH."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "みほん県 こたえ"  # a folder's name may hold anything
        self.stubs = folder / "stubs"
        self.calls_file = folder / "calls"
        (self.root / "requirements").mkdir(parents=True)
        self.stubs.mkdir()
        for name in ("x", "pyproject.toml", "requirements/run.txt", "requirements/dev.txt", "requirements/bench.txt"):
            shutil.copy(ROOT / name, self.root / name)
        for name in ("uv", "vectors"):
            shutil.copy(ROOT / f"requirements/{name}.txt", self.root / "requirements")
        for name in ("python3.11", "python3"):
            self.stub(name, PYTHON)
        self.stub("uv-to-install", UV)
        self.stub("kotae-to-install", KOTAE)
        self.stub("dpkg-query", "#!/bin/sh\necho installed\n")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "UV_", "SSL_"))}
        self.environment = kept | {
            "PATH": f"{self.stubs}:/usr/bin:/bin",
            "STUBS": str(self.stubs),
            "CALLS": str(self.calls_file),
            "PIP_SETTINGS": str(folder / "pip-settings"),
        }

    def stub(self, name: str, script: str) -> None:
        path = self.stubs / name
        path.write_text(script, encoding="utf-8")
        path.chmod(0o755)

    def start(self, *words: str, user: str | None = None, **environment: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            ["/bin/sh", str(self.root / "x"), *words],
            cwd=self.root,
            env=self.environment | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            user=user,
            start_new_session=True,
        )

    def x(self, *words: str, user: str | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
        process = self.start(*words, user=user, **environment)
        out, err = process.communicate(timeout=60)
        return subprocess.CompletedProcess(words, process.returncode, out, err)

    def calls(self, start: str = "") -> list[str]:
        """The calls noted so far, oldest first."""
        if not self.calls_file.exists():
            return []
        return [line for line in self.calls_file.read_text(encoding="utf-8").splitlines() if line.startswith(start)]

    def uv_environment(self) -> dict[str, str]:
        """What uv saw when it was last called."""
        lines = Path(f"{self.calls_file}.env").read_text(encoding="utf-8").splitlines()
        return dict(line.split("=", 1) for line in lines)


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    return Clone(tmp_path)


# --- what ./x says ---------------------------------------------------------------------------------


@pytest.mark.parametrize("shell", [["sh"], ["dash"], ["bash", "--posix"]])
def test_x_is_plain_posix_shell(shell: list[str]) -> None:
    subprocess.run([*shell, "-n", str(ROOT / "x")], check=True)
    assert (ROOT / "x").read_text(encoding="utf-8").startswith("#!/bin/sh\n")
    assert (ROOT / "x").stat().st_mode & stat.S_IXUSR


def test_ci_calls_the_tests_and_nothing_else() -> None:
    lines = (ROOT / ".ci/run").read_text(encoding="utf-8").splitlines()
    assert lines == ["#!/usr/bin/env bash", 'exec "$(dirname "$0")/../x" test']
    assert (ROOT / ".ci/run").stat().st_mode & stat.S_IXUSR


@pytest.mark.parametrize("words", [(), ("help",), ("--help",)])
def test_help_names_every_job(clone: Clone, words: tuple[str, ...]) -> None:
    result = clone.x(*words)
    assert result.returncode == 0
    assert set(re.findall(r"^  (\w+) +\S", result.stdout, re.MULTILINE)) == set(JOBS)
    assert clone.calls() == []


def test_an_unknown_job_is_wrong_usage(clone: Clone) -> None:
    result = clone.x("fly")
    assert result.returncode == 2
    assert result.stderr.startswith("fly という仕事はありません。")
    assert len(result.stderr.splitlines()) == 1


# --- setup -----------------------------------------------------------------------------------------


def test_the_first_start_makes_the_environment_and_the_second_only_runs(clone: Clone) -> None:
    first = clone.x("kotae", "ask", "日当は いくらですか")
    assert first.returncode == 0, first.stderr
    assert "25円" in first.stdout
    assert [call.split()[0] for call in clone.calls()] == ["python", "python", "uv", "uv", "kotae"]
    assert clone.calls("uv")[0].split("--no-deps ")[1] == (
        "--require-hashes --no-build -r requirements/run.txt -r requirements/vectors.txt"
    )
    assert clone.calls("uv")[1].endswith("--no-index --editable .")
    second = clone.x("kotae", "ask", "日当は いくらですか")
    assert second.stderr == ""
    assert [call.split()[0] for call in clone.calls()[5:]] == ["kotae"]


@pytest.mark.parametrize(
    "changed", ["requirements/run.txt", "requirements/vectors.txt", "requirements/uv.txt", "pyproject.toml"]
)
def test_a_changed_requirement_is_installed_into_the_same_environment(clone: Clone, changed: str) -> None:
    clone.x("kotae")
    with (clone.root / changed).open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    result = clone.x("kotae")
    assert "足りない部品と、変わった部品を入れます。" in result.stderr
    assert len(clone.calls("python -m venv")) == 1
    assert len(clone.calls("uv")) == 4


def test_an_environment_that_was_moved_is_made_again(clone: Clone) -> None:
    clone.x("kotae")
    clone.root = clone.root.rename(clone.root.parent / "moved")
    assert clone.x("kotae").returncode == 0
    assert len(clone.calls("uv")) == 4


def test_an_environment_without_its_python_is_made_again(clone: Clone) -> None:
    clone.x("kotae")
    (clone.root / ".venv/bin/python").unlink()
    assert clone.x("kotae").returncode == 0
    assert len(clone.calls("python -m venv")) == 2


def test_a_setup_that_was_cut_short_starts_over(clone: Clone) -> None:
    process = clone.start("kotae", UV_SECONDS="30")
    wait_for(lambda: bool(clone.calls("uv")))
    os.killpg(process.pid, signal.SIGKILL)  # the machine went down
    process.communicate()
    (clone.root / ".venv/half-installed").touch()
    result = clone.x("kotae")
    assert result.returncode == 0, result.stderr
    assert not (clone.root / ".venv/half-installed").exists()
    assert clone.calls()[-1] == "kotae "


def test_an_interrupted_setup_says_that_it_can_be_done_again(clone: Clone) -> None:
    process = clone.start("kotae", UV_SECONDS="30")
    wait_for(lambda: bool(clone.calls("uv")))
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode in {130, -signal.SIGINT}
    assert err.splitlines()[-1].startswith("準備を中断しました。")


def test_two_at_once_set_up_once(clone: Clone) -> None:
    first = clone.start("kotae", UV_SECONDS="1")
    wait_for(lambda: bool(clone.calls("python -m venv")))
    second = clone.x("kotae")
    assert "ほかの ./x が準備をしています。終わるまで待ちます。" in second.stderr
    first.communicate(timeout=60)
    assert (first.returncode, second.returncode) == (0, 0)
    assert len(clone.calls("python -m venv")) == 1
    assert len(clone.calls("kotae")) == 2


def test_a_failing_step_says_what_failed_and_what_to_do(clone: Clone) -> None:
    result = clone.x("kotae", "doctor", UV_FAILS="1")
    assert result.returncode == 1
    assert "connection refused" in result.stderr
    last = result.stderr.splitlines()[-1]
    assert last.startswith("準備: 「部品を取得して入れる」で失敗しました。")
    assert "HTTPS_PROXY" in last
    assert "もう一度実行してください。" in last
    assert clone.calls("kotae") == []
    assert clone.x("kotae").returncode == 0


def test_python_without_venv_is_told_with_the_package_that_is_missing(clone: Clone) -> None:
    result = clone.x("run", NO_ENSUREPIP="1")
    assert result.returncode == 1
    assert "python3-venv" in result.stderr
    assert JAPANESE.search(result.stderr)
    assert not (clone.root / ".venv").exists()


def test_an_old_python_is_told(clone: Clone) -> None:
    for name in ("python3.12", "python3.13"):
        clone.stub(name, PYTHON)
    result = clone.x("run", OLD_PYTHON="1")
    assert result.returncode == 1
    assert result.stderr.startswith("Python: 3.11以上が見つかりません。")


@pytest.mark.parametrize("place", ["", ".venv", ".venv.lock"])
def test_a_place_that_is_not_ones_own_is_told(place: str) -> None:
    with tempfile.TemporaryDirectory() as folder:  # pytest's own folders are closed to others
        Path(folder).chmod(0o755)
        clone = Clone(Path(folder))
        clone.root.chmod(0o777)
        if place:
            (clone.root / place).mkdir()
        (clone.root / place).chmod(0o555)
        result = clone.x("run", user="nobody" if os.geteuid() == 0 else None)
        assert result.returncode == 1
        assert result.stderr.startswith(f"{clone.root / place}: 書き込めません。")
        assert clone.calls() == []


# --- the person's own network settings --------------------------------------------------------------


def test_the_settings_of_pip_reach_uv(clone: Clone, tmp_path: Path) -> None:
    (tmp_path / "wheels").mkdir()
    (tmp_path / "pip-settings").write_text(
        "global.index-url='http://first.invalid/simple'\n"
        "global.timeout='90'\n"
        f"global.find-links='{tmp_path}/wheels {tmp_path}/gone'\n"
        "install.index-url='http://second.invalid/simple'\n"
        r"global.extra-index-url='\nhttp://third.invalid/simple\nhttp://fourth.invalid/simple'" + "\n"
        "global.trusted-host='third.invalid fourth.invalid'\n"
        ":env:.cert='/etc/ssl/office.pem'\n"
        "global.proxy='http://proxy.invalid:8080'\n",
        encoding="utf-8",
    )
    assert clone.x("kotae").returncode == 0
    assert clone.uv_environment() == {
        "ALL_PROXY": "http://proxy.invalid:8080",
        "SSL_CERT_FILE": "/etc/ssl/office.pem",
        "UV_DEFAULT_INDEX": "http://second.invalid/simple",
        "UV_FIND_LINKS": f"{tmp_path}/wheels",
        "UV_HTTP_TIMEOUT": "90",
        "UV_INDEX": " http://third.invalid/simple http://fourth.invalid/simple",
        "UV_INDEX_STRATEGY": "unsafe-best-match",
        "UV_INSECURE_HOST": "third.invalid fourth.invalid",
        "UV_NO_CONFIG": "1",
        "UV_SYSTEM_CERTS": "1",
    }


def test_pip_without_an_index_means_uv_without_an_index(clone: Clone, tmp_path: Path) -> None:
    (tmp_path / "pip-settings").write_text("global.no-index='true'\n", encoding="utf-8")
    clone.x("kotae")
    assert "--no-build --no-index -r" in clone.calls("uv")[0]


def test_what_is_set_for_uv_wins_over_what_is_set_for_pip(clone: Clone, tmp_path: Path) -> None:
    (tmp_path / "pip-settings").write_text("global.index-url='http://pip.invalid/simple'\n", encoding="utf-8")
    clone.x("kotae", UV_INDEX_URL="http://uv.invalid/simple")
    assert "UV_DEFAULT_INDEX" not in clone.uv_environment()


def test_settings_of_another_project_do_not_reach_into_the_environment(clone: Clone) -> None:
    clone.x("kotae", PYTHONPATH="/elsewhere", PIP_TARGET="/elsewhere", UV_EXCLUDE_NEWER="2020-01-01")
    assert clone.uv_environment().keys() == {"UV_INDEX_STRATEGY", "UV_NO_CONFIG", "UV_SYSTEM_CERTS"}


# --- the jobs --------------------------------------------------------------------------------------


def test_the_first_run_ingests_the_sample_and_proves_an_answer(clone: Clone) -> None:
    result = clone.x("run")
    assert result.returncode == 0, result.stderr
    ingest, ask, page = clone.calls("kotae")
    assert ingest == f"kotae ingest {clone.root}/ingest/samples/mihon"
    assert ask.startswith("kotae ask ")
    assert page == "kotae ui"
    assert "./x kotae ask" in result.stderr


def test_a_later_run_only_opens_the_page(clone: Clone) -> None:
    clone.x("run")
    clone.calls_file.unlink()
    clone.x("run")
    assert [call.split()[1] for call in clone.calls("kotae")] == ["ui"]


@pytest.mark.parametrize(
    ("documents", "words"), [("[]", ["--json", "ingest", "ask", "ui"]), ('[{"id": "d1"}]', ["--json", "ui"])]
)
def test_a_home_gets_the_sample_only_when_it_holds_no_documents(clone: Clone, documents: str, words: list[str]) -> None:
    (clone.root / ".kotae").mkdir()
    clone.x("run", DOCUMENTS=documents)
    assert [call.split()[1] for call in clone.calls("kotae")] == words


def test_a_run_goes_on_with_a_sample_that_was_cut_short(clone: Clone) -> None:
    assert clone.x("run", INGEST_STATUS="1").returncode == 1
    assert len(clone.calls("kotae")) == 1
    clone.x("run", DOCUMENTS='[{"id": "d1"}]')
    assert [call.split()[1] for call in clone.calls("kotae")] == ["ingest", "ingest", "ask", "ui"]


def test_a_run_with_files_set_aside_still_answers(clone: Clone) -> None:
    assert clone.x("run", INGEST_STATUS="3").returncode == 0
    assert len(clone.calls("kotae ask")) == 1


@pytest.mark.parametrize("words", [("--home", "置き 場所"), ("--home=置き 場所",)])
def test_a_run_takes_another_home(clone: Clone, words: tuple[str, ...]) -> None:
    clone.x("run", *words)
    assert (clone.root / "置き 場所").is_dir()
    assert not (clone.root / ".kotae").exists()
    assert [call.startswith("kotae --home") for call in clone.calls("kotae")] == [True, True, True]


@pytest.mark.parametrize("words", [("--port", "8600"), ("--port=8600",)])
def test_the_port_goes_to_the_page_alone(clone: Clone, words: tuple[str, ...]) -> None:
    clone.x("run", "--home", "a b", *words, "--json")
    ingest, ask, page = clone.calls("kotae")
    assert page == "kotae --home a b --json ui --port 8600"
    assert "--port" not in ingest + ask


def test_a_run_says_in_one_line_what_is_optional_and_missing(clone: Clone) -> None:
    clone.stub("dpkg-query", '#!/bin/sh\nfor last; do :; done\n[ "$last" = chromium ] || echo installed\n')
    lines = clone.x("run").stderr.splitlines()
    assert [line for line in lines if line.startswith("任意の機能")] == [
        "任意の機能: chromium が入っていません。できることと入れ方は ./x system で分かります。"
    ]


def test_a_bench_runs_the_evaluation_over_the_given_data(clone: Clone) -> None:
    assert clone.x("bench", "retrieval", "--data", "jsquad", "--top", "10").returncode == 0
    assert clone.calls("kotae") == ["kotae eval retrieval jsquad --top 10"]


def test_what_a_bench_compares_with_is_installed_once_and_apart(clone: Clone) -> None:
    for _ in range(2):
        assert clone.x("bench", "ingest", "--data", "規程集").returncode == 0
    apart = [call for call in clone.calls("uv") if "requirements/bench.txt" in call]
    assert len(apart) == 1
    assert "--require-hashes" in apart[0]
    assert "/.venv/bench" in apart[0]
    assert clone.calls("python -P") == ["python -P -m tests.bench.ingest --data 規程集"] * 2


def test_a_bench_that_cannot_install_what_it_compares_with_says_so(clone: Clone) -> None:
    clone.x("kill", "--help")
    result = clone.x("bench", "ingest", UV_FAILS="1")
    assert result.returncode == 1
    assert "比較に使う部品を取得して入れる" in result.stderr.splitlines()[-1]
    assert [call for call in clone.calls("python -P") if "ingest" in call] == []


def test_a_job_of_kills_takes_its_arguments(clone: Clone) -> None:
    assert clone.x("kill", "--rounds", "3").returncode == 0
    assert clone.calls("python -P") == ["python -P -m tests.bench.kills --rounds 3"]


def test_the_bench_of_structure_reads_a_folder_from_where_a_person_stands(clone: Clone) -> None:
    assert clone.x("bench", "structure", "--data", "例規", "--json").returncode == 0
    assert clone.calls("python -P") == ["python -P -m tests.bench.structure --data 例規 --json"]


@pytest.mark.parametrize("words", [(), ("retrieval",), ("retrieval", "--data"), ("flight", "--data", "jsquad")])
def test_a_bench_without_name_or_data_is_wrong_usage(clone: Clone, words: tuple[str, ...]) -> None:
    result = clone.x("bench", *words)
    assert result.returncode == 2
    assert "retrieval" in result.stderr
    assert clone.calls() == []


MISSING = "#!/bin/sh\nfor last; do :; done\ncase $last in chromium | postgresql) exit 1 ;; esac\necho installed\n"


def test_system_names_each_package_with_what_it_enables_and_the_command(clone: Clone) -> None:
    clone.stub("dpkg-query", MISSING)
    clone.stub("id", "#!/bin/sh\necho 1000\n")
    clone.stub("apt-get", '#!/bin/sh\necho "apt-get $*" >>"$CALLS"\n')
    result = clone.x("system")
    assert result.returncode == 0
    rows = [line.split(maxsplit=2) for line in result.stdout.splitlines()]
    assert {name for _, name, _ in rows} == {
        "tesseract-ocr-jpn",
        "tesseract-ocr-jpn-vert",
        "libreoffice-writer-nogui",
        "libreoffice-calc-nogui",
        "chromium",
        "fonts-noto-cjk",
        "postgresql",
        "nodejs",
        "npm",
    }
    assert all(JAPANESE.search(use) for _, _, use in rows)
    assert {name for mark, name, _ in rows if mark == "未導入"} == {"chromium", "postgresql"}
    assert result.stderr.endswith("sudo apt-get install -y --no-install-recommends chromium postgresql\n")
    assert clone.calls() == []


def test_system_installs_what_is_missing_as_root(clone: Clone) -> None:
    clone.stub("dpkg-query", MISSING)
    clone.stub("id", "#!/bin/sh\necho 0\n")
    clone.stub("apt-get", '#!/bin/sh\necho "apt-get $*" >>"$CALLS"\n')
    assert clone.x("system").returncode == 0
    assert clone.calls() == [
        "apt-get update -qq",
        "apt-get install -y -qq --no-install-recommends chromium postgresql",
    ]


def test_system_tells_when_installing_fails(clone: Clone) -> None:
    clone.stub("dpkg-query", MISSING)
    clone.stub("id", "#!/bin/sh\necho 0\n")
    clone.stub("apt-get", "#!/bin/sh\nexit 100\n")
    result = clone.x("system")
    assert result.returncode == 1
    assert result.stderr.startswith("Debianパッケージ: 入れられませんでした。")


# --- ./x test --------------------------------------------------------------------------------------

TOOL = r"""#!/bin/sh
echo "$(basename "$0") $*" >>"$CALLS"
case $(basename "$0") in
    "${BROKEN-}") echo "rag/domain.py:1: 誤り"; exit 1 ;;
    pytest) echo "===== 3 passed in 0.10s =====" ;;
esac
"""


@pytest.fixture
def checked(clone: Clone) -> Clone:
    """A clone whose environment gets stand-ins for the tools of the tests."""
    clone.stub("tool", TOOL)
    copies = "\n".join(
        f'cp "$STUBS/tool" "$(dirname "$0")/{name}"' for name in ("ruff", "mypy", "lint-imports", "pytest")
    )
    clone.stub("uv-to-install", UV + copies + "\n")
    return clone


def test_the_tests_are_every_check_and_end_with_the_line_of_pytest(checked: Clone) -> None:
    result = checked.x("test", "-k", "旅費")
    assert result.returncode == 0, result.stderr
    assert [call for call in checked.calls() if not call.startswith(("python", "uv"))] == [
        "ruff format --check .",
        "ruff check .",
        "mypy ",
        "lint-imports ",
        "pytest -n 2 -k 旅費",
    ]
    assert "-r requirements/dev.txt" in checked.calls("uv")[0]
    lines = result.stdout.splitlines()
    assert [line[0] for line in lines[:4]] == ["✓"] * 4
    assert lines[4:] == ["===== 3 passed in 0.10s ====="]


@pytest.mark.parametrize("tool", ["ruff", "mypy", "lint-imports", "pytest"])
def test_a_failing_check_is_shown_and_the_others_still_run(checked: Clone, tool: str) -> None:
    result = checked.x("test", BROKEN=tool)
    assert result.returncode == 1
    assert "rag/domain.py:1: 誤り" in result.stdout
    assert result.stderr.splitlines()[-1].startswith("通らなかった検査:")
    assert checked.calls("pytest")


def test_tests_without_their_debian_package_are_named_and_fail(checked: Clone) -> None:
    checked.stub("dpkg-query", MISSING)
    checked.stub("id", "#!/bin/sh\necho 1000\n")
    result = checked.x("test")
    assert result.returncode == 1
    assert checked.calls("pytest") == ["pytest -n 2 -m not needs_postgresql and not needs_chromium"]
    assert result.stderr.splitlines()[-1].startswith("動かさなかった試験: postgresql chromium を使うもの。")


def test_as_root_the_debian_packages_of_the_tests_are_installed(checked: Clone) -> None:
    installs = (
        '#!/bin/sh\necho "apt-get $*" >>"$CALLS"\n[ "$1" = update ] || cp "$STUBS/all-installed" "$STUBS/dpkg-query"\n'
    )
    checked.stub("all-installed", "#!/bin/sh\necho installed\n")
    checked.stub("dpkg-query", MISSING)
    checked.stub("id", "#!/bin/sh\necho 0\n")
    checked.stub("apt-get", installs)
    assert checked.x("test").returncode == 0
    assert checked.calls("apt-get")[1].endswith(" postgresql chromium")
    assert checked.calls("pytest") == ["pytest -n 2"]


def test_an_environment_for_the_tests_serves_the_product_too(checked: Clone) -> None:
    checked.x("test")
    assert checked.x("kotae").stderr == ""


def wait_for(condition: object) -> None:
    """Return when the condition holds; pytest's own time limit ends a wait in vain."""
    assert callable(condition)
    while not condition():
        time.sleep(0.02)
