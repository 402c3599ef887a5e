"""What an image's files say, over layers that add, take away and link."""

import gzip
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from fromlint.index.refusal import Refused
from fromlint.inspection import layers
from fromlint.inspection.contents import Contents, from_bytes, to_bytes
from fromlint.model.environment import Python
from registry_server import RegistryServer, layer

Look = Callable[..., Contents]
Read = Callable[..., Contents]

DEBIAN = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\nID=debian\n'
STATUS = """\
Package: libc6
Status: install ok installed
Version: 2.36-9+deb12u10

Package: gone
Status: deinstall ok config-files
Version: 1.0

Package: python3.11-minimal
Status: install ok installed
Version: 3.11.2-6+deb12u6
"""


@pytest.fixture
def read(server: RegistryServer, look: Look) -> Read:
    """What is read of an image with these layers, the lowest first, and these variables."""

    def made(layers: Sequence[bytes], variables: Mapping[str, str] = {}, **config: object) -> Contents:
        env = [f"{name}={value}" for name, value in variables.items()]
        server.image("app", "1", layers, {"Env": env, **config})
        return look(f"{server.host}/app:1")

    return made


def test_debian(read: Read) -> None:
    files = {
        "usr/lib/os-release": DEBIAN,
        "var/lib/dpkg/status": STATUS,
        "usr/bin/python3.11": "",
        "usr/lib/python3.11/EXTERNALLY-MANAGED": "",
        "usr/lib/python3/dist-packages/pip-23.0.1.dist-info/METADATA": "",
        "usr/lib/python3/dist-packages/six-1.16.0.egg-info": "",
        "usr/local/lib/python3.11/dist-packages/Flask_Login-0.6.3.dist-info/RECORD": "",
    }
    links = {"etc/os-release": "../usr/lib/os-release", "usr/bin/python3": "python3.11", "bin": "usr/bin"}
    found = read([layer(files, links)], WorkingDir="/srv", User="1000")
    assert (found.system, found.release, found.codename) == ("debian", "12", "bookworm")
    assert (found.libc, found.libc_version) == ("glibc", "2.36")
    assert found.packages == ("libc6", "python3.11-minimal")
    assert found.python == Python("3.11.2", "cpython", "/usr", "23.0.1", True)
    assert found.distributions == {"pip": "23.0.1", "six": "1.16.0", "flask-login": "0.6.3"}
    assert found.tools == ("python3", "python3.11")
    assert (found.directory, found.user, found.others) == ("/srv", "1000", ())


def test_the_official_python_image_and_debians_beside(read: Read) -> None:
    lower = {
        "etc/os-release": DEBIAN,
        "usr/bin/python3.11": "",
        "usr/lib/python3.11/EXTERNALLY-MANAGED": "",
        "var/lib/dpkg/status": STATUS,
    }
    upper = {
        "usr/local/bin/python3.12": "",
        "usr/local/include/python3.12/patchlevel.h": '#define PY_VERSION             "3.12.9"\n',
        "usr/local/lib/python3.12/site-packages/pip-24.3.1.dist-info/INSTALLER": "pip",
    }
    found = read(
        [
            layer(lower, {"usr/bin/python3": "python3.11"}),
            layer(upper, {"usr/local/bin/python3": "python3.12", "usr/local/bin/python": "python3"}),
        ]
    )
    assert found.python == Python("3.12.9", "cpython", "/usr/local", "24.3.1", False)
    assert found.others == (Python("3.11.2", "cpython", "/usr", "", True),)


def test_upper_layers_take_away_what_lower_ones_have(read: Read) -> None:
    lower = {
        "etc/os-release": DEBIAN,
        "usr/bin/curl": "",
        "usr/bin/wget": "",
        "opt/bin/tool": "",
        "usr/local/lib/python3.12/site-packages/pip-24.0.dist-info/METADATA": "",
        "usr/local/bin/python3.12": "",
    }
    upper = {
        "usr/bin/.wh.curl": "",
        "opt/bin/.wh..wh..opq": "",
        "opt/bin/new": "",
        "usr/local/lib/python3.12/site-packages/.wh.pip-24.0.dist-info": "",
        "usr/local/lib/python3.12/site-packages/pip-26.3.dist-info/METADATA": "",
        "etc/os-release": DEBIAN.replace("12", "13").replace("bookworm", "trixie"),
    }
    found = read(
        [layer(lower, {"usr/local/bin/python3": "python3.12"}), layer(upper)],
        {"PATH": "/usr/local/bin:/usr/bin:/opt/bin"},
    )
    assert found.tools == ("new", "python3", "python3.12", "wget")
    assert found.distributions == {"pip": "26.3"}
    assert found.codename == "trixie"


def test_a_virtual_environment_first_in_path(read: Read) -> None:
    files = {
        "usr/local/bin/python3.13": "",
        "opt/venv/pyvenv.cfg": "home = /usr/local/bin\nversion = 3.13.2\n",
        "opt/venv/lib/python3.13/site-packages/flask-3.1.0.dist-info/METADATA": "",
        "usr/local/lib/python3.13/site-packages/pip-25.0.dist-info/METADATA": "",
    }
    links = {
        "usr/local/bin/python3": "python3.13",
        "opt/venv/bin/python": "/usr/local/bin/python3",
        "opt/venv/bin/python3": "python",
    }
    found = read([layer(files, links)], {"PATH": "/opt/venv/bin:/usr/local/bin:/usr/bin", "PYTHON_VERSION": "3.13.2"})
    assert found.virtual_environment == "/opt/venv"
    assert found.python == Python("3.13.2", "cpython", "/usr/local", "25.0", False)
    assert found.distributions == {"flask": "3.1.0"}


def test_conda_free_threading_and_pypy(read: Read) -> None:
    files = {
        "opt/conda/bin/python3.12": "",
        "opt/conda/conda-meta/python-3.12.7-hc5c86c4_0_cpython.json": "{}",
        "usr/local/bin/python3.14t": "",
        "opt/pypy/bin/pypy3.11": "",
    }
    links = {
        "opt/conda/bin/python3": "python3.12",
        "usr/local/bin/python3": "python3.14t",
        "opt/pypy/bin/pypy3": "pypy3.11",
    }
    found = read([layer(files, links)], {"PATH": "/opt/conda/bin:/usr/local/bin:/opt/pypy/bin"})
    assert found.python == Python("3.12.7", "cpython", "/opt/conda", "", False)
    assert found.others == (
        Python("3.14", "cpython", "/usr/local", "", False, free_threaded=True),
        Python("3.11", "pypy", "/opt/pypy", "", False),
    )


def test_alpine(read: Read) -> None:
    installed = "P:musl\nV:1.2.5-r10\nA:x86_64\n\nP:python3\nV:3.12.11-r0\n\nP:busybox\nV:1.37.0-r18\n"
    for place in ("lib/apk/db/installed", "usr/lib/apk/db/installed"):
        files = {"etc/os-release": "ID=alpine\nVERSION_ID=3.22.1\n", place: installed, "usr/bin/python3.12": ""}
        found = read([layer(files, {"usr/bin/python3": "python3.12"})])
        assert (found.system, found.libc, found.libc_version) == ("alpine", "musl", "1.2")
        assert found.packages == ("busybox", "musl", "python3")
        assert found.python is not None
        assert found.python.version == "3.12.11"


def test_distroless_and_images_without_a_database(read: Read) -> None:
    files = {
        "usr/lib/os-release": DEBIAN,
        "var/lib/dpkg/status.d/libc6": "Package: libc6\nVersion: 2.36-9\n",
        "var/lib/dpkg/status.d/libc6.md5sums": "0 usr/lib\n",
    }
    assert read([layer(files)]).packages == ("libc6",)
    text = b"\0GNU C Library (GNU libc) stable release version 2.34.\n"
    bare = read([layer({"etc/os-release": "ID=rhel\nVERSION_ID=9.4\nID_LIKE=fedora\n", "lib64/libc.so.6": text})])
    assert (bare.libc, bare.libc_version, bare.packages) == ("glibc", "2.34", None)
    older = read([layer({"etc/os-release": "ID=debian\n", "lib/x86_64-linux-gnu/libc-2.31.so": ""})])
    assert (older.libc, older.libc_version) == ("glibc", "2.31")


def test_links_that_go_round_or_outside(read: Read) -> None:
    links = {"usr/bin/python3": "../../../../../usr/bin/python3", "etc/os-release": "/etc/os-release", "lib": "lib"}
    found = read([layer({"usr/lib/os-release": DEBIAN}, links)])
    assert found.python is None
    assert found.system == "debian"


def test_layers_of_other_kinds(read: Read) -> None:
    plain = layer({"etc/os-release": DEBIAN}, compressed=False)
    assert read([plain]).system == "debian"
    assert read([layer({}), plain]).system == "debian"
    for damaged in (b"\x1f\x8b\x08\x00nothing", b"\x28\xb5\x2f\xfdnothing", b"no tar at all" * 100):
        with pytest.raises(Refused, match=r"unpacked|zstd|cannot be read"):
            read([damaged])


def test_layers_that_are_packed_with_zstd(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    zstd = layers._zstd()
    plain = layer({"etc/os-release": DEBIAN, "var/lib/dpkg/status": STATUS}, compressed=False)
    half = len(plain) // 2
    # One frame behind the other is what zstd:chunked and eStargz's kin write.
    packed = zstd.compress(plain[:half]) + zstd.compress(plain[half:])
    assert read([packed]).packages == ("libc6", "python3.11-minimal")
    with pytest.raises(Refused, match="cannot be unpacked"):
        read([packed[:20] + b"\0" * 40 + packed[60:]])
    for name in ("compression.zstd", "backports.zstd"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(Refused, match=r"pip install backports\.zstd"):
        read([packed])


@pytest.mark.parametrize(
    ("folder", "name"),
    [("var/lib/rpm", "rpmdb.sqlite"), ("usr/lib/sysimage/rpm", "rpmdb.sqlite"), ("var/lib/rpm", "Packages")],
)
def test_red_hats_packages(read: Read, folder: str, name: str) -> None:
    database = gzip.decompress((Path(__file__).parent / "rpmdb" / f"{name}.gz").read_bytes())
    files: dict[str, str | bytes] = {
        "etc/os-release": 'ID="rhel"\nVERSION_ID="9.4"\nID_LIKE="fedora"\n',
        f"{folder}/{name}": database,
        "usr/bin/python3.9": "",
        "usr/lib/python3.9/site-packages/six-1.16.0.egg-info": "",
    }
    found = read([layer(files, {"usr/bin/python3": "python3.9"})])
    assert (found.system, found.release, found.packages) == ("rhel", "9.4", ("glibc", "python3"))
    assert (found.libc, found.libc_version) == ("glibc", "2.34")
    assert found.python == Python("3.9.18", "cpython", "/usr", "", False)
    assert read([layer(files | {f"{folder}/{name}": database[:5000]})]).packages is None


def test_its_form_in_the_cache(read: Read) -> None:
    found = read(
        [layer({"etc/os-release": DEBIAN, "usr/local/bin/python3.12": ""}, {"usr/local/bin/python3": "python3.12"})]
    )
    assert found.python is not None
    assert from_bytes(to_bytes(found)) == found
    for data in (b"", b"[]", b"{}", to_bytes(found).replace(b'"edition":', b'"edition":9'), b"[" * 100_000):
        assert from_bytes(data) is None
    assert from_bytes(to_bytes(found).replace(b'"tools":[', b'"tools":[1,')) is None
