"""Whatever the bytes, every reader answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fromlint.model.build import Install
from fromlint.model.environment import Environment
from fromlint.model.files import FileMissing
from fromlint.model.place import Span
from fromlint.model.requirement import Needs
from fromlint.requirements.gather import gather
from patience import within_a_minute

# Each way into the readers: the tool, the file that holds what is read, and what the install says.
DOORS: list[tuple[str, str, dict[str, Any]]] = [
    ("pip", "requirements.txt", {"files": ("requirements.txt",)}),
    ("pip", "requirements.txt", {"constraints": ("requirements.txt",)}),
    ("pip", "pylock.toml", {"files": ("pylock.toml",)}),
    ("pip", "pyproject.toml", {"requirements": (".",)}),
    ("pip", "setup.py", {"requirements": (".",)}),
    ("pip", "setup.cfg", {"requirements": (".",)}),
    ("uv-sync", "pyproject.toml", {}),
    ("uv-sync", "uv.lock", {}),
    ("uv-run", "script.py", {"scripts": ("script.py",)}),
    ("poetry", "pyproject.toml", {}),
    ("poetry", "poetry.lock", {}),
    ("pdm", "pyproject.toml", {}),
    ("pdm", "pdm.lock", {}),
    ("pipenv", "Pipfile", {}),
    ("pipenv", "Pipfile.lock", {}),
]
HEADS = {
    "uv.lock": "version = 1\n",
    "poetry.lock": '[metadata]\nlock-version = "2.1"\n',
    "pdm.lock": '[metadata]\nlock_version = "4.5.0"\n',
    "pylock.toml": 'lock-version = "1.0"\n',
    "script.py": "# /// script\n",
    "setup.py": "setup(",
    "setup.cfg": "[options]\n",
}

# Values of every type under the keys that the readers look for.
keys = st.sampled_from(
    [
        "name",
        "version",
        "source",
        "dependencies",
        "marker",
        "markers",
        "extras",
        "extra",
        "groups",
        "files",
        "wheels",
        "sdist",
        "package",
        "packages",
        "metadata",
        "registry",
        "git",
        "url",
        "path",
        "hash",
        "hashes",
        "size",
        "optional-dependencies",
        "dev-dependencies",
        "resolution-markers",
        "default-groups",
        "lock-version",
        "lock_version",
        "requires",
        "dependency-groups",
        "project",
        "tool",
        "poetry",
        "uv",
        "pdm",
        "build-system",
        "requires-python",
        "dynamic",
        "include-group",
        "file",
        "editable",
        "category",
        "optional",
        "python-versions",
        "type",
        "reference",
        "index",
        "_meta",
        "default",
    ]
)
scalars = st.one_of(
    st.sampled_from(
        ["", "a", "1.0", "==1", "^1", "a[b]>=1 ; os_name == 'x'", "sys_platform == 'win32'", "https://x/[", "."]
    ),
    st.integers(-1, 3),
    st.booleans(),
)
values = st.recursive(
    scalars,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(keys, inner, max_size=4)),
    max_leaves=12,
)


def as_toml(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, list):
        return "[" + ", ".join(map(as_toml, value)) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {as_toml(item)}" for key, item in value.items()) + " }"
    return str(value)


class OneFile:
    """A file, and beside it a project without anything odd."""

    def __init__(self, path: str, data: bytes) -> None:
        self.contents = {"/app/pyproject.toml": b'[project]\nname = "app"\ndependencies = ["a"]\n', path: data}
        if path.endswith(("setup.py", "setup.cfg")):
            del self.contents["/app/pyproject.toml"]

    def read(self, path: str) -> bytes:
        if path not in self.contents:
            raise FileMissing(path)
        return self.contents[path]

    def exists(self, path: str) -> bool:
        return path in self.contents

    def names(self, folder: str) -> tuple[str, ...]:
        return ()

    def shown(self, path: str) -> str:
        return path


def answer(
    make: Callable[..., Install], made: Environment, door: tuple[str, str, dict[str, Any]], data: bytes
) -> Needs:
    tool, name, fields = door
    return gather(make(tool, **dict(fields)), OneFile(f"/app/{name}", data), made)


def check(needs: Needs) -> None:
    for problem in (*needs.bad, *needs.unreadable, *needs.missing):
        assert problem.message
        check_place(problem.span)
    for requirement in (*needs.requirements, *needs.constraints, *needs.build_requirements):
        check_place(requirement.span)
        assert all(isinstance(text, str) for text in (requirement.name, requirement.specifier, requirement.marker))
    for locked in needs.locked or ():
        check_place(locked.span)
        assert all(isinstance(text, str) for text in (locked.name, locked.version, locked.marker))


def check_place(span: Span) -> None:
    assert 1 <= span.line <= span.end_line
    assert span.column >= 1
    assert span.end_column >= 1


@pytest.mark.parametrize("door", DOORS, ids=lambda door: f"{door[0]}-{door[1]}")
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)))
def test_any_bytes(
    door: tuple[str, str, dict[str, Any]],
    data: bytes,
    install: Callable[..., Install],
    environment: Callable[..., Environment],
) -> None:
    check(answer(install, environment(), door, data))
    check(answer(install, environment(), door, HEADS.get(door[1], "").encode() + data))


@pytest.mark.parametrize(
    "door",
    [door for door in DOORS if door[1].endswith((".toml", ".lock", "Pipfile"))],
    ids=lambda door: f"{door[0]}-{door[1]}",
)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    table=st.dictionaries(keys, values, max_size=4),
    entries=st.lists(st.dictionaries(keys, values, max_size=5), max_size=3),
)
def test_any_values(
    door: tuple[str, str, dict[str, Any]],
    table: Mapping[str, object],
    entries: list[Mapping[str, object]],
    install: Callable[..., Install],
    environment: Callable[..., Environment],
) -> None:
    name = door[1]
    lines = [
        f"{key} = {as_toml(value)}" for key, value in table.items() if key not in ("package", "packages", "metadata")
    ]
    header = "packages" if name == "pylock.toml" else "package"
    for entry in entries:
        lines += [f"[[{header}]]", *(f"{key} = {as_toml(value)}" for key, value in entry.items())]
    content = HEADS.get(name, "") if "[" not in HEADS.get(name, "") else ""
    content += "\n".join(lines) + "\n" + (HEADS[name] if "[" in HEADS.get(name, "") else "")
    if name == "Pipfile.lock":
        import json

        content = json.dumps({"_meta": {"pipfile-spec": 6}, "default": table, "develop": {"x": entries}})
    check(answer(install, environment(), door, content.encode()))


BOMBS = {
    "arrays": "x = " + "[" * 50_000,
    "tables": "x = " + "{a=" * 50_000,
    "dots": "a." * 20_000 + "a = 1",
    "quoted dots": '"a".' * 20_000 + "a = 1",
    "header": "[" + "a." * 20_000 + "a]",
    "digits": "x = " + "9" * 200_000,
    "rows": "x = [\n" + '{ a = "b" },\n' * 3_000,
    "blanks": "a" + " " * 100_000 + "#x",
    "parentheses": "a ; " + "(" * 100_000,
    "variables": "${A}" * 20_000,
    "backslashes": "\\\n" * 20_000,
    "quotes": "--pre '" + "a" * 40_000,
    "brackets": "a[" * 50_000,
    "json": "[" * 100_000,
    "sums": "install_requires=" + "+".join(["[]"] * 20_000) + ")",
    "minus": "x=" + "-" * 100_000 + "1)",
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_bombs(bomb: str, install: Callable[..., Install], environment: Callable[..., Environment]) -> None:
    with within_a_minute():
        for door in DOORS:
            check(answer(install, environment(), door, (HEADS.get(door[1], "") + BOMBS[bomb]).encode()))
