"""One editor's session: its open documents, the Dockerfiles that they belong to, and what is found of these.

All of it lives in the loop's thread; runs happen in threads of their own. Nothing here knows the protocol's wire.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from os.path import basename
from typing import NamedTuple

from fromlint.editor import carried, diagnostics, pages
from fromlint.editor.board import Board, Publish
from fromlint.editor.documents import Documents
from fromlint.editor.kept import Kept, check
from fromlint.editor.owners import Owners
from fromlint.editor.positions import Positions
from fromlint.editor.results import Results
from fromlint.editor.workers import Worker
from fromlint.model.finding import Finding
from fromlint.model.project import Project
from fromlint.settings.read import FILE_NAME

DEBOUNCE = 0.2
"""Seconds without a further change after which a document that is being typed in is looked at."""

_SETTINGS = (FILE_NAME, "pyproject.toml")


class Client(NamedTuple):
    """What a session does to the editor: publish diagnostics, say that lenses have changed, log a line."""

    publish: Publish
    refresh: Callable[[], None]
    log: Callable[[str], None]


class Shown(NamedTuple):
    """What the editor is shown of a Dockerfile: findings, and the facts as they are or, while a file is broken, as they
    were (``project``; None where there never were any). ``result`` is the last one, ``good`` the last good one.
    """

    result: Kept
    good: Kept
    findings: tuple[Finding, ...]
    complete: bool

    @property
    def project(self) -> Project | None:
        return self.good.project or self.result.project


class Session:
    """What the editor has told, and what is shown to it."""

    def __init__(self, client: Client, encoding: str) -> None:
        self.documents = Documents(encoding)
        self.shown: dict[str, Shown] = {}
        self._client = client
        self._given: Mapping[str, object] = {}
        self._owners = Owners(self.documents, client.log)
        self._board = Board(self.documents, client.publish)
        self._results = Results()
        self._checking, self._asking = Worker("fromlint check"), Worker("fromlint ask")
        self._being_asked: dict[str, asyncio.Task[None]] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None
        self._search: asyncio.Task[None] | None = None
        self._wanted = False

    # --- what the editor tells ------------------------------------------------------------------------------------

    def opened(self, uri: str, language: str, version: int | None, text: str) -> None:
        """A document was opened."""
        place = self.documents.opened(uri, language, version, text)
        if place is not None:
            self._board.again(place)
            self._soon()

    def changed(self, uri: str, version: int | None, text: str) -> None:
        """A document has another text."""
        if self.documents.changed(uri, version, text) is not None:
            self._soon(DEBOUNCE)

    def saved(self, place: str) -> None:
        """A document was written to disk."""
        if place in self.documents:
            self._board.again(place)
            self._changed_on_disk([place])
            self._soon()

    def closed(self, uri: str) -> None:
        """A document was closed; what was not saved of it is gone."""
        place = self.documents.closed(uri)
        if place is not None:
            self._owners.forget(place)
            self._soon()

    def disk_changed(self, paths: Sequence[str]) -> None:
        """Files were made, changed or deleted."""
        self._changed_on_disk(paths)
        self._soon(DEBOUNCE)

    def configured(self, given: Mapping[str, object]) -> None:
        """The editor's own settings are these."""
        if given != self._given:
            self._given = dict(given)
            self._results.ask_anew()
            self._soon()

    def moved(self, folders: Sequence[str]) -> None:
        """The workspace has these folders."""
        self._owners.moved(folders)
        self._soon()

    async def current(self, place: str) -> None:
        """Wait until what is shown is about the documents as they are now. The index is not waited for."""
        while self._timer is not None or (self._task is not None and not self._task.done()):
            if self._timer is not None:
                self._soon()
            if self._task is not None:
                await asyncio.shield(self._task)
        if self._owners.unknown(place) and self._search is not None and not self._search.done():
            await asyncio.shield(self._search)
            await self.current(place)

    # --- keeping up -----------------------------------------------------------------------------------------------

    def _changed_on_disk(self, paths: Sequence[str]) -> None:
        self._owners.changed(paths)
        if any(basename(path) in _SETTINGS for path in paths):
            self._results.ask_anew()

    def _soon(self, delay: float = 0) -> None:
        """Look at everything once the delay is over; another call begins the delay anew."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        loop = asyncio.get_running_loop()
        if delay:
            self._timer = loop.call_later(delay, self._soon)
            return
        self._wanted = True
        if self._task is None or self._task.done():
            self._task = loop.create_task(self._keep_up())

    async def _keep_up(self) -> None:
        while self._wanted:
            self._wanted = False
            try:
                dockerfiles = self._owners.dockerfiles()
                self._let_go(dockerfiles)
                for dockerfile in dockerfiles:
                    await self._judge(dockerfile)
                    if self._wanted:
                        break
                for place, document in self.documents:
                    if document.is_dockerfile:
                        self._board.tell(place)
            except Exception as error:
                self._fault("", error)
        if self._search is None or self._search.done():
            self._search = asyncio.get_running_loop().create_task(self._find_owners())

    async def _find_owners(self) -> None:
        if await self._owners.search():
            self._soon()

    def _let_go(self, dockerfiles: Sequence[str]) -> None:
        """Forget the Dockerfiles that no open document belongs to any more."""
        for dockerfile in set(self.shown).difference(dockerfiles):
            del self.shown[dockerfile]
            self._results.forget(dockerfile)
            self._board.replace(dockerfile, {})

    async def _judge(self, dockerfile: str) -> None:
        """Show what is known of a Dockerfile without asking; and ask where that may bring more."""
        buffers = self.documents.buffers()
        result = self._results.known(dockerfile, buffers, self._given)
        if result is None:
            try:
                result = await self._checking.run(check, dockerfile, buffers, self._given, ask=False)
            except Exception as error:
                self._fault(dockerfile, error)
                return
            self._results.keep(result)
            if self.documents.buffers() != buffers:
                # Another text by now, which is looked at in its turn.
                return
        due = self._results.due(result)
        self._show(result, complete=self._results.complete(result) and not due)
        if due and dockerfile not in self._being_asked:
            self._being_asked[dockerfile] = asyncio.get_running_loop().create_task(self._ask(dockerfile))

    async def _ask(self, dockerfile: str) -> None:
        """Ask the index for what a Dockerfile needs, and show what is found then, if it is still about that."""
        wanted = self._results.unasked(dockerfile)
        result = None
        try:
            result = await self._asking.run(check, dockerfile, self.documents.buffers(), self._given, ask=True)
        except Exception as error:
            self._fault(dockerfile, error)
        del self._being_asked[dockerfile]
        self._results.asked(dockerfile, wanted, result)
        if result is None or dockerfile not in self.shown:
            return
        if result.holds(self.documents.buffers(), self._given):
            self._results.keep(result)
            self._show(result, complete=True)
        else:
            # The answers are in the cache: what was found without them is to be found again.
            self._results.forget(dockerfile)
            self._soon()

    def _show(self, result: Kept, *, complete: bool) -> None:
        before = self.shown.get(result.dockerfile)
        if before is not None and before.result is result and before.complete == complete:
            self._board.replace(result.dockerfile, self._board.found(result.dockerfile))
            return
        broken = before is not None and carried.broken(result.report, before.good.report)
        good = before.good if before is not None and broken else result
        findings = result.report.findings
        if broken:
            findings = carried.carried(
                good.report, result.report, lambda file: self.documents.text(file).splitlines(keepends=True)
            )
        if not complete:
            # That the index was not asked is no finding where it is about to be.
            findings = tuple(finding for finding in findings if finding.code != "FL906")
        self.shown[result.dockerfile] = Shown(result, good, findings, complete)
        found = diagnostics.diagnostics(findings, self.drawn())
        if result.problem and (before is None or before.result.problem != result.problem):
            self._client.log(result.problem)
        if result.culprit is not None:
            diagnostics.add(found, result.culprit, diagnostics.of_settings(result.culprit, result.problem))
        self._board.replace(result.dockerfile, found)
        self._client.refresh()

    def drawn(self) -> diagnostics.Drawn:
        """What diagnostics are made with, the documents being as they are now."""
        known: dict[str, Positions] = {}

        def positions(file: str) -> Positions:
            if file not in known:
                known[file] = self.documents.positions(file)
            return known[file]

        return diagnostics.Drawn(positions, pages.page)

    def _fault(self, dockerfile: str, error: Exception) -> None:
        place = f"{dockerfile}: " if dockerfile else ""
        self._client.log(f"{place}internal error, please report it: {type(error).__name__}: {error}")
