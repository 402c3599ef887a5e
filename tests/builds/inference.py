"""What fromlint infers from archives, with all that it knows of packages switched off."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
from real_builds import folder

from fromlint import run

BASE = "python:3.13-slim-trixie"
_PACKAGES = Path(__file__).parent / "packages.toml"


class Entry(NamedTuple):
    """A release to try. ``module`` is imported; ``needs``: what its build takes, where that is stated.

    ``missed``: why what it needs is not found.
    """

    name: str
    version: str
    module: str
    needs: tuple[str, ...] | None = None
    missed: str | None = None

    @property
    def imported(self) -> str:
        """The command that shows that it works."""
        return f"python -c 'import {self.module}'"

    def installed(self, *, compiled: bool) -> str:
        """The command that installs it. Without pip's cache: what was compiled before is compiled anew."""
        how = f"--no-binary {self.name}" if compiled else f"--only-binary {self.name}"
        return f"pip install --no-cache-dir {how} {self.name}=={self.version}"

    def dockerfile(self, *, compiled: bool) -> str:
        """A build of it on the bare base."""
        return f"FROM {BASE}\nRUN {self.installed(compiled=compiled)}\n"


def entries(group: str) -> list[Entry]:
    """The packages of a group of packages.toml."""
    stated: Mapping[str, Mapping[str, object]] = tomllib.loads(_PACKAGES.read_text())[group]
    return [
        Entry(
            name,
            str(entry["version"]),
            str(entry.get("import", name.replace("-", "_"))),
            _needs(entry),
            str(entry["missed"]) if "missed" in entry else None,
        )
        for name, entry in stated.items()
    ]


def add(names: tuple[str, ...]) -> str:
    """The command that adds system packages, what an earlier `without` removed again, too."""
    return f"apt-get update && apt-get install -y --no-install-recommends {' '.join(names)}" if names else "true"


def without(name: str) -> str:
    """The command that takes one of the packages away again, with all that only it brought."""
    return f"apt-get remove -y --auto-remove {name}"


def _needs(entry: Mapping[str, object]) -> tuple[str, ...] | None:
    needs = entry.get("needs")
    return None if needs is None else tuple(map(str, needs)) if isinstance(needs, list) else ()


def inferred(entry: Entry, where: Path, monkeypatch: pytest.MonkeyPatch, *, compiled: bool) -> tuple[str, ...]:
    """The system packages that fromlint names for it, by what its sdist or its wheel says alone."""
    monkeypatch.setenv("FROMLINT_CACHE_DIR", str(folder() / "index"))
    monkeypatch.setattr("fromlint.system.needs._entry", lambda name: None)
    (where / "Dockerfile").write_text(entry.dockerfile(compiled=compiled))
    report = run.check([where / "Dockerfile"], {"index_timeout": 120.0}).report
    codes = ("FL201",) if compiled else ("FL301",)
    return tuple(
        sorted(
            {
                name
                for finding in report.findings
                if finding.code in codes and finding.subject is not None and finding.subject.name == entry.name
                if compiled or finding.severity.word == "error"
                for name in finding.missing
            }
        )
    )
