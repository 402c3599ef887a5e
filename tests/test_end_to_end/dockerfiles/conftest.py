"""A project in a temporary folder, checked from end to end without network."""

import os
import textwrap
from pathlib import Path

import pytest

from fromlint import run

AS_OF = "2026-11-22"


class Checked:
    """The report of a run, asked in the words of the tests."""

    def __init__(self, outcome):
        self.outcome = outcome
        self.report = outcome.report

    @property
    def project(self):
        (project,) = self.report.projects
        return project

    @property
    def stages(self):
        """Each stage's image, None where it is not known."""
        return [facts.stage.image.value if facts.stage.image else None for facts in self.project.stages]

    def install(self, line=None):
        """The facts of the only install, or of that on a line of the Dockerfile."""
        found = [each for facts in self.project.stages for each in facts.installs]
        if line is not None:
            found = [each for each in found if each.install.span.line == line]
        (only,) = found
        return only

    def names(self, line=None):
        """What an install asks for by name, sorted: what its lock says, or its requirements."""
        needs = self.install(line).needs
        stated = [*(needs.locked or ()), *needs.requirements]
        return sorted({each.name for each in stated})

    def found(self, code):
        """The findings of a rule."""
        return [finding for finding in self.report.findings if finding.code == code]

    @property
    def codes(self):
        """The codes of all findings but those that say that the index was not asked."""
        return sorted({finding.code for finding in self.report.findings} - {"FL906"})

    def marked(self, finding):
        """The text that a finding's place covers."""
        lines = Path(finding.span.file).read_bytes().decode("utf-8-sig").split("\n")
        span = finding.span
        covered = lines[span.line - 1 : span.end_line]
        covered[-1] = covered[-1][: span.end_column - 1]
        covered[0] = covered[0][span.column - 1 :]
        return "\n".join(covered)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The project's folder, the working folder of the run; it ends where a repository would."""
    path = tmp_path / "project"
    (path / ".git").mkdir(parents=True)
    monkeypatch.chdir(path)
    monkeypatch.setenv("FROMLINT_CACHE_DIR", str(tmp_path / "cache"))
    return path


@pytest.fixture
def write(folder):
    """Writes files by path: text without its common indentation, or bytes."""

    def write(files):
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, bytes):
                path.write_bytes(content)
            else:
                path.write_text(textwrap.dedent(content).lstrip("\n"))

    return write


@pytest.fixture
def check(write):
    """Writes a Dockerfile and other files, checks them, and gives what was found."""

    def check(dockerfile=None, files=None, *, path="Dockerfile", **given):
        write({**({path: dockerfile} if dockerfile is not None else {}), **(files or {})})
        settings = {"offline": True, "as_of": AS_OF, **given}
        return Checked(run.check([Path(path)], settings))

    return check


def inside(path):
    """Whether a path lies in the working folder."""
    return os.path.realpath(path).startswith(os.path.realpath(os.getcwd()) + os.sep)
