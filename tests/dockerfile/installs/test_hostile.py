"""Whatever the words are, reading them ends and raises nothing."""

from hypothesis import given, settings
from hypothesis import strategies as st

from fromlint.dockerfile import installs
from fromlint.model.build import Command, Mount, Word
from fromlint.model.place import Span
from patience import within_a_minute

PLACE = Span("Dockerfile", 1, 1, 1, 2)
TOKENS = [
    "pip",
    "pip3",
    "python",
    "-m",
    "uv",
    "uvx",
    "run",
    "sync",
    "export",
    "add",
    "tool",
    "install",
    "venv",
    "poetry",
    "self",
    "add",
    "pipenv",
    "pdm",
    "pipx",
    "inject",
    "conda",
    "env",
    "create",
    "-r",
    "-rx",
    "-c",
    "--group",
    "a:b",
    "--only-binary",
    ":all:",
    ":none:",
    "--no-binary=,,",
    "-e",
    ".",
    "--",
    "-",
    "--",
    "--index",
    "=x",
    "--index=",
    "$X",
    "xargs",
    "-I",
    "{}",
    "hatch",
    "test:",
    "tox",
    "setup.py",
    "get-pip.py",
    "--with",
    "a,[b",
    "--extra-pip-args",
    "--pip-args",
    "'",
    '"',
    "config",
    "set",
    "global.",
    "-C",
    "-U",
    "-qqq",
    "--python",
    "--directory",
    "--project",
    "/dev/stdin",
    "wheel",
    "lock",
    "virtualenv",
    "piptools",
    "compile",
    "--script",
    "x.py",
    "-s",
    "-p",
    "-h",
    "--from",
    "a@b",
]
WORDS = st.lists(st.sampled_from(TOKENS) | st.text(max_size=6), max_size=14)
NAMES = st.sampled_from(
    [
        "PIP_INDEX_URL",
        "PIP_NO_BINARY",
        "PIP_",
        "UV_NO_GROUP",
        "UV_PYTHON",
        "PIPENV_PIPFILE",
        "VIRTUAL_ENV",
        "PDM_PROJECT",
    ]
)


@settings(max_examples=400, deadline=None)
@given(
    WORDS,
    st.dictionaries(NAMES, st.text(max_size=6), max_size=4),
    st.dictionaries(NAMES, st.none() | st.text(max_size=6), max_size=3),
    st.none() | st.text(max_size=5),
)
def test_nothing_is_raised(
    words: list[str], environment: dict[str, str], arguments: dict[str, str | None], directory: str | None
) -> None:
    command = Command(
        tuple(Word(word, PLACE, "$" not in word) for word in words),
        {"PIP_TARGET": Word("$X", PLACE, False)},
        (),
        environment,
        directory,
        False,
        False,
        (),
        None,
        None,
        PLACE,
    )
    mounts = (Mount("secret", None, "x", None, "y"),)
    installed = installs.install(command, mounts=mounts, arguments=arguments)
    assert installed is None or all(text.span == PLACE for text in installed.requirements)
    installs.venv(command, mounts=mounts, arguments=arguments)
    installs.settings(command)


def test_a_long_line_takes_little_time() -> None:
    words = ["pip", "install", *("-rx",) * 20_000, *("--only-binary=" + ",".join(["a"] * 50),) * 500]
    words += ["--no-bin=" + ":all:," * 20_000]
    command = Command(tuple(Word(word, PLACE) for word in words), {}, (), {}, "/", False, False, (), None, None, PLACE)
    nested = command._replace(words=tuple(Word(word, PLACE) for word in ["uv", "run"] * 5_000 + ["x"]))
    with within_a_minute():
        assert installs.install(command) is not None
        assert installs.install(nested) is not None
