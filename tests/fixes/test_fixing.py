"""``--fix`` as a user has it: what becomes of whole Dockerfiles."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fromlint.cli import cli
from fromlint.dockerfile.parse import parse
from fromlint.dockerfile.stages import stages

PULLED = "flask @ git+https://example.com/flask\n"


@pytest.fixture
def project(tmp_path, monkeypatch):
    folder = tmp_path / "project"
    (folder / ".git").mkdir(parents=True)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("FROMLINT_CACHE_DIR", str(tmp_path / "cache"))
    (folder / "requirements.txt").write_text(PULLED)
    return folder


def check(*words, stdin=None):
    words = ("check", "--offline", "--as-of", "2026-11-22", *words)
    return CliRunner().invoke(cli, words, input=stdin, catch_exceptions=False)


def fixed(project: Path, dockerfile: str | bytes, *words: str) -> str:
    """The Dockerfile after ``--fix``; a second time changes nothing."""
    file = project / "Dockerfile"
    file.write_bytes(dockerfile if isinstance(dockerfile, bytes) else dockerfile.encode())
    check("--fix", *words)
    after = file.read_bytes()
    assert check("--diff", *words).stdout == ""
    check("--fix", *words)
    assert file.read_bytes() == after
    return after.decode()


TAIL = "COPY requirements.txt .\nRUN pip install -r requirements.txt\n"
OWN = "RUN apt-get update \\\n    && apt-get install -y --no-install-recommends git \\\n    && rm -rf /var/lib/apt/lists/*\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # A line of its own, in front of the comment that belongs to the install.
        (
            "FROM python:3.12-slim-trixie\nCOPY requirements.txt .\n\n# all we need\nRUN pip install -r requirements.txt\n",
            "FROM python:3.12-slim-trixie\nCOPY requirements.txt .\n\n"
            f"{OWN}# all we need\nRUN pip install -r requirements.txt\n",
        ),
        (
            "FROM python:3.12-alpine\n" + TAIL,
            "FROM python:3.12-alpine\n" + TAIL.replace("RUN", "RUN apk add --no-cache git\nRUN"),
        ),
        # A line that is there, in its style.
        (
            "FROM python:3.12-slim-trixie\nRUN apt-get update && apt-get install -y curl wget && rm -rf /var/lib/apt/lists/*\n"
            + TAIL,
            "FROM python:3.12-slim-trixie\nRUN apt-get update && apt-get install -y curl wget git && rm -rf /var/lib/apt/lists/*\n"
            + TAIL,
        ),
        (
            "FROM python:3.12-slim-trixie\nRUN apt-get update && apt-get install -y \\\n\tcurl \\\n\t# why\n\twget\n"
            + TAIL,
            "FROM python:3.12-slim-trixie\nRUN apt-get update && apt-get install -y \\\n\tcurl \\\n\t# why\n\twget \\\n\tgit\n"
            + TAIL,
        ),
        (
            "FROM python:3.12-slim-trixie\nRUN <<EOF\napt-get update\napt-get install -y curl\nEOF\n" + TAIL,
            "FROM python:3.12-slim-trixie\nRUN <<EOF\napt-get update\napt-get install -y curl git\nEOF\n" + TAIL,
        ),
        (
            "FROM python:3.12-alpine\nRUN apk add --no-cache --virtual .build gcc musl-dev\n" + TAIL,
            "FROM python:3.12-alpine\nRUN apk add --no-cache --virtual .build gcc musl-dev git\n" + TAIL,
        ),
        # Names from a variable, with versions or in quotation marks are left alone.
        (
            "FROM python:3.12-slim-trixie\nENV P=curl\nRUN apt-get update && apt-get install -y $P\n" + TAIL,
            "FROM python:3.12-slim-trixie\nENV P=curl\nRUN apt-get update && apt-get install -y $P\n"
            + TAIL.replace("RUN", OWN + "RUN"),
        ),
        # Before the user changes, or as root for a moment.
        (
            "FROM python:3.12-slim-trixie\nUSER app\n" + TAIL,
            f"FROM python:3.12-slim-trixie\n{OWN}USER app\n{TAIL}",
        ),
        (
            "FROM python:3.12-slim-trixie AS base\nUSER app\nFROM base\n" + TAIL,
            "FROM python:3.12-slim-trixie AS base\nUSER app\nFROM base\n"
            + TAIL.replace("RUN", f"USER root\n{OWN}USER app\nRUN"),
        ),
        # Today's name, the lists, the order.
        (
            "FROM python:3.12-slim-trixie\nRUN apt-get update && apt-get install -y libgl1-mesa-glx\n",
            "FROM python:3.12-slim-trixie\nRUN apt-get update && apt-get install -y libgl1\n",
        ),
        (
            "FROM python:3.12-slim-trixie\nRUN apt-get install -y curl\n",
            "FROM python:3.12-slim-trixie\nRUN apt-get update && apt-get install -y curl\n",
        ),
        # A tool that a RUN uses.
        (
            "FROM python:3.12-slim-trixie\nRUN git clone https://example.com/x\n",
            f"FROM python:3.12-slim-trixie\n{OWN}RUN git clone https://example.com/x\n",
        ),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_fixed(project, before, after, newline):
    assert fixed(project, before.replace("\n", newline)) == after.replace("\n", newline)


@pytest.mark.parametrize(
    "dockerfile",
    [
        "# fromlint: ignore[FL202]\nFROM python:3.12-slim-trixie\n" + TAIL,
        "FROM registry.example.com/base\n" + TAIL,
        "FROM python:3.12\n" + TAIL,
        "FROM python:3.12-slim-trixie\nFORM x\nRUN true\n",
    ],
)
def test_where_nothing_is_to_be_fixed_nothing_changes(project, dockerfile):
    (project / "requirements.txt").write_text("")
    assert fixed(project, dockerfile) == dockerfile


def test_a_line_that_comes_too_late_is_moved_with_its_comment(project):
    (project / "requirements.txt").write_text("psycopg2==2.9.10\n")
    late = "# to compile\nRUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev libpq-dev\n"
    first = "FROM python:3.12-slim-trixie\nCOPY requirements.txt .\n"
    install = "RUN pip install --no-binary :all: -r requirements.txt\n"
    assert fixed(project, f"{first}{install}{late}CMD x\n").startswith(f"{first}{late}{install}")


def test_unsafe_fixes_take_another_tag(project):
    before = "FROM python:3.12-bookworm-slim\nRUN true\n"
    assert fixed(project, before) == before
    assert fixed(project, before, "--unsafe-fixes") == "FROM python:3.12-slim-bookworm\nRUN true\n"


def test_a_codename_is_pinned_where_that_rule_is_selected(project):
    before = "FROM python:3.12-slim AS x\nRUN true\n"
    assert fixed(project, before) == before
    assert fixed(project, before, "--select", "FL504") == "FROM python:3.12-slim-trixie AS x\nRUN true\n"


def test_the_difference_is_shown_and_nothing_is_written(project):
    before = "FROM python:3.12-slim-trixie\nRUN apt-get install -y curl"
    (project / "Dockerfile").write_text(before)
    result = check("--diff")
    assert result.exit_code == 1
    assert result.stdout == (
        "--- Dockerfile\n+++ Dockerfile\n@@ -1,2 +1,2 @@\n FROM python:3.12-slim-trixie\n"
        "-RUN apt-get install -y curl\n\\ No newline at end of file\n"
        "+RUN apt-get update && apt-get install -y curl\n\\ No newline at end of file\n"
    )
    assert (project / "Dockerfile").read_text() == before


def test_stdin_is_printed_as_it_is_fixed(project):
    result = check("-", "--fix", stdin="FROM python:3.12-slim-trixie\nRUN apt-get install -y curl\n")
    assert result.stdout == "FROM python:3.12-slim-trixie\nRUN apt-get update && apt-get install -y curl\n"
    assert result.exit_code == 0


def test_a_file_outside_of_the_repository_is_not_written(project, tmp_path):
    outside = tmp_path / "outside"
    outside.write_text("FROM python:3.12-slim-trixie\nRUN apt-get install -y curl\n")
    (project / "Dockerfile").symlink_to(outside)
    before = outside.read_bytes()
    (outside.parent / ".git").mkdir()
    result = check("--fix", str(project / "Dockerfile"))
    assert "it is a link that leads out of the repository" in result.stdout
    assert (project / "Dockerfile").is_symlink()
    assert outside.read_bytes() == before


def test_a_link_within_the_repository_stays_one(project):
    (project / "real").write_text("FROM python:3.12-slim-trixie\nRUN apt-get install -y curl\n")
    (project / "Dockerfile").symlink_to("real")
    check("--fix", str(project / "Dockerfile"))
    assert (project / "Dockerfile").is_symlink()
    assert "apt-get update" in (project / "real").read_text()


def test_a_file_that_cannot_be_written_is_named_with_exit_code_2(project, monkeypatch):
    (project / "Dockerfile").write_text("FROM python:3.12-slim-trixie\nRUN apt-get install -y curl\n")

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "replace", refuse)
    result = check("--fix")
    assert result.exit_code == 2
    assert "cannot be written: Permission denied" in result.stderr
    assert [name for name in os.listdir(project) if name.startswith(".Docker")] == []


def test_a_stage_that_compiles_is_split_where_that_is_asked_for(project):
    (project / "requirements.txt").write_text("psycopg2==2.9.10\n")
    tools = "RUN apt-get update \\\n    && apt-get install -y gcc libc6-dev libpq-dev \\\n    && rm -rf /var/lib/apt/lists/*\n"
    head = "# what we run\nFROM python:3.12-slim-trixie AS app\nWORKDIR /app\n# to compile\n"
    end = 'COPY . .\nUSER nobody\nCMD ["python", "-m", "app"]\n'
    before = f"{head}{tools}COPY requirements.txt .\n# all we need\nRUN pip install -r requirements.txt\n{end}"
    assert fixed(project, before) == before
    after = fixed(project, before, "--unsafe-fixes")
    venv = "RUN python -m venv /opt/venv\nENV PATH=/opt/venv/bin:$PATH\n"
    libraries = OWN.replace("git", "libpq5")
    assert after == (
        f"{head.replace('AS app', 'AS build')}{tools}COPY requirements.txt .\n{venv}"
        "# all we need\nRUN pip install -r requirements.txt\n\n"
        f"FROM python:3.12-slim-trixie AS app\nWORKDIR /app\n{libraries}COPY requirements.txt .\n"
        f"COPY --from=build /opt/venv /opt/venv\nENV PATH=/opt/venv/bin:$PATH\n{end}"
    )


def test_an_environment_is_built_on_the_base_that_runs_it_where_that_is_asked_for(project):
    (project / "requirements.txt").write_text("Flask==3.1.0\n")
    build = "FROM python:3.11-slim-trixie AS build\nRUN python -m venv /venv\nCOPY requirements.txt .\n"
    install = "RUN /venv/bin/pip install -r requirements.txt\n"
    final = "FROM python:3.12-slim-trixie\nCOPY --from=build /venv /venv\n"
    assert fixed(project, build + install + final) == build + install + final
    after = fixed(project, build + install + final, "--unsafe-fixes")
    assert after == build.replace("3.11", "3.12") + install + final


@pytest.mark.parametrize(
    "more",
    [
        "RUN ls /usr/local/lib/python3.12/site-packages\n",
        'CMD ["/usr/local/bin/gunicorn", "app"]\n',
        "RUN apt-get update && apt-get install -y gcc make && make\n",
        "USER app\nRUN pip install flask\n",
        "FROM scratch\n",
    ],
)
def test_a_stage_that_is_not_plain_is_not_split(project, more):
    (project / "requirements.txt").write_text("psycopg2==2.9.10\n")
    tools = "RUN apt-get update && apt-get install -y gcc libc6-dev libpq-dev\n"
    before = f"FROM python:3.12-slim-trixie\n{tools}{TAIL}{more}"
    assert "AS build" not in fixed(project, before, "--unsafe-fixes")


# --- any file ---------------------------------------------------------------------------------------------------------

# What Dockerfiles of projects are put together from. FROMLINT_EXAMPLES=5000 runs the long form.
_EXAMPLES = int(os.environ.get("FROMLINT_EXAMPLES", "40"))
_BASES = [
    "python:3.12-slim-trixie",
    "python:3.12-slim-bookworm",
    "python:3.12-alpine",
    "python:3.12",
    "python:3.12-slim-trixie@sha256:" + "0" * 64,
    "debian:trixie-slim",
    "$BASE",
    "registry.example.com/own:1",
]
_LINES = [
    "RUN apt-get update && apt-get install -y curl",
    "RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev libpq-dev && rm -rf /var/lib/apt/lists/*",
    "RUN apt-get update \\\n    && apt-get install -y \\\n    gcc \\\n    # note\n    make",
    "RUN apt-get install -y \\\n\tgcc \\\n\n\t# note\n\tmake",
    "run apt-get -y install build-essential; rm -r /var/lib/apt/lists/*",
    "RUN apt-get update && apt-get install -y libgl1-mesa-glx=1.* wget",
    'RUN set -eux; \\\n    apt-get update; \\\n    apt-get install -y "curl" ${MORE}',
    "RUN --mount=type=cache,target=/var/lib/apt/lists apt-get update && apt-get install -y netcat",
    "RUN apk add --no-cache curl",
    "RUN apk add --no-cache --virtual .build gcc musl-dev && pip install psycopg2==2.9.10 && apk del .build",
    "RUN git clone https://example.com/x && make",
    "RUN curl -sSf https://example.com/x | sh || true",
    "RUN pip install -r requirements.txt",
    "RUN pip install --no-cache-dir -r requirements.txt \\\n    && pip check",
    "  RUN python -m pip install psycopg2==2.9.10",
    "RUN python -m venv /opt/venv && /opt/venv/bin/pip install -r requirements.txt",
    "RUN uv pip install --system -r requirements.txt",
    "RUN <<EOF\napt-get install -y git\n# inside\npip install -r requirements.txt\nEOF",
    "RUN <<-'EOF'\n\tset -e\n\tapt-get update\n\tapt-get install -y libgl1-mesa-glx\n\tEOF",
    "COPY <<END /etc/thing.conf\nFROM here\nRUN there\nEND",
    "COPY requirements.txt .",
    "COPY . /app",
    "COPY --from=build /opt/venv /opt/venv",
    "WORKDIR /app",
    "ARG MORE=vim",
    "USER app",
    "USER root",
    "ENV A=b",
    "ENV PATH=/opt/venv/bin:$PATH",
    "# a comment",
    "    # an indented one",
    "",
    'CMD ["curl", "x"]',
    "HEALTHCHECK CMD curl -f http://localhost/",
    'ENTRYPOINT ["python", "-m", "app"]',
    'SHELL ["/bin/bash", "-c"]',
    "ONBUILD RUN pip install flask",
    "NONSENSE here",
]
_STAGES = st.one_of(
    st.sampled_from(_BASES).flatmap(lambda base: st.sampled_from([f"FROM {base}", f"FROM {base} AS build"])),
    st.just("FROM build"),
)
_REQUIREMENTS = st.lists(
    st.sampled_from(
        ["psycopg2==2.9.10", "opencv-python==4.10.0.84", "Flask==3.1.0", "lxml==5.2.2  # why", PULLED.strip(), "# note"]
    ),
    max_size=4,
)


@settings(max_examples=_EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(
    st.lists(st.tuples(_STAGES, st.lists(st.sampled_from(_LINES), max_size=8)), min_size=1, max_size=3),
    st.sampled_from(["", "# syntax=docker/dockerfile:1\n", "ARG BASE=python:3.12-slim\n", "# escape=`\n", "\ufeff"]),
    _REQUIREMENTS,
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
    st.booleans(),
)
def test_any_fixed_file_parses_has_the_same_stages_and_is_fixed_for_good(
    project, parts, head, wanted, newline, ended, unsafe
):
    lines = [line for opening, lines in parts for line in (opening, *lines)]
    text = (head + "\n".join(lines) + ("\n" if ended else "")).replace("\n", newline)
    before = text.encode()
    (project / "Dockerfile").write_bytes(before)
    (project / "requirements.txt").write_text("".join(f"{line}\n" for line in wanted))
    words = ("--unsafe-fixes",) if unsafe else ("--fix",)
    check(*words)
    after = (project / "Dockerfile").read_bytes()
    required = (project / "requirements.txt").read_text()
    old, new = (parse(content, "Dockerfile") for content in (before, after))
    assert len(old.problems) == len(new.problems)
    split = after.count(b"RUN python -m venv /opt/venv" + newline.encode()) if unsafe else 0
    assert len(stages(new)) == len(stages(old)) + split
    assert {comment.text for comment in old.comments} <= {comment.text for comment in new.comments}
    assert [each.keyword for each in old.instructions if each.heredocs] == [
        each.keyword for each in new.instructions if each.heredocs
    ]
    assert after.count(b"\r\n") == after.count(b"\n") or newline == "\n"
    assert after.startswith(b"\xef\xbb\xbf") == before.startswith(b"\xef\xbb\xbf")
    check(*words)
    assert (project / "Dockerfile").read_bytes() == after
    assert (project / "requirements.txt").read_text() == required
