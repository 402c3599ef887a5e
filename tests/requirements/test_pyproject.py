"""pyproject.toml by the standards and by the tools."""

from __future__ import annotations

import pytest

from fromlint.model.place import Problem
from fromlint.requirements import pyproject
from fromlint.requirements.pyproject import Pyproject


def read(content: str, tool: str = "") -> Pyproject:
    found = pyproject.read(content, "pyproject.toml", tool)
    assert isinstance(found, Pyproject)
    return found


STANDARD = """\
[build-system]
requires = ["hatchling", "cython<3"]

[project]
name = "My_App"
requires-python = ">=3.11"
dependencies = [
    "flask>=3",  # "flask" twice
    'numpy ; python_version < "3.13"',
    "oops==",
]

[project.optional-dependencies]
Fast = ["orjson", "flask>=3"]

[dependency-groups]
test = ["pytest"]
Dev = ["ruff", {include-group = "test"}]
loop = [{include-group = "loop"}, {include-group = "nowhere"}]
"""


def test_standard_tables() -> None:
    found = read(STANDARD)
    assert found.name == "my-app"
    assert found.requires_python == ">=3.11"
    assert [requirement.name for requirement in found.main or ()] == ["flask", "numpy"]
    assert [requirement.name for requirement in found.build] == ["hatchling", "cython"]
    assert {name: [r.name for r in group] for name, group in found.extras.items()} == {"fast": ["orjson", "flask"]}
    assert {name: [r.name for r in group] for name, group in found.groups.items()} == {
        "test": ["pytest"],
        "dev": ["ruff", "pytest"],
        "loop": [],
    }


def test_places() -> None:
    found = read(STANDARD)
    flask, numpy = found.main or ()
    assert flask.span[1:] == (8, 6, 8, 14)
    assert numpy.span[1:] == (9, 6, 9, 37)
    assert found.extras["fast"][1].span.line == 14
    assert found.build[1].span[1:] == (2, 27, 2, 35)
    assert [(problem.message, problem.span[1:]) for problem in found.bad[1:]] == [
        ("the dependency group loop includes itself", (19, 1, 19, 63)),
        ("the dependency group loop includes nowhere, which is not there", (19, 1, 19, 63)),
    ]
    assert found.bad[0].span[1:3] == (10, 10)


@pytest.mark.parametrize(
    ("content", "line"),
    [("[project\n", 1), ("a = 1\nb = \n", 2), ("x = 1\nx = 2\n", 2), ('d = "' + "\\q" + '"', 1)],
)
def test_broken_toml(content: str, line: int) -> None:
    found = pyproject.read(content, "pyproject.toml")
    assert isinstance(found, Problem)
    assert found.span.line == line


def test_what_is_dynamic() -> None:
    by_backend = read('[project]\nname = "x"\ndynamic = ["dependencies"]\n')
    assert by_backend.main is None
    assert by_backend.dynamic_files == ()
    by_files = read(
        '[project]\nname = "x"\ndynamic = ["dependencies"]\n'
        '[tool.setuptools.dynamic]\ndependencies = { file = ["a.txt", "b.txt"] }\n'
    )
    assert by_files.dynamic_files == ("a.txt", "b.txt")
    assert read("[tool.black]\n").main is None
    assert read('[project]\nname = "x"\n').main == ()


POETRY = """\
[tool.poetry]
name = "app"
package-mode = false

[tool.poetry.dependencies]
python = "^3.11"
flask = "^3.0"
numpy = [
    { version = "^1.26", python = "<3.12" },
    { version = "^2.0", python = ">=3.12" },
]
either = "^1 || ^3"
fast = { version = "~1.2", optional = true, extras = ["speed"] }
forked = { git = "https://x.org/forked.git", branch = "main" }
near = { path = "../near", develop = true }
torch = { version = "*", source = "cpu", markers = "sys_platform == 'linux'" }
windows = { version = "*", platform = "win32" }
wrong = "soon"

[tool.poetry.extras]
quick = ["fast"]

[tool.poetry.group.docs]
optional = true

[tool.poetry.group.docs.dependencies]
sphinx = ">=7"

[tool.poetry.dev-dependencies]
pytest = "*"

[[tool.poetry.source]]
name = "cpu"
url = "https://cpu.example/simple"
priority = "explicit"

[[tool.poetry.source]]
name = "corp"
url = "https://corp.example/simple"
"""


def test_poetry_tables() -> None:
    found = read(POETRY, "poetry")
    main = {(requirement.name, requirement.specifier): requirement for requirement in found.main or ()}
    assert set(main) == {
        ("flask", ">=3.0,<4.0"),
        ("numpy", ">=1.26,<2.0"),
        ("numpy", ">=2.0,<3.0"),
        ("forked", ""),
        ("near", ""),
        ("torch", ""),
        ("windows", ""),
    }
    assert main["numpy", ">=1.26,<2.0"].marker == 'python_version < "3.12"'
    assert main["forked", ""].reference == "git+https://x.org/forked.git@main"
    assert (main["near", ""].kind, main["near", ""].reference) == ("editable", "../near")
    assert main["windows", ""].marker == 'sys_platform == "win32"'
    assert main["flask", ">=3.0,<4.0"].span[1:] == (7, 1, 7, 15)
    assert found.extras["quick"][0].extras == ("speed",)
    assert [requirement.name for requirement in found.groups["dev"]] == ["pytest"]
    assert found.optional_groups == {"docs"}
    assert found.requires_python == ">=3.11,<4.0"
    assert not found.package
    assert [problem.span.line for problem in found.bad] == [18]
    assert [entry.what for entry in found.unknown] == ["either"]
    assert found.index_urls == {"torch": "https://cpu.example/simple"}
    assert found.options.index_url == "https://corp.example/simple"


UV = """\
[project]
name = "app"
dependencies = ["torch"]

[dependency-groups]
dev = ["pytest"]
docs = ["sphinx"]

[tool.uv]
dev-dependencies = ["ruff"]
default-groups = "all"
no-binary-package = ["Lxml_x"]

[tool.uv.sources]
torch = [{ index = "cpu", marker = "sys_platform == 'linux'" }]

[[tool.uv.index]]
name = "cpu"
url = "https://cpu.example/simple"
explicit = true

[[tool.uv.index]]
url = "https://corp.example/simple"
default = true

[[tool.uv.index]]
url = "https://more.example/simple"
"""


def test_uv_tables() -> None:
    found = read(UV, "uv")
    assert [requirement.name for requirement in found.groups["dev"]] == ["pytest", "ruff"]
    assert found.default_groups == ("dev", "docs")
    assert not found.package
    assert found.index_urls == {"torch": "https://cpu.example/simple"}
    assert found.options.index_url == "https://corp.example/simple"
    assert found.options.extra_index_urls == ("https://more.example/simple",)
    assert found.options.no_binary == ("lxml-x",)
    assert read(UV).options.index_url is None


def test_pdm_tables() -> None:
    found = read(
        '[project]\nname = "x"\n[tool.pdm.dev-dependencies]\ntest = ["pytest", "-e file:///${PROJECT_ROOT}/near#egg=near"]\n',
        "pdm",
    )
    pytest_, near = found.groups["test"]
    assert pytest_.name == "pytest"
    assert near.kind == "editable"


def test_odd_values_are_faults() -> None:
    found = read('[project]\nname = 1\ndependencies = "flask"\n[dependency-groups]\na = [1]\nb = "x"\n')
    assert found.name is None
    assert len(found.bad) == 3
