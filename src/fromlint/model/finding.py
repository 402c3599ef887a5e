"""What a rule says."""

from __future__ import annotations

from enum import IntEnum

from fromlint.model.place import Span
from fromlint.named_tuple import NamedTuple


class Severity(IntEnum):
    """*error*: the build or the first import fails; *warning*: fragile, or much slower or larger than need be."""

    INFO = 1
    WARNING = 2
    ERROR = 3

    @property
    def word(self) -> str:
        return self.name.lower()


class Label(NamedTuple):
    """A place that helps to understand, and what to say of it."""

    span: Span
    text: str


class Edit(NamedTuple):
    """Replace what ``span`` covers by ``text``."""

    span: Span
    text: str


class Fix(NamedTuple):
    """Edits that belong together. ``safe``: the meaning of the rest is surely kept."""

    title: str
    safe: bool
    edits: tuple[Edit, ...]


class Subject(NamedTuple):
    """The requirement that a finding is about. ``line`` counts from 1."""

    name: str
    version: str | None
    file: str
    line: int
    parents: tuple[str, ...]


class Finding(NamedTuple):
    """A mistake or a cost that matters: primary place, related places, what to do.

    ``label`` is what is said at the primary place. ``missing`` are system packages by the stage's
    own names, ``together`` those that all findings of the same install miss: fewer than the sum, where one brings
    another. ``stage`` is the stage's index, None where the finding is about the whole file.
    """

    code: str
    rule: str
    severity: Severity
    message: str
    span: Span
    label: str = ""
    stage: int | None = None
    platforms: tuple[str, ...] = ()
    subject: Subject | None = None
    missing: tuple[str, ...] = ()
    related: tuple[Label, ...] = ()
    help: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    fixes: tuple[Fix, ...] = ()
    together: tuple[str, ...] = ()


class Skipped(NamedTuple):
    """A check that could not be made, and why."""

    what: str
    why: str
    file: str
    line: int


class Page(NamedTuple):
    """A rule as people look it up: its metadata and its documentation in Markdown."""

    code: str
    name: str
    severity: Severity
    text: str
