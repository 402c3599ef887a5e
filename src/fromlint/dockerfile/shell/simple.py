"""Simple commands: builtins that change the shell, commands that run others, and all the rest, which is put down."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise

from fromlint.dockerfile.shell.nested import at, nested
from fromlint.dockerfile.shell.state import Leaving, Standing, Status
from fromlint.dockerfile.shell.words import Field
from fromlint.dockerfile.shell.wrappers import SHELLS, WRAPPERS, executed, inner, shell_call
from fromlint.model.build import Redirect
from fromlint.named_tuple import NamedTuple
from fromlint.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from fromlint.dockerfile.shell.walk import Walk


class Call(NamedTuple):
    """A simple command about to run. ``body``: its here-document; ``start`` and ``end``: where it is written.

    ``depth`` counts the commands that it is run by.
    """

    words: Sequence[Field]
    assignments: Mapping[str, Field]
    redirects: tuple[Redirect, ...]
    body: Field | None
    standing: Standing
    start: int
    end: int
    depth: int = 0

    def inner(self, words: Sequence[Field]) -> Call:
        """The command that this one runs: its own words and none of the rest."""
        start = words[0].start if words else self.start
        return self._replace(words=words, start=start, end=max(self.end, start), depth=self.depth + 1)


# Programs that are asked a question rather than told to do something.
_QUESTIONS = frozenset(
    {"cmp", "diff", "dpkg-query", "egrep", "expr", "fgrep", "getent", "grep", "groups", "id", "pgrep", "pidof", "which"}
)
_DEEPEST = 20
_ACTIVATION = "/bin/activate"
# Builtins that are put down by what follows them.
_EMITTED = frozenset({".", "source", "printf"})


def follow(walk: Walk, call: Call) -> Status:
    """Run a command: change the shell, or put the command down together with those that it runs."""
    first = call.words[0]
    if not first.known or call.depth > _DEEPEST:
        walk.emit(call)
        return Status.EXPECTED
    name = first.value
    function = walk.state.functions.get(name)
    if function is not None:
        return walk.call(function, call.words[1:], call.standing)
    builtin = _BUILTINS.get(name)
    if builtin is not None:
        if name not in _EMITTED and any(">" in redirect.operator for redirect in call.redirects):
            walk.emit(call)
        return builtin(walk, call)
    program = name.rpartition("/")[2]
    if program in WRAPPERS:
        return _wrapped(walk, program, call)
    if program in SHELLS:
        return _shell(walk, call)
    if program in ("su", "runuser"):
        return _other_user(walk, call)
    if program == "find":
        return _find(walk, call)
    walk.emit(call)
    if program == "which":
        walk.probes += _names(call.words)
    if program in _QUESTIONS or _asks(call.words):
        return Status.DOUBT
    return Status.EXPECTED


def _asks(words: Sequence[Field]) -> bool:
    option = words[1].value if len(words) > 1 else ""
    return (words[0].value, option) in (("dpkg", "-s"), ("dpkg", "-l"), ("apk", "info"))


def _names(words: Sequence[Field]) -> Iterable[str]:
    return [word.value.rpartition("/")[2] for word in words[1:] if word.known and not word.value.startswith("-")]


# --- commands that run commands


def _wrapped(walk: Walk, program: str, call: Call) -> Status:
    wrapper = WRAPPERS[program]
    words = call.words
    index = inner(wrapper, words)
    if program == "command" and any(word.value in ("-v", "-V") for word in words[1:index]):
        walk.probes += _names(words)
        return Status.DOUBT
    if program == "runuser" and any(word.value in ("-c", "--command") for word in words):
        return _other_user(walk, call)
    assignments = dict(call.assignments)
    while wrapper.assigns and index < len(words) and _assigns(words[index].value):
        name, _, value = words[index].value.partition("=")
        assignments[name] = words[index]._replace(value=value, marks=())
        index += 1
    if not wrapper.silent:
        redirects = () if index < len(words) else call.redirects
        walk.emit(call._replace(words=words[:index], redirects=redirects, end=words[index - 1].end))
    rest = list(words[index:])
    if not rest:
        return Status.EXPECTED
    if program == "xargs":
        rest += _piped(walk, call, words[1:index], rest)
    return follow(walk, call.inner(rest)._replace(assignments=assignments))


def _assigns(word: str) -> bool:
    name, equals, _ = word.partition("=")
    return bool(equals) and name.isidentifier()


def _piped(walk: Walk, call: Call, options: Sequence[Field], words: list[Field]) -> list[Field]:
    """The words that xargs adds, written as if they were substituted; with ``-I`` words are made unknown in place."""
    mark = next((b.value for a, b in pairwise(options) if a.value == "-I"), None)
    mark = mark or next((option.value[2:] for option in options if option.value.startswith("-I")), None)
    if mark:
        for index, word in enumerate(words):
            if mark in word.value:
                words[index] = word._replace(known=False)
        return []
    start, end = call.words[0].start, call.words[0].end
    before = walk.out[-2] if len(walk.out) > 1 else None
    feeding = call.standing.feeding
    echoed = before is not None and before.words[0].value == "echo" and before.piped_from is None
    if before is not None and echoed and before.piped_to == "xargs":
        return [Field(word.value, word.known, start, end, ()) for word in before.words[1:]]
    text = walk.script.source.text
    if feeding:
        return [Field(f"$({text[feeding[0] : feeding[1]]})", False, *feeding)]
    return [Field(f"$({text[call.start : call.end]})", False, call.start, call.end)]


def _shell(walk: Walk, call: Call) -> Status:
    """``sh -c '…'``, and a shell that is fed a here-document."""
    walk.emit(call)
    words = call.words
    how = shell_call(words)
    source = walk.script.source
    if how.script is not None:
        script = nested(source, words[how.script])
        given = words[how.script + 2 :]
    elif call.body is not None and (how.operand is None or words[how.operand].value == "/dev/stdin"):
        script = nested(source, call.body)
        given = ()
    else:
        return Status.EXPECTED
    values = {name: field.value if field.known else None for name, field in call.assignments.items()}
    state = walk.state.assign(values, export=True)
    state = state._replace(
        variables={name: value for name, value in state.variables.items() if name in state.exported},
        functions={},
        positional=tuple(word.value for word in given) if all(word.known for word in given) else None,
        errexit=how.errexit,
        pipefail=how.pipefail,
        left=None,
        maybe=walk.state.maybe,
    )
    return walk.child(script, call.standing, state)


def _other_user(walk: Walk, call: Call) -> Status:
    """``su user -c '…'``."""
    walk.emit(call)
    words = call.words
    index = next((n for n, word in enumerate(words) if word.value in ("-c", "--command")), len(words)) + 1
    if index < len(words):
        state = walk.state._replace(functions={}, errexit=False, pipefail=False)
        return walk.child(nested(walk.script.source, words[index]), call.standing, state)
    return Status.EXPECTED


def _find(walk: Walk, call: Call) -> Status:
    walk.emit(call)
    for start, end in executed(call.words):
        words = [word._replace(known=False) if "{}" in word.value else word for word in call.words[start:end]]
        if words:
            place = call.standing._replace(conditional=True, piped_from=None, piped_to=None, feeding=None)
            follow(walk, call.inner(words)._replace(standing=place, redirects=(), body=None))
    return Status.EXPECTED


# --- builtins


def _cd(walk: Walk, call: Call) -> Status:
    state = walk.state
    target = next((word for word in call.words[1:] if not word.value.startswith("-") or word.value == "-"), None)
    path: str | None = None
    if target is None or target.value == "-":
        stored = state.variables.get("HOME" if target is None else "OLDPWD")
        path = stored if isinstance(stored, str) else None
    elif target.known:
        path = absolute(target.value, state.directory)
    walk.state = state.assign({"OLDPWD": state.directory})._replace(directory=path)
    return Status.EXPECTED


def absolute(path: str, directory: str | None) -> str | None:
    """A path made absolute and tidy; None where the folder it is relative to is not known."""
    if not path.startswith("/"):
        if directory is None:
            return None
        path = f"{directory}/{path}"
    return "/" + posixpath.normpath(path).lstrip("/")


def _popd(walk: Walk, call: Call) -> Status:
    stored = walk.state.variables.get("OLDPWD")
    walk.state = walk.state._replace(directory=stored if isinstance(stored, str) else None)
    return Status.EXPECTED


def _set(walk: Walk, call: Call) -> Status:
    state = walk.state
    words = call.words
    index = 1
    while index < len(words):
        value = words[index].value
        index += 1
        if value == "--":
            given = words[index:]
            known = all(word.known for word in given)
            state = state._replace(positional=tuple(word.value for word in given) if known else None)
            break
        if value[:1] not in ("-", "+"):
            break
        on = value[0] == "-"
        if "e" in value:
            state = state._replace(errexit=on)
        if value.endswith("o") and index < len(words):
            option = words[index].value
            index += 1
            if option == "errexit":
                state = state._replace(errexit=on)
            elif option == "pipefail":
                state = state._replace(pipefail=on)
    walk.state = state
    return Status.EXPECTED


def _exit(walk: Walk, call: Call) -> Status:
    status = call.words[1].value if len(call.words) > 1 else "0"
    failed = status != "0"
    if call.words[0].value == "exit":
        left = Leaving.FAILED if failed else Leaving.ENDED
    else:
        left = Leaving.GAVE_UP if failed else Leaving.RETURNED
    walk.state = walk.state._replace(left=left)
    return Status.FAILS if failed else Status.SUCCEEDS


def _break(walk: Walk, call: Call) -> Status:
    walk.state = walk.state._replace(left=Leaving.BROKEN)
    return Status.EXPECTED


def _eval(walk: Walk, call: Call) -> Status:
    words = call.words[1:]
    if not words or not all(word.known for word in words):
        return Status.EXPECTED
    source = walk.script.source
    joined = " ".join(word.value for word in words)
    script = nested(source, words[0]) if len(words) == 1 else at(source, joined, words[0].start)
    return walk.run(script, call.standing)


def _source(walk: Walk, call: Call) -> Status:
    """``. venv/bin/activate`` is known to set VIRTUAL_ENV and PATH; other files may do anything."""
    walk.emit(call)
    words = call.words
    path = absolute(words[1].value, walk.state.directory) if len(words) > 1 and words[1].known else None
    if path and path.endswith(_ACTIVATION):
        folder = path.removesuffix(_ACTIVATION)
        old = walk.state.variables.get("PATH")
        search = f"{folder}/bin:{old}" if isinstance(old, str) else f"{folder}/bin"
        walk.state = walk.state.assign({"VIRTUAL_ENV": folder, "PATH": search}, export=True)
    else:
        walk.state = walk.state._replace(sourced=True)
    return Status.EXPECTED


def _read(walk: Walk, call: Call) -> Status:
    names = [word.value for word in call.words[1:] if word.value.isidentifier()]
    walk.state = walk.state.assign(dict.fromkeys(names))
    return Status.DOUBT


def _shift(walk: Walk, call: Call) -> Status:
    given = walk.state.positional
    count = call.words[1].value if len(call.words) > 1 else "1"
    if given is not None:
        known = count.isdecimal() and len(count) < 6
        walk.state = walk.state._replace(positional=given[int(count) :] if known else None)
    return Status.EXPECTED


def _let(walk: Walk, call: Call) -> Status:
    names = [word.value.partition("=")[0] for word in call.words[1:]]
    walk.state = walk.state.assign(dict.fromkeys(name for name in names if name.isidentifier()))
    return Status.EXPECTED


def _test(walk: Walk, call: Call) -> Status:
    operands = call.words[1:-1] if call.words[0].value == "[" else call.words[1:]
    return walk.decided(operands)


def _type(walk: Walk, call: Call) -> Status:
    walk.probes += _names(call.words)
    return Status.DOUBT


def _printf(walk: Walk, call: Call) -> Status:
    if len(call.words) > 2 and call.words[1].value == "-v":
        walk.state = walk.state.assign({call.words[2].value: None})
    else:
        walk.emit(call)
    return Status.EXPECTED


def _true(walk: Walk, call: Call) -> Status:
    return Status.SUCCEEDS


def _false(walk: Walk, call: Call) -> Status:
    return Status.FAILS


def _nothing(walk: Walk, call: Call) -> Status:
    return Status.EXPECTED


_BUILTINS: Mapping[str, Callable[[Walk, Call], Status]] = {
    ".": _source,
    ":": _true,
    "[": _test,
    "alias": _nothing,
    "bg": _nothing,
    "break": _break,
    "cd": _cd,
    "continue": _break,
    "eval": _eval,
    "exit": _exit,
    "false": _false,
    "getopts": _read,
    "hash": _type,
    "let": _let,
    "mapfile": _read,
    "popd": _popd,
    "printf": _printf,
    "pushd": _cd,
    "read": _read,
    "readarray": _read,
    "return": _exit,
    "set": _set,
    "shift": _shift,
    "shopt": _nothing,
    "source": _source,
    "test": _test,
    "trap": _nothing,
    "true": _true,
    "type": _type,
    "ulimit": _nothing,
    "umask": _nothing,
    "wait": _nothing,
}
