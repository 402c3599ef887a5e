"""Base images and events to build states from."""

from collections.abc import Callable

import pytest

from fromlint.model.build import PackagesAdded, PackagesKept, PackagesRemoved
from fromlint.model.environment import Environment, Python
from fromlint.model.place import Span, Text

SPAN = Span("Dockerfile", 2, 1, 2, 9)
LOCAL = Python("3.12.13", "cpython", "/usr/local", "26.1", False)

# Enough of what python:3.x-slim-trixie holds to tell it from the bare base.
SLIM = frozenset({"apt", "bash", "ca-certificates", "libc6", "libffi8", "libssl3t64", "libstdc++6", "tzdata", "zlib1g"})
ALPINE = frozenset({"busybox", "ca-certificates", "libcrypto3", "libexpat", "libffi", "libssl3", "musl", "zlib"})


def image(
    distro: str, release: str, python: Python | None = LOCAL, packages: frozenset[str] | None = SLIM
) -> Environment:
    """A base image of the distribution, by codename or number."""
    return Environment(
        True,
        None,
        f"{distro}:{release}",
        distro=distro,
        family={"ubuntu": "debian"}.get(distro, distro),
        release=release,
        python=python,
        packages=packages,
    )


def added(
    *names: str,
    manager: str = "apt",
    virtual: str | None = None,
    recommends: bool | None = False,
    conditional: bool = False,
    unknown: tuple[str, ...] = (),
) -> PackagesAdded:
    texts = tuple(Text(name, SPAN) for name in names)
    return PackagesAdded(
        manager,
        texts,
        virtual,
        recommends,
        False,
        tuple(Text(word, SPAN) for word in unknown),
        conditional,
        False,
        SPAN,
    )


def removed(*names: str, manager: str = "apt", automatic: bool = False, conditional: bool = False) -> PackagesRemoved:
    return PackagesRemoved(manager, tuple(Text(name, SPAN) for name in names), automatic, conditional, SPAN)


def kept(*names: str, manager: str = "apt", found: bool = False) -> PackagesKept:
    return PackagesKept(manager, names, found, SPAN)


@pytest.fixture
def slim() -> Environment:
    return image("debian", "trixie")


@pytest.fixture
def alpine() -> Environment:
    return image("alpine", "3.24", packages=ALPINE)


@pytest.fixture
def make_image() -> Callable[..., Environment]:
    return image


@pytest.fixture
def add() -> Callable[..., PackagesAdded]:
    return added


@pytest.fixture
def remove() -> Callable[..., PackagesRemoved]:
    return removed


@pytest.fixture
def keep() -> Callable[..., PackagesKept]:
    return kept
