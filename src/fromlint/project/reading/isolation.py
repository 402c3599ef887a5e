"""Whether pip builds an sdist in an environment of its own.

Where there is no pyproject.toml, pip before 25.3 runs setup.py in the environment that it installs into, if setuptools
is there, and since 23.1 wheel, too (``load_pyproject_toml`` in pip/_internal/pyproject.py). Then the build finds what
was installed before. Tried with pip 22.3, 24.0, 25.2 and 25.3 on CPython 3.11, 2026-11-30.
"""

from __future__ import annotations

import re

from fromlint.model.environment import Environment
from fromlint.project.walking.walked import InstallPoint, StageWalk
from fromlint.system import versions

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
    there = {
        _name(text.value)
        for earlier in walked.points
        if earlier.step <= point.step and earlier.site.path == point.site.path
        for text in earlier.install.requirements
    }
    if not point.site.venv:
        if environment.distributions is None:
            return True
        there |= environment.distributions.keys()
    elif (versions.release(python.version) or ()) < _BARE_VENVS:
        there.add("setuptools")
    return "setuptools" in there and (pip < _WITH_WHEEL or "wheel" in there)


def _name(requirement: str) -> str:
    return re.split(r"[^\w.-]", requirement, maxsplit=1)[0].lower()
