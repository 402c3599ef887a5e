"""conda, mamba and micromamba: named so that what they install can be left aside with a reason."""

from fromlint.dockerfile.installs import surroundings
from fromlint.dockerfile.installs.options import read, table
from fromlint.dockerfile.installs.programs import Program
from fromlint.dockerfile.installs.surroundings import Surroundings
from fromlint.dockerfile.installs.tables import conda as options
from fromlint.model.build import Install, Word

_INSTALLING = frozenset({"install", "create", "update", "upgrade", "env create", "env update"})


def install(program: Program, around: Surroundings) -> Install | None:
    """What a conda command installs: its packages as requirements, environment files as ``files``."""
    before = read(program.words, table(options.OPTIONS), interspersed=False)
    length = 2 if before.operands and before.operands[0].value == "env" else 1
    name = " ".join(word.value for word in before.operands[:length])
    if name not in _INSTALLING:
        return None
    reading = read(before.operands[length:], table(options.OPTIONS))
    if reading.has("--help", "--version", "--dry-run"):
        return None
    return surroundings.plain(around, "conda", "install")._replace(
        requirements=surroundings.known(reading.operands),
        files=reading.texts("--file"),
        unknown=(
            *surroundings.unknown(reading.operands),
            *surroundings.written(reading.unknown),
            *reading.unsure("--file"),
        ),
    )


def inside(program: Program, around: Surroundings) -> tuple[Word, ...]:
    """The words that ``conda run`` runs; () where there are none."""
    words = read(program.words, table(options.OPTIONS), interspersed=False).operands
    if not words or words[0].value != "run":
        return ()
    return read(words[1:], table(options.OPTIONS), interspersed=False).operands
