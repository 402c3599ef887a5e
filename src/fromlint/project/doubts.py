"""Whether a Dockerfile gives reason to compare its base with others, which takes far more to import and to do."""

from __future__ import annotations

from fromlint.model.project import Fate, Project

_CONTENT = frozenset({Fate.FINE, Fate.UNKNOWN, Fate.UNKNOWN_PACKAGE, Fate.NO_VCS_TOOL, None})


def worthwhile(project: Project) -> bool:
    """Whether another base could do better: something fails or is compiled, or the base is the full image."""
    for stage in project.stages:
        if stage.stage.reachable and stage.environment.variant == "full" and stage.environment.known:
            return True
        for install in stage.installs:
            for facts in install.packages:
                if any(facts.fates.get(platform) not in _CONTENT for platform in project.asked):
                    return True
    return False
