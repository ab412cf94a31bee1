"""What holds for every transform: labels belong to the signal, counts change as declared, recordings stay apart."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from keras import ops

from segmend import catalogue
from tests.augmentation.arrays import arrays, batch_of, decoded, runs

pytestmark = pytest.mark.backend

OPTIONS = {
    "time_warp": {"speed": 2.0},
    "stretch": {"speed": 2.0},
    "shift": {},
    "noise": {"snr": (0, 20)},
    "scaling": {"factor": 1.5, "per_channel": True},
    "offset": {},
    "drift": {},
    "smoothing": {"width": 1.5},
    "channel_drop": {"chance": 0.5},
    "time_mask": {"longest": 8, "stretches": 2},
    "frequency_mask": {"widest": 2},
    "crop": {"size": 9},
    "segment_length": {"factor": 2.0},
    "segment_paste": {},
    "gap_insertion": {"longest": 5},
    "overlay": {"gain": 0.0},
    "cut_mix": {"longest": 0.5},
    "rotation": {"angle": 90.0},
    "translation": {"height": 0.3, "width": 0.3},
    "shear": {"across": 1.0, "down": 1.0},
    "zoom": {"by": 0.5},
    "flip": {},
    "brightness": {"value_range": (-99, 99)},
    "contrast": {"value_range": (-99, 99)},
}
PER_CHANNEL = {"noise", "scaling", "offset", "drift", "channel_drop", "frequency_mask"}
ONLY_MULTI_HOT = {"overlay"}

SELDOM = {("crop", 1): [(True, False)], ("crop", 2): [(True, False)], ("overlay", 2): [(False, True)]}
"""What may be all that is seen: a crop seldom parts a segment, and few objects are joined by others."""
IMAGES = {"rotation", "translation", "shear", "zoom", "flip", "brightness", "contrast"}
ANY_RANK = {"noise", "scaling", "offset", "smoothing", "channel_drop", "frequency_mask", "crop", "overlay"}
RANKED = [
    (name, rank) for name in OPTIONS for rank in ((1, 2) if name in ANY_RANK else (2,) if name in IMAGES else (1,))
]

every_transform = pytest.mark.parametrize(("name", "rank"), RANKED)


def make(name, **more):
    return catalogue.resolve("transforms", name)(**{"seed": 0} | OPTIONS[name] | more)


def forms(name):
    """Whether labels are one number per step, and 0 or 1 for each class."""
    return [True] if name in ONLY_MULTI_HOT else [False, True]


def batch(name, rank, multi_hot=None, seed=0, recordings=8):
    return batch_of(rank, forms(name)[0] if multi_hot is None else multi_hot, seed, recordings)


@every_transform
def test_labels_belong_to_the_signal(name, rank):
    for multi_hot in forms(name):
        for seed in range(4):
            x, y, weight = batch(name, rank, multi_hot, seed)
            new_x, new_y, new_weight = arrays(make(name, seed=seed)((x, y, weight)))
            assert new_x.shape[1:-1] == new_y.shape[1 : len(new_x.shape) - 1] == new_weight.shape[1:]
            if np.array_equal(new_y, y):
                continue  # labels that stay are those of a signal that stands still
            label, pure = decoded(new_x, multi_hot)
            judged = pure & ((new_y.min(axis=-1) if multi_hot else new_y) >= 0)
            assert judged.mean() > 0.3
            assert np.array_equal(new_y[judged], label[judged])


@every_transform
def test_counts_change_as_declared(name, rank):
    declared = make(name).counts
    fewer = more = False
    for multi_hot in forms(name):
        for seed in range(3):
            x, y, _ = batch(name, rank, multi_hot, seed, recordings=32)
            before, after = runs(y, multi_hot), runs(arrays(make(name, seed=seed)((x, y)))[1], multi_hot)
            fewer, more = fewer or (after < before).any(), more or (after > before).any()
    assert (fewer, more) in {
        "kept": [(False, False)],
        "may lose": [(True, False)],
        "may gain": [(False, True)],
        "may change": [(True, True), *SELDOM.get((name, rank), [])],
    }[declared]


@every_transform
def test_every_recording_is_changed_in_its_own_way_and_none_when_not_training(name, rank):
    x, y, weight = batch(name, rank)
    same = np.repeat(x[:1], len(x), 0), np.repeat(y[:1], len(x), 0), weight
    changed = arrays(make(name)(same))[0]
    if not make(name).mixes:
        assert len({row.tobytes() for row in changed}) > 1
    for new, old in zip(arrays(make(name)((x, y, weight), training=False)), (x, y, weight), strict=True):
        assert np.array_equal(new, old)


@every_transform
def test_what_is_handed_in_stays_as_it_was(name, rank):
    parts = batch(name, rank)
    tensors = tuple(ops.convert_to_tensor(part.copy()) for part in parts)
    make(name)(tensors)
    for tensor, part in zip(tensors, parts, strict=True):
        assert np.array_equal(ops.convert_to_numpy(tensor), part)


@every_transform
def test_ignored_steps_and_weights_move_with_the_labels(name, rank):
    for multi_hot in forms(name):
        x, y, weight = batch(name, rank, multi_hot)
        weight = 1.0 + np.maximum(y.max(axis=-1) if multi_hot else y, -1).astype("float32")
        _, new_y, new_weight = arrays(make(name)((x, y, weight)))
        top = new_y.max(axis=-1) if multi_hot else new_y
        if name == "overlay":
            assert np.all((top < 0) == (new_weight == 0))
        else:
            assert np.array_equal(new_weight, 1.0 + top)


@every_transform
def test_weights_of_recordings_stay(name, rank):
    x, y, _ = batch(name, rank)
    weight = np.full(len(x), 2.0, "float32")
    assert np.array_equal(arrays(make(name)((x, y, weight)))[2], weight)


@every_transform
def test_channels_are_never_mixed(name, rank):
    x, y, _ = batch(name, rank)
    order = [3, 1, 4, 2, 0]
    plain = arrays(make(name)((x, y)))[0]
    other = x.copy()
    other[..., 1:] = other[..., 1:] * 7 - 3
    assert np.allclose(arrays(make(name)((other, y)))[0][..., 0], plain[..., 0], atol=1e-5)
    if name not in PER_CHANNEL:
        assert np.allclose(arrays(make(name)((x[..., order], y)))[0], plain[..., order], atol=1e-5)


@every_transform
def test_recordings_are_never_mixed_unless_that_is_meant(name, rank):
    x, y, _ = batch(name, rank)
    other_x, other_y, _ = batch(name, rank, seed=5)
    other_x[0], other_y[0] = x[0], y[0]
    one, two = arrays(make(name)((x, y))), arrays(make(name)((other_x, other_y)))
    alike = np.allclose(one[0][0], two[0][0], atol=1e-5) and np.array_equal(one[1][0], two[1][0])
    assert alike != make(name).mixes


@every_transform
def test_the_seed_and_the_configuration_make_the_same_transform(name, rank):
    parts = batch(name, rank)
    first = make(name)
    twin = keras.layers.deserialize(keras.layers.serialize(first))
    assert type(twin) is type(first) and twin.get_config() == first.get_config()
    other = arrays(make(name, seed=9)(parts))
    one, again = arrays(first(parts)), arrays(first(parts))
    for new, old in zip(arrays(twin(parts)), one, strict=True):
        assert np.array_equal(new, old)
    assert not np.array_equal(one[0], again[0])
    assert not np.array_equal(one[0], other[0])


@every_transform
def test_a_compiled_call_does_the_same(name, rank):
    parts = batch(name, rank)
    for compiled, plain in zip(arrays(compiled_call(make(name), parts)), arrays(make(name)(parts)), strict=True):
        assert np.allclose(compiled, plain, atol=1e-4)


def compiled_call(transform, parts):
    backend = keras.backend.backend()
    if backend == "jax":
        import jax

        state = [variable.value for variable in transform.non_trainable_variables]
        return jax.jit(lambda state, parts: transform.stateless_call([], state, parts, training=True))(state, parts)[0]
    if backend == "tensorflow":
        import tensorflow as tf

        unknown = [tf.TensorSpec((None,) * (np.ndim(part) - 1) + part.shape[-1:], part.dtype) for part in parts[:2]]
        unknown.append(tf.TensorSpec((None,) * np.ndim(parts[2]), parts[2].dtype))
        return tf.function(lambda *parts: transform(parts), input_signature=unknown)(*parts)
    return transform(tuple(ops.convert_to_tensor(part) for part in parts))


@every_transform
def test_types_of_numbers_stay(name, rank):
    x, y, weight = batch(name, rank)
    parts = (x.astype("float16"), y.astype("int8"), weight)
    new = make(name)(parts)
    assert [keras.backend.standardize_dtype(part.dtype) for part in new] == ["float16", "int8", "float32"]
    assert np.isfinite(arrays(new)[0]).all()


@every_transform
def test_recordings_of_one_step_stay_finite(name, rank):
    more = {"size": 1} if name == "crop" else {}
    for multi_hot in forms(name):
        x, y, weight = batch(name, rank, multi_hot)
        one = (slice(None), *(slice(0, 1),) * (len(weight.shape) - 1))
        new_x, new_y, _ = arrays(make(name, **more)((x[one], y[one], weight[one])))
        assert np.isfinite(new_x).all() and new_x.shape == x[one].shape and new_y.shape == y[one].shape


@every_transform
def test_half_of_the_recordings(name, rank):
    if name == "crop":
        return
    x, y, _ = batch(name, rank, recordings=200)
    changed = np.any(arrays(make(name, share=0.5)((x, y)))[0] != x, axis=tuple(range(1, x.ndim)))
    always = np.any(arrays(make(name)((x, y)))[0] != x, axis=tuple(range(1, x.ndim)))
    assert 0.3 < changed.sum() / always.sum() < 0.7


@every_transform
def test_labels_of_recordings_stay(name, rank):
    """One number for each recording, or a row of 0 and 1."""
    if make(name).on_steps or make(name).mixes:
        return
    x, _, _ = batch(name, rank)
    for y in (np.arange(len(x)), np.eye(len(x), dtype="int8")):
        assert np.array_equal(arrays(make(name, labels="recording")((x, y)))[1], y)


def test_ranks_are_as_declared():
    declared = {(name, rank) for name in OPTIONS for rank in make(name).ranks if rank < 3}
    assert declared == set(RANKED)


def test_every_transform_of_the_catalogue_is_under_contract():
    assert set(catalogue.TRANSFORMS) == set(OPTIONS)


def test_a_chain_maps_the_batches_of_a_data_set_for_fit():
    chain = keras.layers.Pipeline([make("time_warp"), make("noise"), make("segment_paste"), make("crop")])

    class Batches(keras.utils.PyDataset):
        def __len__(self):
            return 2

        def __getitem__(self, number):
            x, y, weight = chain(batch_of(1, False, number, 8))
            return x, ops.maximum(y, 0), weight

    model = keras.Sequential([keras.Input((9, 5)), keras.layers.Dense(4, activation="softmax")])
    model.compile(loss="sparse_categorical_crossentropy")
    assert np.isfinite(model.fit(Batches(), epochs=1, verbose=0).history["loss"]).all()
