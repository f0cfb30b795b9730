# make run: the page.  make test: the tests.  Both install and build what is missing first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PORT ?= 7860

.PHONY: run test check format install prepare measure fit clean

run: prepare
	$(BIN)/advisor serve --port $(PORT)

test: prepare
	$(BIN)/python -m pytest

check: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright
	$(BIN)/lint-imports
	$(BIN)/advisor library check

format: $(STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

install: $(STAMP)

$(STAMP): requirements.lock pyproject.toml
	@echo "安装依赖（首次约三分钟）……"
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --progress-bar on -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(STAMP)

prepare: $(STAMP)
	$(BIN)/advisor prepare

# Long measurements, not part of the tests. TASKS: folders of retrieval tasks; DOCUMENTS: files to read; OWN: a folder
# with the public files that tests/questions_own asks about.
measure: prepare
	$(BIN)/advisor evaluate answers tests/questions
	$(BIN)/advisor evaluate indexing
	$(BIN)/advisor evaluate grading
	$(BIN)/advisor evaluate understanding tests/utterances
	$(BIN)/advisor evaluate interview
	$(BIN)/advisor evaluate writer
	$(BIN)/advisor evaluate dialogue
	$(BIN)/advisor evaluate cases
	$(BIN)/advisor evaluate training
	@for task in $(TASKS); do $(BIN)/advisor evaluate retrieval $$task; done
	@for path in $(DOCUMENTS); do $(BIN)/advisor evaluate reading $$path --scans 6; done
	@for path in $(OWN); do \
		$(BIN)/advisor evaluate own $$path tests/questions_own; \
		$(BIN)/advisor evaluate own $$path tests/questions_own --scans clean; \
		$(BIN)/advisor evaluate own $$path tests/questions_own --scans rough; \
	done
	$(BIN)/advisor evaluate adding
	ADVISOR_TEST_KILLS=30 $(BIN)/python -m pytest tests/corpus/test_own.py -k kill

fit: prepare
	$(BIN)/advisor fit tests/questions
	$(BIN)/advisor fit-guesses tests/utterances

clean:
	rm -rf $(VENV) build *.egg-info
