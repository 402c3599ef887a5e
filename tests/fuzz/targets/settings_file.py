"""A fromlint.toml and the table of a pyproject.toml."""

from contextlib import suppress

from fromlint.settings.read import SettingsError
from fromlint.settings.read import read as read_settings
from fuzz.scratch import scratch

WORDS = tuple(
    word.encode()
    for word in (
        "[tool.fromlint]\n", "[tool.fromlint.images]\n", "[images]\n", "[build-arg]\n", "select = ", "ignore = ", "fail-on = ", "strict = ", "platform = ",
        "target = ", "context = ", "requirements = ", "offline = true\n", "index-url = ", "index-allow = ", "index-timeout = ", "as-of = ", "exclude = ",
        "exit-zero = ", "baseline = ", '"FL2"', '"error"', "2026-01-01", "1.5", "nan", "-inf", "[", "]", "{", "}", '"', "'", '"""', "=", "\n", "1e999",
        "9" * 5_000, "0x", "\\u", "true", "tool.fromlint.select = []\n",
    )
)  # fmt: skip
SHARE = 0.7


def read(data: bytes) -> None:
    folder = scratch()
    for name in ("fromlint.toml", "pyproject.toml"):
        path = folder / name
        path.write_bytes(data)
        with suppress(SettingsError):
            read_settings(path)
