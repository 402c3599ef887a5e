"""A dependency written as a TOML entry, as poetry and Pipfile have it: ``name = "^1"`` or ``name = { … }``."""

from collections.abc import Callable, Mapping

from fromlint.model.place import Problem, Span
from fromlint.model.requirement import Requirement
from fromlint.requirements import requirement_text
from fromlint.requirements.lock import text, texts
from fromlint.requirements.names import normalise
from fromlint.typed import Any

_SYSTEMS = ("git", "hg", "svn", "bzr")
_ANY = ("", "*")
# Pipfile's short forms: ``sys_platform = "== 'win32'"`` (pipenv's ``utils/markers.py``).
_MARKER_KEYS = (
    "os_name",
    "sys_platform",
    "platform_machine",
    "platform_python_implementation",
    "platform_release",
    "platform_system",
    "platform_version",
    "python_version",
    "python_full_version",
    "implementation_name",
    "implementation_version",
)


def read(
    name: str, entry: object, span: Span, specifier: Callable[[str], str | None], python: Callable[[str], str | None]
) -> Requirement | Problem:
    """The requirement of an entry. ``specifier`` turns the tool's constraint into PEP 440, ``python`` into a marker;
    either gives None for what it cannot.
    """
    details: Mapping[str, Any] = entry if isinstance(entry, dict) else {"version": entry}
    version = details.get("version", "*")
    if not isinstance(version, str):
        return Problem(f"{name}: its version is not a text", span)
    marker = _marker(details, python)
    if marker is None or (marker and requirement_text.marker_fault(marker)):
        return Problem(f"{name}: not a valid marker", span)
    wanted = "" if version.strip() in _ANY else specifier(version)
    if wanted is None:
        return Problem(f"{name}: {version} is not a version constraint that can be followed", span)
    kind, reference = source(details)
    extras = tuple(sorted({normalise(extra) for extra in texts(details.get("extras"))}))
    return Requirement(
        normalise(name), name, wanted if kind == "index" else "", extras, marker, kind, reference, (), span
    )


def source(details: Mapping[str, Any]) -> tuple[str, str | None]:
    """Where a dependency is from: the requirement's kind and reference."""
    for system in _SYSTEMS:
        if system in details:
            url = text(details, system)
            url = url if url.startswith(tuple(f"{known}+" for known in _SYSTEMS)) else f"{system}+{url}"
            at = next((text(details, key) for key in ("rev", "ref", "tag", "branch") if text(details, key)), "")
            return "vcs", f"{url}@{at}" if at else url
    place = text(details, "path") or text(details, "file")
    if place and not ("://" in place and not place.startswith("file:")):
        editable = details.get("editable") is True or details.get("develop") is True
        return ("editable" if editable else "path"), place
    url = text(details, "url") or place
    return ("url", url) if url else ("index", None)


def _marker(details: Mapping[str, Any], python: Callable[[str], str | None]) -> str | None:
    parts = [text(details, "markers")]
    parts.extend(f"{key} {text(details, key)}" for key in _MARKER_KEYS if text(details, key))
    if text(details, "python"):
        wanted = python(text(details, "python"))
        if wanted is None:
            return None
        parts.append(wanted)
    platform = text(details, "platform")
    if platform:
        operator = "!=" if platform.startswith("!=") else "=="
        parts.append(f'sys_platform {operator} "{platform.lstrip("!= ")}"')
    given = [part for part in parts if part]
    return given[0] if len(given) == 1 else " and ".join(f"({part})" for part in given)
