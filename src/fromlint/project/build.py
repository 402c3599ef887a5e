"""Puts one Dockerfile together: parsed, walked, its needs gathered; and, once those are resolved, its facts."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence

from fromlint.dockerfile.stages import graph
from fromlint.dockerfile.templates import unrendered
from fromlint.images.catalogue import environment as environment_of
from fromlint.images.reference import parse as parse_reference
from fromlint.model.build import FilesCopied, Install, ScriptUnread
from fromlint.model.dockerfile import Dockerfile, Stage
from fromlint.model.environment import Environment, Reference
from fromlint.model.files import Files
from fromlint.model.finding import Skipped
from fromlint.model.place import Problem, Span, Unknown
from fromlint.model.project import InstallFacts, Project, StageFacts
from fromlint.model.requirement import Needs
from fromlint.model.resolution import Resolution
from fromlint.model.verdict import Outcome
from fromlint.named_tuple import NamedTuple
from fromlint.project.facts import lacking, package_facts
from fromlint.project.reading.contents import Contents
from fromlint.project.reading.isolation import builds_with_what_is_there
from fromlint.project.resolving.jobs import Job
from fromlint.project.walking.flow import walk
from fromlint.project.walking.followed import Followed, edited, followed, remaining
from fromlint.project.walking.layers import Context
from fromlint.project.walking.pythons import Site, for_project
from fromlint.project.walking.scripts import started
from fromlint.project.walking.shipping import copied_to, running_stage, taken, takes
from fromlint.project.walking.variants import differ, may_differ
from fromlint.project.walking.walked import InstallPoint, StageWalk, origin
from fromlint.typed import TYPE_CHECKING
from fromlint.wheels.policy import Policy, policy
from fromlint.wheels.together import together

if TYPE_CHECKING:
    from fromlint.project.reading.local_files import Folder

# Looked at besides where nobody asked for a platform, for what is missing there.
_BESIDES = "linux/arm64"
DEFAULT_PLATFORM = "linux/amd64"
# Stages of hostile files may copy from each other without end.
_LONGEST_HISTORY = 500
_LOCK_TOOLS = frozenset({"uv-sync", "uv-run", "uv-export", "poetry", "pipenv", "pdm"})


Gather = Callable[[Install, Files, Environment, tuple[str, ...]], Needs]
"""What an install needs from files, in an environment, with further requirements files."""
Look = Callable[[Reference, str, datetime.date], Environment | str]
"""Looks at an image where it lies: what it is on a platform as of a day, or in words why that was not seen."""


class Options(NamedTuple):
    """What the person, compose, bake or a workflow says of one build.

    ``context`` is the context's folder, absolute. ``replaced`` are images that named contexts put in the place of
    others. ``sibling``: what an image is that the project itself builds, by name and platform. ``look``: None where
    nobody asked for it. ``gather`` finds what an install needs, or recalls it.
    """

    build_args: Mapping[str, str | None]
    target: str | None
    platforms: tuple[str, ...]
    images: Mapping[str, str]
    requirements: tuple[str, ...]
    index_url: str
    as_of: datetime.date
    gather: Gather
    gpu: bool = False
    context: str | None = None
    replaced: Mapping[str, str] = {}
    sibling: Callable[[str, str], Environment | None] | None = None
    look: Look | None = None


class Draft(NamedTuple):
    """A Dockerfile with all that is known of it without asking an index.

    ``needs`` are those of each install (by stage and step) on the first platform; ``elsewhere`` those on another one,
    where a lock may choose other packages there. ``folders`` are those of the image that installs take files from, by
    the place that stands for them in ``policies``. ``variants``: the same on each platform on which something else is
    done than on the first.
    """

    dockerfile: Dockerfile
    walks: tuple[StageWalk, ...]
    needs: Mapping[tuple[int, int], Needs]
    elsewhere: Mapping[tuple[int, int, str], Needs]
    policies: Mapping[tuple[int, int], Policy]
    platforms: tuple[str, ...]
    asked: tuple[str, ...]
    problems: tuple[Problem, ...]
    unknown: tuple[Unknown, ...]
    options: Options
    folders: Mapping[str, Folder] = {}
    variants: tuple[Draft, ...] = ()


def draft(
    dockerfile: Dockerfile,
    options: Options,
    context: Context | None,
    contexts: Mapping[str, Context],
    context_unknown: Unknown | None,
) -> Draft:
    """What the Dockerfile and the build context say. ``context_unknown``: why there is no context, if there is none."""
    made = _draft(dockerfile, options, context, contexts, context_unknown)
    if len(made.asked) == 1 or not may_differ(made.dockerfile):
        return made
    others = (
        _draft(dockerfile, options._replace(platforms=(platform,)), context, contexts, context_unknown)
        for platform in made.asked[1:]
    )
    return made._replace(variants=tuple(other for other in others if differ(made.walks, other.walks)))


def _draft(
    dockerfile: Dockerfile,
    options: Options,
    context: Context | None,
    contexts: Mapping[str, Context],
    context_unknown: Unknown | None,
) -> Draft:
    """The same with every stage walked on the first platform."""
    asked = options.platforms or (_declared(dockerfile, options),)
    template = unrendered(dockerfile)
    if template is not None:
        nothing = dockerfile._replace(instructions=(), problems=())
        return Draft(nothing, (), {}, {}, {}, asked, asked, (), (template,), options)
    besides = (_BESIDES,) if not options.platforms and _BESIDES not in asked else ()
    platforms = (*asked, *besides)
    walked_all, problems = walked_through(dockerfile, options, platforms, context, contexts)
    walks = list(walked_all)
    needs: dict[tuple[int, int], Needs] = {}
    elsewhere: dict[tuple[int, int, str], Needs] = {}
    policies: dict[tuple[int, int], Policy] = {}
    folders: dict[str, Folder] = {}
    for number, walked in enumerate(walks):
        points: list[InstallPoint] = []
        for point in walked.points:
            key = walked.stage.number, point.step
            source = followed(point.install, point.files)
            found = _gathered(source, point, walked.environment, options)
            site = _on_its_python(point, walked, found, options)
            if site != point.site:
                point = point._replace(site=site)
                found = _gathered(source, point, walked.environment, options)
            before = [needs[folder] for folder in source.folders if folder in needs]
            needs[key] = remaining(found, before, no_index=point.install.options.no_index)
            if needs[key].locked is not None or needs[key].by_machine:
                for platform in platforms[1:]:
                    other = walked.environments[platform]
                    there = _gathered(source, point, other, options)
                    elsewhere[*key, platform] = remaining(there, before, no_index=point.install.options.no_index)
            policies[key] = _policy(point, source, needs[key], options)
            if policies[key].places or found.folders:
                from fromlint.project.reading import local_files

                at = f"{dockerfile.path}:{point.install.span.line}:{point.step}"
                day = options.as_of.isoformat()
                pure = builds_with_what_is_there(point.install)
                local = local_files.seen(policies[key], needs[key], point.files, source.files, at, day, pure=pure)
                policies[key] = local.policy
                folders |= local.folders
                point = point._replace(own=local.own) if local.own else point
            points.append(point)
        walks[number] = walked._replace(points=tuple(points))
    unknown = [
        Unknown(stage.instruction.arguments.text.partition(" ")[0], stage.unresolved, stage.instruction.span)
        for stage in (walked.stage for walked in walks)
        if stage.unresolved is not None
    ]
    unknown += [
        Unknown("the commands of this line", step.event.why, step.event.span)
        for walked in walks
        # Of what stands on a base that is not judged this is no news (PowerShell on Windows).
        if walks[_base_of(walks, walked)].stage.unresolved is None
        for step in walked.steps
        if isinstance(step.event, ScriptUnread)
    ]
    if context_unknown is not None and any(walked.points for walked in walks):
        unknown.append(context_unknown)
    return Draft(
        dockerfile,
        tuple(walks),
        needs,
        elsewhere,
        policies,
        platforms,
        asked,
        (*dockerfile.problems, *problems),
        tuple(unknown),
        options,
        folders,
    )


def _base_of(walks: Sequence[StageWalk], walked: StageWalk) -> int:
    """The number of the stage that stands on the base image of this one's line."""
    while walked.stage.parent is not None:
        walked = walks[walked.stage.parent]
    return walked.stage.number


def _declared(dockerfile: Dockerfile, options: Options) -> str:
    """The platform of an image where nobody names one: the one that all its stages fix in FROM, else the default."""
    froms = (each for each in dockerfile.instructions if each.keyword == "FROM")
    if not any(flag.name == "platform" for each in froms for flag in each.flags):
        return DEFAULT_PLATFORM
    stages, _ = graph(dockerfile, build_args=options.build_args, target=options.target, platform=DEFAULT_PLATFORM)
    fixed = {stage.platform if stage.fixed_platform else None for stage in stages if stage.reachable}
    return fixed.pop() or DEFAULT_PLATFORM if len(fixed) == 1 else DEFAULT_PLATFORM


def walked_through(
    dockerfile: Dockerfile,
    options: Options,
    platforms: Sequence[str],
    context: Context | None,
    contexts: Mapping[str, Context],
) -> tuple[tuple[StageWalk, ...], tuple[Problem, ...]]:
    """Every stage walked to its end, on the first platform; and what is wrong with how the stages hang together."""
    stages, problems = graph(
        dockerfile,
        build_args=options.build_args,
        target=options.target,
        platform=platforms[0],
        contexts={**options.replaced, **{name: name for name in contexts}},
    )
    environments = _environments(stages, platforms, options)
    return walk(stages, environments, context, contexts, dockerfile.escape), tuple(problems)


def _environments(
    stages: Sequence[Stage], platforms: Sequence[str], options: Options
) -> dict[int, dict[str, Environment]]:
    """The environment of each stage's base by platform; a stage that continues another has that one's."""
    found: dict[int, dict[str, Environment]] = {}
    for stage in stages:
        if stage.parent is not None:
            found[stage.number] = found[stage.parent]
            continue
        by_platform = {}
        for platform in platforms:
            own = stage.platform if stage.fixed_platform and stage.platform else platform
            # A platform that nobody asked for is not worth a look at all layers.
            asked = platform in (options.platforms or platforms[:1])
            by_platform[platform] = _environment(stage, own, options if asked else options._replace(look=None))
        found[stage.number] = by_platform
    return found


def _environment(stage: Stage, platform: str, options: Options) -> Environment:
    if stage.image is None:
        return Environment(False, stage.unresolved or "it is not known", "", platform=platform)
    reference = parse_reference(stage.image.value)
    if reference is None:
        return Environment(False, "this is no image reference", stage.image.value, platform=platform)
    found = environment_of(reference, platform=platform, as_of=options.as_of, configured=options.images)
    if found.known and found.tag_status == "real":
        return found
    built = options.sibling(stage.image.value, platform) if options.sibling is not None else None
    if built is not None:
        return built
    if options.look is None:
        return found
    seen = options.look(reference, platform, options.as_of)
    if isinstance(seen, Environment):
        return seen
    return found if found.known else found._replace(unknown=f"{found.unknown}; a look at it did not help: {seen}")


def _on_its_python(point: InstallPoint, walked: StageWalk, needs: Needs, options: Options) -> Site:
    """The site of an install with the Python that uv takes for a project, which may be another than the image's."""
    site = point.site
    if point.install.tool not in ("uv-sync", "uv-run"):
        return site
    others = walked.environment.others
    site = for_project(site, point.install, needs.requires_python, others, options.as_of.isoformat(), needs.options)
    if site.passed_over is not None and site.python is not None and walked.environment.libc == "musl":
        return site._replace(python=None, why="uv fetches a Python for musl here, of which nothing is known")
    return site


def _gathered(source: Followed, point: InstallPoint, environment: Environment, options: Options) -> Needs:
    """What an install needs in an environment, with the paths of what was read as they are shown."""
    found = _asked(source, point, environment._replace(python=point.site.python), options)
    return found._replace(read=tuple(dict.fromkeys(source.files.shown(path) for path in found.read)))


def _says_nothing(install: Install) -> bool:
    """Whether the Dockerfile leaves open what is installed, so that ``--requirements`` is to say it."""
    return bool(install.unknown) and not install.requirements and not install.editable


def _policy(point: InstallPoint, source: Followed, needs: Needs, options: Options) -> Policy:
    install = point.install
    # ``uv pip sync`` and ``pip-sync`` take what is listed and nothing that it asks for. What a compiler lists is all.
    compiled = source.install.action == "export"
    listed_only = install.action == "sync" and install.tool in ("uv-pip", "pip-sync") and not compiled
    why = needs.index_unknown
    if install.secret:
        why = "the index comes from a secret or from a variable whose value is not known"
    return policy(
        install.options._replace(no_deps=True) if listed_only else install.options,
        needs.options,
        tool=install.tool,
        default_index=options.index_url,
        own_index=needs.index_urls,
        overrides=needs.overrides,
        unknown_constraints=needs.constraints_unknown,
        unknown=why,
        now=datetime.datetime.combine(options.as_of, datetime.time(), datetime.UTC),
    )


def jobs(number: int, made: Draft) -> list[Job]:
    """What is to be resolved for a draft: for each environment that installs fill, on each platform, one job.

    What is to be resolved on the platforms of its variants, these say. ``number`` tells the drafts of a run apart. The
    last part of a job's key are the steps of its installs, in order.
    """
    found = []
    elsewhere = {variant.asked[0] for variant in made.variants}
    here = [platform for platform in made.platforms if platform not in elsewhere]
    for walked, history in zip(made.walks, _histories(made.walks), strict=True):
        chains: dict[str, list[tuple[StageWalk, InstallPoint]]] = {}
        for filler, point in history:
            chains.setdefault(point.site.path, []).append((filler, point))
        for site, chain in chains.items():
            # What a parent stage installed is resolved there; here it matters only as what is installed already.
            if all(filler is not walked for filler, _ in chain):
                continue
            for platform in here if walked.stage.reachable else (_by_hand(made.asked),):
                environment = walked.environments[platform]
                installs = tuple(
                    (
                        point,
                        needs_on(made, (filler.stage.number, point.step), platform),
                        made.policies[filler.stage.number, point.step],
                        environment._replace(
                            python=point.site.python,
                            unknown=environment.unknown or (None if point.site.python else point.site.why),
                        ),
                    )
                    for filler, point in chain
                )
                steps = tuple((filler.stage.number, point.step) for filler, point in chain)
                key = (number, walked.stage.number, site, platform, steps)
                found.append(Job(key, platform, installs, installed_before(environment, chain[0][1])))
    return found


def _by_hand(asked: tuple[str, ...]) -> str:
    """The platform of a stage that no declared build needs: whoever builds it does so for the one machine."""
    return DEFAULT_PLATFORM if DEFAULT_PLATFORM in asked else asked[0]


def needs_on(made: Draft, key: tuple[int, int], platform: str) -> Needs:
    """What an install needs on a platform."""
    return made.elsewhere.get((*key, platform), made.needs[key])


def needs_in(made: Draft, point: InstallPoint, environment: Environment) -> Needs:
    """What an install needs in another environment: a lock may choose other packages for its Python."""
    return _asked(followed(point.install, point.files), point, environment, made.options)


def _asked(source: Followed, point: InstallPoint, environment: Environment, options: Options) -> Needs:
    extra = options.requirements if _says_nothing(point.install) else ()
    return edited(options.gather(source.install, source.files, environment, extra), source.edits)


def points_of(walked: StageWalk, walks: Sequence[StageWalk]) -> list[tuple[StageWalk, InstallPoint]]:
    """All installs up to the end of a stage: those of the stages that it continues first."""
    line = [walked]
    while (parent := line[-1].stage.parent) is not None:
        line.append(walks[parent])
    return [(each, point) for each in reversed(line) for point in each.points]


def _histories(walks: Sequence[StageWalk]) -> list[list[tuple[StageWalk, InstallPoint]]]:
    """For each stage all installs whose results it has by its end, in order.

    These are those of the stage that it continues, its own, and those of stages that it copies an environment from.
    """
    histories: list[list[tuple[StageWalk, InstallPoint]]] = []
    for walked in walks:
        parent = walked.stage.parent
        history = list(histories[parent]) if parent is not None else []
        own = {point.step: point for point in walked.points}
        for number, step in enumerate(walked.steps):
            copied = taken(step.event) if isinstance(step.event, FilesCopied) else None
            source = origin(copied[0], walks[: walked.stage.number]) if copied is not None else None
            if copied is not None and source is not None:
                history += [
                    (other, point._replace(site=point.site._replace(path=copied_to(step.event, point.site.path))))
                    for other, point in histories[source.stage.number]
                    if point.install.action not in ("wheel", "download")
                    and takes(*copied, point.site.path, other, walks)
                ]
            if number in own:
                history.append((walked, own[number]))
        histories.append(history[-_LONGEST_HISTORY:])
    return histories


def installed_before(environment: Environment, point: InstallPoint) -> Mapping[str, str] | None:
    """What is in the environment before the first install: nothing in a new venv or a folder of wheels."""
    install = point.install
    if point.site.venv or install.options.target is not None or install.tool in ("pipx", "uv-tool"):
        return {}
    if install.action in ("wheel", "download"):
        return {}
    if not environment.known:
        return None
    # Where the image has no Python, the one that is added comes with nothing that people pin.
    return {} if environment.python is None else environment.distributions


def by_draft(
    resolutions: Mapping[tuple[object, ...], tuple[Resolution, ...]],
) -> dict[int, dict[tuple[object, ...], tuple[Resolution, ...]]]:
    """What was resolved for each draft, by its number in `jobs`."""
    found: dict[int, dict[tuple[object, ...], tuple[Resolution, ...]]] = {}
    for key, answers in resolutions.items():
        number = key[0]
        assert isinstance(number, int)
        found.setdefault(number, {})[key] = answers
    return found


def finished(
    made: Draft, resolutions: Mapping[tuple[object, ...], tuple[Resolution, ...]], contents: Contents
) -> Project:
    """The facts of a Dockerfile, once all its own jobs are resolved. ``contents`` is what was read in archives."""
    by_point: dict[tuple[int, int], dict[str, Resolution]] = {}
    beside: dict[tuple[int, str], set[str]] = {}
    brought: dict[tuple[int, str], set[str]] = {}
    for key, found in resolutions.items():
        stage, site, platform = key[1:4]
        steps = _steps(key)
        assert isinstance(stage, int)
        assert isinstance(site, str)
        assert isinstance(platform, str)
        for step, resolution in zip(steps, found, strict=True):
            beside.setdefault((stage, site), set()).update(package.name for package in resolution.packages)
            brought.setdefault((stage, site), set()).update(libraries_brought(resolution, contents))
            if step[0] == stage:
                by_point.setdefault(step, {})[platform] = resolution
    stages = []
    for walked in made.walks:
        installs = []
        for point in walked.points:
            at = walked.stage.number, point.step
            by_platform = by_point.get(at, {})
            running = running_stage(point, walked, made.walks)
            packages = together(by_platform)
            needs = made.needs[at]
            facts = package_facts(
                packages,
                point,
                walked,
                running,
                beside.get((walked.stage.number, point.site.path), ()),
                contents,
                needs.configuration,
                brought.get((walked.stage.number, point.site.path), ()),
            )
            installs.append(
                InstallFacts(
                    install=point.install,
                    step=point.step,
                    python=point.site.python,
                    site=point.site.path,
                    needs=needs,
                    packages=facts,
                    shipped=running is not None,
                    by_lock=needs.locked is not None,
                    complete=not any((needs.missing, needs.unreadable, needs.bad, needs.unknown))
                    and not any(resolution.unknown for resolution in by_platform.values()),
                    passed_over=point.site.passed_over,
                    asked=point.site.asked,
                    lacking=lacking(facts, made.asked, walked.environment),
                )
            )
        stages.append(
            StageFacts(
                walked.stage,
                walked.environment,
                walked.environments,
                walked.steps,
                tuple(installs),
                walked.states,
                started(walked.steps, walked.files, walked.environment.directory),
            )
        )
    return Project(
        made.dockerfile,
        tuple(stages),
        made.platforms,
        made.asked,
        made.problems,
        made.unknown,
        (),
        made.options.as_of.isoformat(),
        max((walked.environment.facts_date or "" for walked in made.walks), default=""),
        made.options.gpu,
        made.options.context,
    )


def libraries_brought(resolution: Resolution, contents: Contents) -> Iterator[str]:
    """The shared libraries that the wheels of a closure bring, as far as they were read."""
    for package in resolution.packages if contents.wheels else ():
        for verdict in package.verdicts.values():
            if verdict.file is not None and verdict.file.filename in contents.wheels:
                yield from contents.wheels[verdict.file.filename].provided


def skipped(made: Draft, resolutions: Mapping[tuple[object, ...], tuple[Resolution, ...]]) -> tuple[Skipped, ...]:
    """What could not be checked, and why: a line for each reason at each install."""
    found: dict[tuple[Span, str], dict[str, None]] = {}
    for key, answers in resolutions.items():
        if key[3] not in made.asked:
            continue
        for (stage, step), resolution in zip(_steps(key), answers, strict=True):
            walked = made.walks[stage]
            event = walked.steps[step].event
            if key[1] != stage or not walked.environment.known:
                continue
            for entry in resolution.unknown:
                found.setdefault((event.span, entry.why), {})[entry.what] = None
            for package in resolution.packages:
                for verdict in package.verdicts.values():
                    if verdict.outcome is Outcome.UNKNOWN and not verdict.unasked and verdict.reason:
                        found.setdefault((event.span, verdict.reason), {})[package.name] = None
    for walked in made.walks:
        for point in walked.points:
            for entry in made.needs[walked.stage.number, point.step].out_of_scope:
                found.setdefault((entry.span, entry.why), {})[entry.what] = None
    entries = []
    for (span, why), names in found.items():
        listed = list(names)
        more = f" and {len(listed) - 6} more" if len(listed) > 6 else ""
        entries.append(Skipped(", ".join(listed[:6]) + more, why, span.file, span.line))
    return tuple(entries)


def _steps(key: tuple[object, ...]) -> tuple[tuple[int, int], ...]:
    steps = key[-1]
    assert isinstance(steps, tuple)
    return steps
