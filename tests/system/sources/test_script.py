"""Build scripts followed without being run."""

from collections.abc import Collection, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fromlint.system.sources.script import Script

START = "import os, sys, platform, subprocess\nfrom setuptools import setup, Extension\n"


def follow(text: str, files: Mapping[str, str] = {}, available: Collection[str] = ()) -> Script:
    contents = {"setup.py": START + text, **files}
    script = Script(contents.keys(), contents.get, frozenset(available))
    assert script.follow("setup.py")
    return script


def made(script: Script) -> list[tuple[list[str], list[str], bool]]:
    return [(one.texts("sources"), one.texts("libraries"), one.sure) for one in script.used]


@pytest.mark.parametrize(
    ("condition", "taken"),
    [
        ("sys.platform == 'linux'", True),
        ("sys.platform.startswith('win')", False),
        ("sys.platform in ('win32', 'cygwin')", False),
        ("os.name == 'nt'", False),
        ("os.name == 'posix' and sys.platform != 'darwin'", True),
        ("platform.system() == 'Windows'", False),
        ("platform.python_implementation() == 'PyPy'", False),
        ("hasattr(sys, 'pypy_version_info')", False),
        ("os.uname()[0] == 'Linux'", True),
        ("os.uname().sysname == 'Darwin'", False),
        ("os.environ.get('NO_EXTENSION')", False),
        ("not os.getenv('NO_EXTENSION', False)", True),
        ("'NO_EXTENSION' in os.environ", False),
        ("os.environ.get('WITH', '1') == '1'", True),
        ("'--no-ext' in sys.argv", False),
        ("sys.version_info >= (3,)", True),
        ("sys.version_info[0] == 2", False),
        ("sys.version_info[0] < 3", False),
        ("sys.version_info >= (3, 12)", None),
        ("os.path.exists('a.c')", True),
        ("os.path.exists(os.path.join('src', 'b.c'))", False),
        ("unknown()", None),
        ("unknown() and False", False),
        ("len(['a']) == 1", True),
    ],
)
def test_conditions(condition: str, taken: bool | None) -> None:
    script = follow(
        f"m = []\nif {condition}:\n    m.append(Extension('x', ['a.c']))\nsetup(ext_modules=m)", {"a.c": ""}
    )
    assert [one.sure for one in script.used] == {True: [True], False: [], None: [False]}[taken]


def test_values_are_followed_through_names_functions_and_dictionaries() -> None:
    script = follow(
        "libs = ['m']\n"
        "if sys.platform == 'win32':\n    libs = ['ws2_32']\n"
        "else:\n    libs += ['ssl']\n"
        "def sources(*names, prefix='src'):\n    return [os.path.join(prefix, n + '.c') for n in names]\n"
        "options = dict(name='x', ext_modules=[Extension('x', sources('a', 'b'), libraries=libs)])\n"
        "setup(**options)"
    )
    assert made(script) == [(["src/a.c", "src/b.c"], ["m", "ssl"], True)]


@pytest.mark.parametrize(
    "text",
    [
        # mysqlclient: what a function gives is not known, and what is put in beside it is handed on all the same
        "given = unknown()\ngiven['ext_modules'] = [Extension('x', ['x.c'])]\nsetup(**given)",
        # cryptography: a file fills the dictionary, within a try that explains a failure
        "about = {}\nexec(open('a.py').read(), about)\n"
        "try:\n    setup(name=about['x'], ext_modules=[Extension('x', ['x.c'])])\nexcept:\n    raise",
    ],
)
def test_what_is_filled_by_what_is_not_known(text: str) -> None:
    assert made(follow(text)) == [(["x.c"], [], True)]


@pytest.mark.parametrize(
    ("text", "sure"),
    [
        ("setup(use_2to3=True)", True),
        ("more = {}\nif sys.version_info.major >= 3:\n    more['use_2to3'] = True\nsetup(**more)", True),
        ("more = {}\nif sys.version_info < (3,):\n    more['use_2to3'] = True\nsetup(**more)", None),
        ("more = {}\nif unknown():\n    more['use_2to3'] = True\nsetup(**more)", None),
    ],
)
def test_an_argument_that_setuptools_refuses(text: str, sure: bool | None) -> None:
    assert follow(text).uses.get(("module", "setuptools.use_2to3")) is sure


def test_what_is_added_under_an_open_condition_is_not_sure() -> None:
    script = follow(
        "libs = ['a']\nif unknown():\n    libs.append('b')\nsetup(ext_modules=[Extension('x', [], libraries=libs)])"
    )
    sure = [type(name) is str for name in script.used[0].texts("libraries")]
    assert sure == [True, False]


def test_imports_of_the_build_environment() -> None:
    text = (
        "try:\n    from Cython.Build import cythonize\nexcept ImportError:\n    cythonize = None\n"
        "setup(ext_modules=cythonize(['a.pyx']) if cythonize else [Extension('x', ['a.c'])])"
    )
    assert made(follow(text, {"a.pyx": ""}, {"cython"})) == [(["a.pyx"], [], True)]
    assert made(follow(text, {"a.pyx": ""})) == [(["a.c"], [], True)]


def test_modules_that_nothing_brings() -> None:
    assert follow("import numpy\nsetup()").uses == {("module", "numpy"): True}
    assert follow("import numpy\nsetup()", available={"numpy"}).uses == {}
    assert follow("import pkg_resources, imp\nsetup()").uses == {
        ("module", "pkg_resources"): True,
        ("module", "imp"): True,
    }
    assert follow("try:\n    import numpy\nexcept ImportError:\n    numpy = None\nsetup()").uses == {}


def test_modules_of_the_sdist_are_followed() -> None:
    script = follow(
        "from helpers import extensions\nsetup(ext_modules=extensions())",
        {"helpers.py": "from setuptools import Extension\ndef extensions():\n    return [Extension('x', ['h.c'])]\n"},
    )
    assert made(script) == [(["h.c"], [], True)]


@pytest.mark.parametrize(
    "text",
    [
        # a second setup without extensions, where the first fails
        "def run(native):\n    setup(ext_modules=[Extension('x', ['a.c'])] if native else [])\n"
        "try:\n    run(True)\nexcept BuildFailed:\n    run(False)",
        # a build_ext that bears failing
        "from setuptools.command.build_ext import build_ext\n"
        "class optional(build_ext):\n"
        "    def build_extension(self, ext):\n"
        "        try:\n            build_ext.build_extension(self, ext)\n"
        "        except (CCompilerError, OSError) as e:\n            self.say(e)\n"
        "    def say(self, e):\n        print(e)\n"
        "setup(ext_modules=[Extension('x', ['a.c'])], cmdclass={'build_ext': optional})",
    ],
)
def test_fallbacks(text: str) -> None:
    assert follow(text).fallback


@pytest.mark.parametrize(
    "handler", ["raise", "raise RuntimeError('no')", "self.fail(e)", "if not ext.optional:\n                raise"]
)
def test_a_handler_that_raises_is_no_fallback(handler: str) -> None:
    script = follow(
        "from setuptools.command.build_ext import build_ext\n"
        "class loud(build_ext):\n"
        "    def build_extension(self, ext):\n"
        "        try:\n            super().build_extension(ext)\n"
        f"        except Exception as e:\n            {handler}\n"
        "    def fail(self, e):\n        raise SystemExit(e)\n"
        "setup(ext_modules=[Extension('x', ['a.c'])], cmdclass={'build_ext': loud})"
    )
    assert not script.fallback


@pytest.mark.parametrize(
    ("text", "uses"),
    [
        ("subprocess.check_output(['pkg-config', '--cflags', 'fuse >= 2.9'])", {"pkg-config": True, "fuse": True}),
        ("os.popen('pkg-config --libs libfoo')", {"pkg-config": False, "libfoo": True}),
        (
            "if os.system('pkg-config --exists fuse') != 0:\n    sys.exit(1)",
            {"pkg-config": True, "fuse": True},
        ),
        ("if os.system('pkg-config --exists fuse') == 0:\n    print('good')", {"pkg-config": False, "fuse": False}),
        ("try:\n    subprocess.check_call(['pg_config'])\nexcept OSError:\n    pass", {"pg_config": False}),
        ("try:\n    subprocess.check_call(['pg_config'])\nexcept OSError:\n    raise", {"pg_config": True}),
        (
            "import shutil\nif not shutil.which('cmake'):\n    raise RuntimeError\n"
            "subprocess.check_call(['cmake', '.'])",
            {"cmake": True},
        ),
        ("subprocess.call(['git', 'rev-parse', 'HEAD'])", {}),
    ],
)
def test_programs(text: str, uses: dict[str, bool]) -> None:
    script = follow(text + "\nsetup()")
    assert {name: sure for (_, name), sure in script.uses.items()} == uses


def test_the_distribution_pkgconfig() -> None:
    text = (
        "import pkgconfig as pc\n"
        "def flags(name):\n"
        "    if pc.installed(name, '>= 1'):\n        return pc.parse(name)\n"
        "    raise Exception(name)\n"
        "flags('libacl')\nsetup()"
    )
    assert follow(text, available={"pkgconfig"}).uses == {
        ("program", "pkg-config"): True,
        ("pkg-config", "libacl"): True,
    }


def test_cffi_modules() -> None:
    script = follow(
        "setup(cffi_modules=['src/build.py:ffi'])",
        {
            "src/build.py": "from cffi import FFI\nffi = FFI()\n"
            "ffi.set_source('x', '#include <srtp2/srtp.h>', libraries=['srtp2'])\n"
        },
        {"cffi"},
    )
    assert [(one.kind, one.text, one.texts("libraries")) for one in script.used] == [
        ("cffi", "#include <srtp2/srtp.h>", ["srtp2"])
    ]


def test_extensions_that_a_command_makes() -> None:
    script = follow(
        "from setuptools.command.build_ext import build_ext\n"
        "class own(build_ext):\n"
        "    @staticmethod\n    def make(name):\n        return Extension(name, [name + '.c'])\n"
        "    def run(self):\n        self.extensions = [self.make(n) for n in ('a', 'b')]\n"
        "setup(ext_modules=[Extension('dummy', ['x.c'])], cmdclass={'build_ext': own})"
    )
    assert [sources for sources, _, _ in made(script)] == [["x.c"], ["a.c"], ["b.c"]]


def test_what_raises_only_perhaps_does_not_end_it() -> None:
    script = follow(
        "def version():\n    for line in open('v'):\n        if line:\n            return line\n    raise Exception\n"
        "setup(version=version(), ext_modules=[Extension('x', ['a.c'])])"
    )
    assert made(script) == [(["a.c"], [], True)]


@pytest.mark.parametrize(
    "text",
    [
        "def f():\n    return f() + f()\nf()",
        "x = 'a'\nfor i in range(10**9):\n    x = x + x",
        "x = '%99999999d' % 1",
        "x = '{:99999999}'.format(1)",
        "x = f'{1:99999999}'",
        "x = [0] * 10**10",
        "while True:\n    x = 1",
        "x = " + "(" * 80 + "1" + ")" * 80,
        "x = " + "-" * 5_000 + "1",
        "x = " + "[" * 150 + "]" * 150,
        "import setup",
        "x = ''.join(['a' * 1000] * 1000)",
        "class A(A):\n    pass",
        "x = {}\nx['a'] = x\nsetup(ext_modules=x, cmdclass=x)",
        "x = []\nx.append(x)\nsetup(ext_modules=x)",
    ],
)
def test_bounds(text: str) -> None:
    contents = {"setup.py": START + text}
    Script(contents.keys(), contents.get, frozenset()).follow("setup.py")


def test_python_2_cannot_be_read() -> None:
    assert not Script(["setup.py"], {"setup.py": "print 'x'"}.get, frozenset()).follow("setup.py")


PIECES = st.sampled_from(
    [
        "import os",
        "import sys",
        "x = []",
        "x.append(",
        "'a'",
        ")",
        "(",
        "if x:",
        "    ",
        "setup(ext_modules=x)",
        "from setuptools import setup",
        "def f(*a, **k):",
        "return",
        "f(",
        "x",
        "try:",
        "except ImportError:",
        "raise",
        "else:",
        "for i in x:",
        "lambda: x",
        "x[0]",
        "x['a']",
        "{**x}",
        "%",
        "+",
        "not ",
        "\n",
        "class A(x):",
        "self",
        "A()",
        ".remove('a')",
        "os.environ['X']",
        "Extension(",
        "cythonize(x)",
        ",",
        ":",
        "= ",
        "None",
        "-1",
        "[1:]",
        "match x:",
        "case 1:",
    ]
)


@settings(max_examples=250, deadline=None)
@given(st.lists(PIECES, max_size=40).map("".join))
def test_hostile_scripts(text: str) -> None:
    Script(["setup.py"], {"setup.py": text}.get, frozenset()).follow("setup.py")


def test_what_an_object_does_not_have_yet_is_made_in_the_handler() -> None:
    script = follow(
        "class Configuration(object):\n"
        "    def config(self):\n"
        "        try:\n"
        "            return self._config\n"
        "        except AttributeError:\n"
        "            self._config = os.environ.get('CONFIG', 'curl-config')\n"
        "            return self._config\n"
        "c = Configuration()\n"
        "subprocess.check_output([c.config(), '--libs'])\n"
        "setup(ext_modules=[Extension('x', ['x.c'])])\n"
    )
    assert script.uses == {("program", "curl-config"): True}


def test_a_member_of_an_unknown_base_may_be_there() -> None:
    script = follow(
        "import base\nclass C(base.Base):\n    def tool(self):\n        try:\n            return self._tool\n"
        "        except AttributeError:\n            return 'x-config'\n"
        "subprocess.check_output([C().tool()])\nsetup()\n",
        available=("base",),
    )
    assert script.uses == {}


def test_an_empty_text_that_may_have_been_filled_is_not_known() -> None:
    script = follow(
        "found = ''\nif unknown():\n    found = unknown()\nif found == '':\n    raise Exception\n"
        "setup(ext_modules=[Extension('x', ['x.c'])])\n"
    )
    assert len(script.used) == 1


def test_methods_of_text_called_by_their_type() -> None:
    script = follow("m = [Extension('x', ['x.c'])]\nif str.find('abc', 'z') == 0:\n    m = []\nsetup(ext_modules=m)\n")
    assert made(script) == [(["x.c"], [], True)]


def test_where_what_is_asked_first_is_not_there_the_handler_is_followed() -> None:
    """As on an image that has nothing of it: what is asked for then in its place is needed."""
    script = follow(
        "try:\n    v = subprocess.check_output(('icu-config', '--version'))\nexcept Exception:\n"
        "    try:\n        v = subprocess.check_output(('pkg-config', '--modversion', 'icu-i18n'))\n"
        "    except Exception:\n        raise RuntimeError('install pkg-config')\nsetup()\n"
    )
    assert script.uses[("program", "icu-config")] is False
    assert script.uses[("program", "pkg-config")]
    assert script.uses[("pkg-config", "icu-i18n")]


def test_what_a_handler_puts_in_place_of_what_is_asked_for_counts() -> None:
    text = (
        "try:\n    libs = subprocess.check_output(['pkg-config', '--libs', 'fuse']).split()\n"
        "except OSError:\n    libs = ['fuse']\nsetup(ext_modules=[Extension('x', ['x.c'], libraries=libs)])\n"
    )
    assert made(follow(text)) == [(["x.c"], ["fuse"], True)]


def test_a_handler_beside_a_success_is_not_followed() -> None:
    text = (
        "def found():\n    for name in ('mysqlclient', 'mariadb'):\n        try:\n"
        "            subprocess.check_call(f'pkg-config --exists {name}', shell=True)\n"
        "        except subprocess.CalledProcessError:\n            pass\n        else:\n            return name\n"
        "    raise Exception\n"
        "setup(ext_modules=[Extension('x', ['x.c'], libraries=[found()])])\n"
    )
    assert made(follow(text)) == [(["x.c"], ["mysqlclient"], True)]


def test_packages_of_the_sdist_that_import_from_themselves() -> None:
    script = follow(
        "from tool import choose, other\nfrom tool.inner import *\nsetup(ext_modules=[Extension('x', choose())])",
        {
            "tool/__init__.py": "from .pick import choose\nfrom .missing import nothing\nfrom . import inner\n",
            "tool/pick.py": "from .inner.sources import named as choose\n",
            "tool/inner/__init__.py": "from ..pick import more\n",
            "tool/inner/sources.py": "def named():\n    return ['a.c']\n",
            "a.c": "",
        },
    )
    assert made(script) == [(["a.c"], [], True)]
    assert [use.name for use in script.uses if use.kind == "module"] == []


def test_folders_of_the_sdist_are_walked() -> None:
    files = dict.fromkeys(["src/a.c", "src/deep/er/b.cpp", "src/deep/c.h", "other/d.c", "README"], "")
    walked = (
        "found = []\nfor path, folders, names in os.walk(os.path.join('.', 'src')):\n    for name in names:\n"
        "        if name.endswith(('.c', '.cpp')):\n            found.append(os.path.join(path, name))\n"
        "setup(ext_modules=[Extension('x', sorted(found))])\n"
    )
    assert made(follow(walked, files)) == [(["src/a.c", "src/deep/er/b.cpp"], [], True)]
    listed = "setup(ext_modules=[Extension('x', ['src/' + name for name in os.listdir('src') if name.endswith('.c')])])"
    assert made(follow(listed, files)) == [(["src/a.c"], [], True)]
    nowhere = "setup(ext_modules=[Extension('x', ['x.c', *[n for _, _, n in os.walk('gone')]])])"
    assert made(follow(nowhere, files)) == [(["x.c"], [], True)]
