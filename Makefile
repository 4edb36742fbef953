# `make run` and `make test` are all that is needed; both set up first what they need.
# Needs git, make and Python >= 3.11 (another one: make PYTHON=python3.13 run) on Debian or Ubuntu.

PYTHON ?= python3
VENV := .venv
# Tests that run at once: most wait for telephones. `make test WORKERS=0` runs one after the other.
WORKERS ?= 3
PROJECT_FILES := setup.cfg pyproject.toml pbx/runtime/bootstrap.py

.PHONY: run test bench setup setup-test screens messages check-python format lock clean

run: setup
	@exec $(VENV)/bin/vorzimmer run --demo

test: setup-test
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(VENV)/bin/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(PYTEST)

# Takes the machine for itself; writes docs/bench.
bench: $(VENV)/bench.stamp
	@$(VENV)/bin/python -m tests.bench $(BENCH)
	@$(VENV)/bin/python -m tests.bench.desks $(DESKS)
	@exec $(VENV)/bin/python -m tests.bench.outbox $(OUTBOX)

setup: $(VENV)/run.stamp
	@$(VENV)/bin/python -m compileall -q -j 0 engine pbx
	@$(VENV)/bin/python -m engine.main.assets
	@$(VENV)/bin/python -m pbx.runtime.speech

setup-test: $(VENV)/test.stamp
	@$(VENV)/bin/python -m compileall -q -j 0 engine pbx tests
	@$(VENV)/bin/python -m engine.main.assets
	@$(VENV)/bin/python -m pbx.runtime.speech
	@$(VENV)/bin/python -m tests.fetch

# Pictures of every page, in docs/screens.
screens: setup-test
	@$(VENV)/bin/python -m tests.screens

# After a text of a page has changed: the catalogues get what is new; what they lack is written by hand.
messages: setup-test
	@$(VENV)/bin/python -m tests.web.messages

$(VENV)/run.stamp: config/requirements.lock $(PROJECT_FILES) | check-python
	@$(PYTHON) -m pbx.runtime.bootstrap $(VENV) config/requirements.lock
	@touch $@

$(VENV)/test.stamp: config/requirements-dev.lock $(PROJECT_FILES) | check-python
	@$(PYTHON) -m pbx.runtime.bootstrap $(VENV) config/requirements-dev.lock
	@touch $@

$(VENV)/bench.stamp: config/requirements-bench.lock $(PROJECT_FILES) | check-python
	@$(PYTHON) -m pbx.runtime.bootstrap $(VENV) config/requirements-bench.lock
	@touch $@

check-python:
	@command -v $(PYTHON) >/dev/null || { echo "There is no $(PYTHON): install Python 3.11 or newer" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "$(PYTHON) is too old: Python 3.11 or newer is needed, e.g. make PYTHON=python3.13 run" >&2; exit 1; }

format: setup-test
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix .

# Exact versions with hashes, for every Python and machine that we support; needs uv (a developer's tool).
UV_COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
  --custom-compile-command "make lock" setup.cfg
lock:
	$(UV_COMPILE) --extra dev --extra build -o config/requirements-dev.lock
	$(UV_COMPILE) --extra build -c config/requirements-dev.lock -o config/requirements.lock
	$(UV_COMPILE) --extra build --extra bench -c config/requirements-dev.lock -o config/requirements-bench.lock

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find engine pbx tests -name __pycache__ -prune -exec rm -rf {} +
