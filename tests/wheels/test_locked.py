"""Verdicts on locked packages, without asking an index."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from fromlint.model.environment import Environment
from fromlint.model.index import File, Page
from fromlint.model.place import Span
from fromlint.model.requirement import Locked
from fromlint.model.resolution import Resolution
from fromlint.model.verdict import Obstacle, Outcome
from fromlint.wheels.knowledge import Known
from fromlint.wheels.locked import locked_packages
from fromlint.wheels.policy import Policy

INDEX = "https://index.example/simple/"
GLIBC = File("foo-1.0-cp312-cp312-manylinux_2_17_x86_64.whl", hashes=("sha256:a",))
MUSL = File("foo-1.0-cp312-cp312-musllinux_1_2_x86_64.whl", hashes=("sha256:b",))
SDIST = File("foo-1.0.tar.gz", hashes=("sha256:c",))


def entry(files: Sequence[File] | None, **more: Any) -> Locked:
    values: dict[str, Any] = {
        "name": "foo",
        "version": "1.0",
        "marker": "",
        "files": tuple(files) if files is not None else None,
        "hashes": (),
        "requires": (),
        "source": "index",
        "reference": None,
        "index_url": None,
        "requires_python": None,
        "parents": ("bar",),
        "span": Span("uv.lock", 3, 1, 3, 5),
    }
    return Locked(**{**values, **more})


@pytest.fixture
def judge(environment: Callable[..., Environment], markers: Any) -> Callable[..., Resolution]:
    def run(
        *locked: Locked,
        pages: Sequence[Page] = (),
        told: dict[str, Any] | None = None,
        installed: Any = None,
        sought: bool = False,
        **image: Any,
    ) -> Resolution:
        return locked_packages(
            locked,
            Policy(**{"installer": "uv", "indexes": (INDEX,), "merged": False, **(told or {})}),
            environment(**image),
            "linux/amd64",
            installed=installed,
            known=Known({(page.index_url, page.name): page for page in pages}, {}),
            markers=markers,
            sought=lambda name: sought,
        )

    return run


def test_the_best_listed_file_is_taken_and_nothing_is_wanted(judge: Callable[..., Resolution]) -> None:
    found = judge(entry([SDIST, MUSL, GLIBC]))
    (package,) = found.packages
    verdict = package.verdicts["linux/amd64"]
    assert (package.version, package.parents, package.requirement.specifier) == ("1.0", ("bar",), "==1.0")
    assert (verdict.outcome, verdict.file, verdict.glibc) == (Outcome.WHEEL, GLIBC, "2.17")
    assert found.wanted_pages == ()
    musl = judge(entry([SDIST, GLIBC]), libc="musl", libc_version="1.2").packages[0].verdicts["linux/amd64"]
    assert (musl.outcome, musl.obstacle, musl.file) == (Outcome.SOURCE, Obstacle.MUSL, SDIST)


def test_a_yanked_file_in_a_lock_is_still_taken(judge: Callable[..., Resolution]) -> None:
    verdict = judge(entry([GLIBC._replace(yanked="bad")])).packages[0].verdicts["linux/amd64"]
    assert verdict.outcome is Outcome.WHEEL


def test_where_no_listed_file_fits_the_index_says_whether_one_is_missing_in_the_lock(
    judge: Callable[..., Resolution], page: Callable[..., Page]
) -> None:
    alpine = {"libc": "musl", "libc_version": "1.2"}
    asked = judge(entry([GLIBC]), **alpine)
    assert asked.wanted_pages == ((INDEX, "foo"),)
    assert asked.packages[0].verdicts["linux/amd64"].obstacle is Obstacle.MUSL
    told = judge(entry([GLIBC]), pages=[page("foo", GLIBC, MUSL)], **alpine).packages[0].verdicts["linux/amd64"]
    assert (told.outcome, told.obstacle, told.file) == (Outcome.NONE, Obstacle.HASHES, MUSL)
    neither = judge(entry([GLIBC]), pages=[page("foo", GLIBC)], **alpine).packages[0].verdicts["linux/amd64"]
    assert neither.obstacle is Obstacle.MUSL


def test_where_an_sdist_lies_is_asked_where_the_lock_does_not_say(
    judge: Callable[..., Resolution], page: Callable[..., Page]
) -> None:
    """poetry.lock lists names and hashes; to read what a build takes the sdist has to be found."""
    assert judge(entry([SDIST])).wanted_pages == ()
    asked = judge(entry([SDIST]), sought=True)
    assert asked.wanted_pages == ((INDEX, "foo"),)
    assert asked.packages[0].verdicts["linux/amd64"].file == SDIST
    there = SDIST._replace(url="https://files.example/foo-1.0.tar.gz", size=7, hashes=("sha256:other",))
    (package,) = judge(entry([SDIST]), pages=[page("foo", there)], sought=True).packages
    assert package.verdicts["linux/amd64"].file == SDIST._replace(url=there.url, size=7)
    assert judge(entry([there]), sought=True).wanted_pages == ()
    unreachable = page("foo")._replace(failure="timed out")
    assert judge(entry([SDIST]), pages=[unreachable], sought=True).packages[0].verdicts["linux/amd64"].file == SDIST


def test_a_lock_of_hashes_needs_the_index(judge: Callable[..., Resolution], page: Callable[..., Page]) -> None:
    hashed = entry(None, hashes=("sha256:a", "sha256:c"))
    waiting = judge(hashed)
    assert waiting.wanted_pages == ((INDEX, "foo"),)
    assert waiting.packages[0].verdicts["linux/amd64"].unasked
    pages = [page("foo", GLIBC, MUSL, SDIST)]
    assert judge(hashed, pages=pages).packages[0].verdicts["linux/amd64"].file == GLIBC
    other = entry(None, hashes=("sha256:z",))
    refused = judge(other, pages=pages).packages[0].verdicts["linux/amd64"]
    assert (refused.outcome, refused.obstacle, refused.file) == (Outcome.NONE, Obstacle.HASHES, GLIBC)


def test_the_index_that_the_lock_names_is_the_one_asked(judge: Callable[..., Resolution]) -> None:
    private = "https://private.example/simple/"
    assert judge(entry(None, index_url=private)).wanted_pages == ((private, "foo"),)


def test_options_bind_a_lock_too(judge: Callable[..., Resolution]) -> None:
    built = judge(entry([GLIBC, SDIST]), told={"no_binary": frozenset({"foo"})}).packages[0].verdicts["linux/amd64"]
    assert (built.outcome, built.obstacle) == (Outcome.SOURCE, Obstacle.NO_BINARY)


def test_what_is_not_of_an_index_is_built_or_left_out(judge: Callable[..., Resolution]) -> None:
    found = judge(
        entry(None, source="virtual"),
        entry(None, name="vcs", source="vcs", reference="git+https://e.example/x"),
        entry(None, name="foo", source="url", reference=f"https://e.example/{GLIBC.filename}"),
        entry(None, name="bar", marker='os_name == "nt"'),
        entry(None, name="odd", version="banana"),
    )
    outcomes = {package.name: package.verdicts["linux/amd64"].outcome for package in found.packages}
    assert outcomes == {"vcs": Outcome.SOURCE, "foo": Outcome.WHEEL, "odd": Outcome.UNKNOWN}
    assert found.wanted_pages == ()


def test_what_is_installed_in_that_version_stays(judge: Callable[..., Resolution]) -> None:
    assert judge(entry(None), installed={"foo": "1"}).packages[0].kept
    assert not judge(entry([GLIBC]), installed={"foo": "2"}).packages[0].kept


def test_a_marker_or_an_image_that_is_not_known_is_said(judge: Callable[..., Resolution]) -> None:
    doubtful = judge(entry([GLIBC], marker='platform_release > "5"'))
    assert (doubtful.packages, [unknown.what for unknown in doubtful.unknown]) == ((), ["foo"])
    unknown = judge(entry([GLIBC]), libc=None).packages[0].verdicts["linux/amd64"]
    assert unknown.outcome is Outcome.UNKNOWN
