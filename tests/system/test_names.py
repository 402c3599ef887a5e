import pytest

from fromlint.system.names import Answer, package_exists


@pytest.mark.parametrize("name", ["libgl1", "gcc", "g++", "libstdc++6", "default-libmysqlclient-dev", "libc6:amd64"])
def test_a_real_package(name: str) -> None:
    assert package_exists("debian", "trixie", name).kind == "there"


@pytest.mark.parametrize(
    ("release", "name", "now"),
    [
        ("trixie", "libgl1-mesa-glx", ("libgl1",)),
        ("13", "libgl1-mesa-glx", ("libgl1",)),
        ("13.1", "libatlas-base-dev", ("libopenblas-dev",)),
        ("trixie", "python3-distutils", ("python3-setuptools",)),
        ("bookworm", "libssl1.1", ("libssl3",)),
        ("bookworm", "mysql-client", ("default-mysql-client",)),
        ("bookworm", "libmysqlclient-dev", ("default-libmysqlclient-dev",)),
        ("bookworm", "python-dev", ("python3-dev",)),
        ("trixie", "wkhtmltopdf", ()),
        ("trixie", "no-such-package-at-all", ()),
        ("trixie", "g++-7", ()),
    ],
)
def test_a_name_that_is_gone_and_the_one_of_today(release: str, name: str, now: tuple[str, ...]) -> None:
    assert package_exists("debian", release, name) == Answer("gone", now)


@pytest.mark.parametrize(
    "name", ["libglib2.0-0", "libasound2", "libmagic1", "libcurl4", "libncurses5-dev", "libxslt-dev"]
)
def test_names_that_another_package_provides_still_resolve(name: str) -> None:
    assert package_exists("debian", "trixie", name).kind == "virtual"


def test_apt_refuses_a_virtual_name_with_several_providers() -> None:
    answer = package_exists("debian", "bookworm", "netcat")
    assert answer.kind == "several"
    assert answer.now == ("netcat-openbsd",)
    assert package_exists("debian", "forky", "libasound2").now == ("libasound2t64",)
    assert package_exists("debian", "bookworm", "mail-transport-agent").kind == "several"


@pytest.mark.parametrize("name", ["g++-1[0-9]", "libpq.*dev$", "python3.1", "./local.deb", "$PACKAGES", "", "é"])
def test_patterns_and_what_is_no_name_are_unknown(name: str) -> None:
    assert package_exists("debian", "trixie", name).kind == "unknown"


@pytest.mark.parametrize(
    ("distro", "release"), [("ubuntu", "24.04"), ("rhel", "9"), ("debian", "buster"), ("arch", None)]
)
def test_without_an_index_nothing_is_said(distro: str, release: str | None) -> None:
    assert package_exists(distro, release, "libgl1-mesa-glx").kind == "unknown"


@pytest.mark.parametrize(
    ("release", "name", "answer"),
    [
        ("3.24", "libpq-dev", Answer("there")),
        ("3.14", "libpq-dev", Answer("gone")),
        ("3.14", "postgresql-dev", Answer("there")),
        ("3.24", "python-dev", Answer("gone", ("python3-dev",))),
        ("3.24.1", "postgresql-libs", Answer("gone", ("libpq",))),
        ("3.24", "blas-dev", Answer("there")),
        ("3.24", "some-unknown-thing", Answer("unknown")),
    ],
)
def test_alpine_from_curated_names(release: str, name: str, answer: Answer) -> None:
    assert package_exists("alpine", release, name) == answer
