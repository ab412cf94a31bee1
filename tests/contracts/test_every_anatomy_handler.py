"""What holds for every operation that anatomy knows: Keras has it, and stepwise ones see what a probe shows."""

from __future__ import annotations

import re

import keras
import pytest
from keras import layers, ops

from segmend.anatomy import handlers
from segmend.anatomy.graph import nodes
from segmend.anatomy.sight import Axis, Call, keep
from segmend.anatomy.trace import probe, see
from segmend.core.receptive_field import Field
from segmend.models import masked
from segmend.models.kernel_shares import KernelShares
from segmend.models.spectral import LogSpectrum
from segmend.ops import CropLike

pytestmark = [
    pytest.mark.backend,
    # Keras' PyTorch backend asks NumPy for a copy in a way that NumPy 2 has deprecated.
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]

STEPS = 20
OWN = {"CropLike": CropLike, "LogSpectrum": LogSpectrum, "KernelShares": KernelShares} | {
    name: getattr(masked, name)
    for name in handlers.HANDLERS
    if name.startswith("Masked") or name in ("Hide", "MeanOverSteps")
}
SPELLED = {
    "Relu6": "relu6",
    "Log1p": "log1p",
    "Log2": "log2",
    "Log10": "log10",
    "Expm1": "expm1",
    "TrueDivide": "true_divide",
}
ARGUMENTS = {
    "Activation": ("tanh",),
    "Dropout": (0.5,),
    "SpatialDropout1D": (0.5,),
    "AlphaDropout": (0.5,),
    "GaussianDropout": (0.5,),
    "GaussianNoise": (0.5,),
    "Rescaling": (2.0,),
}
OPERATION_ARGUMENTS = {"Clip": (-1.0, 1.0), "Cast": ("float32",), "Threshold": (0.0, 0.0)}
STEPWISE = [name for name, handler in handlers.HANDLERS.items() if handler is keep and name != "Embedding"]


def function_of(name):
    """The function of ``keras.ops`` that an operation of this class belongs to."""
    return getattr(ops, SPELLED.get(name) or re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower(), None)


def call_of(output):
    """The last call of a graph, with what its input sees."""
    *_, node = nodes(keras.Function(output._keras_history.operation._inbound_nodes[-1].arguments.keras_tensors, output))
    tensors = node.arguments.keras_tensors
    sight = (Axis(Field().conv(3), 1, STEPS),)
    fill = lambda values: node.arguments.fill_in({id(t): v for t, v in zip(tensors, values, strict=True)})  # noqa: E731
    return Call(node.operation, tensors, [sight] * len(tensors), node.outputs, fill)


@pytest.mark.parametrize("name", handlers.HANDLERS)
def test_keras_has_it(name):
    assert hasattr(layers, name) or name in OWN or callable(function_of(name))


@pytest.mark.parametrize("name", STEPWISE)
def test_stepwise_operations_see_what_a_probe_shows(name):
    rank = 4 if name.endswith("2D") else 3
    if rank == 4:
        pytest.skip("images are checked in tests/anatomy")
    inputs = keras.Input((STEPS, 2))
    if name in OWN or hasattr(layers, name):
        options = {"mean": 0.5, "variance": 2.0} if name == "Normalization" else {}
        output = (OWN.get(name) or getattr(layers, name))(*ARGUMENTS.get(name, ()), **options)(inputs)
    else:
        output = function_of(name)(inputs, *OPERATION_ARGUMENTS.get(name, ()))
    call = call_of(output)
    (seen,) = see(call)
    assert seen == call.sights[0] == probe(call)


def test_a_class_of_ones_own_is_its_keras_layer_until_it_overrides_call():
    class Named(layers.Conv1D):
        pass

    class Changed(layers.Conv1D):
        def call(self, inputs):
            return super().call(inputs)

    assert handlers.handler_of(Named(2, 3)) is handlers.HANDLERS["Conv1D"]
    assert handlers.handler_of(Changed(2, 3)) is None
    assert handlers.handler_of(layers.ConvLSTM1D(2, 3)) is None
