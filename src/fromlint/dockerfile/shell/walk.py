"""Follows a script from command to command, as a shell would run it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import reduce

from fromlint.dockerfile.shell.conditions import decide, found_executables
from fromlint.dockerfile.shell.grammar import Script, parse, too_long, words_alone
from fromlint.dockerfile.shell.nested import at
from fromlint.dockerfile.shell.patterns import matches
from fromlint.dockerfile.shell.printed import printed
from fromlint.dockerfile.shell.simple import Call, follow
from fromlint.dockerfile.shell.state import Function, Leaving, Standing, State, Status, Unset, Value, merge
from fromlint.dockerfile.shell.words import Field, expand, here, limits, single
from fromlint.dockerfile.source import cut, locate
from fromlint.model.build import Command, Redirect, Word
from fromlint.model.dockerfile import Source
from fromlint.model.place import Span
from fromlint.named_tuple import NamedTuple
from fromlint.regex import regex
from fromlint.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node

# Bounds of what is followed; no script that people write comes near.
_MOST_NODES = 20_000
_MOST_COMMANDS = 3_000
_MOST_TURNS = 200
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
_OUTPUT = regex(r"\d*>|&>")
_LEAVES = frozenset({"break", "continue", "exit", "return"})
_LISTED = regex(r"\s+in\b")
_WILD = regex(r"[*?\[]")
_BEFORE = frozenset({"basename", "cd", "dirname", "pwd", "readlink", "realpath"})
_READS = regex(r"while\s+(?:IFS=\S*\s+)?read\s+(?:-r\s+)?(\w+)\s*(?:\|\|[^;\n]*)?(?:;|\n)")
_ASSIGNED = r"(?<![\w-])([A-Za-z_]\w*)\+?=|\bread\s+(?:-\w+\s+)*([A-Za-z_]\w*)"


Turns = Callable[[str, bool, str | None, Mapping[str, str]], Sequence[str] | None]
"""What a pattern or a substitution, as written, stands for: its words, or its lines if so asked; None where that is not
known. The others are the working folder and the exported variables."""


class _Environment(NamedTuple):
    """What exported variables hold, those that are ``unknown`` apart; and what that was made from."""

    variables: Mapping[str, Value]
    exported: frozenset[str]
    values: Mapping[str, str]
    unknown: tuple[str, ...]


class _Redirections(NamedTuple):
    """The redirections of a command, words that the grammar took for further targets, and the here-document."""

    made: tuple[Redirect, ...]
    words: list[Field]
    body: Field | None


class Walk:
    """One script being followed; ``out`` are the commands found, in order. ``turns`` as in ``commands``."""

    def __init__(self, state: State, platform: str | None, turns: Turns | None = None) -> None:
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
        self._assigning = False
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
            self._redirect_all(first, redirects)
        self._depth -= 1
        return status

    def _maybe(self, node: Node, standing: Standing, redirects: Sequence[Node] = ()) -> Status:
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
                words = [field for word in loose for field in self._expand(word.start_byte, word.end_byte)]
                start, end = loose[0].start_byte, loose[-1].end_byte
                if words:
                    status = follow(self, Call(words, {}, (), None, standing, start, end))
                loose = []
            if child and kind in _VISITORS:
                status = self.visit(child, standing)
            before = kind
        return status

    def _list(self, node: Node, standing: Standing, redirects: Sequence[Node]) -> Status:
        """``a && b || c``: the grammar nests to the left, and lets a redirection embrace what is left of it."""
        chain: list[tuple[str, Node, Sequence[Node]]] = []
        operator = ""
        while True:
            if node.type == "list" and len(node.children) >= 3:
                parts = [child for child in node.children if child.type != "comment"]
                chain.append((parts[1].type, parts[-1], redirects))
                node, redirects = parts[0], ()
            elif node.type == "redirected_statement" and (body := _body(node)) and body.type == "list":
                node, redirects = body, (*_redirect_nodes(node), *redirects)
            else:
                chain.append(("", node, redirects))
                break
        chain.reverse()
        handlers = _handlers(chain)
        probes = len(self.probes)
        status = Status.EXPECTED
        for number, (operator, part, behind) in enumerate(chain):
            place = standing
            last = number == len(chain) - 1
            handler = handlers[number]
            if not last:
                result = standing.result if handler is None else standing.fatal and self._gives_up(handler)
                place = standing._replace(result=result, exempt=True)
            if len(self.probes) > probes:
                place = place._replace(guards=(*standing.guards, *self.probes[probes:]))
            if operator == "":
                status = self.visit(part, place, behind)
            elif operator == "&&":
                if status is Status.FAILS:
                    continue
                if status is Status.DOUBT and not (standing.result and handler is None):
                    self._maybe(part, place, behind)
                elif status is Status.EXPECTED and self._name(part) in _LEAVES:
                    # What follows is for the case that the command before failed.
                    self._maybe(part, place, behind)
                else:
                    status = self.visit(part, place, behind)
            else:
                if status is Status.SUCCEEDS:
                    continue
                if status is Status.FAILS:
                    status = self.visit(part, place, behind)
                elif self._maybe(part, place, behind) is Status.SUCCEEDS:
                    status = Status.SUCCEEDS
                else:
                    status = Status.EXPECTED
            if self.state.left is not None:
                break
        return status

    def _gives_up(self, node: Node, depth: int = 0) -> bool:
        """Whether a statement ends in ``exit 1``, ``return 1``, ``false`` or a function that does."""
        kind = node.type
        if kind == "command":
            words = self._written(node).split()
            if words[:1] in (["exit"], ["return"]):
                return words[1:2] != ["0"]
            function = self.state.functions.get(words[0]) if words else None
            if function and depth < _DEEPEST_SCRIPT:
                body = function.body
                text = function.script.source.text[body.start_byte : body.end_byte]
                return re.search(r"\bexit\s+[1-9$]", text) is not None
            return words[:1] == ["false"]
        if kind == "redirected_statement":
            body_node = _body(node)
            return body_node is not None and self._gives_up(body_node, depth)
        if kind in ("compound_statement", "subshell", "list"):
            named = [child for child in node.children if child.is_named and child.type != "comment"]
            return bool(named) and depth < _DEEPEST_SCRIPT and self._gives_up(named[-1], depth + 1)
        return False

    def _pipeline(self, node: Node, standing: Standing, redirects: Sequence[Node]) -> Status:
        parts = [child for child in node.children if child.is_named and child.type != "comment"]
        names = [self._name(part) for part in parts]
        status = Status.EXPECTED
        for number, part in enumerate(parts):
            last = number == len(parts) - 1
            before = self.state
            place = standing._replace(
                piped_from=names[number - 1] if number else standing.piped_from,
                piped_to=standing.piped_to if last else names[number + 1],
                feeding=(node.start_byte, parts[number - 1].end_byte) if number else standing.feeding,
            )
            if not last and not self.state.pipefail:
                place = place._replace(result=False, exempt=True)
            status = self.visit(part, place, redirects if last else ())
            self.state = before
        return status

    def _name(self, node: Node) -> str | None:
        """The name of the command that a part of a pipe runs, as far as it is plain."""
        while node.type == "redirected_statement":
            body = _body(node)
            if body is None:
                return None
            node = body
        if node.type != "command":
            return None
        for word in self._written(node).split():
            if word not in ("sudo", "env", "exec", "command", "time", "nice") and word[0] != "-" and "=" not in word:
                return word
        return None

    def _negated(self, node: Node, standing: Standing, redirects: Sequence[Node]) -> Status:
        status = self.visit(node.children[-1], standing.tested(), redirects)
        opposite = {Status.SUCCEEDS: Status.FAILS, Status.FAILS: Status.SUCCEEDS}
        return opposite.get(status, Status.DOUBT)

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

    # --- branches

    def _if(self, node: Node, standing: Standing, redirects: Sequence[Node]) -> Status:
        clauses = [node, *(child for child in node.children if child.type in ("elif_clause", "else_clause"))]
        probes = len(self.probes)
        outcomes: list[State] = []
        place = standing
        for clause in clauses:
            status = Status.SUCCEEDS
            conditions, body = _clause(clause)
            if clause.type != "else_clause":
                status = self.statements(conditions, place.tested())
                if status is Status.FAILS:
                    continue
            before = self.state
            if status is not Status.SUCCEEDS:
                place = place._replace(conditional=True)
            if len(self.probes) > probes:
                place = place._replace(guards=(*standing.guards, *self.probes[probes:]))
            ended = self.statements(body, place)
            outcomes.append(self.state)
            if status is Status.SUCCEEDS:
                self.state = reduce(merge, outcomes)
                return ended if len(outcomes) == 1 else Status.EXPECTED
            self.state = before
        outcomes.append(self.state)
        self.state = reduce(merge, outcomes)
        return Status.EXPECTED

    def _case(self, node: Node, standing: Standing, redirects: Sequence[Node]) -> Status:
        self.standing = standing
        subject: Field | None = None
        outcomes: list[State] = []
        place = standing
        for item in node.children:
            if item.type != "case_item":
                if subject is None and item.is_named and item.type != "comment":
                    subject = self._single(item)
                continue
            fits = self._fits(subject, item)
            if fits is False:
                continue
            before = self.state
            if fits is None:
                place = place._replace(conditional=True)
            self.statements(item.children, place)
            outcomes.append(self.state)
            if fits:
                self.state = reduce(merge, outcomes)
                return Status.EXPECTED
            self.state = before
        outcomes.append(self.state)
        self.state = reduce(merge, outcomes)
        return Status.EXPECTED

    def _fits(self, subject: Field | None, item: Node) -> bool | None:
        """Whether a ``case`` subject matches one of the patterns of an item."""
        answers: list[bool | None] = []
        for child in item.children:
            if child.type == ")":
                break
            if not child.is_named or child.type == "comment":
                continue
            pattern = self._single(child)
            if pattern.value == "*":
                return True
            known = subject is not None and subject.known and pattern.known
            answers.append(matches(subject.value, pattern.value) if subject is not None and known else None)
        return True if True in answers else None if None in answers else False

    # --- loops

    def _for(self, node: Node, standing: Standing, redirects: Sequence[Node]) -> Status:
        self.standing = standing
        name, body, listed = "", None, False
        values: list[Field] = []
        for child in node.children:
            kind = child.type
            if kind == "variable_name":
                name = self._written(child)
                # The grammar does not know "for x in; do" for what it is.
                listed = _LISTED.match(self.script.source.text, child.end_byte) is not None
            elif kind in ("do_group", "compound_statement"):
                body = child
            elif child.is_named and kind not in ("comment", "ERROR") and listed:
                values += self._expand(child.start_byte, child.end_byte)
        if body is None:
            return Status.EXPECTED
        if not listed:
            given = self.state.positional
            values = [Field(value, True, node.start_byte, node.end_byte) for value in given or ()]
            if given is None:
                values = [Field("$@", False, node.start_byte, node.end_byte)]
        if not values:
            return Status.SUCCEEDS
        values = [turn for value in values for turn in self._told(value)]
        text = self._written(body)
        if len(values) > _MOST_TURNS or not re.search(rf"\$\{{?{re.escape(name)}\b", text):
            # Tried again and again (for i in 1 2 3), or too long a list: followed once.
            wild = all(not value.known or _WILD.search(value.value) for value in values)
            return self._once(body, standing, surely=not wild, variables=(name,))
        for number, value in enumerate(values):
            plain = value.known and not _WILD.search(value.value)
            self.state = self.state.assign({name: value.value if plain else None})
            place = standing if number == len(values) - 1 else standing._replace(result=False)
            before = self.state
            self.statements(body.children, place if plain else place._replace(conditional=True))
            if not plain:
                self.state = merge(before, self.state)
            if self.state.left is not None:
                break
        self._leave_loop()
        return Status.EXPECTED

    def _told(self, value: Field) -> list[Field]:
        """The fields that a pattern or a substitution in the head of a loop stands for; itself, where nobody knows."""
        if self.turns is None or (value.known and not _WILD.search(value.value)):
            return [value]
        said = self.turns(value.value, False, self.state.directory, self.environment().values)
        return [Field(word, True, value.start, value.end) for word in said] if said else [value]

    def _counted(self, node: Node, standing: Standing, redirects: Sequence[Node]) -> Status:
        body = next((child for child in node.children if child.type in ("do_group", "compound_statement")), None)
        if body is None:
            return Status.EXPECTED
        head = self.script.source.text[node.start_byte : body.start_byte]
        return self._once(body, standing, surely=True, variables=_assigned(head))

    def _while(self, node: Node, standing: Standing, redirects: Sequence[Node]) -> Status:
        parts = [child for child in node.children if child.type not in ("while", "until")]
        body = next((child for child in parts if child.type == "do_group"), None)
        if body is None:
            return self.statements(parts, standing.tested())
        self.state = self.state.assign(dict.fromkeys(_assigned(self._written(node))))
        conditions = [child for child in parts if child != body]
        read = _READS.match(self._written(node)) if self.turns is not None else None
        lines = self._lines(standing, redirects) if read is not None else None
        if read is not None and lines is not None:
            return self._read(read[1], body, standing, lines)
        status = self.statements(conditions, standing.tested())
        enters = Status.FAILS if node.children[0].type == "until" else Status.SUCCEEDS
        if status is not enters and status in (Status.SUCCEEDS, Status.FAILS):
            return Status.EXPECTED
        return self._once(body, standing, surely=status is enters)

    def _lines(self, standing: Standing, redirects: Sequence[Node]) -> Sequence[str] | None:
        """The lines that ``while read x`` reads from a file or a pipe; None where nobody knows."""
        if self.turns is None:
            return None
        source = self.script.source.text
        inputs = [text for text in map(self._written, redirects) if text.startswith("<") and text[1:2] not in "<(&"]
        if len(inputs) == 1:
            asked = f"$(cat {inputs[0][1:].strip()})"
        elif standing.feeding is not None and not redirects:
            asked = f"$({source[slice(*standing.feeding)]})"
        else:
            return None
        lines = self.turns(asked, True, self.state.directory, self.environment().values)
        return lines if lines is not None and len(lines) <= _MOST_TURNS else None

    def _read(self, name: str, body: Node, standing: Standing, lines: Sequence[str]) -> Status:
        standing = standing._replace(piped_from=None, piped_to=None, feeding=None)
        for number, line in enumerate(lines):
            self.state = self.state.assign({name: line})
            last = number == len(lines) - 1
            self.statements(body.children, standing if last else standing._replace(result=False))
            if self.state.left is not None:
                break
        self._leave_loop()
        return Status.EXPECTED

    def _once(self, body: Node, standing: Standing, *, surely: bool, variables: Iterable[str] = ()) -> Status:
        """Follow a loop's body a single time, knowing nothing of the variables that change from turn to turn."""
        self.state = self.state.assign(dict.fromkeys((*variables, *_assigned(self._written(body)))))
        before = self.state
        self.statements(body.children, standing if surely else standing._replace(conditional=True))
        if not surely:
            self.state = merge(before, self.state)
        self._leave_loop()
        return Status.EXPECTED

    def _leave_loop(self) -> None:
        if self.state.left is Leaving.BROKEN:
            self.state = self.state._replace(left=None)

    # --- functions

    def _function(self, node: Node, standing: Standing, redirects: Sequence[Node]) -> Status:
        name = body = None
        for child in node.children:
            if child.type == "word" and name is None:
                name = self._written(child)
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

    # --- assignments

    def _assignments(self, node: Node, standing: Standing, redirects: Sequence[Node]) -> Status:
        self.standing = standing
        self._assigning = True
        for child in (node,) if node.type == "variable_assignment" else node.children:
            if child.type == "variable_assignment":
                name, value, _ = self._assignment(child)
                self.state = self.state.assign({name: value})
        self._assigning = False
        return Status.EXPECTED

    def _assignment(self, node: Node) -> tuple[str, Value, Field]:
        """The name, the value, and what was written."""
        children = node.children
        name = self._written(children[0])
        added = len(children) > 1 and children[1].type == "+="
        written = Field("", True, node.end_byte, node.end_byte)
        value: Value = ""
        if len(children) > 2:
            last = children[-1]
            if last.type == "array":
                fields = [
                    field
                    for child in last.children
                    if child.is_named and child.type != "comment"
                    for field in self._expand(child.start_byte, child.end_byte)
                ]
                known = all(field.known for field in fields)
                value = tuple(field.value for field in fields) if known else None
                written = Field(self._written(last), known, last.start_byte, last.end_byte)
            else:
                written = self._single(children[2], last)
                value = written.value if written.known else None
        if children[0].type == "subscript":
            return name.partition("[")[0], None, written
        if added:
            old = self.state.variables.get(name, "")
            value = _sum(old, value)
        return name, value, written

    def _declaration(self, node: Node, standing: Standing, redirects: Sequence[Node]) -> Status:
        """``export X=y Z``, ``local``, ``declare``, ``readonly``."""
        self.standing = standing.tested()
        children = node.children
        export = children[0].type == "export"
        values: dict[str, Value] = {}
        names: set[str] = set()
        for child in children[1:]:
            if child.type == "variable_assignment":
                name, value, _ = self._assignment(child)
                values[name] = value
            elif child.type == "variable_name":
                names.add(self._written(child))
            elif child.is_named:
                for field in self._expand(child.start_byte, child.end_byte):
                    name, equals, text = field.value.partition("=")
                    if equals and name.isidentifier():
                        values[name] = text if field.known else None
                    elif name.startswith("-"):
                        export |= "x" in name and not name.startswith("--")
        self.state = self.state.assign(values, export=export)
        if export and names:
            self.state = self.state._replace(exported=self.state.exported | names)
        return Status.EXPECTED

    def _unset(self, node: Node, standing: Standing, redirects: Sequence[Node]) -> Status:
        names = {self._written(child) for child in node.children[1:]}
        variables = {name: value for name, value in self.state.variables.items() if name not in names}
        self.state = self.state._replace(variables=variables)
        return Status.EXPECTED

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
        body = _body(node)
        behind = (*_redirect_nodes(node), *redirects)
        if body is not None:
            return self.visit(body, standing, behind)
        self.standing = standing
        made = self._redirects(behind).made
        if made:
            nothing = Field(":", True, node.start_byte, node.start_byte + 1)
            self.emit(Call([nothing], {}, made, None, standing, node.start_byte, node.end_byte))
        return Status.EXPECTED

    def _command(self, node: Node, standing: Standing, redirects: Sequence[Node]) -> Status:
        self.standing = standing
        extents: list[tuple[int, int]] = []
        assigned: list[tuple[str, Value, Field]] = []
        behind = redirects
        for child in node.children:
            kind = child.type
            if kind == "variable_assignment" and not extents:
                assigned.append(self._assignment(child))
            elif kind in _REDIRECTIONS:
                behind = (*behind, child)
            elif kind != "comment":
                start, end = child.start_byte, child.end_byte
                if extents and extents[-1][1] == start:
                    start = extents.pop()[0]
                if end > start:
                    extents.append((start, end))
        words: list[Field] = []
        for start, end in extents:
            words += self._expand(start, end)
        end = node.end_byte
        made: tuple[Redirect, ...] = ()
        body = None
        if behind:
            made, more, body = self._redirects(behind)
            words += more
            end = max(end, behind[-1].end_byte)
        if not words:
            self.state = self.state.assign({name: value for name, value, _ in assigned})
            return Status.EXPECTED
        assignments = {name: field for name, _, field in assigned}
        return follow(self, Call(words, assignments, made, body, standing, node.start_byte, end))

    def emit(self, call: Call) -> None:
        """Put down a command."""
        if len(self.out) >= _MOST_COMMANDS:
            return
        state = self.state
        standing = call.standing
        environment = self.environment()
        self.out.append(
            Command(
                tuple(map(self._word, call.words)),
                {name: self._word(field) for name, field in call.assignments.items()},
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

    # --- redirections

    def _redirects(self, nodes: Iterable[Node]) -> _Redirections:
        made: list[Redirect] = []
        words: list[Field] = []
        body: Field | None = None
        for node in nodes:
            operator, offset = "", node.start_byte
            targets: list[Node] = []
            for child in node.children:
                if child.type == "file_descriptor":
                    operator = self._written(child)
                elif not child.is_named and not targets:
                    operator += child.type
                    offset = child.start_byte
                elif child.is_named:
                    targets.append(child)
            if not targets:
                continue
            heredoc = self.script.heredocs.get(offset)
            if heredoc:
                text = self.script.source.text
                body = here(self, text, heredoc.start, heredoc.end, expands=heredoc.expand, strip=heredoc.strip)
                made.append(Redirect("<<", self._word(body)))
            elif operator[-2:] not in (">&", "<&"):
                target = self._single(targets[0])
                made.append(Redirect("<<<" if offset in self.script.herestrings else operator, self._word(target)))
            for extra in targets[1:]:
                words += self._expand(extra.start_byte, extra.end_byte)
        return _Redirections(tuple(made), words, body)

    def _redirect_all(self, first: int, nodes: Sequence[Node]) -> None:
        """``{ a; b; } > file``: the first command makes the file, the others append."""
        kept = tuple(redirect for redirect in self._redirects(nodes).made if _OUTPUT.match(redirect.operator))
        for index in range(first, len(self.out) if kept else first):
            command = self.out[index]
            if command.piped_to is None and not command.redirects:
                self.out[index] = command._replace(redirects=kept)
                kept = tuple(redirect._replace(operator=">>") for redirect in kept)

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
        standing, state, assigning = self.standing, self.state, self._assigning
        first = len(self.out)
        self._assigning = False
        self.child(inner, standing if assigning else standing.tested(), state)
        self.standing, self._assigning = standing, assigning
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
            _OUTPUT.match(redirect.operator) and redirect.operator[0] != "2" for redirect in command.redirects
        )
        uncertain = command.conditional and not self.standing.conditional
        if elsewhere or uncertain or not all(word.known for word in command.words):
            return None
        return printed(words, command.directory, self.platform)

    # --- text

    def _written(self, node: Node) -> str:
        return self.script.source.text[node.start_byte : node.end_byte]

    def _expand(self, start: int, end: int) -> list[Field]:
        text = self.script.source.text
        if text.find("`", start, end) < 0:
            return expand(self, text, start, end)
        # The grammar takes `a` `b` for one word.
        return [field for limit in limits(text, start, end) for field in expand(self, text, *limit)]

    def _single(self, node: Node, last: Node | None = None) -> Field:
        return single(self, self.script.source.text, node.start_byte, (last or node).end_byte)

    def _word(self, field: Field) -> Word:
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
    "list": Walk._list,
    "pipeline": Walk._pipeline,
    "negated_command": Walk._negated,
    "subshell": Walk._subshell,
    "compound_statement": Walk._group,
    "if_statement": Walk._if,
    "for_statement": Walk._for,
    "c_style_for_statement": Walk._counted,
    "while_statement": Walk._while,
    "case_statement": Walk._case,
    "function_definition": Walk._function,
    "variable_assignment": Walk._assignments,
    "variable_assignments": Walk._assignments,
    "declaration_command": Walk._declaration,
    "unset_command": Walk._unset,
    "test_command": Walk._test,
    "ERROR": Walk._broken,
}
_REDIRECTIONS = frozenset({"file_redirect", "heredoc_redirect", "herestring_redirect"})


def _body(node: Node) -> Node | None:
    return next((child for child in node.children if child.type not in _REDIRECTIONS and child.is_named), None)


def _redirect_nodes(node: Node) -> Iterator[Node]:
    return (child for child in node.children if child.type in _REDIRECTIONS)


def _clause(node: Node) -> tuple[list[Node], list[Node]]:
    """The statements before and after ``then``; of ``else`` only those after."""
    conditions: list[Node] = []
    body: list[Node] = []
    part = body if node.type == "else_clause" else conditions
    for child in node.children:
        if child.type == "then":
            part = body
        elif child.type not in ("elif_clause", "else_clause"):
            part.append(child)
    return conditions, body


def _handlers(chain: Sequence[tuple[str, Node, Sequence[Node]]]) -> list[Node | None]:
    """What runs when a command of a chain fails: for each of them, what stands behind the next ``||``."""
    found: list[Node | None] = []
    handler: Node | None = None
    for operator, node, _ in reversed(chain):
        found.append(handler)
        if operator == "||":
            handler = node
    found.reverse()
    return found


def _assigned(text: str) -> list[str]:
    return [match[1] or match[2] for match in re.finditer(_ASSIGNED, text)]


def _sum(old: Value, value: Value) -> Value:
    """``X+=y``."""
    if isinstance(old, str) and isinstance(value, str):
        return old + value
    if isinstance(value, tuple) and (isinstance(old, tuple) or old == ""):
        return (*(old or ()), *value)
    return None
