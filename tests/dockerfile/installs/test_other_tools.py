"""pipx, pip-tools, conda, setup.py, and tools that are known by name only; runners around all of them."""

from collections.abc import Callable

import pytest

from fromlint.model.build import Install
from fromlint.model.place import Text

Reads = Callable[..., Install]


def names(texts: tuple[Text, ...]) -> list[str]:
    return [text.value for text in texts]


def test_pipx(read: Reads) -> None:
    install = read("pipx install 'poetry==1.8' --python 3.12 --pip-args '--no-cache-dir --only-binary :all: -c c.txt'")
    assert (install.tool, install.action, install.python) == ("pipx", "install", "3.12")
    assert names(install.requirements) == ["poetry==1.8"]
    assert install.options.only_binary == (":all:",)
    assert names(install.constraints) == ["c.txt"]
    assert names(read("pipx install x --preinstall y -i https://a").requirements) == ["x", "y"]
    assert names(read("pipx inject poetry plugin $X").requirements) == ["plugin"]
    assert names(read("pipx inject poetry plugin $X").unknown) == ["$X"]
    assert names(read("pipx run --spec httpie http").requirements) == ["httpie"]
    assert read("pipx run black .").action == "run"
    assert names(read("pipx install -e .").editable) == ["."]
    assert read("pipx upgrade x").options.upgrade
    for line in ("pipx list", "pipx ensurepath", "pipx install --help", "pipx", "pipx run"):
        assert read(line) is None


def test_pip_sync(read: Reads) -> None:
    install = read("pip-sync a.txt b.txt --python-executable /v/bin/python --pip-args '--no-deps' -i https://a")
    assert (install.tool, install.action, install.python) == ("pip-sync", "sync", "/v/bin/python")
    assert names(install.files) == ["a.txt", "b.txt"]
    assert install.options.no_deps
    assert install.options.index_url == "https://a"
    assert names(read("pip-sync").files) == ["requirements.txt"]
    assert read("python -m piptools sync").tool == "pip-sync"
    assert read("python -m piptools") is None
    assert read("pip-sync --dry-run") is None


def test_pip_compile(read: Reads) -> None:
    install = read("pip-compile --extra dev -o requirements.txt pyproject.toml -P x --upgrade")
    assert (install.tool, install.action, install.output) == ("pip-compile", "export", "requirements.txt")
    assert names(install.files) == ["pyproject.toml"]
    assert install.extras == ("dev",)
    assert (install.options.upgrade, install.options.upgrade_packages) == (True, ("x",))


@pytest.mark.parametrize(
    ("line", "packages", "files"),
    [
        ("conda install -y -c conda-forge numpy=1.26 $X", ["numpy=1.26"], []),
        ("mamba install --file r.txt", [], ["r.txt"]),
        ("micromamba install -y -n base -f env.yml", [], ["env.yml"]),
        ("conda env create -f environment.yml", [], ["environment.yml"]),
        ("conda env update --file=environment.yml --prune", [], ["environment.yml"]),
        ("/opt/conda/bin/conda create -n x python=3.12", ["python=3.12"], []),
    ],
)
def test_conda(read: Reads, line: str, packages: list[str], files: list[str]) -> None:
    install = read(line)
    assert install.tool == "conda"
    assert names(install.requirements) == packages
    assert names(install.files) == files


@pytest.mark.parametrize("line", ["conda clean -afy", "conda env list", "conda", "conda config --add channels x"])
def test_conda_installs_nothing(read: Reads, line: str) -> None:
    assert read(line) is None


def test_setup_py(read: Reads) -> None:
    install = read("python setup.py install --prefix=/x")
    assert (install.tool, install.action, names(install.requirements)) == ("setup.py", "install", ["."])
    assert names(read("python3 lib/setup.py develop").editable) == ["lib"]
    assert read("python setup.py bdist_wheel").action == "wheel"
    assert read("python setup.py --version") is None
    assert read("python setup.py test") is None


@pytest.mark.parametrize(
    ("line", "tool"),
    [
        ("tox -e py312", "tox"),
        ("nox -s tests", "nox"),
        ("hatch env create", "hatch"),
        ("hatch run test:pytest", "hatch"),
        ("flit install --deps production", "flit"),
        ("rye sync", "rye"),
        ("pixi install", "pixi"),
        ("python -m tox", "tox"),
    ],
)
def test_tools_known_by_name(read: Reads, line: str, tool: str) -> None:
    assert read(line).tool == tool


@pytest.mark.parametrize("line", ["tox --version", "nox --list", "hatch build", "flit build", "rye lock", "tox list"])
def test_they_install_nothing(read: Reads, line: str) -> None:
    assert read(line) is None


@pytest.mark.parametrize(
    ("line", "runner", "python"),
    [
        ("uv run pip install x", "uv", "pip"),
        ("uv run --frozen -- python -m pip install x", "uv", "python"),
        ("uv run -m pip install x", "uv", "python"),
        ("poetry run pip install x", "poetry", "pip"),
        ("poetry -C sub run python -m pip install x", "poetry", "python"),
        ("pipenv run pip install x", "pipenv", "pip"),
        ("pdm run -s pip install x", "pdm", "pip"),
        ("conda run -n base --no-capture-output pip install x", "conda", "pip"),
        ("micromamba run -n base pip install x", "micromamba", "pip"),
        ("hatch run test:pip install x", "hatch", "pip"),
        ("rye run pip install x", "rye", "pip"),
    ],
)
def test_runners(read: Reads, line: str, runner: str, python: str) -> None:
    install = read(line)
    assert (install.tool, install.runner, install.python) == ("pip", runner, python)
    assert names(install.requirements) == ["x"]


def test_runners_lend_their_environment(read: Reads) -> None:
    assert read("uv run pip install x").venv == "/app/.venv"
    assert read("poetry run pip install x").venv is None
    install = read("uvx poetry install --no-root")
    assert (install.tool, install.runner) == ("poetry", "uvx")
    assert read("pipx run poetry install").tool == "poetry"


def test_xargs(read: Reads) -> None:
    install = read("xargs -n 1 pip install --no-deps")
    assert (install.tool, install.runner) == ("pip", None)
    assert install.requirements == ()
    assert names(install.unknown) == ["(standard input)"]
    install = read("xargs -I{} pip install -r {} y")
    assert names(install.unknown) == ["{}"]
    assert names(install.requirements) == ["y"]
    assert read("xargs") is None
    assert read("xargs rm -f") is None


def test_runners_within_runners_end(read: Reads) -> None:
    assert read("uv run " * 40 + "pip install x") is not None
