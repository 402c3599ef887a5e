"""What an install's words lead back to: a lock that a file was exported from, wheels that an earlier step made."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence

from fromlint.dockerfile.installs import install as install_of
from fromlint.dockerfile.shell import commands
from fromlint.model.build import Command, FileMade, Install
from fromlint.model.dockerfile import Anchor, Source
from fromlint.model.files import FileMissing, FileUnknown, FileUnreadable
from fromlint.model.place import Span, Text, Unknown
from fromlint.model.requirement import Locked, Needs
from fromlint.named_tuple import NamedTuple
from fromlint.project.walking import edits, line_editor
from fromlint.project.walking.edits import Written
from fromlint.project.walking.layers import ImageFiles, Made, WheelsMade
from fromlint.project.walking.line_editor import Edit
from fromlint.regex import regex
from fromlint.requirements.names import is_archive

_PATH_INSIDE = regex(r"/[\w./-]*\w")


class Followed(NamedTuple):
    """An install whose words say what decides, and the ``files`` that it reads.

    ``folders`` are where ``--find-links`` leads: stage and step of the installs that filled them with wheels. ``edits``
    are made to what an export prints before it is installed.
    """

    install: Install
    files: ImageFiles
    folders: tuple[tuple[int, int], ...] = ()
    edits: tuple[Edit, ...] = ()


def followed(install: Install, files: ImageFiles) -> Followed:
    """The install with its words followed back.

    Where all its requirements come from a file that ``uv export`` or its like made, it is that export: what it installs
    is what the lock says. What ``pip wheel`` made was judged there, and is left out. What was built from a project is
    that project. Other patterns are unknown: no file is known that they stand for.
    """
    if any(sign in word.value for word in install.unknown for sign in ("(", "`")):
        install, files = _substituted(install, files)
    source = _exported(install, files) or _without_wheels(install, files)
    links = install.options.find_links
    return source._replace(folders=tuple(at for link in links if "://" not in link for at in _fillers(link, files)))


def _substituted(install: Install, files: ImageFiles) -> tuple[Install, ImageFiles]:
    """The install with the words that ``$(grep x requirements.txt)`` stands for, and with ``<(…)`` as a file."""
    requirements = list(install.requirements)
    sources = list(install.files)
    unknown: list[Text] = []
    for number, word in enumerate(install.unknown):
        pipe = pipe_of(word, install.environment, install.directory)
        if word.value.startswith("<(") and pipe:
            made = FileMade(f"/fromlint/read/{number}", pipe[-1], False, word.span, pipe[:-1])
            files = files.with_made(made)
            sources.append(Text(made.path, word.span))
            continue
        said = _words_said(pipe, files) if pipe else None
        if said is None:
            unknown.append(word)
        else:
            requirements += said
    install = install._replace(requirements=tuple(requirements), files=tuple(sources), unknown=tuple(unknown))
    return install, files


def pipe_of(word: Text, variables: Mapping[str, str], directory: str | None) -> tuple[Command, ...]:
    """The commands of a substitution that is all of a word, where they are one pipe; () of other words."""
    found = re.fullmatch(r"\"?[$<]\((.*)\)\"?|\"?`([^`]*)`\"?", word.value, re.DOTALL)
    if found is None:
        return ()
    text = found[1] if found[1] is not None else found[2]
    source = Source(text, word.span.file, (Anchor(0, word.span.line, word.span.column),))
    pipe = commands(source, variables=variables, directory=directory)
    if pipe and pipe[0].words[0].value == "xargs":
        # Behind it stands what it runs, which has the redirections.
        pipe = (pipe[0]._replace(redirects=pipe[-1].redirects),)
    whole = all((each.piped_from is None) is (number == 0) for number, each in enumerate(pipe))
    return pipe if pipe and whole and pipe[-1].piped_to is None else ()


def _words_said(pipe: Sequence[Command], files: ImageFiles) -> list[Text] | None:
    """The words that a pipe prints, each with its place; None where they are not known, or where some are options."""
    written = _said(pipe, files)
    if written is None:
        return None
    found = []
    for number, line in enumerate(written.content.decode("utf-8", "replace").split("\n"), 1):
        for word in re.finditer(r"\S+", line):
            if word[0].startswith(("-", "#")):
                return None
            span = Span(written.shown, number, word.start() + 1, number, word.end() + 1)
            found.append(Text(word[0], span))
    return found


def lines_said(pipe: Sequence[Command], files: ImageFiles) -> list[str] | None:
    """The lines that a pipe prints; None where they are not known."""
    written = _said(pipe, files)
    return written.content.decode("utf-8", "replace").splitlines() if written is not None else None


def _said(pipe: Sequence[Command], files: ImageFiles) -> Written | None:
    flow = edits.of_pipe(pipe)
    if flow is None or flow.command is not None:
        return None
    try:
        return files.flowing(flow, pipe[-1])
    except (FileMissing, FileUnknown, FileUnreadable):
        return None


def remaining(needs: Needs, before: Sequence[Needs], *, no_index: bool) -> Needs:
    """What an install needs besides what installs ``before`` it have put into the folders that it takes from.

    With ``--no-index`` that is nothing.
    """
    if not before:
        return needs
    there = {requirement.name for each in before for requirement in each.requirements}
    there.update(package.name for each in before for package in each.locked or ())
    left = () if no_index else tuple(each for each in needs.requirements if each.name not in there)
    locked = needs.locked
    if locked is not None:
        locked = () if no_index else tuple(each for each in locked if each.name not in there)
    return needs._replace(requirements=left, constraints=needs.constraints if left else (), locked=locked)


def edited(needs: Needs, changes: Sequence[Edit]) -> Needs:
    """What is left of an export's needs where its lines were edited: ``uv export | grep -v torch``."""
    if not changes or needs.locked is None:
        return needs
    kept = []
    unknown = list(needs.unknown)
    for package in needs.locked:
        head = _line(package)
        line: str | None = f"{head} ; {package.marker}" if package.marker else head
        for edit in changes:
            line = line_editor.apply(edit, line) if line is not None else None
        if line is None or (line.strip() and not line.startswith(head)):
            unknown.append(Unknown(package.name, "its line in the export is changed during the build", package.span))
        elif line.strip():
            kept.append(package)
    gone = {package.reference for package in needs.locked} - {package.reference for package in kept}
    folders = tuple(folder for folder in needs.folders if folder not in gone)
    return needs._replace(locked=tuple(kept), unknown=tuple(unknown), folders=folders)


def _line(package: Locked) -> str:
    """The line of an export that a package has: the same from uv, poetry, pdm and pipenv, but for URLs."""
    if package.source in ("path", "editable", "virtual"):
        return f"-e {package.reference or '.'}"
    if package.source == "index":
        return f"{package.name}=={package.version}"
    return f"{package.name} @ {package.reference}"


def _exported(install: Install, files: ImageFiles) -> Followed | None:
    if len(install.files) != 1 or install.requirements or install.editable:
        return None
    try:
        files.read(install.files[0].value)
    except Made as error:
        exported = install_of(error.command)
        if exported is not None and exported.action == "export" and error.edits is not None:
            return Followed(exported._replace(span=install.span), error.files, edits=error.edits)
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
        if found is None and pattern:
            there = _matching(path, before)
            requirements += [Text(name, word.span) for name in there]
            unknown += [] if there else [word]
        elif found is None:
            requirements.append(word)
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
    return Followed(install._replace(requirements=tuple(requirements), unknown=tuple(unknown)), files)


def _is_project(folder: str, files: ImageFiles) -> bool:
    names = ("pyproject.toml", "setup.py", "setup.cfg")
    return any(files.exists(posixpath.join(folder, name)) is not False for name in names)


def _fillers(folder: str, files: ImageFiles) -> Iterator[tuple[int, int]]:
    """Stage and step of all installs that have put wheels into a folder, the last one first."""
    found = _wheels(folder, files)
    while found is not None:
        if found.wheels.at is not None:
            yield found.wheels.at
        found = _wheels(found.wheels.folder, found.files)


def _wheels(path: str, files: ImageFiles) -> WheelsMade | None:
    try:
        files.read(path)
    except WheelsMade as found:
        return found
    except (FileMissing, FileUnknown, FileUnreadable):
        pass
    return None


def _matching(pattern: str, files: ImageFiles) -> list[str]:
    """The wheels, sdists and folders that a pattern of one folder's names stands for; [] where that is not sure."""
    folder, slash, name = pattern.rpartition("/")
    if any(sign in folder for sign in "*?["):
        return []
    from fnmatch import fnmatchcase

    names = files.listing(folder or slash or ".") or ()
    found = [each for each in names if fnmatchcase(each, name) and each.startswith(".") is name.startswith(".")]
    paths = [folder + slash + each for each in found]
    return paths if all(is_archive(path) or files.listing(path) is not None for path in paths) else []


def _path_and_extras(word: str) -> tuple[str, str]:
    found = re.fullmatch(r"(.+?)(\[[\w,. -]+\])?", word)
    return (found[1], found[2] or "") if found else (word, "")


def _is_pattern(path: str) -> bool:
    """Whether a word stands for the names of files: a requirement has neither sign, but for a URL's query."""
    if "://" in path or "@" in path or not any(sign in path for sign in "*?"):
        return False
    return "/" in path or path == "*" or path.endswith((".whl", ".tar.gz", ".zip"))
