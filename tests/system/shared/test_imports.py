"""Which extension modules an import loads."""

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fromlint.system.shared.imports import Loaded, Way, loaded

SO = ".cpython-312-x86_64-linux-gnu.so"


def follow(files: Mapping[str, str]) -> Loaded:
    return loaded(files.keys(), lambda name: files.get(name))


def test_a_module_at_the_top() -> None:
    assert follow({f"pyodbc{SO}": ""}) == Loaded({f"pyodbc{SO}": Way.SURE}, True)


@pytest.mark.parametrize(
    ("text", "way"),
    [
        ("from ._core import x", Way.SURE),
        ("from . import _core", Way.SURE),
        ("import pkg._core", Way.SURE),
        ("from pkg import _core as c", Way.SURE),
        ("if True:\n    from . import _core", Way.MAYBE),
        ('if __package__ or "." in __name__:\n    from . import _core\nelse:\n    import _core', Way.SURE),
        ("try:\n    from . import _core\nexcept ImportError:\n    pass", Way.BORNE),
        ("try:\n    from . import _core\nexcept ImportError:\n    raise RuntimeError", Way.SURE),
        ("try:\n    from . import _core\nexcept ValueError:\n    pass", Way.SURE),
        ("try:\n    import json\nexcept ImportError:\n    from . import _core", Way.MAYBE),
        ("def f():\n    from . import _core", None),
        ("class A:\n    from . import _core", Way.SURE),
        ("import os", None),
    ],
)
def test_ways(text: str, way: Way | None) -> None:
    found = follow({"pkg/__init__.py": text, f"pkg/_core{SO}": ""})
    assert found.complete
    assert found.modules.get(f"pkg/_core{SO}") == way


def test_through_other_modules() -> None:
    found = follow(
        {
            "pkg/__init__.py": "from .a import f\ntry:\n    from . import b\nexcept ImportError:\n    b = None",
            "pkg/a.py": "from .sub._one import f",
            "pkg/b.py": "from . import _two",
            "pkg/sub/__init__.py": "",
            "pkg/sub/_one.abi3.so": "",
            "pkg/_two.so": "",
            "pkg/_three.so": "",
        }
    )
    assert found == Loaded({"pkg/sub/_one.abi3.so": Way.SURE, "pkg/_two.so": Way.BORNE}, True)


@pytest.mark.parametrize("text", ["import importlib", "from ctypes import CDLL", "def __getattr__(name): ...", "x = ("])
def test_what_leaves_it_open(text: str) -> None:
    assert not follow({"pkg/__init__.py": text, f"pkg/_core{SO}": ""}).complete


def test_a_module_that_is_not_at_hand() -> None:
    assert not loaded(["pkg/__init__.py", "pkg/_core.so"], lambda name: None).complete


def test_folders_of_the_data_folder() -> None:
    assert follow({f"demo-1.data/platlib/pkg{SO}": ""}).modules == {f"demo-1.data/platlib/pkg{SO}": Way.SURE}


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(["p/__init__.py", "p/a.py", "p/b.so", "p/c/__init__.py"]), st.text(max_size=80)))
def test_hostile_modules(files: dict[str, str]) -> None:
    follow(files)


def test_deep_nesting_ends() -> None:
    lines = [" " * depth + "if x:" for depth in range(90)]
    follow({"p/__init__.py": "\n".join([*lines, " " * 90 + "import p.a"]), "p/a.so": ""})
    follow({"p/__init__.py": "from " + "." * 500 + " import x", "p/a.so": ""})
