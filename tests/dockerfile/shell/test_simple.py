import pytest

from fromlint.dockerfile.shell import exec_form, options, unread


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("sudo -u root -E pip install x", ["sudo -u root -E", "pip install x"]),
        ("env -i A=1 B=2 c", ["env -i A=1 B=2", "c"]),
        ("exec gunicorn app", ["gunicorn app"]),
        ("time nice -n 5 make", ["nice -n 5", "make"]),
        ("timeout -s KILL 10 a b", ["timeout -s KILL 10", "a b"]),
        ("gosu app sh -c 'a; b'", ["gosu app", "sh -c a; b", "a", "b"]),
        ("bash -lc \"a 'x y'\"", ["bash -lc a 'x y'", "a x y"]),
        ("sh -c 'a \"$1\"' sh x", ['sh -c a "$1" sh x', "a x"]),
        ("su - app -c 'pip install z'", ["su - app -c pip install z", "pip install z"]),
        ("bash <<'E'\na\nE\n", ["bash", "a"]),
        ("cat x | xargs -r apk add", ["cat x", "xargs -r", "apk add <$(cat x)>"]),
        ("echo a b | xargs pip install", ["echo a b", "xargs", "pip install a b"]),
        ("ls | xargs -I{} cp {} /x", ["ls", "xargs -I{}", "cp <{}> /x"]),
        (
            "find . -name a -exec rm -f {} + -exec b \\;",
            ["find . -name a -exec rm -f {} + -exec b ;", "rm -f <{}>", "b"],
        ),
        ("command -v x", []),
        ("command x y", ["x y"]),
        ("$CMD install x", ["<$CMD> install x"]),
        ("sudo", ["sudo"]),
        ("true > f", ["true"]),
    ],
)
def test_commands_that_run_commands(told, script, expected):
    assert told(script) == expected


def test_wrappers_nest_only_so_far(told):
    assert len(told("sudo " * 1_000 + "a")) < 30


def test_env_assigns_for_what_it_runs(follow):
    assert follow("env A=1 c")[1].assignments["A"].value == "1"


def test_a_child_shell_sees_exported_variables_only(told):
    assert told("A=1; export B=2; sh -c 'c $A $B'")[-1] == "c <$A> 2"


def test_places_in_nested_scripts(follow, source):
    inner = follow("sh -c 'a &&\n  b \"x\"'")[2]
    assert inner.words[1].value == "x"
    assert tuple(inner.words[1].span)[1:] == (2, 5, 2, 8)
    quoted = follow('bash -c "echo \\"hi\\" && b c"')[2]
    assert tuple(quoted.words[1].span)[1:] == (1, 27, 1, 28)


def test_exec_form_runs_no_shell(source):
    text = '["sh", "-c", "a $X && b"]'
    found = exec_form(("sh", "-c", "a $X && b"), source(text), variables={"X": "1"})
    assert [[word.value for word in command.words] for command in found] == [
        ["sh", "-c", "a $X && b"],
        ["a", "1"],
        ["b"],
    ]
    assert tuple(found[2].span)[1:] == (1, 23, 1, 24)
    plain = exec_form(("a", "$X"), source('["a", "$X"]'), variables={"X": "1"})
    assert plain[0].words[1].value == "$X"


@pytest.mark.parametrize(
    ("shell", "expected"),
    [
        (("/bin/sh", "-c"), (False, False)),
        (("/bin/bash", "-eo", "pipefail", "-c"), (True, True)),
        (("/bin/bash", "-o", "pipefail", "-c"), (False, True)),
        (("conda", "run", "-n", "x", "/bin/bash", "-ec"), (True, False)),
        (("powershell", "-Command"), None),
        ((), None),
    ],
)
def test_options_of_the_shell(shell, expected):
    assert options(shell) == expected


def test_unread():
    assert unread("a" * 70_000) is not None
    assert "cmd" in (unread("dir", ("cmd", "/S", "/C")) or "")
    assert unread("a", ("/bin/ash", "-c")) is None
