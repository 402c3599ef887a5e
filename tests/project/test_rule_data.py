"""The knowledge that single rules rest on: its files name what the other data knows, and its readers read it right."""

import datetime
import json
import re
from pathlib import Path

import pytest

import fromlint
from fromlint.images import catalogue
from fromlint.images.reference import parse
from fromlint.model.environment import Environment
from fromlint.project.known import base_tags, distro_modules, package_names, runtime_data
from fromlint.project.walking import python_range
from fromlint.system import names

DATA = Path(fromlint.__file__).parent / "data" / "rules"
COMMANDS = json.loads((DATA / "commands.json").read_text())


def image(text: str) -> Environment:
    reference = parse(text)
    assert reference is not None
    return catalogue.environment(reference, platform="linux/amd64", as_of=datetime.date(2026, 11, 22))


@pytest.mark.parametrize("path", sorted(DATA.glob("*.json")), ids=lambda path: path.stem)
def test_every_file_says_what_it_is_and_where_it_is_from(path):
    content = json.loads(path.read_text())
    assert content["about"]
    assert "source" in path.read_text()


def test_the_package_to_name_for_a_command_is_in_debian():
    gone = {
        command
        for command, entry in COMMANDS["commands"].items()
        for name in entry.get("debian", ())[:1]
        if names.package_exists("debian", "bookworm", name).kind != "there"
    }
    assert not gone


def test_expressions_for_packages_are_expressions():
    for entry in COMMANDS["commands"].values():
        for family in ("debian", "alpine"):
            for provider in entry.get(family, ()):
                re.compile(provider.replace("g++", r"g\+\+"))


@pytest.mark.parametrize(
    ("package", "expected"),
    [
        ("python3-yaml", ("pyyaml", "yaml")),
        ("py3-numpy", ("numpy",)),
        ("python3-dev", ()),
        ("py3-numpy-dev", ()),
        ("python3", ()),
        ("libpq5", ()),
    ],
)
def test_a_distributions_module_by_its_name_on_the_index(package, expected):
    assert distro_modules.projects(package) == expected


@pytest.mark.parametrize(
    ("asked", "version", "expected"),
    [
        (">=3.12", "3.12.4", True),
        (">=3.13", "3.12.4", False),
        (">=3.12.4", "3.12", None),
        ("==3.12.*", "3.12", True),
        ("<4,>=3.8", "3.14.1", True),
        ("not a range", "3.12.4", None),
    ],
)
def test_a_minor_alone_is_judged_only_where_both_its_ends_agree(asked, version, expected):
    assert python_range.allows(asked, version) is expected


def test_official_minors_are_the_newest_two():
    assert python_range.official_minors(">=3.11,<3.14", "2026-11-22") == ("3.13", "3.12")
    assert python_range.official_minors("<3", "2026-11-22") == ()


def test_a_tag_that_names_its_release():
    assert base_tags.with_release(image("python:3.12-slim"), "2026-11-22") == "python:3.12-slim-trixie"
    assert base_tags.with_release(image("python:3.12-slim-bookworm"), "2026-11-22") is None
    assert base_tags.with_release(image("debian:stable"), "2026-11-22") is None


def test_a_base_that_is_still_looked_after():
    assert base_tags.still_supported(image("python:3.12-slim-bullseye"), "2026-11-22") == "python:3.12-slim-trixie"
    assert base_tags.still_supported(image("debian:11"), "2026-11-22") is None


def test_images_with_nothing_but_their_own_packages():
    assert package_names.plain(image("docker.io/library/python:3.12-slim"))
    assert package_names.plain(image("ghcr.io/astral-sh/uv:python3.12-bookworm"))
    assert not package_names.plain(image("nvidia/cuda:12.4.1-base-ubuntu22.04"))
    assert not package_names.plain(image("registry.corp/python:3.12"))


def test_needs_for_system_data_have_versions():
    assert runtime_data.need("tzdata", "django", "5.2") is not None
    assert runtime_data.need("tzdata", "django", "3.2") is None
    assert runtime_data.need("ca-certificates", "flask", "3.1.0") is None
