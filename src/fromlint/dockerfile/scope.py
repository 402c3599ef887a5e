"""The variables of a stage, instruction by instruction, and what ``$X`` in its instructions amounts to."""

from collections.abc import Mapping

from fromlint.dockerfile.expand import expand
from fromlint.dockerfile.words import Refused, assignments
from fromlint.model.build import VariableSet
from fromlint.model.dockerfile import Instruction, Stage
from fromlint.model.place import Span

# What BuildKit gives to images that set no PATH (util/system/path.go).
DEFAULT_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_ROOT = frozenset({"root", "0", ""})
# Of all values of a stage together, in characters: so that ENVs which double each other stay small.
_MOST_TEXT = 1_048_576


class Scope:
    """ENV and ARG as they stand; a value of None is not known. ``known``: all that the base image sets is in it."""

    def __init__(
        self,
        variables: Mapping[str, str | None],
        arguments: Mapping[str, str | None],
        *,
        stage: Stage,
        known: bool,
        escape: str,
    ) -> None:
        self.variables = dict(variables)
        self.arguments = dict(arguments)
        self._stage = stage
        self._known = known
        self._escape = escape
        self._left = _MOST_TEXT
        self._visible: tuple[str, Mapping[str, str | None]] | None = None

    def expanded(self, text: str, *, own: str = "") -> tuple[str | None, str | None]:
        """The text expanded and None, or None and why it is not known.

        A variable that nothing declares is empty, as in the builder, unless the base image is unknown and may set it;
        even then where a list is only extended (``ENV PYTHONPATH=/app:$PYTHONPATH``: ``own`` is PYTHONPATH).
        """
        expansion = expand(text, self.value, escape=self._escape, unknown=self._is_unknown)
        if expansion.error:
            return None, expansion.error
        for name in expansion.missing:
            if self._is_unknown(name) or name in self.arguments:
                return None, f"{name} has no value that is known"
            if not self._known and name != own:
                return None, f"the base image is not known, and may set {name}"
        self._left -= len(expansion.text)
        return (expansion.text, None) if self._left > 0 else (None, "the values of variables are too long")

    def value(self, name: str) -> str | None:
        """A variable's value, None where it has none that is known."""
        if name in self.variables:
            return self.variables[name]
        value = self.arguments.get(name)
        return DEFAULT_PATH if value is None and name == "PATH" else value

    def _is_unknown(self, name: str) -> bool:
        if name in self.variables:
            return self.variables[name] is None
        # An ARG without value counts as unset: ${X:-y} is y in the build that nobody gives it one.
        return name in self.arguments and self.arguments[name] is None and name in self._stage.build_arguments

    def set_variables(self, instruction: Instruction) -> list[VariableSet]:
        """Read an ENV: all of its values are expanded with what stood before it."""
        try:
            pairs = assignments(instruction, self._escape)
        except Refused:
            return []
        made = [
            VariableSet(
                name.value,
                self.expanded(value.value, own=name.value)[0] if value else None,
                False,
                _both(name.span, value.span if value else name.span),
            )
            for name, value, _ in pairs
        ]
        self.variables.update((variable.name, variable.value) for variable in made)
        self._visible = None
        return made

    def set_arguments(self, instruction: Instruction) -> list[VariableSet]:
        """Read an ARG: a value given to the build wins over its default, and that over a global ARG."""
        try:
            pairs = assignments(instruction, self._escape)
        except Refused:
            return []
        made: list[VariableSet] = []
        given, inherited = self._stage.build_arguments, self._stage.arguments
        for name, default, _ in pairs:
            key = name.value
            if key in given:
                value = given[key]
            elif default is not None:
                value = self.expanded(default.value, own=key)[0]
            else:
                value = inherited.get(key, self.arguments.get(key))
            self.arguments[key] = value
            made.append(VariableSet(key, value, True, _both(name.span, default.span if default else name.span)))
        self._visible = None
        return made

    def visible(self, user: str) -> Mapping[str, str | None]:
        """What a RUN sees: ENV beats ARG, an ARG without value is not there. The same object while nothing changes."""
        if self._visible is None or self._visible[0] != user:
            values: dict[str, str | None] = {"PATH": DEFAULT_PATH}
            if user.partition(":")[0] in _ROOT:
                values["HOME"] = "/root"
            given = self._stage.build_arguments
            values.update((name, value) for name, value in self.arguments.items() if value is not None or name in given)
            values.update(self.variables)
            self._visible = (user, values)
        return self._visible[1]


def _both(first: Span, last: Span) -> Span:
    return Span(first.file, first.line, first.column, last.end_line, last.end_column)
