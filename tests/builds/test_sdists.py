"""What fromlint infers from sdists alone against real builds: the compilers, the system packages, and no others.

The knowledge of packages is switched off. For the packages from outside of it, and for as many of those that it
describes, it must name all compilers and at least 80 % of the system packages that the real builds take; for pure ones
nothing. The pages of the index change: so may what is inferred of an sdist's build requirements.
"""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from inference import BASE, Entry, add, entries, inferred, without
from real_builds import Tried, tried, tried_in_turn
from results import shortened

Note = Callable[[str, str, str], None]
pytestmark = pytest.mark.builds
_COMPILERS = frozenset({"gcc", "g++", "gfortran", "cargo", "rustc", "cargo-web", "rustc-web"})
_LEAST = 0.8
_CAUSE = re.compile(r"rror\b|not found|No such file|Unknown compiler|Could not find")
# buildah's own lines, and pip's around those of the build.
_FOLLOWS = re.compile(r"^(?:STEP |Error: building|debconf: )|subprocess-exited-with-error|status 'error'")


def _parameters(*groups: str) -> list[object]:
    return [pytest.param(group, entry, id=entry.name) for group in groups for entry in entries(group)]


@pytest.mark.parametrize(("group", "entry"), _parameters("outside", "known"))
def test_what_is_inferred_is_enough_and_needed(
    group: str, entry: Entry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, note_sdist: Note
):
    """Nothing added: it fails. All that is inferred: it builds and is imported. One of the libraries less: it fails."""
    names = inferred(entry, tmp_path, monkeypatch, compiled=True)
    note_sdist(entry.name, "group", group)
    note_sdist(entry.name, "inferred", " ".join(names))
    build = f"{entry.installed(compiled=True)} && {entry.imported}"
    libraries = [name for name in names if name not in _COMPILERS] if entry.needs is None else []
    bare, full, *others = tried_in_turn(
        f"FROM {BASE}\n",
        tmp_path,
        [
            build,
            f"{add(names)} && {build}",
            *(f"{add(names)} && {without(name)} && {_again(entry)} && {build}" for name in libraries),
            *([f"{add(entry.needs)} && {build}"] if entry.needs is not None else []),
        ],
    )
    note_sdist(entry.name, "bare", _outcome(bare))
    note_sdist(entry.name, "built", _outcome(full))
    assert not bare.ran
    if entry.needs is not None:
        note_sdist(entry.name, "named", f"{len(_named(entry, names))} of {len(entry.needs)}")
        assert others[0].ran, others[0].output[-3000:]
        assert _COMPILERS.intersection(entry.needs) <= {*names}
        return
    assert full.ran, full.output[-3000:]
    spare = [name for name, outcome in zip(libraries, others, strict=True) if outcome.ran]
    note_sdist(entry.name, "needed", "all" if not spare else f"all but {' '.join(spare)}")
    note_sdist(entry.name, "named", f"{len(names) - len(spare)} of {len(names) - len(spare)}")
    assert not spare


def _again(entry: Entry) -> str:
    return f"pip uninstall -y {entry.name}"


@pytest.mark.parametrize(("group", "entry"), _parameters("pure"))
def test_nothing_is_invented(
    group: str, entry: Entry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, note_sdist: Note
):
    names = inferred(entry, tmp_path, monkeypatch, compiled=True)
    note_sdist(entry.name, "group", group)
    note_sdist(entry.name, "inferred", " ".join(names))
    assert names == ()


def test_pure_sdists_build_on_a_bare_image(tmp_path: Path):
    """All of them at once."""
    pure = entries("pure")
    wanted = " ".join(f"{entry.name}=={entry.version}" for entry in pure)
    switches = " ".join(f"--no-binary {entry.name}" for entry in pure)
    dockerfile = f"FROM {BASE}\nRUN pip install {switches} {wanted}\n"
    assert tried(dockerfile, tmp_path, " && ".join(entry.imported for entry in pure)).ran


@pytest.mark.parametrize("group", ["outside", "known"])
def test_most_of_what_builds_take_is_named(group: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Where what is inferred is not enough, packages.toml says what is, and a real build has shown it."""
    named = wanted = 0
    for entry in entries(group):
        names = inferred(entry, tmp_path, monkeypatch, compiled=True)
        needs = names if entry.needs is None else entry.needs
        wanted += len(needs)
        named += len(_named(entry, names)) if entry.needs is not None else len(needs)
    assert named >= _LEAST * wanted, f"{named} of {wanted}"


def _named(entry: Entry, names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(entry.needs or ()).intersection(names)


def _outcome(result: Tried) -> str:
    """Whether it worked, else the first line that says why: not those that say that something failed."""
    if result.ran:
        return "yes"
    lines = [line for line in result.output.splitlines() if _CAUSE.search(line) and not _FOLLOWS.search(line)]
    return f"no: {shortened(lines[0] if lines else 'for a reason that is not told')}"
