import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.utils import canonicalize_name

from fromlint.index import names


@given(st.text("abAB.-_09", max_size=20))
def test_normalise_agrees_with_packaging(name):
    assert names.normalise(name) == canonicalize_name(name)


@pytest.mark.parametrize(
    ("filename", "project", "parts"),
    [
        (
            "numpy-1.0-cp312-cp312-musllinux_1_2_x86_64.whl",
            "numpy",
            ("numpy", "1.0", "-cp312-cp312-musllinux_1_2_x86_64.whl"),
        ),
        ("a_b-1.0-1-py3-none-any.whl", "a-b", ("a_b", "1.0", "-1-py3-none-any.whl")),
        ("zope.interface-5.0.tar.gz", "zope-interface", ("zope.interface", "5.0", ".tar.gz")),
        ("scikit-learn-1.0.zip", "scikit-learn", ("scikit-learn", "1.0", ".zip")),
        ("demo-1.0-2.tar.gz", "demo", ("demo", "1.0-2", ".tar.gz")),
        ("other-thing-1.0.tar.gz", "", ("other-thing", "1.0", ".tar.gz")),
        ("nonsense.whl", "demo", ("", "", "nonsense.whl")),
        ("nonsense.tar.gz", "demo", ("", "", "nonsense.tar.gz")),
    ],
)
def test_split(filename, project, parts):
    assert names.split(filename, project) == parts


@given(st.text(max_size=60), st.sampled_from([".whl", *names.SDIST_ENDINGS, ""]))
def test_the_parts_make_the_whole(stem, ending):
    name, version, rest = names.split(stem + ending, "demo")
    assert (f"{name}-{version}{rest}" if version else rest) == stem + ending


@pytest.mark.parametrize("name", ["a", "a-b", "0", "a1-b2"])
def test_askable(name):
    assert names.askable(name)


@pytest.mark.parametrize("name", ["", "-a", "a-", "a/b", "a b", "ä", "a\n", "..", "a" * 201])
def test_not_askable(name):
    assert not names.askable(name)


@pytest.mark.parametrize(
    "filename", ["../a-1.tar.gz", "a/b-1.whl", "a-1\x1b.whl", "a-1.exe", "a 1.whl", "a-1.whl\n", "\u202ea-1.whl"]
)
def test_names_that_no_file_may_have(filename):
    assert re.fullmatch(names.FILENAME, filename, re.ASCII) is None
