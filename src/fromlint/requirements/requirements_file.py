"""Requirements and constraints files, with all that pip 26 accepts in them (pip._internal.req.req_file).

``-r`` and ``-c`` inside are relative to the including file, paths of projects to the working folder. A file met
twice is read once; one that includes itself is a fault, as with pip. What lies behind a URL is not fetched.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping
from functools import partial

from fromlint.model.dockerfile import Source
from fromlint.model.place import Problem, Span, Unknown
from fromlint.model.requirement import Requirement
from fromlint.named_tuple import NamedTuple
from fromlint.requirements import file_options, lines, links, option_words, stated
from fromlint.requirements.collector import Collector, start_of
from fromlint.requirements.option_words import Option, OptionFault

# Of a file that is something else nobody wants to hear of every line.
_MOST_FAULTS = 200


class Rules(NamedTuple):
    """How the installer reads: ``variables`` for ``${NAME}``; ``unset`` says why one without a value is not known
    ("" where it surely has none, so that pip leaves it as written). ``strict_constraints``: pip's ban on extras;
    ``hashes_bind``: one requirement with hashes makes them needed for all, as with pip. ``bare_eggs``: of pip 26.0.
    ``sources``: ``[tool.uv.sources]`` of projects count.
    """

    variables: Mapping[str, str]
    unset: str = ""
    strict_constraints: bool = True
    hashes_bind: bool = True
    bare_eggs: bool = False
    sources: bool = False


class _Visit(NamedTuple):
    """Where the reader is: the file, whether it constrains, and the files that include it."""

    path: str
    constraint: bool
    chain: tuple[str, ...]


def read(collector: Collector, written: str, span: Span, rules: Rules, *, constraint: bool = False) -> None:
    """Reads the file that ``-r`` or ``-c`` names at ``span``, and what it includes, into ``collector``."""
    reading = _Reading(collector, rules)
    reading.include(written, None, span, _Visit("", constraint, ()))
    reading.finish()


def read_path(collector: Collector, path: str, span: Span, rules: Rules, *, constraint: bool = False) -> None:
    """As ``read``, for a path of the collector's files as it is, without regard to the working folder."""
    reading = _Reading(collector, rules)
    reading.visit(_Visit(path, constraint, ()), span)
    reading.finish()


class _Reading:
    """A reading of one file and those that it includes: the state is what was read already."""

    def __init__(self, collector: Collector, rules: Rules) -> None:
        self.collector = collector
        self.rules = rules
        self.seen: set[tuple[str, bool]] = set()
        self.hashes = False
        self.no_require_hashes = False

    def finish(self) -> None:
        """One requirement with hashes makes pip ask them of all (RequirementCommand.get_requirements)."""
        if self.rules.hashes_bind and self.hashes and not self.no_require_hashes:
            self.collector.options = self.collector.options._replace(require_hashes=True)

    def include(self, written: str, including: str | None, span: Span, visit: _Visit) -> None:
        if links.kind(written) in ("url", "path"):
            why = "it lies behind a URL, which is not fetched"
            self.collector.unknown.append(Unknown(written, why, span))
            self.collector.constraints_unknown = self.collector.constraints_unknown or visit.constraint
            return
        if including is None:
            path = self.collector.path(written)
            if path is None:
                self.collector.text(None, written, span)
                return
        else:
            path = posixpath.normpath(posixpath.join(posixpath.dirname(including), written))
        if path in visit.chain:
            again = self.collector.shown(path)
            self.collector.bad.append(Problem(f"{again} recursively references itself", span))
            return
        self.visit(visit._replace(path=path), span)

    def visit(self, visit: _Visit, span: Span) -> None:
        if (visit.path, visit.constraint) in self.seen:
            return
        self.seen.add((visit.path, visit.constraint))
        shown = self.collector.shown(visit.path)
        unknown = len(self.collector.unknown)
        text = self.collector.text(visit.path, shown, span, any_encoding=True)
        if text is None:
            if visit.constraint and len(self.collector.unknown) > unknown:
                self.collector.constraints_unknown = True
            return
        visit = visit._replace(chain=(*visit.chain, visit.path))
        bad = self.collector.bad
        most = len(bad) + _MOST_FAULTS
        for line in lines.logical_lines(text, shown):
            self.line(line, visit)
            if len(bad) >= most:
                message = f"not a requirements file: pip refuses more than {_MOST_FAULTS} of its lines"
                del bad[most - _MOST_FAULTS :]
                self.collector.unreadable.append(Problem(message, start_of(shown)))
                return

    def line(self, line: Source, visit: _Visit) -> None:
        line, missing = lines.expanded(line, self.rules.variables)
        if missing and self.rules.unset:
            span = lines.place(line, 0, len(line.text))
            names = ", ".join(f"${{{name}}}" for name in missing)
            self.collector.unknown.append(Unknown(names, self.rules.unset, span))
            return
        requirement, options_text = option_words.split(line.text)
        place = partial(lines.place, line)
        if not options_text:
            self.requirement(requirement, place, (), visit.constraint)
            return
        start = len(line.text) - len(options_text)
        try:
            options = option_words.parse(options_text)
        except OptionFault as fault:
            self.collector.bad.append(Problem(str(fault), place(start, len(line.text))))
            return
        if requirement.strip() and _first(options, "editable") is not None:
            # pip takes the requirement for the editable then, and not what stands behind -e.
            found = stated.read_editable(requirement, place, bare_eggs=self.rules.bare_eggs)
            self.take(found, visit.constraint)
            return
        if requirement.strip():
            hashes = tuple(option.value for option in options if option.name == "hash")
            self.requirement(requirement, place, hashes, visit.constraint)
            return
        self.option_line(options, line, start, visit)

    def requirement(self, text: str, place: stated.Place, hashes: tuple[str, ...], constraint: bool) -> None:
        found = stated.read(text, place, hashes=hashes, bare_eggs=self.rules.bare_eggs)
        if hashes:
            self.hashes = True
        self.take(found, constraint)

    def take(self, found: Requirement | Problem, constraint: bool) -> None:
        if constraint and isinstance(found, Requirement) and self.rules.strict_constraints:
            fault = _constraint_fault(found)
            if fault:
                found = Problem(fault, found.span)
        self.collector.state(found, constraint=constraint)

    def option_line(self, options: list[Option], line: Source, start: int, visit: _Visit) -> None:
        editable = _first(options, "editable")
        if editable is not None:
            found = stated.read_editable(editable, _within(line, editable, start), bare_eggs=self.rules.bare_eggs)
            self.take(found, visit.constraint)
            return
        for name, constraint in (("requirement", False), ("constraint", True)):
            nested = _first(options, name)
            if nested is not None:
                span = _within(line, nested, start)(0, len(nested))
                self.include(nested, visit.path, span, visit._replace(constraint=constraint))
                return
        located = [self.located(option, visit.path) for option in options]
        self.collector.options = file_options.combined(self.collector.options, located)
        self.no_require_hashes = self.no_require_hashes or _first(options, "no_require_hashes") is not None

    def located(self, option: Option, path: str) -> Option:
        """A folder for ``--find-links`` counts from the requirements file, if it is there, else as it stands."""
        if option.name != "find_links" or links.kind(option.value):
            return option
        beside = posixpath.normpath(posixpath.join(posixpath.dirname(path), option.value))
        return option._replace(value=beside) if self.collector.files.exists(beside) else option


def _constraint_fault(requirement: Requirement) -> str:
    """pip._internal.req.req_install.check_invalid_constraint_type."""
    if requirement.kind == "editable":
        return "Editable requirements are not allowed as constraints"
    if stated.nameless(requirement):
        return "Unnamed requirements are not allowed as constraints"
    return "Constraints cannot have extras" if requirement.extras else ""


def _first(options: list[Option], name: str) -> str | None:
    return next((option.value for option in options if option.name == name), None)


def _within(line: Source, value: str, start: int) -> Callable[[int, int], Span]:
    """The place of an option's value in its line; the whole line where quotes hide it."""
    found = line.text.find(value, start)
    if found < 0:
        whole = lines.place(line, 0, len(line.text))
        return lambda _start, _end: whole
    return lambda begin, end: lines.place(line, found + begin, found + end)
