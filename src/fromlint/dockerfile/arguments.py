"""The arguments that FROM lines may use: predefined ones, and the ARGs that stand before the first FROM.

After ``defaultArgs`` and ``buildMetaArgs`` in BuildKit's frontend/dockerfile/dockerfile2llb.
"""

from __future__ import annotations

from collections.abc import Mapping

from fromlint.dockerfile import platforms
from fromlint.dockerfile.expand import LONGEST, expand
from fromlint.dockerfile.words import Refused, assignments
from fromlint.model.dockerfile import Instruction
from fromlint.model.place import Problem
from fromlint.named_tuple import NamedTuple

_MOST_TEXT = 1_048_576
"""Of all values together, in characters: a file of a megabyte could ask for gigabytes."""


class Arguments(NamedTuple):
    """``values`` by name; None where there is none that is known, and then ``reasons`` says why."""

    values: Mapping[str, str | None]
    reasons: Mapping[str, str]
    problems: tuple[Problem, ...]
    escape: str


class Resolved(NamedTuple):
    """Expanded text, or why it is not known; ``error`` where the builder refuses it.

    ``undeclared`` are the names in it that no ARG declares: the builder puts nothing in their place, always.
    """

    text: str | None
    unknown: str | None
    error: str | None
    undeclared: tuple[str, ...]


def arguments(
    instructions: tuple[Instruction, ...], given: Mapping[str, str | None], platform: str, target: str, escape: str
) -> Arguments:
    """What the ARGs in ``instructions`` and the predefined arguments amount to.

    ``given`` are those of ``--build-arg``: they win where the name is predefined or declared, and count for nothing
    where it is not. ``target`` is the name of the stage to be built.
    """
    values: dict[str, str | None] = {**_predefined(platform, target)}
    reasons = {name: f"the value of --build-arg {name} is not known" for name, value in given.items() if value is None}
    values |= {name: given[name] for name in values if name in given}
    problems: list[Problem] = []
    left = _MOST_TEXT
    for instruction in instructions:
        try:
            pairs = assignments(instruction, escape)
        except Refused:
            continue
        for (name, _), value, _ in pairs:
            if name in given:
                values[name] = given[name]
            elif value is None:
                values.setdefault(name, None)
                reasons.setdefault(name, f"ARG {name} has no value")
            else:
                resolved = resolve(value.value, Arguments(values, reasons, (), escape), min(left, LONGEST))
                if resolved.error:
                    problems.append(Problem(resolved.error, value.span))
                values[name] = resolved.text
                reasons[name] = resolved.unknown or ""
                left -= len(resolved.text or "")
    return Arguments(values, reasons, tuple(problems), escape)


def resolve(text: str, known: Arguments, limit: int = LONGEST) -> Resolved:
    """``text`` with arguments expanded. One without a value counts as unset: ``${V:-3.12}`` is ``3.12``."""
    expansion = expand(text, known.values.get, escape=known.escape, limit=max(limit, 0))
    if expansion.error:
        return Resolved(None, expansion.error, expansion.error, ())
    unknown = next((known.reasons[name] for name in expansion.missing if name in known.values), None)
    undeclared = tuple(name for name in expansion.missing if name not in known.values)
    return Resolved(None if unknown else expansion.text, unknown, None, undeclared)


def _predefined(platform: str, target: str) -> dict[str, str]:
    """The machine that builds is taken to be of the default platform."""
    predefined = {"TARGETSTAGE": target}
    for prefix, text in (("BUILD", platforms.DEFAULT), ("TARGET", platform)):
        parsed = platforms.parse(text) or platforms.Platform("linux", "amd64", "")
        predefined[f"{prefix}PLATFORM"] = str(parsed)
        predefined[f"{prefix}OS"] = parsed.system
        predefined[f"{prefix}OSVERSION"] = ""
        predefined[f"{prefix}ARCH"] = parsed.architecture
        predefined[f"{prefix}VARIANT"] = parsed.variant
    return predefined
