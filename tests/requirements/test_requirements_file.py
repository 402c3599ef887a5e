"""Requirements and constraints files, nested and with all that stands in them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest

from fromlint.model.requirement import Needs

Gathered = Callable[..., Needs]


def pip(gathered: Gathered, content: str, **more: object) -> Needs:
    others = more.pop("others", {})
    assert isinstance(others, dict)
    return gathered("pip", {"/app/requirements.txt": content, **others}, files=("requirements.txt",), **more)


def test_a_plain_file(gathered: Gathered) -> None:
    needs = pip(gathered, "# the web\nFlask_Login [a] >= 1.0 ; python_version < '4'\n\n  numpy==2.0 # why\n")
    first, second = needs.requirements
    assert (first.name, first.written, first.specifier) == ("flask-login", "Flask_Login", ">=1.0")
    assert (first.extras, first.marker, first.kind) == (("a",), "python_version < '4'", "index")
    assert first.span == ("requirements.txt", 2, 1, 2, 46)
    assert second.span == ("requirements.txt", 4, 3, 4, 13)
    assert needs.read == ("/app/requirements.txt",)
    assert (needs.bad, needs.missing, needs.unknown) == ((), (), ())


def test_hashes_bind_all(gathered: Gathered) -> None:
    needs = pip(gathered, "numpy==2.0 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\nflask\n")
    assert needs.requirements[0].hashes == ("sha256:aa", "sha256:bb")
    assert needs.requirements[0].span == ("requirements.txt", 1, 1, 1, 11)
    assert needs.options.require_hashes
    assert not pip(gathered, "numpy --hash=sha256:a\n--no-require-hashes\n").options.require_hashes
    files = {"/app/requirements.txt": "numpy --hash=sha256:a\n"}
    assert not gathered("uv-pip", files, files=("requirements.txt",)).options.require_hashes


def test_nested_files_are_relative_to_the_including_one(gathered: Gathered) -> None:
    others = {
        "/app/req/base.txt": "-r deeper/more.txt\n-c ../limits.txt\n./local\n",
        "/app/req/deeper/more.txt": "b\n",
        "/app/limits.txt": "c<2\n-r only.txt\n",
        "/app/only.txt": "d\n",
        "/app/local/setup.py": "from setuptools import setup\nsetup(name='local')\n",
    }
    needs = pip(gathered, "a\n-r req/base.txt\n", others=others)
    assert [requirement.name for requirement in needs.requirements] == ["a", "b", "d", "local"]
    assert [(constraint.name, constraint.specifier) for constraint in needs.constraints] == [("c", "<2")]


def test_what_is_not_there(gathered: Gathered) -> None:
    needs = pip(gathered, "a\n  -r  base.txt\n-c more.txt\nb\n")
    assert [requirement.name for requirement in needs.requirements] == ["a", "b"]
    assert [problem.span[1:] for problem in needs.missing] == [(2, 7, 2, 15), (3, 4, 3, 12)]


def test_what_is_not_known(gathered: Gathered) -> None:
    needs = pip(gathered, "-r made.txt\n-r https://x.org/r.txt\n", not_known=frozenset({"/app/made.txt"}))
    assert [entry.what for entry in needs.unknown] == ["made.txt", "https://x.org/r.txt"]
    assert [entry.span[1:3] for entry in needs.unknown] == [(1, 4), (2, 4)]


def test_circles_and_repetitions(gathered: Gathered) -> None:
    others = {"/app/a.txt": "x\n-r b.txt\n", "/app/b.txt": "y\n-r requirements.txt\n"}
    needs = pip(gathered, "-r a.txt\n-r b.txt\nz\n", others=others)
    assert sorted(requirement.name for requirement in needs.requirements) == ["x", "y", "z"]
    (problem,) = needs.bad
    assert "recursively references itself" in problem.message
    assert problem.span == ("b.txt", 2, 4, 2, 20)


def test_files_that_multiply_are_bounded(gathered: Gathered) -> None:
    others = {f"/app/{n}.txt": f"-r {n + 1}.txt\n-r ./{n + 1}.txt\nx{n}\n" for n in range(100)}
    needs = pip(gathered, "-r 0.txt\n", others=others)
    assert len(needs.requirements) == 100


@pytest.mark.parametrize(
    ("line", "start", "end", "word"),
    [
        ("foo==1.0 bar", 4, 11, "Expected"),
        ("  foo=1.0", 6, 7, "did you mean =="),
        ("foo ; python_verson < '3'", 7, 8, "marker"),
        ("foo --no-such-option", 5, 21, "no such option"),
        ("foo --hash=md5:x", 5, 17, "sha256"),
        ("foo==1.0 # ok", None, None, ""),
        ("-e https://x.org/a.zip", 4, 23, "editable"),
        ("-e git+https://x.org/a", 4, 23, "#egg="),
        ("foo @ ", 5, 6, "URL"),
        ("thing-1.0.whl", 1, 14, "wheel filename"),
        ("[x]", 1, 2, "package name"),
    ],
)
def test_lines_that_pip_refuses(gathered: Gathered, line: str, start: int | None, end: int | None, word: str) -> None:
    needs = pip(gathered, f"a\n{line}\nb\n")
    assert [requirement.name for requirement in needs.requirements if requirement.name != "foo"] == ["a", "b"]
    if start is None:
        assert not needs.bad
        return
    (problem,) = needs.bad
    assert word in problem.message
    assert problem.span == ("requirements.txt", 2, start, 2, end)


def test_the_place_of_a_fault_in_a_joined_line(gathered: Gathered) -> None:
    needs = pip(gathered, "foo \\\n  ==1.0 \\\n  bar\n")
    assert needs.bad[0].span[1:] == (2, 3, 3, 4)


@pytest.mark.parametrize(
    ("line", "name", "kind", "reference"),
    [
        ("foo @ https://x.org/foo-1.0-py3-none-any.whl", "foo", "url", "https://x.org/foo-1.0-py3-none-any.whl"),
        ("foo[x] @ git+https://x.org/foo@v1 ; os_name == 'posix'", "foo", "vcs", "git+https://x.org/foo@v1"),
        ("foo@file:///app/wheels/foo-1.0.tar.gz", "foo", "path", "file:///app/wheels/foo-1.0.tar.gz"),
        ("git+ssh://git@x.org/foo.git#egg=Foo_Bar&subdirectory=a", "foo-bar", "vcs", None),
        ("-e git+https://x.org/foo.git@main#egg=foo", "foo", "vcs", None),
        ("https://x.org/foo-1.0-cp312-cp312-linux_x86_64.whl ; python_version > '3'", "foo", "url", None),
        ("wheels/foo-1.0-py3-none-any.whl", "foo", "path", "wheels/foo-1.0-py3-none-any.whl"),
        ("./foo-1.0.tar.gz", "foo", "path", "./foo-1.0.tar.gz"),
    ],
)
def test_links_and_paths(gathered: Gathered, line: str, name: str, kind: str, reference: str | None) -> None:
    (found,) = pip(gathered, line).requirements
    assert (found.name, found.kind) == (name, kind)
    assert reference is None or found.reference == reference
    if ";" in line:
        assert found.marker


def test_egg_fragments_as_the_images_pip_takes_them(
    gathered: Gathered, environment: Callable[..., object], install: Callable[..., object]
) -> None:
    line = "git+https://x.org/foo#egg=foo[extra]\n"
    assert pip(gathered, line).requirements[0].extras == ("extra",)
    from fromlint.requirements import stated

    refused = stated.read(line.strip(), lambda start, end: stated.Span("r", 1, start + 1, 1, end + 1), bare_eggs=True)
    assert "#egg=" in refused[0]


def test_constraints(gathered: Gathered) -> None:
    files = {"/app/c.txt": "a<2\nb[x]==1\n-e ./c\nd @ https://x.org/d-1.0.tar.gz\nhttps://x.org/e\n"}
    needs = gathered("pip", files, constraints=("c.txt",), requirements=("a",))
    assert [(constraint.name, constraint.kind) for constraint in needs.constraints] == [("a", "index"), ("d", "url")]
    assert [problem.span.line for problem in needs.bad] == [2, 3, 5]
    lenient = gathered("uv-pip", {"/app/c.txt": "b[x]==1\n"}, constraints=("c.txt",))
    assert [constraint.name for constraint in lenient.constraints] == ["b"]


def test_variables(gathered: Gathered) -> None:
    content = "--extra-index-url https://${USER}:${TOKEN}@x.org/simple\nfoo\n"
    known = pip(gathered, content, environment={"USER": "me", "TOKEN": "secret"})
    assert known.options.extra_index_urls == ("https://me:secret@x.org/simple",)
    unset = pip(gathered, content)
    assert unset.options.extra_index_urls == ("https://${USER}:${TOKEN}@x.org/simple",)
    assert not unset.unknown
    hidden = pip(gathered, content, secret=True)
    assert hidden.unknown[0].what == "${USER}, ${TOKEN}"
    assert hidden.unknown[0].span[1:] == (1, 1, 1, 56)


def test_find_links_beside_the_file(gathered: Gathered) -> None:
    others = {"/app/req/base.txt": "-f wheels\n-f elsewhere\n", "/app/req/wheels/x.whl": ""}
    assert pip(gathered, "-r req/base.txt\n", others=others).options.find_links == ("/app/req/wheels", "elsewhere")


def test_encodings_and_what_is_no_text(gathered: Gathered) -> None:
    assert pip(gathered, "flask\n".encode("utf-16")).requirements[0].name == "flask"  # type: ignore[arg-type]
    broken = pip(gathered, b"flask\n\xff\n")  # type: ignore[arg-type]
    assert broken.unreadable[0].span == ("requirements.txt", 1, 1, 1, 2)
    large = pip(gathered, b"#" * 10_000_001)  # type: ignore[arg-type]
    assert "larger" in large.unreadable[0].message


def test_a_file_that_is_something_else_is_said_once(gathered: Gathered) -> None:
    needs = pip(gathered, "good\n" + "{ no requirement }\n" * 1000)
    assert "not a requirements file" in needs.unreadable[0].message
    assert not needs.bad


def test_a_file_of_500_lines_is_quick(gathered: Gathered) -> None:
    content = "".join(f"package-{n}[extra]==1.{n}.0 ; python_version >= '3.{n % 20}'\n" for n in range(500))
    assert len(pip(gathered, content).requirements) == 500


def test_common_files_import_nothing_heavy() -> None:
    code = """
import sys
from fromlint.model.place import Span
from fromlint.requirements import gather, markers, requirements_file, pip_install
from fromlint.requirements.collector import Collector

class Files:
    def read(self, path): return b"a[x]==1.0 ; python_version < '4' --hash=sha256:aa\\n-i https://x.org\\nb>=1\\n"
    def exists(self, path): return False
    def shown(self, path): return path

collector = Collector(Files(), "/")
requirements_file.read(collector, "r.txt", Span("d", 1, 1, 1, 2), requirements_file.Rules({}))
heavy = {"packaging", "pip_requirements_parser", "tomllib", "json", "ast", "configparser", "urllib", "shlex"}
print(*heavy & set(sys.modules), sep="")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("", "")
