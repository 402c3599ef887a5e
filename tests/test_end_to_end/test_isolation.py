"""Builds whose setup.py imports what was installed before: in an environment of their own they fail.

The expected outcomes are those of pip 22.3, 24.0, 25.2 and 25.3 with such an sdist (2026-11-30).
"""

from __future__ import annotations

import pytest

from index_server import sdist, wheel
from test_end_to_end.reading import codes, said

SETUP = {
    "setup.py": b"import numpy\nfrom setuptools import setup, Extension\nsetup(ext_modules=[Extension('x', ['x.c'])])\n"
}
SETUP["x.c"] = b"#include <Python.h>\n"
APART = {**SETUP, "pyproject.toml": b"[build-system]\nrequires = ['setuptools']\n"}


@pytest.mark.parametrize(
    ("base", "install", "files", "fails"),
    [
        ("python:3.11.9-bookworm", "pip install", SETUP, False),
        ("python:3.11.9-bookworm", "pip install", APART, True),
        ("python:3.11.9-bookworm", "pip install --no-build-isolation", APART, False),
        ("python:3.11.9-bookworm", "python -m venv /v && /v/bin/pip install", SETUP, True),
        ("python:3.11.9-bookworm", "python -m venv /v && /v/bin/pip install wheel && /v/bin/pip install", SETUP, False),
        ("python:3.11.9-bookworm", "pip install -U pip && pip install", SETUP, True),
        ("python:3.12.4-bookworm", "pip install", SETUP, True),
        ("python:3.12.4-bookworm", "pip install setuptools wheel && pip install", SETUP, False),
        ("python:3.12.4-bookworm", "pip install uv && uv pip install --system", SETUP, True),
    ],
)
def test_an_sdist_that_needs_numpy_to_be_there(checked, server, base, install, files, fails):
    for name, version in (
        ("numpy", "2.1.0"),
        ("wheel", "0.45.1"),
        ("pip", "26.3"),
        ("setuptools", "80.0"),
        ("uv", "1"),
    ):
        server.add(name, wheel(name, version))
    server.add("needy", sdist("needy", "1.0", files=files))
    report = checked(f"FROM {base}\nRUN pip install numpy\nRUN {install} needy==1.0\n", index_url=server.url)
    assert ("FL108" in codes(report)) is fails, said(report)


@pytest.mark.parametrize(
    ("base", "before", "fails"),
    [
        ("python:3.11.16-slim-bookworm", "", True),
        ("python:3.11.16-slim-bookworm", "setuptools==65.5.0", True),
        ("python:3.11.16-slim-bookworm", "setuptools==65.5.0 wheel==0.38.4", False),
        ("python:3.11.16-slim-bookworm", "setuptools==65.5.0 'wheel<0.40'", False),
        # Which wheel it has is not known: the newest of the day.
        ("python:3.11.0-slim-bullseye", "", False),
        ("python:3.12.4-slim-bookworm", "", True),
    ],
)
def test_a_setup_py_for_an_old_setuptools_and_wheel(checked, server, base, before, fails):
    """As gym 0.21.0 with pip 24.0, setuptools 57.5.0, 65.5.0 and 79.0.1, wheel 0.37.1 to 0.45.1 (2026-12-01)."""
    for name, version in (("setuptools", "65.5.0"), ("wheel", "0.38.4")):
        server.add(name, wheel(name, version))
    server.add("gym", sdist("gym", "0.21.0"))
    first = f"RUN pip install {before}\n" if before else ""
    report = checked(f"FROM {base}\n{first}RUN pip install gym==0.21.0\n", index_url=server.url, as_of="2026-11-22")
    assert ("FL108" in codes(report)) is fails, said(report)
