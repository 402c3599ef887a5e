import pytest

from fromlint.system import capabilities
from fromlint.system.distribution import Distribution, named


def where(distro: str, release: str | None) -> Distribution:
    found = named(distro, release)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("distro", "release", "capability", "build", "run"),
    [
        ("debian", "trixie", "libpq", ("libpq-dev",), ("libpq5",)),
        ("debian", "bullseye", "openssl", ("libssl-dev",), ("libssl1.1",)),
        ("debian", "12", "openssl", ("libssl-dev",), ("libssl3",)),
        ("debian", "13", "glib", ("libglib2.0-dev",), ("libglib2.0-0t64",)),
        ("ubuntu", "24.04", "glib", ("libglib2.0-dev",), ("libglib2.0-0t64",)),
        ("ubuntu", "22.04", "mysql-client", ("default-libmysqlclient-dev",), ("libmysqlclient21",)),
        ("alpine", "3.24", "libpq", ("libpq-dev",), ("libpq",)),
        ("alpine", "3.14", "libpq", ("postgresql-dev",), ("libpq",)),
        ("alpine", "v3.16", "openssl", ("openssl-dev",), ("libssl1.1", "libcrypto1.1")),
        ("alpine", "3.24", "cxx-compiler", ("g++", "musl-dev"), ("libstdc++", "libgcc")),
        ("rocky", "9.4", "libpq", ("libpq-devel",), ("libpq",)),
    ],
)
def test_names_by_release(
    distro: str, release: str, capability: str, build: tuple[str, ...], run: tuple[str, ...]
) -> None:
    names = capabilities.names(capability, where(distro, release))
    assert names is not None
    assert (names.build, names.run) == (build, run)


def test_what_a_release_does_not_have() -> None:
    for distro, release, capability in (
        ("debian", "bookworm", "gi-2"),
        ("debian", "trixie", "arrow-cpp"),
        ("alpine", "3.23", "spatialindex"),
        ("alpine", "3.24", "systemd"),
        ("debian", "trixie", "wkhtmltopdf-command"),
    ):
        names = capabilities.names(capability, where(distro, release))
        assert names is not None
        assert names.absent, (release, capability)


def test_hearsay_is_marked() -> None:
    debian = capabilities.names("libpq", where("debian", "trixie"))
    rpm = capabilities.names("libpq", where("rhel", "9"))
    assert debian is not None
    assert rpm is not None
    assert debian.certain
    assert not rpm.certain


def test_versions() -> None:
    assert capabilities.version("librdkafka", where("debian", "trixie")) == "2.8.0"
    assert capabilities.version("gdal", where("debian", "bookworm")) == "3.6.2"
    assert capabilities.version("rust-toolchain", where("alpine", "3.20")) == "1.78.0"
    assert capabilities.version("libpq", where("alpine", "3.20")) is None


def test_an_unknown_capability_has_no_names() -> None:
    assert capabilities.names("nothing-of-the-kind", where("debian", "trixie")) is None
    assert capabilities.sonames("nothing-of-the-kind") == ()


def test_commands() -> None:
    assert capabilities.by_command()["psql"] == "postgresql-client"
    assert capabilities.by_command()["curl"] == "curl"
    assert capabilities.by_command()["git"] == "git"


@pytest.mark.parametrize(
    ("distro", "release", "expected"),
    [
        ("debian", "bookworm", Distribution("debian", "bookworm", "bookworm", True)),
        ("debian", "10", Distribution("debian", "10", None, False)),
        ("ubuntu", "jammy", Distribution("ubuntu", "jammy", "bookworm", False)),
        ("alpine", "3.20.3", Distribution("alpine", "3.20", None, False)),
        ("amazon", "2023.5", Distribution("rhel", "2023", None, False)),
    ],
)
def test_distributions(distro: str, release: str, expected: Distribution) -> None:
    assert named(distro, release) == expected


def test_what_the_data_says_nothing_of() -> None:
    assert named("arch", None) is None
    assert named("wolfi", "20230201", "wolfi") is None
