import pytest


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("a && b; c | d & e", ["a", "b", "c", "d", "e"]),
        ('f() { a "$1"; }; function g { f "$@"; }; g x; h', ["a x", "h"]),
        ("for p in a b; do i $p; done", ["i a", "i b"]),
        ("for i in 1 2 3; do try && break || sleep 5; done", ["try", "sleep 5"]),
        ("for f in *.whl; do i $f; done", ["i <$f>"]),
        ("for x in; do a; done; b", ["b"]),
        ("for ((i=0; i<3; i++)); do a $i; done", ["a <$i>"]),
        ("while read x; do a $x; done < list", ["a <$x>"]),
        ("while true; do a; break; done; until b; do c; done", ["a", "b", "c"]),
        ("X=prod; if [ $X = prod ]; then a; else b; fi", ["a"]),
        ('X=dev; if [ $X = prod ]; then a; elif [ -n "$X" ]; then b; else c; fi', ["b"]),
        ('if [ "$UNKNOWN" = prod ]; then a; else b; fi', ["a", "b"]),
        ("case v3.12 in v2*) a;; v3*|x) b;; *) c;; esac", ["b"]),
        ("case $U in x) a;; *) b;; esac", ["a", "b"]),
        ("[[ 3.12 == 3.* ]] && a; test -z x && b; [ 2 -gt 1 ] && c", ["a", "c"]),
        ("true || a; false && b; ! true || c", ["c"]),
        ("exit 0; a", []),
        ("(exit 1); a", ["a"]),
        ("eval 'a; b'; eval \"$(gen)\"; c", ["a", "b", "gen", "c"]),
        ("set -- x; shift; a $#", ["a 0"]),
        ("> f", [":"]),
        ("if a; then b c", ["a", "b c"]),
        ("for i in 1 2; do x y", ["x y"]),
        ("{ a; b", ["a", "b"]),
        ('a && "foo', ["a"]),
        ("", []),
    ],
)
def test_what_runs(told, script, expected):
    assert told(script) == expected


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("cd /app; a; cd x/../y; b; cd ..; c", ["/app", "/app/y", "/app"]),
        ("(cd /x; a); b", ["/x", "/"]),
        ("cd /x && a || b", ["/x", "/x"]),
        ("cd $U; a", [None]),
        ("pushd /x; a; popd; b; cd; c; cd -; d", ["/x", "/", "/root", "/"]),
        ("if u; then cd /x; fi; a", ["/", None]),
        ("if u; then cd /x; exit 1; fi; a", ["/", "/"]),
        ("sh -c 'cd /x; a'; b", ["/", "/x", "/"]),
        ("f() { cd /f; }; f; a", ["/f"]),
        ("a | (cd /x; b)", ["/", "/x"]),
    ],
)
def test_directory(follow, script, expected):
    assert [command.directory for command in follow(script)] == expected


def flags(follow, script, **options):
    """Each command's name with ? where it may not run and ~ where its failure is tolerated."""
    return [
        command.words[0].value + "?" * command.conditional + "~" * command.tolerated
        for command in follow(script, **options)
    ]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("a; b", "a~ b"),
        ("set -e; a; b", "a b"),
        ("set -eux -o pipefail; a | b", "a b"),
        ("a | b", "a~ b"),
        ("a && b && c", "a b c"),
        ("set -e; a && b; c", "a~ b c"),
        ("a || b", "a~ b?"),
        ("a || true", "a~"),
        ("a || exit 1", "a"),
        ("a || { echo no; exit 1; }; b", "a echo?~ b"),
        ('die() { echo "$1"; exit 1; }; a || die no; b', "a echo?~ b"),
        ("if a; then b; else c; fi", "a~ b? c?"),
        ("if u; then exit 0; fi; a", "u~ a?"),
        ("! a", "a~"),
        ("a &", "a~"),
        ("(a; b) || true", "a~ b~"),
        ("sh -c 'a; b'", "sh a~ b"),
        ("sh -ec 'a; b'; c", "sh~ a~ b~ c"),
        ("bash -euo pipefail -c 'a | b; c'", "bash a b c"),
        ("[ -f x ] && a; b", "a?~ b"),
        ("[ -f x ] && a", "a"),
        ("X=$(a); b", "a~ b"),
        ("X=$(a) && b", "a b"),
        ("c $(a)", "a~ c"),
        ("f() { a; b; }; f && c", "a~ b c"),
        ("for p in 1 2; do a $p; done", "a~ a"),
        ("for i in 1 2 3; do a && break || b; done; c", "a~ b?~ c"),
        ("a && exit 0; b", "a~ b?"),
        ("case $u in x) a;; esac", "a?"),
    ],
)
def test_conditional_and_tolerated(follow, script, expected):
    assert flags(follow, script) == expected.split()


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("a; b", ["a"]),
        ("a\nb\nc", ["a", "b"]),
        ("set -e; a; b", []),
        ("a || true; b", []),
        ("a || b; c", ["b"]),
        ("if a; then b; fi; c", ["b"]),
        ("a; true", []),
        ("a; b; exit 0", []),
        ("a & b", []),
        ("a | b; c", ["b"]),
        ("(a; b) || true", []),
        ("for p in 1 2; do a $p; done", ["a"]),
        ("sh -c 'a; b'", ["a"]),
        ("sh -c 'a; b' || true", []),
    ],
)
def test_what_fails_without_anybody_looking(follow, script, expected):
    assert [command.words[0].value for command in follow(script) if command.lost] == expected


def test_recursion_ends(told):
    assert set(told("f() { a; f; f; }; f")) == {"a"}


def test_errexit_of_the_shell_instruction(follow):
    assert flags(follow, "a | b; c", errexit=True, pipefail=True) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("command -v curl || apk add curl", [("curl",)]),
        ("if ! which git; then apk add git; fi", [(), ("git",)]),
        ("[ -x /usr/bin/gpg ] && gpg --version; a", [("gpg",), ()]),
        ('[ -n "$(command -v jq)" ] && jq', [("jq",)]),
    ],
)
def test_guards(follow, script, expected):
    assert [command.guards for command in follow(script)] == expected


def test_pipes_name_their_neighbours(follow):
    found = [(command.words[0].value, command.piped_from, command.piped_to) for command in follow("a | b x | sudo c")]
    assert found == [("a", None, "b"), ("b", "a", "c"), ("sudo", "b", None), ("c", "b", None)]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("X=1; a; export X; b", [{}, {"X": "1"}]),
        ("export X=1 Y; Y=2; a", [{"X": "1", "Y": "2"}]),
        ("export X=1; unset X; a", [{}]),
        ("export X=$(u); a", [{}, {}]),
        (". /v/bin/activate; a", [{}, {"VIRTUAL_ENV": "/v", "PATH": "/v/bin"}]),
        ("(export X=1; a); b", [{"X": "1"}, {}]),
        ("if u; then export X=1; else export X=1; fi; a", [{}, {"X": "1"}]),
    ],
)
def test_environment(follow, script, expected):
    assert [command.environment for command in follow(script, variables={})] == expected


def test_unknown_exported_variables_are_named(follow):
    assert follow("export TOKEN=$(cat secret); a")[-1].unknown == ("TOKEN",)


def test_assignments_before_a_command(follow):
    command = follow("A='x y' B=$A a")[0]
    assert command.assignments["A"].value == "x y"
    assert not command.assignments["B"].known


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("a > f 2>&1", [(">", "f")]),
        ("a >> $HOME/f", [(">>", "/root/f")]),
        ("a &> f", [("&>", "f")]),
        ("a 2> /dev/null < g", [("2>", "/dev/null"), ("<", "g")]),
        ("a <<< 'x y'", [("<<<", "x y")]),
        ("cat > f <<E\nhi $HOME \"it's\nE\n", [(">", "f"), ("<<", "hi /root \"it's\n")]),
        ("cat <<'E' > f\n$HOME\nE\n", [("<<", "$HOME\n"), (">", "f")]),
        ("cat <<-E\n\t\ta\n\tb\n\tE\n", [("<<", "a\nb\n")]),
    ],
)
def test_redirects(follow, script, expected):
    found = follow(script)[0].redirects
    assert [(redirect.operator, redirect.target.value) for redirect in found] == expected


def test_a_group_writes_one_file(follow):
    found = [[r.operator + r.target.value for r in command.redirects] for command in follow("{ a; b; } > f")]
    assert found == [[">f"], [">>f"]]


def test_several_heredocs_and_what_follows(told):
    script = "cat <<A <<'B' | tee f && next\n1 ' ( \" fi\nA\n2\nB\nlast\n"
    assert told(script) == ["cat", "tee f", "next", "last"]


def test_shift_left_is_no_heredoc(told):
    assert told("x=$((1<<2))\na\n") == ["a"]


@pytest.mark.parametrize(
    ("platform", "script", "expected"),
    [
        ("linux/arm64", "case $(uname -m) in x86_64) a;; aarch64) b;; esac", ["uname -m", "b"]),
        ("linux/amd64", 'arch="$(dpkg --print-architecture)"; c $arch', ["dpkg --print-architecture", "c amd64"]),
        (
            "linux/arm/v7",
            "c $(apk --print-arch) $(uname -m)",
            ["apk --print-arch", "uname -m", "c armv7 <$(uname -m)>"],
        ),
        (None, "c $(uname -m)", ["uname -m", "c <$(uname -m)>"]),
    ],
)
def test_platform_questions(told, platform, script, expected):
    assert told(script, platform=platform) == expected
