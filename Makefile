# `make` alone builds the reports; what else there is, the comments say.
VENV := .venv
BIN := $(VENV)/bin
# The first suitable Python of these is taken. Where somebody names one (make test PYTHON=python3.13),
# a .venv of another version is made anew; else one that is ready is left as it is.
PYTHON ?= python3 python3.13 python3.12 python3.11 python
NAMED := $(filter-out file,$(origin PYTHON))
RIGHT := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
CHOSEN = $(or $(shell for p in $(PYTHON); do $$p -c '$(RIGHT)' 2>/dev/null && echo $$p && break; done), \
  $(error no Python from 3.11 to 3.13 is found as $(PYTHON); install one, or say make PYTHON=/where/it/is))
OTHER = $(filter-out $(shell $(CHOSEN) --version),$(or $(shell $(BIN)/python --version 2>/dev/null),none))
READY := $(VENV)/ready
TESTS := $(VENV)/ready-for-tests
STANDARDS := $(VENV)/standards
DOCUMENTS ?= ../shared/documents
export DOCUMENTS
export TZ := UTC
export PYTHONHASHSEED := 0
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet install

.PHONY: reports test test-all standards lab notebooks edition mutants bench faults fuzz picture lock clean FORCE

reports: $(READY)
	@$(BIN)/ilodata build

# What everybody runs before a commit: four minutes. The notebooks are saved under one hash seed and
# tried under another, since no order may depend on it.
test: $(TESTS)
	@$(BIN)/ruff check --quiet . && $(BIN)/ruff format --quiet --check .
	@$(BIN)/lint-imports --no-logo >/dev/null || $(BIN)/lint-imports --no-logo
	@$(BIN)/ilodata check
	@! test -d $(DOCUMENTS) || $(BIN)/ilodata verify $(DOCUMENTS)
	@PYTHONHASHSEED=1 $(BIN)/python -m pytest -n 2 --dist loadfile -m "not slow" $(ARGS)

# What .ci/run runs: also a browser, JupyterLab, a cluster, a kill, other readers of the data.
test-all: $(TESTS)
	@$(MAKE) --no-print-directory standards || echo "WARNING: make standards failed: what needs it is NOT checked" >&2
	@$(MAKE) --no-print-directory test ARGS="-m ''"

# What only tests use and what cannot live in our environment: cffconvert needs an old jsonschema;
# of the other two only files are read (the profile of Data Package 2.0, the code lists of IATI).
standards: $(STANDARDS)/ready

$(STANDARDS)/ready: $(READY)
	@$(BIN)/python -m venv $(STANDARDS)
	@$(STANDARDS)/bin/pip install --quiet --disable-pip-version-check cffconvert==2.0.0
	@$(STANDARDS)/bin/pip install --quiet --disable-pip-version-check --no-deps dplib-py==1.1.0 pyIATI==0.4.1
	@touch $@

# The notebooks in reading order with their contents beside them; nothing is fetched, not even news.
# Who has installed this package elsewhere needs no .venv: the environment that is active will do.
HAS := import ilodata, jupyterlab, sys; print(sys.prefix)
ACTIVE := $(if $(filter lab,$(MAKECMDGOALS)),$(if $(wildcard $(READY)),,$(shell python -P -c '$(HAS)' 2>/dev/null)))
lab: BIN := $(or $(ACTIVE),$(VENV))/bin
lab: $(if $(ACTIVE),,$(READY))
	@$(BIN)/jupyter lab workspaces import .lab/ilo-china.jupyterlab-workspace
	@$(BIN)/jupyter lab --notebook-dir=. --LabApp.app_settings_dir=.lab --LabApp.default_url=/lab/workspaces/ilo-china $(LAB)

# Run the notebooks and save them with their outputs.
notebooks: $(READY)
	@$(BIN)/jupyter nbconvert --to notebook --execute --inplace --log-level ERROR \
	  --ExecutePreprocessor.record_timing=False notebooks/*.ipynb

# After an addition: everything that repeats figures of the tables, made anew. Then make test is green.
edition: $(TESTS) notebooks
	@$(BIN)/python tests/edition.py

# Change one cell or row of the tables at a time: does check or verify notice? A quarter of an hour.
# Then a sample of edits with their evidence, by kind (`tests/edits.py DIR all` tries each).
mutants: $(TESTS)
	@$(BIN)/python tests/mutants.py $(DOCUMENTS)
	@$(BIN)/python tests/edits.py $(DOCUMENTS)

# How fast a list is built, against a shell loop. Half an hour.
bench: $(TESTS)
	@$(BIN)/python tests/bench.py

# Kill builds at random moments, fill the disk, and count what is lost. Half an hour; wants root.
faults: $(TESTS)
	@$(BIN)/python tests/faults.py

# Does any input but an honest one do more than be refused? A minute for each reader.
fuzz: $(TESTS)
	@$(PIP) --no-deps -r tests/requirements.lock
	@$(BIN)/python tests/fuzz.py

# The picture in README.md, from a built page; needs Debian's chromium.
picture: reports
	@chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --window-size=1280,900 \
	  --screenshot=reports/example.png reports/html/funding-2017-2022.html

# The locks hold hashes only; pip finds the files where it is told to look on this machine.
$(READY): requirements.lock pyproject.toml $(if $(NAMED),$(if $(OTHER),FORCE))
	@echo "Setting up $(VENV) with $(CHOSEN) (once; two minutes or so)"
	@$(CHOSEN) -m venv $(if $(OTHER),--clear) $(VENV)
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(TESTS): $(READY) tests/requirements.lock
	@echo "Adding what the tests need (once; a minute or so)"
	@$(PIP) --require-hashes -r tests/requirements.lock
	@touch $@

# Newest versions that pyproject.toml allows; then run `make test` and see CHANGELOG.md.
UV := uv pip compile pyproject.toml --group build --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header --no-annotate --quiet
lock:
	$(UV) --upgrade --all-extras --output-file tests/requirements.lock
	$(UV) --constraint tests/requirements.lock --output-file requirements.lock

clean:
	rm -rf $(VENV) reports/html build
