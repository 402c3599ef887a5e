"""Commands that are used and are not there."""

import pytest

from fromlint.model.finding import Severity

SLIM = "FROM python:3.12-slim\n"
ALPINE = "FROM python:3.12-alpine\n"


def test_curl_in_a_healthcheck_on_slim_is_a_warning_with_a_probe_that_needs_no_curl(check):
    (found,) = check("FL206", f"{SLIM}HEALTHCHECK CMD curl -f http://localhost:8000/ || exit 1\n")
    assert found.severity is Severity.WARNING
    assert found.label == "the container will always be unhealthy"
    assert found.missing == ("curl",)
    assert any("apt-get install -y --no-install-recommends curl" in help for help in found.help)
    assert any("urllib.request" in help for help in found.help)


def test_on_alpine_busybox_can_ask(check):
    (found,) = check("FL206", f"{ALPINE}HEALTHCHECK CMD curl -f http://localhost:8000/\n")
    assert any("wget -q --spider" in help for help in found.help)


@pytest.mark.parametrize(
    ("dockerfile", "command"),
    [
        (f"{SLIM}RUN git clone https://example.org/x\n", "git"),
        (f"{SLIM}RUN echo hello && make all\n", "make"),
        (f"{SLIM}RUN gcc -o x x.c\n", "gcc"),
        (f"{SLIM}RUN envsubst < a > b\n", "envsubst"),
        (f'{ALPINE}ENTRYPOINT ["bash", "-c", "true"]\n', "bash"),
        (f"{ALPINE}CMD /bin/bash -c true\n", "bash"),
        (f'{ALPINE}SHELL ["/bin/bash", "-c"]\nRUN echo hello\n', "bash"),
        (f"{ALPINE}RUN useradd app\n", "useradd"),
        ("FROM debian:trixie-slim\nRUN adduser --system app\n", "adduser"),
        ("FROM debian:bookworm-slim\nRUN pip install flask\n", "pip"),
        ("FROM debian:bookworm\nRUN apt-get update && apt-get install -y python3\nCMD python app.py\n", "python"),
        ("FROM ubuntu:24.04\nRUN curl -O https://example.org/x\n", "curl"),
        (f"{SLIM}RUN apk add gcc\n", "apk"),
        (f"{ALPINE}RUN apt-get update\n", "apt-get"),
        ("FROM python:3.13-slim-trixie\nRUN apt-key add x\n", "apt-key"),
    ],
)
def test_a_command_that_the_base_leaves_out_is_an_error(check, dockerfile, command):
    (found,) = check("FL206", dockerfile)
    assert found.severity is Severity.ERROR
    assert found.message.startswith(f"{command} is not")


@pytest.mark.parametrize(
    "dockerfile",
    [
        # there from the start
        "FROM python:3.12\nRUN git clone https://example.org/x && curl x && make\n",
        f"{ALPINE}RUN wget x && nc -z a 1 && ps && vi --help && adduser -D app\n",
        f"{SLIM}RUN useradd app && bash -c true && perl -e 1 && python -V && pip -V\n",
        # conda packages anything
        "FROM mambaorg/micromamba:2.6.1\nRUN micromamba install -y --file env.yaml\nRUN python -V && git clone x\n",
        "FROM mambaorg/micromamba:2.6.1\nRUN micromamba install -y git\nRUN git clone https://example.org/x\n",
        # added before
        f"{SLIM}RUN apt-get update && apt-get install -y curl && curl x\n",
        f"{SLIM}RUN apt-get update && apt-get install -y build-essential\nRUN make && gcc -v && g++ -v\n",
        f"{SLIM}RUN apt-get update && apt-get install -y netcat-traditional postgresql-client-17\nRUN nc a && psql\n",
        f"{SLIM}RUN apt-get update && apt-get install -y gettext-base\nCMD envsubst\n",
        f"{ALPINE}RUN apk add --no-cache bash shadow git\nRUN useradd x && git clone x\nCMD bash\n",
        "FROM alpine:3.24\nRUN apk add py-pip\nRUN pip download x\n",
        "FROM alpine:3.18\nRUN apk add python3 && python3 -m ensurepip && pip3 install -U pip && pip install x\n",
        f"{ALPINE}RUN apk add --no-cache --virtual .build build-base && make && gcc -v && apk del .build\n",
        f"{SLIM}RUN if x; then apt-get install -y curl; fi; curl x\n",
        f"{SLIM}RUN apt-get update && apt-get install -y $TOOLS && curl x\n",
        "FROM python:3.12-slim AS base\nRUN apt-get update && apt-get install -y git\nFROM base\nRUN git clone x\n",
        "FROM debian:13\nRUN apt-get update && apt-get install -y python3-pip python-is-python3\n"
        "RUN pip -V; python -V\n",
        # put into PATH by other means than a download straight to there
        f"{SLIM}RUN apt-get update && apt-get install -y unzip && python get.py && unzip -o protoc.zip -d /usr/local bin/protoc && chmod +x /usr/local/bin/protoc && protoc --version\n",
        f"{SLIM}RUN tar xf git.tar -C /usr/local --strip-components=1\nRUN git clone x\n",
        f"{SLIM}RUN apt-get update && apt-get install -y unzip && unzip tools.zip -d/usr\nRUN git clone x\n",
        # its absence is provided for
        f"{SLIM}RUN command -v curl && curl x\n",
        f"{SLIM}RUN git describe || true\n",
        f"{SLIM}RUN which git && git describe\n",
        # brought by something else
        f"{SLIM}RUN python -m installer.sh && ./install.sh\nRUN git clone x\n",
        f"{SLIM}COPY setup.sh /setup.sh\nRUN bash /setup.sh\nRUN curl x\n",
        f"{SLIM}COPY --from=build /usr/bin/curl /usr/bin/curl\nRUN curl x\n",
        f"{SLIM}COPY --from=curlimages/curl:8.9.1 /usr/bin/ /usr/bin/\nRUN curl x\n",
        "FROM debian:13 AS debs\nFROM python:3.12-slim\nCOPY --from=debs /install/usr /usr\nRUN curl x\n",
        f"{SLIM}COPY make /usr/local/bin/make\nRUN make x\n",
        f"{SLIM}RUN --mount=from=busybox,source=/bin/wget,target=/bin/wget wget x\n",
        f"{SLIM}RUN ln -s /opt/tools/curl /usr/local/bin/curl && curl x\n",
        f"{SLIM}RUN pip install cmake==3.31.0 ninja==1.11.1\nRUN cmake . && ninja\n",
        "FROM debian:13-slim\nCOPY --from=ghcr.io/astral-sh/uv:0.9 /uv /bin/\nRUN uv venv /v\n"
        "ENV PATH=/v/bin:$PATH\nCMD python x.py\n",
        # nobody knows
        "FROM registry.corp/base:1\nRUN curl x\n",
        f"{SLIM}RUN some-own-tool && /opt/x/curl y\n",
        "FROM scratch\nCMD bash\n",
        "FROM gcr.io/distroless/python3-debian12\nCMD app.py\n",
    ],
)
def test_a_command_that_is_there_or_may_be_is_left_alone(check, dockerfile):
    assert not check("FL206", dockerfile, {"setup.sh": "", "make": "", "install.sh": ""})


def test_once_for_a_command_and_stage(check):
    found = check("FL206", f"{SLIM}RUN curl a\nRUN curl b && git c\nHEALTHCHECK CMD curl -f x\n")
    assert [(each.span.line, each.message.split()[0]) for each in found] == [(2, "curl"), (3, "git")]


def test_what_is_removed_again_is_gone(check):
    install = "RUN apt-get update && apt-get install -y curl && apt-get purge -y curl\n"
    (found,) = check("FL206", f"{SLIM}{install}HEALTHCHECK CMD curl -f x\n")
    assert found.severity is Severity.WARNING


def test_only_what_the_built_stage_starts_counts(check):
    assert not check("FL206", f"{SLIM[:-1]} AS build\nCMD curl x\nFROM python:3.12-slim\nCOPY --from=build /x /x\n")
    parent = f"{SLIM[:-1]} AS base\nCMD curl x\nFROM base\n"
    assert len(check("FL206", parent)) == 1
    assert not check("FL206", f"{parent}CMD python x.py\n")
    assert not check("FL206", f'{parent}ENTRYPOINT ["python"]\n')
    assert not check("FL206", f"{parent}RUN apt-get update && apt-get install -y curl\n")


@pytest.mark.parametrize("line", ["adduser -D app", "adduser -S -G app app", "addgroup -S app", "addgroup -g 1000 app"])
def test_busybox_options_stop_debians_adduser(check, line):
    (found,) = check("FL206", f"{SLIM}RUN {line}\n")
    assert "Alpine's" in found.message


@pytest.mark.parametrize(
    "line", ["adduser --system --group app", "adduser app users", "addgroup --gid 1000 app", "useradd -D"]
)
def test_debians_own_options_are_left_alone(check, line):
    assert not check("FL206", f"{SLIM}RUN {line}\n")


def test_a_pipe_that_hides_it_makes_a_warning(check):
    (found,) = check(
        "FL206", f"{SLIM}RUN apt-get update && curl -fsSL https://deb.nodesource.com/setup_24.x | bash -\n"
    )
    assert found.severity is Severity.WARNING
    assert "hides it" in found.label
    assert not check("FL206", f"{SLIM}RUN curl https://example.org/x | bash || true\n")
    for loud in (
        "RUN curl -fsS https://x/y.tar | tar x",
        'SHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN curl x | bash',
    ):
        (found,) = check("FL206", f"{SLIM}{loud}\n")
        assert found.severity is Severity.ERROR


USER = "FROM python:3.12-slim\nRUN useradd --create-home app && mkdir /app && chown app /app\nUSER app\n"
INSTALL = "RUN pip install gunicorn\n"


@pytest.mark.parametrize("dockerfile", [f"{USER}{INSTALL}", "FROM python:3.12-slim\nRUN pip install --user gunicorn\n"])
def test_scripts_of_a_user_are_not_on_the_path(check, dockerfile):
    (found,) = check("FL206", f'{dockerfile}CMD ["gunicorn", "app"]\n')
    assert found.severity is Severity.ERROR
    assert "/.local/bin, which is not on PATH" in found.message
    (found,) = check("FL206", f"{dockerfile}HEALTHCHECK CMD gunicorn --version\n")
    assert found.severity is Severity.WARNING


@pytest.mark.parametrize(
    "lines",
    [
        f"{USER}{INSTALL}ENV PATH=/home/app/.local/bin:$PATH\n",
        f"{USER}ENV PATH=/home/app/.local/bin:$PATH\n{INSTALL}",
        f"{USER}ENV PIP_TARGET=/app\n{INSTALL}",
        f"{USER}RUN python -m venv /app/venv\nENV PATH=/app/venv/bin:$PATH\n{INSTALL}",
        f"FROM python:3.12-slim\n{INSTALL}USER nobody\n",
        f"FROM python:3.12-slim\n{INSTALL}{USER.partition(chr(10))[2]}{INSTALL}",
        f"FROM python:3.12-slim\nRUN chown -R app /usr/local\nUSER app\n{INSTALL}",
        f"{USER}COPY entry.sh /usr/local/bin/gunicorn\n{INSTALL}",
    ],
)
def test_scripts_that_are_on_the_path(check, lines):
    assert not check("FL206", f'{lines}CMD ["gunicorn", "app"]\n')
