# make demo: the main job on a fixture project, without asking an index.  make test: everything that CI checks.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: demo test lint types unit hook test-live test-builds test-builds-quick clean

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
	$(BIN)/python -m pytest -q -n auto -m 'not live and not builds'

# The hook as pre-commit calls it: from a fresh install of this repository, with file names.
hook: $(VENV)/.product
	sh scripts/smoke_hook.sh $(BIN)

# Asks the real package index and compares with pip and uv.
test-live: $(VENV)/.developer
	$(BIN)/python -m pytest -q -m live

# Real builds with buildah on bases of our own making, half of which fail: against what fromlint says of them. Root on
# Debian. FROMLINT_BUILDS names the folder that keeps the bases (default ~/.cache/fromlint-builds, about 3 GB).
test-builds: $(VENV)/.developer
	sh scripts/install_builders.sh
	$(BIN)/python -m pytest -q -m builds tests/builds

# The selection that CI makes: one release of Debian, one Python, small downloads.
test-builds-quick: $(VENV)/.developer
	sh scripts/install_builders.sh
	$(BIN)/python -m pytest -q -m 'builds and quick' tests/builds

$(VENV)/bin/python:
	sh scripts/make_venv.sh $(VENV) $(PYTHON)

$(VENV)/.product: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/.developer: $(VENV)/.product
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	@touch $@

clean:
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis
