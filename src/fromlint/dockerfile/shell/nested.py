"""Scripts inside scripts: the text of ``sh -c '…'``, of ``$(…)`` and of here-documents, with their own places."""

from bisect import bisect_right

from fromlint.dockerfile.shell.words import Field
from fromlint.dockerfile.source import cut, place
from fromlint.model.dockerfile import Anchor, Source


def nested(source: Source, field: Field) -> Source:
    """The value of a word as a source of its own, each part of it standing where it was written."""
    if field.marks is None:
        return cut(source, field.start, field.end)
    anchors: list[Anchor] = []
    written = source.anchors
    for value_offset, offset, length in field.marks:
        anchors.append(Anchor(value_offset, *place(source, offset)))
        if length and len(written) > 1:
            first = bisect_right(written, (offset, 1 << 60, 0))
            last = bisect_right(written, (offset + length - 1, 1 << 60, 0))
            moved = value_offset - offset
            anchors += [Anchor(anchor.offset + moved, anchor.line, anchor.column) for anchor in written[first:last]]
    if not anchors or anchors[0].offset:
        anchors.insert(0, Anchor(0, *place(source, field.start)))
    return Source(field.value, source.file, tuple(anchors))


def at(source: Source, text: str, offset: int) -> Source:
    """A text that is put together, all of it standing at one place."""
    return Source(text, source.file, (Anchor(0, *place(source, offset)),))
