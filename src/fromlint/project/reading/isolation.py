"""Whether pip builds an sdist in an environment of its own, and what it finds there where it does not.

Where there is no pyproject.toml, pip before 25.3 runs setup.py in the environment that it installs into, if setuptools
is there, and since 23.1 wheel, too (``load_pyproject_toml`` in pip/_internal/pyproject.py). Then the build finds what
was installed before. Tried with pip 22.3, 24.0, 25.2 and 25.3 on CPython 3.11, 2026-11-30.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from fromlint.model.build import Install, ScriptUnread
from fromlint.model.environment import Environment
from fromlint.project.walking.walked import InstallPoint, StageWalk
from fromlint.system import versions
from fromlint.system.needs import BACKENDS

_ALWAYS_APART = (25, 3)
_WITH_WHEEL = (23, 1)
# Since then ``python -m venv`` puts no setuptools into an environment (gh-95299).
_BARE_VENVS = (3, 12)


def runs_setup_py(point: InstallPoint, walked: StageWalk, environment: Environment) -> bool:
    """Whether an install's pip may run the setup.py of a project without pyproject.toml in its environment."""
    python = environment.python
    pip = versions.release(python.pip) if python is not None and python.pip else None
    if point.install.tool != "pip" or python is None or pip is None or pip >= _ALWAYS_APART:
        return False
    there = set(_installed(point, walked))
    if not point.site.venv:
        if environment.distributions is None:
            return True
        there |= environment.distributions.keys()
    elif (versions.release(python.version) or ()) < _BARE_VENVS:
        there.add("setuptools")
    return "setuptools" in there and (pip < _WITH_WHEEL or "wheel" in there)


def builds_with_what_is_there(install: Install) -> bool:
    """Whether an install surely builds everything with what is installed in its environment, and fetches nothing."""
    return install.tool == "setup.py" or (install.tool == "pip" and install.options.no_build_isolation)


def nothing_to_build_with(
    backend: str | None, point: InstallPoint, walked: StageWalk, environment: Environment, beside: Collection[str]
) -> str | None:
    """Why a build that fetches nothing finds no backend; None where it finds one, or where that is not known.

    ``backend`` is the distribution that builds, None: any. ``beside`` are all that installs bring to the environment.
    """
    python, site = environment.python, point.site
    if not builds_with_what_is_there(point.install) or python is None or python.prefix == "/usr":
        return None
    # Before that venvs have setuptools, and Python itself distutils.
    if (versions.release(python.version) or ()) < _BARE_VENVS and (site.venv or point.install.tool == "setup.py"):
        return None
    if any(isinstance(step.event, ScriptUnread) for step in walked.steps[: point.step]):
        return None
    if any(earlier.install.unknown for earlier in walked.points if earlier.step <= point.step):
        return None
    there = {*beside}
    if not site.venv:
        if environment.distributions is None:
            return None
        there |= environment.distributions.keys()
    wanted = {backend} if backend is not None else {*BACKENDS.values()}
    if wanted & there:
        return None
    how = "setup.py" if point.install.tool == "setup.py" else "--no-build-isolation"
    return f"{how} builds with what is installed, and {backend or 'setuptools'} is not"


def in_place(name: str, point: InstallPoint, walked: StageWalk, environment: Environment) -> str | None:
    """The version of a distribution that is there when an install runs, where the base or a pin before it tells."""
    stated = _installed(point, walked).get(name)
    if stated is not None:
        pinned = re.search(r"==\s*([\d.]+)$", stated)
        return pinned[1] if pinned is not None else None
    if point.site.venv or environment.distributions is None:
        return None
    return environment.distributions.get(name) or None


def _installed(point: InstallPoint, walked: StageWalk) -> dict[str, str]:
    """By name what words of installs up to this one bring to the same site."""
    return {
        _name(text.value): text.value
        for earlier in walked.points
        if earlier.step <= point.step and earlier.site.path == point.site.path
        for text in earlier.install.requirements
    }


def _name(requirement: str) -> str:
    return re.split(r"[^\w.-]", requirement, maxsplit=1)[0].lower()
