import os
from pathlib import Path

import pytest

from fromlint.discovery.context import Context, clean
from fromlint.model.files import FileMissing, FileUnknown, FileUnreadable


@pytest.fixture
def root(tmp_path: Path) -> Path:
    context = tmp_path / "project"
    for name in ["requirements.txt", "requirements-dev.txt", "app/main.py", "app/util/x.py", "docs/a.md", "b/c/d.txt"]:
        file = context / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name)
    (tmp_path / "secret.txt").write_text("secret")
    return context


def test_reading(root: Path) -> None:
    context = Context(str(root), shown="project")
    assert context.read("requirements.txt") == b"requirements.txt"
    assert context.read("/app/../requirements.txt") == b"requirements.txt"
    assert context.exists("app")
    assert context.is_folder("app")
    assert context.is_folder(".")
    assert not context.is_folder("requirements.txt")
    assert context.exists("nope") is False
    assert context.names("app") == ("main.py", "util")
    assert context.names("/") == ("app", "b", "docs", "requirements-dev.txt", "requirements.txt")
    assert context.names("nope") is None
    assert context.names("requirements.txt") is None
    assert context.shown("/app/main.py") == os.path.join("project", "app", "main.py")


@pytest.mark.parametrize("made", [True, False])
def test_a_submodule_that_is_not_checked_out_is_unknown(root: Path, made: bool) -> None:
    (root.parent / ".git").mkdir()
    (root.parent / ".gitmodules").write_text('[submodule "x"]\n\tpath = project/x y\n\turl = ../x\n')
    if made:
        (root / "x y").mkdir()
    context = Context(str(root), shown="project")
    with pytest.raises(FileUnknown, match="git submodule, which is not checked out"):
        context.read("x y/pyproject.toml")
    assert context.exists("x y/pyproject.toml") is None
    assert context.names("x y") is None
    assert context.exists("nope") is False
    (root / "x y").mkdir(exist_ok=True)
    (root / "x y" / "pyproject.toml").write_text("")
    assert Context(str(root)).exists("x y/nope") is False


def test_what_cannot_be_read(root: Path) -> None:
    context = Context(str(root), shown="project", largest=5)
    with pytest.raises(FileMissing, match=r"nope is not in the build context project"):
        context.read("nope")
    with pytest.raises(FileMissing):
        context.read("requirements.txt/x")
    with pytest.raises(FileUnreadable, match="app is a folder"):
        context.read("app")
    with pytest.raises(FileUnreadable, match="larger than"):
        context.read("requirements.txt")
    with pytest.raises(FileUnreadable):
        context.read("a\0b")
    with pytest.raises(FileUnreadable):
        context.read("x" * 5_000)


def test_a_pipe_is_not_waited_for(root: Path) -> None:
    os.mkfifo(root / "pipe")
    with pytest.raises(FileUnreadable, match="no ordinary file"):
        Context(str(root)).read("pipe")


def test_nothing_leads_above_the_root(root: Path) -> None:
    context = Context(str(root))
    assert clean("../../secret.txt") == "secret.txt"
    with pytest.raises(FileMissing):
        context.read("../secret.txt")
    assert context.expand("../requirements.txt") == ("requirements.txt",)
    assert context.expand("../*.txt") == ("requirements-dev.txt", "requirements.txt")


@pytest.mark.parametrize("target", ["../secret.txt", "b/../../secret.txt", "/etc/passwd", "{root}/requirements.txt"])
def test_links_that_lead_out_are_not_followed(root: Path, target: str) -> None:
    (root / "link").symlink_to(target.format(root=root))
    context = Context(str(root))
    with pytest.raises(FileUnknown, match="link"):
        context.read("link")
    assert context.exists("link") is None
    assert context.expand("link") == ("link",)


def test_links_within_are_followed(root: Path) -> None:
    (root / "app" / "up").symlink_to("../requirements.txt")
    (root / "folder").symlink_to("app")
    (root / "chain").symlink_to("folder/up")
    context = Context(str(root))
    assert context.read("chain") == b"requirements.txt"
    assert context.read("folder/main.py") == b"app/main.py"
    assert context.is_folder("folder")
    assert context.names("folder") == ("main.py", "up", "util")


def test_loops_of_links_end(root: Path) -> None:
    (root / "one").symlink_to("two")
    (root / "two").symlink_to("one")
    (root / "self").symlink_to("self/x")
    context = Context(str(root))
    for path in ("one", "two", "self", "one/x"):
        with pytest.raises(FileUnreadable, match="loop of links"):
            context.read(path)
        assert context.exists(path) is None
    assert context.expand("*.txt") == ("requirements-dev.txt", "requirements.txt")


def test_dockerignore_takes_files_out(root: Path) -> None:
    (root / ".dockerignore").write_text("*-dev.txt\ndocs\napp\n!app/main.py\n")
    context = Context(str(root))
    with pytest.raises(FileMissing, match=r"left out of the build context by \.dockerignore"):
        context.read("requirements-dev.txt")
    assert context.exists("docs") is False
    assert context.exists("docs/a.md") is False
    assert context.read("app/main.py") == b"app/main.py"
    assert context.exists("app") is True
    assert context.exists("app/util") is False
    assert context.names("app") == ("main.py",)
    assert context.names(".") == (".dockerignore", "app", "b", "requirements.txt")
    assert context.expand("requirements*.txt") == ("requirements.txt",)
    assert context.excluded("docs/a.md")
    assert not context.excluded(".")


def test_what_a_link_leads_to_can_be_left_out(root: Path) -> None:
    (root / "link").symlink_to("requirements.txt")
    (root / "other").symlink_to("app/main.py")
    (root / ".dockerignore").write_text("requirements.txt\nother\n")
    context = Context(str(root))
    assert context.exists("link") is False
    assert context.exists("other") is False


def test_the_dockerfiles_own_dockerignore_comes_first(root: Path) -> None:
    (root / ".dockerignore").write_text("requirements.txt\n")
    (root / "Dockerfile.dockerignore").write_text("docs\n")
    own = Context(str(root), dockerfile=str(root / "Dockerfile"))
    assert own.exists("requirements.txt")
    assert not own.exists("docs")
    assert not Context(str(root), dockerfile=str(root / "Other")).exists("requirements.txt")


def test_a_bad_dockerignore_is_a_problem(root: Path) -> None:
    (root / ".dockerignore").write_text("docs\n[a\n")
    context = Context(str(root), shown="project")
    assert not context.exists("docs")
    (problem,) = context.problems
    assert (problem.span.file, problem.span.line) == (os.path.join("project", ".dockerignore"), 2)


def test_a_dockerignore_elsewhere_is_not_read(root: Path) -> None:
    (root / ".dockerignore").symlink_to("../secret.txt")
    (root.parent / "secret.txt").write_text("requirements.txt\n")
    assert Context(str(root)).exists("requirements.txt")


@pytest.mark.parametrize(
    ("source", "taken"),
    [
        ("requirements.txt", ("requirements.txt",)),
        ("./requirements.txt", ("requirements.txt",)),
        ("app/", ("app",)),
        (".", (".",)),
        ("/", (".",)),
        ("*", ("app", "b", "docs", "requirements-dev.txt", "requirements.txt")),
        ("req*", ("requirements-dev.txt", "requirements.txt")),
        ("*/*", ("app/main.py", "app/util", "b/c", "docs/a.md")),
        ("b/*/d.txt", ("b/c/d.txt",)),
        ("*/c/d.txt", ("b/c/d.txt",)),
        ("nope", ()),
        ("nope*", ()),
        ("[", ()),
        ("requirements.tx[t]", ("requirements.txt",)),
    ],
)
def test_what_copy_takes(root: Path, source: str, taken: tuple[str, ...]) -> None:
    assert Context(str(root)).expand(source) == taken


def test_each_file_is_read_once(root: Path) -> None:
    context = Context(str(root))
    assert context.read("requirements.txt") == b"requirements.txt"
    (root / "requirements.txt").write_text("changed")
    assert context.read("./requirements.txt") == b"requirements.txt"
