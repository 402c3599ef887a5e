"""The closure, from pages and metadata that are handed over round by round."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from fromlint.model.environment import Environment
from fromlint.model.index import File, Metadata, Page
from fromlint.model.requirement import Requirement
from fromlint.model.resolution import Resolution
from fromlint.model.verdict import Obstacle, Outcome, Package
from fromlint.wheels.closure import resolve
from fromlint.wheels.knowledge import Effort, Known
from fromlint.wheels.policy import Policy
from fromlint.wheels.together import together

INDEX = "https://index.example/simple/"
Needed = Callable[..., Requirement]


class World:
    """A small index: releases by ``name-version`` (a pure wheel each), with what they depend on."""

    def __init__(self, releases: Mapping[str, Sequence[str]], index: str = INDEX) -> None:
        self.pages: dict[tuple[str, str], Page] = {}
        self.metadata: dict[str, Metadata] = {}
        files: dict[str, list[File]] = {}
        for release, requires in releases.items():
            name = release.partition("-")[0]
            filename = release if release.endswith((".whl", ".tar.gz")) else f"{release}-py3-none-any.whl"
            file = File(filename, f"{index}{filename}")
            files.setdefault(name, []).append(file)
            extras = ("test", "fast")
            self.metadata[str(file.url)] = Metadata(tuple(requires), extras, None)
        for name, listed in files.items():
            self.pages[(index, name)] = Page(name, index, tuple(listed), "index", "2026-11-22")

    def page(self, key: tuple[str, str]) -> Page:
        return self.pages.get(key, Page(key[1], key[0], (), "index", "2026-11-22", exists=False))


@pytest.fixture
def settle(
    environment: Callable[..., Environment], markers: Callable[..., bool | None]
) -> Callable[..., tuple[Resolution, int]]:
    def run(
        world: World,
        requirements: Sequence[Requirement],
        *,
        constraints: Sequence[Requirement] = (),
        installed: Mapping[str, str] | None = None,
        installed_known: bool = True,
        platform: str = "linux/amd64",
        told: dict[str, Any] | None = None,
        effort: Effort | None = None,
        **image: Any,
    ) -> tuple[Resolution, int]:
        pages: dict[tuple[str, str], Page] = {}
        metadata: dict[str, Metadata] = {}
        policy = Policy(**{"indexes": (INDEX,), **(told or {})})
        for rounds in range(60):
            found = resolve(
                requirements,
                constraints,
                policy,
                environment(**image),
                platform,
                installed=(installed or {}) if installed_known else None,
                known=Known(pages, metadata, effort),
                markers=markers,
            )
            if not found.wanted_pages and not found.wanted_metadata:
                return found, rounds
            pages.update({key: world.page(key) for key in found.wanted_pages})
            for file in found.wanted_metadata:
                metadata[str(file.url)] = world.metadata.get(
                    str(file.url), Metadata((), (), None, known=False, failure="it was not built")
                )
        raise AssertionError("never settled")

    return run


def versions(found: Resolution) -> dict[str, str | None]:
    return {package.name: package.version for package in found.packages}


def only(found: Resolution, name: str) -> Package:
    return next(package for package in found.packages if package.name == name)


def test_parents_are_put_together_before_a_version_is_chosen(settle: Any, requirement: Needed) -> None:
    world = World({"a-1": ["c"], "b-1": ["c<2"], "c-1": [], "c-2": ["d"], "d-1": []})
    found, _ = settle(world, [requirement("a"), requirement("b")])
    assert versions(found) == {"a": "1", "b": "1", "c": "1"}


def test_chains_are_the_shortest_and_name_their_requirement(settle: Any, requirement: Needed) -> None:
    world = World({"a-1": ["b"], "b-1": ["c"], "c-1": ["d"], "d-1": [], "e-1": ["c"]})
    found, rounds = settle(world, [requirement("a"), requirement("e")])
    assert {package.name: package.parents for package in found.packages} == {
        "a": (),
        "e": (),
        "b": ("a",),
        "c": ("e",),
        "d": ("e", "c"),
    }
    assert only(found, "d").requirement.name == "e"
    # Pages and metadata of a depth are asked for together.
    assert rounds == 6


def test_extras_and_markers_decide_what_comes_along(settle: Any, requirement: Needed) -> None:
    world = World(
        {
            "a-1": ['b; extra == "fast"', 'a[test]; extra == "fast"', 'c; extra == "test"', 'd; os_name == "nt"'],
            "b-1": [],
            "c-1": [],
        }
    )
    found, _ = settle(world, [requirement("a", extras=("Fast",))])
    assert versions(found) == {"a": "1", "b": "1", "c": "1"}
    assert only(found, "a").extras == ("fast", "test")
    assert versions(settle(world, [requirement("a")])[0]) == {"a": "1"}
    assert versions(settle(world, [requirement("a", extras=("nonsense",))])[0]) == {"a": "1"}


def test_a_requirement_whose_marker_does_not_hold_is_left_out(settle: Any, requirement: Needed) -> None:
    found, _ = settle(World({"a-1": []}), [requirement("a", marker='sys_platform == "win32"')])
    assert found.packages == ()
    doubtful, _ = settle(World({"a-1": []}), [requirement("a", marker='platform_release > "5"')])
    assert doubtful.packages == ()
    assert [unknown.what for unknown in doubtful.unknown] == ["a"]


def test_a_dependency_with_a_marker_that_cannot_be_known_is_said(settle: Any, requirement: Needed) -> None:
    found, _ = settle(World({"a-1": ['b; platform_release > "5"', "???"]}), [requirement("a")], pip="24.0")
    assert sorted(unknown.what for unknown in found.unknown) == ["a", "b"]


def test_constraints_bind_without_asking_for_anything(settle: Any, requirement: Needed) -> None:
    world = World({"a-1": [], "a-2": [], "b-1": []})
    bound = [requirement("a", "<2"), requirement("b", "==1"), requirement("a", ">9", marker='os_name == "nt"')]
    assert versions(settle(world, [requirement("a")], constraints=bound)[0]) == {"a": "1"}


def test_a_dependency_whose_metadata_needs_a_build_is_said(settle: Any, requirement: Needed) -> None:
    world = World({"a-1.tar.gz": ["b"]})
    world.metadata.clear()
    found, _ = settle(world, [requirement("a")])
    assert only(found, "a").verdicts["linux/amd64"].outcome is Outcome.SOURCE
    assert [(unknown.what, unknown.why) for unknown in found.unknown] == [
        ("a", "its dependencies are not known: it was not built")
    ]


def test_no_deps_asks_for_no_metadata(settle: Any, requirement: Needed) -> None:
    found, rounds = settle(World({"a-1": ["b"]}), [requirement("a")], told={"no_deps": True})
    assert (versions(found), rounds) == ({"a": "1"}, 1)


def test_the_pythons_own_word_in_the_metadata_counts(settle: Any, requirement: Needed) -> None:
    world = World({"a-1": [], "a-2": []})
    url = f"{INDEX}a-2-py3-none-any.whl"
    world.metadata[url] = world.metadata[url]._replace(requires_python=">=3.13")
    assert versions(settle(world, [requirement("a")])[0]) == {"a": "1"}


def test_a_minor_python_alone_may_not_be_enough(settle: Any, requirement: Needed) -> None:
    world = World({"a-1": [], "a-2": []})
    key = (INDEX, "a")
    files = tuple(
        file._replace(requires_python=">=3.12.4" if "-2-" in file.filename else None) for file in world.pages[key].files
    )
    world.pages[key] = world.pages[key]._replace(files=files)
    found, _ = settle(world, [requirement("a")], python="3.12")
    assert only(found, "a").verdicts["linux/amd64"].outcome is Outcome.UNKNOWN
    assert versions(settle(world, [requirement("a")], python="3.13")[0]) == {"a": "2"}


# --- what is installed already ----------------------------------------------------------------------------


def test_what_is_installed_and_satisfies_stays(settle: Any, requirement: Needed) -> None:
    world = World({"a-1": [], "a-2": ["b"], "b-1": []})
    found, rounds = settle(world, [requirement("a")], installed={"a": "1"})
    assert (versions(found), only(found, "a").kept, rounds) == ({"a": "1"}, True, 0)
    newer, _ = settle(world, [requirement("a", ">=2")], installed={"a": "1"})
    assert (versions(newer), only(newer, "a").kept) == ({"a": "2", "b": "1"}, False)


def test_upgrade_means_what_is_named_and_not_its_dependencies(settle: Any, requirement: Needed) -> None:
    world = World({"a-1": ["b"], "a-2": ["b"], "b-1": [], "b-2": []})
    there = {"a": "1", "b": "1"}
    found, _ = settle(world, [requirement("a")], installed=there, told={"upgrade": True})
    assert (versions(found), only(found, "b").kept) == ({"a": "2", "b": "1"}, True)
    newest, _ = settle(world, [requirement("a")], installed={"a": "2", "b": "1"}, told={"upgrade": True})
    assert only(newest, "a").kept
    forced, _ = settle(world, [requirement("a")], installed=there, told={"force_reinstall": True})
    assert versions(forced) == {"a": "2", "b": "2"}


def test_a_new_extra_of_what_is_installed_brings_its_dependencies(settle: Any, requirement: Needed) -> None:
    world = World({"a-1": ['b; extra == "fast"'], "a-2": [], "b-1": []})
    found, _ = settle(world, [requirement("a", extras=("fast",))], installed={"a": "1"})
    # The page of a kept package is asked for only where something new comes of it.
    assert only(found, "a").kept
    assert versions(found) == {"a": "1", "b": "1"}


def test_a_base_whose_distributions_are_not_known_may_have_it_already(settle: Any, requirement: Needed) -> None:
    world = World({"a-1.tar.gz": [], "b-1": []})
    found, _ = settle(world, [requirement("a"), requirement("b")], installed_known=False)
    assert only(found, "a").verdicts["linux/amd64"].outcome is Outcome.UNKNOWN
    assert only(found, "b").verdicts["linux/amd64"].outcome is Outcome.WHEEL


# --- indexes ----------------------------------------------------------------------------------------------


def test_pip_takes_the_newest_of_all_indexes_and_uv_the_first_that_has_it(settle: Any, requirement: Needed) -> None:
    other = "https://other.example/simple/"
    world = World({"a-1": []})
    world.pages |= World({"a-2": [], "b-1": []}, other).pages
    asked = [requirement("a"), requirement("b")]
    assert versions(settle(world, asked, told={"indexes": (INDEX, other)})[0]) == {"a": "2", "b": "1"}
    uv = {"indexes": (INDEX, other), "merged": False, "installer": "uv"}
    assert versions(settle(world, asked, told=uv)[0]) == {"a": "1", "b": "1"}


def test_a_name_is_asked_only_of_its_own_index(
    environment: Callable[..., Environment], markers: Any, requirement: Needed
) -> None:
    private = "https://private.example/simple/"
    found = resolve(
        [requirement("a"), requirement("b")],
        (),
        Policy(indexes=(INDEX,), own_index={"a": private}),
        environment(),
        "linux/amd64",
        installed={},
        known=Known({}, {}),
        markers=markers,
    )
    assert found.wanted_pages == ((private, "a"), (INDEX, "b"))


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ({"unknown": "the index is in a secret"}, "the index is in a secret"),
        ({"apart": {"a": "torch backend"}}, "torch backend"),
        ({"places": ("/wheels",)}, "what /wheels holds is not known here"),
    ],
)
def test_an_index_that_is_not_known_makes_it_unknown(
    settle: Any, requirement: Needed, told: dict[str, Any], reason: str
) -> None:
    found, _ = settle(World({"a-1": []}), [requirement("a")], told=told)
    verdict = only(found, "a").verdicts["linux/amd64"]
    assert (verdict.outcome, verdict.reason) == (Outcome.UNKNOWN, reason)


def test_find_links_are_looked_at_besides(settle: Any, requirement: Needed) -> None:
    world = World({"a-1": []})
    place = "https://wheels.example/all.html"
    files = [file for page in World({"a-3": [], "b-1": []}).pages.values() for file in page.files]
    world.pages[(place, "")] = Page("", place, tuple(files), "index", "2026-11-22")
    assert versions(settle(world, [requirement("a")], told={"places": (place,)})[0]) == {"a": "3"}


def test_an_image_that_is_not_known_gives_unknown(settle: Any, requirement: Needed) -> None:
    found, rounds = settle(World({}), [requirement("a"), requirement("a")], libc=None)
    assert rounds == 0
    assert [package.verdicts["linux/amd64"].outcome for package in found.packages] == [Outcome.UNKNOWN]


# --- direct references ------------------------------------------------------------------------------------


def test_direct_references_are_judged_by_their_name(settle: Any, requirement: Needed) -> None:
    url = "https://e.example/a-1-cp312-cp312-manylinux_2_17_x86_64.whl#sha256=1"
    wheel = requirement("a", kind="url", reference=url)
    source = requirement("b", kind="vcs", reference="git+https://e.example/b")
    found, _ = settle(World({}), [wheel, source])
    verdicts = {package.name: package.verdicts["linux/amd64"].outcome for package in found.packages}
    assert verdicts == {"a": Outcome.WHEEL, "b": Outcome.SOURCE}
    assert only(found, "a").version == "1"
    musl, _ = settle(World({}), [wheel], libc="musl", libc_version="1.2")
    assert only(musl, "a").verdicts["linux/amd64"].obstacle is Obstacle.MUSL


# --- conflicts --------------------------------------------------------------------------------------------


def test_an_older_parent_is_taken_where_the_newest_clashes(settle: Any, requirement: Needed) -> None:
    world = World({"a-1": ["c<2"], "a-2": ["c>=2"], "b-1": ["c<2"], "c-1": [], "c-2": []})
    found, _ = settle(world, [requirement("a"), requirement("b", "==1")])
    assert versions(found) == {"a": "1", "b": "1", "c": "1"}
    assert found.conflicts == ()


def test_releases_that_need_what_has_no_file_are_left_for_older_ones(settle: Any, requirement: Needed) -> None:
    world = World({"a-1": [], "a-2": ["c"], "c-1-cp312-cp312-win_amd64.whl": []})
    found, _ = settle(world, [requirement("a")])
    assert versions(found) == {"a": "1"}


def test_a_conflict_without_a_way_out_is_named(settle: Any, requirement: Needed) -> None:
    world = World({"a-1": ["c<2"], "b-1": ["c>=2"], "c-1": [], "c-2": []})
    found, _ = settle(world, [requirement("a"), requirement("b")])
    assert [(conflict.name, conflict.asked) for conflict in found.conflicts] == [("c", (("a", "<2"), ("b", ">=2")))]
    assert only(found, "c").verdicts["linux/amd64"].outcome is Outcome.NONE


def test_what_only_older_parents_would_mend_is_no_conflict_of_its_own(settle: Any, requirement: Needed) -> None:
    # c clashes for good; d would come out in agreement with an older e, which is what is taken.
    world = World(
        {"a-1": ["c<2"], "b-1": ["c>=2"], "c-1": [], "c-2": []}
        | {"e-1": ["d<2"], "e-2": ["d>=2"], "f-1": ["d<2"], "d-1": [], "d-2": []}
    )
    found, _ = settle(world, [requirement(name) for name in ("a", "b", "e", "f")])
    assert [conflict.name for conflict in found.conflicts] == ["c"]
    assert {name: version for name, version in versions(found).items() if name in "def"} == {
        "d": "1",
        "e": "1",
        "f": "1",
    }


def test_every_conflict_is_named(settle: Any, requirement: Needed) -> None:
    world = World({"a-1": ["c<2", "d<2"], "b-1": ["c>=2", "d>=2"], "c-1": [], "c-2": [], "d-1": [], "d-2": []})
    found, _ = settle(world, [requirement("a"), requirement("b")])
    assert sorted(conflict.name for conflict in found.conflicts) == ["c", "d"]


def test_a_dependency_that_nobody_offers_is_no_conflict(settle: Any, requirement: Needed) -> None:
    world = World({"a-1": ["c"], "b-1": ["c"], "c-1-cp312-cp312-win_amd64.whl": []})
    found, _ = settle(world, [requirement("a"), requirement("b")])
    assert found.conflicts == ()
    assert only(found, "c").verdicts["linux/amd64"].outcome is Outcome.NONE
    assert versions(found)["a"] == "1"


def test_extras_come_along_when_backtracking(settle: Any, requirement: Needed) -> None:
    world = World(
        {"a-1": ["c[fast]<2"], "a-2": ["c>=2"], "b-1": ["c<2"], "c-1": ['d; extra == "fast"'], "c-2": [], "d-1": []}
    )
    found, _ = settle(world, [requirement("a"), requirement("b")])
    assert versions(found) == {"a": "1", "b": "1", "c": "1", "d": "1"}
    assert only(found, "d").parents == ("a", "c")


def test_requirements_that_go_in_circles_are_settled(settle: Any, requirement: Needed) -> None:
    world = World({"a-1": ["b"], "a-2": ["b<2"], "b-1": ["a<2"], "b-2": ["a>=2"]})
    found, _ = settle(world, [requirement("a")])
    # a 2 wants b 1, which wants a 1, which is content with b 1.
    assert found.wanted_metadata == ()
    assert versions(found) == {"a": "1", "b": "1"}


def test_many_older_releases_are_asked_for_in_growing_batches(settle: Any, requirement: Needed) -> None:
    world = World({f"a-{number}": [f"c=={number}"] for number in range(200)} | {"c-3": []})
    found, rounds = settle(world, [requirement("a"), requirement("c", "==3")])
    assert versions(found) == {"a": "3", "c": "3"}
    assert rounds < 16


def test_giving_up_is_unknown(settle: Any, requirement: Needed) -> None:
    world = World({f"a-{number}": [f"c=={number}"] for number in range(1, 800)} | {"c-0": []})
    found, _ = settle(world, [requirement("a"), requirement("c", "==0")])
    assert only(found, "c").verdicts["linux/amd64"].outcome is Outcome.UNKNOWN


def test_where_the_search_takes_too_long_nothing_is_sure(settle: Any, requirement: Needed) -> None:
    # Each older a wants another c, of which none fits; what no longer may be tried could do without it.
    world = World({f"a-{number}": [f"c=={number}"] for number in range(1, 9)} | {"a-0": [], "b-1": ["d"], "d-1": []})
    assert versions(settle(world, [requirement("a"), requirement("b")], effort=Effort(10_000))[0])["a"] == "0"
    found, _ = settle(world, [requirement("a"), requirement("b")], effort=Effort(3))
    assert only(found, "c").verdicts["linux/amd64"].outcome is Outcome.UNKNOWN
    assert found.conflicts == ()
    assert versions(found)["d"] == "1"


def test_what_is_wanted_of_several_is_asked_for_at_once(settle: Any, requirement: Needed) -> None:
    names = "abcdef"
    world = World(
        {f"{name}-{number}": [f"z{name}=={number}"] for name in names for number in range(9)}
        | {f"z{name}-0": [] for name in names}
    )
    wishes = [requirement(name) for name in names] + [requirement(f"z{name}", "==0") for name in names]
    found, rounds = settle(world, wishes)
    assert {versions(found)[name] for name in names} == {"0"}
    assert rounds < 8


def test_pip_goes_on_to_a_release_whose_metadata_it_can_read(settle: Any, requirement: Needed) -> None:
    world = World({"a-2": ["c (>dev)"], "a-1": ["c"], "c-1": []})
    assert versions(settle(world, [requirement("a")])[0]) == {"a": "1", "c": "1"}
    # Older pips and uv take it, as if nothing were asked.
    assert versions(settle(world, [requirement("a")], pip="24.0")[0]) == {"a": "2", "c": "1"}
    assert versions(settle(world, [requirement("a")], told={"installer": "uv"})[0]) == {"a": "2", "c": "1"}


def test_a_star_behind_a_bound_is_left_out_by_those_who_take_it(settle: Any, requirement: Needed) -> None:
    world = World({"a-1": ["c (>=1.5.*)", "d<=2.*"], "c-1": [], "c-2": [], "d-2": [], "d-3": []})
    assert versions(settle(world, [requirement("a")], pip="24.0")[0]) == {"a": "1", "c": "2", "d": "2"}
    found, _ = settle(world, [requirement("a")])
    verdict = only(found, "a").verdicts["linux/amd64"]
    assert (verdict.outcome, verdict.obstacle, verdict.reason) == (Outcome.NONE, Obstacle.METADATA, "c (>=1.5.*)")


def test_an_older_release_of_unknown_needs_is_not_taken_for_a_way_out(settle: Any, requirement: Needed) -> None:
    world = World({"a-1.tar.gz": [], "a-2": ["c>=2"], "b-1": ["c<2"], "c-1": [], "c-2": []})
    del world.metadata[f"{INDEX}a-1.tar.gz"]
    found, _ = settle(world, [requirement("a"), requirement("b")])
    assert only(found, "c").verdicts["linux/amd64"].outcome is Outcome.UNKNOWN


def test_an_index_that_fails_is_no_conflict(settle: Any, requirement: Needed) -> None:
    world = World({"a-1": ["c>1"], "b-1": ["c>2"]})
    world.pages[(INDEX, "c")] = Page("c", INDEX, (), "index", "2026-11-22", failure="timed out")
    found, _ = settle(world, [requirement("a"), requirement("b")])
    verdict = only(found, "c").verdicts["linux/amd64"]
    assert (verdict.outcome, verdict.reason, verdict.unasked) == (Outcome.UNKNOWN, "timed out", True)


def test_a_snapshot_without_a_fitting_release_is_no_conflict(settle: Any, requirement: Needed) -> None:
    world = World({"a-1": ["c>1"], "a-0": [], "c-1": []})
    world.pages[(INDEX, "c")] = world.pages[(INDEX, "c")]._replace(complete=False)
    found, _ = settle(world, [requirement("a")])
    assert versions(found) == {"a": "1", "c": None}
    assert only(found, "c").verdicts["linux/amd64"].unasked


def test_uv_lets_prereleases_in_by_what_the_project_says(settle: Any, requirement: Needed) -> None:
    world = World({"a-1": ["c>=1.0b1"], "c-1.0": [], "c-2.0rc1": []})
    assert versions(settle(world, [requirement("a")])[0])["c"] == "2.0rc1"
    uv = {"installer": "uv", "merged": False}
    assert versions(settle(world, [requirement("a")], told=uv)[0])["c"] == "1.0"
    named = [requirement("a"), requirement("c", ">=1.0b1")]
    assert versions(settle(world, named, told=uv)[0])["c"] == "2.0rc1"


def test_platforms_are_put_together_by_version(settle: Any, requirement: Needed) -> None:
    world = World({"a-1": [], "a-2-cp312-cp312-manylinux_2_17_x86_64.whl": [], "b-1": []})
    asked = [requirement("a"), requirement("b")]
    amd64, _ = settle(world, asked)
    arm64, _ = settle(world, asked, platform="linux/arm64")
    both = together({"linux/amd64": amd64, "linux/arm64": arm64})
    assert [(package.name, package.version, sorted(package.verdicts)) for package in both] == [
        ("a", "2", ["linux/amd64"]),
        ("b", "1", ["linux/amd64", "linux/arm64"]),
        ("a", "1", ["linux/arm64"]),
    ]
