"""A compose file and the ``.env`` beside it."""

from contextlib import suppress

from fromlint.discovery.compose import builds
from fromlint.discovery.documents import Unreadable
from fromlint.discovery.interpolation import dotenv

WORDS = tuple(
    word.encode()
    for word in (
        "services:\n", "  web:\n", "    build: .\n", "    build:\n", "      context: ", "      dockerfile: ", "      target: ", "      args:\n", "- A=1\n",
        "A: 1\n", "platforms: [linux/arm64]\n", "extends: ", "additional_contexts:", "dockerfile_inline: |\n", "${X:-y}", "${X:?e}", "$$", "&a ", "*a", "<<: *a\n",
        "!!binary ", "!reset ", "|\n", ">-\n", "? ", ": ", "- ", "[", "]", "{", "}", "---\n", "...\n", "~", "null", "%YAML 1.1\n", "A=1\n", "export A='x'\n",
    )
)  # fmt: skip
SHARE = 1.5


def read(data: bytes) -> None:
    variables = dotenv(data.decode("utf-8", "replace"))
    for environment in ({}, variables):
        with suppress(Unreadable):
            list(builds(data, "/p/compose.yaml", environment))
