"""What becomes of packages, in a few words: for hovers and lenses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from fromlint.advice.wording import size
from fromlint.model.project import Fate, InstallFacts, PackageFacts, StageFacts
from fromlint.model.verdict import Outcome
from fromlint.rules import wording

_HOPELESS = frozenset({Fate.HOPELESS, Fate.RUST_TOO_OLD, Fate.NOTHING_FITS, Fate.HASH_NOT_LISTED, Fate.UNKNOWN_PACKAGE})


def counted(stage: StageFacts, platform: str) -> str:
    """``12 wheels, 2 compiled`` for all that a stage's installs bring; "" where they bring nothing."""
    kinds = {
        facts.package.name: _kind(facts, platform)
        for install in stage.installs
        for facts in install.packages
        if platform in facts.package.verdicts
    }
    if not kinds:
        return ""
    numbers = Counter(kinds.values())
    return numbered(
        numbers["wheel"],
        {
            "compiled": numbers["compiled"],
            "pure sdist": numbers["sdist"],
            "impossible": numbers["failing"],
            "unknown": numbers["unknown"],
        },
    )


def numbered(wheels: int, others: Mapping[str, int]) -> str:
    """``12 wheels, 2 compiled``: what there is none of is left out."""
    parts = [f"{number} {what}" for what, number in others.items() if number]
    return ", ".join([f"{wheels} wheel{'' if wheels == 1 else 's'}", *parts] if wheels or not parts else parts)


def _kind(facts: PackageFacts, platform: str) -> str:
    outcome = facts.package.verdicts[platform].outcome
    if outcome is Outcome.UNKNOWN:
        return "unknown"
    if outcome is Outcome.NONE or facts.fates.get(platform) in _HOPELESS:
        return "failing"
    if outcome is Outcome.WHEEL:
        return "wheel"
    return "compiled" if platform in facts.builds else "sdist"


def fine(facts: PackageFacts, platforms: Iterable[str]) -> bool:
    """Whether a package comes as a wheel, or needs no compiler, on all the platforms."""
    return all(
        _kind(facts, platform) in ("wheel", "sdist") for platform in platforms if platform in facts.package.verdicts
    )


def by_platform(
    stage: StageFacts, install: InstallFacts, facts: PackageFacts, platforms: Iterable[str]
) -> Mapping[str, str]:
    """What becomes of a package on each platform; one entry under "" where that is the same on all."""
    found = {
        platform: outcome(stage, install, facts, platform)
        for platform in platforms
        if platform in facts.package.verdicts
    }
    return {"": next(iter(found.values()))} if len(set(found.values())) == 1 and len(found) > 1 else found


def outcome(stage: StageFacts, install: InstallFacts, facts: PackageFacts, platform: str) -> str:
    """What becomes of a package on a platform: which file, and what is in the way."""
    package, verdict = facts.package, facts.package.verdicts[platform]
    environment = stage.environments.get(platform, stage.environment)
    file = verdict.file
    if package.kept:
        return "already installed in the base"
    if verdict.outcome is Outcome.UNKNOWN:
        return f"not known: {verdict.reason or 'the index has not been asked'}"
    if verdict.outcome is Outcome.NONE:
        if not verdict.exists:
            return "the index has no such project"
        return f"cannot be installed: {wording.why_nothing_fits(package, verdict, environment, install.python)}"
    weight = f" ({size(file.size)})" if file is not None and file.size else ""
    if verdict.outcome is Outcome.WHEEL:
        return f"wheel {file.filename}{weight}" if file is not None else "wheel"
    if platform not in facts.builds:
        return f"sdist {file.filename}{weight}, nothing to compile" if file is not None else "from source"
    build = facts.builds[platform]
    if package.requirement.kind != "index" and not package.parents:
        words = "built from what the requirement names"
    else:
        words = f"compiled: {wording.why_no_wheel(package, verdict, environment, install.python)}"
    if build.hopeless is not None:
        return f"{words}; the build must fail: {build.hopeless}"
    if build.missing:
        return f"{words}; needs {' '.join(build.missing)}, not there by then"
    return words
