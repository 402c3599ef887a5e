"""The build.yaml of a Home Assistant app."""

from contextlib import suppress

from fromlint.discovery.documents import Unreadable
from fromlint.discovery.home_assistant import builds

WORDS = tuple(
    word.encode()
    for word in (
        "build_from:\n", "  amd64: ", "  aarch64: ", "ghcr.io/home-assistant/amd64-base:3.22\n", "args:\n", "  A: b\n", "&a ", "*a", "<<: ", "[", "]", "{", "}",
        "- ", ": ", "~", "---\n", "null",
    )
)  # fmt: skip
SHARE = 0.5


def read(data: bytes) -> None:
    with suppress(Unreadable):
        list(builds(data, "/r/app/build.yaml"))
