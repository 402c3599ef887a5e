"""How rules put environments, verdicts and system packages into words."""

from __future__ import annotations

from collections.abc import Sequence

from fromlint.model.environment import Environment, Python
from fromlint.model.finding import Label
from fromlint.model.place import Span
from fromlint.model.project import InstallFacts, Project, StageFacts
from fromlint.model.verdict import Obstacle, Package, Verdict

_IMPLEMENTATIONS = {"cpython": "CPython", "pypy": "PyPy"}
_DISTROS = {
    "alpine": "Alpine",
    "amazon": "Amazon Linux",
    "debian": "Debian",
    "fedora": "Fedora",
    "rhel": "RHEL",
    "ubuntu": "Ubuntu",
    "wolfi": "Wolfi",
}
_INSTALL_LINES = {
    "apt": "apt-get update && apt-get install -y --no-install-recommends {}",
    "apk": "apk add --no-cache {}",
    "dnf": "dnf install -y {}",
    "yum": "yum install -y {}",
    "microdnf": "microdnf install -y {}",
    "zypper": "zypper install -y {}",
    "pacman": "pacman -Sy --noconfirm {}",
}


def python_words(python: Python | None) -> str:
    """``CPython 3.12``."""
    if python is None:
        return "no known Python"
    name = _IMPLEMENTATIONS.get(python.implementation, python.implementation)
    minor = ".".join(python.version.split(".")[:2])
    return f"{name} {minor}{'t' if python.free_threaded else ''}"


def release_words(environment: Environment) -> str:
    """``Debian 13 (trixie)``, ``Alpine 3.24``."""
    distro = _DISTROS.get(environment.distro or "", environment.distro or "unknown")
    codename = f" ({environment.codename})" if environment.codename and environment.distro != "alpine" else ""
    return f"{distro} {environment.release or ''}".rstrip() + codename


def environment_words(environment: Environment, python: Python | None = None) -> str:
    """``musl 1.2 (Alpine 3.24), CPython 3.12``: what decides about wheels."""
    if environment.libc is None:
        return f"what {environment.image} holds is not known"
    words = f"{environment.libc} {environment.libc_version or ''}".rstrip()
    return f"{words} ({release_words(environment)}), {python_words(python or environment.python)}"


def lacking(verdict: Verdict, environment: Environment, python: Python | None) -> str:
    """What a package that is built has not: ``no musllinux wheel``, ``no wheel for CPython 3.14``."""
    libc = f"{environment.libc} {environment.libc_version}"
    kinds = {"musl": "musllinux ", "glibc": "manylinux "}
    narrower = {
        Obstacle.MUSL_TOO_OLD: f"no wheel for {libc}",
        Obstacle.GLIBC_TOO_OLD: f"no wheel for {libc}",
        Obstacle.PYTHON: f"no wheel for {python_words(python)}",
        Obstacle.PURE: f"no wheel for {python_words(python)}",
        Obstacle.PLATFORM: "no wheel for this CPU",
        Obstacle.PIP: "no wheel that the image's pip knows",
        Obstacle.NO_BINARY: "no wheel that may be used",
    }
    everywhere = f"no {kinds.get(environment.libc or '', '')}wheel"
    return narrower.get(verdict.obstacle, everywhere) if verdict.obstacle else everywhere


def why_no_wheel(package: Package, verdict: Verdict, environment: Environment, python: Python | None) -> str:
    """Why only the sdist is left, for the requirement's own line."""
    name = package.name
    libc = f"{environment.libc} {environment.libc_version}"
    reasons = {
        Obstacle.MUSL: "only an sdist fits; its Linux wheels are for glibc",
        Obstacle.GLIBC: "only an sdist fits; its Linux wheels are for musl",
        Obstacle.MUSL_TOO_OLD: f"only an sdist fits; its wheels need a newer musl than {environment.libc_version}",
        Obstacle.GLIBC_TOO_OLD: f"only an sdist fits; its wheels need a newer glibc than {environment.libc_version}",
        Obstacle.PYTHON: f"only an sdist fits; it has no wheel for {python_words(python)}",
        Obstacle.PURE: f"only an sdist fits; its pure wheel is not for {python_words(python)}",
        Obstacle.PLATFORM: "only an sdist fits; it has no wheel for this CPU",
        Obstacle.PIP: "only an sdist fits; the image's pip does not know the tags of its wheels",
        Obstacle.NO_LINUX_WHEELS: f"only an sdist fits; {name} publishes no Linux wheels",
        Obstacle.NO_WHEELS: f"only an sdist fits; {name} publishes no wheels",
        Obstacle.NOT_LISTED: f"only an sdist fits; the lock lists no wheels of {name}",
        Obstacle.NO_BINARY: "built from source because --no-binary asks for it",
    }
    return reasons.get(verdict.obstacle, f"only an sdist fits on {libc}") if verdict.obstacle else "only an sdist fits"


def why_nothing_fits(package: Package, verdict: Verdict, environment: Environment, python: Python | None) -> str:
    """Why neither wheel nor sdist fits, for the requirement's own line."""
    reasons = {
        Obstacle.MUSL: "its wheels are for glibc and there is no sdist",
        Obstacle.GLIBC: "its wheels are for musl and there is no sdist",
        Obstacle.MUSL_TOO_OLD: f"its wheels need a newer musl than {environment.libc_version}; no sdist",
        Obstacle.GLIBC_TOO_OLD: f"its wheels need a newer glibc than {environment.libc_version}; no sdist",
        Obstacle.PYTHON: f"it has no wheel for {python_words(python)} and no sdist",
        Obstacle.PURE: f"it has no wheel for {python_words(python)} and no sdist",
        Obstacle.PLATFORM: "it has no wheel for this CPU and no sdist",
        Obstacle.PIP: "the image's pip does not know the tags of its wheels, and there is no sdist",
        Obstacle.NO_LINUX_WHEELS: "it has neither Linux wheels nor an sdist",
        Obstacle.NO_WHEELS: "it has no wheels, and no sdist that may be used",
        Obstacle.NOT_LISTED: "the lock lists no wheels of it, and no sdist that may be used",
        Obstacle.ONLY_BINARY: "--only-binary forbids the sdist, and no wheel fits",
        Obstacle.REQUIRES_PYTHON: f"every release that the requirement allows refuses {python_words(python)}",
        Obstacle.VERSION: "no release satisfies the requirement",
        Obstacle.YANKED: "every release that the requirement allows was yanked",
        Obstacle.NO_FILES: "it has no files",
        Obstacle.METADATA: "its metadata is not as PEP 508 says, which pip refuses since 24.1",
        Obstacle.CONFLICT: "no release serves all who ask for it",
    }
    fallback = "no file fits"
    return reasons.get(verdict.obstacle, fallback) if verdict.obstacle is not None else fallback


def place_words(reference: str) -> str:
    """A requirement's address without the password that may stand in it."""
    scheme, separator, rest = reference.partition("://")
    host, slash, path = rest.partition("/")
    return f"{scheme}{separator}{host.rpartition('@')[2]}{slash}{path}" if separator else reference


def at_odds(asked: Sequence[tuple[str, str]]) -> str:
    """Who asks for which versions: ``the project asks for ==50, pyopenssl for <50``."""
    parties = [f"{who or 'the project'} {{}} {specifier}" for who, specifier in asked if specifier]
    return ", ".join(party.format("for" if number else "asks for") for number, party in enumerate(parties))


def add_line(environment: Environment, names: Sequence[str]) -> str:
    """The shell command that adds system packages in this image."""
    pattern = _INSTALL_LINES.get(environment.package_manager or "", "install {}")
    return pattern.format(" ".join(names))


def nearest_help(package: Package, verdict: Verdict, but: Sequence[str] = ()) -> tuple[str, ...]:
    """The nearest version, Python or base for which there is a wheel, in words; ``but`` are kinds to leave out."""
    this = f"{package.name} {package.version or _pinned(package)}".rstrip()
    words = {
        "version": f"{package.name} {{}} has a wheel here",
        "python": f"{this} has a wheel for Python {{}}",
        "glibc": f"{this} has a wheel for glibc {{}} and newer",
        "musl": f"{this} has a wheel for musl {{}} and newer",
        "libc": f"{this} has a wheel for {{}}",
        "platform": f"{this} has a wheel for {{}}",
        "pip": f"{this} has a wheel that pip {{}} and newer takes",
    }
    return tuple(
        words[near.kind].format(near.value) for near in verdict.nearest if near.kind in words and near.kind not in but
    )


def _pinned(package: Package) -> str:
    """The version that the requirement itself pins, "" where it pins none."""
    specifier = package.requirement.specifier
    return specifier[2:] if not package.parents and specifier.startswith("==") and "," not in specifier else ""


def better_base_help(project: Project, name: str) -> tuple[str, ...]:
    """Which other base would take a package as a wheel, in words; () where none is known to."""
    for alternative in project.alternatives:
        # Packages of a stage that the target does without were not looked at on other bases.
        judged = {facts.package.name for place in alternative.by_platform for facts in place.packages}
        in_the_way = {*alternative.failing, *alternative.compiled}
        in_the_way.update(unknown for place in alternative.by_platform for unknown in place.unknown)
        if name in judged - in_the_way:
            return (f"FROM {alternative.image} has a wheel for {name}",)
    return ()


def from_span(stage: StageFacts) -> Span:
    """Where the image's name stands in FROM."""
    return stage.stage.image.span if stage.stage.image is not None else stage.stage.instruction.span


def from_label(project: Project, stage: StageFacts, python: Python | None = None, more: str = "") -> Label:
    """The label on FROM of the stage, or of the stage it continues, that says what the base is."""
    origin = stage
    while origin.stage.parent is not None:
        origin = project.stages[origin.stage.parent]
    return Label(from_span(origin), environment_words(stage.environment, python) + (f", {more}" if more else ""))


def install_span(stage: StageFacts, install: InstallFacts) -> Span:
    """Where an install stands: the command, from the start of its instruction where that is on the same line."""
    span = install.install.span
    instruction = stage.stage.instructions[stage.steps[install.step].instruction].span
    if instruction.line == span.line and instruction.file == span.file:
        return span._replace(column=instruction.column)
    return span


def platforms_words(platforms: Sequence[str], project: Project) -> str:
    """`` on linux/arm64`` where the platform must be said: where it is not the only one judged."""
    if set(platforms) == set(project.asked):
        return ""
    return f" on {' and '.join(platforms)}"


def chain_words(package: Package) -> str:
    """`` (from a → b)`` for a package that another one pulls in."""
    return f" (from {' → '.join(package.parents)})" if package.parents else ""
