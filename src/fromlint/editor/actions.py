"""Code actions: the fixes of the findings at a place, each said to be safe or not, and the ways to ignore them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from os.path import abspath, realpath
from typing import NamedTuple

from lsprotocol import types

from fromlint.editor.diagnostics import Drawn, diagnostics
from fromlint.editor.ignoring import ignores
from fromlint.editor.positions import Positions
from fromlint.fixes import combine
from fromlint.fixes.text import Text
from fromlint.model.dockerfile import Dockerfile
from fromlint.model.finding import Edit, Finding, Fix

QUICK = types.CodeActionKind.QuickFix.value
FIX_ALL = f"{types.CodeActionKind.SourceFixAll.value}.fromlint"


class Files(NamedTuple):
    """What edits are made with: contents, and the document that the editor knows, by a file's path without links.

    ``encoding`` is what columns are counted in. ``versioned``: the client takes edits of a document's version.
    """

    content: Callable[[str], bytes | None]
    document: Callable[[str], tuple[str, int | None]]
    encoding: str
    versioned: bool


class Judged(NamedTuple):
    """A Dockerfile and what is found in it and its requirements."""

    dockerfile: Dockerfile
    findings: Sequence[Finding]


def actions(
    judged: Iterable[Judged],
    path: str,
    place: types.Range,
    only: Sequence[str] | None,
    files: Files,
    drawn: Drawn,
) -> list[types.CodeAction]:
    """The actions for what is found at a place of the file at ``path`` (without links); ``only`` those kinds."""
    found: list[types.CodeAction] = []
    for each in judged:
        here = [
            (finding, diagnostic)
            for finding in each.findings
            for diagnostic in diagnostics([finding], drawn).get(path, ())
            if _overlap(diagnostic.range, place)
        ]
        if _wanted(QUICK, only):
            found += _fixes(here, files)
            found += _ignores(here, each.dockerfile, files, drawn)
        if _wanted(FIX_ALL, only) and any(_concerns(finding, path) for finding in each.findings):
            found += _all(each, files)
    return found


def _concerns(finding: Finding, path: str) -> bool:
    return any(realpath(abspath(edit.span.file)) == path for fix in finding.fixes for edit in fix.edits)


def _overlap(one: types.Range, other: types.Range) -> bool:
    return one.start <= other.end and other.start <= one.end


def _wanted(kind: str, only: Sequence[str] | None) -> bool:
    return only is None or any(kind == each or kind.startswith(f"{each}.") or not each for each in only)


def _fixes(here: Sequence[tuple[Finding, types.Diagnostic]], files: Files) -> list[types.CodeAction]:
    """An action for each fix; findings that offer the same one share it."""
    offered: dict[Fix, list[tuple[Finding, types.Diagnostic]]] = {}
    for finding, diagnostic in here:
        for fix in finding.fixes:
            offered.setdefault(fix, []).append((finding, diagnostic))
    found = []
    for fix, those in sorted(offered.items(), key=lambda entry: not entry[0].safe):
        edit = _edit(fix.edits, files)
        if edit is not None:
            codes = ", ".join(dict.fromkeys(finding.code for finding, _ in those))
            title = f"{codes}: {fix.title} ({'safe' if fix.safe else 'unsafe'} fix)"
            found.append(
                types.CodeAction(
                    title,
                    kind=QUICK,
                    diagnostics=[diagnostic for _, diagnostic in those],
                    is_preferred=fix.safe,
                    edit=edit,
                )
            )
    return found


def _ignores(
    here: Sequence[tuple[Finding, types.Diagnostic]], dockerfile: Dockerfile, files: Files, drawn: Drawn
) -> list[types.CodeAction]:
    offered: dict[Fix, list[types.Diagnostic]] = {}
    for finding, diagnostic in here:
        for fix in ignores(finding, dockerfile, lambda file, number: drawn.positions(file).line(number)):
            offered.setdefault(fix, []).append(diagnostic)
    return [
        types.CodeAction(f"fromlint: {fix.title}", kind=QUICK, diagnostics=those, edit=edit)
        for fix, those in offered.items()
        if (edit := _edit(fix.edits, files)) is not None
    ]


def _all(judged: Judged, files: Files) -> list[types.CodeAction]:
    """One action for the safe fixes that go together."""
    names = {edit.span.file for finding in judged.findings for fix in finding.fixes for edit in fix.edits}
    chosen = combine.chosen(judged.findings, unsafe=False, files=names)
    edit = _edit([edit for fix in chosen for edit in fix.edits], files) if chosen else None
    if edit is None:
        return []
    title = f"fromlint: make all safe fixes ({len(chosen)})"
    return [types.CodeAction(title, kind=FIX_ALL, edit=edit)]


def _edit(edits: Iterable[Edit], files: Files) -> types.WorkspaceEdit | None:
    """Edits as the protocol has them; None where one of them has no place in its file."""
    by_file: dict[str, list[Edit]] = {}
    for edit in edits:
        by_file.setdefault(realpath(abspath(edit.span.file)), []).append(edit)
    changes: dict[str, tuple[int | None, list[types.TextEdit]]] = {}
    for path, wanted in by_file.items():
        text_edits = _text_edits(files.content(path), wanted, files.encoding)
        if text_edits is None:
            return None
        uri, version = files.document(path)
        changes[uri] = version, text_edits
    if not files.versioned:
        return types.WorkspaceEdit(changes={uri: text_edits for uri, (_, text_edits) in changes.items()})
    return types.WorkspaceEdit(
        document_changes=[
            types.TextDocumentEdit(types.OptionalVersionedTextDocumentIdentifier(uri, version), list(text_edits))
            for uri, (version, text_edits) in changes.items()
        ]
    )


def _text_edits(content: bytes | None, edits: Iterable[Edit], encoding: str) -> list[types.TextEdit] | None:
    if content is None:
        return None
    try:
        places = Text(content).replacements(edits)
    except UnicodeDecodeError:
        return None
    if places is None:
        return None
    positions = Positions(content.decode("utf-8"), encoding)
    return [
        types.TextEdit(types.Range(positions.at(start), positions.at(end)), text)
        for start, end, text in reversed(places)
    ]
