"""What an editor sets: ``{"settings": {…}}`` with the keys of a settings file, on top of what that file says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fromlint.settings.read import SettingsError, from_table

_NAMED = "the editor's settings"


class ConfigurationError(Exception):
    """What is wrong with the editor's settings, in one line."""


def given(*sources: object) -> dict[str, object]:
    """The settings that the editor gives, by setting name; a later source beats an earlier one.

    A source is what came as ``initializationOptions`` or as the section ``fromlint`` of the configuration; one without
    ``settings`` says nothing. Raises ConfigurationError.
    """
    table: dict[str, Any] = {}
    for source in sources:
        stated = source.get("settings") if isinstance(source, Mapping) else None
        if stated is None:
            continue
        if not isinstance(stated, Mapping):
            raise ConfigurationError(f"{_NAMED}: settings must be a table, not {stated!r}")
        # An editor's forms hand over what is not filled in as null.
        table |= {str(key): value for key, value in stated.items() if value is not None}
    try:
        settings = from_table(table, _NAMED)
    except SettingsError as error:
        raise ConfigurationError(str(error)) from error
    values = settings._asdict()
    return {name: values[name] for name in (key.replace("-", "_") for key in table)}
