"""The indexes that pyproject.toml names: uv's ``[[tool.uv.index]]`` and ``[tool.uv.sources]``, poetry's sources."""

from collections.abc import Iterable, Mapping

from fromlint.model.requirement import FileOptions
from fromlint.requirements.lock import table, text, texts
from fromlint.requirements.names import normalise
from fromlint.requirements.toml_text import Document

# A package may have several sources, told apart by markers; the first that names an index counts.
Indexes = tuple[dict[str, str], FileOptions]


def read(document: Document, tool: str) -> Indexes:
    """The index of each package that has one of its own, and the options for all others, as ``tool`` reads them."""
    tools = table(document.data.get("tool"))
    if tool == "uv":
        return of_uv(document, table(tools.get("uv")))
    if tool == "poetry":
        return _poetry(document, table(tools.get("poetry")))
    return {}, FileOptions()


def of_uv(document: Document, uv: Mapping[str, object]) -> Indexes:
    """The same for uv's settings: ``[tool.uv]``, or the whole of uv.toml."""
    named: dict[str, str] = {}
    main: str | None = text(uv, "index-url") or None
    extra = list(texts(uv.get("extra-index-url")))
    for index in document.rows(uv.get("index")):
        url = text(index, "url")
        named[text(index, "name")] = url
        if index.get("default") is True:
            main = url or None
        elif index.get("explicit") is not True and url:
            extra.append(url)
    options = FileOptions(
        main,
        tuple(extra),
        texts(uv.get("find-links")),
        uv.get("no-index") is True,
        _formats(uv, "no-build", "no-build-package", "only-binary"),
        _formats(uv, "no-binary", "no-binary-package", "no-binary"),
        pre=text(uv, "prerelease") == "allow",
        exclude_newer=text(uv, "exclude-newer") or None,
        index_strategy=text(uv, "index-strategy") or None,
        resolution=text(uv, "resolution") or None,
        newer_packages=tuple(
            f"{name}={day if isinstance(day, str) else 'false'}"
            for name, day in table(uv.get("exclude-newer-package")).items()
        ),
        torch_backend=text(uv, "torch-backend") or None,
        no_deps=uv.get("no-deps") is True,
        require_hashes=uv.get("require-hashes") is True,
        python_downloads=_downloads(uv.get("python-downloads")),
        python_preference=text(uv, "python-preference") or None,
    )
    return _own(table(uv.get("sources")).items(), "index", named), options


def _formats(uv: Mapping[str, object], every: str, single: str, own: str) -> tuple[str, ...]:
    """``no-build`` of everything, ``no-build-package`` and, in ``[tool.uv.pip]``, ``only-binary``; or the reverse."""
    if uv.get(every) is True:
        return (":all:",)
    names = (*texts(uv.get(single)), *texts(uv.get(own)))
    return tuple(name if name in (":all:", ":none:") else normalise(name) for name in names)


def _downloads(value: object) -> str | None:
    """uv's word for whether it may fetch a Python (automatic, manual, never), which may be a truth value."""
    if isinstance(value, bool):
        return "automatic" if value else "never"
    return value if value in ("automatic", "manual", "never") else None


def _poetry(document: Document, poetry: Mapping[str, object]) -> Indexes:
    named: dict[str, str] = {}
    main: str | None = None
    extra: list[str] = []
    for source in document.rows(poetry.get("source")):
        url = text(source, "url")
        named[text(source, "name")] = url
        priority = text(source, "priority") or ("default" if source.get("default") is True else "primary")
        if priority in ("default", "primary") and main is None:
            main = url or None
        elif priority in ("primary", "secondary", "supplemental") and url:
            extra.append(url)
    groups = (table(group).get("dependencies") for group in table(poetry.get("group")).values())
    urls: dict[str, str] = {}
    for dependencies in (poetry.get("dependencies"), poetry.get("dev-dependencies"), *groups):
        urls = {**_own(table(dependencies).items(), "source", named), **urls}
    return urls, FileOptions(main, tuple(extra))


def _own(entries: Iterable[tuple[str, object]], key: str, named: Mapping[str, str]) -> dict[str, str]:
    urls: dict[str, str] = {}
    for name, entry in entries:
        for item in entry if isinstance(entry, list) else [entry]:
            url = named.get(text(table(item), key))
            if url:
                urls.setdefault(normalise(name), url)
    return urls
