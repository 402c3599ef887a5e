"""Which packages do without their native part where that is not found."""

from __future__ import annotations

from fromlint.model.environment import Environment
from fromlint.system import needs


def has_fallback(name: str, version: str | None, environment: Environment) -> bool:
    """Whether a package (by its normalised name) falls back to pure Python: then nothing fails without its module."""
    known = needs.build_needs(name, version, environment, None)
    return known is not None and known.fallback
