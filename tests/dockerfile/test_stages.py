import pytest

from fromlint.dockerfile.parse import parse
from fromlint.dockerfile.stages import graph, stages
from fromlint.model.dockerfile import Stage
from fromlint.model.place import Span
from patience import within_a_minute


def made(text: str, **options: object) -> tuple[Stage, ...]:
    return stages(parse(text.encode(), "Dockerfile"), **options)  # type: ignore[arg-type]


def image(text: str, **options: object) -> str | None:
    found = made(text, **options)[-1].image
    return found.value if found else None


def refused(text: str, **options: object) -> list[tuple[int, str]]:
    dockerfile = parse(text.encode(), "Dockerfile")
    return [(problem.span.line, problem.message) for problem in graph(dockerfile, **options)[1]]  # type: ignore[arg-type]


def numbers(found: tuple[Stage, ...], field: str) -> list[int]:
    return [stage.number for stage in found if getattr(stage, field)]


def test_a_stage_in_all_its_parts() -> None:
    first, second = made("ARG V=3.12\nFROM python:${V}-slim AS Build\nRUN x\nFROM build\nCMD y\n")
    assert (first.number, first.name, first.parent, first.unresolved) == (0, "build", None, None)
    assert first.image == ("python:3.12-slim", Span("Dockerfile", 2, 6, 2, 22))
    assert [entry.keyword for entry in first.instructions] == ["RUN"]
    assert (first.platform, first.fixed_platform) == (None, False)
    assert (second.name, second.parent) == (None, 0)
    assert second.image is not None
    assert second.image.value == "build"
    assert [(stage.reachable, stage.shipped, stage.target) for stage in (first, second)] == [
        (True, True, False),
        (True, True, True),
    ]


def test_no_stages() -> None:
    assert graph(parse(b"RUN x\n", "Dockerfile")) == ((), ())


# --- arguments ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "reference", "result"),
    [
        ("ARG V=3", "python:$V", "python:3"),
        ("ARG V=3\nARG V=4", "python:$V", "python:4"),
        ("ARG A=1 B=$A.2", "x:$B", "x:1.2"),
        ('ARG V="3"', "python:$V", "python:3"),
        ("ARG V", "python:${V:-3.12}", "python:3.12"),
        ("ARG V=", "python:3.12${V:+-$V}", "python:3.12"),
        ("", "x:$TARGETARCH$TARGETVARIANT", "x:armv7"),
        ("", "x:$BUILDARCH-$TARGETSTAGE", "x:amd64-default"),
        ("ARG TARGETARCH", "x:$TARGETARCH", "x:arm"),
        ("ARG I=python:3.12\nARG T=${I#*:}", "x:$T", "x:3.12"),
        ("", "'python:3'", "python:3"),
        ("", "python:3.12$SUFFIX", "python:3.12"),
    ],
)
def test_arguments_in_from(head: str, reference: str, result: str) -> None:
    assert image(f"{head}\nFROM {reference}\n", platform="linux/arm/v7") == result


def test_arguments_given_win_over_defaults_where_they_are_declared() -> None:
    text = "ARG V=3\nARG W=$V\nFROM python:$W\n"
    assert image(text, build_args={"V": "4"}) == "python:4"
    assert image(text, build_args={"OTHER": "4"}) == "python:3"
    assert image("FROM python:3$V\n", build_args={"V": "4"}) == "python:3"
    assert image("FROM x:$TARGETARCH\n", build_args={"TARGETARCH": "mine"}) == "x:mine"


def test_an_argument_without_value_makes_its_stage_unknown_and_no_other() -> None:
    first, second = made("ARG V\nARG IMAGE=python:$V\nFROM $IMAGE\nFROM python:3\n")
    assert (first.image, first.unresolved) == (None, "ARG V has no value")
    assert second.image is not None
    (given,) = made("ARG V\nFROM python:$V\n", build_args={"V": None})
    assert given.unresolved == "the value of --build-arg V is not known"
    assert refused("ARG V\nFROM python:$V\n") == []


def test_arguments_inside_a_stage_count_for_no_from() -> None:
    text = "FROM a\nARG V=3\nFROM python:$V\n"
    assert made(text)[1].image is None
    assert refused(text) == [
        (3, "python:$V is 'python:' after expansion, which is no image: no ARG V stands before the first FROM")
    ]


def test_arguments_that_stages_can_see() -> None:
    (stage,) = made("ARG A=1\nARG B\nFROM x\nARG C=2\n", build_args={"C": "3"})
    assert stage.arguments["A"] == "1"
    assert stage.arguments["B"] is None
    assert stage.arguments["TARGETPLATFORM"] == "linux/amd64"
    assert "C" not in stage.arguments
    assert stage.build_arguments == {"C": "3"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("FROM ${A?gone}\n", "A: gone"),
        ("FROM 'a\n", "a single quote is not closed"),
        ("ARG A=${B:?no}\nFROM $A\n", "B: no"),
        ("FROM --platform=${P:?no} a\n", "P: no"),
        ("FROM --platform=a/b/c/d a\n", "--platform=a/b/c/d is 'a/b/c/d' after expansion, which is no platform"),
        ("FROM --platform=$NONE a\n", "--platform=$NONE is '' after expansion, which is no platform"),
    ],
)
def test_expansions_that_are_refused(text: str, message: str) -> None:
    assert message in [said for _, said in refused(text)]
    assert made(text)[0].image is None


# --- platforms ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "platform", "fixed"),
    [
        ("FROM a", None, False),
        ("FROM --platform=$TARGETPLATFORM a", "linux/arm64", False),
        ("FROM --platform=$BUILDPLATFORM a", "linux/amd64", True),
        ("FROM --platform=linux/arm/v7 a", "linux/arm/v7", True),
        ("FROM --platform=arm64 a", "linux/arm64", True),
        ("ARG P=linux/$TARGETARCH\nFROM --platform=$P a", "linux/arm64", False),
        ("FROM --platform=$BUILDPLATFORM a AS b\nFROM b", "linux/amd64", True),
    ],
)
def test_platforms(text: str, platform: str | None, fixed: bool) -> None:
    stage = made(text + "\n", platform="linux/arm64")[-1]
    assert (stage.platform, stage.fixed_platform) == (platform, fixed)


def test_a_platform_without_value_makes_the_image_unknown() -> None:
    (stage,) = made("ARG P\nFROM --platform=$P a\n")
    assert (stage.image, stage.unresolved) == (None, "its platform is not known: ARG P has no value")


@pytest.mark.parametrize(
    "text",
    [
        "FROM mcr.microsoft.com/windows/servercore:ltsc2022\n",
        "FROM mcr.microsoft.com/dotnet/framework/sdk:4.8\n",
        "FROM python:3.12-windowsservercore-ltsc2022\n",
        "FROM golang:nanoserver\n",
        "FROM --platform=windows/amd64 python:3.12\n",
    ],
)
def test_windows_is_out_of_scope(text: str) -> None:
    (stage,) = made(text)
    assert stage.image is None
    assert stage.unresolved is not None
    assert stage.unresolved.endswith("is a Windows image, which is out of scope")


# --- which stage -------------------------------------------------------------------------------------------

CHAIN = "FROM x AS a\nFROM x AS b\nFROM a AS c\nCOPY --from=b /x /x\nFROM x AS d\nFROM c AS e\n"


@pytest.mark.parametrize(
    ("target", "reachable", "shipped"),
    [
        (None, [0, 1, 2, 4], [0, 2, 4]),
        ("C", [0, 1, 2], [0, 2]),
        ("3", [3], [3]),
        ("0", [0], [0]),
    ],
)
def test_targets(target: str | None, reachable: list[int], shipped: list[int]) -> None:
    found = made(CHAIN, target=target)
    assert numbers(found, "reachable") == reachable
    assert numbers(found, "shipped") == shipped
    assert numbers(found, "target") == [max(shipped)]


def test_a_target_that_is_not_there() -> None:
    assert refused(CHAIN, target="z") == [(6, "there is no stage 'z' to build (stages: a, b, c, d, e)")]
    assert refused(CHAIN, target="5") != []
    assert numbers(made(CHAIN, target="z"), "target") == [4]


@pytest.mark.parametrize(
    "use",
    [
        "COPY --from=a /x /y",
        "COPY --from=A /x /y",
        "COPY --from=0 /x /y",
        "RUN --mount=type=bind,from=a,target=/x y",
        'RUN --mount=type=cache,"from=a",target=/x y',
        "RUN --mount=target=/z --mount=from=a,target=/x y",
    ],
)
def test_what_a_stage_uses_is_reachable_and_not_shipped(use: str) -> None:
    found = made(f"FROM x AS a\nFROM y\n{use}\n")
    assert numbers(found, "reachable") == [0, 1]
    assert numbers(found, "shipped") == [1]


@pytest.mark.parametrize(
    "use", ["COPY --from=python:3.12 /x /y", "RUN --mount=from=0,target=/x y", "ADD a b", "COPY --from=nginx /x /y"]
)
def test_what_is_no_stage_is_an_image(use: str) -> None:
    text = f"FROM x AS a\nFROM y\n{use}\n"
    assert numbers(made(text), "reachable") == [1]
    assert refused(text) == []


def test_scratch_and_later_stages_are_no_parents() -> None:
    found = made("FROM scratch\nFROM b\nFROM x AS b\nFROM 0\n")
    assert [stage.parent for stage in found] == [None, None, None, None]
    assert found[0].image is not None
    assert found[0].image.value == "scratch"


def test_the_last_stage_of_a_name_counts() -> None:
    found = made("FROM x AS a\nFROM y AS a\nFROM a\n")
    assert found[2].parent == 1


def test_a_parent_in_capitals_is_found_though_the_builder_does_not() -> None:
    text = "FROM x AS Base\nFROM Base\n"
    assert made(text)[1].parent == 0
    assert refused(text) == [(2, "the names of stages are kept in lower case: FROM Base does not find base")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FROM x AS a\nCOPY --from=a /x /y\n", (2, "stage a depends on itself")),
        (
            "FROM x AS a\nCOPY --from=b / /\nFROM y AS b\nCOPY --from=a / /\n",
            (4, "stage b depends on itself, through stage a"),
        ),
        ("FROM x\nCOPY --from=7 / /\n", (2, "there is no stage 7: the last is 0")),
        ("FROM x\nCOPY --from=-1 / /\n", (2, "there is no stage -1: the last is 0")),
        (
            "ARG A=x\nFROM x\nCOPY --from=$A / /\n",
            (3, "COPY --from takes no variables; name a stage instead, whose FROM may have some"),
        ),
    ],
)
def test_references_that_are_refused(text: str, expected: tuple[int, str]) -> None:
    assert refused(text) == [expected]


def test_a_later_stage_is_refused_where_it_is_needed() -> None:
    text = "FROM x AS a\nCOPY --from=b / /\nFROM y AS b\nFROM a AS c\nFROM z\n"
    assert refused(text, target="c") == [(2, "stage b has to stand before the stage that uses it")]
    assert refused(text) == []


# --- ONBUILD -----------------------------------------------------------------------------------------------


def test_triggers_go_to_children_and_not_to_grandchildren() -> None:
    found = made("FROM x AS a\nONBUILD RUN one\nONBUILD COPY --from=z /a /b\nFROM a AS b\nRUN two\nFROM b\nRUN three\n")
    texts = [[entry.arguments.text for entry in stage.instructions] for stage in found]
    assert texts == [["RUN one", "COPY --from=z /a /b"], ["one", "/a /b", "two"], ["three"]]
    assert [entry.keyword for entry in found[1].instructions] == ["RUN", "COPY", "RUN"]
    assert found[1].instructions[0].span.line == 2


def test_triggers_can_use_stages() -> None:
    found = made("FROM x AS a\nONBUILD COPY --from=tools /a /b\nFROM y AS tools\nFROM a\n")
    assert numbers(found, "reachable") == [0, 1, 2]


# --- named contexts ----------------------------------------------------------------------------------------


def test_named_contexts_stand_for_images_and_stages() -> None:
    contexts = {"base": "docker-image://python:3.12", "build": "../elsewhere", "python:3": "docker-image://mine"}
    first, second, third = made("FROM base\nFROM x AS build\nFROM python:3\n", contexts=contexts)
    assert first.image is not None
    assert third.image is not None
    assert (first.image.value, third.image.value) == ("python:3.12", "mine")
    assert second.unresolved == "the named context build (../elsewhere) takes its place"


# --- hostile -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "ARG A0=aaaaaaaaaa\n" + "".join(f"ARG A{n + 1}=$A{n}$A{n}\n" for n in range(300)) + "FROM $A299\n",
        "FROM x AS a\n" + "ONBUILD RUN x\n" * 3_000 + "FROM a\n" * 3_000,
        "".join(f"FROM s{n} AS s{n + 1}\n" for n in range(5_000)),
        "".join(f"FROM x AS s{n}\nCOPY --from=s{n + 1} / /\n" for n in range(3_000)),
    ],
)
def test_large_files_take_no_time(text: str) -> None:
    with within_a_minute():
        graph(parse(text.encode(), "Dockerfile"))
