"""What is said of a candidate in words and numbers."""

import pytest

from fromlint.advice import sizes, wording
from fromlint.model.project import Weight


class Row:
    """As much of a candidate as is asked for."""

    def __init__(self, *, by_release: bool, more: Weight | None) -> None:
        self.sizes = sizes.Sizes(None, None, None, None, more, more, 101, by_release, (), ())


@pytest.mark.parametrize(
    ("by_release", "more", "said"),
    [
        (True, Weight(61, 0, 0), "101 + 61"),
        (True, Weight(61, 0, 0, estimated=True), "101 + ~61"),
        (True, Weight(0, 0, 0), "101"),
        # Of Ubuntu, Fedora and the like one list goes for several releases.
        (False, Weight(69, 0, 0, estimated=True), "~101 + ~69"),
        (False, Weight(0, 0, 0), "~101"),
        (False, None, "~101 + ?"),
    ],
)
def test_a_count_of_system_packages_says_where_it_is_about(by_release: bool, more: Weight | None, said: str) -> None:
    assert wording.packages(Row(by_release=by_release, more=more), staged=False) == said
