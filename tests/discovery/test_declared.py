from pathlib import Path

import pytest

from fromlint.discovery.declared import Declarations, declared

COMPOSE = "services:\n  web:\n    build: {context: .., dockerfile: docker/Dockerfile, target: prod}\n"
WORKFLOW = (
    "jobs:\n  a:\n    steps:\n      - uses: docker/build-push-action@v6\n        with: {file: docker/Dockerfile}\n"
)


def make(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


def kinds(root: Path, dockerfile: str) -> list[str]:
    return [spec.kind for spec in declared(str(root), str(root / dockerfile))]


def test_all_kinds_in_order(tmp_path: Path) -> None:
    make(
        tmp_path,
        {
            ".github/workflows/ci.yml": WORKFLOW,
            "docker-bake.hcl": 'target "x" { dockerfile = "docker/Dockerfile" }\n',
            "docker/compose.yaml": COMPOSE,
            "docker/Dockerfile": "FROM a\n",
            "other/Dockerfile": "FROM a\n",
        },
    )
    assert kinds(tmp_path, "docker/Dockerfile") == ["compose", "bake", "workflow"]
    assert kinds(tmp_path, "other/Dockerfile") == []


def test_folders_beside_are_looked_into(tmp_path: Path) -> None:
    make(
        tmp_path,
        {
            "deploy/docker-compose.yml": "services: {a: {build: {context: ../app}}}\n",
            "app/Dockerfile": "FROM a\n",
            "node_modules/compose.yml": "services: {a: {build: {context: ../app}}}\n",
        },
    )
    assert [spec.file for spec in declared(str(tmp_path), str(tmp_path / "app" / "Dockerfile"))] == [
        str(tmp_path / "deploy" / "docker-compose.yml")
    ]


def test_the_env_file_beside_a_compose_file(tmp_path: Path) -> None:
    make(tmp_path, {".env": "DIR=app\n", "compose.yml": "services: {a: {build: '${DIR}'}}\n", "app/Dockerfile": ""})
    assert kinds(tmp_path, "app/Dockerfile") == ["compose"]


def test_files_that_cannot_name_it_are_not_parsed(tmp_path: Path) -> None:
    make(tmp_path, {"compose.yml": "build: [\n", "api.Dockerfile": "FROM a\n", "Dockerfile": "FROM a\n"})
    assert Declarations(str(tmp_path)).of(str(tmp_path / "api.Dockerfile")).problems == ()
    (problem,) = Declarations(str(tmp_path)).of(str(tmp_path / "Dockerfile")).problems
    assert problem.message.startswith("this file cannot be read: ")
    assert problem.span.file == str(tmp_path / "compose.yml")


def test_one_file(tmp_path: Path) -> None:
    make(tmp_path, {"compose.yml": "services: {a: {build: app}}\n", "x.yml": "", "docker-bake.json": "{"})
    declarations = Declarations(str(tmp_path))
    assert [spec.dockerfile for spec in declarations.in_file(str(tmp_path / "compose.yml"))] == [
        str(tmp_path / "app" / "Dockerfile")
    ]
    assert declarations.in_file(str(tmp_path / "x.yml")) == ()
    assert declarations.in_file(str(tmp_path / "docker-bake.json")) == ()


@pytest.mark.parametrize("name", ["docker/prod.hcl", "bake.hcl", "docker/app.bake.hcl", "images/bake.prod.hcl"])
def test_bake_files_of_any_name_run_from_the_root(tmp_path: Path, name: str) -> None:
    bake = 'target "x" {\n  context = "."\n  dockerfile = "docker/app/Dockerfile"\n  tags = ["corp/app:1"]\n}\n'
    make(tmp_path, {name: bake, "docker/app/Dockerfile": "FROM a\n"})
    (found,) = declared(str(tmp_path), str(tmp_path / "docker/app/Dockerfile"))
    assert (found.kind, found.context) == ("bake", str(tmp_path))
    tagged = Declarations(str(tmp_path)).tagged("corp/app:1", str(tmp_path / "docker"))
    assert tagged is not None
    assert tagged.dockerfile == str(tmp_path / "docker/app/Dockerfile")


def test_a_compose_file_of_a_bakery_is_one(tmp_path: Path) -> None:
    make(tmp_path, {"compose.bakery.yml": "services: {a: {build: .}}\n", "Dockerfile": "FROM a\n"})
    assert kinds(tmp_path, "Dockerfile") == ["compose"]


def test_bake_in_json_under_another_name(tmp_path: Path) -> None:
    make(tmp_path, {"app.bake.json": '{"target": {"x": {"target": "prod"}}}', "Dockerfile": "FROM a\n"})
    assert [spec.target for spec in declared(str(tmp_path), str(tmp_path / "Dockerfile"))] == ["prod"]


def test_other_programs_hcl_is_left_alone(tmp_path: Path) -> None:
    broken = 'job "x" { context = "." dockerfile = "Dockerfile" '
    target = 'target "x" {}\n'
    make(tmp_path, {"nomad.hcl": broken, ".terraform.lock.hcl": target, "x.pkr.hcl": target, "a.override.hcl": target})
    make(tmp_path, {"Dockerfile": "FROM a\n"})
    found = Declarations(str(tmp_path)).of(str(tmp_path / "Dockerfile"))
    assert (found.builds, found.problems) == ((), ())


def test_a_home_assistant_app_says_its_base(tmp_path: Path) -> None:
    build = (
        "build_from:\n  aarch64: ghcr.io/home-assistant/aarch64-base-debian:trixie\n"
        "  amd64: ghcr.io/home-assistant/amd64-base-debian:trixie\nargs:\n  WHISPER: 3.5.0\n"
    )
    make(tmp_path, {"whisper/build.yaml": build, "whisper/Dockerfile": "ARG BUILD_FROM\nFROM ${BUILD_FROM}\n"})
    (found,) = declared(str(tmp_path), str(tmp_path / "whisper/Dockerfile"))
    assert (found.kind, found.name, found.context) == ("app", "whisper", str(tmp_path / "whisper"))
    assert found.args == {
        "BUILD_FROM": "ghcr.io/home-assistant/amd64-base-debian:trixie",
        "BUILD_ARCH": "amd64",
        "BUILD_VERSION": None,
        "WHISPER": "3.5.0",
    }
    assert found.platforms == ("linux/amd64",)
    make(tmp_path, {"whisper/build.yaml": "build_from: [a]\nargs: x\n"})
    assert declared(str(tmp_path), str(tmp_path / "whisper/Dockerfile")) == ()
    make(tmp_path, {"whisper/build.yaml": "build_from:\n  armv7: a\nargs: {X: }\n"})
    (found,) = declared(str(tmp_path), str(tmp_path / "whisper/Dockerfile"))
    assert (found.args["X"], found.platforms) == (None, ("linux/arm/v7",))
