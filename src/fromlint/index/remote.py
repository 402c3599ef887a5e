"""The metadata of a file on an index, got in the cheapest way that the server allows."""

from threading import Lock

from fromlint.index import archives, core_metadata, sdist_metadata
from fromlint.index.refusal import Refused
from fromlint.index.transport import Answer, Transport, Wanted
from fromlint.model.index import File, Metadata

SMALL = 5_000_000
"""Bytes up to which an archive is fetched as a whole where the server gives no ranges."""

_TAIL = 40_000
"""Bytes at the end of a wheel that are asked for first: they hold most directories, and METADATA before it."""
_LARGEST_RANGE = 16_000_000
_RANGE = frozenset({200, 206})
_NOT_THERE = frozenset({403, 404, 405, 410})


class Remote:
    """Gets metadata and parts of archives. Safe for several threads."""

    def __init__(self, transport: Transport) -> None:
        self.transport = transport
        self.archives = 0
        self._read: set[str] = set()
        self._lock = Lock()
        self._beside: dict[str, bool] = {}

    def metadata(self, file: File) -> Metadata:
        """What ``file`` depends on. Raises Refused where the server does not give it, now."""
        if file.url is None:
            raise Refused("its address is not known")
        if file.filename.endswith(".whl"):
            return self._beside_wheel(file, file.url) or self._of_wheel(file.url)
        if file.metadata and (found := self._metadata_file(file.url)) is not None:
            return core_metadata.metadata(found)
        return self._of_sdist(file, file.url)

    def piece(self, url: str, start: int, end: int) -> tuple[bytes, int]:
        """The bytes from ``start`` up to ``end`` and the length of the whole; a negative ``start`` counts from the
        end, and then ``end`` is of no account. Raises Refused."""
        if start < 0:
            wanted, limit = f"bytes={start}", -start
        else:
            wanted, limit = f"bytes={start}-{end - 1}", end - start
        if limit > _LARGEST_RANGE:
            raise Refused("more of an archive than is ever read")
        headers = {"Range": wanted, "Accept-Encoding": "identity"}
        answer = self.transport.get(url, Wanted(max(limit, SMALL), headers, _RANGE))
        self._count(url)
        if answer.status == 200:
            # the server gives no ranges, but the whole is small
            return answer.body[start:] if start < 0 else answer.body[start:end], len(answer.body)
        total = _total(answer)
        if total is None or len(answer.body) != min(limit, total if start < 0 else max(0, total - start)):
            raise Refused("the server gives another part of the archive than was asked for")
        return answer.body, total

    def whole(self, url: str, limit: int) -> bytes:
        """The whole of a file of at most ``limit`` bytes. Raises Refused."""
        self._count(url)
        return self.transport.get(url, Wanted(limit, {"Accept-Encoding": "identity"})).body

    def _count(self, url: str) -> None:
        """Take note that at least a part of an archive is read."""
        with self._lock:
            self._read.add(url)
            self.archives = len(self._read)

    def _beside_wheel(self, file: File, url: str) -> Metadata | None:
        """By the ``.metadata`` file (PEP 658). Where the page does not announce one, it is tried all the same, until
        the host had to say no: some mirrors pass the files on but not the announcement."""
        host = "/".join(url.split("/", 3)[:3])
        if not file.metadata and self._beside.get(host) is False:
            return None
        found = self._metadata_file(url)
        with self._lock:
            self._beside[host] = found is not None or self._beside.get(host, False)
        return core_metadata.metadata(found) if found is not None else None

    def _metadata_file(self, url: str) -> core_metadata.Fields | None:
        path, mark, fragment = url.partition("#")
        try:
            answer = self.transport.get(f"{path}.metadata{mark}{fragment}", Wanted(core_metadata.LARGEST))
        except Refused as problem:
            if problem.status in _NOT_THERE:
                return None
            raise
        return core_metadata.fields(answer.body)

    def _of_wheel(self, url: str) -> Metadata:
        try:
            tail, total = self.piece(url, -_TAIL, 0)
        except Refused as problem:
            if problem.status not in (400, 416, 501):
                raise
            tail = self.whole(url, SMALL)  # no ranges from the end there
            total = len(tail)

        def read(start: int, end: int) -> bytes:
            return self.piece(url, start, end)[0]

        try:
            entry = archives.wheel_metadata(archives.members(tail, total, read))
            found = core_metadata.fields(archives.member(entry, tail, total, read)) if entry else None
        except archives.Unreadable as problem:
            return core_metadata.unknown(str(problem))
        return core_metadata.metadata(found) if found else core_metadata.unknown("the wheel holds no METADATA")

    def _of_sdist(self, file: File, url: str) -> Metadata:
        try:
            return self._zipped(url) if file.filename.endswith(".zip") else self._streamed(file, url)
        except archives.Unreadable as problem:
            return core_metadata.unknown(str(problem))

    def _zipped(self, url: str) -> Metadata:
        tail, total = self.piece(url, -_TAIL, 0)

        def read(start: int, end: int) -> bytes:
            return self.piece(url, start, end)[0]

        return sdist_metadata.of_zip(tail, total, read)

    def _streamed(self, file: File, url: str) -> Metadata:
        unpack = archives.unpacker(file.filename)
        if unpack is None:
            raise archives.Unreadable("an sdist of a kind that is not read")
        scan = archives.TarScan(sdist_metadata.member, sdist_metadata.LONGEST)
        taken = 0

        def enough(piece: bytes) -> bool:
            nonlocal taken
            taken += len(piece)
            if any(scan.feed(part) for part in unpack(piece)) or taken > SMALL:
                return True
            return sdist_metadata.settled(scan.found)

        self._count(url)
        self.transport.get(url, Wanted(sdist_metadata.LONGEST, {"Accept-Encoding": "identity"}, enough=enough))
        return sdist_metadata.metadata(scan.found, whole=scan.ended)


def _total(answer: Answer) -> int | None:
    """The length of the whole, by ``Content-Range: bytes 0-99/1234``."""
    total = answer.headers.get("content-range", "").rpartition("/")[2]
    return int(total) if total.isdecimal() and len(total) < 16 else None
