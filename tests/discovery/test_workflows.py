from fromlint.discovery.specs import BuildSpec
from fromlint.discovery.workflows import builds

HEAD = "on: push\njobs:\n  image:\n    runs-on: x\n"


def read(text: str) -> list[BuildSpec]:
    return list(builds(text.encode(), "/r/.github/workflows/ci.yml", "/r"))


def step(options: str, head: str = HEAD) -> list[BuildSpec]:
    inside = "".join(f"          {line}\n" for line in options.splitlines())
    steps = "    steps:\n      - uses: actions/checkout@v4\n      - uses: docker/build-push-action@v6\n        with:\n"
    return read(head + steps + inside)


def test_a_build_in_all_its_parts() -> None:
    (spec,) = step(
        "context: ./app\nfile: docker/Dockerfile\ntarget: prod\nplatforms: linux/amd64, linux/arm64\n"
        "build-args: |\n  A=1\n  B=${{ github.sha }}\n  C=x=y\n"
        "build-contexts: |\n  base=docker-image://python:3.12\n  lib=./lib\n"
    )
    assert spec == BuildSpec(
        file="/r/.github/workflows/ci.yml",
        line=7,
        kind="workflow",
        name="image",
        context="/r/app",
        dockerfile="/r/docker/Dockerfile",
        target="prod",
        args={"A": "1", "B": None, "C": "x=y"},
        platforms=("linux/amd64", "linux/arm64"),
        contexts={"base": "docker-image://python:3.12", "lib": "/r/lib"},
    )


def test_defaults() -> None:
    (spec,) = step("push: true")
    assert (spec.context, spec.dockerfile) == ("/r", "/r/Dockerfile")
    (below,) = step("context: ${{ github.workspace }}/x")
    assert (below.context, below.dockerfile) == ("/r/x", "/r/x/Dockerfile")
    (default,) = step('context: "{{defaultContext}}:sub"')
    assert default.context == "/r/sub"


def test_without_options() -> None:
    (spec,) = read(f"{HEAD}    steps:\n      - uses: docker/build-push-action@v6\n")
    assert spec.dockerfile == "/r/Dockerfile"


def test_expressions_that_are_not_known() -> None:
    assert step("file: ${{ inputs.file }}") == []
    (spec,) = step("file: Dockerfile\ncontext: ${{ inputs.context }}\ntarget: ${{ inputs.target }}")
    assert (spec.context, spec.target) == (None, None)
    assert spec.unknown == "its target ${{ inputs.target }} is not known"


def test_the_matrix_is_followed() -> None:
    head = HEAD + "    strategy:\n      matrix:\n        service: [api, web]\n"
    assert [spec.dockerfile for spec in step("context: ./${{ matrix.service }}", head)] == [
        "/r/api/Dockerfile",
        "/r/web/Dockerfile",
    ]
    include = (
        HEAD + "    strategy:\n      matrix:\n        include:\n          - {f: a, t: x}\n          - {f: b, t: y}\n"
    )
    assert [
        (spec.dockerfile, spec.target) for spec in step("file: ${{matrix.f}}\ntarget: ${{ matrix.t }}", include)
    ] == [
        ("/r/a", "x"),
        ("/r/b", "y"),
    ]


def test_combinations_are_bounded() -> None:
    axes = "".join(f"        a{n}: [{', '.join(map(str, range(50)))}]\n" for n in range(20))
    found = step("file: Dockerfile.${{ matrix.a19 }}", HEAD + "    strategy:\n      matrix:\n" + axes)
    assert len(found) == 50


def test_other_things() -> None:
    assert read("jobs: []") == []
    assert read("jobs: {a: {steps: x}}") == []
    assert read("jobs: {a: {uses: ./x.yml}}") == []
    assert read("") == []
