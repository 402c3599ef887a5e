"""What the index has said, kept from run to run in one sqlite file: pages, and any other room's findings as blobs.

It is a cache: whatever is wrong with it, the run goes on without. A damaged file is made anew; one that is
another program's is left alone; a locked one is read when it can be and not written. What went wrong is
said once, in ``notes``. Many processes may use it at once: each writes in short immediate transactions, and
one that is killed in the middle leaves the file as it was before (sqlite's rollback journal; without waiting
for the disk, since a power cut costs no more than the cache).
"""

from __future__ import annotations

import os
from _thread import RLock
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from time import time

from fromlint.index.packed import FORMAT, Packed
from fromlint.named_tuple import NamedTuple
from fromlint.typed import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3

_LAYOUT = 1

NAME = f"index-{_LAYOUT}.{FORMAT}.sqlite3"
"""The numbers are the tables' and the packing's: a version of fromlint that keeps things otherwise has a file of its
own, and never takes what it cannot read for an answer."""

LARGEST = 200_000_000
"""Bytes that the file may have; beyond it, what was not used for longest goes, until three quarters are left."""

_OURS = 0x46524C54  # "FRLT"
_PATIENCE = 2.0
_DAY = 86_400
_LARGEST_BLOB = 32_000_000
_AT_ONCE = 400
_OVERHEAD = 6_000  # of an entry, with what its last page leaves empty

_TABLES = """
CREATE TABLE page (
    number INTEGER PRIMARY KEY, index_url TEXT NOT NULL, name TEXT NOT NULL, kept REAL NOT NULL, used INTEGER NOT NULL,
    lasts INTEGER NOT NULL, etag TEXT NOT NULL, modified TEXT NOT NULL, there INTEGER NOT NULL, size INTEGER NOT NULL,
    files BLOB NOT NULL, details BLOB NOT NULL);
CREATE UNIQUE INDEX page_key ON page (index_url, name);
CREATE TABLE blob (
    kind TEXT NOT NULL, key TEXT NOT NULL, used INTEGER NOT NULL, value BLOB NOT NULL, PRIMARY KEY (kind, key));
"""


class Kept(NamedTuple):
    """A page as it is kept. ``when``: seconds since the epoch at which the index said so. ``lasts``: seconds that
    it may be used without asking again, by the server's word, 0 where it gave none. ``there`` false: the index
    has no such project. ``etag`` and ``modified`` are what to ask again with, "" where there is none."""

    files: Packed
    when: float
    lasts: int = 0
    etag: str = ""
    modified: str = ""
    there: bool = True


class Statistics(NamedTuple):
    """What the cache holds: ``size`` of the file in bytes, and how many entries of each kind."""

    size: int
    pages: int
    blobs: int


class Cache:
    """The cache in a folder. It is opened on first use. Safe for several threads."""

    def __init__(self, folder: str | None) -> None:
        """``folder`` None: nothing is kept and nothing found."""
        self.notes: list[str] = []
        self._folder = folder
        self._lock = RLock()
        self._connection: sqlite3.Connection | None = None
        self._tried = folder is None
        self._read_only = False
        self._wrote = False
        self._renewed = False
        self._touched: list[tuple[str, tuple[str, str]]] = []

    # --- pages ----------------------------------------------------------------------------------------------------

    def pages(self, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], Kept]:
        """The pages that are kept, of those wanted by index URL (without credentials) and name."""
        found: dict[tuple[str, str], Kept] = {}

        def look_up(connection: sqlite3.Connection) -> None:
            today = _today()
            for key in keys:
                row = connection.execute(
                    "SELECT files, details, kept, lasts, etag, modified, there, used FROM page "
                    "WHERE index_url = ? AND name = ?",
                    key,
                ).fetchone()
                if row is not None and _sound(row):
                    found[key] = Kept(Packed(*row[:2]), row[2], row[3], row[4], row[5], bool(row[6]))
                    if row[7] != today:
                        self._touched.append(("page", key))

        self._read(look_up)
        return found

    def keep(self, pages: Mapping[tuple[str, str], Kept]) -> None:
        """Keep pages, in place of what was kept under their index URL and name."""
        today = _today()
        rows = [
            (
                *(key[0], key[1], page.when, today, page.lasts, page.etag, page.modified, int(page.there)),
                *(len(page.files.table) + len(page.files.details), page.files.table, page.files.details),
            )
            for key, page in pages.items()
        ]
        self._write(
            lambda connection: connection.executemany(
                "INSERT OR REPLACE INTO page "
                "(index_url, name, kept, used, lasts, etag, modified, there, size, files, details) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                rows,
            )
        )

    def still_true(self, keys: Iterable[tuple[str, str]], when: float) -> None:
        """The index said that these pages have not changed."""
        rows = [(when, *key) for key in keys]
        self._write(
            lambda connection: connection.executemany("UPDATE page SET kept = ? WHERE index_url = ? AND name = ?", rows)
        )

    # --- blobs ----------------------------------------------------------------------------------------------------

    def recall(self, kind: str, key: str) -> bytes | None:
        """What was remembered under ``kind`` and ``key``, None where nothing was."""
        return self.recall_all(kind, (key,)).get(key)

    def recall_all(self, kind: str, keys: Iterable[str]) -> dict[str, bytes]:
        """What was remembered of many keys of a kind."""
        found: dict[str, bytes] = {}
        wanted = list(dict.fromkeys(keys))

        def look_up(connection: sqlite3.Connection) -> None:
            today = _today()
            for start in range(0, len(wanted), _AT_ONCE):
                some = wanted[start : start + _AT_ONCE]
                marks = ",".join("?" * len(some))
                for key, value, used in connection.execute(
                    f"SELECT key, value, used FROM blob WHERE kind = ? AND key IN ({marks})", (kind, *some)
                ):
                    if isinstance(key, str) and isinstance(value, bytes):
                        found[key] = value
                        if used != today:
                            self._touched.append(("blob", (kind, key)))

        if wanted:
            self._read(look_up)
        return found

    def remember(self, kind: str, key: str, value: bytes) -> None:
        """Keep ``value`` under ``kind`` and ``key``."""
        self.remember_all(kind, {key: value})

    def remember_all(self, kind: str, values: Mapping[str, bytes]) -> None:
        """Keep many values of a kind. One of more than 32 MB is not kept."""
        today = _today()
        rows = [(kind, key, today, value) for key, value in values.items() if len(value) <= _LARGEST_BLOB]
        self._write(
            lambda connection: connection.executemany(
                "INSERT OR REPLACE INTO blob (kind, key, used, value) VALUES (?, ?, ?, ?)", rows
            )
        )

    # --- house-keeping --------------------------------------------------------------------------------------------

    def statistics(self) -> Statistics:
        """What the cache holds."""
        counts = [0, 0]

        def count(connection: sqlite3.Connection) -> None:
            counts[0] = connection.execute("SELECT count(*) FROM page").fetchone()[0]
            counts[1] = connection.execute("SELECT count(*) FROM blob").fetchone()[0]

        self._read(count)
        return Statistics(_size(self._path), *counts)

    def close(self, largest: int = LARGEST) -> None:
        """Note which entries were used, make room where there is too much, and let go of the file."""
        with self._lock:
            if self._connection is not None:
                if self._touched:
                    self._write(self._note_use, patience=0.1)
                if self._wrote and _size(self._path) > largest:
                    self._write(lambda connection: _make_room(connection, largest * 3 // 4), patience=0.1)
                    # shrinks the file; ``execute`` would free a single page
                    self._read(lambda connection: connection.executescript("PRAGMA incremental_vacuum"))
                self._disconnect()
            self._tried = True

    def _note_use(self, connection: sqlite3.Connection) -> None:
        for table, first, second in (("page", "index_url", "name"), ("blob", "kind", "key")):
            connection.executemany(
                f"UPDATE {table} SET used = {_today()} WHERE {first} = ? AND {second} = ?",
                [key for touched, key in self._touched if touched == table],
            )
        self._touched.clear()

    @property
    def _path(self) -> str:
        return os.path.join(self._folder or "", NAME)

    def _open(self) -> sqlite3.Connection | None:
        if self._connection is None and not self._tried:
            self._tried = True
            import sqlite3

            try:
                self._connection = self._connect()
            except (sqlite3.Error, _Foreign) as problem:
                self._failed(problem)
            except OSError as problem:
                self.notes.append(f"the cache cannot be used: {problem.strerror or 'no access'}")
            except ValueError:  # a NUL in the path
                self.notes.append("the cache cannot be used: its folder is no path")
        return self._connection

    def _connect(self) -> sqlite3.Connection:
        """The open and sound database, made if need be. Raises sqlite3.Error, OSError, _Foreign."""
        import sqlite3

        folder = self._folder or ""
        path = self._path
        try:
            os.makedirs(folder, mode=0o700, exist_ok=True)
        except FileExistsError:
            raise NotADirectoryError(20, "its folder is a file") from None
        if os.path.exists(path) and not os.access(path, os.R_OK):
            raise PermissionError(13, "no permission to read it")
        self._read_only = not os.access(path if os.path.exists(path) else folder, os.W_OK) or not os.access(
            folder, os.W_OK
        )
        if self._read_only:
            if not os.path.exists(path):
                raise PermissionError(13, "its folder cannot be written")
            # nobody can change it either: no journal, no locks
            connection = sqlite3.connect(
                f"file:{_quoted(path)}?mode=ro&immutable=1", uri=True, check_same_thread=False, isolation_level=None
            )
        else:
            connection = sqlite3.connect(path, timeout=_PATIENCE, check_same_thread=False, isolation_level=None)
        try:
            self._prepare(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _prepare(self, connection: sqlite3.Connection) -> None:
        connection.execute("PRAGMA synchronous = OFF")
        owner, layout = _marks(connection)
        if owner == _OURS and layout == _LAYOUT:
            return
        if self._read_only:
            raise _Foreign
        # an empty file, or one that another process is making at this moment: look again under the write lock
        connection.execute("PRAGMA page_size = 8192")
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        connection.execute("BEGIN IMMEDIATE")
        owner, layout = _marks(connection)
        if (owner, layout) != (_OURS, _LAYOUT):
            if owner or layout or connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                raise _Foreign
            for statement in _TABLES.split(";"):
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {_OURS}")
            connection.execute(f"PRAGMA user_version = {_LAYOUT}")
        connection.execute("COMMIT")

    def _disconnect(self) -> None:
        import sqlite3

        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None

    def _read(self, work: Callable[[sqlite3.Connection], object]) -> None:
        """Have ``work`` done with the connection, if there is one; what sqlite cannot do is taken in."""
        with self._lock:
            connection = self._open()
            if connection is None:
                return
            import sqlite3

            try:
                work(connection)
            except (sqlite3.Error, UnicodeError, OverflowError) as problem:
                self._failed(problem)

    def _write(self, work: Callable[[sqlite3.Connection], object], patience: float | None = None) -> None:
        """Have ``work`` done within a transaction, all of it or nothing, if anything can be written."""
        with self._lock:
            connection = self._open()
            if connection is None or self._read_only:
                return
            import sqlite3

            try:
                connection.execute(f"PRAGMA busy_timeout = {int((patience or _PATIENCE) * 1000)}")
                connection.execute("BEGIN IMMEDIATE")
                work(connection)
                connection.execute("COMMIT")
                self._wrote = True
            except (sqlite3.Error, UnicodeError, OverflowError) as problem:
                _roll_back(connection)
                self._failed(problem)
            except BaseException:  # an interrupt must not leave the transaction open
                _roll_back(connection)
                raise

    def _failed(self, problem: Exception) -> None:
        """Take in that the cache cannot be used as it should be, and say so once."""
        if isinstance(problem, _Foreign):
            self._give_up(f"{self._path} is not fromlint's cache: nothing is cached")
            return
        import sqlite3

        if not isinstance(problem, sqlite3.Error):
            return  # text or a number that sqlite cannot hold: it is not kept
        code = getattr(problem, "sqlite_errorname", "")
        if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            # another process holds it: what was wanted is not found or not kept, that is all
            return
        if code.startswith(("SQLITE_FULL", "SQLITE_READONLY", "SQLITE_IOERR_WRITE")):
            self._read_only = True
            self.notes.append("the cache cannot be written (disk full or no permission)")
            return
        if code.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_FORMAT", "SQLITE_ERROR")) or not code:
            self._make_anew()
            return
        self._give_up(f"the cache cannot be used ({code or type(problem).__name__})")

    def _give_up(self, note: str) -> None:
        self._disconnect()
        self._tried = True
        if note not in self.notes:
            self.notes.append(note)

    def _make_anew(self) -> None:
        """Remove a damaged database, so that the next use makes a sound one; once in a run."""
        self._give_up("the cache was damaged and is made anew")
        if not self._renewed and not self._read_only:
            self._renewed = True
            self._tried = not _delete((self._path, f"{self._path}-journal"))


class _Foreign(Exception):
    """The file is a database, but not ours."""


def remove(folder: str) -> int:
    """Delete the cache in ``folder``, with those of versions that keep things otherwise; the bytes that were freed.

    What cannot be deleted stays.
    """
    from glob import escape, glob

    return _delete(glob(os.path.join(escape(folder), "index-*.sqlite3*")))


def _delete(paths: Iterable[str]) -> int:
    """Delete files; the bytes that were freed."""
    freed = 0
    for path in paths:
        size = _size(path)
        try:
            os.unlink(path)
        except OSError:
            continue
        freed += size
    return freed


def _sound(row: tuple[object, ...]) -> bool:
    """Whether a row of the page table has the types that it should: sqlite itself does not care."""
    files, details, kept, lasts, etag, modified, there, used = row
    return (
        isinstance(files, bytes)
        and isinstance(details, bytes)
        and isinstance(kept, float)
        and isinstance(etag, str)
        and isinstance(modified, str)
        and all(isinstance(number, int) for number in (lasts, there, used))
    )


def _roll_back(connection: sqlite3.Connection) -> None:
    import sqlite3

    with suppress(sqlite3.Error):
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _make_room(connection: sqlite3.Connection, most: int) -> None:
    """Delete what was not used for longest until about ``most`` bytes are left."""
    total = 0
    for table, number, size, _ in connection.execute(
        "SELECT 'page', number, size, used FROM page UNION ALL "
        "SELECT 'blob', rowid, length(value), used FROM blob ORDER BY 4 DESC, 2 DESC"
    ).fetchall():
        total += size + _OVERHEAD
        if total > most:
            connection.execute(f"DELETE FROM {table} WHERE rowid = ?", (number,))


def _marks(connection: sqlite3.Connection) -> tuple[int, int]:
    return (
        connection.execute("PRAGMA application_id").fetchone()[0],
        connection.execute("PRAGMA user_version").fetchone()[0],
    )


def _today() -> int:
    return int(time()) // _DAY


def _size(path: str) -> int:
    try:
        return os.stat(path).st_size
    except OSError:
        return 0


def _quoted(path: str) -> str:
    from urllib.parse import quote

    return quote(os.path.abspath(path))
