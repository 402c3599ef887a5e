"""How well-made files keep run-time libraries while they remove what a build needed.

Debian: ``savedAptMark="$(apt-mark showmanual)"; apt-get install …; apt-mark auto '.*'; apt-mark manual $savedAptMark;
ldd … | xargs apt-mark manual; apt-get purge --auto-remove``. Alpine: ``scanelf --needed … | xargs apk add --virtual
.rundeps; apk del .build-deps``. Both after https://github.com/docker-library/python.
"""

import re
from collections.abc import Iterable

from fromlint.model.build import Command, Event, PackagesAdded, PackagesKept, PackagesRemoved
from fromlint.model.place import Text

_LISTERS = frozenset({"ldd", "scanelf", "objdump", "readelf", "dpkg-query", "lddtree", "patchelf"})
_VARIABLE = r'"?\$\{?\w+\}?"?'


class Keeping:
    """What one script has said so far of packages to keep."""

    def __init__(self) -> None:
        self.libraries_found = False
        self._saved = False
        self._restored = False
        self._everything = False
        self._added: list[Text] = []
        self._marked: list[Text] = []

    def before(self, command: Command) -> None:
        """Take note of a command, before its events are worked out."""
        words = command.words
        name = words[0].value.rpartition("/")[2]
        if name in _LISTERS or (name == "dpkg" and any(word.value in ("-S", "--search") for word in words)):
            self.libraries_found = True
        if name != "apt-mark" or len(words) < 2:
            return
        if words[1].value == "showmanual":
            self._saved = True
            self._added.clear()
        elif words[1].value == "auto":
            names = [word for word in words[2:] if not word.value.startswith("-")]
            self._everything |= any(word.value in (".*", "*") for word in names)
            self._marked += [Text(word.value, word.span) for word in names if word.known and word.value.isprintable()]

    def after(self, command: Command, events: Iterable[Event]) -> list[Event]:
        """The events of a command as they are in the light of what came before.

        ``apt-mark manual $savedAptMark`` says nothing of its own. A removal of what is no longer needed names what
        was added since the marks were saved, or marked as automatic.
        """
        made: list[Event] = []
        for event in events:
            if isinstance(event, PackagesAdded) and event.manager == "apt":
                self._added += event.names
            elif isinstance(event, PackagesKept) and event.manager == "apt":
                kept = self._kept(command, event)
                if kept is None:
                    continue
                event = kept
            elif isinstance(event, PackagesRemoved) and event.manager == "apt" and event.automatic:
                event = event._replace(names=(*event.names, *self._forgotten()))
            made.append(event)
        return made

    def _kept(self, command: Command, event: PackagesKept) -> PackagesKept | None:
        names = set(event.names)
        self._added = [text for text in self._added if text.value not in names]
        self._marked = [text for text in self._marked if text.value not in names]
        unknown = [word.value for word in command.words[2:] if not word.known]
        if self._saved and not self._restored and unknown and all(re.fullmatch(_VARIABLE, value) for value in unknown):
            self._restored = True
            return event._replace(found=False) if names else None
        return event

    def _forgotten(self) -> list[Text]:
        """What is automatic by now, and not needed by anything that stays."""
        gone = [text for text in self._marked if text.value not in (".*", "*")]
        if self._everything and self._saved:
            gone += self._added
            self._added = []
        self._marked = []
        return gone
