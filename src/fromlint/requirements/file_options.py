"""What the options of requirements files add up to (pip._internal.req.req_file.handle_option_line)."""

from __future__ import annotations

from collections.abc import Iterable

from fromlint.model.requirement import FileOptions
from fromlint.named_tuple import NamedTuple
from fromlint.requirements.names import normalise
from fromlint.requirements.option_words import Option

_ALL, _NONE = ":all:", ":none:"


class _Pair(NamedTuple):
    """Two options of which a name can only have one (pip's FormatControl and ReleaseControl)."""

    target: tuple[str, ...]
    other: tuple[str, ...]


def combined(options: FileOptions, words: Iterable[Option]) -> FileOptions:
    """``options`` with those of one more line, in pip's order."""
    given = list(words)
    switches = {option.name for option in given}
    if "no_index" in switches:
        options = options._replace(no_index=True, index_url=None, extra_index_urls=())
    for option in given:
        options = _with_value(options, option)
    return options._replace(
        prefer_binary=options.prefer_binary or "prefer_binary" in switches,
        pre=options.pre or "pre" in switches,
        require_hashes=options.require_hashes or "require_hashes" in switches,
    )


def _with_value(options: FileOptions, option: Option) -> FileOptions:
    match option.name:
        case "index_url" if not options.no_index:
            # pip replaces all indexes, those of --extra-index-url on earlier lines too.
            return options._replace(index_url=option.value, extra_index_urls=())
        case "extra_index_url" if not options.no_index:
            return options._replace(extra_index_urls=(*options.extra_index_urls, option.value))
        case "find_links":
            return options._replace(find_links=(*options.find_links, option.value))
        case "only_binary":
            only, no = _exclusive(option.value, _Pair(options.only_binary, options.no_binary))
            return options._replace(only_binary=only, no_binary=no)
        case "no_binary":
            no, only = _exclusive(option.value, _Pair(options.no_binary, options.only_binary))
            return options._replace(only_binary=only, no_binary=no)
        case "all_releases":
            releases, final = _exclusive(option.value, _Pair(options.all_releases, options.only_final))
            return options._replace(all_releases=releases, only_final=final)
        case "only_final":
            final, releases = _exclusive(option.value, _Pair(options.only_final, options.all_releases))
            return options._replace(all_releases=releases, only_final=final)
    return options


def _exclusive(value: str, pair: _Pair) -> _Pair:
    """``handle_mutual_excludes``: ``:all:`` clears both sides, ``:none:`` its own, a name leaves the other side."""
    target, other = dict.fromkeys(pair.target), dict.fromkeys(pair.other)
    names = value.split(",")
    while _ALL in names:
        target, other = {_ALL: None}, {}
        del names[: names.index(_ALL) + 1]
        if _NONE not in names:
            return _Pair(tuple(target), tuple(other))
    for name in names:
        if name == _NONE:
            target.clear()
        else:
            other.pop(normalise(name), None)
            target[normalise(name)] = None
    return _Pair(tuple(target), tuple(other))
