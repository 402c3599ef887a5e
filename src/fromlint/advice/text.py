"""Advice for the terminal: a table that fits 80 columns, and below it what does not fit into a table."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence

from fromlint.advice import wording
from fromlint.advice.judge import Advice, Row

_WIDTH = 80
_IMAGE = 25
_BAR = 7


def render(advice: Advice, *, bar: str = "") -> str:
    """The advice as text. ``bar`` is the character that bars of sizes are made of, "" for none."""
    lines = [*_wrapped(_title(advice), "", "  "), ""]
    platforms = list(dict.fromkeys(row.platform for row in advice.rows))
    told: set[tuple[str, ...]] = set()
    for platform in platforms:
        rows = [row for row in advice.rows if row.platform == platform]
        if len(platforms) > 1:
            lines += [platform]
        lines += [*_table(rows, advice, bar), ""]
        if image := list(_image(rows, advice)):
            lines += [*image, ""]
        details = [tuple(_details(group)) for group in _alike(rows)]
        # What was said of one platform already is not said again of another.
        lines += [line for each in details if each not in told for line in each]
        lines += [""] if set(details) - told else []
        told.update(details)
    if any(row.usable for row in advice.rows):
        lines += [*_legend(advice), ""]
    lines += _recommendation(advice)
    return "\n".join(line.rstrip() for line in lines).rstrip() + "\n"


def _title(advice: Advice) -> str:
    python = f", for Python {advice.python}" if advice.python else ""
    platforms = ", ".join(dict.fromkeys(row.platform for row in advice.rows))
    return wording.shown(f"{advice.path}: bases compared{python}{f' on {platforms}' if platforms else ''}")


def _table(rows: list[Row], advice: Advice, bar: str) -> Iterator[str]:
    yield f"  {'base':<{_IMAGE}} {'ready':>5} {'compiled':>8} {'impossible':>10} {'to pull':>8}  {'support':<7}"
    largest = max((row.sizes.packed(advice.staged) or 0 for row in rows), default=0)
    for row in rows:
        image = f"{_mark(row, advice)} {_short(row.image):<{_IMAGE}}"
        if not row.usable:
            yield f"{image} {'not known' if row.entries == () else '':>5}"
            continue
        ready, compiled, impossible = (len(row.named(fate)) for fate in ("ready", "compiled", "impossible"))
        packed = row.sizes.packed(advice.staged)
        drawn = bar * max(1, round(_BAR * packed / largest)) if bar and packed and largest else ""
        until = (row.until or "")[:7] + ("!" if row.ended else "")
        yield (
            f"{image} {ready:>5} {compiled:>8} {impossible:>10} "
            f"{wording.known_size(row, packed):>8}  {until:<8} {drawn}"
        )


def _image(rows: Iterable[Row], advice: Advice) -> Iterator[str]:
    """What is in the image: on disk, and how many system packages, all in one stage and with the builds in another."""
    shown = [row for row in rows if row.usable]
    apart = any(row.build for row in shown)
    if not shown:
        return
    heads = ("in one stage", "build stage apart") if apart else ("on disk",)
    yield f"  {'on disk, system packages':<{_IMAGE}} " + " ".join(f"{head:>19}" for head in heads)
    for row in shown:
        cells = [
            f"{wording.known_size(row, row.sizes.installed(staged)):>9} {wording.packages(row, staged):>9}"
            for staged in ((False, True) if apart else (advice.staged,))
        ]
        yield f"{_mark(row, advice)} {_short(row.image):<{_IMAGE}} " + " ".join(cells)


def _mark(row: Row, advice: Advice) -> str:
    return ">" if row.image == advice.recommended else "*" if row.in_use else " "


def _short(image: str) -> str:
    image = wording.shown(image)
    return image if len(image) <= _IMAGE else image[: _IMAGE - 1] + "…"


def _legend(advice: Advice) -> Iterator[str]:
    stages = "with the builds in a stage apart" if advice.staged else "all in one stage"
    yield "> recommended  * in use  ready: a wheel, or an sdist without native code"
    yield f"to pull: packed, {stages} as in this Dockerfile"
    yield "support: until when, ! over  system packages: the base's + those to add"
    for remark in wording.remarks(advice.rows):
        yield from _wrapped(remark, "", "  ")


def _alike(rows: Iterable[Row]) -> list[list[Row]]:
    """The candidates of which there is something to say, those of which it is the same together."""
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(_about(row)), []).append(row)
    return [group for about, group in groups.items() if about]


def _about(row: Row) -> Iterator[str]:
    yield from row.reasons
    if row.build:
        yield f"to compile, add {' '.join(row.build)}"
    if row.run:
        yield f"to run, add {' '.join(row.run)}"
    if row.minutes:
        yield "compiling took one CPU " + ", ".join(f"{minutes:g} min for {name}" for name, minutes in row.minutes)


def _details(group: Sequence[Row]) -> Iterator[str]:
    yield from _wrapped(", ".join(row.image for row in group), "", "")
    for text in _about(group[0]):
        yield from _wrapped(text, "  - ", "    ")


def _recommendation(advice: Advice) -> Iterator[str]:
    if advice.recommended is None:
        yield "No recommendation"
    else:
        yield f"Recommended: {wording.shown(advice.recommended)}"
    for text in advice.why:
        yield from _wrapped(text, "  - ", "    ")
    changes = wording.changes(advice)
    yield from _section("In the Dockerfile", changes)
    yield from _section("What would change it", advice.what_if)
    if advice.apart:
        yield from _section("Not shipped, and so not looked at (--target NAME does)", advice.apart)


def _section(title: str, texts: Iterable[str]) -> Iterator[str]:
    texts = tuple(texts)
    if texts:
        yield ""
        yield title
    for text in texts:
        yield from _wrapped(text, "  - ", "    ")


def _wrapped(text: str, first: str, then: str) -> list[str]:
    return textwrap.wrap(
        wording.shown(text),
        _WIDTH,
        initial_indent=first,
        subsequent_indent=then,
        break_long_words=False,
        break_on_hyphens=False,
    )
