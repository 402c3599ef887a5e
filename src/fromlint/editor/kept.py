"""Results of runs on one Dockerfile, kept for as long as another run would surely find the same."""

from __future__ import annotations

import datetime
import os
from collections.abc import Mapping
from pathlib import Path
from time import time
from typing import NamedTuple

from fromlint import cachefolder, judging, run, witness
from fromlint.model.project import Project, Report
from fromlint.settings.read import nearest

_NOTHING = Report((), (), (), {})


class Kept(NamedTuple):
    """What a run on a Dockerfile found, and all that it rests on.

    ``problem`` says why there is no report, in one line; ``culprit`` is the settings file that is at fault, None where
    none is. ``asked``: the index could be asked. ``when``: seconds since 1970. ``looked_at`` has the signature of each
    path, ``names`` what is in the folders among them, ``real`` the files by their paths without links; ``buffers`` are
    the contents that stood for files, by such a path.
    """

    dockerfile: str
    report: Report
    asked: bool
    when: float
    day: datetime.date
    given: Mapping[str, object]
    looked_at: Mapping[str, str]
    names: Mapping[str, tuple[str, ...]]
    real: Mapping[str, str]
    buffers: Mapping[str, bytes]
    offline: bool = False
    problem: str = ""
    culprit: str | None = None

    @property
    def project(self) -> Project | None:
        """The facts, None where the Dockerfile could not be read."""
        return self.report.projects[0] if self.report.projects else None

    def holds(self, buffers: Mapping[str, bytes], given: Mapping[str, object]) -> bool:
        """Whether a run now, with these contents and settings, would find the same.

        A folder in which a file was replaced, as editors do to save one, is as it was while its names are.
        """
        if self.day != datetime.date.today() or self.given != given:
            return False
        for path, noted in self.looked_at.items():
            content = buffers.get(self.real.get(path, ""))
            before = self.buffers.get(self.real.get(path, ""))
            if content is not None or before is not None:
                if not _same_content(path, content, before, noted):
                    return False
            elif not witness.same(path, noted) and not (path in self.names and _names(path) == self.names[path]):
                return False
        return True


def check(dockerfile: str, buffers: Mapping[str, bytes], given: Mapping[str, object], *, ask: bool) -> Kept:
    """Run on a Dockerfile with ``buffers`` in place of files. ``ask``: the index, and not only what is known of it.

    Raises whatever a fault of our own raises; wrong settings are a ``problem``.
    """
    started, day = time(), datetime.date.today()
    report, problem, culprit, offline = _NOTHING, "", None, False
    with witness.recording() as seen:
        try:
            outcome = run.check([dockerfile], given if ask else {**given, "offline": True}, buffers=buffers)
            report, offline = _unknown(outcome), outcome.settings.offline
            problem = "; ".join(outcome.complaints)
        except run.UsageError as error:
            problem = str(error)
            file = nearest(os.path.dirname(dockerfile))
            culprit = str(file) if file is not None and problem.startswith(f"{file}:") else None
    # What is remembered of the index changes with every run that asks: the server itself asks again in time.
    cache = cachefolder.folder(os.environ)
    seen = {path: noted for path, noted in seen.items() if cache is None or not path.startswith(str(cache))}
    real = {path: os.path.realpath(path) for path, noted in seen.items() if not noted.startswith("folder")}
    used = {place: buffers[place] for place in real.values() if place in buffers}
    names = {path: found for path, noted in seen.items() if noted.startswith("folder ") and (found := _names(path))}
    return Kept(
        dockerfile, report, ask, started, day, dict(given), seen, names, real, used, offline and ask, problem, culprit
    )


def _unknown(outcome: run.Outcome) -> Report:
    """The report without what a baseline puts up with. Raises run.UsageError for a baseline that cannot be used."""
    settings = outcome.settings
    if settings.baseline is None:
        return outcome.report
    from fromlint.history import baseline

    file = Path(witness.looked_at(os.path.join(settings.folder or "", settings.baseline)))
    try:
        known = baseline.read(file)
    except baseline.BaselineError as error:
        raise run.UsageError(str(error)) from error
    return outcome.report._replace(findings=baseline.compared(outcome.report.findings, known, frozenset()).fresh)


def _same_content(path: str, content: bytes | None, before: bytes | None, noted: str) -> bool:
    """Whether a file that has or had a buffer says what it said: the buffer's word counts, else the disk's."""
    if content is None or before is None:
        if before is None and not witness.same(path, noted):
            return False
        try:
            with open(path, "rb") as file:
                known = content if content is not None else before
                return file.read(judging.LARGEST_DOCKERFILE + 1) == known
        except OSError:
            return False
    return content == before and bool(witness.signature(path)) == bool(noted)


def _names(folder: str) -> tuple[str, ...]:
    try:
        return tuple(sorted(os.listdir(folder)))
    except OSError:
        return ()
