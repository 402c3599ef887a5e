"""Advice in Markdown, for a comment on a pull request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from fromlint.advice import wording
from fromlint.advice.judge import Advice, Row
from fromlint.regex import regex

_SPECIAL = regex(r"([\\`*_{}\[\]<>#|~&!])")


def render(advice: Advice) -> str:
    """The advice as a Markdown document."""
    lines = [f"## Base image for {_plain(advice.path)}", ""]
    if advice.recommended is not None:
        lines += [f"**Recommended: {_plain(advice.recommended)}**", ""]
    else:
        lines += ["**No recommendation**", ""]
    lines += [f"- {_plain(text)}" for text in advice.why]
    if advice.rows:
        lines += ["", *_table(advice)]
    lines += _section("In the Dockerfile", wording.changes(advice))
    lines += _section("What would change it", advice.what_if)
    lines += _section("What stands in the way", _reasons(advice))
    return "\n".join(lines) + "\n"


def _table(advice: Advice) -> Iterator[str]:
    yield "| base | platform | ready | compiled | impossible | to pull | on disk | with a build stage | fixes until | system packages | to compile | to run |"  # noqa: E501
    yield "| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | --- | --- | --- | --- |"
    for row in advice.rows:
        yield "| " + " | ".join(_cells(row, advice)) + " |"
    for remark in wording.remarks(advice.rows):
        yield f"\n{_plain(remark)}"


def _cells(row: Row, advice: Advice) -> Iterator[str]:
    image = _plain(row.image) + (" (in use)" if row.in_use else "")
    yield f"**{image}**" if row.image == advice.recommended else image
    yield row.platform
    if not row.usable:
        yield from ("not known", *[""] * 9)
        return
    for fate in ("ready", "compiled", "impossible"):
        yield str(len(row.named(fate)))
    yield _plain(wording.known_size(row, row.sizes.packed(advice.staged)))
    for staged in (False, True):
        yield _plain(wording.known_size(row, row.sizes.installed(staged)))
    yield (row.until or "unknown") + (" (over)" if row.ended else "")
    yield _plain(wording.packages(row, advice.staged))
    yield _plain(" ".join(row.build))
    yield _plain(" ".join(row.run))


def _reasons(advice: Advice) -> Iterator[str]:
    several = len({row.platform for row in advice.rows}) > 1
    for row in advice.rows:
        for text in row.reasons:
            yield f"{row.image}{f' on {row.platform}' if several else ''}: {text}"


def _section(title: str, texts: Iterable[str]) -> list[str]:
    lines = [f"- {_plain(text)}" for text in texts]
    return ["", f"### {title}", "", *lines] if lines else []


def _plain(text: str) -> str:
    """The text with nothing in it that Markdown or HTML would take for its own."""
    return _SPECIAL.sub(r"\\\1", wording.shown(text))
