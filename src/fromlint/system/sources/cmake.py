"""What a CMake build asks for: languages, packages, pkg-config modules, git. Commands and plain conditions are read.

Conditions are decided where they rest on the platform or on options that CMakeLists.txt itself sets; what stands under
another is not sure. The language is that of cmake-language(7); macros, functions and generator expressions are not
followed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from fromlint.regex import regex
from fromlint.system.sources.facts import Use

_COMMENT = regex(r"#\[(=*)\[.*?\]\1\]|#[^\n]*", re.S)
_COMMAND = regex(r"\b([A-Za-z_]\w*)[ \t]*\(((?:[^()\"]|\"(?:[^\"\\]|\\.)*\"|\([^()]*\))*)\)")
_WORD = regex(r"\"((?:[^\"\\]|\\.)*)\"|([^\s\"()]+|[()])")
_VARIABLE = regex(r"\$\{(\w+)\}")
_LANGUAGES = {"C": "c", "CXX": "cxx", "Fortran": "fortran", "CUDA": "cuda"}
_FALSE = frozenset({"WIN32", "MSVC", "APPLE", "MINGW", "CYGWIN", "ANDROID", "IOS", "EMSCRIPTEN", "XCODE", "BORLAND"})
_FALSE |= {"FALSE", "OFF", "NO", "N", "0", "WIN64", "NOTFOUND", "IGNORE", "MSYS", "WINDOWS_STORE", "WASM"}
_TRUE = frozenset({"TRUE", "ON", "YES", "Y", "1", "UNIX", "LINUX", "SKBUILD"})
# What every build of a Python package has, or fetches from the index.
_NO_NEED = regex(
    r"python|python3|pythoninterp|pythonlibs|pythonextensions|numpy|pybind11|nanobind|cython|threads|f2py"
    r"|openmp|scikit-build-core|skbuild|pkgconfig|cudatoolkit|torch|ninja"
)

# The value of a variable that is set differently under conditions.
_OPEN = "${}"
_DEEPEST = 12
_MOST_FILES = 200
_MOST_COMMANDS = 20_000
_LONGEST = 400_000


class Reader:
    """Follows CMakeLists.txt from the top. ``languages`` and ``uses`` are what it asks for.

    ``languages`` are those that it surely enables; ``perhaps`` those under a condition that is not decided.
    """

    def __init__(self, read: Callable[[str], str | None], defined: Mapping[str, str] = {}) -> None:
        """``defined`` are the variables that the backend hands over."""
        self.languages: list[str] = []
        self.uses: list[Use] = []
        self._read = read
        self.perhaps: list[str] = []
        self._defined = frozenset(defined)
        self._variables: dict[str, str] = dict(defined)
        self._files = 0
        self._commands = 0

    def follow(self, folder: str, sure: bool = True, file: str = "CMakeLists.txt", depth: int = 0) -> bool:
        """Read the folder's file; false where there is none."""
        path = f"{folder}/{file}" if folder else file
        text = self._read(path)
        self._files += 1
        if text is None or depth > _DEEPEST or self._files > _MOST_FILES:
            return False
        states: list[tuple[bool | None, bool | None]] = []
        state: bool | None = True if sure else None
        inside = 0
        for match in _COMMAND.finditer(_COMMENT.sub("", text[:_LONGEST])):
            self._commands += 1
            if self._commands > _MOST_COMMANDS:
                break
            name = match[1].lower()
            if name in ("function", "macro"):
                inside += 1
            elif name in ("endfunction", "endmacro"):
                inside -= 1
            elif name == "if":
                answer = self._condition(match[2])
                states.append((state, answer))
                state = _both(state, answer)
            elif name in ("elseif", "else") and states:
                outer, before = states[-1]
                answer = True if name == "else" else self._condition(match[2])
                state = _both(outer, False if before is True else None if before is None and answer else answer)
                states[-1] = (outer, True if before is True or answer is True else _either(before, answer))
            elif name == "endif" and states:
                state = states.pop()[0]
            elif state is not False and inside <= 0:
                self._command(name, self._words(match[2]), state is True, folder, depth)
        return True

    def _words(self, text: str) -> list[str]:
        found = []
        for quoted, plain in _WORD.findall(text[:20_000]):
            word = _VARIABLE.sub(lambda match: self._variables.get(match[1], match[0]), quoted or plain)
            found += [word] if quoted else word[:1_000].split(";")
        return found

    def _command(self, name: str, words: list[str], sure: bool, folder: str, depth: int) -> None:
        if name == "project" and words:
            stated = words[words.index("LANGUAGES") + 1 :] if "LANGUAGES" in words else words[1:]
            languages = [_LANGUAGES[word] for word in stated if word in _LANGUAGES]
            if "NONE" not in stated and depth == 0:
                self.languages += languages or (["c", "cxx"] if len(words) == 1 or "LANGUAGES" not in words else [])
        elif name == "enable_language":
            (self.languages if sure else self.perhaps).extend(_LANGUAGES[word] for word in words if word in _LANGUAGES)
        elif name == "option" and words:
            known = words[-1] if words[-1].upper() in _TRUE | _FALSE else "OFF" if len(words) < 3 else _OPEN
            self._variables.setdefault(words[0], known)
        elif name == "set" and len(words) > 1 and len(words[1]) < 200 and len(self._variables) < 5_000:
            if words[0] not in self._defined:
                self._variables[words[0]] = words[1] if sure else _OPEN
        elif name == "find_package" and words:
            self._package(words, sure)
        elif name in ("pkg_check_modules", "pkg_search_module") and len(words) > 1:
            required = sure and "REQUIRED" in words
            self.uses.append(Use("program", "pkg-config", required))
            options = {"REQUIRED", "QUIET", "NO_CMAKE_PATH", "NO_CMAKE_ENVIRONMENT_PATH", "IMPORTED_TARGET", "GLOBAL"}
            for word in words[1:]:
                if word not in options and not re.match(r"[<>=\d$]", word):
                    self.uses.append(Use("pkg-config", re.split("[<>=]", word)[0], required))
        elif name in ("fetchcontent_declare", "externalproject_add") and "GIT_REPOSITORY" in words:
            self.uses.append(Use("program", "git", sure))
        elif name == "find_program" and "REQUIRED" in words and len(words) > 1:
            program = words[words.index("NAMES") + 1] if "NAMES" in words[:-1] else words[1]
            self.uses.append(Use("program", program, sure))
        elif name == "add_subdirectory" and words and ".." not in words[0] and "$" not in words[0]:
            self.follow(f"{folder}/{words[0]}".strip("/"), sure, depth=depth + 1)
        elif name == "include" and words and words[0].endswith(".cmake") and ".." not in words[0]:
            self.follow(folder, sure, re.sub(r"^\$\{\w+\}/", "", words[0]), depth + 1)

    def _package(self, words: list[str], sure: bool) -> None:
        name = words[0].lower()
        if _NO_NEED.fullmatch(name) is None and "$" not in name:
            self.uses.append(Use("cmake", name, sure and "REQUIRED" in words))

    def _condition(self, text: str) -> bool | None:
        words = self._words(text)
        if len(words) > 60:
            return None
        if "OR" in words:
            at = words.index("OR")
            return _either(self._all(words[:at]), self._condition(" ".join(words[at + 1 :])))
        return self._all(words)

    def _all(self, words: list[str]) -> bool | None:
        answer: bool | None = True
        part: list[str] = []
        for word in [*words, "AND"]:
            if word == "AND":
                answer = _both(answer, self._one(part))
                part = []
            else:
                part.append(word)
        return answer

    def _one(self, words: list[str]) -> bool | None:
        if len(words) > 1 and words[0] == "NOT":
            answer = self._one(words[1:])
            return None if answer is None else not answer
        if len(words) == 3 and words[0] in ("CMAKE_SYSTEM_NAME", "Linux") and words[1] in ("STREQUAL", "MATCHES"):
            return words[2] == "Linux"
        if words == ["CMAKE_PROJECT_NAME", "STREQUAL", "PROJECT_NAME"]:
            # the sdist's own project is the one that is built
            return True
        if len(words) != 1:
            return None
        value = self._variables.get(words[0], words[0]).upper()
        return True if value in _TRUE else False if value in _FALSE else None


def _both(first: bool | None, second: bool | None) -> bool | None:
    if first is False or second is False:
        return False
    return True if first and second else None


def _either(first: bool | None, second: bool | None) -> bool | None:
    if first is True or second is True:
        return True
    return None if None in (first, second) else False
