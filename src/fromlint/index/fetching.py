"""The network side of the index: pages, metadata and parts of archives, many at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from time import time

from fromlint.index.address import BadAddress, parse
from fromlint.index.budget import Budget, Times
from fromlint.index.cache import Kept
from fromlint.index.crew import Count, work_off
from fromlint.index.packed import Releases
from fromlint.index.packing import pack, pack_entries
from fromlint.index.refusal import Refused
from fromlint.index.remote import Remote
from fromlint.index.simple import ACCEPT, NotAPage, entries, files, is_json, read, read_links
from fromlint.index.transport import Transport, Wanted, is_loopback
from fromlint.index.wording import shown
from fromlint.model.index import File, Metadata
from fromlint.typed import TypeVar

LARGEST_PAGE = 60_000_000
"""Bytes that an index page may have, decompressed."""

_THREADS = 8

Result = TypeVar("Result")


class Network:
    """What one run asks of the network. Nothing is connected before the first question."""

    def __init__(self, budget: Budget, environ: Mapping[str, str], times: Times, count: Count | None = None) -> None:
        self.transport = Transport(budget, environ, times)
        self.remote = Remote(self.transport)
        self._budget = budget
        self._count = count or Count()

    def introduce(self, url: str) -> None:
        """Use the credentials in ``url`` for its host from now on."""
        self.transport.introduce(url)

    def mirror(self) -> str | None:
        """What this machine's configuration puts in place of the default index, None where nothing."""
        return self.transport.machine().index_url

    def pages(self, wanted: Sequence[tuple[str, str, Kept | None]]) -> list[Kept | Refused | None]:
        """The pages of projects, each by index URL, normalised name and what is kept of it: None where that is still
        true."""
        for url, _, _ in wanted:
            self.transport.index(url)
        return self._all(
            [partial(self._page, f"{url.rstrip('/')}/{name}/", name, older, read) for url, name, older in wanted]
        )

    def listings(self, wanted: Sequence[tuple[str, Kept | None]]) -> list[Kept | Refused | None]:
        """The files that ``--find-links`` pages list."""
        return self._all([partial(self._page, url, "", older, read_links) for url, older in wanted])

    def metadata(self, files: Sequence[File]) -> list[Metadata | Refused]:
        """What releases depend on."""
        return self._all([partial(self.remote.metadata, file) for file in files])

    def pieces(self, wanted: Sequence[tuple[str, int, int]]) -> list[tuple[bytes, int] | Refused]:
        """Parts of files, by URL, start and end, each with the length of the whole."""
        return self._all([partial(self.remote.piece, url, start, end) for url, start, end in wanted])

    def whole(self, url: str, limit: int) -> bytes | Refused:
        """A file of at most ``limit`` bytes."""
        return self._all([partial(self.remote.whole, url, limit)])[0]

    def close(self) -> None:
        """Break off what is still under way."""
        self.transport.close()

    def _all(self, tasks: Sequence[Callable[[], Result]]) -> list[Result | Refused]:
        return work_off(tasks, self.transport, self._budget, _THREADS, self._count)

    def _page(
        self, url: str, name: str, older: Kept | None, reader: Callable[[bytes, str, str], list[File]]
    ) -> Kept | None:
        """Raises Refused."""
        headers = {"Accept": ACCEPT}
        if older is not None and older.etag:
            headers["If-None-Match"] = older.etag
        if older is not None and older.modified:
            headers["If-Modified-Since"] = older.modified
        accept = frozenset({200, 304} if len(headers) > 1 else {200})
        try:
            answer = self.transport.get(url, Wanted(LARGEST_PAGE, headers, accept))
        except Refused as problem:
            if problem.status in (404, 410) and name:
                return Kept(pack((), name), time(), there=False)
            raise
        if answer.status == 304:
            return None
        content_type = answer.headers.get("content-type", "")
        try:
            if is_json(content_type):
                found = entries(answer.body)
                packed = pack_entries(found, name) or pack(files(found, answer.url), name)
            else:
                packed = pack(reader(answer.body, content_type, answer.url), name)
        except NotAPage as problem:
            host = "/".join(answer.url.split("/", 3)[2:3])
            raise Refused(f"{host} answers with {shown(str(problem))}") from None
        own = parse(answer.url)
        if not is_loopback(own.host) and any(map(_is_here, Releases(packed).hosts())):
            raise Refused(f"{own.place} lists files that lie on this machine, which is not asked for them")
        return Kept(
            packed,
            time(),
            _lasts(answer.headers.get("cache-control", "")),
            _header(answer.headers.get("etag", "")),
            _header(answer.headers.get("last-modified", "")),
        )


def _is_here(url: str) -> bool:
    """Whether an address is one of this machine."""
    try:
        return is_loopback(parse(url).host)
    except BadAddress:
        return False


def _lasts(cache_control: str) -> int:
    """The seconds for which a server lets its answer be used, 0 where it does not say."""
    for directive in cache_control.split(","):
        name, _, value = directive.strip().partition("=")
        if name.lower() == "max-age" and value.isdecimal() and len(value) < 10:
            return int(value)
    return 0


def _header(value: str) -> str:
    """A header's value as it may be sent back."""
    return value if len(value) <= 200 and value.isascii() and value.isprintable() else ""
