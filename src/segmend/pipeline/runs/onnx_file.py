"""A Keras model as an ONNX file that has been shown to answer alike."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from segmend.core.backend import choose_backend
from segmend.core.extras import need
from segmend.core.types import FloatArray
from segmend.core.words import first_line
from segmend.errors import InputError

SIGNAL, PROBABILITIES, TOLD = "signal", "probabilities", "segmend"
"""Names of the input, the output and the metadata."""

TOLERANCE = 1e-5
"""Between probabilities of the file and of the model."""


def require_converter() -> None:
    """Refuse where a package is missing, or Keras runs on a backend from which planned networks are not converted.

    A RUN that was trained on another backend is converted all the same: its network is read on JAX.

    Raises:
        InputError: Keras runs on TensorFlow or PyTorch.
        MissingDependencyError: the message gives the command that installs what is missing.
    """
    backend = choose_backend()
    if backend != "jax":
        raise InputError(
            "export to ONNX: expected Keras on JAX, which reads runs of every backend: set KERAS_BACKEND=jax. "
            f"Received {backend}"
        )
    for module in ("onnx", "onnxruntime", "jax2onnx"):
        need(module, "onnx", what="export to ONNX")


def write_onnx(model: Any, file: Path, *, tiles: FloatArray, about: Mapping[str, Any]) -> float:
    """Convert a model for tiles of one size, in batches of any, and compare what file and model say of some.

    The size is fixed, since networks that go to coarse grids and back cannot be converted where it is open.

    Args:
        model: Keras model of one input and one output.
        file: to write.
        tiles: (rows, *size, channels) like those that the model knows; rows are two or more.
        about: kept in the file's metadata, as JSON under the key "segmend".

    Returns:
        The largest difference between a probability of the file and of the model.

    Raises:
        InputError: the model cannot be converted, or the file answers differently.
    """
    import keras

    signature = [keras.InputSpec(shape=(None, *tiles.shape[1:]), dtype="float32", name=SIGNAL)]
    said = _said_exactly(model, tiles)  # also builds what was never called
    logging.getLogger("onnx_ir").setLevel(logging.ERROR)  # it warns of shapes that no runtime asks for
    try:
        model.export(str(file), format="onnx", verbose=False, input_signature=signature)
    except Exception as error:
        raise InputError(
            f"model: expected one that jax2onnx can convert. Received {type(error).__name__}: {first_line(error)}"
        ) from error
    _name(file, about)
    answers = run_onnx(file)
    apart = max(float(np.abs(answers(tiles[:rows]) - said[:rows]).max()) for rows in (1, len(tiles)))
    if not apart <= TOLERANCE:
        raise InputError(
            f"model: expected probabilities of the ONNX file within {TOLERANCE:g} of the model's. Received a "
            f"difference of {apart:.2g}"
        )
    return apart


def run_onnx(file: Path) -> Any:
    """What a file answers: a function from tiles (rows, *size, channels) to probabilities."""
    runtime = need("onnxruntime", "onnx", file, what="an ONNX file")
    options = runtime.SessionOptions()
    options.log_severity_level = 3  # errors; below stands what it leaves out as unused
    session = runtime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    return lambda tiles: session.run([PROBABILITIES], {SIGNAL: np.asarray(tiles, np.float32)})[0]


def _said_exactly(model: Any, tiles: FloatArray) -> FloatArray:
    """Probabilities in full single precision, which GPUs leave for a faster one unless they are asked for it."""
    import jax

    with jax.default_matmul_precision("highest"):
        return np.asarray(model.predict_on_batch(tiles), np.float32)


def _name(file: Path, about: Mapping[str, Any]) -> None:
    """Give input and output their names, whatever the converter called them, and keep the metadata."""
    onnx = need("onnx", "onnx", file, what="an ONNX file")
    content = onnx.load(str(file))
    graph = content.graph
    for ends, name in ((graph.input, SIGNAL), (graph.output, PROBABILITIES)):
        if len(ends) != 1:
            raise InputError(f"{file}: expected one input and one output. Received {[end.name for end in ends]}")
        _rename(graph, ends[0].name, name)
        ends[0].name = name
    onnx.helper.set_model_props(content, {TOLD: json.dumps(dict(about), ensure_ascii=False)})
    onnx.save(content, str(file))


def _rename(graph: Any, old: str, new: str) -> None:
    for node in graph.node:
        for names in (node.input, node.output):
            names[:] = [new if name == old else name for name in names]
