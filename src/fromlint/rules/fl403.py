"""site-packages or a virtual environment are copied to where another Python, or none, will look for them.

## Why

Python 3.12 does not look into `python3.11/site-packages`. A virtual environment is tied to its place and its Python:
its `bin/python` is a link to the interpreter that made it, and its console scripts name its own path in their first
line. Copied to a stage with another Python, or one in another place (`/usr/bin` instead of `/usr/local/bin`), it is
dead: `no such file or directory`.

Of an environment that is moved to another path it is said only where the container is started with one of its console
scripts: `python -m` still works. And where only `site-packages` is copied, the console scripts stay behind in `bin`:
that is said where the container is started with one. Where only that `bin` is copied (`COPY --from=build
/root/.local/bin /root/.local`), its scripts find nothing to import.

Nothing is said of packages that are reached by PYTHONPATH, as long as they are pure Python.

## Example

    FROM python:3.12-slim AS build
    RUN pip install flask
    FROM python:3.13-slim
    COPY --from=build /usr/local/lib/python3.12/site-packages /usr/local/lib/python3.12/site-packages

## What to do

Use the same base in both stages, and copy a virtual environment to the path that it was made for; with it the Python
that uv fetched for it, where it did.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from fromlint.model.build import (
    Event,
    FilesCopied,
    Install,
    PackagesAdded,
    ScriptUnread,
    ToolFetched,
    VariableSet,
    VenvMade,
)
from fromlint.model.environment import Python
from fromlint.model.finding import Finding, Label, Severity
from fromlint.model.project import InstallFacts, PackageFacts, Project, StageFacts
from fromlint.regex import regex
from fromlint.rules import console_scripts, crossing, lineage, remedies, wording

CODE = "FL403"
NAME = "python-crossed"
SEVERITY = Severity.ERROR

_VERSIONED = regex(r"/python(3\.\d+)t?/(?:site|dist)-packages(?:/|$)")


def check(project: Project) -> Iterator[Finding]:
    """A finding for each pair of stages."""
    seen: set[tuple[int, int]] = set()
    for case in crossing.crossings(project):
        pair = case.origin.stage.number, case.final.stage.number
        if pair in seen or case.interpreter or not case.final.environment.known:
            continue
        if _interpreter_comes(project, case):
            continue
        for install, place in case.taken:
            found = _judged(project, case, install, place)
            if found is not None:
                seen.add(pair)
                yield found
                break
        else:
            script = console_scripts.left_behind(project, case)
            if script is not None:
                seen.add(pair)
                yield _without_script(project, case, *script)
    target = lineage.target(project)
    if target is not None and target.environment.known:
        yield from _without_packages(project, target)


def _without_packages(project: Project, final: StageFacts) -> Iterator[Finding]:
    """A finding for the first COPY that brings console scripts without what they import."""
    here = [install for stage in lineage.lineage(project, final) for install in stage.installs]
    if not all(install.complete for install in here):
        return
    there = {facts.package.name for install in here for facts in install.packages}
    for case in crossing.scripts_alone(project, final):
        asked = (facts for facts in case.install.packages if not facts.package.parents)
        package = next(
            (each.package.name for each in asked if _imported(each) and each.package.name not in there), None
        )
        if package is not None:
            site = crossing.site_of(case.install)
            message = f"the console scripts of {package} are copied, and what they import stays in {site}/lib"
            origin = case.origin.stage.name or case.origin.stage.number
            help = f"COPY --from={origin} {site} {site}, and lead PATH to {site}/bin"
            yield _finding(project, case, message, SEVERITY, case.install.python, help)
            return


def _without_script(project: Project, case: crossing.Crossing, script: str, package: str) -> Finding:
    install = next(
        install for install, _ in case.taken if any(each.package.name == package for each in install.packages)
    )
    folder = f"{install.site.rstrip('/')}/bin"
    message = f"the container is started with {script}, which {package} puts into {folder}: that is not copied"
    origin = case.origin.stage.name or case.origin.stage.number
    there = f"{case.final.environment.python.prefix if case.final.environment.python else '/usr/local'}/bin"
    help = f"COPY --from={origin} {folder}/{script} {there}/{script}, or start it as a module: python -m"
    return _finding(project, case, message, SEVERITY, install.python, help)


def _interpreter_comes(project: Project, case: crossing.Crossing) -> bool:
    """Whether another COPY brings the Python of the origin stage, too."""
    prefixes = {install.python.prefix for install, _ in case.taken if install.python is not None}
    for event in lineage.before(project, case.final):
        if isinstance(event, FilesCopied) and event.origin is not None:
            for source in event.sources:
                path = "/" + source.value.strip("/")
                if path in ("/", "/usr", "/usr/local", "/usr/local/bin") or "/uv/python" in path:
                    return True
                if any(f"{prefix}/".startswith(f"{path}/") for prefix in prefixes):
                    return True
                if path.startswith(("/python", "/opt/python")):
                    return True
    return False


def _judged(project: Project, case: crossing.Crossing, install: InstallFacts, place: str) -> Finding | None:
    made, runs = install.python, crossing.python_of(project, case.final)
    if made is None or not made.prefix:
        return None
    if runs is None:
        return _without_python(project, case, install, made)
    if crossing.is_venv(install):
        return _venv(project, case, install, place, made, runs)
    if made.fetched:
        return None
    folder = place if _VERSIONED.search(place + "/") else None
    versioned = _VERSIONED.search((folder or f"{place}/lib/python{crossing.minor(made)}/site-packages") + "/")
    if versioned is None or _on_python_path(project, case.final, place):
        return _by_path(project, case, made, runs)
    if install.install.options.target is not None and folder is None:
        return None
    if versioned[1] != crossing.minor(runs):
        message = f"{wording.python_words(runs)} of this stage does not look into python{versioned[1]}/site-packages"
        return _finding(project, case, message, SEVERITY, made)
    if runs.prefix == "/usr" and place.startswith("/usr/local") and case.final.environment.family == "debian":
        message = f"the distribution's own {wording.python_words(runs)} looks into dist-packages, not here"
        return _finding(project, case, message, SEVERITY, made)
    return None


def _by_path(project: Project, case: crossing.Crossing, made: Python, runs: Python) -> Finding | None:
    """Reached by PYTHONPATH: only compiled modules mind another minor."""
    native = (*crossing.wheels(case), *crossing.compiled(case))
    if crossing.minor(made) == crossing.minor(runs) or not native:
        return None
    names = tuple(name for name in native if not _stable(case, name))
    if not names:
        return None
    own = wording.python_words(runs)
    message = f"{crossing.listed(names)}: compiled for {wording.python_words(made)}, and this stage has {own}"
    return _finding(project, case, message, SEVERITY, made)


def _stable(case: crossing.Crossing, name: str) -> bool:
    """Whether a package's wheels are for the stable ABI, which later minors take, or are tied to no Python."""
    for install, _ in case.taken:
        for facts in install.packages:
            if facts.package.name == name:
                files = [verdict.file.filename for verdict in facts.package.verdicts.values() if verdict.file]
                return bool(files) and all("-abi3-" in file or "-none-" in file for file in files)
    return False


def _on_python_path(project: Project, stage: StageFacts, place: str) -> bool:
    for event in lineage.before(project, stage):
        if not isinstance(event, VariableSet) or event.name != "PYTHONPATH" or event.argument:
            continue
        if event.value is None or any(place.startswith(entry.rstrip("/")) for entry in event.value.split(":") if entry):
            return True
    return False


def _venv(
    project: Project, case: crossing.Crossing, install: InstallFacts, place: str, made: Python, runs: Python
) -> Finding | None:
    if crossing.minor(made) != crossing.minor(runs) and crossing.has_python(project, case.final, made):
        # It goes by its own Python, whichever else the stage has.
        runs = made
    if crossing.minor(made) != crossing.minor(runs):
        message = (
            f"the environment is for {wording.python_words(made)}, and this stage has {wording.python_words(runs)}"
        )
        return _finding(project, case, message, SEVERITY, made)
    if made.fetched:
        return _left_behind(project, case, made)
    called = _called(project, case, install) or f"{made.prefix}/bin"
    if called != f"{runs.prefix}/bin":
        message = f"the environment's Python is {called}/python3, which this stage has in {runs.prefix}/bin"
        return _finding(project, case, message, SEVERITY, made)
    script = console_scripts.in_environment(project, case.final, place) if place != install.site else None
    if script is not None and not _relocatable(project, case, install):
        message = f"the environment was made at {install.site}, and the first line of {script} names the Python there"
        return _finding(project, case, message, SEVERITY, made, f"COPY it to {install.site}, and start it from there")
    return None


def _called(project: Project, case: crossing.Crossing, install: InstallFacts) -> str | None:
    """The folder of the Python that made an environment, where it was called by its path: the environment goes by that
    path, also where it is a link (``sys._base_executable``).
    """
    for event in lineage.before(project, case.origin):
        if isinstance(event, VenvMade) and event.path == install.site and event.python:
            folder = posixpath.dirname(event.python)
            if folder.startswith("/") and event.tool == "venv":
                return folder
    return None


def _left_behind(project: Project, case: crossing.Crossing, made: Python) -> Finding:
    message = f"the environment's Python is one that uv keeps in {made.prefix}, and it stays behind"
    origin = case.origin.stage.name or case.origin.stage.number
    help = f"COPY --from={origin} {made.prefix} {made.prefix}, or make it with the image's own Python"
    return _finding(project, case, message, SEVERITY, made, help)


def _without_python(project: Project, case: crossing.Crossing, install: InstallFacts, made: Python) -> Finding | None:
    """An environment in a stage that surely has no Python at all."""
    if not crossing.is_venv(install) or any(_may_bring_python(event) for event in lineage.before(project, case.final)):
        return None
    if made.fetched:
        return _left_behind(project, case, made)
    message = f"the environment's Python is {made.prefix}/bin/python3, and this stage has none"
    return _finding(project, case, message, SEVERITY, made)


def _may_bring_python(event: Event) -> bool:
    if isinstance(event, PackagesAdded):
        # conda, or one that others depend on
        return True
    return isinstance(event, ToolFetched | Install | ScriptUnread)


def _relocatable(project: Project, case: crossing.Crossing, install: InstallFacts) -> bool:
    if install.install.environment.get("UV_VENV_RELOCATABLE"):
        return True
    return any(
        isinstance(event, VenvMade) and event.path == install.site and event.relocatable
        for event in lineage.before(project, case.origin)
    )


def _imported(facts: PackageFacts) -> bool:
    """Whether a package is Python: what a wheel for one CPU puts into bin may be a program of its own (ruff)."""
    files = [verdict.file.filename for verdict in facts.package.verdicts.values() if verdict.file is not None]
    return bool(files) and all(file.endswith("-any.whl") for file in files)


def _finding(
    project: Project,
    case: crossing.Crossing | crossing.ScriptsAlone,
    message: str,
    severity: Severity,
    made: Python | None,
    help: str = "",
) -> Finding:
    base = lineage.base(project, case.origin)
    image = lineage.base(project, case.final).environment.image
    return Finding(
        code=CODE,
        rule=NAME,
        severity=severity,
        message=message,
        span=case.span,
        label=f"from {crossing.stage_words(case.origin)}",
        stage=case.final.stage.number,
        platforms=project.asked,
        related=(
            Label(wording.from_span(base), wording.environment_words(case.origin.environment, made)),
            wording.from_label(project, case.final, crossing.python_of(project, case.final)),
        ),
        help=(help or f"use the same base in both stages: FROM {image}",),
        fixes=() if help else remedies.same_base(project, case.origin, case.final),
    )
