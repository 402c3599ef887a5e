"""A RUN script: the commands that it runs, and what they install."""

from fromlint.dockerfile import installs
from fromlint.dockerfile.files import files
from fromlint.dockerfile.shell import commands
from fromlint.model.dockerfile import Anchor, Source

WORDS = tuple(
    word.encode()
    for word in (
        "if ", "then ", "else ", "fi", "for x in ", "do ", "done", "while ", "case $x in ", ";;", "esac", "{ ", "; }", "(", ")", "[[ ",
        " ]]", "[ ", " ]", "&&", "||", ";", "|", "&", "$(", "`", "${X:-", "${X//a/b}", "${!X}", "$((", "))", "<<E\n", "<<-'E'\n", "E\n",
        "<<<", ">", ">>", "2>&1", "$@", "$1", "{a,b}", "{1..9}", "{1..99999999}", "X=1 ", "X=(a b)", "export ", "set -eux", "set -- ",
        "eval ", "exec ", "sudo ", "env -i ", "sh -c '", "bash -lc \"", "xargs ", "find . -exec ", "cd /x", ". /v/bin/activate", "f() {",
        "local ", "return", "exit 1", "true", "false", "pip install ", "-r r.txt", "python -m pip ", "uv pip install ", "poetry install ",
        "apt-get install -y ", "apk add --no-cache ", "--virtual .d ", "sed -i s/a/b/ x", "rm -rf /x", "cp a b", "mv a b", "echo x > y",
        "tee ", "cat > f ", "curl x | sh", "command -v x", "time ", "! ", "\\\n", "'", '"', "#", "\n", "-", "--", "=",
    )
)  # fmt: skip


def read(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    for command in commands(Source(text, "Dockerfile", (Anchor(0, 1, 1),)), variables={"X": "a b", "N": None}):
        assert command.words
        installs.install(command)
        installs.venv(command)
        installs.settings(command)
        files(command)
