"""What commands do to files: cp, mv, ln, rm, redirections, downloads, and tools that write a file they are told of."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from fromlint.dockerfile.shell import absolute
from fromlint.model.build import (
    Command,
    Event,
    FileMade,
    FilesCopied,
    FilesRemoved,
    ListsDeleted,
    SourceAdded,
    VenvActivated,
    Word,
)
from fromlint.model.place import Text
from fromlint.regex import regex


def files(command: Command, feeder: Command | None = None) -> tuple[Event, ...]:
    """The files that a command copies, makes or removes. ``feeder`` is the command that is piped into it."""
    events: list[Event] = []
    words = command.words
    if words[0].known:
        reader = _READERS.get(words[0].value.rpartition("/")[2])
        if reader:
            events += reader(command, feeder)
    for operator, target in command.redirects:
        made = _OUTPUT.fullmatch(operator)
        if made and target.known:
            events += _made(command, (target.value,), command, appended=made[1] == ">>")
    return tuple(events)


def sources_changed(event: Event) -> SourceAdded | None:
    """A package source that is added by writing or copying a file of the package manager."""
    if isinstance(event, FileMade):
        if _same_release(event.command):
            return None
        paths = [event.path]
    elif isinstance(event, FilesCopied) and event.destination:
        folder = event.destination.rstrip("/")
        names = [source.value.rstrip("/").rpartition("/")[2] for source in event.sources]
        paths = [folder, *(f"{folder}/{name}" for name in names)]
    else:
        return None
    for path in paths:
        if not path.startswith("/etc/"):
            continue
        for pattern, manager in _SOURCES:
            if re.match(pattern, path):
                return SourceAdded(manager, event.span)
    return None


def written_text(command: Command, feeder: Command | None) -> str:
    """What a command writes, as far as it is on its line: words of ``echo``, here-documents."""
    texts: list[str] = []
    for each in (feeder, command):
        if each is not None:
            texts += [word.value for word in each.words]
            texts += [target.value for operator, target in each.redirects if operator in ("<<", "<<<")]
    return "\n".join(texts)


# Short options without value that commonly stand before one with a value (curl -fsSLo x, wget -qO- y, cp -rt z).
_WITHOUT_VALUE = "LJNRSacdfgknpqrsv"
_UNKNOWN = regex(r"[$`]")
_OUTPUT = regex(r"(?:1|&)?(>>|>\|?)")
_SOURCES = (
    (r"/etc/apt/sources\.list(?:$|\.d(?:/|$))", "apt"),
    (r"/etc/apk/repositories(?:$|\.d(?:/|$))", "apk"),
    (r"/etc/yum\.repos\.d(?:/|$)", "yum"),
    (r"/etc/zypp/repos\.d(?:/|$)", "zypper"),
    (r"/etc/pacman\.(?:conf$|d/)", "pacman"),
)
_LISTS = (
    (r"/var/lib/(?:\*|apt(?:/\*|/lists(?:/.*)?)?)/?$", "apt"),
    (r"/var/cache/(?:\*|apk(?:/.*)?)/?$", "apk"),
)
_SWAP = r"s([/|@#!,+])(\S*?)(?<!\\)\1(\S*?)(?<!\\)\1[gi]*"
_HOST = r"(?:https?:?)?(?:\\?/)*[\w\\.*-]*[a-z]{2,}(?:\\?/[a-z-]*)*"
_RELEASES = r"\d+\.\d+|main|contrib|non-free|universe|edge|testing|stable|backports|sid|unstable"


def _same_release(command: Command) -> bool:
    """Whether a command only turns to another mirror: ``sed -i s/deb.debian.org/mirror.example/``."""
    if command.words[0].value != "sed":
        return False
    _, scripts, _ = _sed_line(command.words)
    swaps = [re.fullmatch(_SWAP, script) for script in scripts]
    return bool(swaps) and all(
        swap
        and re.fullmatch(_HOST, swap[2])
        and re.fullmatch(_HOST, swap[3])
        and not re.search(_RELEASES, swap[2] + " " + swap[3])
        for swap in swaps
    )


def _made(command: Command, paths: Iterable[str], maker: Command, *, appended: bool = False) -> list[Event]:
    full = (absolute(path, command.directory) for path in paths if path and not path.startswith("/dev/"))
    return [FileMade(path, maker, appended, command.span) for path in full if path]


def _operands(words: Sequence[Word], valued: str = "") -> list[Word]:
    """The words that are no options. ``valued``: letters of short options that take the next word."""
    operands: list[Word] = []
    index = 1
    while index < len(words):
        word = words[index]
        index += 1
        if word.value == "--":
            return operands + list(words[index:])
        if word.value.startswith("-") and len(word.value) > 1:
            index += len(word.value) == 2 and word.value[1] in valued
        else:
            operands.append(word)
    return operands


def _option(words: Sequence[Word], short: str, long: str) -> str | None:
    """The value of an option, in whatever way it is given."""
    for index, word in enumerate(words):
        value = word.value
        following = words[index + 1].value if index + 1 < len(words) else None
        if value == long:
            return following
        if value.startswith(long + "="):
            return value[len(long) + 1 :]
        cluster = re.fullmatch(rf"-[{_WITHOUT_VALUE}]*{short}(.*)", value, re.DOTALL)
        if cluster:
            return cluster[1] or following
    return None


def known_folder(path: str) -> str:
    """The folder that a path with an unknown part is surely in: ``/usr/bin/`` of ``/usr/bin/$name``."""
    found = _UNKNOWN.search(path)
    return path[: path.rfind("/", 0, found.start()) + 1] or "." if found else path


def _copy(command: Command, feeder: Command | None) -> list[Event]:
    """cp, mv, ln, install, rsync."""
    words = command.words
    name = words[0].value.rpartition("/")[2]
    into = _option(words, "t", "--target-directory") if name != "rsync" else None
    operands = _operands(words, {"install": "mogtS", "rsync": "e", "ln": "tS"}.get(name, "tS"))
    if name == "install" and any(word.value in ("-d", "--directory") for word in words):
        return []
    if into is None:
        if len(operands) < 2:
            return []
        into, operands = operands[-1].value, operands[:-1]
        known = words[-1].known
    else:
        known = not _UNKNOWN.search(into)
    destination = absolute(into if known else known_folder(into), command.directory)
    folder = not known or into.endswith("/") or into in (".", "..") or len(operands) > 1
    if destination and destination != "/" and folder:
        destination += "/"
    sources: list[Text] = []
    for word in operands:
        tail = "/" if word.value.endswith(("/", "/.")) else ""
        # The target of a symbolic link is relative to the link.
        base = destination.rpartition("/")[0] or "/" if name == "ln" and destination else command.directory
        path = absolute(word.value, base) if word.known else None
        sources.append(Text(word.value if path is None else path + tail if path != "/" else path, word.span))
    unknown = None
    if destination is None or not known or not all(word.known for word in operands):
        unknown = "its sources or destination are not known"
    elif command.conditional:
        unknown = "a command that copies it may not run"
    copied = FilesCopied(tuple(sources), destination, None, (), False, {}, True, unknown, command.span)
    if name == "mv" and not command.conditional:
        gone = tuple(source.value for source in sources if source.value.startswith("/"))
        return [copied, FilesRemoved(gone, command.span)]
    return [copied]


def _remove(command: Command, feeder: Command | None) -> list[Event]:
    known = (word.value for word in _operands(command.words) if word.known)
    paths = tuple(path for path in (absolute(path, command.directory) for path in known) if path)
    return _removed(command, paths)


def _removed(command: Command, paths: tuple[str, ...]) -> list[Event]:
    events: list[Event] = []
    if command.conditional:
        return events
    if paths:
        events.append(FilesRemoved(paths, command.span))
    for pattern, manager in _LISTS:
        if any(re.match(pattern, path) for path in paths):
            events.append(ListsDeleted(manager, command.span))
    return events


def _find(command: Command, feeder: Command | None) -> list[Event]:
    """``find /var/lib/apt/lists -type f -delete``; other deletions depend on what is there."""
    values = [word.value for word in command.words]
    if "-delete" not in values and "rm" not in values:
        return []
    paths = (absolute(value, command.directory) for value in values[1:2])
    events = _removed(command, tuple(path for path in paths if path))
    return [event for event in events if isinstance(event, ListsDeleted)]


def _tee(command: Command, feeder: Command | None) -> list[Event]:
    operands = (word.value for word in _operands(command.words) if word.known)
    appended = any(word.value in ("-a", "--append") for word in command.words)
    return _made(command, operands, feeder or command, appended=appended)


def _sed_line(words: Sequence[Word]) -> tuple[bool, list[str], list[Word]]:
    """Whether files are changed in place, the scripts, and the files."""
    in_place = False
    scripts: list[str] = []
    operands: list[Word] = []
    index = 1
    while index < len(words):
        value = words[index].value
        index += 1
        if value in ("-e", "--expression", "-f", "--file"):
            scripts += [words[index].value] if index < len(words) else []
            index += 1
        elif value.startswith("--in-place") or re.match(r"-[nrEsuz]*i", value):
            in_place = True
            if value.endswith("e") and "." not in value and index < len(words):
                scripts.append(words[index].value)
                index += 1
        elif not value.startswith("-") or value == "-":
            operands.append(words[index - 1])
        elif re.fullmatch(r"-[nrEsuz]+e", value) and index < len(words):
            scripts.append(words[index].value)
            index += 1
    if not scripts and operands:
        scripts.append(operands.pop(0).value)
    return in_place, scripts, operands


def _sed(command: Command, feeder: Command | None) -> list[Event]:
    in_place, _, operands = _sed_line(command.words)
    return _made(command, (word.value for word in operands if word.known), command) if in_place else []


def _touch(command: Command, feeder: Command | None) -> list[Event]:
    # An existing file keeps what it holds.
    paths = (word.value for word in _operands(command.words, "drt") if word.known)
    return _made(command, paths, command, appended=True)


def _curl(command: Command, feeder: Command | None) -> list[Event]:
    words = command.words
    target = _option(words[1:], "o", "--output")
    named = any(re.fullmatch(r"-[A-Za-z]*O[A-Za-z]*|--remote-name(?:-all)?", word.value) for word in words[1:])
    paths = [target] if target else [_name_in(word.value) for word in words if named and "://" in word.value]
    return _made(command, paths, command)


def _wget(command: Command, feeder: Command | None) -> list[Event]:
    words = command.words
    target = _option(words[1:], "O", "--output-document")
    if target is not None:
        return _made(command, [target] if target != "-" else [], command)
    folder = _option(words[1:], "P", "--directory-prefix") or "."
    return _made(command, [f"{folder}/{_name_in(word.value)}" for word in words if "://" in word.value], command)


def _name_in(url: str) -> str:
    return url.partition("?")[0].rstrip("/").rpartition("/")[2]


def _pip_compile(command: Command, feeder: Command | None) -> list[Event]:
    """Without ``-o`` pip-compile writes beside its input."""
    operands = [word.value for word in _operands(command.words, "oPcfip") if word.known]
    if _option(command.words[1:], "o", "--output-file") or not operands:
        return []
    name = operands[0]
    if not name.endswith(".in"):
        name = f"{name.rpartition('/')[0] or '.'}/requirements.in"
    return _made(command, [name[:-3] + ".txt"], command)


def _pipreqs(command: Command, feeder: Command | None) -> list[Event]:
    target = _option(command.words[1:], "o", "--savepath")
    operands = [word.value for word in _operands(command.words) if word.known]
    return _made(command, [target or f"{operands[-1] if operands else '.'}/requirements.txt"], command)


def _source(command: Command, feeder: Command | None) -> list[Event]:
    path = command.words[1] if len(command.words) > 1 else None
    full = absolute(path.value, command.directory) if path and path.known else None
    if full and full.endswith("/bin/activate"):
        return [VenvActivated(full.removesuffix("/bin/activate") or "/", command.span)]
    return []


_READERS: Mapping[str, Callable[[Command, Command | None], list[Event]]] = {
    ".": _source,
    "cp": _copy,
    "curl": _curl,
    "find": _find,
    "install": _copy,
    "ln": _copy,
    "mv": _copy,
    "pip-compile": _pip_compile,
    "pipreqs": _pipreqs,
    "rm": _remove,
    "rsync": _copy,
    "sed": _sed,
    "source": _source,
    "tee": _tee,
    "touch": _touch,
    "unlink": _remove,
    "wget": _wget,
}
