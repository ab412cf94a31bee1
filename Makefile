# make demo   installs into .venv and runs the main job on real data, ending with a report
# make test   lint, format, types, import contract, unit tests, contracts, doctests on JAX
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
export KERAS_BACKEND ?= jax
export TF_CPP_MIN_LOG_LEVEL ?= 3

.PHONY: demo test test-backends test-tensorflow test-torch lint types imports units clean

demo: $(VENV)/.demo
	$(BIN)/segmend demo --out demo --overwrite

test: lint types imports units

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy

imports: $(VENV)/.dev
	$(BIN)/lint-imports

units: $(VENV)/.dev
	$(BIN)/python -m pytest -n auto --dist loadfile

test-backends: test-tensorflow test-torch

test-tensorflow: $(VENV)-tensorflow/.dev
	KERAS_BACKEND=tensorflow $(VENV)-tensorflow/bin/python -m pytest -n auto --dist loadfile -m backend tests

test-torch: $(VENV)-torch/.dev
	KERAS_BACKEND=torch $(VENV)-torch/bin/python -m pytest -n auto --dist loadfile -m backend tests

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.demo: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[jax,demo]"
	touch $@

$(VENV)/.dev: pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[jax,demo,dev,onnx]"
	touch $@

$(VENV)-tensorflow/.dev: pyproject.toml
	$(PYTHON) -m venv $(VENV)-tensorflow
	$(VENV)-tensorflow/bin/python -m pip install --quiet --disable-pip-version-check -e ".[tensorflow,dev]"
	touch $@

# The exact version first: its CPU build may be at hand, where a range would fetch the build with CUDA.
$(VENV)-torch/.dev: pyproject.toml
	$(PYTHON) -m venv $(VENV)-torch
	$(VENV)-torch/bin/python -m pip install --quiet --disable-pip-version-check torch==2.13.0
	$(VENV)-torch/bin/python -m pip install --quiet --disable-pip-version-check -e ".[torch,dev]"
	touch $@

clean:
	rm -rf $(VENV) $(VENV)-tensorflow $(VENV)-torch demo .pytest_cache .mypy_cache .ruff_cache .hypothesis
