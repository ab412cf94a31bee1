"""What arrays mean to the doctor, by their shapes or as told, for every task of signals and images."""

from __future__ import annotations

import numpy as np
import pytest

import segmend
from segmend.core.task import Task
from segmend.errors import InputError

RNG = np.random.default_rng(0)
CLASS = np.arange(12) % 3
SIGNALS = RNG.normal(0, 0.1, (12, 50, 2)) + CLASS[:, None, None]
IMAGES = RNG.normal(0, 0.1, (12, 16, 16, 3)) + CLASS[:, None, None, None]
LABELS = (RNG.random((12, 3)) < 0.5).astype(int)

LANES = np.zeros((6, 200, 2), int)
LANES[:, 20:60, 0] = LANES[:, 40:100, 1] = LANES[:, 120:160, 0] = 1
LONG = RNG.normal(size=(6, 200, 4))

MASKS = np.zeros((6, 32, 24), int)
MASKS[:, 5:12, 5:12] = MASKS[:, 20:28, 10:18] = 1
PHOTOS = RNG.random((6, 32, 24, 3))


def by_mean(x):
    """Reads the class off the mean."""
    found = np.rint(np.reshape(x, (len(x), -1)).mean(axis=1)).astype(int).clip(0, 2)
    return np.eye(3)[found] * 0.7 + 0.1


def says(labels, classes=2):
    """A model that knows the answers, in the order of the recordings."""
    return lambda x: np.eye(classes)[labels[: len(x)]] * 0.8 + 0.2 / classes


def lanes(x):
    """A model that knows where labels overlap."""
    return LANES[: len(x)] * 0.8 + 0.1


def constant(*prob):
    """A model that always says the same of a recording."""
    return lambda x: np.tile(prob, (len(x), 1))


def rules(diagnosis):
    return [finding.rule for finding in diagnosis.findings]


@pytest.mark.parametrize(
    ("model", "x", "y", "task"),
    [
        (by_mean, SIGNALS, CLASS, ("classification", "multiclass", 1, 3)),
        (by_mean, SIGNALS, np.eye(3)[CLASS], ("classification", "multiclass", 1, 3)),
        (by_mean, IMAGES, CLASS, ("classification", "multiclass", 2, 3)),
        (lambda x: by_mean(x)[:, :1], SIGNALS, (CLASS == 0).astype(int), ("classification", "multiclass", 1, 2)),
        (lambda x: by_mean(x)[:, :1], IMAGES, (CLASS == 0)[:, None], ("classification", "multiclass", 2, 2)),
        (constant(0.7, 0.2, 0.6), SIGNALS, LABELS, ("classification", "multilabel", 1, 3)),
        (constant(0.7, 0.2, 0.6), IMAGES, LABELS, ("classification", "multilabel", 2, 3)),
        (lanes, LONG, LANES, ("segmentation", "multilabel", 1, 2)),
        (lambda x: lanes(x)[..., 0], LONG, LANES[..., 0], ("segmentation", "multiclass", 1, 2)),
        (says(MASKS), PHOTOS, MASKS, ("segmentation", "multiclass", 2, 2)),
        (says(MASKS), PHOTOS, np.eye(2)[MASKS], ("segmentation", "multiclass", 2, 2)),
        (lambda x: MASKS[..., None] * 0.8, PHOTOS, MASKS[..., None], ("segmentation", "multiclass", 2, 2)),
    ],
)
def test_the_task_is_told_by_shapes(model, x, y, task):
    diagnosis = segmend.diagnose(model, x, y)
    assert diagnosis.chart.task == Task(*task)
    assert diagnosis.chart.fingerprint.task == diagnosis.chart.task.to_dict()
    assert not diagnosis.chart.fingerprint.problems
    assert diagnosis.signals.keys() == set(diagnosis.chart.prediction.names)


@pytest.mark.parametrize(
    ("y_true", "y_prob", "told", "task"),
    [
        (CLASS, by_mean(SIGNALS), None, ("classification", "multiclass", 1, 3)),
        (LABELS, LABELS * 0.6 + 0.2, "multilabel-classification", ("classification", "multilabel", 1, 3)),
        (list(LABELS), list(LABELS * 0.6 + 0.2), "multilabel-classification", ("classification", "multilabel", 1, 3)),
        (LANES, LANES * 0.8 + 0.1, None, ("segmentation", "multilabel", 1, 2)),
        (MASKS, says(MASKS)(MASKS), None, ("segmentation", "multiclass", 2, 2)),
        (
            np.stack([MASKS, MASKS[:, ::-1]], -1),
            MASKS[..., None] * [0.8, 0.7],
            None,
            ("segmentation", "multilabel", 2, 2),
        ),
    ],
)
def test_bare_probabilities_of_every_task(y_true, y_prob, told, task):
    assert segmend.diagnose(y_true=y_true, y_prob=y_prob, task=told).chart.task == Task(*task)


def test_whole_recordings_have_no_background():
    diagnosis = segmend.diagnose(by_mean, SIGNALS, CLASS, labels=["a", "b", "c"])
    assert diagnosis.chart.labels.names == ("a", "b", "c") and diagnosis.chart.labels.background is None
    assert "the right class in 100 % of the recordings" in str(diagnosis)


def test_labels_that_tell_a_task_apart_are_refused_by_name_where_they_do_not_fit():
    with pytest.raises(InputError, match=r"y_true\[1\]: expected shape \(3,\) as in y_true\[0\]"):
        segmend.diagnose(y_true=[[0, 1, 0], [1, 0]], y_prob=np.ones((2, 3)) / 2, task="multilabel-classification")


@pytest.mark.parametrize(
    ("model", "x", "y", "words"),
    [
        (lambda x: says(MASKS)(x)[:, 2:-2, 2:-2], PHOTOS, MASKS, "28 x 20 pixels where the labels have 32 x 24"),
        (constant(0.7, 0.3), PHOTOS, MASKS, "one row of 2 values per image"),
        (constant(0.7, 0.3), LONG, LANES[..., 0], "one row of 2 values per recording"),
        (lanes, LONG, np.arange(6) % 2, "the labels have one value per recording"),
        (constant(0.7, 0.2, 0.1), SIGNALS, CLASS + 1, "The labels have 4 classes, the output 3 channels"),
        (constant(0.7, 0.2), SIGNALS, LABELS, "The labels have 3 classes, the output 2 channels"),
    ],
)
def test_an_output_that_does_not_fit_is_a_finding(model, x, y, words):
    diagnosis = segmend.diagnose(model, x, y)
    (finding,) = [each for each in diagnosis.findings if each.rule == "output-length-mismatch"]
    assert words in finding.message and diagnosis.chart.prediction is None


def told(diagnosis, rule):
    return next(finding.message for finding in diagnosis.findings if finding.rule == rule)


def test_a_collapse_is_found_in_every_task():
    images = segmend.diagnose(constant(0.7, 0.2, 0.1), IMAGES, CLASS)
    assert "0 is predicted on 100 % of the images and holds 33 %" in told(images, "single-class-collapse")
    several = segmend.diagnose(constant(0.1, 0.2, 0.1), IMAGES, LABELS)
    assert "3 of 3 labels are hardly ever predicted" in told(several, "single-class-collapse")
    pixels = segmend.diagnose(says(0 * MASKS), PHOTOS, MASKS)
    assert rules(pixels).index("single-class-collapse") < rules(pixels).index("count-bias")
    assert [diagnosis.findings[0].severity for diagnosis in (images, several, pixels)] == ["error"] * 3


def test_one_lost_class_of_recordings_is_weighed_by_the_macro_f1():
    y_prob = by_mean(SIGNALS)
    y_prob[CLASS == 2] = [0.5, 0.1, 0.4]
    findings = segmend.diagnose(y_true=CLASS, y_prob=y_prob).findings
    finding = next(each for each in findings if each.rule == "missed-class")
    expected = finding.remedies[0].expected
    assert (finding.rule, finding.severity, finding.where) == ("missed-class", "error", {"label": "2"})
    assert (expected.objective, round(expected.before, 3), round(expected.at_most, 3)) == ("macro_f1", 0.556, 0.889)


def test_pieces_of_objects_and_of_overlapping_segments_are_found():
    broken = MASKS.copy()
    broken[:, :, [8, 14]] = 0
    images = segmend.diagnose(says(broken), PHOTOS, MASKS)
    assert "2 predicted objects for each reference object of 1" in images.findings[0].message
    flicker = LANES.copy()
    flicker[:, 30:50:4, 0] = 0
    signals = segmend.diagnose(y_true=LANES, y_prob=flicker * 0.8 + 0.1)
    assert [(each.rule, each.where) for each in signals.findings[:1]] == [("over-segmentation", {"label": "0"})]


def test_what_is_weighed_with_0_or_masked_is_not_judged():
    weight = np.r_[np.zeros(3), np.ones(9)]
    wrong = np.where(weight == 0, (CLASS + 1) % 3, CLASS)
    assert segmend.diagnose(by_mean, SIGNALS, wrong, sample_weight=weight).chart.scores["step"]["accuracy"] == 1
    mask = np.ones(MASKS.shape, bool)
    mask[:, 20:28] = False
    diagnosis = segmend.diagnose(says(MASKS * mask), PHOTOS, MASKS, mask=mask)
    assert diagnosis.chart.scores["count"]["reference"] == diagnosis.chart.scores["count"]["predicted"] == 6
    assert diagnosis.chart.fingerprint.segments == 6


def test_groups_and_held_out_recordings_of_every_task():
    held_out = (IMAGES[:6], CLASS[:6])
    diagnosis = segmend.diagnose(by_mean, IMAGES, CLASS, validation_data=held_out, groups=list("abcdefabcdef"))
    assert diagnosis.chart.judged_on == "validation_data" and len(diagnosis.chart.prediction.names) == 6
    assert "leaked-groups" in rules(diagnosis), "the held-out images are copies"


def test_the_page_of_each_task_is_made(tmp_path):
    seen = [
        segmend.diagnose(by_mean, IMAGES, CLASS),
        segmend.diagnose(constant(0.7, 0.2, 0.6), SIGNALS, LABELS),
        segmend.diagnose(says(MASKS), PHOTOS, MASKS),
        segmend.diagnose(lanes, LONG, LANES),
    ]
    for diagnosis in seen:
        text = diagnosis.report(tmp_path / "page.html").read_text(encoding="utf-8")
        assert "built-in" not in text and ">nan<" not in text
