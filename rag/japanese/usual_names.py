"""What people call a rule instead of its title (通称): マイナンバー法, 自治法, 旅費条例."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from rag.errors import SettingsError
from rag.japanese.text import normalise

__all__ = ["FILE_NAME", "UsualNames", "load_usual_names"]

PACKAGED = Path(__file__).with_name("usual_names.txt")
FILE_NAME = "usual_names.txt"
"""An office's own file in its home, read beside the packaged one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UsualNames:
    """Usual names with the titles that they stand for."""

    titles: Mapping[str, str]
    """Folded usual name → title."""

    def title(self, name: str) -> str:
        """Return the title that a usual name stands for; any other name as it is."""
        return self.titles.get(fold_name(name), name)


def fold_name(name: str) -> str:
    """Return a name as it is compared: width, case and white space aside."""
    return "".join(normalise(name).split())


def load_usual_names(home: Path) -> UsualNames:
    """Return the packaged names with those of the home, which win; raises SettingsError naming the line."""
    own = home / FILE_NAME
    return UsualNames(titles=dict(entry for path in (PACKAGED, own) if path.is_file() for entry in _entries(path)))


def _entries(path: Path) -> Iterator[tuple[str, str]]:
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: 通称のファイルを読めません。UTF-8で保存し直してください。") from error
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        title, separator, names = line.partition(" = ")
        if not separator or not title.strip() or not names.strip():
            raise SettingsError(f"{path}: {number}行目を読めません。「正式な題名 = 通称 | 通称」の形にしてください。")
        for name in names.split(" | "):
            if folded := fold_name(name):
                yield folded, title.strip()
