"""Pipenv's options, from pipenv 2026.10.3's pipenv/cli/options.py, and those of older ones (its changelog)."""

GENERAL = """
-h --help
--version
--where
--venv
--py
--envs
--rm
--bare
--man
--support
--pypi-mirror =
-v --verbose
-q --quiet
--clear
--python =
--site-packages
--no-site-packages
--three
--two
"""

INSTALL = """
--system
--deploy
--pre
--extra-pip-args =
--resolver =
--backend =
-d --dev
--dev-only
--categories = space
--extras = space
--all
--config-settings = many
-i --index =
--extra-index-url = many
-r --requirements =
--ignore-pipfile
-e --editable = many
--skip-lock
--clean
--outdated
--dry-run
--lock-only
--sequential
--keep-outdated
--selective-upgrade
"""

REQUIREMENTS = """
--dev
--dev-only
--hash
--exclude-markers
--exclude-index
--categories = space
--from-pipfile
"""
