"""Dynamic sections read."""

import sys
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from fromlint.system.shared.elf import Dynamic, dynamic

Elf = Callable[..., bytes]


@pytest.mark.parametrize("wide", [True, False])
@pytest.mark.parametrize("order", ["<", ">"])
def test_needed_and_soname(elf: Elf, wide: bool, order: str) -> None:
    data = elf(["libpq.so.5", "libc.so.6"], "libdemo.so.1", wide=wide, order=order)
    assert dynamic(data) == Dynamic(("libpq.so.5", "libc.so.6"), "libdemo.so.1")
    assert dynamic(elf(wide=wide, order=order)) == Dynamic((), None)


@pytest.mark.skipif(sys.platform != "linux", reason="reads the running interpreter's own file")
def test_a_real_file() -> None:
    with open("/proc/self/exe", "rb") as source:
        found = dynamic(source.read())
    assert found is not None
    assert any(name.startswith("libc.") for name in found.needed)


@pytest.mark.parametrize(
    "data", [b"", b"\x7fELF", b"MZ" * 100, b"\x7fELF\x03\x01" + bytes(100), b"\x7fELF\x02\x01" + bytes(100)]
)
def test_what_is_no_shared_object(data: bytes) -> None:
    assert dynamic(data) is None


def test_cut_short(elf: Elf) -> None:
    data = elf(["libpq.so.5"])
    for length in range(len(data)):
        found = dynamic(data[:length])
        assert found is None or set(found.needed) <= {"libpq.so.5"}


def test_names_that_are_none(elf: Elf) -> None:
    assert dynamic(elf(["lib\x1b[31m.so", "libgood.so.1"])) == Dynamic(("libgood.so.1",), None)
    assert dynamic(elf(["l" * 1_000, "libgood.so.1"])) == Dynamic(("libgood.so.1",), None)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(changes=[(135, 128)], wide=True)
@example(changes=[(39, 128)], wide=True)
@given(changes=st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), max_size=10), wide=st.booleans())
def test_files_that_lie(elf: Elf, changes: list[tuple[int, int]], wide: bool) -> None:
    data = bytearray(elf(["libpq.so.5", "libssl.so.3"], "libdemo.so", wide=wide))
    for place, value in changes:
        data[place % len(data)] = value
    found = dynamic(bytes(data))
    assert found is None or len(found.needed) <= 512


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=600))
def test_hostile_bytes(data: bytes) -> None:
    dynamic(b"\x7fELF\x02\x01" + data)
    dynamic(data)
