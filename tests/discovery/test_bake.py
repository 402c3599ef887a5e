import json

import pytest

from fromlint.discovery.bake import FILES, builds
from fromlint.discovery.documents import Unreadable
from fromlint.discovery.specs import BuildSpec

HCL = """
variable "TAG" { default = "v1" }
variable "NONE" {}
group "default" { targets = ["app", "_shown"] }
target "_common" {
  context = "./src"
  args = { A = "1", B = "${TAG}" }
  platforms = ["linux/amd64", "linux/arm64"]
}
target "app" {
  inherits = ["_common"]
  dockerfile = "docker/Dockerfile"
  target = "prod"
  args = { B = "own", C = NONE, D = null }
  contexts = { base = "docker-image://python:3.12", lib = "../lib", other = "target:_common" }
}
target "_shown" { context = target.app.dockerfile }
target "inline" { dockerfile-inline = "FROM x" }
target "remote" { context = "https://x/y.git" }
target "unknown" { dockerfile = NONE }
"""


def read(text: str, path: str = "/p/docker-bake.hcl") -> list[BuildSpec]:
    return list(builds(text.encode(), path))


def test_targets() -> None:
    app, shown = read(HCL)
    assert app == BuildSpec(
        file="/p/docker-bake.hcl",
        line=10,
        kind="bake",
        name="app",
        context="/p/src",
        dockerfile="/p/src/docker/Dockerfile",
        target="prod",
        args={"A": "1", "B": "own", "C": None, "D": None},
        platforms=("linux/amd64", "linux/arm64"),
        contexts={"base": "docker-image://python:3.12", "lib": "/lib", "other": "target:_common"},
    )
    assert (shown.name, shown.context) == ("_shown", "/p/docker/Dockerfile")


def test_json_says_the_same() -> None:
    document = {
        "variable": {"TAG": {"default": "v1"}},
        "target": {
            "base": {"context": "src", "args": {"B": "${TAG}", "N": 3, "F": True}},
            "app": {"inherits": ["base"], "platforms": ["linux/amd64"]},
        },
    }
    (spec,) = read(json.dumps(document, indent=1), "/p/docker-bake.json")
    assert (spec.name, spec.context, spec.args) == ("app", "/p/src", {"B": "v1", "N": "3", "F": "true"})
    assert spec.line == 16


def test_a_matrix() -> None:
    matrix = 'target "t" {\n matrix = { v = ["a", "b"] }\n name = "t-${v}"\n'
    text = matrix + ' dockerfile = "${v}.Dockerfile"\n target = v\n}\n'
    assert [(spec.dockerfile, spec.target) for spec in read(text)] == [
        ("/p/a.Dockerfile", "a"),
        ("/p/b.Dockerfile", "b"),
    ]


def test_a_target_that_is_not_known() -> None:
    (spec,) = read('target "t" { target = NONE }')
    assert (spec.target, spec.unknown) == (None, "its target is not known")


def test_inheritance_in_circles_ends() -> None:
    text = "".join(f'target "t{n}" {{\n inherits = ["t{(n + 1) % 30}", "t{(n + 7) % 30}"]\n}}\n' for n in range(30))
    assert read(text + 'group "default" { targets = ["t1"] }')[0].context == "/p"
    assert read('target "a" { context = target.b.context }\ntarget "b" { context = target.a.context }') == []


@pytest.mark.parametrize(("text", "path"), [("{", "/p/docker-bake.json"), ("[" * 100_000, "/p/docker-bake.json")])
def test_broken_files_are_refused(text: str, path: str) -> None:
    with pytest.raises(Unreadable):
        read(text, path)


@pytest.mark.parametrize("text", ["[]", "{}", '{"target": []}', '{"target": {"a": 1}}', "3"])
def test_json_of_another_kind(text: str) -> None:
    assert read(text, "/p/docker-bake.json") == []


def test_bytes_that_are_not_text() -> None:
    with pytest.raises(Unreadable, match="UTF-8"):
        list(builds(b"\xff", "/p/docker-bake.hcl"))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("docker-bake.hcl", True),
        ("docker-bake.json", True),
        ("docker-bake.prod.hcl", True),
        ("docker-bake.override.hcl", False),
        ("bake.hcl", False),
    ],
)
def test_names(name: str, expected: bool) -> None:
    assert (FILES.fullmatch(name) is not None) is expected
