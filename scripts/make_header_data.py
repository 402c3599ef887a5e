"""Make src/fromlint/data/headers/debian.bin: which -dev package of Debian holds what a source build asks for.

Usage: python scripts/make_header_data.py WORK_FOLDER      (the folder of make_debian_data.py, which fetches there)

From the Contents indices of the releases named below comes, for every package that has headers or pkg-config files:

    h   headers, as they are included: ``zlib.h``, ``sys/acl.h``
    d   folders of headers that are all its own: ``openssl`` stands for every ``openssl/….h``
    p   pkg-config names: ``libxml-2.0``
    l   names to link with: ``ssl`` for ``libssl.so``
    c   configuration commands: ``xml2-config``
    m   CMake packages, in lower case

A name of several packages is given to the one that `data/capabilities/*.toml` names, else to the newest of a family
that differs by version only (``liblua5.4-dev``), else to the one that all releases have; what is still open is left
out. So are the C library's, the kernel's, the compilers' and Python's own: a build finds them with the compiler or
the interpreter. Headers below an include folder of their own (``cairo/cairo.h``, asked for as ``cairo.h`` with the
flags that pkg-config gives) are held where the bare name is one package's alone.

The file is text packed with zlib: one line a package, ``package TAB capability TAB k name name… TAB k name…``.
"""

import collections
import re
import sys
import tomllib
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

from make_debian_data import DATA, fetch, lines_of

RELEASES = ("bookworm", "trixie")
# Found with the compiler or the interpreter, whatever else is there.
OWN = re.compile(
    r"(libc6-dev|linux-libc-dev|libcrypt-dev|libnsl-dev|libtirpc-dev|rpcsvc-proto|libpython3|python3|python2|pypy"
    r"|libstdc\+\+-|libgcc-|lib(32|64|x32)|gcc-|g\+\+-|gfortran-|libgfortran-|cpp-|libobjc-|gobjc|gnat|libgphobos|gdc)"
)
# For other machines, other C libraries, kernels, or copies that nobody builds a Python package against.
FOREIGN = re.compile(r"cross|mingw|arm-none-eabi|avr|msp430|musl|klibc|dietlibc|freebsd|hurd|-rump|newlib|emscripten")
VERSIONED = re.compile(r"[\d.]+(?=-dev$|$)|(?<=[a-z-])[\d.]+(?=-)")
# Packages that hold what another one, which a capability names, only points to.
MEANT = {
    "libmariadb-dev": "default-libmysqlclient-dev",
    "libmariadb-dev-compat": "default-libmysqlclient-dev",
    "libopenblas-pthread-dev": "libopenblas-dev",
    "libopenblas0-pthread": "libopenblas-dev",
    "libatlas-base-dev": "libopenblas-dev",
    "libblas-dev": "libopenblas-dev",
    "libjpeg62-turbo-dev": "libjpeg-dev",
    "libldap-dev": "libldap2-dev",
}
BOOST = re.compile(r"libboost[\d.]*(-[a-z-]+?)?[\d.]*-dev$")
# Several implementations share a name by Debian's alternatives, of which the Contents indices know nothing.
ALTERNATIVES = {
    ("l", "blas"): "libopenblas-dev",
    ("l", "openblas"): "libopenblas-dev",
    ("p", "blas"): "libopenblas-dev",
    ("p", "openblas"): "libopenblas-dev",
    ("m", "openblas"): "libopenblas-dev",
    ("l", "lapack"): "liblapack-dev",
    ("p", "lapack"): "liblapack-dev",
}
# Modules that CMake itself brings (cmake-modules(7)), by what they look for.
FIND_MODULES = {
    "blas": "h cblas.h",
    "boost": "d boost",
    "bzip2": "h bzlib.h",
    "curl": "d curl",
    "curses": "h curses.h",
    "expat": "h expat.h",
    "freetype": "p freetype2",
    "gdal": "h gdal.h",
    "glut": "h GL/glut.h",
    "gsl": "p gsl",
    "hdf5": "h hdf5.h",
    "icu": "p icu-uc",
    "jpeg": "h jpeglib.h",
    "lapack": "l lapack",
    "libarchive": "h archive.h",
    "liblzma": "h lzma.h",
    "libxml2": "p libxml-2.0",
    "libxslt": "p libxslt",
    "mpi": "c mpicc",
    "opengl": "h GL/gl.h",
    "openssl": "d openssl",
    "png": "h png.h",
    "postgresql": "h libpq-fe.h",
    "protobuf": "p protobuf",
    "sqlite3": "h sqlite3.h",
    "tiff": "h tiffio.h",
    "x11": "h X11/Xlib.h",
    "zlib": "h zlib.h",
}

Key = tuple[str, str]

_HEADER = re.compile(r"usr/include/(?:x86_64-linux-gnu/)?(.+\.(?:h|hpp|hh|hxx|H))$")
_PKG_CONFIG = re.compile(r"usr/(?:lib/(?:x86_64-linux-gnu/)?|share/)pkgconfig/([^/]+)\.pc$")
_LINKED = re.compile(r"(?:usr/)?lib/(?:x86_64-linux-gnu/)?lib([^/]+)\.so$")
_COMMAND = re.compile(r"usr/bin/([A-Za-z][\w+.]*[-_]config)$")
_CMAKE = re.compile(r"usr/(?:lib/(?:x86_64-linux-gnu/)?|share/)cmake/([^/]+)/[^/]*[Cc]onfig\.cmake$")
_PLAIN = re.compile(r"[\w./+-]+")
# Headers of a package in folders that others have, too: who has more is a framework that no Python package includes.
MOST = 60


def files_of(work: Path, release: str) -> Iterator[tuple[str, str]]:
    """Every file of a release that matters, and a package that holds it."""
    for kind in ("Contents-amd64", "Contents-all"):
        for line in lines_of(work, release, kind):
            if not line.startswith(("usr/include/", "usr/lib/", "usr/share/", "usr/bin/", "lib/")):
                continue
            path, _, holders = line.rstrip("\n").rpartition(" ")
            path = path.rstrip()
            for holder in holders.split(","):
                yield path, holder.rpartition("/")[2]


def keys(path: str) -> Iterator[Key]:
    """What a file answers to."""
    if match := _HEADER.match(path):
        name = match[1]
        yield "h", name
        folder, slash, rest = name.partition("/")
        if slash:
            yield "d", folder
            # Below an include folder of its own: the name without that folder.
            yield "n", rest
    elif match := _PKG_CONFIG.match(path):
        yield "p", match[1]
    elif match := _LINKED.match(path):
        yield "l", match[1]
    elif match := _COMMAND.match(path):
        yield "c", match[1]
    elif match := _CMAKE.match(path):
        yield "m", match[1].lower()


def named_by_capabilities() -> dict[str, str]:
    """The capability that a Debian package stands for: of several the one that it is the whole of."""
    found: dict[str, tuple[int, str]] = {}
    for path in sorted((DATA / "capabilities").glob("*.toml")):
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        table = content.get("debian", {})
        sets = [table.get("build", ()), *(own.get("build", ()) for own in table.values() if isinstance(own, dict))]
        for packages in sets:
            for package in packages:
                known = found.get(package)
                if known is None or len(packages) < known[0]:
                    found[package] = len(packages), content["name"]
    return {package: capability for package, (size, capability) in found.items() if size <= 2}


def choose(owners: Iterable[str], capabilities: dict[str, str], held: dict[str, set[str]]) -> str | None:
    """The package that is meant by a name of several, None where that cannot be told."""
    meant = {MEANT.get(owner, BOOST.sub("libboost-dev", owner)) for owner in owners if not FOREIGN.search(owner)}
    if not meant or any(OWN.match(owner) for owner in meant):
        return None
    for better in (
        [owner for owner in meant if owner in capabilities],
        [owner for owner in meant if len(held[owner]) == len(RELEASES)],
        list(meant),
    ):
        if len(better) == 1:
            return better[0]
        if better and len({VERSIONED.sub("", owner) for owner in better}) == 1:
            return max(better, key=lambda owner: [int(part) for part in re.findall(r"\d+", owner)])
    return None


def related(header: str, package: str) -> bool:
    """Whether a header bears its package's name: ``cairo-pdf.h`` is libcairo2-dev's, ``aes.h`` not libssl-dev's."""
    stem = re.sub(r"^lib|[\d._-]", "", header.rpartition(".")[0].lower())
    name = re.sub(r"^lib|-?dev$|[\d.-]", "", package)
    return len(stem) >= 3 and len(name) >= 3 and (stem.startswith(name) or name.startswith(stem))


def stated_headers(capabilities: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The headers that the capabilities' own files name, and their packages."""
    packages = {capability: package for package, capability in sorted(capabilities.items(), reverse=True)}
    for capability, package in packages.items():
        content = tomllib.loads((DATA / "capabilities" / f"{capability}.toml").read_text(encoding="utf-8"))
        main = (content.get("debian", {}).get("build") or [package])[0]
        for header in content.get("headers", ()):
            if not OWN.match(main) and "*" not in header:
                yield main, header


def main(work: Path) -> None:
    """Write the data file."""
    if not (work / "apt" / "lists").is_dir():
        fetch(work)
    owners: dict[Key, set[str]] = collections.defaultdict(set)
    held: dict[str, set[str]] = collections.defaultdict(set)
    developed: set[str] = set()
    for release in RELEASES:
        for path, package in files_of(work, release):
            for key in keys(path):
                owners[key].add(package)
                held[package].add(release)
                if key[0] in "hp":
                    developed.add(package)
    for package in list(held):
        held[MEANT.get(package, BOOST.sub("libboost-dev", package))] |= held[package]
    capabilities = named_by_capabilities()
    answers: dict[Key, str] = {}
    for (kind, name), packages in owners.items():
        packages = packages & developed
        package = choose(packages, capabilities, held) if packages and _PLAIN.fullmatch(name) else None
        if kind == "n" and len({MEANT.get(owner, owner) for owner in packages}) > 1 and package not in capabilities:
            # libfuse-dev and libfuse3-dev have folders of their own for the same names
            continue
        if package is not None:
            answers[kind, name] = package
    answers |= ALTERNATIVES
    for module, key in FIND_MODULES.items():
        kind, _, name = key.partition(" ")
        if (kind, name) in answers:
            answers.setdefault(("m", module), answers[kind, name])
    lines: dict[str, dict[str, set[str]]] = collections.defaultdict(lambda: collections.defaultdict(set))
    for (kind, name), package in answers.items():
        folder, slash, rest = name.partition("/")
        if kind == "h" and slash:
            if "/" in rest or answers.get(("d", folder)) == package:
                continue
        elif kind == "n":
            if slash:
                # libxml2/libxml/parser.h: the folder that stands in the #include
                if "/" not in rest and ("d", folder) not in owners and related(f"{folder}.h", package):
                    lines[package]["d"].add(folder)
                continue
            if ("h", name) in owners or not related(name, package):
                continue
            kind = "h"
        lines[package][kind].add(name)
    for package, header in stated_headers(capabilities):
        lines[package]["h"].add(header)
    for package, kinds in lines.items():
        within = {name for name in kinds["h"] if "/" in name}
        if len(within) > MOST and package not in capabilities:
            kinds["h"] -= within
    text = "\n".join(
        "\t".join(
            [
                package,
                capabilities.get(package, ""),
                *(" ".join([kind, *sorted(names)]) for kind, names in sorted(kinds.items()) if names),
            ]
        )
        for package, kinds in sorted(lines.items())
    )
    target = DATA / "headers" / "debian.bin"
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(zlib.compress(text.encode(), 9))
    print(f"{len(lines)} packages, {len(text)} bytes, {target.stat().st_size} packed")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
