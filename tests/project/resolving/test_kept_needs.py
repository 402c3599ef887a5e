"""What installs need is recalled where all that was looked at is as it was; else it is gathered anew."""

import json
from collections.abc import Iterable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fromlint.model.build import Install, InstallOptions
from fromlint.model.environment import Environment, Python
from fromlint.model.files import FileMissing, FileUnknown
from fromlint.model.place import Span, Text
from fromlint.model.requirement import Needs
from fromlint.project.resolving.kept_needs import KeptNeeds
from fromlint.requirements.gather import gather

LOCK = """version = 1
requires-python = ">=3.12"

[[package]]
name = "app"
version = "1"
source = { virtual = "." }
dependencies = [{ name = "six" }]

[[package]]
name = "six"
version = "1.17.0"
source = { registry = "https://index.example/simple" }
wheels = [
    { url = "https://files.example/six-1.17.0-py2.py3-none-any.whl", hash = "sha256:1" },
]
"""
PYPROJECT = '[project]\nname = "app"\nversion = "1"\nrequires-python = ">=3.12"\ndependencies = ["six"]\n'
FILES = {
    "/app/requirements.txt": b"-r more.txt\n-c constraints.txt\nflask==3.0 ; sys_platform == 'linux'\n$$$\n",
    "/app/more.txt": b"--extra-index-url https://index.example/simple\nsix\n",
    "/app/constraints.txt": b"six<2\n",
    "/app/uv.lock": LOCK.encode(),
    "/app/pyproject.toml": PYPROJECT.encode(),
}
ENVIRONMENT = Environment(
    True, None, "python", libc="glibc", python=Python("3.12.1", "cpython", "/usr/local", "25", False)
)


class Files:
    """Files in memory; of those in ``unknown`` nothing is known."""

    def __init__(self, contents: Mapping[str, bytes], unknown: frozenset[str] = frozenset()) -> None:
        self.contents = dict(contents)
        self.unknown = unknown
        self.read_paths: list[str] = []

    def read(self, path: str) -> bytes:
        self.read_paths.append(path)
        if path in self.unknown:
            raise FileUnknown("made during the build")
        if path not in self.contents:
            raise FileMissing(f"{path} is not in the build context")
        return self.contents[path]

    def exists(self, path: str) -> bool | None:
        return None if path in self.unknown else path in self.contents

    def names(self, folder: str) -> tuple[str, ...]:
        return tuple(sorted(path.rpartition("/")[2] for path in self.contents))

    def shown(self, path: str) -> str:
        return path.removeprefix("/app/")


class Memory:
    """A cache in memory."""

    def __init__(self) -> None:
        self.values: dict[str, bytes] = {}

    def recall_all(self, kind: str, keys: Iterable[str]) -> dict[str, bytes]:
        return {key: self.values[key] for key in keys if key in self.values}

    def remember_all(self, kind: str, values: Mapping[str, bytes]) -> None:
        self.values.update(values)


def install(tool: str = "pip", line: int = 4, environment: Mapping[str, str] = {}) -> Install:
    span = Span("Dockerfile", line, 5, line, 40)
    files = (Text("requirements.txt", span),) if tool == "pip" else ()
    words = (Text("$WHAT", span),) if tool == "pip" else ()
    return Install(
        tool, "install" if tool == "pip" else "sync", (Text("black==24.1", span),) if tool == "pip" else (), (), files,
        (), InstallOptions(), (), (), (), (), False, False, True, True, False, (), None, False, dict(environment), "/app",
        (), False, words, False, False, span,
    )  # fmt: skip


def kept(memory: Memory, asked: Install, files: Files) -> Needs:
    needs = KeptNeeds(memory)
    found = needs.gather(asked, files, ENVIRONMENT)
    needs.keep()
    return found


def opened(needs: Needs) -> Needs:
    return needs._replace(locked=None if needs.locked is None else tuple(needs.locked))


@pytest.mark.parametrize("tool", ["pip", "uv-sync"])
@pytest.mark.parametrize("line", [4, 9])
def test_it_is_recalled_and_the_same_wherever_the_install_stands(tool, line):
    memory = Memory()
    kept(memory, install(tool), Files(FILES))
    before = dict(memory.values)
    found = kept(memory, install(tool, line), Files(FILES))
    assert memory.values == before
    assert opened(found) == gather(install(tool, line), Files(FILES), ENVIRONMENT)


def change(path: str, data: bytes | None) -> Files:
    contents = {key: value for key, value in FILES.items() if key != path}
    return Files(contents if data is None else {**contents, path: data})


@pytest.mark.parametrize(
    ("tool", "files"),
    [
        ("pip", change("/app/more.txt", b"six==1.16\n")),
        ("pip", change("/app/constraints.txt", None)),
        ("pip", change("/root/.pip/pip.conf", b"[global]\nindex-url = https://own.example/simple\n")),
        ("pip", Files(FILES, frozenset({"/app/more.txt"}))),
        ("uv-sync", change("/app/uv.lock", LOCK.replace("1.17.0", "1.16.0").encode())),
        ("uv-sync", change("/app/uv.lock", None)),
        ("uv-sync", change("/app/uv.toml", b"no-index = true\n")),
        ("uv-sync", change("/app/pyproject.toml", PYPROJECT.replace("3.12", "3.11").encode())),
    ],
)
def test_whatever_changes_is_seen(tool, files):
    memory = Memory()
    before = opened(kept(memory, install(tool), Files(FILES)))
    found = opened(kept(memory, install(tool), files))
    assert found == gather(install(tool), files, ENVIRONMENT)
    assert found != before


def test_variables_are_looked_at_too():
    memory = Memory()
    kept(memory, install(), Files(FILES))
    other = install(environment={"PIP_CONFIG_FILE": "/dev/null"})
    assert opened(kept(memory, other, Files(FILES))) == gather(other, Files(FILES), ENVIRONMENT)


def test_a_lock_is_read_only_where_somebody_looks_at_it(monkeypatch):
    memory = Memory()
    first = kept(memory, install("uv-sync"), Files(FILES))
    monkeypatch.setattr("fromlint.requirements.uv_lock.read", lambda *_: pytest.fail("the lock is read"))
    found = kept(memory, install("uv-sync"), Files(FILES))
    assert found.locked is not None
    assert found.locked.checksum == first.locked.checksum
    monkeypatch.undo()
    assert [package.name for package in found.locked] == ["six"]


def test_another_lock_has_another_checksum():
    memory = Memory()
    one = kept(memory, install("uv-sync"), Files(FILES))
    other = kept(memory, install("uv-sync"), change("/app/uv.lock", LOCK.replace("1.17.0", "1.16.0").encode()))
    assert one.locked.checksum != other.locked.checksum


VALUES = [None, True, 1, -1, 1.5, "", "x", [], ["x"], [1], {}, {"x": 1}, [["x"] * 10], [["read", "/etc/passwd", ""]]]


@given(st.data())
def test_a_damaged_value_is_gathered_anew_or_has_fields_of_the_right_kinds(data):
    memory = Memory()
    kept(memory, install(), Files(FILES))
    ((key, text),) = memory.values.items()
    content = json.loads(text)
    holder, place = data.draw(st.sampled_from(list(_places(content))))
    holder[place] = data.draw(st.sampled_from(VALUES))
    memory.values[key] = json.dumps(content).encode()
    found = kept(memory, install(), Files(FILES))
    for requirement in (*found.requirements, *found.constraints, *found.overrides):
        assert type(requirement.name) is str
        assert all(type(text) is str for text in (*requirement.extras, *requirement.hashes, *requirement.parents))
        assert all(type(number) is int for number in requirement.span[1:])
    assert all(type(entry.message) is str for entry in (*found.missing, *found.bad, *found.unreadable))
    assert all(type(path) is str for path in found.read)


def _places(value):
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in entries:
        yield value, key
        yield from _places(inner)


@pytest.mark.parametrize("text", [b"", b"[", b"\xff", b"{}", b"[[]]", b"[" * 100_000, b"null", b"[[], false]"])
def test_what_is_no_text_of_needs_is_gathered_anew(text):
    memory = Memory()
    first = kept(memory, install(), Files(FILES))
    memory.values = dict.fromkeys(memory.values, text)
    assert kept(memory, install(), Files(FILES)) == first
