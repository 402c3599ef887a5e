"""Which commands may make files that a later install names, and where."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from fromlint.model.build import CommandUsed, Event, ToolFetched
from fromlint.regex import regex

# Commands of a RUN that make no file which a later install could name, or of which another event says what they make
# (curl, cp, sed). All others may: what they make is not known.
_HARMLESS_NAMES = """
    [ add-apt-repository addgroup adduser apk apt apt-add-repository apt-cache apt-get apt-key apt-mark awk base64
    bower bundle cat cd chgrp chmod chown chpasswd chsh command corepack cp curl cut date dbus-uuidgen
    debconf-set-selections delgroup deluser df diff dirname dnf dos2unix dpkg dpkg-query dpkg-reconfigure du echo
    egrep env exit export false fc-cache fgrep file find gem getent gosu gpasswd gpg grep groupadd groupmod head
    hostname id install_packages ldconfig ldd ln locale-gen localedef ls lsb_release md5sum microdnf mkdir mktemp mv
    npm nproc openssl passwd pdm pip pip-sync pip3 pipenv pipx pnpm poetry postconf printenv printf ps pwd readelf
    readlink realpath rm rmdir scanelf sed seq set setcap sha1sum sha256sum sha512sum sleep sort ssh-keygen
    ssh-keyscan stat strip su-exec sudo sync tail tee test touch tr true truncate tty type tzdata umask uname uniq
    unset update-alternatives update-ca-certificates update-locale useradd userdel usermod uv virtualenv visudo wc
    wget which whoami xargs yarn yum zypper
"""
_HARMLESS = frozenset(_HARMLESS_NAMES.split())
_HARMLESS_MODULES = frozenset((name,) for name in ("compileall", "ensurepip", "pip", "spacy", "venv", "virtualenv"))
# What is handed over as text writes files by these, or has others do it.
_WRITES = regex(
    r"open\b|write|copy|move|rename|save|dump|\bos\b|subprocess|exec|eval|sys\.path|import_module|urlretrieve"
)
_INTERPRETER = regex(r"(ba|da|z|a)?sh|python[\d.]*")
_QUESTIONS = frozenset({("--version",), ("-version",), ("-V",), ("-v",), ("version",), ("--help",), ("-h",)})


def harmless(used: CommandUsed) -> bool:
    """Whether a command makes no file that matters, or another event says what it makes."""
    name = posixpath.basename(used.name)
    if used.arguments in _QUESTIONS:
        return True
    if _locks(used):
        return False
    if name.startswith(("python", "pypy")):
        return _harmless_python(used.arguments)
    return name in _HARMLESS


def _harmless_python(words: tuple[str, ...]) -> bool:
    """Whether what a Python runs only looks, installs, or makes files that no install names (build folders)."""
    program, rest = words[:1], words[1:]
    if program == ("-m",):
        return rest[:1] in _HARMLESS_MODULES
    if program == ("-c",):
        return not _WRITES.search(" ".join(rest))
    if program == ("setup.py",):
        # build, build_ext, egg_info, compile_catalog …; sdists and wheels may well be installed.
        return bool(rest) and not any(word.startswith(("sdist", "bdist")) for word in rest)
    return program == ("manage.py",)


def _locks(used: CommandUsed) -> bool:
    """Whether a command makes a lock file where there is none; one that is there hardly changes."""
    return posixpath.basename(used.name) in ("uv", "poetry", "pdm", "pipenv") and used.arguments[:1] == ("lock",)


def known_installer(used: CommandUsed, before: Sequence[Event]) -> bool:
    """Whether an interpreter runs what a download of a well-known tool hands over (``curl nodesource | bash -``).

    ``before`` are the events that come before it: such a download says which tool it fetches.
    """
    if _INTERPRETER.fullmatch(posixpath.basename(used.name)) is None or used.arguments[:1] not in ((), ("-",), ("-s",)):
        return False
    fetched = False
    for event in reversed(before):
        if isinstance(event, CommandUsed):
            return fetched and posixpath.basename(event.name) in ("curl", "wget")
        fetched = fetched or (isinstance(event, ToolFetched) and event.name is not None)
    return False


def unpacked(used: CommandUsed) -> str:
    """The folder in which a command makes its files, as far as its words tell: of an archive or a clone."""
    words = used.arguments
    name = posixpath.basename(used.name)
    folder: str | None = "." if _locks(used) else None
    if name in ("tar", "bsdtar", "unzip"):
        option = "-d" if name == "unzip" else "-C"
        folder = words[words.index(option) + 1] if option in words[:-1] else "."
    elif name == "git" and words[:1] == ("clone",) and len(words) > 2 and "://" in words[-2]:
        folder = words[-1]
    if folder is None or (used.directory is None and not folder.startswith("/")):
        return "/"
    return posixpath.normpath(posixpath.join(used.directory or "/", folder))
