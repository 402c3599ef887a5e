"""``test``, ``[`` and ``[[``: decided where all operands are known (POSIX ``test``, bash's conditional expressions)."""

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from fromlint.dockerfile.shell.patterns import matches
from fromlint.dockerfile.shell.words import Field

_COMPARISONS: dict[str, Callable[[int, int], bool]] = {
    "-eq": lambda a, b: a == b,
    "-ne": lambda a, b: a != b,
    "-lt": lambda a, b: a < b,
    "-le": lambda a, b: a <= b,
    "-gt": lambda a, b: a > b,
    "-ge": lambda a, b: a >= b,
}
_EQUAL = ("=", "==", "!=")
_BINARY = frozenset((*_COMPARISONS, *_EQUAL, "<", ">", "=~", "-nt", "-ot", "-ef"))
_UNARY = r"-[a-zA-Z]"
_NUMBER = r"\s*[+-]?\d{1,18}\s*"
_WILD = r"[*?\[]"
_DEEPEST = 20

Answer = bool | None


def decide(operands: Sequence[Field], *, double: bool = False) -> Answer:
    """Whether a condition holds; None where that depends on files or on what is not known. ``double``: ``[[ … ]]``."""
    reader = _Condition(operands, double)
    answer = reader.alternatives(0)
    return answer if reader.offset == len(operands) else None


def found_executables(operands: Sequence[Field]) -> tuple[str, ...]:
    """Names of programs whose files a condition looks for: ``[ -x /usr/bin/curl ]``."""
    return tuple(
        path.value.rpartition("/")[2]
        for flag, path in pairwise(operands)
        if flag.value in ("-x", "-f", "-e") and "/" in path.value
    )


class _Condition:
    """A reader of operands, from left to right."""

    def __init__(self, operands: Sequence[Field], double: bool) -> None:
        self.operands = operands
        self.double = double
        self.offset = 0

    def _peek(self, ahead: int = 0) -> str | None:
        index = self.offset + ahead
        return self.operands[index].value if index < len(self.operands) else None

    def alternatives(self, depth: int) -> Answer:
        answer = self._both(depth)
        while self._peek() in ("-o", "||"):
            self.offset += 1
            other = self._both(depth)
            answer = True if answer or other else None if answer is None or other is None else False
        return answer

    def _both(self, depth: int) -> Answer:
        answer = self._one(depth)
        while self._peek() in ("-a", "&&"):
            self.offset += 1
            other = self._one(depth)
            answer = False if answer is False or other is False else None if answer is None or other is None else True
        return answer

    def _one(self, depth: int) -> Answer:
        following = self._peek(1)
        if following in _BINARY and self._peek(2) is not None:
            return self._binary()
        first = self._peek()
        if first is None:
            return False if not self.operands else None
        if first == "!" and following is not None and depth < _DEEPEST:
            self.offset += 1
            answer = self._one(depth + 1)
            return None if answer is None else not answer
        if first == "(" and following is not None and depth < _DEEPEST:
            self.offset += 1
            answer = self.alternatives(depth + 1)
            if self._peek() == ")":
                self.offset += 1
                return answer
            return None
        if re.fullmatch(_UNARY, first) and following is not None and following not in ("-a", "-o", "&&", "||"):
            return self._unary()
        operand = self.operands[self.offset]
        self.offset += 1
        return bool(operand.value) if operand.known else None

    def _unary(self) -> Answer:
        flag, operand = self.operands[self.offset : self.offset + 2]
        self.offset += 2
        if flag.value in ("-z", "-n") and operand.known:
            return bool(operand.value) == (flag.value == "-n")
        return None

    def _binary(self) -> Answer:
        left, operator, right = self.operands[self.offset : self.offset + 3]
        self.offset += 3
        if not (left.known and right.known):
            return None
        if operator.value in _EQUAL:
            equal: Answer = left.value == right.value
            if self.double and right.marks is None and re.search(_WILD, right.value):
                equal = matches(left.value, right.value)
            return None if equal is None else equal == (operator.value != "!=")
        compare = _COMPARISONS.get(operator.value)
        if compare and re.fullmatch(_NUMBER, left.value) and re.fullmatch(_NUMBER, right.value):
            return compare(int(left.value), int(right.value))
        return None
