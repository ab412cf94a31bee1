from __future__ import annotations

import keras
import numpy as np
import pytest

from segmend import models, receptive_field
from segmend.core.stages import field_of_stages
from segmend.errors import InputError


@pytest.mark.parametrize("options", [{"levels": 2}, {"levels": 1, "kernel": 5, "stride": 3, "convolutions": 1}])
@pytest.mark.parametrize("rank", [1, 2])
def test_it_sees_what_its_stages_promise(options, rank):
    stages = models.unet_stages(**options)
    (fields,) = receptive_field(
        models.unet(stages, channels=1, classes=2, filters=2, rank=rank), effective=False
    ).values()
    promised = field_of_stages(stages)
    assert [(field.left, field.right) for field in fields] == [(promised.left, promised.right)] * rank


def test_channels_double_on_the_way_down_up_to_the_most():
    model = models.unet(models.unet_stages(3, convolutions=1), channels=1, classes=2, filters=4, most_filters=10)
    widths = [layer.filters for layer in model.layers if isinstance(layer, keras.layers.Conv1D)]
    assert widths == [4, 8, 10, 10, 10, 8, 4]


def test_the_rank_is_that_of_signals_or_images():
    with pytest.raises(InputError, match="rank: expected 1"):
        models.unet(channels=1, classes=2, rank=3)


def test_without_detail_labels_keep_to_the_coarse_grid():
    stages = [{"kernel": 3}, {"kernel": 4, "stride": 4}, {"kernel": 1, "up": 4}]
    model = models.unet(stages, channels=1, classes=2, filters=4, detail=False)
    y_prob = np.asarray(model(np.random.default_rng(0).normal(size=(1, 16, 1))))[0]
    np.testing.assert_array_equal(y_prob, np.repeat(y_prob[::4], 4, axis=0))
    assert np.ptp(y_prob[:, 0]) > 0
