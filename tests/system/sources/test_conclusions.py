"""What an sdist's facts mean in an environment."""

from collections.abc import Callable, Mapping

import pytest

from fromlint.model.environment import Environment, Python
from fromlint.system import needs as system
from fromlint.system.sources import Rust, SdistFacts, Use, compilers, confirmed, needs_from
from fromlint.system.state import State

FACTS = SdistFacts("setuptools.build_meta", (), "yes", ("c",), ())


def conclude(facts: SdistFacts, environment: Environment, **options: object) -> system.BuildNeeds:
    return needs_from(facts, "demo", "1.0", environment, environment.python, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("languages", "wanted"),
    [
        (("c",), {"c-compiler"}),
        (("cxx",), {"cxx-compiler"}),
        (("c", "cxx"), {"cxx-compiler"}),
        (("rust",), {"rust-toolchain", "c-compiler"}),
        (("fortran",), {"fortran-compiler", "c-compiler"}),
        ((), set()),
    ],
)
def test_compilers(languages: tuple[str, ...], wanted: set[str]) -> None:
    assert set(compilers(FACTS._replace(languages=languages))) == wanted
    assert compilers(FACTS._replace(native="no")) == ()


def test_names_by_distribution(slim: Environment, alpine: Environment) -> None:
    uses = (Use("header", "zlib.h", True), Use("pkg-config", "openssl", True), Use("program", "pkg-config", True))
    needs = conclude(FACTS._replace(uses=uses), slim)
    assert needs.needs == ("c-compiler", "pkg-config", "openssl", "zlib")
    assert needs.certain
    assert "sdist of demo 1.0" in needs.source
    assert system.missing(needs, State.of(slim), slim) == ("gcc", "pkg-config", "libssl-dev", "zlib1g-dev")
    needs = conclude(FACTS._replace(uses=uses), alpine)
    assert set(system.missing(needs, State.of(alpine), alpine)) >= {"gcc", "musl-dev", "openssl-dev", "zlib-dev"}


def test_what_is_not_sure_is_optional(slim: Environment) -> None:
    needs = conclude(FACTS._replace(uses=(Use("header", "zlib.h", False),)), slim)
    assert (needs.needs, needs.optional) == (("c-compiler",), ("zlib",))


def test_packages_that_no_capability_stands_for(slim: Environment) -> None:
    needs = conclude(FACTS._replace(uses=(Use("header", "sys/acl.h", True),)), slim)
    assert needs.needs == ("c-compiler", "debian:libacl1-dev")


def test_a_bare_header_name_alone_proves_no_package(slim: Environment) -> None:
    uses = (Use("header", "errmsg.h", True),)
    assert conclude(FACTS._replace(uses=uses), slim).needs == ("c-compiler",)


def test_a_bare_header_that_bears_the_name_of_its_package(slim: Environment) -> None:
    """However short it is: berkeleydb includes db.h."""
    assert conclude(FACTS._replace(uses=(Use("header", "db.h", True),)), slim).needs == (
        "c-compiler",
        "debian:libdb5.3-dev",
    )


def test_a_header_of_another_version(slim: Environment) -> None:
    uses = (Use("header", "fuse.h", True), Use("pkg-config", "fuse3", True))
    assert conclude(FACTS._replace(uses=uses), slim).needs == ("c-compiler", "debian:libfuse3-dev")


def test_what_the_sdist_brings_is_not_asked_of_the_system(slim: Environment) -> None:
    uses = (Use("header", "zlib.h", True), Use("inside", "zconf.h", True))
    assert conclude(FACTS._replace(uses=uses), slim).needs == ("c-compiler",)
    linked = (*uses, Use("library", "z", True))
    assert conclude(FACTS._replace(uses=linked), slim).needs == ("c-compiler", "zlib")


def test_tools_of_the_index_are_no_need_of_the_system(slim: Environment) -> None:
    facts = FACTS._replace(
        requires=("cmake>=3", "ninja", "pybind11"),
        uses=(Use("program", "cmake", True), Use("header", "pybind11/pybind11.h", True)),
    )
    assert conclude(facts, slim).needs == ("c-compiler",)
    assert conclude(facts, slim._replace(platform="linux/arm/v5")).needs == ("c-compiler", "cmake", "ninja")
    assert conclude(facts._replace(requires=()), slim).needs == ("c-compiler", "make", "cmake")
    assert conclude(facts._replace(requires=("cmake",)), slim).needs == ("c-compiler", "make")


def test_pure_optional_and_unclear(slim: Environment) -> None:
    pure = conclude(FACTS._replace(native="no", languages=()), slim)
    assert (pure.kind, pure.needs) == ("pure", ())
    optional = conclude(FACTS._replace(native="optional"), slim)
    assert optional.fallback
    assert system.missing(optional, State.of(slim), slim) == ()
    assert not conclude(FACTS._replace(native="maybe"), slim).certain


def test_rust(slim: Environment) -> None:
    needs = conclude(FACTS._replace(languages=("rust",), rust=Rust("1.74", False)), slim)
    assert needs.rust == system.Rust("1.74", False)
    assert needs.needs == ("c-compiler", "rust-toolchain")
    assert conclude(FACTS._replace(languages=("rust",), rust=Rust(None, True)), slim).needs == ("c-compiler",)


def test_headers_of_the_distributions_python(slim: Environment) -> None:
    environment = slim._replace(python=Python("3.11.2", "cpython", "/usr", "23.0", True))
    needs = conclude(FACTS, environment)
    assert (needs.needs, needs.python) == (("c-compiler", "python-headers"), "3.11")


@pytest.mark.parametrize(
    ("module", "requires", "version", "hopeless"),
    [
        ("pkg_resources", (), "3.11", True),
        ("pkg_resources", (), "3.9.1", True),
        ("pkg_resources", (), "3.8.20", False),
        ("pkg_resources", ("setuptools<81",), "3.11", False),
        ("pkg_resources", ("setuptools>=40,<82",), "3.11", False),
        ("pkg_resources", ("setuptools>=40",), "3.11", True),
        ("setuptools.use_2to3", (), "3.11", True),
        ("setuptools.use_2to3", ("setuptools<58",), "3.11", False),
        ("setuptools.use_2to3", ("setuptools<82",), "3.11", True),
        ("imp", (), "3.12", True),
        ("imp", (), "3.11", False),
        ("cgi", (), "3.12", False),
        ("numpy", (), "3.11", True),
    ],
)
def test_build_scripts_that_cannot_run(
    slim: Environment, module: str, requires: tuple[str, ...], version: str, hopeless: bool
) -> None:
    environment = slim._replace(python=Python(version, "cpython", "/usr/local", "26.1", False))
    facts = FACTS._replace(uses=(Use("module", module, True),), requires=requires)
    needs = conclude(facts, environment)
    assert (needs.hopeless is not None) is hopeless
    assert conclude(facts._replace(uses=(Use("module", module, False),)), environment).hopeless is None


def test_hearsay_that_the_sdist_confirms_is_certain(slim: Environment) -> None:
    """The sdist decides which compilers there are to be; a library that either names is needed."""
    told = system.build_needs("sqlcipher3", "0.5.4", slim, slim.python)
    assert told is not None
    assert not told.certain
    read = conclude(FACTS._replace(uses=(Use("pkg-config", "openssl", True),)), slim)
    both = confirmed(told, read)
    assert (both.needs, both.certain, both.inferred) == (("c-compiler", "openssl", "sqlcipher"), True, True)
    assert both.alternatives == told.alternatives
    cxx = conclude(FACTS._replace(languages=("cxx",)), slim)
    assert confirmed(told, cxx).needs == ("cxx-compiler", "sqlcipher")


@pytest.mark.parametrize("native", ["no", "maybe"])
def test_hearsay_that_the_sdist_does_not_confirm_stays_hearsay(slim: Environment, native: str) -> None:
    told = system.build_needs("sqlcipher3", "0.5.4", slim, slim.python)
    assert told is not None
    assert confirmed(told, conclude(FACTS._replace(native=native), slim)) == told


def test_from_an_archive_to_packages(read: Callable[[Mapping[str, str]], SdistFacts], slim: Environment) -> None:
    facts = read(
        {
            "setup.py": "from setuptools import setup, Extension\n"
            "setup(ext_modules=[Extension('x', ['x.c'], libraries=['pq', 'm'])])",
            "x.c": "#include <Python.h>\n#include <libpq-fe.h>\n#ifdef _WIN32\n#include <sodium.h>\n#endif\n",
        }
    )
    needs = conclude(facts, slim)
    assert system.missing(needs, State.of(slim), slim) == ("gcc", "libc6-dev", "libpq-dev")
