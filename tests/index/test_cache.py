import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time

import pytest
from platformdirs import user_cache_dir

from fromlint.cachefolder import folder
from fromlint.index import cache as caching
from fromlint.index.cache import NAME, Cache, Kept
from fromlint.index.packed import Packed

KEY = ("https://x/simple", "demo")
PAGE = Kept(Packed(b"table", b"details"), 1_700_000_000.5, 600, '"tag"', "Mon, 1 Jan 2024", True)


@pytest.fixture
def place(tmp_path):
    return str(tmp_path / "cache")


def filled(place):
    cache = Cache(place)
    cache.keep({KEY: PAGE})
    cache.remember("kind", "key", b"value")
    cache.close()
    assert cache.notes == []
    return os.path.join(place, NAME)


def works(place):
    """Whether a new cache there keeps and finds."""
    one = Cache(place)
    one.keep({KEY: PAGE})
    one.close()
    two = Cache(place)
    try:
        return two.pages([KEY]) == {KEY: PAGE}
    finally:
        two.close()


def test_pages_are_kept(place):
    filled(place)
    cache = Cache(place)
    assert cache.pages([KEY, ("https://y", "demo"), ("https://x/simple", "other")]) == {KEY: PAGE}
    cache.keep({KEY: PAGE._replace(there=False)})
    assert not cache.pages([KEY])[KEY].there
    cache.still_true([KEY], 1_800_000_000.0)
    assert cache.pages([KEY])[KEY].when == 1_800_000_000.0
    cache.close()


def test_blobs_are_remembered(place):
    filled(place)
    cache = Cache(place)
    assert cache.recall("kind", "key") == b"value"
    assert cache.recall("other", "key") is None
    cache.remember_all("kind", {str(number): b"%d" % number for number in range(1000)})
    assert len(cache.recall_all("kind", map(str, range(2000)))) == 1000
    assert cache.statistics().blobs == 1001
    cache.remember("kind", "big", bytes(33_000_000))
    assert cache.recall("kind", "big") is None
    cache.close()


def test_nothing_is_made_before_it_is_used(place):
    Cache(place).close()
    assert not os.path.exists(place)


def test_only_the_user_can_look_in(place):
    filled(place)
    assert os.stat(place).st_mode & 0o077 == 0


def test_without_a_folder():
    cache = Cache(None)
    cache.keep({KEY: PAGE})
    cache.remember("a", "b", b"c")
    assert cache.pages([KEY]) == {}
    assert cache.recall("a", "b") is None
    assert cache.statistics() == (0, 0, 0)
    cache.close()
    assert cache.notes == []


@pytest.mark.parametrize(
    "content",
    [b"nonsense" * 1000, b"SQLite format 3\x00" + b"\xff" * 5000, b"SQLite format 3\x00", b"\x00" * 4096],
    ids=["text", "header", "short", "zeros"],
)
def test_a_corrupt_file_is_made_anew(place, content):
    os.makedirs(place)
    with open(os.path.join(place, NAME), "wb") as file:
        file.write(content)
    cache = Cache(place)
    assert cache.pages([KEY]) == {}
    cache.keep({KEY: PAGE})
    assert cache.pages([KEY]) == {KEY: PAGE}
    cache.close()
    assert cache.notes == ["the cache was damaged and is made anew"]
    assert works(place)


def test_damage_anywhere_never_raises(place):
    path = filled(place)
    cache = Cache(place)
    cache.remember_all("kind", {str(number): os.urandom(3000) for number in range(50)})
    cache.close()
    with open(path, "rb") as file:
        sound = file.read()
    chance = random.Random(3)
    for _ in range(40):
        damaged = bytearray(sound)
        for _ in range(chance.choice((1, 30, 3000))):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        if chance.random() < 0.3:
            del damaged[chance.randrange(len(damaged)) :]
        with open(path, "wb") as file:
            file.write(damaged)
        cache = Cache(place)
        cache.pages([KEY])
        cache.recall_all("kind", map(str, range(50)))
        cache.keep({KEY: PAGE})
        cache.remember("kind", "x", b"y")
        cache.statistics()
        cache.close()
    caching.remove(place)
    assert works(place)


def test_rows_of_the_wrong_type_are_not_found(place):
    path = filled(place)
    with sqlite3.connect(path) as database:
        database.execute("UPDATE page SET kept = 'soon'")
        database.execute("UPDATE blob SET value = 'text'")
    database.close()
    cache = Cache(place)
    assert cache.pages([KEY]) == {}
    assert cache.recall("kind", "key") is None
    cache.close()


def test_another_programs_database_is_left_alone(place):
    os.makedirs(place)
    path = os.path.join(place, NAME)
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE precious (x)")
        database.execute("INSERT INTO precious VALUES (1)")
    database.close()
    with open(path, "rb") as file:
        before = file.read()
    cache = Cache(place)
    cache.keep({KEY: PAGE})
    assert cache.pages([KEY]) == {}
    cache.close()
    with open(path, "rb") as file:
        assert file.read() == before
    assert len(cache.notes) == 1
    assert "not fromlint's" in cache.notes[0]


def test_missing_tables_are_made_anew(place):
    path = filled(place)
    with sqlite3.connect(path) as database:
        database.execute("DROP TABLE page")
    database.close()
    cache = Cache(place)
    assert cache.pages([KEY]) == {}
    cache.close()
    assert works(place)


def test_a_locked_cache_is_done_without(place, monkeypatch):
    monkeypatch.setattr(caching, "_PATIENCE", 0.05)
    path = filled(place)
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    cache = Cache(place)
    started = time.monotonic()
    assert cache.pages([KEY]) == {}
    cache.keep({KEY: PAGE})
    assert time.monotonic() - started < 2
    holder.execute("ROLLBACK")
    holder.close()
    cache.close()
    assert works(place)


def test_a_writer_elsewhere_does_not_stop_reading(place, monkeypatch):
    monkeypatch.setattr(caching, "_PATIENCE", 0.05)
    path = filled(place)
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    cache = Cache(place)
    assert cache.pages([KEY]) == {KEY: PAGE}
    cache.remember("kind", "other", b"not kept, as long as the other one writes")
    assert cache.recall("kind", "other") is None
    holder.execute("ROLLBACK")
    cache.remember("kind", "other", b"kept")
    assert cache.recall("kind", "other") == b"kept"
    cache.close()
    holder.close()
    assert cache.notes == []


def as_nobody(code, *arguments):
    """Run code without the rights of root, for whom nothing is read-only."""
    return subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False)


@pytest.fixture
def open_place():
    """A folder that another user can reach: tmp_path is for its owner only."""
    import shutil
    import tempfile

    place = tempfile.mkdtemp()
    os.chmod(place, 0o755)
    yield place
    shutil.rmtree(place)


USE = """
import sys
from fromlint.index.cache import Cache, Kept
from fromlint.index.packed import Packed
import os, sqlite3, urllib.parse, zlib  # before the rights to read them may go
if os.getuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
cache = Cache(sys.argv[1])
print(sorted(cache.pages([("https://x/simple", "demo")])))
cache.keep({("https://x/simple", "demo"): Kept(Packed(b"", b""), 0.0)})
cache.close()
print(cache.notes)
"""


def test_a_read_only_cache_is_read(open_place):
    filled(open_place)
    os.chmod(os.path.join(open_place, NAME), 0o444)
    os.chmod(open_place, 0o555)
    done = as_nobody(USE, open_place)
    assert (done.stdout, done.stderr) == ("[('https://x/simple', 'demo')]\n[]\n", "")
    assert os.listdir(open_place) == [NAME]


def test_a_read_only_folder_without_cache(open_place):
    os.chmod(open_place, 0o555)
    done = as_nobody(USE, open_place)
    assert done.stdout == "[]\n['the cache cannot be used: its folder cannot be written']\n"


def test_an_unreadable_cache(open_place):
    filled(open_place)
    os.chmod(os.path.join(open_place, NAME), 0o000)
    done = as_nobody(USE, open_place)
    assert done.stdout == "[]\n['the cache cannot be used: no permission to read it']\n"


@pytest.mark.parametrize("kind", ["file", "folder", "nul"])
def test_a_place_where_no_cache_can_be(tmp_path, kind):
    place = str(tmp_path / "x")
    if kind == "file":
        (tmp_path / "x").write_text("")
    elif kind == "folder":
        os.makedirs(os.path.join(place, NAME))
    else:
        place += "\x00"
    cache = Cache(place)
    cache.keep({KEY: PAGE})
    assert cache.pages([KEY]) == {}
    cache.close()
    assert len(cache.notes) == 1


def test_a_full_disk(place):
    filled(place)
    cache = Cache(place)
    cache.pages([KEY])
    # as much room as the file has now
    pages = cache._connection.execute("PRAGMA page_count").fetchone()[0]
    cache._connection.execute(f"PRAGMA max_page_count = {pages}")
    cache.remember("kind", "big", bytes(1_000_000))
    cache.remember("kind", "big", bytes(1_000_000))
    assert cache.pages([KEY]) == {KEY: PAGE}
    cache.close()
    assert cache.notes == ["the cache cannot be written (disk full or no permission)"]
    assert works(place)


def test_text_that_sqlite_cannot_hold_is_not_kept(place):
    filled(place)
    cache = Cache(place)
    cache.remember("kind", "\udcff", b"")
    cache.keep({("https://x", "\udcff"): PAGE})
    assert cache.pages([("https://x", "\udcff"), KEY]) in ({}, {KEY: PAGE})
    assert cache.recall("kind", "key") == b"value"
    cache.close()
    assert cache.notes == []


def test_there_is_a_bound(place, monkeypatch):
    cache = Cache(place)
    now = 20_000
    for day in range(10):
        monkeypatch.setattr(caching, "_today", lambda day=day: now + day)
        cache.remember_all("kind", {f"{day}-{number}": os.urandom(10_000) for number in range(10)})
    cache.recall("kind", "0-0")
    cache.close(largest=600_000)
    assert os.path.getsize(os.path.join(place, NAME)) < 600_000
    cache = Cache(place)
    assert cache.recall("kind", "9-9") is not None
    assert cache.recall("kind", "0-0") is not None  # old, but used
    assert cache.recall("kind", "0-1") is None
    cache.close()


def test_remove(place):
    filled(place)
    assert caching.remove(place) > 0
    assert os.listdir(place) == []
    assert caching.remove(place) == 0


def test_several_threads(place):
    cache = Cache(place)

    def work(number):
        for turn in range(20):
            cache.remember("kind", f"{number}-{turn}", b"x")
            assert cache.recall("kind", f"{number}-{turn}") == b"x"

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert cache.statistics().blobs == 80
    cache.close()


WRITE = """
import sys
from fromlint.index.cache import Cache
for turn in range(int(sys.argv[3])):
    cache = Cache(sys.argv[1])
    cache.remember("kind", f"{sys.argv[2]}-{turn}", bytes(5000))
    assert cache.recall("kind", f"{sys.argv[2]}-{turn}") is not None
    cache.close()
    assert not cache.notes, cache.notes
"""


def test_many_processes_at_once(place):
    running = [
        subprocess.Popen([sys.executable, "-c", WRITE, place, str(number), "5"], stderr=subprocess.PIPE)
        for number in range(12)
    ]
    errors = [process.communicate()[1] for process in running]
    assert errors == [b""] * 12
    cache = Cache(place)
    assert cache.statistics().blobs == 60
    cache.close()


def test_one_that_is_killed_in_the_middle(place):
    path = filled(place)
    endless = WRITE.replace("range(int(sys.argv[3]))", "range(10**9)")
    for _ in range(3):
        process = subprocess.Popen([sys.executable, "-c", endless, place, "x", "0"], stderr=subprocess.DEVNULL)
        before = os.stat(path).st_mtime_ns
        until = time.monotonic() + 60
        while os.stat(path).st_mtime_ns == before and time.monotonic() < until:
            time.sleep(0.005)
        time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.wait()
        cache = Cache(place)
        assert cache.pages([KEY]) == {KEY: PAGE}
        cache.close()
        assert cache.notes == []
    with sqlite3.connect(path) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    database.close()


# --- where it is ------------------------------------------------------------------------------------------------------


def test_the_folder(tmp_path, monkeypatch):
    assert folder({"FROMLINT_CACHE_DIR": str(tmp_path)}) == str(tmp_path)
    assert folder({"FROMLINT_CACHE_DIR": str(tmp_path), "XDG_CACHE_HOME": "/x"}) == str(tmp_path)
    assert os.path.isabs(folder({"FROMLINT_CACHE_DIR": "here"}))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere it is platformdirs that says it")
@pytest.mark.parametrize("base", [None, "", "/x", "relative"])
def test_the_folder_is_what_platformdirs_says(monkeypatch, tmp_path, base):
    monkeypatch.setenv("HOME", str(tmp_path))
    if base is None:
        monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    else:
        monkeypatch.setenv("XDG_CACHE_HOME", base)
    if base != "relative":
        assert folder(os.environ) == user_cache_dir("fromlint", appauthor=False)
    assert os.path.isabs(folder(os.environ))


def test_another_packing_has_a_file_of_its_own_and_clean_takes_all(tmp_path):
    from fromlint.index import cache, packed

    assert str(packed.FORMAT) in NAME.split("-")[1]
    for name in (NAME, f"{NAME}-journal", "index-1.sqlite3", "index-7.9.sqlite3"):
        (tmp_path / name).write_bytes(b"1234")
    (tmp_path / "notes.txt").write_bytes(b"mine")
    assert cache.remove(str(tmp_path)) == 16
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_a_damaged_cache_leaves_those_of_other_versions_alone(tmp_path):
    (tmp_path / "index-0.sqlite3").write_bytes(b"another version's")
    (tmp_path / NAME).write_bytes(b"damaged" * 1000)
    cache = Cache(str(tmp_path))
    assert cache.pages([("https://x/simple", "demo")]) == {}
    cache.close()
    assert (tmp_path / "index-0.sqlite3").exists()
