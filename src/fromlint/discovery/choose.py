"""How a Dockerfile is built: with which context, target, arguments and platforms."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence

from fromlint.discovery import repository
from fromlint.discovery.context import Context
from fromlint.discovery.declared import Declarations
from fromlint.discovery.find import dockerfiles, is_dockerfile, is_dockerfile_name
from fromlint.discovery.globs import is_pattern
from fromlint.discovery.specs import BuildSpec, is_remote
from fromlint.model.place import Problem
from fromlint.named_tuple import NamedTuple
from fromlint.witness import looked_at, looked_for

_DEVELOPMENT = frozenset({"dev", "develop", "development", "debug", "test", "tests", "testing", "ci", "lint"})


class BuildSettings(NamedTuple):
    """How one Dockerfile is built.

    ``context`` is the folder, absolute; None where it is not known, and then ``unknown`` says why. ``target`` is None
    for the last stage. ``args`` has None for a value that is not known. ``platforms`` is () where nobody says.
    ``origin`` is the declaration followed, None where there is none; ``others`` are further ones of this Dockerfile.
    ``gpu``: what is built is run with a GPU.
    """

    context: str | None
    unknown: str | None
    target: str | None
    args: Mapping[str, str | None]
    platforms: tuple[str, ...]
    contexts: Mapping[str, str]
    origin: BuildSpec | None
    others: tuple[BuildSpec, ...]
    problems: tuple[Problem, ...]
    gpu: bool = False


def build_settings(
    dockerfile: str,
    sources: Sequence[str],
    *,
    context: str | None = None,
    wanted: Sequence[str] = (),
    stages: Sequence[str] | None = None,
    root: str | None = None,
    declarations: Declarations | None = None,
) -> BuildSettings:
    """How the Dockerfile at path ``dockerfile`` is built.

    The context is ``context`` (``--context``) where given; else what a compose file, bake file or workflow says; else
    the nearest folder from the Dockerfile up to ``root`` (where None, the ``repository.project`` that it is in) that
    has all ``sources``: those of its COPY and ADD instructions and of its bind mounts that come from the context,
    expanded, without those that have an unknown part. ``wanted`` are paths in the context that the build is known to
    use besides (the requirements files of ``COPY . .``): of the folders that have all sources the nearest that has
    these, too, is taken, if one has. ``stages`` are the names of the Dockerfile's stages, in lower
    case: where a declaration asks for another one it is out of date, and the last is taken (None: any may be there).
    """
    folder = os.path.dirname(os.path.abspath(dockerfile))
    root = os.path.abspath(root or repository.project(folder))
    found = (declarations or Declarations(root)).of(dockerfile)
    spec = _best(found.builds)
    others = tuple(build for build in found.builds if build is not spec)
    where, unknown = spec.context if spec else None, spec.unknown if spec else None
    outside = spec is not None and where is not None and repository.is_outside(where, folder)
    if context is not None:
        where, unknown = _given(context)
    elif outside and spec is not None:
        where, unknown = None, f"that {os.path.basename(spec.file)} names, {where}, is outside of the repository"
    elif where is None:
        where, unknown = _nearest(dockerfile, sources, wanted, repository.upwards(folder, root))
    return BuildSettings(
        context=where,
        unknown=unknown,
        target=spec.target if spec and _has_target(spec, stages) else None,
        args=spec.args if spec else {},
        platforms=spec.platforms if spec else (),
        contexts={name: at for name, at in spec.contexts.items() if not _outside(at, folder)} if spec else {},
        origin=spec,
        others=others,
        problems=found.problems,
        gpu=found.gpu,
    )


def _best(builds: Sequence[BuildSpec]) -> BuildSpec | None:
    """The declaration to follow: the first that has a context and is not for development or tests."""

    def rank(spec: BuildSpec) -> tuple[bool, bool]:
        names = {(spec.target or "").lower(), spec.name.lower()}
        return spec.context is None, bool(names & _DEVELOPMENT)

    return min(builds, key=rank, default=None)


def _has_target(build: BuildSpec, stages: Sequence[str] | None) -> bool:
    target = (build.target or "").lower()
    return stages is None or not target or target.isdigit() or target in stages


def _outside(named: str, folder: str) -> bool:
    """Whether a named context is a folder outside of the repository."""
    return os.path.isabs(named) and repository.is_outside(named, folder)


def _given(context: str) -> tuple[str | None, str | None]:
    if is_remote(context):
        return None, f"the build context {context} is not a folder"
    if not os.path.isdir(looked_for(context)):
        return None, f"the build context {context} is not there"
    return os.path.abspath(context), None


def _nearest(
    dockerfile: str, sources: Sequence[str], wanted: Sequence[str], folders: Sequence[str]
) -> tuple[str | None, str | None]:
    local = [source for source in dict.fromkeys(sources) if not is_remote(source) and not is_pattern(source)]
    fitting: list[str] = []
    missing: dict[str, None] = {}
    for folder in folders:
        context = Context(folder, dockerfile=dockerfile)
        lacking = [source for source in local if context.exists(source) is False]
        if lacking:
            missing.update(dict.fromkeys(lacking))
            continue
        if all(context.exists(path) is not False for path in wanted):
            return folder, None
        fitting.append(folder)
    if fitting:
        elsewhere = _matched_elsewhere(dockerfile, sources, fitting[0], folders) if wanted else None
        if elsewhere is None:
            return fitting[0], None
        # What is to be installed lies elsewhere: it is put beside the rest before the build.
        missing = {elsewhere: None}
    first = next(iter(missing))
    more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
    limit = f" up to {os.path.basename(folders[-1])}" if len(folders) > 1 else ""
    return None, f"no folder from the Dockerfile's{limit} has all that it copies ({first}{more})"


def _matched_elsewhere(dockerfile: str, sources: Sequence[str], folder: str, folders: Sequence[str]) -> str | None:
    """A pattern among the sources that matches nothing in a folder, but something in another; None without one."""
    for pattern in filter(is_pattern, sources):
        matching = [each for each in folders if Context(each, dockerfile=dockerfile).expand(pattern)]
        if matching and folder not in matching:
            return pattern
    return None


def belonging(
    changed: Iterable[str],
    *,
    root: str | None = None,
    sources: Callable[[str], Sequence[str]],
    candidates: Sequence[str] | None = None,
) -> tuple[str, ...]:
    """The Dockerfiles that changed files belong to: what a pre-commit hook has to check, sorted.

    A Dockerfile belongs to itself and to its own .dockerignore; a compose file, bake file or workflow to the
    Dockerfiles that it names; any other file to the Dockerfiles whose build context has it. ``sources`` gives what a
    Dockerfile copies (see ``build_settings``). ``candidates`` are the Dockerfiles to choose from: all of the
    repository, where None.
    """
    found: set[str] = set()
    others: list[str] = []
    starts: dict[str, str] = {}
    for path in changed:
        absolute = os.path.abspath(path)
        start = os.path.abspath(root or repository.project(os.path.dirname(absolute)))
        starts[absolute] = start
        if is_dockerfile_name(os.path.basename(path)):
            # What is only called so belongs to nothing.
            if is_dockerfile(looked_at(path)):
                found.add(os.path.relpath(path))
        else:
            others.append(absolute)
    for start in dict.fromkeys(starts[path] for path in others):
        declarations = Declarations(start)
        known = candidates if candidates is not None else dockerfiles(start).dockerfiles
        mine = [path for path in others if starts[path] == start]
        named = {spec.dockerfile for path in mine for spec in declarations.in_file(path)}
        for dockerfile in known:
            if os.path.abspath(dockerfile) in named or _touches(dockerfile, mine, start, sources, declarations):
                found.add(os.path.relpath(dockerfile))
    return tuple(sorted(found))


def _touches(
    dockerfile: str,
    changed: Sequence[str],
    root: str,
    sources: Callable[[str], Sequence[str]],
    declarations: Declarations,
) -> bool:
    settings = build_settings(dockerfile, sources(dockerfile), root=root, declarations=declarations)
    # Where the context is not known, its own folder is the likeliest.
    folder = settings.context or os.path.dirname(os.path.abspath(dockerfile))
    context = Context(folder, dockerfile=dockerfile)
    for path in changed:
        if path.endswith(".dockerignore"):
            if path in (os.path.join(folder, ".dockerignore"), os.path.abspath(dockerfile) + ".dockerignore"):
                return True
        elif repository.is_below(path, folder) and not context.excluded(os.path.relpath(path, folder)):
            return True
    return False
