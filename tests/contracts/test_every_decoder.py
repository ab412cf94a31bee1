"""What holds for every decoder of the catalogue."""

import json
import math
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from segmend import catalogue, decoding
from segmend.artifacts.decoder import DecoderRecord
from segmend.core.labels import Labels
from segmend.core.task import NAMES, Task
from segmend.decoding.judge import value_of
from segmend.decoding.search import search
from segmend.errors import InputError
from segmend.scoring.objective import parse

OBJECTIVE = parse("segment_f1@50")
CLASSES = 4

SIGNALS = Task.named("segmentation", CLASSES)

OF_SIGNALS = [name for name in catalogue.DECODERS if catalogue.resolve("decoders", name).serves(SIGNALS)]

every_decoder = pytest.mark.parametrize("name", OF_SIGNALS)
both_kinds = pytest.mark.parametrize("background", [0, None])


def _truth(rng, segments=12):
    label = rng.permutation(np.arange(segments)) % CLASSES
    label = label[np.concatenate(([True], np.diff(label) != 0))]
    return np.repeat(label, rng.integers(8, 20, len(label)))


def _noisy(rng, truth, sharpness=2.0):
    score = rng.normal(size=(len(truth), CLASSES)) + sharpness * np.eye(CLASSES)[truth]
    return np.exp(score) / np.exp(score).sum(axis=1, keepdims=True)


def _data(seed=0, recordings=6):
    rng = np.random.default_rng(seed)
    y_true = [_truth(rng) for _ in range(recordings)]
    return [_noisy(rng, truth) for truth in y_true], y_true


def _fit(name, y_prob, y_true, background=0, **options):
    labels = Labels.numbered(CLASSES, background)
    options = {"groups": None, "objective": OBJECTIVE, **options}
    return decoding.fit(name, y_prob, y_true, labels=labels, **options)


_FITTED = {}


def _fitted(name, background=0):
    if (name, background) not in _FITTED:
        _FITTED[name, background] = _fit(name, *_data(), background)
    return decoding.restore(_FITTED[name, background])


@every_decoder
def test_class_and_catalogue_agree(name):
    decoder = catalogue.resolve("decoders", name)
    assert decoder.name == name
    assert set(decoder.start) == set(decoder.grid)
    for setting, values in decoder.grid.items():
        assert len(values) > 1 and list(values) == sorted(set(values)), setting


@every_decoder
@both_kinds
def test_shape_dtype_and_range(name, background):
    decoder = _fitted(name, background)
    rng = np.random.default_rng(1)
    for steps in (0, 1, 2, 57):
        prob = rng.dirichlet(np.ones(CLASSES), steps).astype(np.float32)
        before = prob.copy()
        decoded = decoder.decode(prob)
        assert decoded.shape == (steps,)
        assert decoded.dtype == np.int64
        assert ((decoded >= 0) & (decoded < CLASSES)).all()
        np.testing.assert_array_equal(prob, before)


@every_decoder
@settings(max_examples=30, deadline=None)
@given(st.integers(1, 40), st.integers(0, 2**32 - 1), st.sampled_from([1e-3, 1.0, 1e3]))
def test_any_probabilities_decode_to_known_classes(name, steps, seed, peaked):
    prob = np.random.default_rng(seed).dirichlet(np.full(CLASSES, peaked), steps)
    decoded = _fitted(name).decode(np.nan_to_num(prob, nan=1 / CLASSES))
    assert ((decoded >= 0) & (decoded < CLASSES)).all()


@every_decoder
@both_kinds
def test_sure_and_right_stays_right(name, background):
    decoder = _fitted(name, background)
    for seed in range(3):
        truth = _truth(np.random.default_rng(100 + seed))
        np.testing.assert_array_equal(decoder.decode(np.eye(CLASSES)[truth]), truth)


@every_decoder
@both_kinds
def test_is_no_worse_than_the_argmax_on_recordings_like_those_it_was_fitted_on(name, background):
    y_prob, y_true = _data(seed=7, recordings=8)
    labels = Labels.numbered(CLASSES, background)
    decoder = _fitted(name, background)
    before = value_of(OBJECTIVE, y_true, [rows.argmax(axis=1) for rows in y_prob], labels)
    after = value_of(OBJECTIVE, y_true, [decoder.decode(rows) for rows in y_prob], labels)
    assert after >= before - 0.05  # per-class thresholds with a background do not contain the argmax
    if name in ("min_duration", "viterbi", "semi_markov", "expected_f1"):
        assert after > 0.9 > 0.5 > before


@every_decoder
@both_kinds
def test_record_survives_json(name, background):
    _fitted(name, background)
    record = _FITTED[name, background]
    again = DecoderRecord.from_dict(json.loads(json.dumps(record.to_dict(), allow_nan=False)))
    assert again == record
    prob = _noisy(np.random.default_rng(2), _truth(np.random.default_rng(3)), sharpness=1.0)
    np.testing.assert_array_equal(decoding.restore(again).decode(prob), decoding.restore(record).decode(prob))


@every_decoder
def test_fit_does_not_depend_on_the_order_of_recordings(name):
    y_prob, y_true = _data()
    groups = ["a", "a", "b", "b", "c", "d"]
    setting = dict(catalogue.resolve("decoders", name).start)
    order = [3, 0, 5, 1, 4, 2]
    prob = y_prob[0]
    one = _fit(name, y_prob, y_true, groups=groups, setting=setting)
    other = _fit(name, [y_prob[k] for k in order], [y_true[k] for k in order], groups=groups, setting=setting)
    np.testing.assert_array_equal(decoding.restore(one).decode(prob), decoding.restore(other).decode(prob))


@every_decoder
def test_fit_is_deterministic(name):
    y_prob, y_true = _data()
    assert _fit(name, y_prob, y_true) == _fit(name, y_prob, y_true)


@every_decoder
def test_ignored_steps_change_nothing(name):
    """Ignored padding, full of wrong probabilities, neither reaches into the recording nor spoils a fit."""
    y_prob, y_true = _data()
    wrong = np.tile([0.0, 0.0, 0.0, 1.0], (31, 1))
    padded_prob = [np.concatenate((rows, wrong)) for rows in y_prob]
    padded_true = [np.concatenate((rows, np.full(31, -1))) for rows in y_true]
    plain = decoding.restore(_fit(name, y_prob, y_true, setting=dict(catalogue.resolve("decoders", name).start)))
    for prob, true in zip(padded_prob, padded_true, strict=True):
        whole = plain.decode_judged(prob, true)
        np.testing.assert_array_equal(whole[true != -1], plain.decode(prob[:-31]))
    padded = decoding.restore(_fit(name, padded_prob, padded_true))
    for true in y_true:
        np.testing.assert_array_equal(padded.decode(np.eye(CLASSES)[true]), true)


@every_decoder
def test_a_recording_cut_in_two_decodes_as_two(name):
    decoder = _fitted(name)
    rng = np.random.default_rng(4)
    truth = _truth(rng)
    prob = _noisy(rng, truth)
    cut = truth.copy()
    cut[40] = -1
    decoded = decoder.decode_judged(prob, cut)
    np.testing.assert_array_equal(decoded[:40], decoder.decode(prob[:40]))
    np.testing.assert_array_equal(decoded[41:], decoder.decode(prob[41:]))


@every_decoder
def test_a_class_never_seen_one_recording_and_one_class(name):
    truth = np.zeros(30, int)
    record = _fit(name, [np.eye(CLASSES)[truth]], [truth], groups=["only"])
    np.testing.assert_array_equal(decoding.restore(record).decode(np.eye(CLASSES)[truth]), truth)
    alone = decoding.fit(
        name, [np.ones((9, 1))], [np.zeros(9, int)], labels=Labels.numbered(1, None), groups=None, objective=OBJECTIVE
    )
    assert decoding.restore(alone).decode(np.ones((5, 1))).tolist() == [0] * 5


@every_decoder
def test_a_deadline_in_the_past_still_gives_a_decoder(name):
    y_prob, y_true = _data()
    record = _fit(name, y_prob, y_true, deadline=time.monotonic() - 1)
    assert decoding.restore(record).decode(y_prob[0]).shape == y_true[0].shape


@every_decoder
def test_wrong_number_of_classes_is_refused(name):
    with pytest.raises(InputError, match=r"expected shape \(steps, 4\).*Received \(5, 3\)"):
        _fitted(name).decode(np.ones((5, 3)) / 3)


@pytest.mark.parametrize("name", [name for name in OF_SIGNALS if name != "argmax"])
def test_a_damaged_record_is_refused(name):
    _fitted(name)
    damaged = _FITTED[name, 0].model_copy(update={"parameters": {}})
    with pytest.raises(InputError, match=f"parameters of {name}"):
        decoding.restore(damaged)


def test_an_unknown_decoder_is_refused_with_the_nearest():
    with pytest.raises(InputError, match='did you mean "viterbi"'):
        _fit("viterbo", *_data())


def test_the_search_prefers_what_the_objective_prefers():
    """A price on counts chooses another setting than the score alone, so the objective is really what is searched."""
    y_prob, y_true = _data(seed=3)
    y_prob = [0.3 * rows + 0.7 / CLASSES for rows in y_prob]
    f1, steps = (_fit("viterbi", y_prob, y_true, objective=parse(text)) for text in ("segment_f1@50", "step_accuracy"))
    labels = Labels.numbered(CLASSES)
    for text, best in (("segment_f1@50", f1), ("step_accuracy", steps)):
        values = {}
        for penalty in catalogue.resolve("decoders", "viterbi").grid["penalty"]:
            record = _fit("viterbi", y_prob, y_true, setting={"penalty": penalty})
            decoded = [decoding.restore(record).decode(rows) for rows in y_prob]
            values[penalty] = value_of(parse(text), y_true, decoded, labels)
        assert values[best.parameters["penalty"]] == pytest.approx(max(values.values()))
        assert not math.isnan(max(values.values()))


TASKS = [Task.named(name, CLASSES, rank) for name in NAMES for rank in (1, 2)]

every_task = pytest.mark.parametrize("task", TASKS, ids=lambda task: f"{task.name}-{task.rank}")


@every_task
def test_candidates_of_every_task_fit_it(task):
    assert decoding.candidates(task)
    assert set(decoding.candidates(task)) <= set(decoding.serving(task))


def test_every_decoder_serves_a_task():
    served = {name for task in TASKS for name in decoding.serving(task)}
    assert served == set(catalogue.DECODERS) - {"each_label"}  # which serves through those that it wraps


@every_task
def test_what_does_not_serve_is_refused_with_what_does(task):
    for name in set(catalogue.DECODERS) - set(decoding.serving(task)):
        with pytest.raises(InputError, match=f'such as .*Received "{name}"'):
            decoding.resolve(name, task)


def _material(task, seed, recordings=8):
    """Probabilities and truth of any task: the sharper ones are right, and some are noise."""
    rng = np.random.default_rng(seed)
    multilabel = task.labels == "multilabel"
    y_prob, y_true = [], []
    for _ in range(recordings * (10 if task.kind == "classification" else 1)):
        shape = () if task.kind == "classification" else (90,) if task.rank == 1 else (48, 48)
        true = np.zeros((*shape, CLASSES), int) if multilabel else np.zeros(shape, int)
        for label in range(0 if multilabel else 1, CLASSES):
            where = true[..., label] if multilabel else true
            if task.kind == "classification":
                where[...] = np.where(rng.random() < 0.4, 1 if multilabel else label, where)
                continue
            for _ in range(2):
                first = rng.integers(0, shape[0] - 12, len(shape))
                where[tuple(slice(at, at + 12) for at in first)] = 1 if multilabel else label
        if multilabel:
            prob = 1 / (1 + np.exp(-(3.0 * (2 * true - 1) + 2 * rng.normal(size=true.shape))))
        else:
            score = 4 * np.eye(CLASSES)[true] + rng.normal(size=(*shape, CLASSES))
            prob = np.exp(score) / np.exp(score).sum(axis=-1, keepdims=True)
        y_prob.append(prob.astype(np.float32))
        y_true.append(true)
    return y_prob, y_true


@every_task
def test_every_decoder_of_every_task_fits_decodes_and_survives_json(task):
    labels = Labels.numbered(CLASSES, None if task.labels == "multilabel" or task.kind == "classification" else 0)
    y_prob, y_true = _material(task, seed=0)
    for name in decoding.serving(task):
        setting = dict(catalogue.resolve("decoders", name).start)
        options = {"labels": labels, "groups": None, "objective": OBJECTIVE, "task": task, "setting": setting}
        record = decoding.fit(name, y_prob, y_true, **options)
        again = DecoderRecord.from_dict(json.loads(json.dumps(record.to_dict(), allow_nan=False)))
        assert again == record == decoding.fit(name, y_prob, y_true, **options)
        for prob, true in zip(y_prob, y_true, strict=True):
            before = prob.copy()
            decoded, other = (decoding.restore(each).decode(prob) for each in (record, again))
            np.testing.assert_array_equal(prob, before)
            planes = (
                [(decoded.mask, other.mask), (decoded.instances, other.instances)]
                if task.rank > 1 and task.kind == "segmentation"
                else [(decoded, other)]
            )
            for plane, twin in planes:
                assert plane.shape == true.shape and np.issubdtype(plane.dtype, np.integer)
                np.testing.assert_array_equal(plane, twin)
            assert planes[0][0].min() >= 0 and planes[0][0].max() < (2 if task.labels == "multilabel" else CLASSES)


@every_task
def test_search_of_every_task_is_deterministic_and_no_worse_than_its_start(task):
    labels = Labels.numbered(CLASSES, None if task.labels == "multilabel" or task.kind == "classification" else 0)
    y_prob, y_true = _material(task, seed=1)
    objective = parse("macro_f1" if task.kind == "classification" else "segment_f1@50")
    values = []
    for name in decoding.candidates(task):
        decoder = decoding.resolve(name, task)
        found = search(decoder, y_prob, y_true, labels, objective, task=task)
        if decoder.grid:
            assert found == search(decoder, y_prob, y_true, labels, objective, task=task)
            start = search(decoder, y_prob, y_true, labels, objective, task=task, setting=decoder.start)
            assert found.value >= start.value
        values.append(found.value)
    assert max(values) > 0.7
