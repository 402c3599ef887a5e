import pytest

from fromlint.model.place import Span
from fromlint.model.project import BuildFacts, Fate, OldRust
from fromlint.model.verdict import Obstacle, Outcome, Verdict
from fromlint.project.fates import fate

READY = BuildFacts(("gcc",), (), True, "")
LACKING = READY._replace(missing=("gcc",))


@pytest.mark.parametrize(
    ("verdict", "build", "expected"),
    [
        (Verdict(Outcome.WHEEL), None, Fate.FINE),
        (Verdict(Outcome.UNKNOWN), None, Fate.UNKNOWN),
        (Verdict(Outcome.NONE, obstacle=Obstacle.MUSL), None, Fate.NOTHING_FITS),
        (Verdict(Outcome.NONE, obstacle=Obstacle.HASHES), None, Fate.HASH_NOT_LISTED),
        (Verdict(Outcome.NONE, exists=False), None, Fate.UNKNOWN_PACKAGE),
        (Verdict(Outcome.SOURCE, obstacle=Obstacle.NO_WHEELS), None, Fate.FINE),
        (Verdict(Outcome.SOURCE, obstacle=Obstacle.MUSL), LACKING, Fate.TOOLS_MISSING),
        (
            Verdict(Outcome.SOURCE, obstacle=Obstacle.MUSL),
            LACKING._replace(later=Span("Dockerfile", 5, 1, 5, 9)),
            Fate.TOOLS_LATER,
        ),
        (Verdict(Outcome.SOURCE, obstacle=Obstacle.PYTHON), LACKING._replace(hopeless="too old"), Fate.HOPELESS),
        (
            Verdict(Outcome.SOURCE, obstacle=Obstacle.PYTHON),
            READY._replace(rust=OldRust("1.63", "1.83", ())),
            Fate.RUST_TOO_OLD,
        ),
        (
            Verdict(Outcome.SOURCE, obstacle=Obstacle.MUSL),
            LACKING._replace(rust=OldRust("1.63", "1.83", ())),
            Fate.RUST_TOO_OLD,
        ),
        (Verdict(Outcome.SOURCE, obstacle=Obstacle.MUSL), READY, Fate.COMPILED_FOR_MUSL),
        (Verdict(Outcome.SOURCE, obstacle=Obstacle.GLIBC_TOO_OLD), READY, Fate.COMPILED_FOR_GLIBC),
        (Verdict(Outcome.SOURCE, obstacle=Obstacle.PYTHON), READY, Fate.COMPILED_FOR_PYTHON),
        (Verdict(Outcome.SOURCE, obstacle=Obstacle.PLATFORM), READY, Fate.COMPILED_FOR_PLATFORM),
        (Verdict(Outcome.SOURCE, obstacle=Obstacle.PIP), READY, Fate.COMPILED_FOR_PIP),
        (Verdict(Outcome.SOURCE, obstacle=Obstacle.NO_LINUX_WHEELS), READY, Fate.COMPILED),
        (Verdict(Outcome.SOURCE, obstacle=Obstacle.NO_BINARY), READY, Fate.COMPILED),
    ],
)
def test_each_verdict_has_one_fate(verdict, build, expected):
    assert fate(verdict, build) is expected
