"""What an editor sends: messages with their headers, and in them addresses, positions and settings."""

import io
import json
from contextlib import suppress

from lsprotocol import types

from fromlint.editor.configuration import ConfigurationError, given
from fromlint.editor.positions import Positions, path_of
from fromlint.editor.stdio import Input
from fromlint.model.place import Span

WORDS = tuple(
    word.encode()
    for word in (
        "Content-Length: ", "\r\n\r\n", "\r\n", "Content-Type: x\r\n", '{"jsonrpc": "2.0"', '"method": "textDocument/didOpen"', '"params": {', '"uri": "file:///a/Dockerfile"',
        '"uri": "untitled:1"', '"uri": "file://host/x"', "%00", "%2e%2e", '"line": 0', '"line": -1', '"line": 99999999999', '"character": 4294967295', '"text": "FROM x\\n"',
        '"settings": {', '"index-timeout": 1', '"select": ["FL2"]', "null", "\\ud83d", "\\ud83d\\ude00", "\\ufeff", "{}", "[]", "1e999", "-5", "99999999999",
    )
)  # fmt: skip


def read(data: bytes) -> None:
    stream = Input(io.BytesIO(data))
    # As pygls does: header lines, an empty one, then as many bytes as were said.
    for _ in range(20):
        length = -1
        while (line := stream.readline()) not in (b"", b"\r\n", b"\n"):
            name, _, value = line.partition(b":")
            if name == b"Content-Length" and value.strip().isdigit() and len(value) < 12:
                length = int(value)
        if length < 0:
            return
        with suppress(ValueError, RecursionError):
            _told(json.loads(stream.read(length)))


def _told(message: object) -> None:
    if isinstance(message, list):
        for item in message:
            _told(item)
    if not isinstance(message, dict):
        return
    with suppress(ConfigurationError):
        given(message, message.get("params"))
    if isinstance(message.get("uri"), str):
        path_of(message["uri"])
    text = message.get("text")
    for encoding in ("utf-8", "utf-16", "utf-32"):
        positions = Positions(text if isinstance(text, str) else "FROM x\n\U0001f600\n", encoding)
        line, character = message.get("line"), message.get("character", 0)
        if isinstance(line, int) and isinstance(character, int):
            place = positions.place(types.Position(line, character))
            assert min(place) >= 1
            found = positions.range(Span("Dockerfile", *place, *place))
            assert found.start <= found.end
    for value in message.values():
        _told(value)
