"""Which commands may make files that a later install names, and where."""

from __future__ import annotations

import posixpath

from fromlint.model.build import CommandUsed

# Commands of a RUN that make no file which a later install could name, or of which another event says what they make
# (curl, cp, sed). All others may: what they make is not known.
_HARMLESS_NAMES = """
    [ addgroup adduser apk apt apt-cache apt-get apt-key apt-mark awk base64 bower bundle cat cd chgrp chmod chown
    chpasswd chsh command corepack cp curl cut date dbus-uuidgen debconf-set-selections delgroup deluser df diff
    dirname dnf dos2unix dpkg dpkg-query dpkg-reconfigure du echo egrep env exit export false fc-cache fgrep file find
    gem getent gosu gpasswd gpg grep groupadd groupmod head hostname id install_packages ldconfig ldd ln locale-gen
    localedef ls lsb_release md5sum microdnf mkdir mktemp mv npm nproc openssl passwd pdm pip pip-sync pip3 pipenv
    pipx pnpm poetry postconf printenv printf ps pwd readelf readlink realpath rm rmdir scanelf sed seq set setcap
    sha1sum sha256sum sha512sum sleep sort ssh-keygen ssh-keyscan stat strip su-exec sudo sync tail tee test touch tr
    true truncate tty type tzdata umask uname uniq unset update-alternatives update-ca-certificates update-locale
    useradd userdel usermod uv virtualenv visudo wc wget which whoami xargs yarn yum zypper
"""
_HARMLESS = frozenset(_HARMLESS_NAMES.split())
_QUESTIONS = frozenset({("--version",), ("-version",), ("-V",), ("-v",), ("version",), ("--help",), ("-h",)})


def harmless(used: CommandUsed) -> bool:
    """Whether a command makes no file that matters, or another event says what it makes."""
    name = posixpath.basename(used.name)
    if used.arguments in _QUESTIONS:
        return True
    if name.startswith(("python", "pypy")):
        return used.arguments[:1] == ("-m",) and used.arguments[1:2] in (("pip",), ("venv",), ("virtualenv",))
    return name in _HARMLESS


def unpacked(used: CommandUsed) -> str:
    """The folder in which a command makes its files, as far as its words tell: of an archive or a clone."""
    words = used.arguments
    name = posixpath.basename(used.name)
    folder: str | None = None
    if name in ("tar", "bsdtar", "unzip"):
        option = "-d" if name == "unzip" else "-C"
        folder = words[words.index(option) + 1] if option in words[:-1] else "."
    elif name == "git" and words[:1] == ("clone",) and len(words) > 2 and "://" in words[-2]:
        folder = words[-1]
    if folder is None or (used.directory is None and not folder.startswith("/")):
        return "/"
    return posixpath.normpath(posixpath.join(used.directory or "/", folder))
