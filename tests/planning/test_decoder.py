"""Which decoders a plan has tried."""

from __future__ import annotations

import pytest

from segmend.artifacts.fingerprint import ClassFacts, Quantiles
from segmend.core.task import Task
from segmend.planning import make
from segmend.planning.decisions.decoder import share_returning
from tests.planning.builders import fingerprint
from tests.planning.test_every_task import facts_of


def items(name, *, gap, duration=10.0, often=9.0, segments=50):
    """A class whose median item lasts ``duration`` and whose gaps have the quartiles ``gap``."""
    p25, p50, p75 = gap
    return ClassFacts(
        name=name,
        steps=500,
        step_share=0.2,
        segments=segments,
        segment_share=0.5,
        recordings=3,
        duration=Quantiles(p5=duration, p25=duration, p50=duration, p75=duration, p95=duration, max=duration),
        gap=Quantiles(p5=p25, p25=p25, p50=p50, p75=p75, p95=p75, max=p75),
        per_recording=Quantiles(p50=often),
    )


STEPS = items("step", gap=(14.0, 17.0, 17.0))


@pytest.mark.parametrize(
    ("classes", "share"),
    [
        ((STEPS,), 1.0),
        ((items("a", gap=(10.0, 30.0, 22.0)), STEPS), 1.0),  # 12 of 40 steps: just regular
        ((items("a", gap=(10.0, 30.0, 23.0)),), 0.0),  # 13 of 40
        ((items("rare", gap=(14.0, 17.0, 17.0), often=3.0),), 0.0),
        ((items("once", gap=(None, None, None), segments=30), items("b", gap=(5.0, 5.0, 5.0), segments=10)), 0.25),
        ((), 0.0),
    ],
)
def test_items_that_come_back_regularly_by_hand(classes, share):
    assert share_returning(fingerprint(classes=classes)) == pytest.approx(share)


def test_peaks_are_picked_where_items_come_back_and_the_plan_says_why():
    choice = make(fingerprint(classes=(STEPS,))).choices["decoder"]["candidates"]
    assert choice.value[-1] == "peak_picking"
    assert "100 % of the segments come at regular distances" in choice.because
    assert "peak_picking" not in make(fingerprint()).choices["decoder"]["candidates"].value


def test_labels_that_overlap_have_peaks_picked_each_by_itself():
    plan = make(facts_of(Task.named("multilabel-segmentation", 3), classes=(STEPS,)))
    assert plan.choices["decoder"]["candidates"].value[-1] == "peak_picking"
