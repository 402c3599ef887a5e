"""The options of ``fromlint check``, once: for click, which explains them and says what is wrong, and for ``plain``,
which reads a command line that is in order without the 30 ms that importing click takes.
"""

from __future__ import annotations

from enum import Enum

from fromlint.named_tuple import NamedTuple


class Kind(Enum):
    """What an option takes: nothing, a word, a file or a folder (which may not be there), or a number from 1."""

    FLAG = "flag"
    TEXT = "text"
    FILE = "file"
    FOLDER = "folder"
    NUMBER = "number"


class Option(NamedTuple):
    """An option. ``parameter`` is its name in code, by default its first spelling's.

    ``many``: it may be given again, and all words count. ``setting``: it overrides a setting of that name, so that a
    flag which is not given is None. ``choices`` are the only words that it takes.
    """

    spellings: tuple[str, ...]
    help: str
    kind: Kind = Kind.TEXT
    metavar: str | None = None
    many: bool = False
    choices: tuple[str, ...] = ()
    parameter: str = ""
    setting: bool = True
    hidden: bool = False

    @property
    def name(self) -> str:
        return self.parameter or self.spellings[0].removeprefix("--").replace("-", "_")

    @property
    def absent(self) -> object:
        """The value where the option is not given."""
        if self.many:
            return ()
        return False if self.kind is Kind.FLAG and not self.setting else None


class BadOption(Exception):
    """An option's value is of the wrong form (``option`` names it), or options do not go together (it is None)."""

    def __init__(self, message: str, option: str | None = None) -> None:
        super().__init__(message)
        self.option = option


CHECK = (
    Option(
        ("--format",),
        "text, concise, json, sarif, github, gitlab, junit, checkstyle, rdjson or markdown; repeatable.",
        metavar="NAME[=FILE]",
        many=True,
        parameter="forms",
    ),
    Option(("--output",), "Write the (single) report to a file.", metavar="FILE"),
    Option(
        ("--select",),
        "Only these rules: codes, beginnings (FL2) or names, comma-separated.",
        metavar="CODES",
        many=True,
    ),
    Option(("--ignore",), "Not these rules.", metavar="CODES", many=True),
    Option(
        ("--fail-on",),
        "Least severity that makes the exit code 1. [default: warning]",
        choices=("error", "warning", "info", "never"),
    ),
    Option(("--fix",), "Make the safe fixes.", Kind.FLAG, setting=False),
    Option(("--unsafe-fixes",), "Make also those that change FROM or a requirement.", Kind.FLAG, setting=False),
    Option(("--diff",), "Show what the fixes would change, and write nothing.", Kind.FLAG, setting=False),
    Option(("--strict",), "What could not be checked is an error.", Kind.FLAG),
    Option(
        ("--platform",), "Judge for this platform; repeatable. [default: linux/amd64]", metavar="OS/ARCH", many=True
    ),
    Option(("--build-arg",), "The value of an ARG; repeatable.", metavar="K=V", many=True),
    Option(("--target",), "The stage that is built. [default: the last]", metavar="STAGE"),
    Option(("--context",), "The build context.", Kind.FOLDER, "DIR"),
    Option(
        ("--requirements",), "What is installed, where the Dockerfile does not say.", metavar="FILE", many=True
    ),
    Option(("--offline",), "Ask no index: the cache and the bundled snapshot only.", Kind.FLAG),
    Option(("--index-url",), "The package index, in place of the public one.", metavar="URL"),
    Option(
        ("--index-allow",),
        "Ask only indexes that fit this host or URL (* for any letters), whatever the project says; repeatable.",
        metavar="PATTERN",
        many=True,
    ),
    Option(("--config",), "This settings file instead of the nearest.", Kind.FILE, "FILE"),
    Option(("--inspect",), "Look at unknown base images, in Docker or Podman or their registries.", Kind.FLAG),
    Option(("--as-of",), "Resolve floating tags as of this day (YYYY-MM-DD).", metavar="DATE"),
    Option(("--stdin-filename",), "The path of what is read from stdin (PATH is -).", metavar="PATH"),
    Option(("--baseline",), "Report only what this file does not list.", Kind.FILE, "FILE"),
    Option(
        ("--update-baseline",),
        "Record today's findings in the baseline, and report none.",
        Kind.FLAG,
        setting=False,
    ),
    Option(("--since",), "Report only what is worse now than at this git revision.", metavar="REF"),
    Option(("--exit-zero",), "Exit code 0 in spite of findings.", Kind.FLAG),
    Option(
        ("--quiet", "-q"), "Print findings only, no summary and nothing on stderr.", Kind.FLAG, setting=False
    ),
    Option(("--verbose", "-v"), "Also print the verdict of every requirement.", Kind.FLAG, setting=False),
    Option(
        ("--show-files",),
        "Also print how each stage and requirements file was resolved.",
        Kind.FLAG,
        setting=False,
    ),
    Option(("--statistics",), "Also count the findings by rule.", Kind.FLAG, setting=False),
    Option(
        ("--jobs",),
        "How many processes share many Dockerfiles. [default: as many as pay, up to one a CPU]",
        Kind.NUMBER,
        "N",
    ),
    Option(
        ("--hook",),
        "Paths come from a commit hook: check the Dockerfiles they belong to.",
        Kind.FLAG,
        setting=False,
        hidden=True,
    ),
)  # fmt: skip
