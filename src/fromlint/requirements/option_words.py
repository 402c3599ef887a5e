"""Options inside requirements files, as pip 26 takes them (pip._internal.req.req_file, cmdoptions).

pip-requirements-parser knows the options of an older pip and builds an option parser for every line; this is the
part of optparse that pip's lines need.
"""

from __future__ import annotations

from fromlint.named_tuple import NamedTuple

# option: the word that pip gets it under. All of these take a value.
_VALUED = {
    "--index-url": "index_url",
    "--pypi-url": "index_url",
    "--extra-index-url": "extra_index_url",
    "--constraint": "constraint",
    "--requirement": "requirement",
    "--editable": "editable",
    "--find-links": "find_links",
    "--no-binary": "no_binary",
    "--only-binary": "only_binary",
    "--all-releases": "all_releases",
    "--only-final": "only_final",
    "--trusted-host": "trusted_host",
    "--use-feature": "use_feature",
    "--hash": "hash",
    "--config-settings": "config_settings",
}
_SWITCHES = {
    "--no-index": "no_index",
    "--prefer-binary": "prefer_binary",
    "--require-hashes": "require_hashes",
    "--no-require-hashes": "no_require_hashes",
    "--pre": "pre",
}
_SHORT = {
    "i": "index_url",
    "c": "constraint",
    "r": "requirement",
    "e": "editable",
    "f": "find_links",
    "C": "config_settings",
}

# shlex goes through the text letter by letter.
_LONGEST = 50_000
_HASHES = ("sha256", "sha384", "sha512")


class Option(NamedTuple):
    """An option of a line: ``value`` is "" for a switch."""

    name: str
    value: str


class OptionFault(ValueError):
    """pip refuses the options; the message is its reason."""


def split(line: str) -> tuple[str, str]:
    """The requirement and the options of a line: the latter begin at the first word that starts with ``-``.

    Words are divided by single blanks only, as in pip: a tab in front of an option does not begin it.
    """
    if line.startswith("-"):
        return "", line
    start = line.find(" -")
    return (line, "") if start < 0 else (line[:start], line[start + 1 :])


def parse(text: str) -> list[Option]:
    """The options in ``text``, in order. Words that are no options are dropped, as pip does it. Raises OptionFault."""
    words = _words(text)
    options: list[Option] = []
    words.reverse()
    while words:
        word = words.pop()
        if word == "--":
            break
        if word.startswith("--"):
            options.append(_long(word, words))
        elif word.startswith("-") and len(word) > 1:
            options.append(_short(word, words))
    for option in options:
        _check(option)
    return options


def _words(text: str) -> list[str]:
    if text.isascii() and not any(mark in text for mark in "'\"\\"):
        return text.split()  # the same words, and files with thousands of hashes are common
    if len(text) > _LONGEST:
        raise OptionFault(f"longer than {_LONGEST} characters")
    import shlex

    try:
        return shlex.split(text)
    except ValueError:
        raise OptionFault("Could not split options: a quotation mark is not closed") from None


def _long(word: str, rest: list[str]) -> Option:
    written, equals, value = word.partition("=")
    name = _full_name(written)
    if name in _SWITCHES:
        if equals:
            raise OptionFault(f"{name} option does not take a value")
        return Option(_SWITCHES[name], "")
    if not equals:
        if not rest:
            raise OptionFault(f"{name} option requires 1 argument")
        value = rest.pop()
    return Option(_VALUED[name], value)


def _full_name(written: str) -> str:
    if written in _VALUED or written in _SWITCHES:
        return written
    begun = sorted(name for name in (*_VALUED, *_SWITCHES) if name.startswith(written))
    if not begun:
        raise OptionFault(f"no such option: {written}")
    if len(begun) > 1:
        raise OptionFault(f"ambiguous option: {written} ({', '.join(begun)}?)")
    return begun[0]


def _short(word: str, rest: list[str]) -> Option:
    name = _SHORT.get(word[1])
    if name is None:
        raise OptionFault(f"no such option: {word[:2]}")
    if len(word) > 2:
        return Option(name, word[2:])
    if not rest:
        raise OptionFault(f"{word} option requires 1 argument")
    return Option(name, rest.pop())


def _check(option: Option) -> None:
    if option.name == "hash":
        algorithm, colon, _digest = option.value.partition(":")
        if not colon:
            raise OptionFault(
                "Arguments to --hash must be a hash name followed by a value, like --hash=sha256:abcde..."
            )
        if algorithm not in _HASHES:
            raise OptionFault(f"Allowed hash algorithms for --hash are {', '.join(_HASHES)}.")
    elif option.name == "config_settings" and "=" not in option.value:
        raise OptionFault("Arguments to --config-settings must be of the form KEY=VAL")
    elif option.name in ("no_binary", "only_binary", "all_releases", "only_final") and option.value.startswith("-"):
        raise OptionFault(f"--{option.name.replace('_', '-')} option requires 1 argument.")
