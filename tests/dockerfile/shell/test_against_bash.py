"""Generated scripts, followed here and really run by bash, which reports each command that it does not find.

The scripts are made here, of nothing but made-up commands, cd, tests and assignments.
"""

import random
import shutil
import subprocess

import pytest

BASH = shutil.which("bash")
pytestmark = pytest.mark.skipif(BASH is None, reason="bash is not installed")

WORDS = r"""
lit
"$V"
$V
"${V:-d}"
${U:-d e}
${V%b*}
${V##*a}
{p,q}
x{1..3}y
'a  b'
a\ b
$#
$(echo hi you)
"$(echo hi  you)"
"x$V"y
${V/a/z}
${#V}
"$@"
$*
"${1:-n}"
${V:1:2}
${V^^}
"${V+set}"
$'t\x41'
`echo bt`
""
"${U-}"
${U-}
--k=$V
a{,b}c
{a,b}{c,d}
"{a,b}"
"\$V \\"
"${V%"${V#?}"}"
${V:+"q r"}
x"$@"y
""".strip().split("\n")
TESTS = ['"$V" = ab', '-n "$V"', '-z "$U"', '"$V" != x -a -n x', 'x = y -o "$V" = ab', '! -z "$V"', "3 -gt 2"]


class Script:
    """Makes scripts from one seed."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.count = 0

    def words(self):
        return " ".join(self.random.choice(WORDS) for _ in range(self.random.randrange(4)))

    def command(self):
        self.count += 1
        return f"k{self.count}"

    def list(self, statement, depth):
        return "; ".join(statement(depth) for _ in range(self.random.randrange(1, 4)))

    def expanding(self, depth):
        inner = lambda: self.list(self.expanding, depth - 1)  # noqa: E731
        command = f"{self.command()} {self.words()}".rstrip()
        if depth == 0 or self.random.random() < 0.3:
            return command
        kinds = [
            lambda: "V=" + self.random.choice(["abc", "b", "aabb", "{a,b}", '"ab ca"']),
            lambda: self.random.choice(["cd /tmp", "cd /", "cd /usr", "cd ..", 'cd "$PWD"']),
            lambda: f"if [ {self.random.choice(TESTS)} ]; then {inner()}; else {inner()}; fi",
            lambda: f"case $V in ab*|q) {inner()} ;; [a-c]) {inner()};; *) {inner()} ;; esac",
            lambda: f'for x in {self.words()}; do {inner()}; k0 "$x"; done',
            lambda: f"kf() {{ {inner()}; }}; kf {self.words()}",
            lambda: f"( {inner()} )",
            lambda: f"{{ {inner()}; }}",
            lambda: f"{command} || {self.command()}",
            lambda: "eval 'k0 x; V=ev'",
            lambda: f"set -- {self.words()}",
            lambda: f"{self.random.choice(['true', 'false'])} {self.random.choice(['&&', '||'])} {command}",
            lambda: f'[[ $V == a* && -n "$V" ]] && {command}',
        ]
        return self.random.choice(kinds)()

    def failing(self, depth):
        inner = lambda: self.list(self.failing, depth - 1)  # noqa: E731
        statement = lambda: self.failing(depth - 1)  # noqa: E731
        k = self.command
        if depth == 0 or self.random.random() < 0.3:
            return k()
        kinds = [
            lambda: f"{statement()} && {statement()}",
            lambda: f"{k()} || true",
            lambda: f"{k()} || {k()}",
            lambda: f"{k()} || exit 1",
            lambda: f"{k()} || {{ {k()}; exit 2; }}",
            lambda: f"( {inner()} )",
            lambda: f"{{ {inner()}; }}",
            lambda: f"! {k()}",
            lambda: f"if {k()}; then {inner()}; fi",
            lambda: f"{k()} | {k()}",
            lambda: f"{statement()} && {k()} || {k()}",
            lambda: f"kf() {{ {inner()}; }}; kf",
            lambda: f"for x in a b; do {k()} $x; done",
        ]
        return self.random.choice(kinds)()


def run(script, *, failing="", report='"$PWD" "$@"'):
    handler = f'command_not_found_handle() {{ printf "%s\\0" {report} >&3; printf "\\n\\0" >&3; [ "$*" != "$BAD" ]; }}'
    done = subprocess.run(
        [BASH, "-c", f"exec 3>&1 >/dev/null; {handler}; cd /\n{script}"],
        capture_output=True,
        env={"BAD": failing or "-", "PATH": "/usr/bin:/bin"},
        timeout=20,
        check=False,
    )
    told = [part.split(b"\0")[:-1] for part in done.stdout.split(b"\n\0")[:-1]]
    return done.returncode, [[word.decode() for word in words] for words in told]


def agrees(ours, real):
    """Whether bash ran what was foreseen: all that is not conditional, in this order, and nothing else."""
    if not ours:
        return not real
    first, rest = ours[0], ours[1:]
    if first.conditional and agrees(rest, real):
        return True
    if not real:
        return False
    directory, *words = real[0]
    same = (
        [word.value for word in first.words] == words
        if all(word.known for word in first.words)
        else first.words[0].value == words[0]
    )
    return same and first.directory in (None, directory) and agrees(rest, real[1:])


def made_up(commands):
    return [command for command in commands if command.words[0].value.startswith("k")]


@pytest.mark.parametrize("seed", range(25))
def test_the_same_commands_with_the_same_words(follow, seed):
    maker = Script(seed)
    script = "V=ab; " + maker.list(maker.expanding, 3)
    ours = made_up(follow(script, variables={"PATH": "/bin"}))
    assert agrees(ours, run(script)[1]), script


@pytest.mark.parametrize("seed", range(15))
def test_a_failure_is_tolerated_where_bash_goes_on(follow, seed):
    maker = Script(seed)
    script = maker.random.choice(["", "set -e; ", "set -eo pipefail; ", "set -o pipefail; "])
    script += maker.list(maker.failing, 2)
    status, ran = run(script, report='"$@"')
    if status:
        return
    for command in made_up(follow(script, variables={})):
        words = [word.value for word in command.words]
        if words in ran:
            failed = run(script, failing=" ".join(words))[0] != 0
            assert failed != command.tolerated, (script, words)
