"""Names of projects and of the files that they publish."""

SDIST_ENDINGS = (
    ".tar.gz",
    ".zip",
    ".tar.bz2",
    ".tgz",
    ".tar.xz",
    ".tar",
    ".tbz",
    ".txz",
    ".tlz",
    ".tar.lz",
    ".tar.lzma",
)
"""The archives that pip takes for source distributions (pip/_internal/utils/filetypes.py)."""

_LONGEST_SPECIFIER = 200
_LONGEST_REASON = 300
_ENDINGS = (".whl", *SDIST_ENDINGS)
FILENAME = r"[\w.!+~@()=-]{1,300}(?:" + "|".join(ending.replace(".", r"\.") for ending in _ENDINGS) + ")"
"""A regular expression (ASCII) for the names of wheels and sdists: nothing that a path or a terminal would act on."""


def normalise(name: str) -> str:
    """A project's name as indexes spell it (PEP 503): lower case, one ``-`` for every run of ``-``, ``_`` and ``.``."""
    name = name.lower().replace("_", "-").replace(".", "-")
    while "--" in name:
        name = name.replace("--", "-")
    return name


def askable(name: str) -> bool:
    """Whether a normalised name may stand in an index URL: PEP 508's letters only, so that it cannot be a path."""
    return name.isascii() and name.replace("-", "").isalnum() and name[0] != "-" != name[-1] and len(name) <= 200


def split(filename: str, project: str) -> tuple[str, str, str]:
    """A file's name in three parts: name, version and the rest, so that ``name + "-" + version + rest`` is the whole.

    ``project`` is the normalised name. The version is as written, and "" (then the rest is the whole name)
    where there is none to be found.
    """
    if filename.endswith(".whl"):
        parts = filename.split("-", 2)
        if len(parts) == 3 and parts[1]:
            return parts[0], parts[1], "-" + parts[2]
        return "", "", filename
    for ending in SDIST_ENDINGS:
        if filename.endswith(ending):
            stem = filename[: -len(ending)]
            at = len(project)
            if stem[at : at + 1] == "-" and normalise(stem[:at]) == project:
                name, version = stem[:at], stem[at + 1 :]
            else:
                name, _, version = stem.rpartition("-")
            if name and version:
                return name, version, ending
            break
    return "", "", filename


def fit_specifier(text: object) -> str | None:
    """A ``Requires-Python`` fit to be kept and shown, None where it says nothing or cannot be one."""
    if isinstance(text, str) and len(text) <= _LONGEST_SPECIFIER and text.isprintable():
        return text.strip() or None
    return None


def fit_reason(text: object) -> str:
    """The reason why a file is yanked, fit to be kept and shown; "" where it is none."""
    return text[:_LONGEST_REASON] if isinstance(text, str) and text.isprintable() else ""
