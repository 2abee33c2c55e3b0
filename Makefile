# make setup | run | test | check | bench | fuzz | clean      (make run ARGS="--host 0.0.0.0 --port 8080")
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

VENV := .venv
PY := $(VENV)/bin/python
STAMPS := $(VENV)/stamps
WEB := client_web
ARGS ?=
PYTEST_ARGS ?=
SECONDS_EACH ?= 60
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1
# node and npm of tools/node.sh come first: the machine's own when new enough, else the venv's
WITH_NODE = PATH="$(CURDIR)/$(VENV)/node/bin:$$PATH"
WEB_SOURCES := $(shell find $(WEB) -path $(WEB)/node_modules -prune -o -path $(WEB)/dist -prune -o -type f -print 2>/dev/null | grep -v ' ')

.PHONY: help setup web run test check bench fuzz clean system-packages

help:
	@sed -n '1p' Makefile | cut -c3-

setup: $(STAMPS)/runtime $(STAMPS)/redis web

$(VENV)/bin/python:
	tools/venv.sh $(VENV)

$(STAMPS)/runtime: pyproject.toml | $(VENV)/bin/python
	$(PY) -m pip install -q -e .
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/dev: pyproject.toml $(STAMPS)/runtime
	$(PY) -m pip install -q -e '.[dev]'
	@touch $@

$(STAMPS)/redis: $(STAMPS)/runtime tools/redis.sh
	tools/redis.sh $(PY)
	@touch $@

$(STAMPS)/node: tools/node.sh $(STAMPS)/runtime
	tools/node.sh $(VENV)
	@touch $@

$(STAMPS)/npm: $(WEB)/package.json $(WEB)/package-lock.json $(STAMPS)/node
	cd $(WEB) && $(WITH_NODE) npm ci --no-audit --no-fund --loglevel=error
	@touch $@

web: $(WEB)/dist/index.html

$(WEB)/dist/index.html: $(STAMPS)/npm $(WEB_SOURCES)
	cd $(WEB) && $(WITH_NODE) npm run --silent build
	@touch $@

run: setup
	@exec $(VENV)/bin/tongke serve --data var/data $(ARGS)

system-packages:
	tools/apt-packages.sh

test: setup $(STAMPS)/dev system-packages
	cd $(WEB) && $(WITH_NODE) npm run --silent test
	$(PY) -m pytest $(PYTEST_ARGS)

check: setup $(STAMPS)/dev
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	cd $(WEB) && $(WITH_NODE) npm run --silent types:check
	cd $(WEB) && $(WITH_NODE) npm run --silent typecheck
	cd $(WEB) && $(WITH_NODE) npm run --silent lint

bench: setup $(STAMPS)/dev
	$(PY) -m bench $(ARGS)

# SECONDS_EACH for every target; ARGS="rtp publish" for some, ARGS=--keep to add what they find to the corpus
fuzz: setup $(STAMPS)/dev
	$(PY) -m tests.fuzz.run --seconds $(SECONDS_EACH) $(ARGS)

# Data (var/) stays.
clean:
	rm -rf $(VENV) $(WEB)/node_modules $(WEB)/dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache *.egg-info
