"""What is told of PyTorch modules, against what their authors wrote into them."""

from __future__ import annotations

import doctest
import importlib

import numpy as np
import pytest

torch = pytest.importorskip("torch")
from torch import nn  # noqa: E402

import segmend  # noqa: E402
from segmend.anatomy import of_torch, torch_activity  # noqa: E402
from segmend.anatomy.torch_layout import entry_of  # noqa: E402
from segmend.errors import InputError  # noqa: E402
from tests.anatomy import modules  # noqa: E402

pytestmark = pytest.mark.backend

FIRST, LAST = np.zeros((2, 3, 40), np.float32), np.zeros((2, 40, 3), np.float32)
LSTM_LAST = {"take": modules.last}


@pytest.mark.parametrize("name", ["ending", "flow", "layers", "layout", "model", "run"])
def test_examples_of_docstrings(name):
    module = importlib.import_module(f"segmend.anatomy.torch_{name}")
    assert doctest.testmod(module, optionflags=doctest.NORMALIZE_WHITESPACE).failed == 0


@pytest.mark.parametrize(
    ("module", "example", "left", "right", "stride"),
    [
        (modules.Convolutions, FIRST, -3, 3, 1),
        (modules.Turned, LAST, -3, 3, 1),
        (modules.Causal, FIRST, -16, 0, 1),
        (modules.Pooled, FIRST, -7, 7, 1),
        (modules.Recurrent, LAST, None, None, 1),
        (lambda: modules.Recurrent(bidirectional=False), LAST, None, 0, 1),
        (lambda: nn.Conv1d(3, 4, 4, stride=2), FIRST, 0, 3, 2),
        (lambda: nn.Conv1d(3, 4, 601, padding=300), FIRST, -300, 300, 1),
    ],
)
def test_receptive_field(module, example, left, right, stride):
    (field,) = of_torch(module(), example).outputs[0].fields
    assert (field.left, field.right, field.stride) == (left, right, stride)


def test_receptive_field_of_images_on_both_axes():
    module = nn.Sequential(nn.Conv2d(3, 4, (3, 7), padding=(1, 3)), nn.ReLU(), nn.Conv2d(4, 2, 1))
    output = of_torch(module, np.zeros((1, 3, 30, 20), np.float32)).outputs[0]
    assert output.shape == (None, None, 2)
    assert [(field.left, field.right) for field in output.fields] == [(-1, 1), (-3, 3)]


def test_the_effective_field_is_inside_the_whole_one():
    weights = np.zeros((1, 1, 41), np.float32)
    weights[0, 0, 18:23] = 1
    module = nn.Conv1d(1, 1, 41, padding=20, bias=False)
    module.weight.data = torch.from_numpy(weights)
    (field,) = of_torch(module, np.zeros((1, 1, 100), np.float32), effective=True).outputs[0].fields
    assert field.effective == {50: 3, 90: 5, 95: 5, 99: 5} and field.size in (5, 41)


@pytest.mark.parametrize(
    ("module", "example", "activations"),
    [
        (lambda: modules.Convolutions(), FIRST, ("linear",)),
        (lambda: modules.Convolutions(activation=torch.sigmoid), FIRST, ("sigmoid",)),
        (lambda: modules.Convolutions(activation=lambda x: x.softmax(1)), FIRST, ("softmax",)),
        (lambda: modules.Turned(activation=lambda x: x.log_softmax(1)), LAST, ("log_softmax",)),
        (lambda: nn.Sequential(nn.Conv1d(3, 4, 1), nn.Softmax(1), nn.Softmax(1)), FIRST, ("softmax", "softmax")),
        (lambda: nn.Sequential(nn.Linear(3, 4, bias=False), nn.ReLU(), nn.Sigmoid()), LAST, ("relu", "sigmoid")),
        (lambda: modules.Recurrent(take=modules.last), LAST, ("linear",)),
        (lambda: modules.Turned(activation=lambda x: x + x.mean()), LAST, ()),
    ],
)
def test_activations_behind_the_last_weights(module, example, activations):
    output = of_torch(module(), example).outputs[0]
    assert output.activations == activations
    assert output.activation == (activations[-1] if activations else "linear")


@pytest.mark.parametrize(
    ("module", "edge"),
    [
        (lambda: modules.Recurrent(take=modules.last), ("bidirectional", "last", "[:, -1]", False, False)),
        (lambda: modules.Recurrent(nn.GRU, modules.last), ("bidirectional", "last", "[:, -1]", False, False)),
        (
            lambda: modules.Recurrent(nn.RNN, lambda output, state: output[:, 0], num_layers=2),
            ("bidirectional", "first", "[:, 0]", False, False),
        ),
        (
            lambda: modules.Recurrent(take=modules.last, bidirectional=False),
            ("forward", "last", "[:, -1]", True, False),
        ),
        (lambda: modules.Recurrent(take=modules.final_states), ("bidirectional", "last", "rnn", True, False)),
        (lambda: modules.Recurrent(nn.GRU, modules.final_states), ("bidirectional", "last", "rnn", True, False)),
        (modules.Packed, ("forward", "last", "rnn", True, True)),
        (lambda: modules.Recurrent(take=lambda output, state: output.mean(1)), None),
        (lambda: modules.Recurrent(take=lambda output, state: output.amax(1)), None),
        (modules.Recurrent, None),
    ],
)
def test_the_step_that_stands_for_the_recording(module, edge):
    flow = of_torch(module(), np.ones((2, 30, 3), np.float32)).flow
    found = [(e.kind, e.place, e.by, e.whole_state, e.masked) for e in flow.edges]
    assert found == ([] if edge is None else [edge])
    assert {each.kind for each in flow.unmasked} <= {"Bidirectional"}


def test_a_layer_that_another_one_reads_is_no_edge():
    class Stacked(nn.Module):
        def __init__(self):
            super().__init__()
            self.below, self.above = (nn.LSTM(n, 4, batch_first=True, bidirectional=True) for n in (3, 8))

        def forward(self, x):
            return self.above(self.below(x)[0])[0][:, -1]

    assert [edge.layer for edge in of_torch(Stacked(), LAST).flow.edges] == ["above"]


def test_the_last_step_behind_an_embedding_of_whole_numbers():
    class Words(nn.Module):
        def __init__(self):
            super().__init__()
            self.embedding, self.rnn = nn.Embedding(9, 3), nn.GRU(3, 4, batch_first=True, bidirectional=True)

        def forward(self, x):
            return self.rnn(self.embedding(x))[0][:, -1]

    (edge,) = of_torch(Words(), np.ones((2, 20), np.int64)).flow.edges
    assert (edge.layer, edge.kind, edge.whole_state) == ("rnn", "bidirectional", False)


def test_layers_in_the_words_that_rules_read():
    module = nn.Sequential(
        nn.BatchNorm1d(3),
        nn.Conv1d(3, 8, 5, padding=4, dilation=2),
        nn.Dropout(0.4),
        nn.MaxPool1d(2),
        nn.Conv1d(8, 2, 3),
    )
    module[1].weight.data[0, 0, 0] = np.nan
    layers = {layer.name: layer for layer in of_torch(module, FIRST).layers}
    assert [layers[str(k)].kind for k in range(5)] == [
        "BatchNormalization", "Conv1D", "Dropout", "MaxPooling1D", "Conv1D",
    ]  # fmt: skip
    assert layers["1"].parameters == 3 * 8 * 5 + 8 and layers["1"].non_finite == 1
    assert layers["1"].config | {"filters": 8, "kernel_size": [5], "padding": "same"} == layers["1"].config
    assert layers["2"].config == {"rate": 0.4}
    assert layers["3"].config["pool_size"] == 2
    assert layers["4"].config["padding"] == "valid"
    recurrent = of_torch(modules.Recurrent(num_layers=2, dropout=0.3), LAST).layers[0]
    assert (recurrent.kind, recurrent.config) == ("Bidirectional", {"units": 6, "dropout": 0.3, "layers": 2})


def test_every_part_keeps_its_mode_and_its_gradients():
    module = nn.Sequential(nn.Conv1d(3, 8, 3, padding=1), nn.BatchNorm1d(8), nn.Dropout(0.5), nn.Conv1d(8, 2, 1))
    module.train()
    module[1].eval()
    before = {name: value.clone() for name, value in module.state_dict().items()}
    of_torch(module, FIRST + 1, effective=True)
    assert [part.training for part in module.modules()] == [True, True, False, True, True]
    assert all(torch.equal(before[name], value) for name, value in module.state_dict().items())
    assert all(weight.grad is None for weight in module.parameters())
    assert not any(part._forward_hooks or part._forward_pre_hooks for part in module.modules())


@pytest.mark.parametrize(
    ("module", "shape", "first"),
    [
        (modules.Convolutions, (2, 3, 40), True),
        (modules.Convolutions, (2, 3, 3), True),
        (modules.Turned, (2, 3, 3), False),
        (modules.Recurrent, (2, 40, 3), False),
        (lambda: nn.Conv2d(3, 2, 1), (2, 3, 3, 3), True),
        (nn.Identity, (2, 3, 3), None),
    ],
)
def test_where_the_channels_are(module, shape, first):
    assert entry_of(module(), np.zeros(shape, np.float32)).first is first


def test_recordings_that_are_taken_for_steps_are_noticed():
    module = modules.Recurrent(batch_first=False)
    assert entry_of(module, LAST).mixes
    output = of_torch(module, LAST).outputs[0]
    assert output.fields == () and "depends on the others of its batch" in output.unknown


def test_silent_units_behind_a_function_and_behind_a_layer():
    module = modules.Convolutions()
    module.wide.bias.data[:3] = -1e6
    for look in (module, nn.Sequential(module.wide, nn.ReLU(), module.narrow)):
        anatomy = of_torch(look, FIRST)
        layers = torch_activity.with_activity(anatomy, look, np.ones((2, 3, 40), np.float32)).layers
        assert layers[0].units == 8 and layers[0].silent >= 3
        assert layers[-1].units is None


def test_what_is_no_module_or_gives_no_single_tensor_is_refused():
    with pytest.raises(InputError, match=r"expected a torch.nn.Module. Received int"):
        of_torch(3, FIRST)
    with pytest.raises(InputError, match=r"takes a batch of shape \(2, 40, 3\).* Received RuntimeError"):
        of_torch(modules.Convolutions(), LAST)
    with pytest.raises(InputError, match="Received 2 parts"):
        of_torch(nn.LSTM(3, 4, batch_first=True), LAST)
    with pytest.raises(InputError, match="lazy layers"):
        of_torch(nn.LazyConv1d(3, 4), FIRST)


def test_double_precision_and_whole_numbers_go_in_as_they_must():
    assert of_torch(modules.Convolutions().double(), FIRST).outputs[0].fields[0].size == 7
    tokens = nn.Sequential(nn.Embedding(5, 4), nn.Linear(4, 2))
    output = of_torch(tokens, np.zeros((2, 30), np.int64)).outputs[0]
    assert output.shape == (None, 2) and "whole numbers" in output.unknown


def test_the_public_receptive_field():
    (field,) = segmend.receptive_field(modules.Convolutions(), input_shape=(3, 100))["output"]
    assert (field.left, field.right) == (-3, 3) and 1 <= field.effective[50] <= field.effective[99] <= 7
    with pytest.raises(InputError, match=r"input_shape: expected .* Received None"):
        segmend.receptive_field(modules.Convolutions())
    with pytest.raises(InputError, match="others of its batch"):
        segmend.receptive_field(modules.Recurrent(batch_first=False), input_shape=(40, 3))
