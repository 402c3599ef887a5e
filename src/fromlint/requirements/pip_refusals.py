"""What pip refuses before it looks at any requirement: options that exclude each other, files that it is too old for.

As in pip 26.3: ``_internal/cli/cmdoptions.py`` (``check_…``) and ``check_build_constraints`` in ``req_command.py``.
"""

from collections.abc import Iterator

from fromlint.model.build import Install
from fromlint.model.environment import Environment

_ALL = (":all:",)
_READS_PYLOCK = 26, 1


def of_options(install: Install) -> Iterator[str]:
    """Why pip refuses the options of an install, in plain words. Where not all words are known, nothing is sure."""
    options = install.options
    if install.unknown:
        return
    if options.pre and (options.all_releases or options.only_final):
        yield "pip takes --pre neither with --all-releases nor with --only-final"
    if options.only_deps:
        beside = (
            ("--no-deps", options.no_deps),
            ("--requirement", bool(install.files)),
            ("--requirements-from-script", bool(install.scripts)),
            ("--group", bool(install.groups)),
        )
        named = [name for name, given in beside if given]
        if named:
            yield f"pip takes --only-deps with no {' and no '.join(named)}"
    if options.build_constraints and options.no_build_isolation:
        yield "pip takes no --build-constraint with --no-build-isolation"
    if options.platforms or options.python_version or options.abis or options.implementation:
        yield from _of_restrictions(install)


def _of_restrictions(install: Install) -> Iterator[str]:
    """Wheels for elsewhere: pip builds none of them, and puts them beside what runs."""
    options = install.options
    if not options.no_deps and (options.only_binary != _ALL or options.no_binary):
        yield f"pip takes {_restriction(install)} with --only-binary=:all: (and no --no-binary) or --no-deps only"
    elif install.action == "install" and not options.target:
        yield f"pip takes {_restriction(install)} with --target only"


def _restriction(install: Install) -> str:
    options = install.options
    named = (
        ("--platform", options.platforms),
        ("--python-version", options.python_version),
        ("--abi", options.abis),
        ("--implementation", options.implementation),
    )
    return next(name for name, given in named if given)


def of_pylock(name: str, environment: Environment) -> str | None:
    """Why pip does not read a pylock file: one before 26.1 takes it for a list of requirements."""
    pip = environment.python.pip if environment.python is not None else None
    parts = (pip or "").split(".")
    if len(parts) < 2 or not all(part.isdecimal() for part in parts[:2]):
        return None
    if (int(parts[0]), int(parts[1])) >= _READS_PYLOCK:
        return None
    return f"pip {pip} does not read {name}: pip 26.1 and later do"
