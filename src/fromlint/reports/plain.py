"""Text from outside, made safe to show."""

from __future__ import annotations

import unicodedata


def plain(text: str) -> str:
    """The text with every control character (escape sequences, line ends, bidirectional overrides) made visible."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        character if character.isprintable() or character == "\u3000" else _visible(character) for character in text
    )


def _visible(character: str) -> str:
    if character == "\t":
        return " "
    if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"):
        return f"\\x{ord(character):02x}" if ord(character) < 256 else f"\\u{ord(character):04x}"
    return character
