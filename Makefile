# Everything starts here; see CONTRIBUTING. Needs Python >= 3.11 and make, nothing else.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
ifeq ($(PYTHON),)
$(error Relais needs Python 3.11 or newer on the PATH, or: make PYTHON=/path/to/python3)
endif
RELAIS := $(PYTHON) -m infra.supervisor
VENV := .venv/bin
# Bytecode is kept even where the environment forbids it: workers and the many programs that tests start share it.
PYTEST := env -u PYTHONDONTWRITEBYTECODE $(VENV)/python -m pytest
JOURNEYS ?= tests/journeys
export PORT HOST FULL

.PHONY: run test test-long test-production check bench build messages pictures clean help

run: ## install, build, prepare and serve the whole platform (PORT=8000)
	@exec $(RELAIS) run

test: ## the whole test suite on the embedded default (FULL=1: axe in the second language too, pictures kept)
	@$(RELAIS) build
	@$(VENV)/python -m tests.support.browser
	@$(PYTEST) -n 3 --dist worksteal $(ARGS)

test-long: ## whole, the tests whose short form is in the suite
	@$(RELAIS) build
	@FULL=1 $(PYTEST) -m long -n 3 --dist worksteal $(ARGS)

test-production: ## port contracts and one journey on production components
	@$(RELAIS) build
	@$(VENV)/python -m tests.support.browser
	@$(PYTEST) tests/production $(ARGS)

pictures: ## the pictures in the documentation, taken anew by the journeys (JOURNEYS=tests/journeys/test_console.py)
	@$(RELAIS) build
	@$(VENV)/python -m tests.support.browser
	@RELAIS_PICTURES=1 $(VENV)/python -m pytest $(JOURNEYS)

check: ## linters, types, layers, migrations, messages
	@$(RELAIS) build
	@$(VENV)/python -m infra.supervisor check

bench: ## the benchmark ratios as a table and as JSON (FULL=1 for full size)
	@$(RELAIS) build
	@$(VENV)/python -m tests.benchmarks

build: ## front end, messages and static files
	@$(RELAIS) build

messages: ## bring the catalogues of all languages up to date with the sources
	@$(RELAIS) install
	@$(VENV)/python -m infra.messages update

clean: ## delete the demo's data and what was built
	@$(RELAIS) clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 20
