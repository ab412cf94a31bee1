import keras
import numpy as np
import pytest

from segmend.errors import InputError
from segmend.models import average, tcn


def member(channels=2):
    return tcn([{"kernel": 5, "stride": 2}, {"kernel": 3}], channels=channels, classes=3, filters=4)


def test_an_average_is_the_mean_of_its_members_and_survives_saving(tmp_path):
    members = [member(), member()]
    both = average(members)
    x = np.random.default_rng(0).normal(size=(1, 21, 2)).astype(np.float32)
    mean = np.mean([keras.ops.convert_to_numpy(one(x)) for one in members], axis=0)
    np.testing.assert_allclose(keras.ops.convert_to_numpy(both(x)), mean, atol=1e-6)
    both.save(tmp_path / "model.keras")
    again = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_allclose(keras.ops.convert_to_numpy(again(x)), mean, atol=1e-6)


def test_an_average_counts_as_the_networks_in_it():
    three = [member() for _ in range(3)]
    x = np.random.default_rng(0).normal(size=(1, 21, 2)).astype(np.float32)
    mean = np.mean([keras.ops.convert_to_numpy(one(x)) for one in three], axis=0)
    every = average([average(three[:2]), three[2]])
    np.testing.assert_allclose(keras.ops.convert_to_numpy(every(x)), mean, atol=1e-6)
    assert [layer.name for layer in every.layers[1:-1]] == ["member1", "member2", "member3"]


def test_one_member_is_itself():
    alone = member()
    assert average([alone]) is alone


def test_members_must_be_of_one_kind():
    with pytest.raises(InputError, match="one input and one output shape"):
        average([member(), member(channels=3)])
    with pytest.raises(InputError, match="at least one"):
        average([])
