import pytest
from hypothesis import given
from hypothesis import strategies as st

from fromlint.system import versions


@pytest.mark.parametrize(
    ("version", "span", "fits"),
    [
        ("2.2.0", ">=2.2", True),
        ("2.1.9", ">=2.2", False),
        ("1.8.5.post1", ">=1.8,<2", True),
        ("2.0", ">=1.8,<2", False),
        ("2.0rc1", "<2", False),
        ("4.13.0.90", "==4.13.0.90", True),
        ("1!3.0", ">=3", True),
        ("3.10", ">=3.9", True),
        ("3.12.13", "!=3.12", True),
        ("0.9", "", True),
    ],
)
def test_ranges_compare_release_numbers(version: str, span: str, fits: bool) -> None:
    assert versions.within(version, span) is fits


def test_no_version_counts_as_the_newest() -> None:
    assert versions.within(None, ">=2.2")
    assert not versions.within(None, "<2.2")
    assert not versions.within(None, "==2.2")


def test_a_faulty_range_is_the_data_files_error() -> None:
    with pytest.raises(ValueError, match="not a range"):
        versions.within("1.0", "~=1.0")


@given(st.text(max_size=60))
def test_any_text_for_a_version_is_taken(text: str) -> None:
    versions.within(text, ">=1.0,<2")


def test_a_version_of_thousands_of_digits_is_bounded() -> None:
    assert versions.within("9" * 100_000 + ".1" * 10_000, ">=1")
