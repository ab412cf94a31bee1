"""What is told of functions, by disturbing one recording."""

from __future__ import annotations

import numpy as np
import pytest

import segmend
from segmend.anatomy import of_callable
from tests.diagnosis.charts import heartbeats

RECORDING = np.random.default_rng(0).normal(size=(120, 2))


def centred(x):
    """Probabilities of two classes from the mean of three steps."""
    padded = np.pad(x[..., 0], [(0, 0), (1, 1)])
    one = 1 / (1 + np.exp(-8 * (padded[:, :-2] + padded[:, 1:-1] + padded[:, 2:])))
    return np.stack([1 - one, one], axis=-1)


def test_the_field_of_a_function():
    output = of_callable(centred, RECORDING, 0.001).outputs[0]
    assert (output.fields[0].left, output.fields[0].right, output.steps_for) == (-1, 1, {120: 120})


def test_a_function_that_was_slow_the_first_time_only_is_probed():
    assert of_callable(centred, RECORDING, 0.1).outputs[0].fields[0].size == 3


@pytest.mark.parametrize(
    ("call", "recording", "seconds", "why"),
    [
        (centred, RECORDING, 1.0, "would take 145 calls of about 1 s"),
        (lambda x: np.zeros(1) if len(x) == 1 else None.x, RECORDING, 0.1, "would take 145 calls of about inf s"),
        (lambda x: np.ones((*x.shape[:2], 2)), RECORDING, 0.0, "no step of the output changes"),
        (lambda x: np.eye(2)[np.rint(np.clip(x[..., 0], 0, 1)).astype(int)], RECORDING, 0.0, "Error"),
        (lambda x: x, np.zeros((120, 2), int), 0.0, "real numbers only"),
        (lambda x: x, np.zeros((9, 9, 1)), 0.0, "real numbers only"),
        (lambda x: x, np.full((120, 2), np.nan), 0.0, "no numbers"),
        (lambda x: x - np.nanmean(x) + x.sum(axis=0), RECORDING, 0.0, "NaN even for a finite input"),
    ],
)
def test_what_does_not_show_is_said(call, recording, seconds, why):
    output = of_callable(call, recording, seconds).outputs[0]
    assert output.fields == () and why in output.unknown


def test_a_long_recording_is_probed_in_its_middle():
    seen = []

    def watched(x):
        seen.append(x.shape[1])
        return centred(x)

    assert of_callable(watched, np.zeros((50_000, 1)), 0.0).outputs[0].fields[0].size == 3
    assert max(seen) == 2048


def test_a_short_field_of_a_function_explains_the_pieces_and_the_rest_is_skipped_with_a_reason():
    truth = np.stack([steps > 0 for steps in heartbeats()]).astype(int)
    noise = np.random.default_rng(1).normal(0, 0.6, truth.shape)
    diagnosis = segmend.diagnose(centred, (truth * 2.0 - 1 + 2 * noise)[..., None], truth, preview=True)
    found = {finding.rule: finding for finding in diagnosis.findings}
    assert found["receptive-field-too-short"].evidence["field_steps"] == 3
    reasons = {entry.rule: entry.because for entry in diagnosis.skipped}
    assert reasons["non-finite-weights"] == "a callable does not show layers"
    assert reasons["pooled-dice"] == "a callable does not tell a loss"


def test_a_function_whose_field_does_not_show_is_still_judged():
    truth = np.stack(heartbeats())
    rows = truth[..., None].astype(float)
    diagnosis = segmend.diagnose(lambda x: np.eye(4)[x[..., 0].astype(int) % 4], rows, truth)
    assert any("receptive field of the callable is not known" in note for note in diagnosis.notes)
    assert "receptive-field-too-short" in {entry.rule for entry in diagnosis.skipped}
