"""Poetry's options, from poetry 2.5.1's own definitions, poetry-plugin-export, and those of poetry 1 (its docs)."""

GLOBAL = """
-h --help
-q --quiet
-v --verbose
-V --version
--ansi
--no-ansi
-n --no-interaction
--no-plugins
--no-cache
-P --project =
-C --directory =
"""

GROUPS = """
--without = comma
--with = comma
--only = comma
"""

INSTALL = """
--sync
--no-root
--no-directory
--dry-run
-E --extras = space
--all-extras
--all-groups
--only-root
--compile
--no-dev
--dev-only
--dev
--remove-untracked
"""

UPDATE = """
--sync
--dry-run
--lock
--no-dev
"""

ADD = """
-G --group =
-D --dev
-e --editable
-E --extras = space
--optional =
--python =
--platform =
--markers =
--source =
--allow-prereleases
--dry-run
--lock
"""

EXPORT = """
-f --format =
-o --output =
--without-hashes
--without-urls
--dev
--all-groups
-E --extras = space
--all-extras
--with-credentials
"""

CONFIG = """
--list
--unset
--local
--migrate
"""
