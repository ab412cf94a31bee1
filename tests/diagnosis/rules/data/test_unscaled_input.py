import dataclasses

import numpy as np
import pytest

from segmend.artifacts.anatomy import LayerFacts
from segmend.diagnosis.rules.data.unscaled_input import UnscaledInput
from tests.diagnosis.data_charts import charted, recording
from tests.diagnosis.data_seeds import healthy_data, share, without_floor
from tests.diagnosis.rules.model.anatomies import anatomy, targets

CONV = LayerFacts(name="c", kind="Conv1D", parameters=24)
INPUT = LayerFacts(name="i", kind="InputLayer", parameters=0)


def layer(kind, parameters=0):
    return LayerFacts(name=kind, kind=kind, parameters=parameters)


def watched(chart, *layers):
    """The chart with a model that was given these very samples."""
    return dataclasses.replace(chart, anatomy=anatomy("softmax", layers=[INPUT, *layers, CONV]), targets=targets())


def scaled(*scales, offset=0.0):
    rng = np.random.default_rng(0)
    made = [recording(name, signal=offset + rng.normal(size=(20, len(scales))) * scales) for name in "ab"]
    return charted(*made)


def sick():
    return watched(scaled(1.0, 400.0))


def healthy():
    return watched(scaled(1.0, 3.0))


def test_both_faults_are_told_with_the_layer_that_mends_them():
    (finding,) = UnscaledInput().examine(sick())
    assert finding.severity == "warning"
    assert "channel y spreads" in finding.message and "samples of channel y have a size" in finding.message
    assert "nothing before the first Conv1D layer" in finding.message
    facts = scaled(1.0, 400.0).fingerprint.channels
    assert f"variance=[{facts[0].std ** 2:.4g}, {facts[1].std ** 2:.4g}]" in finding.remedies[0].advice


@pytest.mark.parametrize("kind", ["Normalization", "BatchNormalization", "Rescaling", "SomeoneElsesLayer"])
def test_a_model_that_standardises_is_all_right(kind):
    assert not list(UnscaledInput().examine(watched(scaled(1.0, 400.0), layer("Dropout"), layer(kind))))


def test_normalising_after_the_first_weights_is_too_late():
    chart = watched(scaled(1.0, 400.0), CONV, layer("BatchNormalization", 8))
    assert list(UnscaledInput().examine(chart))


@pytest.mark.parametrize(("scale", "offset"), [(60.0, 128.0), (1e-4, 0.0), (0.02, 3.0)])
def test_pixels_tiny_samples_and_offsets(scale, offset):
    assert list(UnscaledInput().examine(watched(scaled(scale, offset=offset))))
    assert not list(UnscaledInput().examine(scaled(scale, offset=offset))), "no fault of the data alone"


def test_data_alone_are_information_and_a_run_knows_what_it_scales():
    (finding,) = UnscaledInput().examine(scaled(1.0, 400.0))
    assert finding.severity == "info"
    run = dataclasses.replace(sick(), targets=None)
    assert not list(UnscaledInput().examine(run))


def test_a_flat_channel_has_no_scale():
    made = [recording(name, signal=np.random.default_rng(0).normal(size=(20, 2)) * [1, 0]) for name in "ab"]
    assert not list(UnscaledInput().examine(watched(charted(*made))))


def test_fires_on_seeded_cases_and_is_silent_on_healthy_ones():
    rng = np.random.default_rng(0)
    data = [healthy_data(seed, recordings=8) for seed in range(40)]
    assert share(UnscaledInput(), [watched(without_floor(each)) for each in data]) <= 0.01

    def unscaled(each):
        by = np.float32(10 ** rng.uniform(2.2, 5) * np.where(rng.random(2) < 0.5, 1, [1, 0.001]))
        made = tuple(dataclasses.replace(r, signal=r.signal * by) for r in each.recordings)
        return watched(without_floor(dataclasses.replace(each, recordings=made)))

    assert share(UnscaledInput(), [unscaled(each) for each in data]) >= 0.9
