"""poetry, pipenv and pdm."""

from collections.abc import Callable

import pytest

from fromlint.model.build import Install
from fromlint.model.place import Text

Reads = Callable[..., Install]


def names(texts: tuple[Text, ...]) -> list[str]:
    return [text.value for text in texts]


# --- poetry -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("line", ["poetry install", "/opt/poetry/bin/poetry -n install", "python -m poetry install"])
def test_names_of_poetry(read: Reads, line: str) -> None:
    install = read(line)
    assert (install.tool, install.action) == ("poetry", "install")
    assert install.default_groups
    assert install.install_project
    assert install.frozen


def test_groups_of_poetry(read: Reads) -> None:
    install = read("poetry install --with docs,lint --without dev,test -E 'a b' --extras c --no-root --sync")
    assert install.action == "sync"
    assert install.groups == ("docs", "lint")
    assert install.without_groups == ("dev", "test")
    assert install.extras == ("a", "b", "c")
    assert not install.install_project
    assert read("poetry install --only main").only_groups == ("main",)
    assert read("poetry install --no-dev").only_groups == ("main",)
    assert read("poetry install --only=main,prod --all-extras").all_extras
    assert read("poetry install --all-groups").all_groups
    assert read("poetry sync").action == "sync"
    assert read("poetry install --only-root").options.no_deps


def test_poetry_adds_and_updates(read: Reads) -> None:
    assert names(read("poetry add x@^2 'y[z]' -G dev --source corp").requirements) == ["x@^2", "y[z]"]
    assert names(read("poetry add -e ./lib").editable) == ["./lib"]
    install = read("poetry update x")
    assert install.options.upgrade
    assert install.packages == ("x",)
    assert not install.frozen
    install = read("poetry self add poetry-plugin-export==1.8")
    assert (install.tool, names(install.requirements)) == ("poetry-self", ["poetry-plugin-export==1.8"])
    assert names(read("poetry self update 1.8.3").requirements) == ["poetry==1.8.3"]
    assert names(read("poetry self update").requirements) == ["poetry"]


def test_poetry_exports(read: Reads) -> None:
    install = read("poetry export -f requirements.txt --without-hashes --with dev -o requirements.txt")
    assert (install.action, install.output, install.groups) == ("export", "requirements.txt", ("dev",))
    assert not install.default_groups
    assert not install.install_project
    assert install.venv is None


@pytest.mark.parametrize(
    "line",
    [
        "poetry",
        "poetry lock",
        "poetry --version",
        "poetry build",
        "poetry install --dry-run",
        "poetry install --help",
        "poetry add --lock x",
        "poetry config virtualenvs.create false",
        "poetry run",
        "poetry run pytest",
        "poetry self show",
    ],
)
def test_poetry_installs_nothing(read: Reads, line: str) -> None:
    assert read(line) is None


def test_variables_of_poetry(read: Reads) -> None:
    variables = {"POETRY_INSTALLER_NO_BINARY": "Lx_ml,numpy", "POETRY_INSTALLER_ONLY_BINARY": ":all:"}
    options = read("poetry install", environment=variables).options
    assert (options.no_binary, options.only_binary) == (("lx-ml", "numpy"), (":all:",))
    assert read("POETRY_INSTALLER_NO_BINARY=true poetry install").options.no_binary == (":all:",)
    assert read("POETRY_INSTALLER_NO_BINARY=false poetry install").options.no_binary == ()
    assert read("POETRY_VIRTUALENVS_CREATE=false poetry install").system
    assert not read("poetry install").system
    assert read("POETRY_VIRTUALENVS_IN_PROJECT=1 poetry install").venv == "/app/.venv"
    assert read("POETRY_VIRTUALENVS_IN_PROJECT=1 poetry -C sub install").venv == "/app/sub/.venv"
    assert read("poetry install").venv is None
    assert read("poetry install", environment={"VIRTUAL_ENV": "/v"}).venv == "/v"


# --- pipenv -----------------------------------------------------------------------------------------------


def test_pipenv(read: Reads) -> None:
    install = read("pipenv install --system --deploy --ignore-pipfile")
    assert (install.tool, install.action) == ("pipenv", "install")
    assert install.system
    assert install.frozen
    assert not install.default_groups
    assert install.groups == ()
    assert read("python3 -m pipenv sync --dev").groups == ("develop",)
    assert read("pipenv sync").action == "sync"
    assert read("PIPENV_DEV=1 pipenv sync").groups == ("develop",)
    assert read("PIPENV_SYSTEM=1 pipenv install").system
    assert not read("pipenv install").frozen
    assert read("pipenv install --skip-lock").options.upgrade


def test_pipenv_packages_and_categories(read: Reads) -> None:
    install = read("pipenv --python 3.12 install requests 'x[y]' -e . -r r.txt")
    assert names(install.requirements) == ["requests", "x[y]"]
    assert names(install.editable) == ["."]
    assert names(install.files) == ["r.txt"]
    assert install.python == "3.12"
    assert read("pipenv sync --categories 'packages dev-packages,docs'").only_groups == ("default", "develop", "docs")
    assert read("pipenv update").options.upgrade
    assert read("pipenv requirements --dev").action == "export"


def test_pipenv_hands_on_to_pip(read: Reads) -> None:
    options = read("PIP_NO_BINARY=lxml pipenv install --extra-pip-args='--only-binary numpy' -i https://a").options
    assert (options.no_binary, options.only_binary) == (("lxml",), ("numpy",))
    assert options.index_url == "https://a"
    assert read("pipenv install --pypi-mirror https://m").options.index_url == "https://m"
    assert read("PIPENV_PYPI_MIRROR=https://m pipenv install").options.index_url == "https://m"
    assert read("pipenv install --extra-pip-args='\"unclosed'").action == "install"


def test_where_pipenv_works(read: Reads) -> None:
    assert read("PIPENV_PIPFILE=/srv/Pipfile pipenv sync").project == "/srv"
    assert read("PIPENV_VENV_IN_PROJECT=1 pipenv sync").venv == "/app/.venv"
    assert read("pipenv sync").venv is None
    assert read("pipenv sync", environment={"VIRTUAL_ENV": "/v"}).venv == "/v"


@pytest.mark.parametrize(
    "line", ["pipenv", "pipenv lock", "pipenv --venv", "pipenv check", "pipenv run", "pipenv graph"]
)
def test_pipenv_installs_nothing(read: Reads, line: str) -> None:
    assert read(line) is None


# --- pdm --------------------------------------------------------------------------------------------------


def test_pdm(read: Reads) -> None:
    install = read("pdm install --prod -G a,b -G :all --without c --no-self --frozen-lockfile --no-editable")
    assert (install.tool, install.action) == ("pdm", "install")
    assert not install.default_groups
    assert install.groups == ("a", "b")
    assert install.all_extras
    assert install.without_groups == ("c",)
    assert not install.install_project
    assert install.frozen
    assert install.venv == "/app/.venv"


def test_more_of_pdm(read: Reads) -> None:
    assert read("pdm sync --no-default -G test").only_groups == ("test",)
    assert read("pdm sync --no-default").only_groups == ("dev",)
    assert read("pdm install --dev").default_groups
    assert read("pdm install --without x").all_extras
    assert names(read("pdm add x -dG test -e ./y").requirements) == ["x"]
    assert read("pdm update x").options.upgrade
    assert names(read("pdm install -L other.lock").files) == ["other.lock"]
    assert names(read("PDM_LOCKFILE=other.lock pdm install").files) == ["other.lock"]
    export = read("pdm export --prod -o requirements.txt")
    assert (export.action, export.output, export.install_project) == ("export", "requirements.txt", False)
    assert read("pdm export --self").install_project
    install = read("pdm install -p sub", environment={"PDM_NO_BINARY": "a, b", "PDM_PYPI_URL": "https://a"})
    assert (install.project, install.venv) == ("sub", "/app/sub/.venv")
    assert (install.options.no_binary, install.options.index_url) == (("a", "b"), "https://a")
    assert read("pdm install --check --prod --no-editable").frozen
    assert read("pdm sync -g").system
    assert read("PDM_USE_VENV=0 pdm sync").venv is None


@pytest.mark.parametrize("line", ["pdm", "pdm lock", "pdm install --plugins", "pdm add --no-sync x"])
def test_pdm_installs_nothing(read: Reads, line: str) -> None:
    assert read(line) is None
