"""What an install's words lead back to: a lock that a file was exported from, wheels that an earlier step made."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence

from fromlint.dockerfile.installs import install as install_of
from fromlint.model.build import Install
from fromlint.model.files import FileMissing, FileUnknown, FileUnreadable
from fromlint.model.place import Text
from fromlint.model.requirement import Needs
from fromlint.named_tuple import NamedTuple
from fromlint.project.layers import ImageFiles, Made, WheelsMade
from fromlint.regex import regex

_PATH_INSIDE = regex(r"/[\w./-]*\w")


class Followed(NamedTuple):
    """An install whose words say what decides, and the ``files`` that it reads.

    ``folders`` are where ``--find-links`` leads: stage and step of the installs that filled them with wheels.
    """

    install: Install
    files: ImageFiles
    folders: tuple[tuple[int, int], ...] = ()


def followed(install: Install, files: ImageFiles) -> Followed:
    """The install with its words followed back.

    Where all its requirements come from a file that ``uv export`` or its like made, it is that export: what it installs
    is what the lock says. What ``pip wheel`` made was judged there, and is left out. What was built from a project is
    that project. Other patterns are unknown: no file is known that they stand for.
    """
    return _exported(install, files) or _without_wheels(install, files)


def remaining(needs: Needs, before: Sequence[Needs], *, no_index: bool) -> Needs:
    """What an install needs besides what installs ``before`` it have put into the folders that it takes from.

    With ``--no-index`` that is nothing.
    """
    if not before:
        return needs
    there = {requirement.name for each in before for requirement in each.requirements}
    left = () if no_index else tuple(each for each in needs.requirements if each.name not in there)
    return needs._replace(requirements=left, constraints=needs.constraints if left else ())


def _exported(install: Install, files: ImageFiles) -> Followed | None:
    if len(install.files) != 1 or install.requirements or install.editable:
        return None
    try:
        files.read(install.files[0].value)
    except Made as error:
        exported = install_of(error.made.command)
        if exported is not None and exported.action == "export" and not error.made.appended:
            return Followed(exported._replace(span=install.span), error.files)
    except (FileMissing, FileUnknown, FileUnreadable):
        pass
    return None


def _without_wheels(install: Install, files: ImageFiles) -> Followed:
    requirements: list[Text] = []
    unknown: list[Text] = []
    before = files
    for number, word in enumerate(install.requirements):
        path, extras = _path_and_extras(word.value)
        pattern = _is_pattern(path)
        if not pattern and not path.endswith((".whl", ".tar.gz")):
            requirements.append(word)
            continue
        found = _wheels(path, before)
        if found is None:
            (unknown if pattern else requirements).append(word)
        elif found.wheels.project is not None and not _is_project(found.wheels.project, found.files):
            unknown.append(word)
        elif found.wheels.project is not None:
            folder = f"/fromlint/built/{number}"
            files = files.with_folder(folder, found.files, found.wheels.project)
            requirements.append(Text(folder + extras, word.span))
    for word in install.unknown:
        inside = _PATH_INSIDE.search(word.value)
        if inside is None or _wheels(inside[0], before) is None:
            unknown.append(word)
    links = [_wheels(link, before) for link in install.options.find_links if "://" not in link]
    return Followed(
        install._replace(requirements=tuple(requirements), unknown=tuple(unknown)),
        files,
        tuple(dict.fromkeys(found.wheels.at for found in links if found is not None and found.wheels.at is not None)),
    )


def _is_project(folder: str, files: ImageFiles) -> bool:
    names = ("pyproject.toml", "setup.py", "setup.cfg")
    return any(files.exists(posixpath.join(folder, name)) is not False for name in names)


def _wheels(path: str, files: ImageFiles) -> WheelsMade | None:
    try:
        files.read(path)
    except WheelsMade as found:
        return found
    except (FileMissing, FileUnknown, FileUnreadable):
        pass
    return None


def _path_and_extras(word: str) -> tuple[str, str]:
    found = re.fullmatch(r"(.+?)(\[[\w,. -]+\])?", word)
    return (found[1], found[2] or "") if found else (word, "")


def _is_pattern(path: str) -> bool:
    """Whether a word stands for the names of files: a requirement has neither sign, but for a URL's query."""
    if "://" in path or "@" in path or not any(sign in path for sign in "*?"):
        return False
    return "/" in path or path == "*" or path.endswith((".whl", ".tar.gz", ".zip"))
