"""pip's own parsers and format control are the oracle (pip is there in development only)."""

import optparse
import os
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fromlint.dockerfile.installs import formats, install, pip
from fromlint.dockerfile.installs.options import FLAG, MANY, OFF, ONE, read
from fromlint.dockerfile.installs.tables import pip as tables
from fromlint.model.build import Command, Word
from fromlint.model.place import Span

commands = pytest.importorskip("pip._internal.commands")
main_parser = pytest.importorskip("pip._internal.cli.main_parser")
format_control = pytest.importorskip("pip._internal.models.format_control")
PLACE = Span("Dockerfile", 1, 1, 1, 2)
SUBCOMMANDS = [name for name in ("install", "download", "wheel", "lock") if name in commands.commands_dict]


def of_pip(name: str) -> dict[str, optparse.Option]:
    parser = commands.create_command(name, isolated=True).parser if name else main_parser.create_main_parser()
    return {
        spelling: option for option in parser.option_list_all for spelling in option._short_opts + option._long_opts
    }


def kind(option: optparse.Option) -> str:
    if not option.takes_value():
        return OFF if option.action == "store_false" else FLAG
    return MANY if option.action == "append" else ONE


@pytest.mark.parametrize("name", ["", *SUBCOMMANDS])
def test_the_table_is_pips(name: str) -> None:
    ours = (pip.subcommand(name) if name else pip.general()).options
    theirs = of_pip(name)
    assert {spelling: ours[spelling].kind for spelling in theirs} == {
        spelling: kind(option) for spelling, option in theirs.items()
    }
    for spelling, option in theirs.items():
        assert ours[spelling].name == option._long_opts[0]
    legacy = {word for word in tables.LEGACY.split() if word.startswith("-")}
    assert ours.keys() - theirs.keys() <= legacy


@pytest.mark.parametrize("name", SUBCOMMANDS)
def test_abbreviations_are_pips(name: str) -> None:
    parser = commands.create_command(name, isolated=True).parser
    options = pip.subcommand(name)
    longs = [spelling for spelling in of_pip(name) if spelling.startswith("--")]
    for beginning in {long[:length] for long in longs for length in range(3, len(long))}:
        try:
            expected: str | None = of_pip(name)[parser._match_long_opt(beginning)]._long_opts[0]
        except optparse.BadOptionError:
            expected = None
        reading = read((Word(f"{beginning}=1", PLACE),), options)
        if beginning in options.options and beginning not in longs:
            continue  # an option of older pips
        assert (reading.given[0].name if reading.given else None) == expected, beginning


NAMES = st.sampled_from([":all:", ":none:", "Foo_Bar", "foo-bar", "lxml", "numpy"])


@given(st.lists(st.tuples(st.booleans(), st.lists(NAMES, min_size=1, max_size=4).map(",".join)), max_size=6))
def test_formats_are_pips(values: list[tuple[bool, str]]) -> None:
    control = format_control.FormatControl()
    for only, value in values:
        first, second = control.only_binary, control.no_binary
        control.handle_mutual_excludes(value, *((first, second) if only else (second, first)))
    ours = formats.mutually_exclusive(values)
    assert (set(ours.first), set(ours.second)) == (control.only_binary, control.no_binary)


PIECES = st.sampled_from(
    [
        ["requests"],
        ["numpy>=1,<2"],
        ["."],
        [".[dev]"],
        ["-rreq.txt"],
        ["-r", "other.txt"],
        ["--requirement=third.txt"],
        ["-c", "constraints.txt"],
        ["-e", "."],
        ["-e./lib"],
        ["--no-cache"],
        ["-qU"],
        ["-Uq"],
        ["--pre"],
        ["--only-binary", ":all:"],
        ["--only-binary=lxml,numpy"],
        ["--no-binary", "lxml"],
        ["--no-binary=:none:"],
        ["--prefer"],
        ["-i", "https://example.org/simple"],
        ["--index=https://example.com/simple"],
        ["--extra-index", "https://example.net/simple"],
        ["-f", "/wheels"],
        ["--find-links=/more"],
        ["--no-index"],
        ["--no-deps", "x"],
        ["--target", "/out"],
        ["-t/out2"],
        ["--prefix=/p"],
        ["--root", "/r"],
        ["--user"],
        ["--no-user"],
        ["-I"],
        ["--platform", "musllinux_1_2_x86_64"],
        ["--abi=cp312"],
        ["--implementation", "cp"],
        ["--require-hashes"],
        ["--break"],
        ["--ignore-requires-python"],
        ["--no-build-isolation"],
        ["--build-constraint", "b.txt"],
        ["--timeout", "5"],
        ["-C", "a=b"],
        ["--upgrade-strategy", "eager"],
        ["--progress-bar", "off"],
        ["--root-user-action=ignore"],
    ]
)
ENVIRONMENT = st.dictionaries(
    st.sampled_from(
        [
            "PIP_INDEX_URL",
            "PIP_EXTRA_INDEX_URL",
            "PIP_FIND_LINKS",
            "PIP_NO_BINARY",
            "PIP_ONLY_BINARY",
            "PIP_CONSTRAINT",
            "PIP_REQUIREMENT",
            "PIP_TARGET",
        ]
    ),
    st.sampled_from(["a", "a b", "", "lxml"]),
    max_size=3,
) | st.dictionaries(
    st.sampled_from(
        [
            "PIP_NO_INDEX",
            "PIP_PRE",
            "PIP_NO_DEPS",
            "PIP_PREFER_BINARY",
            "PIP_NO_BUILD_ISOLATION",
            "PIP_USER",
            "PIP_UPGRADE",
        ]
    ),
    st.sampled_from(["1", "0", "true", "False", "no", "on", ""]),
    max_size=3,
)


@pytest.fixture(scope="module", autouse=True)
def no_configuration() -> Iterator[None]:
    before = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
    for name in before:
        del os.environ[name]
    yield
    os.environ.update(before)


def by_pip(words: list[str], environment: dict[str, str]) -> tuple[Any, list[str]]:
    os.environ.update({**environment, "PIP_CONFIG_FILE": os.devnull})
    try:
        return commands.create_command("install").parser.parse_args(words)  # type: ignore[no-any-return]
    finally:
        for name in (*environment, "PIP_CONFIG_FILE"):
            del os.environ[name]


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES, max_size=8), ENVIRONMENT)
def test_lines_are_read_as_pip_reads_them(pieces: list[list[str]], environment: dict[str, str]) -> None:
    words = [word for piece in pieces for word in piece]
    options, operands = by_pip(words, environment)
    command = Command(
        tuple(Word(word, PLACE) for word in ("pip", "install", *words)),
        {}, (), environment, "/", False, False, (), None, None, PLACE,
    )  # fmt: skip
    ours = install(command)
    assert ours is not None
    assert [text.value for text in ours.requirements] == operands
    assert [text.value for text in ours.files] == list(options.requirements)
    assert [text.value for text in ours.constraints] == list(options.constraints)
    assert [text.value for text in ours.editable] == list(options.editables)
    chosen = ours.options
    if "PIP_INDEX_URL" in environment or any("://example" in word for word in words):
        assert chosen.index_url in (options.index_url, None)
    assert list(chosen.extra_index_urls) == list(options.extra_index_urls)
    assert list(chosen.find_links) == list(options.find_links)
    assert set(chosen.only_binary) == options.format_control.only_binary
    assert set(chosen.no_binary) == options.format_control.no_binary
    assert chosen.no_index == bool(options.no_index)
    assert chosen.pre == bool(options.pre)
    assert chosen.prefer_binary == bool(options.prefer_binary)
    assert chosen.no_deps == bool(options.ignore_dependencies)
    assert chosen.upgrade == bool(options.upgrade)
    assert chosen.force_reinstall == bool(options.force_reinstall or options.ignore_installed)
    assert chosen.no_build_isolation == (not options.build_isolation)
    assert chosen.break_system_packages == bool(options.override_externally_managed)
    assert chosen.user == bool(options.use_user_site)
    assert (chosen.target, chosen.prefix, chosen.root) == (options.target_dir, options.prefix_path, options.root_path)
    assert list(chosen.platforms) == list(options.platforms or [])
    assert list(chosen.abis) == list(options.abis or [])
    assert chosen.implementation == options.implementation
    assert chosen.require_hashes == options.require_hashes
    assert chosen.ignore_requires_python == bool(options.ignore_requires_python)
    assert list(chosen.build_constraints) == list(options.build_constraints)
