"""meson.build read."""

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fromlint.system.sources.meson import Reader, brought


def read(text: str, files: Mapping[str, str] = {}) -> Reader:
    reader = Reader({"meson.build": text, **files}.get, lambda name: name == "bundled")
    assert reader.follow()
    return reader


def asked(reader: Reader) -> dict[str, bool]:
    return {use.name: use.sure for use in reader.uses if use.kind != "program"}


def test_languages() -> None:
    assert read("project('x', 'c', 'cpp', version: '1')\nadd_languages('cython')").languages == ["c", "cxx", "cython"]
    assert read("project('x', version: '1')").languages == []
    assert read("project('x')\nadd_languages('fortran', required: false)").languages == []
    within = "project('x', 'c', version: run_command(find_program('v.py', d(e('f'))), check: true).stdout().strip())"
    assert read(within).languages == ["c"]


@pytest.mark.parametrize(
    ("text", "uses"),
    [
        ("d = dependency('cairo', version: '>= 1')", {"cairo": True}),
        ("d = dependency('cairo', required: false)", {"cairo": False}),
        ("d = dependency('cairo', required: get_option('feature'))", {"cairo": False}),
        ("d = dependency('cairo', required: get_option('wanted'))", {"cairo": True}),
        ("d = dependency('cairo', fallback: ['bundled', 'dep'])", {"cairo": False}),
        ("d = dependency('cairo', fallback: ['nowhere', 'dep'])", {"cairo": True}),
        ("d = dependency('bundled')", {"bundled": False}),
        ("d = dependency('python3')\ne = dependency('threads')", {}),
        ("# d = dependency('cairo')\nmessage('dependency(x)')", {}),
        ("if host_machine.system() == 'windows'\nd = dependency('a')\nelse\nd = dependency('b')\nendif", {"b": True}),
        ("if host_machine.system().to_lower() in ['linux', 'gnu']\nd = dependency('a')\nendif", {"a": True}),
        ("if get_option('off')\nd = dependency('a')\nendif", {}),
        ("if other\nd = dependency('a')\nendif", {"a": False}),
        ("a = dependency('a', required: false)\nif not a.found()\nb = dependency('b')\nendif", {"a": False, "b": True}),
        (
            "a = dependency('a', required: false)\nn = a.found() ? false : true\nb = dependency('b', required: n)",
            {"a": False, "b": True},
        ),
        ("l = cc.find_library('asound')\nm = cc.find_library('m')", {"asound": True}),
        ("p = py.dependency()", {}),
    ],
)
def test_dependencies(text: str, uses: dict[str, bool]) -> None:
    options = (
        "option('feature', type: 'feature')\noption('wanted', type: 'boolean', value: true)\n"
        "option('off', type: 'boolean', value: false)"
    )
    assert asked(read(text, {"meson_options.txt": options})) == uses


def test_pkg_config_comes_with_a_dependency() -> None:
    reader = read("d = dependency('cairo')\np = find_program('flex')\nq = find_program('sphinx', required: false)")
    assert {use.name: use.sure for use in reader.uses if use.kind == "program"} == {
        "pkg-config": True,
        "flex": True,
        "sphinx": False,
    }


def test_folders_and_subprojects() -> None:
    reader = read(
        "project('x', 'c')\nsubdir('lib')\nsubproject('glue')",
        {
            "lib/meson.build": "d = dependency('a')\nsubdir('../lib')",
            "subprojects/glue/meson.build": "project('g', 'cpp')\nd = dependency('b')",
        },
    )
    assert asked(reader) == {"a": True, "b": True}
    assert reader.languages == ["c"]


def test_subprojects_that_meson_gets_by_itself() -> None:
    files = {
        "subprojects/glib.wrap": "[wrap-git]\nurl = https://example.org/glib.git\n[provide]\nglib-2.0 = glib_dep\n",
        "subprojects/zlib.wrap": "[wrap-file]\ndirectory = zlib-1.3\n[provide]\ndependency_names = z, zlib-ng\n",
        "subprojects/here.wrap": "[wrap-git]\nurl = https://example.org/here.git\n[provide]\nit = it_dep\n",
        "subprojects/here/meson.build": "project('here')",
        "other/not.wrap": "[wrap-file]",
    }
    assert brought(files, files.get) == {"zlib", "z", "zlib-ng", "here", "it"}


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "if ",
                "x",
                "\n",
                "endif\n",
                "else\n",
                "dependency('a'",
                ")",
                "(",
                " not ",
                " and ",
                " or ",
                "?",
                ":",
                "= ",
                "'",
            ]
        )
    ).map("".join)
)
def test_hostile_text(text: str) -> None:
    read(text)
