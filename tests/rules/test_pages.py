"""Every rule's docstring is its page: it must be whole, and its constants must agree with its module's name."""

from pathlib import Path

import pytest

from fromlint import rules


@pytest.mark.parametrize("code", rules.CODES)
def test_the_page_says_what_why_by_example_and_what_to_do(code):
    module = rules.rule(code)
    page = module.__doc__ or ""
    assert code == module.CODE
    assert page.strip().split("\n\n")[0].endswith(".")
    for heading in ("## Why", "## Example", "## What to do"):
        assert heading in page


def test_every_module_named_like_a_rule_is_listed():
    folder = Path(rules.__file__).parent
    assert {path.stem.upper() for path in folder.glob("fl*.py")} == set(rules.CODES)


def test_names_are_unique_and_select_their_code():
    names = [module.NAME for module in rules.every_rule()]
    assert len(set(names)) == len(names)
    assert rules.named("missing-build-tools") == ("FL201",)
    assert rules.named("fl90") == tuple(f"FL90{number}" for number in range(1, 10))
    assert rules.named("nonsense") == ()
