"""What Keras does together with other packages.

Pinned where the package is installed; segmend needs none of them. Not pinned: the speed of quantised networks, and that
PyTorch exports recurrent networks of dynamic length with wrong numbers, which would need two more runtimes here. Every
export is checked against its source instead.
"""

from __future__ import annotations

import importlib
import importlib.metadata

import keras
import numpy as np
import pytest

from tests.keras_facts.batch import DENSE, X, steps_model


def classifier(X, y):  # noqa: N803 - the wrapper calls it by these names
    return steps_model()


def test_the_scikit_learn_wrapper_rejects_sequences_and_has_no_probabilities():
    pytest.importorskip("sklearn", reason="the wrapper needs scikit-learn")
    wrapped = keras.wrappers.SKLearnClassifier(classifier)
    with pytest.raises(ValueError, match="Found array with dim 3"):
        wrapped.fit(X, DENSE[:, 0])
    assert not hasattr(wrapped, "predict_proba")


def test_keras_tuner_cannot_be_imported_by_itself():
    try:
        version = importlib.metadata.version("keras-tuner")
    except importlib.metadata.PackageNotFoundError:
        pytest.skip("KerasTuner is no dependency")
    assert version == "1.4.8", "see whether it declares its dependencies now"
    with pytest.raises(ImportError):
        importlib.import_module("keras_tuner")


@pytest.mark.skipif(keras.backend.backend() == "torch", reason="PyTorch exports a dynamic length")
def test_onnx_export_of_a_fixed_window_keeps_the_numbers(tmp_path):
    pytest.importorskip("onnx", reason="the export is no dependency")
    if keras.backend.backend() == "jax":
        pytest.importorskip("jax2onnx", reason="Keras exports from JAX by it", exc_type=ImportError)
    runtime = pytest.importorskip("onnxruntime", reason="what was exported must be run to be checked")
    model, path = steps_model(), tmp_path / "model.onnx"
    expected = keras.ops.convert_to_numpy(model(X))
    model.export(path, format="onnx", verbose=False)
    session = runtime.InferenceSession(str(path))
    found = session.run(None, {session.get_inputs()[0].name: X})[0]
    np.testing.assert_allclose(found, expected, atol=1e-5)
