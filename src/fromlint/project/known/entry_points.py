"""Which console scripts a distribution puts into its environment's ``bin``."""

from __future__ import annotations

from fromlint.system import stored


def console_scripts(distribution: str) -> tuple[str, ...]:
    """Those that the data names, else one of the distribution's own (normalised) name, with dashes or underscores."""
    stated: dict[str, list[str]] = stored.whole("rules", "console_scripts.json")["packages"]
    return tuple(stated.get(distribution, (distribution, distribution.replace("-", "_"))))
