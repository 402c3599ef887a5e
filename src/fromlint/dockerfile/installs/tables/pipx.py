"""pipx's options, from pipx 1.18.4's own parsers."""

GENERAL = """
-h --help
-q --quiet
-v --verbose
--version
--skip-maintenance
--global
"""

COMMON = """
--include-deps
--include-resources-from = many
--include-apps
-f --force
-U --upgrade
--upgrade-strategy =
--suffix =
--python =
--fetch-python =
--fetch-missing-python
--preinstall = many
--app = many
--lock =
--system-site-packages
-i --index-url =
-e --editable
--pip-args =
--cooldown =
--backend =
--output =
"""

INJECT = """
-r --requirement = many
--with-suffix
"""

UPGRADE = """
--include-injected
--install
"""

RUN = """
--no-cache
--refresh
--no-path-check
--python-args =
--path
--pypackages
--with = many
--spec =
"""
