"""xargs: the command that it builds."""

from fromlint.dockerfile.installs.options import read, table
from fromlint.dockerfile.installs.programs import Program
from fromlint.dockerfile.installs.surroundings import Surroundings
from fromlint.dockerfile.installs.tables import xargs as options
from fromlint.model.build import Word


def inside(program: Program, around: Surroundings) -> tuple[Word, ...]:
    """The words that xargs runs: what it reads is unknown, and stands at the end or in the place of ``-I``'s mark."""
    reading = read(program.words, table(options.OPTIONS), interspersed=False)
    words = reading.operands
    if not words:
        return ()
    mark = reading.value("-I")
    if mark:
        return tuple(word._replace(known=False) if mark in word.value else word for word in words)
    return (*words, Word("(standard input)", words[0].span, known=False))
