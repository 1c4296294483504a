# Two commands do everything: `make demo` starts the product, `make test` passes every check.
PYTHON ?= python3
BIN := .venv/bin
# Twice two cores: some tests wait for processes of their own.
JOBS ?= 4

.PHONY: help demo test check long chaos bench types style lock clean
.DEFAULT_GOAL := help

help: ## Say what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

.venv/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Plixo needs Python 3.11 or newer; name it with make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv .venv
	@touch $@

# Everything is pinned with hashes; the project itself is linked in place.
.venv/run: .venv/python requirements/run.txt pyproject.toml
	@echo "Installing what Plixo runs on (about a minute the first time) ..."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev: .venv/run requirements/dev.txt
	@echo "Installing the tools for tests ..."
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

demo: .venv/run ## Start the whole product with a local Slack workspace (RESET=1 starts over, PORT=...)
	$(BIN)/plixo demo $(if $(RESET),--reset) $(if $(PORT),--port $(PORT))

test: style types ## Run every check that CI runs
	$(BIN)/pytest -n $(JOBS) --dist worksteal -m "not slow" tests

long: .venv/dev ## The long rounds: a million invoices, a quarter of a house, every picture of the app (an hour or two)
	$(BIN)/pytest -m "slow and not chaos" -s tests

chaos: .venv/dev ## Workers killed, databases crashed, lines cut, for many rounds (a quarter of an hour; SEED=... replays one)
	CHAOS_SEED=$(or $(SEED),0) $(BIN)/pytest -m chaos -s tests/chaos

# An environment of its own: what is measured beside us is no part of the tests.
.venv/bench/made: .venv/python requirements/bench.txt pyproject.toml
	@echo "Installing the queues that ours is measured beside ..."
	$(PYTHON) -m venv .venv/bench
	.venv/bench/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bench.txt
	.venv/bench/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

bench: .venv/bench/made ## All measurements, into bench/results (an hour; PART=queue for one of them)
	.venv/bench/bin/python -m bench $(PART)

check: style types ## The fast part, about a minute
	$(BIN)/pytest -n $(JOBS) --dist worksteal tests/unit tests/architecture

style: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: .venv/dev
	$(BIN)/mypy

lock: .venv/dev ## Pin the newest versions of requirements/*.in with their hashes (needs uv)
	cd requirements && for part in run dev bench; do uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url $$part.in -o $$part.txt; done

clean: ## Remove the environment and everything made
	rm -rf .venv var build test-output *.egg-info
