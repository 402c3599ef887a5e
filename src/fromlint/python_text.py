"""Python from anybody, read and never run: without the warnings that Python prints about it.

Imports nothing of ours.
"""

from __future__ import annotations

import ast
import warnings


def parsed(text: str) -> ast.Module:
    """The syntax tree of a script. Raises SyntaxError, and ValueError for what Python cannot take in at all."""
    try:
        # Bad escapes in a script are no business of whoever has it checked.
        with warnings.catch_warnings(action="ignore"):
            return ast.parse(text)
    except (RecursionError, MemoryError, OverflowError):
        raise ValueError("nested too deeply") from None


def unquoted(literal: str) -> str:
    """What a string literal says. Raises ValueError where it is none."""
    try:
        with warnings.catch_warnings(action="ignore"):
            value = ast.literal_eval(literal)
    except (SyntaxError, RecursionError, MemoryError):
        raise ValueError("no literal") from None
    if not isinstance(value, str):
        raise ValueError("no text")
    return value
