import time

import pytest

from fromlint.index.budget import Budget
from fromlint.index.wording import day, shown


def test_only_waiting_counts():
    budget = Budget(10)
    time.sleep(0.02)
    assert budget.left == 10
    with budget:
        time.sleep(0.02)
        assert 0 < budget.left < 10
    left = budget.left
    time.sleep(0.02)
    assert budget.left == left
    budget.renew()
    assert budget.left == 10


def test_never_below_zero():
    budget = Budget(0.001)
    with budget:
        time.sleep(0.01)
    assert budget.left == 0


@pytest.mark.parametrize(
    ("text", "answer"),
    [("plain", "plain"), ("a\x1b[31mb", "a\\x1b[31mb"), ("\u202eabc", "\\u202eabc"), ("\ud800", "\\ud800"),
     ("é", "é"), ("a\nb", "a\\nb"), ("x" * 300, "x" * 200 + "…")],
)  # fmt: skip
def test_shown(text, answer):
    assert shown(text) == answer
    assert shown(text).isprintable()


def test_days():
    assert day(0) == "1970-01-01"
    assert day(1e300) == "1970-01-01"
