"""Wheels read whole and by ranges."""

import json
from collections.abc import Callable, Mapping, Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fromlint.system.shared import (
    EDITION,
    TAIL,
    Load,
    Refused,
    WheelLibraries,
    from_bytes,
    from_json,
    from_ranges,
    to_json,
)

Elf = Callable[..., bytes]
Wheel = Callable[[Mapping[str, bytes | str]], bytes]
SO = ".cpython-312-x86_64-linux-gnu.so"


def read(data: bytes, **options: int) -> WheelLibraries:
    found = from_bytes(data, **options)
    assert isinstance(found, WheelLibraries), found
    return found


def test_what_comes_from_elsewhere(elf: Elf, wheel: Wheel) -> None:
    data = wheel(
        {
            f"demo{SO}": elf(["libpq-1a2b.so.5", "libodbc.so.2", "libc.so.6", "libm.so.6", "ld-linux-x86-64.so.2"]),
            "demo.libs/libpq-1a2b.so.5": elf(["libz.so.1", "libpthread.so.0", "libcuda.so.1"], "libpq-1a2b.so.5"),
        }
    )
    assert read(data) == WheelLibraries(
        (Load("libodbc.so.2", f"demo{SO}", True), Load("libz.so.1", "demo.libs/libpq-1a2b.so.5", True)),
        ("demo" + SO, "libpq-1a2b.so.5"),
        True,
    )


def test_musl(elf: Elf, wheel: Wheel) -> None:
    assert read(wheel({"demo.so": elf(["libc.musl-x86_64.so.1", "libstdc++.so.6"])})).needed == (
        Load("libstdc++.so.6", "demo.so", True),
    )


def test_a_library_by_its_soname(elf: Elf, wheel: Wheel) -> None:
    data = wheel({"demo.so": elf(["libc10.so"]), "demo/lib/libc10-x.so.1": elf((), "libc10.so")})
    assert read(data).needed == ()
    assert "libc10.so" in read(data).provided


def test_what_the_import_loads(elf: Elf, wheel: Wheel) -> None:
    files = {
        "pkg/__init__.py": "from ._core import x\ntry:\n    from . import _sound\nexcept ImportError:\n    pass\n",
        "pkg/_core.so": elf(["libcore.so.1"]),
        "pkg/_sound.so": elf(["libasound.so.2"]),
        "pkg/_other.so": elf(["libother.so.1"]),
        "pkg/qt/plugins/libxcb.so": elf(["libX11.so.6"]),
    }
    answers = {load.soname: load.at_import for load in read(wheel(files)).needed}
    assert answers == {"libcore.so.1": True, "libasound.so.2": False, "libother.so.1": False, "libX11.so.6": False}
    files["pkg/__init__.py"] += "import importlib\n"
    answers = {load.soname: load.at_import for load in read(wheel(files)).needed}
    assert answers == {"libcore.so.1": True, "libasound.so.2": False, "libother.so.1": None, "libX11.so.6": False}


def test_libraries_that_are_opened_by_their_path(elf: Elf, wheel: Wheel) -> None:
    """As lightgbm does: no module that Python imports, and ctypes at import."""
    files: dict[str, bytes | str] = {
        "pkg/__init__.py": "from . import basic\n",
        "pkg/basic.py": "import ctypes\n_LIB = ctypes.cdll.LoadLibrary('lib/lib_pkg.so')\n",
        "pkg/lib/lib_pkg.so": elf(["libgomp.so.1"]),
    }
    assert [load.at_import for load in read(wheel(files)).needed] == [True]
    # Beside extension modules it may be a part that only some use.
    assert [load.at_import for load in read(wheel({**files, f"pkg/_core{SO}": elf(())})).needed] == [None]
    files["pkg/__init__.py"] = "def use():\n    from . import basic\n"
    assert [load.at_import for load in read(wheel(files)).needed] == [False]


def test_the_beginning_of_a_module_that_is_too_long(elf: Elf, wheel: Wheel) -> None:
    """As SWIG writes it: the extension module is imported first, then come megabytes of classes."""
    classes = "".join(f"class C{number}:\n    def f(self):\n        return {number}\n" for number in range(10_000))
    start = 'if __package__ or "." in __name__:\n    from . import _core\nelse:\n    import _core\n'
    files = {
        "pkg/__init__.py": start + classes + "from . import _other\n",
        f"pkg/_core{SO}": elf(["libcore.so.1"]),
        f"pkg/_other{SO}": elf(["libother.so.1"]),
    }
    answers = {load.soname: load.at_import for load in read(wheel(files)).needed}
    assert answers == {"libcore.so.1": True, "libother.so.1": None}


def test_a_pure_wheel(wheel: Wheel) -> None:
    assert read(wheel({"pkg/__init__.py": ""})) == WheelLibraries((), (), True)


def test_within_a_limit_the_own_modules_come_first(elf: Elf, wheel: Wheel) -> None:
    noise = "".join(f"{number * 7919 % 65_521:x}" for number in range(20_000)).encode()
    data = wheel({"demo.so": elf(["libodbc.so.2", "libbig.so"]), "demo.libs/libbig.so": elf(["libz.so.1"]) + noise})
    found = read(data, limit=2_000)
    assert found.needed == (Load("libodbc.so.2", "demo.so", True),)
    assert not found.complete
    assert read(data).complete
    assert read(data, limit=0) == WheelLibraries((), ("demo.so", "libbig.so"), False)


def test_a_module_may_take_all_of_the_limit(elf: Elf, wheel: Wheel) -> None:
    noise = "".join(f"{number * 7919 % 65_521:x}" for number in range(20_000)).encode()
    data = wheel(
        {"demo.so": elf(["libodbc.so.2", "libbig.so"]) + noise, "demo.libs/libbig.so": elf(["libz.so.1"]) + noise}
    )
    found = read(data, limit=len(data) * 7 // 10)
    assert found.needed == (Load("libodbc.so.2", "demo.so", True),)
    assert not found.complete


def test_by_ranges(elf: Elf, wheel: Wheel) -> None:
    data = wheel(
        {"pkg/__init__.py": "from . import a\n" + "# x\n" * 40_000, "pkg/a.so": elf(["libodbc.so.2"]) + bytes(300_000)}
    )
    calls: list[Sequence[tuple[int, int]]] = []

    def ranges(parts: Sequence[tuple[int, int]]) -> list[bytes | None]:
        calls.append(parts)
        return [data[start:end] for start, end in parts]

    tail = data[-200:]
    assert from_ranges(ranges, tail, len(data)) == from_bytes(data)
    assert len(calls) <= 4
    assert from_ranges(ranges, data[-TAIL:], len(data)) == from_bytes(data)


def test_parts_that_cannot_be_had(elf: Elf, wheel: Wheel) -> None:
    data = wheel({"demo.so": elf(["libodbc.so.2"])})
    found = from_ranges(lambda parts: [None for _ in parts], data[-300:], len(data))
    assert found == WheelLibraries((), ("demo.so",), False)
    assert isinstance(from_ranges(lambda parts: [None for _ in parts], data[-30:], len(data)), Refused)


def test_bombs_are_not_unpacked(elf: Elf, wheel: Wheel, monkeypatch: pytest.MonkeyPatch) -> None:
    from fromlint.system.shared import wheels

    monkeypatch.setattr(wheels, "_LARGEST_UNPACKED", 100_000)
    found = read(wheel({"demo.so": elf(["libodbc.so.2"]) + bytes(10_000_000)}))
    assert found == WheelLibraries((), ("demo.so",), False)


def test_there_and_back() -> None:
    found = WheelLibraries((Load("a", "b", None), Load("c", "d", False)), ("e",), False)
    assert from_json(to_json(found)) == found
    assert from_json(to_json(Refused("no"))) == Refused("no")
    value = json.loads(to_json(found))
    for key, other in (("edition", EDITION + 1), ("needed", [[1]]), ("needed", 3), ("provided", None)):
        assert from_json(json.dumps({**value, key: other}).encode()) is None


@given(st.binary(max_size=100))
def test_hostile_cache(data: bytes) -> None:
    assert from_json(data) is None


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.lists(st.tuples(st.integers(0, 2_000), st.integers(0, 255)), max_size=10))
def test_damaged_wheels(elf: Elf, wheel: Wheel, changes: list[tuple[int, int]]) -> None:
    data = bytearray(wheel({"pkg/__init__.py": "from . import a", "pkg/a.so": elf(["libodbc.so.2"])}))
    for place, value in changes:
        data[place % len(data)] = value
    assert isinstance(from_bytes(bytes(data)), WheelLibraries | Refused)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_hostile_bytes(data: bytes) -> None:
    assert isinstance(from_bytes(data + b"PK\x05\x06" + data), WheelLibraries | Refused)
