"""System packages of Python modules beside another Python."""

import pytest

WANTED = {"requirements.txt": "numpy==2.2.0\nPyYAML==6.0.2\nopencv-python-headless==4.10.0.84\n"}
INSTALL = "COPY requirements.txt ./\nRUN pip install -r requirements.txt\n"
SLIM = "FROM python:3.12-slim\nRUN apt-get update && apt-get install -y "


@pytest.mark.parametrize(
    ("dockerfile", "package"),
    [
        (f"FROM python:3.12-alpine\nRUN apk add --no-cache py3-numpy\n{INSTALL}", "py3-numpy"),
        (f"{SLIM}python3-yaml\n{INSTALL}", "python3-yaml"),
        (f"{SLIM}python3-opencv\n{INSTALL}", "python3-opencv"),
    ],
)
def test_a_module_for_the_other_python_is_named_at_its_word(check, dockerfile, package):
    (found,) = check("FL303", dockerfile, WANTED)
    assert found.message == f"{package} is for /usr/bin/python3, and this image runs /usr/local/bin/python3"
    assert found.span.line == 2
    assert found.span.end_column - found.span.column == len(package)


@pytest.mark.parametrize(
    "dockerfile",
    [
        f"{SLIM}python3-dev python3-pip python3-venv python3-lxml\n{INSTALL}",
        f"FROM alpine:3.22\nRUN apk add --no-cache python3 py3-pip py3-numpy\n{INSTALL}",
        f"FROM debian:12\nRUN apt-get update && apt-get install -y python3-pip python3-numpy\n{INSTALL}",
        f"{SLIM}python3-numpy\n{INSTALL}RUN /usr/bin/python3 tool.py\n",
        f"{SLIM}python3-numpy\nENV PYTHONPATH=/usr/lib/python3/dist-packages\n{INSTALL}",
        f"{SLIM}python3-numpy\nRUN /usr/bin/python3 -m venv --system-site-packages /v\n{INSTALL}",
        f"{SLIM}python3-numpy\n",
        f"FROM registry.corp/base:1\nRUN apt-get install -y python3-numpy\n{INSTALL}",
    ],
)
def test_what_is_used_or_not_required_is_left_alone(check, dockerfile):
    assert not check("FL303", dockerfile, WANTED)
