"""The settings that an editor gives."""

from __future__ import annotations

import pytest

from fromlint.editor.configuration import ConfigurationError, given


def test_only_what_is_stated():
    assert given() == {}
    assert given(None, {}, {"trace": 1}, {"settings": None}) == {}
    assert given({"settings": {"index-timeout": 3, "platform": ["linux/arm64"], "target": None}}) == {
        "index_timeout": 3.0,
        "platform": ("linux/arm64",),
    }


def test_the_later_beats_the_earlier():
    assert given({"settings": {"strict": True, "ignore": ["FL1"]}}, {"settings": {"ignore": ["FL2"]}}) == {
        "strict": True,
        "ignore": ("FL2",),
    }


@pytest.mark.parametrize("settings", [3, [], {"nothing": 1}, {"strict": "yes"}, {"platform": {"a": 1}}])
def test_what_is_wrong_is_said(settings):
    with pytest.raises(ConfigurationError, match="the editor's settings"):
        given({"settings": settings})
