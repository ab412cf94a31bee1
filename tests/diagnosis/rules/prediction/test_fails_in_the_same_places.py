import dataclasses

import numpy as np
import pytest

from segmend.artifacts.opinion import ClassOpinion, SecondOpinion, Suspect
from segmend.diagnosis.failing_together import beside, together
from segmend.diagnosis.rules.prediction.fails_in_the_same_places import FailsInTheSamePlaces
from segmend.errors import InputError
from segmend.pipeline.charting.chart import chart_of
from segmend.pipeline.charting.others import with_others
from segmend.pipeline.diagnose import diagnose
from tests.diagnosis.charts import charted, heartbeats, jittered
from tests.diagnosis.predicted import images, signals, wholes


def swapped(truth, beats, one=1, other=3):
    """The labels with P called T in these beats of every recording."""
    said = []
    for rows in truth:
        row = rows.copy()
        for beat in beats:
            part = row[60 * beat : 60 * beat + 16]
            part[part == one] = other
        said.append(row)
    return said


def sick():
    truth = heartbeats(recordings=6)
    chart = charted(truth, swapped(jittered(truth), [0, 4, 8]))
    return with_others(chart, [swapped(jittered(truth, 1), [0, 4, 9]), swapped(jittered(truth, 2), [0, 4, 5])])


def healthy():
    truth = heartbeats(recordings=6)
    chart = charted(truth, swapped(jittered(truth), [0, 4, 8]))
    return with_others(chart, [swapped(jittered(truth, 1), [1, 5, 9])])


def test_counts_by_hand():
    (finding,) = FailsInTheSamePlaces().examine(sick())
    assert (finding.evidence["both"], finding.evidence["items"]) == (12, 216)
    assert finding.evidence["wrong"] == [18, 18, 18] and finding.evidence["models"] == 3
    assert finding.evidence["expected"] == pytest.approx(216 * (18 / 216) ** 3)
    assert finding.evidence["lift"] == pytest.approx(12 / finding.evidence["expected"])
    assert finding.evidence["review"][0]["given"] == "P" and finding.evidence["review"][0]["said"] == "T"
    assert "labelled P, for T" in finding.message and "for other models" in finding.message


def test_models_that_are_wrong_in_other_ways_do_not_agree():
    truth = heartbeats(recordings=6)
    chart = charted(truth, swapped(jittered(truth), [0, 4, 8]))
    assert not list(FailsInTheSamePlaces().examine(with_others(chart, [swapped(truth, [0, 4, 8], other=2)])))


def opinion_on(names, starts):
    suspects = tuple(
        Suspect(recording=name, start=start, stop=start + 8, given="P", looks_like="T") for name, start in starts
    )
    classes = tuple(ClassOpinion(name=n, items=72, doubted=0, tail=0.0, apart=9.0) for n in names)
    doubted = len(suspects)
    return SecondOpinion(
        classes=classes, items=216, doubted=doubted, torn=0, low=0.0, high=0.1, groups=6, suspects=suspects
    )


def test_the_linear_opinion_is_a_witness_where_there_is_no_other():
    truth = heartbeats(recordings=6)
    chart = charted(truth, swapped(jittered(truth), [0, 4, 8]))
    starts = [
        (f"r{k}", int(np.flatnonzero(rows[60 * beat :] == 1)[0]) + 60 * beat)
        for k, rows in enumerate(truth)
        for beat in (0, 4)
    ]
    facts = chart.fingerprint.model_copy(update={"opinion": opinion_on(["P", "T"], starts)})
    (finding,) = FailsInTheSamePlaces().examine(dataclasses.replace(chart, fingerprint=facts))
    assert finding.evidence["both"] == 12 and finding.evidence["items"] == 144, "QRS was not looked at"
    assert "a linear model that never saw them" in finding.message
    other = opinion_on(["P", "T"], [(name, start + 60) for name, start in starts])
    facts = chart.fingerprint.model_copy(update={"opinion": other})
    assert not list(FailsInTheSamePlaces().examine(dataclasses.replace(chart, fingerprint=facts)))


def test_without_witnesses_nothing_is_told():
    truth = heartbeats()
    assert together(charted(truth, jittered(truth))) is None


@pytest.mark.parametrize(
    ("others", "message"),
    [
        ([[np.zeros(5, int)]], "one array for each of 2"),
        ([[np.zeros(5, int), np.zeros(6, int)]], "expected shape"),
        ([[np.zeros(7, int), np.full(7, 9)]], "class numbers from 0 to 1"),
        ([[np.zeros((7, 2)), np.full((7, 2), np.nan)]], "finite"),
        ([3], "Received int"),
    ],
)
def test_what_others_must_be(others, message):
    truth = [np.array([0, 1, 1, 0, 0, 1, 0])] * 2
    with pytest.raises(InputError, match=message):
        diagnose(y_true=truth, y_prob=[np.eye(2)[rows] for rows in truth], others=others)


def test_diagnose_takes_probabilities_or_labels_of_others():
    truth = heartbeats(recordings=6)
    prob = [np.eye(4)[rows] for rows in swapped(truth, [0, 4])]
    for others in ([prob], [swapped(truth, [0, 4])]):
        found = diagnose(y_true=truth, y_prob=prob, others=others, preview=True).findings
        assert "fails-in-the-same-places" in {each.rule for each in found}


def errs(rng, given, rate, at=None):
    """Another model: right but where it errs by itself, and at certain items."""
    rows = [np.array(row) for row in given.y_true]
    if given.rank == 0:
        classes = len(given.labels)
        hit = rng.random(len(rows)) < rate if at is None else at | (rng.random(len(rows)) < rate / 4)
        return [(row + 1) % classes if bad else row for row, bad in zip(rows, hit, strict=True)]
    made = []
    for k, row in enumerate(rows):
        edges = np.flatnonzero(np.diff(np.concatenate(([0], (row > 0).astype(int), [0]))))
        for n, (start, stop) in enumerate(zip(edges[::2], edges[1::2], strict=True)):
            if rng.random() < (rate if at is None else rate / 4) or (at is not None and at[k][n]):
                row[start:stop] = 0
        made.append(row)
    return made


def case(seed, together_wrong):
    rng = np.random.default_rng(seed)
    if seed % 3 == 2:
        given = wholes(rng, 200, 3)
        at = rng.random(200) < 0.08
    else:
        given = signals(rng, recordings=8, classes=2, per_recording=30)
        at = [rng.random(row.size) < 0.08 for row in given.y_true]
    at = at if together_wrong else None
    sides = [tuple(errs(rng, given, 0.06, at)) for _ in range(2)]
    chart = chart_of(beside(given, sides[0]), judged_on="test", edit=False)
    return dataclasses.replace(chart, others=(beside(given, sides[1]),))


def test_fires_on_seeded_cases_and_is_silent_on_independent_models():
    assert np.mean([bool(list(FailsInTheSamePlaces().examine(case(seed, True)))) for seed in range(40)]) >= 0.9
    assert np.mean([bool(list(FailsInTheSamePlaces().examine(case(seed, False)))) for seed in range(100)]) <= 0.01


def test_images_are_compared_by_their_objects():
    rng = np.random.default_rng(0)
    given = max((images(rng) for _ in range(9)), key=lambda each: len(each.names))
    gone = [np.where(np.arange(64)[:, None] < 16, 0, rows) for rows in given.y_true]
    chart = chart_of(beside(given, tuple(gone)), judged_on="test", edit=False)
    (finding,) = FailsInTheSamePlaces().examine(with_others(chart, [gone]))
    assert finding.evidence["both"] == finding.evidence["wrong"][0] and "steps" not in finding.message
