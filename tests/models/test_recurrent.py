from __future__ import annotations

import numpy as np
import pytest

from segmend import models, receptive_field
from segmend.errors import InputError

STAGES = [{"kernel": 4, "stride": 4}, {"kernel": 3}]


def test_it_remembers_on_the_coarsest_grid():
    model = models.recurrent(STAGES, channels=1, classes=2, filters=4, units=3, window=20)
    assert model.get_layer("both_ways1").output.shape == (None, 5, 6)


def test_one_way_sees_nothing_of_the_future():
    model = models.lstm(channels=1, classes=2, units=3)
    (field,) = next(iter(receptive_field(model, effective=False).values()))
    assert (field.left, field.right) == (None, 0)
    signal = np.random.default_rng(0).normal(size=(1, 9, 1)).astype("float32")
    changed = signal.copy()
    changed[0, 5:] += 3
    before, after = np.asarray(model(signal)), np.asarray(model(changed))
    np.testing.assert_allclose(after[0, :5], before[0, :5], atol=1e-6)
    assert np.abs(after[0, 5:] - before[0, 5:]).max() > 1e-4


@pytest.mark.parametrize(
    ("options", "message"),
    [({"cell": "rnn"}, r"cell: expected one of \['gru', 'lstm'\]. Received 'rnn'"), ({"depth": 0}, "depth: .*0")],
)
def test_what_makes_no_network_is_refused(options, message):
    with pytest.raises(InputError, match=message):
        models.recurrent(STAGES, channels=1, classes=2, **options)
