# Everything a fresh machine needs is set up by `.ci/setup`; the second time it takes no time.
SHELL := bash
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
.PHONY: help run test lint check interop bundle clean

BIN := .venv/bin

help:
	@echo 'make run      the application (without a display: 20 s of it, unseen, on the demo clip)'
	@echo 'make test     all tests'
	@echo 'make lint     style, types and layers'
	@echo 'make check    lint and test'
	@echo 'make interop  exported files, read by OpenSim, pandas and others in an environment of their own'
	@echo 'make bundle   a folder in dist/ that runs without Python installed'
	@echo 'make clean    remove what the above have made'

run:
	@bash .ci/setup run
	@bash .ci/start

test:
	@bash .ci/setup test
	@bash .ci/test

lint:
	@bash .ci/setup test
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

check: lint test

interop:
	@bash .ci/setup test
	@bash .ci/interop

bundle:
	@bash .ci/setup run
	@bash .ci/bundle

clean:
	@rm -rf .venv .interop build dist run-output .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
