"""What there is to resolve."""

from __future__ import annotations

from collections.abc import Mapping

from fromlint.model.environment import Environment
from fromlint.model.requirement import Needs
from fromlint.named_tuple import NamedTuple

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fromlint.project.walking.walked import InstallPoint
    from fromlint.wheels.policy import Policy


class Job(NamedTuple):
    """The installs that fill one environment one after another, on one platform.

    ``platform`` is the one that is built for; the environments have their stage's own, which may be fixed. Each install
    has what it needs, how it chooses, and the environment it installs for. ``installed`` is what is there before the
    first, None where that is not known.
    """

    key: tuple[object, ...]
    platform: str
    installs: tuple[tuple[InstallPoint, Needs, Policy, Environment], ...]
    installed: Mapping[str, str] | None
