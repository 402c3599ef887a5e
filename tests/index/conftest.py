"""What the tests of the index room share: the loopback server, and an index that knows nothing of this machine."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent))

from fromlint.index import Index, Times
from index_server import IndexServer

CERTIFICATE = str(Path(__file__).parent / "loopback.pem")
QUICK = Times(connect=30.0, request=30.0, pause=0.01)


@pytest.fixture
def server() -> Iterator[IndexServer]:
    with IndexServer() as running:
        yield running


@pytest.fixture
def index(tmp_path: Path) -> Iterator[Callable[..., Index]]:
    """Makes indexes with a cache in ``tmp_path``, without snapshot and without anything of this machine."""
    made = []

    def make(**settings: Any) -> Index:
        defaults: dict[str, Any] = {
            "cache_folder": str(tmp_path / "cache"),
            "environ": {"HOME": str(tmp_path), "PIP_CONFIG_FILE": "/dev/null"},
            "snapshot": None,
            "budget": 60.0,
            "times": QUICK,
        }
        made.append(Index(**{**defaults, **settings}))
        return made[-1]

    yield make
    for one in made:
        one.close()
