"""What the tests of the wheels room share: environments, pages, and pip's own choice as the oracle."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import pytest

from fromlint.model.environment import Environment, Python
from fromlint.model.index import File, Page
from fromlint.model.place import Span
from fromlint.model.requirement import Requirement
from fromlint.wheels.tags import ARCHITECTURES

INDEX = "https://index.example/simple/"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What asks the real index runs only where it is asked for: ``pytest -m live``."""
    if "live" not in config.getoption("markexpr"):
        for item in items:
            if item.get_closest_marker("live") is not None:
                item.add_marker(pytest.mark.skip(reason="asks the real index: -m live"))


def _environment(
    python: str = "3.12.4",
    *,
    libc: str | None = "glibc",
    libc_version: str | None = "2.36",
    implementation: str = "cpython",
    pip: str | None = "26.3",
    free_threaded: bool = False,
) -> Environment:
    return Environment(
        known=True,
        unknown=None,
        image="python:test",
        libc=libc,
        libc_version=libc_version,
        python=Python(python, implementation, "/usr/local", pip, False, free_threaded),
    )


def _page(name: str, *files: File | str, index: str = INDEX, **more: Any) -> Page:
    listed = tuple(file if isinstance(file, File) else File(file, f"{index}{name}/{file}") for file in files)
    return Page(name, index, listed, "index", "2026-11-22", **more)


def _requirement(name: str, specifier: str = "", **more: Any) -> Requirement:
    values: dict[str, Any] = {
        "name": name,
        "written": name + specifier,
        "specifier": specifier,
        "extras": (),
        "marker": "",
        "kind": "index",
        "reference": None,
        "hashes": (),
        "span": Span("requirements.txt", 1, 1, 1, 9),
    }
    return Requirement(**{**values, **more})


def _pip_choice(
    name: str,
    files: Iterable[File],
    specifier: str,
    tags: Sequence[str],
    python: str,
    *,
    hashes: Sequence[str] = (),
    only_binary: Iterable[str] = (),
    no_binary: Iterable[str] = (),
    prefer_binary: bool = False,
    pre: bool = False,
) -> tuple[str, str] | None:
    """Version and file that pip's own finder takes, by its own code; None where it finds nothing."""
    pytest.importorskip("pip._internal.models.release_control", reason="needs a pip of 26")
    from pip._internal.index.package_finder import CandidatePreferences, PackageFinder
    from pip._internal.models.format_control import FormatControl
    from pip._internal.models.link import Link
    from pip._internal.models.release_control import ReleaseControl
    from pip._internal.models.target_python import TargetPython
    from pip._internal.utils.hashes import Hashes
    from pip._vendor.packaging.specifiers import SpecifierSet
    from pip._vendor.packaging.tags import Tag

    numbers = tuple(map(int, python.split(".")[:3]))
    target = TargetPython(py_version_info=numbers, implementation="cp", platforms=["any"])
    target._valid_tags = [Tag(*tag.split("-")) for tag in tags]
    target._valid_tags_set = set(target._valid_tags)
    finder = PackageFinder(
        link_collector=None,  # type: ignore[arg-type]
        target_python=target,
        allow_yanked=True,
        format_control=FormatControl(set(no_binary), set(only_binary)),
        candidate_prefs=CandidatePreferences(prefer_binary, ReleaseControl({":all:"}) if pre else None),
    )
    links = []
    for file in files:
        fragment = "#" + file.hashes[0].replace(":", "=") if file.hashes else ""
        url = (file.url or f"https://files.example/{file.filename}") + fragment
        links.append(Link(url, requires_python=file.requires_python, yanked_reason=file.yanked))
    candidates = finder.evaluate_links(finder.make_link_evaluator(name), links)
    allowed = Hashes({"sha256": [text.removeprefix("sha256:") for text in hashes]}) if hashes else None
    wanted = SpecifierSet(specifier)
    found = finder.make_candidate_evaluator(name, wanted, allowed).compute_best_candidate(candidates)
    # What follows is Factory._iter_found_candidates.
    applicable = found.applicable_candidates
    all_yanked = all(candidate.link.is_yanked for candidate in applicable)
    pinned = any(
        part.operator == "===" or (part.operator == "==" and not part.version.endswith(".*")) for part in wanted
    )
    for candidate in reversed(applicable):
        if not (all_yanked and pinned) and candidate.link.is_yanked:
            continue
        return str(candidate.version), candidate.link.filename
    return None


@pytest.fixture(scope="session")
def environment() -> Callable[..., Environment]:
    return _environment


@pytest.fixture(scope="session")
def page() -> Callable[..., Page]:
    return _page


@pytest.fixture(scope="session")
def requirement() -> Callable[..., Requirement]:
    return _requirement


@pytest.fixture(scope="session")
def pip_choice() -> Callable[..., tuple[str, str] | None]:
    return _pip_choice


def _markers(marker: str, environment: Environment, platform: str, extras: frozenset[str]) -> bool | None:
    """Markers by packaging; what asks for the kernel's release is not known."""
    from packaging.markers import Marker

    if "platform_release" in marker:
        return None
    version = environment.python.version if environment.python is not None else "3"
    values = {
        "implementation_name": "cpython",
        "implementation_version": version,
        "os_name": "posix",
        "platform_machine": ARCHITECTURES[platform],
        "platform_release": "",
        "platform_system": "Linux",
        "platform_version": "",
        "python_full_version": version,
        "platform_python_implementation": "CPython",
        "python_version": ".".join(version.split(".")[:2]),
        "sys_platform": "linux",
    }
    return any(Marker(marker).evaluate({**values, "extra": extra}) for extra in extras or ("",))


@pytest.fixture(scope="session")
def markers() -> Callable[..., bool | None]:
    return _markers


def _machine(libc: str, version: tuple[int, int], architecture: str) -> list[str]:
    """The platform tags that packaging finds on a machine with that libc and CPU."""
    import sysconfig
    from unittest import mock

    from packaging import _manylinux, _musllinux, tags

    glibc = _manylinux._GLibCVersion(*(version if libc == "glibc" else (-1, -1)))
    musl = _musllinux._MuslVersion(*version) if libc == "musl" else None
    with (
        mock.patch.object(_manylinux, "_get_glibc_version", return_value=glibc),
        mock.patch.object(_musllinux, "_get_musl_version", return_value=musl),
        mock.patch.object(_manylinux, "_get_manylinux_module", return_value=None),
        mock.patch.object(_manylinux, "_is_linux_i686", return_value=True),
        mock.patch.object(_manylinux, "_is_linux_armhf", return_value=True),
        mock.patch.object(sysconfig, "get_platform", return_value=f"linux-{architecture}"),
    ):
        return list(tags._linux_platforms(is_32bit=architecture in ("i686", "armv7l", "armv6l")))


@pytest.fixture(scope="session")
def machine() -> Callable[[str, tuple[int, int], str], list[str]]:
    return _machine
