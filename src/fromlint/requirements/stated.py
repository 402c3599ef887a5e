"""A requirement as pip takes it from a line or from a word of its command line: name, URL, path, version control.

What pip decides by looking whether a folder is there is decided here by the look of the text; whoever has the files
follows a path afterwards. The order of the questions is that of ``parse_req_from_line`` and ``parse_editable`` in
pip._internal.req.constructors.
"""

from collections.abc import Callable

from fromlint.model.place import Problem, Span
from fromlint.model.requirement import Requirement
from fromlint.regex import regex
from fromlint.requirements import links, requirement_text
from fromlint.requirements.names import file_name, is_archive, is_odd_wheel, named_by_archive, normalise
from fromlint.requirements.requirement_text import Refused

# From offsets in the text to the place in the file.
Place = Callable[[int, int], Span]

_BARE_EGG = "#egg= may only hold a name: write NAME[EXTRAS] @ URL instead"
_NAME_AT = regex(r"[A-Za-z0-9][A-Za-z0-9._-]*[ \t]*(?:\[[^\]]*\])?[ \t]*@")
_CREDENTIALS = regex(r"(?<=//)[^/@\s]*@")


def read(text: str, place: Place, *, hashes: tuple[str, ...] = (), bare_eggs: bool = False) -> Requirement | Problem:
    """The requirement that ``text`` states, or what pip has against it. ``bare_eggs``: pip 26's stricter ``#egg=``."""
    span = place(0, len(text.rstrip()))
    head, semicolon, tail = text.partition("; " if links.kind(text) else ";")
    marker = tail.strip()
    if marker:
        fault = requirement_text.marker_fault(marker)
        if fault:
            offset = len(head) + len(semicolon) + len(tail) - len(tail.lstrip())
            return _problem(fault, offset, place)
    head = head.strip()
    if links.kind(head):
        return _linked(head, marker, hashes, span, bare_eggs)
    if _NAME_AT.match(head) is None:
        bare, extras = split_extras(head)
        if looks_like_path(head) or is_archive(bare):
            if is_odd_wheel(file_name(bare)):
                return Problem(f"Invalid wheel filename (wrong number of parts): {file_name(bare)}", span)
            return _path(bare, head, extras, marker, hashes, span)
    parsed = requirement_text.parse(head)
    if isinstance(parsed, Refused):
        return _problem(parsed._replace(message=_hinted(parsed.message, head)), 0, place)
    if bare_eggs and parsed.url and not links.bare_name(parsed.url):
        return Problem(_BARE_EGG, span)
    kind = (links.kind(parsed.url) or "path") if parsed.url else "index"
    return Requirement(
        normalise(parsed.name),
        parsed.name,
        parsed.specifier,
        parsed.extras,
        marker,
        kind,
        parsed.url,
        hashes,
        span,
    )


def read_editable(text: str, place: Place, *, bare_eggs: bool = False) -> Requirement | Problem:
    """The requirement behind ``-e``, or what pip has against it. ``bare_eggs`` as for ``read``."""
    text = text.strip()
    span = place(0, len(text))
    if _NAME_AT.match(text):
        stated = read(text, place)
        if isinstance(stated, Requirement) and stated.kind == "path":
            return stated._replace(kind="editable")
        if isinstance(stated, Problem) or stated.kind == "vcs":
            return stated
    sort = links.kind(text)
    if sort is None and ";" not in text:
        bare, extras = split_extras(text)
        return _path(bare, text, extras, "", (), span)._replace(kind="editable", specifier="")
    if sort == "path":
        bare, extras = split_extras(text)
        return Requirement("", text, "", extras, "", "editable", bare, (), span)
    if sort == "vcs":
        stated = _linked(text, "", (), span, bare_eggs)
        if isinstance(stated, Requirement) and nameless(stated):
            return Problem(f"Could not detect requirement name for {text!r}: append #egg=NAME to the URL", span)
        return stated
    return Problem(
        f"{text} is not a valid editable requirement: neither a path to a project nor a version control URL", span
    )


def nameless(requirement: Requirement) -> bool:
    """Whether nobody knows its name before it is fetched: its address, or nothing, stands in place of one."""
    return not requirement.name or "://" in requirement.name


def looks_like_path(text: str) -> bool:
    """Whether pip would look for a folder of that name."""
    return "/" in text or text.startswith(".")


def split_extras(text: str) -> tuple[str, tuple[str, ...]]:
    """``./project[dev]`` without its extras, and these."""
    if text.endswith("]"):
        bare, bracket, inner = text[:-1].rpartition("[")
        if bracket and bare and inner:
            names = (normalise(extra.strip()) for extra in inner.split(","))
            return bare.rstrip(), tuple(sorted({name for name in names if name}))
    return text, ()


def _linked(text: str, marker: str, hashes: tuple[str, ...], span: Span, bare_eggs: bool) -> Requirement | Problem:
    if bare_eggs and not links.bare_name(text):
        return Problem(_BARE_EGG, span)
    link = links.read(text)
    if isinstance(link, str):
        return Problem(link, span)
    written = link.name or _without_credentials(text)
    # What has no name before it is fetched goes by its address.
    name = normalise(link.name) or ("" if link.kind == "path" else written)
    return Requirement(name, written, link.specifier, link.extras, marker, link.kind, link.url, hashes, span)


def _without_credentials(text: str) -> str:
    return _CREDENTIALS.sub("", text)


def _path(
    path: str, written: str, extras: tuple[str, ...], marker: str, hashes: tuple[str, ...], span: Span
) -> Requirement:
    name, version = named_by_archive(file_name(path))
    specifier = f"=={version}" if version else ""
    return Requirement(name, written, specifier, extras, marker, "path", path, hashes, span)


def _problem(refused: Refused, offset: int, place: Place) -> Problem:
    return Problem(refused.message, place(offset + refused.start, offset + refused.end))


def _hinted(message: str, text: str) -> str:
    operators = ("~=", "==", "!=", "<=", ">=", "<", ">")
    if "=" in text and not any(operator in text for operator in operators):
        return f"{message} (= is not a valid operator, did you mean ==?)"
    return message
