"""uv's options, from its crates/uv-cli/src/lib.rs and uv 0.13.9's own help, hidden ones and their aliases included.

The last word is the variable that uv documents for an option (crates/uv-static/src/env_vars.rs).
"""

GLOBAL = """
-h --help
-V --version
-q --quiet
-v --verbose
-n --no-cache --no-cache-dir        UV_NO_CACHE
--cache-dir =                       UV_CACHE_DIR
--managed-python                    UV_MANAGED_PYTHON
--no-managed-python                 UV_NO_MANAGED_PYTHON
--no-python-downloads
--allow-python-downloads
--python-preference =               UV_PYTHON_PREFERENCE
--python-fetch =
--color =
--no-color
--native-tls
--no-native-tls
--system-certs
--no-system-certs
--offline                           UV_OFFLINE
--no-offline
--allow-insecure-host --trusted-host = space
--preview
--no-preview
--preview-features --preview-feature = comma
--no-progress
--no-installer-metadata
--show-settings
--isolated
--directory =                       UV_WORKING_DIR
--project =                         UV_PROJECT
--config-file =                     UV_CONFIG_FILE
--no-config                         UV_NO_CONFIG
"""

INDEX = """
--index = space                     UV_INDEX
--default-index =                   UV_DEFAULT_INDEX
-i --index-url =                    UV_INDEX_URL
--extra-index-url = space           UV_EXTRA_INDEX_URL
-f --find-links = comma             UV_FIND_LINKS
--no-index
--index-strategy =                  UV_INDEX_STRATEGY
--keyring-provider =                UV_KEYRING_PROVIDER
--cert =
"""

RESOLVER = """
-U --upgrade
--no-upgrade
-P --upgrade-package = many
--upgrade-group = many
--resolution =                      UV_RESOLUTION
--prerelease =                      UV_PRERELEASE
--prerelease-package = many
--pre
--fork-strategy =                   UV_FORK_STRATEGY
--exclude-newer =                   UV_EXCLUDE_NEWER
--exclude-newer-package = many
--no-sources                        UV_NO_SOURCES
--no-sources-package = space
"""

INSTALLER = """
--reinstall --force-reinstall
--no-reinstall
--reinstall-package = many
--link-mode =                       UV_LINK_MODE
--compile-bytecode --compile        UV_COMPILE_BYTECODE
--no-compile-bytecode --no-compile
--refresh
--no-refresh
--refresh-package = many
--python-platform =
-p --python =                       UV_PYTHON
"""

BUILDS = """
-C --config-setting --config-settings = many
--config-settings-package = many
--no-build-isolation                UV_NO_BUILD_ISOLATION
--build-isolation
--no-build-isolation-package = many
--require-build-hashes
--no-require-build-hashes
"""

# Wheels or sdists, as everything but ``uv pip`` says it.
FORMATS = """
--no-build                          UV_NO_BUILD
--build
--no-build-package = space          UV_NO_BUILD_PACKAGE
--no-binary                         UV_NO_BINARY
--binary
--no-binary-package = space         UV_NO_BINARY_PACKAGE
"""

GROUPS = """
--extra = comma
--all-extras
--no-all-extras
--no-extra = many
--dev                               UV_DEV
--no-dev                            UV_NO_DEV
--only-dev
--group = many
--no-group = space                  UV_NO_GROUP
--no-default-groups                 UV_NO_DEFAULT_GROUPS
--only-group = many
--all-groups
"""

PROJECT = """
--active
--no-active
--exact
--inexact --no-exact
--editable
--no-editable                       UV_NO_EDITABLE
--no-editable-package = space
--locked                            UV_LOCKED
--frozen                            UV_FROZEN
--dry-run
--all-packages
--package = many
--script =
--no-install-project                UV_NO_INSTALL_PROJECT
--no-install-workspace              UV_NO_INSTALL_WORKSPACE
--no-install-local                  UV_NO_INSTALL_LOCAL
--no-install-package = many
--only-install-project              UV_ONLY_INSTALL_PROJECT
--only-install-workspace            UV_ONLY_INSTALL_WORKSPACE
--only-install-local                UV_ONLY_INSTALL_LOCAL
--only-install-package = many
--output-format =
--check
--no-check
"""

# ``uv pip install``, ``sync`` and ``compile``, options of pip's that uv takes and ignores among them.
PIP = """
--system                            UV_SYSTEM_PYTHON
--no-system
--break-system-packages             UV_BREAK_SYSTEM_PACKAGES
--no-break-system-packages
-c --constraints --constraint = space           UV_CONSTRAINT
-b --build-constraints --build-constraint = space   UV_BUILD_CONSTRAINT
--overrides --override = space      UV_OVERRIDE
--excludes --exclude = space        UV_EXCLUDE
--extra = comma
--all-extras
--no-all-extras
--group = many
--no-deps
--deps
--require-hashes                    UV_REQUIRE_HASHES
--no-require-hashes
--no-verify-hashes                  UV_NO_VERIFY_HASHES
--verify-hashes
-t --target =
--prefix =
--no-build
--build
--no-binary = comma
--only-binary = comma
--python-version =
--torch-backend =                   UV_TORCH_BACKEND
--strict
--no-strict
--exact
--inexact --no-exact
--dry-run
--check
--output-format =
--user
--disable-pip-version-check
--client-cert =
--config =
--pip-args =
"""

PIP_INSTALL = """
-r --requirements --requirement = many
-e --editable = many
--no-editable
--no-editable-package = space
"""

PIP_SYNC = """
--allow-empty-requirements
--no-allow-empty-requirements
-a --ask
--python-executable =
"""

PIP_COMPILE = """
-o --output-file =
--format =
--no-strip-extras
--strip-extras
--no-strip-markers
--strip-markers
--no-annotate
--annotate
--no-header
--header
--annotation-style =
--custom-compile-command =
--generate-hashes
--no-generate-hashes
--universal
--no-universal
--no-emit-package --unsafe-package = comma
--emit-index-url
--no-emit-index-url
--emit-find-links
--no-emit-find-links
--emit-build-options
--no-emit-build-options
--emit-marker-expression
--no-emit-marker-expression
--emit-index-annotation
--no-emit-index-annotation
--allow-unsafe
--no-allow-unsafe
--reuse-hashes
--no-reuse-hashes
--resolver =
--max-rounds =
--emit-trusted-host
--no-emit-trusted-host
--emit-options
--no-emit-options
"""

# What an export leaves out has names of its own, beside those of sync.
EXPORT = """
--format =
--prune = many
--no-annotate
--annotate
--no-header
--header
--emit-index-url
--no-emit-index-url
--emit-find-links
--no-emit-find-links
--no-hashes
--hashes
-o --output-file =
--no-install-project --no-emit-project
--no-install-workspace --no-emit-workspace
--no-install-local --no-emit-local
--no-install-package --no-emit-package = comma
--only-install-project --only-emit-project
--only-install-workspace --only-emit-workspace
--only-install-local --only-emit-local
--only-install-package --only-emit-package = comma
"""

RUN = """
-m --module
--env-file = many
--no-env-file
-w --with = many
--with-editable = many
--with-requirements = comma
--no-sync                           UV_NO_SYNC
-s --script
--gui-script
--no-project --no-workspace --no_workspace  UV_NO_PROJECT
--show-resolution
--max-recursion-depth =
"""

ADD = """
-r --requirements --requirement = many
-c --constraints --constraint = space   UV_CONSTRAINT
-m --marker =
--dev
--optional =
--group =
--extra = many
--raw --raw-sources
--bounds =
--rev =
--tag =
--branch =
--lfs
--no-sync                           UV_NO_SYNC
--workspace
--no-workspace
"""

TOOL = """
--from =
-w --with = many
--with-editable = many
--with-requirements = comma
--with-executables-from = many
-c --constraints --constraint = space           UV_CONSTRAINT
-b --build-constraints --build-constraint = space   UV_BUILD_CONSTRAINT
--overrides --override = space      UV_OVERRIDE
--excludes --exclude = space        UV_EXCLUDE
--force
--lfs
--torch-backend =                   UV_TORCH_BACKEND
"""

TOOL_INSTALL = """
-e --editable
"""

TOOL_RUN = """
--env-file = space
--no-env-file
--generate-shell-completion =
--show-resolution
"""

VENV = """
--no-project --no-workspace         UV_NO_PROJECT
--seed
--no-seed
-c --clear
--no-clear
--force
--allow-existing
--prompt =
--system-site-packages
--relocatable                       UV_VENV_RELOCATABLE
--no-relocatable
--link-mode =
--system                            UV_SYSTEM_PYTHON
--no-system
--no-pip
--no-setuptools
--no-wheel
--refresh
--no-refresh
--refresh-package = many
--exclude-newer =                   UV_EXCLUDE_NEWER
--exclude-newer-package = many
-p --python =                       UV_PYTHON
"""

PYTHON_INSTALL = """
-i --install-dir =                  UV_PYTHON_INSTALL_DIR
--bin
--no-bin
--registry
--no-registry
--mirror =
--pypy-mirror =
--graalpy-mirror =
--pyodide-mirror =
--python-downloads-json-url =
-r --reinstall
-f --force
-U --upgrade
--default
--compile-bytecode --compile
--no-compile-bytecode --no-compile
"""
