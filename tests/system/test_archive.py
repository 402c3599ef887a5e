import pytest
from hypothesis import given
from hypothesis import strategies as st

from fromlint.system import archive

# scripts/check_debian_data.py compares hundreds with apt-get -s install; these are the ones that matter most.
BRINGS = [
    ("bookworm", "gcc", False, "libc6-dev", False),
    ("bookworm", "gcc", True, "libc6-dev", True),
    ("trixie", "gcc", False, "libc6-dev", False),
    ("trixie", "g++", False, "libc6-dev", True),
    ("trixie", "g++", False, "gcc", True),
    ("trixie", "build-essential", False, "libc6-dev", True),
    ("trixie", "build-essential", False, "make", True),
    ("trixie", "default-libmysqlclient-dev", False, "libc6-dev", True),
    ("trixie", "default-libmysqlclient-dev", False, "libmariadb-dev", True),
    ("trixie", "default-libmysqlclient-dev", False, "pkgconf", False),
    ("bookworm", "libcairo2-dev", False, "pkg-config", True),
    ("bullseye", "postgresql-client", False, "libpq5", True),
    ("bookworm", "postgresql-client", False, "libpq5", True),
    ("trixie", "postgresql-client", False, "libpq5", True),
    ("bookworm", "ffmpeg", False, "libgl1", True),
    ("trixie", "ffmpeg", False, "libgl1", True),
    ("trixie", "python3-opencv", False, "libgl1", True),
    ("trixie", "python3-opencv", False, "libglib2.0-0t64", True),
    ("bullseye", "curl", False, "libldap-2.4-2", True),
    ("bookworm", "curl", False, "libldap-2.5-0", True),
    ("trixie", "curl", False, "libldap2", True),
    ("trixie", "git", False, "ca-certificates", False),
    ("trixie", "git", True, "ca-certificates", True),
    ("trixie", "libpq-dev", False, "libpq5", True),
    ("trixie", "libxslt1-dev", False, "libxml2-dev", True),
    ("trixie", "libxslt1-dev", False, "zlib1g-dev", False),
    ("bookworm", "cargo", False, "gcc", True),
    ("trixie", "unixodbc", False, "libodbc2", True),
    ("trixie", "libgl1", False, "libx11-6", True),
    ("trixie", "libpangoft2-1.0-0", False, "libpango-1.0-0", True),
]


@pytest.mark.parametrize(("release", "name", "recommends", "other", "comes"), BRINGS)
def test_what_a_package_brings(release: str, name: str, recommends: bool, other: str, comes: bool) -> None:
    found = archive.brings(release, name, recommends)
    assert found is not None
    assert (other in found) is comes


def test_a_package_brings_itself() -> None:
    assert "tini" in (archive.brings("trixie", "tini", False) or ())


def test_a_virtual_name_brings_what_its_only_provider_brings() -> None:
    assert "libglib2.0-0t64" in (archive.brings("trixie", "libglib2.0-0", False) or ())


def test_a_virtual_name_with_several_providers_brings_nothing_that_is_known() -> None:
    known = archive.known("trixie", "netcat")
    assert known is not None
    assert set(known.providers) == {"netcat-openbsd", "netcat-traditional"}
    assert archive.brings("trixie", "netcat", True) is None


def test_names_are_those_of_the_release() -> None:
    assert archive.known("bookworm", "libgl1-mesa-glx") is not None
    assert archive.known("trixie", "libgl1-mesa-glx") is None
    assert archive.known("bullseye", "gcc") is not None


@given(st.sampled_from(archive.releases()), st.text(max_size=40))
def test_any_text_may_be_asked_for(release: str, name: str) -> None:
    archive.known(release, name)
    archive.brings(release, name, True)


def test_libraries_and_versions_by_release() -> None:
    assert archive.owners("trixie", "libpq.so.5") == ("libpq5",)
    assert archive.owners("bookworm", "libglib-2.0.so.0") == ("libglib2.0-0",)
    assert archive.owners("trixie", "libglib-2.0.so.0") == ("libglib2.0-0t64",)
    assert archive.version("bookworm", "rustc") == "1.63.0"
    assert archive.version("bookworm", "rustc-web") == "1.96.0"
    assert archive.version("trixie", "librdkafka-dev") == "2.8.0"
