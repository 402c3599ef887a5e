"""A client of the language server, byte for byte as an editor speaks with it.

    with Client(folder) as client:
        client.open("Dockerfile")
        client.diagnostics("Dockerfile")

It answers what a server may ask of a client, and keeps all that comes in. Nothing waits longer than ``PATIENCE``. The
server runs in a thread, over pipes, because that starts at once; with ``command`` it is a process of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO, cast

from fromlint.editor.server import serve
from fromlint.editor.stdio import Input

PATIENCE = 60.0

CAPABILITIES: dict[str, Any] = {
    "general": {"positionEncodings": ["utf-16"]},
    "workspace": {
        "configuration": True,
        "workspaceEdit": {"documentChanges": True},
        "didChangeWatchedFiles": {"dynamicRegistration": True},
        "didChangeConfiguration": {"dynamicRegistration": True},
        "codeLens": {"refreshSupport": True},
        "workspaceFolders": True,
    },
    "textDocument": {
        "hover": {"contentFormat": ["markdown", "plaintext"]},
        "publishDiagnostics": {"relatedInformation": True, "codeDescriptionSupport": True},
    },
}


class Failed(Exception):
    """The server answered a request with an error."""


class Client:
    """A client in ``folder``, with what ``settings`` says when it is asked for its configuration."""

    def __init__(
        self,
        folder: Path,
        *,
        settings: object = None,
        capabilities: Mapping[str, Any] = CAPABILITIES,
        folders: Sequence[Path] | None = None,
        initial: object = None,
        command: Sequence[str] | None = None,
    ) -> None:
        self.folder = folder
        self.settings = settings
        self.registered: list[dict[str, Any]] = []
        self.log: list[str] = []
        self.messages: list[str] = []
        self.refreshed = 0
        self._published: dict[str, list[dict[str, Any]]] = {}
        self._counts: dict[str, int] = {}
        self._answers: dict[int, dict[str, Any]] = {}
        self._versions: dict[str, int] = {}
        self._number = 0
        self._arrived = threading.Condition()
        self._write = threading.Lock()
        self._gone = False
        self.stderr: list[str] = []
        self.process = _started(command, folder) if command is not None else None
        self._thread = None if self.process is not None else _Served()
        self.to: BinaryIO = self._thread.to if self._thread is not None else self.process.stdin
        self._from: BinaryIO = self._thread.out if self._thread is not None else self.process.stdout
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        if self.process is not None:
            threading.Thread(target=self._listen_to_stderr, daemon=True).start()
        named = [folder] if folders is None else folders
        self.initialized = self.request(
            "initialize",
            {
                "processId": os.getpid(),
                "rootUri": folder.as_uri(),
                "capabilities": capabilities,
                "workspaceFolders": [{"uri": each.as_uri(), "name": each.name} for each in named],
                "initializationOptions": initial,
            },
        )
        self.notify("initialized", {})

    # --- the wire -------------------------------------------------------------------------------------------------

    def send(self, message: object) -> None:
        """Send whatever JSON there is."""
        self.send_bytes(json.dumps(message).encode())

    def send_bytes(self, body: bytes) -> None:
        """Send a message that may be none."""
        with self._write:
            self.to.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
            self.to.flush()

    def notify(self, method: str, params: object) -> None:
        self.send({"jsonrpc": "2.0", "method": method, "params": params})

    def ask(self, method: str, params: object) -> int:
        """Send a request and do not wait. Returns its number."""
        self._number += 1
        self.send({"jsonrpc": "2.0", "id": self._number, "method": method, "params": params})
        return self._number

    def answer(self, number: int) -> Any:
        """The result of a request. Raises Failed."""
        self.wait(lambda: number in self._answers, f"no answer to request {number}")
        message = self._answers.pop(number)
        if "error" in message:
            raise Failed(message["error"]["message"])
        return message["result"]

    def request(self, method: str, params: object) -> Any:
        """The result of a request. Raises Failed."""
        return self.answer(self.ask(method, params))

    def wait(self, holds: Callable[[], object], why: str) -> None:
        """Wait for something that comes with a message."""
        with self._arrived:
            if not self._arrived.wait_for(lambda: holds() or self._gone, PATIENCE) or not holds():
                raise AssertionError(f"{why}\nstderr: {''.join(self.stderr)}\nlog: {self.log}")

    def _listen(self) -> None:
        stream = self._from
        while True:
            length = 0
            while (header := stream.readline()) not in (b"\r\n", b""):
                name, _, value = header.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            if not header:
                break
            message = json.loads(stream.read(length))
            with self._arrived:
                self._take(message)
                self._arrived.notify_all()
        with self._arrived:
            self._gone = True
            self._arrived.notify_all()

    def _listen_to_stderr(self) -> None:
        for line in self.process.stderr:
            self.stderr.append(line.decode("utf-8", "replace"))

    def _take(self, message: dict[str, Any]) -> None:
        method, params = message.get("method"), message.get("params")
        if method is None:
            self._answers[message["id"]] = message
        elif method == "textDocument/publishDiagnostics":
            self._published[params["uri"]] = params["diagnostics"]
            self._counts[params["uri"]] = self._counts.get(params["uri"], 0) + 1
        elif method == "window/logMessage":
            self.log.append(params["message"])
        elif method == "window/showMessage":
            self.messages.append(params["message"])
        elif "id" in message:
            answer = {"jsonrpc": "2.0", "id": message["id"], "result": self._own_answer(method, params)}
            # It may have been told to go by now.
            with suppress(OSError, ValueError):
                self.send(answer)

    def _own_answer(self, method: str, params: Any) -> object:
        if method == "workspace/configuration":
            return [self.settings for _ in params["items"]]
        if method == "client/registerCapability":
            self.registered += params["registrations"]
        if method == "workspace/codeLens/refresh":
            self.refreshed += 1
        return None

    # --- documents ------------------------------------------------------------------------------------------------

    def uri(self, name: str) -> str:
        return (self.folder / name).as_uri()

    def open(self, name: str, text: str | None = None, language: str | None = None) -> None:
        """Open a file with what it holds, or with ``text``."""
        text = (self.folder / name).read_bytes().decode() if text is None else text
        language = language or ("dockerfile" if "ockerfile" in name else "plaintext")
        self._versions[name] = 1
        item = {"uri": self.uri(name), "languageId": language, "version": 1, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": item})

    def change(self, name: str, text: str) -> None:
        self._versions[name] += 1
        identifier = {"uri": self.uri(name), "version": self._versions[name]}
        self.notify("textDocument/didChange", {"textDocument": identifier, "contentChanges": [{"text": text}]})

    def save(self, name: str, text: str | None = None) -> None:
        """Write a file, and say so."""
        if text is not None:
            (self.folder / name).write_text(text)
        self.notify("textDocument/didSave", {"textDocument": {"uri": self.uri(name)}})

    def close(self, name: str) -> None:
        self.notify("textDocument/didClose", {"textDocument": {"uri": self.uri(name)}})

    def on(self, method: str, name: str, **more: object) -> Any:
        """Ask about a document: ``on("textDocument/codeLens", "Dockerfile")``."""
        return self.request(method, {"textDocument": {"uri": self.uri(name)}, **more})

    def hover(self, name: str, line: int, character: int = 0) -> str | None:
        """The text that is shown at a place (from 0)."""
        found = self.on("textDocument/hover", name, position={"line": line, "character": character})
        return None if found is None else str(found["contents"]["value"])

    def actions(self, name: str, line: int, only: Sequence[str] | None = None) -> list[dict[str, Any]]:
        """The code actions on a line (from 0)."""
        place = {"line": line, "character": 0}
        context = {"diagnostics": [], **({"only": only} if only else {})}
        found = self.on("textDocument/codeAction", name, range={"start": place, "end": place}, context=context)
        return list(found)

    # --- diagnostics ----------------------------------------------------------------------------------------------

    def published(self, name: str) -> int:
        """How often something was published of a file."""
        return self._counts.get(self.uri(name), 0)

    def diagnostics(self, name: str, more_than: int = 0) -> list[dict[str, Any]]:
        """What is published of a file, once that was done more often than ``more_than`` times."""
        self.wait(lambda: self.published(name) > more_than, f"nothing published of {name}")
        return self._published[self.uri(name)]

    def codes(self, name: str) -> list[str]:
        """The codes of what is published of a file now; [] where nothing was."""
        return sorted(each.get("code", "") for each in self._published.get(self.uri(name), []))

    def until(self, name: str, *codes: str) -> list[dict[str, Any]]:
        """Wait until these codes and no others are published of a file. Returns the diagnostics."""
        self.wait(lambda: self.published(name) and self.codes(name) == sorted(codes), f"{name}: not {codes}")
        return self._published[self.uri(name)]

    # --- the end --------------------------------------------------------------------------------------------------

    def stop(self) -> int:
        """End the server as the protocol asks for. Returns its exit code."""
        self.request("shutdown", None)
        self.notify("exit", None)
        return self.ended()

    def leave(self) -> int:
        """Be gone without a word. Returns the server's exit code."""
        self.to.close()
        return self.ended()

    def ended(self) -> int:
        """The exit code, once the server has ended."""
        return self._thread.ended() if self._thread is not None else self.process.wait(PATIENCE)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        # What it did not read any more is of no interest.
        with suppress(OSError):
            self.to.close()
        self.ended()
        self._listener.join(PATIENCE)
        self._from.close()
        if self.process is not None:
            self.process.stderr.close()


class _Served:
    """The server in a thread."""

    def __init__(self) -> None:
        reads, writes = os.pipe(), os.pipe()
        self.to, self.out = os.fdopen(reads[1], "wb"), os.fdopen(writes[0], "rb")
        self._ends = os.fdopen(reads[0], "rb"), os.fdopen(writes[1], "wb")
        self._code: list[int] = []
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        own, answers = self._ends
        with own, answers:
            self._code.append(serve(cast(BinaryIO, Input(own)), answers))

    def ended(self) -> int:
        self._thread.join(PATIENCE)
        (code,) = self._code
        return code


def _started(command: Sequence[str], folder: Path) -> subprocess.Popen[bytes]:
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, cwd=folder)
