import os
from pathlib import Path

import pytest

from fromlint.discovery.choose import BuildSettings, belonging, build_settings


def make(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    project = tmp_path / "project"
    make(
        project,
        {
            ".git/HEAD": "",
            "requirements.txt": "",
            "src/app.py": "",
            "docker/Dockerfile": "",
            "docker/entrypoint.sh": "",
            "api/Dockerfile": "",
            "api/requirements.txt": "",
        },
    )
    make(tmp_path, {"outside.txt": ""})
    return project


def settings(folder: Path, dockerfile: str, *sources: str, **options: object) -> BuildSettings:
    return build_settings(str(folder / dockerfile), sources, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("dockerfile", "sources", "context"),
    [
        ("api/Dockerfile", ["requirements.txt"], "api"),
        ("api/Dockerfile", ["requirements.txt", "src"], "."),
        ("docker/Dockerfile", ["requirements.txt", "docker/entrypoint.sh"], "."),
        ("docker/Dockerfile", ["entrypoint.sh"], "docker"),
        ("docker/Dockerfile", ["/src/"], "."),
        ("docker/Dockerfile", ["poetry.lock*", "src"], "."),
        ("docker/Dockerfile", ["https://x/y", "src"], "."),
        ("docker/Dockerfile", ["."], "docker"),
        ("docker/Dockerfile", [], "docker"),
    ],
)
def test_the_nearest_folder_that_has_all_sources(root: Path, dockerfile: str, sources: list[str], context: str) -> None:
    found = settings(root, dockerfile, *sources)
    assert found.context == os.path.normpath(root / context)
    assert found.unknown is None


def test_what_the_build_uses_besides_helps_to_choose(root: Path) -> None:
    assert settings(root, "docker/Dockerfile", ".", wanted=["requirements.txt"]).context == str(root)
    assert settings(root, "docker/Dockerfile", ".", wanted=["nowhere.txt"]).context == str(root / "docker")


def test_what_is_put_beside_the_dockerfile_before_the_build_is_not_missing(root: Path) -> None:
    recipe = root / "recipes" / "one"
    recipe.mkdir(parents=True)
    for path in (recipe / "Dockerfile", recipe / "run.sh", root / "requirements.dev.txt"):
        path.write_text("FROM python:3.12\n")
    found = build_settings(
        str(recipe / "Dockerfile"), ["run.sh", "requirements.*.txt"], wanted=["requirements.dev.txt"], root=str(root)
    )
    assert (found.context, found.unknown) == (
        None,
        f"no folder from the Dockerfile's up to {root.name} has all that it copies (requirements.*.txt)",
    )
    found = build_settings(str(recipe / "Dockerfile"), ["run.sh", "*.lock"], wanted=["x.txt"], root=str(root))
    assert found.context == str(recipe)


def test_no_folder_above_the_repository_is_asked(root: Path) -> None:
    found = settings(root, "api/Dockerfile", "outside.txt", "gone")
    assert found.context is None
    assert found.unknown == (
        "no folder from the Dockerfile's up to project has all that it copies (outside.txt and 1 more)"
    )


def test_without_a_repository_only_its_own_folder_is(tmp_path: Path) -> None:
    make(tmp_path, {"a.txt": "", "x/Dockerfile": ""})
    found = settings(tmp_path, "x/Dockerfile", "a.txt")
    assert found.unknown == "no folder from the Dockerfile's has all that it copies (a.txt)"
    assert settings(tmp_path, "x/Dockerfile", "a.txt", root=str(tmp_path)).context == str(tmp_path)


def test_a_context_given_comes_before_all(root: Path) -> None:
    make(root, {"compose.yml": "services: {a: {build: {context: docker, target: t}}}\n"})
    found = settings(root, "docker/Dockerfile", "src", context=str(root / "api"))
    assert (found.context, found.target) == (str(root / "api"), "t")
    assert (
        settings(root, "api/Dockerfile", context=str(root / "no")).unknown
        == f"the build context {root / 'no'} is not there"
    )
    assert (
        settings(root, "api/Dockerfile", context="https://x").unknown == "the build context https://x is not a folder"
    )


def test_a_declaration_comes_before_guesses(root: Path) -> None:
    make(
        root,
        {
            "compose.yml": "services: {a: {build: {context: ., dockerfile: api/Dockerfile, args: [A=1], "
            "platforms: [linux/arm64], additional_contexts: [base=docker-image://x]}}}\n"
        },
    )
    found = settings(root, "api/Dockerfile", "requirements.txt")
    assert found.context == str(root)
    assert found.args == {"A": "1"}
    assert found.platforms == ("linux/arm64",)
    assert found.contexts == {"base": "docker-image://x"}
    assert found.origin is not None
    assert found.origin.name == "a"


def test_of_many_declarations_one_that_is_not_for_development(root: Path) -> None:
    services = "{dev: {build: {context: api, target: dev}}, web: {build: {context: api, target: p}}}"
    make(root, {"compose.yml": f"services: {services}\n"})
    found = settings(root, "api/Dockerfile")
    assert found.target == "p"
    assert [spec.target for spec in found.others] == ["dev"]


# --- which Dockerfiles changed files belong to -------------------------------------------------------------


def sources(dockerfile: str) -> list[str]:
    return {"api": ["requirements.txt"], "docker": ["src"]}[os.path.basename(os.path.dirname(dockerfile))]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        (["api/requirements.txt"], ["api/Dockerfile", "docker/Dockerfile"]),
        (["requirements.txt"], ["docker/Dockerfile"]),
        (["api/Dockerfile"], ["api/Dockerfile"]),
        (["api/.dockerignore"], ["api/Dockerfile"]),
        (["api/Dockerfile.dockerignore"], ["api/Dockerfile"]),
        (["docs/requirements.txt"], []),
        (["gone/Dockerfile"], []),
        (["compose.yml"], ["api/Dockerfile", "docker/Dockerfile"]),
        ([], []),
    ],
)
def test_belonging(root: Path, monkeypatch: pytest.MonkeyPatch, changed: list[str], expected: list[str]) -> None:
    make(root, {".dockerignore": "docs\n", "docs/requirements.txt": "", "compose.yml": "services: {a: {build: api}}\n"})
    monkeypatch.chdir(root)
    assert [path.replace(os.sep, "/") for path in belonging(changed, sources=sources)] == expected


def test_candidates_can_be_given(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)
    found = belonging(["api/requirements.txt"], sources=sources, candidates=["api/Dockerfile"])
    assert found == (os.path.join("api", "Dockerfile"),)


def test_a_program_called_like_a_dockerfile_belongs_to_nothing(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(root, {"dockerfile.py": "import sys\n"})
    monkeypatch.chdir(root)
    assert belonging(["dockerfile.py"], sources=lambda dockerfile: ()) == ()
