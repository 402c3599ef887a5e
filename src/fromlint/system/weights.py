"""How much system packages weigh, with all that they bring: packed, and on disk.

`data/debian/sizes.bin` is made by `scripts/make_debian_data.py`: four bytes (little endian) with the length of the
header; the header, JSON of ``[release, length]``; then for each release a section packed with zlib. Its lines are
``name KiB-on-disk KiB-packed`` and the numbers of the lines of what the package depends on, as apt chooses it on a
minimal system without Recommends. On disk means Installed-Size, which the archive's own index says, less what a slim
image's dpkg does not unpack (manuals, translations): `data/debian/left_out.json`, measured for the largest.

For other distributions no such index is at hand: there sizes are estimates, by Debian's packages for the same needs.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection, Iterable, Mapping
from functools import cache

from fromlint.model.environment import Environment
from fromlint.model.project import Weight
from fromlint.named_tuple import NamedTuple
from fromlint.system import stored
from fromlint.system.distribution import distribution


class _Package(NamedTuple):
    installed: int
    packed: int
    brings: tuple[str, ...]


NOTHING = Weight(0, 0, 0)


def added(names: Iterable[str], environment: Environment) -> Weight | None:
    """What installing packages without Recommends adds to the bare image; None where a package is not known.

    On Ubuntu by the archive of the nearest Debian release, which is an estimate; elsewhere None.
    """
    where = distribution(environment)
    wanted = list(names)
    if not wanted:
        return NOTHING
    if where is None or where.archive is None:
        return None
    slim = environment.variant == "slim"
    found = _closure(where.archive, wanted, environment.packages or frozenset(), _left_out() if slim else {})
    return found if found is None or where.indexed else found._replace(estimated=True)


def _closure(
    release: str, names: Iterable[str], present: Collection[str], left_out: Mapping[str, int]
) -> Weight | None:
    packages = _release(release)
    queue = list(dict.fromkeys(names))
    seen: dict[str, _Package] = {}
    while queue:
        name = queue.pop()
        if name in seen or name in present:
            continue
        if name not in packages:
            return None
        seen[name] = packages[name]
        queue += packages[name].brings
    return Weight(
        len(seen),
        1024 * sum(package.packed for package in seen.values()),
        1024 * sum(max(package.installed - left_out.get(name, 0), 0) for name, package in seen.items()),
    )


@cache
def _left_out() -> dict[str, int]:
    """The KiB of a package that a slim image does not get."""
    with open(stored.path("debian", "left_out.json"), "rb") as source:
        found: dict[str, int] = json.load(source)["kib"]
    return found


@cache
def _release(release: str) -> dict[str, _Package]:
    with open(stored.path("debian", "sizes.bin"), "rb") as source:
        data = source.read()
    start = 4 + int.from_bytes(data[:4], "little")
    for name, length in json.loads(data[4:start]):
        if name == release:
            return _parsed(zlib.decompress(data[start : start + length]).decode())
        start += length
    return {}


def _parsed(text: str) -> dict[str, _Package]:
    lines = [line.split(" ") for line in text.split("\n")]
    names = [words[0] for words in lines]
    return {
        words[0]: _Package(int(words[1]), int(words[2]), tuple(names[int(number)] for number in words[3:]))
        for words in lines
    }
