"""For people: each place shown with its source, what is wrong under it, and what to do.

Findings on one instruction share a block, so that twelve requirements on Alpine are one block, not twelve.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence

from fromlint.model.finding import Finding, Label, Severity
from fromlint.model.place import Span
from fromlint.model.project import Report
from fromlint.model.verdict import Outcome
from fromlint.reports.plain import plain

_STYLES = {Severity.ERROR: "1;31", Severity.WARNING: "1;33", Severity.INFO: "1;36"}
_SHOWN_WIDTH = 160
_MOST_TEXTS = 3
# Of one block, unless all is asked for: a block of more is not read.
_MOST_PLACES = 12
# An old Python holds back nearly all that is not pinned.
_REPETITIVE = frozenset({"FL109"})
_MOST_REPEATED = 3
_MOST_HELPS = 8


def render(
    report: Report, *, colour: bool = False, verbose: bool = False, files: bool = False, summarised: bool = True
) -> str:
    """The report as text ending in a summary line.

    ``colour`` adds terminal colours (never the only carrier of meaning), ``verbose`` the verdict of every requirement
    and all places and help of blocks with many findings, ``files`` how each stage and requirements file was resolved;
    ``summarised`` keeps the last line.
    """
    blocks = [
        "\n".join(_block(group, report.sources, colour, whole=verbose)) + "\n" for group in _groups(report.findings)
    ]
    if files:
        blocks.append("\n".join(_resolved(report)) + "\n")
    if verbose:
        blocks.append("\n".join(_verdicts(report)) + "\n")
    if report.skipped:
        blocks.append("\n".join(_skipped(report)) + "\n")
    if report.changes:
        blocks.append("".join(plain(sentence) + "\n" for sentence in report.changes))
    if summarised:
        blocks.append(summary(report) + "\n")
    return "\n".join(blocks)


def summary(report: Report) -> str:
    """The one line that counts findings, requirements, stages and platforms."""
    errors = sum(finding.severity is Severity.ERROR for finding in report.findings)
    warnings = sum(finding.severity is Severity.WARNING for finding in report.findings)
    infos = len(report.findings) - errors - warnings
    packages = {
        (project.dockerfile.path, package.package.name)
        for project in report.projects
        for stage in project.stages
        for install in stage.installs
        for package in install.packages
        if not package.package.parents
    }
    stages = sum(len(project.stages) for project in report.projects)
    platforms = sorted({platform for project in report.projects for platform in project.asked})
    counts = f"{_count(errors, 'error')}, {_count(warnings, 'warning')}" + (f", {infos} info" if infos else "")
    scope = f"{_count(len(packages), 'requirement')}, {_count(stages, 'stage')}"
    if len(report.projects) != 1:
        scope += f", {_count(len(report.projects), 'Dockerfile')}"
    return f"Found {counts} ({scope}{', ' if platforms else ''}{', '.join(platforms)})"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _groups(findings: Iterable[Finding]) -> Iterator[list[Finding]]:
    groups: dict[tuple[str, int, int], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.span.file, finding.span.line, finding.span.end_line), []).append(finding)
    yield from groups.values()


def _block(
    findings: Sequence[Finding], sources: Mapping[str, tuple[str, ...]], colour: bool, *, whole: bool
) -> Iterator[str]:
    yield from _headlines(findings, colour, whole=whole)
    labels = _labels(findings)
    elsewhere = [place for place in labels if place[0].span.file != findings[0].span.file]
    left_out = 0 if whole else max(len(elsewhere) - _MOST_PLACES, 0)
    labels = labels[: len(labels) - left_out]
    width = max(len(str(label.span.line)) for label, _ in labels)
    primary_file = findings[0].span.file
    shown_file = primary_file
    margin = " " * (width + 1)
    opened = False
    for label, primary in labels:
        source = _line(sources, label.span)
        if source is None:
            continue
        if label.span.file != shown_file:
            if opened:
                yield f"{margin}|"
            yield f"{margin[:-1]}::: {plain(label.span.file)}:{label.span.line}"
            shown_file = label.span.file
        elif not opened:
            yield f"{margin}|"
        opened = True
        yield from _shown(label, source, width, primary=primary)
    if left_out:
        yield f"{margin}| … and {left_out} more places (--verbose)"
    for word, texts in (
        ("help", _helps(findings)),
        ("note", _distinct(text for finding in findings for text in finding.notes)),
    ):
        shown = texts if whole else texts[:_MOST_HELPS]
        for text in shown:
            yield f"{margin}= {word}: {plain(text)}"
        if len(texts) > len(shown):
            yield f"{margin}= {word}: … and {len(texts) - len(shown)} more (--verbose)"


def _headlines(findings: Sequence[Finding], colour: bool, *, whole: bool) -> Iterator[str]:
    """A line each, but for the many of which the places below say the same: of these the first."""
    for same in _alike(findings):
        shown = (
            same
            if whole or same[0].code not in _REPETITIVE or len(same) <= _MOST_REPEATED + 1
            else same[:_MOST_REPEATED]
        )
        for finding in shown:
            yield _headline(finding, colour)
        if len(shown) < len(same):
            first, more = same[0], len(same) - len(shown)
            yield _headline(first._replace(message=f"… and {more} more like these (--verbose)"), colour)


def _alike(findings: Iterable[Finding]) -> Iterator[list[Finding]]:
    groups: dict[tuple[str, Severity], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.code, finding.severity), []).append(finding)
    yield from groups.values()


def _headline(finding: Finding, colour: bool) -> str:
    span = finding.span
    place = plain(f"{span.file}:{span.line}:{span.column}:")
    rest = plain(finding.message)
    if not colour:
        return f"{place} {finding.code} {finding.severity.word}: {rest}"
    style = _STYLES[finding.severity]
    return f"\x1b[1m{place}\x1b[0m \x1b[{style}m{finding.code} {finding.severity.word}\x1b[0m: {rest}"


def _labels(findings: Sequence[Finding]) -> list[tuple[Label, bool]]:
    """All places of a block with their merged texts: those in the primary file by line, then the others."""
    primary_span = findings[0].span
    missing = _missing(findings)
    texts = ["needs " + " ".join(missing)] if missing else []
    texts += [finding.label for finding in findings if finding.label and not finding.missing]
    merged: dict[Span, list[str]] = {}
    for finding in findings:
        for label in finding.related:
            merged.setdefault(label.span, []).append(label.text)
    places = [(Label(span, "; ".join(_distinct(texts)[:_MOST_TEXTS])), False) for span, texts in merged.items()]
    said = _distinct(texts)
    if len(said) > _MOST_TEXTS:
        said = [*said[:_MOST_TEXTS], f"and {len(said) - _MOST_TEXTS} more"]
    places.append((Label(primary_span, "; ".join(said)), True))
    return sorted(
        places,
        key=lambda place: (place[0].span.file != primary_span.file, place[0].span.file, place[0].span[1:]),
    )


def _missing(findings: Sequence[Finding]) -> list[str]:
    """The system packages that a block's findings miss, without those that others of them bring."""
    missing = _distinct(name for finding in findings for name in finding.missing)
    together = {name for finding in findings for name in finding.together}
    # A finding that is not shown (ignored, in the baseline) may be what brings the others.
    return [name for name in missing if name in together] if together and together.issubset(missing) else missing


def _distinct(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(text for text in texts if text))


def _helps(findings: Sequence[Finding]) -> list[str]:
    """The help of a block: lines that only differ in the packages at their end become one line that names them all."""
    ends: dict[tuple[str, str], dict[str, None]] = {}
    for finding in findings:
        own = finding.subject.name if finding.subject is not None else ""
        for text in finding.help:
            for names, joint in (finding.missing, " "), ((own,), ", "):
                end = " " + joint.join(names)
                if len(end) > 1 and text.endswith(end):
                    ends.setdefault((text[: -len(end)] + " ", joint), {}).update(dict.fromkeys(names))
                    break
            else:
                ends[text, ""] = {}
    spare = {name for finding in findings for name in finding.missing}.difference(_missing(findings))
    return [
        start + joint.join(name for name in names if joint != " " or name not in spare)
        for (start, joint), names in ends.items()
    ]


def _line(sources: Mapping[str, tuple[str, ...]], span: Span) -> str | None:
    lines = sources.get(span.file, ())
    return lines[span.line - 1].rstrip("\r\n") if 0 < span.line <= len(lines) else None


def _shown(label: Label, source: str, width: int, *, primary: bool) -> Iterator[str]:
    span = label.span
    shown = source if len(source) <= _SHOWN_WIDTH else source[:_SHOWN_WIDTH] + "…"
    end = span.end_column if span.end_line == span.line else len(source.rstrip()) + 1
    start = min(max(span.column, 1), len(shown) + 1)
    end = min(max(end, start + 1), max(len(shown) + 1, start + 1))
    before, under = _cells(shown[: start - 1]), max(_cells(shown[start - 1 : end - 1]), 1)
    yield f"{span.line:>{width}} | {plain(shown)}"
    mark = ("^" if primary else "-") * under
    text = f" {plain(label.text)}" if label.text else ""
    yield f"{' ' * width} | {' ' * before}{mark}{text}"


def _cells(text: str) -> int:
    """How many terminal cells a text takes once it is made plain."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in plain(text))


def _skipped(report: Report) -> Iterator[str]:
    for entry in report.skipped:
        yield plain(f"{entry.file}:{entry.line}: skipped {entry.what}: {entry.why}")


def _verdicts(report: Report) -> Iterator[str]:
    """The verdict of every requirement, a line each."""
    for project in report.projects:
        for stage in project.stages:
            for install in stage.installs:
                yield plain(
                    f"{install.install.span.file}:{install.install.span.line}: {install.install.tool} "
                    f"{install.install.action} on {stage.environment.image}"
                )
                for facts in install.packages:
                    package = facts.package
                    chain = f" ({' → '.join(package.parents)})" if package.parents else ""
                    for platform, verdict in package.verdicts.items():
                        what = {
                            Outcome.WHEEL: "wheel",
                            Outcome.SOURCE: "from source",
                            Outcome.NONE: "nothing fits",
                            Outcome.UNKNOWN: "unknown",
                        }[verdict.outcome]
                        detail = verdict.file.filename if verdict.file is not None else verdict.reason or ""
                        yield plain(
                            f"  {package.name} {package.version or '?'}{chain} {platform}: {what} {detail}".rstrip()
                        )


def _resolved(report: Report) -> Iterator[str]:
    """How each stage and each requirements file was resolved."""
    for project in report.projects:
        for stage in project.stages:
            environment = stage.environment
            name = f" ({stage.stage.name})" if stage.stage.name else ""
            what = (
                f"{environment.distro} {environment.release}, {environment.libc} {environment.libc_version}, "
                f"Python {environment.python.version if environment.python else 'none'}"
                if environment.known
                else f"unknown: {environment.unknown}"
            )
            place = f"{project.dockerfile.path}:{stage.stage.instruction.span.line}"
            yield plain(f"{place}: stage {stage.stage.number}{name} {environment.image}: {what}")
            for install in stage.installs:
                read = ", ".join(install.needs.read) or "nothing read"
                tool = f"{install.install.tool} {install.install.action}"
                yield plain(f"  line {install.install.span.line}: {tool} into {install.site}: {read}")
