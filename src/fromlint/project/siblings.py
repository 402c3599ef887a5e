"""Base images that the project builds itself: what they hold is what their own Dockerfile leaves behind."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from fromlint.discovery.specs import BuildSpec
from fromlint.dockerfile.parse import parse
from fromlint.model.build import (
    CommandUsed,
    DirectoryChanged,
    Event,
    FilesRemoved,
    ListsUpdated,
    PackagesAdded,
    PackagesKept,
    PackagesRemoved,
    UserChanged,
    VariableSet,
)
from fromlint.model.environment import Environment
from fromlint.project.build import Options, walked_through
from fromlint.project.known import package_names, package_sources
from fromlint.project.place import Place, Places, shown
from fromlint.project.walking.walked import StageWalk

# Dockerfiles that are each other's bases.
_LONGEST_LINE = 20
# What brings no command, file or Python distribution that is not known from the packages.
_PLAIN = (
    DirectoryChanged,
    FilesRemoved,
    ListsUpdated,
    PackagesAdded,
    PackagesKept,
    PackagesRemoved,
    UserChanged,
    VariableSet,
)


class Siblings:
    """Finds the Dockerfiles of the same project whose images others are built on. Each is read once."""

    def __init__(self, places: Places, options: Callable[[Place], Options], read: Callable[[str], bytes]) -> None:
        """``options`` are those of a build at a place; ``read`` gives a Dockerfile's bytes and raises OSError."""
        self._places = places
        self._options = options
        self._read = read
        self._known: dict[tuple[object, ...], Environment] = {}

    def seen_from(self, place: Place, dockerfile: str) -> Callable[[str, str], Environment | None]:
        """What an image is on a platform for the Dockerfile at a place; None where the project does not build it."""
        return partial(self._environment, place, (os.path.abspath(dockerfile),))

    def _environment(self, place: Place, line: tuple[str, ...], image: str, platform: str) -> Environment | None:
        """``line`` are the Dockerfiles on the way here: none of them is its own base."""
        spec = place.base(image)
        if spec is None:
            return None
        if spec.dockerfile in line or len(line) > _LONGEST_LINE:
            return Environment(
                False, f"{image} is built on itself, by {shown(spec.dockerfile)}", image, platform=platform
            )
        key = spec.dockerfile, spec.target, tuple(spec.args.items()), platform
        if key not in self._known:
            try:
                walks = self._walks(spec, platform, (*line, spec.dockerfile))
            except OSError:
                return None
            self._known[key] = left_behind(walks, image, shown(spec.dockerfile))
        return self._known[key]._replace(image=image)

    def _walks(self, spec: BuildSpec, platform: str, line: tuple[str, ...]) -> tuple[StageWalk, ...]:
        """Raises OSError."""
        dockerfile = parse(self._read(spec.dockerfile), shown(spec.dockerfile))
        place = self._places.of(spec.dockerfile, dockerfile)
        options = self._options(place)
        arguments: Mapping[str, str | None] = {**options.build_args, **spec.args}
        own = options._replace(
            build_args=arguments, target=spec.target, sibling=partial(self._environment, place, line)
        )
        return walked_through(dockerfile, own, (platform,), place.context, place.contexts)[0]


def left_behind(walks: Sequence[StageWalk], image: str, dockerfile: str) -> Environment:
    """The environment that the target stage leaves behind, under the name that ``image`` gives it.

    What steps may have brought that are not followed is unknown in it, never missing. ``dockerfile`` is its path as it
    is shown.
    """
    target = next((walked for walked in walks if walked.stage.target), None)
    if target is None:
        return Environment(False, f"{image} is built by {dockerfile}, which has no stage that could be read", image)
    environment = target.environment
    if not environment.known:
        return environment._replace(
            image=image, unknown=f"{image} is built by {dockerfile}, and of its base: {environment.unknown}"
        )
    events = [step.event for walked in _line(target, walks) for step in walked.steps]
    plain = all(_is_plain(event) for event in events)
    state, inherited, active = target.state, target.inherited, target.interpreters.active()
    manager = environment.package_manager or ""
    lists = environment.package_lists
    for walked in reversed(_line(target, walks)):
        lists = package_sources.lists(walked.steps, lists)[-1]
    sure = state.build_known and state.run_known and state.possible <= state.packages
    return environment._replace(
        image=image,
        python=active.python or target.interpreters.system,
        virtual_environment=active.path if active.venv else None,
        others=target.interpreters.others,
        variables={name: value for name, value in inherited.variables.items() if value is not None},
        directory=inherited.directory or "/",
        user=inherited.user,
        packages=state.packages if sure else None,
        capabilities=state.words,
        tools=environment.tools if plain else frozenset(),
        distributions=environment.distributions if plain else None,
        size_bytes=None,
        floating=False,
        # That a release has ended is said where the base is built.
        end_of_life=None,
        python_end_of_life=None,
        lists_gone=False,
        own_sources=package_names.plain(environment)
        and not any(package_sources.may_be_added(event, manager) for event in events),
        package_lists=lists,
        built_by=dockerfile,
    )


def _line(target: StageWalk, walks: Sequence[StageWalk]) -> list[StageWalk]:
    """The stage and those that it continues."""
    line = [target]
    while (parent := line[-1].stage.parent) is not None:
        line.append(walks[parent])
    return line


def _is_plain(event: Event) -> bool:
    if isinstance(event, CommandUsed):
        return "/" not in event.name and event.name not in ("make", "cmake", "ninja", "npm", "python", "python3", "tar")
    return isinstance(event, _PLAIN)
