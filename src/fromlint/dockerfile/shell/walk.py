"""Follows a script from command to command, as a shell would run it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence

from fromlint.dockerfile.shell import assignments, branches, lists, loops
from fromlint.dockerfile.shell.conditions import decide, found_executables
from fromlint.dockerfile.shell.grammar import Script, parse, too_long, words_alone
from fromlint.dockerfile.shell.nested import at
from fromlint.dockerfile.shell.printed import printed
from fromlint.dockerfile.shell.redirections import (
    OUTPUT,
    REDIRECTIONS,
    body_of,
    redirect_all,
    redirect_nodes,
    redirections,
)
from fromlint.dockerfile.shell.simple import Call, follow
from fromlint.dockerfile.shell.state import Function, Leaving, Standing, State, Status, Unset, Value, merge
from fromlint.dockerfile.shell.words import Field, expand, limits, single
from fromlint.dockerfile.source import cut, locate
from fromlint.model.build import Command, Redirect, Word
from fromlint.model.dockerfile import Source
from fromlint.model.place import Span
from fromlint.named_tuple import NamedTuple
from fromlint.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node

# Bounds of what is followed; no script that people write comes near.
_MOST_NODES = 20_000
_MOST_COMMANDS = 3_000
# At the end of a list these say that what came before may fail.
_FORGIVING = frozenset({"true", ":", "exit 0"})
_DEEPEST = 40
_DEEPEST_SCRIPT = 8
_MOST_TEXT = 1_000_000
_WORD = 50  # what a word counts for in it

_COMPOUNDS = frozenset(
    {
        "c_style_for_statement",
        "case_statement",
        "compound_statement",
        "for_statement",
        "if_statement",
        "subshell",
        "while_statement",
    }
)
# Pieces of words, as the grammar names them, and what stands before a command.
_PIECES = frozenset(["concatenation", "expansion", "number", "raw_string", "simple_expansion", "string", "word"])
_OPENING = frozenset(["then", "do", "else", "&&", "||", ";", "|", "{", "(", "\n", "if", "while", "!"])
_BEFORE = frozenset({"basename", "cd", "dirname", "pwd", "readlink", "realpath"})


class _Environment(NamedTuple):
    """What exported variables hold, those that are ``unknown`` apart; and what that was made from."""

    variables: Mapping[str, Value]
    exported: frozenset[str]
    values: Mapping[str, str]
    unknown: tuple[str, ...]


class Walk:
    """One script being followed; ``out`` are the commands found, in order. ``turns`` as in ``commands``.

    Each kind of statement has a visitor: here for commands and what groups them, in the modules beside it for the rest.
    """

    def __init__(self, state: State, platform: str | None, turns: loops.Turns | None = None) -> None:
        self.state = state
        self.platform = platform
        self.turns = turns
        self.out: list[Command] = []
        self.probes: list[str] = []
        self.standing = Standing()
        self.script: Script
        self._nodes = _MOST_NODES
        self._depth = 0
        self._scripts = 0
        self._text = _MOST_TEXT
        self.assigning = False
        self._environment: _Environment | None = None

    # --- scripts

    def run(self, source: Source, standing: Standing) -> Status:
        """Follow a script in the shell as it is now."""
        if self._scripts >= _DEEPEST_SCRIPT or self._nodes <= 0 or too_long(source.text):
            return Status.EXPECTED
        self._scripts += 1
        self._nodes -= 10
        script = parse(source)
        nodes = script.root.children if script.root else ()
        status = self.inside(script, lambda: self.statements(nodes, standing))
        self._scripts -= 1
        return status

    def inside(self, script: Script, act: Callable[[], Status]) -> Status:
        """Do something while the offsets are those of another script."""
        outer = getattr(self, "script", script)
        self.script = script
        status = act()
        self.script = outer
        return status

    def follow_in(self, source: Source, act: Callable[[], Status]) -> Status:
        """Do something that stands in a text which is no script."""
        return self.inside(words_alone(source), act)

    def child(self, source: Source, standing: Standing, state: State) -> Status:
        """Follow a script in a shell of its own."""
        within = standing.within(tolerated=self.tolerated(standing))
        before = self.state
        self.state = state
        status = self.run(source, within)
        if self.state.left is Leaving.FAILED:
            status = Status.FAILS
        self.state = before
        return status

    def tolerated(self, standing: Standing) -> bool:
        """Whether a failure there leaves the build step going."""
        return not (standing.result or (self.state.errexit and not standing.exempt))

    # --- statements

    def statements(self, nodes: Iterable[Node], standing: Standing) -> Status:
        """Follow a list of statements, up to where it is left."""
        items: list[tuple[Node, bool]] = []
        if self._nodes <= 0 or len(self.out) >= _MOST_COMMANDS:
            return Status.EXPECTED
        for node in nodes:
            kind = node.type
            if kind in _VISITORS:
                items.append((node, False))
            elif kind == "&" and items:
                items[-1] = (items[-1][0], True)
        self._nodes -= len(items) // 2
        status = Status.EXPECTED
        last = len(items) - 1
        earlier = standing if not standing.result else standing._replace(result=False)
        if items and self.written(items[last][0]) in _FORGIVING:
            earlier = earlier._replace(forgiven=True)
        for number, (node, background) in enumerate(items):
            if background:
                before = self.state
                self.visit(node, standing.within(tolerated=True))
                self.state = before
                continue
            status = self.visit(node, standing if number == last else earlier)
            if self.state.left is not None:
                break
        return status

    def visit(self, node: Node, standing: Standing, redirects: Sequence[Node] = ()) -> Status:
        """Follow one statement; ``redirects`` stand behind it."""
        kind = node.type
        visitor = _VISITORS.get(kind)
        self._nodes -= 1
        if visitor is None or self._nodes <= 0 or self._depth >= _DEEPEST:
            return Status.EXPECTED
        self._depth += 1
        first = len(self.out)
        status = visitor(self, node, standing, redirects)
        if redirects and kind in _COMPOUNDS:
            redirect_all(self, first, redirects)
        self._depth -= 1
        return status

    def maybe(self, node: Node, standing: Standing, redirects: Sequence[Node] = ()) -> Status:
        """Follow a statement that may not run."""
        before = self.state
        status = self.visit(node, standing._replace(conditional=True), redirects)
        self.state = merge(before, self.state)
        return status

    def _broken(self, node: Node, standing: Standing, redirects: Sequence[Node]) -> Status:
        """What the grammar could not put together: its statements, and loose words where a command may begin."""
        status = Status.EXPECTED
        before = ";"
        loose: list[Node] = []
        for child in (*node.children, None):
            kind = child.type if child else ""
            if child and kind in _PIECES and (loose or before in _OPENING):
                loose.append(child)
                continue
            if loose:
                words = [field for word in loose for field in self.expand(word.start_byte, word.end_byte)]
                start, end = loose[0].start_byte, loose[-1].end_byte
                if words:
                    status = follow(self, Call(words, {}, (), None, standing, start, end))
                loose = []
            if child and kind in _VISITORS:
                status = self.visit(child, standing)
            before = kind
        return status

    def _subshell(self, node: Node, standing: Standing, redirects: Sequence[Node]) -> Status:
        before = self.state
        counts = not self.tolerated(standing)
        inner = standing._replace(result=counts, fatal=counts, piped_from=None, piped_to=None, feeding=None)
        status = self.statements(node.children, inner)
        if self.state.left is Leaving.FAILED:
            status = Status.FAILS
        self.state = before
        return status

    def _group(self, node: Node, standing: Standing, redirects: Sequence[Node]) -> Status:
        if node.children[0].type == "((":
            return Status.DOUBT
        return self.statements(node.children, standing)

    # --- functions

    def _function(self, node: Node, standing: Standing, redirects: Sequence[Node]) -> Status:
        name = body = None
        for child in node.children:
            if child.type == "word" and name is None:
                name = self.written(child)
            elif child.type in _COMPOUNDS or child.type == "test_command":
                body = child
        if name and body:
            functions = {**self.state.functions, name: Function(self.script, body)}
            self.state = self.state._replace(functions=functions)
        return Status.SUCCEEDS

    def call(self, function: Function, arguments: Sequence[Field], standing: Standing) -> Status:
        """Follow a function's body where it is called."""
        if self._scripts >= _DEEPEST_SCRIPT:
            return Status.EXPECTED
        self._scripts += 1
        before = self.state
        known = all(argument.known for argument in arguments)
        given = tuple(argument.value for argument in arguments) if known else None
        self.state = before._replace(positional=given)
        # set -e acts on the call as on any command, whatever it passes over in the body.
        within = standing._replace(result=not self.tolerated(standing))
        status = self.inside(function.script, lambda: self.visit(function.body, within))
        left = self.state.left
        if left in (Leaving.RETURNED, Leaving.GAVE_UP):
            status = Status.FAILS if left is Leaving.GAVE_UP else Status.EXPECTED
            left = None
        self.state = self.state._replace(positional=before.positional, left=left, maybe=before.maybe)
        self._scripts -= 1
        return status

    # --- commands

    def _test(self, node: Node, standing: Standing, redirects: Sequence[Node]) -> Status:
        text = self.script.source.text
        start, end = node.start_byte, node.end_byte
        double = text.startswith("[[", start)
        self.standing = standing
        fields: list[Field] = []
        for begin, stop in limits(text, start + 1 + double, end - 1 - double):
            fields += [single(self, text, begin, stop)] if double else expand(self, text, begin, stop)
        return self.decided(fields, double=double)

    def decided(self, operands: Sequence[Field], *, double: bool = False) -> Status:
        """The outcome of a condition, as a status."""
        self.probes += found_executables(operands)
        holds = decide(operands, double=double)
        return Status.DOUBT if holds is None else Status.SUCCEEDS if holds else Status.FAILS

    def _redirected(self, node: Node, standing: Standing, redirects: Sequence[Node]) -> Status:
        body = body_of(node)
        behind = (*redirect_nodes(node), *redirects)
        if body is not None:
            return self.visit(body, standing, behind)
        self.standing = standing
        made = redirections(self, behind).made
        if made:
            nothing = Field(":", True, node.start_byte, node.start_byte + 1)
            self.emit(Call([nothing], {}, made, None, standing, node.start_byte, node.end_byte))
        return Status.EXPECTED

    def _command(self, node: Node, standing: Standing, redirects: Sequence[Node]) -> Status:
        self.standing = standing
        extents: list[tuple[int, int]] = []
        assigned: list[assignments.Assignment] = []
        behind = redirects
        for child in node.children:
            kind = child.type
            if kind == "variable_assignment" and not extents:
                assigned.append(assignments.assignment(self, child))
            elif kind in REDIRECTIONS:
                behind = (*behind, child)
            elif kind != "comment":
                start, end = child.start_byte, child.end_byte
                if extents and extents[-1][1] == start:
                    start = extents.pop()[0]
                if end > start:
                    extents.append((start, end))
        words: list[Field] = []
        for start, end in extents:
            words += self.expand(start, end)
        end = node.end_byte
        made: tuple[Redirect, ...] = ()
        body = None
        if behind:
            made, more, body = redirections(self, behind)
            words += more
            end = max(end, behind[-1].end_byte)
        if not words:
            self.state = self.state.assign({name: value for name, value, _ in assigned})
            return Status.EXPECTED
        given = {name: field for name, _, field in assigned}
        return follow(self, Call(words, given, made, body, standing, node.start_byte, end))

    def emit(self, call: Call) -> None:
        """Put down a command."""
        if len(self.out) >= _MOST_COMMANDS:
            return
        state = self.state
        standing = call.standing
        environment = self.environment()
        self.out.append(
            Command(
                tuple(map(self.word, call.words)),
                {name: self.word(field) for name, field in call.assignments.items()},
                call.redirects,
                environment.values,
                state.directory,
                standing.conditional or state.maybe,
                self.tolerated(standing),
                standing.guards,
                standing.piped_from,
                standing.piped_to,
                self.span(call.start, call.end),
                environment.unknown,
                self.tolerated(standing) and not (standing.exempt or standing.forgiven),
            )
        )

    def environment(self) -> _Environment:
        """What commands see of the variables; the same object as long as nothing changes."""
        variables, exported = self.state.variables, self.state.exported
        cached = self._environment
        if cached is None or cached.variables is not variables or cached.exported is not exported:
            values = {name: value for name, value in variables.items() if name in exported and isinstance(value, str)}
            unknown = tuple(name for name, value in variables.items() if value is None and name in exported)
            self._environment = cached = _Environment(variables, exported, values, unknown)
        return cached

    # --- what words ask

    def lookup(self, name: str) -> Value | Unset:
        """See ``Scope``."""
        state = self.state
        value = state.variables.get(name, Unset.UNSET)
        if isinstance(value, Unset):
            if name in ("@", "*"):
                return self._spent(state.positional)
            if name == "#":
                return None if state.positional is None else str(len(state.positional))
            if name.isdecimal() and name != "0":
                given = state.positional
                index = int(name) if len(name) < 6 else 0
                return None if given is None else given[index - 1] if 0 < index <= len(given) else Unset.UNSET
            if name == "PWD":
                return state.directory
            if state.sourced or (not name[0].isalpha() and name[0] != "_"):
                return None
            return value
        return self._spent(value)

    def _spent(self, value: Value) -> Value:
        """A value that goes into a word, unknown once too much has gone into words already."""
        if value:
            self._text -= len(value) * (1 if isinstance(value, str) else _WORD)
        return value if self._text > 0 else None

    def assign(self, name: str, value: str | None) -> None:
        """See ``Scope``."""
        self.state = self.state.assign({name: value})

    def substitute(self, text: str, start: int, end: int) -> str | None:
        """See ``Scope``."""
        source = self.script.source
        inner = cut(source, start, end)
        if text[start - 1 : start] == "`" and "\\" in inner.text:
            inner = at(source, re.sub(r"\\([\\$`])", r"\1", inner.text), start)
        standing, state, assigning = self.standing, self.state, self.assigning
        first = len(self.out)
        self.assigning = False
        self.child(inner, standing if assigning else standing.tested(), state)
        self.standing, self.assigning = standing, assigning
        return self._output(self.out[first:])

    def _output(self, commands: Sequence[Command]) -> str | None:
        """What a substitution's only command prints, where that is plain. ``cd`` before it prints nothing, and what
        its own words substitute stands before it, too.
        """
        while len(commands) > 1 and commands[0].words[0].value in _BEFORE:
            commands = commands[1:]
        if len(commands) != 1:
            return None
        command = commands[0]
        words = tuple(word.value for word in command.words)
        elsewhere = any(
            OUTPUT.match(redirect.operator) and redirect.operator[0] != "2" for redirect in command.redirects
        )
        uncertain = command.conditional and not self.standing.conditional
        if elsewhere or uncertain or not all(word.known for word in command.words):
            return None
        return printed(words, command.directory, self.platform)

    # --- text

    def written(self, node: Node) -> str:
        """The text of a node."""
        return self.script.source.text[node.start_byte : node.end_byte]

    def expand(self, start: int, end: int) -> list[Field]:
        """The fields that a part of the current script expands to."""
        text = self.script.source.text
        if text.find("`", start, end) < 0:
            return expand(self, text, start, end)
        # The grammar takes `a` `b` for one word.
        return [field for limit in limits(text, start, end) for field in expand(self, text, *limit)]

    def single(self, node: Node, last: Node | None = None) -> Field:
        """What nodes expand to where nothing is split, as in an assignment."""
        return single(self, self.script.source.text, node.start_byte, (last or node).end_byte)

    def word(self, field: Field) -> Word:
        """A field as commands have it, with its place."""
        return Word(field.value, self.span(field.start, field.end), field.known)

    def span(self, start: int, end: int) -> Span:
        """Where a part of the current script stands: as ``locate``, quick for what stands on one line."""
        source, _, _, _, offsets = self.script
        index = max(bisect_right(offsets, start) - 1, 0)
        if end > start and (index + 1 == len(offsets) or offsets[index + 1] >= end):
            offset, line, column = source.anchors[index]
            column -= offset
            return Span(source.file, line, column + start, line, column + end)
        return locate(source, start, end)


_VISITORS: Mapping[str, Callable[[Walk, Node, Standing, Sequence[Node]], Status]] = {
    "command": Walk._command,
    "redirected_statement": Walk._redirected,
    "list": lists.and_or,
    "pipeline": lists.pipeline,
    "negated_command": lists.negated,
    "subshell": Walk._subshell,
    "compound_statement": Walk._group,
    "if_statement": branches.conditional,
    "for_statement": loops.over_words,
    "c_style_for_statement": loops.counted,
    "while_statement": loops.waiting,
    "case_statement": branches.case,
    "function_definition": Walk._function,
    "variable_assignment": assignments.assignments,
    "variable_assignments": assignments.assignments,
    "declaration_command": assignments.declaration,
    "unset_command": assignments.unset,
    "test_command": Walk._test,
    "ERROR": Walk._broken,
}
