"""What installs need, recalled where all that was looked at to find it is as it was.

Reading a lock takes longer than all the rest of a run. What is kept is what was gathered, but for the contents of a
lock, and every file and folder that was looked at for it, each with a checksum of what was there. The Dockerfile's own
spans are kept as lines from the install's: it may stand lower than before.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import lru_cache

from fromlint.model.build import Install
from fromlint.model.environment import Environment
from fromlint.model.files import FileMissing, Files, FileUnknown, FileUnreadable
from fromlint.model.place import Problem, Span, Unknown
from fromlint.model.requirement import FileOptions, Locked, Needs, Requirement
from fromlint.project.resolving.kept_text import FAULTS, Unreadable, looked_at, requirement, rows, span, text
from fromlint.project.resolving.keys import checksum, deciding, relative
from fromlint.typed import Any, Protocol

_KIND = "needs"
# Requirements with hashes may be long; beyond this they are read anew.
_LONGEST = 2_000_000
_OPTIONS = "SllbllbbbllSSSlSbSS"

Looked = dict[tuple[str, str], str]
"""What was looked at, by how and path, and a text that stands for what was seen."""


class Memory(Protocol):
    """The cache, as far as it matters here."""

    def recall_all(self, kind: str, keys: Iterable[str]) -> dict[str, bytes]: ...

    def remember_all(self, kind: str, values: Mapping[str, bytes]) -> None: ...


class Later(Collection[Locked]):
    """What a lock gives, read when somebody looks at it. ``checksum`` stands for it."""

    def __init__(self, checksum: str, read: Callable[[], Collection[Locked]]) -> None:
        self.checksum = checksum
        self._read = read
        self._entries: Collection[Locked] | None = None

    def _all(self) -> Collection[Locked]:
        if self._entries is None:
            self._entries = self._read()
        return self._entries

    def __iter__(self) -> Iterator[Locked]:
        return iter(self._all())

    def __len__(self) -> int:
        return len(self._all())

    def __contains__(self, entry: object) -> bool:
        return entry in self._all()

    def __reduce__(self) -> tuple[type[tuple[Locked, ...]], tuple[()]]:
        """To another process it goes without its entries, which are looked at only until the facts are known."""
        return tuple, ()


class KeptNeeds:
    """Gathers, and recalls what earlier runs gathered."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._fresh: dict[str, bytes] = {}

    def gather(self, install: Install, files: Files, environment: Environment, extra: tuple[str, ...] = ()) -> Needs:
        """What ``requirements.gather`` says, its lock as a ``Later``."""
        key = checksum(relative(install, install.span), install.span.file, deciding(environment), extra)
        found = self._recalled(key, files, install.span)
        if found is None:
            looking = _Looking(files)
            found = _gathered(install, looking, environment, extra), looking.seen
            self._fresh[key] = _written(*found, install.span)
        needs, seen = found
        if needs.locked is None:
            return needs

        def read() -> Collection[Locked]:
            return needs.locked or _gathered(install, files, environment, extra).locked or ()

        return needs._replace(locked=Later(checksum(key, list(seen.items())), read))

    def keep(self) -> None:
        """Keep for later runs what was gathered anew."""
        fresh = {key: value for key, value in self._fresh.items() if len(value) <= _LONGEST}
        if fresh:
            self._memory.remember_all(_KIND, fresh)

    def _recalled(self, key: str, files: Files, place: Span) -> tuple[Needs, Looked] | None:
        value = self._fresh.get(key) or self._memory.recall_all(_KIND, [key]).get(key)
        if value is None:
            return None
        try:
            needs, seen = _read(value, place)
        except Unreadable:
            return None
        return (needs, seen) if all(_see(files, *each)[0] == was for each, was in seen.items()) else None


def _gathered(install: Install, files: Files, environment: Environment, extra: tuple[str, ...]) -> Needs:
    from fromlint.requirements.gather import gather

    return gather(install, files, environment, extra_files=extra)


class _Looking:
    """Files, with notes of what was looked at."""

    def __init__(self, files: Files) -> None:
        self.seen: Looked = {}
        self._files = files

    def _look(self, how: str, path: str) -> Any:
        said, value = _see(self._files, how, path)
        self.seen[how, path] = said
        if isinstance(value, Exception):
            raise value
        return value

    def read(self, path: str) -> bytes:
        return bytes(self._look("read", path))

    def exists(self, path: str) -> bool | None:
        found: bool | None = self._look("exists", path)
        return found

    def names(self, folder: str) -> tuple[str, ...] | None:
        found: tuple[str, ...] | None = self._look("names", folder)
        return found

    def shown(self, path: str) -> str:
        return str(self._look("shown", path))


def _see(files: Files, how: str, path: str) -> tuple[str, object]:
    """A text that stands for what is seen, and what is seen: a value, or the exception that is raised."""
    if how == "read":
        try:
            data = files.read(path)
        except (FileMissing, FileUnknown, FileUnreadable) as reason:
            return f"{type(reason).__name__} {getattr(reason, 'made', False)} {reason}", reason
        return _digest(data), data
    if how == "shown":
        shown = files.shown(path)
        return shown, shown
    value = files.exists(path) if how == "exists" else files.names(path)
    return repr(value), value


# A lock is looked at for each platform, and once more before what was kept is believed.
@lru_cache(2)
def _digest(data: bytes) -> str:
    from _blake2 import blake2b

    return blake2b(data, digest_size=20).hexdigest()


# --- as text --------------------------------------------------------------------------------------------------


def _written(needs: Needs, seen: Looked, place: Span) -> bytes:
    from json import dumps

    looked = tuple((*each, said) for each, said in seen.items())
    found = looked, needs.locked is not None, *needs._replace(locked=None)
    return dumps(relative(found, place), separators=(",", ":")).encode()


# An editor asks for the same with every save.
@lru_cache(16)
def _read(data: bytes, place: Span) -> tuple[Needs, Looked]:
    """Raises Unreadable."""
    from json import loads

    try:
        looked, locked, *fields = loads(data)
        found = {(text(how), text(path)): text(said) for how, path, said in rows(looked)}
        return _needs(fields, place)._replace(locked=() if locked else None), found
    except FAULTS as problem:
        raise Unreadable(str(problem)) from None


def _needs(fields: list[Any], place: Span) -> Needs:
    def stated(entries: Any) -> tuple[Requirement, ...]:
        return tuple([requirement(each, place) for each in rows(entries)])

    def faulty(entries: Any) -> tuple[Problem, ...]:
        return tuple([Problem(text(said), span(where, place)) for said, where in rows(entries)])

    def open_(entries: Any) -> tuple[Unknown, ...]:
        return tuple([Unknown(text(what), text(why), span(where, place)) for what, why, where in rows(entries)])

    asked, constraints, _, options, python, building, urls, read, missing, unreadable, bad, unknown, *more = fields
    index_unknown, out_of_scope, overrides, configuration, broken, folders, by_machine = more
    plain = python, read, index_unknown, broken, folders, by_machine
    python, read, index_unknown, broken, folders, by_machine = looked_at(plain, "SlSblb")
    return Needs(
        requirements=stated(asked),
        constraints=stated(constraints),
        options=FileOptions(*looked_at(options, _OPTIONS)),
        requires_python=python,
        build_requirements=stated(building),
        index_urls=_by_name(urls),
        read=read,
        missing=faulty(missing),
        unreadable=faulty(unreadable),
        bad=faulty(bad),
        unknown=open_(unknown),
        index_unknown=index_unknown,
        out_of_scope=open_(out_of_scope),
        overrides=stated(overrides),
        configuration=_by_name(configuration),
        constraints_unknown=broken,
        folders=folders,
        by_machine=by_machine,
    )


def _by_name(value: Any) -> Mapping[str, str]:
    if type(value) is not dict:
        raise TypeError(value)
    return {name: text(each) for name, each in value.items()}
