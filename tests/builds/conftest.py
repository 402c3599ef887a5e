"""What real builds need to be run at all: root, buildah and debootstrap; said where they are missing."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import real_builds


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "quick: of the real builds those that CI makes, too")


@pytest.fixture(scope="session", autouse=True)
def builder() -> Iterator[None]:
    why = real_builds.lacking()
    if why is not None:
        pytest.fail(f"{why} (make test-builds does that)", pytrace=False)
    yield
    real_builds.tidy()
