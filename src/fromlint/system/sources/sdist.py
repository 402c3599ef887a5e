"""An unpacked sdist, with its texts decoded when they are asked for."""

from __future__ import annotations

import re

from fromlint.regex import regex
from fromlint.system.sources import cargo, preprocessor
from fromlint.system.sources.unpack import Tree
from fromlint.typed import Any

_COMPILED = frozenset({"c", "cc", "cpp", "cxx", "pyx", "f", "f90", "f95", "for", "pyf", "cu"})
_BESIDE = regex(r"(^|/)(tests?|testing|docs?|examples?|benchmarks?|samples?)/", re.IGNORECASE)
_DEFINE = regex(r"defines?[ \t]*[=:](.*)")
_LONGEST_LINE = 2_000
_MOST_SOURCES = 500
# A binding has a file or two in a folder that is called like the library, too.
_FEWEST_SOURCES = 4


class Sdist:
    """The files of an sdist by name. ``names`` are all of them; only the texts that matter were kept."""

    def __init__(self, tree: Tree) -> None:
        self.names = tree.names
        self._texts = tree.texts
        self._sources: preprocessor.Sources | None = None
        self._comments: dict[str, preprocessor.Comments] = {}
        self._macros: tuple[str, ...] | None = None

    def read(self, name: str) -> str | None:
        """A text, None where there is none or it was not kept."""
        content = self._texts.get(name)
        return None if content is None else content.decode("utf-8", "replace").removeprefix("\ufeff")

    def toml(self, name: str) -> dict[str, Any] | None:
        """A TOML file's content, None where there is none or it is broken."""
        return cargo.table(self.read(name))

    def comments(self, name: str) -> preprocessor.Comments:
        """What a Cython source says of its build."""
        if name not in self._comments:
            self._comments[name] = preprocessor.comments(self.read(name) or "")
        return self._comments[name]

    @property
    def macros(self) -> tuple[str, ...]:
        """The macros that its setup.cfg has all of its C sources compiled with.

        These are setuptools' ``define`` of build_ext, and the ``defines`` of a section that setup.py reads itself
        (python-ldap's ``[_ldap]``).
        """
        if self._macros is None:
            self._macros = _configured_macros(self.read("setup.cfg") or "")
        return self._macros

    @property
    def sources(self) -> preprocessor.Sources:
        """The look-up of what sources include."""
        if self._sources is None:
            self._sources = preprocessor.sources(self.names, self.read)
        return self._sources

    def compiled(self) -> list[str]:
        """The sources that a build might compile: none of the tests and examples."""
        found = [name for name in self.names if name.rpartition(".")[2].lower() in _COMPILED]
        return sorted(name for name in found if not _BESIDE.search(name))[:_MOST_SOURCES]

    def brings(self, library: str) -> bool:
        """Whether it seems to hold a library's own sources: a folder of C files that bears the library's name."""
        wanted = _plain(library)
        files = 0
        for name in self.names if len(wanted) > 2 else ():
            if name.endswith((".c", ".cc", ".cpp")) and any(_plain(part) == wanted for part in name.split("/")[:-1]):
                files += 1
        return files >= _FEWEST_SOURCES


def _configured_macros(text: str) -> tuple[str, ...]:
    stated = (match[1] for line in text.splitlines() if (match := _DEFINE.match(line[:_LONGEST_LINE])) is not None)
    return tuple(name.partition("=")[0] for value in stated for name in value.replace(",", " ").split())


def _plain(name: str) -> str:
    """``c-ares`` and ``libcares2`` are both ``cares``."""
    return re.sub(r"[^a-z]", "", name.lower()).removeprefix("lib")
