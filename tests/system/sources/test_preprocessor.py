"""Which headers sources include on Linux."""

from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fromlint.system.sources import preprocessor
from fromlint.system.sources.unpack import directives


def headers(files: dict[str, str], start: Iterable[str] = ("a.c",), defined: Iterable[str] = ()) -> dict[str, bool]:
    """The headers from outside, each with whether it is surely asked for."""
    cython = (".pyx", ".pxd", ".pxi")
    kept = {name: text if name.endswith(cython) else directives(text.encode()).decode() for name, text in files.items()}
    where = preprocessor.sources(files.keys(), kept.get)
    return {header.name: header.sure for header in preprocessor.headers(where, start, defined) if not header.inside}


@pytest.mark.parametrize(
    ("source", "sure"),
    [
        ("#include <x.h>", True),
        ('#include "x.h"', True),
        ("#ifdef _WIN32\n#include <x.h>\n#endif", None),
        ("#ifndef _WIN32\n#include <x.h>\n#endif", True),
        ("#ifdef __linux__\n#include <x.h>\n#endif", True),
        ("#if defined(__APPLE__) || defined(_MSC_VER)\n#include <x.h>\n#endif", None),
        ("#if !defined(_WIN32) && defined(__GNUC__)\n#include <x.h>\n#endif", True),
        ("#ifdef _WIN32\n#else\n#include <x.h>\n#endif", True),
        ("#if 0\n#include <x.h>\n#endif", None),
        ("#ifdef __APPLE__\n#elif defined(__linux__)\n#include <x.h>\n#else\n#endif", True),
        ("#ifdef USE_X\n#include <x.h>\n#endif", False),
        ("#ifndef NO_X\n#include <x.h>\n#endif", True),
        ("#ifndef HAVE_Y\n#include <x.h>\n#endif", False),
        ("#if VERSION >= 3\n#include <x.h>\n#endif", False),
        ("#ifdef USE_X\n#else\n#include <x.h>\n#endif", False),
        ("#define USE_X\n#ifdef USE_X\n#include <x.h>\n#endif", True),
        ("#ifdef GIVEN\n#include <x.h>\n#endif", True),
        ("#ifndef Py_PYTHON_H\n#error no\n#elif PY_VERSION_HEX < 3\n#error old\n#else\n#include <x.h>\n#endif", True),
        ("#if __has_include(<x.h>)\n#include <x.h>\n#endif", False),
        ("#ifdef _WIN32\n#ifdef __linux__\n#include <x.h>\n#endif\n#endif", None),
    ],
)
def test_conditions(source: str, sure: bool | None) -> None:
    assert headers({"a.c": source}, defined=["GIVEN"]).get("x.h") is sure


def test_what_the_sdist_holds_is_followed() -> None:
    files = {
        "a.c": '#include "inner/b.h"\n#include <c.h>',
        "src/inner/b.h": "#ifndef B_H\n#define B_H\n#include <outer.h>\n#endif",
        "vendor/c.h": "#include <deep.h>",
    }
    assert headers(files) == {"outer.h": True, "deep.h": True}


def test_a_template_is_inside() -> None:
    where = preprocessor.sources({"a.c", "config.h.in"}, {"a.c": '#include "config.h"'}.get)
    assert preprocessor.headers(where, ["a.c"]) == (preprocessor.Included("config.h", True, True),)


def test_circles_end() -> None:
    assert headers({"a.c": '#include "b.h"', "b.h": '#include "c.h"', "c.h": '#include "b.h"\n#include <x.h>'}) == {
        "x.h": True
    }


def test_cython() -> None:
    files = {
        "pkg/a.pyx": 'cimport lib\nfrom .other cimport thing\ninclude "part.pxi"\n'
        'cdef extern from "<direct.h>":\n    pass\n',
        "pkg/lib.pxd": 'cdef extern from "lib/lib.h" nogil:\n    int f()\n',
        "pkg/other.pxd": 'cdef extern from *:\n    """\n    #include <verbatim.h>\n    """\n    int g()\n',
        "pkg/part.pxi": 'cdef extern from "part.h":\n    pass\n',
    }
    assert headers(files, ["pkg/a.pyx"]).keys() == {"direct.h", "lib/lib.h", "verbatim.h", "part.h"}


def test_comments_of_cython() -> None:
    found = preprocessor.comments("# distutils: language = c++\n# distutils: libraries = foo bar\n")
    assert found == preprocessor.Comments(True, ("foo", "bar"))


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="#ifdenluscr<>()!&|_WIN32 \n\"'.h\\0A", max_size=400))
def test_hostile_sources(text: str) -> None:
    headers({"a.c": "#if " + text + "\n#include <x.h>"})
    headers({"a.pyx": text}, ["a.pyx"])


def test_deep_conditions_end() -> None:
    headers({"a.c": "#if " + "(" * 1_500 + "1" + ")" * 1_500 + "\n#include <x.h>\n#endif"})
    headers({"a.c": "#if 1\n" * 5_000 + "#include <x.h>"})
