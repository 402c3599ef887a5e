"""A real registry with images of our own making. Root on Debian; nothing is pulled from outside but Debian's packages."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import real_registry


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[real_registry.Filled]:
    why = real_registry.lacking()
    if why is not None:
        pytest.fail(why, pytrace=False)
    with real_registry.filled(tmp_path_factory.mktemp("registry")) as registry:
        yield registry
