"""Which libraries fromlint reads in wheels alone against real imports in a bare slim image.

The knowledge of packages is switched off. Where it names nothing the import must work; where it names packages the
import must fail without them, work with them, and fail again with one of them left out.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from inference import Entry, add, entries, inferred, without
from real_builds import Tried, tried_in_turn
from results import shortened

Note = Callable[[str, str, str], None]
pytestmark = pytest.mark.builds


# Those that are missed are tests that are to fail: they tell when they no longer do.
_MISSED = [pytest.mark.xfail(strict=True, raises=AssertionError)]


@pytest.mark.parametrize(
    "entry", [pytest.param(entry, id=entry.name, marks=_MISSED if entry.missed else []) for entry in entries("wheels")]
)
def test_what_a_wheel_loads(entry: Entry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, note_wheel: Note):
    names = inferred(entry, tmp_path, monkeypatch, compiled=False)
    note_wheel(entry.name, "inferred", " ".join(names) if entry.missed is None else f"nothing: {entry.missed}")
    others = names if len(names) > 1 else ()
    bare, *added = tried_in_turn(
        entry.dockerfile(compiled=False),
        tmp_path,
        [
            entry.imported,
            *([f"{add(names)} && {entry.imported}"] if names else []),
            *(f"{add(names)} && {without(name)} && {entry.imported}" for name in others),
        ],
    )
    note_wheel(entry.name, "bare", _outcome(bare))
    if names:
        note_wheel(entry.name, "built", _outcome(added[0]))
    assert bare.built
    assert bare.ran is not bool(names)
    if not names:
        return
    assert added[0].ran, added[0].output[-3000:]
    spare = [name for name, outcome in zip(others, added[1:], strict=True) if outcome.ran]
    note_wheel(entry.name, "needed", "all" if not spare else f"all but {' '.join(spare)}")
    assert not spare


def _outcome(result: Tried) -> str:
    if result.ran:
        return "yes"
    lines = [line for line in result.output.splitlines() if "Error" in line and not line.startswith("STEP ")]
    return f"no: {shortened(lines[-1] if lines else '')}"
