"""The JSON contract of `fromlint advise`, version 1: keys are only ever added."""

from __future__ import annotations

from typing import Any

from fromlint import __version__
from fromlint.advice.judge import Advice, Row


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
        "base_size_bytes": row.base_bytes,
        "download_size_bytes": row.wheels_bytes,
        "estimated_size_bytes": row.total_bytes,
        "size_not_counted": list(row.not_counted),
        "system_packages": row.system_packages,
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
        "reasons": list(row.reasons),
        "changes": list(row.changes),
    }
