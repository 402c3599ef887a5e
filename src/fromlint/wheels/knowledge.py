"""What is known of the index so far, and what would have to be asked to know more."""

from __future__ import annotations

from collections.abc import Mapping

from fromlint.model.index import File, Metadata, Page
from fromlint.named_tuple import NamedTuple
from fromlint.wheels.offer import Offer, offer
from fromlint.wheels.policy import Policy


class Effort:
    """How long may still be searched for releases that agree, in names looked at: a count, so that no clock decides."""

    __slots__ = ("left",)

    def __init__(self, left: int) -> None:
        self.left = left


class Known(NamedTuple):
    """What has been learnt so far: pages by (index, name), metadata by the file's URL or name.

    A ``--find-links`` page, or folder, lists files of whatever projects: it stands under (place, ""). ``effort`` is
    what all searches together may take, None where nothing limits them.
    """

    pages: Mapping[tuple[str, str], Page]
    metadata: Mapping[str, Metadata]
    effort: Effort | None = None


class Knowledge:
    """Looks things up in what is known, and notes the pages that are missing."""

    def __init__(self, known: Known, policy: Policy) -> None:
        self._known = known
        self._policy = policy
        self._offers: dict[str, Offer | str | None] = {}
        self._missing: dict[tuple[str, str], None] = {}

    def metadata(self, file: File) -> Metadata | None:
        """The metadata of a file, None where it is not known yet."""
        stored = self._known.metadata
        found = stored.get(file.url) if file.url is not None else None
        return found if found is not None else stored.get(file.filename)

    def offer(self, name: str, index: str | None = None) -> Offer | str | None:
        """What is offered of a name; the reason where that cannot be known; None where it is not known yet.

        ``index`` is the only one to ask, where a lock says so.
        """
        if name not in self._offers:
            self._offers[name] = self._find(name, index or self._policy.own_index.get(name))
        return self._offers[name]

    def missing(self) -> tuple[tuple[str, str], ...]:
        """The pages, as (index, name), that were looked for in vain."""
        return tuple(self._missing)

    def _find(self, name: str, own: str | None) -> Offer | str | None:
        policy = self._policy
        if policy.unknown is not None or name in policy.apart:
            return policy.unknown or policy.apart[name]
        pages = self._of_indexes((own,) if own is not None else policy.indexes, name)
        for place in policy.places:
            if place.startswith(("http://", "https://")) or (place, "") in self._known.pages:
                pages.append(self._page(place, ""))
            else:
                return f"what {place} holds is not known here"
        have = [page for page in pages if page is not None]
        return offer(name, have) if len(have) == len(pages) else None

    def _of_indexes(self, indexes: tuple[str, ...], name: str) -> list[Page | None]:
        """The pages of all indexes, or up to the first that has the name; None stands for one that is missing.

        An index is not asked for a name that one before it has: the name may be nobody else's business.
        """
        if self._policy.merged:
            return [self._page(index, name) for index in indexes]
        pages: list[Page | None] = []
        for index in indexes:
            page = self._page(index, name)
            pages.append(page)
            if page is None or page.failure is not None or page.releases or page.files:
                break
        return pages

    def _page(self, index: str, name: str) -> Page | None:
        page = self._known.pages.get((index, name))
        if page is None:
            self._missing[(index, name)] = None
        return page
