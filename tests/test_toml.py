"""TOML from anybody, in bounded time."""

import pytest

from fromlint.toml import BadToml, loads
from patience import within_a_minute


def test_what_is_toml_is_read():
    text = "[a.b]\nc = '" + "." * 60 + "'\n" + ".".join(["x"] * 49) + " = 1\n# " + "a." * 60 + "\n"
    assert loads(text.replace("# " + "a." * 60, "")) == {"a": {"b": {"c": "." * 60, **nested(["x"] * 49)}}}


def nested(keys):
    return {keys[0]: nested(keys[1:]) if len(keys) > 1 else 1}


@pytest.mark.parametrize(
    "text",
    [
        "a." * 30_000 + "a = 1",
        '"a".' * 30_000 + "a = 1",
        '"a=b" . ' * 30_000 + "a = 1",
        "'a b'." * 30_000 + "a = 1",
        '"\\u0041".' * 30_000 + "a = 1",
        ("b" * 200 + ".") * 30_000 + "a = 1",
        "x = " + "[" * 100_000,
        "x = " + "{a=" * 100_000,
        "x = " + "9" * 5_000,
        '"\\"' * 300_000 + "." * 100,
        "a" * 300_000 + "." * 100 + "a ." * 100_000,
        "x = ]",
    ],
    ids=lambda text: text[:12],
)
def test_what_is_none_is_refused_in_one_line_and_in_linear_time(text):
    with within_a_minute(), pytest.raises(BadToml) as caught:
        loads(text)
    assert "\n" not in str(caught.value)
