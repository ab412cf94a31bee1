import dataclasses

import numpy as np

from segmend.diagnosis.rules.data.leaked_groups import LeakedGroups
from tests.diagnosis.data_charts import charted, recording, sound
from tests.diagnosis.data_seeds import healthy_data, share, without_floor


def sick():
    ann = [recording("a", group="ann"), recording("b", group="ann"), recording("c", group="cyd")]
    return charted(*ann, split={"train": ("a", "c"), "test": ("b",)})


def healthy():
    """One recording in two test parts is no leak."""
    return sound()


def test_a_group_in_two_parts_is_a_warning():
    (finding,) = LeakedGroups().examine(sick())
    assert finding.severity == "warning"
    assert finding.evidence["groups"] == {"ann": ["train", "test"]}
    assert "ann (train, test)" in finding.message


def test_copies_under_other_names_are_an_error():
    same = np.random.default_rng(0).normal(size=(20, 2))
    chart = charted(
        recording("a", signal=same), recording("b", signal=same.copy()), split={"train": ("a",), "val": ("b",)}
    )
    (finding,) = LeakedGroups().examine(chart)
    assert finding.severity == "error"
    assert finding.evidence["copies"] == {"a = b": ["train", "val"]}


def test_copies_within_one_part_are_no_leak():
    same = np.ones((20, 2))
    chart = charted(recording("a", signal=same), recording("b", signal=same), split={"train": ("a", "b")})
    assert not list(LeakedGroups().examine(chart))


def test_a_recording_in_two_parts_is_an_error():
    chart = charted(recording("a"), recording("b"), split={"train": ("a", "b"), "test": ("b",)})
    (finding,) = LeakedGroups().examine(chart)
    assert finding.severity == "error"
    assert finding.evidence["recordings"] == {"b": ["train", "test"]}


def test_folds_are_no_parts():
    chart = charted(
        recording("a", group="ann"), recording("b", group="ann"), split={"fold_1": ("a",), "fold_2": ("b",)}
    )
    assert not list(LeakedGroups().examine(chart))


def windows(series, length, hop, parts):
    """Overlapping windows of a series, dealt to parts in turn."""
    made = [
        recording(f"w{start}", signal=series[start : start + length], rows=[(2, 5, 1)])
        for start in range(0, len(series) - length + 1, hop)
    ]
    split = {part: tuple(each.name for each in made[k :: len(parts)]) for k, part in enumerate(parts)}
    return charted(*made, split=split)


def test_overlapping_windows_across_a_split_are_an_error():
    series = np.random.default_rng(0).normal(size=(400, 2))
    (finding,) = LeakedGroups().examine(windows(series, 60, 30, ("train", "val")))
    assert finding.severity == "error"
    assert finding.evidence["overlaps"]["w0 & w30"] == ["train", "val"] and finding.evidence["count"] == 11
    assert "share a stretch of samples" in finding.message


def test_windows_that_do_not_overlap_share_nothing():
    series = np.random.default_rng(0).normal(size=(400, 2))
    assert not list(LeakedGroups().examine(windows(series, 60, 60, ("train", "val"))))


def test_what_is_held_or_padded_is_no_overlap():
    rng = np.random.default_rng(0)
    made = []
    for name in "abcd":
        held = np.repeat(rng.integers(0, 2, (10, 1)), 8, axis=0).astype(float)
        made.append(recording(name, signal=np.concatenate((held, np.zeros((60, 1)))), rows=[(2, 5, 1)]))
    chart = charted(*made, split={"train": ("a", "b"), "val": ("c", "d")})
    assert not list(LeakedGroups().examine(chart))


def test_fires_on_seeded_cases_and_is_silent_on_healthy_ones():
    data = [healthy_data(seed, recordings=12, per_group=1) for seed in range(24)]
    assert share(LeakedGroups(), [without_floor(each) for each in data]) <= 0.01
    assert share(LeakedGroups(), [without_floor(_leaky(each, k)) for k, each in enumerate(data)]) >= 0.9


def _leaky(data, seed):
    """A recording of test that is cut from one of train, by a half and more; a whole copy where they are small."""
    rng = np.random.default_rng(seed)
    train, test = data.part("train")[0], data.part("test")[0]
    signal = train.signal
    if data.task.kind == "segmentation":
        cut = int(rng.integers(1, len(signal) // 2))
        signal = signal[cut:]
    made = {"signal": signal}
    if test.segments is not None:
        made["segments"] = test.segments.take(test.segments.stop <= len(signal))
    if test.regions is not None:
        made["regions"] = dataclasses.replace(train.regions, mask=train.regions.mask[cut:], instances=None)
    return dataclasses.replace(
        data, recordings=tuple(dataclasses.replace(r, **made) if r is test else r for r in data.recordings)
    )
