"""The grammar of image references."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fromlint.images.reference import parse

DIGEST = "sha256:" + "0123456789abcdef" * 4


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("python", ("docker.io", "python", None, None)),
        ("python:3.12-slim", ("docker.io", "python", "3.12-slim", None)),
        ("library/python", ("docker.io", "python", None, None)),
        ("docker.io/python", ("docker.io", "python", None, None)),
        ("docker.io/library/python:3", ("docker.io", "python", "3", None)),
        ("index.docker.io/library/python", ("docker.io", "python", None, None)),
        ("registry-1.docker.io/library/python", ("docker.io", "python", None, None)),
        ("pytorch/pytorch:latest", ("docker.io", "pytorch/pytorch", "latest", None)),
        ("ghcr.io/astral-sh/uv:0.5.1-alpine", ("ghcr.io", "astral-sh/uv", "0.5.1-alpine", None)),
        ("localhost/app", ("localhost", "app", None, None)),
        ("localhost:5000/app:1", ("localhost:5000", "app", "1", None)),
        ("registry.corp:443/a/b/c:v1.2_3", ("registry.corp:443", "a/b/c", "v1.2_3", None)),
        ("[::1]:5000/app", ("[::1]:5000", "app", None, None)),
        ("Corp/app", ("Corp", "app", None, None)),
        (f"python@{DIGEST}", ("docker.io", "python", None, DIGEST)),
        (f"python:3.12@{DIGEST}", ("docker.io", "python", "3.12", DIGEST)),
        (f"localhost:5000/app@{DIGEST}", ("localhost:5000", "app", None, DIGEST)),
        ("a__b/c--d.e", ("docker.io", "a__b/c--d.e", None, None)),
    ],
)
def test_valid(text: str, expected: tuple[str, str, str | None, str | None]) -> None:
    found = parse(text)
    assert found is not None
    assert found[:4] == expected
    assert found.written == text


@pytest.mark.parametrize(
    "text",
    [
        "",
        ":3",
        "Python",
        "python:",
        "python:-slim",
        "python:3.12 slim",
        "python:" + "x" * 129,
        "python@sha256:123",
        "python@",
        "a//b",
        "/python",
        "python/",
        "-python",
        "a_-b",
        "http://docker.io/python",
        "${BASE}",
        "python:$TAG",
        "a/" * 130 + "b",
        "0123456789abcdef" * 4,
        "pythön",
        "python:3\n",
    ],
)
def test_refused(text: str) -> None:
    assert parse(text) is None


@given(st.text(max_size=60) | st.text(alphabet="ab/:@.-_3A[]", max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    found = parse(text)
    if found is not None:
        whole = f"{found.registry}/{found.repository}"
        whole += f":{found.tag}" if found.tag is not None else ""
        whole += f"@{found.digest}" if found.digest is not None else ""
        again = parse(whole)
        assert again is not None
        assert again[:4] == found[:4]
