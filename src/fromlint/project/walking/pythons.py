"""Which Python an install is for, and where what it installs goes."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping

from fromlint.model.build import CommandUsed, Event, Install, ToolFetched, VenvMade
from fromlint.model.environment import Environment, Python
from fromlint.model.place import Text
from fromlint.model.requirement import FileOptions
from fromlint.named_tuple import NamedTuple

_SYSTEM_PREFIXES = ("", "/", "/usr", "/usr/local")
_TRUE = ("1", "true", "yes", "on", "t", "y")


class Site(NamedTuple):
    """Where an install puts things: ``path`` is a venv, a prefix or a target folder, "" where there is none.

    ``python`` is the interpreter that it is for, None where unknown; ``why`` says then why.
    ``venv`` is true for a virtual environment. ``passed_over`` is the image's Python where uv takes ``python`` in its
    place, because ``asked`` says so (``.python-version: 3.11``).
    """

    path: str
    python: Python | None
    venv: bool
    why: str | None = None
    passed_over: Python | None = None
    asked: str | None = None


class Interpreters(NamedTuple):
    """The Pythons and virtual environments of a stage at one point, and the variables that choose among them.

    ``pinned`` is what a ``.python-version`` asks uv for, where that is known. ``managed`` are the Pythons that uv
    fetched. ``pointed``: a link says which one ``python3`` is. ``pip``: the one for which ``pip`` was installed anew.
    """

    system: Python | None
    others: tuple[Python, ...]
    venvs: Mapping[str, Site]
    variables: Mapping[str, str | None]
    directory: str | None
    activated: str | None
    pinned: str | None = None
    user: str = "root"
    managed: tuple[Python, ...] = ()
    pointed: bool = False
    pip: Python | None = None

    @property
    def home(self) -> str:
        """The user's folder, where none but ``useradd`` and ``HOME`` have a say in it."""
        name = self.user.partition(":")[0]
        return self.variables.get("HOME") or ("/root" if name in ("", "0", "root") else f"/home/{name}")

    @property
    def _uv_folder(self) -> str:
        """Where uv keeps the Pythons that it fetches (uv's documentation, "Storage")."""
        data = self.variables.get("XDG_DATA_HOME") or posixpath.join(self.home, ".local/share")
        return self._absolute(self.variables.get("UV_PYTHON_INSTALL_DIR") or posixpath.join(data, "uv/python"))

    @property
    def _managed_first(self) -> bool:
        """Whether uv takes one that it has fetched before one of the image: so it does by default (tried, 0.9.11)."""
        preference = self.variables.get("UV_PYTHON_PREFERENCE") or "managed"
        return "managed" in preference and self.variables.get("UV_NO_MANAGED_PYTHON", "") not in _TRUE

    def fetched(self, install: Install) -> Interpreters:
        """With the Pythons that ``uv python install 3.12`` brings."""
        folder = self._absolute(install.output) if install.output else self._uv_folder
        made = [
            Python(found[1], "cpython", folder, "", False, fetched=True)
            for word in install.requirements
            if (found := _cpython(word))
        ]
        return self._replace(managed=(*made, *self.managed))

    def packaged(self, found: tuple[Python, ...], own: tuple[Python, ...]) -> Interpreters:
        """With the Pythons that system packages bring: ``python3`` is the distribution's ``own``, where that is there,
        else the first one.
        """
        every = dict.fromkeys(python for python in (self.system, *self.others, *found) if python is not None)
        first = next((python for python in found if python in own), None)
        system = self.system or (found[0] if found else None)
        if first is not None and not self.pointed:
            system = first
        return self._replace(system=system, others=tuple(python for python in every if python != system))

    def point(self, minor: str) -> Interpreters:
        """With ``python3`` being another one: of those that are there, or of that minor version."""
        if self.system is None:
            return self
        every = (self.system, *self.others)
        there = next((python for python in every if _minor(python) == minor), None)
        system = there or self.system._replace(version=minor)
        others = tuple(python for python in every if python != system)
        return self._replace(system=system, others=others, pointed=True)

    def with_pip(self, word: str | None, version: str | None = None) -> Interpreters:
        """With a new ``pip`` in PATH, of a version if that is known, which the Python of this name installed."""
        chosen = self._chosen(word)
        if chosen.venv or chosen.python is None:
            return self
        if chosen.python == self.system:
            return self._replace(system=self.system._replace(pip=version), pip=None)
        return self._replace(pip=chosen.python._replace(pip=version))

    def make(self, venv: VenvMade) -> Interpreters:
        """With one more virtual environment."""
        path = self._absolute(venv.path)
        site = self._uv_choice(venv.python) if venv.tool.startswith("uv") else self._chosen(venv.python)
        made = site._replace(path=path, venv=True)
        return self._replace(venvs={**self.venvs, path: made})

    def active(self) -> Site:
        """What plain ``python`` and ``pip`` are: an activated venv, one whose ``bin`` leads PATH, or the system's."""
        if self.activated is not None:
            path = self._absolute(self.activated)
            return self.venvs.get(path) or Site(path, self.system, True)
        for entry in (self.variables.get("PATH") or "").split(":"):
            if entry.endswith("/bin") and (prefix := posixpath.normpath(entry[:-4])) not in _SYSTEM_PREFIXES:
                if prefix in self.venvs:
                    return self.venvs[prefix]
                if self.system is not None and prefix == self.system.prefix:
                    break
        return self._system()

    def _system(self) -> Site:
        if self.system is None:
            return Site("/usr/local", None, False, "no Python is known in this image")
        return Site(self.system.prefix, self.system, False)

    def _absolute(self, path: str) -> str:
        if path.startswith("/"):
            return posixpath.normpath(path)
        return posixpath.normpath(posixpath.join(self.directory or "/", path))

    def _chosen(self, word: str | None) -> Site:
        """The interpreter that a word names: a path, ``python3.11``, ``3.12``, ``pip3``."""
        if not word:
            return self.active()
        if "/" in word:
            return self._by_path(word)
        match = re.search(r"(\d)(?:\.(\d+))?(?:\.(\d+))?(t)?$", word)
        if match is None or match[2] is None:
            active = self.active()
            new = self.pip is not None and not active.venv and word in ("pip", "pip3")
            return active._replace(python=self.pip, why=None) if new else active
        minor = f"{match[1]}.{match[2]}"
        active = self.active()
        for candidate in (active.python, self.system, *self.others):
            if candidate is not None and _minor(candidate) == minor and candidate.implementation == "cpython":
                return active if candidate is active.python else Site(candidate.prefix, candidate, False)
        for candidate in self.managed:
            if _minor(candidate) == minor:
                return Site("", candidate, False)
        return Site("", Python(minor, "cpython", "", None, False), False, f"{word} is not the image's Python")

    def _by_path(self, path: str) -> Site:
        folder = posixpath.dirname(self._absolute(path))
        prefix = posixpath.dirname(folder) if folder.endswith("/bin") else self._absolute(path)
        if prefix in self.venvs:
            return self.venvs[prefix]
        for python in (self.system, *self.others):
            if python is not None and python.prefix == prefix:
                return Site(prefix, python, False)
        if prefix in _SYSTEM_PREFIXES:
            return self._system()
        return Site(prefix, self.system, True, None if self.system else "no Python is known in this image")

    def site(self, install: Install) -> Site:
        """Where an install goes, and for which Python. ``path`` "" with ``why`` where no environment is found."""
        site = _SITES.get(install.tool, Interpreters._pip_site)(self, install)
        options = install.options
        elsewhere = options.target or options.prefix
        if elsewhere is None and options.root is not None:
            elsewhere = posixpath.join(options.root, site.path.lstrip("/"))
        if install.action in ("wheel", "download"):
            # What lies there are wheels, to be installed elsewhere.
            elsewhere = install.output or install.directory or "/"
        if elsewhere is None and options.user and not site.venv:
            elsewhere = install.environment.get("PYTHONUSERBASE") or posixpath.join(self.home, ".local")
        if elsewhere is not None:
            site = Site(self._absolute(elsewhere), site.python, False, site.why)
        return site

    def _pip_site(self, install: Install) -> Site:
        return self._chosen(install.python)

    def _uv_pip_site(self, install: Install) -> Site:
        variables = install.environment
        if install.python:
            return self._uv_python(install.python)
        if install.system or variables.get("UV_SYSTEM_PYTHON", "").lower() in _TRUE:
            return self._system_or_active()
        named = variables.get("VIRTUAL_ENV") or variables.get("UV_PROJECT_ENVIRONMENT")
        if self.activated is not None or named:
            path = self._absolute(self.activated or named or "")
            return self.venvs.get(path) or Site(path, self.system, path not in _SYSTEM_PREFIXES)
        path = self._absolute(".venv")
        if path in self.venvs:
            return self.venvs[path]
        return self._system_or_active()

    def _fetched_or_active(self) -> Site:
        """The one that uv fetched before; else the image's Python, where others than managed ones may be used."""
        if self.managed and (self.system is None or self._managed_first):
            return Site("", self.managed[0], False)
        active = self.active()
        if active.python is not None and self.variables.get("UV_PYTHON_PREFERENCE") == "only-managed":
            return Site("", None, False, "uv fetches a Python of its own here")
        return active

    def _system_or_active(self) -> Site:
        active = self.active()
        return active if active.venv else self._system()

    def _uv_python(self, word: str) -> Site:
        if "/" in word:
            path = self._absolute(word)
            if path in self.venvs:
                return self.venvs[path]
        elif self._managed_first:
            for python in self.managed:
                if word.endswith((python.version, _minor(python))):
                    return Site("", python, False)
        chosen = self._chosen(word)
        exact = re.search(r"(\d+\.\d+\.\d+)$", word)
        if exact and chosen.python is not None and chosen.python.version not in (exact[1], _two_parts(exact[1])):
            # Unlike others uv takes no other patch release than the one that it is asked for.
            return Site("", Python(exact[1], "cpython", "", None, False), False, f"{word} is not the image's Python")
        return chosen

    def _uv_project_site(self, install: Install) -> Site:
        variables = install.environment
        path = self._absolute(
            variables.get("UV_PROJECT_ENVIRONMENT")
            or posixpath.join(install.directory or self.directory or "/", ".venv")
        )
        if path in self.venvs:
            return self.venvs[path]
        chosen = self._uv_choice(install.python or variables.get("UV_PYTHON"))
        return chosen._replace(path=path, venv=path not in _SYSTEM_PREFIXES)

    def _uv_choice(self, word: str | None) -> Site:
        """The Python that uv takes: the one named, else what ``.python-version`` asks for, else what is there."""
        if word:
            return self._uv_python(word)
        if self.pinned is None:
            return self._fetched_or_active()
        chosen = self._uv_python(self.pinned)
        if chosen.why is not None and self.system is not None:
            fetched = chosen.python._replace(prefix=self._uv_folder, fetched=True) if chosen.python else None
            asked = f".python-version asks for {self.pinned}"
            return chosen._replace(python=fetched, passed_over=self.system, asked=asked)
        return chosen

    def _own_site(self, install: Install) -> Site:
        """Of poetry and pipenv: the active environment, the project's ``.venv``, or one in the user's folder."""
        active = self.active()
        if install.system or active.venv:
            return active
        if install.venv is not None:
            path = self._absolute(install.venv)
            return self.venvs.get(path) or Site(path, active.python, True, active.why)
        variables = install.environment
        if install.tool == "pipenv":
            folder = variables.get("WORKON_HOME") or posixpath.join(self.home, ".local/share/virtualenvs")
        else:
            cache = variables.get("POETRY_CACHE_DIR") or posixpath.join(self.home, ".cache/pypoetry")
            folder = variables.get("POETRY_VIRTUALENVS_PATH") or posixpath.join(cache, "virtualenvs")
        # Its name there holds a hash of the project's path.
        return Site(posixpath.join(self._absolute(folder), "*"), active.python, True, active.why)

    def _tool_site(self, install: Install) -> Site:
        """Of ``uv tool`` and pipx: an environment of its own for each tool."""
        python = self._uv_python(install.python) if install.python else self.active()
        uv = install.tool == "uv-tool"
        variables = install.environment
        data = variables.get("XDG_DATA_HOME") or posixpath.join(self.home, ".local/share")
        folder = variables.get("UV_TOOL_DIR" if uv else "PIPX_HOME") or posixpath.join(
            data, "uv/tools" if uv else "pipx"
        )
        words = (*install.packages, *(word.value for word in (*install.requirements, *install.editable)))
        named = re.match(r"[A-Za-z0-9][\w.-]*(?![\w.-]*[/:+])", words[0]) if words else None
        name = re.sub(r"[-_.]+", "-", named[0]).lower() if named else "*"
        path = posixpath.join(self._absolute(folder), *(() if uv else ("venvs",)), name)
        return Site(path, python.python, True, python.why)


_SITES = {
    "uv-tool": Interpreters._tool_site,
    "pipx": Interpreters._tool_site,
    "uv-pip": Interpreters._uv_pip_site,
    "uv-sync": Interpreters._uv_project_site,
    "uv-run": Interpreters._uv_project_site,
    "uv-export": Interpreters._uv_project_site,
    "poetry": Interpreters._own_site,
    "pipenv": Interpreters._own_site,
    "pdm": Interpreters._uv_project_site,
}


def _cpython(word: Text) -> re.Match[str] | None:
    return re.fullmatch(r"(?:cpython[@-]|python)?(\d+\.\d+(?:\.\d+)?)", word.value)


def _minor(python: Python) -> str:
    return _two_parts(python.version)


def _two_parts(version: str) -> str:
    return ".".join(version.split(".")[:2])


_NO_SETTINGS = FileOptions()
_NEVER = ("never", "manual", "false", "0", "no", "off")


def may_fetch(install: Install, settings: FileOptions = _NO_SETTINGS) -> bool:
    """Whether uv may download a Python for an install. ``settings`` are those of uv's files."""
    options, variable = install.options, install.environment.get("UV_PYTHON_DOWNLOADS", "").lower()
    if (options.python_preference or settings.python_preference) == "only-system" or variable in _NEVER:
        return False
    if options.python_downloads is not None or variable:
        return options.python_downloads is not False
    return settings.python_downloads not in _NEVER


def for_project(
    site: Site,
    install: Install,
    asked: str | None,
    others: tuple[Python, ...],
    as_of: str,
    settings: FileOptions = _NO_SETTINGS,
) -> Site:
    """The site of a uv project whose ``requires-python`` (``asked``) may refuse the Python found so far.

    uv then takes another Python of the image that satisfies, or fetches one; which, is known only where no more than
    one minor version does.
    """
    from fromlint.project.walking import python_range

    if asked is None or site.python is None or install.python or install.environment.get("UV_PYTHON"):
        return site
    if site.passed_over is not None or python_range.allows(asked, site.python.version) is not False:
        return site
    here = next((other for other in others if python_range.allows(asked, other.version)), None)
    if here is not None:
        return site._replace(python=here)
    if not may_fetch(install, settings):
        return site
    minors = python_range.official_minors(asked, as_of)
    fetched = Python(minors[0], "cpython", "", None, False) if len(minors) == 1 else None
    why = f"uv fetches a Python {asked} here, and which one is not known" if fetched is None else None
    return site._replace(python=fetched, why=why, passed_over=site.python, asked=f"the project requires Python {asked}")


def distribution_pythons(environment: Environment, names: tuple[str, ...]) -> tuple[Python, ...]:
    """The Pythons that system packages of these names bring, first the one that ``python3`` and ``pip3`` run.

    It matters only where the image has none of its own: ``/usr/local`` stands before ``/usr`` on PATH.
    """
    found: list[Python] = []
    # Headers alone do not say what runs, and python3-pip is for the distribution's own: python3.9 beside it is another.
    for name in sorted(names, key=_rank):
        match = re.fullmatch(r"python(3(?:\.?\d+)?)?(?:-(?:dev|full|minimal|venv|pip|distutils|devel|libs))?", name)
        if match is None and name not in ("py3-pip", "python-is-python3"):
            continue
        version = match[1] if match is not None else None
        if not version or version == "3":
            found += environment.offered[:1]
            continue
        minor = version if "." in version else f"3.{version[1:]}"
        if any(_minor(python) == minor for python in found):
            continue
        offered = next((python for python in environment.offered if _minor(python) == minor), None)
        # Debian's pip serves all. What forbids lies beside each Python's own modules; of those that others package
        # (deadsnakes) it is not known to be there.
        own = environment.offered[0] if environment.offered and environment.family == "debian" else None
        found.append(offered or Python(minor, "cpython", "/usr", own.pip if own else None, False))
    return tuple(dict.fromkeys(found))


def _rank(name: str) -> int:
    """What speaks for the distribution's own Python before what names another, and headers last."""
    return 2 if re.fullmatch(r"python3\.\d+-dev", name) else 1 if re.search(r"\d\.?\d", name) else 0


def brings_pip(used: CommandUsed, before: Event | None) -> bool:
    """Whether a Python is run to install its pip: by ensurepip, or by get-pip.py, which is piped into it."""
    if not re.fullmatch(r"python3\.\d+", used.name):
        return False
    if used.arguments[:2] == ("-m", "ensurepip"):
        return True
    return used.arguments in ((), ("-",)) and isinstance(before, ToolFetched) and before.name == "pip"


def pointed_to(used: CommandUsed) -> str | None:
    """The minor version (``3.11``) that ``python3`` runs after ``ln -s python3.11 /usr/bin/python3`` or
    ``update-alternatives --install /usr/bin/python3 python3 /usr/bin/python3.11 1``; None of other commands.
    """
    words = [word for word in used.arguments if not word.startswith("-")]
    if used.name == "ln" and len(words) == 2:
        target, link = words
    elif used.name == "update-alternatives" and "--install" in used.arguments and len(words) > 2:
        link, _, target = words[:3]
    elif used.name == "update-alternatives" and "--set" in used.arguments and len(words) == 2:
        link, target = words
    else:
        return None
    version = re.search(r"/?python(3\.\d+)$", target)
    return version[1] if version is not None and link.rpartition("/")[2] == "python3" else None
