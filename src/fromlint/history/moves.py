"""What a change of base image or requirements does to the wheels of a Dockerfile, in a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from fromlint.model.project import Project
from fromlint.model.verdict import Outcome
from fromlint.named_tuple import NamedTuple

_MOST_NAMES = 6


class _Fate(NamedTuple):
    version: str | None
    outcome: Outcome


def lost_wheels(before: Project, now: Project) -> Iterator[str]:
    """A sentence for each platform on which packages had a wheel before and have none now."""
    bases = _bases(before, now)
    for platform in now.asked:
        then, today = _fates(before, platform), _fates(now, platform)
        lost = sorted(
            name
            for name, fate in today.items()
            if fate.outcome in (Outcome.SOURCE, Outcome.NONE) and name in then and then[name].outcome is Outcome.WHEEL
        )
        if not lost:
            continue
        # Where the base is the same, it is the versions that moved.
        names = [name if bases else _moved(name, then[name], today[name]) for name in lost]
        more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
        stops = sum(today[name].outcome is Outcome.NONE for name in lost)
        end = f"; {stops} of them cannot be installed at all" if stops else ""
        count = "one wheel" if len(lost) == 1 else f"{len(lost)} wheels"
        shown = ", ".join(names[:_MOST_NAMES])
        yield f"{now.dockerfile.path}: {bases or 'this change'} loses {count} on {platform}: {shown}{more}{end}"


def _moved(name: str, then: _Fate, today: _Fate) -> str:
    return f"{name} {then.version} → {today.version}" if then.version != today.version else name


def _bases(before: Project, now: Project) -> str:
    """Which base images moved to which: by stage, where both have as many; "" where none did."""
    then, today = _images(before), _images(now)
    if len(then) != len(today):
        return ""
    moved = dict.fromkeys(f"{old} → {new}" for old, new in zip(then, today, strict=True) if old and new and old != new)
    return ", ".join(moved)


def _images(project: Project) -> list[str | None]:
    return [stage.stage.image.value if stage.stage.image is not None else None for stage in project.stages]


def _fates(project: Project, platform: str) -> Mapping[str, _Fate]:
    """What becomes of each package on a platform; where several installs bring it, the worst."""
    found: dict[str, _Fate] = {}
    for stage in project.stages:
        for install in stage.installs:
            for facts in install.packages:
                package = facts.package
                verdict, known = package.verdicts.get(platform), found.get(package.name)
                if verdict is not None and (known is None or known.outcome is Outcome.WHEEL):
                    found[package.name] = _Fate(package.version, verdict.outcome)
    return found
