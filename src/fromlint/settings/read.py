"""Settings from ``[tool.fromlint]`` in the nearest pyproject.toml, or from fromlint.toml beside or above."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from errno import ENOENT

from fromlint.model.settings import Settings
from fromlint.typed import Any
from fromlint.witness import looked_at, looked_for

FILE_NAME = "fromlint.toml"

LARGEST = 1_000_000
"""In bytes."""

# What each key holds: a check of the value's shape and what to say it should be.
_TEXT, _TEXTS, _FLAG, _TABLE, _SECONDS = "a text", "a list of texts", "true or false", "a table of texts", "seconds"

KEYS: Mapping[str, str] = {
    "select": _TEXTS,
    "ignore": _TEXTS,
    "fail-on": _TEXT,
    "strict": _FLAG,
    "platform": _TEXTS,
    "build-arg": _TABLE,
    "target": _TEXT,
    "context": _TEXT,
    "requirements": _TEXTS,
    "offline": _FLAG,
    "index-url": _TEXT,
    "index-allow": _TEXTS,
    "index-timeout": _SECONDS,
    "as-of": _TEXT,
    "images": _TABLE,
    "exclude": _TEXTS,
    "inspect": _FLAG,
    "exit-zero": _FLAG,
    "baseline": _TEXT,
}
# What only a settings file says; of the others the option of that name says what they are.
FILE_ONLY: Mapping[str, str] = {
    "images": "What private base images are: a pattern of references, and the public image that it stands on.",
    "exclude": "Paths that a folder search leaves out, written as in .gitignore.",
    "index-allow": "Patterns of the hosts that may be asked; all, where none is given.",
    "index-timeout": "The time for all that a run asks of indexes, in seconds.",
}
FAIL_ON = ("error", "warning", "info", "never")


class SettingsError(Exception):
    """A settings file that cannot be used: file, key and what to do, in one line."""


def nearest(folder: str) -> str | None:
    """The first fromlint.toml, or pyproject.toml with ``[tool.fromlint]``, from a folder upwards.

    The search ends at the repository's root (the folder with ``.git``). Raises nothing.
    """
    while True:
        own, project = os.path.join(folder, FILE_NAME), os.path.join(folder, "pyproject.toml")
        looked_at(own)
        looked_at(project)
        if os.path.isfile(own):
            return own
        # A plain look into the bytes spares the TOML parser for the many projects without our table.
        with suppress(OSError):
            if b"tool.fromlint" in _content(project):
                return project
        above = os.path.dirname(folder)
        if os.path.exists(looked_for(os.path.join(folder, ".git"))) or above == folder:
            return None
        folder = above


def read(path: str) -> Settings:
    """The settings that a file states. Raises SettingsError with file, key and what is known instead."""
    from fromlint.toml import BadToml, loads

    looked_at(path)
    try:
        data = _content(path)
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read: {error.strerror or error}") from error
    if len(data) > LARGEST:
        raise SettingsError(f"{path}: larger than {LARGEST // 1_000_000} MB, which no settings file is")
    try:
        document = loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}: not a TOML file in UTF-8") from error
    except BadToml as error:
        raise SettingsError(f"{path}: {error}") from error
    table: Any = document
    if os.path.basename(path) != FILE_NAME:
        tool = document.get("tool", {})
        table = tool.get("fromlint", {}) if isinstance(tool, dict) else {}
    if not isinstance(table, dict):
        raise SettingsError(f"{path}: [tool.fromlint] must be a table")
    return from_table(table, path)


def _content(path: str) -> bytes:
    """The bytes of a file, or a byte more than it may have. Raises OSError, also where it is no file."""
    # What is no file (a pipe, a device) might never end.
    if not os.path.isfile(path):
        raise OSError("not a file" if os.path.exists(path) else os.strerror(ENOENT))
    with open(path, "rb") as file:
        return file.read(LARGEST + 1)


def from_table(table: Mapping[str, Any], path: str) -> Settings:
    """Settings from a table as TOML gives it. Raises SettingsError for unknown keys and wrong values."""
    values: dict[str, Any] = {}
    for key, value in table.items():
        kind = KEYS.get(key)
        if kind is None:
            raise SettingsError(f"{path}: unknown setting {key!r}{_nearest_key(key)}")
        values[key.replace("-", "_")] = _checked(value, kind, key, path)
    settings = Settings(**values, file=path, folder=os.path.dirname(path) or ".")
    if settings.fail_on not in FAIL_ON:
        raise SettingsError(f"{path}: fail-on must be one of {', '.join(FAIL_ON)}, not {settings.fail_on!r}")
    return settings


def _nearest_key(key: str) -> str:
    from difflib import get_close_matches

    close = get_close_matches(key.replace("_", "-"), KEYS, n=1)
    return f"; did you mean {close[0]!r}?" if close else f"; known are {', '.join(KEYS)}"


def _checked(value: Any, kind: str, key: str, path: str) -> Any:
    if kind == _FLAG and isinstance(value, bool):
        return value
    if kind == _TEXT and isinstance(value, str):
        return value
    if kind == _TEXT and key == "as-of" and hasattr(value, "isoformat"):
        return value.isoformat()[:10]
    if kind == _SECONDS and isinstance(value, int | float) and not isinstance(value, bool) and value >= 0:
        return float(value)
    if kind == _TEXTS:
        if isinstance(value, str):
            return (value,)
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            return tuple(value)
    if kind == _TABLE and isinstance(value, dict) and all(isinstance(item, str) for item in value.values()):
        return dict(value)
    raise SettingsError(f"{path}: {key} must be {kind}, not {value!r}")
