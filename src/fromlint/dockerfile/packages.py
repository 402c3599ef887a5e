"""What a command does to the system packages of an image: apt, apk, dnf and their kin.

Options and operands after the programs' own manual pages (apt-get(8), apk(8), dnf(8), zypper(8), pacman(8)).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from fromlint.model.build import (
    Command,
    Event,
    ListsDeleted,
    ListsUpdated,
    PackagesAdded,
    PackagesKept,
    PackagesRemoved,
    SourceAdded,
    Word,
)
from fromlint.model.place import Text
from fromlint.named_tuple import NamedTuple
from fromlint.regex import regex


def packages(command: Command, *, libraries_found: bool = False) -> tuple[Event, ...]:
    """What a command adds, removes, keeps, and what it does to the package lists; () where it is no package manager.

    ``recommends`` is what the command itself says. ``libraries_found``: a command of the same script has listed the
    libraries that programs load, so that unknown words of an ``apk add`` are those libraries: PackagesKept.
    """
    words = command.words
    if not words or not words[0].known:
        return ()
    reader = _READERS.get(words[0].value.rpartition("/")[2])
    return reader(command, libraries_found) if reader else ()


_FALSE = frozenset({"0", "false", "no", "off", "without", "disable"})
_RECOMMENDS = r"""\binstall-recommends\s*(?:=|\s)\s*["']?([a-z0-9]+)["']?\s*;?"""


def recommends(text: str) -> bool | None:
    """What an apt.conf text or a ``-o`` argument says of ``APT::Install-Recommends``; None: nothing."""
    if "install-recommends" not in text.lower():
        return None
    found = re.findall(_RECOMMENDS, text, re.IGNORECASE)
    return found[-1].lower() not in _FALSE if found else None


class _Line(NamedTuple):
    """A command line taken apart: options with their values ("" where none), and operands."""

    options: list[tuple[str, str]]
    operands: list[Word]

    def has(self, *names: str) -> bool:
        return any(name in names for name, _ in self.options)

    def last(self, *names: str) -> str | None:
        return next((value for name, value in reversed(self.options) if name in names), None)


def _read(words: Sequence[Word], valued: frozenset[str]) -> _Line:
    """Take a line apart. ``valued``: options with a value, which may be joined to a short one (``-oX=y``)."""
    options: list[tuple[str, str]] = []
    operands: list[Word] = []
    index = 1
    while index < len(words):
        word = words[index]
        value = word.value
        index += 1
        if value == "--":
            operands += words[index:]
            break
        if not value.startswith("-") or len(value) == 1:
            operands.append(word)
            continue
        name, equals, given = value.partition("=")
        if name in valued and equals:
            options.append((name, given))
        elif value in valued:
            options.append((value, words[index].value if index < len(words) else ""))
            index += 1
        elif not value.startswith("--") and value[:2] in valued:
            options.append((value[:2], value[2:]))
        elif value.startswith("--"):
            options.append((name, given))
        else:
            options += [("-" + letter, "") for letter in value[1:]]
    return _Line(options, operands)


class _Names(NamedTuple):
    """``plain`` names and ``unknown`` words; ``dropped`` are taken away.

    ``foreign``: from beyond the distribution's own release.
    """

    plain: list[Text]
    unknown: list[Text]
    foreign: bool
    dropped: list[Text]


_Pick = Callable[[str], tuple[str, str]]


def _names(words: Iterable[Word], pick: _Pick) -> _Names:
    """Names of packages. ``pick`` gives a name and what it is: "", "foreign", "unknown" or "dropped"."""
    plain: list[Text] = []
    unknown: list[Text] = []
    dropped: list[Text] = []
    foreign = False
    for word in words:
        name, kind = pick(word.value)
        unclear = not word.known and _UNKNOWN_PART.search(name)
        if kind == "unknown" or not name or unclear:
            unknown.append(Text(word.value, word.span))
            foreign = foreign or kind == "unknown"
        elif kind == "dropped":
            dropped.append(Text(name, word.span))
        else:
            plain.append(Text(name, word.span))
            foreign = foreign or kind == "foreign"
    return _Names(plain, unknown, foreign, dropped)


_UNKNOWN_PART = regex(r"[$`{}]")


def _added(
    command: Command,
    manager: str,
    names: _Names,
    *,
    virtual: str | None = None,
    recommended: bool | None = None,
    foreign: bool = False,
) -> list[Event]:
    events: list[Event] = []
    if names.plain or names.unknown:
        events.append(
            PackagesAdded(
                manager,
                tuple(names.plain),
                virtual,
                recommended,
                foreign or names.foreign,
                tuple(names.unknown),
                command.conditional,
                command.tolerated and not command.lost,
                command.span,
            )
        )
    if names.dropped:
        events.append(PackagesRemoved(manager, tuple(names.dropped), False, command.conditional, command.span))
    return events


def _updated(command: Command, manager: str) -> ListsUpdated:
    return ListsUpdated(manager, command.conditional, command.tolerated and not command.lost, command.span)


# --- Debian and its kin

_APT_VALUED = frozenset(
    {"-t", "--target-release", "--default-release", "-o", "--option", "-c", "--config-file", "-a"}
    | {"--host-architecture", "-P", "--build-profiles"}
)


def _apt_name(word: str) -> tuple[str, str]:
    """``libpq5=15.*`` is libpq5, ``foo/bookworm-backports`` foo, ``libc6:i386`` libc6, ``vim-`` is taken away."""
    if word.startswith(("./", "/", "../")) or word.endswith(".deb") or "://" in word:
        return word, "unknown"
    name, slash, _ = word.partition("=")[0].partition("/")
    name = name.partition(":")[0]
    if name.endswith("-"):
        return name[:-1], "dropped"
    if name.endswith("+") and not name.endswith("++"):
        name = name[:-1]
    return name, "foreign" if slash else ""


def _apt(command: Command, libraries_found: bool) -> tuple[Event, ...]:
    line = _read(command.words, _APT_VALUED)
    if not line.operands:
        return ()
    action, operands = line.operands[0].value, line.operands[1:]
    settings = "\n".join(value for name, value in line.options if name in ("-o", "--option"))
    if re.search(r"(?i)\bdir\s*=", settings):
        return ()
    if action == "update":
        return (_updated(command, "apt"),)
    if action in ("install", "reinstall", "satisfy"):
        said = recommends(settings)
        if line.has("--no-install-recommends", "-R", "--without-recommends"):
            said = False
        elif line.has("--install-recommends", "-r", "--with-recommends"):
            said = True
        foreign = line.has("-t", "--target-release", "--default-release")
        events = _added(command, "apt", _names(operands, _apt_name), recommended=said, foreign=foreign)
        if line.has("--autoremove", "--auto-remove"):
            events.append(PackagesRemoved("apt", (), True, command.conditional, command.span))
        return tuple(events)
    if action == "build-dep":
        wanted = [Text(word.value, word.span) for word in operands]
        return tuple(_added(command, "apt", _Names([], wanted, False, [])))
    if action in ("remove", "purge", "autoremove", "auto-remove", "autopurge"):
        names = _names(operands, lambda word: (_apt_name(word)[0], ""))
        automatic = action.startswith("auto") or line.has("--autoremove", "--auto-remove")
        if not names.plain and not automatic:
            return ()
        return (PackagesRemoved("apt", tuple(names.plain), automatic, command.conditional, command.span),)
    if action in ("dist-clean", "distclean"):
        return (ListsDeleted("apt", command.span),)
    return ()


def _apt_mark(command: Command, libraries_found: bool) -> tuple[Event, ...]:
    words = command.words
    if len(words) < 3 or words[1].value != "manual":
        return ()
    known = tuple(word.value for word in words[2:] if word.known and not word.value.startswith("-"))
    unknown = any(not word.known for word in words[2:])
    return (PackagesKept("apt", known, unknown, command.span),)


def _dpkg(command: Command, libraries_found: bool) -> tuple[Event, ...]:
    line = _read(command.words, frozenset({"--root", "--admindir", "--instdir"}))
    wanted = [Text(word.value, word.span) for word in line.operands]
    if line.has("-i", "--install") or command.words[0].value == "gdebi":
        return tuple(_added(command, "apt", _Names([], wanted, True, [])))
    if line.has("-r", "--remove", "-P", "--purge"):
        return (PackagesRemoved("apt", tuple(wanted), False, command.conditional, command.span),)
    return ()


def _apt_at_once(command: Command, libraries_found: bool) -> tuple[Event, ...]:
    """One command that updates, installs without recommended packages, and cleans up.

    ``install_packages`` of bitnami/minideb, ``clean-install`` of the Kubernetes debian-base, ``install_clean`` of
    phusion/baseimage, ``apt-install``.
    """
    line = _read(command.words, _APT_VALUED)
    events = _added(command, "apt", _names(line.operands, _apt_name), recommended=False)
    return (_updated(command, "apt"), *events, ListsDeleted("apt", command.span)) if events else ()


def _apt_source(command: Command, libraries_found: bool) -> tuple[Event, ...]:
    return (SourceAdded("apt", command.span),)


# --- Alpine

_APK_VALUED = frozenset(
    {"-X", "--repository", "-p", "--root", "--arch", "--cache-dir", "--keys-dir", "--repositories-file"}
    | {"-t", "--virtual", "--wait", "--progress-fd", "--cache-max-age", "--timeout"}
)
_APK_NAME = regex(r"(!?)([^\s=<>~@]+)(@?)")


def _apk_name(word: str) -> tuple[str, str]:
    """``pkg>1.2`` and ``pkg=1.2-r0`` are pkg; ``pkg@edge`` is from a tagged repository; ``!pkg`` is kept away."""
    if word.startswith(("./", "/", "../")) or word.endswith(".apk"):
        return word, "unknown"
    found = _APK_NAME.match(word)
    if found is None:
        return word, ""
    return found[2], "dropped" if found[1] else "foreign" if found[3] else ""


def _apk(command: Command, libraries_found: bool) -> tuple[Event, ...]:
    line = _read(command.words, _APK_VALUED)
    if not line.operands or line.has("-p", "--root"):
        return ()
    action, operands = line.operands[0].value, line.operands[1:]
    fresh = line.has("-U", "--update", "--update-cache")
    if action == "update":
        return (_updated(command, "apk"),)
    updates = (_updated(command, "apk"),) if fresh else ()
    if action == "add":
        names = _names(operands, _apk_name)
        virtual = line.last("-t", "--virtual")
        if libraries_found and names.unknown and not names.plain:
            kept = (virtual,) if virtual else ()
            return (*updates, PackagesKept("apk", kept, True, command.span))
        foreign = line.has("-X", "--repository", "--repositories-file")
        return (*updates, *_added(command, "apk", names, virtual=virtual, foreign=foreign))
    if action == "del":
        removed = _names(operands, _apk_name)
        if removed.plain:
            # apk removes what was only a dependency together with what depended on it.
            return (PackagesRemoved("apk", tuple(removed.plain), True, command.conditional, command.span),)
    return updates


# --- Red Hat, Fedora, Amazon, openSUSE, Arch

_DNF_VALUED = frozenset(
    {"-c", "--config", "--setopt", "--enablerepo", "--disablerepo", "--releasever", "-x", "--exclude", "--installroot"}
    | {"--repo", "--repoid", "--repofrompath", "--forcearch", "-d", "-e", "-R", "--comment", "--advisory"}
)
_RPM_VERSION = r"-\d+\.[\w.]*(?:-[\w.]+)?$"
_RELEASE_PACKAGE = r"(?:^|[/-])(?:epel|remi|rpmfusion|ius|scl)\b.*release|-release-latest|elrepo-release"


def _rpm_name(word: str) -> tuple[str, str]:
    """``gcc-12.2.1`` is gcc; ``gcc-toolset-12`` is a name."""
    if "://" in word or word.endswith(".rpm") or word.startswith(("/", "./")):
        return word, "unknown"
    return re.sub(_RPM_VERSION, "", word), ""


def _dnf(command: Command, libraries_found: bool) -> tuple[Event, ...]:
    manager = command.words[0].value.rpartition("/")[2]
    manager = {"dnf5": "dnf", "dnf-3": "dnf"}.get(manager, manager)
    line = _read(command.words, _DNF_VALUED)
    if not line.operands or line.has("--installroot"):
        return ()
    action, operands = line.operands[0].value, line.operands[1:]
    if action in ("group", "groups") and operands:
        action, operands = "group" + operands[0].value, operands[1:]
    if action in ("install", "localinstall", "reinstall", "groupinstall", "builddep"):
        weak = [value for name, value in line.options if name == "--setopt" and "install_weak_deps" in value]
        said = weak[-1].partition("=")[2].lower() not in _FALSE if weak else None
        names = _names(operands, _rpm_name)
        if action == "groupinstall":
            names = names._replace(plain=[Text("@" + name.value.removeprefix("@"), name.span) for name in names.plain])
        elif action == "builddep":
            names = _Names([], [*names.plain, *names.unknown], False, [])
        events = _added(command, manager, names, recommended=said, foreign=line.has("--enablerepo", "--repofrompath"))
        if any(re.search(_RELEASE_PACKAGE, word.value) for word in operands):
            events.append(SourceAdded(manager, command.span))
        return tuple(events)
    if action in ("remove", "erase", "autoremove", "groupremove"):
        gone = tuple(_names(operands, _rpm_name).plain)
        # dnf removes unused dependencies unless clean_requirements_on_remove is off; yum keeps them.
        automatic = action == "autoremove" or manager != "yum"
        return (PackagesRemoved(manager, gone, automatic, command.conditional, command.span),)
    if action in ("makecache", "check-update", "refresh"):
        return (_updated(command, manager),)
    if action in ("config-manager", "copr", "module"):
        return (SourceAdded(manager, command.span),)
    return ()


def _rpm_source(command: Command, libraries_found: bool) -> tuple[Event, ...]:
    return (SourceAdded("yum", command.span),)


def _extras(command: Command, libraries_found: bool) -> tuple[Event, ...]:
    """``amazon-linux-extras install python3.8``."""
    operands = _read(command.words, frozenset()).operands
    source = SourceAdded("yum", command.span)
    if len(operands) < 2 or operands[0].value != "install":
        return (source,)
    names = _names(operands[1:], lambda word: (word.partition("=")[0], "foreign"))
    return (source, *_added(command, "yum", names))


def _rpm(command: Command, libraries_found: bool) -> tuple[Event, ...]:
    line = _read(command.words, frozenset({"--root", "--dbpath", "--prefix"}))
    wanted = [Text(word.value, word.span) for word in line.operands]
    if line.has("-i", "-U", "-F", "--install", "--upgrade"):
        events: list[Event] = _added(command, "yum", _Names([], wanted, True, []))
        if any(re.search(_RELEASE_PACKAGE, word.value) for word in wanted):
            events.append(SourceAdded("yum", command.span))
        return tuple(events)
    if line.has("-e", "--erase"):
        return (PackagesRemoved("yum", tuple(wanted), False, command.conditional, command.span),)
    return ()


_ZYPPER_VALUED = frozenset(
    {"-r", "--repo", "-t", "--type", "-R", "--root", "--from", "-p", "--plus-repo", "-C", "-D", "--reposd-dir"}
)


def _zypper(command: Command, libraries_found: bool) -> tuple[Event, ...]:
    line = _read(command.words, _ZYPPER_VALUED)
    if not line.operands or line.has("-R", "--root"):
        return ()
    action, operands = line.operands[0].value, line.operands[1:]
    if action in ("install", "in"):
        said = False if line.has("--no-recommends") else True if line.has("--recommends") else None
        prefix = "pattern:" if line.last("-t", "--type") == "pattern" else ""
        names = _names(operands, lambda word: (prefix + re.split(r"[<>=]", word)[0], _rpm_name(word)[1]))
        foreign = line.has("-p", "--plus-repo")
        return tuple(_added(command, "zypper", names, recommended=said, foreign=foreign))
    if action in ("remove", "rm"):
        gone = tuple(_names(operands, _rpm_name).plain)
        automatic = line.has("-u", "--clean-deps")
        return (PackagesRemoved("zypper", gone, automatic, command.conditional, command.span),)
    if action in ("refresh", "ref"):
        return (_updated(command, "zypper"),)
    if action in ("addrepo", "ar", "addservice", "as"):
        return (SourceAdded("zypper", command.span),)
    return ()


def _pacman(command: Command, libraries_found: bool) -> tuple[Event, ...]:
    line = _read(command.words, frozenset({"--root", "--sysroot", "--dbpath", "--config", "--cachedir", "--ignore"}))
    if line.has("--root", "--sysroot"):
        return ()
    events: list[Event] = []
    if line.has("-S", "--sync"):
        if line.has("-y", "--refresh"):
            events.append(_updated(command, "pacman"))
        events += _added(command, "pacman", _names(line.operands, lambda word: (re.split(r"[<>=]", word)[0], "")))
    elif line.has("-U", "--upgrade"):
        wanted = [Text(word.value, word.span) for word in line.operands]
        events += _added(command, "pacman", _Names([], wanted, True, []))
    elif line.has("-R", "--remove"):
        gone = tuple(Text(word.value, word.span) for word in line.operands if word.known)
        events.append(PackagesRemoved("pacman", gone, line.has("-s"), command.conditional, command.span))
    return tuple(events)


# --- conda

_CONDA_VALUED = frozenset(
    {"-n", "--name", "-p", "--prefix", "-c", "--channel", "--file", "-f", "--solver", "--repodata-fn", "--platform"}
)


def _conda(command: Command, libraries_found: bool) -> tuple[Event, ...]:
    line = _read(command.words, _CONDA_VALUED)
    if not line.operands:
        return ()
    action, operands = line.operands[0].value, line.operands[1:]
    if action in ("install", "create"):
        names = _names(operands, lambda word: (re.split(r"[\s=<>!~\[]", word.rpartition("::")[2].strip())[0], ""))
        return tuple(_added(command, "conda", names))
    if action in ("remove", "uninstall"):
        gone = tuple(Text(word.value, word.span) for word in operands if word.known)
        return (PackagesRemoved("conda", gone, False, command.conditional, command.span),)
    return ()


_READERS: Mapping[str, Callable[[Command, bool], tuple[Event, ...]]] = {
    "add-apt-repository": _apt_source,
    "amazon-linux-extras": _extras,
    "apk": _apk,
    "apt": _apt,
    "apt-add-repository": _apt_source,
    "apt-get": _apt,
    "apt-install": _apt_at_once,
    "apt-key": _apt_source,
    "apt-mark": _apt_mark,
    "aptitude": _apt,
    "clean-install": _apt_at_once,
    "conda": _conda,
    "dnf": _dnf,
    "dnf-3": _dnf,
    "dnf5": _dnf,
    "dpkg": _dpkg,
    "extrepo": _apt_source,
    "gdebi": _dpkg,
    "install_clean": _apt_at_once,
    "install_packages": _apt_at_once,
    "mamba": _conda,
    "microdnf": _dnf,
    "micromamba": _conda,
    "pacman": _pacman,
    "rpm": _rpm,
    "subscription-manager": _rpm_source,
    "tdnf": _dnf,
    "yum": _dnf,
    "yum-config-manager": _rpm_source,
    "zypper": _zypper,
}
