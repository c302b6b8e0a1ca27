# make run   sets up everything and serves the demo enterprise
# make test  sets up everything and runs all tests
# make walk  walks every regime in the browser, by everybody whom its manual names, and all tests on PostgreSQL
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
export ZHIKE_VAR ?= $(CURDIR)/var
export PYTHONDONTWRITEBYTECODE ?=

.PHONY: setup run check test walk bench spec lock messages clean

setup: $(VENV)/.ready zhike/ui/static/vendor/.ready messages

$(VENV)/.ready: requirements-dev.lock pyproject.toml ops/system.py
	@$(PYTHON) ops/system.py venv font
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "installing Python packages"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

zhike/ui/static/vendor/.ready: package-lock.json ops/frontend.py $(VENV)/.ready
	@echo "installing front-end packages"
	@command -v npm >/dev/null || $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-node.lock
	@$(BIN)/python ops/frontend.py
	@touch $@

messages: $(VENV)/.ready
	@$(BIN)/python ops/messages.py compile

run: setup
	@ZHIKE_DEMO=1 $(BIN)/zhike migrate
	@ZHIKE_DEMO=1 $(BIN)/zhike demo --if-empty
	@ZHIKE_DEMO=1 $(BIN)/zhike run --port $(PORT) --open

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy zhike
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/djlint zhike --lint --quiet
	$(BIN)/python ops/messages.py check

test: setup
	@$(PYTHON) ops/system.py browser font
	$(BIN)/pytest -n 2 --dist loadfile -m "not walk"
	@# whom a page lets in is decided in code, a mail server is waited for, a month of the demo is long: these run once
	$(BIN)/python -m ops.pg run -- $(BIN)/pytest -n 2 --dist loadfile -m "not browser and not walk" --only-database --ignore tests/test_access_matrix.py --ignore tests/journeys/test_month.py --deselect zhike/complaints/tests/test_mail_runs.py::test_many_mails_with_one_that_breaks

walk: setup
	@$(PYTHON) ops/system.py browser font
	$(BIN)/pytest -m walk
	$(BIN)/python -m ops.pg run -- $(BIN)/pytest -n 2 --dist loadfile -m "not browser and not walk"

bench: setup
	$(BIN)/python -m bench

spec: $(VENV)/.ready
	@$(BIN)/python ops/spec.py

lock:
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header requirements.in -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header requirements-dev.in -o requirements-dev.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header requirements-node.in -o requirements-node.lock

clean:
	rm -rf $(VENV) node_modules var zhike/ui/static/vendor .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
