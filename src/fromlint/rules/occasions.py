"""When a rule may have something to say: one whose occasion a project does not give is not even imported.

A good Dockerfile gives occasion to a dozen rules of 46, and importing the others would be a tenth of a run. What a
project gives is a set of signs: the fates of its packages and what stood in their way, the kinds of its events, and a
`Sign` for the rest. A rule that is not in the table is always asked, so a new one need not be.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from fromlint.model.build import FilesCopied, ListsUpdated, PackagesAdded, VenvMade
from fromlint.model.project import Fate, Project, StageFacts
from fromlint.model.verdict import Obstacle


class Sign:
    """What else of a project gives occasion to a rule: a word each, as making an enum of them takes 0.4 ms."""

    OLDER_RELEASE = "older-release"
    PYTHON_ASKED_FOR = "python-asked-for"
    UV_PIP = "uv-pip"
    SCRIPT = "script"
    LIBRARY_LACKING = "library-lacking"
    TWO_LIBCS = "two-libcs"
    TWO_GLIBCS = "two-glibcs"
    STAGES = "stages"
    FIXED_PLATFORM = "fixed-platform"
    OTHER_BASES = "other-bases"
    FLOATING = "floating"
    ENDED = "ended"
    EXTERNALLY_MANAGED = "externally-managed"
    NO_SUCH_TAG = "no-such-tag"
    UNKNOWN_IMAGE = "unknown-image"
    PROBLEM = "problem"
    FILE_MISSING = "file-missing"
    FILE_UNREADABLE = "file-unreadable"
    LINE_REFUSED = "line-refused"
    UNKNOWN = "unknown"
    NEVER = "never"


_OCCASIONS: Mapping[str, tuple[object, ...]] = {
    "FL101": (Fate.COMPILED_FOR_MUSL,),
    "FL102": (Fate.COMPILED_FOR_GLIBC,),
    "FL103": (Fate.COMPILED_FOR_PYTHON,),
    "FL104": (Fate.COMPILED_FOR_PLATFORM, Obstacle.PLATFORM),
    "FL105": (Fate.NOTHING_FITS,),
    "FL106": (Fate.COMPILED_FOR_PIP,),
    "FL107": (Fate.COMPILED,),
    "FL108": (Fate.HOPELESS,),
    "FL109": (Sign.OLDER_RELEASE,),
    "FL110": (Fate.HASH_NOT_LISTED,),
    "FL111": (Sign.PYTHON_ASKED_FOR,),
    "FL201": (Fate.TOOLS_MISSING,),
    "FL202": (Fate.NO_VCS_TOOL,),
    "FL203": (Fate.TOOLS_LATER,),
    "FL204": (Fate.RUST_TOO_OLD,),
    "FL205": (PackagesAdded,),
    "FL207": (Sign.UV_PIP, VenvMade),
    "FL208": (PackagesAdded,),
    "FL209": (Sign.SCRIPT,),
    "FL210": (PackagesAdded, ListsUpdated),
    "FL301": (Sign.LIBRARY_LACKING,),
    "FL303": (PackagesAdded,),
    "FL401": (Sign.TWO_LIBCS,),
    "FL402": (Sign.TWO_GLIBCS,),
    "FL403": (Sign.STAGES,),
    "FL404": (Sign.FIXED_PLATFORM,),
    "FL501": (Sign.OTHER_BASES,),
    "FL502": (Sign.OTHER_BASES,),
    "FL504": (Sign.FLOATING,),
    "FL505": (Sign.ENDED,),
    "FL506": (Sign.EXTERNALLY_MANAGED,),
    "FL508": (Sign.NO_SUCH_TAG,),
    "FL901": (Sign.PROBLEM,),
    "FL902": (Sign.FILE_MISSING,),
    "FL903": (Sign.FILE_UNREADABLE,),
    "FL904": (Sign.LINE_REFUSED,),
    "FL905": (Fate.UNKNOWN_PACKAGE,),
    "FL906": (Fate.UNKNOWN,),
    "FL907": (Sign.UNKNOWN_IMAGE,),
    "FL908": (Sign.UNKNOWN,),
    # What it says is said once all others have spoken.
    "FL909": (Sign.NEVER,),
}


def given(project: Project) -> frozenset[object]:
    """The signs of a project."""
    found: set[object] = set(_of_the_whole(project))
    for stage in project.stages:
        found.update(_of_stage(project, stage))
        for install in stage.installs:
            for facts in install.packages:
                found.update(facts.fates.values())
                for verdict in facts.package.verdicts.values():
                    if verdict.obstacle is not None:
                        found.add(verdict.obstacle)
                    if verdict.instead_of is not None:
                        found.add(Sign.OLDER_RELEASE)
                if facts.libraries:
                    found.add(Sign.LIBRARY_LACKING)
    return frozenset(found)


def speaks(code: str, signs: frozenset[object]) -> bool:
    """Whether the rule of a code may have something to say of a project with these signs."""
    occasions = _OCCASIONS.get(code)
    return occasions is None or not signs.isdisjoint(occasions)


def _of_the_whole(project: Project) -> Iterator[str]:
    if project.problems:
        yield Sign.PROBLEM
    if project.unknown:
        yield Sign.UNKNOWN
    if project.alternatives:
        yield Sign.OTHER_BASES
    libcs = {stage.environment.libc for stage in project.stages}
    if len(libcs) > 1:
        yield Sign.TWO_LIBCS
    if len({stage.environment.libc_version for stage in project.stages}) > 1:
        yield Sign.TWO_GLIBCS


def _of_stage(project: Project, stage: StageFacts) -> Iterator[object]:
    kinds = {type(step.event) for step in stage.steps}
    yield from kinds
    environment = stage.environment
    days = (environment.end_of_life, environment.python_end_of_life)
    if environment.lists_gone or any(day is not None and day < project.as_of for day in days):
        yield Sign.ENDED
    if environment.floating:
        yield Sign.FLOATING
    if environment.tag_status == "never":
        yield Sign.NO_SUCH_TAG
    if not environment.known:
        yield Sign.UNKNOWN_IMAGE
    if stage.stage.fixed_platform:
        yield Sign.FIXED_PLATFORM
    if FilesCopied in kinds and len(project.stages) > 1:
        yield Sign.STAGES
    if stage.scripts:
        yield Sign.SCRIPT
    for install in stage.installs:
        needs = install.needs
        if needs.requires_python is not None or install.passed_over is not None:
            yield Sign.PYTHON_ASKED_FOR
        if install.install.tool == "uv-pip":
            yield Sign.UV_PIP
        if install.python is not None and install.python.externally_managed:
            yield Sign.EXTERNALLY_MANAGED
        if needs.missing:
            yield Sign.FILE_MISSING
        if needs.unreadable:
            yield Sign.FILE_UNREADABLE
        if needs.bad:
            yield Sign.LINE_REFUSED
        if needs.unknown:
            yield Sign.UNKNOWN
