"""Which installer a command runs: by its name, or by the module or script that its Python runs."""

from __future__ import annotations

import posixpath
import re

from fromlint.model.build import Word
from fromlint.named_tuple import NamedTuple

# Modules that ``python -m`` runs, and scripts, by the program that they are.
_MODULES = {
    "pip": "pip",
    "uv": "uv",
    "poetry": "poetry",
    "pipenv": "pipenv",
    "pdm": "pdm",
    "pipx": "pipx",
    "piptools": "piptools",
    "tox": "tox",
    "nox": "nox",
    "hatch": "hatch",
    "flit": "flit",
    "conda": "conda",
    "venv": "venv",
    "virtualenv": "virtualenv",
}
_PROGRAMS = {
    **{name: name for name in ("uv", "uvx", "poetry", "pipenv", "pdm", "pipx", "conda", "mamba", "micromamba")},
    **{name: name for name in ("tox", "nox", "hatch", "flit", "rye", "pixi", "xargs", "virtualenv")},
    "pip-sync": "pip-sync",
    "pip-compile": "pip-compile",
    "get-pip.py": "get-pip.py",
    "setup.py": "setup.py",
    "pyvenv": "venv",
}
_PIP = r"pip-?(?:\d+(?:\.\d+)*t?)?"
_PYTHON = r"(?:python|pypy|graalpy)(?:\d+(?:\.\d+)*)?t?"
# Python's own options that take a value (https://docs.python.org/3/using/cmdline.html).
_VALUED = "WX"


class Program(NamedTuple):
    """An installer and the words after it. ``python``: the interpreter, as written, or the script that stands for it.

    ``path`` is the script that Python runs (``setup.py``), None elsewhere.
    """

    name: str
    python: str | None
    words: tuple[Word, ...]
    path: str | None = None


def program(words: tuple[Word, ...]) -> Program | None:
    """The installer that a command's words run, None where they run none that is known."""
    if not words:
        return None
    head = words[0].value
    base = posixpath.basename(head)
    if re.fullmatch(_PYTHON, base):
        return _by_python(head, words[1:])
    if re.fullmatch(_PIP, base):
        return Program("pip", head, words[1:])
    name = _PROGRAMS.get(base)
    return Program(name, None, words[1:], head) if name is not None else None


def _by_python(python: str, words: tuple[Word, ...]) -> Program | None:
    """What ``python …`` runs: its options up to ``-m MODULE`` or a script."""
    at = 0
    while at < len(words):
        word = words[at].value
        if not word.startswith("-"):
            return _script(python, word, words[at + 1 :])
        if word.startswith("--"):
            at += 2 if word == "--check-hash-based-pycs" else 1
            continue
        for position, letter in enumerate(word[1:], start=2):
            if letter == "m":
                module = word[position:] or (words[at + 1].value if at + 1 < len(words) else "")
                rest = words[at + (1 if word[position:] else 2) :]
                return _module(python, module, rest)
            if letter == "c":
                return None
            if letter in _VALUED:
                at += 0 if word[position:] else 1
                break
        at += 1
    return None


def _module(python: str, module: str, words: tuple[Word, ...]) -> Program | None:
    name = _MODULES.get(module)
    if name == "piptools":
        name = {"sync": "pip-sync", "compile": "pip-compile"}.get(words[0].value) if words else None
        words = words[1:]
    return Program(name, python, words) if name is not None else None


def _script(python: str, path: str, words: tuple[Word, ...]) -> Program | None:
    base = posixpath.basename(path)
    name = "pip" if re.fullmatch(_PIP, base) else _PROGRAMS.get(base)
    return Program(name, python, words, path) if name is not None else None
