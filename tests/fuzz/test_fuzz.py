"""The short form of fuzzing: every reader over its seeds and some made from them, the same each time."""

from __future__ import annotations

from random import Random

import pytest

from fuzz import drive
from fuzz.limits import executed, peak
from fuzz.lines import Lines
from fuzz.mutation import LARGEST, mutated, smaller
from fuzz.targets import Target, names, target

_MADE = 120


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    """Targets write into the folder for temporary files: one for each test, as tests run side by side."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setenv("FROMLINT_CACHE_DIR", str(tmp_path / "cache"))


@pytest.mark.parametrize("name", names())
def test_a_reader_takes_whatever_comes(name):
    chosen = target(name)
    made = round(_MADE * min(chosen.share, 1))
    random = Random(name)
    for data in (*chosen.seeds, *(mutated(random, chosen.seeds, chosen.words) for _ in range(made))):
        # Not executed(): a failure here shows where it comes from.
        chosen.read(data)


# --- the tools themselves ------------------------------------------------------------------------------------------


def planted(data: bytes) -> None:
    if b"crash" in data:
        drive.os._exit(9)
    if b"large" in data:
        bytearray(400_000_000)[::4096] = b"x" * (400_000_000 // 4096 + 1)
    if b"loop" in data:
        while True:
            pass
    if b"[" in data:
        raise ValueError("planted")


def test_what_happens_in_an_execution_is_seen():
    assert executed(planted, b"fine", peak()).fault is None
    fault = executed(planted, b"[", peak()).fault
    assert fault is not None
    assert fault.kind.startswith("ValueError")
    assert "planted" in fault.told
    slow = executed(planted, b"loop", peak()).fault
    assert slow is not None
    assert slow.kind == "slow"
    assert "in planted" in slow.told


@pytest.mark.parametrize(("seed", "kind"), [(b"ab[cd", "ValueError"), (b"a crash", "crash"), (b"a large one", "large")])
def test_the_driver_keeps_what_it_finds_and_goes_on(tmp_path, seed, kind):
    chosen = Target("planted", planted, (b"first", seed, b"last"), (), 1.0)
    tally = drive.fuzz(chosen, 3, seed=1, findings=tmp_path)
    assert (tally.executions, tally.findings) == (3, 1)
    (told,) = (tmp_path / "planted").glob("*.txt")
    assert told.read_text().startswith(kind)
    assert (tmp_path / "planted" / told.stem).read_bytes() == (b"[" if kind == "ValueError" else seed)
    assert "| planted | 3 |" in drive.table([("planted", tally)])


def test_inputs_are_the_same_for_the_same_seed_and_bounded():
    made = [mutated(Random(7), (b"FROM x\n", b"RUN y\n"), (b"COPY",)) for _ in range(2)]
    assert made[0] == made[1]
    random = Random(1)
    assert all(len(mutated(random, (b"a" * LARGEST,), ())) <= LARGEST for _ in range(200))


def test_smaller_keeps_what_fails():
    assert smaller(b"a long text with an X in it", lambda data: b"X" in data) == b"X"


def test_new_lines_are_noticed_once():
    from fromlint.images.reference import parse

    lines = Lines()
    assert lines.run(lambda: parse("python:3.12"))[1]
    assert not lines.run(lambda: parse("python:3.12"))[1]
    assert lines.run(lambda: parse("python@nothing"))[1]
