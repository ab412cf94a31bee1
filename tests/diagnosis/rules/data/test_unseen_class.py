import dataclasses

import numpy as np

from segmend.core.regions import Regions
from segmend.diagnosis.rules.data.unseen_class import UnseenClass
from tests.diagnosis.data_charts import charted, recording, sound
from tests.diagnosis.data_seeds import healthy_data, share, without_floor


def sick():
    only_p = [(2, 5, 1), (14, 17, 1)]
    split = {"train": ("a", "b"), "test": ("c",)}
    return charted(recording("a", rows=only_p), recording("b", rows=only_p), recording("c"), split=split)


def healthy():
    return sound()


def test_the_share_that_is_lost_by_hand():
    (finding,) = UnseenClass().examine(sick())
    assert finding.where == {"label": "QRS"}
    assert finding.severity == "error", "1 of 3 segments"
    assert finding.evidence["in"] == {"test": 1} and finding.evidence["lost_share"] == 1 / 3
    assert "1 of 3 segments of test" in finding.message and finding.evidence["recordings"] == ["c"]


def test_a_rare_one_is_a_warning():
    many = [(2 * k, 2 * k + 1, 1) for k in range(9)]
    split = {"train": ("a",), "val": ("b",)}
    (finding,) = UnseenClass().examine(
        charted(recording("a", rows=many), recording("b", rows=[*many, (19, 20, 2)]), split=split)
    )
    assert finding.severity == "warning" and finding.evidence["lost_share"] == 0.1


def test_a_background_that_is_never_learnt_counts_in_steps():
    split = {"train": ("a",), "val": ("b",)}
    chart = charted(recording("a", rows=[(0, 10, 1), (10, 20, 2)]), recording("b"), split=split)
    (finding,) = UnseenClass().examine(chart)
    assert finding.where == {"label": "background"} and "10 of 20 steps of val" in finding.message


def test_what_only_train_has_is_no_fault_and_folds_are_no_parts():
    only_p = [(2, 5, 1)]
    turned = {"train": ("c",), "test": ("a",)}
    assert not list(UnseenClass().examine(charted(recording("a", rows=only_p), recording("c"), split=turned)))
    folds = {"fold_1": ("a",), "fold_2": ("c",)}
    assert not list(UnseenClass().examine(charted(recording("a", rows=only_p), recording("c"), split=folds)))


def _without(data, number):
    """The data with a class taken out of all recordings of train."""
    train = {each.name for each in data.part("train")}
    return dataclasses.replace(
        data, recordings=tuple(_less(r, number) if r.name in train else r for r in data.recordings)
    )


def _less(recording, number):
    if recording.classes is not None:
        return dataclasses.replace(recording, classes=tuple(c for c in recording.classes if c != number) or (0,))
    if recording.segments is not None:
        table = recording.segments
        return dataclasses.replace(recording, segments=table.take(table.label != number))
    mask = np.asarray(recording.regions.mask)
    mask = mask * (np.arange(3) != number) if mask.ndim > 2 else np.where(mask == number, 0, mask)
    return dataclasses.replace(recording, regions=Regions(mask))


def test_fires_on_seeded_cases_and_is_silent_on_healthy_ones():
    data = [healthy_data(seed) for seed in range(80)]
    assert share(UnseenClass(), [without_floor(each) for each in data]) <= 0.01
    assert share(UnseenClass(), [without_floor(_without(each, 2)) for each in data]) >= 0.9
