import os
from pathlib import Path

import pytest

from fromlint.discovery.find import dockerfiles, is_dockerfile, is_dockerfile_name
from patience import within_a_minute


def make(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


def found(root: Path, **options: object) -> list[str]:
    paths = dockerfiles(str(root), **options).dockerfiles  # type: ignore[arg-type]
    return [os.path.relpath(path, root).replace(os.sep, "/") for path in paths]


@pytest.mark.parametrize(
    "name",
    [
        "Dockerfile",
        "dockerfile",
        "DOCKERFILE",
        "Dockerfile.prod",
        "Dockerfile.alpine.3.12",
        "Dockerfile-dev",
        "api.Dockerfile",
        "api.dockerfile",
        "Containerfile",
        "Containerfile.x",
        "containerfile-y",
        "ContainerfileDev",
        "Dockerfile_prod",
        "web-Dockerfile",
        "web_dockerfile",
    ],
)
def test_names(name: str) -> None:
    assert is_dockerfile_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "Dockerfile.dockerignore",
        ".dockerignore",
        "Dockerfile.md",
        "Dockerfile~",
        "Dockerfile.orig",
        "Dockerfile.swp",
        "DockerfileX",
        "dockerfiles",
        "my-dockerfile-notes",
        "docker-compose.yml",
        "dockerfile_parse.py",
        "test_dockerfile.py",
    ],
)
def test_names_of_other_things(name: str) -> None:
    assert not is_dockerfile_name(name)


def test_a_folder_is_searched(tmp_path: Path) -> None:
    make(tmp_path, {"b/Dockerfile": "", "Dockerfile": "", "a/c/x.Dockerfile": "", "a/README": ""})
    assert found(tmp_path) == ["Dockerfile", "a/c/x.Dockerfile", "b/Dockerfile"]


def test_paths_are_as_the_folder_was_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, {"a/Dockerfile": ""})
    monkeypatch.chdir(tmp_path)
    assert dockerfiles(".").dockerfiles == (os.path.join("a", "Dockerfile"),)
    assert dockerfiles(str(tmp_path)).dockerfiles == (str(tmp_path / "a" / "Dockerfile"),)


def test_vendored_trees_are_left_alone(tmp_path: Path) -> None:
    names = ["node_modules/x", ".venv", "vendor/y", ".git", "lib/site-packages/z", "env"]
    make(tmp_path, {f"{name}/Dockerfile": "" for name in names})
    make(tmp_path, {"env/pyvenv.cfg": "", "app/Dockerfile": ""})
    assert found(tmp_path) == ["app/Dockerfile"]


def test_a_vendored_tree_can_be_searched_itself(tmp_path: Path) -> None:
    make(tmp_path, {"vendor/y/Dockerfile": ""})
    assert found(tmp_path / "vendor") == ["y/Dockerfile"]


def test_gitignore(tmp_path: Path) -> None:
    make(
        tmp_path,
        {
            ".git/info/exclude": "/private\n",
            ".gitignore": "build/\n*.generated\n/only-top\n!keep/Dockerfile.generated\n",
            "build/Dockerfile": "",
            "x/Dockerfile.generated": "",
            "keep/Dockerfile.generated": "",
            "only-top/Dockerfile": "",
            "x/only-top/Dockerfile": "",
            "private/Dockerfile": "",
            "y/.gitignore": "Dockerfile*\n!Dockerfile.kept\n",
            "y/Dockerfile": "",
            "y/Dockerfile.kept": "",
            "y/z/Dockerfile": "",
        },
    )
    expected = ["keep/Dockerfile.generated", "x/only-top/Dockerfile", "y/Dockerfile.kept"]
    assert found(tmp_path) == expected
    assert found(tmp_path / "x") == ["only-top/Dockerfile"]


def test_further_patterns(tmp_path: Path) -> None:
    make(tmp_path, {"a/Dockerfile": "", "b/Dockerfile": "", "Dockerfile.old": ""})
    assert found(tmp_path, exclude=["/b", "*.old"]) == ["a/Dockerfile"]


def test_templates_and_programs_are_none(tmp_path: Path) -> None:
    make(
        tmp_path,
        {
            "Dockerfile.j2": "FROM {{ image }}\n",
            "Dockerfile.tmpl": "# no template in fact\n\nARG A\nFROM a\n",
            "Dockerfile.template": "FROM a:%%VERSION%%\n",
            "Dockerfile.py": "import os\n",
            "Dockerfile.go": "FROM golang\n",
            "dockerfile-lint.yml": "rules: []\n",
        },
    )
    assert found(tmp_path) == ["Dockerfile.go", "Dockerfile.tmpl"]


def test_links(tmp_path: Path) -> None:
    make(tmp_path, {"a/Dockerfile": "", "b/README": ""})
    (tmp_path / "b" / "Dockerfile").symlink_to("../a/Dockerfile")
    (tmp_path / "loop").symlink_to(".")
    (tmp_path / "Dockerfile.loop").symlink_to("Dockerfile.loop")
    (tmp_path / "Dockerfile.gone").symlink_to("nowhere")
    (tmp_path / "Dockerfile.folder").symlink_to("a")
    assert found(tmp_path) == ["a/Dockerfile"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_folders_that_cannot_be_read(tmp_path: Path) -> None:
    make(tmp_path, {"a/Dockerfile": "", "Dockerfile": ""})
    (tmp_path / "a").chmod(0)
    try:
        assert dockerfiles(str(tmp_path)).unreadable == (str(tmp_path / "a"),)
        assert found(tmp_path) == ["Dockerfile"]
    finally:
        (tmp_path / "a").chmod(0o755)


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert dockerfiles(str(tmp_path / "nope")) == ((), (str(tmp_path / "nope"),))


def test_many_files_take_no_time(tmp_path: Path) -> None:
    for folder in range(50):
        (tmp_path / f"d{folder}").mkdir()
        for file in range(60):
            (tmp_path / f"d{folder}" / f"f{file}.py").touch()
    (tmp_path / ".gitignore").write_text("\n".join(f"*.x{number}" for number in range(50)))
    with within_a_minute():
        assert found(tmp_path) == []


@pytest.mark.parametrize(
    ("name", "text", "is_one"),
    [
        ("Dockerfile", "", True),
        ("Dockerfile.py", "# for Python\nFROM python:3.12\n", True),
        ("Dockerfile.py", "import sys\n", False),
        ("dockerfile-knGOOxt4.js.map", '{"version":3}\n', False),
        ("Dockerfile.web.dev", "FROM python:3.12\n", True),
        ("dockerfile-form.css", ".dockerfile-form {\n}\n", False),
        ("Dockerfile.j2", "FROM {{ base }}\n", False),
        ("Dockerfile_prod", "FROM python:3.12\n", True),
        ("lint-dockerfile", "#!/bin/sh\nhadolint Dockerfile\n", False),
    ],
)
def test_where_the_name_may_be_another_things_the_first_lines_tell(
    tmp_path: Path, name: str, text: str, is_one: bool
) -> None:
    make(tmp_path, {name: text})
    assert is_dockerfile(str(tmp_path / name)) is is_one
    assert found(tmp_path) == [name] * is_one
