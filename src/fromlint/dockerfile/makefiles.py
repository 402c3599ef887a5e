"""What ``make TARGET`` runs by a plain Makefile, as a shell script.

The rules, variables and recipes of POSIX make and the GNU additions that people use for chores (``.PHONY``, ``:=``,
``?=``, ``+=``, ``$(MAKE)``). What a function or an included file would say is an unknown variable of the script; a
target that is not told plainly gives no script.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from fromlint.model.dockerfile import Anchor, Source
from fromlint.named_tuple import NamedTuple
from fromlint.regex import regex

_MOST_RULES = 500
_LONGEST_LINE = 20_000
_ASSIGNMENT = regex(r"(?:export\s+|override\s+)*([A-Za-z_.][\w.-]*)\s*(:::?=|::?=|\?=|\+=|!=|=)[ \t]*(.*)", re.DOTALL)
_CONDITIONAL = regex(r"(?:ifeq|ifneq|ifdef|ifndef)\b")
_REFERENCE = regex(r"\$(?:\$|\(([^()$]*)\)|\{([^{}$]*)\}|(.))", re.DOTALL)
_WORD = regex(r"[A-Za-z_]\w*")


class Script(NamedTuple):
    """The recipes in order, and the variables of the script that are not known."""

    source: Source
    unknown: frozenset[str]


class _Rule(NamedTuple):
    """A target's prerequisites and the lines of its recipe, each with the number of its line."""

    prerequisites: tuple[str, ...]
    recipe: tuple[tuple[str, int], ...]


class _Makefile(NamedTuple):
    rules: Mapping[str, _Rule]
    variables: Mapping[str, str]
    phony: frozenset[str]
    default: str | None


def script(
    text: str,
    file: str,
    targets: Sequence[str],
    given: Mapping[str, str],
    environment: Mapping[str, str],
    exists: Callable[[str], bool | None],
) -> Script | None:
    """What the targets run (the first one where none is named); None where that is not plain.

    ``given`` are variables of the command line; ``exists`` tells whether a file is there, which needs not be made.
    """
    made = _read(text, given, environment)
    wanted = tuple(targets) or ((made.default,) if made is not None and made.default is not None else ())
    if made is None or not wanted:
        return None
    order: list[str] = []
    if not all(_visit(target, made, exists, order, ()) for target in wanted):
        return None
    return _written(made, order, file)


def _visit(
    target: str, made: _Makefile, exists: Callable[[str], bool | None], order: list[str], chain: tuple[str, ...]
) -> bool:
    """Put a target behind all that it needs. False where what it does is not known."""
    if target in order or target in chain:
        return True
    rule = made.rules.get(target)
    there = exists(target) if target not in made.phony else False
    if rule is None:
        return there is True
    if there is True and rule.recipe:
        return True  # what is kept with the project is taken to be up to date
    if len(chain) > 50:
        return False
    if not all(_visit(needed, made, exists, order, (*chain, target)) for needed in rule.prerequisites):
        return False
    order.append(target)
    return True


def _read(text: str, given: Mapping[str, str], environment: Mapping[str, str]) -> _Makefile | None:
    rules: dict[str, _Rule] = {}
    variables: dict[str, str] = {}
    phony: set[str] = set()
    doubtful: set[str] = set()
    default: str | None = None
    current: list[str] = []
    depth, defining = 0, False
    for line, number in _logical_lines(text):
        if len(line) > _LONGEST_LINE or len(rules) > _MOST_RULES:
            return None
        stripped = line.strip()
        if defining:
            defining = stripped != "endef"
        elif line.startswith("\t") and current:
            for name in current:
                rules[name] = rules[name]._replace(recipe=(*rules[name].recipe, (line[1:], number)))
        elif not stripped or stripped.startswith("#"):
            continue
        elif _CONDITIONAL.match(stripped):
            depth += 1
        elif stripped.startswith("endif"):
            depth -= 1
        elif stripped.startswith("else"):
            continue
        elif stripped.startswith("define "):
            defining = True
            doubtful.add(stripped.split()[1])
        elif assigned := _ASSIGNMENT.fullmatch(_without_comment(stripped)):
            current = []
            name, operator, value = assigned[1], assigned[2], assigned[3]
            if depth or operator == "!=":
                doubtful.add(name)
            elif operator == "+=" and name in variables:
                variables[name] += f" {value}"
            elif operator != "?=" or not (name in environment or name in variables):
                variables[name] = value
        elif ":" in stripped:
            head, _, rest = _without_comment(stripped).partition(":")
            behind, _, inline = rest.removeprefix(":").partition(";")
            names = _expanded(head, {**environment, **variables, **given}).split()
            current = []
            if any(sign in name for name in names for sign in "%$="):
                continue
            needed = _expanded(behind, {**environment, **variables, **given}).replace("|", " ").split()
            if own_variable := _ASSIGNMENT.fullmatch(rest.strip()):
                doubtful.add(own_variable[1])  # a variable of that target alone
                continue
            if ".PHONY" in names:
                phony.update(needed)
                continue
            if rest.startswith(":") or depth or any("$" in name or "%" in name for name in needed):
                doubtful.update(f"rule {name}" for name in names)
            for name in names:
                before = rules.get(name, _Rule((), ()))
                own = ((inline.strip(), number),) if inline.strip() else ()
                rules[name] = _Rule((*before.prerequisites, *needed), own or before.recipe)
                default = default or (name if not name.startswith(".") else None)
            current = names
        else:
            current = []  # include, export NAME, vpath …
    known = {name: value for name, value in {**environment, **variables, **given}.items() if name not in doubtful}
    plain = {name: rule for name, rule in rules.items() if f"rule {name}" not in doubtful}
    if ".ONESHELL" in rules or ".RECIPEPREFIX" in variables:
        return None
    return _Makefile(plain, known, frozenset(phony), default)


def _logical_lines(text: str) -> list[tuple[str, int]]:
    """Lines with those that a backslash continues; in recipes the backslash is the shell's."""
    found: list[tuple[str, int]] = []
    open_line = False
    for number, line in enumerate(text.split("\n"), 1):
        line = line.removesuffix("\r")
        if open_line:
            before, first = found[-1]
            recipe = before.startswith("\t")
            joined = f"{before}\n{line.removeprefix(chr(9))}" if recipe else f"{before[:-1].rstrip()} {line.strip()}"
            found[-1] = joined, first
        else:
            found.append((line, number))
        open_line = line.endswith("\\") and not line.lstrip().startswith("#")
    return found


def _without_comment(line: str) -> str:
    return re.split(r"(?<!\\)#", line, maxsplit=1)[0].rstrip()


def _expanded(text: str, variables: Mapping[str, str], depth: int = 0) -> str:
    """The text with the variables that are known; the others as they stand."""

    def put(match: re.Match[str]) -> str:
        name = match[1] or match[2] or match[3] or ""
        if match[0] == "$$" or name not in variables or depth > 10:
            return match[0]
        value = _expanded(variables[name], variables, depth + 1)
        return value if len(value) < _LONGEST_LINE else match[0]

    return _REFERENCE.sub(put, text)[: 2 * _LONGEST_LINE]


def _written(made: _Makefile, order: Sequence[str], file: str) -> Script:
    text = ""
    anchors: list[Anchor] = [Anchor(0, 1, 1)]
    unknown: set[str] = set()
    for target in order:
        for line, number in made.rules[target].recipe:
            stripped = line.lstrip(" \t@-+")
            tolerated = "-" in line[: len(line) - len(stripped)]
            variables = {"MAKE": "make", **made.variables, "@": target, "CURDIR": "."}
            command = _for_the_shell(_expanded(stripped, variables), unknown)
            if text:
                anchors.append(Anchor(len(text), number, 1))
            # make hands each line to a shell of its own, which is not told to stop at errors within it.
            text += f"( set +e\n{command}\n){' || true' if tolerated else ''}\n"
    return Script(Source(text, file, tuple(anchors)), frozenset(unknown))


def _for_the_shell(text: str, unknown: set[str]) -> str:
    """What make hands to the shell: ``$$`` is ``$``, and what it would put in place is a variable of that name."""

    def put(match: re.Match[str]) -> str:
        if match[0] == "$$":
            return "$"
        found = _WORD.search(match[1] or match[2] or "")
        name = found[0] if found else "make"
        unknown.add(name)
        return f"${{{name}}}"

    return _REFERENCE.sub(put, text)
