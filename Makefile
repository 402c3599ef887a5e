# make demo: the main job on a fixture project, without asking an index.  make test: everything that CI checks.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: bench demo docs test lint types unit hook test-tools vscode test-live test-builds test-builds-quick test-musl fuzz clean

demo: $(VENV)/.product
	@echo '$$ fromlint check --offline fixtures/alpine-science'
	@$(BIN)/fromlint check --offline --exit-zero fixtures/alpine-science

test: lint types unit hook

lint: $(VENV)/.developer
	$(BIN)/ruff format --check src tests scripts
	$(BIN)/ruff check src tests scripts

types: $(VENV)/.developer
	$(BIN)/mypy

unit: $(VENV)/.developer
	sh scripts/install_debian.sh "tests with a repository" git
	$(BIN)/python -m pytest -q -n auto -m 'not live and not builds and not musl and not tools'

# The hook as pre-commit calls it: from a fresh install of this repository, with file names.
hook: $(VENV)/.product
	sh scripts/smoke_hook.sh $(BIN)

# The documentation as a site in docs/site; a link that leads nowhere fails.
docs: $(VENV)/.docs
	$(BIN)/python -m sphinx -W --keep-going -q -b html docs docs/site

# With the programs that people use fromlint from, each installed by a script of ours: real editors, hooks, registries.
test-tools: $(VENV)/.developer $(VENV)/.tools
	sh scripts/install_debian.sh "tests with a repository" git
	sh scripts/install_registry.sh
	sh scripts/install_editors.sh
	$(BIN)/python -m pytest -q -m tools

# The extension for VS Code: types, style, one file, a package in editors/vscode/dist, and its protocol library against
# the server. Needs node and npm.
vscode: $(VENV)/.developer
	cp LICENSE editors/vscode/LICENSE.txt
	cd editors/vscode && npm ci && npm run types && npm run lint && npm run build && npm run package
	cd editors/vscode && FROMLINT=$(abspath $(BIN))/fromlint npm test

# Asks the real package index and compares with pip and uv.
test-live: $(VENV)/.developer $(VENV)/.tools
	PATH="$(abspath $(BIN)):$$PATH" $(BIN)/python -m pytest -q -m live

# Real builds with buildah on bases of our own making, half of which fail: against what fromlint says of them. Root on
# Debian. FROMLINT_BUILDS names the folder that keeps the bases (default ~/.cache/fromlint-builds, about 3 GB). What came
# of it is written to tests/builds: RESULTS.md; SDISTS.md and WHEELS.md are what archives alone tell, with the knowledge of
# packages switched off.
test-builds: $(VENV)/.developer
	sh scripts/install_builders.sh
	$(BIN)/python -m pytest -q -n 2 -m builds tests/builds --results tests/builds

# The quick selection: one release of Debian with its own Python, small downloads.
test-builds-quick: $(VENV)/.developer
	sh scripts/install_builders.sh
	$(BIN)/python -m pytest -q -n 2 -m 'builds and quick' tests/builds

# What pip chooses and what imports on a real CPython on musl: against what fromlint says of Alpine; the outcome goes to
# tests/musl/RESULTS.md. Makes the root (buildah, root on Debian), or takes the one that FROMLINT_MUSL_ROOT names.
test-musl: $(VENV)/.developer
	sh scripts/install_builders.sh
	$(BIN)/python scripts/make_musl_root.py
	$(BIN)/python -m pytest -q -n 2 -m musl tests/musl --musl-results tests/musl/RESULTS.md

# What it costs, in ratios to peers that run beside it; the table goes to bench/RESULTS.md. Asks the package index.
bench: $(VENV)/.developer
	$(BIN)/python -m pip install --quiet --editable '.[bench]'
	$(BIN)/python -m compileall -q src
	$(BIN)/python -m bench

$(VENV)/bin/python:
	sh scripts/make_venv.sh $(VENV) $(PYTHON)

$(VENV)/.product: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/.developer: $(VENV)/.product
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@

$(VENV)/.docs: $(VENV)/.product
	$(BIN)/python -m pip install --quiet --editable '.[docs]'
	@touch $@

$(VENV)/.tools: $(VENV)/.product
	$(BIN)/python -m pip install --quiet --editable '.[tools]'
	@touch $@

# Fuzzes every reader at length (tests/fuzz): FUZZ=1000000 says how often in all, FUZZ_RESULTS=FILE keeps the table.
fuzz: $(VENV)/.developer
	PYTHONPATH=tests $(BIN)/python -m fuzz.drive --executions $(or $(FUZZ),200000) $(if $(FUZZ_RESULTS),--results $(FUZZ_RESULTS))

clean:
	rm -rf $(VENV) dist build docs/site docs/rules docs/made .mypy_cache .ruff_cache .pytest_cache .hypothesis
