"""Scripts whose interpreter is not there."""

import pytest

from fromlint import run
from fromlint.discovery.context import Context
from fromlint.model.build import FileMade, FilesCopied, FilesRemoved
from fromlint.project.walking.layers import ImageFiles, Layer
from fromlint.project.walking.scripts import started
from fromlint.rules import fl209

START = 'COPY entrypoint.sh /entrypoint.sh\nENTRYPOINT ["/entrypoint.sh"]\n'
BASH = "#!/bin/bash\nexec python app.py\n"


@pytest.fixture
def check(tmp_path, monkeypatch):
    """``check(dockerfile, script)``: the findings where ``entrypoint.sh`` in the build context holds the script."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FROMLINT_CACHE_DIR", str(tmp_path / "cache"))

    def checked(dockerfile, script):
        (tmp_path / "Dockerfile").write_text(dockerfile)
        (tmp_path / "entrypoint.sh").write_bytes(script.encode())
        given = {"offline": True, "as_of": "2026-11-22", "select": ("FL901",)}
        (project,) = run.check([tmp_path / "Dockerfile"], given).report.projects
        context = Context(str(tmp_path), shown=".")
        stages = []
        for stage in project.stages:
            layer = None
            for step in stage.steps:
                if isinstance(step.event, FilesCopied | FileMade | FilesRemoved):
                    layer = Layer(step.event, layer)
            files = ImageFiles(layer, context, lambda name: None)
            stages.append(stage._replace(scripts=started(stage.steps, files, stage.environment.directory)))
        return tuple(fl209.check(project._replace(stages=tuple(stages))))

    return checked


def test_a_bash_script_on_alpine_is_named_where_it_is_started(check):
    (found,) = check(f"FROM python:3.12-alpine\n{START}", BASH)
    assert found.message == "entrypoint.sh is for bash, which is not installed"
    assert found.span.line == 3
    assert found.missing == ("bash",)
    assert any(label.span.file == "entrypoint.sh" and label.text == "needs /bin/bash" for label in found.related)


@pytest.mark.parametrize(
    "start",
    [
        "COPY entrypoint.sh /usr/local/bin/\nCMD entrypoint.sh\n",
        'WORKDIR /app\nCOPY . .\nCMD ["./entrypoint.sh"]\n',
        'COPY --chmod=755 entrypoint.sh /usr/local/bin/start\nENTRYPOINT ["start"]\n',
        'RUN apk add --no-cache tini\nCOPY entrypoint.sh /\nENTRYPOINT ["tini", "--", "/entrypoint.sh"]\n',
    ],
)
def test_wherever_it_is_copied_to(check, start):
    assert len(check(f"FROM python:3.12-alpine\n{start}", "#!/usr/bin/env bash\n")) == 1


def test_a_carriage_return_is_part_of_the_name(check):
    (found,) = check(f"FROM python:3.12-slim\n{START}", "#!/bin/sh\r\nexec python app.py\r\n")
    assert "CRLF" in found.message


def test_the_distributions_python_by_its_path(check):
    (found,) = check(f"FROM python:3.12-slim\n{START}", "#!/usr/bin/python3\n")
    assert found.help == ("begin it with #!/usr/bin/env python3",)


@pytest.mark.parametrize(
    ("dockerfile", "script"),
    [
        (f"FROM python:3.12-slim\n{START}", BASH),
        (f"FROM python:3.12-alpine\nRUN apk add --no-cache bash\n{START}", BASH),
        (f"FROM python:3.12-alpine\n{START}", "#!/bin/sh\nexec python app.py\n"),
        (f"FROM python:3.12-alpine\n{START}", "exec python app.py\n"),
        (f"FROM python:3.12-alpine\n{START}", "#!/usr/bin/env python3\n"),
        (f"FROM python:3.12\n{START}", "#!/usr/bin/python3\n"),
        (f"FROM python:3.12-alpine\nRUN sed -i 's/\\r//' /entrypoint.sh\n{START}", "#!/bin/sh\n"),
        (
            "FROM python:3.12-alpine\nCOPY entrypoint.sh /entrypoint.sh\nRUN sed -i 's/\\r$//' /entrypoint.sh\n"
            'ENTRYPOINT ["/entrypoint.sh"]\n',
            "#!/bin/sh\r\n",
        ),
        ('FROM python:3.12-alpine\nCOPY entrypoint.sh /\nCMD ["sh", "/entrypoint.sh"]\n', BASH),
        (f"FROM registry.corp/base:1\n{START}", BASH),
        (f"FROM python:3.12-alpine AS old\n{START}FROM python:3.12-alpine\n", BASH),
        (f'FROM python:3.12-alpine AS old\n{START}FROM old\nENTRYPOINT ["python"]\n', BASH),
    ],
)
def test_a_script_that_starts_is_left_alone(check, dockerfile, script):
    assert not check(dockerfile, script)
