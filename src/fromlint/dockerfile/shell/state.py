"""What a shell knows at a point of its script."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from fromlint.named_tuple import NamedTuple
from fromlint.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node

    from fromlint.dockerfile.shell.grammar import Script


class Unset(Enum):
    """A variable that nothing has set."""

    UNSET = "unset"


# A string, the elements of an array, or None: set, but to what is not known.
Value = str | tuple[str, ...] | None


class Status(Enum):
    """What is known of how a command ends."""

    SUCCEEDS = "succeeds"
    FAILS = "fails"
    EXPECTED = "expected"  # an ordinary command: its author takes it to succeed
    DOUBT = "doubt"  # a test, whose outcome decides what comes next


class Leaving(Enum):
    """How a list of commands was left before its end."""

    FAILED = "failed"  # exit 1
    GAVE_UP = "gave-up"  # return 1
    ENDED = "ended"  # exit 0
    RETURNED = "returned"
    BROKEN = "broken"  # break, continue


_FAILURES = (Leaving.FAILED, Leaving.GAVE_UP)


class Function(NamedTuple):
    """A shell function: its body, and the script that this stands in."""

    script: Script
    body: Node


class Standing(NamedTuple):
    """The circumstances of a command.

    ``conditional``: it may not run. ``result``: its status is that of the whole build step. ``exempt``: ``set -e``
    does not act on it. ``fatal``: an ``exit 1`` there fails the build step. ``guards``, ``piped_from`` and
    ``piped_to`` as in Command; ``feeding`` is where the text of what is piped into it stands. ``forgiven``: the list
    ends with ``true`` or the like, so that its status does not matter.
    """

    conditional: bool = False
    result: bool = True
    exempt: bool = False
    fatal: bool = True
    guards: tuple[str, ...] = ()
    piped_from: str | None = None
    piped_to: str | None = None
    feeding: tuple[int, int] | None = None
    forgiven: bool = False

    def tested(self) -> Standing:
        """The same for a condition: a failure there is an answer."""
        return self._replace(result=False, exempt=True, piped_from=None, piped_to=None, feeding=None)

    def within(self, *, tolerated: bool) -> Standing:
        """The same for the commands of a shell of its own, whose failure as a whole is ``tolerated`` or not."""
        return self._replace(
            result=not tolerated, exempt=tolerated, fatal=not tolerated, piped_from=None, piped_to=None, feeding=None
        )


class State(NamedTuple):
    """Variables, functions and options of a shell; never changed in place, so that branches can be compared.

    ``left`` says how the current list was left; ``maybe``: a branch may have ended the script, so that what follows
    is conditional. ``sourced``: a file that is not known may have set any variable.
    """

    variables: Mapping[str, Value]
    exported: frozenset[str]
    functions: Mapping[str, Function]
    positional: tuple[str, ...] | None
    directory: str | None
    errexit: bool
    pipefail: bool
    left: Leaving | None = None
    maybe: bool = False
    sourced: bool = False

    def assign(self, values: Mapping[str, Value], *, export: bool = False) -> State:
        """The state after assignments."""
        exported = self.exported | values.keys() if export else self.exported
        return self._replace(variables={**self.variables, **values}, exported=exported)


def merge(first: State, second: State) -> State:
    """What is known after either of two branches: what both agree on.

    A branch that failed does not count, because the build ends there; one that ended well makes what follows
    conditional.
    """
    if first.left in _FAILURES or second.left in _FAILURES:
        return second if first.left in _FAILURES else first
    maybe = first.maybe or second.maybe
    if first.left is not None or second.left is not None:
        if first.left is not None and second.left is not None:
            return first._replace(maybe=maybe)
        left, staying = (first.left, second) if first.left is not None else (second.left, first)
        return staying._replace(maybe=maybe or left is not Leaving.BROKEN)
    return first._replace(
        variables=_agreed(first.variables, second.variables),
        exported=first.exported | second.exported,
        functions=first.functions if len(first.functions) >= len(second.functions) else second.functions,
        positional=first.positional if first.positional == second.positional else None,
        directory=first.directory if first.directory == second.directory else None,
        errexit=first.errexit and second.errexit,
        pipefail=first.pipefail and second.pipefail,
        maybe=maybe,
        sourced=first.sourced or second.sourced,
    )


def _agreed(first: Mapping[str, Value], second: Mapping[str, Value]) -> Mapping[str, Value]:
    if first is second:
        return first
    names = {**first, **second}
    absent = Unset.UNSET
    return {
        name: value if first.get(name, absent) == second.get(name, absent) else None for name, value in names.items()
    }
