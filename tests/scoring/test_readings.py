"""Readings of numbers and of arrays of several libraries."""

import ast
import math
from pathlib import Path

import numpy as np
import pytest

from segmend.scoring import readings
from segmend.scoring.readings import Counts, divide

COUNTS = Counts(tp=6, fp=2, fn=4, tn=8)
BY_HAND = {
    "precision": 6 / 8,
    "recall": 6 / 10,
    "f1": 12 / 18,
    "iou": 6 / 12,
    "specificity": 8 / 10,
    "accuracy": 14 / 20,
    "prevalence": 10 / 20,
    "ratio": 8 / 10,
    "bias": -2,
}


@pytest.mark.parametrize("name", BY_HAND)
def test_by_hand_on_numbers_and_arrays(name):
    read = getattr(readings, name)
    assert read(COUNTS) == pytest.approx(BY_HAND[name])
    arrays = Counts(*(np.array([value, value]) for value in COUNTS))
    assert read(arrays) == pytest.approx([BY_HAND[name]] * 2)


@pytest.mark.parametrize("name", ["precision", "recall", "f1", "iou", "specificity", "accuracy", "prevalence", "ratio"])
def test_an_empty_class_scores_what_is_asked_for(name):
    read = getattr(readings, name)
    empty = Counts(0, 0, 0, 0)
    assert math.isnan(read(empty))
    assert read(empty, zero_division=1.0) == 1
    arrays = Counts(*(np.array([0.0, value]) for value in COUNTS))
    assert math.isnan(read(arrays)[0])
    assert read(arrays, zero_division=0.0) == pytest.approx([0, BY_HAND[name]])
    assert read(arrays, zero_division=1.0, where=np.where) == pytest.approx([1, BY_HAND[name]])


def test_smoothing_enters_above_and_below():
    assert readings.f1(Counts(0.0, 0.0, 0.0), smooth=1.0) == 1
    assert readings.iou(Counts(1.0, 1.0, 0.0), smooth=1.0) == pytest.approx(2 / 3)
    assert readings.dice is readings.f1


def test_jax_arrays_are_read_too():
    jnp = pytest.importorskip("jax.numpy")
    found = readings.f1(Counts(jnp.array([1.0, 0.0]), jnp.array([1.0, 0.0]), jnp.array([0.0, 0.0])), zero_division=0.0)
    assert np.asarray(found) == pytest.approx([2 / 3, 0])


def test_what_is_no_number_is_refused():
    with pytest.raises(TypeError, match="Received list"):
        divide([1], [2])


def test_readings_import_no_array_library():
    for file in Path(readings.__file__).parent.glob("*.py"):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        imported = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        imported |= {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
        assert not [name for name in imported if name.split(".")[0] in ("numpy", "keras", "jax", "torch", "tensorflow")]
