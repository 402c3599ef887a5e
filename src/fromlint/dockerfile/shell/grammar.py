"""Shell text to a syntax tree: tree-sitter's bash grammar, with here-documents taken out first.

The grammar knows one here-document a line at best, and an unended quote in a body derails the rest of the script. So
bodies are found here (POSIX shell language, 2.7.4) and blanked before parsing, and continuations inside a script are
smoothed. What the parser sees has the same length as the text, one byte a code point, so that its byte offsets are
offsets in the text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from fromlint.model.dockerfile import Source
from fromlint.named_tuple import NamedTuple
from fromlint.regex import regex
from fromlint.typed import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

# Texts beyond these are not read: the grammar takes about 10 µs a byte where it has to recover from errors.
LONGEST = 65_536
MOST_EXPANSIONS = 3_000


class Heredoc(NamedTuple):
    """Where a body stands in the text. ``expand``: the delimiter was not quoted; ``strip``: ``<<-``."""

    start: int
    end: int
    expand: bool
    strip: bool


class Script(NamedTuple):
    """A parsed shell text; ``root`` None: words alone, which no shell has to read.

    ``heredocs`` and ``herestrings`` go by the offset of their operator. ``offsets`` are those of the source's anchors.
    """

    source: Source
    root: Node | None
    heredocs: Mapping[int, Heredoc]
    herestrings: frozenset[int]
    offsets: tuple[int, ...]


def words_alone(source: Source) -> Script:
    """A text that is no script, but has words in it."""
    return Script(source, None, {}, frozenset(), _offsets(source))


def _offsets(source: Source) -> tuple[int, ...]:
    return tuple([anchor[0] for anchor in source.anchors])


_NOT_ASCII = regex(r"[^\x01-\x7f]")
_CONTINUATION = r"(?m)(^[ \t]*#[^\n]*\n)|\\\n"
_TOKEN = r"""(?xs)\\. | '[^']*' | "(?:[^"\\]|\\.)*" | (?<!\S)\#[^\n]* | \(\( | \)\) | \n
    | <<< | <<(?P<strip>-?)[ \t]*(?P<word>(?:'[^'\n]*'|"[^"\n]*"|\\.|[^\s;&|<>()'"\\])+)"""
_QUOTING = regex(r"""['"\\]""")


@cache
def _parser() -> Parser:
    library, bash = _compiled("tree_sitter"), _compiled("tree_sitter_bash")
    made: Parser = library.Parser(library.Language(bash.language()))
    return made


def _compiled(package: str) -> Any:
    """The compiled module of a package. What the package's own ``__init__`` imports besides, to offer queries that
    nobody here asks for, is 20 modules of the standard library: a twentieth of a run. Raises ImportError.
    """
    from importlib.machinery import PathFinder
    from importlib.util import module_from_spec

    above = PathFinder.find_spec(package)
    found = PathFinder.find_spec(f"{package}._binding", above.submodule_search_locations if above is not None else [])
    if found is None or found.loader is None:
        raise ImportError(f"{package} has no compiled module")
    module = module_from_spec(found)
    found.loader.exec_module(module)
    return module


def too_long(text: str) -> bool:
    """Whether a text is beyond what is read, so that hostile input takes bounded time."""
    return len(text) > LONGEST or text.count("${") > MOST_EXPANSIONS


def parse(source: Source) -> Script:
    """The tree of a shell text; errors in it are nodes of the tree. The text must not be ``too_long``."""
    text = source.text
    heredocs: dict[int, Heredoc] = {}
    herestrings: set[int] = set()
    plain = text if text.isascii() and "\0" not in text else _NOT_ASCII.sub("z", text)
    if "<<" in plain:
        plain = _lift(plain, heredocs, herestrings)
    if "\\\n" in plain:
        plain = re.sub(_CONTINUATION, _smooth, plain)
    if "\r" in plain:
        plain = plain.replace("\r", " ")
    root = _parser().parse(plain.encode("ascii")).root_node
    return Script(source, root, heredocs, frozenset(herestrings), _offsets(source))


def _smooth(match: re.Match[str]) -> str:
    """A continuation as the shell sees it: nothing within a word, else blank. Comments do not continue."""
    if match[1]:
        return match[1]
    text, start, end = match.string, match.start(), match.end()
    inside = start > 0 and end < len(text) and not text[start - 1].isspace() and not text[end].isspace()
    return "zz" if inside else "  "


def _lift(text: str, heredocs: dict[int, Heredoc], herestrings: set[int]) -> str:
    """The text with here-document bodies blanked, and their operators made plain input redirections."""
    made: list[str] = []
    done = 0
    waiting: list[tuple[int, str, bool, bool]] = []
    arithmetic = 0
    offset = 0
    token_after = re.compile(_TOKEN).search
    while match := token_after(text, offset):
        token = match[0]
        offset = match.end()
        if token == "((":
            arithmetic += 1
        elif token == "))":
            arithmetic = max(0, arithmetic - 1)
        elif token == "<<<":
            made += text[done : match.start()], "<  "
            done = offset
            herestrings.add(match.start())
        elif token.startswith("<<") and not arithmetic:
            word = match["word"]
            quoted = _QUOTING.search(word) is not None
            made += text[done : match.start()], "<", "z" * (len(token) - 1)
            done = offset
            waiting.append((match.start(), _QUOTING.sub("", word), not quoted, bool(match["strip"])))
        elif token == "\n":
            arithmetic = 0
            for operator, delimiter, expand, strip in waiting:
                end, after = _body(text, offset, delimiter, strip)
                heredocs[operator] = Heredoc(offset, end, expand, strip)
                made += text[done:offset], re.sub(r"[^\n]", " ", text[offset:after])
                done = offset = after
            waiting.clear()
    made.append(text[done:])
    return "".join(made)


def _body(text: str, offset: int, delimiter: str, strip: bool) -> tuple[int, int]:
    """Where the body that starts at ``offset`` ends, and where the script goes on; without delimiter: at the end."""
    pattern = rf"^{chr(9) + '*' if strip else ''}{re.escape(delimiter)}\r?$"
    end = re.compile(pattern, re.MULTILINE).search(text, offset)
    return (end.start(), end.end()) if end else (len(text), len(text))
