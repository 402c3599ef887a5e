"""Verdicts: the obstacle, what is nearest, what was passed over."""

from collections.abc import Callable
from typing import Any

import pytest

from fromlint.model.environment import Environment
from fromlint.model.index import File, Page
from fromlint.model.verdict import Nearest, Obstacle, Outcome, Verdict
from fromlint.wheels import choice, offer, policy, specifiers, why

Judge = Callable[..., Verdict]

ALPINE = {"libc": "musl", "libc_version": "1.2"}


@pytest.fixture
def judge(environment: Callable[..., Environment], page: Callable[..., Page]) -> Judge:
    def verdict(
        *files: File | str,
        specifier: str = "",
        hashes: tuple[str, ...] = (),
        platform: str = "linux/amd64",
        told: dict[str, Any] | None = None,
        listing: dict[str, Any] | None = None,
        chosen: str | None = None,
        **image: Any,
    ) -> Verdict:
        chosen_by = policy.Policy(**(told or {}))
        found = policy.targets(chosen_by, environment(**image), platform)
        assert not isinstance(found, str)
        target, modern = found
        wanted = specifiers.parse(specifier)
        assert wanted is not None
        ask = choice.Ask(wanted, frozenset(hashes))
        offered = offer.offer("foo", [page("foo", *files, **(listing or {}))])
        picks = choice.choices(offered, ask, target, chosen_by)
        pick = next((pick for pick in picks if chosen in (None, pick.version.text)), None)
        return why.verdict(offered, ask, pick, target, modern, chosen_by)

    return verdict


GLIBC = "foo-1-cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64.whl"
MUSL = "foo-1-cp312-cp312-musllinux_1_2_x86_64.whl"
SDIST = "foo-1.tar.gz"


def test_a_wheel_says_which_glibc_it_asks_for(judge: Judge) -> None:
    found = judge("foo-1-cp312-cp312-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl", SDIST)
    assert (found.outcome, found.glibc, found.obstacle, found.age) == (Outcome.WHEEL, "2.27", None, "2026-11-22")
    assert judge(MUSL, **ALPINE).glibc is None


@pytest.mark.parametrize(
    ("files", "image", "obstacle", "nearest"),
    [
        ((GLIBC,), ALPINE, Obstacle.MUSL, [("libc", "glibc")]),
        ((MUSL,), {}, Obstacle.GLIBC, [("libc", "musl")]),
        ((MUSL,), {**ALPINE, "libc_version": "1.1"}, Obstacle.MUSL_TOO_OLD, [("musl", "1.2")]),
        (
            ("foo-1-cp312-cp312-manylinux_2_34_x86_64.whl", "foo-1-cp312-cp312-manylinux_2_39_x86_64.whl"),
            {"libc_version": "2.31"},
            Obstacle.GLIBC_TOO_OLD,
            [("glibc", "2.34")],
        ),
        ((GLIBC,), {"python": "3.14.0"}, Obstacle.PYTHON, [("python", "3.12")]),
        ((GLIBC, GLIBC.replace("312", "39")), {"python": "3.8.20"}, Obstacle.PYTHON, [("python", "3.9")]),
        (("foo-1-cp39-abi3-manylinux2014_x86_64.whl",), {"python": "3.8.20"}, Obstacle.PYTHON, [("python", "3.9")]),
        ((GLIBC,), {"python": "3.14.0", "free_threaded": True}, Obstacle.PYTHON, [("python", "3.12")]),
        ((GLIBC,), {"platform": "linux/arm64"}, Obstacle.PLATFORM, [("platform", "linux/amd64")]),
        ((MUSL,), {**ALPINE, "python": "3.12.1", "pip": "21.1.3"}, Obstacle.PIP, [("pip", "21.2")]),
        (
            ("foo-1-cp312-cp312-manylinux_2_28_x86_64.whl",),
            {"pip": "20.2.4"},
            Obstacle.PIP,
            [("pip", "20.3")],
        ),
        (("foo-1-cp312-cp312-win_amd64.whl",), {}, Obstacle.NO_LINUX_WHEELS, []),
        ((), {}, Obstacle.NO_WHEELS, []),
        # Neither the libc nor the Python fits: no wheel for musl at all says more than no wheel for 3.14.
        ((GLIBC,), {**ALPINE, "python": "3.14.0"}, Obstacle.MUSL, []),
        # A wheel for this Python and libc, but an older one, and one for glibc: glibc is nearer than another Python.
        ((GLIBC, MUSL.replace("312", "311")), ALPINE, Obstacle.MUSL, [("python", "3.11"), ("libc", "glibc")]),
        ((GLIBC.replace("312", "311"), GLIBC.replace("x86_64", "aarch64")), {}, Obstacle.PYTHON, None),
        (("foo-1-py2-none-any.whl",), {}, Obstacle.PURE, None),
    ],
)
def test_why_only_the_sdist_is_left(
    judge: Judge,
    files: tuple[str, ...],
    image: dict[str, Any],
    obstacle: Obstacle,
    nearest: list[tuple[str, str]] | None,
) -> None:
    found = judge(*files, SDIST, **image)
    assert (found.outcome, found.obstacle) == (Outcome.SOURCE, obstacle)
    assert found.file is not None
    assert found.file.filename == SDIST
    if nearest is not None:
        assert [(near.kind, near.value) for near in found.nearest] == nearest
    # Without the sdist nothing fits, for the same reason.
    if files:
        assert judge(*files, **image).obstacle is obstacle
        assert judge(*files, **image).outcome is Outcome.NONE


def test_a_pure_wheel_from_before_the_native_ones_is_no_way_back(judge: Judge) -> None:
    old, native = "foo-1-py2.py3-none-any.whl", "foo-2-cp311-cp311-manylinux_2_17_x86_64.whl"
    assert [near.kind for near in judge(old, native, "foo-2.tar.gz").nearest] == ["python"]
    assert judge(old, "foo-2.tar.gz").nearest == (Nearest("version", "1", old),)


def test_the_nearest_version_is_the_next_newer_one_else_the_last_older_one(judge: Judge) -> None:
    files = [f"foo-{number}-cp312-cp312-musllinux_1_2_x86_64.whl" for number in (1, 2, 4, 5)]
    everything = [*files, "foo-3.tar.gz", "foo-6.tar.gz", "foo-6rc1-cp312-cp312-musllinux_1_2_x86_64.whl"]
    assert judge(*everything, specifier="==3", **ALPINE).nearest == (Nearest("version", "4", files[2]),)
    assert judge(*everything, specifier="==6", **ALPINE).nearest == (Nearest("version", "5", files[3]),)
    assert judge(*everything, specifier="==7", **ALPINE).nearest == (Nearest("version", "5", files[3]),)


def test_options_are_obstacles(judge: Judge) -> None:
    off = judge(GLIBC, SDIST, told={"no_binary": frozenset({":all:"})})
    assert (off.outcome, off.obstacle) == (Outcome.SOURCE, Obstacle.NO_BINARY)
    assert judge(GLIBC, told={"no_binary": frozenset({"foo"})}).obstacle is Obstacle.NO_BINARY
    only = judge(GLIBC, SDIST, told={"only_binary": frozenset({":all:"})}, **ALPINE)
    assert (only.outcome, only.obstacle) == (Outcome.NONE, Obstacle.ONLY_BINARY)


def test_nothing_at_all_has_its_reasons(judge: Judge) -> None:
    assert judge(SDIST, specifier=">2").obstacle is Obstacle.VERSION
    assert judge(File(SDIST, yanked="oops"), specifier=">0").obstacle is Obstacle.YANKED
    assert judge(File(SDIST, requires_python=">=3.13")).obstacle is Obstacle.REQUIRES_PYTHON
    assert judge().obstacle is Obstacle.NO_FILES
    unknown = judge(listing={"exists": False})
    assert (unknown.outcome, unknown.exists) == (Outcome.NONE, False)


def test_what_bars_is_told_of_the_newest_release_that_lets_the_python_in(judge: Judge) -> None:
    newer = File(GLIBC.replace("foo-1", "foo-2"), requires_python=">=3.13")
    assert judge(newer, GLIBC, **ALPINE).obstacle is Obstacle.MUSL


def test_a_file_whose_hash_is_not_listed(judge: Judge) -> None:
    wheel, sdist = File(GLIBC, hashes=("sha256:a",)), File(SDIST, hashes=("sha256:b",))
    found = judge(wheel, sdist, specifier="==1", hashes=("sha256:c",))
    assert (found.outcome, found.obstacle, found.file) == (Outcome.NONE, Obstacle.HASHES, wheel)
    assert judge(wheel, sdist, specifier="==1", hashes=("sha256:b",)).file == sdist


# --- FL109 ------------------------------------------------------------------------------------------------


def test_a_newer_release_that_offers_nothing_usable_is_named(judge: Judge) -> None:
    files = ("foo-2-cp312-cp312-manylinux2014_x86_64.whl", MUSL, "foo-0.5.tar.gz")
    found = judge(*files, **ALPINE)
    assert found.instead_of == ("2", "no wheel of 2 fits (they are for glibc), and it has no sdist")


def test_only_binary_makes_pip_take_an_older_release(judge: Judge) -> None:
    # As duckdb on Alpine: 2.0.0 by its sdist, 1.3.2 only with --only-binary or --prefer-binary.
    files = ("foo-2-cp312-cp312-manylinux2014_x86_64.whl", "foo-2.tar.gz", MUSL)
    assert judge(*files, **ALPINE).instead_of is None
    assert judge(*files, **ALPINE).outcome is Outcome.SOURCE
    only = judge(*files, told={"only_binary": frozenset({":all:"})}, **ALPINE)
    assert only.file is not None
    assert only.file.filename == MUSL
    assert only.instead_of == ("2", "of 2 only the sdist fits, which may not be used")
    prefer = judge(*files, told={"prefer_binary": True}, **ALPINE)
    assert prefer.file == only.file
    # The newer sdist could be used: it was asked not to be.
    assert prefer.instead_of is None


def test_an_old_python_makes_pip_take_an_older_release(judge: Judge) -> None:
    newer = File("foo-2-py3-none-any.whl", requires_python=">=3.13")
    assert judge(newer, SDIST).instead_of == ("2", "2 needs Python >=3.13")
    assert judge(newer, SDIST, specifier="<2").instead_of is None
    assert judge(newer._replace(yanked=""), SDIST).instead_of is None
    pre = newer._replace(filename="foo-2rc1-py3-none-any.whl")
    assert judge(pre, SDIST).instead_of is None
    assert judge(pre, SDIST, told={"pre": True}).instead_of is not None


def test_a_release_that_a_conflict_ruled_out_is_not_put_down_to_the_python(judge: Judge) -> None:
    # As Flask-JWT-Extended beside Flask-JWT: 4.7.4 refuses Python 3.9, but so does the conflict 4.7.1.
    newest = File("foo-3-py3-none-any.whl", requires_python=">=3.13")
    assert judge(newest, "foo-2-py3-none-any.whl", SDIST, chosen="1").instead_of is None
    assert judge(newest, SDIST).instead_of == ("3", "3 needs Python >=3.13")


def test_a_pure_wheel_in_place_of_the_native_one_is_named(judge: Judge) -> None:
    # As soundfile on Alpine.
    pure, native = "foo-1-py2.py3-none-any.whl", "foo-1-py2.py3-none-manylinux_2_31_x86_64.whl"
    assert judge(pure, native, **ALPINE).instead_of == (native, "its native wheels do not fit (they are for glibc)")
    assert judge(pure, native).instead_of is None
    assert judge(pure, "foo-1-py2.py3-none-win_amd64.whl").instead_of is None


def test_a_pure_wheel_for_a_python_without_native_ones_is_no_news(judge: Judge) -> None:
    # As simplejson on a new Python.
    pure = "foo-1-py3-none-any.whl"
    assert (
        judge(pure, *(f"foo-1-{tags}-manylinux_2_17_x86_64.whl" for tags in ("cp27-cp27mu", "cp311-cp311"))).instead_of
        is None
    )


def test_an_index_that_cannot_be_reached_makes_it_unknown(judge: Judge) -> None:
    found = judge(listing={"failure": "connection refused"})
    assert (found.outcome, found.reason, found.unasked) == (Outcome.UNKNOWN, "connection refused", True)


def test_a_snapshot_is_partial_unless_the_version_is_pinned(judge: Judge) -> None:
    snapshot = {"complete": False}
    assert judge(GLIBC, listing=snapshot).partial
    assert not judge(GLIBC, specifier="==1", listing=snapshot).partial
    missing = judge(GLIBC, specifier="==2", listing=snapshot)
    assert (missing.outcome, missing.unasked) == (Outcome.UNKNOWN, True)


def test_upload_times_must_be_known_to_be_limited(judge: Judge) -> None:
    told = {"uploaded_before": "2026-01-01T00:00:00+00:00"}
    assert judge(SDIST, told=told).outcome is Outcome.UNKNOWN
    dated = File(SDIST, uploaded="2026-05-01T00:00:00Z")
    assert judge(dated, told=told).obstacle is Obstacle.VERSION
