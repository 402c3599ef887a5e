"""Why an installer ends up with what it takes: the obstacle, what would be nearest, what was passed over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from fromlint.model.verdict import Nearest, Obstacle, Outcome, Verdict
from fromlint.named_tuple import NamedTuple
from fromlint.wheels.choice import Ask, Choice, choose, in_time, python_allowed, usability
from fromlint.wheels.filename import tag_sets
from fromlint.wheels.offer import Candidate, Offer, Release, allowed, decided
from fromlint.wheels.policy import Policy, formats, of_name
from fromlint.wheels.specifiers import pinned_to
from fromlint.wheels.tags import PLATFORMS, PlatformTag, Target, pip_for, platform_tag, ranking


class Miss(NamedTuple):
    """A Linux tag of a wheel that does not fit, dimension by dimension: true where that dimension fits.

    ``libc`` is the kind alone, ``new_enough`` its version.
    """

    candidate: Candidate
    interpreter: str
    abi: str
    text: str
    platform: PlatformTag
    python: bool
    libc: bool
    new_enough: bool
    architecture: bool


def verdict(offer: Offer, ask: Ask, chosen: Choice | None, target: Target, modern: Target, policy: Policy) -> Verdict:
    """What to say of a choice (None: nothing fits).

    ``modern`` is the target with an installer that knows every tag. UNKNOWN where the pages cannot decide.
    """
    policy = of_name(policy, offer.name)
    case = _Case(offer, ask, target, modern, policy)
    if offer.failure is not None:
        return Verdict(Outcome.UNKNOWN, reason=offer.failure, age=offer.date, unasked=True)
    if policy.uploaded_before is not None and not _dated(offer):
        return Verdict(Outcome.UNKNOWN, reason="the index does not say when files were uploaded", age=offer.date)
    if chosen is None:
        if not decided(offer, ask.specifiers):
            reason = f"what is known of it without the index (as of {offer.date}) holds no release that fits"
            return Verdict(Outcome.UNKNOWN, reason=reason, age=offer.date, partial=True, unasked=True)
        return _nothing(case)._replace(age=offer.date)
    partial = not offer.complete and not ask.specifiers.pinned
    file = chosen.candidate.file
    if not chosen.listed:
        return Verdict(Outcome.NONE, file, Obstacle.HASHES, age=offer.date, partial=partial)
    release = next(release for release in offer.releases if release.version is chosen.version)
    passed_over = _passed_over(case, chosen)
    if chosen.candidate.wheel:
        return Verdict(
            Outcome.WHEEL,
            file,
            instead_of=passed_over or _pure_for_native(case, release, chosen),
            age=offer.date,
            partial=partial,
            glibc=glibc_asked(chosen.candidate.tags, target),
        )
    return Verdict(
        Outcome.SOURCE,
        file,
        no_wheel(case.name, release, target, modern, policy),
        nearest=_nearest(case, release),
        instead_of=passed_over,
        age=offer.date,
        partial=partial,
    )


def of_release(release: Release, name: str, target: Target, modern: Target, policy: Policy) -> Verdict:
    """The verdict on one release whose files are all there is: a wheel by URL, the files that a lock lists."""
    everything = Offer(name, (release,), (release.version.key,), None, complete=True, exists=True, failure=None)
    ask = Ask(pinned_to(release.version))
    return verdict(everything, ask, choose(everything, ask, target, policy), target, modern, policy)


def glibc_asked(wheel_tags: str, target: Target) -> str | None:
    """The glibc (``2.28``) that a wheel's tags ask for at least on the target's CPU, None where they ask for none."""
    _, _, platforms = tag_sets(wheel_tags)
    asked = [
        tag.version
        for tag in map(platform_tag, platforms)
        if tag.kind == "glibc" and tag.architecture == target.architecture
    ]
    lowest = min(asked, default=None)
    return None if lowest is None else _dotted(lowest)


def no_wheel(name: str, release: Release, target: Target, modern: Target, policy: Policy) -> Obstacle:
    """Why no wheel of a release fits, by the one dimension that is easiest to cure where there is such a one."""
    wheels = [candidate for candidate in release.candidates if candidate.wheel and candidate.file.yanked is None]
    if not wheels:
        return Obstacle.NO_WHEELS
    if not formats(policy, name)[0]:
        return Obstacle.NO_BINARY
    if any(ranking(modern).of(candidate.tags) is not None for candidate in wheels):
        fits = any(ranking(target).of(candidate.tags) is not None for candidate in wheels)
        return Obstacle.REQUIRES_PYTHON if fits else Obstacle.PIP
    if all(candidate.tags.endswith("-none-any") for candidate in wheels):
        return Obstacle.PURE
    misses = list(_misses(wheels, modern))
    if not misses:
        return Obstacle.NO_LINUX_WHEELS
    other_libc = Obstacle.MUSL if target.libc == "musl" else Obstacle.GLIBC
    if any(_only_age(miss) for miss in misses):
        return Obstacle.MUSL_TOO_OLD if target.libc == "musl" else Obstacle.GLIBC_TOO_OLD
    if any(_only_libc(miss) for miss in misses):
        return other_libc
    if any(_only_python(miss) for miss in misses):
        return Obstacle.PYTHON
    if any(_only_architecture(miss) for miss in misses):
        return Obstacle.PLATFORM
    if not any(miss.libc for miss in misses):
        return other_libc
    return Obstacle.PYTHON if any(miss.architecture for miss in misses) else Obstacle.PLATFORM


class _Case(NamedTuple):
    offer: Offer
    ask: Ask
    target: Target
    modern: Target
    policy: Policy

    @property
    def name(self) -> str:
        return self.offer.name


def _dated(offer: Offer) -> bool:
    return all(candidate.file.uploaded is not None for release in offer.releases for candidate in release.candidates)


# --- no file at all ---------------------------------------------------------------------------------------


def _nothing(case: _Case) -> Verdict:
    offer = case.offer
    if not offer.releases:
        return Verdict(Outcome.NONE, obstacle=Obstacle.NO_FILES, exists=offer.exists)
    in_question = [release for release in allowed(offer, case.ask.specifiers) if _in_time(case, release)]
    if not in_question:
        return Verdict(Outcome.NONE, obstacle=Obstacle.VERSION, nearest=_other_version(case, None))
    current = [release for release in in_question if any(c.file.yanked is None for c in release.candidates)]
    if not current:
        return Verdict(Outcome.NONE, obstacle=Obstacle.YANKED, nearest=_other_version(case, None))
    release = _newest(
        [r for r in current if any(python_allowed(c, case.target, case.policy) for c in r.candidates)] or current
    )
    return Verdict(Outcome.NONE, obstacle=_barrier(case, release), nearest=_nearest(case, release))


def _in_time(case: _Case, release: Release) -> bool:
    return any(in_time(candidate, case.policy) for candidate in release.candidates)


def _newest(releases: Sequence[Release]) -> Release:
    return next((release for release in releases if not release.version.prerelease), releases[0])


def _barrier(case: _Case, release: Release) -> Obstacle:
    """What bars every file of a release."""
    candidates = [candidate for candidate in release.candidates if candidate.file.yanked is None]
    if not any(python_allowed(candidate, case.target, case.policy) for candidate in candidates):
        return Obstacle.REQUIRES_PYTHON
    wheels, sdists = formats(case.policy, case.name)
    if not sdists and not all(candidate.wheel for candidate in candidates):
        return Obstacle.ONLY_BINARY
    if not wheels:
        return Obstacle.NO_BINARY
    return no_wheel(case.name, release, case.target, case.modern, case.policy)


# --- why no wheel fits ------------------------------------------------------------------------------------


def _misses(wheels: Sequence[Candidate], modern: Target) -> Iterator[Miss]:
    ranks = ranking(modern).ranks
    probe = modern.platforms[0] if modern.platforms else "any"
    for candidate in wheels:
        interpreters, abis, platforms = tag_sets(candidate.tags)
        for interpreter, abi, text in product(interpreters, abis, platforms):
            platform = platform_tag(text)
            if platform.kind == "other":
                continue
            same_libc = platform.kind not in ("glibc", "musl") or platform.kind == modern.libc
            yield Miss(
                candidate,
                interpreter,
                abi,
                text,
                platform,
                python=f"{interpreter}-{abi}-{'any' if platform.kind == 'any' else probe}" in ranks,
                libc=same_libc,
                new_enough=not same_libc or platform.version <= modern.libc_version,
                architecture=platform.kind == "any" or platform.architecture == modern.architecture,
            )


def _only_age(miss: Miss) -> bool:
    return miss.python and miss.libc and not miss.new_enough and miss.architecture


def _only_libc(miss: Miss) -> bool:
    return miss.python and not miss.libc and miss.architecture


def _only_python(miss: Miss) -> bool:
    return not miss.python and miss.libc and miss.new_enough and miss.architecture


def _only_architecture(miss: Miss) -> bool:
    return miss.python and miss.libc and miss.new_enough and not miss.architecture


# --- the nearest thing that has a wheel -------------------------------------------------------------------


def _nearest(case: _Case, release: Release) -> tuple[Nearest, ...]:
    if not formats(case.policy, case.name)[0]:
        return ()
    wheels = [candidate for candidate in release.candidates if candidate.wheel and candidate.file.yanked is None]
    misses = list(_misses(wheels, case.modern))
    return (
        *_other_pip(case, misses),
        *_other_age(misses),
        *_other_version(case, release),
        *_other_python(misses, case.modern),
        *_other_libc(misses),
        *_other_platform(misses),
    )


def _other_pip(case: _Case, misses: Sequence[Miss]) -> Iterator[Nearest]:
    known, all_known = ranking(case.target).ranks, ranking(case.modern).ranks
    for miss in misses:
        tag = f"{miss.interpreter}-{miss.abi}-{miss.text}"
        if tag in all_known and tag not in known:
            yield Nearest("pip", pip_for(miss.platform, miss.text), miss.candidate.file.filename)
            return


def _other_age(misses: Sequence[Miss]) -> Iterator[Nearest]:
    found = min(
        (
            (miss.platform.version, miss.platform.kind, miss.candidate.file.filename)
            for miss in misses
            if _only_age(miss)
        ),
        default=None,
    )
    if found is not None:
        yield Nearest(found[1], _dotted(found[0]), found[2])


def _other_version(case: _Case, release: Release | None) -> tuple[Nearest, ...]:
    """The nearest newer release with a wheel for this environment, else the nearest older one.

    Where no release is asked for at all (None), the newest. A pure wheel from before the package had native ones
    (gensim 0.10) is no way back.
    """
    newer: Nearest | None = None
    native = release is not None and any(_native(candidate) for candidate in release.candidates)
    for other in case.offer.releases:
        if other.version.prerelease:
            continue
        behind = release is not None and (other.version.key, other.version.local) <= (
            release.version.key,
            release.version.local,
        )
        if behind and newer is not None:
            return (newer,)
        if other is release:
            continue
        wheel = _fitting_wheel(case, other)
        if wheel is not None and not (behind and native and not _native(wheel)):
            found = Nearest("version", other.version.text, wheel.file.filename)
            if behind or release is None:
                return (found,)
            newer = found
    return (newer,) if newer is not None else ()


def _native(candidate: Candidate) -> bool:
    return candidate.wheel and not candidate.tags.endswith("-any")


def _fitting_wheel(case: _Case, release: Release) -> Candidate | None:
    order = ranking(case.target)
    for candidate in release.candidates:
        if (
            candidate.wheel
            and candidate.file.yanked is None
            and order.of(candidate.tags) is not None
            and python_allowed(candidate, case.target, case.policy)
        ):
            return candidate
    return None


def _other_python(misses: Sequence[Miss], modern: Target) -> Iterator[Nearest]:
    own_minor = modern.python[1]
    best: tuple[int, int, bool, str] | None = None
    for miss in misses:
        minor = _minor(miss.interpreter, modern.python[0])
        if minor is None or not _only_python(miss):
            continue
        threaded = miss.abi.endswith("t")
        found = (abs(minor - own_minor), -minor, threaded, miss.candidate.file.filename)
        best = found if best is None else min(best, found)
    if best is not None:
        yield Nearest("python", f"{modern.python[0]}.{-best[1]}{'t' if best[2] else ''}", best[3])


def _minor(interpreter: str, major: int) -> int | None:
    """The minor version of ``cp312``, None for another implementation or major."""
    digits = interpreter.removeprefix(f"cp{major}")
    return int(digits) if digits != interpreter and digits.isdecimal() and len(digits) < 4 else None


def _other_libc(misses: Sequence[Miss]) -> Iterator[Nearest]:
    for miss in misses:
        if _only_libc(miss):
            yield Nearest("libc", miss.platform.kind, miss.candidate.file.filename)
            return


def _other_platform(misses: Sequence[Miss]) -> Iterator[Nearest]:
    for miss in misses:
        if _only_architecture(miss) and miss.platform.architecture in PLATFORMS:
            yield Nearest("platform", PLATFORMS[miss.platform.architecture], miss.candidate.file.filename)
            return


# --- what was passed over ---------------------------------------------------------------------------------


def _passed_over(case: _Case, chosen: Choice) -> tuple[str, str] | None:
    """The newest release that the specifiers allow, if none that is newer than the chosen one offers anything usable.

    Where one between them could be used, a conflict with other requirements ruled it out, or --prefer-binary left its
    sdist for an older wheel: then the newest is not what stands in the way.
    """
    ask = case.ask
    if ask.hashes or case.policy.resolution not in (None, "highest"):
        return None
    prereleases = ask.prereleases or case.policy.pre or ask.specifiers.prereleases
    usable = usability(case.name, case.target, case.policy)
    newest: tuple[Release, list[Candidate]] | None = None
    for release in allowed(case.offer, ask.specifiers):
        if (release.version.key, release.version.local) <= (chosen.version.key, chosen.version.local):
            break
        if (release.version.prerelease and not prereleases) or not _in_time(case, release):
            continue
        current = [candidate for candidate in release.candidates if candidate.file.yanked is None]
        if not current:
            continue
        if any(map(usable, current)):
            return None
        newest = newest or (release, current)
    return (newest[0].version.text, _why_not(case, *newest)) if newest is not None else None


def _why_not(case: _Case, release: Release, candidates: Sequence[Candidate]) -> str:
    version = release.version.text
    obstacle = _barrier(case, release)
    if obstacle is Obstacle.REQUIRES_PYTHON:
        wanted = next((c.file.requires_python for c in candidates if c.file.requires_python), "")
        return f"{version} needs Python {wanted}"
    sdist = any(not candidate.wheel for candidate in candidates)
    if obstacle is Obstacle.ONLY_BINARY:
        return f"of {version} only the sdist fits, which may not be used"
    if obstacle is Obstacle.NO_BINARY:
        return f"{version} has no sdist, and its wheels may not be used"
    return f"no wheel of {version} fits ({_WHY[obstacle]}){'' if sdist else ', and it has no sdist'}"


_WHY = {
    Obstacle.MUSL: "they are for glibc",
    Obstacle.GLIBC: "they are for musl",
    Obstacle.MUSL_TOO_OLD: "they need a newer musl",
    Obstacle.GLIBC_TOO_OLD: "they need a newer glibc",
    Obstacle.PYTHON: "they are for other Pythons",
    Obstacle.PURE: "they are for other Pythons",
    Obstacle.PLATFORM: "they are for other CPUs",
    Obstacle.PIP: "pip is too old to know their tags",
    Obstacle.NO_LINUX_WHEELS: "none is for Linux",
    Obstacle.NO_WHEELS: "there are none",
    Obstacle.NOT_LISTED: "the lock lists none",
    Obstacle.REQUIRES_PYTHON: "they are for other Pythons",
    Obstacle.NO_BINARY: "they may not be used",
}


def _pure_for_native(case: _Case, release: Release, chosen: Choice) -> tuple[str, str] | None:
    """The native Linux wheel in whose place a pure one is taken, by file name, and why it does not fit."""
    if not chosen.candidate.tags.endswith("-any"):
        return None
    native = [candidate for candidate in release.candidates if _native(candidate) and candidate.file.yanked is None]
    if any(ranking(case.target).of(candidate.tags) is not None for candidate in native):
        return None
    misses = list(_misses(native, case.modern))
    if not misses:
        return None
    obstacle = no_wheel(case.name, release.only(native), case.target, case.modern, case.policy)
    if obstacle is Obstacle.PYTHON:
        # A Python for which there are no native wheels, or none any more, is what the pure one is for (simplejson).
        return None
    likest = max(misses, key=lambda miss: (miss.architecture, miss.python, miss.libc, miss.new_enough))
    return likest.candidate.file.filename, f"its native wheels do not fit ({_WHY[obstacle]})"


def _dotted(version: tuple[int, int]) -> str:
    return f"{version[0]}.{version[1]}"
