"""Review lists hold every place that is doubted, however many there are."""

import csv

import numpy as np

from segmend.artifacts.prediction import Prediction
from segmend.artifacts.review import Doubt, Review
from segmend.core.labels import Labels
from segmend.diagnosis.forgotten import forgotten
from segmend.fingerprinting.self_opinion import opinion_of
from segmend.pipeline.results import review_files


def test_all_recordings_with_the_other_s_name_are_doubted():
    """Of 1,000 recordings of a and b, which a model tells apart, 60 of each carry the other's name."""
    rng = np.random.default_rng(0)
    really = np.repeat([0, 1], 500)
    marked = really.copy()
    swapped = np.concatenate([np.arange(60), np.arange(500, 560)])
    marked[swapped] = 1 - really[swapped]
    of_b = np.where(really == 0, 0.1, 0.9) + rng.normal(0, 0.01, 1000)
    given = {"y_true": tuple(marked), "y_pred": tuple(really), "y_prob": tuple(np.stack([1 - of_b, of_b], axis=1))}
    names = tuple(f"r{k}" for k in range(1000))
    found = opinion_of(Prediction(names=names, labels=Labels.of(["a", "b"], background=None), rank=0, **given))
    wrong = {f"r{k}" for k in swapped}
    listed = [each.recording for each in found.suspects]
    assert len(listed) == found.doubted > 50 and set(listed) <= wrong


def test_all_items_that_nobody_marked_are_listed():
    """One recording: 40 items are marked, 60 that look just like them are not."""
    said = np.tile(np.repeat([0, 1], 10), 100)
    true = said.copy()
    true[40 * 20 :] = 0
    prob = np.where(said == 1, 0.9, 0.1)
    given = {"y_true": (true,), "y_pred": (said,), "y_prob": (np.stack([1 - prob, prob], axis=1),)}
    found = forgotten(Prediction(names=("r",), labels=Labels.numbered(2), rank=1, **given), 1)
    assert (found.reference, found.sure) == (40, 60)
    assert [place["start"] for place in found.places] == [40 * 20 + 20 * k + 10 for k in range(60)]


def test_the_table_has_a_row_for_each(tmp_path):
    places = tuple(
        Doubt(kind="missing", recording="r", start=10 * k, stop=10 * k + 5, label="a", told="a") for k in range(120)
    )
    review_files.write(Review(places=places), tmp_path / "review")
    with (tmp_path / "review" / "review.csv").open() as file:
        assert [int(row["start"]) for row in csv.DictReader(file)] == [10 * k for k in range(120)]
