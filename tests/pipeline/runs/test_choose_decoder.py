"""Which decoder is taken where nothing tells them apart."""

from __future__ import annotations

import numpy as np
import pytest

from segmend import decoding
from segmend.artifacts.prediction import Prediction
from segmend.core.labels import Labels
from segmend.core.task import NAMES, Task
from segmend.pipeline.runs.choose_decoder import choose_decoder

LABELS = Labels(("background", "cell"), 0)


@pytest.mark.parametrize("rank", [1, 2])
@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith("segmentation")])
def test_where_nothing_is_there_to_be_found_the_first_keeps_its_start(name, rank):
    task = Task.named(name, 2, rank)
    multilabel = task.labels == "multilabel"
    shape = (8,) * rank
    prob = np.full((*shape, 2), 0.01) if multilabel else np.stack([np.full(shape, 0.99), np.full(shape, 0.01)], axis=-1)
    labels = Labels(("a", "b"), None) if multilabel else LABELS
    true = np.zeros((*shape, 2) if multilabel else shape, int)
    prediction = Prediction(
        names=("x", "y"),
        labels=labels,
        y_true=(true, true),
        y_pred=(true, true),
        y_prob=(prob, prob),
        rank=rank,
        data_rank=rank,
        multilabel=multilabel,
        groups=("g", "h"),
        splits={"val": ("x", "y")},
    )
    candidates = decoding.candidates(task)
    record = choose_decoder(prediction, candidates, "segment_f1@50")
    answer = decoding.restore(record).decode(prob)
    assert record.name == ("each_label" if multilabel else candidates[0])
    assert not np.any(getattr(answer, "mask", answer))
