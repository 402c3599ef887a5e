"""All that one install asks for, from whatever sources."""

from fromlint.model.build import Install
from fromlint.model.environment import Environment
from fromlint.model.files import Files
from fromlint.model.place import Unknown
from fromlint.model.requirement import Needs
from fromlint.requirements import (
    pdm_project,
    pip_install,
    pipenv_project,
    poetry_project,
    requirements_file,
    uv_project,
)
from fromlint.requirements.collector import Collector, start_of

_BY_TOOL = {
    **dict.fromkeys(("pip", "uv-pip", "pip-sync", "pip-compile", "uv-tool", "pipx", "setup.py"), pip_install.gather),
    **dict.fromkeys(("uv-sync", "uv-run", "uv-export"), uv_project.gather),
    **dict.fromkeys(("poetry", "poetry-self"), poetry_project.gather),
    "pipenv": pipenv_project.gather,
    "pdm": pdm_project.gather,
}
_NOTHING = frozenset({"uv-python"})
_OUT_OF_SCOPE = frozenset({"conda", "mamba", "micromamba", "pixi"})


def gather(install: Install, files: Files, environment: Environment, *, extra_files: tuple[str, ...] = ()) -> Needs:
    """All that ``install`` asks for in ``environment`` (and on its platform).

    ``files`` are read by the paths that the install sees; ``extra_files`` are requirements files by their paths in
    ``files`` that are read besides. What is missing, unreadable, refused or not to be known is part of the answer;
    nothing is raised.
    """
    collector = Collector(files, install.directory)
    for word in install.unknown:
        collector.unknown.append(
            Unknown(word.value, "what it stands for is known only when the image is built", word.span)
        )
    reader = _BY_TOOL.get(install.tool)
    if reader is not None:
        reader(collector, install, environment)
    elif install.tool in _OUT_OF_SCOPE:
        collector.unknown.append(Unknown(install.tool, "conda's packages are out of scope", install.span))
    elif install.tool not in _NOTHING:
        why = f"what {install.tool} installs is not followed"
        collector.unknown.append(Unknown(install.tool, why, install.span))
    for path in extra_files:
        requirements_file.read_path(collector, path, start_of(path), pip_install.rules(install, environment))
    return collector.needs()
