"""Make the pages of the documentation that are written elsewhere already, and the schema of the settings.

Usage: python scripts/make_docs.py

    rules' docstrings            ->  docs/rules/            a page each, and the list of all
    options of `fromlint check`  ->  docs/made/options.md
    settings and their types     ->  docs/made/settings.md, docs/schema/settings.schema.json

The pages are not kept in git, and Sphinx makes them with every build; the schema is, for editors, and a test compares.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fromlint.cli.options import CHECK
from fromlint.model.settings import Settings
from fromlint.rules import OPT_IN, Rule, every_rule
from fromlint.settings import read

DOCS = Path(__file__).parent.parent / "docs"
SCHEMA = DOCS / "schema" / "settings.schema.json"
_FAMILIES = {
    "FL1": "Wheels",
    "FL2": "Building",
    "FL3": "Running",
    "FL4": "Between stages",
    "FL5": "The base image",
    "FL9": "What could not be read or known",
}
_OPTIONS = {option.spellings[0].removeprefix("--"): option.help for option in CHECK}
_SAID_DEFAULT = re.compile(r" \[default: (.*)\]$")
_OF_COMMAND_LINES = re.compile(r"; repeatable(?=\.$)|, comma-separated(?=\.$)")
_TYPES: Mapping[str, Mapping[str, Any]] = {
    "a text": {"type": "string"},
    "a list of texts": {"anyOf": [{"type": "array", "items": {"type": "string"}}, {"type": "string"}]},
    "true or false": {"type": "boolean"},
    "a table of texts": {"type": "object", "additionalProperties": {"type": "string"}},
    "seconds": {"type": "number", "minimum": 0},
}


def rule_pages() -> dict[str, str]:
    """Markdown by file name."""
    rules = every_rule()
    return {f"{rule.CODE}.md": _page(rule) for rule in rules} | {"index.md": _list(rules)}


def _page(rule: Rule) -> str:
    off = " Off unless it is selected." if rule.CODE in OPT_IN else ""
    text = (rule.__doc__ or "").strip()
    return f"# {rule.CODE} {rule.NAME}\n\n*{rule.SEVERITY.word}*.{off} {text}\n"


def _list(rules: tuple[Rule, ...]) -> str:
    lines = [
        "# Rules",
        "",
        "*error*: the build or the first start fails. *warning*: it works, but is fragile, or much slower or larger",
        "than need be. *info*: advice. A rule may say less than its severity where a fact is not certain. Codes never",
        "change; `--select`, `--ignore` and inline ignores take codes, their beginnings (`FL2`) and names.",
    ]
    for start, title in _FAMILIES.items():
        lines += ["", f"## {title}", "", "| code | name | severity | says |", "| --- | --- | --- | --- |"]
        for rule in rules:
            if rule.CODE.startswith(start):
                says = " ".join((rule.__doc__ or "").strip().split("\n\n")[0].split()).replace("|", "\\|")
                lines.append(f"| [{rule.CODE}]({rule.CODE}.md) | {rule.NAME} | {rule.SEVERITY.word} | {says} |")
    pages = "\n".join(rule.CODE for rule in rules)
    return "\n".join([*lines, "", "```{toctree}", ":hidden:", "", pages, "```", ""])


def options() -> str:
    """The options of ``fromlint check`` as a Markdown table."""
    lines = ["| option | says |", "| --- | --- |"]
    for option in CHECK:
        if not option.hidden:
            word = f" {option.metavar}" if option.metavar else f" {'|'.join(option.choices)}" if option.choices else ""
            word = word.replace("|", "\\|")
            spelled = ", ".join(f"`{spelling}{word}`" for spelling in option.spellings)
            lines.append(f"| {spelled} | {option.help} |")
    return "\n".join(lines) + "\n"


def settings_table() -> str:
    """The settings as a Markdown table."""
    lines = ["| key | value | default | says |", "| --- | --- | --- | --- |"]
    for key, kind in read.KEYS.items():
        value = f"one of {', '.join(read.FAIL_ON)}" if key == "fail-on" else kind
        lines.append(f"| `{key}` | {value} | {_default(key)} | {_says(key)} |")
    return "\n".join(lines) + "\n"


def settings_schema() -> dict[str, Any]:
    """A JSON schema of ``[tool.fromlint]`` and fromlint.toml, for editors."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "fromlint's settings",
        "description": "The table [tool.fromlint] of pyproject.toml, or the whole of fromlint.toml",
        "type": "object",
        "additionalProperties": False,
        "properties": {key: {**_type(key, kind), "description": _says(key)} for key, kind in read.KEYS.items()},
    }


def _type(key: str, kind: str) -> Mapping[str, Any]:
    default = Settings._field_defaults[key.replace("-", "_")]
    given = {"default": default} if default not in (None, (), {}) else {}
    return {**(_TYPES[kind] if key != "fail-on" else {"enum": list(read.FAIL_ON)}), **given}


def _default(key: str) -> str:
    default = Settings._field_defaults[key.replace("-", "_")]
    said = _SAID_DEFAULT.search(_OPTIONS.get(key, ""))
    if said is not None:
        return said[1]
    return "" if default in (None, (), {}) else f"`{json.dumps(default)}`"


def _says(key: str) -> str:
    """What a setting is: as its option says it, less what holds for a command line only."""
    if key in read.FILE_ONLY:
        return read.FILE_ONLY[key]
    return _OF_COMMAND_LINES.sub("", _SAID_DEFAULT.sub("", _OPTIONS[key]))


def write() -> None:
    """Write all pages, each only where it changes, so that a build makes no more than it must."""
    pages = {f"rules/{name}": text for name, text in rule_pages().items()}
    pages |= {"made/options.md": options(), "made/settings.md": settings_table()}
    for name, text in pages.items():
        path = DOCS / name
        path.parent.mkdir(exist_ok=True)
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
    SCHEMA.write_text(json.dumps(settings_schema(), indent=1) + "\n", encoding="utf-8")
