"""Compare src/fromlint/data/debian/ with what apt itself says it would install.

Usage: python scripts/check_debian_data.py WORK_FOLDER [RELEASE…] [NAME…]
       python scripts/check_debian_data.py --root ROOT RELEASE [NAME…]

WORK_FOLDER is the one that `make_debian_data.py` has filled; ROOT a debootstrapped root (`--variant=minbase`) of the
release, whose own apt is asked (as root; its lists are fetched with security updates, as in Debian's images). For each
release and name, with and without Recommends, apt plans the installation on a machine that holds the minimal base only;
what it adds must be what fromlint says is brought, as far as it is of interest. Prints every difference and ends with
status 1 if there was one. Without releases all are compared, without names those that Dockerfiles commonly install.
"""

import functools
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import make_debian_data as made

sys.path.insert(0, str(made.ROOT / "src"))

from fromlint.system import archive

COMMON = """
adduser apache2 apache2-dev apt-transport-https apt-utils aria2 autoconf automake autossh awscli bash-completion bc
bind9-dnsutils binutils bison bluez build-essential bzip2 ca-certificates cargo chromium chromium-driver clang cmake
cmake-data coreutils cpio cron curl cython3 dbus default-jdk default-jdk-headless default-jre default-jre-headless
default-libmysqlclient-dev default-mysql-client dirmngr dnsutils dos2unix dumb-init exiftool fakeroot fdupes ffmpeg
file firefox-esr flex fontconfig fonts-dejavu fonts-dejavu-core fonts-liberation fonts-noto fonts-noto-cjk freetds-bin
freetds-dev g++ gcc gdal-bin gdb gettext gettext-base gfortran ghostscript git git-lfs gnupg gnupg2 gobject-
introspection gosu graphviz graphviz-dev gstreamer1.0-plugins-base gzip htop imagemagick inkscape inotify-tools
iproute2 iptables iputils-ping jq krb5-user ldap-utils less libaio-dev libarchive-tools libasound2 libasound2-dev
libass-dev libavcodec-dev libavdevice-dev libavfilter-dev libavformat-dev libavutil-dev libblas-dev libbluetooth-dev
libboost-all-dev libboost-dev libbz2-dev libc-dev libc6-dev libcairo2 libcairo2-dev libcap-dev libcups2 libcurl4
libcurl4-gnutls-dev libcurl4-openssl-dev libdb-dev libdbus-1-3 libdbus-1-dev libegl1 libevent-dev libexif-dev
libexpat1 libexpat1-dev libffi-dev libfftw3-dev libfontconfig1 libfreetype-dev libfreetype6 libfreetype6-dev
libfribidi-dev libgbm1 libgdal-dev libgdk-pixbuf-2.0-0 libgeos-dev libgirepository1.0-dev libgl1 libgl1-mesa-dri
libgl-dev libglib2.0-0 libglib2.0-dev libglu1-mesa libgmp-dev libgomp1 libgraphviz-dev libgssapi-krb5-2 libgtk-3-0
libgtk2.0-0 libharfbuzz-dev libhdf5-dev libheif-dev libicu-dev libjansson-dev libjpeg-dev libjpeg62-turbo
libjpeg62-turbo-dev libkrb5-dev liblapack-dev liblcms2-dev libldap2-dev libleptonica-dev libleveldb-dev liblz4-dev
liblzma-dev libmagic1 libmagic-dev libmagickwand-dev libmariadb-dev libmariadb3 libmaxminddb0 libmemcached-dev libmpc-
dev libmpfr-dev libncurses5-dev libnetcdf-dev libnss3 libnuma-dev libodbc1 libodbc2 libopenblas-dev libopencv-dev
libopenjp2-7 libopenjp2-7-dev libopenmpi-dev libopus0 libpango-1.0-0 libpango1.0-dev libpangocairo-1.0-0
libpangoft2-1.0-0 libpcre2-dev libpng-dev libpoppler-cpp-dev libportaudio2 libpq-dev libpq5 libproj-dev libpython3-dev
libqpdf-dev librdkafka-dev libreadline-dev libreoffice librocksdb-dev libsasl2-dev libsasl2-modules libsdl2-dev
libsecret-1-0 libsm6 libsnappy-dev libsndfile1 libsodium-dev libspatialindex-dev libsqlite3-dev libssl-dev libstdc++6
libswscale-dev libsystemd-dev libta-lib-dev libtesseract-dev libtiff-dev libtool libudev-dev libusb-1.0-0 libuv1-dev
libvips libvips-dev libwebp-dev libx11-6 libx11-dev libxcb1 libxext6 libxi6 libxkbcommon0 libxml2 libxml2-dev
libxmlsec1 libxmlsec1-dev libxmlsec1-openssl libxrender1 libxslt-dev libxslt1-dev libxslt1.1 libxtst6 libyaml-dev
libzbar0 libzmq3-dev libzstd-dev locales logrotate lsb-release lsof make mariadb-client mediainfo memcached mercurial
meson mime-support mupdf-tools musl-dev nano ncbi-blast+ net-tools netcat-openbsd nginx ninja-build nodejs npm ocl-
icd-libopencl1 openjdk-17-jre-headless openssh-client openssh-server openssl p7zip-full pandoc parallel patch pciutils
perl pkg-config pkgconf poppler-utils portaudio19-dev postgresql-client procps proj-bin protobuf-compiler psmisc pv
python-is-python3 python3 python3-dev python3-gdal python3-gi python3-numpy python3-opencv python3-pip
python3-setuptools python3-tk python3-venv python3-wheel qpdf redis-server redis-tools rsync rustc screen sendmail
shared-mime-info socat sox sqlite3 ssh ssl-cert strace subversion sudo supervisor swig systemd tar tcl tdsodbc telnet
tesseract-ocr tesseract-ocr-eng texlive-latex-base tini tk-dev tmux tree tzdata udev unixodbc unixodbc-dev unrar-free
unzip uuid-dev vim wait-for-it wget whois wkhtmltopdf x11-utils xauth xfonts-base xmlsec1 xorg xserver-xorg-core xvfb
xz-utils zip zlib1g-dev zsh
"""


def prepare(work: Path, release: str) -> tuple[Path, frozenset[str]]:
    """The path of an apt configuration for one release on a machine that holds only the base, and that base."""
    folder = work / "check" / release
    (folder / "archives" / "partial").mkdir(parents=True, exist_ok=True)
    sources = (work / "apt" / "sources.list").read_text().splitlines()
    own = [line for line in sources if re.search(rf" {release}(-security)? ", line)]
    (folder / "sources.list").write_text("\n".join(own) + "\n")
    (folder / "lists" / "partial").mkdir(parents=True, exist_ok=True)
    for path in (work / "apt" / "lists").glob(f"*_dists_{release}*_InRelease"):
        (folder / "lists" / path.name).write_bytes(path.read_bytes())
    for path in (work / "apt" / "lists").glob(f"*_dists_{release}*_Packages*"):
        # Unpacked: apt reads the record of each package that it would add.
        with (folder / "lists" / path.name.removesuffix(".lz4")).open("wb") as plain:
            subprocess.run(["/usr/lib/apt/apt-helper", "cat-file", str(path)], check=True, stdout=plain)
    base = made.Archive(made.packages_of(work, release)).base
    keep: list[str] = []
    seen: set[str] = set()
    block: list[str] = []
    for line in made.lines_of(work, release, "Packages"):
        if line != "\n":
            block.append(line)
            continue
        name = block[0].split()[1]
        if name in base and name not in seen:
            seen.add(name)
            keep.append("".join([block[0], "Status: install ok installed\n", *block[1:]]))
        block = []
    (folder / "status").write_text("\n".join(keep) + "\n")
    (folder / "extended_states").write_text("")
    configuration = folder / "apt.conf"
    configuration.write_text(
        f'Dir::Etc::sourcelist "{folder}/sources.list";\nDir::Etc::sourceparts "-";\n'
        'Dir::Etc::main "-";\nDir::Etc::parts "-";\nDir::Etc::preferences "-";\nDir::Etc::preferencesparts "-";\n'
        'Dir::Cache::pkgcache "pkgcache.bin";\nDir::Cache::srcpkgcache "srcpkgcache.bin";\n'
        f'Dir::State::lists "{folder}/lists";\nDir::State::status "{folder}/status";\n'
        f'Dir::State::extended_states "{folder}/extended_states";\nDir::Cache "{folder}";\n'
        'APT::Architectures { "amd64"; };\nAPT::Sandbox::User "root";\n'
    )
    subprocess.run(["apt-cache", "gencaches"], check=True, capture_output=True, env=environment(configuration))
    return configuration, base


def environment(configuration: Path) -> dict[str, str]:
    return {**os.environ, "APT_CONFIG": str(configuration), "LC_ALL": "C"}


def planned(configuration: Path, name: str, recommends: bool) -> frozenset[str] | None:
    """The packages that apt would add for a name, None where it refuses."""
    result = subprocess.run(
        ["apt-get", "-qq", "--print-uris", "-o", f"APT::Install-Recommends={int(recommends)}", "install", "-y", name],
        capture_output=True,
        text=True,
        env=environment(configuration),
    )
    if result.returncode:
        return None
    return frozenset(re.findall(r"^'\S*' ([^_\s]+)_", result.stdout, re.M))


def prepare_root(root: Path, release: str) -> frozenset[str]:
    """Fetch the lists of a debootstrapped root; the packages that it holds."""
    lines = (
        f"deb http://deb.debian.org/debian {release} main",
        f"deb http://deb.debian.org/debian {release}-updates main",
        f"deb http://deb.debian.org/debian-security {release}-security main",
    )
    (root / "etc/apt/sources.list").write_text("\n".join(lines) + "\n")
    subprocess.run(["chroot", str(root), "apt-get", "-qq", "update"], check=True)
    held = subprocess.run(
        ["chroot", str(root), "dpkg-query", "-W", "-f", "${Package}\n"], check=True, capture_output=True, text=True
    )
    return frozenset(held.stdout.split())


def simulated(root: Path, name: str, recommends: bool) -> frozenset[str] | None:
    """The packages that the root's apt would add for a name, None where it refuses."""
    result = subprocess.run(
        [
            *("chroot", str(root), "apt-get", "-qq", "-s", "-o", f"APT::Install-Recommends={int(recommends)}"),
            *("install", "-y", name),
        ],
        capture_output=True,
        text=True,
        env={**os.environ, "LC_ALL": "C"},
    )
    return None if result.returncode else frozenset(re.findall(r"^Inst (\S+)", result.stdout, re.M))


def main(work: Path, words: list[str]) -> int:
    releases = [word for word in words if word in archive.releases()] or archive.releases()
    names = [word for word in words if word not in archive.releases()] or COMMON.split()
    checked, wrong = 0, 0
    for release in releases:
        configuration, base = prepare(work, release)
        more = compared(release, base, names, functools.partial(planned, configuration))
        checked, wrong = checked + more[0], wrong + more[1]
    print(f"{checked} compared, {wrong} different")
    return 1 if wrong else 0


def in_root(root: Path, release: str, names: list[str]) -> int:
    """The same against a root's own apt."""
    checked, wrong = compared(
        release, prepare_root(root, release), names or COMMON.split(), functools.partial(simulated, root)
    )
    print(f"{checked} compared, {wrong} different")
    return 1 if wrong else 0


def compared(
    release: str, base: frozenset[str], names: list[str], asked: Callable[[str, bool], frozenset[str] | None]
) -> tuple[int, int]:
    """How many answers were compared, and how many are different; these are printed."""
    interest = frozenset(archive.interest()) - base
    checked, wrong = 0, 0
    for name in names:
        for recommends in (False, True):
            real = asked(name, recommends)
            ours = archive.brings(release, name, recommends)
            checked += 1
            if real is None or ours is None:
                different = (real is None) != (ours is None)
                detail = "apt refuses it" if real is None else "unknown to us"
            else:
                only_real, only_ours = (real & interest) - ours, (ours & interest) - real
                different = bool(only_real or only_ours)
                detail = f"only apt: {sorted(only_real)}; only we: {sorted(only_ours)}"
            if different:
                wrong += 1
                print(f"{release} {name} recommends={recommends}: {detail}", flush=True)
    return checked, wrong


if __name__ == "__main__":
    if sys.argv[1] == "--root":
        sys.exit(in_root(Path(sys.argv[2]), sys.argv[3], sys.argv[4:]))
    sys.exit(main(Path(sys.argv[1]).resolve(), sys.argv[2:]))
