"""What all rules on packages share: which packages have a fate, and a finding's common parts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fromlint.model.finding import Finding, Fix, Label, Severity, Subject
from fromlint.model.project import BuildFacts, Fate, InstallFacts, LibraryFacts, PackageFacts, Project, StageFacts
from fromlint.model.verdict import Verdict
from fromlint.named_tuple import NamedTuple
from fromlint.requirements.names import is_archive
from fromlint.rules import wording


class Case(NamedTuple):
    """A package of an install that meets one fate on some platforms: what a rule speaks about."""

    project: Project
    stage: StageFacts
    install: InstallFacts
    facts: PackageFacts
    platforms: tuple[str, ...]
    verdict: Verdict
    build: BuildFacts | None


def cases(project: Project, *fates: Fate) -> Iterator[Case]:
    """Every package that meets one of the fates on a platform that was asked for.

    Once an install, and once more for platforms on which other system packages are missing for it.
    """
    for stage in project.stages:
        for install in stage.installs:
            for facts in install.packages:
                lacking: dict[tuple[str, ...], list[str]] = {}
                for platform in project.asked:
                    if facts.fates.get(platform) in fates:
                        build = facts.builds.get(platform)
                        lacking.setdefault(build.missing if build is not None else (), []).append(platform)
                for platforms in lacking.values():
                    first = platforms[0]
                    verdict, build = facts.package.verdicts[first], facts.builds.get(first)
                    yield Case(project, stage, install, facts, tuple(platforms), verdict, build)


def title(case: Case) -> str:
    """``psycopg2 2.9.10 (from a → b)``."""
    package = case.facts.package
    version = f" {package.version}" if package.version else _stated(case)
    return f"{name(case)}{version}{wording.chain_words(package)}"


def name(case: Case) -> str:
    """The package's name; of one that is asked for by a place alone (``git+https://…``), that place."""
    package = case.facts.package
    return package.name or wording.place_words(package.requirement.reference or "a requirement")


def _stated(case: Case) -> str:
    package = case.facts.package
    specifier = package.requirement.specifier if not package.parents else ""
    if specifier.startswith("==") and "," not in specifier:
        specifier = specifier[2:].strip()
    return f" {specifier}" if specifier else ""


def subject(case: Case) -> Subject:
    """The requirement that a finding is about."""
    package = case.facts.package
    span = package.requirement.span
    return Subject(package.name, package.version, span.file, span.line, package.parents)


def capped(severity: Severity, case: Case) -> Severity:
    """The severity, or *info* where the answer rests on hearsay, inference or partial snapshot data.

    Also where the Dockerfile itself provides for the failure (``pip install … || echo``).
    """
    if case.install.install.tolerated or case.verdict.partial or (case.build is not None and not case.build.certain):
        return Severity.INFO
    return severity


def finding(
    case: Case,
    *,
    code: str,
    rule: str,
    severity: Severity,
    message: str,
    label: str,
    why: str,
    base: str = "",
    missing: Sequence[str] = (),
    related: Sequence[Label] = (),
    help: Sequence[str] = (),
    notes: Sequence[str] = (),
    fixes: Sequence[Fix] = (),
) -> Finding:
    """A finding on a package: at the install, with FROM and the requirement's own line as related places.

    ``label`` is said at the install, ``why`` at the requirement, ``base`` besides what FROM is.
    """
    span = wording.install_span(case.stage, case.install)
    install = case.install
    if install.passed_over is not None and not base:
        base = f"uv takes {wording.python_words(install.python)}"
    places = [wording.from_label(case.project, case.stage, install.passed_over or install.python, base)]
    requirement = case.facts.package.requirement.span
    if why:
        places.append(Label(requirement, why if requirement.file != span.file else f"{name(case)}: {why}"))
    return Finding(
        code=code,
        rule=rule,
        severity=severity,
        message=message + wording.platforms_words(case.platforms, case.project),
        span=span,
        label=label,
        stage=case.stage.stage.number,
        platforms=case.platforms,
        subject=subject(case),
        missing=tuple(missing),
        together=install.lacking if missing else (),
        related=(*places, *related),
        help=tuple(help),
        notes=tuple(notes),
        fixes=tuple(fixes),
    )


def how_known(facts: BuildFacts | LibraryFacts) -> list[str]:
    """Where the facts come from, where nobody described the package or what is known of it is not certain."""
    if not facts.certain:
        return [f"not certain: {facts.source}"]
    return [f"inferred: {facts.source}"] if facts.inferred else []


def own_code(case: Case) -> bool:
    """Whether it is built from a folder of the image: the project itself, or a part of it."""
    requirement = case.facts.package.requirement
    return requirement.kind in ("path", "editable") and requirement.name == case.facts.package.name


def origin(case: Case) -> str:
    """What code of the build context is, as a predicate."""
    packed = is_archive(case.facts.package.requirement.reference or "")
    return "is an sdist of the build context" if packed else "is the project's own code"


def why_no_wheel(case: Case) -> str:
    """Why only the sdist is left; of the project's own code, that it is compiled."""
    if own_code(case):
        return "compiled from the build context"
    return wording.why_no_wheel(case.facts.package, case.verdict, case.stage.environment, case.install.python)


def ways_out(case: Case) -> list[str]:
    """Help common to all source builds: another base, a ready-made alternative, the nearest wheel."""
    package = case.facts.package
    other_base = wording.better_base_help(case.project, package.name)
    help = [*other_base]
    if case.build is not None and case.build.alternatives:
        help.append(f"in place of {package.name}: {' or '.join(case.build.alternatives)}")
    # That another libc has a wheel is said by the base that has it, where one is known.
    help += wording.nearest_help(package, case.verdict, but=("libc",) if other_base else ())
    return help
