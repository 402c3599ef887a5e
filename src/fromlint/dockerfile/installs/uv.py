"""uv: ``uv pip``, ``sync``, ``export``, ``run``, ``add``, ``tool`` and ``python install``, with ``UV_*`` variables."""

from __future__ import annotations

import re
from collections.abc import Callable

from fromlint.dockerfile.installs import formats, surroundings
from fromlint.dockerfile.installs.options import FLAG, Given, Reading, Table, parts, read, table
from fromlint.dockerfile.installs.programs import Program
from fromlint.dockerfile.installs.surroundings import TRUE, Surroundings
from fromlint.dockerfile.installs.tables import uv as options
from fromlint.model.build import Install, InstallOptions, VenvMade, Word
from fromlint.model.place import Text
from fromlint.named_tuple import NamedTuple

_PIP = (options.GLOBAL, options.INDEX, options.RESOLVER, options.INSTALLER, options.BUILDS, options.PIP)
_PROJECT = (
    options.GLOBAL,
    options.INDEX,
    options.RESOLVER,
    options.INSTALLER,
    options.BUILDS,
    options.FORMATS,
    options.PROJECT,
)
_TOOL = (*_PROJECT[:-1], options.TOOL)
TABLES = {
    "pip install": (*_PIP, options.PIP_INSTALL),
    "pip sync": (*_PIP, options.PIP_SYNC),
    "pip compile": (*_PIP, options.PIP_COMPILE),
    "sync": (*_PROJECT, options.GROUPS),
    "export": (*_PROJECT, options.GROUPS, options.EXPORT),
    "run": (*_PROJECT, options.GROUPS, options.RUN),
    "add": (*_PROJECT, options.ADD),
    "tool install": (*_TOOL, options.TOOL_INSTALL),
    "tool run": (*_TOOL, options.TOOL_RUN),
    "venv": (options.GLOBAL, options.INDEX, options.VENV),
    "python install": (options.GLOBAL, options.PYTHON_INSTALL),
}
_OPEN_ENDED = ("run", "tool run")  # what follows the first operand belongs to the command that is run
CONFIGURATION = r"UV_CONFIG_FILE|UV_INDEX_\w+_(?:USERNAME|PASSWORD)"
_DECISIVE = (
    "--requirements",
    "--constraints",
    "--editable",
    "--group",
    "--extra",
    "--only-binary",
    "--no-binary",
    "--no-binary-package",
    "--no-build-package",
    "--overrides",
    "--excludes",
    "--python-version",
    "--python-platform",
    "--exclude-newer",
    "--torch-backend",
    "--with",
    "--with-requirements",
    "--with-editable",
    "--from",
    "--package",
    "--no-group",
    "--only-group",
    "--script",
    "--prerelease",
    "--resolution",
)


class Line(NamedTuple):
    """A uv command: its subcommand (``pip install``), what was given, and where it works (``--directory``)."""

    name: str
    reading: Reading
    around: Surroundings


def options_of(name: str) -> Table:
    """The options of a subcommand, the global ones among them."""
    return table(*TABLES[name])


def line(program: Program, around: Surroundings) -> Line | None:
    """A uv command read with its environment; None for subcommands that install nothing, and for help."""
    words = program.words
    given: tuple[Given, ...] = ()
    name = "tool run" if program.name == "uvx" else ""
    while name not in TABLES:
        before = read(words, table(options.GLOBAL), interspersed=False)
        given += before.given
        if not before.operands or not (name := f"{name} {before.operands[0].value}".strip()):
            return None
        if name not in TABLES and name not in ("pip", "tool", "python"):
            return None
        words = before.operands[1:]
    reading = read(words, options_of(name), interspersed=name not in _OPEN_ENDED)
    reading = reading._replace(given=given + reading.given)
    if reading.has("--help", "--version"):
        return None
    reading = reading._replace(given=(*_from_environment(options_of(name), reading, around), *reading.given))
    return Line(name, reading, around.moved(reading.value("--directory")))


def _from_environment(options_table: Table, reading: Reading, around: Surroundings) -> tuple[Given, ...]:
    """The options that ``UV_*`` variables give, of those that the command line does not."""
    given: list[Given] = []
    for variable in sorted(options_table.variables.keys() & (around.variables.keys() | around.unknown)):
        option = options_table.variables[variable]
        if reading.has(option.name):
            continue
        value = around.variables.get(variable, "")
        if variable in around.unknown and option.takes_value:
            given.append(Given(option.name, "$" + variable, False, around.place(variable)))
        elif option.kind == FLAG and value.strip().lower() in TRUE:
            given.append(Given(option.name, None, True, around.place(variable)))
        elif option.takes_value and value:
            given += [Given(option.name, part, True, around.place(variable)) for part in parts(option, value)]
    return tuple(given)


def install(program: Program, around: Surroundings) -> Install | None:
    """What a uv command installs, or exports; None where it does neither."""
    read_line = line(program, around)
    if read_line is None or read_line.name not in _COMMANDS:
        return None
    if read_line.reading.has("--dry-run", "--check") and read_line.name != "pip compile":
        return None
    return _COMMANDS[read_line.name](read_line)


def inside(program: Program, around: Surroundings) -> tuple[Word, ...]:
    """The words that ``uv run`` or ``uvx`` runs in its environment; () where there are none."""
    read_line = line(program, around)
    if read_line is None or read_line.name not in _OPEN_ENDED:
        return ()
    words = read_line.reading.operands
    if words and read_line.reading.has("--module"):
        span = read_line.around.command.span
        return (Word("python", span), Word("-m", span), *words)
    if words and read_line.name == "tool run":
        # uvx poetry@2.4.1 runs poetry.
        return (words[0]._replace(value=words[0].value.partition("@")[0]), *words[1:])
    return words


def _start(read_line: Line, tool: str, action: str) -> Install:
    """What all of uv's subcommands have in common."""
    reading, around = read_line.reading, read_line.around
    interpreter = reading.value("--python")
    return surroundings.plain(around, tool, action, python=interpreter or None)._replace(
        constraints=reading.texts("--constraints"),
        editable=reading.texts("--with-editable"),
        options=_options(reading, around, pip=read_line.name.startswith("pip ")),
        project=reading.value("--project"),
        output=reading.value("--output-file"),
        secret=_index_unknown(reading, around),
        unknown=(*surroundings.written(reading.unknown), *reading.unsure(*_DECISIVE)),
    )


def _index_unknown(reading: Reading, around: Surroundings) -> bool:
    if reading.has("--no-index"):
        return bool(reading.unsure("--find-links"))
    main = reading.last("--default-index") or reading.last("--index-url")
    return (
        (main is not None and not main.known)
        or bool(reading.unsure("--index", "--extra-index-url", "--find-links"))
        or surroundings.configured_elsewhere(around, CONFIGURATION)
    )


def _options(reading: Reading, around: Surroundings, *, pip: bool) -> InstallOptions:
    if pip:
        only = (formats.ALL,) if reading.on("--no-build", "--build") else reading.values("--only-binary")
        no_binary = reading.values("--no-binary")
    else:
        only = (formats.ALL,) if reading.on("--no-build", "--build") else reading.values("--no-build-package")
        no_binary = (formats.ALL,) if reading.on("--no-binary", "--binary") else reading.values("--no-binary-package")
    prerelease = reading.known("--prerelease") or ("allow" if reading.has("--pre") else None)
    main = reading.known("--default-index") or reading.known("--index-url")
    indexes = (*reading.values("--index"), *reading.values("--extra-index-url"))
    platform = reading.known("--python-platform")
    return InstallOptions(
        index_url=_url(main) if main else None,
        extra_index_urls=tuple(_url(index) for index in indexes),
        find_links=reading.values("--find-links"),
        no_index=reading.has("--no-index"),
        only_binary=formats.listed(only),
        no_binary=formats.listed(no_binary),
        pre=prerelease == "allow",
        no_deps=reading.on("--no-deps", "--deps") or _only_project(reading),
        require_hashes=reading.on("--require-hashes", "--no-require-hashes"),
        upgrade=reading.on("--upgrade", "--no-upgrade"),
        force_reinstall=reading.on("--reinstall", "--no-reinstall"),
        no_build_isolation=reading.on("--no-build-isolation", "--build-isolation")
        or reading.has("--no-build-isolation-package"),
        build_constraints=reading.values("--build-constraints"),
        break_system_packages=reading.on("--break-system-packages", "--no-break-system-packages"),
        prefix=reading.value("--prefix"),
        target=reading.value("--target"),
        platforms=(platform,) if platform else (),
        python_version=reading.known("--python-version"),
        exclude_newer=reading.known("--exclude-newer"),
        index_strategy=reading.known("--index-strategy"),
        torch_backend=reading.known("--torch-backend"),
        config_settings=reading.values("--config-setting"),
        upgrade_packages=reading.values("--upgrade-package"),
        overrides=reading.values("--overrides"),
        excludes=reading.values("--excludes"),
        resolution=reading.known("--resolution"),
        prerelease=prerelease,
        no_sources=reading.has("--no-sources"),
        python_preference=_preference(reading),
        python_downloads=_downloads(reading, around),
        newer_packages=reading.values("--exclude-newer-package"),
    )


def _only_project(reading: Reading) -> bool:
    return reading.has("--only-install-project", "--only-install-workspace", "--only-install-local")


def _url(index: str) -> str:
    """An index's URL without the name that may stand before it (``--index corp=https://…``)."""
    return re.sub(r"^[\w.-]+=(?=.)", "", index)


def _preference(reading: Reading) -> str | None:
    last = reading.last("--managed-python", "--no-managed-python", "--python-preference")
    if last is None:
        return None
    named = {"--managed-python": "only-managed", "--no-managed-python": "only-system"}
    return named.get(last.name) or (last.value if last.known else None)


def _downloads(reading: Reading, around: Surroundings) -> bool | None:
    """Whether uv may fetch a Python, None where its own default (it may) or a configuration file decides."""
    if reading.has("--no-python-downloads") or _preference(reading) == "only-system":
        return False
    value = around.variables.get("UV_PYTHON_DOWNLOADS", "").lower()
    if value in ("never", "manual", "false", "0"):
        return False
    return True if reading.has("--allow-python-downloads") or value in ("automatic", "true", "1") else None


def _pip(read_line: Line, action: str) -> Install:
    reading = read_line.reading
    return _start(read_line, "uv-pip", action)._replace(
        groups=reading.values("--group"),
        extras=reading.values("--extra"),
        all_extras=reading.on("--all-extras", "--no-all-extras"),
        system=reading.on("--system", "--no-system"),
    )


def _pip_install(read_line: Line) -> Install:
    reading = read_line.reading
    install = _pip(read_line, "install")
    files, made = surroundings.files(reading.texts("--requirements"), read_line.around)
    return install._replace(
        requirements=surroundings.known(reading.operands),
        editable=reading.texts("--editable"),
        files=files,
        unknown=(*surroundings.unknown(reading.operands), *install.unknown, *made),
    )


def _pip_files(read_line: Line) -> Install:
    """``uv pip sync`` and ``compile``, whose operands are files."""
    operands = read_line.reading.operands
    install = _pip(read_line, "sync" if read_line.name == "pip sync" else "export")
    files, made = surroundings.files(surroundings.known(operands), read_line.around)
    return install._replace(files=files, unknown=(*surroundings.unknown(operands), *install.unknown, *made))


def _project(read_line: Line, tool: str, action: str) -> Install:
    """What works on a project and its lock."""
    reading, around = read_line.reading, read_line.around
    dev = reading.last("--dev", "--no-dev")
    only = reading.values("--only-group")
    only_one = bool(read_line.name != "add" and reading.has("--only-install-project"))
    return _start(read_line, tool, action)._replace(
        groups=(*reading.values("--group"), *(("dev",) if dev is not None and dev.name == "--dev" else ())),
        extras=reading.values("--extra"),
        without_groups=(
            *reading.values("--no-group"),
            *(("dev",) if dev is not None and dev.name == "--no-dev" else ()),
        ),
        only_groups=(*only, "dev") if reading.has("--only-dev") else only,
        all_groups=reading.has("--all-groups"),
        all_extras=reading.on("--all-extras", "--no-all-extras"),
        default_groups=not reading.has("--no-default-groups"),
        install_project=only_one or not reading.has("--no-install-project", "--no-install-local"),
        install_workspace=not reading.has("--no-install-workspace", "--no-install-local"),
        frozen=reading.has("--frozen"),
        locked=reading.has("--locked"),
        packages=reading.values("--package"),
        all_packages=reading.has("--all-packages"),
        without_extras=reading.values("--no-extra"),
        without_packages=reading.values("--no-install-package"),
        scripts=reading.texts("--script") if read_line.name != "run" else (),
        venv=None if reading.value("--script") else _venv(reading, around),
    )


def _venv(reading: Reading, around: Surroundings) -> str | None:
    """The project's environment: the active one if asked for, ``UV_PROJECT_ENVIRONMENT``, or ``.venv``."""
    active = around.variables.get("VIRTUAL_ENV")
    if reading.on("--active", "--no-active") and active:
        return around.at(active)
    if "UV_PROJECT_ENVIRONMENT" in around.unknown:
        return None
    project = around.moved(reading.value("--project"))
    return project.at(around.variables.get("UV_PROJECT_ENVIRONMENT") or ".venv")


def _sync(read_line: Line) -> Install:
    return _project(read_line, "uv-sync", "sync")


def _export(read_line: Line) -> Install:
    return _project(read_line, "uv-export", "export")._replace(venv=None)


def _run(read_line: Line) -> Install | None:
    """``uv run``: it syncs the project first, unless told not to, and adds what ``--with`` names."""
    reading = read_line.reading
    wanted = _with(reading)
    install = _project(read_line, "uv-run", "run")._replace(
        requirements=wanted, files=reading.texts("--with-requirements")
    )
    command = reading.operands[0] if reading.operands else None
    if command is not None and (reading.has("--script") or command.value.endswith(".py")):
        install = install._replace(scripts=(Text(command.value, command.span),))
    idle = reading.has("--no-sync", "--no-project")
    if idle and not (wanted or install.files or install.editable or install.scripts):
        return None
    # Apart from the project it is an environment of its own, as ``uv tool run`` makes it.
    return install._replace(tool="uv-tool", install_project=False, venv=None) if idle else install


def _with(reading: Reading) -> tuple[Text, ...]:
    """The requirements of ``--with``, which are separated by commas outside of brackets and quotes."""
    return tuple(Text(part, text.span) for text in reading.texts("--with") for part in _requirements(text.value))


def _requirements(value: str) -> list[str]:
    """uv's CommaSeparatedRequirements: a comma that a name follows begins the next one (``a>=1,<2,b``)."""
    found = [""]
    depth = 0
    for piece in re.split(r"([\[\],])", value):
        depth += {"[": 1, "]": -1}.get(piece, 0)
        if piece == "," and depth <= 0:
            found.append("")
        else:
            found[-1] += piece
    joined: list[str] = []
    for piece in found:
        if joined and not re.match(r"\s*\w", piece):
            joined[-1] += "," + piece
        else:
            joined.append(piece)
    return [piece.strip() for piece in joined if piece.strip()]


def _add(read_line: Line) -> Install | None:
    """``uv add``: what is named joins the project, which is then locked anew and synced."""
    reading = read_line.reading
    if reading.has("--no-sync", "--frozen"):
        return None
    editable = reading.on("--editable", "--no-editable")
    named = surroundings.known(reading.operands)
    install = _project(read_line, "uv-sync", "install")
    return install._replace(
        requirements=() if editable else named,
        editable=named if editable else (),
        files=reading.texts("--requirements"),
        groups=(),
        extras=(),
        unknown=(*surroundings.unknown(reading.operands), *install.unknown),
    )


def _tool_install(read_line: Line) -> Install:
    reading = read_line.reading
    install = _start(read_line, "uv-tool", "install")
    origin = reading.texts("--from")
    named = origin or surroundings.known(reading.operands[:1])
    editable = reading.has("--editable")
    executables = tuple(
        Text(part, text.span) for text in reading.texts("--with-executables-from") for part in _requirements(text.value)
    )
    return install._replace(
        requirements=(*(() if editable else map(_tool, named)), *_with(reading), *executables),
        editable=(*(named if editable else ()), *install.editable),
        files=reading.texts("--with-requirements"),
        unknown=(*surroundings.unknown(reading.operands[:1]), *install.unknown),
    )


def _tool_run(read_line: Line) -> Install | None:
    reading = read_line.reading
    if not reading.operands:
        return None
    return _tool_install(read_line)._replace(action="run")


def _tool(text: Text) -> Text:
    """``ruff@0.6`` as a requirement; ``ruff@latest`` is just ruff."""
    match = re.fullmatch(r"([\w.-]+(?:\[[^\]]*\])?)@([\w.!+*]+)", text.value)
    if match is None:
        return text
    return Text(match[1] if match[2] == "latest" else f"{match[1]}=={match[2]}", text.span)


def _python_install(read_line: Line) -> Install:
    """``uv python install 3.12``: the requirements are versions of Python, () where a file of the project says it.

    ``output`` is the folder that they are put into, None for uv's own.
    """
    operands = read_line.reading.operands
    install = _start(read_line, "uv-python", "install")
    return install._replace(
        output=read_line.reading.known("--install-dir"),
        requirements=surroundings.known(operands),
        unknown=(*surroundings.unknown(operands), *install.unknown),
    )


def venv(program: Program, around: Surroundings) -> VenvMade | None:
    """What ``uv venv [PATH]`` makes; None for all other subcommands."""
    read_line = line(program, around)
    if read_line is None or read_line.name != "venv":
        return None
    reading = read_line.reading
    path = reading.operands[0].value if reading.operands else around.variables.get("UV_PROJECT_ENVIRONMENT")
    return VenvMade(
        path=read_line.around.at(path or ".venv"),
        tool="uv",
        python=reading.value("--python") or None,
        system_site_packages=reading.has("--system-site-packages"),
        relocatable=reading.on("--relocatable", "--no-relocatable"),
        conditional=around.command.conditional,
        span=around.command.span,
    )


_COMMANDS: dict[str, Callable[[Line], Install | None]] = {
    "pip install": _pip_install,
    "pip sync": _pip_files,
    "pip compile": _pip_files,
    "sync": _sync,
    "export": _export,
    "run": _run,
    "add": _add,
    "tool install": _tool_install,
    "tool run": _tool_run,
    "python install": _python_install,
}
