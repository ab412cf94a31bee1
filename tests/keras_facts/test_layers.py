"""What Keras' layers do to masks and to recordings of a batch."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from keras import ops

RAMP = np.tile(np.arange(6, dtype="float32")[None, :, None, None], (8, 1, 1, 2))


@pytest.mark.parametrize(
    ("layer", "shape"), [(keras.layers.Conv1D(2, 3), (1, 6, 2)), (keras.layers.Conv2D(2, 3), (1, 6, 6, 2))]
)
def test_convolutions_drop_masks(layer, shape):
    masked = keras.layers.Masking()(np.zeros(shape, "float32"))
    assert keras.src.backend.get_keras_mask(masked) is not None
    with pytest.warns(UserWarning, match="does not support masking"):
        convolved = layer(masked)
    assert keras.src.backend.get_keras_mask(convolved) is None


def test_random_layers_take_sequences_for_one_image():
    """(N, T, C) is read as one image of height N: recordings leak into each other."""
    keras.utils.set_random_seed(0)
    x = np.broadcast_to(np.arange(8, dtype="float32")[:, None, None], (8, 6, 2)).copy()
    turned = ops.convert_to_numpy(keras.layers.RandomTranslation(0.5, 0.0, fill_mode="wrap")(x, training=True))
    assert np.abs(turned - x).max() > 0.5


def test_random_layers_are_right_with_an_axis_of_width_one():
    """(N, T, 1, C): each recording moves by itself, and its mask with it."""
    keras.utils.set_random_seed(0)
    layer = keras.layers.RandomTranslation(0.5, 0.0, fill_mode="nearest", interpolation="nearest")
    recordings = 10.0 * np.arange(8, dtype="float32")[:, None, None, None]
    moved = layer({"images": RAMP + recordings, "segmentation_masks": RAMP[..., :1]}, training=True)
    images, masks = (ops.convert_to_numpy(moved[part]) for part in ("images", "segmentation_masks"))
    np.testing.assert_allclose(images[..., :1] - recordings, masks)
    assert len({tuple(row[:, 0, 0]) for row in masks}) > 1


@pytest.mark.filterwarnings("ignore:Explicitly requested dtype int64:UserWarning")
@pytest.mark.parametrize("layer", [keras.layers.MixUp, keras.layers.CutMix])
def test_mixing_layers_change_the_shape_of_masks(layer):
    batch = {"images": np.zeros((4, 6, 1, 3), "float32"), "segmentation_masks": np.zeros((4, 6, 1, 1), "float32")}
    mixed = layer(seed=0)(batch, training=True)
    assert mixed["images"].shape == (4, 6, 1, 3)
    assert mixed["segmentation_masks"].shape[-1] != 1


@pytest.mark.filterwarnings("ignore:Layer .* does not have a .quantize:UserWarning")
def test_quantization_skips_convolutions():
    model = keras.Sequential([keras.Input((6, 2)), keras.layers.Conv1D(4, 1), keras.layers.Dense(2)])
    model.quantize("int8")
    kernels = {weight.path.split("/")[-2]: weight.dtype for weight in model.weights if weight.name == "kernel"}
    assert sorted(kernels.values()) == ["float32", "int8"]
    assert next(kind for name, kind in kernels.items() if name.startswith("conv1d")) == "float32"


@pytest.mark.backend
@pytest.mark.skipif(keras.backend.backend() != "torch", reason="only PyTorch's tensors change in place")
def test_on_torch_random_rotation_and_brightness_change_what_they_are_given():
    """So a draw cannot serve an image and its labels: the second of them is moved another way."""
    layer = keras.layers.RandomRotation(0.1, seed=0)
    drawn = layer.get_random_transformation(RAMP, training=True)
    before = ops.convert_to_numpy(drawn["rotation_matrix"]).copy()
    layer.transform_images(ops.convert_to_tensor(RAMP), drawn)
    assert np.abs(ops.convert_to_numpy(drawn["rotation_matrix"]) - before).max() > 0.01
    image = ops.convert_to_tensor(RAMP.copy())
    keras.layers.RandomBrightness(0.5, seed=0)(image, training=True)
    assert np.abs(ops.convert_to_numpy(image) - RAMP).max() > 0.01
