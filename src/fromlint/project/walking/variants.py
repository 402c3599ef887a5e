"""A Dockerfile that does other things on other platforms: it is walked on each, and what came of it put together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from fromlint.model.dockerfile import Dockerfile
from fromlint.model.place import Span
from fromlint.model.project import InstallFacts, PackageFacts, Project, StageFacts
from fromlint.project.walking.walked import StageWalk
from fromlint.regex import regex

# What tells a Dockerfile on which platform it is built: BuildKit's own ARGs, and what a shell can ask for.
_ASKS = regex(r"TARGET(?:PLATFORM|ARCH|VARIANT)|\buname\b|\barch\b|--print-arch")


def may_differ(dockerfile: Dockerfile) -> bool:
    """Whether anything in the Dockerfile looks at the platform, so that another one is worth a walk of its own."""
    return any(
        _ASKS.search(instruction.arguments.text) or any(_ASKS.search(each.body.text) for each in instruction.heredocs)
        for instruction in dockerfile.instructions
    )


def differ(here: Sequence[StageWalk], there: Sequence[StageWalk]) -> bool:
    """Whether two walks of one Dockerfile do not the same things, or not for the same image."""
    return any(
        one.stage.reachable != other.stage.reachable or one.stage.image != other.stage.image or one.steps != other.steps
        for one, other in zip(here, there, strict=True)
    )


def joined(project: Project, variants: Sequence[Project]) -> Project:
    """The facts of a project, those on the platforms of ``variants`` taken from these.

    What only a variant does is added. Steps are those of the first platform: an install of a variant stands where it
    would stand among them.
    """
    if not variants:
        return project
    stages = []
    for number, stage in enumerate(project.stages):
        others = {each.asked[0]: each.stages[number] for each in variants}
        stages.append(_joined_stage(stage, others))
    return project._replace(stages=tuple(stages))


def _joined_stage(stage: StageFacts, others: Mapping[str, StageFacts]) -> StageFacts:
    """``others`` are the same stage on other platforms."""
    built_elsewhere = not stage.stage.reachable and any(other.stage.reachable for other in others.values())
    installs: dict[tuple[Span, int], InstallFacts] = {}
    for key, install in _by_place(stage.installs):
        # A stage that only other platforms build is judged on those alone.
        kept = () if built_elsewhere else tuple(_without(facts, others) for facts in install.packages)
        installs[key] = install._replace(packages=tuple(facts for facts in kept if facts.package.verdicts))
    for platform, other in others.items():
        if not other.stage.reachable and (stage.stage.reachable or built_elsewhere):
            continue
        for key, install in _by_place(other.installs):
            packages = tuple(_only(facts, platform) for facts in install.packages)
            mine = installs.get(key)
            if mine is not None:
                installs[key] = mine._replace(
                    packages=_together((*mine.packages, *packages)), complete=mine.complete and install.complete
                )
            elif stage.steps:
                step = _standing(stage, other.steps[install.step].instruction, install.install.span)
                installs[key] = install._replace(packages=packages, step=step)
    return stage._replace(
        stage=stage.stage._replace(reachable=stage.stage.reachable or built_elsewhere),
        environments={**stage.environments, **{name: other.environments[name] for name, other in others.items()}},
        installs=tuple(sorted(installs.values(), key=lambda install: install.step)),
    )


def _by_place(installs: Sequence[InstallFacts]) -> Iterator[tuple[tuple[Span, int], InstallFacts]]:
    """Each install by where it stands; a loop makes several of one place."""
    seen: dict[Span, int] = {}
    for install in installs:
        span = install.install.span
        seen[span] = seen.get(span, -1) + 1
        yield (span, seen[span]), install


def _standing(stage: StageFacts, instruction: int, span: Span) -> int:
    """The last step of a stage that comes before a place in one of its instructions, the first if there is none."""
    before = [
        number
        for number, step in enumerate(stage.steps)
        if step.instruction < instruction or (step.instruction == instruction and step.event.span <= span)
    ]
    return before[-1] if before else 0


def _without(facts: PackageFacts, platforms: Mapping[str, object]) -> PackageFacts:
    return _narrowed(facts, [name for name in facts.package.verdicts if name not in platforms])


def _only(facts: PackageFacts, platform: str) -> PackageFacts:
    return _narrowed(facts, [name for name in facts.package.verdicts if name == platform])


def _narrowed(facts: PackageFacts, platforms: Sequence[str]) -> PackageFacts:
    """The facts on some platforms."""
    package = facts.package
    return PackageFacts(
        package._replace(verdicts={name: package.verdicts[name] for name in platforms}),
        {name: value for name, value in facts.fates.items() if name in platforms},
        {name: value for name, value in facts.builds.items() if name in platforms},
        {name: value for name, value in facts.libraries.items() if name in platforms},
    )


def _together(packages: Sequence[PackageFacts]) -> tuple[PackageFacts, ...]:
    """As ``wheels.together`` does with packages: one for each version, with what is known of it by platform."""
    found: dict[tuple[str, str | None, bool], PackageFacts] = {}
    for facts in packages:
        package = facts.package
        key = package.name, package.version, package.kept
        mine = found.get(key)
        if mine is not None:
            facts = PackageFacts(
                mine.package._replace(verdicts={**mine.package.verdicts, **package.verdicts}),
                {**mine.fates, **facts.fates},
                {**mine.builds, **facts.builds},
                {**mine.libraries, **facts.libraries},
            )
        found[key] = facts
    return tuple(found.values())
