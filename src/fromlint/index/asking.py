"""Asking the index: what is fresh in the cache, else the network, else what is older, else the snapshot."""

from __future__ import annotations

import os
from _thread import RLock
from collections.abc import Callable, Iterable, Mapping, Sequence
from math import inf
from time import time

from fromlint import cachefolder
from fromlint.index import cache as caching
from fromlint.index import core_metadata
from fromlint.index.address import BadAddress, parse, permitted, without_credentials
from fromlint.index.budget import Budget, Times
from fromlint.index.names import askable, normalise
from fromlint.index.packed import Damaged, PackedPage, Releases
from fromlint.index.refusal import Refused
from fromlint.index.wording import day
from fromlint.model.index import File, Metadata, Page
from fromlint.named_tuple import NamedTuple
from fromlint.typed import TYPE_CHECKING, TypeVar
from fromlint.witness import looked_at

if TYPE_CHECKING:
    from fromlint.index.fetching import Network
    from fromlint.index.snapshot import Snapshot

DEFAULT_INDEX_URL = "https://pypi.org/simple"
"""The index that installers ask where nothing else is said. The one place where it is named."""

SMALL = 5_000_000
"""Bytes up to which an archive is fetched as a whole, where no other limit is given."""

FRESH = 600.0
"""Seconds for which an answer is taken as it is where the server names no other time."""

_LONGEST_FRESH = 3_600.0
_DAY = 86_400.0
_PINNED_FRESH = 30 * 86_400.0
"""Seconds for which a release that is listed is taken to be listed in full: files are seldom added or yanked later."""
_SETTLED = 2 * 86_400.0
"""… unless the release was younger than this when the page was read: wheels of a release may come over days."""
_UNDATED_FRESH = 86_400.0
"""… and no longer than this where the index does not say when that was."""
_METADATA = "metadata"
"""The kind of blob under which metadata is remembered."""
_OFFLINE = "offline, and neither in the cache nor in the snapshot"
Result = TypeVar("Result")
Key = tuple[str, str]
"""The URL of an index and the name of a project."""


class Statistics(NamedTuple):
    """What a run has asked: ``requests`` sent over ``connections``, ``received`` bytes of answers, ``archives`` of
    which at least a part was read, ``unchanged`` pages (304), ``kept`` pages and metadata that the cache answered."""

    requests: int = 0
    connections: int = 0
    received: int = 0
    archives: int = 0
    unchanged: int = 0
    kept: int = 0


class WouldAsk(Exception):
    """The network would have to be asked by an index that does not ask."""


class Piece(NamedTuple):
    """A part of an archive: its bytes and the length of the whole, or why it could not be had."""

    data: bytes = b""
    total: int = 0
    failure: str | None = None


def key(file: File) -> str:
    """By what ``Index.metadata`` answers: the file's URL, its name where it has none."""
    return file.url or file.filename


def lasting_key(file: File) -> str | None:
    """By what is kept for ever that was read in a file: its address and hash, None where it has no address.

    The hash alone would not do: what a hostile lock file says of another file would be believed elsewhere.
    """
    if file.url is None:
        return None
    return without_credentials(file.url.partition("#")[0]) + "#" + ",".join(file.hashes)


def describing(files: Sequence[File]) -> File | None:
    """The file of a release by which to ask what the release depends on, where the chosen one is an sdist: any wheel
    of it, the one that is cheapest to ask. (Wheels of a release may differ in this but hardly ever do, and uv takes
    them for equal.) Else the sdist; None where there are no files."""
    return min(
        files, key=lambda file: (not file.filename.endswith(".whl"), not file.metadata, file.size or 0), default=None
    )


class Index:
    """The package index for one run, or for one editor session (see ``renew``).

    Nothing that a server, the network, the cache or the snapshot does raises: a page says its ``failure``,
    metadata is not ``known``, and what else went wrong is in ``notes``. Only an interrupt and WouldAsk come through.
    Everything asked for in one call goes out at once, over a few threads.
    """

    def __init__(
        self,
        *,
        offline: bool = False,
        budget: float = 20.0,
        allowed: Sequence[str] | None = None,
        cache_folder: str | None = None,
        use_cache: bool = True,
        environ: Mapping[str, str] | None = None,
        snapshot: str | None = "",
        times: Times | None = None,
        progress: Callable[[int, int], None] | None = None,
        asks: bool = True,
    ) -> None:
        """``budget``: seconds of waiting for the network in all. ``allowed``: which indexes may be asked (hosts or
        URLs with ``*``), None for all. ``cache_folder`` None: the user's own. ``environ``: the machine's
        variables, for transport settings and the place of the cache. ``snapshot``: its file, None for none, "" for
        ours.
        ``progress`` is told now and then how many questions were answered of those sent so far. ``asks`` False:
        WouldAsk is raised where the network would be asked.
        """
        self.offline = offline
        self.budget = Budget(budget)
        self._environ = os.environ if environ is None else environ
        self._allowed = None if allowed is None else tuple(allowed)
        self._times = times or Times()
        self._progress = progress
        self._asks = asks
        folder = (cache_folder or cachefolder.folder(self._environ)) if use_cache else None
        self._cache = caching.Cache(folder)
        if offline and folder is not None:
            # All that can change an answer then.
            looked_at(os.path.join(folder, caching.NAME))
        self._snapshot_file = snapshot
        self._snapshot: Snapshot | None = None
        self._lock = RLock()
        self._network: Network | None = None
        self._pages: dict[Key, Page] = {}
        self._trusted: set[str] = set()
        self._past = Statistics()
        self._good_until = inf
        self._unasked: set[str] = set()

    @property
    def allowed(self) -> tuple[str, ...] | None:
        """Which indexes may be asked, None for all."""
        return self._allowed

    @property
    def unasked(self) -> frozenset[str]:
        """What an index would have been asked, had this one not been offline: addresses of files and pages."""
        return frozenset(self._unasked)

    @property
    def good_until(self) -> float:
        """Until when (seconds since 1970) all answers given so far would be given again; 0 where one was none."""
        return self._good_until

    def rest_on(self, until: float) -> None:
        """Something that was remembered of earlier answers is used, and is good until then (seconds since 1970)."""
        self._good_until = min(self._good_until, until)

    # --- asking ---------------------------------------------------------------------------------------------------

    def pages(
        self, wanted: Iterable[Key], *, max_age: float | None = None, pinned: Mapping[Key, str] | None = None
    ) -> dict[Key, Page]:
        """The pages of projects, each by index URL and name as they were asked for.

        ``max_age``: seconds for which a cached answer is good, None for what the server says (at least ten
        minutes, at most an hour); 0 asks always. ``pinned``: the only version that matters of a project; a
        cached page that lists it is good for a month, unless the release was new then.
        """
        pinned = pinned or {}
        with self._lock:
            asked = {(url, name): (self._place(url).rstrip("/"), normalise(name) or "-") for url, name in wanted}
            versions = {asked[original]: version for original, version in pinned.items() if original in asked}
            self._find([*dict.fromkeys(asked.values())], versions, max_age)
            return {original: self._pages[place] for original, place in asked.items()}

    def find_links(self, urls: Iterable[str], *, max_age: float | None = None) -> dict[str, Page]:
        """The files that ``--find-links`` pages list, of whatever projects; the pages' names are empty.

        Local folders are not read here: they belong to the build context.
        """
        with self._lock:
            asked = {url: (self._place(url), "") for url in urls}
            self._find([*dict.fromkeys(asked.values())], {}, max_age)
            return {url: self._pages[place] for url, place in asked.items()}

    def metadata(self, wanted: Iterable[File]) -> dict[str, Metadata]:
        """What releases depend on, by ``key(file)``.

        From ``.metadata`` beside the file, else the wheel's own METADATA by ranges, else the whole of a small
        file; of an sdist only what is static. What is not ``known`` says why.
        """
        with self._lock:
            files = {key(file): file for file in wanted}
            names = {name: lasting_key(file) for name, file in files.items()}
            kept = self._cache.recall_all(_METADATA, (lasting for lasting in names.values() if lasting))
            found: dict[str, Metadata] = {}
            for name, lasting in names.items():
                known = core_metadata.from_bytes(kept[lasting]) if lasting in kept else None
                if known is not None:
                    found[name] = known
            self._past = self._past._replace(kept=self._past.kept + len(found))
            missing = [files[name] for name in files if name not in found]
            answers = self._allowed_only(
                [file.url for file in missing],
                lambda numbers: self._online().metadata([missing[number] for number in numbers]),
            )
            new: dict[str, bytes] = {}
            for file, answer in zip(missing, answers, strict=True):
                name = key(file)
                if isinstance(answer, Metadata):
                    found[name] = answer
                    if lasting := names[name]:
                        new[lasting] = core_metadata.to_bytes(answer)
                    continue
                snapshot = self._bundled()
                bundled = snapshot.metadata(file.filename) if snapshot else None
                found[name] = bundled or core_metadata.unknown(answer.reason)
            if new:
                self._cache.remember_all(_METADATA, new)
            return found

    def read_range(self, url: str, start: int, end: int) -> Piece:
        """The bytes of a file on an index from ``start`` up to ``end``; a negative ``start`` counts from its end.

        Where the server gives no ranges, of small files only.
        """
        return self.read_ranges([(url, start, end)])[0]

    def read_ranges(self, wanted: Sequence[tuple[str, int, int]]) -> list[Piece]:
        """Many ranges at once, in their order."""
        with self._lock:
            answers = self._allowed_only(
                [url for url, _, _ in wanted],
                lambda numbers: self._online().pieces([wanted[number] for number in numbers]),
            )
            return [
                Piece(failure=answer.reason) if isinstance(answer, Refused) else Piece(*answer) for answer in answers
            ]

    def fetch_archive(self, url: str, limit: int = SMALL) -> Piece:
        """The whole of a file of at most ``limit`` bytes."""
        with self._lock:
            answer = self._allowed_only([url], lambda _: [self._online().whole(url, limit)])[0]
            return Piece(failure=answer.reason) if isinstance(answer, Refused) else Piece(answer, len(answer))

    # --- remembering ----------------------------------------------------------------------------------------------

    def recall(self, kind: str, key: str) -> bytes | None:
        """What another room remembered under ``kind`` and ``key`` (a hash of contents), None where nothing."""
        return self._cache.recall(kind, key)

    def recall_all(self, kind: str, keys: Iterable[str]) -> dict[str, bytes]:
        """What was remembered of many keys of a kind."""
        return self._cache.recall_all(kind, keys)

    def remember(self, kind: str, key: str, value: bytes) -> None:
        """Keep ``value`` for later runs, as long as there is room. It comes back from a file that anyone on
        this account may change: check it."""
        self._cache.remember(kind, key, value)

    def remember_all(self, kind: str, values: Mapping[str, bytes]) -> None:
        """Keep many values of a kind."""
        self._cache.remember_all(kind, values)

    # --- the run --------------------------------------------------------------------------------------------------

    @property
    def notes(self) -> tuple[str, ...]:
        """What went wrong with cache and snapshot, each once, in plain words."""
        snapshot = (self._snapshot.note,) if self._snapshot is not None and self._snapshot.note else ()
        return (*dict.fromkeys(self._cache.notes), *snapshot)

    @property
    def statistics(self) -> Statistics:
        past, now = self._past, self._network
        if now is None:
            return past
        return past._replace(
            requests=past.requests + now.transport.requests,
            connections=past.connections + now.transport.connections.opened,
            received=past.received + now.transport.received,
            archives=past.archives + now.remote.archives,
        )

    def renew(self) -> None:
        """Begin another run with the same cache: a whole budget, unreachable hosts are tried again, pages are
        looked at anew."""
        with self._lock:
            self._let_go()
            self._pages.clear()
            self.budget.renew()

    def close(self) -> None:
        """Break off what is still under way and let go of the cache."""
        self._let_go()
        self._cache.close()

    def __enter__(self) -> Index:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _let_go(self) -> None:
        if self._network is not None:
            self._past = self.statistics
            self._network.close()
            self._network = None

    # --- pages ----------------------------------------------------------------------------------------------------

    def _place(self, url: str) -> str:
        """``url`` without its credentials: they are left with the transport, and stand in no key and no message."""
        if "@" in url and not self.offline:
            self._online().introduce(url)
        return without_credentials(url)

    def _find(
        self,
        places: Sequence[Key],
        versions: Mapping[Key, str],
        max_age: float | None,
    ) -> None:
        """Have a page for every place in ``self._pages``; a place without name is that of a ``--find-links`` page."""
        now = time()
        missing = []
        for place in places:
            if place not in self._pages:
                refusal = self._refusal(*place)
                if refusal is None:
                    missing.append(place)
                else:
                    self._pages[place] = _failed(place, refusal, now)
                    self._good_until = 0
        kept = self._cache.pages(missing) if missing else {}
        used = 0
        older: dict[Key, tuple[caching.Kept, Page]] = {}
        for place, answer in kept.items():
            page = _page(place, answer, "cache")
            if page is None:
                continue
            until = _good_until(answer, page, versions.get(place), max_age)
            # One from the future (the clock was set back) may not be used.
            if self.offline or answer.when <= now < until:
                self._settle(place, page)
                self._good_until = min(self._good_until, max(until, now + _DAY) if self.offline else until)
                used += 1
                if not answer.when <= now < until:
                    self._unasked.add(f"{place[0]}/{place[1]}")
            else:
                older[place] = answer, page
        missing = [place for place in missing if place not in self._pages]
        answers = self._fetch([(place, older[place][0] if place in older else None) for place in missing])
        fetched: dict[Key, caching.Kept] = {}
        unchanged: list[Key] = []
        for place, answer_now in zip(missing, answers, strict=True):
            self._good_until = min(self._good_until, self._until(answer_now, now))
            if isinstance(answer_now, Refused):
                self._stand_in(place, answer_now.reason, older[place][1] if place in older else None, now)
            elif answer_now is None:
                unchanged.append(place)
                self._settle(place, older[place][1]._replace(origin="index", date=day(now)))
            else:
                fetched[place] = answer_now
                page = _page(place, answer_now, "index")
                self._settle(place, page or _failed(place, "its page cannot be kept", now))
        past = self._past
        self._past = past._replace(unchanged=past.unchanged + len(unchanged), kept=past.kept + used)
        if fetched:
            self._cache.keep(fetched)
        if unchanged:
            self._cache.still_true(unchanged, now)

    def _refusal(self, index_url: str, name: str) -> str | None:
        """Why a page is not asked for at all, None where it may be."""
        if name and not askable(name):
            return "no project can have this name"
        if not index_url.startswith(("https://", "http://")) or self._allowed is not None:
            try:
                address = parse(index_url)
            except BadAddress as problem:
                return f"the index is not asked: {problem}"
            if not permitted(address, self._allowed):
                return f"the settings do not allow {address.place} to be asked"
        return None

    def _settle(self, place: Key, page: Page) -> None:
        self._pages[place] = page
        if self._allowed is not None and isinstance(page.releases, Releases):
            self._trusted.update(page.releases.hosts())

    def _stand_in(self, place: Key, reason: str, older: Page | None, now: float) -> None:
        """Answer where the index could not be asked: by what is older, by the snapshot, else that nothing is known."""
        unreachable = None if self.offline else reason
        if older is not None:
            self._pages[place] = older._replace(unreachable=unreachable)
            return
        index_url, name = place
        snapshot = self._bundled() if index_url == DEFAULT_INDEX_URL else None
        entry = snapshot.get(name) if snapshot else None
        if entry is None:
            self._pages[place] = _failed(place, reason, now)
            return
        releases = Releases(entry.files)
        self._pages[place] = PackedPage(
            name,
            index_url,
            (),
            "snapshot",
            entry.date,
            complete=entry.complete,
            releases=releases,
            partial=entry.partial,
            unreachable=unreachable,
            regular=releases.regular(name),
        )

    def _bundled(self) -> Snapshot | None:
        """The snapshot, which few runs need."""
        if self._snapshot is None and self._snapshot_file is not None:
            from fromlint.index.snapshot import PATH, Snapshot

            self._snapshot = Snapshot(self._snapshot_file or PATH)
        return self._snapshot

    # --- the network ----------------------------------------------------------------------------------------------

    def _online(self) -> Network:
        if not self._asks:
            raise WouldAsk
        if self._network is None:
            from fromlint.index.crew import Count
            from fromlint.index.fetching import Network

            self._network = Network(self.budget, self._environ, self._times, Count(self._progress))
        return self._network

    def _fetch(self, wanted: Sequence[tuple[Key, caching.Kept | None]]) -> list[caching.Kept | Refused | None]:
        """What the network says of pages, in their order."""
        if self.offline or not wanted:
            self._unasked.update(f"{url}/{name}" for (url, name), _ in wanted)
            return [Refused(_OFFLINE)] * len(wanted)
        if not wanted[0][0][1]:
            return self._online().listings([(url, older) for (url, _), older in wanted])
        asked = []
        for (url, name), older in wanted:
            mirror = self._online().mirror() if url == DEFAULT_INDEX_URL else None
            asked.append((mirror or url, name, older))
        return self._online().pages(asked)

    def _allowed_only(
        self, urls: Sequence[str | None], ask: Callable[[list[int]], Sequence[Result | Refused]]
    ) -> list[Result | Refused]:
        """The answers of ``ask``, which is given the numbers of those ``urls`` that may be asked."""
        results: list[Result | Refused] = [Refused(_OFFLINE)] * len(urls)
        if self.offline:
            self._unasked.update(url for url in urls if url is not None)
            return results
        numbers = []
        for number, url in enumerate(urls):
            refusal = self._distrust(url) if url is not None else None
            if refusal is None:
                numbers.append(number)
            else:
                results[number] = Refused(refusal)
        for number, result in zip(numbers, ask(numbers) if numbers else (), strict=True):
            results[number] = result
        if any(isinstance(result, Refused) for result in results):
            self._good_until = 0
        return results

    def _until(self, answer: object, now: float) -> float:
        """Until when the index would answer as it did just now. What it did not say it may say at any time, but for
        one that is not asked."""
        if isinstance(answer, Refused):
            return now + _DAY if self.offline else 0
        return now + FRESH

    def _distrust(self, url: str) -> str | None:
        """Why a file's host is not asked: where indexes are limited, it must be one of theirs."""
        if self._allowed is None:
            return None
        try:
            address = parse(url)
        except BadAddress as problem:
            return str(problem)
        if f"{address.scheme}://{address.place}" in self._trusted or permitted(address, self._allowed):
            return None
        return f"the settings do not allow {address.place} to be asked"


def _page(place: Key, kept: caching.Kept, origin: str) -> Page | None:
    """The page as it is kept, None where that is damaged."""
    try:
        releases = Releases(kept.files)
    except Damaged:
        return None
    return PackedPage(
        *(place[1], place[0], (), origin, day(kept.when)),
        exists=kept.there,
        releases=releases,
        regular=releases.regular(place[1]),
    )


def _failed(place: Key, reason: str, now: float) -> Page:
    return Page(place[1], place[0], (), "index", day(now), failure=reason)


def _good_until(kept: caching.Kept, page: Page, version: str | None, max_age: float | None) -> float:
    """Until when a cached page may be used without asking, in seconds since 1970."""
    longest = min(max(kept.lasts, FRESH), _LONGEST_FRESH) if max_age is None else max_age
    until = kept.when + longest
    if version is None or max_age == 0 or version not in page.releases:
        return until
    newest = max((file.uploaded for file in page.releases[version] if file.uploaded), default=None)
    if newest is None:
        return max(until, kept.when + min(_UNDATED_FRESH, _PINNED_FRESH))
    return max(until, kept.when + _PINNED_FRESH) if newest[:10] <= day(kept.when - _SETTLED) else until
