"""The part of sed and grep that is followed, against the programs themselves."""

import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fromlint.project.walking.line_editor import apply, of_grep, of_sed

TEXT = "flask==3.0\ndjango[argon2]\n# Development\npytest\n  black==24\n"


def edited(*words):
    edit = of_sed(words)
    assert edit is not None
    return apply(edit, TEXT)


def kept(text):
    return [line for line in text.split("\n") if line]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("/flask/d", "\ndjango[argon2]\n# Development\npytest\n  black==24\n"),
        ("2d", "flask==3.0\n\n# Development\npytest\n  black==24\n"),
        ("$d", "flask==3.0\ndjango[argon2]\n# Development\npytest\n\n"),
        ("3,$d", "flask==3.0\ndjango[argon2]\n\n\n\n"),
        ("/^#/,$d", "flask==3.0\ndjango[argon2]\n\n\n\n"),
        ("/^#/!d", "\n\n# Development\n\n\n"),
        ("s/==.*//", "flask\ndjango[argon2]\n# Development\npytest\n  black\n"),
        ("s|\\[argon2\\]||; /py/d", "flask==3.0\ndjango\n# Development\n\n  black==24\n"),
        ("s/\\(flask\\)==/\\1>=/", "flask>=3.0\ndjango[argon2]\n# Development\npytest\n  black==24\n"),
        ("s/PY/x&/I", "flask==3.0\ndjango[argon2]\n# Development\nxpytest\n  black==24\n"),
    ],
)
def test_sed(script, expected):
    assert edited("-i", script, "r.txt") == expected


@pytest.mark.parametrize(
    "words",
    [
        ("-n", "/x/p; /y/p", "r"),
        ("-n", "p", "r"),
        ("-n", "/x/d", "r"),
        ("-i", "/x/p", "r"),
        ("-i", "/x/{N;d}", "r"),
        ("-i", "s/x/y/w out", "r"),
        ("-i", "s/x/y/e", "r"),
        ("-i", "1~2d", "r"),
        ("-i", "/x/s//y/", "r"),
        ("-i", "s/x/\\n/", "r"),
        ("-i", "y/a/b/", "r"),
        ("-i", "s/[/x/", "r"),
        ("-i", "-E", "s/(a*)*/x/", "r"),
        ("-i", "s/" + "a" * 3_000 + "/x/", "r"),
        ("-i", "d d", "r"),
        ("-ie", "/x/d", "r"),
        ("-f", "script", "r"),
    ],
)
def test_what_is_not_followed(words):
    assert of_sed(words) is None


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        (("-v", "flask"), ["django[argon2]", "# Development", "pytest", "  black==24"]),
        (("-vE", "^(flask|#)"), ["django[argon2]", "pytest", "  black==24"]),
        (("-v", "-e", "flask", "-e", "black"), ["django[argon2]", "# Development", "pytest"]),
        (("-iv", "PYTEST\\|flask"), ["django[argon2]", "# Development", "  black==24"]),
        (("-vF", "[argon2]"), ["flask==3.0", "# Development", "pytest", "  black==24"]),
        (("-vw", "develop"), kept(TEXT)),
        (("==",), ["flask==3.0", "  black==24"]),
    ],
)
def test_grep(words, lines):
    edit = of_grep("grep", (*words, "r.txt"))
    assert edit is not None
    assert edit.files == ("r.txt",)
    assert kept(apply(edit, TEXT)) == lines


@pytest.mark.parametrize("words", [("-c", "x"), ("-r", "x", "."), ("-v", "["), ("-v", "a\\{3\\}"), ("-o", "x")])
def test_grep_that_is_not_followed(words):
    assert of_grep("grep", words) is None


def test_work_without_end_is_not_begun():
    edit = of_sed(("-i", "/.*.*.*=/d", "r"))
    assert edit is not None
    assert apply(edit, "a" * 10_000) is None


PIECES = st.sampled_from(
    ["a", "b", ".", "a*", "[ab]", "[^a]", "\\.", "^", "$", "b\\+", "x", "=", "[[:alpha:]]", "\\(a\\)"]
)
EXPRESSIONS = st.lists(PIECES, min_size=1, max_size=4).map("".join)
ADDRESSES = st.one_of(st.just(""), st.sampled_from(["1", "2", "$"]), EXPRESSIONS.map("/{}/".format))
COMMANDS = st.one_of(
    st.just("d"),
    st.builds("s/{}/{}/{}".format, EXPRESSIONS, st.sampled_from(["", "x", "&b", "[&]"]), st.sampled_from("g ")),
)
STEPS = st.builds("{}{}{}{}".format, ADDRESSES, st.just(""), st.sampled_from(["", "!"]), COMMANDS) | st.builds(
    "{},{}{}".format, ADDRESSES.filter(bool), ADDRESSES.filter(bool), COMMANDS
)
SED = shutil.which("sed")
VERSION = SED and subprocess.run([SED, "--version"], capture_output=True, text=True, check=False).stdout
LINES = st.lists(st.text("abx.=", min_size=1, max_size=6), min_size=1, max_size=5)


@pytest.mark.skipif("GNU" not in str(VERSION), reason="there is no GNU sed here")
@settings(max_examples=100, deadline=None)
@given(STEPS, LINES)
def test_what_is_followed_is_what_sed_does(script, lines):
    edit = of_sed(("-e", script, "r"))
    if edit is None:
        return
    text = "\n".join(lines) + "\n"
    done = subprocess.run(["sed", "-e", script], input=text, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        assert kept(apply(edit, text)) == kept(done.stdout)


@given(st.text(max_size=60), st.text(max_size=60))
def test_nothing_is_raised(script, text):
    for edit in (
        of_sed((script,)),
        of_sed(("-E", script)),
        of_grep("grep", (script,)),
        of_grep("egrep", ("-v", script)),
    ):
        assert edit is None or (apply(edit, text) or text).count("\n") == text.count("\n")
