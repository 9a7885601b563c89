# Every target installs what it needs into .venv, from hash-locked files only; a second call installs nothing.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
SPECS ?=
CORPUS ?=
WORKERS ?= 2
STORM ?=
MONTH ?=
BENCH ?=

VENV := .venv
BIN := $(VENV)/bin
PY := $(BIN)/python
PIP_INSTALL := $(PY) -m pip install --quiet --disable-pip-version-check
RUN_READY := $(VENV)/.ready-to-run
WORK_READY := $(VENV)/.ready-to-work

# An example of settings that are complete, so that `check` can judge the mappings of this checkout.
EXAMPLE_SETTINGS := CONFLUENCE_URL=https://example.atlassian.net/wiki JIRA_URL=https://example.atlassian.net \
	CONFLUENCE_USERNAME=worker@example.com CONFLUENCE_TOKEN=example

.DEFAULT_GOAL := help
.PHONY: help demo test check audit golden bench storm month conformance image-test machine-test lock

help: ## this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 20

demo: $(RUN_READY) ## run the worker against the embedded Confluence and Jira; needs no account
	$(BIN)/postmortem-sync demo

test: $(WORK_READY) ## all tests; CORPUS=DIR and SPECS=DIR add real documents and API descriptions
	$(PY) -m pytest tests -n $(WORKERS) --corpus="$(CORPUS)" --specs="$(SPECS)"

check: $(WORK_READY) ## lint, format, types, import contracts, generated files, licences, vulnerabilities, and the example mapping
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(PY) -m tests.generated --check
	$(PY) -m tests.supply.licences
	$(PY) -m tests.supply.audit || test $$? -eq 3 # it has said aloud that nobody could be asked
	env $(EXAMPLE_SETTINGS) $(BIN)/postmortem-sync check

audit: $(WORK_READY) ## ask, over the network, for known vulnerabilities of all locked packages; fails when nobody can be asked
	$(PY) -m tests.supply.audit

golden: $(WORK_READY) ## rewrite the golden pages, the stories of docs/lifecycle.md and every generated file; read the diff before you commit it
	$(PY) -m tests.generated
	$(PY) -m tests.golden.regenerate
	$(PY) -m pytest tests/lifecycle --ignore=tests/lifecycle/test_lifecycle.py -q -n $(WORKERS) --rewrite

bench: $(WORK_READY) ## how long a pass takes, and how many requests; BENCH=drain or drain-datacenter: a backlog under a limit; BENCH=shards: a pass by 1, 2 and 4 processes
	$(PY) -m tests.bench $(BENCH)

storm: $(WORK_READY) ## faults, people and deaths at every request, for half an hour: STORM="--points N --kills N --seed S" for more or less
	$(PY) -m tests.storm $(STORM)

month: $(WORK_READY) ## a month of scheduled passes, with every page version and mail accounted for: MONTH="--days N --minutes M --seed S --deployment cloud|datacenter"
	$(PY) -m tests.month $(MONTH)

conformance: $(WORK_READY) ## requests and answers against the official API descriptions: SPECS=DIR
ifeq ($(strip $(SPECS)),)
	@echo "conformance: nothing was compared, since no folder of API descriptions was given; say make conformance SPECS=DIR"
else
	$(PY) -m pytest tests/conformance --specs="$(SPECS)"
endif

image-test: $(WORK_READY) ## build the container image and run it against the sandbox; needs Docker, or root with buildah and debootstrap
	$(PY) -m pytest tests/image --image -s

machine-test: $(WORK_READY) ## install the worker on a clean Debian and let its cron and systemd run it; needs root, debootstrap and systemd-container
	$(PY) -m pytest tests/deploy/test_clean_machine.py --machine

lock: $(WORK_READY) ## resolve the newest allowed versions and write them down with their hashes
	$(call compile,requirements-dev.lock,--extra=dev --extra=sandbox)
	$(call compile,requirements-sandbox.lock,--extra=sandbox --constraint=requirements-dev.lock)
	$(call compile,requirements.lock,--constraint=requirements-dev.lock)
	$(call compile,requirements-otlp.lock,--extra=otlp --constraint=requirements-dev.lock)
	$(call compile,requirements-build.lock,--build-deps-for=editable --only-build-deps --constraint=requirements-dev.lock)

# Neither an index nor a path of this machine is written down; whoever installs brings an index.
define compile
	CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile --quiet --upgrade --generate-hashes --strip-extras --allow-unsafe \
		--constraint=constraints.txt \
		--no-emit-index-url --no-emit-trusted-host --no-emit-find-links --output-file=$(1) $(2) pyproject.toml
endef

$(PY):
	$(PYTHON) -m venv $(VENV)

# The build backend is locked too, so the project itself is installed without build isolation.
$(RUN_READY): requirements-sandbox.lock requirements-build.lock pyproject.toml | $(PY)
	$(PIP_INSTALL) --require-hashes -r requirements-sandbox.lock -r requirements-build.lock
	$(PIP_INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

$(WORK_READY): requirements-dev.lock requirements-build.lock pyproject.toml | $(PY)
	$(PIP_INSTALL) --require-hashes -r requirements-dev.lock -r requirements-build.lock
	$(PIP_INSTALL) --no-deps --no-build-isolation -e .
	@touch $@
