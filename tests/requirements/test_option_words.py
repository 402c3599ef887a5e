"""Options in requirements files."""

from __future__ import annotations

import pytest

from fromlint.model.requirement import FileOptions
from fromlint.requirements.file_options import combined
from fromlint.requirements.option_words import Option, OptionFault, parse, split


def test_the_requirement_ends_at_the_first_option() -> None:
    assert split("foo==1 --hash=sha256:a") == ("foo==1", "--hash=sha256:a")
    assert split("--pre") == ("", "--pre")
    assert split("foo-bar") == ("foo-bar", "")
    assert split("foo\t--pre") == ("foo\t--pre", "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("-r base.txt", [Option("requirement", "base.txt")]),
        ("-rbase.txt", [Option("requirement", "base.txt")]),
        ("--requirement=base.txt", [Option("requirement", "base.txt")]),
        ("--req base.txt", None),
        ("--requirem base.txt", [Option("requirement", "base.txt")]),
        ("--extra https://x", [Option("extra_index_url", "https://x")]),
        ('-f "a b"', [Option("find_links", "a b")]),
        ("--pre leftover --no-index", [Option("pre", ""), Option("no_index", "")]),
        ("--hash=sha256:a --hash sha512:b", [Option("hash", "sha256:a"), Option("hash", "sha512:b")]),
        ("--only-final :all: --all-releases=foo", [Option("only_final", ":all:"), Option("all_releases", "foo")]),
        ("-C a=b", [Option("config_settings", "a=b")]),
        ("--config-setting a=b", [Option("config_settings", "a=b")]),
        ("--pre=yes", None),
        ("--no-such-thing", None),
        ("-z", None),
        ("-r", None),
        ("--hash=md5:a", None),
        ("--hash=sha256", None),
        ("--config-settings a", None),
        ("--no-binary --pre", None),
        ("-f 'a", None),
    ],
)
def test_options(text: str, expected: list[Option] | None) -> None:
    if expected is None:
        with pytest.raises(OptionFault):
            parse(text)
    else:
        assert parse(text) == expected


def options(*lines: str) -> FileOptions:
    found = FileOptions()
    for line in lines:
        found = combined(found, parse(line))
    return found


def test_the_sum_of_several_lines() -> None:
    found = options(
        "--extra-index-url https://a", "-i https://b --extra-index-url https://c", "--prefer-binary", "-f ./x"
    )
    assert found.index_url == "https://b"
    assert found.extra_index_urls == ("https://c",)
    assert found.prefer_binary
    assert found.find_links == ("./x",)


def test_no_index_wins() -> None:
    assert options("-i https://b", "--no-index", "-i https://c") == FileOptions(no_index=True)


def test_formats_exclude_each_other() -> None:
    assert options("--only-binary :all:", "--no-binary Foo_Bar,baz")[4:6] == ((":all:",), ("foo-bar", "baz"))
    assert options("--no-binary foo", "--only-binary foo")[4:6] == (("foo",), ())
    assert options("--no-binary foo", "--only-binary :all:")[4:6] == ((":all:",), ())
    assert options("--no-binary foo,bar", "--no-binary :none:")[4:6] == ((), ())
    assert options("--all-releases foo", "--only-final foo")[9:11] == ((), ("foo",))
