"""The core metadata of a distribution: METADATA in a wheel, PKG-INFO in an sdist."""

from __future__ import annotations

from fromlint.model.index import Metadata
from fromlint.named_tuple import NamedTuple

LARGEST = 2_000_000
"""Bytes of a METADATA file that are taken; the description, which comes last, is what makes some long."""

_MOST_REQUIREMENTS = 5_000
_LONGEST_LINE = 4_000
_WANTED = frozenset({"metadata-version", "requires-dist", "provides-extra", "requires-python", "dynamic", "version"})


class Fields(NamedTuple):
    """The fields that matter, by lower-case name, each with all its values."""

    values: dict[str, tuple[str, ...]]

    def one(self, name: str) -> str | None:
        found = self.values.get(name)
        return found[0] if found else None

    @property
    def static(self) -> bool:
        """Whether what an sdist says of its dependencies holds for every wheel built from it (PEP 643)."""
        version = (self.one("metadata-version") or "").split(".")
        numbers = [int(part) if part.isdecimal() and len(part) < 5 else 0 for part in version]
        dynamic = {name.lower() for name in self.values.get("dynamic", ())}
        return numbers >= [2, 2] and dynamic.isdisjoint({"requires-dist", "provides-extra"})


def fields(data: bytes) -> Fields | None:
    """The fields of a metadata file, None where it is none. Lines with control characters are left out."""
    head = data[:LARGEST].decode("utf-8", "replace").replace("\r\n", "\n")
    # the headers end at the first empty line; the description follows
    head = head.lstrip("\n\ufeff").partition("\n\n")[0]
    values: dict[str, list[str]] = {}
    name = ""
    for line in head.split("\n"):
        if line[:1] in (" ", "\t"):
            if name and len(values[name][-1]) < _LONGEST_LINE:
                values[name][-1] += " " + line.strip()
            continue
        field, colon, value = line.partition(":")
        name = field.strip().lower()
        if not colon or name not in _WANTED:
            name = ""
            continue
        found = values.setdefault(name, [])
        if len(found) >= _MOST_REQUIREMENTS:
            name = ""
            continue
        found.append(value.strip())
    if "metadata-version" not in values:
        return None
    return Fields(
        {
            name: tuple(value for value in found if value.isprintable() and 0 < len(value) <= _LONGEST_LINE)
            for name, found in values.items()
        }
    )


def metadata(found: Fields) -> Metadata:
    """What a release depends on, by its fields."""
    return Metadata(
        found.values.get("requires-dist", ()),
        found.values.get("provides-extra", ()),
        found.one("requires-python"),
    )


def of_project(pyproject: bytes) -> Metadata | None:
    """What an sdist's pyproject.toml says of dependencies, None where it leaves them to the build backend (PEP 621).

    uv reads sdists older than Metadata 2.2 so.
    """
    from fromlint.toml import loads

    try:
        project = loads(pyproject.decode("utf-8")).get("project")
    except ValueError:  # BadToml and UnicodeDecodeError are
        return None
    if not isinstance(project, dict) or not isinstance(project.get("name"), str):
        return None
    dynamic = project.get("dynamic", [])
    if not isinstance(dynamic, list) or not {"dependencies", "optional-dependencies", "requires-python"}.isdisjoint(
        map(str, dynamic)
    ):
        return None
    extras = project.get("optional-dependencies", {})
    direct = _texts(project.get("dependencies", []))
    python = project.get("requires-python")
    if direct is None or not isinstance(extras, dict):
        return None
    requires = [*direct]
    for extra, wanted in extras.items():
        further = _texts(wanted)
        if further is None:
            return None
        requires.extend(_only_with(requirement, extra) for requirement in further)
    return Metadata(
        tuple(requires[:_MOST_REQUIREMENTS]),
        tuple(extra for extra in extras if extra.isprintable()),
        python if isinstance(python, str) and python.isprintable() else None,
    )


def _texts(value: object) -> list[str] | None:
    """A list of printable strings, None where ``value`` is another thing."""
    if not isinstance(value, list) or not all(isinstance(item, str) and item.isprintable() for item in value):
        return None
    return [item.strip() for item in value if len(item) <= _LONGEST_LINE]


def _only_with(requirement: str, extra: str) -> str:
    """A requirement of an extra as core metadata writes it."""
    # a URL may hold a semicolon; the marker's stands after a space there (PEP 508)
    separator = " ;" if " @ " in requirement else ";"
    plain, found, marker = requirement.partition(separator)
    condition = f'extra == "{extra}"'
    return f"{plain.rstrip()} ; ({marker.strip()}) and {condition}" if found else f"{plain.rstrip()} ; {condition}"


def unknown(reason: str, requires_python: str | None = None) -> Metadata:
    """That the dependencies are not known, and why."""
    return Metadata((), (), requires_python, known=False, failure=reason)


def to_bytes(found: Metadata) -> bytes:
    """As it is kept in the cache: lines of text, the first of which says whether it is known."""
    head = ("1" if found.known else "0", found.failure or "", found.requires_python or "")
    return "\n".join((*head, "\t".join(found.provides_extra), *found.requires_dist)).encode("utf-8", "replace")


def from_bytes(data: bytes) -> Metadata | None:
    """What ``to_bytes`` made, None where it is not that."""
    try:
        known, failure, requires_python, extras, *requires = data.decode("utf-8").split("\n")
    except ValueError:  # too few lines, or not UTF-8
        return None
    if known not in ("0", "1"):
        return None
    return Metadata(
        tuple(requires),
        tuple(extras.split("\t")) if extras else (),
        requires_python or None,
        known == "1",
        failure or None,
    )
