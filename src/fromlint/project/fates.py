"""What becomes of a package: one fate a platform, so that no two rules speak of the same failure."""

from __future__ import annotations

from fromlint.model.project import BuildFacts, Fate
from fromlint.model.verdict import Obstacle, Outcome, Verdict

# Why a package is compiled although the tools are there: the base's fault, or nobody's.
_COMPILED = {
    Obstacle.MUSL: Fate.COMPILED_FOR_MUSL,
    Obstacle.MUSL_TOO_OLD: Fate.COMPILED_FOR_MUSL,
    Obstacle.GLIBC_TOO_OLD: Fate.COMPILED_FOR_GLIBC,
    Obstacle.PYTHON: Fate.COMPILED_FOR_PYTHON,
    Obstacle.PLATFORM: Fate.COMPILED_FOR_PLATFORM,
    Obstacle.PIP: Fate.COMPILED_FOR_PIP,
}


def fate(verdict: Verdict, build: BuildFacts | None) -> Fate:
    """The fate of a package by its verdict and, for a source build, by what that build takes.

    ``build`` is None for a pure sdist, and where nothing is known of the build: then there is nothing to say.
    """
    if verdict.outcome is Outcome.WHEEL:
        return Fate.FINE
    if verdict.outcome is Outcome.UNKNOWN:
        return Fate.UNKNOWN
    if verdict.outcome is Outcome.NONE:
        return _nothing(verdict)
    if build is None:
        return Fate.FINE
    if build.hopeless is not None:
        return Fate.HOPELESS
    if build.later is not None:
        return Fate.TOOLS_LATER
    if build.rust is not None:
        return Fate.RUST_TOO_OLD
    if build.missing:
        return Fate.TOOLS_MISSING
    return _COMPILED.get(verdict.obstacle, Fate.COMPILED) if verdict.obstacle is not None else Fate.COMPILED


def _nothing(verdict: Verdict) -> Fate:
    if not verdict.exists:
        return Fate.UNKNOWN_PACKAGE
    return Fate.HASH_NOT_LISTED if verdict.obstacle is Obstacle.HASHES else Fate.NOTHING_FITS
