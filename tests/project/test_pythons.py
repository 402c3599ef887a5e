"""Which Python system packages bring to an image that has none."""

import datetime

import pytest

from fromlint.images.catalogue import environment
from fromlint.images.reference import parse
from fromlint.project.pythons import distribution_python


@pytest.mark.parametrize(
    ("image", "names", "version"),
    [
        ("ubuntu:20.04", "git python3.9-dev python3-pip", "3.8.10"),
        ("ubuntu:20.04", "python3.9-dev", "3.9"),
        ("ubuntu:20.04", "python3.9 python3-pip", "3.9"),
        ("ubuntu:22.04", "python3.10-dev python3-pip", "3.10.12"),
        ("debian:trixie", "python3-venv", "3.13.5"),
        ("debian:trixie", "git", None),
    ],
)
def test_headers_do_not_say_what_runs_where_something_else_does(image: str, names: str, version: str | None) -> None:
    reference = parse(image)
    assert reference is not None
    found = environment(reference, platform="linux/amd64", as_of=datetime.date(2026, 11, 22))
    python = distribution_python(found, tuple(names.split()))
    assert (None if python is None else python.version) == version
