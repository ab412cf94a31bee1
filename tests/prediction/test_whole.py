"""Anybody's model over whole recordings and images, of every task."""

from __future__ import annotations

import numpy as np
import pytest

from segmend.artifacts.anatomy import Anatomy, LossFacts, OutputFacts
from segmend.errors import InputError
from segmend.prediction.whole import predict_whole


def anatomy(input_shape, output_shape, activation="softmax", loss=None):
    losses = () if loss is None else (LossFacts(name=loss, from_logits=True),)
    output = OutputFacts(name="out", shape=output_shape, activation=activation)
    return Anatomy(framework="callable", name="m", input_shape=input_shape, outputs=(output,), losses=losses)


def test_images_of_unequal_sizes_go_through_whole_and_come_back_in_order():
    images = [np.full(shape, k, np.uint8) for k, shape in enumerate([(4, 6, 3), (5, 5, 3), (4, 6, 3)])]
    calls = []

    def look(batch):
        calls.append(len(batch))
        return batch[..., :2]

    outputs = predict_whole(look, images)
    assert sorted(calls) == [1, 2]
    assert [(rows.shape, int(rows.max())) for rows in outputs] == [((4, 6, 2), 0), ((5, 5, 2), 1), ((4, 6, 2), 2)]


def test_a_fixed_size_takes_larger_images_tile_by_tile():
    image = np.random.default_rng(0).random((11, 9, 1))

    def look(batch):
        assert batch.shape[1:] == (4, 4, 1)
        return batch

    (output,) = predict_whole(look, [image], anatomy((4, 4, 1), (4, 4, 1)))
    np.testing.assert_allclose(output, image, rtol=1e-6)


def test_a_classifier_of_a_fixed_size_is_averaged_over_tiles():
    (answer,) = predict_whole(
        lambda batch: batch.mean(axis=1), [np.array([[0.0], [2.0], [4.0]])], anatomy((2, 1), (1,), "sigmoid")
    )
    assert answer.tolist() == [2.0]
    (once,) = predict_whole(lambda batch: batch.mean(axis=1), [np.array([[0.0], [2.0], [4.0]])])
    assert once.tolist() == [2.0]


@pytest.mark.parametrize(
    ("shape", "loss", "expected"),
    [
        ((None, None, 2), "CategoricalCrossentropy", [0.5, 0.5]),
        ((None, None, 2), "BinaryCrossentropy", [0.5, 0.5]),
        ((2,), "SparseCategoricalCrossentropy", [0.5, 0.5]),
    ],
)
def test_logits_become_probabilities_of_the_task(shape, loss, expected):
    logits = np.zeros((1, 2, 2, 2) if len(shape) > 1 else (1, 2))
    facts = anatomy((None, None, 3), shape, "linear", loss)
    (output,) = predict_whole(lambda batch: logits + 0, [np.zeros((2, 2, 3))], facts)
    assert output.reshape(-1, 2)[0].tolist() == expected
    (large,) = predict_whole(lambda batch: logits + 3, [np.zeros((2, 2, 3))], facts)
    assert large.max() == pytest.approx(1 / (1 + np.exp(-3)) if loss.startswith("Binary") else 0.5)


def test_an_output_without_one_entry_for_each_is_refused():
    with pytest.raises(InputError, match="for 1 recordings"):
        predict_whole(lambda batch: np.zeros((2, 3)), [np.zeros((2, 2, 3))])
