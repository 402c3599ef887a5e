"""poetry's version constraints (``^1.2``, ``~1.2``, ``1.*``, ``>=1 <2 || 3.4``) as PEP 440 specifiers.

After poetry-core's ``constraints/version/parser.py``.
"""

import re
from functools import lru_cache

_VERSION = (
    r"v?(\d{1,9}(?:\.\d{1,9})*)"
    r"((?:[-._]?(?:alpha|beta|preview|pre|rc|a|b|c)[-._]?\d*)?(?:[-._]?(?:post|rev|r)[-._]?\d*)?(?:[-._]?dev[-._]?\d*)?"
    r"(?:\+[a-z0-9._-]+)?)"
)


@lru_cache(maxsize=4096)
def alternatives(constraint: str) -> tuple[str, ...] | None:
    """The specifier sets of which one has to hold, ``("",)`` for any version; None where it is no constraint."""
    if len(constraint) > 1000:
        return None
    found: list[str] = []
    for alternative in re.split(r"\|\|?", constraint):
        clauses = _clauses(alternative)
        if clauses is None:
            return None
        found.append(",".join(clauses))
    return tuple(found)


def specifier(constraint: str) -> str | None:
    """The specifier set that says the same; None where there is none (alternatives, or no constraint)."""
    found = alternatives(constraint)
    return found[0] if found is not None and len(found) == 1 else None


def python_marker(constraint: str) -> str | None:
    """The marker that says of Python what the constraint says; "" for any Python, None where it is no constraint."""
    found = alternatives(constraint)
    if found is None:
        return None
    if "" in found:
        return ""
    groups = [" and ".join(_python_clause(clause) for clause in clauses.split(",")) for clauses in found]
    return groups[0] if len(groups) == 1 else " or ".join(f"({group})" for group in groups)


def _python_clause(clause: str) -> str:
    version = clause.lstrip("=!<>~")
    operator = clause[: len(clause) - len(version)]
    variable = "python_version" if version.removesuffix(".*").count(".") < 2 else "python_full_version"
    return f'{variable} {operator} "{version}"'


def _clauses(text: str) -> list[str] | None:
    text = text.strip().rstrip(",").strip()
    if re.fullmatch(r"v?[*xX](?:\.[*xX])*|", text):
        return [""] if text else None
    clauses: list[str] = []
    position = 0
    while position < len(text):
        found = _clause().match(text, position)
        translated = _translated(found) if found else None
        if found is None or translated is None:
            return None
        clauses.extend(translated)
        position = found.end()
        separator = re.compile(r"[ \t]*(?:,|$)[ \t]*|[ \t]+").match(text, position)
        if separator is None:
            return None
        position = separator.end()
    wanted = [clause for clause in clauses if clause]
    return wanted or [""]


@lru_cache(maxsize=1)
def _clause() -> re.Pattern[str]:
    return re.compile(rf"(\^|~=|~|===|==|!=|<>|<=|>=|<|>|=)?[ \t]*(?:{_VERSION}((?:\.[*xX])+)?|([*xX]))", re.IGNORECASE)


def _translated(found: re.Match[str]) -> list[str] | None:
    operator, release, suffix, wildcard, anything = found.groups()
    if anything:
        return [] if operator in (None, "=", "==", ">=") else None
    numbers = [int(number) for number in release.split(".")]
    version = release + suffix
    if wildcard:
        return [f"!={release}.*"] if operator in ("!=", "<>") else [f"=={release}.*"]
    match operator:
        case "^":
            return [f">={version}", f"<{_next_breaking(numbers)}"]
        case "~":
            return [f">={version}", f"<{_bumped(numbers, 0 if len(numbers) == 1 else 1)}"]
        case "~=" if len(numbers) > 1:
            return [f"~={version}"]
        case "~=":
            return [f">={version}", f"<{_bumped(numbers, 0)}"]
        case None | "=" | "==":
            return [f"=={version}"]
        case "<>":
            return [f"!={version}"]
    return [f"{operator}{version}"]


def _bumped(numbers: list[int], place: int) -> str:
    return ".".join(str(number) for number in [*numbers[:place], numbers[place] + 1, *([0] * (place == 0))])


def _next_breaking(numbers: list[int]) -> str:
    """The next version that may break: the first number that is not 0 goes up (``Version.next_breaking``)."""
    for place, number in enumerate(numbers[:3]):
        if number or place == len(numbers) - 1:
            return _bumped(numbers, place)
    return _bumped(numbers, 2)
