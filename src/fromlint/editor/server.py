"""``fromlint lsp``: the session on the wire. What comes in is handed on; what fails is logged, and it goes on."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any, BinaryIO, TypeVar

from lsprotocol import types
from pygls.lsp.server import LanguageServer

from fromlint import __version__
from fromlint.editor import actions, configuration, hover, lenses, links
from fromlint.editor.documents import place_of
from fromlint.editor.positions import path_of, uri_of
from fromlint.editor.session import Client, Session, Shown

VERDICTS = "fromlint.verdicts"
_SECTION = "fromlint"
_WATCHED = (
    "**/*[Dd]ockerfile*",
    "**/*[Cc]ontainerfile*",
    "**/*.dockerignore",
    "**/fromlint.toml",
    "**/pyproject.toml",
    "**/*requirements*",
    "**/*constraints*",
    "**/requirements/*",
    "**/*.lock",
    "**/pylock*.toml",
    "**/Pipfile",
    "**/setup.{py,cfg}",
    "**/{docker-,}compose*.{yml,yaml}",
    "**/*bake*.{hcl,json}",
    "**/build.{yml,yaml}",
)


_features: list[tuple[str, Callable[..., Any], Any]] = []
Handler = TypeVar("Handler", bound=Callable[..., Any])


def _feature(method: str, options: object = None) -> Callable[[Handler], Handler]:
    """Have a function of this module answer a method of the protocol."""

    def taken(handler: Handler) -> Handler:
        _features.append((method, handler, options))
        return handler

    return taken


class Server(LanguageServer):
    """The server. A fault of a handler is a line in the log, never a message box, and never the end."""

    def __init__(self) -> None:
        super().__init__("fromlint", __version__, text_document_sync_kind=types.TextDocumentSyncKind.Full)
        for method, handler, options in _features:
            self.feature(method, options)(handler)
        self.command(VERDICTS)(verdicts)
        self._session: Session | None = None
        self.initial: object = None
        self.asked_to_stop = False

    @property
    def session(self) -> Session:
        """The session, from ``initialize`` on."""
        if self._session is None:
            encoding = str(getattr(self.workspace.position_encoding, "value", self.workspace.position_encoding))
            self._session = Session(Client(self.publish, self.refresh, self.log), encoding)
        return self._session

    def publish(self, uri: str, found: list[types.Diagnostic], version: int | None) -> None:
        """Tell what is found in a file."""
        self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, found, version))

    def refresh(self) -> None:
        """Have the lenses asked for again, where the client can."""
        workspace = self.client_capabilities.workspace
        if workspace is not None and workspace.code_lens is not None and workspace.code_lens.refresh_support:
            self.workspace_code_lens_refresh(None)

    def log(self, text: str, kind: types.MessageType = types.MessageType.Error) -> None:
        """A line on stderr and in the editor's log."""
        print(f"fromlint: {text}", file=sys.stderr, flush=True)
        self.window_log_message(types.LogMessageParams(kind, text))

    def report_server_error(self, error: Exception, source: object) -> None:
        """What pygls calls for whatever goes wrong."""
        self.log(f"{type(error).__name__}: {error}")


# --- beginning and end ------------------------------------------------------------------------------------------------


@_feature(types.INITIALIZE)
def initialize(ls: Server, params: types.InitializeParams) -> None:
    """Take in the folders and the first settings; paths are shown relative to the first folder."""
    ls.initial = params.initialization_options
    folders = _folders(ls)
    if not folders and params.root_uri is not None:
        folders = [path for path in (path_of(params.root_uri),) if path is not None]
    for folder in folders:
        try:
            os.chdir(folder)
            break
        except OSError:
            continue
    ls.session.moved(folders)
    _configure(ls, ls.initial)


@_feature(types.INITIALIZED)
async def initialized(ls: Server, _: types.InitializedParams) -> None:
    """Ask for the settings, and to be told of files that change."""
    await _pull_settings(ls)
    workspace = ls.client_capabilities.workspace
    watched = workspace.did_change_watched_files if workspace is not None else None
    registrations = []
    if watched is not None and watched.dynamic_registration:
        watchers = [types.FileSystemWatcher(pattern) for pattern in _WATCHED]
        options = types.DidChangeWatchedFilesRegistrationOptions(watchers)
        registrations.append(types.Registration("files", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options))
    changed = workspace.did_change_configuration if workspace is not None else None
    if changed is not None and changed.dynamic_registration:
        section = types.DidChangeConfigurationRegistrationOptions(_SECTION)
        registrations.append(types.Registration("settings", types.WORKSPACE_DID_CHANGE_CONFIGURATION, section))
    if registrations:
        await ls.client_register_capability_async(types.RegistrationParams(registrations))


@_feature(types.SHUTDOWN)
def shutdown(ls: Server, _: object) -> None:
    """The end is near; ``exit`` follows."""
    ls.asked_to_stop = True


# --- documents --------------------------------------------------------------------------------------------------------


@_feature(types.TEXT_DOCUMENT_DID_OPEN)
def opened(ls: Server, params: types.DidOpenTextDocumentParams) -> None:
    """Look at it at once."""
    document = params.text_document
    ls.session.opened(document.uri, str(document.language_id), document.version, document.text)


@_feature(types.TEXT_DOCUMENT_DID_CHANGE)
def changed(ls: Server, params: types.DidChangeTextDocumentParams) -> None:
    """Look at it when typing rests."""
    text = ls.workspace.get_text_document(params.text_document.uri).source
    ls.session.changed(params.text_document.uri, params.text_document.version, text)


@_feature(types.TEXT_DOCUMENT_DID_SAVE)
def saved(ls: Server, params: types.DidSaveTextDocumentParams) -> None:
    """Look at it at once."""
    ls.session.saved(place_of(params.text_document.uri))


@_feature(types.TEXT_DOCUMENT_DID_CLOSE)
def closed(ls: Server, params: types.DidCloseTextDocumentParams) -> None:
    """Forget what belonged to it alone."""
    ls.session.closed(params.text_document.uri)


@_feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
def files_changed(ls: Server, params: types.DidChangeWatchedFilesParams) -> None:
    """Look again at what rests on the files."""
    ls.session.disk_changed([path for each in params.changes if (path := path_of(each.uri)) is not None])


@_feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
def folders_changed(ls: Server, _: types.DidChangeWorkspaceFoldersParams) -> None:
    """Take the new folders."""
    ls.session.moved(_folders(ls))


@_feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
async def settings_changed(ls: Server, params: types.DidChangeConfigurationParams) -> None:
    """Take the new settings: asked for where the client can be asked, else as they came."""
    if not await _pull_settings(ls):
        settings = _plain(params.settings)
        _configure(ls, ls.initial, settings.get(_SECTION, settings) if isinstance(settings, Mapping) else None)


# --- questions --------------------------------------------------------------------------------------------------------


@_feature(types.TEXT_DOCUMENT_HOVER)
async def hovered(ls: Server, params: types.HoverParams) -> types.Hover | None:
    """What an image is, or how a requirement fares."""
    place = place_of(params.text_document.uri)
    await ls.session.current(place)
    positions = ls.session.documents.positions(place)
    line, column = positions.place(params.position)
    told = _told(ls, place, line, column)
    if told is None:
        return None
    return types.Hover(_markup(ls, told.markdown), positions.range(told.span))


@_feature(
    types.TEXT_DOCUMENT_CODE_ACTION,
    types.CodeActionOptions(code_action_kinds=[types.CodeActionKind.QuickFix, actions.FIX_ALL]),
)
async def acted(ls: Server, params: types.CodeActionParams) -> list[types.CodeAction]:
    """Fixes and ignores for what is found there."""
    session = ls.session
    place = place_of(params.text_document.uri)
    await session.current(place)
    only = [str(getattr(kind, "value", kind)) for kind in params.context.only] if params.context.only else None
    workspace = ls.client_capabilities.workspace
    edits = workspace.workspace_edit if workspace is not None else None
    documents = session.documents
    files = actions.Files(
        documents.content, documents.named, documents.encoding, bool(edits is not None and edits.document_changes)
    )
    judged = [
        actions.Judged(project.dockerfile, shown.findings)
        for shown in session.shown.values()
        if (project := shown.result.project) is not None
    ]
    return actions.actions(judged, place, params.range, only, files, session.drawn())


@_feature(types.TEXT_DOCUMENT_CODE_LENS)
async def lensed(ls: Server, params: types.CodeLensParams) -> list[types.CodeLens]:
    """How many wheels, above each FROM."""
    place = place_of(params.text_document.uri)
    await ls.session.current(place)
    shown = _of(ls, place)
    if shown is None or shown.project is None:
        return []
    positions = ls.session.documents.positions(place)
    return [
        types.CodeLens(
            positions.range(lens.span),
            types.Command(lens.text, VERDICTS, arguments=[params.text_document.uri, lens.span.line]),
        )
        for lens in lenses.lenses(shown.project)
    ]


@_feature(types.TEXT_DOCUMENT_DOCUMENT_LINK)
async def linked(ls: Server, params: types.DocumentLinkParams) -> list[types.DocumentLink]:
    """The files that names stand for."""
    place = place_of(params.text_document.uri)
    await ls.session.current(place)
    shown = _of(ls, place)
    found: Iterable[links.Link] = ()
    if shown is not None:
        found = links.of_dockerfile(shown.project) if shown.project is not None and shown.good is shown.result else ()
    elif place.endswith((".txt", ".in")):
        found = links.of_requirements(place, ls.session.documents.text(place).splitlines())
    positions = ls.session.documents.positions(place)
    return [types.DocumentLink(positions.range(link.span), uri_of(link.target)) for link in found]


async def verdicts(ls: Server, uri: str, line: int) -> str | None:
    """What a lens leads to: the hover of its FROM as a message. Returns it, too."""
    shown = _of(ls, place_of(uri))
    told = hover.of_image(shown.project, line) if shown is not None and shown.project is not None else None
    if told is None:
        return None
    text = hover.plain_text(told.markdown)
    ls.window_show_message(types.ShowMessageParams(types.MessageType.Info, text))
    return text


# --- what they share --------------------------------------------------------------------------------------------------


def _folders(ls: Server) -> list[str]:
    return [path for folder in ls.workspace.folders.values() if (path := path_of(folder.uri)) is not None]


def _of(ls: Server, place: str) -> Shown | None:
    """What is shown of the Dockerfile at a place, None where none is looked at there."""
    shown = ls.session.shown
    return next((shown[each] for each in shown if os.path.realpath(each) == place), None)


def _told(ls: Server, place: str, line: int, column: int) -> hover.Told | None:
    shown = _of(ls, place)
    if shown is not None and shown.project is not None:
        told = hover.of_image(shown.project, line)
        if told is not None:
            return told
    projects = [each.project for each in ls.session.shown.values() if each.project is not None]
    return hover.of_requirement(projects, place, line, column)


def _markup(ls: Server, markdown: str) -> types.MarkupContent:
    document = ls.client_capabilities.text_document
    known = document.hover.content_format if document is not None and document.hover is not None else None
    if known and types.MarkupKind.Markdown not in known:
        return types.MarkupContent(types.MarkupKind.PlainText, hover.plain_text(markdown))
    return types.MarkupContent(types.MarkupKind.Markdown, markdown)


async def _pull_settings(ls: Server) -> bool:
    """Ask the client for our section and take it. Returns whether it can be asked."""
    workspace = ls.client_capabilities.workspace
    if workspace is None or not workspace.configuration:
        return False
    items = [types.ConfigurationItem(section=_SECTION)]
    answer = await ls.workspace_configuration_async(types.ConfigurationParams(items))
    _configure(ls, ls.initial, *map(_plain, answer or ()))
    return True


def _configure(ls: Server, *sources: object) -> None:
    try:
        ls.session.configured(configuration.given(*map(_plain, sources)))
    except configuration.ConfigurationError as error:
        ls.log(str(error))
        ls.window_show_message(types.ShowMessageParams(types.MessageType.Error, f"fromlint: {error}"))


def _plain(value: Any) -> object:
    """What pygls made objects of, as dictionaries again."""
    if hasattr(value, "_asdict"):
        value = value._asdict()
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value


def serve(reader: BinaryIO, writer: BinaryIO) -> int:
    """Speak with the client until it goes away. Returns the exit code: 1 where it went without ``shutdown``.

    What pygls itself would log is logged by ``report_server_error``; all of it, with ``FROMLINT_TRACEBACK``.
    """
    if os.environ.get("FROMLINT_TRACEBACK"):
        logging.basicConfig(level=logging.WARNING)
    else:
        logging.getLogger("pygls").setLevel(logging.CRITICAL)
    server = Server()
    server.start_io(reader, writer)
    return 0 if server.asked_to_stop else 1
