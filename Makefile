# Tillbridge. `make help` lists what can be done; every target installs what it needs by itself.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
# Programs are started again and again: what one has compiled serves the next.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= python3
ENV ?= staging
SUPPORTED := 3.11 3.12 3.13

BIN := .venv/bin
PY := $(BIN)/python
PIP_INSTALL := -m pip install --quiet --disable-pip-version-check --no-compile --no-deps
# One test process per processor; tests/conftest.py says which tests stay together.
SIDE_BY_SIDE := --numprocesses=logical --maxprocesses=8 --no-loadscope-reorder
# One more where end-to-end tests take part: the process which has those waits for the local cloud most of the time.
BESIDE_THE_CLOUD = $(SIDE_BY_SIDE) --numprocesses=$$(($(PROCESSORS) + 1))
# As many targets at once as there are processors, each one's words in one piece; parts of such a run share that number.
TOGETHER = --silent --output-sync=target $(if $(findstring jobserver,$(MAKEFLAGS)),,--jobs=$(PROCESSORS))
PROCESSORS = $(shell getconf _NPROCESSORS_ONLN)
STAMPED := .venv/.installed .venv-cloud/.installed .venv-sam/.installed

##@ Use it

.PHONY: help
help: ## List the targets
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z0-9-]+:.*## / {printf "  %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: demo
demo: installed ## Show the main road on this machine; ONCE=1 checks each step and ends
	@$(PY) -m local.demo $(if $(ONCE),--once,)

.PHONY: up
up: installed ## Start the local cloud and deploy to it; it stays
	@$(PY) -m local up

.PHONY: down
down: .venv/.installed ## Stop the local cloud and forget its data
	@$(PY) -m local down

.PHONY: status
status: .venv/.installed ## Say what of the local cloud runs
	@$(PY) -m local status

.PHONY: deploy
deploy: .venv/.installed .venv-sam/.installed ## Build and deploy to AWS: make deploy ENV=staging
	@PYTHON=$(PYTHON) .ci/deploy "$(ENV)"

##@ Install

.PHONY: install
install: installed .venv-audit/.installed ## Install every environment

# Installed side by side: two processors are about twice as fast as one.
.PHONY: installed
installed:
	@$(MAKE) --silent -j4 $(STAMPED)

.venv/.installed: requirements/dev.txt pyproject.toml
	@echo "Installing .venv"
	@$(PYTHON) -m venv .venv
	@$(PY) $(PIP_INSTALL) --require-hashes --requirement requirements/dev.txt
	@$(PY) $(PIP_INSTALL) --no-build-isolation --editable .
	@touch $@

.venv-%/.installed: requirements/%.txt
	@echo "Installing .venv-$*"
	@$(PYTHON) -m venv .venv-$*
	@.venv-$*/bin/python $(PIP_INSTALL) --require-hashes --requirement requirements/$*.txt
	@touch $@

# One small environment per further Python, for the unit tests; kept, though it is only named by a pattern.
.PRECIOUS: .venv-py%/.installed
.venv-py%/.installed: requirements/test.txt .ci/pythons
	@echo "Installing .venv-py$*"
	@"$$($(PYTHON) .ci/pythons $*)" -m venv .venv-py$*
	@.venv-py$*/bin/python $(PIP_INSTALL) --require-hashes --requirement requirements/test.txt
	@touch $@

##@ Test

.PHONY: test
test: installed ## Run all tests
	@$(BIN)/pytest $(BESIDE_THE_CLOUD) $(PYTEST_ARGS)

.PHONY: test-unit test-browser test-functional test-contract test-simulation
test-unit: ## Run the tests of pure code
test-browser: ## Run the tests of the merchants' pages, in Chromium
test-functional: ## Run the tests against stand-ins and AWS fakes in one process
test-contract: ## Run the tests against the systems' own schemas and recordings
test-simulation: ## Run the seeded long tests with faults
test-unit test-browser test-functional test-contract test-simulation: test-%: .venv/.installed
	@$(BIN)/pytest $(SIDE_BY_SIDE) -m $*

.PHONY: test-e2e
test-e2e: installed ## Run the tests against the local cloud
	@$(BIN)/pytest -m e2e

.PHONY: test-pythons
test-pythons: .venv/.installed ## Run the unit tests on each supported Python of this machine
	@$(PYTHON) .ci/pythons
	@others="$$($(PYTHON) .ci/pythons --others $(SUPPORTED))"; \
	[ -z "$$others" ] || $(MAKE) $(TOGETHER) $$(for version in $$others; do echo unit-on-$$version; done)

unit-on-%: .venv-py%/.installed
	@echo "Unit tests on Python $*"
	@.venv-py$*/bin/python -m pytest -q -m unit -p no:cacheprovider tests/unit

.PHONY: conformance
conformance: .venv/.installed ## Run the cases that every shop has to pass, and print their table
	@$(PY) -m tests.conformance

.PHONY: bench
bench: installed ## Measure speed and cost; writes build/figures.json
	@$(PY) -m tests.bench $(ONLY)

.PHONY: proof
proof: installed ## Run the long fault and scale proofs; adds to build/figures.json
	@$(PY) -m tests.proof $(ONLY)

##@ Change it

.PHONY: screenshots
screenshots: .venv/.installed ## Take the pictures of the merchants' guide again
	@$(PY) -m tests.browser.screenshots >/dev/null

.PHONY: format
format: .venv/.installed ## Format the code and sort its imports
	@$(BIN)/ruff format
	@$(BIN)/ruff check --fix

.PHONY: lint
lint: .venv/.installed ## Check format, style, types, import rules and security
	@$(BIN)/ruff format --check
	@$(BIN)/ruff check
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache --no-logo
	@$(BIN)/bandit --quiet --recursive layers/tillbridge cli functions
	@$(BIN)/bandit --quiet --recursive --severity-level medium sandbox local

.PHONY: lint-template
lint-template: .venv-sam/.installed .venv-audit/.installed ## Check the template
	@.venv-sam/bin/cfn-lint template.yaml
	@.venv-sam/bin/sam validate --lint
	@.venv-sam/bin/python .ci/expand_template.py build/template.json
	@LOG_LEVEL=ERROR .venv-audit/bin/checkov --config-file .ci/checkov.yaml --file build/template.json

.PHONY: audit
audit: .venv-audit/.installed ## Look the dependencies up among known weaknesses
	@.venv-audit/bin/python .ci/audit.py

.PHONY: lock
lock: .venv-lock/.installed ## Choose the newest fitting dependencies again
	@.venv-lock/bin/python .ci/lock.py write

.PHONY: lock-check
lock-check:
	@$(PYTHON) .ci/lock.py check

.PHONY: coverage
coverage: installed
	@mkdir -p build
	@$(BIN)/coverage erase
	@$(MAKE) test PYTEST_ARGS=--branches 2>&1 | tee build/test.log
	@$(BIN)/coverage combine --quiet
	@$(BIN)/coverage json --quiet -o build/coverage.json
	@$(PY) .ci/coverage_gate.py build/coverage.json

# Once before several processes collect the tests at the same time: each finds them compiled.
.PHONY: collected
collected: .venv/.installed
	@mkdir -p build
	@$(BIN)/pytest --collect-only -qq >build/collected.log || { cat build/collected.log; exit 1; }

.PHONY: pr
pr: lock-check ## The whole gate: every check and every test
	@$(MAKE) --silent -j4 $(STAMPED) .venv-audit/.installed
	@$(MAKE) $(TOGETHER) test-pythons lint lint-template audit collected
	@$(MAKE) coverage

.PHONY: clean
clean: ## Delete everything that was installed, built or left running
	@if [ -x $(PY) ]; then $(PY) -m local down; fi
	@rm -rf .venv .venv-* .aws-sam .local build dist *.egg-info .coverage .coverage.* .hypothesis
	@rm -rf .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
