# Mulu: `make help` tells what there is. Everything is installed into .venv, from constraints.txt.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
PACKAGES := metadata standards harvesters search catalog_api
WORKERS ?= 2

.DEFAULT_GOAL := help
.PHONY: help demo serve test check format bench wheel lock clean

help: ## Tell what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Mulu needs Python 3.11 or later; choose one: make PYTHON=python3.12")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) install --constraint constraints.txt --editable .
	@touch $@

$(VENV)/developing: $(VENV)/installed
	$(PIP) install --constraint constraints.txt --editable '.[postgres,dev]'
	@touch $@

demo: $(VENV)/installed ## Sample departments up, harvested, indexed, served: see Mulu work
	@$(BIN)/mulu demo $(ARGS)

serve: $(VENV)/installed ## Serve your own catalogue from ./data
	@$(BIN)/mulu serve $(ARGS)

test: $(VENV)/developing ## Run all tests; what needs a service that is missing is skipped, and says how to bring it
	@$(BIN)/pytest --numprocesses $(WORKERS) --dist loadfile $(ARGS)

check: $(VENV)/developing ## Format, lint, types, import directions, shapes, docs against code
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@PYTHONPATH=. $(BIN)/lint-imports
	@$(BIN)/pytest --quiet tests/test_shape.py tests/test_docs.py

format: $(VENV)/developing ## Format the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

bench: $(VENV)/installed ## Measure this machine: harvest, index, search (ARGS="--records FILE --times 5")
	@$(BIN)/mulu bench harvest $(ARGS)

wheel: $(VENV)/developing ## Build the wheel into dist/
	$(PIP) install --constraint constraints.txt build
	@$(BIN)/python -m build --wheel --outdir dist .

lock: $(VENV)/developing ## Pin what is installed now into constraints.txt
	@$(BIN)/python -m pip --disable-pip-version-check freeze --exclude-editable | sort -f > constraints.txt

clean: ## Remove what was made here (not ./data)
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
