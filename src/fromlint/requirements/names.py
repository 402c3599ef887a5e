"""Names of distributions and what their file names tell."""

# What pip takes for an archive (pip._internal.utils.filetypes).
ARCHIVES = (
    ".whl",
    ".zip",
    ".tar.gz",
    ".tgz",
    ".tar",
    ".tar.bz2",
    ".tbz",
    ".tar.xz",
    ".txz",
    ".tlz",
    ".tar.lz",
    ".tar.lzma",
)


def normalise(name: str) -> str:
    """The name as indexes compare it (PEP 503): lower case, runs of ``-``, ``_`` and ``.`` as one ``-``."""
    flat = name.lower().replace("_", "-").replace(".", "-")
    while "--" in flat:
        flat = flat.replace("--", "-")
    return flat


def is_archive(name: str) -> bool:
    """Whether pip would take a file of this name for a wheel or a source archive."""
    return name.lower().endswith(ARCHIVES)


def is_odd_wheel(name: str) -> bool:
    """Whether a file calls itself a wheel, but has no wheel's name: pip refuses it."""
    return name.lower().endswith(".whl") and named_by_archive(name) == ("", "")


def local_path(reference: str) -> str:
    """The path of a ``file:`` URL; a path as it is."""
    if not reference.startswith("file:"):
        return reference
    from urllib.parse import unquote

    return unquote("/" + reference[5:].partition("#")[0].lstrip("/"))


def file_name(url: str) -> str:
    """The file name at the end of a URL or path, percent signs resolved; "" where there is none."""
    if "://" in url:
        url = url.partition("#")[0].partition("?")[0]
    last = url.rpartition("/")[2]
    if "%" not in last:
        return last
    from urllib.parse import unquote

    return unquote(last)


def named_by_archive(name: str) -> tuple[str, str]:
    """Name (normalised) and version that the file name of a wheel or sdist tells; "" for what it does not."""
    lower = name.lower()
    if lower.endswith(".whl"):
        parts = name[:-4].split("-")
        return (normalise(parts[0]), parts[1]) if len(parts) in (5, 6) else ("", "")
    for ending in ARCHIVES:
        if lower.endswith(ending):
            project, dash, version = name[: -len(ending)].rpartition("-")
            return (normalise(project), version) if dash and version[:1].isdigit() else ("", "")
    return "", ""
