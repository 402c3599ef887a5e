"""Which libraries fromlint reads in wheels alone against real imports in a bare slim image.

The knowledge of packages is switched off. Where it names nothing the import must work; where it names packages the
import must fail without them, work with them, and fail again with one of them left out.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from inference import Entry, entries, inferred
from real_builds import Tried, tried
from results import shortened

Note = Callable[[str, str, str], None]
pytestmark = pytest.mark.builds


@pytest.mark.parametrize("entry", [pytest.param(entry, id=entry.name) for entry in entries("wheels")])
def test_what_a_wheel_loads(entry: Entry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, note_wheel: Note):
    names = inferred(entry, tmp_path, monkeypatch, compiled=False)
    note_wheel(entry.name, "inferred", " ".join(names))
    bare = _tried(entry, tmp_path)
    note_wheel(entry.name, "bare", _outcome(bare))
    assert bare.built
    assert bare.ran is not bool(names)
    if not names:
        return
    full = _tried(entry, tmp_path, *names)
    note_wheel(entry.name, "built", _outcome(full))
    assert full.ran, full.output[-3000:]
    spare = [
        name
        for name in names
        if len(names) > 1 and _tried(entry, tmp_path, *(other for other in names if other != name)).ran
    ]
    note_wheel(entry.name, "needed", "all" if not spare else f"all but {' '.join(spare)}")
    assert not spare


def _tried(entry: Entry, context: Path, *added: str) -> Tried:
    return tried(entry.dockerfile(compiled=False, added=added), context, entry.imported)


def _outcome(result: Tried) -> str:
    if result.ran:
        return "yes"
    lines = [line for line in result.output.splitlines() if "Error" in line and not line.startswith("STEP ")]
    return f"no: {shortened(lines[-1] if lines else '')}"
