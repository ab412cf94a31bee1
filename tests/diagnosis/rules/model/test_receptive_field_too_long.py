import dataclasses

import numpy as np
import pytest

from segmend.artifacts.finding import Severity
from segmend.core.stages import field_of_stages
from segmend.diagnosis import doctor
from segmend.diagnosis.rules.model.receptive_field_too_long import ReceptiveFieldTooLong
from tests.diagnosis.rules.model import seeded
from tests.diagnosis.rules.model.rows_of_items import items, joined


def _merging(size=601, share=0.4, **parts):
    half = None if size is None else size // 2
    reach = {"left": None if half is None else -half, "right": half}
    return items(lambda steps, rng: joined(steps, share, rng), **reach, **parts)


def sick():
    return _merging()


def healthy():
    return _merging(share=0.0)


def _findings(chart):
    return list(ReceptiveFieldTooLong().examine(chart))


def test_field_items_and_gaps_are_told():
    chart = sick()
    (finding,) = _findings(chart)
    span = chart.fingerprint.duration.p95 + chart.fingerprint.gap.p50
    assert finding.evidence["field_steps"] == 601
    assert finding.evidence["threshold"] == 8 * span
    assert finding.severity is Severity.ERROR
    (remedy,) = finding.remedies
    size = field_of_stages(remedy.edits["model.stages"]).size
    assert size <= 2 * span < 2 * size + 2
    assert f"{size} steps" in remedy.advice


@pytest.mark.parametrize(
    ("parts", "fires"),
    [
        ({"size": 601}, True),
        ({"size": 281}, False),
        ({"size": None}, False),
        ({"size": 601, "effective": {95: 90}}, False),
        ({"size": 601, "effective": {95: 500}}, True),
        ({"size": 601, "share": 0.0}, False),
    ],
)
def test_only_a_long_bounded_field_where_items_merge(parts, fires):
    assert bool(_findings(_merging(**parts))) is fires


def test_explains_counts_that_are_too_low():
    record = doctor.examine(sick(), preview=True, strict=True)
    explained = {finding.rule: finding.explained_by for finding in record.findings}
    assert "receptive-field-too-long" in explained["under-segmentation"]
    assert "receptive-field-too-long" in explained["count-bias"]


def test_how_often_it_fires():
    rng = np.random.default_rng(0)

    def case(share, times):
        length, gap = int(rng.integers(8, 40)), int(rng.integers(5, 40))
        size = int(times * (1.2 * length + gap))
        return _merging(size, share, length=length, gap=gap, number=8, recordings=3, seed=int(rng.integers(1000)))

    fires = [bool(_findings(case(rng.uniform(0.15, 0.8), rng.uniform(9, 30)))) for _ in range(40)]
    silent = [_findings(case(rng.uniform(0, 0.8), rng.uniform(0.2, 6))) for _ in range(40)]
    silent += [_findings(case(0.0, rng.uniform(1, 30))) for _ in range(40)]
    assert np.mean(fires) >= 0.9
    assert sum(map(bool, silent)) == 0
    assert seeded.rate(ReceptiveFieldTooLong(), seeded.charts(500)) == 0


def test_on_a_real_model():
    import keras

    from segmend.anatomy import of_keras

    def model(levels):
        dilated = [
            keras.layers.Conv1D(2, 3, dilation_rate=2**k, padding="same", kernel_initializer="ones")
            for k in range(levels)
        ]
        return of_keras(keras.Sequential([keras.Input((None, 1)), *dilated]))

    assert _findings(dataclasses.replace(sick(), anatomy=model(8)))
    assert _findings(dataclasses.replace(sick(), anatomy=model(5))) == []
