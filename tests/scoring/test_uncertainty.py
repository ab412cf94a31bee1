"""Intervals of every score, and paired comparisons."""

import dataclasses
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmend.artifacts.prediction import Prediction
from segmend.core.labels import Labels
from segmend.errors import InputError
from segmend.scoring import score
from segmend.scoring.bootstrap import ends
from segmend.scoring.scored import scored
from segmend.scoring.steps.calibration import calibration
from segmend.scoring.steps.probabilities import Judged, judged_steps
from segmend.scoring.steps.ranked import ranked
from segmend.scoring.uncertainty import compare, intervals, ranking
from segmend.scoring.uncertainty.draws import scores_under, weights_of
from segmend.scoring.uncertainty.leaves import numbers, paths

COST = [[0, 1, 2], [1, 0, 1], [5, 1, 0]]


def predicted(seed=0, recordings=8, longest=40, classes=3, ties=False):
    """Random recordings of unequal lengths with ignored steps; some lack a class."""
    rng = np.random.default_rng(seed)
    true, prob = [], []
    for k in range(recordings):
        row = np.repeat(rng.integers(0, classes - (k % 3 == 0), longest // 4), rng.integers(1, 5, longest // 4))
        row[rng.random(row.size) < 0.05] = -1
        said = rng.random((row.size, classes)) + 0.5 * (row[:, None] == np.arange(classes))
        said = np.round(said * 3) + 1 if ties else said
        true.append(row)
        prob.append(said / said.sum(axis=1, keepdims=True))
    return Prediction(
        names=tuple(f"r{k}" for k in range(recordings)),
        labels=Labels.numbered(classes),
        y_true=tuple(true),
        y_pred=tuple(np.argmax(rows, axis=1) for rows in prob),
        y_prob=tuple(prob),
    )


def repeated(prediction, row):
    """The prediction that a draw stands for: each recording as often as its weight says."""
    index = np.repeat(np.arange(len(row)), row.astype(int))
    columns = {name: tuple(getattr(prediction, name)[k] for k in index) for name in ("y_true", "y_pred", "y_prob")}
    return dataclasses.replace(prediction, names=tuple(f"d{k}" for k in range(len(index))), **columns)


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from(["segmend", "lea", "ms-tcn"]), st.booleans())
def test_every_score_of_a_draw_is_that_of_the_recordings_drawn(seed, preset, ties):
    prediction = predicted(seed, recordings=5, ties=ties)
    known = scored(prediction, preset=preset, beta=2.0, cost=COST)
    weights, _ = weights_of(prediction.names, None, 0.95, 4, seed)
    at = paths(known.levels())
    found = scores_under(known, weights, at)
    for row, values in zip(weights, found, strict=True):
        plain = score(repeated(prediction, row), preset=preset, beta=2.0, cost=COST)
        expected = numbers({level: plain[level] for level in ("step", "segment", "count")}, at)
        np.testing.assert_allclose(values, expected, rtol=1e-9, atol=1e-12, equal_nan=True)


def test_intervals_are_the_percentiles_of_plain_scores():
    prediction = predicted()
    found = intervals(scored(prediction), draws=60, level=0.8)
    weights, unit = weights_of(prediction.names, None, 0.8, 60, 0)
    plain = [score(repeated(prediction, row)) for row in weights]
    assert found.unit == unit == "recordings"
    for read in (
        lambda s: s["step"]["macro"]["auc"],
        lambda s: s["step"]["calibration"]["ece"],
        lambda s: s["segment"]["per_class"]["2"]["f1@25"],
        lambda s: s["segment"]["edit"],
        lambda s: s["count"]["rmse"],
    ):
        assert read(found) == pytest.approx(np.nanquantile([read(one) for one in plain], [0.1, 0.9]))


def test_every_number_of_scores_has_an_interval():
    prediction = predicted()
    plain, found = score(prediction), intervals(scored(prediction), draws=20)
    for level in ("step", "segment", "count"):
        content = {key: value for key, value in plain[level].items() if key not in ("confusion", "per_recording")}
        assert shape(found[level]) == shape(content)
    told = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert told["step"]["expected_cost"] == [None, None]
    assert (told["draws"], told["level"], told["unit"], told["ranking_draws"]) == (20, 0.95, "recordings", 20)
    with pytest.raises(InputError, match='Received "x"'):
        _ = found["x"]


def shape(content):
    return {key: shape(value) if isinstance(value, dict) else None for key, value in content.items()}


@pytest.mark.parametrize("multilabel", [False, True])
@pytest.mark.parametrize("ties", [False, True])
def test_ranking_and_calibration_of_weighted_recordings(multilabel, ties):
    rng = np.random.default_rng(3)
    true, prob = rng.integers(0, 2, (90, 3)), rng.random((90, 3))
    prob = np.round(prob, 1) if ties else prob
    if not multilabel:
        true = rng.integers(0, 3, 90)
        prob = (prob + 0.1) / (prob + 0.1).sum(axis=1, keepdims=True)
    owner = np.sort(rng.integers(0, 6, 90))
    weights = rng.integers(0, 3, (700, 6)).astype(float)  # more draws than one walk takes
    weights[0] = 0
    steps = Judged(true, prob, multilabel)
    found = ranking.ranked_under(steps, owner, weights)
    for draw in (0, 1, 400, 699):
        index = np.concatenate([np.repeat(np.flatnonzero(owner == k), int(weights[draw, k])) for k in range(6)])
        plain = ranked(Judged(true[index], prob[index], multilabel)) if index.size else None
        for name, values in found.items():
            each = [*values.per_class[draw], values.micro[draw], values.macro[draw], values.weighted[draw]]
            assert np.isnan(each).all() if plain is None else True
            if plain is not None:
                one = plain[name]
                np.testing.assert_allclose(each, [*one.per_class, one.micro, one.macro, one.weighted], rtol=1e-9)


def test_labels_that_overlap():
    rng = np.random.default_rng(0)
    true = [rng.integers(0, 2, (20, 2)) for _ in range(7)]
    prob = [0.3 * rows + 0.7 * rng.random((20, 2)) for rows in true]
    said = [(rows > 0.5).astype(int) for rows in prob]
    labels = Labels.numbered(2, None)
    prediction = Prediction(
        names=tuple("abcdefg"),
        labels=labels,
        y_true=tuple(true),
        y_pred=tuple(said),
        y_prob=tuple(prob),
        multilabel=True,
    )
    known = scored(prediction)
    found = intervals(known, draws=50)
    assert found["segment"]["f1@50"][0] < score(prediction)["segment"]["f1@50"] < found["segment"]["f1@50"][1]
    weights, _ = weights_of(known.names, None, 0.95, 50, 0)
    drawn = []
    for row in weights.astype(int):
        index = np.repeat(np.arange(7), row)
        steps = judged_steps([true[k] for k in index], [prob[k] for k in index], multilabel=True)
        drawn.append(calibration(steps).ece)
    assert found["step"]["calibration"]["ece"] == pytest.approx(np.quantile(drawn, [0.025, 0.975]))
    low, high = found["step"]["subset_accuracy"]
    assert low < known.levels()["step"]["subset_accuracy"] < high
    assert np.isnan(found["step"]["accuracy"]).all()


@settings(max_examples=10, deadline=None)
@given(st.permutations(range(8)), st.sampled_from([None, list("aabbcdef"), list("aaabbbcc")]))
def test_the_order_of_recordings_does_not_matter(order, groups):
    prediction = predicted()
    moved = dataclasses.replace(
        repeated(prediction, np.ones(8)),
        names=tuple(prediction.names[k] for k in order),
        **{name: tuple(getattr(prediction, name)[k] for k in order) for name in ("y_true", "y_pred", "y_prob")},
    )
    first = intervals(scored(prediction), groups, draws=15)
    other = intervals(scored(moved), groups and [groups[k] for k in order], draws=15)
    for path in paths_of(first):
        assert at(first, path) == pytest.approx(at(other, path), nan_ok=True)


def paths_of(found, above=()):
    content = {level: found[level] for level in ("step", "segment", "count")} if not above else at(found, above)
    if not isinstance(content, dict):
        return [above]
    return [path for key in content for path in paths_of(found, (*above, key))]


def at(found, path):
    content = found
    for key in path:
        content = content[key]
    return content


def test_groups_are_drawn_whole_and_few_groups_are_said():
    prediction = predicted(recordings=12)
    known = scored(prediction)
    assert intervals(known, [k // 2 for k in range(12)], draws=5).unit == "groups"
    assert intervals(known, [k // 4 for k in range(12)], draws=5).unit == "recordings within groups"
    assert intervals(known, list("abcdefghijkl"), draws=5).unit == "recordings"
    weights, _ = weights_of(prediction.names, [k // 2 for k in range(12)], 0.95, 50, 0)
    assert (weights[:, ::2] == weights[:, 1::2]).all()
    few = scored(predicted(recordings=4))
    each = intervals(few, list("abcd"), draws=50)
    assert each.unit == "recordings"
    low, high = each["step"]["accuracy"]
    assert low < high  # groups of one recording each do not make a score sure


def test_intervals_of_alike_groups_are_wider_than_of_recordings():
    right = np.repeat([1, 1, 0, 1, 0, 1, 1, 0], 5)  # five recordings of a person are all right or all wrong
    rows = tuple(np.array([1, 1, 0, 0]) for _ in right)
    said = tuple(row if good else 1 - row for row, good in zip(rows, right, strict=True))
    known = scored(
        Prediction(names=tuple(map(str, range(40))), labels=Labels.numbered(2), y_true=rows, y_pred=said), edit=False
    )
    wide = intervals(known, [k // 5 for k in range(40)], draws=400)["step"]["accuracy"]
    narrow = intervals(known, draws=400)["step"]["accuracy"]
    assert wide[1] - wide[0] > 1.5 * (narrow[1] - narrow[0])


def test_95_per_cent_intervals_cover_the_truth_about_that_often():
    rng = np.random.default_rng(0)
    truth, sets, recordings, steps = 0.7, 200, 40, 20
    names, covered = [str(k) for k in range(recordings)], 0
    for seed in range(sets):
        share = rng.beta(14, 6, recordings)  # of mean 0.7: recordings differ
        right = rng.random((recordings, steps)) < share[:, None]
        weights, _ = weights_of(names, None, 0.95, 400, seed)
        drawn = weights @ right.sum(axis=1) / (weights.sum(axis=1) * steps)
        low, high = ends(drawn, 0.95)
        covered += low <= truth <= high
        if seed == 0:  # the short way to the accuracy of many draws is the right one
            true, said = np.ones(right.shape, int), right.astype(int)
            known = scored(
                Prediction(names=tuple(names), labels=Labels.numbered(2), y_true=tuple(true), y_pred=tuple(said))
            )
            assert intervals(known, draws=400)["step"]["accuracy"] == pytest.approx([low, high])
    assert 0.89 <= covered / sets <= 0.985


def test_labels_of_whole_recordings_have_intervals_too():
    rng = np.random.default_rng(0)
    true = rng.integers(0, 3, 60)
    said = np.where(rng.random(60) < 0.8, true, 0)
    names = tuple(map(str, range(60)))
    known = scored(Prediction(names=names, labels=Labels.numbered(3), y_true=tuple(true), y_pred=tuple(said), rank=0))
    found = intervals(known, draws=200)
    low, high = found["step"]["accuracy"]
    assert low < (true == said).mean() < high
    assert found.segment is found.count is None


def test_a_prediction_against_itself_differs_by_nothing():
    known = scored(predicted())
    found = compare(known, known, draws=30)
    for path in paths(known.levels()):
        leaf = at(found, path)
        if not np.isnan(leaf["first"]):
            assert (leaf["difference"], leaf["interval"], leaf["excludes_zero"]) == (0, [0, 0], False)


def test_differences_are_paired():
    prediction = predicted(recordings=10)
    worse = tuple(np.where(np.arange(row.size) % 4 == 0, 0, row) for row in prediction.y_pred)
    other = dataclasses.replace(prediction, y_pred=worse, y_prob=None)
    first, second = scored(prediction), scored(other)
    found = compare(first, second, draws=80, seed=5)
    weights, _ = weights_of(prediction.names, None, 0.95, 80, 5)
    place = [("step", "accuracy")]
    drawn = scores_under(second, weights, place) - scores_under(first, weights, place)
    leaf = found["step"]["accuracy"]
    assert leaf["interval"] == pytest.approx(np.quantile(drawn, [0.025, 0.975]))
    assert leaf["first"] == score(prediction)["step"]["accuracy"]
    assert leaf["difference"] == leaf["second"] - leaf["first"] < 0
    assert leaf["excludes_zero"]
    alone = intervals(first, draws=80, seed=5)["step"]["accuracy"]
    assert leaf["interval"][1] - leaf["interval"][0] < alone[1] - alone[0]
    assert np.isnan(found["step"]["macro"]["auc"]["difference"])
    assert found.to_dict()["step"]["macro"]["auc"]["second"] is None


def test_ranking_has_fewer_draws_where_there_are_many_steps(monkeypatch):
    prediction = predicted()
    known = scored(prediction)
    monkeypatch.setattr(ranking, "MOST_WORK", 0)
    monkeypatch.setattr(ranking, "FEWEST", 7)
    found = intervals(known, draws=30)
    weights, _ = weights_of(prediction.names, None, 0.95, 30, 0)
    few = [score(repeated(prediction, row))["step"]["micro"]["auc"] for row in weights[:7]]
    assert (found.ranking_draws, found.draws) == (7, 30)
    assert found["step"]["micro"]["auc"] == pytest.approx(np.quantile(few, [0.025, 0.975]))
    assert compare(known, known, draws=30).ranking_draws == 7


def test_scores_that_are_no_probabilities_have_ranking_but_no_calibration():
    prediction = predicted()
    raw = dataclasses.replace(prediction, y_prob=tuple(4 * rows for rows in prediction.y_prob))
    found = intervals(scored(raw), draws=20)
    assert np.isnan(found["step"]["calibration"]["ece"]).all()
    same = intervals(scored(prediction), draws=20)
    assert found["step"]["macro"]["auc"] == pytest.approx(same["step"]["macro"]["auc"])


def test_calls_that_do_not_fit_are_refused():
    known = scored(predicted())
    with pytest.raises(InputError, match=r"level: expected a share between 0 and 1\. Received 95"):
        intervals(known, level=95)
    with pytest.raises(InputError, match=r"draws: expected a whole number above 0\. Received 0"):
        intervals(known, draws=0)
    with pytest.raises(InputError, match=r"each of 8 recordings\. Received 2"):
        intervals(known, ["a", "b"])
    with pytest.raises(InputError, match="of the same recordings"):
        compare(known, scored(predicted(recordings=7)))
    with pytest.raises(InputError, match="of the same presets"):
        compare(known, scored(predicted(), preset="lea"))
    with pytest.raises(InputError, match="of the same reference"):
        compare(known, scored(predicted(seed=1)))
    with pytest.raises(InputError, match="y_true: expected labels"):
        scored(dataclasses.replace(predicted(), y_true=None))
