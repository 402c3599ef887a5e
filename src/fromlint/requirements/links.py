"""Requirements that are a bare URL: wheels and archives by address, version control.

The one place where pip-requirements-parser is asked: it knows fragments (``#egg=``, ``&subdirectory=``) as pip does.
It is imported only when such a line is met.
"""

from __future__ import annotations

import re

from fromlint.named_tuple import NamedTuple
from fromlint.regex import regex
from fromlint.requirements.names import file_name, is_odd_wheel, named_by_archive, normalise

# pip._internal.vcs: versioncontrol.py and the schemes of its four backends.
_SYSTEMS = ("ssh", "git", "hg", "bzr", "sftp", "svn")
_SCHEME = regex(r"([a-zA-Z][a-zA-Z0-9+.-]*):")


class Link(NamedTuple):
    """A URL that stands for a requirement: what it tells of name, extras and specifier ("" or () where nothing).

    ``kind`` is vcs, url, or path for ``file:``.
    """

    kind: str
    url: str
    name: str
    extras: tuple[str, ...]
    specifier: str


def kind(text: str) -> str | None:
    """vcs, url, or path for ``file:``; None where ``text`` is no URL that pip takes for one."""
    found = _SCHEME.match(text)
    if found is None:
        return None
    scheme = found[1].lower()
    if scheme in ("http", "https", "ftp"):
        return "url"
    if scheme == "file":
        return "path"
    return "vcs" if scheme in _SYSTEMS or (scheme.partition("+")[0] in _SYSTEMS and "+" in scheme) else None


def bare_name(url: str) -> bool:
    """Whether ``#egg=`` holds nothing but a name (or is not there): pip 26.0 and later refuse all else (pip #11617)."""
    found = re.search(r"[#&]egg=([^&]*)", url)
    return found is None or re.fullmatch(r"[A-Z0-9]|[A-Z0-9][A-Z0-9._-]*[A-Z0-9]", found[1], re.IGNORECASE) is not None


def read(text: str) -> Link | str:
    """The link, or in plain words why pip refuses it. ``text`` is a URL for which ``kind`` has an answer."""
    import pip_requirements_parser

    sort = kind(text) or "url"
    try:
        parts = pip_requirements_parser.parse_reqparts_from_string(text)
    except Exception as error:  # the parser raises whatever its many parts raise on odd URLs
        return f"Invalid requirement: {(str(error).splitlines() or ['not a URL'])[0]}"
    link, requirement = parts.link, parts.requirement
    url = str(link.url) if link is not None else text
    if is_odd_wheel(file_name(url)):
        return f"Invalid wheel filename (wrong number of parts): {file_name(url)}"
    if requirement is not None:
        extras = tuple(sorted(normalise(str(extra)) for extra in requirement.extras))
        return Link(sort, url, str(requirement.name), extras, str(requirement.specifier))
    name, version = named_by_archive(file_name(url)) if sort != "vcs" else ("", "")
    return Link(sort, url, name, (), f"=={version}" if version else "")
