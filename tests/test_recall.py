"""A run in which nothing has changed prints what the last one did; any change is seen."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from fromlint import recall, witness

DOCKERFILE = (
    "FROM python:3.12-slim-trixie\nWORKDIR /app\nCOPY . .\nRUN pip install -r requirements.txt\nRUN git clone x\n"
)
# Longer than a tick of the kernel's clock: what is younger may change without a trace and is not kept.
SETTLED = 0.12
FAR = 4e9


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A checked project; the working folder."""
    folder = tmp_path / "project"
    (folder / ".git").mkdir(parents=True)
    (folder / "Dockerfile").write_text(DOCKERFILE)
    (folder / "requirements.txt").write_text("-r more.txt\n")
    (folder / "more.txt").write_text("# none so far\n")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("FROMLINT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("HOME", str(tmp_path))
    time.sleep(SETTLED)
    return folder


def run(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "fromlint", *words]
    # readline, which pytest may import, sets COLUMNS behind os.environ's back.
    own = dict(os.environ)
    return subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, env=own)


def kept(*words: str) -> recall.Result | None:
    """The result that a run with these words would print again now."""
    folder = os.environ["FROMLINT_CACHE_DIR"]
    # The same kind of stdout as ``run`` has.
    with open(os.devnull, "w", encoding="utf-8") as pipe:
        own, sys.stdout = sys.stdout, pipe
        try:
            key = recall.key(words, os.environ)
        finally:
            sys.stdout = own
    return recall.recalled(folder, key, time.time())


def test_the_same_again_without_a_change(project):
    first = run("check")
    assert first.returncode == 1
    assert "FL206" in first.stdout
    found = kept("check")
    assert found is not None
    assert (found.exit_code, found.printed) == (first.returncode, first.stdout)
    second = run("check")
    assert (second.returncode, second.stdout, second.stderr) == (first.returncode, first.stdout, first.stderr)


def test_it_does_not_import_what_it_does_not_need(project):
    run("check")
    code = (
        "import sys; sys.argv = ['fromlint', 'check']\nfrom fromlint.start import main\n"
        "try:\n    main()\nexcept SystemExit: pass\n"
        "print(sorted(set(sys.modules) & {'click', 'json', 're', 'sqlite3', 'typing', 'fromlint.run'}), file=sys.stderr)"
    )
    own = dict(os.environ)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, env=own)
    baseline = subprocess.run(
        [sys.executable, "-c", "import sys; print(sorted(set(sys.modules) & {'re', 'typing'}), file=sys.stderr)"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "FL206" in done.stdout
    assert done.stderr.strip() == baseline.stderr.strip()


def test_offline_what_was_skipped_stays_skipped_until_the_cache_changes(project):
    (project / "Dockerfile").write_text("FROM python:3.12-slim-trixie\nRUN pip install no-such-thing-is-known\n")
    time.sleep(SETTLED)
    first = run("check", "--offline")
    assert "FL906" in first.stdout
    # Now that the cache is there, it is looked at.
    time.sleep(SETTLED)
    second = run("check", "--offline")
    assert second.stdout == first.stdout
    found = kept("check", "--offline")
    assert found is not None
    assert found.printed == first.stdout
    (database,) = Path(os.environ["FROMLINT_CACHE_DIR"]).glob("*.sqlite3")
    os.utime(database)
    assert kept("check", "--offline") is None


def write(path: str, text: str = "x\n"):
    def change(folder: Path) -> None:
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)

    return change


def rewrite_with_the_same_size_and_time(folder: Path) -> None:
    place = folder / "more.txt"
    before = place.stat()
    place.write_text(place.read_text().replace("none", "nine"))
    os.utime(place, ns=(before.st_atime_ns, before.st_mtime_ns))


@pytest.mark.parametrize(
    "change",
    [
        write("Dockerfile", DOCKERFILE + "CMD x\n"),
        write("requirements.txt", "-r more.txt\n# six\n"),
        write("more.txt", "# six\n"),
        write(".dockerignore", "more.txt\n"),
        write("compose.yaml", "services:\n  app:\n    build: .\n"),
        write("fromlint.toml", 'ignore = ["FL206"]\n'),
        write("pyproject.toml", '[tool.fromlint]\nignore = ["FL206"]\n'),
        write("other/Dockerfile", DOCKERFILE),
        write(".gitignore", "Dockerfile\n"),
        write(".github/workflows/image.yml", "on: push\n"),
        lambda folder: (folder / "more.txt").unlink(),
        lambda folder: (folder / "more.txt").chmod(0),
        lambda folder: shutil.rmtree(folder / ".git"),
        rewrite_with_the_same_size_and_time,
    ],
)
def test_every_change_that_matters_is_seen(project, change):
    run("check")
    assert kept("check") is not None
    change(project)
    assert kept("check") is None


def test_what_does_not_matter_changes_nothing(project):
    (project / "src").mkdir()
    (project / "src" / "app.py").write_text("")
    time.sleep(SETTLED)
    run("check")
    (project / ".git" / "index").write_text("x")
    (project / "src" / "app.py").write_text("print()\n")
    assert kept("check") is not None


@pytest.mark.parametrize(
    ("name", "value"), [("PIP_INDEX_URL", "https://x.example/simple"), ("NO_COLOR", "1"), ("HOME", "/tmp")]
)
def test_variables_and_words_are_part_of_the_key(project, monkeypatch, name, value):
    run("check")
    assert kept("check", "--strict") is None
    monkeypatch.setenv(name, value)
    assert kept("check") is None


@pytest.mark.parametrize(
    "words",
    [
        ("check", "--fix"),
        ("check", "--diff"),
        ("check", "--format", "json=report.json"),
        ("check", "-"),
        ("check", "nowhere"),
        ("check", "--baseline", "known.json", "--update-baseline"),
        ("rules",),
    ],
)
def test_what_does_more_than_print_is_run_again(project, words):
    run(*words)
    assert kept(*words) is None


def test_it_can_be_switched_off_and_cleaned(project, monkeypatch):
    run("check")
    assert run("cache", "clean").returncode == 0
    assert kept("check") is None
    run("check")
    marked = next(Path(os.environ["FROMLINT_CACHE_DIR"], "results").iterdir())
    marked.write_bytes(marked.read_bytes().replace(b"FL206", b"FL000"))
    assert "FL000" in run("check").stdout
    monkeypatch.setenv("FROMLINT_NO_RESULT_CACHE", "1")
    assert "FL000" not in run("check").stdout


def seen_of(path: Path) -> dict[str, str]:
    with witness.recording() as seen:
        witness.looked_at(str(path))
    return seen


@pytest.fixture
def result(tmp_path):
    """A folder with the one result of the key ``k``, good for ever, and the file that it rests on."""
    rests_on = tmp_path / "rests-on"
    rests_on.write_text("x")
    time.sleep(SETTLED)
    cache = str(tmp_path / "cache")
    recall.remember(cache, "k", recall.Result(1, "ä\udc80"), seen_of(rests_on), started=time.time(), until=FAR)
    (file,) = (tmp_path / "cache" / "results").iterdir()
    return cache, file


def test_a_result_is_private_and_comes_back_whole(result):
    cache, file = result
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    found = recall.recalled(cache, "k", time.time())
    assert found is not None
    assert (found.exit_code, found.printed) == (1, "ä\udc80")
    assert recall.recalled(cache, "k", FAR + 1) is None
    assert recall.recalled(cache, "other", 0) is None


@pytest.mark.parametrize(
    "content",
    [b"", b"garbage", b"1:k", b"99999999:k", b"-3:abc", b"1:k3:1e93:abc0:", b"1:k3:1e91:1999999999999:", b"\xff" * 64],
)
def test_a_damaged_result_is_none(result, content):
    cache, file = result
    file.write_bytes(content)
    assert recall.recalled(cache, "k", 0) is None


def test_every_beginning_of_a_result_is_none_or_the_whole(result):
    cache, file = result
    whole = file.read_bytes()
    for end in range(len(whole)):
        file.write_bytes(whole[:end])
        found = recall.recalled(cache, "k", 0)
        assert found is None or found.printed == "ä\udc80"


def test_what_others_may_write_is_not_believed(result):
    cache, file = result
    file.chmod(0o622)
    assert recall.recalled(cache, "k", 0) is None


def test_what_was_changed_a_moment_ago_is_not_kept(tmp_path):
    young = tmp_path / "young"
    young.write_text("x")
    recall.remember(str(tmp_path / "c"), "k", recall.Result(0, ""), seen_of(young), started=time.time(), until=FAR)
    assert recall.recalled(str(tmp_path / "c"), "k", 0) is None


def test_results_are_bounded_in_number(tmp_path):
    for number in range(260):
        recall.remember(str(tmp_path), f"k{number}", recall.Result(0, ""), {}, started=time.time(), until=FAR)
    assert len(os.listdir(tmp_path / "results")) <= 200


def test_a_folder_that_cannot_be_written_is_no_fault(tmp_path):
    (tmp_path / "results").write_text("a file")
    recall.remember(str(tmp_path), "k", recall.Result(0, ""), {}, started=time.time(), until=FAR)
    assert recall.recalled(str(tmp_path), "k", 0) is None


def test_each_thread_records_what_it_looks_at_itself(tmp_path):
    both_record = threading.Barrier(2, timeout=30)

    def look(name: str) -> dict[str, str]:
        with witness.recording() as seen:
            both_record.wait()
            witness.looked_at(str(tmp_path / name))
            both_record.wait()
        return seen

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(look, ["one", "two"]))
    assert [list(seen) for seen in found] == [[str(tmp_path / "one")], [str(tmp_path / "two")]]
