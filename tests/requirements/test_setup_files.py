"""setup.cfg and setup.py, read and never run."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path

import pytest

from fromlint.model.files import FileMissing
from fromlint.model.place import Problem, Span
from fromlint.requirements.setup_files import Setup, read_cfg, read_py
from fromlint.requirements.setup_values import Interpreter, Text


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
        "requires = ['a']\nrequires.change('b')\nsetup(install_requires=requires)",
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


# --- requirements that are read from a file ---------------------------------------------------------------------------

REQUIREMENTS = "# what it needs\nflask>=3\n\n  numpy; python_version < '3.99'  \n# no\nrequests[socks]==2.32.0 # why\n"
FROM_FILES = [
    "setup(install_requires=[l.strip() for l in open('requirements.txt') if l.strip() and l[0] != '#'])",
    "setup(install_requires=open('plain.txt').read().splitlines())",
    "setup(install_requires=open('plain.txt').read().split('\\n'))",
    "setup(install_requires=open('plain.txt').read().strip().split())",
    "setup(install_requires=open('plain.txt').readlines())",
    "setup(install_requires=list(open('plain.txt')))",
    "setup(install_requires=[*open('plain.txt').readlines(), 'more'])",
    "with open('plain.txt') as f:\n    required = f.read().splitlines()\nsetup(install_requires=required)",
    "import os\nhere = os.path.abspath(os.path.dirname(__file__))\n"
    "with open(os.path.join(here, 'plain.txt'), encoding='utf-8') as f:\n    reqs = f.read().split('\\n')\n"
    "setup(install_requires=reqs)",
    "from os.path import dirname, join\nwith open(join(dirname(__file__), 'requirements', 'base.txt'), 'r') as f:\n"
    "    reqs = [line.strip() for line in f.readlines()]\nsetup(install_requires=reqs)",
    "import pathlib\nreqs = pathlib.Path('plain.txt').read_text().splitlines()\nsetup(install_requires=reqs)",
    "from pathlib import Path\nHERE = Path(__file__).parent\n"
    "reqs = (HERE / 'requirements' / 'base.txt').read_text(encoding='utf-8').splitlines()\n"
    "setup(install_requires=reqs)",
    "from pathlib import Path\nhere = Path(__file__).resolve().parent\nwith (here / 'plain.txt').open() as f:\n"
    "    reqs = [r for r in f]\nsetup(install_requires=reqs)",
    "import io\ndef read(*parts):\n    return io.open(os.path.join(here, *parts), encoding='utf-8').read()\n"
    "import os\nhere = os.path.dirname(os.path.realpath(__file__))\n"
    "setup(install_requires=read('requirements', 'base.txt').splitlines(), long_description=read('README.md'))",
    "def parse(filename):\n    lines = (line.strip() for line in open(filename))\n"
    "    return [line for line in lines if line and not line.startswith('#')]\n"
    "setup(install_requires=parse('requirements.txt'))",
    "def get(name, more=()):\n    '''Reads.'''\n    found = []\n    with open(name) as f:\n        for line in f:\n"
    "            line = line.partition('#')[0].strip()\n            if not line:\n                continue\n"
    "            found.append(line)\n    return found\nsetup(install_requires=get('requirements.txt'))",
    "reqs = []\nfor line in open('requirements.txt'):\n    line = line.split('#')[0].strip()\n    if line:\n"
    "        reqs.append(line)\nsetup(install_requires=reqs)",
    "def main():\n    reqs = []\n    with open('plain.txt') as f:\n        reqs += f.read().splitlines()\n"
    "    setup(install_requires=reqs)\nif __name__ == '__main__':\n    main()",
    "reqs = list(filter(None, (l.split('#')[0].strip() for l in open('requirements.txt'))))\n"
    "setup(install_requires=reqs)",
    "reqs = list(map(str.strip, open('plain.txt')))\nsetup(install_requires=reqs)",
    "reqs = list(map(lambda l: l.strip(), open('plain.txt').readlines()))\nsetup(install_requires=reqs)",
    "import os, sys\nif sys.version_info < (3, 4):\n    sys.exit('too old')\n"
    "reqs = open('plain.txt').read().splitlines()\nif sys.platform == 'win32':\n    reqs.append('pywin32')\n"
    "elif os.name == 'posix':\n    reqs.append('posix')\nsetup(install_requires=reqs)",
    "args = dict(install_requires=open('plain.txt').read().splitlines())\nsetup(name='x', **args)",
    "extras = {'all': open('plain.txt').readlines()}\nsetup(install_requires=extras['all'])",
    "version = open('VERSION').read()\nexec(open('a/b.py').read())\n"
    "with open('README.md') as f:\n    long = f.read()\n"
    "with open('plain.txt') as f:\n    reqs = f.read().splitlines()\nsetup(install_requires=reqs, version=version)",
    "try:\n    with open('plain.txt') as f:\n        reqs = f.read().splitlines()\nexcept IOError:\n    reqs = []\n"
    "setup(install_requires=reqs)",
]  # fmt: skip
PROJECT = {
    "requirements.txt": REQUIREMENTS,
    "plain.txt": "flask>=3\nnumpy\n",
    "requirements/base.txt": "django>=5\n",
    "README.md": "# Title\n",
    "VERSION": "1.0\n",
    "a/b.py": "x = 1\n",
}


def opened(name: str) -> Text:
    try:
        return Text(PROJECT[posixpath.normpath(name)], Span(posixpath.normpath(name), 1, 1, 1, 2), True)
    except KeyError:
        raise FileMissing(f"{name} is not there") from None


@pytest.mark.parametrize("script", FROM_FILES)
def test_what_is_read_from_a_file_is_what_python_reads(
    script: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, content in PROJECT.items():
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).write_text(content)
    monkeypatch.chdir(tmp_path)
    given: dict[str, list[str]] = {}
    names = {"__name__": "__main__", "__file__": str(tmp_path / "setup.py"), "setup": given.update}
    exec(compile(script, "setup.py", "exec"), names)
    stated = [line.strip() for entry in given["install_requires"] for line in entry.splitlines()]
    expected = [line.partition(" #")[0].strip() for line in stated if line and not line.startswith("#")]

    found = read_py(script, "setup.py", opened)
    assert isinstance(found, Setup)
    assert found.unknown == ()
    assert [requirement.written for requirement in found.main or ()] == [
        re.split(r"[\[<>=;!~ ]", line)[0] for line in expected
    ]


def test_a_requirement_from_a_file_stands_there() -> None:
    found = read_py(FROM_FILES[0], "setup.py", opened)
    assert isinstance(found, Setup)
    assert [(requirement.name, requirement.span) for requirement in found.main or ()] == [
        ("flask", Span("requirements.txt", 2, 1, 2, 9)),
        ("numpy", Span("requirements.txt", 4, 3, 4, 33)),
        ("requests", Span("requirements.txt", 6, 1, 6, 24)),
    ]


@pytest.mark.parametrize(
    "script",
    [
        "from pip.req import parse_requirements\n"
        "setup(install_requires=[str(r.req) for r in parse_requirements('requirements.txt', session=False)])",
        "try:\n    from pip._internal.req import parse_requirements\nexcept ImportError:\n"
        "    from pip.req import parse_requirements\nreqs = parse_requirements('requirements.txt', session='hack')\n"
        "setup(install_requires=[str(r.requirement) for r in reqs])",
        "import pkg_resources\nwith open('requirements.txt') as f:\n"
        "    reqs = [str(r) for r in pkg_resources.parse_requirements(f)]\nsetup(install_requires=reqs)",
    ],
)
def test_what_parse_requirements_gives(script: str) -> None:
    found = read_py(script, "setup.py", opened)
    assert isinstance(found, Setup)
    assert [requirement.name for requirement in found.main or ()] == ["flask", "numpy", "requests"]


def test_a_file_that_is_not_there() -> None:
    found = read_py("with open('gone.txt') as f:\n    r = f.readlines()\nsetup(install_requires=r)", "setup.py", opened)
    assert isinstance(found, Setup)
    assert found.main is None
    assert [problem.message for problem in found.missing] == ["gone.txt is not there"]
    other = read_py("long = open('gone.md').read()\nsetup(install_requires=['a'])", "setup.py", opened)
    assert isinstance(other, Setup)
    assert [requirement.name for requirement in other.main or ()] == ["a"]
    assert other.missing == ()


@pytest.mark.parametrize(
    "script",
    [
        "import os\nreqs = ['a']\nif os.environ.get('X'):\n    reqs.append('b')\nsetup(install_requires=reqs)",
        "import os\nreqs = ['a']\ndef more():\n    if os.environ.get('X'):\n        reqs.append('b')\nmore()\n"
        "setup(install_requires=reqs)",
        "reqs = ['a']\nchange(reqs)\nsetup(install_requires=reqs)",
        "reqs = ['a']\nother = reqs\nif unknown:\n    other.append('b')\nsetup(install_requires=reqs)",
        "try:\n    import numpy\n    reqs = []\nexcept ImportError:\n    reqs = ['numpy']\nsetup(install_requires=reqs)",
        "import sys\nreqs = ['a']\nif sys.version_info >= (3, 11):\n    reqs.append('b')\nsetup(install_requires=reqs)",
        "import subprocess\nsetup(install_requires=subprocess.check_output(['x']).splitlines())",
        "import re\nsetup(install_requires=[re.sub('a', 'b', l) for l in open('plain.txt')])",
        "setup(install_requires=open('requirements.txt', 'w').read())",
        "reqs = [l for l in open('plain.txt')]\nwhile reqs:\n    reqs.pop()\nsetup(install_requires=reqs)",
        "def f(x):\n    return f(x)\nsetup(install_requires=f('plain.txt'))",
        "r = open('plain.txt').read()\n" + "r = r + r\n" * 60 + "setup(install_requires=r)",
        "r = ['a']\n" + "r = r + r\n" * 60 + "setup(install_requires=r)",
        "r = 'a'.replace('', 'b' * 9)\nsetup(install_requires=r)",
    ],
)  # fmt: skip
def test_what_is_not_plain_stays_unknown(script: str) -> None:
    found = read_py(script, "setup.py", opened)
    assert isinstance(found, Setup)
    assert found.main is None
    assert [entry.what for entry in found.unknown] == ["install_requires"]


# --- what depends on the Python that runs it --------------------------------------------------------------------------

ON_312 = Interpreter(((3, 12, 11),), "CPython", "x86_64")
SOME_312 = Interpreter(((3, 12, 0), (3, 12, 99)), "CPython", None)


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("sys.version_info < (3, 8)", False),
        ("sys.version_info >= (3, 12)", True),
        ("sys.version_info[:2] == (3, 12)", True),
        ("sys.version_info[:2] == (3, 8)", False),
        ("sys.version_info[0:2] >= (3, 11)", True),
        ("sys.version_info[0] == 2", False),
        ("sys.version_info[1] > 8", True),
        ("sys.version_info.major >= 3 and sys.version_info.minor < 12", False),
        ("(3, 8) <= sys.version_info < (3, 13)", True),
        ("not sys.version_info > (3, 12)", False),
        ("sys.hexversion < 0x03080000", False),
        ("sys.version[0] == '2'", False),
        ("sys.version.startswith('3.12')", True),
        ("sys.platform == 'win32'", False),
        ("sys.platform.startswith('linux')", True),
        ("os.name == 'nt'", False),
        ("platform.system() == 'Darwin'", False),
        ("platform.system() == 'Linux' and sys.version_info < (3, 13)", True),
        ("platform.machine() in ('aarch64', 'arm64')", False),
        ("platform.python_implementation() == 'PyPy'", False),
        ("platform.python_version() >= '3'", None),
        ("platform.node() == 'x'", None),
        ("sys.version_info == later", None),
    ],
)
def test_conditions_are_decided_for_the_python_of_the_image(condition: str, holds: bool | None) -> None:
    content = (
        "import os, platform, sys\nfrom setuptools import setup\nneeds = ['a']\n"
        f"if {condition}:\n    needs.append('b')\nsetup(install_requires=needs)\n"
    )
    found = read_py(content, "setup.py", interpreter=ON_312)
    assert isinstance(found, Setup)
    names = [each.name for each in found.main] if found.main is not None else None
    assert names == (None if holds is None else ["a", "b"] if holds else ["a"])
    assert bool(found.unknown) is (holds is None)


def test_a_patch_that_is_not_known_decides_nothing() -> None:
    content = "import sys\nsetup(install_requires=['a'] if sys.version_info < (3, 12, 4) else ['b'])"
    unsure = read_py(content, "setup.py", interpreter=SOME_312)
    assert isinstance(unsure, Setup)
    assert unsure.main is None
    sure = read_py(content.replace("12, 4", "12"), "setup.py", interpreter=SOME_312)
    assert isinstance(sure, Setup)
    assert [each.name for each in sure.main or ()] == ["b"]


def test_without_a_python_only_what_holds_for_all() -> None:
    assert [
        each.name for each in py("setup(install_requires=['a'] if sys.version_info[0] > 2 else ['b'])").main or ()
    ] == ["a"]
    assert py("setup(install_requires=['a'] if sys.version_info[:2] == (3, 8) else ['b'])").main is None
    assert py("setup(install_requires=['a'] if platform.machine() == 'x86_64' else ['b'])").main is None


def test_imports_by_name() -> None:
    content = (
        "from sys import version_info as v, platform\nsetup(install_requires=['a'] * 1 if v < (3, 8) else [platform])"
    )
    found = read_py(content, "setup.py", interpreter=ON_312)
    assert isinstance(found, Setup)
    assert [each.name for each in found.main or ()] == ["linux"]


def test_what_depends_on_the_cpu_is_told() -> None:
    content = "import platform\nsetup(install_requires=['a'] if platform.machine() == 'x86_64' else ['b'])"
    for machine, name in (("x86_64", "a"), ("aarch64", "b")):
        found = read_py(content, "setup.py", interpreter=ON_312._replace(machine=machine))
        assert isinstance(found, Setup)
        assert [each.name for each in found.main or ()] == [name]
        assert found.by_machine
    assert not py("setup(install_requires=['a'])").by_machine
