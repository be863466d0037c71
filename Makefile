# 和事台 Heshi. `make help` lists what there is.
PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help run setup setup-run test lint check bench screenshots lock

help: ## list the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort

$(VENV)/ready-run: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/ready: requirements-test.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --require-hashes -r requirements-test.lock
	$(BIN)/pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/ready-run

setup-run: $(VENV)/ready-run
setup: $(VENV)/ready ## make .venv with everything, tests included

$(VENV)-bench/ready: requirements-bench.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)-bench
	$(VENV)-bench/bin/pip install --quiet --require-hashes -r requirements-bench.lock
	$(VENV)-bench/bin/pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

run: export HESHI_DEMO = 1
run: setup-run ## run the panel with demo data on http://127.0.0.1:8000 (PORT overrides)
	@$(BIN)/heshi db upgrade
	@$(BIN)/heshi seed demo
	@cat instance/demo-accounts.md
	@echo "和事台：http://127.0.0.1:$(PORT)   按 Ctrl C 停止"
	@trap 'kill $$worker 2>/dev/null; wait $$worker' EXIT; trap : INT TERM; \
	 $(BIN)/heshi worker & worker=$$!; \
	 $(BIN)/gunicorn --bind 127.0.0.1:$(PORT) --workers 2 --threads 4 --preload wsgi:app --log-level warning

test: setup ## pass all tests, on SQLite and on PostgreSQL
	$(BIN)/pytest

lint: setup ## style, types, and who may import whom
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check: lint test ## lint and test

bench: $(VENV)-bench/ready ## measure beside the rivals, and print medians (BENCH="--keep FOLDER --cases …")
	$(VENV)-bench/bin/python -m bench $(BENCH)

screenshots: setup ## make the screenshots of the READMEs
	$(BIN)/python docs/screenshots.py

lock: setup ## write the locks anew (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --extra install --extra test pyproject.toml -o requirements-test.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --extra install -c requirements-test.lock pyproject.toml -o requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --extra install --extra test --extra bench -c requirements-test.lock pyproject.toml -o requirements-bench.lock
