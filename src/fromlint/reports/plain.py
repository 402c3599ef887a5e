"""Text from outside, made safe to show."""

from __future__ import annotations

import unicodedata


def plain(text: str) -> str:
    """The text with every control character (escape sequences, line ends, bidirectional overrides) made visible."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(character if character.isprintable() else _visible(character) for character in text)


def _visible(character: str) -> str:
    if character == "\t" or unicodedata.category(character) == "Zs":
        return " "
    return f"\\x{ord(character):02x}" if ord(character) < 256 else f"\\u{ord(character):04x}"
