# Two commands do everything: `make demo` and `make test`. Both can be run again at any time.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
# Tests start the grader a thousand times: it must not be compiled a thousand times.
unexport PYTHONDONTWRITEBYTECODE
# Many tests wait for a deadline: three at once use two cores fully.
PYTEST = $(BIN)/python -m pytest -q --numprocesses 3 --dist worksteal

.PHONY: demo test thorough coverage format bench clean

demo: $(VENV)/installed
	@echo "== Grading a sample learner's exercise 3: tests/samples/03_dropout/dropout.py"
	@$(BIN)/grade exercise 3 tests/samples/03_dropout/dropout.py; code=$$?; \
	if [ $$code -le 1 ]; then echo "== This is what a learner reads. Next: $(BIN)/grade start 3, or make test"; else exit $$code; fi

test: $(VENV)/installed-dev
	@echo "== Lint and types"
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	@echo "== Tests"
	$(PYTEST) -m "not thorough"

thorough: $(VENV)/installed-dev
	@echo "== Thorough tests: training, networks that cheat, an installed wheel, large archives, repetitions"
	$(PYTEST) -m thorough

coverage: $(VENV)/installed-dev
	$(PYTEST) -m "not thorough" --cov --cov-report=term:skip-covered

format: $(VENV)/installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/installed-dev
	$(BIN)/python -m benchmarks

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .coverage

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "No Python 3.11, 3.12 or 3.13 was found. Install one, or name it: make demo PYTHON=/path/to/python3.12" >&2; exit 2; }
	@echo "== Creating $(VENV) with $(PYTHON)"
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: pyproject.toml | $(VENV)/bin/python
	@echo "== Installing the package"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/installed-dev: pyproject.toml | $(VENV)/bin/python
	@echo "== Installing the package and what its tests need (TensorFlow among it: some minutes the first time)"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[dev]"
	@touch $@ $(VENV)/installed
