"""Images as they are made for these tests, and what is read of them."""

from collections.abc import Callable, Iterator, Mapping

import pytest

from fromlint.images.reference import parse
from fromlint.inspection.contents import Contents
from fromlint.inspection.look import look_at
from fromlint.inspection.registry import Registries, RegistryImage
from registry_server import RegistryServer

Look = Callable[..., Contents]


@pytest.fixture(autouse=True)
def no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever Docker or Podman this machine has is not asked."""
    monkeypatch.setenv("DOCKER_HOST", "unix:///there-is-no-engine")


@pytest.fixture
def server() -> Iterator[RegistryServer]:
    with RegistryServer() as running:
        yield running


@pytest.fixture
def look() -> Iterator[Look]:
    """Looks at an image by its reference; raises Refused."""
    opened = []

    def at(image: str, platform: str = "linux/amd64", environ: Mapping[str, str] = {}) -> Contents:
        reference = parse(image)
        assert reference is not None
        opened.append(Registries(environ, 20.0))
        return look_at(RegistryImage(reference, opened[-1]), platform)[1]

    yield at
    for registries in opened:
        registries.close()
