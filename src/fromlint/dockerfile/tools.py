"""Programs that commands need, and programs that they bring from elsewhere than the package manager."""

import re
from collections.abc import Sequence

from fromlint.model.build import Command, CommandUsed, Event, ListsUpdated, SourceAdded, ToolFetched

# Part of every shell, so that no image lacks them (POSIX special and regular built-ins, bash's manual).
_BUILTINS = frozenset(
    {".", ":", "[", "[[", "alias", "bg", "builtin", "cd", "command", "declare", "dirs", "echo", "eval", "exec", "exit"}
    | {"export", "false", "fg", "getopts", "hash", "jobs", "kill", "let", "local", "mapfile", "popd", "printf"}
    | {"pushd", "pwd", "read", "readarray", "readonly", "return", "set", "shift", "shopt", "source", "test", "times"}
    | {"trap", "true", "type", "typeset", "ulimit", "umask", "unalias", "unset", "wait"}
)
_DOWNLOADERS = frozenset({"aria2c", "curl", "http", "wget"})
_INTERPRETERS = r"(?:ba|da|a|z|k)?sh|python[\d.]*|perl|ruby|node"
_PATH = ("/usr/local/bin/", "/usr/local/sbin/", "/usr/bin/", "/usr/sbin/", "/bin/", "/sbin/")

# What well-known installers put in place, by a part of their address (each as its own documentation gives it).
_ADDRESSES = (
    ("astral.sh/uv", "uv"),
    ("astral-sh/uv/releases", "uv"),
    ("sh.rustup.rs", "rustup"),
    ("static.rust-lang.org/rustup", "rustup"),
    ("win.rustup.rs", "rustup"),
    ("install.python-poetry.org", "poetry"),
    ("python-poetry/poetry/", "poetry"),
    ("pdm-project.org/install", "pdm"),
    ("pdm-project/pdm/", "pdm"),
    ("bootstrap.pypa.io", "pip"),
    ("rye.astral.sh", "rye"),
    ("rye-up.com/get", "rye"),
    ("pixi.sh/install", "pixi"),
    ("pyenv.run", "pyenv"),
    ("pyenv/pyenv-installer", "pyenv"),
    ("mise.run", "mise"),
    ("repo.anaconda.com/", "conda"),
    ("repo.continuum.io/", "conda"),
    ("conda-forge/miniforge", "conda"),
    ("micro.mamba.pm", "micromamba"),
    ("deb.nodesource.com", "node"),
    ("rpm.nodesource.com", "node"),
    ("nodejs.org/dist", "node"),
    ("nvm-sh/nvm", "node"),
    ("bun.sh/install", "bun"),
    ("bun.com/install", "bun"),
    ("deno.land/install", "deno"),
    ("get.docker.com", "docker"),
    ("taskfile.dev/install", "task"),
    ("just.systems/install", "just"),
    ("krallin/tini/releases", "tini"),
    ("dumb-init/releases", "dumb-init"),
    ("tianon/gosu/releases", "gosu"),
    ("jwilder/dockerize/releases", "dockerize"),
    ("go.dev/dl", "go"),
    ("dl.google.com/go", "go"),
)
# Scripts that add a package source and update the lists themselves.
_SOURCE_SCRIPTS = (
    ("deb.nodesource.com/setup", "apt"),
    ("rpm.nodesource.com/setup", "yum"),
    ("packagecloud.io/install", "apt"),
    ("get.docker.com", "apt"),
    ("dl.yarnpkg.com", "apt"),
)
_LANGUAGE_INSTALLERS = {
    ("npm", "install"),
    ("npm", "i"),
    ("yarn", "global"),
    ("pnpm", "add"),
    ("cargo", "install"),
    ("go", "install"),
    ("gem", "install"),
    ("corepack", "enable"),
    ("make", "install"),
    ("ninja", "install"),
    ("cmake", "--install"),
    ("rustup", "component"),
}
_INSTALL_SCRIPT = r"(?:install|setup|bootstrap|provision|rustup-init|miniconda|miniforge)[^/]*$"


def used(command: Command, instruction: str, *, tolerated: bool, shell: bool) -> CommandUsed | None:
    """The program that a command needs; None where that is part of the shell, or not known.

    ``tolerated`` is that of the whole pipe it stands in: that a pipe forgets failures provides for nothing.
    """
    first = command.words[0]
    name = first.value
    if not first.known or not name or name in _BUILTINS or name.startswith("-"):
        return None
    return CommandUsed(
        name,
        tuple([word.value for word in command.words[1:]]),
        instruction,
        command.conditional or tolerated or name.rpartition("/")[2] in command.guards,
        shell,
        command.span,
        command.directory,
        command.tolerated and not tolerated and _content_with_nothing(command.piped_to),
    )


def _content_with_nothing(name: str | None) -> bool:
    """Whether a program that is given nothing to read succeeds, as shells do."""
    return name is not None and re.fullmatch(rf"{_INTERPRETERS}|tee|cat", name.rpartition("/")[2]) is not None


def address(text: str) -> str | None:
    """The tool that an installer's or download's address brings; None where it is none of the well-known."""
    return next((name for part, name in _ADDRESSES if part in text), None)


def fetched(command: Command, feeder: Command | None = None) -> tuple[Event, ...]:
    """Tools that a command brings: by an installer script, a download into PATH, ``make install``, ``cargo install``.

    ``feeder`` is the command that is piped into it.
    """
    words = command.words
    name = words[0].value.rpartition("/")[2]
    if name in _DOWNLOADERS:
        return _downloaded(command)
    second = words[1].value if len(words) > 1 else ""
    run = (ToolFetched(None, command.span, script=True),)
    unknown = (ToolFetched(None, command.span),)
    if feeder is not None and feeder.words[0].value.rpartition("/")[2] in _DOWNLOADERS:
        known = any(address(word.value) for word in feeder.words)
        if known:
            return ()
        return run if re.fullmatch(_INTERPRETERS, name) else unknown if name in ("tar", "bsdtar") else ()
    if second == "-m" and len(words) > 2 and words[2].value == "ensurepip":
        return (ToolFetched("pip", command.span),)
    if re.fullmatch(_INTERPRETERS, name):
        script = next((word.value for word in words[1:] if not word.value.startswith("-")), "")
        return (
            run
            if re.search(_INSTALL_SCRIPT, script, re.IGNORECASE)
            and not script.endswith("setup.py")
            and "-c" not in second
            else ()
        )
    if "/" in words[0].value and re.search(_INSTALL_SCRIPT, name, re.IGNORECASE):
        return run
    if name == "update-alternatives" and second == "--install" and len(words) > 3:
        return (ToolFetched(words[3].value, command.span),)
    return unknown if (name, second) in _LANGUAGE_INSTALLERS else ()


def _downloaded(command: Command) -> tuple[Event, ...]:
    events: list[Event] = []
    text = " ".join(word.value for word in command.words[1:])
    tool = address(text)
    if tool:
        events.append(ToolFetched(tool, command.span))
    else:
        events += [ToolFetched(path.rpartition("/")[2], command.span) for path in _in_path(command)]
    for part, manager in _SOURCE_SCRIPTS:
        if part in text and command.piped_to:
            events.append(SourceAdded(manager, command.span))
            events.append(ListsUpdated(manager, command.conditional, command.tolerated, command.span))
    return tuple(events)


def _in_path(command: Command) -> Sequence[str]:
    """Files in a folder of PATH that a download writes."""
    targets = [word.value for word in command.words[1:]] + [target.value for _, target in command.redirects]
    return [target for target in targets if target.startswith(_PATH) and not target.endswith("/")]
