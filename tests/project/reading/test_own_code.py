"""The project's own code is compiled: what that takes is read from its build files in the context."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from fromlint import run
from fromlint.model.finding import Finding

SETUP = "from setuptools import Extension, setup\nsetup(name='thing', ext_modules=[Extension('x', ['src/x.c'])])\n"
FILES = {
    "setup.py": SETUP,
    "src/x.c": "#include <Python.h>\n#include <zlib.h>\n",
    "tests/y.c": "#include <libpq-fe.h>\n",
}
SLIM = "FROM python:3.13-slim-trixie\nWORKDIR /app\n"
Found = Callable[[str, Mapping[str, str]], tuple[Finding, ...]]


@pytest.fixture
def found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Found:
    """What is said of a Dockerfile in a folder with files, without network."""

    def found(dockerfile: str, files: Mapping[str, str]) -> tuple[Finding, ...]:
        for name, text in {"Dockerfile": dockerfile, **files}.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text)
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("FROMLINT_CACHE_DIR", str(tmp_path / "cache"))
        report = run.check([Path("Dockerfile")], {"offline": True}).report
        return tuple(each for each in report.findings if each.code in ("FL107", "FL108", "FL201", "FL301"))

    return found


@pytest.mark.parametrize(
    "install",
    [
        "COPY . .\nRUN pip install .\n",
        "COPY . .\nRUN pip install -e .\n",
        "COPY . /src\nRUN pip install /src\n",
        "COPY setup.py ./\nCOPY src src\nRUN pip install .\n",
    ],
)
def test_a_compiler_and_headers_are_missing(found: Found, install: str) -> None:
    (finding,) = found(SLIM + install, FILES)
    assert finding.code == "FL201"
    assert "thing is the project's own code and cannot be compiled here" in finding.message
    assert finding.missing == ("gcc", "zlib1g-dev")
    assert finding.notes == ("inferred: read from its build files",)


def test_a_project_that_uv_installs_by_its_lock(found: Found) -> None:
    project = '[project]\nname = "thing"\nversion = "1"\n[build-system]\nrequires = ["setuptools"]\n'
    locked = 'version = 1\n[[package]]\nname = "thing"\nversion = "1"\nsource = { editable = "." }\n'
    uv = "COPY --from=ghcr.io/astral-sh/uv:0.9 /uv /bin/\nCOPY . .\nRUN uv sync --frozen\n"
    (finding,) = found(SLIM + uv, {**FILES, "pyproject.toml": project, "uv.lock": locked})
    assert (finding.code, finding.missing) == ("FL201", ("gcc", "zlib1g-dev"))


@pytest.mark.parametrize(
    ("lines", "files"),
    [
        ("RUN apt-get update && apt-get install -y gcc zlib1g-dev\nCOPY . .\nRUN pip install .\n", FILES),
        ("COPY . .\nRUN pip install .\n", {"setup.py": "from setuptools import setup\nsetup(name='thing')\n"}),
        # Whatever makes the folder, what lies there is not known.
        ("COPY . .\nRUN git clone https://x.org/y /z && cp -r /z/. . \nRUN pip install /z\n", FILES),
        # The C sources are no part of a build that a pure backend makes.
        (
            "COPY . .\nRUN pip install .\n",
            {
                "pyproject.toml": '[build-system]\nbuild-backend = "hatchling.build"\n[project]\nname = "thing"\n'
                'version = "1"\n',
                "src/x.c": "#include <zlib.h>\n",
            },
        ),
    ],
)
def test_nothing_is_missing_or_known(found: Found, lines: str, files: Mapping[str, str]) -> None:
    assert found(SLIM + lines, files) == ()


def test_setup_py_finds_what_was_installed_before(found: Found) -> None:
    cython = "from Cython.Build import cythonize\nfrom setuptools import setup\nsetup(name='thing', ext_modules=cythonize('x.pyx'))"
    lines = "RUN pip install cython setuptools\nCOPY . .\nRUN {}\n"
    files = {"setup.py": cython, "x.pyx": "pass\n", "pyproject.toml": "[build-system]\nrequires = ['setuptools']\n"}
    assert [each.code for each in found(SLIM + lines.format("pip install ."), files)] == ["FL108"]
    assert [each.code for each in found(SLIM + lines.format("python setup.py install"), files)] == ["FL201"]


def test_setup_py_needs_setuptools_itself(found: Found) -> None:
    """Of a pure project, too: Python 3.12 and later come with neither distutils nor setuptools."""
    files = {"setup.py": "from setuptools import setup\nsetup(name='thing', py_modules=['thing'])\n", "thing.py": ""}
    (finding,) = found(SLIM + "COPY . .\nRUN python setup.py install\n", files)
    assert finding.code == "FL108"
    assert "setup.py builds with what is installed, and setuptools is not" in finding.message
    older = SLIM.replace("3.13", "3.11") + "COPY . .\nRUN python setup.py install\n"
    venv = SLIM + "COPY . .\nRUN pip install setuptools && python setup.py install\n"
    unread = SLIM + "COPY . .\nRUN pip install -r $WHATEVER && python setup.py install\n"
    assert [found(each, files) for each in (older, venv, unread)] == [(), (), ()]


@pytest.mark.parametrize(
    ("backend", "before", "codes"),
    [
        ("setuptools.build_meta", "", ["FL108"]),
        ("setuptools.build_meta", "RUN pip install setuptools\n", []),
        ("setuptools.build_meta", "RUN pip install hatchling\n", ["FL108"]),
        ("hatchling.build", "", ["FL108"]),
        ("hatchling.build", "RUN pip install hatchling\n", []),
        ("poetry.core.masonry.api", "RUN pip install poetry-core\n", []),
        ("own.backend", "RUN pip install hatchling\n", []),
    ],
)
def test_without_isolation_the_backend_is_to_be_there(
    found: Found, backend: str, before: str, codes: list[str]
) -> None:
    project = f'[build-system]\nbuild-backend = "{backend}"\nrequires = []\n[project]\nname = "thing"\nversion = "1"\n'
    lines = f"{before}COPY . .\nRUN pip install --no-build-isolation .\n"
    assert [each.code for each in found(SLIM + lines, {"pyproject.toml": project})] == codes
    assert found(SLIM + lines.replace("--no-build-isolation ", ""), {"pyproject.toml": project}) == ()


def test_programs_that_setuptools_rust_compiles(found: Found) -> None:
    """Named in pyproject.toml alone, they take cargo, too."""
    project = '[build-system]\nrequires = ["setuptools", "setuptools-rust"]\nbuild-backend = "setuptools.build_meta"\n'
    project += '[project]\nname = "thing"\nversion = "1"\n[[tool.setuptools-rust.bins]]\ntarget = "thing"\n'
    files = {
        "pyproject.toml": project,
        "Cargo.toml": '[package]\nname = "thing"\nversion = "1.0.0"\nedition = "2021"\n',
    }
    (finding,) = found(SLIM + "COPY . .\nRUN pip install .\n", files)
    assert (finding.code, finding.missing) == ("FL201", ("cargo",))


def test_what_it_is_linked_with_is_loaded_in_the_stage_that_runs_it(found: Found) -> None:
    build = f"{SLIM.replace('trixie', 'trixie AS build')}RUN apt-get update && apt-get install -y gcc libpq-dev\n"
    copied = "FROM python:3.13-slim-trixie\nCOPY --from=build /venv /venv\nENV PATH=/venv/bin:$PATH\n"
    source = {"setup.py": SETUP.replace("c'])", "c'], libraries=['pq'])"), "src/x.c": "#include <libpq-fe.h>\n"}
    dockerfile = f"{build}COPY . .\nRUN python -m venv /venv && /venv/bin/pip install .\n{copied}"
    assert [(each.code, each.missing) for each in found(dockerfile, source)] == [("FL301", ("libpq5",))]


POETRY = '[tool.poetry]\nname = "thing"\nversion = "1"\n[tool.poetry.dependencies]\npython = "^3.10"\n'
SCRIPT = "from setuptools import Extension\n\ndef build(setup_kwargs):\n    setup_kwargs['ext_modules'] = [Extension('x', ['src/x.c'])]\n"


@pytest.mark.parametrize(
    ("command", "found_codes"),
    [
        ("poetry install", ["FL201"]),
        ("poetry install --only main", ["FL201"]),
        ("poetry sync", ["FL201"]),
        ("poetry install --no-root", []),
    ],
)
def test_a_build_script_that_poetry_runs(found: Found, command: str, found_codes: list[str]) -> None:
    lines = "ENV POETRY_VIRTUALENVS_CREATE=false\nCOPY . .\nRUN " + command + "\n"
    project = POETRY + '[tool.poetry.build]\nscript = "build.py"\ngenerate-setup-file = true\n[build-system]\n'
    project += 'requires = ["poetry-core", "setuptools"]\nbuild-backend = "poetry.core.masonry.api"\n'
    files = {"pyproject.toml": project, "build.py": SCRIPT, "src/x.c": FILES["src/x.c"]}
    assert [each.code for each in found(SLIM + lines, files)] == found_codes


def test_without_a_build_script_poetry_compiles_nothing(found: Found) -> None:
    lines = "ENV POETRY_VIRTUALENVS_CREATE=false\nCOPY . .\nRUN poetry install\n"
    files = {"pyproject.toml": POETRY, "setup.py": SETUP, "src/x.c": FILES["src/x.c"]}
    assert found(SLIM + lines, files) == ()


def test_a_project_that_pdm_installs_is_compiled(found: Found) -> None:
    project = '[project]\nname = "thing"\nversion = "1"\n[build-system]\nrequires = ["setuptools"]\n[tool.pdm]\n'
    lock = '[metadata]\ngroups = ["default"]\nlock_version = "4.5.0"\ncontent_hash = "x"\n'
    files = {**FILES, "pyproject.toml": project + "distribution = true\n", "pdm.lock": lock}
    lines = "COPY . .\nRUN pdm "
    assert [each.code for each in found(SLIM + lines + "sync\n", files)] == ["FL201"]
    assert found(SLIM + lines + "sync --no-self\n", files) == ()
