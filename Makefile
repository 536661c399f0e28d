# Two commands: `make run` and `make test`. Each sets up what it needs.

PYTHON ?=
export PYTHON
BIN := .venv/bin

.PHONY: help run test check format bench migration lock clean

help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Set everything up and serve the quiz
	@.ci/setup run
	@exec $(BIN)/python -OO -m bot

test: check ## Set everything up, check and test
	@echo "Checking the questions: every snippet and every proof is run …"
	@$(BIN)/python -m bot check
	@echo "Testing …"
	@$(BIN)/pytest -n 2 --cov --cov-report= --hypothesis-profile=ci
	@$(BIN)/coverage report --format=total | sed 's/.*/Coverage: & % in all/'
	@$(BIN)/coverage report --skip-covered --show-missing --fail-under=100 --include='bot/quiz/*,bot/phrases/*'

check: ## Lint, types and who may import whom
	@.ci/setup test
	@echo "Checking style …"
	@$(BIN)/ruff check --quiet
	@$(BIN)/ruff format --quiet --check || { echo "Some files are not formatted: run make format." >&2; exit 1; }
	@echo "Checking types …"
	@$(BIN)/mypy
	@echo "Checking who imports whom …"
	@$(BIN)/lint-imports --no-logo

format: ## Let ruff format and mend
	@.ci/setup test
	@$(BIN)/ruff format
	@$(BIN)/ruff check --fix

bench: ## Measure: make bench NAME=boot (without a name: the list)
	@.ci/setup test
	@$(BIN)/python -m tests.bench $(NAME)

migration: ## Write the next migration: make migration NAME="add dailies"
	@.ci/setup test
	@$(BIN)/python -m migrations.new $(NAME)

lock: ## Renew requirements.txt and requirements-test.txt
	@.ci/lock

clean: ## Remove what make made (not your data)
	rm -rf .venv .cache *.egg-info
