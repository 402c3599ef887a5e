"""pip's options, from pip 26.3's own parsers (a test compares them). ``= many`` are those that pip appends."""

# Before the subcommand only.
MAIN = """
-V --version
"""

GENERAL = """
-h --help
-v --verbose
-q --quiet
--debug
--isolated
--require-virtualenv --require-venv
--python =
--log --log-file --local-log =
--no-input
--keyring-provider =
--proxy =
--no-proxy-env
--retries =
--timeout --default-timeout =
--exists-action = many
--trusted-host = many
--cert =
--client-cert =
--cache-dir =
--no-cache-dir
--disable-pip-version-check
--no-color
--no-python-version-warning
--use-feature = many
--use-deprecated = many
--resume-retries =
"""

# What install, download, wheel and lock have in common.
COMMON = """
-r --requirement = many
-c --constraint = many
--build-constraint = many
--requirements-from-script = many
--no-deps --no-dependencies
--only-deps --only-dependencies
--src --source --source-dir --source-directory =
--ignore-requires-python
--no-build-isolation off
--use-pep517
--check-build-dependencies
--require-hashes
--no-require-hashes
--progress-bar =
--group =
--no-clean
--pre
--all-releases =
--only-final =
--no-binary =
--only-binary =
--prefer-binary
-i --index-url --pypi-url =
--extra-index-url = many
--no-index
--refresh-package =
-f --find-links = many
--uploaded-prior-to =
"""

FOREIGN_PLATFORM = """
--platform = many
--python-version =
--implementation =
--abi = many
"""

INSTALL = """
-e --editable = many
--dry-run
-t --target =
--user
--no-user off
--root =
--prefix =
-U --upgrade
--upgrade-strategy =
--force-reinstall
-I --ignore-installed
--break-system-packages
-C --config-settings =
--compile
--no-compile off
--no-warn-script-location off
--no-warn-conflicts off
--root-user-action =
--report =
"""

DOWNLOAD = """
-d --dest --destination-dir --destination-directory =
"""

WHEEL = """
-e --editable = many
-w --wheel-dir =
-C --config-settings =
--no-verify
"""

LOCK = """
-e --editable = many
-o --output =
-C --config-settings =
"""

# Options of pips that are still in old images, gone by 26.3 (pip's NEWS).
LEGACY = """
-b --build --build-dir --build-directory =
-Z --unzip
--always-unzip
--allow-external = many
--allow-all-external
--allow-unverified = many
--allow-insecure = many
--no-allow-external
--process-dependency-links
--mirrors = many
-M --use-mirrors
--use-wheel
--no-use-wheel
--no-use-pep517
-d --download =
--download-cache =
--download-dir =
--no-download
--no-install
--egg
--as-egg
--global-option = many
--install-option = many
--build-option = many
--skip-requirements-regex =
--default-vcs =
--unstable-feature = many
"""

CONFIG = """
--editor =
--global
--user
--site
"""
