"""The data files of this room, each read once and only when it is asked for.

They are made by ``scripts/make_image_data.py`` from the TOML in ``data-src/images``, which has the sources:

- ``repositories.json``: ``exact`` (repository to family) and ``patterns`` (glob, family), longest first.
- ``families/NAME.json``: ``rules`` for the tags of a family, in order; ``moves``: values over time that rules name;
  ``variants``, where it has those of the official python image: what their tags are called.
- ``python/index.json`` and ``python/MINOR.json``: every tag of the official python image; see ``official_python``.
- ``distributions.json``: ``rows`` of releases, ``keys`` from ``distribution/release-or-codename`` to a row.
- ``contents/NAME.json``: packages, commands, capabilities and sizes (packed, unpacked) of one kind of image.
- ``guess.json``: what words in unknown names say.

A *change list* is ``[[stamp, value], …]``: from that stamp on the value holds; "" is "not listed any more". A stamp is
an ISO day, or an ISO day with ``.1``, ``.2`` where a day saw several changes. They sort as text.
"""

import json
import os
from functools import cache

from fromlint.typed import Any
from fromlint.witness import looked_at

_FOLDER = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "data", "images")

Changes = list[list[str]]

END_OF_TIME = "9999"


@cache
def load(name: str) -> Any:
    """The content of the data file ``name``. Raises FileNotFoundError where there is none."""
    with open(looked_at(os.path.join(_FOLDER, *name.split("/"))), encoding="utf-8") as file:
        return json.load(file)


@cache
def load_first(names: tuple[str, ...]) -> Any:
    """The content of the first file of ``names`` that there is, None where there is none of them."""
    for name in names:
        try:
            return load(name)
        except FileNotFoundError:
            continue
    return None


def bound(day: str) -> str:
    """The end of ``day``: greater than all its stamps, smaller than those of the next."""
    return f"{day}~"


def value_before(changes: Changes, end: str) -> str:
    """The value that holds just before ``end``; the first one where ``end`` lies before them all; "" for none."""
    found = changes[0][1] if changes else ""
    for stamp, value in changes:
        if stamp >= end:
            break
        found = value
    return found


def last_alive(changes: Changes, start: str, end: str) -> tuple[str, str] | None:
    """The last value other than "" that held somewhere in ``start`` <= time < ``end``, and the end of its time there.

    None where nothing was listed in that time.
    """
    until = END_OF_TIME
    for stamp, value in reversed(changes):
        if value and stamp < end and until > start:
            return value, min(end, until)
        until = stamp
    return None


def first_alive(changes: Changes, start: str, end: str) -> tuple[str, str] | None:
    """As ``last_alive``, but the first value other than "" in that time, and the end of the day on which it came."""
    for number, (stamp, value) in enumerate(changes):
        until = changes[number + 1][0] if number + 1 < len(changes) else END_OF_TIME
        if value and stamp < end and until > start:
            return value, bound(max(stamp, start))
    return None
