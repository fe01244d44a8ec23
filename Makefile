# What people and CI run. `make help` lists it; README.md says more.

PYTHON ?= python3
SANDBOX_PORT_BASE ?= 8700
export SANDBOX_PORT_BASE

# The language host runs the first python3 on PATH. The rest of the engine's environment, with the sandbox's defaults, is
# stacks/operations/engine.py's; the tests of the engine set their own.
RUN = PATH="$(CURDIR)/.venv/bin:$$PATH" .venv/bin/python -m

# Set to anything: what stacks on AWS need is installed too, as it is when a stack file uses AWS.
AWS ?=
export AWS
test test-fast bench: AWS = yes

# One lock for every platform and each Python from 3.11 on. Pins stay as they are without UPGRADE=--upgrade.
UV ?= uv
UPGRADE ?=
COMPILE = $(UV) pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-annotate --no-header $(UPGRADE)

define NO_PYTHON
what:  No Python that runs this project
where: $(PYTHON)
why:   Python 3.11 or newer is needed; this one is missing or older
fix:   install one, or name another: make setup PYTHON=/path/to/python3
endef
export NO_PYTHON

.DEFAULT_GOAL := help
.PHONY: help setup check test test-fast judge sandbox stop demo bench lock clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST) | expand -t 12

setup: ## everything a new machine needs: .venv with all packages, and the Pulumi CLI; AWS=yes for stacks on AWS
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	  || { printf '%s\n' "$$NO_PYTHON" >&2; exit 1; }
	@$(PYTHON) -m tools.environment

check: setup ## format, lint and types
	@.venv/bin/python -m ruff format --check .
	@.venv/bin/python -m ruff check .
	@.venv/bin/python -m mypy
	@.venv/bin/python -m mypy --strict --package tools

test: setup ## everything a new machine needs, then all tests
	@.venv/bin/python -m tools.actionlint -version >/dev/null # built once per machine, before tests that open no network
	@$(RUN) pytest -n 3 --dist loadfile --no-loadscope-reorder

test-fast: setup ## the tests without engine, browser, long tables and processes, in under a minute
	@$(RUN) pytest -n 2 -m "not engine and not browser and not proof" --ignore tests/engine --ignore tests/browser

judge: setup ## what is reported of every wrong setting, held against what a customer meets; JUDGE=--singles is shorter
	@$(RUN) tests.truth $(JUDGE)

sandbox: setup ## starts Facebook and Cyclr on this machine in the background, unless they answer already
	@$(RUN) stacks.operations.sandbox start

stop: setup ## ends the sandbox
	@$(RUN) stacks.operations.sandbox stop

demo: setup ## brings the sandbox to its declared state and shows what is left to do; run it again after each step
	@$(RUN) stacks.operations.demo

bench: setup ## what each run of the engine costs, held against its goals; BENCH=--quick is shorter
	@$(RUN) tests.bench $(BENCH)

lock: ## for maintainers: renews the requirements files from pyproject.toml, with uv
	@$(COMPILE) pyproject.toml --extra build --output-file requirements.txt
	@$(COMPILE) pyproject.toml --extra build --extra dev --output-file requirements-dev.txt
	@$(COMPILE) pyproject.toml --extra build --extra dev --extra aws --output-file requirements-aws.txt

clean: ## removes what setup and demo made in this folder; the built Pulumi CLI stays in the user's cache
	@if [ -e .sandbox ] && [ -x .venv/bin/python ]; then $(RUN) stacks.operations.sandbox stop; fi
	@rm -rf .venv .sandbox .pulumi build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
