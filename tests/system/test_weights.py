import datetime

import pytest

from fromlint.images.catalogue import environment
from fromlint.images.reference import parse
from fromlint.system import archive, weights


def image(reference):
    return environment(parse(reference), platform="linux/amd64", as_of=datetime.date(2026, 11, 22))


@pytest.mark.parametrize(
    ("reference", "names", "packages", "megabytes"),
    [
        # As apt-get install -y --no-install-recommends would add to the bare image.
        ("python:3.13-slim-trixie", ["gcc", "libc6-dev", "libpq-dev"], range(40, 56), range(200, 300)),
        ("python:3.13-slim-trixie", ["libpq5"], range(3, 15), range(1, 10)),
        ("python:3.13-slim-bookworm", ["libgomp1"], range(1, 3), range(2)),
        ("python:3.13-slim-trixie", ["libgl1", "libglib2.0-0t64"], range(20, 60), range(100, 300)),
        # The full image holds all of them.
        ("python:3.13-trixie", ["gcc", "libpq-dev"], range(1), range(1)),
    ],
)
def test_packages_weigh_what_they_bring(reference, names, packages, megabytes):
    weight = weights.added(names, image(reference))
    assert weight.packages in packages
    assert weight.installed // 1_000_000 in megabytes
    assert weight.packed <= weight.installed
    assert not weight.estimated


def test_nothing_weighs_nothing_even_where_nothing_is_known():
    assert weights.added([], image("python:3.13-alpine")) == (0, 0, 0, False)


def test_of_other_distributions_and_unknown_packages_nothing_is_known():
    assert weights.added(["gcc"], image("python:3.13-alpine")) is None
    assert weights.added(["no-such-package"], image("python:3.13-slim-trixie")) is None


@pytest.mark.parametrize("release", ["bullseye", "bookworm", "trixie", "forky"])
def test_every_package_of_interest_has_a_weight(release):
    known = [name for name in archive.interest() if (found := archive.known(release, name)) and not found.providers]
    held = weights._release(release)
    base = image(f"debian:{release}-slim").packages
    assert [name for name in known if name not in held and name not in base] == []


def test_on_ubuntu_it_is_an_estimate_by_the_nearest_debian():
    weight = weights.added(["gcc"], image("ubuntu:24.04"))
    assert weight.packages > 10
    assert weight.estimated
