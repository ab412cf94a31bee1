"""Facts about Keras models: outputs, layers, losses, and models without a graph."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from keras import layers, ops

from segmend.anatomy import of_keras, receptive_field
from segmend.artifacts.anatomy import Anatomy
from segmend.errors import InputError

pytestmark = [
    pytest.mark.backend,
    # Keras' PyTorch backend asks NumPy for a copy in a way that NumPy 2 has deprecated.
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]


def two_headed():
    inputs = keras.Input((None, 2), name="signal")
    x = layers.Conv1D(4, 5, padding="same", activation="relu", name="body")(inputs)
    labels = layers.Dense(3, activation="softmax", name="labels")(x)
    border = layers.Dense(1, name="border")(layers.Conv1D(4, 3, padding="same")(x))
    return keras.Model(inputs, {"y": labels, "edge": border})


def test_facts_of_a_compiled_model():
    model = two_headed()
    model.compile(
        keras.optimizers.Adam(0.01),
        loss={"y": "sparse_categorical_crossentropy", "edge": keras.losses.BinaryCrossentropy(from_logits=True)},
        metrics={"y": ["accuracy", keras.metrics.MeanAbsoluteError(name="error")]},
    )
    facts = of_keras(model)
    by_name = {output.name: (output, loss) for output, loss in zip(facts.outputs, facts.losses, strict=True)}
    assert {name: (o.activation, o.shape[-1], loss.name, loss.from_logits) for name, (o, loss) in by_name.items()} == {
        "labels": ("softmax", 3, "SparseCategoricalCrossentropy", False),
        "border": ("linear", 1, "BinaryCrossentropy", True),
    }
    assert {name: output.fields[0].size for name, (output, _) in by_name.items()} == {"labels": 5, "border": 7}
    assert facts.input_shape == (None, 2)
    assert facts.optimizer == {"name": "Adam", "learning_rate": 0.01}
    assert facts.metrics == ("accuracy", "error")
    assert facts.parameters == facts.trainable_parameters == model.count_params()
    body = next(layer for layer in facts.layers if layer.name == "body")
    assert (body.kind, body.parameters, body.config["kernel_size"], body.config["activation"]) == (
        "Conv1D", 44, [5], "relu"
    )  # fmt: skip
    assert Anatomy.from_dict(facts.to_dict()) == facts


@pytest.mark.parametrize(
    ("loss", "name", "from_logits"),
    [
        ("mse", "MeanSquaredError", None),
        ("kl_divergence", "KLDivergence", None),
        (keras.losses.categorical_crossentropy, "CategoricalCrossentropy", False),
        (keras.losses.CategoricalCrossentropy(from_logits=True), "CategoricalCrossentropy", True),
        (keras.losses.Dice(), "Dice", None),
        ([keras.losses.SparseCategoricalCrossentropy()], "SparseCategoricalCrossentropy", False),
        (lambda y_true, y_pred: ops.mean(y_pred), "<lambda>", None),
    ],
)
def test_every_form_of_a_loss_is_read(loss, name, from_logits):
    model = keras.Sequential([keras.Input((None, 2)), layers.Dense(3, name="head")])
    model.compile("sgd", loss)
    (facts,) = of_keras(model).losses
    assert (facts.name, facts.from_logits) == (name, from_logits)


def test_losses_of_this_house_tell_what_they_take():
    from segmend import losses

    model = keras.Sequential([keras.Input((None, 2)), layers.Dense(3)])
    model.compile("sgd", losses.CrossEntropy(from_logits=True) + losses.Dice(from_logits=True))
    (facts,) = of_keras(model).losses
    assert (facts.name, facts.from_logits) == ("Sum", True)


def test_a_model_that_is_not_compiled_has_no_losses():
    facts = of_keras(two_headed())
    assert (facts.losses, facts.metrics, facts.optimizer) == ((), (), None)


@pytest.mark.parametrize(
    ("tail", "activations"),
    [
        ([layers.Dense(3)], ("linear",)),
        ([layers.Dense(3, activation="softmax")], ("softmax",)),
        ([layers.Dense(3), layers.Softmax()], ("softmax",)),
        ([layers.Dense(3, activation="softmax"), layers.Dropout(0.1), layers.Activation("softmax")], ("softmax",) * 2),
        ([layers.Conv1D(3, 1, activation="relu"), layers.ReLU(), layers.UpSampling1D(2)], ("relu", "relu")),
        ([layers.TimeDistributed(layers.Dense(3, activation="sigmoid"))], ("sigmoid",)),
        ([layers.Dense(3), keras.Sequential([layers.Softmax()])], ("softmax",)),
        ([keras.Sequential([layers.Dense(3, activation="sigmoid")]), layers.Softmax()], ("sigmoid", "softmax")),
        ([layers.LSTM(3, return_sequences=True)], ("tanh",)),
        ([layers.Dense(3), layers.BatchNormalization()], ()),
    ],
)
def test_activations_behind_the_last_weights(tail, activations):
    output = of_keras(keras.Sequential([keras.Input((16, 2)), *tail])).outputs[0]
    assert output.activations == activations
    assert output.activation == (activations[-1] if activations else None)


def test_activation_by_an_operation():
    inputs = keras.Input((16, 2))
    model = keras.Model(inputs, ops.softmax(layers.Dense(3)(inputs)))
    assert of_keras(model).outputs[0].activations == ("softmax",)


def test_output_lengths_of_an_open_input():
    block = [layers.Conv1D(3, 5, strides=2, padding="same"), layers.Conv1D(3, 3), layers.UpSampling1D(2)]
    model = keras.Sequential([keras.Input((None, 2)), *block])
    steps_for = of_keras(model).outputs[0].steps_for
    assert set(steps_for) == {128, 500, 1000, 1024, 4096}
    for steps, out in steps_for.items():
        assert model.compute_output_shape((1, steps, 2))[1] == out


def test_an_open_length_gives_the_union_over_lengths():
    def build(steps):
        inputs = keras.Input((steps, 2))
        x = layers.Conv1D(3, 5, strides=2, padding="same")(inputs)
        return keras.Model(inputs, layers.Conv1D(3, 4, strides=2, padding="same")(x))

    fields = [of_keras(build(steps)).outputs[0].fields[0] for steps in range(64, 68)]
    (united,) = of_keras(build(None)).outputs[0].fields
    assert (united.left, united.right) == (min(f.left for f in fields), max(f.right for f in fields))
    assert len({(f.left, f.right) for f in fields}) > 1


def test_an_open_length_counts_only_lengths_that_the_graph_takes():
    def build(steps):
        inputs = keras.Input((steps, 2))
        x = layers.Conv1D(2, 5, strides=2, padding="same")(inputs)
        return keras.Model(inputs, layers.Concatenate()([layers.UpSampling1D(2)(x), inputs]))

    assert of_keras(build(None)).outputs[0].fields == of_keras(build(64)).outputs[0].fields
    assert list(of_keras(build(None)).outputs[0].steps_for) == [128, 500, 1000, 1024, 4096]


@pytest.mark.parametrize(
    ("cut", "reach"),
    [
        (lambda x: x[:, 2:], (1, 3, 1.0)),
        (lambda x: x[:, :-2], (-1, 1, 1.0)),
        (lambda x: x[:, ::2], (-1, 1, 2.0)),
        (lambda x: x[:, -8:], (None, None, 1.0)),
        (lambda x: x + x[:, -1:], (-1, None, 1.0)),
        (lambda x: x[:, -1], (None, None, 0.0)),
        (lambda x: x + x[:, 40:41], (None, None, 1.0)),
    ],
)
def test_slices_of_an_open_length(cut, reach):
    inputs = keras.Input((None, 2))
    model = keras.Model(inputs, cut(layers.Conv1D(2, 3, padding="same")(inputs)))
    (field,) = of_keras(model).outputs[0].fields
    assert (field.left, field.right, field.stride) == reach


class Smoother(keras.Model):
    def __init__(self, cell=None):
        super().__init__()
        self.conv = layers.Conv1D(3, 9, padding="same")
        self.cell = cell

    def call(self, inputs):
        x = self.conv(inputs)
        return x if self.cell is None else self.cell(x)


def test_a_subclassed_model_is_probed():
    (field,) = of_keras(Smoother(), input_shape=(None, 2)).outputs[0].fields
    assert (field.left, field.right, field.size) == (-4, 4, 9)


def test_a_subclassed_model_that_ran_once_knows_its_shape():
    model = Smoother()
    model(np.zeros((1, 300, 2), "float32"))
    (field,) = of_keras(model).outputs[0].fields
    assert (field.left, field.right) == (-4, 4)


def test_a_subclassed_recurrent_model_is_unbounded_in_the_past():
    cell = layers.SimpleRNN(2, return_sequences=True)
    (field,) = of_keras(Smoother(cell), input_shape=(64, 2)).outputs[0].fields
    assert (field.left, field.right, field.size) == (None, 4, None)


class Image(keras.Model):
    """Two outputs in a dict, and a call that takes no training argument."""

    def __init__(self):
        super().__init__()
        self.conv = layers.Conv2D(2, (3, 5), padding="same")

    def call(self, inputs):
        return {"seen": self.conv(inputs), "edge": inputs[..., :1] - ops.roll(inputs[..., :1], 2, axis=2)}


def test_a_subclassed_image_model_of_two_outputs_is_probed_on_both_axes():
    facts = of_keras(Image(), input_shape=(24, 20, 1))
    fields = {output.name: [(field.left, field.right) for field in output.fields] for output in facts.outputs}
    assert fields == {"edge": [(0, 0), (-2, 0)], "seen": [(-1, 1), (-2, 2)]}
    assert {output.name: output.shape for output in facts.outputs} == {"edge": (24, 20, 1), "seen": (24, 20, 2)}
    assert facts.input_shape == (None, None, 1)
    assert facts.parameters == 32


def test_a_sequential_model_that_saw_no_data_is_built_for_the_shape_that_is_given():
    model = keras.Sequential([layers.Conv1D(3, 5, padding="causal"), layers.Dense(2, activation="softmax")])
    (output,) = of_keras(model, input_shape=(60, 1)).outputs
    assert (output.fields[0].left, output.fields[0].right, output.shape) == (-4, 0, (60, 2))


def test_what_is_not_known_says_why():
    facts = of_keras(Smoother())
    assert facts.outputs[0].fields == ()
    assert "input shape is not known" in facts.outputs[0].unknown
    with pytest.raises(InputError, match="input shape is not known"):
        receptive_field(Smoother())


def test_an_unbuilt_sequential_tells_its_activation():
    facts = of_keras(keras.Sequential([layers.Conv1D(3, 3), layers.Dense(2), layers.Softmax()]))
    assert facts.outputs[0].activation == "softmax"
    assert facts.outputs[0].unknown is not None


def test_other_things_are_refused():
    with pytest.raises(InputError, match=r"expected a Keras model\. Received function"):
        of_keras(lambda x: x)


def test_functional_models_in_a_class_of_ones_own_keep_their_graph():
    class Trained(keras.Model):
        def train_step(self, *args, **kwargs):
            raise AssertionError("never trained")

    inputs = keras.Input((None, 2))
    model = Trained(inputs, layers.Conv1D(3, 7, padding="causal")(inputs))
    (field,) = of_keras(model).outputs[0].fields
    assert (field.left, field.right) == (-6, 0)


def test_a_second_input_without_steps_changes_nothing():
    signal, person = keras.Input((None, 2)), keras.Input((5,))
    gate = layers.Reshape((1, 3))(layers.Dense(3, activation="sigmoid")(person))
    model = keras.Model([signal, person], layers.Multiply()([layers.Conv1D(3, 5, padding="same")(signal), gate]))
    (field,) = of_keras(model).outputs[0].fields
    assert field.size == 5


def test_tokens_are_steps():
    inputs = keras.Input((None,))
    model = keras.Model(inputs, layers.Conv1D(3, 3, padding="same")(layers.Embedding(7, 4)(inputs)))
    (field,) = of_keras(model).outputs[0].fields
    assert field.size == 3


def test_channels_first_are_no_steps():
    inputs = keras.Input((2, 40))
    outputs = layers.Conv1D(3, 5, padding="same", data_format="channels_first")(inputs)
    (field,) = of_keras(keras.Model(inputs, outputs)).outputs[0].fields
    assert (field.left, field.right) == (-2, 2)


def test_a_planned_network_sees_what_its_stages_say():
    from segmend import models
    from segmend.core.stages import field_of_stages

    stages = [{"kernel": 3, "dilation": 2**level, "padding": "causal"} for level in range(4)]
    model = models.build({"architecture": "tcn", "filters": 4, "stages": stages}, channels=2, classes=3)
    (field,) = of_keras(model).outputs[0].fields
    assert (field.left, field.right) == (field_of_stages(stages).left, 0)


def test_a_planned_network_with_a_stem_sees_at_least_what_its_stages_say():
    from segmend import models
    from segmend.core.stages import field_of_stages

    stages = [{"kernel": 5, "stride": 4}, {"kernel": 3}, {"kernel": 3, "dilation": 2}, {"kernel": 5, "up": 4}]
    model = models.build({"architecture": "tcn", "filters": 4, "stages": stages}, channels=2, classes=3)
    (output,) = of_keras(model).outputs
    planned = field_of_stages(stages)
    assert output.fields[0].smallest >= planned.smallest
    assert output.steps_for == {steps: steps for steps in output.steps_for}
