"""Which headers C and Cython sources include when they are compiled on Linux: conditions decided as far as can be.

A condition is true, false or undecided. What the platform says (``_WIN32``, ``__linux__``) and what the build defines
is known. Of other names it is taken that nothing defines them: ``#ifndef NO_ZLIB`` is true, but ``#ifdef USE_ZLIB``
is undecided, because a build script may well define it in a way that was not understood.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable

from fromlint.named_tuple import NamedTuple
from fromlint.regex import regex

_ABSENT = regex(
    r"_?_?(WIN32|WIN64|WINDOWS|WINNT|MSC_VER|CYGWIN|MINGW(32|64)?(__)?|APPLE|APPLE_CC|MACH|MACOSX?|DARWIN|OSX|FreeBSD"
    r"|NetBSD|OpenBSD|DragonFly|sun|SUNPRO_CC?|SVR4|SOLARIS|AIX|hpux|HPUX|sgi|HAIKU|BEOS|ANDROID|EMSCRIPTEN|wasm(32|64)?"
    r"|wasi|VMS|vxworks|QNX|QNXNTO|OS2|MSDOS|DJGPP|AMIGA|TOS_WIN|BORLANDC|WATCOMC|TURBOC|clang|INTEL_COMPILER|ICC|CUDACC"
    r"|HIP_PLATFORM_AMD|HIPCC|PYPY_VERSION|PYPY_VERSION_NUM|GNU|KLIBC|ISERIES|OS400|MVS|TANDEM|riscos|NT|PS4|SWITCH)_?_?"
    r"|MS_WIN(32|64|DOWS)|TARGET_OS_\w+|PYPY_VERSION|Q_OS_(WIN|MAC)\w*|_?WIN(32|64)(_?WCE)?|__MINGW\w*|LIBRESSL_VERSION_NUMBER",
)
_PRESENT = regex(
    r"_?_?(linux|unix|gnu_linux|ELF|GNUC|GLIBC|STDC|STDC_VERSION|CHAR_BIT|SSE|SSE2|x86_64|amd64|LP64|OPTIMIZE"
    r"|PTRDIFF_TYPE|SIZE_TYPE)_?_?|Py_PYTHON_H|PY_MAJOR_VERSION|PY_VERSION_HEX|UNIX"
)
_LINE = regex(r"[ \t]*#[ \t]*(\w+)[ \t]*(.*)")
# A build that passes does not come by here.
_REFUSES = regex(r"[ \t]*#[ \t]*error\b")
_INCLUDE = regex(r"[<\"]([^<>\"]{1,200})[>\"]")
_GUARD = regex(r"\w+")
_TOKEN = regex(r"\s*(defined\b|__has_include(?:_next)?\s*\([^)]*\)|\w+|&&|\|\||[!<>=]=|[<>!()])")
_EXTERN = regex(r"^[ \t]*cdef[ \t]+(?:public[ \t]+|api[ \t]+)?extern[ \t]+from[ \t]+(\*|[\"'][^\"']{1,200}[\"'])", re.M)
_VERBATIM = regex(r"extern[ \t]+from[^\n]*:\s*\n\s*(\"\"\"|''')(.*?)\1", re.S)
_CIMPORT = regex(r"^[ \t]*(?:from[ \t]+([\w.]+)[ \t]+cimport[ \t]+([^\n#]+)|cimport[ \t]+([\w., \t]+))", re.M)
_TEXT_INCLUDE = regex(r"^[ \t]*include[ \t]+[\"']([^\"'\n]+)[\"']", re.M)
_CPLUSPLUS = regex(r"^#[ \t]*distutils[ \t]*:[ \t]*language[ \t]*=[ \t]*c\+\+", re.M)
_DISTUTILS = regex(r"^#[ \t]*distutils[ \t]*:[ \t]*libraries[ \t]*=[ \t]*([^\n]+)", re.M)

_TEMPLATES = (".in", ".cmake", ".cmake.in", ".dist")
_MOST_FILES = 2_000
_MOST_LINES = 200_000
_MOST_NESTED = 60
_LONGEST_CONDITION = 2_000
_LONGEST_HEAD = 20_000


class Included(NamedTuple):
    """A header that is asked for; ``sure`` is false under an undecided condition. ``inside``: the sdist has it."""

    name: str
    sure: bool
    inside: bool = False


class Sources(NamedTuple):
    """Where sources are found: ``names`` are all files of the sdist, ``read`` gives what was kept of one.

    ``by_end`` are they by their last part; ``declared`` remembers what Cython sources were found to pull in.
    """

    names: Collection[str]
    read: Callable[[str], str | None]
    by_end: dict[str, list[str]]
    declared: dict[str, _Declared]

    def find(self, name: str, beside: str) -> str | None:
        """The file that an ``#include`` or ``cimport`` means: beside the including one, else wherever it ends so."""
        folder = beside.rpartition("/")[0]
        near = _joined(folder, name)
        if near in self.names:
            return near
        ends = [path for path in self.by_end.get(name.rpartition("/")[2], ()) if f"/{path}".endswith(f"/{name}")]
        return min(ends, key=len, default=None)


def sources(names: Collection[str], read: Callable[[str], str | None]) -> Sources:
    """Make the look-up."""
    by_end: dict[str, list[str]] = {}
    for name in names:
        by_end.setdefault(name.rpartition("/")[2], []).append(name)
    return Sources(names, read, by_end, {})


def _joined(folder: str, name: str) -> str:
    parts = folder.split("/") if folder else []
    for part in name.split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


class _Arrivals(NamedTuple):
    """The files that are still to be read, and the headers that were asked for (and whether the sdist has them)."""

    queue: list[tuple[str, bool]]
    headers: dict[tuple[str, bool], bool]


def headers(where: Sources, files: Iterable[str], defined: Iterable[str] = (), text: str = "") -> tuple[Included, ...]:
    """The headers that the files and all they include ask for: those from outside of the sdist, and its own.

    ``defined`` are macros that the build defines; ``text`` is C source that no file holds (cffi's).
    """
    found = _Arrivals([(file, True) for file in files], {})
    macros = dict.fromkeys(defined, True)
    seen: dict[str, bool] = {}
    budget = _MOST_LINES
    if text:
        for name, sure in _scan(text, macros, True):
            _arrive(where, name, sure, "", found)
    while found.queue and len(seen) < _MOST_FILES and budget > 0:
        file, sure = found.queue.pop()
        if file in seen and (seen[file] or not sure):
            continue
        seen[file] = sure
        content = where.read(file)
        if content is None:
            continue
        budget -= content.count("\n") + 1
        if file.endswith((".pyx", ".pxd", ".pxi", ".py")):
            _cython(where, file, content, sure, found, macros)
            continue
        for name, certainly in _scan(content, macros, sure):
            _arrive(where, name, certainly, file, found)
    return tuple(Included(name, sure, inside) for (name, inside), sure in found.headers.items())


def _arrive(where: Sources, name: str, sure: bool, beside: str, found: _Arrivals) -> None:
    inside = where.find(name, beside)
    key = name, inside is not None
    # What a configuration step makes of a template is the sdist's own, too.
    if inside is None and any(where.find(name + ending, beside) for ending in _TEMPLATES):
        key = name, True
    found.headers[key] = found.headers.get(key, False) or sure
    if inside is not None:
        found.queue.append((inside, sure))


def _scan(content: str, macros: dict[str, bool], sure: bool) -> Iterable[tuple[str, bool]]:
    """The names that a source includes, each with whether it surely does; ``macros`` learns what it defines."""
    stack: list[tuple[bool | None, bool | None]] = []
    state: bool | None = True if sure else None
    lines = content.split("\n")
    for number, line in enumerate(lines):
        match = _LINE.match(line)
        if match is None:
            continue
        word, rest = match[1], match[2][:_LONGEST_CONDITION]
        following = lines[number + 1] if number + 1 < len(lines) else ""
        if word in ("if", "ifdef", "ifndef"):
            answer = _decide(word, rest, macros, following) if not _REFUSES.match(following) else False
            if len(stack) > 500:
                return
            stack.append((state, answer))
            state = _both(state, answer)
        elif word == "elif" and stack:
            outer, before = stack[-1]
            refused = before is True or _REFUSES.match(following)
            answer = False if refused else _decide("if", rest, macros, "")
            # an undecided branch before this one leaves this one undecided
            stack[-1] = (
                outer,
                True if before is True or answer is True else (None if None in (before, answer) else False),
            )
            state = _both(outer, None if before is None and answer is True else answer)
        elif word == "else" and stack:
            outer, before = stack[-1]
            state = _both(outer, None if before is None else not before)
            stack[-1] = (outer, True)
        elif word == "endif" and stack:
            state = stack.pop()[0]
        elif state is False:
            continue
        elif word == "define":
            name = _GUARD.match(rest)
            if name is not None and len(macros) < 20_000:
                macros.setdefault(name[0], state is True)
        elif word in ("include", "include_next", "import"):
            named = _INCLUDE.match(rest.strip())
            if named is not None:
                yield named[1].strip(), state is True


def _both(outer: bool | None, answer: bool | None) -> bool | None:
    if outer is False or answer is False:
        return False
    return True if outer and answer else None


def _decide(word: str, rest: str, macros: dict[str, bool], following: str) -> bool | None:
    name = _GUARD.match(rest)
    if word == "if":
        return _condition(rest, macros)
    if name is None:
        return None
    if word == "ifdef":
        return _defined(name[0], macros)
    guard = _LINE.match(following)
    if guard is not None and guard[1] == "define" and guard[2].startswith(name[0]):
        return True
    known = _defined(name[0], macros)
    if known is None:
        # What is only perhaps defined is not, except where a configuration step is there to define it.
        return None if name[0] in macros or "HAVE" in name[0] else True
    return not known


def _defined(name: str, macros: dict[str, bool]) -> bool | None:
    if _PRESENT.fullmatch(name):
        return True
    if _ABSENT.fullmatch(name):
        return False
    return True if macros.get(name) else None


def _condition(text: str, macros: dict[str, bool]) -> bool | None:
    """The value of an ``#if``: only what is made of ``defined``, ``!``, ``&&`` and ``||`` is decided, and 0 and 1."""
    tokens = _TOKEN.findall(text.split("//")[0])
    if "".join(tokens).replace(" ", "") != re.sub(r"\s", "", text.split("//")[0]):
        return None
    answer, rest = _either(tokens, macros, 0)
    return answer if not rest else None


def _either(tokens: list[str], macros: dict[str, bool], depth: int) -> tuple[bool | None, list[str]]:
    answer, tokens = _all(tokens, macros, depth)
    while tokens and tokens[0] == "||":
        other, tokens = _all(tokens[1:], macros, depth)
        answer = True if answer or other else (None if None in (answer, other) else False)
    return answer, tokens


def _all(tokens: list[str], macros: dict[str, bool], depth: int) -> tuple[bool | None, list[str]]:
    answer, tokens = _one(tokens, macros, depth)
    while tokens and tokens[0] == "&&":
        other, tokens = _one(tokens[1:], macros, depth)
        answer = _both(answer, other)
    return answer, tokens


def _one(tokens: list[str], macros: dict[str, bool], depth: int) -> tuple[bool | None, list[str]]:
    if not tokens or depth > _MOST_NESTED:
        return None, []
    token, rest = tokens[0], tokens[1:]
    if token == "!":
        if rest[:1] == ["defined"]:
            known, left = _one(rest, macros, depth + 1)
            return (True if known is None else not known), left
        answer, left = _one(rest, macros, depth + 1)
        return (None if answer is None else not answer), left
    if token == "(":
        answer, left = _either(rest, macros, depth + 1)
        return (answer, left[1:]) if left[:1] == [")"] else (None, [])
    if token == "defined":
        if rest[:1] == ["("] and len(rest) > 2:
            return _defined(rest[1], macros), rest[3:]
        return (_defined(rest[0], macros), rest[1:]) if rest else (None, [])
    if rest and rest[0] in ("==", "!=", "<=", ">=", "<", ">"):
        return None, rest[2:]
    if rest and rest[0] == "(":
        return None, []
    if token.isdigit():
        return int(token[:9]) != 0, rest
    return (False if _defined(token, macros) is False else None), rest


# --- Cython -----------------------------------------------------------------------------------------------------


class _Declared(NamedTuple):
    """What a Cython source pulls in: headers (``cdef extern from``), C text in it, its own and other declarations."""

    headers: tuple[str, ...]
    texts: tuple[str, ...]
    files: tuple[str, ...]


def _declared(file: str, content: str) -> _Declared:
    names = (match[1].strip("\"'<>") for match in _EXTERN.finditer(content))
    own = re.sub(r"\.(pyx|py)$", ".pxd", file)
    wanted = [own.rpartition("/")[2]] if own != file else []
    wanted += [match[1].strip("./") for match in _TEXT_INCLUDE.finditer(content)]
    for match in _CIMPORT.finditer(content):
        modules = [match[1]] if match[1] else [part.split()[0] for part in match[3].split(",") if part.split()]
        if match[1]:
            modules += [f"{match[1]}.{part.split()[0]}" for part in match[2].strip("() ").split(",") if part.split()]
        wanted += [module.lstrip(".").replace(".", "/") + ".pxd" for module in modules if not module.startswith("libc")]
    texts = (match[2] for match in _VERBATIM.finditer(content))
    return _Declared(tuple(name for name in names if name not in ("", "*")), tuple(texts), tuple(wanted))


def _cython(where: Sources, file: str, content: str, sure: bool, found: _Arrivals, macros: dict[str, bool]) -> None:
    declared = where.declared.get(file)
    if declared is None:
        declared = where.declared[file] = _declared(file, content)
    for name in declared.headers:
        _arrive(where, name, sure, file, found)
    for text in declared.texts:
        for name, certainly in _scan(text, macros, sure):
            _arrive(where, name, certainly, file, found)
    for name in declared.files:
        inside = where.find(name, file)
        if inside is not None:
            found.queue.append((inside, sure))


class Comments(NamedTuple):
    """What a Cython source says of its build: whether it is C++, and the libraries to link with."""

    cplusplus: bool
    libraries: tuple[str, ...]


def comments(content: str) -> Comments:
    """The ``# distutils:`` comments at the top of a Cython source."""
    head = content[:_LONGEST_HEAD]
    libraries = tuple(name for match in _DISTUTILS.finditer(head) for name in match[1].split())
    return Comments(_CPLUSPLUS.search(head) is not None, libraries)
