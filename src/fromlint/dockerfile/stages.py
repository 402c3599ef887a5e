"""Instructions to stages: which image or stage each begins from, and which of them the target needs.

After BuildKit's frontend/dockerfile/dockerfile2llb/convert.go and validations.go.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from fromlint.dockerfile import platforms
from fromlint.dockerfile.arguments import Arguments, arguments
from fromlint.dockerfile.grammar import stage_name
from fromlint.dockerfile.origins import Origin, named_context, origin, out_of_scope
from fromlint.dockerfile.parse import trigger
from fromlint.dockerfile.words import fields
from fromlint.model.dockerfile import Dockerfile, Instruction, Stage
from fromlint.model.place import Problem, Span, Text
from fromlint.named_tuple import NamedTuple

_MOST_TRIGGERS = 10_000
"""Of all stages together: a file of a megabyte could ask for hundreds of millions."""

_Edges = dict[int, dict[int, Instruction]]
"""For each stage the stages that it takes files from, and by which instruction."""


class _Group(NamedTuple):
    """A FROM, the name that it gives, and what follows it."""

    start: Instruction
    name: str | None
    instructions: tuple[Instruction, ...]


def stages(
    dockerfile: Dockerfile,
    *,
    build_args: Mapping[str, str | None] | None = None,
    target: str | None = None,
    platform: str = platforms.DEFAULT,
    contexts: Mapping[str, str] | None = None,
) -> tuple[Stage, ...]:
    """The stages of a Dockerfile, in order. For the parameters see ``graph``."""
    return graph(dockerfile, build_args=build_args, target=target, platform=platform, contexts=contexts)[0]


def graph(
    dockerfile: Dockerfile,
    *,
    build_args: Mapping[str, str | None] | None = None,
    target: str | None = None,
    platform: str = platforms.DEFAULT,
    contexts: Mapping[str, str] | None = None,
) -> tuple[tuple[Stage, ...], tuple[Problem, ...]]:
    """The stages of a Dockerfile in order, and what the builder refuses in how they begin and use each other.

    ``build_args`` are those of ``--build-arg``; None for a value that is not known. ``target`` is a stage's name or
    number: the last stage is taken where it is None, or not there (a problem). ``platform`` is the target's.
    ``contexts`` are named contexts (``--build-context``) by name.
    """
    head, groups = _groups(dockerfile.instructions)
    if not groups:
        return (), ()
    names = {group.name: number for number, group in enumerate(groups) if group.name}
    wanted, problems = _target(target, names, len(groups), groups[-1].start.span)
    given = build_args or {}
    purpose = groups[wanted].name or "default"
    known, elsewhere = (
        arguments(head, given, each, purpose, dockerfile.escape) for each in (platform, _another(platform))
    )
    problems += known.problems
    made = _begin(groups, known, elsewhere, platform, contexts or {}, problems)
    edges, refused = _edges(made, names)
    reachable = _reachable(wanted, made, edges)
    shipped = _chain(wanted, made)
    problems += [*refused, *_order_problems(made, edges, reachable)]
    problems.sort(key=lambda problem: problem.span[1:])
    return tuple(
        stage._replace(
            reachable=stage.number in reachable,
            shipped=stage.number in shipped,
            target=stage.number == wanted,
            build_arguments=given,
        )
        for stage in made
    ), tuple(problems)


def _groups(instructions: tuple[Instruction, ...]) -> tuple[tuple[Instruction, ...], list[_Group]]:
    """The ARGs before the first FROM, and each FROM with what follows it."""
    starts = [index for index, instruction in enumerate(instructions) if instruction.keyword == "FROM"]
    if not starts:
        return (), []
    head = instructions[: starts[0]]
    groups = [
        _Group(instructions[start], stage_name(instructions[start].arguments), instructions[start + 1 : end])
        for start, end in zip(starts, [*starts[1:], len(instructions)], strict=True)
    ]
    return tuple(instruction for instruction in head if instruction.keyword == "ARG"), groups


def _another(platform: str) -> str:
    """A platform that is surely another one."""
    return "linux/s390x" if "s390x" not in platform else "linux/ppc64le"


def _target(target: str | None, names: Mapping[str, int], count: int, span: Span) -> tuple[int, list[Problem]]:
    if not target:
        return count - 1, []
    number = names.get(target.lower())
    if number is None and re.fullmatch(r"[0-9]{1,9}", target) and int(target) < count:
        number = int(target)
    if number is not None:
        return number, []
    known = ", ".join(names) or "none has a name"
    return count - 1, [Problem(f"there is no stage {target!r} to build (stages: {known[:200]})", span)]


def _begin(
    groups: list[_Group],
    known: Arguments,
    elsewhere: Arguments,
    platform: str,
    contexts: Mapping[str, str],
    problems: list[Problem],
) -> list[Stage]:
    """The stages with all that stands above each of them: what it begins from, and the triggers it gets."""
    made: list[Stage] = []
    earlier: dict[str, int] = {}
    carried: dict[int, tuple[Instruction, ...]] = {}
    triggers = _MOST_TRIGGERS
    for number, (start, name, own) in enumerate(groups):
        found = origin(start, known, elsewhere)
        if found.problem:
            problems.append(found.problem)
        found, parent = _connect(found, name, earlier, platform, contexts, problems)
        inherited: tuple[Instruction, ...] = ()
        if parent is not None:
            base = made[parent]
            found = found._replace(platform=base.platform, fixed_platform=base.fixed_platform)
            if parent not in carried:
                carried[parent] = _triggered(base, known.escape)
            inherited = carried[parent][:triggers]
            triggers -= len(inherited)
        made.append(
            Stage(
                number=number,
                name=name,
                image=found.image,
                parent=parent,
                platform=found.platform,
                fixed_platform=found.fixed_platform,
                unresolved=found.unresolved,
                instruction=start,
                instructions=inherited + own,
                arguments=known.values,
                reachable=False,
                shipped=False,
                target=False,
            )
        )
        if name:
            earlier[name] = number
    return made


def _connect(
    found: Origin,
    name: str | None,
    earlier: Mapping[str, int],
    platform: str,
    contexts: Mapping[str, str],
    problems: list[Problem],
) -> tuple[Origin, int | None]:
    """Where an origin leads: to an earlier stage (its number), a named context, or an image."""
    if found.image is None:
        return found, None
    if name and (replaced := named_context(Text(name, found.image.span), contexts)):
        return found._replace(image=replaced[0], unresolved=replaced[1]), None
    written = found.image.value
    parent = earlier.get(written.lower())
    if parent is not None:
        if written != written.lower():
            said = f"the names of stages are kept in lower case: FROM {written} does not find {written.lower()}"
            problems.append(Problem(said, found.image.span))
        return found, parent
    if replaced := named_context(found.image, contexts):
        return found._replace(image=replaced[0], unresolved=replaced[1]), None
    if unresolved := out_of_scope(written, found.platform or platform):
        return found._replace(image=None, unresolved=unresolved), None
    return found, None


def _triggered(parent: Stage, escape: str) -> tuple[Instruction, ...]:
    """What the parent's ONBUILD instructions carry into a child; a grandchild gets nothing of it."""
    carried = (trigger(instruction, escape) for instruction in parent.instructions if instruction.keyword == "ONBUILD")
    return tuple(instruction for instruction in carried if instruction is not None)


def _uses(stage: Stage) -> Iterator[tuple[str, Instruction]]:
    """What the stage takes from other stages or images, as it is written, and by which instruction."""
    for instruction in stage.instructions:
        if instruction.keyword == "COPY":
            for flag in instruction.flags:
                if flag.name == "from" and flag.value:
                    yield flag.value, instruction
        elif instruction.keyword == "RUN":
            for flag in instruction.flags:
                if flag.name == "mount" and flag.value and "from" in flag.value.lower():
                    pairs = (field.partition("=") for field in fields(flag.value))
                    yield from ((value, instruction) for key, _, value in pairs if key.lower() == "from" and value)


def _edges(made: list[Stage], names: Mapping[str, int]) -> tuple[_Edges, list[Problem]]:
    """Which stages use which, and references that lead nowhere.

    A name means the last stage that bears it, wherever that stands; one that no stage bears is an image's. A number
    means a stage for COPY only.
    """
    edges: _Edges = {stage.number: {} for stage in made}
    problems: list[Problem] = []
    for stage in made:
        for name, instruction in _uses(stage):
            number = names.get(name.lower())
            if instruction.keyword == "COPY":
                if "$" in name[:-1]:
                    said = "COPY --from takes no variables; name a stage instead, whose FROM may have some"
                    problems.append(Problem(said, instruction.span))
                    continue
                if re.fullmatch(r"[+-]?[0-9]{1,18}", name):
                    number = int(name)
                    if not 0 <= number < len(made):
                        said = f"there is no stage {name}: the last is {len(made) - 1}"
                        problems.append(Problem(said, instruction.span))
                        continue
            if number is not None:
                edges[stage.number].setdefault(number, instruction)
    return edges, problems


def _reachable(wanted: int, made: list[Stage], edges: _Edges) -> set[int]:
    found: set[int] = set()
    waiting = [wanted]
    while waiting:
        number = waiting.pop()
        if number in found:
            continue
        found.add(number)
        waiting += edges[number]
        parent = made[number].parent
        if parent is not None:
            waiting.append(parent)
    return found


def _chain(wanted: int, made: list[Stage]) -> set[int]:
    chain: set[int] = set()
    number: int | None = wanted
    while number is not None:
        chain.add(number)
        number = made[number].parent
    return chain


def _order_problems(made: list[Stage], edges: _Edges, reachable: set[int]) -> Iterator[Problem]:
    """Cycles anywhere; without any, later stages used by a stage that is built."""
    closing = _cycles(edges)
    for source, used in closing:
        through = "" if source == used else f", through {_called(made[used])}"
        yield Problem(f"{_called(made[source])} depends on itself{through}", edges[source][used].span)
    for number in () if closing else reachable:
        for used, instruction in edges[number].items():
            if used > number:
                yield Problem(f"{_called(made[used])} has to stand before the stage that uses it", instruction.span)


def _called(stage: Stage) -> str:
    return f"stage {stage.name or stage.number}"


def _cycles(edges: _Edges) -> set[tuple[int, int]]:
    """The edges that close a cycle, found depth first; without recursion, for a chain may be of thousands of stages."""
    closing: set[tuple[int, int]] = set()
    done: set[int] = set()
    for root in edges:
        path = {root} - done
        stack = [(root, _each(edges[root]))] if path else []
        while stack:
            number, following = stack[-1]
            used = following()
            if used is None:
                stack.pop()
                path.discard(number)
                done.add(number)
            elif used in path:
                closing.add((number, used))
            elif used not in done:
                path.add(used)
                stack.append((used, _each(edges[used])))
    return closing


def _each(used: Mapping[int, Instruction]) -> Callable[[], int | None]:
    numbers = iter(used)
    return lambda: next(numbers, None)
