"""NumPy functions inside of compiled, differentiated and vectorised functions."""

import os
import subprocess
import sys

import keras
import numpy as np
import pytest
from keras import ops

from segmend.ops import on_host
from segmend.training.compiled import compiled
from tests.backends import gradient

pytestmark = pytest.mark.backend

VALUES = np.array([[3.0, 1.0, 2.0], [0.5, 4.0, 1.5]], "float32")


def ranked(values):
    """The place of each value in its row, and how many there are."""
    return np.argsort(np.argsort(values, axis=-1), axis=-1), np.full(values.shape[:1], values.shape[-1])


def places(values):
    return on_host(ranked, [values], [(tuple(values.shape), "int32"), (tuple(values.shape[:1]), "float32")])


@pytest.mark.parametrize("way", [lambda call: call, compiled], ids=["eager", "compiled"])
def test_arrays_go_out_and_come_back(way):
    place, size = way(places)(ops.convert_to_tensor(VALUES))
    assert ops.convert_to_numpy(place).tolist() == [[2, 0, 1], [0, 2, 1]]
    assert ops.convert_to_numpy(size).tolist() == [3.0, 3.0]
    assert keras.backend.standardize_dtype(place.dtype) == "int32"


def test_the_gradient_flows_beside_it_only():
    slope = gradient(lambda x: ops.sum(x * ops.cast(places(x)[0], "float32")), VALUES)
    assert slope.tolist() == [[2, 0, 1], [0, 2, 1]]


@pytest.mark.skipif(keras.backend.backend() == "torch", reason="torch.vmap hands no values to NumPy")
def test_each_element_of_a_vectorised_call_is_its_own():
    found = ops.vectorized_map(lambda row: places(row[None])[0][0], ops.convert_to_tensor(VALUES))
    assert ops.convert_to_numpy(found).tolist() == [[2, 0, 1], [0, 2, 1]]


ON_ONE_CORE = """
import os
os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
import numpy as np
from segmend import losses
import keras
x = np.random.default_rng(0).normal(size=(64, 2600, 4)).astype("float32")
filters = [keras.layers.Conv1D(32, 9, padding="same"), keras.layers.Conv1D(4, 9, padding="same", activation="softmax")]
model = keras.Sequential([keras.Input((None, 4)), *filters])
model.compile("adam", loss=losses.CrossEntropy() + 0.1 * losses.Topological())
model.fit(x, (x[..., 0] > 0).astype("int32"), batch_size=32, epochs=2, verbose=0)
"""
"""Arrays that are large enough to be copied by another thread than the one that runs the step."""


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="a process cannot be bound to a core here")
def test_a_single_core_does_not_wait_for_itself():
    own = {key: value for key, value in os.environ.items() if key != "NPROC"}
    subprocess.run([sys.executable, "-c", ON_ONE_CORE], env=own, check=True, timeout=120)
