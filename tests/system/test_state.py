from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fromlint.model.build import Event, PackagesAdded, PackagesKept, PackagesRemoved, ToolFetched, UserChanged
from fromlint.model.environment import Environment
from fromlint.model.place import Span
from fromlint.system.state import State

SPAN = Span("Dockerfile", 2, 1, 2, 9)
Add = Callable[..., PackagesAdded]
Remove = Callable[..., PackagesRemoved]
Keep = Callable[..., PackagesKept]
Image = Callable[..., Environment]


def after(environment: Environment, *events: Event) -> State:
    state = State.of(environment)
    for event in events:
        state = state.after(event)
    return state


def test_a_slim_image_has_no_compiler(slim: Environment) -> None:
    state = State.of(slim)
    assert state.has("c-compiler") is False
    assert state.runs("libpq") is False
    assert state.runs("openssl") is True


def test_gcc_alone_is_no_c_compiler_without_recommends(slim: Environment, add: Add) -> None:
    assert after(slim, add("gcc", recommends=False)).has("c-compiler") is False
    assert after(slim, add("gcc", recommends=True)).has("c-compiler") is True
    assert after(slim, add("gcc", recommends=None)).has("c-compiler") is True
    assert after(slim, add("gcc", "libc6-dev")).has("c-compiler") is True


def test_what_a_pattern_brings_is_not_known(slim: Environment, add: Add) -> None:
    assert after(slim, add("libpq*")).has("libpq") is None
    assert after(slim, add("libpq*")).runs("libpq") is None
    assert after(slim, add("g++")).has("libpq") is False


@pytest.mark.parametrize("name", ["build-essential", "g++"])
def test_what_brings_a_compiler_is_one(slim: Environment, add: Add, name: str) -> None:
    state = after(slim, add(name))
    assert state.has("c-compiler") is True
    assert state.has("cxx-compiler") is True


def test_other_packages_that_give_the_same(slim: Environment, add: Add) -> None:
    assert after(slim, add("libmariadb-dev")).has("mysql-client") is True
    assert after(slim, add("pkgconf")).has("pkg-config") is True
    assert after(slim, add("libcurl4-gnutls-dev")).has("libcurl") is True
    assert after(slim, add("clang", "libc6-dev")).has("c-compiler") is True


def test_what_another_package_brings_counts_at_run_time(slim: Environment, add: Add) -> None:
    assert after(slim, add("postgresql-client")).runs("libpq") is True
    assert after(slim, add("ffmpeg")).runs("libgl") is True
    assert after(slim, add("ffmpeg")).library("libGL.so.1") is True
    assert after(slim, add("curl")).library("libGL.so.1") is False


def test_a_library_that_no_data_knows_is_unknown(slim: Environment, alpine: Environment) -> None:
    assert State.of(slim).library("libnever-heard-of.so.9") is None
    assert State.of(alpine).library("libpq.so.5") is None


def test_removed_packages_are_gone_but_what_they_brought_stays(slim: Environment, add: Add, remove: Remove) -> None:
    state = after(slim, add("gcc", "libpq-dev"), remove("gcc", "libpq-dev"))
    assert state.has("libpq") is False
    assert state.runs("libpq") is True


def test_auto_remove_takes_what_was_brought(slim: Environment, add: Add, remove: Remove) -> None:
    assert after(slim, add("libpq-dev"), remove("libpq-dev", automatic=True)).runs("libpq") is False
    assert after(slim, add("libpq-dev"), remove("libpq-dev"), remove(automatic=True)).runs("libpq") is False


def test_auto_remove_leaves_what_was_asked_for(slim: Environment, add: Add, remove: Remove) -> None:
    state = after(slim, add("libpq5"), add("libpq-dev"), remove("libpq-dev", automatic=True))
    assert state.runs("libpq") is True


def test_what_needs_a_removed_package_goes_with_it(slim: Environment, add: Add, remove: Remove) -> None:
    state = after(slim, add("build-essential"), remove("gcc"))
    assert state.has("cxx-compiler") is False
    assert state.has("make") is True


def test_packages_of_the_base_can_be_removed(make_image: Image, remove: Remove) -> None:
    environment = make_image("debian", "trixie", packages=frozenset({"git", "libc6"}))
    assert after(environment, remove("git")).has("git") is False


@pytest.mark.parametrize("found", [True, False])
def test_libraries_that_are_kept_outlive_the_purge(
    slim: Environment, add: Add, remove: Remove, keep: Keep, found: bool
) -> None:
    marked = keep(found=True) if found else keep("libpq5")
    state = after(slim, add("gcc", "libc6-dev", "libpq-dev"), marked, remove("gcc", "libpq-dev", automatic=True))
    assert state.runs("libpq") is True
    assert state.has("libpq") is False
    assert state.has("c-compiler") is False or not found


def test_keeping_what_is_not_there_adds_nothing(slim: Environment, keep: Keep) -> None:
    assert after(slim, keep("libpq5")).runs("libpq") is False


def test_apk_virtual_packages(alpine: Environment, add: Add, remove: Remove) -> None:
    build = add("gcc", "musl-dev", "libpq-dev", manager="apk", virtual=".build-deps")
    state = after(alpine, build)
    assert state.has("c-compiler") is True
    assert state.has("libpq") is True
    state = state.after(remove(".build-deps", manager="apk"))
    assert state.has("c-compiler") is False
    assert state.runs("libpq") is False


def test_apk_keeps_what_another_package_brings(alpine: Environment, add: Add, remove: Remove) -> None:
    build = add("libpq-dev", manager="apk", virtual=".build-deps")
    state = after(alpine, build, add("postgresql-client", manager="apk"), remove(".build-deps", manager="apk"))
    assert state.runs("libpq") is True


def test_the_scanelf_idiom_keeps_libraries_on_alpine(alpine: Environment, add: Add, remove: Remove, keep: Keep) -> None:
    build = add("gcc", "musl-dev", "libpq-dev", "mariadb-connector-c-dev", manager="apk", virtual=".build-deps")
    state = after(alpine, build, keep(manager="apk", found=True), remove(".build-deps", manager="apk"))
    assert state.runs("libpq") is True
    assert state.runs("mysql-client") is True
    assert state.has("c-compiler") is False


def test_a_virtual_name_given_again_replaces_the_first(alpine: Environment, add: Add) -> None:
    first = add("gcc", "musl-dev", manager="apk", virtual=".v")
    assert after(alpine, first, add("make", manager="apk", virtual=".v")).has("c-compiler") is False


def test_alpine_by_release(make_image: Image, add: Add) -> None:
    old = make_image("alpine", "3.14", packages=frozenset({"musl"}))
    assert after(old, add("postgresql-dev", manager="apk")).has("libpq") is True
    new = make_image("alpine", "3.24.1", packages=frozenset({"musl"}))
    assert after(new, add("postgresql-dev", manager="apk")).has("libpq") is True
    assert after(new, add("build-base", manager="apk")).has("cxx-compiler") is True
    assert after(new, add("g++", manager="apk")).has("c-compiler") is True


def test_conditional_changes_leave_it_open(slim: Environment, add: Add, remove: Remove) -> None:
    assert after(slim, add("build-essential", conditional=True)).has("c-compiler") is None
    assert after(slim, add("build-essential"), remove("gcc", conditional=True)).has("c-compiler") is None


def test_an_unknown_word_leaves_everything_open(slim: Environment, add: Add) -> None:
    state = after(slim, add("libpq5", unknown=("$PACKAGES",)))
    assert state.has("c-compiler") is None
    assert state.runs("libgl") is None
    assert state.runs("libpq") is True


def test_an_unknown_package_may_bring_libraries_but_no_compiler(slim: Environment, add: Add) -> None:
    state = after(slim, add("msodbcsql18"))
    assert state.has("c-compiler") is False
    assert state.runs("unixodbc") is None
    assert after(slim, add("vendor-sdk-dev")).has("c-compiler") is None


def test_an_unknown_base_is_unknown(add: Add) -> None:
    state = after(Environment(False, "never seen", "registry.corp/x"), add("gcc"))
    assert state.has("c-compiler") is None
    assert state.runs("libpq") is None
    assert state.library("libpq.so.5") is None


def test_a_base_whose_packages_are_not_known(make_image: Image) -> None:
    environment = make_image("debian", "trixie", packages=None)._replace(capabilities=frozenset({"git"}))
    state = State.of(environment)
    assert state.has("git") is True
    assert state.has("c-compiler") is None


def test_fetched_tools_count(slim: Environment) -> None:
    assert after(slim, ToolFetched("rustup", SPAN)).has("rust-toolchain") is True
    assert after(slim, ToolFetched(None, SPAN)).has("rust-toolchain") is False


def test_python_headers_are_of_one_minor(make_image: Image, add: Add) -> None:
    environment = make_image("debian", "bookworm", packages=frozenset({"libc6"}))
    state = after(environment, add("python3-dev"))
    assert state.has("python-headers", "3.11") is True
    assert state.has("python-headers", "3.12") is False
    assert after(environment, add("python3.11-dev")).has("python-headers", "3.11") is True
    assert after(environment, add("libpython3-dev")).has("python-headers", "3.11") is True
    assert after(environment, add("libpython3.11-dev")).has("python-headers", "3.11") is True
    assert after(environment, add("libpython3-dev")).has("python-headers", "3.12") is False


def test_ubuntu_follows_the_nearest_debian(make_image: Image, add: Add) -> None:
    ubuntu = make_image("ubuntu", "24.04", packages=frozenset({"libc6"}))
    assert after(ubuntu, add("build-essential")).has("cxx-compiler") is True
    assert after(ubuntu, add("postgresql-client")).runs("libpq") is True


def test_rpm_groups(make_image: Image, add: Add) -> None:
    rocky = make_image("rocky", "9", packages=frozenset({"glibc"}))
    assert after(rocky, add("@Development Tools", manager="dnf")).has("cxx-compiler") is True
    assert after(rocky, add("gcc", manager="dnf")).has("c-compiler") is True


def test_other_events_change_nothing(slim: Environment) -> None:
    state = State.of(slim)
    assert state.after(UserChanged("app", SPAN)) == state


MANAGERS = st.sampled_from(["apt", "apk", "dnf", "conda", "?"])


@given(st.lists(st.text(max_size=30), max_size=6), st.booleans(), MANAGERS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_names_may_be_added_and_removed(
    make_image: Image, add: Add, remove: Remove, names: list[str], conditional: bool, manager: str
) -> None:
    for distro, release in (("debian", "trixie"), ("alpine", "3.24"), ("rhel", "9")):
        state = State.of(make_image(distro, release))
        state = state.after(add(*names, manager=manager, conditional=conditional))
        state = state.after(remove(*names, manager=manager))
        assert state.has("c-compiler") in (True, False, None)
        assert state.runs("libpq") in (True, False, None)
