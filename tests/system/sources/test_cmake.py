"""CMakeLists.txt read."""

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fromlint.system.sources.cmake import Reader
from fromlint.system.sources.facts import Use


def read(text: str, files: Mapping[str, str] = {}) -> Reader:
    reader = Reader({"CMakeLists.txt": text, **files}.get)
    assert reader.follow("")
    return reader


@pytest.mark.parametrize(
    ("text", "languages"),
    [
        ("project(x)", ["c", "cxx"]),
        ("project(x C)", ["c"]),
        ("project(x VERSION 1.0 LANGUAGES CXX)", ["cxx"]),
        ("project(x LANGUAGES NONE)", []),
        ("project(x LANGUAGES C)\nenable_language(Fortran)", ["c", "fortran"]),
    ],
)
def test_languages(text: str, languages: list[str]) -> None:
    assert read(text).languages == languages


@pytest.mark.parametrize(
    ("text", "uses"),
    [
        ("find_package(ZLIB REQUIRED)", [Use("cmake", "zlib", True)]),
        ("find_package(ZLIB)", [Use("cmake", "zlib", False)]),
        ("find_package(Python REQUIRED COMPONENTS Interpreter)", []),
        ("if(WIN32)\nfind_package(ZLIB REQUIRED)\nendif()", []),
        ("if(NOT WIN32)\nfind_package(ZLIB REQUIRED)\nendif()", [Use("cmake", "zlib", True)]),
        (
            "if(APPLE)\nelseif(UNIX)\nfind_package(ZLIB REQUIRED)\nelse()\nfind_package(X REQUIRED)\nendif()",
            [Use("cmake", "zlib", True)],
        ),
        ('option(FULL "all" OFF)\nif(FULL)\nfind_package(ZLIB REQUIRED)\nendif()', []),
        ("if(SOMETHING)\nfind_package(ZLIB REQUIRED)\nendif()", [Use("cmake", "zlib", False)]),
        ("# find_package(ZLIB REQUIRED)\n#[[ find_package(ZLIB REQUIRED) ]]", []),
        ("macro(m)\nfind_package(ZLIB REQUIRED)\nendmacro()", []),
        ("set(LIB ZLIB)\nfind_package(${LIB} REQUIRED)", [Use("cmake", "zlib", True)]),
        (
            "pkg_check_modules(F REQUIRED fuse3>=3.2 libfoo)",
            [Use("program", "pkg-config", True), Use("pkg-config", "fuse3", True), Use("pkg-config", "libfoo", True)],
        ),
        (
            "FetchContent_Declare(osqp GIT_REPOSITORY https://example.org/osqp GIT_TAG v1)",
            [Use("program", "git", True)],
        ),
        ("find_program(FLEX NAMES flex REQUIRED)", [Use("program", "flex", True)]),
    ],
)
def test_what_is_asked_for(text: str, uses: list[Use]) -> None:
    assert read(text).uses == uses


def test_other_files_are_followed_and_circles_end() -> None:
    reader = read(
        "project(x C)\nadd_subdirectory(lib)\ninclude(cmake/more.cmake)",
        {
            "lib/CMakeLists.txt": "project(lib CXX)\nfind_package(ZLIB REQUIRED)\nadd_subdirectory(../..)",
            "cmake/more.cmake": "find_package(PNG REQUIRED)\ninclude(cmake/more.cmake)",
        },
    )
    assert reader.languages == ["c"]
    assert {use.name for use in reader.uses} == {"zlib", "png"}


def test_a_project_that_compiles_only_its_tests() -> None:
    text = (
        "project(x LANGUAGES NONE)\n"
        "if(CMAKE_PROJECT_NAME STREQUAL PROJECT_NAME)\nset(MAIN ON)\nelse()\nset(MAIN OFF)\nendif()\n"
        'option(X_TEST "tests" ${MAIN})\n'
        "if(MAIN AND NOT X_TEST)\nelse()\nenable_language(CXX)\nendif()\n"
    )
    reader = Reader({"CMakeLists.txt": text}.get, {"X_TEST": "FALSE"})
    assert reader.follow("")
    assert (reader.languages, reader.perhaps) == ([], [])
    assert read(text).languages == ["cxx"]


def test_a_variable_that_is_set_under_an_open_condition() -> None:
    reader = read("project(x NONE)\nif(OTHER)\nset(A ON)\nendif()\nif(A)\nenable_language(C)\nendif()")
    assert (reader.languages, reader.perhaps) == ([], ["c"])


def test_no_file() -> None:
    assert not Reader({}.get).follow("")


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["if(", ")", "NOT ", "AND ", "OR ", "X", "endif()", "else()", "set(X ", '"', "(", "\n", "${X}", "#["]
        )
    ).map("".join)
)
def test_hostile_text(text: str) -> None:
    read(text)
