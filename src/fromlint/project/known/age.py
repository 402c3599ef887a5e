"""How old the facts about base images are."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from fromlint.model.project import Project

_OLD = 90


def notes(projects: Iterable[Project]) -> tuple[str, ...]:
    """What to say where floating tags rest on facts older than 90 days on the day they are resolved for: of the oldest.

    A tag that does not move between releases is what it was.
    """
    oldest: tuple[int, str, str] | None = None
    for project in projects:
        for stage in project.stages:
            environment = stage.environment
            if stage.stage.parent is not None or not environment.known or not environment.floating:
                continue
            if environment.facts_date is None:
                continue
            days = (_day(project.as_of) - _day(environment.facts_date)).days
            if days > _OLD:
                oldest = max(oldest or (0, "", ""), (days, environment.image, environment.facts_date))
    if oldest is None:
        return ()
    days, image, date = oldest
    return (f"what is known of {image} is of {date}, {days} days old: the tag may have moved since",)


def _day(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text)
