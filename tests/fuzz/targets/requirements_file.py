"""A requirements file, and the same as a constraints file; the ignores in it."""

from fromlint.settings import inline
from fuzz.project import gathered

WORDS = tuple(
    word.encode()
    for word in (
        "-r ", "-c ", "-e ", "-i ", "--index-url ", "--extra-index-url=", "--find-links ", "--no-binary :all:", "--only-binary=a,b", "--pre",
        "--hash=sha256:", "--require-hashes", "--trusted-host ", "--config-settings=", "--global-option=", "git+https://x/y.git@z#egg=a",
        "https://x/a-1.0-py3-none-any.whl", "file:///etc/passwd", "a @ ", "./a.whl", "../x", "==", ">=", "~=", "!=", "===", "<", "[a,b]",
        "; ", 'python_version < "3"', "sys_platform", " and ", " or ", " in ", "not in", "extra == 'x'", "${HOME}", "\\\n", "# ", "\n",
        "1.0.post1.dev2+local", "1!2.0rc1", "*", "2024.1", "-*- coding: latin-1 -*-", "# fromlint: ignore=FL201",
    )
)  # fmt: skip


def read(data: bytes) -> None:
    gathered("pip", "requirements.txt", data, files=("requirements.txt",))
    gathered("pip", "requirements.txt", data, requirements=("a",), constraints=("requirements.txt",))
    inline.in_requirements("requirements.txt", data.decode("utf-8", "replace").splitlines(keepends=True))
