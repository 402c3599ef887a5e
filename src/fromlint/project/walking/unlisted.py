"""What brings libraries to a stage without the package manager: then none of them is surely missing."""

from __future__ import annotations

import posixpath

from fromlint.model.build import CommandUsed, Event, FilesCopied, ScriptUnread, ToolFetched, VariableSet
from fromlint.project.known import browsers
from fromlint.regex import regex
from fromlint.system.state import State

# Where the dynamic loader looks (ld.so(8), musl's /etc/ld-musl-*.path), or is told to.
_LOADED_FROM = regex(r"(?:/usr(?:/local)?)?/lib(?:32|64)?(?:/[^/]*-linux-[^/]*(?:/.*)?)?|/etc/ld\.so\.conf\.d")
_LIBRARY = regex(r"\.so(?:[.\d*]*)$")
_INSTALLERS = frozenset({"make", "gmake", "ninja", "cmake", "meson"})


def after(state: State, event: Event) -> State:
    """The state, less certain where the event may have brought libraries that nobody lists."""
    if isinstance(event, FilesCopied):
        return state._replace(run_known=False) if _brings_libraries(event) else state
    if isinstance(event, VariableSet):
        # Libraries lie elsewhere then.
        return state._replace(run_known=False) if event.name == "LD_LIBRARY_PATH" and event.value else state
    if browsers.with_libraries(event):
        return state._replace(run_known=False)
    anything = isinstance(event, ScriptUnread) or (isinstance(event, ToolFetched) and event.script)
    if anything or (isinstance(event, CommandUsed) and event.instruction == "RUN" and _installs(event)):
        return state._replace(run_known=False, build_known=False)
    return state


def _brings_libraries(copied: FilesCopied) -> bool:
    """Whether a COPY may put libraries in place: from a stage or an image, or into a folder of libraries."""
    if copied.local:
        return False
    if any(_LIBRARY.search(source.value) for source in copied.sources):
        return True
    if copied.destination is None:
        return copied.origin is not None
    destination = posixpath.normpath(copied.destination)
    if destination in ("/", "/usr"):
        return copied.origin is not None
    return _LOADED_FROM.fullmatch(destination) is not None


def _installs(used: CommandUsed) -> bool:
    name = posixpath.basename(used.name)
    return name in _INSTALLERS and any(word in ("install", "--install") for word in used.arguments)
