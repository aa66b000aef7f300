# What each command does is said in README.md; `make` alone builds the reports.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
STANDARDS := $(VENV)/standards

export TZ := UTC
export PYTHONHASHSEED := 0

.PHONY: reports test standards lab notebooks mutants bench faults fuzz oldest picture lock clean

reports: $(READY)
	@$(BIN)/ilodata build

# The notebooks are saved under one hash seed and tried under another: no order may hang on it.
test: $(READY)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/ilodata check
	@if [ -d ../shared/documents ]; then $(BIN)/ilodata verify ../shared/documents; fi
	@$(MAKE) --no-print-directory standards || echo "WARNING: make standards failed: what needs it is NOT checked" >&2
	@PYTHONHASHSEED=1 $(BIN)/python -m pytest

# What only tests use and what cannot live in our environment: cffconvert needs an old jsonschema;
# of the other two only files are read (the profile of Data Package 2.0, the code lists of IATI).
standards: $(STANDARDS)/ready

$(STANDARDS)/ready:
	@$(PYTHON) -m venv $(STANDARDS)
	@$(STANDARDS)/bin/pip install --quiet --disable-pip-version-check cffconvert==2.0.0
	@$(STANDARDS)/bin/pip install --quiet --disable-pip-version-check --no-deps dplib-py==1.1.0 pyIATI==0.4.1
	@touch $@

# The notebooks in reading order with their contents beside them; nothing is fetched, not even news.
lab: $(READY)
	@$(BIN)/jupyter lab workspaces import .lab/ilo-china.jupyterlab-workspace
	@$(BIN)/jupyter lab --notebook-dir=. --LabApp.app_settings_dir=.lab --LabApp.default_url=/lab/workspaces/ilo-china $(LAB)

# Run the notebooks and save them with their outputs.
notebooks: $(READY)
	@$(BIN)/jupyter nbconvert --to notebook --execute --inplace --log-level ERROR \
	  --ExecutePreprocessor.record_timing=False notebooks/*.ipynb

# Change one cell or row of the tables at a time: does check or verify notice? A quarter of an hour.
mutants: $(READY)
	@$(BIN)/python tests/mutants.py ../shared/documents

# How fast a list is built, against a shell loop and against the floor. Half an hour.
bench: $(READY)
	@$(BIN)/python tests/bench.py

# Kill builds at random moments, fill the disk, and count what is lost. Half an hour; wants root.
faults: $(READY)
	@$(BIN)/python tests/faults.py

# Does any input but an honest one do more than be refused? A minute for each of nine readers.
fuzz: $(READY)
	@$(BIN)/python tests/fuzz.py

# The tests on the oldest versions that pyproject.toml allows, in an environment of their own; what
# needs a browser or a cluster is left out.
oldest:
	@$(PYTHON) -m venv $(VENV)/oldest
	@grep -oE '"[A-Za-z0-9._-]+>=[0-9.]+' pyproject.toml | tr -d '"' | grep -vE '^(setuptools|playwright|atheris)' | \
	  sed 's/>=/==/' > $(VENV)/oldest/pins.txt
	@$(VENV)/oldest/bin/pip install --quiet --disable-pip-version-check 'setuptools>=77' -r $(VENV)/oldest/pins.txt
	@$(VENV)/oldest/bin/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@$(VENV)/oldest/bin/python -m pytest --ignore tests/test_browser.py --ignore tests/test_cluster.py \
	  --deselect tests/test_notebooks.py --deselect tests/test_supply.py --deselect tests/test_environment.py

# The picture in README.md, from a built page; needs Debian's chromium.
picture: reports
	@chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --window-size=1100,1150 \
	  --screenshot=reports/example.png reports/html/funding-2017-2022.html

# The lock holds hashes only; pip finds the files where it is told to look on this machine.
$(READY): requirements.lock pyproject.toml
	@echo "Setting up $(VENV) (once; a few minutes)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

# Newest versions that pyproject.toml allows; then run `make test` and see CHANGELOG.md.
lock:
	uv pip compile pyproject.toml --extra test --extra documents --extra cluster --extra fuzz --group build --universal --python-version 3.11 \
	  --generate-hashes --no-emit-index-url --no-header --no-annotate --upgrade --output-file requirements.lock

clean:
	rm -rf $(VENV) reports/html
