"""Patient 6: what the doctor must find in it, and what it must not."""

from __future__ import annotations

import pytest

pytest.importorskip("torch")

from examples.patients import p6_torch_last_step as p6

import segmend

pytestmark = pytest.mark.backend

MUST_NOT = {
    "receptive-field-too-short",
    "receptive-field-too-long",
    "pooled-dice",
    "activation-loss-mismatch",
    "last-step-on-padding",
    "padding-leak",
    "class-imbalance",
    "overfitting",
    "learning-rate-too-low",
    "unscaled-input",
    "leaked-groups",
    "shortcut",
}


def test_the_truncated_state_is_named_and_explains_the_collapse():
    diagnosis = segmend.diagnose(**p6.patient(), preview=True)
    found = {finding.rule: finding for finding in diagnosis.findings}
    assert diagnosis.findings[0].rule == "truncated-backward-state"
    assert diagnosis.findings[0].where == {"layer": "lstm"}
    assert "torch.cat([h[-2], h[-1]]" in diagnosis.findings[0].remedies[0].advice
    assert "truncated-backward-state" in found["single-class-collapse"].explained_by
    assert not MUST_NOT & set(found)


def test_the_first_remedy_mends_it():
    diagnosis = segmend.diagnose(**p6.mended(), preview=True)
    assert diagnosis.chart.scores["step"]["macro_f1"] > 0.95
    assert not diagnosis.is_grave
