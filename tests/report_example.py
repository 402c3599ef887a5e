"""A report for the tests of its formats: one finding with everything that a finding can have."""

from fromlint.dockerfile.parse import parse
from fromlint.model.finding import Edit, Finding, Fix, Label, Severity, Skipped, Subject
from fromlint.model.place import Span
from fromlint.model.project import Project, Report

DOCKERFILE = "FROM python:3.12-alpine\nCOPY requirements.txt .\n\nRUN pip install -r requirements.txt\n"
NASTY = 'evil"<script>\x1b[2J%::|`@everyone`'


def finding(name="psycopg2", code="FL201", severity=Severity.ERROR):
    return Finding(
        code,
        "missing-build-tools",
        severity,
        f"{name} 2.9.10 has no musllinux wheel and cannot be compiled here",
        Span("Dockerfile", 4, 1, 4, 36),
        label="needs gcc",
        stage=0,
        platforms=("linux/amd64",),
        subject=Subject(name, "2.9.10", "requirements.txt", 2, ()),
        missing=("gcc", "musl-dev"),
        related=(
            Label(Span("Dockerfile", 1, 6, 1, 24), "musl 1.2 (Alpine 3.24), CPython 3.12"),
            Label(Span("requirements.txt", 2, 1, 2, 17), "only an sdist fits"),
        ),
        help=("add before it: apk add --no-cache gcc musl-dev",),
    )


def report(*findings):
    platforms = ("linux/amd64",)
    project = Project(parse(DOCKERFILE.encode(), "Dockerfile"), (), platforms, platforms, (), (), (), "", "")
    sources = {
        "Dockerfile": tuple(DOCKERFILE.splitlines(keepends=True)),
        "requirements.txt": ("numpy==2.1.3\n", "psycopg2==2.9.10\n"),
    }
    return Report((project,), findings, (Skipped("env.yml", "conda is out of scope", "Dockerfile", 4),), sources)


def with_fix():
    """A finding whose fix changes two files, each at the start of a line."""
    return finding()._replace(
        code="FL203",
        rule="build-tools-after-install",
        severity=Severity.WARNING,
        span=Span("Dockerfile", 2, 1, 2, 1),
        notes=("not certain",),
        fixes=(
            Fix(
                "add gcc",
                True,
                (
                    Edit(Span("Dockerfile", 2, 1, 2, 1), "RUN apk add gcc\n"),
                    Edit(Span("requirements.txt", 2, 1, 2, 1), "# compiled\n"),
                ),
            ),
        ),
    )
