import os

import pytest

from fromlint.discovery.compose import FILES, builds
from fromlint.discovery.specs import BuildSpec


def read(text: str, **environment: str) -> list[BuildSpec]:
    return list(builds(text.encode(), "/p/compose.yaml", environment))


def test_a_build_in_all_its_parts() -> None:
    (spec,) = read(
        "services:\n"
        "  web:\n"
        "    build:\n"
        "      context: ./app\n"
        "      dockerfile: docker/Dockerfile.web\n"
        "      target: prod\n"
        "      args:\n"
        "        A: 1\n"
        "        B: ${B:-two}\n"
        "        C:\n"
        "        D: ${D}\n"
        "      platforms: [linux/amd64, 'linux/arm64']\n"
        "      additional_contexts:\n"
        "        base: docker-image://python:3.12\n"
        "        lib: ../lib\n"
    )
    assert spec == BuildSpec(
        file="/p/compose.yaml",
        line=4,
        kind="compose",
        name="web",
        context="/p/app",
        dockerfile="/p/app/docker/Dockerfile.web",
        target="prod",
        args={"A": "1", "B": "two", "C": None, "D": None},
        platforms=("linux/amd64", "linux/arm64"),
        contexts={"base": "docker-image://python:3.12", "lib": "/lib"},
    )


def test_short_forms() -> None:
    one, two = read(
        "services:\n  a:\n    build: .\n    platform: linux/arm64\n  b:\n    build:\n      args: [A=1, B]\n"
    )
    assert (one.context, one.dockerfile, one.platforms) == ("/p", "/p/Dockerfile", ("linux/arm64",))
    assert (two.context, two.args) == ("/p", {"A": "1", "B": None})


def test_values_of_the_env_file() -> None:
    (spec,) = read("services: {a: {build: {context: '${DIR}', args: [B]}}}\n", DIR="x", B="2")
    assert (spec.context, spec.args) == ("/p/x", {"B": "2"})


def test_a_context_that_is_no_folder() -> None:
    (spec,) = read("services: {a: {build: {context: 'https://x/y.git', dockerfile: /p/Dockerfile}}}\n")
    assert (spec.context, spec.dockerfile) == (None, "/p/Dockerfile")
    assert read("services: {a: {build: 'https://x/y.git'}}\n") == []
    assert read("services: {a: {build: '$NONE'}}\n") == []


def test_a_target_that_is_not_known() -> None:
    (spec,) = read("services: {a: {build: {context: ., target: '${T}'}}}\n")
    assert spec.target is None
    assert spec.unknown == "its target ${T} has a variable without value"


def test_anchors_and_extends() -> None:
    text = (
        "x-build: &build\n  context: api\nservices:\n  a:\n    build:\n      <<: *build\n      target: t\n"
        "  b: {extends: {service: a}}\n  c: {extends: a}\n  d: {extends: {service: a, file: other.yml}}\n"
    )
    assert [(spec.name, spec.context, spec.target) for spec in read(text)] == [
        ("a", "/p/api", "t"),
        ("b", "/p/api", "t"),
        ("c", "/p/api", "t"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "a: 1",
        "services:",
        "services: []",
        "services: {a: }",
        "services: {a: {image: x}}",
        "services: {a: {build: }}",
        "services: {a: {build: []}}",
        "services: {a: {build: {dockerfile_inline: FROM x}}}",
    ],
)
def test_files_without_builds(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("compose.yaml", True),
        ("docker-compose.yml", True),
        ("docker-compose.prod.yml", True),
        ("compose-test.yaml", True),
        ("docker-compose.override.yml", False),
        ("compose.json", False),
        ("xcompose.yml", False),
    ],
)
def test_names(name: str, expected: bool) -> None:
    assert (FILES.fullmatch(name) is not None) is expected
    assert os.sep not in name
