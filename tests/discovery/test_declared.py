from pathlib import Path

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
