"""One requirement as text (PEP 508): name, extras, specifier or URL, marker.

The common forms are read here; ``packaging.requirements``, which takes longer to import than a whole file takes to
read, is asked about the rest and about what is wrong. Both give the same answers (the tests compare them).
"""

from __future__ import annotations

import re

from fromlint.named_tuple import NamedTuple
from fromlint.regex import regex
from fromlint.requirements import marker_text
from fromlint.requirements.names import normalise

# Longer than any requirement that means something.
_LONGEST = 20_000


class Parsed(NamedTuple):
    """A requirement that pip accepts. ``name`` as written; ``extras`` normalised; ``specifier`` without blanks."""

    name: str
    extras: tuple[str, ...]
    specifier: str
    marker: str
    url: str | None


class Refused(NamedTuple):
    """What pip would say of a text that is no requirement; ``start`` and ``end`` are offsets into it."""

    message: str
    start: int
    end: int


_BLANK = " \t"
_NAME = regex(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
_HEAD = regex(r"([A-Za-z0-9._-]+)[ \t]*(?:\[([^\]]*)\][ \t]*)?(.*)", re.ASCII)
_SUFFIX = r"(?:(?:a|b|rc)\d+)?(?:\.post\d+)?(?:\.dev\d+)?"
_CLAUSE = regex(
    rf"(?:(==|!=)|<=|>=|<|>|(~=))[ \t]*\d+(?(2)(?:\.\d+)+|(?:\.\d+)*)"
    rf"(?:{_SUFFIX}(?(1)(?:\+[a-z0-9]+(?:\.[a-z0-9]+)*)?)|(?(1)\.\*|(?!)))",
    re.ASCII,
)


def parse(text: str) -> Parsed | Refused:
    """The requirement in ``text``, or why it is none."""
    if len(text) > _LONGEST:
        return Refused(f"Invalid requirement: longer than {_LONGEST} characters", 0, len(text))
    return _common(text) or _by_packaging(text)


def _common(text: str) -> Parsed | None:
    """A requirement in one of the common forms, None for any other text."""
    if "\n" in text:
        return None
    asked, semicolon, marker = text.partition(";")
    head = _HEAD.fullmatch(asked.strip(_BLANK))
    if head is None or not _NAME.fullmatch(head[1]) or (semicolon and marker_text.parse(marker) is None):
        return None
    extras = [extra.strip(_BLANK) for extra in head[2].split(",")] if head[2] and head[2].strip(_BLANK) else []
    clauses = [clause.strip(_BLANK) for clause in head[3].split(",")] if head[3] else []
    if not all(map(_NAME.fullmatch, extras)) or not all(map(_CLAUSE.fullmatch, clauses)):
        return None
    specifier = ",".join(clauses).replace(" ", "").replace("\t", "")
    return Parsed(head[1], tuple(sorted(set(map(normalise, extras)))), specifier, marker.strip(), None)


def marker_fault(text: str) -> Refused | None:
    """None where ``text`` is a marker, else what is wrong with it."""
    if marker_text.parse(text) is not None:
        return None
    import warnings

    from packaging.markers import InvalidMarker, Marker

    try:
        with warnings.catch_warnings(action="ignore"):  # Python's, of escapes in literals
            Marker(text)
    except InvalidMarker as error:
        return _refused(error, text)
    except RecursionError:
        return Refused("Invalid marker: nested too deeply", 0, len(text))
    return None


def _by_packaging(text: str) -> Parsed | Refused:
    import warnings

    from packaging.requirements import InvalidRequirement, Requirement

    try:
        with warnings.catch_warnings(action="ignore"):  # Python's, of escapes in literals
            requirement = Requirement(text)
    except InvalidRequirement as error:
        return _refused(error, text)
    except RecursionError:
        return Refused("Invalid requirement: its marker is nested too deeply", 0, len(text))
    except ValueError as error:
        return Refused(f"Invalid requirement: {error}", 0, len(text))
    return Parsed(
        requirement.name,
        tuple(sorted({normalise(extra) for extra in requirement.extras})),
        _written_specifier(text, str(requirement.specifier)),
        str(requirement.marker) if requirement.marker else "",
        requirement.url,
    )


def _written_specifier(text: str, sorted_specifier: str) -> str:
    """The clauses in the order in which they are written, for they are shown to people."""
    clauses = sorted_specifier.split(",")
    flat = "".join(text.split())
    return ",".join(sorted(clauses, key=lambda clause: (flat.find(clause) < 0, flat.find(clause))))


def _refused(error: Exception, text: str) -> Refused:
    cause = error.__cause__
    message = getattr(cause, "message", None)
    span = getattr(cause, "span", None)
    if isinstance(message, str) and isinstance(span, tuple) and len(span) == 2:
        start = min(int(span[0]), max(len(text) - 1, 0))
        # packaging's span ends before the character at which it gave up.
        return Refused(message, start, min(max(int(span[1]), start) + 1, len(text)))
    first = (str(error).splitlines() or ["not valid"])[0]
    return Refused(first, 0, len(text))
