"""Single sections, where a hand-made case says what must come out."""

from __future__ import annotations

import numpy as np
import pytest

from segmend.artifacts.review import Doubt, Review
from segmend.core.labels import Labels
from segmend.reporting import render
from segmend.reporting.content import ReportContent, Result
from segmend.reporting.palette import CLASSES, DARK_GROUND, LIGHT_GROUND, colours, contrast, ink
from segmend.reporting.sections import confusion, curves, headline, ladder, lengths, results, review, timelines
from tests.reporting import builders

LABELS = Labels.of(["a", "b"])


def tiny(**more):
    given = {
        "title": "tiny",
        "labels": LABELS,
        "names": ("one",),
        "results": (Result(name="before", y_pred=(np.array([0, 1, 0, 2, 2, 2]),)),),
        "y_true": (np.array([0, 1, 1, 2, -1, 1]),),
    }
    return ReportContent(**{**given, **more})


@pytest.mark.parametrize("ground", [LIGHT_GROUND, DARK_GROUND])
@pytest.mark.parametrize("colour", CLASSES)
def test_class_colours_stand_out_from_both_grounds(colour, ground):
    assert contrast(colour, ground) >= 3


@pytest.mark.parametrize("colour", CLASSES)
def test_names_read_well_on_class_colours(colour):
    assert contrast(ink(colour), colour) >= 4.5


def test_the_background_is_grey_wherever_it_stands():
    assert colours(Labels.of(["a", "b"], background=1))[1] == colours(LABELS)[0]


def test_confusion_counts_judged_steps_as_shares_of_the_true_class():
    rows = confusion.context(tiny())["tables"][0]["rows"]
    assert [row["shares"] for row in rows] == [[1, 0, 0], [1 / 3, 1 / 3, 1 / 3], [0, 0, 1]]
    assert [row["steps"] for row in rows] == ["1", "3", "1"]


def test_lengths_are_shares_of_runs_without_the_background():
    shown = lengths.context(tiny())
    assert (shown["reference_total"], shown["plots"][0]["predicted_total"]) == ("3", "2")
    assert sum(shown["reference"]) == pytest.approx(1)
    assert sum(shown["plots"][0]["predicted"]) == pytest.approx(1)
    assert all(0 <= tick["at"] <= 1 for tick in shown["ticks"])


def test_curves_need_probabilities():
    assert curves.context(tiny()) is None
    prob = np.eye(3)[[0, 1, 1, 2, 0, 1]]
    shown = curves.context(tiny(results=(Result(name="before", y_pred=(prob.argmax(1),), y_prob=(prob,)),)))
    assert [curve["average_precision"] for curve in shown["plots"][0]["curves"]] == [1.0, 1.0]
    assert all(0 <= value <= 1 for curve in shown["plots"][0]["curves"] for point in curve["points"] for value in point)


def test_the_worst_recording_comes_first():
    assert timelines.worst_first(builders.content(recordings=4))[0] == 3


def test_the_best_cell_is_marked_only_where_results_differ():
    shown = results.context(builders.content())
    best = {row["name"]: row["best"] for rows in shown["levels"].values() for row in rows}
    assert best["F1 at IoU 0.50"] == 1
    assert best["items there are"] is None


def test_a_count_without_reference_says_only_what_is_predicted():
    assert headline.sentence(tiny(results=())) == "tiny"


def test_rungs_come_by_what_they_gain():
    shown = ladder.context(tiny(diagnosis=builders.diagnosis()))
    assert [rung["kind"] for rung in shown["rungs"]] == ["fragmentation", "insertion", "merge"]
    assert shown["rungs"][0]["gain"] == "+0.78"


def doubt(**more):
    given = {
        "kind": "mislabelled",
        "recording": "one",
        "start": 50,
        "stop": 100,
        "label": "a",
        "told": "a looks like b",
    }
    return Doubt(**{**given, **more})


def test_places_to_look_at_say_where_in_the_recording_they_are():
    places = (
        doubt(),
        doubt(kind="missing", start=(3, 4), stop=(7, 9), label="b", told="b seems to be here", rare=True),
        doubt(start=None, stop=None, label="gone"),
    )
    shown = review.context(tiny(review=Review(places=places, rare=("b",)), sampling_rate_hz=50))
    assert [row["where"] for row in shown["rows"]] == ["1.0 s to 2.0 s", "rows 3 to 7, columns 4 to 9", ""]
    assert [row["colour"] for row in shown["rows"]] == [colours(LABELS)[1], colours(LABELS)[2], None]
    assert (shown["kinds"], shown["rare"], shown["left_out"]) == ("2 mislabelled, 1 missing", "b", "")
    page = render(tiny(review=Review(places=places, rare=("b",))))
    assert "Labels to look at" in page
    assert "missing: b seems to be here (rare)" in page


def test_a_long_list_of_places_says_how_many_more_there_are():
    shown = review.context(tiny(review=Review(places=(doubt(),) * 23)))
    assert (len(shown["rows"]), shown["left_out"]) == (20, "3")
    assert review.context(tiny()) is None
