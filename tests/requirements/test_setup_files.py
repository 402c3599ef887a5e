"""setup.cfg and setup.py, read and never run."""

from __future__ import annotations

import pytest

from fromlint.model.place import Problem
from fromlint.requirements.setup_files import Setup, read_cfg, read_py


def cfg(content: str) -> Setup:
    found = read_cfg(content, "setup.cfg")
    assert isinstance(found, Setup)
    return found


def py(content: str) -> Setup:
    found = read_py(content, "setup.py")
    assert isinstance(found, Setup)
    return found


def test_setup_cfg() -> None:
    found = cfg(
        "[metadata]\nname = my_app\n[options]\npython_requires = >=3.9\nsetup_requires = cython\n"
        "install_requires =\n    flask>=3\n    # a comment\n    numpy; python_version < '3.13'\n    oops==\n"
        "[options.extras_require]\nfast = orjson; ujson\n"
    )
    assert found.name == "my_app"
    assert found.requires_python == ">=3.9"
    assert [(requirement.name, requirement.span[1:]) for requirement in found.main or ()] == [
        ("flask", (7, 5, 7, 13)),
        ("numpy", (9, 5, 9, 35)),
    ]
    assert [requirement.name for requirement in found.build] == ["cython"]
    assert [requirement.name for requirement in found.extras["fast"]] == ["orjson", "ujson"]
    assert found.bad[0].span.line == 10


def test_setup_cfg_names_files() -> None:
    found = cfg("[options]\ninstall_requires = file: requirements.txt, more.txt\n")
    assert found.files == ("requirements.txt", "more.txt")
    assert cfg("[flake8]\nmax-line-length = 100\n").main is None


@pytest.mark.parametrize(
    ("content", "line"), [("install_requires = a\n", 1), ("[a]\nx = 1\nx = 2\n", 3), ("[a]\n[a]\n", 2)]
)
def test_broken_setup_cfg(content: str, line: int) -> None:
    found = read_cfg(content, "setup.cfg")
    assert isinstance(found, Problem)
    assert found.span.line == line


def test_setup_py() -> None:
    found = py(
        "from setuptools import setup\n"
        "BASE = ['flask>=3']\n"
        "setup(\n    name='my' + '',\n    install_requires=BASE + ['é', *('numpy',)] + ['oops=='],\n"
        "    extras_require={'fast': ['orjson'], 'odd': open('x').read()},\n    python_requires='>=3.9',\n)\n"
    )
    assert [requirement.name for requirement in found.main or ()] == ["flask", "numpy"]
    assert (found.main or ())[0].span[1:] == (2, 9, 2, 19)
    assert (found.main or ())[1].span[1:] == (5, 37, 5, 44)
    assert [problem.span.line for problem in found.bad] == [5, 5]
    assert [requirement.name for requirement in found.extras["fast"]] == ["orjson"]
    assert found.unknown[0].what == "extras_require['odd']"
    assert found.requires_python == ">=3.9"


@pytest.mark.parametrize(
    "content",
    [
        "setup(install_requires=open('requirements.txt').read().splitlines())",
        "requires = ['a']\nrequires.append('b')\nsetup(install_requires=requires)",
        "requires = ['a']\nif x:\n    requires = ['b']\nsetup(install_requires=requires)",
        "for requires in x:\n    pass\nsetup(install_requires=requires)",
        "setup(install_requires=[f'a=={version}'])",
        "setup(**arguments)",
        "a = b\nb = a\nsetup(install_requires=a)",
        "\n".join(f"n{i} = n{i + 1} + n{i + 1}" for i in range(40)) + "\nn40 = ['a']\nsetup(install_requires=n0)",
    ],
)
def test_what_setup_py_works_out_is_unknown(content: str) -> None:
    found = py(content)
    assert found.main is None
    assert found.unknown[0].what == "install_requires"


def test_a_setup_py_that_says_nothing() -> None:
    assert py("import setuptools\nsetuptools.setup(name='x')\n").main == ()
    assert py("print('hello')\n") == Setup()


@pytest.mark.parametrize("content", ["setup(", "x = '\0'", "(" * 1000, "-" * 300_000 + "1", "a" + ".a" * 50_000])
def test_what_is_no_python(content: str) -> None:
    assert isinstance(read_py(content, "setup.py"), Problem | Setup)


def test_many_lines_in_one_text() -> None:
    found = py("setup(install_requires='''\nflask\n# no\nnumpy\n''')")
    assert [requirement.name for requirement in found.main or ()] == ["flask", "numpy"]
