"""From candidates to advice: a row for each on each platform, one recommendation, its reasons, what would change it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from fromlint.advice import changes, sizes, wording
from fromlint.advice.sizes import Sizes
from fromlint.advice.substitutes import Substitute
from fromlint.model.finding import Finding
from fromlint.model.project import Alternative, OnPlatform, PackageFacts, Project
from fromlint.named_tuple import NamedTuple
from fromlint.project.comparison import COMPILE_AT_RUN_TIME, as_large, exists
from fromlint.project.known.base_tags import ended, fixes_until
from fromlint.system.needs import build_minutes

_MOST_SUBSTITUTIONS = 4


class Entry(NamedTuple):
    """A package on a candidate: ``outcome`` is wheel, source, none or unknown; ``fate`` ready, compiled, impossible or
    unknown.

    ``why``: why no wheel fits, in words. ``nearest`` is the nearest version that has a wheel there.
    """

    name: str
    version: str | None
    outcome: str
    fate: str
    filename: str | None
    why: str
    nearest: str | None
    direct: bool


class Row(NamedTuple):
    """A candidate on a platform.

    ``total_bytes`` are those to pull of the image as the Dockerfile makes it, None where a part is not known. ``until``
    is the day on which the release or its Python stops getting fixes. ``minutes``: what compiling took where it was
    measured, by package. ``usable`` is false where nothing is known of the image, or there is none for the platform.
    """

    image: str
    platform: str
    in_use: bool
    usable: bool
    entries: tuple[Entry, ...]
    build: tuple[str, ...]
    run: tuple[str, ...]
    sizes: Sizes
    total_bytes: int | None
    until: str | None
    ended: bool
    minutes: tuple[tuple[str, float], ...]
    reasons: tuple[str, ...]
    changes: tuple[str, ...]

    def named(self, fate: str) -> tuple[str, ...]:
        """The names of the packages with a fate, sorted."""
        return tuple(sorted({entry.name for entry in self.entries if entry.fate == fate}))

    def count(self, outcome: str) -> int:
        """How many packages have an outcome."""
        return sum(entry.outcome == outcome for entry in self.entries)


class Advice(NamedTuple):
    """The rows, best candidate first; the image recommended (None: nothing to go by) and why.

    ``what_if``: what would change the recommendation, or the compiling on it. ``python`` is the version asked about.
    ``staged``: what is installed is built in another stage than the one that is shipped. ``apart`` are stages that
    install, too, but of which nothing is shipped.
    """

    path: str
    as_of: str
    facts_date: str
    rows: tuple[Row, ...]
    in_use: str
    recommended: str | None
    why: tuple[str, ...]
    what_if: tuple[str, ...]
    python: str | None = None
    staged: bool = False
    apart: tuple[str, ...] = ()


def advice(
    project: Project,
    substitutes: Sequence[Substitute],
    findings: Sequence[Finding] = (),
    *,
    python: str | None = None,
    elsewhere: Mapping[str, Project] = {},
) -> Advice:
    """The advice for a project whose alternatives were compared with what could be taken in place of what.

    ``elsewhere``: the project as it is walked on other platforms, where that differs.

    ``findings`` are those of what is needlessly large on every base: their help would change the size. ``python``: the
    version (``3.14``) that was asked about; then only images of that Python are recommended.
    """
    rows = tuple(
        _row(each, there, elsewhere.get(there.environment.platform, project))
        for each in project.alternatives
        for there in each.by_platform
    )
    in_use = next((each for each in project.alternatives if each.in_use), None)
    usable = [each for each in project.alternatives if _usable(each) and _of_python(each, python)]
    best = usable[0] if usable and _anything_known(usable[0]) else None
    why = _why(best, usable, in_use, project, python) if best else _why_nothing(project, python)
    return Advice(
        path=project.dockerfile.path,
        as_of=project.as_of,
        facts_date=project.data_date,
        rows=rows,
        in_use=in_use.image if in_use else "",
        recommended=best.image if best else None,
        why=why,
        what_if=(*_what_if(best, usable, substitutes), *_smaller(findings)) if best else (),
        python=python,
        staged=any(each.staged for each in project.alternatives),
        apart=tuple(_apart(project)),
    )


def _apart(project: Project) -> Iterator[str]:
    """The stages that the build of the target never makes, for development and tests: they are another image."""
    for stage in project.stages:
        if stage.installs and not stage.stage.reachable:
            name = stage.stage.name or str(stage.stage.number)
            yield f"stage {name} (line {stage.stage.instruction.span.line})"


def _usable(each: Alternative) -> bool:
    return all(there.environment.known and exists(there.environment) for there in each.by_platform)


def _of_python(each: Alternative, python: str | None) -> bool:
    own = each.environment.python
    return python is None or (own is not None and wording.minor(own.version) == python)


def _anything_known(each: Alternative) -> bool:
    return bool(each.wheels or each.compiled or each.failing)


# --- rows -------------------------------------------------------------------------------------------------------------


def _row(each: Alternative, there: OnPlatform, project: Project) -> Row:
    environment = there.environment
    usable = environment.known and exists(environment)
    entries = tuple(_entry(entry, there) for entry in there.packages)
    size = sizes.of(there)
    measured = [(name, minutes) for name in there.compiled if (minutes := build_minutes(name)) is not None]
    until = fixes_until(environment)
    return Row(
        image=each.image,
        platform=environment.platform,
        in_use=each.in_use,
        usable=usable,
        entries=entries,
        build=there.build,
        run=there.libraries,
        sizes=size,
        total_bytes=size.packed(each.staged) if not size.not_counted else None,
        until=until,
        ended=ended(until, project.as_of),
        minutes=tuple(measured),
        reasons=_reasons(entries, there, until, project.as_of),
        changes=changes.to(each, there, project) if usable else (),
    )


def _entry(facts: PackageFacts, there: OnPlatform) -> Entry:
    package = facts.package
    verdict = package.verdicts[there.environment.platform]
    fate = "ready"
    for word, names in (("impossible", there.failing), ("unknown", there.unknown), ("compiled", there.compiled)):
        if package.name in names:
            fate = word
            break
    build = facts.builds.get(there.environment.platform)
    why = ""
    if fate == "impossible" and build is not None and build.hopeless is not None:
        why = build.hopeless
    elif fate == "unknown":
        why = verdict.reason or ""
    elif fate in ("impossible", "compiled"):
        why = wording.no_wheel(verdict.obstacle, there.environment)
    nearest = next((near.value for near in verdict.nearest if near.kind == "version"), None)
    filename = verdict.file.filename if verdict.file is not None else None
    return Entry(
        package.name, package.version, verdict.outcome.value, fate, filename, why, nearest, not package.parents
    )


def _reasons(entries: Sequence[Entry], there: OnPlatform, until: str | None, as_of: str) -> tuple[str, ...]:
    environment = there.environment
    if not environment.known:
        return (environment.unknown or "the image is not known",)
    if not exists(environment):
        return (f"there is no such image for {environment.platform}",)
    found = []
    if environment.python is None:
        version = next((wording.minor(python.version) for python in environment.offered), "")
        found.append(f"holds no Python: its packages bring {version}" if version else "holds no Python")
    if environment.packages is None:
        found.append("which system packages it holds is not known, nor what is to be added to run")
    by_why: dict[tuple[str, str], list[str]] = {}
    for entry in entries:
        if entry.fate in ("impossible", "compiled"):
            text = f"{entry.name} {entry.version or ''}".rstrip()
            by_why.setdefault((entry.fate, entry.why), []).append(text)
    for (fate, why), names in by_why.items():
        verb = "cannot be installed" if fate == "impossible" else "compiled"
        found.append(f"{verb}: {', '.join(names)}" + (f" ({why})" if why else ""))
    unknown = [entry.name for entry in entries if entry.fate == "unknown"]
    if unknown:
        found.append(f"not known: {', '.join(unknown)}")
    if ended(until, as_of):
        found.append(f"gets no fixes since {until}")
    return tuple(found)


# --- the recommendation -----------------------------------------------------------------------------------------------


def _why(
    best: Alternative, usable: Sequence[Alternative], in_use: Alternative | None, project: Project, python: str | None
) -> tuple[str, ...]:
    found = []
    if python is not None:
        found += _move(best, python)
    elif best.in_use:
        found.append(f"the base in use, {best.image}, is the best of those compared: FROM can stay")
    found.append(_fares(best))
    if in_use is not None and in_use is not best and _usable(in_use):
        found += _against_base(best, in_use, project.as_of)
    elif in_use is not None and not _usable(in_use):
        found.append(f"of the base in use, {in_use.image}, is not known what it holds")
    found += _against_smaller(best, usable, project.as_of)
    found += _by_size(best, usable)
    if best.environment.variant != "full" and in_use is not None and in_use.environment.variant == "full":
        names = sorted({facts.package.name for facts in best.by_platform[0].packages} & COMPILE_AT_RUN_TIME)
        if names:
            found.append(f"{' and '.join(names)} may run a C compiler at run time (torch.compile): then add gcc")
    if ended(best.environment.end_of_life, project.as_of) or ended(best.environment.python_end_of_life, project.as_of):
        found.append("it gets no fixes any more, but on none that does everything installs")
    return tuple(dict.fromkeys(found))


def _why_nothing(project: Project, python: str | None) -> tuple[str, ...]:
    if not project.alternatives:
        if any(stage.installs for stage in project.stages):
            return ("no installs were found that the base of the target stage decides about",)
        return ("the Dockerfile installs no requirements: there is nothing to compare",)
    if not any(_usable(each) and _of_python(each, python) for each in project.alternatives):
        wanted = f" of Python {python}" if python else ""
        return (f"no image{wanted} is known to compare with; name one with --candidate",)
    return ("of none of the requirements is known what the index has",)


def _move(best: Alternative, python: str) -> list[str]:
    """Whether one can move to the Python asked about, and what stands in the way."""
    if best.failing:
        return [f"not yet to Python {python}: {_names(best.failing)} cannot be installed there"]
    if best.compiled:
        nearest = _nearest(best)
        return [
            f"yes, to Python {python}, but {_names(best.compiled)} would be compiled: no wheel there yet"
            + (f" ({nearest})" if nearest else "")
        ]
    some = f", as far as is known ({best.unknown} are not)" if best.unknown else ""
    return [f"yes: to Python {python} one can move, nothing needs a compiler there{some}"]


def _nearest(best: Alternative) -> str:
    found: dict[str, None] = {}
    for there in best.by_platform:
        for facts in there.packages:
            for near in facts.package.verdicts[there.environment.platform].nearest:
                if near.kind == "version" and facts.package.name in best.compiled:
                    found[f"{facts.package.name} {near.value} has one"] = None
    return ", ".join(found)


def _fares(best: Alternative) -> str:
    total = best.wheels + len(best.compiled) + len(best.failing) + best.unknown
    if best.failing:
        return (
            f"on none of the bases everything installs; on {best.image} the fewest fail: "
            f"{_names(best.failing)} of {_count(total, 'package')}"
        )
    unknown = f"; of {best.unknown} nothing is known" if best.unknown else ""
    if not best.compiled:
        return f"{best.wheels} of {_count(total, 'package')} install on {best.image} without a compiler{unknown}"
    return (
        f"everything installs on {best.image}: {best.wheels} of {_count(total, 'package')} as they are, "
        f"compiled {_names(best.compiled)}{unknown}"
    )


def _against_base(best: Alternative, in_use: Alternative, as_of: str) -> list[str]:
    found = []
    gone = [name for name in in_use.failing if name not in best.failing]
    if gone:
        found.append(f"on {in_use.image}, the base in use, {_names(gone)} cannot be installed")
    spared = [name for name in in_use.compiled if name not in best.compiled]
    if spared:
        found.append(f"on {in_use.image}, the base in use, {_names(spared)} would be compiled")
    environment = in_use.environment
    for day in (environment.end_of_life, environment.python_end_of_life):
        if ended(day, as_of):
            found.append(f"{in_use.image}, the base in use, gets no fixes since {day}")
            break
    if not found and in_use.weight is not None and best.weight is not None and best.weight < in_use.weight:
        saved = wording.size(in_use.weight - best.weight)
        found.append(f"the same installs there, with {saved} less to pull than {in_use.image}, the base in use")
    return found


def _against_smaller(best: Alternative, usable: Sequence[Alternative], as_of: str) -> list[str]:
    """Why a smaller base was not taken."""
    found = []
    for other in usable:
        if other is best or other.in_use or best.weight is None or other.weight is None or other.weight >= best.weight:
            continue
        more = [name for name in other.failing if name not in best.failing]
        compiled = [name for name in other.compiled if name not in best.compiled]
        if more:
            found.append(f"{other.image} is smaller, but {_names(more)} cannot be installed on it")
        elif ended(other.environment.end_of_life, as_of):
            found.append(f"{other.image} is smaller, but gets no fixes since {other.environment.end_of_life}")
        elif compiled:
            found.append(f"{other.image} is smaller, but would compile {_names(compiled)}")
        elif other.unknown > best.unknown:
            found.append(f"{other.image} is smaller, but of {other.unknown} packages nothing is known there")
        elif other.rewritten and not best.rewritten:
            manager = other.environment.package_manager
            found.append(
                f"{other.image} is smaller, but what this Dockerfile installs besides is to be written for {manager}"
            )
        else:
            found.append(f"{other.image} is hardly smaller: {_tie(best, other)}")
    return found[:3]


def _by_size(best: Alternative, usable: Sequence[Alternative]) -> list[str]:
    if best.weight is None:
        return []
    larger = [
        other
        for other in usable
        if other is not best
        and (len(other.failing), len(other.compiled)) == (len(best.failing), len(best.compiled))
        and other.weight is not None
        and other.weight > best.weight
    ]
    if not larger:
        return []
    second = min(larger, key=lambda other: other.weight or 0)
    if as_large(second, best.weight):
        return [f"{second.image} is about as large: {_tie(best, second)}"]
    return [
        f"{second.image} does as well and is larger: {wording.size(second.weight)} to pull, "
        f"{best.image} {wording.size(best.weight)}"
    ]


def _tie(best: Alternative, other: Alternative) -> str:
    """Why the one was taken of two that count as equally large (`fromlint.project.comparison.ordered`)."""
    if best.environment.variant == "slim" != other.environment.variant:
        return "slim goes first"
    if best.in_use:
        return "the base in use stays"
    ends = [fixes_until(each.environment) for each in (best, other)]
    if None not in ends and ends[0] != ends[1]:
        return f"it gets fixes until {ends[1]}, {best.image} until {ends[0]}"
    return "a matter of taste"


def _what_if(best: Alternative, usable: Sequence[Alternative], substitutes: Sequence[Substitute]) -> tuple[str, ...]:
    """Replacements that would spare all compiling on the best base, or on a smaller one."""
    found = []
    for each in usable:
        in_the_way = {*each.compiled, *each.failing}
        smaller = best.weight is not None and each.weight is not None and not as_large(best, each.weight)
        if not in_the_way or not (each is best or smaller):
            continue
        instead = _replacements(each, in_the_way, substitutes)
        if instead is not None:
            found.append(f"{instead} and {each.image} needs no compiler")
    return tuple(found[:_MOST_SUBSTITUTIONS])


def _smaller(findings: Sequence[Finding]) -> Iterator[str]:
    for finding in findings:
        yield f"{finding.message}; {'; '.join(finding.help)} ({finding.code})"


def _replacements(each: Alternative, names: set[str], substitutes: Sequence[Substitute]) -> str | None:
    """What to write in place of the packages, where each has something that has a wheel on every platform."""
    texts = []
    for name in sorted(names):
        own = [one for one in substitutes if one.image == each.image and one.name == name]
        needed = {
            there.environment.platform for there in each.by_platform if name in there.compiled or name in there.failing
        }
        if {one.platform for one in own} != needed or len({(one.instead, one.version) for one in own}) != 1:
            return None
        one = own[0]
        texts.append(f"{name} {one.version}" if one.instead == name else f"{name} by {one.instead} ({one.version})")
    twins = [text for text in texts if " by " in text]
    newer = [text for text in texts if " by " not in text]
    parts = []
    if twins:
        parts.append(f"replace {', '.join(twins)}")
    if newer:
        parts.append(f"take {', '.join(newer)}")
    return " and ".join(parts) if parts else None


def _names(names: Sequence[str]) -> str:
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
