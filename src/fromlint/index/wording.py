"""Text of others, made fit to be shown."""

_LONGEST = 200


def shown(text: str, longest: int = _LONGEST) -> str:
    """``text`` with everything that is not plainly printable escaped, and cut after ``longest`` code points.

    What a server says may hold terminal escapes or letters that turn the reading direction.
    """
    cut = text[:longest]
    if not cut.isprintable():
        cut = "".join(
            letter if letter.isprintable() else letter.encode("unicode_escape", "replace").decode() for letter in cut
        )
    return cut + "…" if len(text) > longest else cut


def day(seconds: float) -> str:
    """The ISO day (UTC) of a time stamp; the first day of the epoch where it is outlandish."""
    from time import gmtime, strftime

    try:
        return strftime("%Y-%m-%d", gmtime(seconds))
    except (OverflowError, ValueError, OSError):
        return "1970-01-01"
