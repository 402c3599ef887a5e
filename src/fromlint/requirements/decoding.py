"""From bytes to text, as pip takes requirements files in."""

import codecs
import re

# pip._internal.req.req_file.BOMS: UTF-32 before UTF-16, whose mark is a prefix of it.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# Codecs that are no encodings of files, and take quadratic time on hostile input.
_NO_ENCODINGS = frozenset({"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined"})


class NotText(ValueError):
    """The bytes are not text in the encoding that they claim; the message says so in plain words."""


def requirements_text(data: bytes) -> str:
    """The text of a requirements file: byte order mark, then a coding comment (PEP 263), then UTF-8.

    Raises NotText. pip's last resort, the locale's encoding, is UTF-8 in containers and so is not another try.
    """
    content, encoding = _marked(data)
    return _decoded(content, encoding or _declared(data) or "utf-8")


def readable(data: bytes) -> str:
    """The text for people to look at: by its byte order mark, else UTF-8. What is not text is replaced."""
    content, encoding = _marked(data)
    return content.decode(encoding or "utf-8", "replace")


def utf8_text(data: bytes) -> str:
    """The text of a file that has to be UTF-8 (TOML, JSON), with or without a byte order mark. Raises NotText."""
    return _decoded(data.removeprefix(codecs.BOM_UTF8), "utf-8")


def _marked(data: bytes) -> tuple[bytes, str | None]:
    """What stands behind the byte order mark, and the encoding that this says; None where there is none."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :], encoding
    return data, None


def _declared(data: bytes) -> str | None:
    for line in data.split(b"\n", 2)[:2]:
        if line.startswith(b"#"):
            found = re.search(rb"coding[:=]\s*([-\w.]+)", line)
            if found:
                return found[1].decode("ascii")
    return None


def _decoded(data: bytes, encoding: str) -> str:
    try:
        if codecs.lookup(encoding).name.replace("-", "_") in _NO_ENCODINGS:
            raise NotText(f"the coding comment names {encoding}, which is no encoding of files")
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise NotText(f"not text: line {line} holds bytes that are not {encoding}") from None
    except (LookupError, ImportError):
        raise NotText(f"the coding comment names {encoding}, which is no known encoding") from None
    except NotText:
        raise
    except (ValueError, ArithmeticError, TypeError):
        raise NotText(f"not text in the encoding {encoding}") from None
    if "\0" in text:
        raise NotText("not text: it holds NUL characters (UTF-16 without a byte order mark?)")
    return text
