# Vinculo: `make run` is all a fresh machine needs. PORT=, VINCULO_DATA= and DATABASE_URL= apply
# to every target.

PYTHON ?= python3
BIN := .venv/bin

export PORT VINCULO_DATA DATABASE_URL

.PHONY: help run serve test check bench lock fmt messages reference setup setup-dev clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup:
	@$(PYTHON) scripts/bootstrap.py

setup-dev:
	@$(PYTHON) scripts/bootstrap.py --dev

run: setup ## set everything up and serve Vinculo with a demo company
	@exec $(BIN)/vinculo serve --demo

serve: setup ## the same for real use: no demo company
	@exec $(BIN)/vinculo serve

test: setup-dev ## run the whole suite; ARGS= for pytest
	@exec $(BIN)/python scripts/run_tests.py $(ARGS)

check: setup-dev ## format, lint, types, the rooms' order, migrations, deployment, translations
	@exec $(BIN)/python scripts/check.py

messages: setup-dev ## bring the translations up to date with the source, and say what is missing
	@exec $(BIN)/python -m scripts.messages --update --check

reference: setup-dev ## write docs/reference anew from the code
	@exec $(BIN)/python -m scripts.reference

bench: setup ## measure against the performance budgets; ARGS="--customers 1000000"
	@exec $(BIN)/vinculo bench $(ARGS)

fmt: setup-dev ## format the code and mend what the linter can mend
	@$(BIN)/ruff check --quiet --fix . ; $(BIN)/ruff format --quiet .

lock: ## resolve the pinned dependencies anew; ARGS=--keep adds what is new and upgrades nothing
	@test -x $(BIN)/uv || { $(PYTHON) -m venv .venv && $(BIN)/pip install --quiet uv; }
	@exec $(BIN)/python scripts/lock.py $(ARGS)

clean: ## forget the virtual environment and caches; the data directory stays
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache build
