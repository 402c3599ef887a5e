"""Whole sdists read, by backend."""

from collections.abc import Callable, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fromlint.system.sources import Refused, Rust, SdistFacts, Use, read_sdist
from fromlint.system.sources.facts import names_of
from fromlint.system.sources.reading import read_tree
from fromlint.system.sources.unpack import Tree
from patience import within_a_minute

Read = Callable[[Mapping[str, str]], SdistFacts]


def project(backend: str, *requires: str, more: str = "") -> str:
    return f'[build-system]\nrequires = {list(requires)!r}\nbuild-backend = "{backend}"\n{more}'.replace("'", '"')


SETUP = "from setuptools import setup, Extension\nsetup(ext_modules=[Extension('x', ['x.c'], libraries=['acl'])])"


def test_setuptools(read: Read) -> None:
    facts = read({"setup.py": SETUP, "x.c": "#include <Python.h>\n#include <sys/acl.h>\n"})
    assert (facts.backend, facts.native, facts.languages) == ("setup.py", "yes", ("c",))
    assert Use("header", "sys/acl.h", True) in facts.uses
    assert Use("library", "acl", True) in facts.uses


@pytest.mark.parametrize(
    ("configuration", "sure"),
    [("[_x]\ndefines = HAVE_SASL HAVE_TLS\n", True), ("[build_ext]\ndefine=HAVE_SASL=1,B\n", True), ("[x]\n", False)],
)
def test_macros_of_setup_cfg(read: Read, configuration: str, sure: bool) -> None:
    source = "#ifdef HAVE_SASL\n#include <sasl/sasl.h>\n#endif\n"
    facts = read({"setup.py": SETUP, "x.c": source, "setup.cfg": configuration})
    assert Use("header", "sasl/sasl.h", sure) in facts.uses


def test_extensions_in_pyproject(read: Read) -> None:
    more = '[[tool.setuptools.ext-modules]]\nname = "x"\nsources = ["x.cpp"]\n'
    facts = read({"pyproject.toml": project("setuptools.build_meta", "setuptools", more=more), "x.cpp": ""})
    assert (facts.native, facts.languages) == ("yes", ("cxx",))


@pytest.mark.parametrize(
    "backend", ["flit_core.buildapi", "hatchling.build", "poetry.core.masonry.api", "pdm.backend", "uv_build"]
)
def test_backends_that_compile_nothing(read: Read, backend: str) -> None:
    facts = read({"pyproject.toml": project(backend), "tests/data/x.c": "#include <zlib.h>", "src/template.c": ""})
    assert (facts.native, facts.languages, facts.uses) == ("no", (), ())


def test_sources_that_nobody_compiles(read: Read) -> None:
    facts = read({"setup.py": "from setuptools import setup\nsetup()", "test cases/1/x.c": "#include <zlib.h>"})
    assert (facts.native, facts.uses) == ("no", ())


def test_optional_extensions(read: Read) -> None:
    text = SETUP.replace("libraries=", "optional=True, libraries=")
    assert read({"setup.py": text, "x.c": ""}).native == "optional"


def test_setup_requires_is_there_for_the_build(read: Read) -> None:
    text = (
        "from setuptools import setup, Extension\n"
        "try:\n    import numpy\n    m = [Extension('x', ['x.c'])]\nexcept ImportError:\n    m = []\n"
    )
    facts = read({"setup.py": text + "setup(ext_modules=m, setup_requires=['numpy'])", "x.c": ""})
    assert facts.native == "yes"
    assert facts.requires == ("numpy",)


@pytest.mark.parametrize(
    ("requires", "fetches"),
    [
        ("maturin>=1.0,<2.0", True),
        ("maturin", True),
        ("maturin>=0.13,<0.15", False),
        ("maturin==1.8.4", True),
        ("maturin~=1.5.0", False),
    ],
)
def test_maturin(read: Read, requires: str, fetches: bool) -> None:
    files = {"pyproject.toml": project("maturin", requires), "Cargo.toml": '[package]\nrust-version = "1.70"\n'}
    facts = read(files)
    assert (facts.native, facts.languages, facts.rust) == ("yes", ("rust",), Rust("1.70", fetches))


def test_setuptools_rust(read: Read) -> None:
    more = '[[tool.setuptools-rust.ext-modules]]\ntarget = "x"\npath = "rust/Cargo.toml"\n'
    facts = read(
        {
            "pyproject.toml": project("setuptools.build_meta", "setuptools-rust", more=more),
            "rust/Cargo.toml": '[package]\nedition = "2021"\n',
        }
    )
    assert (facts.native, facts.languages, facts.rust) == ("yes", ("rust",), Rust("1.56", False))


def test_meson_and_cmake(read: Read) -> None:
    facts = read({"pyproject.toml": project("mesonpy"), "meson.build": "project('x', 'c')\nd = dependency('cairo')"})
    assert (facts.native, facts.languages) == ("yes", ("c",))
    assert Use("pkg-config", "cairo", True) in facts.uses
    facts = read({"pyproject.toml": project("scikit_build_core.build"), "CMakeLists.txt": "project(x LANGUAGES CXX)"})
    assert (facts.native, facts.languages) == ("yes", ("cxx",))
    headers_only = project("scikit_build_core.build", more="[tool.scikit-build]\ncmake.define.TEST = false\n")
    text = "project(x LANGUAGES NONE)\nif(TEST)\nenable_language(CXX)\nendif()"
    assert read({"pyproject.toml": headers_only, "CMakeLists.txt": text}).native == "no"
    pure = project("scikit_build_core.build", more="[tool.scikit-build]\nwheel.cmake = false\n")
    assert read({"pyproject.toml": pure, "CMakeLists.txt": "project(x)"}).native == "no"


def test_poetry_with_a_build_script(read: Read) -> None:
    files = {
        "pyproject.toml": project("poetry.core.masonry.api", more='[tool.poetry.build]\nscript = "build.py"\n'),
        "build.py": "from setuptools import Extension\n"
        "def build(kw):\n    kw.update({'ext_modules': [Extension('x', ['x.c'])]})\n",
        "x.c": "",
    }
    assert read(files).native == "yes"
    files["build.py"] = "def build(kw):\n    pass\n"
    assert read(files).native == "no"


def test_a_backend_of_its_own(read: Read) -> None:
    more = 'backend-path = ["util"]\n'
    files = {
        "pyproject.toml": project("own", "setuptools", more=more),
        "util/own.py": "from setuptools import Extension\ndef make():\n    return [Extension('x', ['x.c'])]\n",
        "x.c": "#include <zlib.h>",
    }
    facts = read(files)
    assert (facts.native, facts.languages) == ("maybe", ("c",))
    files["pyproject.toml"] = project("own", "hatchling", more=more)
    assert read(files).native == "no"


def test_sources_that_are_not_understood_are_perhaps(read: Read) -> None:
    text = "from setuptools import setup, Extension\nsetup(ext_modules=[Extension('x', unknown())])"
    facts = read({"setup.py": text, "a.c": "#include <zlib.h>"})
    assert facts.native == "yes"
    assert facts.uses == (Use("header", "zlib.h", False),)


def test_a_library_that_is_inside(read: Read) -> None:
    facts = read({"setup.py": SETUP, "x.c": "#include <zlib.h>", "vendor/zlib.h": ""})
    assert Use("inside", "zlib.h", True) in facts.uses


def test_refusals(pack: Callable[..., bytes]) -> None:
    assert read_sdist(pack({"README": ""}), "d.tar.gz") == Refused(
        "it has neither pyproject.toml nor setup.py at its top"
    )
    assert read_sdist(pack({"pyproject.toml": "["}), "d.tar.gz") == Refused("its pyproject.toml cannot be read")


def test_python_2(read: Read) -> None:
    facts = read({"setup.py": "print 'x'\nfrom distutils.core import setup, Extension", "x.c": ""})
    assert (facts.native, facts.notes) == ("maybe", ("its setup.py cannot be read as Python 3",))


def test_requirements_for_other_systems_do_not_count() -> None:
    requires = ["Cython>=3", "wheel ; sys_platform == 'win32'", "scikit_build", 'foo; platform_system != "Windows"']
    assert names_of(requires) == {"cython", "scikit-build", "foo"}


def test_strange_types_in_pyproject(read: Read) -> None:
    for text in (
        "build-system = 1",
        "[build-system]\nrequires = 1\nbuild-backend = 2\nbackend-path = 3",
        "[build-system]\nbuild-backend = 'maturin'\n[tool]\nmaturin = 3",
        "[tool.setuptools]\next-modules = [1, {sources = 2, libraries = 3, define_macros = 4}]",
        "[build-system]\nbuild-backend = 'hatchling.build'\n[tool.hatch.build.hooks]\ncustom = {path = 1}\ncython = 2",
        "[build-system]\nbuild-backend = 'scikit_build_core.build'\n"
        "[tool.scikit-build]\noverrides = [1]\ncmake.source-dir = 2",
        "[build-system]\nbuild-backend = 'poetry.core'\n[tool.poetry]\nbuild = 1",
        "[build-system]\nbuild-backend = 'pdm.backend'\n[tool.pdm.build]\ncustom-hook = 1",
    ):
        read({"pyproject.toml": text})


CONTENT = st.one_of(
    st.text(max_size=200),
    st.sampled_from(
        [
            SETUP,
            "project('x', 'c')\ndependency('a')",
            "project(x)\nfind_package(ZLIB REQUIRED)",
            "[package]\nedition = 1\n[dependencies]\na = {optional = 1, package = 2}",
            "from cffi import FFI\nFFI().set_source('x', 1, libraries=2)",
        ]
    ),
)


@settings(max_examples=150, deadline=None)
@given(
    backend=st.sampled_from(
        [
            "setuptools.build_meta",
            "maturin",
            "mesonpy",
            "scikit_build_core.build",
            "poetry.core",
            "own",
            "hatchling.build",
        ]
    ),
    files=st.dictionaries(
        st.sampled_from(
            [
                "setup.py",
                "meson.build",
                "CMakeLists.txt",
                "Cargo.toml",
                "Cargo.lock",
                "build.py",
                "x.c",
                "x.pyx",
                "own.py",
            ]
        ),
        CONTENT,
    ),
)
def test_hostile_trees(backend: str, files: dict[str, str]) -> None:
    texts = {
        "pyproject.toml": project(backend, more='backend-path = ["."]\n[tool.poetry]\nbuild = "build.py"\n'),
        **files,
    }
    tree = Tree(frozenset(texts), {name: text.encode("utf-8", "replace") for name, text in texts.items()})
    with within_a_minute():
        assert isinstance(read_tree(tree), SdistFacts | Refused)


def test_a_script_that_cannot_be_followed_to_its_setup_may_compile(read: Read) -> None:
    setup = "from setuptools import setup, Extension\ndef f():\n    raise Exception\nf()\nif f:\n    raise Exception\nelse:\n    setup(ext_modules=[Extension('x', ['x.c'])])\n"
    facts = read({"setup.py": setup, "x.c": ""})
    assert (facts.native, facts.languages) == ("maybe", ("c",))
    assert read({"setup.py": setup.replace("ext_modules", "packages"), "x.c": ""}).native == "no"
