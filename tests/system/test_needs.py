from collections.abc import Callable

import pytest

from fromlint.model.build import Event, PackagesAdded, ToolFetched
from fromlint.model.environment import Environment, Python
from fromlint.model.place import Span
from fromlint.model.project import OldRust
from fromlint.system import needs
from fromlint.system.state import State

SPAN = Span("Dockerfile", 2, 1, 2, 9)
Add = Callable[..., PackagesAdded]
Image = Callable[..., Environment]


def build(name: str, version: str | None, environment: Environment) -> needs.BuildNeeds:
    found = needs.build_needs(name, version, environment, environment.python)
    assert found is not None
    return found


def lacking(name: str, version: str, environment: Environment, *events: Event) -> tuple[str, ...]:
    state = State.of(environment)
    for event in events:
        state = state.after(event)
    return needs.missing(build(name, version, environment), state, environment)


@pytest.mark.parametrize(
    ("name", "version", "packages"),
    [
        ("psycopg2", "2.9.10", ("gcc", "libc6-dev", "libpq-dev")),
        ("mysqlclient", "2.1.1", ("gcc", "default-libmysqlclient-dev")),
        ("mysqlclient", "2.2.7", ("gcc", "pkg-config", "default-libmysqlclient-dev")),
        ("lxml", "5.3.0", ("gcc", "libxslt1-dev", "zlib1g-dev")),
        ("numpy", "2.1.0", ("g++",)),
        ("psutil", "6.0.0", ("gcc", "libc6-dev")),
        ("bcrypt", "3.2.2", ("gcc", "libc6-dev", "libffi-dev")),
        ("osqp", "1.0.0", ("g++", "git")),
        ("levenshtein", "0.27.0", ("g++",)),
        ("lightgbm", "4.6.0", ("g++",)),
        ("markupsafe", "3.0.2", ()),
        ("psycopg", "3.2.0", ()),
        ("pycares", "5.0.1", ("gcc", "libc6-dev", "make", "cmake")),  # its setup.py runs the system's
        ("pycairo", "1.28.0", ("gcc", "libcairo2-dev")),  # which brings pkgconf
    ],
)
def test_all_that_a_slim_image_lacks_in_order(
    slim: Environment, name: str, version: str, packages: tuple[str, ...]
) -> None:
    assert lacking(name, version, slim) == packages


@pytest.mark.parametrize(
    ("name", "version", "packages"),
    [
        ("psycopg2", "2.9.10", ("gcc", "musl-dev", "libpq-dev")),
        ("mysqlclient", "2.2.7", ("gcc", "musl-dev", "mariadb-connector-c-dev")),
        ("lxml", "5.3.0", ("gcc", "musl-dev", "libxml2-dev", "libxslt-dev", "zlib-dev")),
        ("psutil", "6.0.0", ("gcc", "musl-dev", "linux-headers")),
        ("numpy", "2.1.0", ("g++",)),
    ],
)
def test_all_that_alpine_lacks(alpine: Environment, name: str, version: str, packages: tuple[str, ...]) -> None:
    found = lacking(name, version, alpine)
    assert tuple(package for package in found if package != "pkgconf") == packages


def test_what_is_there_is_left_out(slim: Environment, add: Add) -> None:
    assert lacking("psycopg2", "2.9.10", slim, add("gcc")) == ("libc6-dev", "libpq-dev")
    assert lacking("psycopg2", "2.9.10", slim, add("build-essential")) == ("libpq-dev",)
    assert lacking("psycopg2", "2.9.10", slim, add("gcc", "libc6-dev", "libpq-dev")) == ()


def test_every_names_all_of_it_whatever_is_there(slim: Environment) -> None:
    assert needs.every(build("psycopg2", "2.9.10", slim), slim) == ("gcc", "libc6-dev", "libpq-dev")


def test_nothing_is_missing_where_nothing_is_known() -> None:
    unknown = Environment(False, "never seen", "registry.corp/x")
    wanted = build("psycopg2", "2.9.10", unknown)
    assert needs.missing(wanted, State.of(unknown), unknown) == ()
    assert needs.unsure(wanted, State.of(unknown)) == ("c-compiler", "libpq")


def test_a_package_that_nobody_described(slim: Environment) -> None:
    assert needs.build_needs("nobody-described-this", "1.0", slim, slim.python) is None
    assert needs.runtime_needs("nobody-described-this", "1.0", "wheel", slim, ()) == ()
    assert not needs.described("nobody-described-this")


def test_names_are_normalised(slim: Environment) -> None:
    assert needs.described("ruamel-yaml-clib")
    assert needs.described("rpi-gpio")


@pytest.mark.parametrize(
    ("distro", "release", "python", "headers"),
    [
        ("debian", "bookworm", "3.11.2", "python3-dev"),
        ("debian", "bookworm", "3.12.1", "python3.12-dev"),
        ("ubuntu", "24.04", "3.12", "python3-dev"),
        ("alpine", "3.24", "3.14.5", "python3-dev"),
        ("rocky", "9", "3.12", "python3.12-devel"),
    ],
)
def test_the_distributions_python_needs_its_headers(
    make_image: Image, distro: str, release: str, python: str, headers: str
) -> None:
    interpreter = Python(python, "cpython", "/usr", None, True)
    environment = make_image(distro, release, python=interpreter, packages=frozenset({"libc6"}))
    assert headers in lacking("psycopg2", "2.9.10", environment)


def test_a_python_in_usr_local_has_its_headers(slim: Environment) -> None:
    assert "python-headers" not in build("psycopg2", "2.9.10", slim).needs
    assert needs.build_needs("psycopg2", "2.9.10", slim, None) is not None


def test_rust_that_the_backend_fetches_is_no_need(slim: Environment) -> None:
    assert lacking("orjson", "3.11.8", slim) == ("gcc", "libc6-dev")
    assert build("orjson", "3.11.8", slim).rust == needs.Rust("1.89", True)
    # The rustc of trixie built it.
    assert build("orjson", "3.11.5", slim).rust == needs.Rust("1.85", True)


def test_the_rust_that_is_named_is_new_enough(make_image: Image) -> None:
    bookworm = make_image("debian", "bookworm", packages=frozenset({"libc6"}))
    trixie = make_image("debian", "trixie", packages=frozenset({"libc6"}))
    assert lacking("bcrypt", "5.0.0", bookworm) == ("cargo-web",)
    assert lacking("bcrypt", "5.0.0", trixie) == ("cargo",)


def test_rust_too_old(make_image: Image, add: Add) -> None:
    bookworm = make_image("debian", "bookworm", packages=frozenset({"libc6"}))
    state = State.of(bookworm)
    wanted = build("bcrypt", "5.0.0", bookworm)
    old = state.after(add("cargo", "rustc"))
    newer = ("rustc-web", "cargo-web")
    assert needs.rust_too_old(wanted, old, bookworm) == OldRust("1.63.0", "1.74", newer)
    assert needs.missing(wanted, old, bookworm) == ("cargo-web",)  # which brings rustc-web
    assert needs.rust_too_old(wanted, state.after(add("cargo-web")), bookworm) is None
    assert needs.rust_too_old(wanted, state, bookworm) is None
    assert needs.rust_too_old(wanted, old.after(ToolFetched("rustup", SPAN)), bookworm) is None
    assert needs.rust_too_old(build("bcrypt", "3.2.2", bookworm), old, bookworm) is None


def test_rust_too_old_on_alpine(make_image: Image, add: Add) -> None:
    image = make_image("alpine", "3.17", packages=frozenset({"musl"}))
    state = State.of(image).after(add("cargo", manager="apk"))
    wanted = build("orjson", "3.11.8", image)
    assert needs.rust_too_old(wanted, state, image) == OldRust("1.64.0", "1.89", ())
    assert needs.missing(wanted, state, image) == ()


def test_no_rust_of_the_release_is_new_enough(make_image: Image) -> None:
    image = make_image("alpine", "3.17", packages=frozenset({"musl"}))
    wanted = build("bcrypt", "5.0.0", image)
    assert needs.rust_too_old(wanted, State.of(image), image) == OldRust("1.64.0", "1.74", ())
    assert not {"cargo", "rust"}.intersection(needs.missing(wanted, State.of(image), image))
    # What the backend fetches by itself where there is no cargo is new enough.
    assert needs.rust_too_old(build("orjson", "3.11.8", image), State.of(image), image) is None


@pytest.mark.parametrize(
    ("name", "version", "python", "hopeless"),
    [
        ("pyyaml", "5.4.1", "3.12", True),
        ("pyyaml", "5.3.1", "3.12", False),
        ("pyyaml", "6.0.1", "3.12", False),
        ("shapely", "1.8.5.post1", "3.12", True),
        ("shapely", "1.8.5.post1", "3.11", False),
        ("aiohttp", "3.8.6", "3.12.1", True),
        ("aiohttp", "3.8.6", "3.11.9", False),
        ("aiohttp", "3.9.5", "3.12", False),
        ("greenlet", "2.0.2", "3.12", True),
        ("greenlet", "3.0.3", "3.12", False),
        ("greenlet", "3.0.3", "3.13", True),
        ("multidict", "6.0.4", "3.12", False),
        ("cffi", "1.15.1", "3.12", False),
        ("zstandard", "0.22.0", "3.12", False),
        ("zstandard", "0.22.0", "3.13", True),
        ("httptools", "0.6.1", "3.12", False),
        ("httptools", "0.6.1", "3.13", True),
        ("httptools", "0.6.4", "3.13", False),
        ("rapidfuzz", "3.10.1", "3.13", True),
        ("numpy", "1.24.4", "3.12", True),
        ("cchardet", "2.1.7", "3.11", True),
    ],
)
def test_hopeless_builds(slim: Environment, name: str, version: str, python: str, hopeless: bool) -> None:
    interpreter = Python(python, "cpython", "/usr/local", None, False)
    found = needs.build_needs(name, version, slim, interpreter)
    assert found is not None
    assert (found.hopeless is not None) is hopeless


def test_exits_from_a_hopeless_build(slim: Environment) -> None:
    assert build("pyyaml", "5.4.1", slim).exits == ("build-constraint", "no-build-isolation")
    assert build("aiohttp", "3.8.6", slim).exits == ("AIOHTTP_NO_EXTENSIONS",)
    assert build("aiohttp", "3.9.5", slim).switches == ("AIOHTTP_NO_EXTENSIONS",)


@pytest.mark.parametrize(
    ("name", "version", "release", "hopeless"),
    [
        ("gdal", "3.10.3", "trixie", False),
        ("gdal", "3.10.1", "trixie", False),
        ("gdal", "3.9.2", "trixie", True),
        ("gdal", "3.10.3", "bookworm", True),
        ("gdal", "3.6.2", "bookworm", False),
        ("confluent-kafka", "2.16.1", "trixie", True),
        ("confluent-kafka", "2.8.0", "trixie", False),
        ("pygobject", "3.52.0", "bookworm", True),
        ("pygobject", "3.50.0", "bookworm", False),
        ("pygobject", "3.52.0", "trixie", False),
        ("pyarrow", "20.0.0", "trixie", True),
        ("psycopg2", "2.6.2", "bookworm", True),
        ("psycopg2", "2.7.7", "bookworm", False),
    ],
)
def test_what_a_release_cannot_give(make_image: Image, name: str, version: str, release: str, hopeless: bool) -> None:
    image = make_image("debian", release)
    assert (build(name, version, image).hopeless is not None) is hopeless


def test_versions_change_the_kind(slim: Environment) -> None:
    assert build("python-snappy", "0.7.3", slim).kind == "pure"
    assert build("python-snappy", "0.6.1", slim).kind == "native"
    assert build("reportlab", "3.6.13", slim).needs == ("c-compiler",)


@pytest.mark.parametrize(
    ("name", "version", "fallback"),
    [
        ("msgpack", "1.0.5", True),
        ("msgpack", "1.0.7", False),
        ("msgpack", "1.1.0", False),
        ("setproctitle", "1.2.3", False),
        ("setproctitle", "1.3.2", True),
        ("jellyfish", "0.9.0", True),
        ("jellyfish", "0.11.0", False),
    ],
)
def test_versions_that_do_without_a_compiler(slim: Environment, name: str, version: str, fallback: bool) -> None:
    assert build(name, version, slim).fallback is fallback


def test_hearsay_is_not_certain(slim: Environment) -> None:
    assert build("psycopg2", "2.9.10", slim).certain
    assert not build("pillow-heif", "0.22.0", slim).certain
    assert not build("hdbscan", "0.8.40", slim).certain


def test_alternatives() -> None:
    assert needs.alternative("psycopg2") == ("psycopg2-binary", "psycopg[binary]")
    assert needs.alternative("opencv-python") == ("opencv-python-headless",)
    assert needs.alternative("nobody-described-this") == ()


@pytest.mark.parametrize(
    ("scheme", "tool"), [("git+https", "git"), ("git+ssh", "git"), ("hg+http", "mercurial"), ("https", None)]
)
def test_version_control_tools(scheme: str, tool: str | None) -> None:
    assert needs.vcs_tool(scheme) == tool


# --- to run -----------------------------------------------------------------------------------------------------


def running(name: str, version: str, kind: str, environment: Environment, *others: str) -> tuple[str, ...]:
    libraries = needs.runtime_needs(name, version, kind, environment, {name, *others})
    return needs.to_run(needs.absent(libraries, State.of(environment)), environment)


@pytest.mark.parametrize(
    ("name", "version", "kind", "packages"),
    [
        ("lightgbm", "4.6.0", "wheel", ("libgomp1",)),
        ("opencv-python", "4.10.0.84", "wheel", ("libgl1", "libglib2.0-0t64")),
        ("opencv-python-headless", "4.10.0.84", "wheel", ()),
        ("opencv-python-headless", "4.13.0.90", "wheel", ("libxcb1",)),
        ("psycopg", "3.2.0", "wheel", ("libpq5",)),
        ("psycopg2", "2.9.10", "compiled", ("libpq5",)),
        ("psycopg2", "2.9.10", "wheel", ()),
        ("lightgbm", "4.6.0", "compiled", ("libgomp1",)),
        ("pyodbc", "5.2.0", "wheel", ("libodbc2",)),
        ("pyodbc", "4.0.34", "wheel", ()),
        ("rasterio", "1.4.3", "wheel", ("libexpat1",)),
        ("rasterio", "1.3.9", "wheel", ()),
        ("implicit", "0.7.3", "wheel", ("libgomp1",)),
        ("soundfile", "0.13.1", "wheel", ()),
        ("soundfile", "0.13.1", "any", ("libsndfile1",)),
        ("numpy", "2.1.0", "compiled", ()),
        ("mysqlclient", "2.2.7", "compiled", ("libmariadb3",)),
    ],
)
def test_what_slim_lacks_at_run_time(
    slim: Environment, name: str, version: str, kind: str, packages: tuple[str, ...]
) -> None:
    assert running(name, version, kind, slim) == packages


def test_another_distribution_brings_the_library(slim: Environment) -> None:
    assert running("psycopg", "3.2.0", "wheel", slim, "psycopg-binary") == ()


def test_cxx_compiled_on_alpine_needs_its_runtime(alpine: Environment) -> None:
    assert running("numpy", "2.1.0", "compiled", alpine) == ("libstdc++",)
    libraries = needs.runtime_needs("numpy", "2.1.0", "compiled", alpine, ())
    assert libraries[0].packages == ("libstdc++", "libgcc")
    assert running("numpy", "2.1.0", "wheel", alpine) == ()


def test_what_rust_compiled_on_alpine_calls_no_compiler(alpine: Environment) -> None:
    (library,) = needs.runtime_needs("bcrypt", "4.2.1", "compiled", alpine, ())
    assert (needs.programs(library), needs.called(library)) == ((), ("libgcc",))


def test_what_is_called_later_is_told_apart(slim: Environment) -> None:
    (library,) = needs.runtime_needs("pydub", "0.25.1", "wheel", slim, ())
    assert not library.at_import
    (library,) = needs.runtime_needs("lightgbm", "4.6.0", "wheel", slim, ())
    assert library.at_import
    assert library.sonames == ("libgomp.so.1",)
    assert library.certain


def test_a_compiled_fallback_loads_nothing(alpine: Environment) -> None:
    assert needs.runtime_needs("pyyaml", "6.0.2", "compiled", alpine, ()) == ()


def test_the_stage_may_have_it_from_elsewhere(slim: Environment, add: Add) -> None:
    state = State.of(slim).after(add("postgresql-client"))
    assert needs.absent(needs.runtime_needs("psycopg2", "2.9.10", "compiled", slim, ()), state) == ()


def test_of_what_a_module_was_built_with_the_main_library_is_enough(slim: Environment, add: Add) -> None:
    """Of suitesparse's many libraries cvxopt may load one, and an image may hold no other."""
    loaded = needs.runtime_needs("gmpy2", "2.2.1", "compiled", slim, ())
    library = next(each for each in loaded if each.capability == "mpfr-mpc" and each.linked)
    assert library.packages[:1] == ("libmpc3",)
    assert needs.absent([library], State.of(slim)) == (library,)
    with_one = State.of(slim)._replace(base=slim.packages | {"libmpc3"})
    assert needs.absent([library], with_one) == ()
    # What a wheel is known to load is all of it.
    assert needs.absent([library._replace(linked=False)], with_one) == (library._replace(linked=False),)


@pytest.mark.parametrize(("name", "asker"), [("gitpython", "streamlit"), ("python-magic", "unstructured")])
def test_what_is_imported_in_a_try_is_not_needed_at_import(slim: Environment, name: str, asker: str) -> None:
    (alone,) = needs.runtime_needs(name, "3.0", "any", slim, {name})
    (asked,) = needs.runtime_needs(name, "3.0", "any", slim, {name, asker})
    assert (alone.at_import, asked.at_import) == (True, False)


@pytest.mark.parametrize(
    ("distro", "release"),
    [
        ("debian", "bullseye"),
        ("debian", "bookworm"),
        ("debian", "trixie"),
        ("ubuntu", "noble"),
        ("alpine", "3.20"),
        ("alpine", "3.24"),
        ("rhel", "9"),
    ],
)
def test_several_builds_together_lack_no_more_than_the_largest(make_image: Image, distro: str, release: str) -> None:
    image = make_image(distro, release, packages=frozenset({"libc6"}))
    cxx, c = (needs.install([word], image) for word in ("cxx-compiler", "c-compiler"))
    assert cxx
    assert needs.fewest((*c, *cxx), image) == needs.fewest((*cxx, *c), image) == cxx


def test_what_others_bring_under_another_name_is_not_named(slim: Environment) -> None:
    lists = (
        ("gcc", "libc6-dev", "libpq-dev"),
        ("gcc", "libcairo2-dev"),
        ("gcc", "pkg-config", "default-libmysqlclient-dev"),
    )
    together = [name for names in lists for name in names]
    assert needs.fewest(together, slim) == ("gcc", "libpq-dev", "libcairo2-dev", "default-libmysqlclient-dev")
    assert needs.fewest(["git", "ca-certificates"], slim) == ("git", "ca-certificates")
    assert needs.fewest(["gcc", "libc6-dev", "pkg-config"], slim) == ("gcc", "libc6-dev", "pkg-config")
