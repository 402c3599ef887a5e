"""The JSON contract of `fromlint advise`, version 1: keys are only ever added."""

from __future__ import annotations

from fromlint import __version__
from fromlint.advice.judge import Advice, Row
from fromlint.typed import Any


def render(advice: Advice) -> str:
    """The advice as one JSON document with a line end."""
    import json

    return json.dumps(document(advice), indent=1, ensure_ascii=True) + "\n"


def document(advice: Advice) -> dict[str, Any]:
    """The advice as plain values, in the order in which they are printed."""
    return {
        "version": 1,
        "tool": {"name": "fromlint", "version": __version__},
        "dockerfile": advice.path,
        "as_of": advice.as_of,
        "python": advice.python,
        "in_use": advice.in_use,
        "build_stage_apart": advice.staged,
        "not_shipped": list(advice.apart),
        "candidates": [_row(row) for row in advice.rows],
        "recommended": advice.recommended,
        "why": list(advice.why),
        "what_if": list(advice.what_if),
    }


def _row(row: Row) -> dict[str, Any]:
    return {
        "image": row.image,
        "platform": row.platform,
        "in_use": row.in_use,
        "usable": row.usable,
        "wheels": row.count("wheel"),
        "source": row.count("source"),
        "none": row.count("none"),
        "unknown": row.count("unknown"),
        "compiled": list(row.named("compiled")),
        "impossible": list(row.named("impossible")),
        "build_packages": list(row.build),
        "runtime_packages": list(row.run),
        "base_size_bytes": row.sizes.base_packed,
        "download_size_bytes": row.sizes.wheels_packed,
        "estimated_size_bytes": row.total_bytes,
        "size_not_counted": list(row.sizes.not_counted),
        "size_estimated": list(row.sizes.estimated),
        "sizes": {
            "base_installed_bytes": row.sizes.base_installed,
            "wheels_installed_bytes": row.sizes.wheels_installed,
            "one_stage": _sizes(row, False),
            "build_stage_apart": _sizes(row, True),
        },
        "system_packages": row.sizes.base_packages,
        "supported_until": row.until,
        "requirements": [
            {
                "name": entry.name,
                "version": entry.version,
                "outcome": entry.outcome,
                "filename": entry.filename,
                "fate": entry.fate,
                "direct": entry.direct,
                "nearest_with_wheel": entry.nearest,
            }
            for entry in row.entries
        ],
        "build_minutes": dict(row.minutes),
        "reasons": list(row.reasons),
        "changes": list(row.changes),
    }


def _sizes(row: Row, staged: bool) -> dict[str, int | None]:
    """An image of which all is in one stage, or whose builds are in another: bytes, and system packages."""
    return {
        "pull_bytes": row.sizes.packed(staged),
        "installed_bytes": row.sizes.installed(staged),
        "added_installed_bytes": row.sizes.added(staged),
        "system_packages": row.sizes.packages(staged),
    }
