"""pip's configuration files in the image, as far as they say what pip may take, and from where.

Options on the command line and pip's environment are read with the command; they come before what stands here
(pip/_internal/configuration.py).
"""

import posixpath
from collections.abc import Iterator, Mapping

from fromlint.model.build import Install
from fromlint.model.environment import Environment
from fromlint.model.files import FileMissing, Files, FileUnknown, FileUnreadable
from fromlint.model.requirement import FileOptions
from fromlint.requirements.option_words import Option
from fromlint.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from fromlint.requirements.collector import Collector

TOOLS = frozenset({"pip", "pip-sync", "pip-compile", "pipx"})
"""The tools that read them."""

_LARGEST = 1_000_000
_TRUE = frozenset({"y", "yes", "t", "true", "on", "1"})
_SWITCHES = {"no-index": "no_index", "prefer-binary": "prefer_binary", "pre": "pre", "require-hashes": "require_hashes"}
_LISTS = {"extra-index-url": "extra_index_url", "find-links": "find_links"}
_FORMATS = {"no-binary": "no_binary", "only-binary": "only_binary"}
_FORMATS |= {"all-releases": "all_releases", "only-final": "only_final"}


def apply(collector: "Collector", install: Install, environment: Environment) -> None:
    """Takes in what the image's pip.conf files say, below what the install itself says."""
    values: dict[str, str] = {}
    for path in _paths(install, environment):
        content = _content(collector.files, path)
        if content is None:
            collector.index_unknown = f"{path} is made during the build, and what it says is not known"
            return
        if content:
            collector.note_read(path)
            values.update(_values(content, install.action))
    # A variable of pip's takes the place of what a file says.
    values = {key: value for key, value in values.items() if _variable(key) not in install.environment}
    if values:
        collector.configuration = values
        collector.options = _options(values, install)


def _paths(install: Install, environment: Environment) -> Iterator[str]:
    """The files, each overridden by those after it: global, the user's, the environment's, the variable's."""
    variables = install.environment
    own = variables.get("PIP_CONFIG_FILE")
    if own == "/dev/null":
        return
    home = variables.get("HOME") or "/root"
    yield from ("/etc/xdg/pip/pip.conf", "/etc/pip.conf", posixpath.join(home, ".pip/pip.conf"))
    yield posixpath.join(variables.get("XDG_CONFIG_HOME") or posixpath.join(home, ".config"), "pip/pip.conf")
    if variables.get("VIRTUAL_ENV"):
        yield posixpath.join(variables["VIRTUAL_ENV"], "pip.conf")
    elif install.python and install.python.startswith("/") and "/bin/" in install.python:
        yield posixpath.join(install.python.rpartition("/bin/")[0], "pip.conf")
    elif environment.python is not None:
        yield posixpath.join(environment.python.prefix, "pip.conf")
    if own:
        yield posixpath.join(install.directory or "/", own)


def _content(files: Files, path: str) -> str | None:
    """The file's text, "" where there is none (or where nobody knows of one), None where it is made by a command."""
    try:
        return files.read(path)[:_LARGEST].decode("utf-8", "replace")
    except (FileMissing, FileUnreadable):
        return ""
    except FileUnknown as unknown:
        # Below a step that cannot be followed any file may stand; only one that a command surely makes matters.
        return None if unknown.made else ""


def _values(content: str, action: str) -> dict[str, str]:
    """The options of a file, by name; what stands under the command's own section comes before ``[global]``."""
    from configparser import Error, RawConfigParser

    parser = RawConfigParser()
    try:
        parser.read_string(content)
    except (Error, ValueError):
        return {}
    found: dict[str, str] = {}
    for section in ("global", "install" if action == "sync" else action):
        if parser.has_section(section):
            found.update((key.replace("_", "-").lstrip("-"), value or "") for key, value in parser.items(section))
    return {key: value for key, value in found.items() if value}


def _options(values: Mapping[str, str], install: Install) -> FileOptions:
    """The options, less those that the command line replaces; further indexes add up, the files' first."""
    from fromlint.requirements.file_options import combined

    given: list[Option] = []
    stated = install.options
    index_url = values.get("index-url", "").strip()
    if index_url and stated.index_url is None:
        given.append(Option("index_url", index_url))
    for key, name in _LISTS.items():
        given += [Option(name, value) for value in values.get(key, "").split()]
    if any(option.name == "index_url" for option in given):
        # An index from here takes the place of what the line says of indexes, unless that is repeated here.
        given += [Option("extra_index_url", url) for url in stated.extra_index_urls]
    for key, name in _FORMATS.items():
        if key in values and not _binary_stated(key, install):
            given.append(Option(name, values[key].strip()))
    for key, name in _SWITCHES.items():
        if values.get(key, "").strip().lower() in _TRUE:
            given.append(Option(name, ""))
    return combined(FileOptions(), given)


def _variable(key: str) -> str:
    return "PIP_" + key.upper().replace("-", "_")


def _binary_stated(key: str, install: Install) -> bool:
    """Whether the line says something of its own of the pair that the option belongs to."""
    options = install.options
    if key in ("no-binary", "only-binary"):
        return bool(options.no_binary or options.only_binary)
    return bool(options.all_releases or options.only_final)
