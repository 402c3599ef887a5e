"""Which Python system packages bring to an image that has none."""

import datetime

import pytest

from fromlint import run
from fromlint.images.catalogue import environment
from fromlint.images.reference import parse
from fromlint.project.walking.pythons import distribution_pythons


@pytest.mark.parametrize(
    ("image", "names", "versions"),
    [
        ("ubuntu:20.04", "git python3.9-dev python3-pip", "3.8.10 3.9"),
        ("ubuntu:20.04", "python3.9-dev", "3.9"),
        ("ubuntu:20.04", "python3.9 python3-pip", "3.8.10 3.9"),
        ("ubuntu:22.04", "python3.10-dev python3-pip", "3.10.12"),
        ("debian:trixie", "python3-venv", "3.13.5"),
        ("debian:trixie", "git", ""),
    ],
)
def test_headers_do_not_say_what_runs_where_something_else_does(image: str, names: str, versions: str) -> None:
    reference = parse(image)
    assert reference is not None
    found = environment(reference, platform="linux/amd64", as_of=datetime.date(2026, 11, 22))
    pythons = distribution_pythons(found, tuple(names.split()))
    assert " ".join(python.version for python in pythons) == versions


BOTH = "RUN apt-get update && apt-get install -y python3.9 python3-pip\n"
LATER = "RUN apt-get update && apt-get install -y python3.9\nRUN apt-get update && apt-get install -y python3-pip\n"
LINKED = "RUN ln -sf /usr/bin/python3.9 /usr/bin/python3\n"
CHOSEN = "RUN update-alternatives --install /usr/bin/python3 python3 /usr/bin/python3.9 1\n"


@pytest.mark.parametrize(
    ("lines", "command", "version"),
    [
        (BOTH, "pip3 install six", "3.8"),
        (BOTH, "python3 -m pip install six", "3.8"),
        (BOTH, "python3.9 -m pip install six", "3.9"),
        (BOTH + "RUN python3.9 -m pip install -U pip\n", "pip install six", "3.9"),
        (BOTH + "RUN python3.9 -m pip install -U pip\n", "python3 -m pip install six", "3.8"),
        (BOTH + "RUN python3.9 -m ensurepip\n", "pip3 install six", "3.9"),
        (BOTH + "RUN curl -sS https://bootstrap.pypa.io/get-pip.py | python3.9\n", "pip install six", "3.9"),
        (BOTH + "RUN curl -O https://bootstrap.pypa.io/get-pip.py && python3.9 get-pip.py\n", "pip install six", "3.9"),
        (LATER, "pip3 install six", "3.8"),
        (BOTH + LINKED, "pip3 install six", "3.9"),
        (BOTH + CHOSEN, "python3 -m pip install six", "3.9"),
        (BOTH + "RUN update-alternatives --set python3 /usr/bin/python3.9\n", "pip3 install six", "3.9"),
        (BOTH + "RUN ln -sf /usr/bin/python3.9 /usr/bin/python\n", "pip3 install six", "3.8"),
        ("RUN apt-get update && apt-get install -y python3.9\n" + LINKED, "python3 -m pip install six", "3.9"),
    ],
)
def test_what_python3_is_beside_another(tmp_path, monkeypatch, lines, command, version) -> None:
    monkeypatch.setenv("FROMLINT_CACHE_DIR", str(tmp_path / "cache"))
    (tmp_path / "Dockerfile").write_text(f"FROM ubuntu:20.04\n{lines}RUN {command}\n")
    project = run.check([tmp_path / "Dockerfile"], {"offline": True}).report.projects[0]
    install = project.stages[0].installs[-1]
    assert install.python is not None
    assert install.python.version.startswith(version)
