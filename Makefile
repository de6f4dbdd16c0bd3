# Two commands do everything on a fresh machine: make run, make test. `make help` lists the rest.
.DEFAULT_GOAL := help
.PHONY: help setup run test test-fast lint prove demo bench drills map new-room browser clean
export UV_SYSTEM_CERTS := 1

# The first python3 that really runs: a name on PATH may be a shim without a version behind it.
PYTHON3 := $(shell for p in python3 python3.13 python3.12 python3.14 python \
	$$(ls -d $${PYENV_ROOT:-$$HOME/.pyenv}/versions/3.*/bin/python3 2>/dev/null | sort -rV); do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 7))' >/dev/null 2>&1 && echo $$p && break; done)
VENV := .venv/bin
PYTEST := $(VENV)/python -m pytest -n 2 -rs

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(firstword $(MAKEFILE_LIST)) | sed 's/:.*## /\t/' | expand -t 12

setup: ## Make or refresh .venv with every pinned package (all other targets do it first)
	@test -n "$(PYTHON3)" || { echo "setup: no working python3 was found; install Python 3.12 to 3.14" >&2; exit 2; }
	@$(PYTHON3) tools/bootstrap.py

run: setup ## Start everything and print the address; Ctrl-C stops it
	@$(VENV)/xingnuo up

# Three runs, each with databases and processes of its own: proof signs people in at a provider of
# its own, and the canary sweep keeps a worker busy that would seal the evidence of other tests;
# and the day's end holds all books of the house against a file.
APART := tests/drills tests/house/test_canary.py tests/money/payments/test_recon.py

test: setup browser ## Run every test; sees to a browser first
	@$(PYTEST) --ignore=tests/proof $(addprefix --ignore=,$(APART))
	@$(PYTEST) tests/proof
	@$(PYTEST) $(APART)

test-fast: setup ## Run the tests without browser and drills
	@$(PYTEST) --ignore=tests/web --ignore=tests/proof $(addprefix --ignore=,$(APART))

lint: setup ## Check style, types and the import walls
	@$(VENV)/ruff check .
	@$(VENV)/ruff format --check .
	@$(VENV)/mypy
	@PYTHONPATH=. $(VENV)/lint-imports --no-cache

prove: setup ## Check every promise and say which are kept, broken or not proven
	@$(VENV)/xingnuo prove $(ARGS)

demo: setup ## Walk one person's whole life over HTTP, with the evidence of each step
	@$(VENV)/xingnuo demo $(ARGS)

bench: setup ## Measure the numbers (make bench NAME=gate; without a name: the list)
	@$(VENV)/xingnuo bench $(NAME) $(ARGS)

drills: setup ## Break things on purpose (make drills NAME=kill-database; without a name: the list)
	@$(VENV)/xingnuo drill $(NAME) $(ARGS)

map: setup ## Print the house, or one room (make map ROOM=loans)
	@$(VENV)/python -m tools.room_map $(ROOM)

new-room: setup ## Make a room (make new-room BAND=services ROOM=name PROMISE="what it promises")
	@$(VENV)/python -m tools.new_room "$(BAND)" "$(ROOM)" "$(PROMISE)"

browser: setup ## See to Chromium and Chinese fonts for the browser tests
	@$(VENV)/python -m tools.browser

clean: ## Remove environments, caches and reports; data in .data stays
	@rm -rf .venv .tools .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis \
		test-results prove-report
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
