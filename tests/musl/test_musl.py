"""fromlint's answers for Alpine against a real musl CPython: the file pip takes, whether it imports, what it lacks."""

import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import musl_results
import musl_root
import pytest

from fromlint import run
from fromlint.model.finding import Finding

pytestmark = pytest.mark.musl


class Package(NamedTuple):
    """A requirement, the module to import, and what is true of it (see packages.toml)."""

    name: str
    version: str
    module: str
    with_: str | None = None
    fails: str | None = None
    code: str | None = None
    missing: tuple[str, ...] = ()
    library: str | None = None

    @property
    def requirements(self) -> tuple[str, ...]:
        own = f"{self.name}=={self.version}"
        return (own, self.with_) if self.with_ else (own,)


def _packages() -> tuple[Package, ...]:
    stated = tomllib.loads((Path(__file__).parent / "packages.toml").read_text())["packages"]
    names = {"import": "module", "with": "with_"}
    return tuple(
        Package(
            name=name,
            **{names.get(key, key): value for key, value in entry.items()}
            | {"missing": tuple(entry.get("missing", ()))},
        )
        for name, entry in stated.items()
    )


@pytest.mark.parametrize("package", [pytest.param(package, id=package.name) for package in _packages()])
def test_pip_on_musl_does_what_fromlint_says(
    package: Package, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, note: Callable[[musl_results.Row], None]
):
    file, errors = _said(package, tmp_path, monkeypatch)
    installed, imported = musl_root.tried(package.name, package.requirements, package.module)
    works = imported is not None and imported.ran
    note(
        musl_results.Row(
            f"{package.name} {package.version}",
            installed.file or "none",
            file or "none",
            "works" if works else "fails" if imported is not None else "not installed",
            " ".join(error.code for error in errors),
            " ".join(name for error in errors for name in error.missing),
        )
    )
    assert file == installed.file
    if package.fails is None:
        assert works, (installed.output if imported is None else imported.output)[-2000:]
        assert not errors
        return
    assert not works
    assert re.search(package.fails, installed.output if imported is None else imported.output), installed.output[-2000:]
    assert [error.code for error in errors] == [package.code]
    assert sorted(errors[0].missing) == sorted(package.missing)
    assert package.library is None or package.library in errors[0].message


def _said(package: Package, folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str | None, list[Finding]]:
    """The file that fromlint says pip takes on Alpine, and the errors that it finds there."""
    monkeypatch.setenv("FROMLINT_CACHE_DIR", str(musl_root.root().parent / "index"))
    monkeypatch.chdir(folder)
    (folder / "Dockerfile").write_text(f"FROM {musl_root.IMAGE}\nRUN pip install {' '.join(package.requirements)}\n")
    report = run.check([folder / "Dockerfile"], {"platform": ("linux/amd64",)}).report
    verdicts = [
        verdict
        for project in report.projects
        for stage in project.stages
        for install in stage.installs
        for facts in install.packages
        if facts.package.name == package.name
        for verdict in facts.package.verdicts.values()
    ]
    assert len(verdicts) == 1
    errors = [finding for finding in report.findings if finding.severity.word == "error"]
    return (verdicts[0].file.filename if verdicts[0].file is not None else None), errors
