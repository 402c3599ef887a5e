"""Rules are tried on whole Dockerfiles, through the real pipeline, without network and with an empty cache."""

import os
from collections.abc import Callable, Iterator, Mapping

import pytest

from fromlint import rules, run
from fromlint.model.finding import Finding
from fromlint.model.project import Project
from fromlint.rules import occasions
from index_server import IndexServer

AS_OF = "2026-11-22"


def uv_project(*files: str, requires_python: str = ">=3.8") -> dict[str, str]:
    """A pyproject.toml and the uv.lock of a project that requires what these files are of.

    A release is given by the names of its files: ``numpy-2.2.0-cp312-cp312-manylinux_2_17_x86_64.whl``.
    """
    releases: dict[tuple[str, str], list[str]] = {}
    for file in files:
        name, version = file.removesuffix(".tar.gz").split("-")[:2]
        releases.setdefault((name.replace("_", "-"), version), []).append(file)
    packages = []
    for (name, version), names in releases.items():
        url = 'url = "https://files.example/{}", hash = "sha256:' + "0" * 64 + '"'
        sdist = "".join(f"sdist = {{ {url.format(file)} }}\n" for file in names if file.endswith(".tar.gz"))
        wheels = "".join(f"    {{ {url.format(file)} }},\n" for file in names if file.endswith(".whl"))
        packages.append(
            f'[[package]]\nname = "{name}"\nversion = "{version}"\n'
            f'source = {{ registry = "https://index.example/simple" }}\n{sdist}wheels = [\n{wheels}]\n'
        )
    wanted = "".join(f'    {{ name = "{name}" }},\n' for name, _ in releases)
    own = f'[[package]]\nname = "app"\nversion = "1"\nsource = {{ virtual = "." }}\ndependencies = [\n{wanted}]\n'
    return {
        "pyproject.toml": f'[project]\nname = "app"\nversion = "1"\nrequires-python = "{requires_python}"\n'
        f"dependencies = {[name for name, _ in releases]}\n",
        "uv.lock": f'version = 1\nrequires-python = "{requires_python}"\n\n{own}\n' + "\n".join(packages),
    }


def needlessly_left_out(project: Project) -> list[str]:
    """The rules that are not asked about a project and would have had something to say."""
    signs = occasions.given(project)
    return [code for code in rules.CODES if not occasions.speaks(code, signs) and any(rules.rule(code).check(project))]


@pytest.fixture
def project() -> Callable[..., dict[str, str]]:
    """``uv_project``."""
    return uv_project


@pytest.fixture
def published() -> Iterator[IndexServer]:
    """An index on the loopback interface that offers nothing yet."""
    with IndexServer() as server:
        yield server


@pytest.fixture
def check(tmp_path, monkeypatch) -> Callable[..., tuple[Finding, ...]]:
    """``check(code, dockerfile, files={…}, **settings)``: the findings of one rule, with these files beside it."""
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("FROMLINT_CACHE_DIR", str(tmp_path / "cache"))
    # Nothing of this machine's own configuration.
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    for name in ("PIP_INDEX_URL", "UV_INDEX_URL", "UV_DEFAULT_INDEX"):
        monkeypatch.delenv(name, raising=False)

    def checked(
        code: str, dockerfile: str, files: Mapping[str, str | bytes] | None = None, **settings: object
    ) -> tuple[Finding, ...]:
        for name, content in {"Dockerfile": dockerfile, **(files or {})}.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        outcome = run.check([folder / "Dockerfile"], {"offline": True, "as_of": AS_OF, "select": (code,), **settings})
        assert not outcome.complaints
        for each in outcome.report.projects:
            assert not needlessly_left_out(each)
        return outcome.report.findings

    return checked
