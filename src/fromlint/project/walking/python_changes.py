"""What steps of a stage change of its Pythons: a pinned version, a venv that is copied, a newer pip."""

from __future__ import annotations

import posixpath
import re

from fromlint.model.build import FilesCopied, Install
from fromlint.model.files import FileMissing, FileUnknown, FileUnreadable
from fromlint.project.walking.layers import ImageFiles, Origins
from fromlint.project.walking.pythons import Interpreters, Site


def pinned(tool: str, venv: str, files: ImageFiles) -> str | None:
    """The Python that a ``.python-version`` in the project's folder asks uv for; None where none surely does."""
    if not tool.startswith("uv") or not venv.startswith("/"):
        return None
    try:
        text = files.read(posixpath.join(posixpath.dirname(venv), ".python-version"))
    except (FileMissing, FileUnknown, FileUnreadable):
        return None
    for line in text.decode("utf-8", "replace").splitlines():
        if found := re.fullmatch(r"(?:cpython[@-])?(\d+\.\d+(?:\.\d+)?)", line.strip()):
            return found[1]
    return None


def with_copied_venvs(interpreters: Interpreters, copied: FilesCopied, origins: Origins) -> Interpreters:
    """A venv that is copied from an earlier stage is one here, too: its Python is this stage's own."""
    if copied.origin is None or copied.destination is None or copied.unknown is not None:
        return interpreters
    for source in copied.sources:
        path = posixpath.normpath(copied.destination)
        name = posixpath.basename(source.value.rstrip("/"))
        if "venv" in name or name in ("env", "virtualenv"):
            made = Site(path, interpreters.system, True)
            interpreters = interpreters._replace(venvs={**interpreters.venvs, path: made})
    return interpreters


def with_new_pip(interpreters: Interpreters, install: Install) -> Interpreters:
    """``pip install -U pip`` brings a pip that knows every tag; its exact version matters to nobody."""
    if install.tool != "pip" or install.action != "install" or interpreters.system is None:
        return interpreters
    for requirement in install.requirements:
        word = requirement.value.lower()
        if word == "pip" or word.startswith(("pip=", "pip>", "pip<", "pip~", "pip!")):
            pinned = word[5:] if word.startswith("pip==") and word[5:].replace(".", "").isdigit() else None
            if word == "pip" and not install.options.upgrade and interpreters.system.pip:
                return interpreters
            if re.fullmatch(r"python3\.\d+", install.python or ""):
                return interpreters.with_pip(install.python, pinned)
            newest = not re.search(r"[<=~!]", word.replace(">=", ""))
            return interpreters._replace(system=interpreters.system._replace(pip=pinned, newest_pip=newest))
    return interpreters
