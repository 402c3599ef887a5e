from hypothesis import given
from hypothesis import strategies as st

from fromlint.reports.plain import plain


def test_escape_sequences_are_made_visible():
    assert plain("evil\x1b[2Jname\r\n") == "evil\\x1b[2Jname\\x0d\\x0a"
    assert plain("right\u202eleft") == "right\\u202eleft"
    assert plain("naïve 日本語") == "naïve 日本語"


@given(st.text())
def test_nothing_that_a_terminal_obeys_is_left(text):
    assert all(character.isprintable() for character in plain(text))
