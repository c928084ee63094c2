# Every command of the project. They need Python 3.11 or newer and a package index, and nothing else.

PORT ?= 8000
N ?= 500
STAGE ?= local

# The first of these that is new enough; or say which: make run PYTHON=/opt/python3.13
PYTHON ?= $(shell for each in python3 python3.13 python3.12 python3.11; do \
	$$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$each && break; done)

VENV := .venv
RUN := $(VENV)/bin/python
READY := $(VENV)/.ready
PROVIDER := tests/interop/node_modules/.package-lock.json

# A test process for each core, with a stage (and a browser) of its own; WORKERS= for one process, which is easier to debug.
WORKERS ?= -n auto --maxprocesses 4 --dist worksteal

.DEFAULT_GOAL := help
.PHONY: help run test test-all runtime interop browser browser-all screens check bench mutants mutants-drawn crash-matrix soak soak-sample replay redrive texts deploy destroy deployed clients bench-cold lock sbom audit clean

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(READY) ## Run the whole portal on this machine (PORT=8000; KEEP=1 keeps its data over restarts, DEMO=1 fills it with a month of work, VERBOSE=1 logs every round)
	@exec $(RUN) -m infra.local --port $(PORT) $(if $(KEEP),--keep) $(if $(DEMO),--demo) $(if $(VERBOSE),--verbose)

test: $(READY) ## Run the tests without the browser (a minute or two)
	@$(RUN) -m pytest $(WORKERS) --ignore=tests/browser --ignore=tests/deployed --ignore=tests/interop

test-all: export TESTS = all
test-all: test ## Run the tests with every value on every page: the products of which `make test` takes well-chosen pairs

runtime: $(READY) ## Run the tests of what Lambda runs on its own Python, 3.13, where this machine has one
	@$(RUN) -m tests.runtime $(WORKERS)

interop: $(READY) $(PROVIDER) ## Log in, out and file at an OpenID provider of somebody else (npm's oidc-provider; half a minute)
	@if [ -f $(PROVIDER) ]; then $(RUN) -m pytest tests/interop; fi

browser: $(READY) ## Look at every page in Chromium: axe-core, keyboard, paper, with and without JavaScript (three minutes)
	@$(RUN) -m pytest $(WORKERS) tests/browser

browser-all: export TESTS = all
browser-all: browser ## Look at every page in both languages and at both widths with everything, also without JavaScript

screens: $(READY) ## Take the pictures in docs/screens again
	@$(RUN) -m tests.browser.demo_screens
	@SCREENS=1 $(RUN) -m pytest tests/browser/test_screens.py

check: $(READY) ## All that CI does: lint, format, types, every page in Chromium, deployed on the emulator, every test
	@$(RUN) -m ruff check .
	@$(RUN) -m ruff format --check .
	@$(RUN) -m mypy
	@$(MAKE) --no-print-directory -j2 browser deployed # a deploy waits for its emulator half the time
	@$(MAKE) --no-print-directory interop
	@$(MAKE) --no-print-directory clients
	@$(MAKE) --no-print-directory runtime
	@$(MAKE) --no-print-directory soak-sample
	@$(MAKE) --no-print-directory test

bench: $(READY) ## Measure what it costs: imports, CPU per report, change, letter and page, requests per second, the desk among 200,000 reports
	@$(RUN) -m tests.bench

bench-cold: $(READY) ## Measure a cold start: our package beside stock Chalice's, API and stream function
	@$(RUN) -m tests.bench.cold

soak: $(READY) ## Live lives of the whole portal, each from a seed, and compare with plain books (SEEDS=1000 STEPS=1000, 20 minutes; SEED=7 tells one, SHRINK=1 only what its break needs)
	@$(RUN) -m tests.simulation --steps $(or $(STEPS),1000) $(if $(SEED),--seed $(SEED) $(if $(SHRINK),--shrink),--seeds $(or $(SEEDS),1000))

soak-sample: $(READY) # 200 of them, shorter: a part of make check
	@$(RUN) -m tests.simulation --seeds 200 --steps 400

crash-matrix: $(READY) ## Break every AWS call in every way under the real code: nothing lost, doubled or stuck (six minutes; RUNS=0 runs all, for an hour or two)
	@$(RUN) -m tests.crash $(RUNS)

mutants: $(READY) ## Plant bugs in the letters, one by one, and see that the tests find each (ten minutes)
	@$(RUN) -m tests.mutants

mutants-drawn: $(READY) ## Draw bugs from the code itself and show those that no test notices (ROOMS= DRAWN=200 SEED=2016; ALL=1 tries survivors with all values)
	@$(RUN) -m tests.mutants.drawn $(ROOMS) --drawn $(or $(DRAWN),200) --seed $(or $(SEED),2016) $(if $(ALL),--all)

replay: $(READY) ## Replay the summer of 2016 on the local stage (N=500 reports; FAULTS=1 breaks one AWS call in a hundred)
	@$(RUN) -m $(if $(FAULTS),tests.crash.replay,infra.replay) $(N)

redrive: $(READY) ## Do what was given up or lost on its way, letters above all, each once (STAGE=local)
	@$(RUN) -m infra.ops --stage $(STAGE) redrive

texts: $(READY) ## Extract the sentences of the portal and compile their translations
	@mkdir -p build
	@$(VENV)/bin/pybabel -q extract -F babel.cfg -k N_ -k translate --no-location --sort-output -o build/messages.pot .
	@$(VENV)/bin/pybabel -q update --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --width 0 \
		-i build/messages.pot -d chalicelib/locale
	@$(VENV)/bin/pybabel -q compile -d chalicelib/locale

deploy: $(READY) ## Deploy a stage (STAGE=test), all of it or one step (STEP=stack|settings|functions|finish, roots as an administrator, or ready to look only; OPTIONS=--accept-drift)
	@PYTHONPATH=. exec "$$($(RUN) -m infra.deploy.interpreter)" -m infra.deploy "$(STAGE)" $(STEP) $(OPTIONS)

destroy: $(READY) ## Take a stage away (STAGE=test); prod only with TABLE= and the name of its reports table
	@PYTHONPATH=. exec "$$($(RUN) -m infra.deploy.interpreter)" -m infra.deploy "$(STAGE)" destroy --table "$(TABLE)"

deployed: $(READY) ## Deploy on an emulator of AWS that enforces the policies, live the story there, deploy again under traffic, take away
	@$(RUN) -m tests.deployed

clients: $(READY) ## Make a Python client and TypeScript types of the API's description, and use them on the local stage (needs Node.js; half a minute)
	@$(RUN) -m tests.clients

clean: ## Remove what the commands above made, except the virtual environment
	@rm -rf .local build .ruff_cache .mypy_cache .hypothesis .chalice/deployments
	@find . -path ./$(VENV) -prune -o -name __pycache__ -type d -print | xargs rm -rf

lock: ## Lock by hash all that is installed, after a change of requirements*.txt (UPGRADE=1 takes newer versions of what these need)
	@$(PYTHON) -m infra.locks $(if $(UPGRADE),--upgrade)

sbom: ## List what comes with the functions in build/sbom.json (CycloneDX), with hashes and licences
	@$(PYTHON) -m infra.sbom

audit: ## Look whether anything that is locked has a known vulnerability, where a database of them can be reached
	@$(PYTHON) -m infra.audit

# What the lock names and nothing else, by hash; no script of a package is run.
$(PROVIDER): tests/interop/package-lock.json
	@if command -v npm >/dev/null; then cd tests/interop && npm ci --silent && touch ../../$@; \
	else echo "No provider of somebody else was tried: that needs Node.js (20 or newer) and npm."; fi

# Installed once; again only when the lock changed: just what is locked, each file by its hash.
$(READY): requirements-dev.lock
	@if [ -z "$(PYTHON)" ] || ! $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
		echo "Mijn Politie needs Python 3.11 or newer. Install one, or say where it is: make run PYTHON=/path/to/python3" >&2; exit 1; fi
	@$(PYTHON) -m infra.environments $(VENV) requirements-dev.lock
	@touch $@
