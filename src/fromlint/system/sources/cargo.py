"""What Cargo.toml and Cargo.lock say of a crate: the oldest rustc that takes it, and the C libraries that it binds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from fromlint import toml
from fromlint.regex import regex
from fromlint.system.sources.facts import Use
from fromlint.typed import Any

# The first rustc with an edition (the Edition Guide), and the first cargo with a form of Cargo.lock (its reference).
_EDITIONS = {"2018": "1.31", "2021": "1.56", "2024": "1.85"}
_LOCK_FORMS = {3: "1.53", 4: "1.78"}
# Crates that bind a system library, what they look for, and the crates whose presence makes them build their own.
_BINDINGS: dict[str, tuple[tuple[Use, ...], tuple[str, ...]]] = {
    "openssl-sys": ((Use("pkg-config", "openssl", False), Use("program", "pkg-config", False)), ("openssl-src",)),
    "clang-sys": ((Use("header", "clang-c/Index.h", False),), ()),
    "alsa-sys": ((Use("pkg-config", "alsa", False), Use("program", "pkg-config", False)), ()),
    "libudev-sys": ((Use("pkg-config", "libudev", False), Use("program", "pkg-config", False)), ()),
    "libdbus-sys": ((Use("pkg-config", "dbus-1", False), Use("program", "pkg-config", False)), ()),
    "pq-sys": ((Use("pkg-config", "libpq", False),), ("pq-src",)),
    "mysqlclient-sys": ((Use("program", "mysql_config", False),), ("mysqlclient-src",)),
    "gdal-sys": ((Use("pkg-config", "gdal", False), Use("program", "pkg-config", False)), ()),
    "hdf5-sys": ((Use("pkg-config", "hdf5", False),), ("hdf5-src",)),
    "cmake": ((Use("program", "cmake", False),), ()),
    "protobuf-src": ((Use("program", "cmake", False),), ()),
    "prost-build": ((Use("program", "protoc", False),), ("protobuf-src", "protoc-bin-vendored")),
}
_MOST_CRATES = 5_000
_VERSION = regex(r"\d{1,4}(?:\.\d{1,4}){0,2}")


def read(path: str, text: Callable[[str], str | None]) -> tuple[str | None, tuple[Use, ...]]:
    """Of the crate at ``path`` (its Cargo.toml): the oldest rustc that takes it, and what it binds."""
    manifest = table(text(path))
    if manifest is None:
        return None, ()
    folder = path.rpartition("/")[0]
    workspace = _workspace(folder, text)
    lock = table(text(f"{folder}/Cargo.lock".lstrip("/"))) or table(text("Cargo.lock")) or {}
    package = manifest.get("package", {})
    bounds = []
    for key in ("rust-version", "edition"):
        stated = package.get(key) if isinstance(package, dict) else None
        if isinstance(stated, dict):
            stated = workspace.get(key)
        if isinstance(stated, str):
            bounds.append(stated if key == "rust-version" else _EDITIONS.get(stated, ""))
    form = lock.get("version")
    bounds.append(_LOCK_FORMS.get(form, "") if isinstance(form, int) else "")
    versions = [bound for bound in bounds if _VERSION.fullmatch(bound)]
    minimum = max(versions, key=lambda bound: [int(part) for part in bound.split(".")], default=None)
    crates, wanted = _crates(lock), _wanted(manifest)
    reached = _reached(wanted, crates)
    uses = []
    for name, (bound, own) in _BINDINGS.items():
        if name in crates and not crates.keys() & {*own}:
            uses += [use._replace(sure=name in reached) for use in bound]
    return minimum, tuple(dict.fromkeys(uses))


def _crates(lock: Mapping[str, Any]) -> dict[str, list[str]]:
    """The crates of a lock, each with the names of those that it depends on."""
    found: dict[str, list[str]] = {}
    packages = lock.get("package")
    for crate in packages[:_MOST_CRATES] if isinstance(packages, list) else ():
        if isinstance(crate, dict) and isinstance(crate.get("name"), str):
            names = crate.get("dependencies")
            texts = (
                [text.partition(" ")[0] for text in names if isinstance(text, str)] if isinstance(names, list) else []
            )
            found.setdefault(crate["name"], []).extend(texts)
    return found


def _wanted(manifest: Mapping[str, Any]) -> set[str]:
    """The crates that a manifest depends on in any case, to build and to run."""
    found = set()
    for part in ("dependencies", "build-dependencies"):
        stated = manifest.get(part)
        for name, value in stated.items() if isinstance(stated, dict) else ():
            if not isinstance(value, dict):
                found.add(name)
            elif value.get("optional") is not True:
                package = value.get("package", name)
                found.add(package if isinstance(package, str) else name)
    return found


def _reached(names: Iterable[str], crates: Mapping[str, list[str]]) -> set[str]:
    """All that these need in turn, by the lock."""
    queue, found = [*names], set[str]()
    while queue:
        name = queue.pop()
        if name not in found:
            found.add(name)
            queue += crates.get(name, ())
    return found


def table(text: str | None) -> dict[str, Any] | None:
    """A TOML file's content, None where there is none or it is broken."""
    try:
        return None if text is None else toml.loads(text)
    except toml.BadToml:
        return None


def _workspace(folder: str, text: Callable[[str], str | None]) -> dict[str, Any]:
    """``[workspace.package]`` of the nearest Cargo.toml above that has one."""
    while True:
        manifest = table(text(f"{folder}/Cargo.toml".lstrip("/"))) or {}
        workspace = manifest.get("workspace")
        if isinstance(workspace, dict):
            package = workspace.get("package")
            return package if isinstance(package, dict) else {}
        if not folder:
            return {}
        folder = folder.rpartition("/")[0]
