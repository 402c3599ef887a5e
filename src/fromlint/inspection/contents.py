"""What an image was found to hold, and its form in the cache."""

from __future__ import annotations

import json
from collections.abc import Mapping

from fromlint.model.environment import Python
from fromlint.named_tuple import NamedTuple
from fromlint.typed import Any

# A new number where what is read changes: what was kept under another one is read anew.
EDITION = 3


class Contents(NamedTuple):
    """What was read of an image on one platform.

    ``system``, ``release``, ``codename`` and ``like`` are those of os-release (``ID``, ``VERSION_ID``,
    ``VERSION_CODENAME``, ``ID_LIKE``), "" where it has none. ``packages`` is None where no package database could be
    read; ``tools`` are the commands in PATH, () where not all layers were read. ``python`` is the one that ``python3``
    runs, ``distributions`` what is installed for it, with versions. ``size`` is packed, in bytes. ``lacking`` says what
    was not read and why, "" where everything was.
    """

    platform: str
    system: str = ""
    release: str = ""
    codename: str = ""
    like: tuple[str, ...] = ()
    libc: str | None = None
    libc_version: str | None = None
    packages: tuple[str, ...] | None = None
    tools: tuple[str, ...] = ()
    python: Python | None = None
    others: tuple[Python, ...] = ()
    distributions: Mapping[str, str] | None = None
    virtual_environment: str | None = None
    variables: Mapping[str, str] = {}
    directory: str = "/"
    user: str = "root"
    size: int = 0
    lacking: str = ""


def to_bytes(contents: Contents) -> bytes:
    """The form in the cache."""
    held = contents._asdict()
    held["python"] = None if contents.python is None else contents.python._asdict()
    held["others"] = [python._asdict() for python in contents.others]
    return json.dumps({"edition": EDITION, **held}, separators=(",", ":")).encode()


def from_bytes(data: bytes) -> Contents | None:
    """What ``to_bytes`` made; None for anything else."""
    try:
        held = json.loads(data)
        if held.pop("edition") != EDITION or set(held) != set(Contents._fields):
            return None
        return Contents(
            platform=_text(held["platform"]),
            system=_text(held["system"]),
            release=_text(held["release"]),
            codename=_text(held["codename"]),
            like=_texts(held["like"]),
            libc=_text_or_none(held["libc"]),
            libc_version=_text_or_none(held["libc_version"]),
            packages=None if held["packages"] is None else _texts(held["packages"]),
            tools=_texts(held["tools"]),
            python=None if held["python"] is None else _python(held["python"]),
            others=tuple(_python(each) for each in held["others"]),
            distributions=None if held["distributions"] is None else _table(held["distributions"]),
            virtual_environment=_text_or_none(held["virtual_environment"]),
            variables=_table(held["variables"]),
            directory=_text(held["directory"]),
            user=_text(held["user"]),
            size=int(held["size"]),
            lacking=_text(held["lacking"]),
        )
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _text_or_none(value: Any) -> str | None:
    return None if value is None else _text(value)


def _texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError
    return tuple(_text(each) for each in value)


def _table(value: Any) -> dict[str, str]:
    return {_text(name): _text(each) for name, each in value.items()}


def _python(value: Any) -> Python:
    return Python(
        version=_text(value["version"]),
        implementation=_text(value["implementation"]),
        prefix=_text(value["prefix"]),
        pip=_text_or_none(value["pip"]),
        externally_managed=value["externally_managed"] is True,
        free_threaded=value["free_threaded"] is True,
    )
