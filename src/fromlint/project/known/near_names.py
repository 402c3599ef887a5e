"""Which package somebody may have meant: only by names that are known here, so that nobody is asked about a typo."""

from __future__ import annotations

_LIKE = 0.8


def nearest(name: str) -> str | None:
    """The described or bundled package whose name is nearest to one; None where none is near."""
    from difflib import get_close_matches

    from fromlint.index.snapshot import PATH, Snapshot
    from fromlint.system import stored

    known = {*stored.lines("system/packages.jsonl"), *Snapshot(PATH).names()} - {name}
    return next(iter(get_close_matches(name, sorted(known), n=1, cutoff=_LIKE)), None)
