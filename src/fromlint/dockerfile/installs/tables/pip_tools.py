"""pip-tools' options: pip-sync's and pip-compile's, from their own parsers."""

COMMON = """
-h --help
--version
-v --verbose
-q --quiet
-n --dry-run
-f --find-links = many
-i --index-url =
--extra-index-url = many
--trusted-host = many
--no-index
--cert =
--client-cert =
--pip-args =
--config =
--no-config
"""

SYNC = """
-a --ask
--force
--python-executable =
--user
"""

COMPILE = """
--color
--no-color
-p --pre
-r --rebuild
--extra = many
--all-extras
--uploaded-prior-to =
--header
--no-header
--emit-trusted-host
--no-emit-trusted-host
--annotate
--no-annotate
--annotation-style =
-U --upgrade
--no-upgrade
-P --upgrade-package = many
-o --output-file =
--newline =
--allow-unsafe
--no-allow-unsafe
--strip-extras
--no-strip-extras
--generate-hashes
--reuse-hashes
--no-reuse-hashes
--max-rounds =
--build-isolation
--no-build-isolation
--emit-find-links
--no-emit-find-links
--cache-dir =
--resolver =
--emit-index-url
--no-emit-index-url
--emit-options
--no-emit-options
--unsafe-package = many
-c --constraint = many
--build-deps-for = many
--all-build-deps
--only-build-deps
"""
