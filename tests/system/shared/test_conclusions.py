"""Libraries by the data's names, and whether a stage has them."""

from fromlint.model.environment import Environment, Python
from fromlint.system.needs import to_run
from fromlint.system.shared import Load, WheelLibraries, absent, libraries_from
from fromlint.system.state import State

SLIM = Environment(
    True,
    None,
    "python:3.12-slim-bookworm",
    distro="debian",
    family="debian",
    release="12",
    codename="bookworm",
    python=Python("3.12.13", "cpython", "/usr/local", "26.1", False),
    packages=frozenset({"libc6", "libstdc++6", "zlib1g"}),
)
ALPINE = SLIM._replace(distro="alpine", family="alpine", release="3.22", codename=None, packages=frozenset({"musl"}))


def found(*loads: Load) -> WheelLibraries:
    return WheelLibraries(loads, (), True)


def test_names_and_packages() -> None:
    libraries = libraries_from(
        found(Load("libodbc.so.2", "pyodbc.so", True), Load("libstdc++.so.6", "pyodbc.so", True)), "pyodbc", SLIM
    )
    assert [(one.capability, one.packages, one.certain) for one in libraries] == [
        ("unixodbc", ("libodbc2",), True),
        ("soname:libstdc++.so.6", ("libstdc++6",), True),
    ]
    assert "pyodbc" in libraries[0].source
    assert to_run(absent(libraries, State.of(SLIM)), SLIM) == ("libodbc2",)


def test_by_capability_where_no_archive_is_known() -> None:
    libraries = libraries_from(found(Load("libodbc.so.2", "pyodbc.so", True)), "pyodbc", ALPINE)
    assert libraries[0].packages == ("unixodbc",)
    assert absent(libraries, State.of(ALPINE)) == libraries
    assert absent(libraries, State.of(ALPINE._replace(packages=frozenset({"musl", "unixodbc"})))) == ()


def test_what_nobody_knows_is_not_absent() -> None:
    libraries = libraries_from(found(Load("libunheard.so.1", "x.so", True)), "x", SLIM)
    assert libraries[0].packages == ()
    assert not libraries[0].certain
    assert absent(libraries, State.of(SLIM)) == ()


def test_what_another_wheel_of_the_closure_brings() -> None:
    assert (
        libraries_from(found(Load("libtorch.so", "torchvision/_C.so", True)), "torchvision", SLIM, {"libtorch.so"})
        == ()
    )


def test_whether_the_import_loads_it() -> None:
    loads = (
        Load("liba.so", "pkg/a.so", None),
        Load("libb.so", "pkg/b.so", False),
        Load("libodbc.so.2", "pkg/c.so", True),
    )
    assert [one.at_import for one in libraries_from(found(*loads), "pkg", SLIM)] == [False, False, True]


def test_what_may_be_loaded_is_not_certain() -> None:
    (maybe, later) = libraries_from(
        found(Load("libodbc.so.2", "pkg/a.so", None), Load("libpq.so.5", "pkg/b.so", False)), "pkg", SLIM
    )
    assert (maybe.at_import, maybe.certain) == (False, False)
    assert (later.at_import, later.certain) == (False, True)
