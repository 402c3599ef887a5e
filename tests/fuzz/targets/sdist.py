"""What an sdist holds: ``--- NAME`` lines and texts, put together to an archive and read."""

import gzip
import io
import tarfile

from fromlint.system.sources import Refused, from_bytes, read_sdist, to_bytes

WORDS = tuple(
    word.encode()
    for word in (
        "--- setup.py\n", "--- pyproject.toml\n", "--- meson.build\n", "--- CMakeLists.txt\n", "--- Cargo.toml\n", "--- src/a.pyx\n", "--- src/a.c\n",
        "--- setup.cfg\n", "--- PKG-INFO\n", "--- binding.gyp\n", "--- src/a.h\n", "--- rust-toolchain\n",
        "setup(", "Extension(", "ext_modules=[", "libraries=['z']", "include_dirs=", "cythonize(", "sources=[", "glob('*.c')", "os.environ.get('X')",
        "sys.platform", "subprocess.check_output(['pkg-config'])", "pkgconfig(", "if ", "else:\n", "for ", "in ", "def f():\n    ", "return ", "try:\n    ",
        "except:\n    pass\n", "class A(build_ext):\n    ", "import ", "from ", "lambda: ", "[x for x in y]", "'%s' % x", "*a", "**k", "x = ", "while 1: ",
        "range(10**9)", "'a' * 10**9", "2**99999", "[0] * 10**9", "open('x').read()", "exec('x')",
        "dependency('zlib')", "project('a', 'c')", "find_library('m')", "subdir('x')", "foreach ", "endif\n", "if get_option('x')\n", "cc.has_header('x.h')",
        "find_package(OpenSSL REQUIRED)", "pkg_check_modules(X REQUIRED zlib)", "target_link_libraries(a z)", "foreach(x a b)", "endforeach()", "include(x)",
        "[build-system]\n", "requires = ['maturin']\n", "build-backend = ", "[package]\n", "rust-version = '1.70'\n", "[dependencies]\n", "edition = '2021'\n",
        "#include <zlib.h>\n", "#include \"a.h\"\n", "#if ", "#ifdef X\n", "#elif ", "#else\n", "#endif\n", "#define X 1\n", "defined(X)", "__has_include(<x.h>)",
        "cdef extern from \"x.h\":\n", "# distutils: libraries = z\n", "/*", "*/", "//", "\\\n", "(" * 50, "!" * 50, "-" * 50,
    )
)  # fmt: skip


def read(data: bytes) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for part in data.split(b"--- ")[:60]:
            name, _, text = part.partition(b"\n")
            info = tarfile.TarInfo("demo-1.0/" + (name.decode("utf-8", "replace")[:90].replace("\0", "0") or "README"))
            info.size = len(text)
            archive.addfile(info, io.BytesIO(text))
    facts = read_sdist(gzip.compress(out.getvalue(), 1), "demo-1.0.tar.gz")
    if not isinstance(facts, Refused):
        assert from_bytes(to_bytes(facts)) is not None
