"""The choice of version and file against pip's own finder."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fromlint.model.environment import Environment
from fromlint.model.index import File, Page
from fromlint.wheels import choice, offer, policy, specifiers, tags, versions

Make = Callable[..., Page]
Chosen = tuple[str, str] | None

_FILES = [
    "foo-1.0-cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
    "foo-1.0-cp312-cp312-manylinux_2_28_x86_64.whl",
    "foo-1.0-1-cp312-cp312-manylinux_2_28_x86_64.whl",
    "foo-1.0-2b-cp312-cp312-manylinux_2_28_x86_64.whl",
    "foo-1.0-cp312-cp312-manylinux_2_39_x86_64.whl",
    "foo-1.0-cp312-cp312-linux_x86_64.whl",
    "foo-1.0-cp38-abi3-manylinux1_x86_64.whl",
    "foo-1.0-cp312-cp312-musllinux_1_2_x86_64.whl",
    "foo-1.0-cp312-cp312-win_amd64.whl",
    "foo-1.0-py3-none-any.whl",
    "foo-1.0.0-py2.py3-none-any.whl",
    "foo-1.0.tar.gz",
    "foo-1.0.zip",
    "foo-1.0.egg",
    "foo-1.1-cp313-cp313-manylinux_2_28_x86_64.whl",
    "foo-1.1.tar.gz",
    "foo-1.2-py2-none-any.whl",
    "foo-2.0rc1-py3-none-any.whl",
    "foo-2.0rc1.tar.gz",
    "foo-2.0.dev3-py3-none-any.whl",
    "foo-2.0+local-py3-none-any.whl",
    "foo-0.9-py3-none-any.whl",
    "foo-0.9.tar.bz2",
    "foo-0.8-py3.1.tar.gz",
    "foo-banana.tar.gz",
    "bar-3.0.tar.gz",
    "foo-bar-3.0.tar.gz",
    "foo-0.9.post1-cp312-cp312-manylinux2014_x86_64.whl",
]
_file = st.builds(
    lambda name, python, yanked, number: File(
        name, f"https://files.example/{name}", python, yanked, (f"sha256:{number:064x}",)
    ),
    st.sampled_from(_FILES),
    st.sampled_from([None, None, None, ">=3.8", ">=3.13", "<3.12.5", "banana"]),
    st.sampled_from([None, None, None, None, "", "broken"]),
    st.integers(0, 5),
)
_options = st.fixed_dictionaries(
    {},
    optional={
        "only_binary": st.just((":all:",)),
        "no_binary": st.sampled_from([(":all:",), ("foo",), ("bar",)]),
        "prefer_binary": st.just(True),
        "pre": st.just(True),
    },
)


def _target(found: tags.Target | str) -> tags.Target:
    assert isinstance(found, tags.Target)
    return found


@given(
    files=st.lists(_file, max_size=12, unique_by=lambda file: file.filename),
    specifier=st.sampled_from(
        ["", "", ">=1", "==1.0", "==1.*", "<1", ">=2.0rc1", "==2.0rc1", "!=1.0", "===0.9", "~=1.0"]
    ),
    options=_options,
    hashes=st.lists(st.integers(0, 9).map(lambda number: f"sha256:{number:064x}"), max_size=3),
)
@settings(max_examples=120, deadline=None)
def test_the_choice_is_pips(
    files: Sequence[File],
    specifier: str,
    options: dict[str, Any],
    hashes: list[str],
    environment: Callable[..., Environment],
    page: Make,
    pip_choice: Callable[..., Chosen],
) -> None:
    target = _target(tags.target(environment("3.12.4"), "linux/amd64", ignore_pip=False))
    theirs = pip_choice("foo", files, specifier, tuple(tags.ranking(target).ranks), "3.12.4", hashes=hashes, **options)
    wanted = specifiers.parse(specifier)
    assert wanted is not None
    told = {key: frozenset(value) if isinstance(value, tuple) else value for key, value in options.items()}
    found = choice.choose(
        offer.offer("foo", [page("foo", *files)]),
        choice.Ask(wanted, frozenset(hashes)),
        target,
        policy.Policy(**told),
    )
    # A version that is written in two ways on one page is one version, by either name.
    ours = (found.version.key, found.version.local, found.candidate.file.filename) if found is not None else None
    parsed = versions.parse(theirs[0]) if theirs is not None else None
    assert ours == (None if theirs is None or parsed is None else (parsed.key, parsed.local, theirs[1]))


@given(
    files=st.lists(_file, max_size=12, unique_by=lambda file: file.filename),
    asked=st.lists(
        st.tuples(
            st.sampled_from(["", "==1.0", "<1", ">=2.0rc1"]),
            st.lists(st.integers(0, 5).map(lambda number: f"sha256:{number:064x}"), max_size=2),
            _options,
            st.sampled_from(["3.12.4", "3.13.1"]),
        ),
        min_size=2,
        max_size=6,
    ),
)
@settings(max_examples=60)
def test_what_was_asked_before_changes_no_answer(
    files: Sequence[File],
    asked: Sequence[tuple[str, list[str], dict[str, Any], str]],
    environment: Callable[..., Environment],
    page: Make,
) -> None:
    def answers(offers: Callable[[], offer.Offer]) -> list[list[choice.Choice]]:
        found = []
        for specifier, hashes, options, python in asked:
            told = {key: frozenset(value) if isinstance(value, tuple) else value for key, value in options.items()}
            ask = choice.Ask(specifiers.parse(specifier) or specifiers.ANY, frozenset(hashes))
            target = _target(tags.target(environment(python), "linux/amd64", ignore_pip=False))
            found.append(list(choice.choices(offers(), ask, target, policy.Policy(**told))))
        return found

    one = offer.offer("foo", [page("foo", *files)])
    assert answers(lambda: one) == answers(lambda: offer.offer("foo", [page("foo", *files)]))


@pytest.fixture
def pick(environment: Callable[..., Environment], page: Make) -> Callable[..., Chosen]:
    def choose(*files: File | str, specifier: str = "", python: str = "3.12.4", **told: Any) -> Chosen:
        target = _target(tags.target(environment(python), "linux/amd64", ignore_pip=True))
        wanted = specifiers.parse(specifier) or specifiers.ANY
        found = choice.choose(
            offer.offer("foo", [page("foo", *files)]), choice.Ask(wanted), target, policy.Policy(**told)
        )
        return (found.version.text, found.candidate.file.filename) if found is not None else None

    return choose


def test_the_full_python_version_counts(pick: Callable[..., Chosen]) -> None:
    files = File("foo-1.50.0.tar.gz", requires_python="!=3.9.7,>=3.9"), File("foo-1.12.0.tar.gz")
    assert pick(*files, python="3.9.7") == ("1.12.0", "foo-1.12.0.tar.gz")
    assert pick(*files, python="3.9.18") == ("1.50.0", "foo-1.50.0.tar.gz")


def test_a_file_that_is_too_young_is_left_out(pick: Callable[..., Chosen]) -> None:
    files = (
        File("foo-2.tar.gz", uploaded="2026-05-02T00:00:00Z"),
        File("foo-1.tar.gz", uploaded="2026-05-01T00:00:00.5Z"),
        File("foo-3.tar.gz"),
    )
    assert pick(*files, uploaded_before="2026-05-02T00:00:00+00:00") == ("1", "foo-1.tar.gz")


def test_all_choices_follow_newest_first(environment: Callable[..., Environment], page: Make) -> None:
    target = _target(tags.target(environment(), "linux/amd64", ignore_pip=True))
    files = ("foo-1.tar.gz", "foo-3.tar.gz", "foo-2-py3-none-any.whl", "foo-4rc1.tar.gz", "foo-3-py3-none-any.whl")
    found = choice.choices(offer.offer("foo", [page("foo", *files)]), choice.Ask(), target, policy.Policy())
    assert [(each.version.text, each.candidate.wheel) for each in found] == [("3", True), ("2", True), ("1", False)]


def test_an_offer_is_read_once_a_page(page: Make) -> None:
    one, other = page("foo", "foo-1.tar.gz"), page("foo", "foo-2.tar.gz")
    assert offer.offer("foo", [one]) is offer.offer("foo", [one])
    assert [str(release.version.text) for release in offer.offer("foo", [one, other]).releases] == ["2", "1"]


@given(st.lists(st.text(max_size=30), max_size=5), st.text(max_size=10))
@settings(max_examples=100, deadline=None)
def test_no_page_is_too_odd(names: list[str], requires: str) -> None:
    files = tuple(File(name, requires_python=requires, uploaded=requires) for name in names)
    odd = Page("foo", "https://index.example/", files, "index", "2026-11-22")
    found = offer.offer("foo", [odd])
    for release in found.releases:
        assert release.candidates is not None
