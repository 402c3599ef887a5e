import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable

import pytest

from fromlint.dockerfile.installs import uv
from fromlint.model.build import Install, Redirect, Word
from fromlint.model.place import Span, Text

# Beside the interpreter that runs the tests, or wherever it is.
UV = shutil.which("uv", path=os.pathsep.join((os.path.dirname(sys.executable), os.environ.get("PATH", ""))))
Reads = Callable[..., Install]


def names(texts: tuple[Text, ...]) -> list[str]:
    return [text.value for text in texts]


@pytest.mark.skipif(UV is None, reason="uv is not installed")
@pytest.mark.parametrize("name", uv.TABLES)
def test_the_table_has_what_uv_shows(name: str) -> None:
    assert UV is not None
    shown = subprocess.run([UV, "help", *name.split()], capture_output=True, text=True, check=False).stdout
    table = uv.options_of(name).options
    found = re.findall(r"^ {2,6}(?:(-\w), )?(--[a-z0-9-]+)( <)?", shown, re.MULTILINE)
    assert len(found) > 10
    # An option of a newer uv than the table's is no fault of the table's.
    for short, long, value in found:
        if long in table:
            assert table[long].takes_value == bool(value), long
            assert not short or table[short] == table[long]


def test_pip_install(read: Reads) -> None:
    install = read(
        "uv --no-cache pip install --system -r r.txt --requirement=pyproject.toml -c c.txt -e . x 'y[z]>1' --extra a,b "
        "--group dev --no-deps --torch-backend cpu --index-strategy unsafe-best-match --exclude-newer 2026-01-01 "
        "--prerelease allow --resolution lowest-direct --compile-bytecode --link-mode copy -b b.txt --overrides o.txt "
        "--reinstall -U -P x --python-version 3.12 --python-platform linux --require-hashes --no-sources"
    )
    assert (install.tool, install.action, install.system) == ("uv-pip", "install", True)
    assert names(install.requirements) == ["x", "y[z]>1"]
    assert names(install.files) == ["r.txt", "pyproject.toml"]
    assert names(install.constraints) == ["c.txt"]
    assert names(install.editable) == ["."]
    assert install.extras == ("a", "b")
    assert install.groups == ("dev",)
    options = install.options
    assert (options.torch_backend, options.index_strategy) == ("cpu", "unsafe-best-match")
    assert (options.exclude_newer, options.prerelease, options.pre) == ("2026-01-01", "allow", True)
    assert options.resolution == "lowest-direct"
    assert (options.build_constraints, options.overrides) == (("b.txt",), ("o.txt",))
    assert (options.force_reinstall, options.upgrade, options.upgrade_packages) == (True, True, ("x",))
    assert (options.python_version, options.platforms) == ("3.12", ("linux",))
    assert options.no_deps
    assert options.require_hashes
    assert options.no_sources
    assert install.unknown == ()


@pytest.mark.parametrize(
    "line", ["uv pip install x", "python -m uv pip install x", "/root/.local/bin/uv -q pip --quiet install x"]
)
def test_names_of_uv(read: Reads, line: str) -> None:
    assert names(read(line).requirements) == ["x"]


@pytest.mark.parametrize(
    "line",
    [
        "uv",
        "uv --version",
        "uv lock",
        "uv pip",
        "uv pip freeze",
        "uv pip uninstall x",
        "uv pip install --dry-run x",
        "uv sync --help",
        "uv sync --check",
        "uv tool list",
        "uv python list",
        "uv cache clean",
        "uv venv",
        "uv add --no-sync x",
        "uv add --frozen x",
        "uv run --no-sync python app.py.txt",
        "uv run --no-project x",
        "uvx",
        "uv self update",
    ],
)
def test_what_installs_nothing(read: Reads, line: str) -> None:
    assert read(line) is None


def test_pip_sync_and_compile_take_files(read: Reads) -> None:
    install = read("uv pip sync requirements.txt dev.txt $MORE --python /opt/venv/bin/python")
    assert (install.tool, install.action) == ("uv-pip", "sync")
    assert names(install.files) == ["requirements.txt", "dev.txt"]
    assert names(install.unknown) == ["$MORE"]
    assert install.python == "/opt/venv/bin/python"
    install = read("uv pip compile pyproject.toml -o requirements.txt --generate-hashes")
    assert (install.action, install.output, names(install.files)) == ("export", "requirements.txt", ["pyproject.toml"])


@pytest.mark.parametrize(
    ("given", "only", "no"),
    [
        ("--only-binary :all:", (":all:",), ()),
        ("--no-build", (":all:",), ()),
        ("--no-build --build", (), ()),
        ("--only-binary :all: --no-binary A_b", (":all:",), ("a-b",)),
        ("--no-binary a,b --no-binary :none: --no-binary c", (), ("c",)),
    ],
)
def test_formats_of_pip(read: Reads, given: str, only: tuple[str, ...], no: tuple[str, ...]) -> None:
    options = read("uv pip install x " + given).options
    assert (options.only_binary, options.no_binary) == (only, no)


@pytest.mark.parametrize(
    ("line", "only", "no"),
    [
        ("uv sync --no-build", (":all:",), ()),
        ("uv sync --no-binary", (), (":all:",)),
        ("uv sync --no-binary-package A_b --no-build-package c", ("c",), ("a-b",)),
        ("UV_NO_BUILD=1 uv sync", (":all:",), ()),
        ("UV_NO_BUILD=1 uv sync --build", (), ()),
        ("UV_NO_BINARY_PACKAGE='a b' uv sync", (), ("a", "b")),
        ("UV_NO_BINARY=1 uv pip install x", (), ()),
        ("PIP_NO_BINARY=:all: uv pip install x", (), ()),
    ],
)
def test_formats_of_projects(read: Reads, line: str, only: tuple[str, ...], no: tuple[str, ...]) -> None:
    options = read(line).options
    assert (options.only_binary, options.no_binary) == (only, no)


def test_sync(read: Reads) -> None:
    install = read(
        "uv sync --frozen --no-dev --group a --group b --no-group c --extra x,y --no-extra z --package p "
        "--no-install-project --no-install-workspace --no-install-package q --no-editable --python 3.12"
    )
    assert (install.tool, install.action, install.python) == ("uv-sync", "sync", "3.12")
    assert install.frozen
    assert not install.locked
    assert install.groups == ("a", "b")
    assert install.without_groups == ("c", "dev")
    assert install.default_groups
    assert install.extras == ("x", "y")
    assert install.without_extras == ("z",)
    assert install.packages == ("p",)
    assert install.without_packages == ("q",)
    assert not install.install_project
    assert not install.install_workspace
    assert install.venv == "/app/.venv"


def test_groups_of_a_sync(read: Reads) -> None:
    assert read("uv sync --only-dev").only_groups == ("dev",)
    assert read("uv sync --only-group docs").only_groups == ("docs",)
    assert read("uv sync --all-groups --all-extras").all_groups
    assert read("uv sync --all-extras").all_extras
    assert not read("uv sync --no-default-groups").default_groups
    assert read("uv sync --locked --all-packages").locked
    assert read("uv sync --no-dev --dev").groups == ("dev",)
    assert read("uv sync --only-install-project").options.no_deps


def test_variables_of_a_sync(read: Reads) -> None:
    install = read(
        "uv sync",
        environment={
            "UV_FROZEN": "1",
            "UV_NO_DEV": "true",
            "UV_NO_GROUP": "a b",
            "UV_NO_INSTALL_PROJECT": "yes",
            "UV_PYTHON": "3.13",
            "UV_PYTHON_DOWNLOADS": "never",
            "UV_PROJECT_ENVIRONMENT": "/opt/venv",
            "UV_TORCH_BACKEND": "cpu",
            "UV_COMPILE_BYTECODE": "1",
        },
    )
    assert install.frozen
    assert install.without_groups == ("a", "b", "dev")
    assert not install.install_project
    assert install.python == "3.13"
    assert install.options.python_downloads is False
    assert install.venv == "/opt/venv"
    assert read("uv sync --dev", environment={"UV_NO_DEV": "1"}).groups == ("dev",)
    assert not read("uv sync", environment={"UV_FROZEN": "0"}).frozen
    assert read("uv sync -p 3.11", environment={"UV_PYTHON": "3.13"}).python == "3.11"


def test_where_a_sync_works(read: Reads) -> None:
    install = read("uv --directory backend sync")
    assert (install.directory, install.venv) == ("/app/backend", "/app/backend/.venv")
    install = read("uv sync --project backend")
    assert (install.directory, install.project, install.venv) == ("/app", "backend", "/app/backend/.venv")
    assert read("uv sync --active", environment={"VIRTUAL_ENV": "/v"}).venv == "/v"
    assert read("uv sync", environment={"VIRTUAL_ENV": "/v"}).venv == "/app/.venv"
    assert read("uv sync --script run.py").venv is None
    assert names(read("uv sync --script run.py").scripts) == ["run.py"]
    assert read("uv sync", arguments={"UV_PROJECT_ENVIRONMENT": None}).venv is None
    assert read("uv sync", directory=None).venv == ".venv"
    assert read("uv sync --directory /srv", directory=None).directory == "/srv"
    assert read("uv sync --directory srv", directory=None).directory is None


@pytest.mark.parametrize(
    ("given", "preference", "downloads"),
    [
        ("", None, None),
        ("--no-managed-python", "only-system", False),
        ("--managed-python", "only-managed", None),
        ("--no-python-downloads", None, False),
        ("--python-preference system", "system", None),
    ],
)
def test_which_python(read: Reads, given: str, preference: str | None, downloads: bool | None) -> None:
    options = read("uv sync " + given).options
    assert (options.python_preference, options.python_downloads) == (preference, downloads)


def test_indexes(read: Reads) -> None:
    options = read(
        "uv pip install x --index corp=https://corp/simple --index https://two --default-index pypi=https://d/?a=b "
        "--extra-index-url https://three -f /w,https://v"
    ).options
    assert options.index_url == "https://d/?a=b"
    assert options.extra_index_urls == ("https://corp/simple", "https://two", "https://three")
    assert options.find_links == ("/w", "https://v")
    options = read(
        "uv pip install x --index https://c?x=y",
        environment={
            "UV_INDEX": "https://no",
            "UV_DEFAULT_INDEX": "https://d",
            "UV_EXTRA_INDEX_URL": "https://1 https://2",
        },
    ).options
    assert options.index_url == "https://d"
    assert options.extra_index_urls == ("https://c?x=y", "https://1", "https://2")
    assert read("PIP_INDEX_URL=https://a uv pip install x").options.index_url is None
    assert not read("uv pip install --index-url https://a x", arguments={"UV_INDEX_URL": None}).secret
    assert read("uv pip install --no-index x", arguments={"UV_FIND_LINKS": None}).secret


def test_system(read: Reads) -> None:
    assert read("UV_SYSTEM_PYTHON=1 uv pip install x").system
    assert not read("UV_SYSTEM_PYTHON=1 uv pip install --no-system x").system
    assert not read("uv pip install x").system
    assert read("UV_BREAK_SYSTEM_PACKAGES=true uv pip install x").options.break_system_packages


def test_export(read: Reads) -> None:
    install = read(
        "uv export --frozen --no-emit-project --no-hashes -o requirements.txt --no-emit-package x,y --no-dev"
    )
    assert (install.tool, install.action, install.output) == ("uv-export", "export", "requirements.txt")
    assert not install.install_project
    assert install.without_packages == ("x", "y")
    assert install.venv is None


def test_run(read: Reads) -> None:
    install = read("uv run --with 'a>=1,<2,b[c,d]' --with-requirements r.txt --frozen pytest -x --with c")
    assert (install.tool, install.action, install.frozen) == ("uv-run", "run", True)
    assert names(install.requirements) == ["a>=1,<2", "b[c,d]"]
    assert names(install.files) == ["r.txt"]
    assert names(read("uv run script.py").scripts) == ["script.py"]
    alone = read("uv run --no-project --with rich python")
    assert (alone.tool, alone.venv) == ("uv-tool", None)


def test_add(read: Reads) -> None:
    install = read("uv add --dev x 'y>1' -r r.txt --group lint")
    assert (install.tool, install.action) == ("uv-sync", "install")
    assert names(install.requirements) == ["x", "y>1"]
    assert names(install.files) == ["r.txt"]
    assert install.groups == ()
    assert names(read("uv add --editable ./lib").editable) == ["./lib"]


def test_tools(read: Reads) -> None:
    install = read("uv tool install 'ruff@0.6.1' --with a,b --with-editable ./c -p 3.12")
    assert (install.tool, install.action, install.python) == ("uv-tool", "install", "3.12")
    assert names(install.requirements) == ["ruff==0.6.1", "a", "b"]
    assert names(install.editable) == ["./c"]
    assert names(read("uv tool install -e .").editable) == ["."]
    assert names(read("uvx ruff@latest check .").requirements) == ["ruff"]
    assert read("uvx --from httpie http x").action == "run"
    assert names(read("uv tool run --from httpie http").requirements) == ["httpie"]
    assert names(read("uv tool install $TOOL").unknown) == ["$TOOL"]


def test_python_install(read: Reads) -> None:
    install = read("uv python install --install-dir /py 3.12 pypy3.10")
    assert (install.tool, names(install.requirements)) == ("uv-python", ["3.12", "pypy3.10"])
    assert install.output == "/py"
    assert read("uv python install").requirements == ()
    assert read("uv python install").output is None


def test_what_cannot_be_known(read: Reads) -> None:
    install = read("uv pip install $X y -r $R --only-binary $B --cache-dir $C")
    assert names(install.unknown) == ["$X", "$R", "$B"]
    assert names(read("uv sync --group $G", arguments={"UV_NO_GROUP": None}).unknown) == ["$UV_NO_GROUP", "$G"]


@pytest.mark.parametrize("command", ["uv pip install -r", "uv pip sync"])
@pytest.mark.parametrize("file", ["-", "/dev/stdin", "/dev/fd/63", "<(grep x r.txt)"])
def test_what_is_made_as_the_command_runs_is_no_file(read: Reads, command: str, file: str) -> None:
    install = read(f"{command} '{file}'")
    assert install.files == ()
    assert names(install.unknown) == [file]


def test_a_file_on_standard_input(read: Reads) -> None:
    place = Span("Dockerfile", 1, 9, 1, 10)
    redirect = Redirect("<", Word("list.txt", place))
    assert read("uv pip install -r -", redirects=(redirect,)).files == (Text("list.txt", place),)
