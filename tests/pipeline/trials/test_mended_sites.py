"""What is not held out is decoded by the kept decoder, each group as a site, as the proof had it."""

import numpy as np

from segmend.artifacts.decoder import DecoderRecord
from segmend.artifacts.prediction import Prediction
from segmend.core.labels import Labels
from segmend.decoding.prior_shift import PriorShift
from segmend.pipeline.trials.bench import bench_of
from segmend.pipeline.trials.mend_diagnosed import _mended
from segmend.pipeline.trials.perform import Performed
from segmend.scoring.objective import parse

LABELS = Labels.numbered(2)


def test_recordings_of_a_group_are_decoded_under_their_common_frequencies():
    rare, torn = np.tile([0.95, 0.05], (60, 1)), np.tile([0.4, 0.6], (6, 1))
    y_prob, names = (rare, torn, torn, torn), ("v1", "v2", "v3", "t")
    known = {"y_true": tuple(np.zeros(len(rows), int) for rows in y_prob), "y_pred": tuple(p.argmax(1) for p in y_prob)}
    prediction = Prediction(
        names=names,
        labels=LABELS,
        y_prob=y_prob,
        groups=("a", "a", "b", "c"),
        splits={"val": names[:3], "test": names[3:]},
        **known,
    )
    bench = bench_of(prediction, parse("step_accuracy"))
    shift = PriorShift(LABELS, 1.0, np.zeros(2), np.array([0.5, 0.5]), trust=1.0)
    record = DecoderRecord(name="prior_shift", parameters=shift.parameters(), labels=LABELS.names, background=0)
    proof = Performed(None, bench.answers, (0.0,))
    said = _mended(prediction, record, bench, proof).y_pred
    assert [int(rows.sum()) for rows in said] == [0, 0, 6, 6]
