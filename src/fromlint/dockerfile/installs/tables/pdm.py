"""PDM's options, from pdm 2.29.3's own parsers."""

GENERAL = """
-h --help
-V --version
-c --config =
-v --verbose
-q --quiet
--no-cache
-I --ignore-python
--pep582 ?
-n --non-interactive
"""

PROJECT = """
-g --global
-p --project =
-G --group --with = comma
--without = comma
--no-default
-d --dev
--prod --production --no-dev
-L --lockfile =
--no-editable
--no-self
-x --fail-fast
--no-isolation
-C --config-setting = many
--override = many
--dry-run
--frozen-lockfile --no-lock
-k --skip = comma
--venv ?
"""

INSTALL = """
--check
--plugins
"""

SYNC = """
--clean
--only-keep --clean-unselected
-r --reinstall
"""

ADD = """
-e --editable = many
--save-compatible
--save-safe-compatible
--save-wildcard
--save-exact
--save-minimum
--update-reuse
--update-eager
--update-all
--update-reuse-installed
--pre --prerelease
--stable
-u --unconstrained
--no-sync
"""

UPDATE = """
-t --top
--outdated
"""

EXPORT = """
-f --format =
--no-hashes --without-hashes
--no-markers
--no-extras
-o --output =
--pyproject
--expandvars
--self
--editable-self
"""

RUN = """
-l --list
-j --json
-s --site-packages
--recreate
--env = many
--env-file =
--working-dir =
"""

CONFIG = """
-l --local
-d --delete
-e --edit
"""

# Settings by the variables that stand for them, which follow no rule (pdm/project/config.py, ``env_var``).
VARIABLES = {
    "pypi.url": "PDM_PYPI_URL",
    "pypi.ignore_stored_index": "PDM_IGNORE_STORED_INDEX",
    "python.use_venv": "PDM_USE_VENV",
    "use_venv": "PDM_USE_VENV",
    "venv.in_project": "PDM_VENV_IN_PROJECT",
}
