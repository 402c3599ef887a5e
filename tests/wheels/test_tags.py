"""Ranked tags against packaging, which is told another libc, CPU and Python than this machine's."""

import sys
import sysconfig
from collections.abc import Callable, Iterator

import pytest
from packaging import _manylinux
from packaging import tags as oracle

from fromlint.model.environment import Environment, Python
from fromlint.wheels import tags

Machine = Callable[[str, tuple[int, int], str], list[str]]


def environment(
    python: str = "3.12.4",
    *,
    libc: str | None = "glibc",
    libc_version: str | None = "2.36",
    implementation: str = "cpython",
    pip: str | None = "26.3",
    free_threaded: bool = False,
) -> Environment:
    own = Python(python, implementation, "/usr/local", pip, False, free_threaded)
    return Environment(True, None, "python:test", libc=libc, libc_version=libc_version, python=own)


def _expected(
    python: tuple[int, int], abis: list[str], platforms: list[str], implementation: str = "cp"
) -> Iterator[str]:
    interpreter = f"{implementation}{python[0]}{python[1]}"
    if implementation == "cp":
        own = oracle.cpython_tags(python, abis, platforms)
    else:
        own = oracle.generic_tags(interpreter, abis, platforms)
    seen: dict[str, None] = {}
    for tag in (*own, *oracle.compatible_tags(python, interpreter, platforms)):
        seen[str(tag)] = None
    return iter(seen)


@pytest.mark.parametrize(
    ("platform", "architecture"),
    [
        ("linux/amd64", "x86_64"),
        ("linux/arm64", "aarch64"),
        ("linux/arm/v7", "armv7l"),
        ("linux/arm/v6", "armv6l"),
        ("linux/386", "i686"),
        ("linux/ppc64le", "ppc64le"),
        ("linux/s390x", "s390x"),
        ("linux/riscv64", "riscv64"),
    ],
)
@pytest.mark.parametrize(
    ("libc", "version"),
    [("glibc", "2.36"), ("glibc", "2.41"), ("glibc", "2.17"), ("glibc", "2.10"), ("musl", "1.2"), ("musl", "1.1")],
)
@pytest.mark.parametrize(
    ("python", "free_threaded", "abis"),
    [
        ("2.7.18", False, ["cp27mu"]),
        ("3.12.4", False, ["cp312"]),
        ("3.7.17", False, ["cp37m"]),
        ("3.14.0", True, ["cp314t"]),
    ],
)
def test_tags_are_ranked_as_packaging_ranks_them(
    platform: str,
    architecture: str,
    libc: str,
    version: str,
    python: str,
    free_threaded: bool,
    abis: list[str],
    machine: Machine,
) -> None:
    major, minor = map(int, version.split("."))
    ours = tags.tags(
        environment(python, libc=libc, libc_version=version, free_threaded=free_threaded), platform, ignore_pip=False
    )
    numbers = tuple(map(int, python.split(".")[:2]))
    theirs = _expected((numbers[0], numbers[1]), abis, machine(libc, (major, minor), architecture))
    assert list(ours) == list(theirs)
    assert list(ours.values()) == list(range(len(ours)))


def test_a_machine_that_says_armv8l_takes_the_same_published_tags(machine: Machine) -> None:
    assert [tag for tag in machine("glibc", (2, 36), "armv8l") if "armv7l" in tag] == machine(
        "glibc", (2, 36), "armv7l"
    )


def test_pypy_has_tags_of_its_own(machine: Machine) -> None:
    ours = tags.tags(environment("3.10.14", implementation="pypy"), "linux/amd64", ignore_pip=False)
    theirs = _expected((3, 10), ["pypy310_pp73"], machine("glibc", (2, 36), "x86_64"), "pp")
    assert list(ours) == list(theirs)


@pytest.mark.skipif(sys.platform != "linux", reason="compares with this very machine")
def test_this_machine_takes_what_packaging_says_of_it() -> None:
    glibc = _manylinux._glibc_version_string()
    platform = {"x86_64": "linux/amd64", "aarch64": "linux/arm64"}.get(sysconfig.get_platform().removeprefix("linux-"))
    if glibc is None or platform is None:
        pytest.skip("not a machine whose tags are compared")
    python = ".".join(map(str, sys.version_info[:3]))
    ours = tags.tags(environment(python, libc_version=glibc), platform, ignore_pip=True)
    assert list(ours) == [str(tag) for tag in dict.fromkeys(oracle.sys_tags())]


@pytest.mark.parametrize(
    ("pip", "tag", "known"),
    [
        ("20.2.4", "cp39-cp39-manylinux_2_17_x86_64", False),
        ("20.2.4", "cp39-cp39-manylinux2014_x86_64", True),
        ("20.3", "cp39-cp39-manylinux_2_17_x86_64", True),
        ("19.2", "cp39-cp39-manylinux2014_x86_64", False),
        ("18.1", "cp39-cp39-manylinux2010_x86_64", False),
        ("18.1", "cp39-cp39-manylinux1_x86_64", True),
        (None, "cp39-cp39-manylinux_2_17_x86_64", True),
        ("", "cp39-cp39-manylinux_2_17_x86_64", True),
    ],
)
def test_an_old_pip_does_not_know_every_tag(pip: str | None, tag: str, known: bool) -> None:
    old = environment("3.9.18", pip=pip)
    assert (tag in tags.tags(old, "linux/amd64", ignore_pip=False)) is known
    assert tag in tags.tags(old, "linux/amd64", ignore_pip=True)


def test_musllinux_needs_pip_21_2() -> None:
    tag = "cp39-cp39-musllinux_1_1_x86_64"
    for pip, known in (("21.1.3", False), ("21.2", True)):
        alpine = environment("3.9.18", libc="musl", libc_version="1.2", pip=pip)
        assert (tag in tags.tags(alpine, "linux/amd64", ignore_pip=False)) is known


def test_riscv64_and_free_threaded_need_pip_24_1_and_abi3t_26_1() -> None:
    for pip, known in (("24.0", False), ("24.1", True)):
        assert (
            "cp312-cp312-manylinux_2_36_riscv64" in tags.tags(environment(pip=pip), "linux/riscv64", ignore_pip=False)
        ) is known
        threaded = environment("3.13.1", free_threaded=True, pip=pip)
        assert ("cp313-cp313t-manylinux_2_36_x86_64" in tags.tags(threaded, "linux/amd64", ignore_pip=False)) is known
    for pip, known in (("26.0", False), ("26.1", True)):
        threaded = environment("3.15.0", free_threaded=True, pip=pip)
        assert ("cp315-abi3t-manylinux_2_36_x86_64" in tags.tags(threaded, "linux/amd64", ignore_pip=False)) is known


def test_pip_26_3_ranks_linux_before_manylinux() -> None:
    plain, many = "cp312-cp312-linux_x86_64", "cp312-cp312-manylinux_2_36_x86_64"
    newer = tags.tags(environment(pip="26.3"), "linux/amd64", ignore_pip=False)
    older = tags.tags(environment(pip="26.2"), "linux/amd64", ignore_pip=False)
    assert newer[plain] < newer[many]
    assert older[plain] > older[many]


def test_named_platforms_stand_for_themselves_as_in_pip() -> None:
    from pip._internal.utils.compatibility_tags import get_supported

    for names in (["musllinux_1_2_x86_64"], ["manylinux2014_x86_64", "linux_x86_64"], ["manylinux2014_aarch64"]):
        found = tags.target(
            environment(), "linux/amd64", ignore_pip=False, platforms=names, python_version="3.11", implementation="cp"
        )
        assert isinstance(found, tags.Target)
        theirs = dict.fromkeys(map(str, get_supported("311", names, "cp", ["cp311"])))
        assert list(tags.ranking(found).ranks) == list(theirs)


@pytest.mark.parametrize(
    "unknown",
    [
        environment()._replace(python=None),
        environment(libc=None),
        environment(libc_version=None),
        environment("3"),
        environment("banana"),
        environment(implementation="ironpython"),
    ],
)
def test_what_is_not_known_of_the_image_is_said(unknown: Environment) -> None:
    assert isinstance(tags.target(unknown, "linux/amd64", ignore_pip=False), str)
    assert tags.tags(unknown, "linux/amd64", ignore_pip=False) == {}


def test_a_platform_without_wheels_is_said() -> None:
    assert isinstance(tags.target(environment(), "windows/amd64", ignore_pip=False), str)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("any", tags.PlatformTag("any", (0, 0), "")),
        ("manylinux2014_x86_64", tags.PlatformTag("glibc", (2, 17), "x86_64")),
        ("manylinux1_i686", tags.PlatformTag("glibc", (2, 5), "i686")),
        ("manylinux_2_28_aarch64", tags.PlatformTag("glibc", (2, 28), "aarch64")),
        ("musllinux_1_2_armv7l", tags.PlatformTag("musl", (1, 2), "armv7l")),
        ("linux_armv6l", tags.PlatformTag("linux", (0, 0), "armv6l")),
        ("win_amd64", tags.PlatformTag("other", (0, 0), "")),
        ("manylinux_x_y", tags.PlatformTag("other", (0, 0), "")),
        ("macosx_11_0_arm64", tags.PlatformTag("other", (0, 0), "")),
    ],
)
def test_a_platform_tag_says_what_it_asks_for(text: str, expected: tags.PlatformTag) -> None:
    assert tags.platform_tag(text) == expected


def test_the_best_of_compressed_tags_counts() -> None:
    found = tags.target(environment(), "linux/amd64", ignore_pip=False)
    assert isinstance(found, tags.Target)
    ranked = tags.ranking(found)
    both = ranked.of("cp312-cp312-manylinux_2_17_x86_64.manylinux_2_28_x86_64")
    assert both == ranked.ranks["cp312-cp312-manylinux_2_28_x86_64"]
    assert ranked.of("cp311-cp311-manylinux_2_17_x86_64") is None
    assert ranked.of(".".join(["py3"] * 100) + "-" + ".".join(["none"] * 100) + "-any") is None
