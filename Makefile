# Everything a contributor types. Each target sets up what it needs; nothing but Python 3.11+ and make is assumed.
PYTHON ?= python3
BIN := .venv/bin
# One more than cores: tests of the wires wait as much as they compute.
WORKERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
INSTALL := install --quiet --disable-pip-version-check

.PHONY: demo test coverage check bench rolling crash abuse mutants slack-types pictures reference docs lock clean
.DEFAULT_GOAL := test

.venv/runs: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version) if sys.version_info < (3, 11) else 0'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip $(INSTALL) --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip $(INSTALL) --no-deps --no-build-isolation --editable .
	touch $@

.venv/tests: .venv/runs requirements-test.lock
	$(BIN)/python -m pip $(INSTALL) --require-hashes --requirement requirements-test.lock
	touch $@

.venv-bench/installed: requirements-bench.lock pyproject.toml
	$(PYTHON) -m venv .venv-bench
	.venv-bench/bin/python -m pip $(INSTALL) --require-hashes --requirement requirements-bench.lock
	.venv-bench/bin/python -m pip $(INSTALL) --no-deps --no-build-isolation --editable .
	touch $@

demo: .venv/runs
	$(BIN)/image-bot demo

test: .venv/tests
	$(BIN)/python -m pytest -n $(WORKERS) -m "not alone" --ignore tests/policy --ignore tests/domain
	$(BIN)/python -m pytest -q -m alone tests/crash
	$(MAKE) --no-print-directory coverage

# What is pure is covered by its own tests alone; tracing the whole suite would cost far more.
coverage: .venv/tests
	$(BIN)/python -m coverage erase
	$(BIN)/python -m coverage run -m pytest -n auto tests/policy tests/domain
	$(BIN)/python -m coverage combine --quiet
	$(BIN)/python -m coverage report

check: .venv/tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/interrogate --quiet
	$(MAKE) --no-print-directory bench QUICK=1

ifdef QUICK
bench: .venv/tests
	$(BIN)/python -W ignore -m benchmarks --quick
else
bench: .venv-bench/installed
	.venv-bench/bin/python -W ignore -m benchmarks
endif

rolling: .venv/tests
	IMAGE_BOT_ROUNDS=20 $(BIN)/python -m pytest --timeout 3600 tests/walks/test_three_processes.py

crash: .venv/tests
	$(BIN)/python -W ignore -m tests.crash

# Ten hostile people beside honest work, for three minutes with them and three without: memory and descriptors too.
abuse: .venv/tests
	$(BIN)/python -W ignore -m tests.crash --kills 0 --minutes 0

MODULE ?= $(wildcard bot/policy/*.py bot/domain/*.py)
mutants: .venv/tests
	$(BIN)/python -m tests.mutants $(MODULE)

slack-types: .venv/tests
	$(BIN)/python -m tests.slack_types

pictures: .venv/tests
	$(BIN)/python -m tests.browser.pictures

reference: .venv/tests
	$(BIN)/python -m tests.docs.reference

.venv-docs/installed: requirements-docs.lock
	$(PYTHON) -m venv .venv-docs
	.venv-docs/bin/python -m pip $(INSTALL) --require-hashes --requirement requirements-docs.lock
	touch $@

docs: .venv-docs/installed
	.venv-docs/bin/zensical build --clean --strict

lock:
	$(PYTHON) -m venv .venv-lock && .venv-lock/bin/python -m pip install --quiet uv
	for set in "requirements.lock --extra build --extra demo --extra postgres" \
	  "requirements-otel.lock --extra build --extra demo --extra postgres --extra otel" "requirements-test.lock --extra test" "requirements-bench.lock --extra test --extra bench"; do \
	  .venv-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	    --custom-compile-command "make lock" pyproject.toml --output-file $$set || exit 1; \
	done
	.venv-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --custom-compile-command "make lock" --group docs --output-file requirements-docs.lock
	rm -rf .venv-lock

clean:
	rm -rf .venv .venv-bench .venv-docs site .coverage .mypy_cache .ruff_cache .pytest_cache .hypothesis
