"""uv.lock: forks, conflicts, workspaces. What is expected here is what ``uv sync --dry-run`` said of these locks."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fromlint.model.build import InstallOptions
from fromlint.model.environment import Environment
from fromlint.model.requirement import Needs
from fromlint.requirements import uv_lock
from fromlint.requirements.selection import Selection

Gathered = Callable[..., Needs]
Recorded = Callable[[str], dict[str, bytes]]


def names(needs: Needs) -> list[str]:
    return [f"{locked.name}=={locked.version}" for locked in needs.locked or ()]


@pytest.mark.parametrize(
    ("python", "fields", "expected"),
    [
        ("3.12.4", {"default_groups": False}, ["jinja2==3.1.4", "markupsafe==3.0.2"]),
        ("3.11.2", {"default_groups": False}, ["jinja2==3.1.4", "markupsafe==2.1.5"]),
        ("3.12", {"default_groups": False}, ["jinja2==3.1.4", "markupsafe==3.0.2"]),
        ("3.12.4", {}, ["idna==3.10", "jinja2==3.1.4", "markupsafe==3.0.2", "pyyaml==6.0.2"]),
        ("3.12.4", {"without_groups": ("docs",)}, ["jinja2==3.1.4", "markupsafe==3.0.2"]),
        ("3.12.4", {"only_groups": ("dev",)}, ["pyyaml==6.0.2"]),
        (
            "3.12.4",
            {"default_groups": False, "extras": ("new",)},
            ["jinja2==3.1.4", "markupsafe==3.0.2", "orjson==3.10.12"],
        ),
        (
            "3.11.9",
            {"default_groups": False, "extras": ("old",)},
            ["jinja2==3.1.4", "markupsafe==2.1.5", "orjson==3.10.7"],
        ),
    ],
)
def test_forks_and_conflicts(
    gathered: Gathered, recorded: Recorded, python: str, fields: dict[str, object], expected: list[str]
) -> None:
    needs = gathered("uv-sync", recorded("uv-forks"), python=python, **fields)
    assert names(needs) == expected
    assert needs.requires_python == ">=3.10"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, ["acme-core", "h11", "idna", "iniconfig", "sniffio"]),
        ({"packages": ("acme-web",)}, ["acme-core", "h11", "idna", "sniffio"]),
        ({"all_packages": True}, ["acme-core", "h11", "idna", "iniconfig", "sniffio"]),
        ({"without_groups": ("dev",)}, ["acme-core", "h11", "idna"]),
        ({"only_groups": ("dev",)}, ["iniconfig", "sniffio"]),
        ({"packages": ("acme-web",), "install_workspace": False}, ["h11", "idna", "sniffio"]),
        ({"without_packages": ("h11",), "default_groups": False}, ["acme-core", "idna"]),
        ({"directory": "/app/packages/web"}, ["acme-core", "h11", "idna", "sniffio"]),
        ({"project": "packages/core", "default_groups": False}, ["acme-core", "idna"]),
    ],
)
def test_workspaces(gathered: Gathered, recorded: Recorded, fields: dict[str, object], expected: list[str]) -> None:
    needs = gathered("uv-sync", recorded("uv-workspace"), **fields)
    assert [locked.name for locked in needs.locked or ()] == expected
    assert (needs.bad, needs.missing, needs.unknown) == ((), (), ())


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, ["acme-core", "h11", "idna", "iniconfig", "sniffio"]),
        ({"packages": ("acme-web",)}, ["acme-core", "h11", "idna", "sniffio"]),
        ({"packages": ("acme-core",)}, ["idna"]),
        ({"all_packages": True}, ["acme-core", "h11", "idna", "iniconfig", "sniffio"]),
        ({"without_groups": ("dev",)}, ["acme-core", "h11", "idna"]),
        ({"only_groups": ("dev",)}, ["iniconfig", "sniffio"]),
        ({"without_packages": ("h11",), "default_groups": False}, ["acme-core", "idna"]),
        ({"directory": "/app/packages/web"}, ["acme-core", "h11", "idna", "sniffio"]),
        ({"project": "packages/core", "default_groups": False}, ["idna"]),
    ],
)
def test_workspaces_without_a_lock(
    gathered: Gathered, recorded: Recorded, fields: dict[str, object], expected: list[str]
) -> None:
    files = {name: content for name, content in recorded("uv-workspace").items() if not name.endswith("uv.lock")}
    needs = gathered("uv-sync", files, **fields)
    assert needs.locked is None
    assert sorted({requirement.name for requirement in needs.requirements}) == expected
    assert (needs.bad, needs.missing, needs.unknown) == ((), (), ())
    assert {one.kind for one in needs.requirements if one.name == "acme-core"} <= {"editable"}


def test_a_member_that_is_not_there_without_a_lock(gathered: Gathered, recorded: Recorded) -> None:
    files = {name: content for name, content in recorded("uv-workspace").items() if not name.endswith("uv.lock")}
    assert "acme-shop" in gathered("uv-sync", files, packages=("acme-shop",)).bad[0].message
    del files["/app/packages/core/pyproject.toml"]
    needs = gathered("uv-sync", files, packages=("acme-web",))
    assert needs.bad[0].message == "acme-core is not a member of the workspace"


SOURCES = """[project]
name = "app"
version = "1"
dependencies = ["a>=1", "b[x]; python_version > '3'", "c", "d", "e"]
[dependency-groups]
dev = ["f"]
[tool.uv.sources]
a = { git = "https://host.example/a", tag = "v1" }
B = { path = "../b" }
c = { url = "https://host.example/c-1.tar.gz" }
d = [
  { index = "cpu", marker = "sys_platform == 'linux'" },
  { url = "https://host.example/d-1-py3-none-any.whl", marker = "sys_platform != 'linux'" },
]
f = { path = "f", editable = true }
"""


@pytest.mark.parametrize(
    ("tool", "fields"),
    [
        ("uv-sync", {}),
        ("uv-pip", {"requirements": (".",), "groups": ("dev",)}),
        ("uv-pip", {"files": ("pyproject.toml",), "groups": ("dev",)}),
    ],
)
def test_sources_stand_in_place_of_the_index(gathered: Gathered, tool: str, fields: dict[str, object]) -> None:
    other = '[project]\nname = "%s"\nversion = "1"\ndependencies = ["g"]\n[project.optional-dependencies]\nx = ["h"]\n'
    files = {"/app/pyproject.toml": SOURCES, "/b/pyproject.toml": other % "b", "/app/f/pyproject.toml": other % "f"}
    needs = gathered(tool, files, **fields)
    assert (needs.bad, needs.missing, needs.unknown) == ((), (), ())
    found = [(one.name, one.kind, one.reference, one.marker) for one in needs.requirements if one.name != "app"]
    assert set(found) == {
        ("a", "vcs", "git+https://host.example/a@v1", ""),
        ("b", "path", "../b", "python_version > '3'"),
        ("g", "index", None, "python_version > '3'"),
        ("h", "index", None, "python_version > '3'"),
        ("c", "url", "https://host.example/c-1.tar.gz", ""),
        ("d", "index", None, "sys_platform == 'linux'"),
        ("d", "url", "https://host.example/d-1-py3-none-any.whl", "sys_platform != 'linux'"),
        ("e", "index", None, ""),
        ("f", "editable", "f", ""),
        ("g", "index", None, ""),
    }
    plain = gathered("pip", files, requirements=(".",))
    assert {one.kind for one in plain.requirements if one.name != "app"} == {"index"}


def test_no_sources(gathered: Gathered) -> None:
    needs = gathered("uv-sync", {"/app/pyproject.toml": SOURCES}, options=InstallOptions(no_sources=True))
    assert {one.kind for one in needs.requirements} == {"index"}


def test_what_builds_a_member(gathered: Gathered, recorded: Recorded) -> None:
    needs = gathered("uv-sync", recorded("uv-workspace"))
    core = next(locked for locked in needs.locked or () if locked.name == "acme-core")
    assert (core.source, core.reference, core.files) == ("editable", "packages/core", None)
    assert [requirement.name for requirement in needs.build_requirements] == ["hatchling"]
    without = gathered("uv-sync", recorded("uv-workspace"), install_workspace=False)
    assert not without.build_requirements


def test_a_member_that_is_not_there(gathered: Gathered, recorded: Recorded) -> None:
    needs = gathered("uv-sync", recorded("uv-workspace"), packages=("acme-shop",))
    assert "acme-shop" in needs.bad[0].message


HEAD = 'version = 1\nrequires-python = ">=3.11"\n\n'
ROOT = '[[package]]\nname = "app"\nversion = "0"\nsource = { virtual = "." }\ndependencies = [{ name = "x"%s }]\n\n'
OTHER = '[[package]]\nname = "x"\nversion = "1"\nsource = { %s }\n'


def read(content: str, environment: Environment, selection: Selection | None = None) -> uv_lock.LockReading:
    return uv_lock.read(content, "uv.lock", selection or Selection(), environment)


@pytest.mark.parametrize(
    ("source", "kind", "reference", "index"),
    [
        ('registry = "https://x.org/simple"', "index", None, "https://x.org/simple"),
        ('git = "https://x.org/x?tag=v1#0123"', "vcs", "https://x.org/x?tag=v1#0123", None),
        ('url = "https://x.org/x-1.tar.gz"', "url", "https://x.org/x-1.tar.gz", None),
        ('path = "wheels/x-1-py3-none-any.whl"', "path", "wheels/x-1-py3-none-any.whl", None),
        ('directory = "x"', "path", "x", None),
        ('editable = "x"', "editable", "x", None),
    ],
)
def test_sources(
    environment: Callable[..., Environment], source: str, kind: str, reference: str | None, index: str | None
) -> None:
    (found,) = read(HEAD + ROOT % "" + OTHER % source, environment()).locked
    assert (found.source, found.reference, found.index_url) == (kind, reference, index)


def test_an_unknown_marker_is_kept(environment: Callable[..., Environment]) -> None:
    marker = ", marker = \"platform_machine == 'armv7l'\""
    content = HEAD + ROOT % marker + OTHER % 'registry = "https://x.org"'
    (found,) = read(content, environment(platform="linux/arm/v7")).locked
    assert found.marker == "platform_machine == 'armv7l'"
    assert not read(content, environment()).locked


@pytest.mark.parametrize(
    ("content", "word", "line"),
    [
        ("version = 2\n", "newer", 1),
        ("requires-python = '3'\n", "no version", 1),
        ("version = 1\n[[package\n", "TOML", 2),
        ("version = 1\nx = " + "[" * 5000, "deeply", 1),
    ],
)
def test_locks_that_cannot_be_read(environment: Callable[..., Environment], content: str, word: str, line: int) -> None:
    problem = read(content, environment()).unreadable
    assert problem is not None
    assert word in problem.message
    assert problem.span.line == line


def test_a_missing_lock(gathered: Gathered, recorded: Recorded) -> None:
    files = recorded("uv")
    del files["/app/uv.lock"]
    frozen = gathered("uv-sync", files, frozen=True)
    assert "uv.lock" in frozen.missing[0].message
    assert frozen.locked is None
    free = gathered("uv-sync", files, extras=("fast",))
    assert free.locked is None
    assert {requirement.name for requirement in free.requirements} >= {
        "jinja2",
        "httpx",
        "orjson",
        "iniconfig",
        "pyyaml",
    }


def test_a_lock_that_is_not_known(gathered: Gathered, recorded: Recorded) -> None:
    needs = gathered("uv-sync", recorded("uv"), not_known=frozenset({"/app/uv.lock"}))
    assert needs.locked is None
    assert needs.unknown[0].what == "uv.lock"


def test_a_circle_of_packages(environment: Callable[..., Environment]) -> None:
    content = (
        HEAD
        + ROOT % ""
        + OTHER % 'registry = "https://x.org"'
        + 'dependencies = [{ name = "y" }]\n[[package]]\nname = "y"\nversion = "1"\nsource = { registry = "r" }\n'
        + 'dependencies = [{ name = "x" }, { name = "not-there" }]\n'
    )
    assert [(found.name, found.parents) for found in read(content, environment()).locked] == [("x", ()), ("y", ("x",))]
