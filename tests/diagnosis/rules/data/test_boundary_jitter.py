import dataclasses

import numpy as np
import pytest

from segmend.artifacts.borders import Borders
from segmend.core.segments import Segments
from segmend.core.task import Task
from segmend.diagnosis.rules.data.boundary_jitter import BoundaryJitter, lost_by
from tests.diagnosis.data_seeds import charted, healthy_data, share

TASK = Task.named("segmentation", 3)


def data_of(seed, noise=None):
    return dataclasses.replace(healthy_data(seed, TASK, noise=noise), split={})


def jittered(data, spread, seed=0):
    """The data with every start and stop moved by chance, by that share of the length; nothing else overlaps."""
    rng = np.random.default_rng(seed)
    made = []
    for each in data.recordings:
        table, rows = each.segments, []
        start, stop, label = table.start, table.stop, table.label
        moved = rng.normal(0, spread, (2, start.size)) * (stop - start)
        start, stop = np.round(start + moved[0]).astype(int), np.round(stop + moved[1]).astype(int)
        touching = np.maximum(start[1:], stop[:-1]) - np.minimum(start[1:], stop[:-1])
        clash = start[1:] < stop[:-1]
        start[1:] += np.where(clash, (touching + 1) // 2, 0)
        stop[:-1] -= np.where(clash, touching // 2, 0)
        ends = zip(np.maximum(start, 0), np.minimum(stop, each.steps), label, strict=True)
        rows += [(int(a), int(b), int(k)) for a, b, k in ends if a < b]
        made.append(dataclasses.replace(each, segments=Segments.from_rows(sorted(rows)).sorted()))
    return dataclasses.replace(data, recordings=tuple(made))


def sick():
    return charted(jittered(data_of(0, noise=0.3), 0.22))


def healthy():
    return charted(data_of(0, noise=0.3))


def test_the_spread_is_told_in_steps_and_shares():
    (finding,) = BoundaryJitter().examine(sick())
    assert finding.severity in ("warning", "error") and "marked inconsistently" in finding.message
    for each in finding.evidence["classes"].values():
        assert 0.1 <= each["share_of_length"] <= 0.3
        assert each["spread"] == pytest.approx(each["share_of_length"] * each["length"])
        assert each["low"] <= each["spread"]
    assert finding.evidence["review"]


def test_the_review_list_names_borders_that_were_moved_and_where_to():
    data = data_of(0, noise=0.3)
    (finding,) = BoundaryJitter().examine(charted(jittered(data, 0.22)))
    true = {each.name: np.concatenate((each.segments.start, each.segments.stop)) for each in data.recordings}
    near = [np.abs(true[each["recording"]] - each["step"] - each["off"]).min() for each in finding.evidence["review"]]
    was = [np.abs(true[each["recording"]] - each["step"]).min() for each in finding.evidence["review"]]
    assert np.median(near) <= 1 < np.median(was)


def test_a_shift_of_all_borders_is_no_scatter():
    data = data_of(0, noise=0.3)
    late = [
        dataclasses.replace(
            r, segments=Segments.from_rows([(a + 2, b + 2, k) for a, b, k in r.segments.rows() if b + 2 <= r.steps])
        )
        for r in data.recordings
    ]
    assert not list(BoundaryJitter().examine(charted(dataclasses.replace(data, recordings=tuple(late)))))


@pytest.mark.parametrize("changes", [{"low": 0.5}, {"agreement": 0.4}, {"groups": 4}, {"spread": 0.9}])
def test_what_is_not_sure_is_not_told(changes):
    chart = sick()
    found = chart.fingerprint.borders
    classes = tuple(each.model_copy(update=changes) for each in found.classes)
    facts = chart.fingerprint.model_copy(update={"borders": found.model_copy(update={"classes": classes})})
    assert not list(BoundaryJitter().examine(dataclasses.replace(chart, fingerprint=facts)))


def test_what_is_lost_equals_drawing():
    rng = np.random.default_rng(0)
    start, stop = rng.normal(0, 0.2, (2, 100_000))
    lost = (np.abs(start) + np.abs(stop) > 0.5).mean()
    assert lost_by(0.2) == pytest.approx(lost, abs=0.005)


def test_borders_are_stored_with_the_fingerprint():
    found = sick().fingerprint.borders
    assert Borders.from_dict(found.to_dict()) == found


def test_fires_on_seeded_cases_and_is_silent_on_healthy_ones():
    rng = np.random.default_rng(0)
    data = [data_of(seed) for seed in range(12)]
    assert share(BoundaryJitter(), [chart for each in data if (chart := charted(each)).fingerprint.borders]) <= 0.01
    moved = [charted(jittered(each, rng.uniform(0.18, 0.25), k)) for k, each in enumerate(data)]
    assert share(BoundaryJitter(), [chart for chart in moved if chart.fingerprint.borders]) >= 0.9
