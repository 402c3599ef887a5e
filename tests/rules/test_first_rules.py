"""FL101 to FL107, FL109, FL201 to FL203, FL301, FL501, FL502 and FL901 to FL909: a bad case and silent ones each."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent))

from fromlint.model.finding import Severity
from index_server import IndexServer, sdist, wheel

LXML = "lxml-5.2.2-cp312-cp312-manylinux_2_17_x86_64.whl"
TOOLS = "RUN apt-get update && apt-get install -y gcc libc6-dev libxml2-dev libxslt1-dev zlib1g-dev"


def synced(image, *more):
    lines = "".join(f"{line}\n" for line in more)
    return (
        f"FROM {image}\n{lines}COPY --from=ghcr.io/astral-sh/uv:0.9 /uv /bin/\n"
        "COPY pyproject.toml uv.lock ./\nRUN uv sync --frozen\n"
    )


def only(findings):
    (found,) = findings
    return found


def test_fl101_compiled_on_alpine_with_the_tools_there(check, project):
    files = project(LXML, "lxml-5.2.2.tar.gz")
    tools = "RUN apk add --no-cache gcc musl-dev libxml2-dev libxslt-dev zlib-dev"
    found = only(check("FL101", synced("python:3.12-alpine", tools), files))
    assert found.severity is Severity.WARNING
    assert "no musllinux wheel" in found.message
    assert not check("FL101", synced("python:3.12-slim", TOOLS), files)
    assert not check("FL101", synced("python:3.12-alpine"), files)


def test_fl102_wheels_for_a_newer_glibc(check, project):
    files = project("lxml-5.2.2-cp312-cp312-manylinux_2_38_x86_64.whl", "lxml-5.2.2.tar.gz")
    found = only(check("FL102", synced("python:3.12-slim-bookworm", TOOLS), files))
    assert "none for glibc 2.36" in found.message
    assert not check("FL102", synced("python:3.12-slim-trixie", TOOLS), files)


def test_fl103_wheels_for_another_python(check, project):
    files = project(LXML, "lxml-5.2.2.tar.gz")
    found = only(check("FL103", synced("python:3.13-slim", TOOLS), files))
    assert "no wheel for CPython 3.13" in found.message
    assert not check("FL103", synced("python:3.12-slim", TOOLS), files)


def test_fl104_wheels_for_another_cpu(check, project):
    files = project(LXML, "lxml-5.2.2.tar.gz")
    asked = only(check("FL104", synced("python:3.12-slim", TOOLS), files, platform=("linux/arm64",)))
    assert asked.severity is Severity.WARNING
    besides = only(check("FL104", synced("python:3.12-slim", TOOLS), files))
    assert besides.severity is Severity.INFO
    assert besides.platforms == ("linux/arm64",)
    both = project(LXML, "lxml-5.2.2-cp312-cp312-manylinux_2_17_aarch64.whl")
    assert not check("FL104", synced("python:3.12-slim"), both)


def test_fl105_nothing_fits(check, project):
    files = project("torch-2.5.1-cp312-cp312-manylinux1_x86_64.whl")
    found = only(check("FL105", synced("python:3.12-alpine"), files))
    assert found.severity is Severity.ERROR
    assert found.subject is not None
    assert found.subject.file == "uv.lock"
    assert not check("FL105", synced("python:3.12-slim"), files)


def test_a_failure_that_the_dockerfile_provides_for_is_advice(check, project):
    files = project("torch-2.5.1-cp312-cp312-manylinux1_x86_64.whl")
    text = synced("python:3.12-alpine").replace("uv sync --frozen", "uv sync --frozen || echo no torch here")
    assert only(check("FL105", text, files)).severity is Severity.INFO


def test_what_is_fetched_with_git_and_then_compiled(check):
    """What fetches it is one thing (FL202), what compiles it another (FL201); without the first both are named."""
    image = "FROM python:3.12-slim-trixie\n"
    install = 'RUN pip install "psycopg2 @ git+https://github.com/psycopg/psycopg2@2_9_10"\n'
    git = "RUN apt-get update && apt-get install -y git ca-certificates\n"
    assert only(check("FL202", image + install)).missing == ("git", "gcc", "libc6-dev", "libpq-dev")
    assert not check("FL202", image + git + install)
    assert only(check("FL201", image + git + install)).missing == ("gcc", "libc6-dev", "libpq-dev")


@pytest.mark.parametrize(
    "script",
    [
        "RUN pip install psycopg2==2.9.10; rm -rf /tmp/x\n",
        "RUN <<EOF\npip install psycopg2==2.9.10\nrm -rf /tmp/x\nEOF\n",
    ],
)
def test_a_failure_that_nobody_looks_at_is_one(check, script):
    """Without ``set -e`` the build goes on, and makes an image in which the import fails."""
    image = "# syntax=docker/dockerfile:1\nFROM python:3.12-slim-trixie\n"
    assert only(check("FL201", image + script)).severity is Severity.ERROR
    provided = script.replace("2.9.10", "2.9.10 || pip install psycopg2-binary")
    assert only(check("FL201", image + provided)).severity is Severity.INFO


def test_fl107_and_fl201_and_fl203_by_when_the_tools_come(check):
    image, install = "FROM python:3.12-slim-trixie\n", "RUN pip install psycopg2==2.9.10\n"
    tools = "RUN apt-get update && apt-get install -y gcc libc6-dev libpq-dev\n"
    missing = only(check("FL201", image + install))
    assert missing.missing == ("gcc", "libc6-dev", "libpq-dev")
    assert not check("FL201", image + tools + install)
    assert only(check("FL107", image + tools + install)).severity is Severity.INFO
    late = only(check("FL203", image + install + tools))
    assert late.related[-1].span.line == 3
    assert not check("FL201", image + install + tools)
    assert not check("FL203", image + tools + install)


@pytest.mark.parametrize(
    ("dockerfile", "missing"),
    [
        (
            "FROM ubuntu:24.04\nRUN apt-get update && apt-get install -y python3-venv && python3 -m venv /v\n"
            "RUN /v/bin/pip install psycopg2==2.9.10\n",
            ("gcc", "python3-dev", "libpq-dev"),
        ),
        ("FROM public.ecr.aws/lambda/python:3.12\nRUN pip install psycopg2==2.9.10\n", ("gcc", "libpq-devel")),
        ("FROM python:3.8-slim-buster\nRUN pip install psycopg2==2.9.10\n", ("gcc", "libc6-dev", "libpq-dev")),
    ],
)
def test_fl201_on_bases_other_than_the_official_ones_of_today(check, dockerfile, missing):
    assert set(only(check("FL201", dockerfile)).missing) == set(missing)


def test_gcc_without_recommends_brings_no_libc6_dev(check):
    line = "FROM python:3.12-slim\nRUN apt-get update && apt-get install -y{} gcc libpq-dev\nRUN pip install psycopg2==2.9.10\n"
    assert only(check("FL201", line.format(" --no-install-recommends"))).missing == ("libc6-dev",)
    assert not check("FL201", line.format(""))


def test_fl109_an_older_release_for_want_of_a_wheel(check):
    with IndexServer() as server:
        server.add("ducky", wheel("ducky", "1.0", tag="cp312-cp312-musllinux_1_2_x86_64"))
        server.add("ducky", sdist("ducky", "2.0"))
        settings = {"offline": False, "index_url": server.url}
        found = only(check("FL109", "FROM python:3.12-alpine\nRUN pip install --only-binary :all: ducky\n", **settings))
        assert "ducky 1.0 is taken instead of 2.0" in found.message
        assert not check("FL109", "FROM python:3.12-alpine\nRUN pip install ducky\n", **settings)


ON_UBUNTU = "FROM ubuntu:{}\nRUN apt-get update && apt-get install -y python3-pip\nRUN pip install ducky\n"


@pytest.mark.parametrize(
    ("dockerfile", "severity"),
    [
        ("FROM python:3.9-slim\nRUN pip install ducky\n", Severity.WARNING),
        ("FROM python:3.12-slim\nRUN pip install ducky\n", Severity.INFO),
        ("FROM python:3.13-slim\nRUN pip install ducky\n", None),
        # The distribution's own Python is looked after while its release is.
        (ON_UBUNTU.format("22.04"), Severity.INFO),
        (ON_UBUNTU.format("20.04"), Severity.WARNING),
    ],
)
def test_fl109_an_older_release_because_of_a_python_that_has_ended_or_not(check, dockerfile, severity):
    with IndexServer() as server:
        server.add("ducky", wheel("ducky", "1.0"), requires_python=">=3.8")
        server.add("ducky", wheel("ducky", "2.0"), requires_python=">=3.13")
        found = check("FL109", dockerfile, offline=False, index_url=server.url, as_of="2026-11-30")
        assert [finding.severity for finding in found] == ([severity] if severity is not None else [])


def test_fl109_says_nothing_of_a_backport_to_older_pythons(check):
    with IndexServer() as server:
        server.add("ducky", wheel("ducky", "1.0"))
        server.add("ducky", wheel("ducky", "2.0"), requires_python=">=3.6, <3.7")
        settings = {"offline": False, "index_url": server.url, "as_of": "2026-11-30"}
        assert not check("FL109", "FROM python:3.9-slim\nRUN pip install ducky\n", **settings)
        server.add("goose", wheel("goose", "1.0"))
        server.add("goose", wheel("goose", "2.0"), requires_python=">=3.10, <3.14")
        found = only(check("FL109", "FROM python:3.14-slim\nRUN pip install goose\n", **settings))
        assert "2.0 needs Python" in found.message


def test_fl202_git_is_not_there(check):
    text = "FROM {}\nRUN pip install 'flask @ git+https://example.com/flask'\n"
    assert only(check("FL202", text.format("python:3.12-slim"))).missing == ("git",)
    assert not check("FL202", text.format("python:3.12"))
    unnamed = "FROM python:3.12-slim\nRUN pip install git+https://me:secret@example.com/flask@2.0\n"
    found = only(check("FL202", unnamed))
    assert found.message == "git+https://example.com/flask@2.0 is fetched with git, which is not installed"
    with_git = "python:3.12-alpine\nRUN apk add --no-cache git"
    assert not check("FL202", text.format(with_git))


def test_fl202_what_git_takes_besides(check):
    debian = "debian:13-slim\nRUN apt-get update && apt-get install -y --no-install-recommends python3 git"
    uv = "COPY --from=ghcr.io/astral-sh/uv:0.9 /uv /bin/"
    text = (
        "FROM {}\n"
        + uv
        + "\nRUN uv pip install --system --break-system-packages 'flask @ git+{}://example.com/flask'\n"
    )
    found = only(check("FL202", text.format(debian, "https")))
    assert found.missing == ("ca-certificates",)
    assert found.message == "flask is fetched with git, and ca-certificates is not installed"
    assert only(check("FL202", text.format(debian, "ssh"))).missing == ("openssh-client",)
    assert not check("FL202", text.format(debian.replace("--no-install-recommends ", ""), "https"))


def test_fl202_poetry_clones_by_itself(check):
    files = {
        "pyproject.toml": '[tool.poetry]\nname = "app"\nversion = "1"\ndescription = ""\nauthors = []\n'
        '[tool.poetry.dependencies]\npython = "^3.12"\nflask = {git = "https://example.com/flask", rev = "abc"}\n',
        "poetry.lock": '[[package]]\nname = "flask"\nversion = "3.1.0"\ndescription = ""\noptional = false\n'
        'python-versions = "*"\ngroups = ["main"]\nfiles = []\ndevelop = false\n[package.source]\ntype = "git"\n'
        'url = "https://example.com/flask"\nreference = "abc"\nresolved_reference = "abc"\n'
        '[metadata]\nlock-version = "2.1"\npython-versions = "^3.12"\ncontent-hash = "x"\n',
    }
    text = "FROM python:3.12-slim\nCOPY . .\nRUN pip install poetry==2.1.0 && {}\n"
    assert not check("FL202", text.format("poetry install --only main"), files)
    assert only(check("FL202", text.format("pip install git+https://example.com/flask"), files)).missing == ("git",)


def test_fl301_a_program_that_only_a_dependency_calls_is_information(check):
    with IndexServer() as server:
        server.add("gitpython", wheel("gitpython", "3.1"))
        server.add("dashboard", wheel("dashboard", "1.0", requires=["gitpython"]))
        settings = {"offline": False, "index_url": server.url}
        text = "FROM python:3.12-slim\nRUN pip install {}\n"
        own = only(check("FL301", text.format("gitpython"), **settings))
        assert (own.severity, own.message) == (Severity.ERROR, "gitpython 3.1 calls git, which is not there")
        assert only(check("FL301", text.format("dashboard"), **settings)).severity is Severity.INFO
        quiet = check("FL301", text.format("gitpython") + "ENV GIT_PYTHON_REFRESH=quiet\n", **settings)
        assert only(quiet).severity is Severity.INFO
        copied = "COPY --from=alpine/git:2.49.1 /usr/bin/git /usr/local/bin/\n"
        assert not check("FL301", text.format("gitpython") + copied, **settings)


def test_fl301_a_library_is_not_where_the_program_runs(check, project):
    files = project("opencv_python-4.10.0.84-cp37-abi3-manylinux_2_17_x86_64.whl")
    assert set(only(check("FL301", synced("python:3.12-slim-trixie"), files)).missing) == {"libgl1", "libglib2.0-0t64"}
    ffmpeg = "RUN apt-get update && apt-get install -y ffmpeg libglib2.0-0"
    assert not check("FL301", synced("python:3.12-slim-trixie", ffmpeg), files)
    # The full image has glib, and no libGL either.
    assert only(check("FL301", synced("python:3.12"), files)).missing == ("libgl1",)


def test_fl501_only_where_another_base_takes_something_away(check, project):
    files = project("torch-2.5.1-cp312-cp312-manylinux1_x86_64.whl")
    found = only(check("FL501", synced("python:3.12-alpine"), files))
    assert found.severity is Severity.WARNING
    assert "slim" in found.message
    assert not check("FL501", synced("python:3.12-slim"), files)
    assert not check("FL501", "FROM python:3.12-alpine\nRUN pip install psycopg2==2.9.10\n")


def test_fl501_says_so_where_one_platform_alone_speaks_against_the_base(check, project):
    files = project(
        "torch-2.5.1-cp312-cp312-manylinux1_x86_64.whl",
        "torch-2.5.1-cp312-cp312-musllinux_1_2_aarch64.whl",
        "torch-2.5.1-cp312-cp312-manylinux_2_17_aarch64.whl",
    )
    both = ("linux/amd64", "linux/arm64")
    found = only(check("FL501", synced("python:3.12-alpine"), files, platform=both))
    assert found.platforms == ("linux/amd64",)
    assert "fits these requirements better on linux/amd64" in found.message
    assert "on linux/arm64 alone it would make no difference" in found.notes


def test_fl501_of_a_stage_with_a_platform_of_its_own_says_nothing_of_others(check, project):
    files = project(
        "torch-2.5.1-cp312-cp312-manylinux_2_17_aarch64.whl",
        "torch-2.5.1-cp312-cp312-manylinux_2_17_x86_64.whl",
    )
    text = synced("--platform=linux/arm64 python:3.12-alpine")
    found = only(check("FL501", text, files, platform=("linux/amd64",)))
    assert "fits these requirements better: " in found.message
    assert not any("linux/amd64" in note for note in found.notes)


def test_fl502_the_full_image_for_wheels_alone(check, project):
    wheels = project("flask-3.1.0-py3-none-any.whl")
    assert "alpine" in only(check("FL502", synced("python:3.12"), wheels)).message
    besides = synced("python:3.12") + "RUN apt-get update && apt-get install -y chromium\n"
    assert "slim" in only(check("FL502", besides, wheels)).message
    front = "FROM node:22-alpine AS front\nRUN apk add nginx\n"
    assert "slim" in only(check("FL502", f"{front}{besides}COPY --from=front /dist /dist\n", wheels)).message
    built = synced("python:3.12") + "RUN apt-get update && apt-get install -y build-essential libpq-dev\n"
    assert "alpine" in only(check("FL502", built, wheels)).message
    for_glibc = project("torchvision-0.20.1-cp312-cp312-manylinux1_x86_64.whl")
    assert "slim" in only(check("FL502", synced("python:3.12"), for_glibc)).message
    assert not check("FL502", synced("python:3.12-slim"), wheels)
    assert not check("FL502", synced("python:3.12"), project("lxml-5.2.2.tar.gz"))


@pytest.mark.parametrize(
    ("code", "files", "line"),
    [
        ("FL902", {}, "RUN pip install -r requirements.txt"),
        ("FL903", {"uv.lock": "version = 99\n", "pyproject.toml": "[project]\nname='a'\nversion='1'\n"}, None),
        (
            "FL904",
            {"requirements.txt": "flask>=3 and <4\n"},
            "COPY requirements.txt .\nRUN pip install -r requirements.txt",
        ),
    ],
)
def test_what_is_wrong_with_the_sources(check, code, files, line):
    text = f"FROM python:3.12-slim\n{line}\n" if line else synced("python:3.12-slim")
    assert only(check(code, text, files)).severity is Severity.ERROR


def test_sources_that_are_right_are_left_alone(check, project):
    for code in ("FL902", "FL903", "FL904"):
        assert not check(code, synced("python:3.12-slim"), project("flask-3.1.0-py3-none-any.whl"))


def test_fl905_a_name_that_the_index_does_not_know(check):
    with IndexServer() as server:
        server.add("flask", wheel("flask", "3.1.0"))
        settings = {"offline": False, "index_url": server.url}
        found = only(check("FL905", "FROM python:3.12-slim\nRUN pip install flaks\n", **settings))
        assert "does not know flaks" in found.message
        assert not check("FL905", "FROM python:3.12-slim\nRUN pip install flask\n", **settings)


def test_fl906_only_what_could_not_be_asked(check):
    text = "FROM python:3.12-slim\nRUN pip install some-private-package\n"
    assert "some-private-package" in only(check("FL906", text)).message
    assert only(check("FL906", text, strict=True)).severity is Severity.ERROR
    assert not check("FL906", "FROM python:3.12-slim\nRUN pip install itsdangerous==2.2.0\n")


def test_fl907_an_unknown_base_and_how_to_say_what_it_is(check):
    text = "FROM registry.example.com/base:7\nRUN pip install psycopg2==2.9.10\n"
    assert "registry.example.com/base:7" in only(check("FL907", text)).message
    known = {"images": {"registry.example.com/*": "python:3.12-slim-bookworm"}}
    assert not check("FL907", text, **known)
    assert only(check("FL201", text, **known)).missing == ("gcc", "libc6-dev", "libpq-dev")


def test_fl908_an_argument_without_a_value(check):
    text = "ARG BASE\nFROM ${BASE}\nRUN pip install flask\n"
    assert "BASE" in only(check("FL908", text)).message
    assert not check("FL908", text, build_arg={"BASE": "python:3.12-slim"})


def test_fl908_names_the_image_alone_and_nothing_of_what_stands_on_windows(check):
    base, windows = (
        "FROM ${BASE} AS build\nFROM build\nRUN pip install flask\n",
        "mcr.microsoft.com/windows/servercore:ltsc2022",
    )
    assert only(check("FL908", f"ARG BASE\n{base}")).message == "${BASE}: ARG BASE has no value"
    text = f'FROM {windows} AS build\nSHELL ["powershell", "-Command"]\nRUN $x = 1\nFROM build\nRUN $y = 2\n'
    assert only(check("FL908", text)).message == f"{windows}: it is a Windows image, which is out of scope"
    linux = text.replace(windows, "python:3.12-slim")
    assert [found.span.line for found in check("FL908", linux)] == [3, 5]


def test_fl909_an_ignore_that_ignores_nothing(check):
    text = "FROM python:3.12-slim\n# fromlint: ignore=FL909,FL202\nRUN true\n"
    assert not check("FL909", text)
    assert only(check("FL909", "FROM python:3.12-slim\n# fromlint: ignore\nRUN true\n")).span.line == 2
