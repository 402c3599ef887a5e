"""A command line within an option's value: ``--pip-args "--no-binary lxml"``."""

from fromlint.dockerfile.installs.options import Given
from fromlint.model.build import Word


def words_within(given: Given) -> tuple[Word, ...]:
    """The words of a value, split as ``shlex`` does it; the value as one unknown word where that cannot be done."""
    import shlex  # 1 ms that few Dockerfiles need

    if given.known and given.value is not None:
        try:
            return tuple(Word(word, given.span) for word in shlex.split(given.value))
        except ValueError:
            pass  # a quotation that is not closed
    return (Word(given.value or "", given.span, known=False),)
