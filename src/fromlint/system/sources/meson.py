"""What a Meson build asks for: languages, dependencies, programs. Only calls, plain conditions and variables are read.

Conditions on ``host_machine.system()`` are decided, options by the values that the option file gives them, and what is
not required is taken not to be found, as on an image that has nothing of it. What stands under another condition is not
sure.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from fromlint.regex import regex
from fromlint.system.sources.facts import Use

_COMMENT = regex(r"('''.*?'''|'(?:[^'\\\n]|\\.)*')|#[^\n]*", re.S)
# Calls within calls within the arguments of a call: more are not read.
_WITHIN = r"[^()]*+"
for _ in range(4):
    _WITHIN = rf"(?:[^()]|\({_WITHIN}\))*+"
_CALL = regex(
    rf"(?<![\w.])(project|add_languages|dependency|find_program|subdir|subproject|option)\s*\(({_WITHIN})\)"
    rf"|\.(find_library)\s*\(({_WITHIN})\)"
    r"|(?<![\w.'])(if|elif|else|endif|foreach|endforeach)\b([^\n]*)"
    r"|^[ \t]*(\w+)[ \t]*=[ \t]*(?=([^\n=][^\n]*))",
    re.MULTILINE,
)
_TEXT = regex(r"'([^'\n]*)'")
_KEYWORD = regex(r"(\w+)\s*:\s*(\[[^\]]*\]|[^,\n]+)")
_OPTION = regex(r"get_option\s*\(\s*'([\w-]+)'\s*\)")
_SYSTEM = regex(
    r"(?:host|build|target)_machine\.system\s*\(\)(?:\.to_lower\s*\(\))?\s*(==|!=|in|not in)\s*(\[[^\]]*\]|'[\w-]+')"
)
_LANGUAGES = {"c": "c", "cpp": "cxx", "cython": "cython", "fortran": "fortran", "rust": "rust", "cuda": "cuda"}
_NO_NEED = regex(r"python|python3|numpy|pybind11|nanobind|threads|openmp|dl|appleframeworks|cython|f2py")
_NO_LIBRARY = frozenset({"m", "dl", "rt", "pthread", "util", "c"})
# Python's own tools come with what build-system.requires names.
_NO_PROGRAM = regex(r"python3?|cython3?|f2py|.*\.py|pythran|cp|sh|bash|env|sed|true|git")

_WRAP = regex(r"subprojects/([^/]+)\.wrap")
_FOLDER = regex(r"subprojects/([^/]+)/meson\.build")

_DEEPEST = 12
_MOST_FILES = 300
_LONGEST = 400_000


def brought(names: Iterable[str], read: Callable[[str], str | None]) -> frozenset[str]:
    """The subprojects that the build has or that Meson fetches by itself, and the dependencies that these provide.

    What a wrap leaves to git or another program is none of them: an image without it gets nothing.
    """
    names = frozenset(names)
    found = {match[1] for name in names if (match := _FOLDER.fullmatch(name)) is not None}
    for name in names:
        match = _WRAP.fullmatch(name)
        text = (read(name) or "")[:_LONGEST] if match is not None else ""
        if match is not None and ("[wrap-file]" in text or match[1] in found):
            found.add(match[1])
            provided = dict(re.findall(r"^\s*([^\s=\[#]+)\s*=\s*(.*)$", text.partition("[provide]")[2], re.MULTILINE))
            found.update(provided.pop("dependency_names", "").replace(",", " ").split(), provided)
    return frozenset(found)


class Reader:
    """Follows meson.build from the top. ``languages`` and ``uses`` are what it asks for."""

    def __init__(self, read: Callable[[str], str | None], has_fallback: Callable[[str], bool]) -> None:
        """``has_fallback``: whether a subproject, by its name, stands in for a dependency."""
        self.languages: list[str] = []
        self.uses: list[Use] = []
        self._read = read
        self._has_fallback = has_fallback
        self._options: dict[str, str] = {}
        self._variables: dict[str, bool | None] = {}
        self._assigned: str | None = None
        self._files = 0

    def follow(self, folder: str = "", sure: bool = True, depth: int = 0) -> bool:
        """Read the folder's file; false where there is none."""
        if depth == 0:
            for file in ("meson_options.txt", "meson.options"):
                self._read_options(self._read(f"{folder}/{file}".strip("/")) or "")
        text = self._read(f"{folder}/meson.build".strip("/"))
        self._files += 1
        if text is None or depth > _DEEPEST or self._files > _MOST_FILES:
            return False
        states: list[tuple[bool | None, bool | None]] = []
        state: bool | None = True if sure else None
        for match in _CALL.finditer(_COMMENT.sub(lambda found: found[1] or "", text[:_LONGEST])):
            word = match[5]
            if word == "if":
                answer = self._condition(match[6])
                states.append((state, answer))
                state = _both(state, answer)
            elif word in ("elif", "else") and states:
                outer, before = states[-1]
                answer = True if word == "else" else self._condition(match[6])
                state = _both(outer, False if before is True else None if before is None and answer else answer)
                done = True if before is True or answer is True else None if None in (before, answer) else False
                states[-1] = (outer, done)
            elif word == "endif" and states:
                state = states.pop()[0]
            elif match[7] is not None and state is not False:
                self._assign(match[7], match[8], state is True)
            elif word is None and state is not False:
                self._call(match[1] or match[3], match[2] or match[4] or "", state is True, folder, depth)
        return True

    def _read_options(self, text: str) -> None:
        for match in _CALL.finditer(_COMMENT.sub(lambda found: found[1] or "", text[:_LONGEST])):
            if match[1] == "option" and (names := _TEXT.findall(match[2])):
                keywords = dict(_KEYWORD.findall(match[2]))
                default = "auto" if "feature" in keywords.get("type", "") else "true"
                self._options[names[0]] = keywords.get("value", default).strip(" ')\n")

    def _assign(self, name: str, text: str, sure: bool) -> None:
        """A variable: whether a dependency was found, or a condition's answer."""
        self._assigned = name
        choice = re.fullmatch(r"(.+?)\?(.+?):(.+)", text)
        if choice is not None:
            answer = self._condition(choice[1])
            value = None if answer is None else self._condition(choice[2] if answer else choice[3])
        else:
            value = False if text.startswith("disabler") else self._condition(text)
        if len(self._variables) < 5_000 and (sure or name not in self._variables):
            self._variables[name] = value

    def _call(self, name: str, arguments: str, sure: bool, folder: str, depth: int) -> None:
        keywords = dict(_KEYWORD.findall(arguments))
        texts = _TEXT.findall(re.split(r"\w+\s*:", arguments)[0])
        required = self._required(keywords.get("required", "true").strip())
        assigned, self._assigned = self._assigned, None
        if name in ("dependency", "find_library", "find_program") and assigned is not None:
            self._variables[assigned] = required and sure
        if name in ("project", "add_languages"):
            if (required or name == "project") and not folder.startswith("subprojects/"):
                self.languages += [_LANGUAGES[text] for text in texts if text in _LANGUAGES]
        elif name == "subdir" and texts and ".." not in texts[0]:
            self.follow(f"{folder}/{texts[0]}".strip("/"), sure, depth + 1)
        elif name == "subproject" and texts and "/" not in texts[0]:
            self.follow(f"subprojects/{texts[0]}", sure and required, depth + 1)
        elif name == "dependency" and texts and _NO_NEED.fullmatch(texts[0].lower()) is None:
            instead = _TEXT.findall(keywords.get("fallback", ""))[:1]
            surely = sure and required and not any(map(self._has_fallback, (*instead, texts[0])))
            self.uses.append(Use("pkg-config", texts[0], surely))
            self.uses.append(Use("program", "pkg-config", surely))
        elif name == "find_library" and texts and texts[0] not in _NO_LIBRARY:
            self.uses.append(Use("library", texts[0], sure and required))
        elif name == "find_program" and texts and not _NO_PROGRAM.fullmatch(texts[0]):
            self.uses.append(Use("program", texts[0], sure and required and len(texts) == 1))

    def _required(self, text: str) -> bool:
        option = _OPTION.search(text)
        if option is not None:
            return self._options.get(option[1], "auto") in ("true", "enabled")
        return "!= 'msvc'" in text or self._condition(text) is True

    def _condition(self, text: str) -> bool | None:
        if len(text) > 1_000:
            return None
        answer: bool | None = False
        for part in text.split(" or "):
            both: bool | None = True
            for word in part.split(" and "):
                both = _both(both, self._one(word.strip()))
            answer = True if answer or both else None if None in (answer, both) else False
        return answer

    def _one(self, text: str) -> bool | None:
        if text.startswith("not "):
            answer = self._one(text[4:].strip())
            return None if answer is None else not answer
        system = _SYSTEM.fullmatch(text)
        if system is not None:
            return ("linux" in _TEXT.findall(system[2])) is (system[1] in ("==", "in"))
        option = _OPTION.fullmatch(text)
        if option is not None:
            return {"true": True, "false": False}.get(self._options.get(option[1], ""))
        if text in ("true", "false"):
            return text == "true"
        return self._variables.get(text.removesuffix(".found()"))


def _both(first: bool | None, second: bool | None) -> bool | None:
    if first is False or second is False:
        return False
    return True if first and second else None
