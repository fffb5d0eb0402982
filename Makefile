# Each target does its own set-up in .venv; only Python 3.11 or later, make and the package registries are needed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# What is imported is compiled when it is first imported; to compile all of it beforehand takes as long as the download.
PIP := -m pip install --quiet --disable-pip-version-check --no-compile

.PHONY: demo test unit calibrate rivals lint types layers words dictionary clean

demo: $(VENV)/.runs  ## invent eight quarters of returns, take them in, and report on them
	$(BIN)/evaluation demo

test: $(VENV)/.develops rivals  ## every test sized for CI
	$(BIN)/python -m pytest -n 2 --dist loadfile -m "not calibrate"

unit: $(VENV)/.develops  ## the unit tests alone, as you work
	$(BIN)/python -m pytest -n 2 tests/unit -m "not slow"

calibrate: $(VENV)/.develops rivals  ## the long simulations
	$(BIN)/python -m pytest -m calibrate -s

rivals: .rivals/.stands .rivals/.acro  ## lifelines and acro, in a Python of their own because they want an older pandas; tests skip without them

lint: $(VENV)/.develops
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.develops
	$(BIN)/mypy

layers: $(VENV)/.develops
	$(BIN)/lint-imports

words: $(VENV)/.develops  ## bring the Welsh catalogue up to date with the code; new messages come in empty
	$(BIN)/pybabel -q extract -F evaluation/locale/babel.cfg -k _ -k n_:1,2 --no-location --no-wrap --omit-header -o $(VENV)/evaluation.pot .
	$(BIN)/pybabel -q update -l cy -D evaluation -i $(VENV)/evaluation.pot -d evaluation/locale --no-fuzzy-matching --ignore-obsolete --no-wrap

dictionary: $(VENV)/.runs  ## write the data dictionary anew from the forms
	$(BIN)/evaluation dictionary

clean:
	rm -rf demo build dist

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed; name it with: make PYTHON=python3.12 …"; exit 1; }
	@echo "Making $(VENV) (once; a few minutes without a package cache) …"
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python $(PIP) --upgrade pip

$(VENV)/.runs: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(BIN)/python $(PIP) -c constraints.txt -e .
	@touch $@

$(VENV)/.develops: $(VENV)/.runs
	$(BIN)/python $(PIP) -c constraints.txt --group dev
	@touch $@

.rivals/.stands:
	@$(PYTHON) -m venv .rivals && .rivals/bin/python $(PIP) "lifelines>=0.30.3,<0.31" && touch $@ || echo "lifelines could not be installed: the tests that need it will skip"

.rivals/.acro: .rivals/.stands
	@.rivals/bin/python $(PIP) acro==1.0.2 && touch $@ || echo "acro could not be installed: the tests that need it will skip"
