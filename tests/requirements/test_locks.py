"""poetry.lock, pdm.lock, pylock.toml and Pipfile.lock: what the recorded projects do not show."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest
from packaging.markers import default_environment
from packaging.pylock import Pylock

from fromlint.model.environment import Environment
from fromlint.model.requirement import Locked, Needs
from fromlint.requirements import pdm_lock, pipfile_lock, poetry_lock, pylock, toml_text
from fromlint.requirements.graph import Edge
from fromlint.requirements.lock import LockReading, Root
from fromlint.requirements.selection import Selection

Made = Callable[..., Environment]
Gathered = Callable[..., Needs]
Recorded = Callable[[str], dict[str, bytes]]
MAIN = Selection(groups=("main",))


def names(locked: Iterable[Locked]) -> list[str]:
    return [f"{package.name}=={package.version}" for package in locked]


def poetry(
    content: str, environment: Environment, selection: Selection = MAIN, roots: tuple[Root, ...] | None = ()
) -> LockReading:
    return poetry_lock.read(content, "poetry.lock", selection, environment, roots)


METADATA = '[metadata]\nlock-version = "%s"\npython-versions = "^3.11"\ncontent-hash = ""\n'

POETRY_FORKS = """
[[package]]
name = "numpy"
version = "1.26.4"
optional = false
python-versions = ">=3.9"
groups = ["main", "dev"]
markers = {main = "python_version < \\"3.12\\"", dev = "python_version < \\"3.11\\""}
files = [
    {file = "numpy-1.26.4.tar.gz", hash = "sha256:aa"},
]

[[package]]
name = "numpy"
version = "2.1.0"
optional = false
python-versions = ">=3.10"
groups = ["main"]
markers = "python_version >= \\"3.12\\""
files = []

[[package]]
name = "mine"
version = "0.1"
optional = false
python-versions = "*"
groups = ["main"]
files = []
develop = true

[package.source]
type = "directory"
url = "../mine"

[[package]]
name = "forked"
version = "0.1"
optional = false
python-versions = "*"
groups = ["main"]
files = []

[package.source]
type = "git"
url = "https://x.org/forked.git"
reference = "main"
resolved_reference = "0123abc"

[[package]]
name = "private"
version = "1.0"
optional = true
python-versions = "*"
groups = ["main"]
markers = "extra == \\"corp\\" or extra == \\"all\\""
files = [
    {file = "private-1.0-py3-none-any.whl", hash = "sha256:bb"},
]

[package.source]
type = "legacy"
url = "https://corp.example/simple"
reference = "corp"

[extras]
all = ["private"]
corp = ["private"]

"""


def test_poetry_groups_with_markers_of_their_own(environment: Made) -> None:
    content = POETRY_FORKS + METADATA % "2.1"
    new = poetry(content, environment())
    assert names(new.locked) == ["numpy==2.1.0", "mine==0.1", "forked==0.1"]
    assert new.requires_python == ">=3.11,<4.0"
    old = poetry(content, environment("3.11.4"))
    assert names(old.locked)[0] == "numpy==1.26.4"
    assert old.locked[0].files[0].filename == "numpy-1.26.4.tar.gz"  # type: ignore[index]
    assert not poetry(content, environment("3.11.4"), Selection(groups=("dev",))).locked


def test_poetry_sources(environment: Made) -> None:
    content = POETRY_FORKS + METADATA % "2.1"
    found = {
        package.name: package for package in poetry(content, environment(), MAIN._replace(extras=("corp",))).locked
    }
    assert (found["mine"].source, found["mine"].reference) == ("editable", "../mine")
    assert (found["forked"].source, found["forked"].reference) == ("vcs", "git+https://x.org/forked.git@0123abc")
    assert (found["private"].source, found["private"].index_url) == ("index", "https://corp.example/simple")


def test_poetry_before_2_1_chooses_by_constraint(environment: Made) -> None:
    content = POETRY_FORKS + METADATA % "2.0"
    roots = (
        Root("main", Edge("numpy", marker="python_version < '3.12'", constraint=">=1.26,<2.0")),
        Root("main", Edge("numpy", marker="python_version >= '3.12'", constraint=">=2,<3.0")),
    )
    assert names(poetry(content, environment(), MAIN, roots).locked) == ["numpy==2.1.0"]
    assert names(poetry(content, environment("3.11.1"), MAIN, roots).locked) == ["numpy==1.26.4"]


def test_poetry_before_2_1_takes_the_newest_for_this_python(environment: Made) -> None:
    content = POETRY_FORKS.replace('">=3.10"', '">=3.12"') + METADATA % "2.0"
    roots = (Root("main", Edge("numpy", constraint="*")),)
    assert names(poetry(content, environment(), MAIN, roots).locked) == ["numpy==2.1.0"]
    assert names(poetry(content, environment("3.11"), MAIN, roots).locked) == ["numpy==1.26.4"]


def test_poetry_1_0_has_hashes_only(environment: Made) -> None:
    content = (
        '[[package]]\nname = "a"\nversion = "1"\ncategory = "main"\noptional = false\npython-versions = "*"\n'
        '[[package]]\nname = "b"\nversion = "1"\ncategory = "dev"\noptional = false\npython-versions = "*"\n'
        '[metadata]\nlock-version = "1.0"\n[metadata.hashes]\na = ["00", "11"]\nb = []\n'
    )
    reading = poetry(content, environment(), MAIN, None)
    (found,) = reading.locked
    assert (found.files, found.hashes) == (None, ("sha256:00", "sha256:11"))
    assert "pyproject.toml" in reading.unknown[0].why


@pytest.mark.parametrize(
    ("reader", "content", "word"),
    [
        (poetry, METADATA % "3.0", "newer"),
        (poetry, METADATA % "x", "lock-version"),
        (poetry, "[metadata]\n", "lock-version"),
        (
            lambda text, env: pdm_lock.read(text, "pdm.lock", Selection(), env, None),
            '[metadata]\nlock_version = "4.6"',
            "newer",
        ),
        (lambda text, env: pdm_lock.read(text, "pdm.lock", Selection(), env, None), "[metadata]\n", "lock_version"),
        (lambda text, env: pylock.read(text, "pylock.toml", Selection(), env), 'lock-version = "2.0"', "newer"),
        (lambda text, env: pylock.read(text, "pylock.toml", Selection(), env), "a = 1", "lock-version"),
        (
            lambda text, env: pipfile_lock.read(text, "Pipfile.lock", Selection(), env),
            '{"_meta": {"pipfile-spec": 7}}',
            "newer",
        ),
        (lambda text, env: pipfile_lock.read(text, "Pipfile.lock", Selection(), env), "[]", "_meta"),
        (lambda text, env: pipfile_lock.read(text, "Pipfile.lock", Selection(), env), '{"a": }', "JSON"),
        (lambda text, env: pipfile_lock.read(text, "Pipfile.lock", Selection(), env), "[" * 100_000, "deeply"),
    ],
)
def test_locks_that_cannot_be_read(
    environment: Made, reader: Callable[[str, Environment], LockReading], content: str, word: str
) -> None:
    reading = reader(content, environment())
    assert reading.unreadable is not None
    assert word in reading.unreadable.message
    assert not reading.locked


def test_pdm_without_groups_walks_from_the_project(environment: Made) -> None:
    content = (
        '[metadata]\nlock_version = "4.4"\n'
        '[[package]]\nname = "a"\nversion = "1"\ndependencies = ["b[x]>=1"]\n'
        '[[package]]\nname = "b"\nversion = "1"\ndependencies = ["c; os_name == \'nt\'"]\n'
        '[[package]]\nname = "b"\nversion = "1"\nextras = ["x"]\ndependencies = ["b==1", "d"]\n'
        '[[package]]\nname = "c"\nversion = "1"\n'
        '[[package]]\nname = "d"\nversion = "1"\n'
        '[[package]]\nname = "e"\nversion = "1"\ngit = "https://x.org/e"\nrevision = "0a"\n'
    )
    roots = (Root("default", Edge("a")), Root("dev", Edge("e")))
    reading = pdm_lock.read(content, "pdm.lock", Selection(groups=("default",)), environment(), roots)
    assert [(package.name, package.parents) for package in reading.locked] == [
        ("a", ()),
        ("b", ("a",)),
        ("d", ("a", "b")),
    ]
    every = pdm_lock.read(content, "pdm.lock", Selection(groups=("default", "dev")), environment(), roots)
    assert (every.locked[-1].source, every.locked[-1].reference) == ("vcs", "git+https://x.org/e@0a")


def test_pylock_as_packaging_selects(environment: Made, recorded: Recorded) -> None:
    content = recorded("pylock")["/app/pylock.toml"].decode()
    document = toml_text.load(content, "pylock.toml")
    assert isinstance(document, toml_text.Document)
    oracle = Pylock.from_dict(__import__("tomllib").loads(content))
    known = {**default_environment(), "python_version": "3.12", "python_full_version": "3.12.11"}
    expected = {
        str(package.name)
        for package in oracle.packages
        if package.marker is None or package.marker.evaluate(known, context="lock_file")
    }
    reading = pylock.read(content, "pylock.toml", Selection(), environment())
    assert {package.name for package in reading.locked} == expected
    files = {package.name: package.files for package in reading.locked}
    by_oracle = next(package for package in oracle.packages if package.name == "markupsafe")
    assert files["markupsafe"] is not None
    assert len(files["markupsafe"]) == len(by_oracle.wheels or ()) + 1
    assert files["markupsafe"][0].size


PYLOCK = """
lock-version = "1.0"
environments = ["sys_platform == 'linux'"]
extras = ["fast"]
dependency-groups = ["dev", "main"]
default-groups = ["main"]
created-by = "hand"

[[packages]]
name = "a"
version = "1"
marker = "'main' in dependency_groups"
dependencies = [{ name = "b" }]
archive = { url = "https://x.org/a-1.zip", hashes = { sha256 = "aa" } }

[[packages]]
name = "b"
vcs = { type = "git", url = "https://x.org/b", commit-id = "0a" }

[[packages]]
name = "c"
version = "1"
marker = "'fast' in extras and 'dev' in dependency_groups"

[[packages]]
name = "d"
directory = { path = "d", editable = true }
"""


def test_pylock_groups_extras_and_sources(environment: Made) -> None:
    plain = pylock.read(PYLOCK, "pylock.toml", Selection(), environment())
    assert [(found.name, found.source, found.parents) for found in plain.locked] == [
        ("a", "url", ()),
        ("b", "vcs", ("a",)),
        ("d", "editable", ()),
    ]
    assert plain.locked[0].files[0].hashes == ("sha256:aa",)  # type: ignore[index]
    assert plain.locked[1].reference == "git+https://x.org/b@0a"
    more = pylock.read(PYLOCK, "pylock.toml", Selection(groups=("dev",), extras=("fast",)), environment())
    assert [found.name for found in more.locked] == ["a", "b", "c", "d"]
    elsewhere = pylock.read(PYLOCK, "pylock.toml", Selection(), environment(platform="windows/amd64"))
    assert "environment" in elsewhere.bad[0].message


def test_names_of_pylocks() -> None:
    assert pylock.is_pylock("pylock.toml")
    assert pylock.is_pylock("pylock.dev.toml")
    assert not pylock.is_pylock("pylock.a.b.toml")
    assert not pylock.is_pylock("mypylock.toml")


def test_pipfile_lock_categories_and_sources(environment: Made) -> None:
    content = """{
    "_meta": {"pipfile-spec": 6, "sources": [{"name": "main", "url": "https://a"}, {"name": "corp", "url": "https://b"}]},
    "default": {
        "x": {"hashes": ["sha256:a"], "index": "corp", "markers": "python_version >= '3.9'", "version": "==1.0"},
        "y": {"git": "https://x.org/y.git", "ref": "0a"},
        "w": {"markers": "sys_platform == 'win32'", "version": "==1"},
        "z": {"path": "./z", "editable": true}
    },
    "develop": {
        "x": {"version": "==1.0"}
    },
    "docs": {
        "s": {"version": "==2"}
    }
}"""

    def read(*groups: str) -> LockReading:
        return pipfile_lock.read(content, "Pipfile.lock", Selection(groups=groups), environment())

    default = {found.name: found for found in read("default", "develop").locked}
    assert list(default) == ["x", "y", "z"]
    assert (default["x"].version, default["x"].hashes, default["x"].index_url) == ("1.0", ("sha256:a",), "https://b")
    assert default["x"].span == ("Pipfile.lock", 4, 9, 4, 12)
    assert (default["y"].source, default["y"].reference) == ("vcs", "git+https://x.org/y.git@0a")
    assert (default["z"].source, default["z"].reference) == ("editable", "./z")
    assert names(read("docs").locked) == ["s==2"]
    assert "tests" in read("tests").bad[0].message


def test_lock_answers_are_plain(gathered: Gathered, recorded: Recorded) -> None:
    """They are cached: nothing in them but tuples, texts, numbers and None."""
    import json
    import pickle

    for tool, project in (("uv-sync", "uv"), ("poetry", "poetry"), ("pdm", "pdm"), ("pipenv", "pipenv")):
        locked = gathered(tool, recorded(project)).locked
        assert pickle.loads(pickle.dumps(locked)) == locked
        assert json.loads(json.dumps(locked)) == json.loads(json.dumps([list(package) for package in locked or ()]))
