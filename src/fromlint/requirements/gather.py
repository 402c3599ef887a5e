"""All that one install asks for, from whatever sources."""

from collections.abc import Callable

from fromlint.model.build import Install
from fromlint.model.environment import Environment
from fromlint.model.files import Files
from fromlint.model.place import Unknown
from fromlint.model.requirement import Needs
from fromlint.requirements.collector import Collector, start_of

# Each reader is imported only where an install asks for it: what a warm run does not need costs it nothing.
Reader = Callable[[Collector, Install, Environment], None]

_PIP = frozenset({"pip", "uv-pip", "pip-sync", "pip-compile", "uv-tool", "pipx", "setup.py"})
_UV = frozenset({"uv-sync", "uv-run", "uv-export"})
_POETRY = frozenset({"poetry", "poetry-self"})
_NOTHING = frozenset({"uv-python"})
_OUT_OF_SCOPE = frozenset({"conda", "mamba", "micromamba", "pixi"})


def gather(install: Install, files: Files, environment: Environment, extra_files: tuple[str, ...] = ()) -> Needs:
    """All that ``install`` asks for in ``environment`` (and on its platform).

    ``files`` are read by the paths that the install sees; ``extra_files`` are requirements files by their paths in
    ``files`` that are read besides. What is missing, unreadable, refused or not to be known is part of the answer;
    nothing is raised.
    """
    collector = Collector(files, install.directory)
    collector.environment = environment
    for word in install.unknown:
        collector.unknown.append(
            Unknown(word.value, "what it stands for is known only when the image is built", word.span)
        )
    reader = _reader(install.tool)
    if reader is not None:
        reader(collector, install, environment)
    elif install.tool in _OUT_OF_SCOPE:
        collector.unknown.clear()
        collector.out_of_scope.append(Unknown(install.tool, "conda's packages are out of scope", install.span))
    elif install.tool not in _NOTHING:
        why = f"what {install.tool} installs is not followed"
        collector.out_of_scope.append(Unknown(install.tool, why, install.span))
    if extra_files:
        from fromlint.requirements import pip_install, requirements_file

        for path in extra_files:
            requirements_file.read_path(collector, path, start_of(path), pip_install.rules(install, environment))
    return collector.needs()


def _reader(tool: str) -> Reader | None:
    if tool in _PIP:
        from fromlint.requirements import pip_install

        return pip_install.gather
    if tool in _UV:
        from fromlint.requirements import uv_project

        return uv_project.gather
    if tool in _POETRY:
        from fromlint.requirements import poetry_project

        return poetry_project.gather
    if tool == "pipenv":
        from fromlint.requirements import pipenv_project

        return pipenv_project.gather
    if tool == "pdm":
        from fromlint.requirements import pdm_project

        return pdm_project.gather
    return None
