"""What ``fromlint check`` does: runs the pipeline, prints the reports, says the exit code. Knows nothing of click."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from time import time

from fromlint import recall
from fromlint.cli.common import build_arguments, complain, write
from fromlint.cli.options import BadOption
from fromlint.model.finding import Severity
from fromlint.model.project import Report
from fromlint.model.settings import Settings
from fromlint.typed import TYPE_CHECKING
from fromlint.witness import signature

if TYPE_CHECKING:
    from fromlint.run import Outcome

_FORMATS = (
    "text",
    "concise",
    "json",
    "sarif",
    "github",
    "gitlab",
    "junit",
    "checkstyle",
    "rdjson",
    "markdown",
)
_NOTHING_FOUND = 3


def check(
    key: str | None,
    *,
    paths: tuple[str, ...],
    forms: tuple[str, ...],
    output: str | None,
    stdin_filename: str | None,
    config: str | None,
    quiet: bool,
    verbose: bool,
    show_files: bool,
    statistics: bool,
    jobs: int | None,
    hook: bool,
    update_baseline: bool,
    since: str | None,
    fix: bool,
    unsafe_fixes: bool,
    diff: bool,
    **given: object,
) -> int:
    """Check with the parameters of ``options.CHECK``, print what is found, and return the exit code.

    ``key`` is what the result is kept under, None where it is not. Raises BadOption before anything is done.
    """
    from fromlint import run, witness
    from fromlint.cli import progress

    started = time()
    targets = _formats(forms, output)
    command_line = _settings_from(given)
    places = paths or (".",)
    fixing = fix or unsafe_fixes or diff
    if since is not None and (fixing or update_baseline):
        raise BadOption("--since goes with neither --fix nor --update-baseline")
    stdin = run.Stdin(sys.stdin.buffer, stdin_filename)
    with witness.recording() as seen:
        try:
            if since is not None:
                from fromlint.history import since as history

                outcome = history.check(places, command_line, since, config=config)
            elif fixing:
                from fromlint.cli import repair

                fixed = repair.fixed(places, command_line, config, stdin, hook=hook, unsafe=unsafe_fixes)
                if diff:
                    return repair.shown(fixed) or _exit_code(fixed.outcome)
                if run.STDIN in places:
                    return repair.piped(fixed, stdin) or _exit_code(fixed.outcome)
                failed = repair.written(fixed, quiet=quiet)
                outcome = fixed.outcome._replace(missing_paths=fixed.outcome.missing_paths or failed)
            else:
                with progress.shown(quiet=quiet) as told:
                    outcome = run.check(
                        places, command_line, config=config, stdin=stdin, hook=hook, jobs=jobs, progress=told
                    )
            if outcome.settings.baseline is not None or update_baseline:
                outcome = _against_baseline(outcome, update=update_baseline)
        except run.UsageError as error:
            complain(str(error))
            return 2
    printed = ""
    for name, file in targets:
        text = _rendered(name, outcome.report, file=file, quiet=quiet, verbose=verbose, show_files=show_files)
        if statistics and file is None and name in ("text", "concise"):
            text += _statistics(outcome.report)
        write(text, file)
        printed += text
    if not quiet:
        for note in (*outcome.report.notes, *outcome.complaints):
            complain(note)
    code = _exit_code(outcome)
    plain_run = since is None and not fixing and run.STDIN not in places and outcome.settings.baseline is None
    if plain_run and not outcome.complaints and all(file is None for _, file in targets):
        _keep(key, recall.Result(code, printed), seen, started, outcome.report.good_until)
    return code


def _keep(key: str | None, result: recall.Result, seen: dict[str, str], started: float, until: float) -> None:
    """Keep what was printed, for a run that is called alike."""
    import os

    from fromlint.cachefolder import folder

    place = folder(os.environ)
    if until <= started or place is None or key is None:
        return
    # Our own code is among what a result rests on, as are the data files that were read: a developer's change often.
    own = [module.__file__ for name, module in sys.modules.items() if name.startswith("fromlint")]
    seen |= {path: signature(path) for path in own if path}
    recall.remember(place, key, result, seen, started=started, until=until)


def _against_baseline(outcome: Outcome, *, update: bool) -> Outcome:
    """What is new against the baseline, which is recorded anew where asked. Raises UsageError."""
    from fromlint.history import baseline
    from fromlint.run import UsageError

    report, named = outcome.report, outcome.settings.baseline
    if named is None:
        raise UsageError("--update-baseline: say which file with --baseline")
    if update:
        write(baseline.written(report.findings), named)
        note = f"{named}: {len(report.findings)} findings recorded"
        return outcome._replace(report=report._replace(findings=(), notes=(*report.notes, note)))
    try:
        before = baseline.read(named)
    except baseline.BaselineError as error:
        raise UsageError(str(error)) from error
    found = baseline.compared(report.findings, before, _looked_at(report))
    notes = [f"{found.known} of the findings are in the baseline"] if found.known else []
    if found.stale:
        gone = ", ".join(f"{entry.code} {entry.about} in {entry.file}" for entry in found.stale[:5])
        more = f" and {len(found.stale) - 5} more" if len(found.stale) > 5 else ""
        notes.append(f"{named}: stale, to be dropped with --update-baseline: {gone}{more}")
    return outcome._replace(report=report._replace(findings=found.fresh, notes=(*report.notes, *notes)))


def _looked_at(report: Report) -> frozenset[str]:
    """The Dockerfiles that were checked, and the files that they read."""
    return frozenset(
        file
        for project in report.projects
        for file in (
            project.dockerfile.path,
            *(read for stage in project.stages for install in stage.installs for read in install.needs.read),
        )
    )


def _settings_from(given: dict[str, object]) -> dict[str, object]:
    """What the command line sets, by setting name. Raises BadOption for a value of the wrong form."""
    values = {key: value for key, value in given.items() if value is not None and value != ()}
    for key in ("select", "ignore"):
        if key in values:
            texts = values[key]
            assert isinstance(texts, tuple)
            values[key] = tuple(part.strip() for text in texts for part in text.split(",") if part.strip())
    if "build_arg" in values:
        pairs = values["build_arg"]
        assert isinstance(pairs, tuple)
        values["build_arg"] = build_arguments(pairs)
    return values


def _formats(forms: Sequence[str], output: str | None) -> list[tuple[str, str | None]]:
    targets: list[tuple[str, str | None]] = []
    for form in forms or ("text",):
        name, equals, file = form.partition("=")
        if name not in _FORMATS:
            raise BadOption(f"{name!r} is not one of {', '.join(_FORMATS)}", "--format")
        targets.append((name, file if equals and file else None))
    if output is not None:
        if len(targets) != 1:
            raise BadOption("serves a single format; use --format NAME=FILE", "--output")
        targets = [(targets[0][0], output)]
    return targets


def _rendered(name: str, report: Report, *, file: str | None, quiet: bool, verbose: bool, show_files: bool) -> str:
    if name == "sarif":
        from fromlint.reports import sarif
        from fromlint.rules import pages

        return sarif.render(report, pages())
    if name != "text":
        render = import_module(f"fromlint.reports.{name}").render
        return str(render(report))
    from fromlint.reports import text

    return text.render(
        report, colour=file is None and _colour(), verbose=verbose, files=show_files, summarised=not quiet
    )


def _colour() -> bool:
    """Whether to colour: NO_COLOR and FORCE_COLOR first (no-color.org), else only on a terminal."""
    import os

    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def _statistics(report: Report) -> str:
    counts: dict[tuple[str, str], int] = {}
    for finding in report.findings:
        counts[finding.code, finding.rule] = counts.get((finding.code, finding.rule), 0) + 1
    return "".join(f"{number:>5} {code} {name}\n" for (code, name), number in sorted(counts.items()))


def _exit_code(outcome: Outcome) -> int:
    """0 nothing at or above fail-on, 1 findings, 2 a named path is not there, 3 a folder search found nothing."""
    settings: Settings = outcome.settings
    if outcome.missing_paths:
        return 2
    if outcome.nothing_found:
        return _NOTHING_FOUND
    if settings.exit_zero or settings.fail_on == "never":
        return 0
    least = Severity[settings.fail_on.upper()]
    return 1 if any(finding.severity >= least for finding in outcome.report.findings) else 0
