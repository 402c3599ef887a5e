"""Advice for the terminal: a table that fits 80 columns, and below it what does not fit into a table."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from fromlint.advice import wording
from fromlint.advice.judge import Advice, Row

_WIDTH = 80
_IMAGE = 25
_BAR = 7


def render(advice: Advice, *, bar: str = "") -> str:
    """The advice as text. ``bar`` is the character that bars of sizes are made of, "" for none."""
    lines = [*_wrapped(_title(advice), "", "  "), ""]
    platforms = list(dict.fromkeys(row.platform for row in advice.rows))
    for platform in platforms:
        rows = [row for row in advice.rows if row.platform == platform]
        if len(platforms) > 1:
            lines += [platform]
        lines += [*_table(rows, advice, bar), ""]
        for row in rows:
            lines += _details(row)
        lines.append("")
    lines += _recommendation(advice)
    return "\n".join(line.rstrip() for line in lines).rstrip() + "\n"


def _title(advice: Advice) -> str:
    python = f", for Python {advice.python}" if advice.python else ""
    platforms = ", ".join(dict.fromkeys(row.platform for row in advice.rows))
    return wording.shown(f"{advice.path}: bases compared{python}{f' on {platforms}' if platforms else ''}")


def _table(rows: list[Row], advice: Advice, bar: str) -> Iterator[str]:
    yield f"  {'base':<{_IMAGE}} {'ready':>5} {'compiled':>8} {'impossible':>10} {'to pull':>8}  {'support':<7}"
    largest = max((wording.known_bytes(row) or 0 for row in rows), default=0)
    for row in rows:
        mark = ">" if row.image == advice.recommended else "*" if row.in_use else " "
        image = wording.shown(row.image)
        image = image if len(image) <= _IMAGE else image[: _IMAGE - 1] + "…"
        if not row.usable:
            yield f"{mark} {image:<{_IMAGE}} {'not known' if row.entries == () else '':>5}"
            continue
        ready, compiled, impossible = (len(row.named(fate)) for fate in ("ready", "compiled", "impossible"))
        known = wording.known_bytes(row)
        drawn = bar * max(1, round(_BAR * known / largest)) if bar and known and largest else ""
        until = (row.until or "")[:7] + ("!" if row.ended else "")
        yield (
            f"{mark} {image:<{_IMAGE}} {ready:>5} {compiled:>8} {impossible:>10} "
            f"{wording.known_size(row):>8}  {until:<8} {drawn}"
        )
    yield ""
    yield "> recommended  * in use  ready: a wheel, or an sdist without native code"
    parts = dict.fromkeys(part for row in rows if row.usable for part in row.not_counted)
    if parts:
        yield from _wrapped(f"+ of unknown size, not counted: {', '.join(parts)}", "", "  ")
    yield "to pull: packed, as registry and index serve it; unpacked it is larger"


def _details(row: Row) -> Iterator[str]:
    texts = list(row.reasons)
    if row.build:
        texts.append(f"to compile, add {' '.join(row.build)}")
    if row.run:
        texts.append(f"to run, add {' '.join(row.run)}")
    if row.system_packages is not None:
        texts.append(f"holds {row.system_packages} system packages")
    if texts:
        yield wording.shown(row.image)
        for text in texts:
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
