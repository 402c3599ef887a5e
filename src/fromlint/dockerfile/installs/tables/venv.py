"""The options of Python's venv (3.13) and of virtualenv (from its ``--help``, and those of 16 and before)."""

VENV = """
-h --help
--system-site-packages
--symlinks
--copies
--clear
--upgrade
--without-pip
--prompt =
--upgrade-deps
--without-scm-ignore-files
"""

VIRTUALENV = """
-h --help
--version
-v --verbose
-q --quiet
--with-traceback
--read-only-app-data
--app-data =
--reset-app-data
--upgrade-embed-wheels
--discovery =
-p --python =
--try-first-with =
--creator =
--clear
--no-vcs-ignore
--venv-redirect
--no-venv-redirect
--system-site-packages
--symlinks
--copies --always-copy
--seeder =
--no-seed --without-pip
--download
--no-download --never-download
--extra-search-dir =
--pip =
--setuptools =
--wheel =
--no-pip
--no-setuptools
--no-wheel
--no-periodic-update
--symlink-app-data
--activators =
--prompt =
--no-site-packages
--unzip-setuptools
--relocatable
"""
