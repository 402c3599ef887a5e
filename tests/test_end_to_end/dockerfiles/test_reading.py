"""What the text says: directives, heredocs, variables, shell; and what comes of files that commands make."""

import pytest

NEEDS = {"requirements.txt": "flask==3.0.3\n"}


@pytest.mark.parametrize(
    ("dockerfile", "image"),
    [
        ("ARG TAG=3.12-slim\nFROM python:${TAG}\n", "python:3.12-slim"),
        ("ARG TAG\nFROM python:${TAG:-3.12-slim}\n", "python:3.12-slim"),
        ("ARG TAG\nFROM python${TAG:+:3.11}\n", "python"),
        ("ARG V=3.12 D=slim\nARG TAG=$V-$D\nFROM python:$TAG\n", "python:3.12-slim"),
        ("ARG V=3.12-slim-bookworm\nFROM python:${V%-*}\n", "python:3.12-slim"),
        ("ARG V=alpine-3.12\nFROM python:${V#alpine-}-alpine\n", "python:3.12-alpine"),
        ("ARG V=3_12\nFROM python:${V/_/.}\n", "python:3.12"),
        ("# escape=`\nFROM `\n python:3.12\n", "python:3.12"),
        ("# syntax=docker/dockerfile:1\n# escape=`\n# check=skip=all\nfrom python:3.12 as x\n", "python:3.12"),
        ("FROM --platform=$BUILDPLATFORM python:3.12\n", "python:3.12"),
        ("\ufeffFROM python:3.12\n", "python:3.12"),
        ("FROM python:3.12\r\nRUN true\r\n", "python:3.12"),
    ],
)
def test_the_image_of_a_stage(check, dockerfile, image):
    assert check(files={"Dockerfile": dockerfile.encode()}).stages == [image]


def test_an_argument_without_value_makes_that_image_unknown_and_no_other(check):
    found = check("ARG TAG\nFROM python:$TAG AS a\nRUN pip install x\nFROM python:3.12-slim\nRUN pip install flask\n")
    assert found.stages == [None, "python:3.12-slim"]
    (finding,) = found.found("FL908")
    assert "TAG" in finding.message
    assert finding.span.line == 2


def test_an_argument_is_given_a_value(check):
    found = check("ARG TAG=3.11\nFROM python:$TAG\n", build_arg={"TAG": "3.12-slim"})
    assert found.stages == ["python:3.12-slim"]


def test_a_windows_image_is_out_of_scope_and_its_shell_is_not_misread(check):
    found = check(
        """
        # escape=`
        FROM mcr.microsoft.com/windows/servercore:ltsc2022
        SHELL ["powershell", "-Command"]
        RUN Invoke-WebRequest x -OutFile y; `
            pip install flask
        """
    )
    assert found.codes == ["FL908"]
    assert "Windows" in found.found("FL908")[0].message
    assert all(not facts.installs for facts in found.project.stages)


@pytest.mark.parametrize(
    "value", ["ARG VERSION", "ARG VERSION=", 'ARG VERSION=""', "ARG VERSION= # CHANGE ME ON UPDATE"]
)
@pytest.mark.parametrize(
    "word", ["flask==$VERSION", '"flask==${VERSION}"', "'flask>='$VERSION", "git+https://x/y@$VERSION"]
)
def test_a_requirement_with_an_argument_without_value_is_unknown_and_never_bad(check, value, word):
    found = check(
        f"FROM python:3.12-slim\nRUN apt-get update && apt-get install -y git\n{value}\nRUN pip install {word}\n"
    )
    assert found.codes == ["FL908"]


def test_an_empty_argument_is_nothing_where_nothing_is_wanted_of_it(check):
    found = check('FROM python:3.12-slim\nARG EXTRA=""\nRUN pip install $EXTRA flask$EXTRA\n')
    assert found.names() == ["flask"]
    assert found.codes == []


@pytest.mark.parametrize(
    "lines",
    [
        'RUN BUILD="gcc libpq-dev"; apt-get update && apt-get install -y $BUILD',
        "RUN set -ex; build='\\\n  gcc \\\n  libpq-dev \\\n'; apt-get update; apt-get install -y $build",
        'ENV BUILD="gcc libpq-dev"\nRUN apt-get update && apt-get install -y ${BUILD}',
        'ARG LIST="\\\n  # C \\\n  gcc \\\n  # libpq\n  libpq-dev"\nRUN apt-get update; apt-get install -y $LIST',
        "RUN apt-get update && for name in gcc libpq-dev; do apt-get install -y $name; done",
        "RUN apt-get update && if true; then apt-get install -y gcc libpq-dev; fi",
        'RUN add() { apt-get install -y "$@"; }; apt-get update && add gcc libpq-dev',
        "RUN sh -c 'apt-get update && apt-get install -y gcc libpq-dev'",
        "RUN (apt-get update && sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y gcc libpq-dev)",
        "RUN <<EOF\nset -e\napt-get update\napt-get install -y gcc \\\n  libpq-dev\nEOF",
        "RUN <<-'ONE' cat && apt-get update && apt-get install -y gcc libpq-dev\n\ttext\n\tONE",
        'RUN ["sh", "-c", "apt-get update && apt-get install -y gcc libpq-dev"]',
        'SHELL ["/bin/bash", "-euo", "pipefail", "-c"]\nRUN apt-get update && apt-get install -y gcc libpq-dev | cat',
        "RUN apt-get update && \\\n\n# a comment\n\n    apt-get install -y gcc libpq-dev",
    ],
)  # fmt: skip
def test_system_packages_are_seen_however_they_are_named(check, lines):
    found = check(f"FROM python:3.12-slim\n{lines}\nRUN pip install psycopg2==2.9.10\n")
    assert found.found("FL201") == []
    assert [finding.subject.name for finding in found.found("FL107")] == ["psycopg2"]


def test_without_them_the_build_fails(check):
    (finding,) = check("FROM python:3.12-slim\nRUN pip install psycopg2==2.9.10\n").found("FL201")
    assert {"gcc", "libpq-dev"} <= set(finding.missing)


def test_a_broken_script_yields_what_can_be_known(check):
    found = check("FROM python:3.12-slim\nRUN pip install flask && if [ ; then fi )) done pip install 'x\nRUN true\n")
    assert "flask" in found.names(2)


@pytest.mark.parametrize(
    ("make", "names"),
    [
        ("RUN sed -i '/flask/d' requirements.txt", ["django", "pytest"]),
        ("RUN sed -i -e '/^flask/d' -e 's/django/django[argon2]/' requirements.txt", ["django", "pytest"]),
        ("RUN sed -i '/# Development/,$d' requirements.txt", ["django", "flask"]),
        ("RUN grep -v flask requirements.txt > r && mv r requirements.txt", ["django", "pytest"]),
        ("RUN grep -viE '^(flask|pytest)' requirements.txt > r.txt && cp r.txt requirements.txt", ["django"]),
        ("RUN echo gunicorn >> requirements.txt", ["django", "flask", "gunicorn", "pytest"]),
        ("RUN echo 'gunicorn>=20' > requirements.txt", ["gunicorn"]),
        ("RUN printf '%s\\n' gunicorn >> requirements.txt", ["django", "flask", "gunicorn", "pytest"]),
        ("RUN cat <<EOF > requirements.txt\ngunicorn\nuvicorn\nEOF", ["gunicorn", "uvicorn"]),
        ("RUN cat > requirements.txt <<-EOF\n\tgunicorn\n\tEOF", ["gunicorn"]),
        ("COPY <<EOF requirements.txt\ngunicorn\nEOF", ["gunicorn"]),
        ("COPY <<one <<two /app/\nx\none\ny\ntwo\nRUN mv one requirements.txt", ["x"]),
        ("RUN touch requirements.txt", ["django", "flask", "pytest"]),
        ("RUN mkdir old && mv requirements.txt old/ && cp old/requirements.txt .", ["django", "flask", "pytest"]),
    ],
)  # fmt: skip
def test_what_commands_make_of_a_requirements_file(check, make, names):
    found = check(
        f"FROM python:3.12-slim\nWORKDIR /app\nCOPY requirements.txt ./\n{make}\nRUN pip install -r requirements.txt\n",
        {"requirements.txt": "flask==3.0.3\ndjango\n# Development\npytest\n"},
    )
    needs = found.install().needs
    assert sorted(each.name for each in needs.requirements) == names
    assert (needs.unknown, needs.missing, needs.bad) == ((), (), ())


@pytest.mark.parametrize(
    "make",
    [
        "RUN python make.py > requirements.txt",
        "RUN python make.py && mv made.txt requirements.txt",
        "RUN sed -i '/flask/{N;d}' requirements.txt",
        "RUN if [ -f x ]; then sed -i '/flask/d' requirements.txt; fi",
        "RUN pip freeze | grep -v flask > requirements.txt",
    ],
)
def test_what_cannot_be_followed_is_unknown(check, make):
    found = check(
        f"FROM python:3.12-slim\nCOPY requirements.txt ./\n{make}\nRUN pip install -r requirements.txt\n", NEEDS
    )
    assert found.names() == []
    assert found.codes == ["FL908"]
