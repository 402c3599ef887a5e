"""What an index answers, read: PEP 691 JSON and PEP 503 HTML (with PEPs 592, 658, 700, 714 and 792).

Both readers take time linear in the size of the answer, whatever it holds, and leave out files that no
installer would take: other kinds of file, names that hold a path or control characters.

PEP 708's ``tracks`` and ``alternate-locations`` are left unread: no installer acts on them yet.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape
from json import loads
from urllib.parse import unquote, urljoin

from fromlint.index.names import FILENAME, fit_reason, fit_specifier
from fromlint.model.index import File
from fromlint.regex import regex
from fromlint.typed import Any

JSON_TYPE = "application/vnd.pypi.simple.v1+json"
HTML_TYPES = ("text/html", "application/vnd.pypi.simple.v1+html")
ACCEPT = f"{JSON_TYPE}, {HTML_TYPES[1]};q=0.2, {HTML_TYPES[0]};q=0.1"

_acceptable = regex(FILENAME, re.ASCII).fullmatch
_address = regex(r"https?://[!-~]{1,2000}").fullmatch
_relative = regex(r"(?![a-zA-Z][a-zA-Z0-9+.-]*:)[!-~]{1,2000}").fullmatch
_MOST_FILES = 200_000
_SHORT = 4_000_000
"""Bytes up to which JSON may hold whatever it likes: it cannot fill the memory."""
_MOST_PIECES = 3_000_000
"""Commas and brackets in a JSON answer: 200,000 files make 2.4 million, while 30 million empty lists are 2 GB."""
_MOST_UNENDED = 100
"""Tags without an end in an HTML answer, before it is given up: each costs a look at the text that follows."""
_LONGEST_URL = 2_000


class NotAPage(Exception):
    """The answer is no index page; the text says what it is instead."""


def is_json(content_type: str) -> bool:
    """Whether an answer of that type is JSON."""
    return content_type.partition(";")[0].strip().lower().endswith("json")


def read(body: bytes, content_type: str, url: str) -> list[File]:
    """The files that an answer lists. ``url`` is where it came from, for relative addresses.

    Raises NotAPage.
    """
    if is_json(content_type):
        return read_json(body, url)
    kind, _, parameters = content_type.partition(";")
    kind = kind.strip().lower()
    if kind in HTML_TYPES or not kind:
        return read_html(body, url, _charset(parameters))
    raise NotAPage(f"{kind[:60]} instead of an index page")


def read_json(body: bytes, url: str) -> list[File]:
    """The files of a PEP 691 answer. Raises NotAPage."""
    return files(entries(body), url)


def entries(body: bytes) -> list[dict[str, Any]]:
    """The ``files`` of a PEP 691 answer as they stand there, at most 200,000. Raises NotAPage."""
    if len(body) > _SHORT and body.count(b",") + body.count(b"[") + body.count(b"{") > _MOST_PIECES:
        raise NotAPage("JSON with more pieces than any index page has")
    try:
        answer = loads(body)
    except (ValueError, RecursionError):  # UnicodeDecodeError is a ValueError
        raise NotAPage("JSON that cannot be read") from None
    found = answer.get("files") if isinstance(answer, dict) else None
    if not isinstance(found, list):
        raise NotAPage("JSON that is no index page")
    if _major(answer) not in (None, "1"):
        raise NotAPage(f"an index page of version {_major(answer)}, which is not known")
    return [entry for entry in found[:_MOST_FILES] if isinstance(entry, dict)]


def files(entries: list[dict[str, Any]], url: str) -> list[File]:
    """The files that entries of a PEP 691 answer describe. ``url`` is where it came from."""
    absolute = _joiner(url)
    found = []
    for entry in entries:
        get = entry.get
        filename = get("filename")
        if not isinstance(filename, str) or not _acceptable(filename):
            continue
        address, yanked, size, uploaded = get("url"), get("yanked"), get("size"), get("upload-time")
        found.append(
            File(
                filename,
                absolute(address) if isinstance(address, str) else None,
                fit_specifier(get("requires-python")),
                None if yanked is None or yanked is False else fit_reason(yanked),
                _hashes(get("hashes")),
                size if type(size) is int and size >= 0 else None,
                announced(entry),
                uploaded if isinstance(uploaded, str) else None,
            )
        )
    return found


def announced(entry: dict[str, Any]) -> bool:
    """Whether an entry says that there is a ``.metadata`` file beside its own (PEP 658; PEP 714: newer key first)."""
    beside = entry.get("core-metadata")
    if beside is None:
        beside = entry.get("dist-info-metadata", entry.get("data-dist-info-metadata"))
    return beside is not None and beside is not False


def read_html(body: bytes, url: str, charset: str = "utf-8") -> list[File]:
    """The files of a PEP 503 answer.

    Raises NotAPage where it lists none and does not look like an index page either: a sign-in page of some network.
    """
    text = _decoded(body, charset)
    if "<!--" in text:
        first, *rest = text.split("<!--")
        text = first + "".join(piece.partition("-->")[2] for piece in rest)
    absolute = _joiner(_base(text, url))
    specifier = _Specifiers()
    files = []
    for attributes in _anchors(text):
        href = attributes.get("href")
        if href is None:
            continue
        if "&" in href:
            href = unescape(href)
        address, _, fragment = href.partition("#")
        filename = address.partition("?")[0].rpartition("/")[2]
        if "%" in filename:
            filename = unquote(filename)
        if not _acceptable(filename):
            continue
        yanked = attributes.get("data-yanked")
        beside = attributes.get("data-core-metadata", attributes.get("data-dist-info-metadata"))
        python = attributes.get("data-requires-python")
        files.append(
            File(
                filename,
                absolute(address),
                specifier[python] if python else None,
                None if yanked is None else fit_reason(unescape(yanked)),
                _fragment(fragment),
                None,
                beside is not None and beside != "false",
                None,
            )
        )
        if len(files) >= _MOST_FILES:
            break
    if not files and "pypi:repository-version" not in text and "links for " not in text[:2000].lower():
        raise NotAPage("a page that is no index page")
    return files


def read_links(body: bytes, content_type: str, url: str) -> list[File]:
    """The files of a ``--find-links`` page: plain HTML, which may well list none."""
    try:
        return read(body, content_type, url)
    except NotAPage:
        if content_type.partition(";")[0].strip().lower() in HTML_TYPES:
            return []
        raise


def _major(answer: dict[str, Any]) -> str | None:
    meta = answer.get("meta")
    version = meta.get("api-version") if isinstance(meta, dict) else None
    return version.partition(".")[0][:10] if isinstance(version, str) and version.isprintable() else None


class _Specifiers(dict[str, str | None]):
    """``Requires-Python`` texts made fit to be kept; a page has few different ones."""

    def __missing__(self, text: str) -> str | None:
        self[text] = fit_specifier(unescape(text) if "&" in text else text)
        return self[text]


def _hashes(hashes: object) -> tuple[str, ...]:
    if not isinstance(hashes, dict):
        return ()
    found = hashes.get("sha256")
    if isinstance(found, str) and len(found) == 64 and found.isalnum():
        return ("sha256:" + found.lower(),)
    return tuple(
        f"{name}:{value}"
        for name, value in list(hashes.items())[:8]
        if isinstance(value, str) and len(value) <= 128 and value.isalnum() and name.replace("_", "").isalnum()
    )


def _fragment(fragment: str) -> tuple[str, ...]:
    """``sha256=…`` after the ``#`` of a link."""
    for part in fragment.split("&") if fragment else ():
        name, _, value = part.partition("=")
        if value and len(value) <= 128 and value.isalnum() and name in {"sha256", "sha512", "sha384", "sha1", "md5"}:
            return (f"{name}:{value.lower()}",)
    return ()


def _joiner(base: str) -> Callable[[str], str | None]:
    """A function that makes addresses on the page at ``base`` absolute; None for what is no http address.

    Whole addresses cost nothing; of relative ones each folder is worked out once.
    """
    folders: dict[str, str] = {}

    def absolute(address: str) -> str | None:
        if "#" in address:
            address = address.partition("#")[0]
        if _address(address):
            return address
        if not _relative(address):
            return None
        folder, slash, filename = address.rpartition("/")
        known = folders.get(folder + slash)
        if known is None:
            try:
                known = urljoin(base, folder + slash or "./")
            except ValueError:
                known = ""
            folders[folder + slash] = known
        return known + filename if known.startswith(("https://", "http://")) else None

    return absolute


def _charset(parameters: str) -> str:
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip("\"'").lower()
    return "utf-8"


def _decoded(body: bytes, charset: str) -> str:
    """``body`` as text: by its byte order mark, else by what the server says, else UTF-8; bad bytes are replaced."""
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        charset = "utf-16"
    elif charset not in {"latin-1", "iso-8859-1", "windows-1252", "us-ascii", "utf-16", "utf-16le", "utf-16be"}:
        charset = "utf-8-sig"
    return body.decode(charset, "replace")


_ATTRIBUTES = ("data-requires-python", "data-yanked", "data-core-metadata", "data-dist-info-metadata")
_ATTRIBUTE = r'([a-zA-Z][\w-]*)(?:\s*=\s*(?:"([^"]*)"|\'([^\']*)\'|([^\s"\'>]+)))?'


def _anchors(text: str) -> Iterator[dict[str, str]]:
    """The attributes of every ``<a …>``, by lower-case name. Raises NotAPage."""
    plain = re.compile(r'<a href="([^"<]*)"((?: [\w-]+="[^"<]*")*) ?>').findall(text)
    if len(plain) == text.count("<a") + text.count("<A"):
        # the shape in which nearly all indexes write: one pass in C
        for href, rest in plain:
            found = {"href": href}
            for name in _ATTRIBUTES if rest else ():
                _, there, value = rest.partition(f' {name}="')
                if there:
                    found[name] = value[: value.index('"')]
            yield found
        return
    if text.count("<a") + text.count("<A") > _MOST_FILES:
        raise NotAPage("HTML with more links than any index page has")
    attributes = re.compile(_ATTRIBUTE).findall
    at, stop, unended = 0, len(text), 0
    lower = text.lower() if "<A" in text else text
    while (start := lower.find("<a", at)) >= 0:
        at = start + 2
        if not text[at : at + 1].isspace():
            continue
        end = _tag_end(text, at, min(stop, at + 3 * _LONGEST_URL))
        if end < 0:
            unended += 1
            if unended > _MOST_UNENDED:
                raise NotAPage("HTML that cannot be read")
            continue
        yield {
            name.lower(): double or single or bare
            for name, double, single, bare in attributes(text[at:end].replace("\n", " "))
        }
        at = end


def _tag_end(text: str, start: int, stop: int) -> int:
    """Where the tag that ``start`` lies in ends: the first ``>`` outside quotes; -1 where it does not end."""
    at = start
    while True:
        end = text.find(">", at, stop)
        if end < 0:
            return -1
        double, single = text.find('"', at, end), text.find("'", at, end)
        if double < 0 and single < 0:
            return end
        quote = min(position for position in (double, single) if position >= 0)
        closing = text.find(text[quote], quote + 1, stop)
        if closing < 0:
            return -1
        at = closing + 1


def _base(text: str, url: str) -> str:
    """The page's own base address (``<base href>``), if it names one."""
    at = text[:10_000].lower().find("<base")
    if at < 0:
        return url
    found = re.search(r"""href\s*=\s*["']?([^"'\s>]{1,2000})""", text[at : at + 3000])
    try:
        return urljoin(url, found[1]) if found else url
    except ValueError:
        return url
