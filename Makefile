# `make` lists the verbs. Each sets up what it needs; a stamp in .venv remembers which lock was installed.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PEERS := .venv-peers
STORE ?= .article-qa
FOLDER ?= seeds
PORT ?= 7860

.DEFAULT_GOAL := help
.PHONY: help chat test lint check format bench bench-peers lock clean

help: ## list the verbs
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

chat: $(VENV)/run ## index the articles and serve the chat on http://127.0.0.1:7860
	$(BIN)/article-qa chat "$(FOLDER)" --store "$(STORE)" --port $(PORT)

test: $(VENV)/dev ## run every test, two files at a time; the browser tests need Chromium
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile

lint: $(VENV)/dev ## format, lint, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check: lint ## all of that, and the tests that take seconds
	$(BIN)/python -m pytest -m "not model and not browser and not fault and not scale"

format: $(VENV)/dev ## put the code in order
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/dev ## measure our own retrieval, then ours beside its peers, and write bench/README.md (an hour)
	$(BIN)/python -m bench.seeds test
	$(BIN)/python -m bench.retrieval news-2022 squad
	$(MAKE) bench-peers

bench-peers: $(PEERS)/done ## measure ours beside its peers, and write bench/README.md
	$(PEERS)/bin/python -m bench.peers seeds squad news-2022
	$(PEERS)/bin/python -m bench.peers --speed
	$(PEERS)/bin/python -m bench.tables

lock: ## pin every dependency anew
	$(PYTHON) -m venv $(VENV) && $(BIN)/pip install --quiet pip-tools
	$(BIN)/pip-compile --quiet --upgrade --allow-unsafe --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --extra documents --output-file requirements.lock pyproject.toml
	$(BIN)/pip-compile --quiet --upgrade --allow-unsafe --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --extra documents --extra minilm --extra mcp --extra training --extra dev --constraint requirements.lock --output-file requirements-dev.lock pyproject.toml
	sed -i.bak -E 's/^(torch==[0-9.]+)\+cpu/\1/' requirements.lock requirements-dev.lock && rm -f requirements*.lock.bak

clean: ## remove the environment and the index
	rm -rf $(VENV) $(PEERS) $(STORE)

$(VENV)/run: requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev: requirements-dev.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(PEERS)/done: bench/peers.lock pyproject.toml
	test -x $(PEERS)/bin/python || $(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/pip install --quiet --disable-pip-version-check -r bench/peers.lock
	$(PEERS)/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@
