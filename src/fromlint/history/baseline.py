"""A file of findings that are known and put up with: only what is not in it is reported."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable

from fromlint.history.identity import Identity, new, worst
from fromlint.model.finding import Finding, Severity
from fromlint.named_tuple import NamedTuple
from fromlint.typed import Any

_VERSION = 1
_LARGEST = 50_000_000
_SEVERITIES = {severity.word: severity for severity in Severity}


class BaselineError(Exception):
    """A baseline that cannot be used: file and what to do, in one line."""


class Compared(NamedTuple):
    """The findings that are not in the baseline, how many are, and the entries that no finding answers to any more."""

    fresh: tuple[Finding, ...]
    known: int
    stale: tuple[Identity, ...]


def read(path: str | os.PathLike[str]) -> dict[Identity, list[Severity]]:
    """The recorded severities by identity. Raises BaselineError."""
    try:
        with open(path, "rb") as file:
            data = file.read(_LARGEST + 1)
    except FileNotFoundError as error:
        raise BaselineError(f"{path}: there is no such baseline; record one with --update-baseline") from error
    except OSError as error:
        raise BaselineError(f"{path}: cannot be read: {error.strerror or error}") from error
    if len(data) > _LARGEST:
        raise BaselineError(f"{path}: larger than {_LARGEST // 1_000_000} MB, which no baseline is")
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise BaselineError(f"{path}: not a baseline in JSON; record it anew with --update-baseline") from error
    if not isinstance(document, dict) or document.get("version") != _VERSION:
        raise BaselineError(f"{path}: not a baseline of version {_VERSION}; record it anew with --update-baseline")
    entries = document.get("findings")
    if not isinstance(entries, list):
        raise BaselineError(f"{path}: its findings are no list; record it anew with --update-baseline")
    found: dict[Identity, list[Severity]] = {}
    for number, entry in enumerate(entries):
        identity, severity = _entry(entry)
        if identity is None or severity is None:
            raise BaselineError(f"{path}: entry {number + 1} is no finding; record it anew with --update-baseline")
        found.setdefault(identity, []).append(severity)
    return {identity: sorted(severities, reverse=True) for identity, severities in found.items()}


def _entry(entry: Any) -> tuple[Identity | None, Severity | None]:
    if not isinstance(entry, dict):
        return None, None
    texts = [entry.get(key) for key in ("code", "file", "about")]
    severity = entry.get("severity")
    if not all(isinstance(text, str) for text in texts) or not isinstance(severity, str):
        return None, None
    return Identity(*map(str, texts)), _SEVERITIES.get(severity)


def written(findings: Iterable[Finding]) -> str:
    """The baseline of these findings as text: an entry a line, sorted, so that its changes read well."""
    entries = sorted(
        (*identity, severity) for identity, severities in worst(findings).items() for severity in severities
    )
    lines = [
        json.dumps({"code": code, "file": file, "about": about, "severity": severity.word}, ensure_ascii=False)
        for code, file, about, severity in entries
    ]
    return f'{{"version": {_VERSION}, "findings": [\n' + ",\n".join(lines) + "\n]}\n"


def compared(findings: tuple[Finding, ...], before: dict[Identity, list[Severity]], files: frozenset[str]) -> Compared:
    """Today's findings against a baseline. ``files`` are those looked at: entries of others are not stale."""
    fresh = new(findings, before)
    today = worst(findings)
    stale = []
    for identity, severities in before.items():
        more = len(severities) - len(today.get(identity, ()))
        if identity.file in files and more > 0:
            stale += [identity] * more
    return Compared(fresh, len(findings) - len(fresh), tuple(stale))
