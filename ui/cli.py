"""`kotae`: the command line, the stable face of the product."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from rag.errors import KotaeError
from rag.wiring import home_path
from ui.commands import answers, ask, doctor, documents, draft, evaluate, ingest, page, search, verify
from ui.output import DONE, FAILED, WRONG_USAGE, Output, keep_traceback
from ui.words import cli as words
from ui.words import usage

COMMANDS = (ingest, documents, search, ask, answers, draft, verify, evaluate, page, doctor)
INTERRUPTED = 130


class _Formatter(argparse.HelpFormatter):
    """Heads the usage in Japanese."""

    def add_usage(self, text: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        """Add the usage under our own prefix."""
        super().add_usage(text, actions, groups, prefix=usage.USAGE if prefix is None else prefix)


class _Parser(argparse.ArgumentParser):
    """Speaks Japanese: in its help, and in one line on what is wrong with the arguments."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings, add_help=False, formatter_class=_Formatter)
        self._positionals.title, self._optionals.title = usage.ARGUMENTS, usage.OPTIONS
        self.add_argument("-h", "--help", action="help", help=usage.HELP)

    def error(self, message: str) -> NoReturn:
        """Exit with WRONG_USAGE."""
        print(usage.wrong_usage(self.prog, message), file=sys.stderr)
        sys.exit(WRONG_USAGE)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    given = build_parser().parse_args(arguments)
    home = home_path(given.home)
    try:
        status: int = given.run(given, home, Output(as_json=given.json))
        sys.stdout.flush()
    except KotaeError as error:
        print(words.error(str(error)), file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print(words.INTERRUPTED, file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # the reader of the output (head, less) has gone: nothing is left to say
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except Exception as error:  # noqa: BLE001 - the last resort: a person gets a line, the developer the traceback
        print(words.unexpected(type(error).__name__, keep_traceback(home, error)), file=sys.stderr)
        return FAILED
    return status


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of all commands; the global options stand before or after the command."""
    parser = _Parser(prog="kotae", description=words.DESCRIPTION)
    _add_globals(parser, default=None, flag=False)
    after = argparse.ArgumentParser(add_help=False)
    _add_globals(after, default=argparse.SUPPRESS, flag=argparse.SUPPRESS)
    commands = parser.add_subparsers(title=words.COMMANDS, required=True, metavar="COMMAND", parser_class=_Parser)
    for command in COMMANDS:
        command.add(commands, after)
    return parser


def _add_globals(parser: argparse.ArgumentParser, *, default: object, flag: object) -> None:
    parser.add_argument("--home", metavar="DIR", default=default, help=words.HOME)
    parser.add_argument("--as", dest="user", metavar="USER", default=default, help=words.AS_USER)
    parser.add_argument("--json", action="store_true", default=flag, help=words.JSON)


if __name__ == "__main__":
    sys.exit(main())
