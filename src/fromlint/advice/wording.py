"""How advice puts sizes, versions and obstacles into words."""

from __future__ import annotations

from collections.abc import Iterable

from fromlint.model.environment import Environment
from fromlint.model.verdict import Obstacle
from fromlint.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from fromlint.advice.judge import Advice, Row


def size(number: int | None) -> str:
    """Bytes as ``43 MB`` or ``1.2 GB`` (powers of ten, as registries count); ``unknown`` for None."""
    if number is None:
        return "unknown"
    if number >= 1_000_000_000:
        return f"{number / 1_000_000_000:.1f} GB"
    if number >= 1_000_000:
        return f"{number / 1_000_000:.0f} MB"
    return f"{number / 1_000_000:.1f} MB"


def minor(version: str) -> str:
    """``3.12`` of ``3.12.13``."""
    return ".".join(version.split(".")[:2])


def no_wheel(obstacle: Obstacle | None, environment: Environment) -> str:
    """Why no wheel (or nothing at all) fits, "" where there is nothing to say."""
    python = minor(environment.python.version) if environment.python is not None else "this version"
    words = {
        Obstacle.MUSL: "its Linux wheels are for glibc",
        Obstacle.GLIBC: "its Linux wheels are for musl",
        Obstacle.MUSL_TOO_OLD: f"its wheels need a newer musl than {environment.libc_version}",
        Obstacle.GLIBC_TOO_OLD: f"its wheels need a newer glibc than {environment.libc_version}",
        Obstacle.PYTHON: f"it has no wheel for Python {python}",
        Obstacle.PURE: f"it has no wheel for Python {python}",
        Obstacle.PLATFORM: "it has no wheel for this CPU",
        Obstacle.PIP: "the image's pip does not know the tags of its wheels",
        Obstacle.NO_LINUX_WHEELS: "it publishes no Linux wheels",
        Obstacle.NO_WHEELS: "it publishes no wheels",
        Obstacle.NOT_LISTED: "the lock lists no wheels of it",
        Obstacle.NO_BINARY: "--no-binary asks for it",
        Obstacle.ONLY_BINARY: "--only-binary forbids its sdist",
        Obstacle.REQUIRES_PYTHON: f"every release allowed refuses Python {python}",
        Obstacle.VERSION: "no release satisfies the requirement",
        Obstacle.YANKED: "every release allowed was yanked",
        Obstacle.HASHES: "no listed hash matches",
        Obstacle.METADATA: "its metadata is not as PEP 508 says, which pip refuses since 24.1",
        Obstacle.NO_FILES: "it has no files",
    }
    return words.get(obstacle, "") if obstacle is not None else ""


def known_size(row: Row, number: int | None) -> str:
    """A size of a candidate, ``~`` before it where a part is an estimate, ``+`` after it where one is not known."""
    if number is None:
        return size(None)
    return ("~" if row.sizes.estimated else "") + size(number) + ("+" if row.sizes.not_counted else "")


def remarks(rows: Iterable[Row]) -> tuple[str, ...]:
    """What the marks at sizes stand for, of candidates of which anything is known."""
    shown = [row for row in rows if row.usable]
    estimated = dict.fromkeys(part for row in shown for part in row.sizes.estimated)
    missing = dict.fromkeys(part for row in shown for part in row.sizes.not_counted)
    found = []
    if estimated:
        found.append(f"~ estimated: {'; '.join(estimated)}")
    if missing:
        found.append(f"+ not counted: {', '.join(missing)}")
    return tuple(found)


def packages(row: Row, staged: bool) -> str:
    """How many system packages an image holds: ``96``, or ``96 + 61`` with those to add."""
    base, then = row.sizes.base_packages, row.sizes.packages(staged)
    if base is None:
        return "unknown"
    held = f"{base}" if row.sizes.base_by_release else f"~{base}"
    if then is None:
        return f"{held} + ?"
    about = "~" if row.sizes.building is not None and row.sizes.building.estimated and then > base else ""
    return f"{held} + {about}{then - base}" if then > base else held


def changes(advice: Advice) -> tuple[str, ...]:
    """What changes in the Dockerfile for the recommended base; what not all platforms take says which do."""
    rows = [row for row in advice.rows if row.image == advice.recommended]
    found: dict[str, list[str]] = {}
    for row in rows:
        for text in row.changes:
            found.setdefault(text, []).append(row.platform)
    return tuple(
        text if len(platforms) == len(rows) else f"{text} on {' and '.join(platforms)}"
        for text, platforms in found.items()
    )


def shown(text: str) -> str:
    """Text from outside with every control character made visible."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(character if character.isprintable() else f"\\x{ord(character):02x}" for character in text)
