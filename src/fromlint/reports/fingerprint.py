"""A name for a finding that stays the same when lines move: for baselines and for tools that compare runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from fromlint.model.finding import Finding


def fingerprints(findings: Iterable[Finding], sources: Mapping[str, tuple[str, ...]]) -> list[str]:
    """A SHA-256 in hex for each finding: of its rule, file, requirement and line's text, numbered where equal."""
    import hashlib

    seen: dict[str, int] = {}
    names = []
    for finding in findings:
        span = finding.span
        lines = sources.get(span.file, ())
        text = " ".join(lines[span.line - 1].split()) if 0 < span.line <= len(lines) else ""
        subject = finding.subject.name if finding.subject is not None else ""
        platforms = ",".join(finding.platforms)
        key = "\0".join((finding.code, span.file, text, subject, platforms, finding.message if not subject else ""))
        seen[key] = seen.get(key, 0) + 1
        names.append(hashlib.sha256(f"{key}\0{seen[key]}".encode(errors="surrogatepass")).hexdigest())
    return names
