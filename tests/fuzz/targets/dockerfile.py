"""A Dockerfile: instructions, stages, what they do step by step, and the ignores in its comments."""

from fromlint.dockerfile.parse import parse
from fromlint.dockerfile.stages import graph
from fromlint.dockerfile.steps import Inherited, steps
from fromlint.project.place import copy_sources
from fromlint.settings import inline

WORDS = tuple(
    word.encode()
    for word in (
        "FROM ", "RUN ", "COPY ", "ADD ", "ARG ", "ENV ", "ONBUILD ", "HEALTHCHECK ", "SHELL ", "CMD ", "ENTRYPOINT ", "USER ",
        "WORKDIR ", "VOLUME ", "EXPOSE ", "LABEL ", "STOPSIGNAL ", "MAINTAINER ", " AS a", "--from=a ", "--from=0 ", "--chmod=1 ",
        "--mount=type=bind,source=.,target=/x ", "--mount=", "--platform=$BUILDPLATFORM ", "--link ", "<<EOF", "<<-'E'", "EOF\n",
        "$X", "${X:-y}", "${X#*a}", "${X//a/b}", "${X:?e}", '["a", "b"]', '["\\ud800"]', "# escape=`\n", "# syntax=x\n", "#\n",
        "# check=skip=all\n", "# fromlint: ignore=FL201 x\n", "# fromlint: ignore-file\n", "\\\n", "`\n", "pip install -r r.txt",
        "apt-get update && apt-get install -y gcc", "scratch", "python:3.12-slim", "TARGETARCH", "A=1 B=2", "\t", "\n", "&& ",
    )
)  # fmt: skip


def read(data: bytes) -> None:
    dockerfile = parse(data, "Dockerfile")
    inline.in_dockerfile(dockerfile)
    copy_sources(dockerfile)
    stages, _ = graph(dockerfile)
    inherited = {-1: Inherited.of_image({"PATH": "/usr/bin"})}
    for stage in stages:
        start = inherited.get(-1 if stage.parent is None else stage.parent, inherited[-1])
        _, inherited[stage.number] = steps(stage, start, escape=dockerfile.escape)
