"""A workflow with a build step."""

from contextlib import suppress

from fromlint.discovery.documents import Unreadable
from fromlint.discovery.workflows import builds

WORDS = tuple(
    word.encode()
    for word in (
        "jobs:\n", "  a:\n", "    steps:\n", "      - uses: docker/build-push-action@v6\n", "        with:\n", "context: ", "file: ", "target: ", "build-args: |\n",
        "platforms: ", "build-contexts: |\n", "${{ matrix.x }}", "${{ github.workspace }}", "${{", "}}", "strategy:\n", "matrix:\n", "include:\n", "exclude:\n",
        "x: [1, 2]\n", "- x: 1\n", "&a ", "*a", "<<: ", "[", "]", "{", "}", "- ", ": ", "|\n", "~", "---\n",
    )
)  # fmt: skip
SHARE = 1.5


def read(data: bytes) -> None:
    with suppress(Unreadable):
        list(builds(data, "/r/.github/workflows/ci.yml", "/r"))
