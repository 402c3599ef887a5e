"""The cases: a folder each in cases/, with a Dockerfile, what it copies, and case.toml.

    says = "no wheel for Linux, and slim has neither compiler nor headers"
    run = "python -c 'import psycopg2'"   # what must work in the image
    quick = true                          # belongs to the quick selection
    error = "pg_config executable"        # the real cause (a regular expression) where the build or the run fails
    repository = "thing"                  # this folder becomes a git repository before the build
    cure = "before"                       # how what is missing is added: before the finding's line, at the "end", or "no"
    replace = {"FROM a" = "FROM b"}       # or: this text of the Dockerfile, and of what is run, becomes that one
    minimal = false                       # nothing is left out on trial: why is said beside it
    instead = {"RUN a" = "RUN b"}         # the real build takes b where a would fetch more than Debian and the index have
    fix = "safe"                          # --fix makes it build and run; or "unsafe": --unsafe-fixes does
    together = ["gcc", "libpq-dev"]       # what to add for all findings at once, where that is less than theirs
    missed = "why"                        # fromlint does not say it yet: the test of the verdict is to fail

    [[finding]]                           # every error that fromlint finds here, and what else is to be there
    code = "FL201"
    requirement = "psycopg2"
    line = 3
    missing = ["gcc", "libc6-dev", "libpq-dev"]
    severity = "error"                    # the default

A case without findings is good: it builds, runs, and fromlint finds no error in it.
"""

import functools
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent / "cases"
# Where what these miss is to be added; the others are cured by replacing text.
_BEFORE = frozenset({"FL201", "FL202", "FL203", "FL204", "FL206", "FL207"})
_AT_THE_END = frozenset({"FL301"})


class Expected(NamedTuple):
    code: str
    requirement: str | None = None
    line: int | None = None
    missing: tuple[str, ...] = ()
    severity: str = "error"


class Case(NamedTuple):
    """A Dockerfile, what is true of it, and what fromlint is to say of it."""

    name: str
    says: str
    run: str
    findings: tuple[Expected, ...] = ()
    error: str | None = None
    quick: bool = False
    repository: str | None = None
    replace: dict[str, str] = {}
    cure: str = ""
    minimal: bool = True
    instead: dict[str, str] = {}
    fix: str | None = None
    missed: str | None = None
    together: tuple[str, ...] = ()

    @property
    def dockerfile(self) -> str:
        return (FOLDER / self.name / "Dockerfile").read_text()

    @property
    def built(self) -> str:
        """The Dockerfile as the real build takes it."""
        return self._with(self.instead)

    def taken(self, dockerfile: str) -> str:
        """A Dockerfile that was made of the case's, as the real build takes it."""
        for old, new in self.instead.items():
            dockerfile = dockerfile.replace(old, new)
        return dockerfile

    def _with(self, changes: dict[str, str]) -> str:
        text = self.dockerfile
        for old, new in changes.items():
            assert old in text, f"{self.name}: {old!r} is not in the Dockerfile"
            text = text.replace(old, new)
        return text

    @property
    def cured_run(self) -> str:
        """What must work once what fromlint says was followed: a program may lie elsewhere then."""
        return functools.reduce(lambda text, change: text.replace(*change), self.replace.items(), self.run)

    @property
    def missing(self) -> tuple[str, ...]:
        """Everything that fromlint is to name, once each."""
        return self.together or tuple(dict.fromkeys(name for finding in self.findings for name in finding.missing))

    @property
    def curable(self) -> bool:
        """Whether what fromlint says can be followed here."""
        return bool(self.findings) and self.cure != "no"

    def cured(self, missing: tuple[str, ...]) -> str:
        """The Dockerfile with these packages added where the finding says, or with its text replaced."""
        if self.replace:
            return self._with(self.replace)
        lines = self.dockerfile.splitlines()
        if missing:
            first = self.findings[0]
            add = f"RUN apt-get update && apt-get install -y --no-install-recommends {' '.join(missing)}"
            at_the_end = self.cure == "end" or first.code in _AT_THE_END
            assert at_the_end or first.code in _BEFORE, f"{self.name}: say how {first.code} is cured"
            assert at_the_end or first.line is not None
            lines.insert(len(lines) if at_the_end or first.line is None else first.line - 1, add)
        return "\n".join(lines) + "\n"


def read() -> tuple[Case, ...]:
    """All cases, by name."""
    return tuple(_read(path.parent) for path in sorted(FOLDER.glob("*/case.toml")))


def _read(folder: Path) -> Case:
    stated = tomllib.loads((folder / "case.toml").read_text())
    findings = tuple(
        Expected(**{**entry, "missing": tuple(entry.get("missing", ()))}) for entry in stated.pop("finding", ())
    )
    together = tuple(stated.pop("together", ()))
    return Case(name=folder.name, findings=findings, together=together, **stated)


def laid_out(case: Case, target: Path) -> Path:
    """A copy of the case's folder to build in, with its git repository."""
    context = target / case.name
    shutil.copytree(FOLDER / case.name, context)
    (context / "case.toml").unlink()
    if case.repository is not None:
        git = ["git", "-C", str(context / case.repository), "-c", "user.name=t", "-c", "user.email=t@example.org"]
        for words in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "A project"]):
            subprocess.run([*git, *words], check=True)
    return context
