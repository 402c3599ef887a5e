"""A setup.py and a setup.cfg of the project itself, and a script with a block of metadata (PEP 723)."""

from fuzz.project import gathered

WORDS = tuple(
    word.encode()
    for word in (
        "setup(", ")", "install_requires=[", "extras_require={", "python_requires='>=3'", "setup_requires", "[", "]", "{", "}", "open('r.txt')",
        ".read()", ".splitlines()", "if True:\n    ", "import os\n", "f'{x}'", "*", "**", "+", "-", "lambda: 0", "x = ", "for x in y", "def f():\n    ",
        "open('setup.py')", "with open('setup.py') as f:\n    ", "for x in f:\n    ", "x.append(", ".strip()", ".split(", "str.join(", "map(",
        "filter(None, ", "parse_requirements('setup.py', session=0)", "Path(__file__).parent / ", "return ", ".replace('', x)", "x += x\n",
        "[options]\n", "[metadata]\n", "install_requires =\n    ", "[options.extras_require]\n", "file: r.txt", "%(x)s", "# /// script\n",
        "# dependencies = ['a']\n", "# requires-python = '>=3'\n", "# ///\n", "'''", "\\N{DIGIT ONE}", "0_0", "1_000j", "(" * 20,
    )
)  # fmt: skip
SHARE = 0.5


def read(data: bytes) -> None:
    gathered("pip", "setup.py", data, requirements=(".",))
    gathered("pip", "setup.cfg", data, requirements=(".",))
    gathered("uv-run", "script.py", data, scripts=("script.py",))
