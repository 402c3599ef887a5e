"""The words that files in TOML about Python packages are made of."""

WORDS = tuple(
    word.encode()
    for word in (
        "[", "]", "[[", "]]", "{", "}", "=", ",", '"', "'", '"""', "'''", "\n", "#", ".", "true", "false", "[]", "{}", '""', "0", "1",
        "[[package]]\n", "[[packages]]\n", "[package.dependencies]\n", "[metadata]\n", "[project]\n", "[tool.uv]\n", "[tool.poetry]\n",
        "[tool.pdm]\n", "[dependency-groups]\n", "[build-system]\n", "[package.optional-dependencies]\n", "[tool.uv.sources]\n",
        "[tool.poetry.dependencies]\n", "[tool.poetry.group.dev.dependencies]\n", "[project.optional-dependencies]\n", "[dev-packages]\n",
        "[[tool.uv.index]]\n", "[[source]]\n", "[extras]\n",
        "version = 1\n", 'lock-version = "1.0"\n', 'lock-version = "2.1"\n', 'lock_version = "4.5.0"\n', 'name = "a"\n',
        'version = "1.0"\n', "dependencies = [", "marker = ", "markers = ", "extras = [", "groups = [", "files = [", "wheels = [", "sdist = {",
        "source = { registry = ", "source = { git = ", "source = { editable = ", "source = { virtual = ", "url = ", "path = ", "hash = ",
        "hashes = {", "size = ", "optional = true\n", "python-versions = ", 'requires-python = ">=3.9"\n', "resolution-markers = [",
        "default-groups = ", "include-group = ", "dynamic = [", "requires = [", "build-backend = ", "upload-time = ", "inherit_metadata",
        '"a>=1"', '"a[b]==1.0 ; python_version < \'3.9\'"', '">=3.8,<4.0"', '"^1.2"', '"~1"', '"*"', '"sys_platform == \'win32\'"',
        '"https://x/a-1.0-py3-none-any.whl"', '"sha256:' + "0" * 64 + '"', "2026-01-01T00:00:00Z", "1e400", "0x_1", "inf", '"\\uD800"',
    )
)  # fmt: skip
