"""What an image's files say: distribution, libc, packages, Pythons and what is installed for them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from fromlint.inspection import rpm
from fromlint.inspection.contents import Contents
from fromlint.inspection.layers import Root
from fromlint.inspection.manifests import Configuration
from fromlint.model.environment import Python
from fromlint.regex import regex

_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_PYTHONS = ("python3", "python", "pypy3")
_INTERPRETER = regex(r"(python|pypy)(3\.\d+)(t?)(?:-intel64)?")
_OS_RELEASE = regex(r"^(ID|VERSION_ID|VERSION_CODENAME|ID_LIKE)=[\"']?([^\"'\n]*)[\"']?\s*$", re.M)
_PATCHLEVEL = regex(rb'#\s*define\s+(PY_VERSION|PYPY_VERSION)\s+"([^"]+)"')
_GLIBC = regex(rb"GNU C Library [^\n]{0,80}? version (\d+\.\d+)")
_MUSL = regex(rb"\0(1\.\d)\.\d{1,2}\0")
_NAMED_VERSION = regex(r"(?:cpython|pypy)-(3\.\d+\.\d+)")
_DISTRIBUTION = regex(r"(.+?)-(\d[^-]*?)(?:-py\d[\d.]*)?\.(?:dist|egg)-info")
_LIBRARY = r"(?:usr/)?lib(?:64)?/(?:[^/]+-linux-[^/]+/)?"
_MOST_FOLDERS_IN_PATH = 40
_PLAIN = regex(r"[\w.+~-]{1,100}")

Packages = Mapping[str, str]
"""Names and versions."""


def read(root: Root, configuration: Configuration, *, complete: bool) -> Contents:
    """What the files say. ``complete``: all layers were read, so that what is not there is not in the image."""
    found = _Reader(root, configuration)
    named = found.os_release()
    packages, known = found.packages()
    libc, libc_version = found.libc(packages)
    pythons, environment = found.pythons(packages)
    first = pythons[0] if pythons else None
    return Contents(
        platform=configuration.platform,
        system=named.get("ID", ""),
        release=named.get("VERSION_ID", ""),
        codename=named.get("VERSION_CODENAME", ""),
        like=tuple(named.get("ID_LIKE", "").split()),
        libc=libc,
        libc_version=libc_version,
        packages=tuple(sorted(packages)) if known and complete else None,
        tools=found.commands() if complete else (),
        python=first,
        others=tuple(pythons[1:]),
        distributions=found.distributions(first, environment) if first is not None and complete else None,
        virtual_environment=environment,
        variables=configuration.variables,
        directory=configuration.directory,
        user=configuration.user,
    )


class _Reader:
    def __init__(self, root: Root, configuration: Configuration) -> None:
        self._root = root
        self._variables = configuration.variables
        path = configuration.variables.get("PATH") or _PATH
        folders = [folder.strip("/") for folder in path.split(":") if folder.startswith("/")]
        self._path = list(dict.fromkeys(folders))[:_MOST_FOLDERS_IN_PATH]
        self._by_folder: dict[str, list[str]] = {}
        for entry in root.entries:
            folder, _, name = entry.rpartition("/")
            self._by_folder.setdefault(folder, []).append(name)

    def os_release(self) -> dict[str, str]:
        text = self._root.text("etc/os-release") or self._root.text("usr/lib/os-release") or b""
        return {name: value for name, value in _OS_RELEASE.findall(text[:100_000].decode("utf-8", "replace")) if value}

    # --- packages -------------------------------------------------------------------------------------------------

    def packages(self) -> tuple[Packages, bool]:
        """The installed packages, and whether the image has a database of them that is read."""
        texts = self._root.texts
        parts = [text for path, text in sorted(texts.items()) if path.startswith("var/lib/dpkg/status.d/")]
        status = texts.get("var/lib/dpkg/status")
        if status is not None or parts:
            found = _of_dpkg(status or b"", everything=False)
            for part in parts:
                found |= _of_dpkg(part, everything=True)
            return found, True
        for path in ("lib/apk/db/installed", "usr/lib/apk/db/installed"):
            held = self._root.text(path)
            if held is not None:
                return _of_apk(held), True
        for folder in rpm.FOLDERS:
            for name in rpm.FILES:
                held = self._root.text(f"{folder}/{name}")
                if held is not None:
                    try:
                        found = rpm.packages(held)
                    except rpm.Unreadable:
                        found = {}
                    return found, bool(found)
        return {}, False

    # --- libc -----------------------------------------------------------------------------------------------------

    def libc(self, packages: Packages) -> tuple[str | None, str | None]:
        if "musl" in packages and "glibc" not in packages:
            return "musl", _release(packages["musl"])
        for name in ("libc6", "glibc"):
            if name in packages:
                return "glibc", _release(packages[name])
        for path in sorted(self._root.entries):
            named = re.fullmatch(_LIBRARY + r"libc-(2\.\d+)\.so", path)
            if named is not None:
                return "glibc", named[1]
        for path in sorted(self._root.texts):
            if re.fullmatch(_LIBRARY + r"libc\.so\.6", path):
                found = _GLIBC.search(self._root.texts[path])
                return "glibc", found[1].decode() if found else None
        loaders = [path for path in sorted(self._root.entries) if re.fullmatch(r"(?:usr/)?lib/ld-musl-.+", path)]
        if loaders:
            text = self._root.text(loaders[0]) or b""
            versions = {found.decode() for found in _MUSL.findall(text)}
            return "musl", versions.pop() if len(versions) == 1 else None
        return None, None

    # --- Python ---------------------------------------------------------------------------------------------------

    def pythons(self, packages: Packages) -> tuple[list[Python], str | None]:
        """The Pythons in PATH, the first that ``python3`` or ``python`` runs first; and its virtual environment."""
        found: dict[str, Python] = {}
        environment = None
        for name in _PYTHONS:
            for folder in self._path:
                prefix = folder.rpartition("/")[0]
                configured = self._root.text(f"{prefix}/pyvenv.cfg")
                real = self._interpreter(folder, name, configured)
                if real is None:
                    continue
                if configured is not None and not found:
                    environment = f"/{prefix}"
                python = self._python(real, packages)
                if python is not None:
                    found.setdefault(python.prefix, python)
        return list(found.values()), environment

    def _interpreter(self, folder: str, name: str, configured: bytes | None) -> str | None:
        """The path of what a command runs in the end, through links and virtual environments."""
        real = self._real(f"{folder}/{name}")
        if real is None:
            return None
        if configured is not None:
            # A copied interpreter (venv --copies) is that of its home.
            home = re.search(rb"^home\s*=\s*/(\S+)", configured, re.M)
            if home is not None and real.startswith(folder):
                return self._real(f"{home[1].decode('utf-8', 'replace')}/{name}")
        return real

    def _real(self, path: str) -> str | None:
        real = self._root.real(path)
        if real is None or real not in self._root.entries:
            return None
        entry = self._root.entries[real]
        return real if not entry.hard or real.rpartition("/")[2].startswith("python3.") else entry.target

    def _python(self, real: str, packages: Packages) -> Python | None:
        folder, _, name = real.rpartition("/")
        prefix = folder.rpartition("/")[0] if folder.rpartition("/")[2] in ("bin", "sbin") else folder
        if prefix == "":
            prefix = "usr"
        named = _INTERPRETER.fullmatch(name)
        libraries = [
            library
            for where in (f"{prefix}/lib", f"{prefix}/lib64")
            for library in self._by_folder.get(where, ())
            if _INTERPRETER.fullmatch(library)
        ]
        if named is None:
            versions = sorted(set(libraries))
            named = _INTERPRETER.fullmatch(versions[0]) if len(versions) == 1 else None
        if named is None:
            return None
        implementation = "pypy" if named[1] == "pypy" else "cpython"
        minor, library = named[2], named[0].removesuffix("-intel64")
        managed = f"{prefix}/lib/{library}/EXTERNALLY-MANAGED" in self._root.entries or (
            f"{prefix}/lib64/{library}/EXTERNALLY-MANAGED" in self._root.entries
        )
        return Python(
            self._version(prefix, minor, real, packages),
            implementation,
            f"/{prefix}",
            self._installed(prefix, library).get("pip", ""),
            managed,
            bool(named[3]),
        )

    def _version(self, prefix: str, minor: str, real: str, packages: Packages) -> str:
        """As full as it can be known, by the headers, the package, conda's record or the folder's name."""
        # The official images say it, and whoever builds on them inherits that.
        told = [self._variables.get("PYTHON_VERSION", "")] if prefix == "usr/local" else []
        for path in sorted(self._root.texts):
            if path.startswith(f"{prefix}/include/") and path.endswith("/patchlevel.h"):
                stated = dict(_PATCHLEVEL.findall(self._root.texts[path][:100_000]))
                told.append(stated.get(b"PY_VERSION", b"").decode("utf-8", "replace"))
        if prefix == "usr":
            names = (
                f"python{minor}-minimal",
                f"python{minor}",
                f"python-{minor}",
                f"libpython{minor}-minimal",
                "python3",
            )
            told += [
                re.split(r"[-+~]", packages[name].partition(":")[2] or packages[name])[0]
                for name in names
                if name in packages
            ]
        for path in self._by_folder.get(f"{prefix}/conda-meta", ()):
            told += re.findall(r"python-(3\.\d+\.\d+)-", path)
        told += _NAMED_VERSION.findall(real)
        fitting = [version for version in told if re.fullmatch(re.escape(minor) + r"\.\d+(?:(?:a|b|rc)\d+)?", version)]
        return fitting[0] if fitting else minor

    def distributions(self, python: Python | None, environment: str | None) -> dict[str, str] | None:
        """What is installed for a Python, or in its virtual environment: normalised names and versions."""
        if python is None:
            return None
        minor = ".".join(python.version.split(".")[:2])
        library = (
            ("pypy" if python.implementation == "pypy" else "python") + minor + ("t" if python.free_threaded else "")
        )
        return self._installed((environment or python.prefix).strip("/"), library)

    def _installed(self, prefix: str, library: str) -> dict[str, str]:
        found: dict[str, str] = {}
        for folder in self._sites(prefix, library):
            for name in self._by_folder.get(folder, ()):
                told = _DISTRIBUTION.fullmatch(name)
                if told is not None:
                    found.setdefault(re.sub(r"[-_.]+", "-", told[1]).lower(), told[2])
        return found

    @staticmethod
    def _sites(prefix: str, library: str) -> Iterator[str]:
        yield f"{prefix}/lib/{library}/site-packages"
        yield f"{prefix}/lib64/{library}/site-packages"
        if prefix == "usr":
            # Debian's own, and where its pip installs (deb_system and posix_local schemes).
            yield f"usr/local/lib/{library}/dist-packages"
            yield "usr/lib/python3/dist-packages"

    # --- commands -------------------------------------------------------------------------------------------------

    def commands(self) -> tuple[str, ...]:
        """The commands in PATH; () where nothing is there, as in an image without files."""
        names: set[str] = set()
        for folder in self._path:
            names.update(self._by_folder.get(folder, ()))
            real = self._root.real(folder)
            if real is not None and real != folder:
                names.update(self._by_folder.get(real, ()))
        return tuple(sorted(name for name in names if _PLAIN.fullmatch(name) or name in ("[", "[[")))


def _of_dpkg(text: bytes, *, everything: bool) -> dict[str, str]:
    """Installed packages by dpkg's status file; of distroless' ``status.d`` each file is a package."""
    found: dict[str, str] = {}
    for block in text.decode("utf-8", "replace").split("\n\n"):
        fields = dict(re.findall(r"^(Package|Status|Version): *(.*)$", block, re.M))
        name = fields.get("Package", "").strip()
        installed = everything or fields.get("Status", "").split()[-1:] == ["installed"]
        if installed and _PLAIN.fullmatch(name):
            found[name] = fields.get("Version", "").strip()
    return found


def _of_apk(text: bytes) -> dict[str, str]:
    """Installed packages by apk's database (apk-installed(5))."""
    found: dict[str, str] = {}
    for block in text.decode("utf-8", "replace").split("\n\n"):
        fields = dict(re.findall(r"^([PV]):(.*)$", block, re.M))
        if _PLAIN.fullmatch(fields.get("P", "")):
            found[fields["P"]] = fields.get("V", "")
    return found


def _release(version: str) -> str | None:
    """``2.36`` of ``2.36-9+deb12u10``, ``1.2`` of ``1.2.5-r10``."""
    found = re.match(r"(?:\d+:)?(\d+\.\d+)", version)
    return found[1] if found else None
