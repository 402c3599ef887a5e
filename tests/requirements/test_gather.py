"""What installs ask for, tool by tool."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fromlint.model.build import InstallOptions
from fromlint.model.place import Span, Text
from fromlint.model.requirement import Needs

Gathered = Callable[..., Needs]
Recorded = Callable[[str], dict[str, bytes]]

PROJECT = """\
[build-system]
requires = ["hatchling"]

[project]
name = "shop"
requires-python = ">=3.11"
dependencies = ["flask", "near @ file:///app/libs/near"]

[project.optional-dependencies]
fast = ["orjson"]
all = ["shop[fast]", "uvloop"]

[dependency-groups]
test = ["pytest"]
"""
NEAR = '[project]\nname = "near"\ndependencies = ["idna", "shop @ file:///app"]\n'
FILES = {"/app/pyproject.toml": PROJECT, "/app/libs/near/pyproject.toml": NEAR}


def stated(needs: Needs) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(requirement.name, requirement.kind, requirement.parents) for requirement in needs.requirements]


def test_words_on_the_line(gathered: Gathered) -> None:
    span = Span("Dockerfile", 3, 17, 3, 30)
    needs = gathered("pip", {}, requirements=(Text("numpy==2.0", span), "oops==", "https://x.org/a-1-py3-none-any.whl"))
    assert stated(needs) == [("numpy", "index", ()), ("a", "url", ())]
    assert needs.requirements[0].span == span
    assert needs.bad[0].message.startswith("Expected")


@pytest.mark.parametrize("word", [".", "./", "/app", "file:///app"])
def test_a_project_by_path(gathered: Gathered, word: str) -> None:
    needs = gathered("pip", FILES, requirements=(word,))
    assert stated(needs) == [
        ("shop", "path", ()),
        ("flask", "index", ("shop",)),
        ("near", "path", ("shop",)),
        ("idna", "index", ("shop", "near")),
    ]
    assert [requirement.name for requirement in needs.build_requirements] == ["hatchling", "setuptools"]
    assert needs.requires_python == ">=3.11"
    assert needs.requirements[1].span == ("pyproject.toml", 7, 18, 7, 23)


def test_an_editable_project_with_extras(gathered: Gathered) -> None:
    needs = gathered("pip", FILES, editable=(".[all]",))
    assert stated(needs)[0] == ("shop", "editable", ())
    assert {"uvloop", "orjson"} <= {requirement.name for requirement in needs.requirements}


def test_setup_py_in_place_of_pip(gathered: Gathered) -> None:
    files = {"/app/setup.py": "from setuptools import setup\nsetup(name='old', install_requires=['six'])\n"}
    needs = gathered("setup.py", files, requirements=(".",))
    assert stated(needs) == [("old", "path", ()), ("six", "index", ("old",))]
    assert needs.build_requirements[0].specifier == ">=40.8.0"


def test_setup_files_behind_a_pyproject(gathered: Gathered) -> None:
    files = {
        "/app/pyproject.toml": '[build-system]\nrequires = ["setuptools"]\n',
        "/app/setup.cfg": "[metadata]\nname = old\n[options]\ninstall_requires = file: base.txt\n",
        "/app/setup.py": "import setuptools\nsetuptools.setup()\n",
        "/app/base.txt": "six==1.16\n",
    }
    needs = gathered("pip", files, requirements=(".",))
    assert stated(needs) == [("old", "path", ()), ("six", "index", ("old",))]
    assert needs.requirements[1].span == ("base.txt", 1, 1, 1, 10)


def test_dynamic_dependencies(gathered: Gathered) -> None:
    files = {"/app/pyproject.toml": '[project]\nname = "x"\ndynamic = ["dependencies"]\n'}
    needs = gathered("pip", files, requirements=(".",))
    assert needs.unknown[0].why == "its build backend works them out when it runs"


def test_folders_that_are_no_projects(gathered: Gathered) -> None:
    assert "not installable" in gathered("pip", {"/app/x/a.txt": ""}, requirements=("./x",)).bad[0].message
    assert "not there" in gathered("pip", {}, requirements=("./x",)).missing[0].message
    unknown = frozenset({"/app/x", "/app/x/pyproject.toml"})
    assert gathered("pip", {}, requirements=("./x",), not_known=unknown).unknown


def test_an_unknown_working_folder(gathered: Gathered) -> None:
    needs = gathered("pip", FILES, directory=None, files=("requirements.txt", "/app/r.txt"), requirements=(".",))
    assert [entry.what for entry in needs.unknown] == [".", "requirements.txt"]
    assert len(needs.missing) == 1


def test_groups_of_pip(gathered: Gathered) -> None:
    assert stated(gathered("pip", FILES, groups=("test",))) == [("pytest", "index", ())]
    assert stated(gathered("pip", FILES, groups=("/app/pyproject.toml:test",))) == [("pytest", "index", ())]
    assert "no dependency group" in gathered("pip", FILES, groups=("docs",)).bad[0].message


def test_uv_pip_reads_project_files(gathered: Gathered) -> None:
    needs = gathered("uv-pip", FILES, files=("pyproject.toml",), extras=("fast",))
    assert stated(needs) == [
        ("flask", "index", ()),
        ("near", "path", ()),
        ("idna", "index", ("near",)),
        ("orjson", "index", ()),
    ]
    assert [requirement.name for requirement in needs.build_requirements] == ["setuptools"]
    other = gathered("uv-pip", {"/app/setup.py": "setup(install_requires=['six'])"}, files=("setup.py",))
    assert stated(other) == [("six", "index", ())]
    # For pip it is a requirements file like any other.
    assert gathered("pip", FILES, files=("pyproject.toml",)).bad


def test_uv_settings_beside(gathered: Gathered) -> None:
    files = {
        "/app/r.txt": "torch\n",
        "/app/pyproject.toml": '[tool.uv]\nindex-url = "https://a.example"\n[tool.uv.sources]\ntorch = {index = "c"}\n'
        '[[tool.uv.index]]\nname = "c"\nurl = "https://c.example"\nexplicit = true\n',
    }
    needs = gathered("uv-pip", files, files=("r.txt",))
    assert needs.options.index_url == "https://a.example"
    assert needs.index_urls == {"torch": "https://c.example"}
    files["/app/uv.toml"] = 'index-url = "https://b.example"\n'
    assert gathered("uv-pip", files, files=("r.txt",)).options.index_url == "https://b.example"


def test_pylock_with_extras_by_pip(gathered: Gathered) -> None:
    lock = (
        'lock-version = "1.0"\ncreated-by = "x"\nextras = ["a"]\n'
        '[[packages]]\nname = "x"\nversion = "1"\nmarker = "\'a\' in extras"\n'
    )
    needs = gathered("pip", {"/app/pylock.toml": lock}, files=("pylock.toml[a]",), pip="26.1")
    assert [locked.name for locked in needs.locked or ()] == ["x"]
    assert gathered("pip", {"/app/pylock.toml": lock}, files=("pylock.toml",), pip="26.1").locked == ()


SCRIPT = """\
# /// script
# requires-python = '>=3.11'
# dependencies = [
#   'rich>=13',
#   'oops==',
# ]
# ///
print()
"""


def test_scripts(gathered: Gathered, recorded: Recorded) -> None:
    needs = gathered("uv-run", {**recorded("uv"), "/app/tool.py": SCRIPT}, scripts=("tool.py",))
    assert [requirement.name for requirement in needs.requirements] == ["rich"]
    assert needs.requirements[0].span == ("tool.py", 4, 6, 4, 14)
    assert needs.bad[0].span.line == 5
    assert needs.locked is None
    plain = gathered("uv-run", {**recorded("uv"), "/app/tool.py": "print()\n"}, scripts=("tool.py",))
    assert plain.locked


def test_pip_sync_and_pip_compile(gathered: Gathered) -> None:
    assert stated(gathered("pip-sync", {"/app/requirements.txt": "a\n"}, files=("requirements.txt",))) == [
        ("a", "index", ())
    ]
    compiled = gathered("pip-compile", FILES, action="export", extras=("fast",))
    assert ("orjson", "index", ()) in stated(compiled)
    assert stated(gathered("pip-compile", {**FILES, "/app/requirements.in": "b\n"})) == [("b", "index", ())]


@pytest.mark.parametrize(("tool", "word"), [("conda", "scope"), ("tox", "tox"), ("nox", "nox"), ("hatch", "hatch")])
def test_what_is_not_followed(gathered: Gathered, tool: str, word: str) -> None:
    needs = gathered(tool, {}, requirements=("numpy",), files=("environment.yml",))
    assert len(needs.out_of_scope) == 1
    assert word in needs.out_of_scope[0].why
    assert needs.requirements == ()


def test_unknown_words_are_said(gathered: Gathered) -> None:
    assert gathered("pip", {}, unknown=("$PACKAGES",)).unknown[0].what == "$PACKAGES"
    assert gathered("uv-python", {}, requirements=("3.12",)) == Needs()


def test_requirements_that_a_person_names(gathered: Gathered) -> None:
    needs = gathered("pip", {"/host/r.txt": "a\n-r b.txt\n", "/host/b.txt": "b\n"}, extra_files=("/host/r.txt",))
    assert [requirement.name for requirement in needs.requirements] == ["a", "b"]


def test_poetry_without_a_lock(gathered: Gathered, recorded: Recorded) -> None:
    files = recorded("poetry-2.0")
    del files["/app/poetry.lock"]
    needs = gathered("poetry", files, only_groups=("main",), extras=("fast",))
    assert needs.locked is None
    assert {requirement.name: requirement.specifier for requirement in needs.requirements} == {
        "jinja2": ">=3.1",
        "psycopg2": "==2.9.10",
        "httpx": ">=0.27,<1",
        "uvloop": ">=0.21",
        "colorama": "",
        "orjson": ">=3.10,<4.0",
    }
    assert needs.requires_python == ">=3.11"


def test_poetry_finds_its_project_above(gathered: Gathered, recorded: Recorded) -> None:
    needs = gathered("poetry", recorded("poetry"), directory="/app/src/shop", only_groups=("main",))
    assert len(needs.locked or ()) == 12
    assert gathered("poetry", {}, only_groups=("main",)).missing


def test_only_the_root_installs_nothing_else(gathered: Gathered, recorded: Recorded) -> None:
    assert gathered("poetry", recorded("poetry"), options=InstallOptions(no_deps=True)).locked == ()


def test_a_lock_that_is_updated_does_not_decide(gathered: Gathered, recorded: Recorded) -> None:
    for tool, project in (("poetry", "poetry"), ("uv-sync", "uv"), ("pipenv", "pipenv")):
        needs = gathered(tool, recorded(project), options=InstallOptions(upgrade=True))
        assert needs.locked is None
        assert {"jinja2", "psycopg2"} <= {requirement.name for requirement in needs.requirements}


def test_poetrys_own_plugins(gathered: Gathered) -> None:
    needs = gathered("poetry-self", {}, requirements=("poetry-plugin-export@latest", "poetry-x@^1.2"))
    assert [(found.name, found.specifier) for found in needs.requirements] == [
        ("poetry-plugin-export", ""),
        ("poetry-x", ">=1.2,<2.0"),
    ]


def test_pdm_groups(gathered: Gathered, recorded: Recorded) -> None:
    def found(**fields: object) -> set[str]:
        return {locked.name for locked in gathered("pdm", recorded("pdm"), **fields).locked or ()} & {
            "jinja2",
            "orjson",
            "pyyaml",
            "iniconfig",
        }

    assert found() == {"jinja2", "orjson", "pyyaml", "iniconfig"}
    assert found(default_groups=False) == {"jinja2"}
    assert found(default_groups=False, groups=("fast",)) == {"jinja2", "orjson"}
    assert found(groups=("fast",)) == {"jinja2", "orjson", "pyyaml", "iniconfig"}
    assert found(groups=("lint",)) == {"jinja2", "pyyaml"}
    assert found(all_extras=True, without_groups=("dev", "lint")) == {"jinja2", "orjson"}
    assert found(all_extras=True, default_groups=False, without_groups=("fast",)) == {"jinja2"}


def test_pdm_without_a_lock(gathered: Gathered, recorded: Recorded) -> None:
    files = recorded("pdm")
    del files["/app/pdm.lock"]
    assert gathered("pdm", files, frozen=True).missing
    needs = gathered("pdm", files, default_groups=False)
    assert {requirement.name for requirement in needs.requirements} == {
        "jinja2",
        "psycopg2",
        "httpx",
        "uvloop",
        "colorama",
    }


def test_pipenv_without_a_lock(gathered: Gathered, recorded: Recorded) -> None:
    files = recorded("pipenv")
    del files["/app/Pipfile.lock"]
    assert "Pipfile.lock" in gathered("pipenv", files, frozen=True).missing[0].message
    needs = gathered("pipenv", files, groups=("develop",))
    found = {requirement.name: requirement for requirement in needs.requirements}
    assert set(found) == {"jinja2", "psycopg2", "httpx", "uvloop", "colorama", "iniconfig", "pyyaml"}
    assert found["httpx"].extras == ("socks",)
    assert found["uvloop"].marker == "sys_platform != 'win32'"
    assert found["psycopg2"].span == ("Pipfile", 8, 1, 8, 22)
    assert needs.requires_python == "==3.11.*"
    assert needs.options.index_url is not None


def test_pipfile_entries(gathered: Gathered) -> None:
    content = (
        '[[source]]\nname = "main"\nurl = "https://a"\n[[source]]\nname = "corp"\nurl = "https://b"\n'
        '[packages]\nplain = "1.0"\nshort = {version = "*", sys_platform = "== \'win32\'"}\n'
        'mine = {path = ".", editable = true}\nown = {version = ">=1", index = "corp"}\nbad = "=="\n'
        'forked = {git = "https://x.org/f.git", ref = "main"}\n[docs]\nsphinx = "*"\n'
    )
    needs = gathered("pipenv", {"/app/Pipfile": content, "/app/setup.py": "setup(name='mine')"})
    found = {requirement.name: requirement for requirement in needs.requirements}
    assert found["plain"].specifier == "==1.0"
    assert found["short"].marker == "sys_platform == 'win32'"
    assert found["mine"].kind == "editable"
    assert found["forked"].reference == "git+https://x.org/f.git@main"
    assert needs.index_urls == {"own": "https://b"}
    assert needs.options.extra_index_urls == ("https://b",)
    assert needs.bad[0].span.line == 12
    assert "sphinx" not in found


def test_broken_files_are_said_once_each(gathered: Gathered) -> None:
    assert gathered("pipenv", {"/app/Pipfile": "[packages\n"}).unreadable[0].span.line == 1
    assert gathered("poetry", {"/app/pyproject.toml": "x ="}).unreadable[0].span.file == "pyproject.toml"
    assert (
        gathered("uv-sync", {"/app/pyproject.toml": "x =", "/app/uv.lock": "version = 9"}).unreadable[1].span.file
        == "uv.lock"
    )
    assert len(gathered("pip", {"/app/pyproject.toml": "x ="}, requirements=(".",)).unreadable) == 1
