import pytest

from fromlint.dockerfile.packages import packages, recommends
from fromlint.dockerfile.shell import commands
from fromlint.model.build import (
    ListsDeleted,
    ListsUpdated,
    PackagesAdded,
    PackagesKept,
    PackagesRemoved,
    SourceAdded,
)
from fromlint.model.dockerfile import Anchor, Source


def events(text, **options):
    found = commands(Source(text, "Dockerfile", (Anchor(0, 1, 1),)), variables={})
    return [event for command in found for event in packages(command, **options)]


def added(text, **options):
    (event,) = events(text, **options)
    assert isinstance(event, PackagesAdded)
    return event


def names(event):
    return [name.value for name in event.names]


@pytest.mark.parametrize(
    ("text", "manager", "expected"),
    [
        ("apt-get install -y gcc g++ libpq5=15.* foo/bookworm-backports libc6:i386", "apt", "gcc g++ libpq5 foo libc6"),
        ("apt-get -qq -o Dpkg::Use-Pty=0 install --yes a", "apt", "a"),
        ("apt install -y -t bookworm-backports a b+", "apt", "a b"),
        ("aptitude install -y a", "apt", "a"),
        ("DEBIAN_FRONTEND=noninteractive apt-get install -y python3=$VERSION", "apt", "python3"),
        ("sudo apt-get -y install a", "apt", "a"),
        ("apk add --no-cache a 'b>1.2' c=1.0-r0 d~=2 e@edge so:libpq.so.5", "apk", "a b c d e so:libpq.so.5"),
        ("apk --no-cache --repository http://x/edge add a", "apk", "a"),
        ("dnf install -y --setopt=tsflags=nodocs gcc-12.2.1 gcc-toolset-12 python3-3.9.18-1.el9", "dnf", None),
        ("yum -y groupinstall 'Development Tools'", "yum", "@Development Tools"),
        ("yum group install -y dev", "yum", "@dev"),
        ("microdnf install a", "microdnf", "a"),
        ("tdnf install -y a", "tdnf", "a"),
        ("zypper -n in -y 'a>=1' b", "zypper", "a b"),
        ("zypper install -t pattern devel", "zypper", "pattern:devel"),
        ("pacman -S --noconfirm a b", "pacman", "a b"),
        (
            "conda install -y -n env -c conda-forge conda-forge::numpy=1.26 'scipy>=1' python",
            "conda",
            "numpy scipy python",
        ),
        ("micromamba install -y -f e.yml a", "conda", "a"),
    ],
)
def test_names(text, manager, expected):
    event = added(text)
    assert event.manager == manager
    assert names(event) == (expected or "gcc gcc-toolset-12 python3").split(" " if "@" not in (expected or "") else "|")


def test_names_have_places():
    assert [tuple(name.span)[1:] for name in added("apt-get install a bc=1").names] == [(1, 17, 1, 18), (1, 19, 1, 23)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("apt-get install -y a", None),
        ("apt-get install -y --no-install-recommends a", False),
        ("apt-get -o APT::Install-Recommends=0 install a", False),
        ('apt-get install -o "APT::Install-Recommends=false" a', False),
        ("apt-get install -oAPT::Install-Recommends=true a", True),
        ("apt-get install --install-recommends a", True),
        ("dnf install --setopt=install_weak_deps=False a", False),
        ("zypper in --no-recommends a", False),
        ("apk add a", None),
    ],
)
def test_recommended_packages(text, expected):
    assert added(text).recommends is expected


@pytest.mark.parametrize(
    ("text", "foreign", "unknown"),
    [
        ("apt-get install a", False, []),
        ("apt-get install -t sid a", True, []),
        ("apt-get install a/sid", True, []),
        ("apt-get install ./a.deb", True, ["./a.deb"]),
        ("apt-get install $LIST a", False, ["$LIST"]),
        ("apt-get install $(cat list)", False, ["$(cat list)"]),
        ("apk add -X http://x a", True, []),
        ("apk add a@edge", True, []),
        ("dpkg -i /tmp/a.deb", True, ["/tmp/a.deb"]),
        ("dnf install https://x/a.rpm", True, ["https://x/a.rpm"]),
        ("rpm -ivh a.rpm", True, ["a.rpm"]),
        ("apt-get build-dep python3", False, ["python3"]),
    ],
)
def test_foreign_and_unknown(text, foreign, unknown):
    event = added(text)
    assert event.foreign_source is foreign
    assert [word.value for word in event.unknown] == unknown


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("apk add -t .b a", ".b"),
        ("apk add --virtual=.b a", ".b"),
        ("apk add --virtual .b a", ".b"),
        ("apk add a", None),
    ],
)
def test_virtual(text, expected):
    event = added(text)
    assert event.virtual == expected
    assert names(event) == ["a"]


@pytest.mark.parametrize(
    ("text", "manager", "expected", "automatic"),
    [
        ("apt-get purge -y --auto-remove a b", "apt", ["a", "b"], True),
        ("apt-get remove a", "apt", ["a"], False),
        ("apt-get autoremove -y", "apt", [], True),
        ("apt-get -y autopurge", "apt", [], True),
        ("apk del .build a", "apk", [".build", "a"], True),
        ("dnf remove -y a", "dnf", ["a"], True),
        ("yum erase a", "yum", ["a"], False),
        ("zypper rm -u a", "zypper", ["a"], True),
        ("pacman -Rns a", "pacman", ["a"], True),
        ("dpkg --purge a", "apt", ["a"], False),
    ],
)
def test_removed(text, manager, expected, automatic):
    (event,) = events(text)
    assert isinstance(event, PackagesRemoved)
    assert (event.manager, names(event), event.automatic) == (manager, expected, automatic)


def test_a_minus_takes_away():
    kept, gone = events("apt-get install a b-")
    assert names(kept) == ["a"]
    assert names(gone) == ["b"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("apt-get update", [ListsUpdated]),
        ("apk update", [ListsUpdated]),
        ("apk add --update a", [ListsUpdated, PackagesAdded]),
        ("apk -U add a", [ListsUpdated, PackagesAdded]),
        ("apk add --no-cache a", [PackagesAdded]),
        ("apk upgrade --no-cache", []),
        ("apt-get dist-clean", [ListsDeleted]),
        ("apt-get clean", []),
        ("pacman -Sy a", [ListsUpdated, PackagesAdded]),
        ("yum makecache", [ListsUpdated]),
        ("zypper refresh", [ListsUpdated]),
        ("install_packages a", [ListsUpdated, PackagesAdded, ListsDeleted]),
        ("clean-install a", [ListsUpdated, PackagesAdded, ListsDeleted]),
        ("add-apt-repository -y ppa:x/y", [SourceAdded]),
        ("yum install -y epel-release", [PackagesAdded, SourceAdded]),
        ("dnf config-manager --enable crb", [SourceAdded]),
        ("amazon-linux-extras install python3.8", [SourceAdded, PackagesAdded]),
        ("apt-mark manual a", [PackagesKept]),
        ("apt-mark showmanual", []),
        ("apt-mark auto a", []),
        ("apt-get", []),
        ("apt-get install -y", []),
        ("apk add --root /mnt a", []),
        ("dnf --installroot=/mnt install a", []),
        ("pip install a", []),
    ],
)
def test_kinds(text, expected):
    assert [type(event) for event in events(text)] == expected


def test_kept():
    assert events("apt-mark manual a b")[0].names == ("a", "b")
    assert events("find / | xargs apt-mark manual")[0].found
    (kept,) = events("scan | xargs apk add --virtual .run", libraries_found=True)
    assert isinstance(kept, PackagesKept)
    assert (kept.found, kept.names) == (True, (".run",))
    assert isinstance(events("apk add $MORE a", libraries_found=True)[0], PackagesAdded)


def test_conditional_and_tolerated():
    event = added("set -e; if u; then apt-get install a || true; fi")
    assert (event.conditional, event.tolerated) == (True, True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('APT::Install-Recommends "0";', False),
        ('APT::Install-Recommends "true";', True),
        ('APT { Install-Recommends "false"; };', False),
        ("APT::Install-Suggests 0;", None),
    ],
)
def test_recommends_in_a_file(text, expected):
    assert recommends(text) is expected
