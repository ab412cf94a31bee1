"""Review lists: what they take from findings, and what may be left out unseen."""

from types import SimpleNamespace

import numpy as np

from segmend.artifacts.review import Doubt, Review
from segmend.core.dataset import Dataset
from segmend.core.labels import Labels
from segmend.core.recording import Recording
from segmend.core.segments import Segments
from segmend.core.task import Task
from segmend.diagnosis.review import hidden, rare_classes, review_of


def _finding(rule, *places):
    return SimpleNamespace(rule=rule, evidence={"review": list(places)})


def _facts(**counts):
    return SimpleNamespace(classes=[SimpleNamespace(name=name, segments=count) for name, count in counts.items()])


FOUND = SimpleNamespace(
    findings=[
        _finding("label-noise", {"recording": "a", "start": 3, "stop": 9, "given": "P", "looks_like": "T"}),
        _finding("missing-segments", {"recording": "b", "start": 4, "stop": 6, "label": "QRS", "confidence": 0.9}),
        _finding("boundary-jitter", {"recording": "a", "label": "T", "end": "stop", "step": 40, "off": -5.4}),
        SimpleNamespace(rule="count-bias", evidence={}),
    ]
)


def test_every_place_of_the_three_rules_is_there_in_their_order():
    review = review_of(FOUND, _facts(P=50, QRS=60, T=4))
    assert review.rare == ("T",)
    assert [(p.kind, p.recording, p.start, p.stop, p.label, p.looks_like, p.rare) for p in review.places] == [
        ("mislabelled", "a", 3, 9, "P", "T", False),
        ("missing", "b", 4, 6, "QRS", None, False),
        ("shifted", "a", 35, 40, "T", None, True),
    ]
    assert review.places[2].told == "stop of T: the signal changes 5 steps earlier"


def test_a_whole_has_no_place_in_it():
    place = {"recording": "a", "start": 0, "stop": 0, "given": "P", "looks_like": "T"}
    only = review_of(SimpleNamespace(findings=[_finding("label-noise", place)]), None).places[0]
    assert (only.start, only.stop, only.rare) == (None, None, False)


def test_rare_is_far_below_the_mean():
    assert rare_classes(_facts(a=100, b=100, c=30)) == ["c"]
    assert rare_classes(_facts(a=100, b=60)) == []
    assert rare_classes(None) == []


def _data():
    recordings = tuple(
        Recording(name=name, signal=np.zeros((50, 1)), segments=Segments.from_rows([(3, 9, 1)]), group=name)
        for name in "abc"
    )
    labels = Labels.of(["P", "T"], 0)
    split = {"train": ("a", "b"), "val": ("c",)}
    task = Task.named("segmentation", 3)
    return Dataset(recordings=recordings, task=task, labels=labels, channels=("0",), split=split)


def test_what_judges_what_is_rare_and_what_is_shifted_stays():
    def doubt(recording, kind="mislabelled", rare=False):
        return Doubt(kind=kind, recording=recording, start=3, stop=9, label="P", told="", rare=rare)

    places = (doubt("a"), doubt("a", rare=True), doubt("b", "missing"), doubt("b", "shifted"), doubt("c"))
    assert hidden(_data(), Review(places=places)) == {"a": [(3, 9)], "b": [(3, 9)]}
