"""A stage walked to its end: what its installs found there, and what it holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fromlint.dockerfile.steps import Inherited
from fromlint.model.build import Install, Step
from fromlint.model.dockerfile import Stage
from fromlint.model.environment import Environment
from fromlint.named_tuple import NamedTuple
from fromlint.project.walking.layers import ImageFiles, Layer
from fromlint.project.walking.pythons import Interpreters, Site
from fromlint.system.state import State
from fromlint.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from fromlint.system.sources import SdistFacts


class InstallPoint(NamedTuple):
    """An install, and the stage as it is when the install runs. ``state`` is what is installed of the system.

    ``own`` is what the build files say of projects and sdists of the build context, by path, where they compile.
    """

    install: Install
    step: int
    site: Site
    files: ImageFiles
    state: State
    own: Mapping[str, SdistFacts] = {}


class StageWalk(NamedTuple):
    """A stage walked to its end. ``states`` is the system's state before the first step and after each."""

    stage: Stage
    environment: Environment
    environments: Mapping[str, Environment]
    steps: tuple[Step, ...]
    points: tuple[InstallPoint, ...]
    states: tuple[State, ...]
    layer: Layer | None
    files: ImageFiles
    inherited: Inherited
    interpreters: Interpreters

    @property
    def state(self) -> State:
        """What is installed of the system at the end of the stage."""
        return self.states[-1]


def origin(name: str, walks: Sequence[StageWalk]) -> StageWalk | None:
    """The earlier stage that COPY --from or a mount names, by name (any case) or number."""
    for candidate in reversed(walks):
        if candidate.stage.name is not None and candidate.stage.name.lower() == name.lower():
            return candidate
    if name.isdigit() and int(name) < len(walks):
        return walks[int(name)]
    return None
