"""The rules: one module each, named by its code. Its docstring is its page, its constants are its metadata.

A module has ``CODE``, ``NAME``, ``SEVERITY`` (the default one) and ``check(project) -> Iterator[Finding]``. A rule only
looks and yields: all facts are worked out before, and nothing is asked of the network here.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

from fromlint.model.finding import Finding, Page, Severity
from fromlint.model.project import Project
from fromlint.typed import Protocol, cast

# A list instead of a search through the folder: looking for modules costs more than importing them.
CODES = (
    "FL101",
    "FL102",
    "FL103",
    "FL104",
    "FL105",
    "FL106",
    "FL107",
    "FL108",
    "FL109",
    "FL110",
    "FL111",
    "FL201",
    "FL202",
    "FL203",
    "FL204",
    "FL205",
    "FL206",
    "FL207",
    "FL208",
    "FL209",
    "FL210",
    "FL301",
    "FL303",
    "FL304",
    "FL401",
    "FL402",
    "FL403",
    "FL404",
    "FL501",
    "FL502",
    "FL503",
    "FL504",
    "FL505",
    "FL506",
    "FL507",
    "FL508",
    "FL901",
    "FL902",
    "FL903",
    "FL904",
    "FL905",
    "FL906",
    "FL907",
    "FL908",
    "FL909",
)
# Rules that speak only when they are selected by code or name.
OPT_IN: frozenset[str] = frozenset({"FL504"})


class Rule(Protocol):
    """What a rule's module offers."""

    __doc__: str | None
    CODE: str
    NAME: str
    SEVERITY: Severity

    def check(self, project: Project) -> Iterator[Finding]: ...


def rule(code: str) -> Rule:
    """The rule of a code in CODES."""
    return cast(Rule, import_module(f"fromlint.rules.{code.lower()}"))


def every_rule() -> tuple[Rule, ...]:
    """All rules by code."""
    return tuple(rule(code) for code in CODES)


def pages() -> tuple[Page, ...]:
    """The pages of all rules by code, for reports that carry them."""
    return tuple(Page(module.CODE, module.NAME, module.SEVERITY, module.__doc__ or "") for module in every_rule())


def named(word: str) -> tuple[str, ...]:
    """The codes that a code, a code's beginning (``FL2``) or a name stands for; () where there is none."""
    upper = word.upper()
    if upper == "FL" or (upper.startswith("FL") and upper[2:].isdigit()):
        return tuple(code for code in CODES if code.startswith(upper))
    if upper == "ALL":
        return CODES
    return tuple(entry.CODE for entry in every_rule() if word.lower() == entry.NAME)
