"""Advice as one self-contained page: no script, nothing fetched, everything from outside escaped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from fromlint.advice import wording
from fromlint.advice.judge import Advice, Row

_STYLE = """
:root { color-scheme: light dark; --line: #8884; --ready: #2a7f4f; --compiled: #b36b00; --impossible: #b3261e; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid var(--line); padding: .35rem .6rem; text-align: left; vertical-align: top; }
th { font-weight: 600; } .n { text-align: right; font-variant-numeric: tabular-nums; }
.best { font-weight: 600; background: #2a7f4f22; }
.bar, .bar span { display: block; height: .7rem; min-width: 2px; background: #4a78b555; border-radius: 2px; }
.bar span { background: #4a78b5; }
.bars td { vertical-align: middle; } .bars td:last-child { width: 40%; }
.day, .bars td, td:first-child { white-space: nowrap; }
.ready { color: var(--ready); } .compiled { color: var(--compiled); font-weight: 600; }
.impossible { color: var(--impossible); font-weight: 600; } .unknown { opacity: .6; }
code { font-size: .92em; } footer { margin-top: 2rem; opacity: .7; font-size: .9rem; }
"""
_MARKS = {"ready": "✓", "compiled": "compiled", "impossible": "impossible", "unknown": "?"}


def render(advice: Advice) -> str:
    """The advice as an HTML document."""
    title = f"Base image for {_text(advice.path)}"
    body = [
        f"<h1>{title}</h1>",
        f"<p>Recommended: <strong>{_text(advice.recommended)}</strong></p>"
        if advice.recommended is not None
        else "<p><strong>No recommendation</strong></p>",
        *_list(advice.why),
        *_section("In the Dockerfile", wording.changes(advice)),
        *_section("What would change it", advice.what_if),
        *_section("Not shipped, and so not looked at", advice.apart),
    ]
    for platform in dict.fromkeys(row.platform for row in advice.rows):
        rows = [row for row in advice.rows if row.platform == platform]
        body += [f"<h2>Bases on {_text(platform)}</h2>", *_table(rows, advice)]
        body += ["<h2>Size</h2>", *_bars(rows, advice), *_matrix(rows)]
    facts = f", images as of {_text(advice.facts_date)}" if advice.facts_date else ""
    body.append(f"<footer>fromlint, {_text(advice.as_of)}{facts}</footer>")
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n" + "\n".join(body) + "\n</body>\n</html>\n"
    )


def _table(rows: Iterable[Row], advice: Advice) -> Iterator[str]:
    yield '<div class="wide"><table><thead><tr><th>base</th><th class="n">ready</th><th class="n">compiled</th>'
    yield '<th class="n">impossible</th><th>fixes until</th><th class="n">system packages</th><th>to compile</th>'
    yield "<th>to run</th></tr></thead><tbody>"
    for row in rows:
        best = ' class="best"' if row.image == advice.recommended else ""
        name = _text(row.image) + (" (in use)" if row.in_use else "")
        if not row.usable:
            yield f'<tr{best}><td>{name}</td><td colspan="7">{_text("; ".join(row.reasons))}</td></tr>'
            continue
        counts = "".join(f'<td class="n">{len(row.named(fate))}</td>' for fate in ("ready", "compiled", "impossible"))
        until = _text(row.until or "unknown") + (" (over)" if row.ended else "")
        held = wording.packages(row, advice.staged)
        yield (
            f'<tr{best}><td>{name}</td>{counts}<td class="day">{until}</td><td class="n">{held}</td>'
            f"<td>{_text(' '.join(row.build))}</td><td>{_text(' '.join(row.run))}</td></tr>"
        )
    yield "</tbody></table></div>"


def _bars(rows: Iterable[Row], advice: Advice) -> Iterator[str]:
    """On disk, a bar for the image with everything in it, and in it the part that stays where builds are in a stage
    apart."""
    shown = [row for row in rows if row.usable]
    largest = max((row.sizes.installed(False) or 0 for row in shown), default=0) or 1
    yield '<table class="bars"><thead><tr><th>base</th><th class="n">to pull</th><th class="n">on disk</th>'
    yield '<th class="n">builds in a stage apart</th><th></th></tr></thead><tbody>'
    for row in shown:
        one, apart = row.sizes.installed(False), row.sizes.installed(True)
        outer, inner = 100 * (one or 0) / largest, 100 * (apart or 0) / (one or 1)
        yield (
            f"<tr><td>{_text(row.image)}</td>"
            f'<td class="n">{wording.known_size(row, row.sizes.packed(advice.staged))}</td>'
            f'<td class="n">{wording.known_size(row, one)}</td><td class="n">{wording.known_size(row, apart)}</td>'
            f'<td><span class="bar" style="width:{outer:.1f}%">'
            f'<span style="width:{inner:.1f}%"></span></span></td></tr>'
        )
    yield "</tbody></table>"
    stages = "with the builds in a stage apart" if advice.staged else "everything in one stage"
    yield f"<p>To pull: packed, {stages} as in this Dockerfile. The lighter part of a bar is what only builds need.</p>"
    for remark in wording.remarks(shown):
        yield f"<p>{_text(remark)}.</p>"


def _matrix(rows: Iterable[Row]) -> Iterator[str]:
    """What becomes of every package on every base."""
    shown = [row for row in rows if row.usable]
    names = dict.fromkeys(entry.name for row in shown for entry in row.entries if entry.direct)
    names |= dict.fromkeys(entry.name for row in shown for entry in row.entries)
    if not names:
        return
    fates = [{entry.name: entry for entry in row.entries} for row in shown]
    yield '<h2>Requirements</h2>\n<div class="wide"><table><thead><tr><th>package</th>'
    yield "".join(f"<th>{_text(row.image)}</th>" for row in shown) + "</tr></thead><tbody>"
    for name in names:
        cells = []
        for by_name in fates:
            entry = by_name.get(name)
            if entry is None:
                cells.append("<td></td>")
                continue
            hint = " ".join(part for part in (entry.filename, entry.why) if part)
            version = f" {_text(entry.version)}" if entry.version else ""
            cells.append(f'<td class="{entry.fate}" title="{_text(hint)}">{_MARKS[entry.fate]}{version}</td>')
        yield f"<tr><td>{_text(name)}</td>{''.join(cells)}</tr>"
    yield "</tbody></table></div>"


def _section(title: str, texts: Iterable[str]) -> Iterator[str]:
    lines = list(_list(texts))
    if lines:
        yield f"<h2>{title}</h2>"
        yield from lines


def _list(texts: Iterable[str]) -> Iterator[str]:
    items = [f"<li>{_text(text)}</li>" for text in texts]
    if items:
        yield f"<ul>{''.join(items)}</ul>"


def _text(text: str) -> str:
    return escape(wording.shown(text))
