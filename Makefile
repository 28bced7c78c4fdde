# Apertura. `make help` lists what can be made.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
PORT ?= 8050
# More words for the command that a target runs: make etl ARGS="--source metrica --offline", make test ARGS="-k states"
ARGS ?=

# What Debian must bring: for the environment, and for the tests.
RUN_PACKAGES := python3-venv
TEST_PACKAGES := chromium postgresql libreoffice-calc-nogui nginx-light openssl systemd git

# The stamps carry the hash of what they installed: same locks, nothing to do; other locks, install.
VENV := .venv
PY := $(VENV)/bin/python
RUN_STAMP := $(VENV)/runtime-$(shell sha256sum < requirements.txt | cut -c1-16)
DEV_STAMP := $(VENV)/dev-$(shell cat requirements.txt requirements-dev.txt | sha256sum | cut -c1-16)
PIP_INSTALL := $(PY) -m pip install --quiet --quiet --disable-pip-version-check --require-hashes --no-deps

# Every package and module at the root, and gunicorn's configuration.
CODE := $(wildcard *.py) $(patsubst %/__init__.py,%,$(wildcard */__init__.py)) deploy/gunicorn.conf.py

.PHONY: help run etl test coverage test-quick lint format bench lock clean debian

help: ## List what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

run: $(RUN_STAMP) ## Build a release if there is none and serve it on 127.0.0.1, port 8050 (PORT=8051 for another)
	@$(PY) -m etl run --offline --if-none
	@nice -n 19 $(PY) -m web.images > /dev/null &
	@echo "Apertura: http://127.0.0.1:$(PORT)"
	@APERTURA_PORT=$(PORT) exec $(PY) -m gunicorn --config deploy/gunicorn.conf.py app:server $(ARGS)

etl: $(RUN_STAMP) ## Fetch the sources, check them and publish a release (ARGS="--offline" stays on the bundled copies)
	@$(PY) -m etl run $(ARGS)
	@$(PY) -m web.images > /dev/null

test: $(DEV_STAMP) debian lint ## Check the code and run every test
	@$(PY) -m pytest -n auto --dist loadfile $(ARGS)

# Apart, because to count the lines takes two thirds more time.
coverage: $(DEV_STAMP) debian ## Run every test and report which lines and branches none reached
	@$(PY) -m pytest -n auto --dist loadfile --cov --cov-report=term $(ARGS)

test-quick: $(DEV_STAMP) ## Run the tests that need no browser, no PostgreSQL and little time
	@$(PY) -m pytest -n auto --dist loadfile -m "not browser and not postgres and not slow" $(ARGS)

lint: $(DEV_STAMP) ## Check style and types
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy $(CODE)

format: $(DEV_STAMP) ## Put the code in the house style
	@$(PY) -m ruff check --fix .
	@$(PY) -m ruff format .

bench: $(DEV_STAMP) ## Measure, script by script, and print the tables
	@$(PY) -m etl run --offline --if-none
	@for script in bench/[a-z]*.py; do $(PY) -m bench.$$(basename $$script .py) $(ARGS); done

lock: $(DEV_STAMP) ## Pin requirements*.in anew, keeping versions that still fit (ARGS=--upgrade takes the newest)
	@for name in requirements requirements-dev; do \
	    $(PY) -m uv pip compile --quiet --no-strip-extras --generate-hashes --custom-compile-command "make lock" \
	        --excludes requirements-excluded.in --python-version 3.11 --python-platform x86_64-unknown-linux-gnu \
	        $(ARGS) $$name.in -o $$name.txt; \
	done

clean: ## Remove the environment and caches; releases stay
	@rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage htmlcov
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

debian:
	@deploy/debian-packages.sh $(TEST_PACKAGES)

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	    || { echo "Apertura needs Python 3.11 or newer: make PYTHON=python3.11 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || deploy/debian-packages.sh $(RUN_PACKAGES)
	@echo "Making the environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV)

$(RUN_STAMP): | $(PY)
	@echo "Installing requirements.txt"
	@$(PIP_INSTALL) -r requirements.txt
	@rm -f $(VENV)/runtime-* && touch $@

$(DEV_STAMP): $(RUN_STAMP)
	@echo "Installing requirements-dev.txt"
	@$(PIP_INSTALL) -r requirements-dev.txt
	@rm -f $(VENV)/dev-* && touch $@
