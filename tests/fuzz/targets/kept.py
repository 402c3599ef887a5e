"""What the cache holds of installs: what they need, and what they bring."""

from contextlib import suppress

from fromlint.model.place import Span
from fromlint.model.requirement import Needs, Requirement
from fromlint.model.resolution import Resolution
from fromlint.project.resolving import kept_needs, resolution_text
from fromlint.project.resolving.kept_text import Unreadable

WORDS = (
    b"[]",
    b"[",
    b"]",
    b"{}",
    b"null",
    b"true",
    b"0",
    b"-1",
    b"1.5",
    b'""',
    b'"x"',
    b",",
    b'"wheel"',
    b'"linux/amd64":',
)
SHARE = 2.0
_PLACE = Span("Dockerfile", 4, 5, 4, 40)
_ASKED = Requirement("a", "a", "", (), "", "index", None, (), _PLACE)


def read(data: bytes) -> None:
    with suppress(Unreadable):
        needs, seen = kept_needs._read(data, _PLACE)
        assert type(needs) is Needs
        assert all(type(text) is str for entry in seen.items() for text in (*entry[0], entry[1]))
    with suppress(Unreadable):
        found = resolution_text.read(data, ((_ASKED,),))
        assert all(type(each) is Resolution for each in found)
