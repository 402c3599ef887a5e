"""Which package names a release has, and today's names for those that are gone (FL205)."""

from __future__ import annotations

import re

from fromlint.named_tuple import NamedTuple
from fromlint.regex import regex
from fromlint.system import archive, brought, stored
from fromlint.system.distribution import Distribution, named

_NAME = regex(r"[a-z0-9][a-z0-9+.-]+")
_MOST_REPEATED = 2


class Answer(NamedTuple):
    """Whether a release has a name.

    ``kind``: *there* (a real package); *virtual* (one other package provides it, so that it resolves); *several*
    (a virtual name with several providers, in ``providers``: apt refuses it); *gone* (the release has no such name);
    *unknown* (there is no index of the release, or the word is a pattern). ``now``: what to write today, () where
    nothing is known.
    """

    kind: str
    now: tuple[str, ...] = ()
    providers: tuple[str, ...] = ()


def package_exists(distro: str, release: str | None, name: str) -> Answer:
    """Whether the distribution's own archive (main) has a package or provides the name in that release."""
    distribution = named(distro, release)
    if distribution is None:
        return Answer("unknown")
    if distribution.table == "alpine":
        return _on_alpine(distribution, name)
    if not distribution.indexed or distribution.archive is None:
        return Answer("unknown")
    name = name.partition(":")[0]
    known = archive.known(distribution.archive, name) if _NAME.fullmatch(name) else None
    if known is None:
        if not _NAME.fullmatch(name) or _is_pattern(distribution.archive, name):
            return Answer("unknown")
        return Answer("gone", now(distribution, name))
    if not known.providers:
        return Answer("there")
    if len(known.providers) == 1:
        return Answer("virtual", known.providers, known.providers)
    return Answer("several", now(distribution, name) or known.providers[:1], known.providers)


def _is_pattern(release: str, name: str) -> bool:
    """apt takes a name that no package bears for a regular expression if it could be one (apt-get(8)).

    Of all that makes an expression a package name can hold only the dot and the plus. Names that are only mentioned
    count, too: ``libldap-2.5`` was no package, and on trixie apt installs nothing for it, and goes on (tried with 3.0).
    So what fits names of other releases may do here.
    """
    if ("." not in name and "+" not in name) or len(name) > 80:
        return False
    pattern = re.sub(r"\++", "+", name.replace("-", r"\-"))
    if pattern.count("+") > _MOST_REPEATED:
        # Looking for it could take for ever.
        return True
    compiled = re.compile(pattern)
    others = archive.releases()
    if "." not in name or any(archive.known(other, name) for other in others):
        return archive.matches(release, compiled)
    return any(archive.matches(other, compiled) for other in others)


def now(distribution: Distribution, name: str) -> tuple[str, ...]:
    """Today's name: the one that is recorded, or the same with ``t64``, if the release has it."""
    assert distribution.archive is not None
    recorded = stored.whole("system", "renamed.json")["now"].get(name)
    for candidate in (recorded, f"{name}t64"):
        if candidate:
            known = archive.known(distribution.archive, candidate)
            if known is not None and len(known.providers) < 2:
                return (candidate,)
    return ()


def _on_alpine(distribution: Distribution, name: str) -> Answer:
    """From curated names: what they do not hold is unknown."""
    data = stored.whole("system", "alpine.json")
    release = distribution.release
    if release is None:
        return Answer("unknown")
    entry = data["packages"].get(name)
    if entry is not None and brought.in_release(entry, release):
        return Answer("there")
    now = data["gone"].get(name, "")
    if entry is not None or name in data["gone"]:
        return Answer("gone", (now,) if now else ())
    if brought.by(distribution, name, False) is not None:
        return Answer("virtual")
    return Answer("unknown")
