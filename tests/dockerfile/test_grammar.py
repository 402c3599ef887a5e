import pytest

from fromlint.dockerfile.parse import parse


def problems(line: str) -> list[tuple[int, str]]:
    head = "" if line.startswith("FROM") else "FROM a\n"
    found = parse(f"{head}{line}\n".encode(), "Dockerfile").problems
    return [(problem.span.column, problem.message) for problem in found]


@pytest.mark.parametrize(
    ("line", "column", "message"),
    [
        ("FROM", 1, "FROM takes an image, or an image followed by AS and a name"),
        ("FROM a b", 6, "FROM takes an image, or an image followed by AS and a name"),
        ("FROM a # main", 6, "FROM takes an image, or an image followed by AS and a name"),
        (
            "FROM a AS 1b",
            11,
            "'1b' is no name for a stage: it begins with a letter and has only letters, digits, '-', '_' and '.'",
        ),
        ("FROM --from=b a", 6, "FROM has no flag --from"),
        ("RUN --mount=type=bind,x=1 a", 5, "--mount has no option 'x'"),
        ("RUN --mount=type=volume,target=/x a", 5, "there is no mount type 'volume'"),
        ("RUN --mount=target a", 5, "--mount's option target wants a value"),
        (
            "RUN --mount=from=$b,target=/x a",
            5,
            "--mount's from takes no variables; name a stage instead, whose FROM may have some",
        ),
        ("RUN --mount a", 5, "--mount wants a value"),
        ("RUN --network=none --network=none a", 20, "--network is given twice"),
        ("COPY --link=maybe a b", 6, "--link is true or false, not 'maybe'"),
        ("COPY --form=b a c", 6, "COPY has no flag --form"),
        ("COPY a", 6, "COPY requires at least one source and a destination"),
        ('ADD ["a"]', 5, "ADD requires at least one source and a destination"),
        ("COPY a <<EOF\nEOF", 8, "COPY cannot have a heredoc as its destination"),
        ("WORKDIR", 1, "WORKDIR requires an argument"),
        ("EXPOSE", 1, "EXPOSE requires an argument"),
        ("VOLUME []", 8, "VOLUME requires an argument"),
        ("ONBUILD", 1, "ONBUILD requires an argument"),
        ("SHELL bash -c", 7, 'SHELL requires its arguments in JSON form, such as ["/bin/bash", "-c"]'),
        ("SHELL []", 7, 'SHELL requires its arguments in JSON form, such as ["/bin/bash", "-c"]'),
        ("HEALTHCHECK", 1, "HEALTHCHECK requires at least one argument"),
        ("HEALTHCHECK NONE x", 13, "HEALTHCHECK NONE takes no arguments"),
        ("HEALTHCHECK curl x", 13, "HEALTHCHECK takes CMD or NONE, not 'curl'"),
        ("HEALTHCHECK CMD", 13, "a command is missing after HEALTHCHECK CMD"),
        ("HEALTHCHECK CMD []", 13, "a command is missing after HEALTHCHECK CMD"),
        ("CMD --x", 5, "CMD has no flag --x"),
        ("ENV A=1 B", 9, "there is no = in B: it must have the form name=value"),
    ],
)
def test_refused(line: str, column: int, message: str) -> None:
    assert (column, message) in problems(line)


@pytest.mark.parametrize(
    "line",
    [
        "FROM --platform=linux/amd64 a AS Build-1.x_y",
        "RUN",
        "RUN []",
        "RUN --mount=type=secret,id=x,required --mount=type=ssh --security=insecure --device=a --device=b x",
        "RUN --mount=type=$T,target=/x,rw,sharing=locked,uid=1 x",
        "COPY --parents --exclude=*.pyc --exclude=a --link --chmod=755 --chown=a:b --from=x a b",
        "ADD --keep-git-dir=true --checksum=sha256:x --unpack=false https://x y",
        'COPY ["a b", "c"]',
        "COPY <<EOF /x\nEOF",
        "HEALTHCHECK --interval=1s --timeout=1s --start-period=1s --start-interval=1s --retries=3 CMD x",
        "ARG --x y",
        "STOPSIGNAL SIGTERM",
        "ONBUILD COPY --from=b a c",
        'CMD ["a"',
        "ENTRYPOINT []",
    ],
)
def test_accepted(line: str) -> None:
    assert problems(line) == []


@pytest.mark.parametrize("options", ["relabel=shared", "Z", "U,noexec", "bind-propagation=rslave"])
def test_a_containerfile_is_buildahs_whose_mounts_take_more(options: str) -> None:
    text = f"FROM a\nRUN --mount=type=bind,src=.,target=/src,{options} make\n".encode()
    for name in ("Containerfile", "images/Containerfile.rag", "x.containerfile"):
        assert parse(text, name).problems == ()
    assert parse(text, "Dockerfile").problems


def test_a_containerfile_does_not_take_everything() -> None:
    assert parse(b"FROM a\nRUN --mount=type=bind,relabeled=shared make\n", "Containerfile").problems
