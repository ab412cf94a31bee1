"""Mending what was diagnosed: the order of trials, control, proof and last fit."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, NamedTuple

from segmend import decoding
from segmend.artifacts.decoder import DecoderRecord
from segmend.artifacts.finding import DiagnosisRecord
from segmend.artifacts.prediction import Prediction
from segmend.artifacts.trial import Certificate, Trial
from segmend.core.dataset import Dataset
from segmend.errors import InputError
from segmend.mending.certificate import certify
from segmend.mending.edits import described
from segmend.mending.training import training_trials
from segmend.mending.untried import untried
from segmend.pipeline.results.diagnosis import Diagnosis
from segmend.pipeline.results.mended import Mended
from segmend.pipeline.results.review_files import cleaned
from segmend.pipeline.retraining.workshop import Workshop
from segmend.pipeline.runs.decoded import answered, answers_of
from segmend.pipeline.trials.bench import Bench, bench_of, mean_count_mae
from segmend.pipeline.trials.loop import (
    DECODING_SHARE,
    FIT_SHARE,
    TRAINING_SHARE,
    TRIAL_SHARE,
    Clock,
    Say,
    chosen,
    run_control,
    run_trainings,
    run_trials,
    stakes_of,
)
from segmend.pipeline.trials.perform import Performed, splice
from segmend.pipeline.trials.variants import Variant
from segmend.scoring.objective import Objective


def mend_diagnosed(
    diagnosis: Diagnosis,
    objective: Objective,
    clock: Clock,
    *,
    prediction: Prediction | None = None,
    seed: int = 0,
    unsafe: bool = False,
    held_out: bool = True,
    model: Any = None,
    standing: DecoderRecord | None = None,
    say: Say | None = None,
    workshop: Workshop | None = None,
    about: Mapping[str, Any] | None = None,
    data: Dataset | None = None,
) -> Mended:
    """Try what a diagnosis names, prove what the inner folds choose, and fit what is kept.

    Args:
        diagnosis: of the recordings that remedies are fitted on.
        objective: what is maximised.
        clock: the budget.
        prediction: what is mended and proven, in probabilities; what the diagnosis judged where None.
        seed: seed of everything random.
        unsafe: try remedies marked unsafe too.
        held_out: False where the model may have been trained on what is judged.
        model: kept in the result, so that it predicts too.
        standing: the decoder that made ``y_pred``, kept where nothing helps; None is the argmax.
        say: told what is being tried.
        workshop: what the model can be trained with; None where only decoders can be tried.
        about: what the model takes, as run.json says it.
        data: the recordings that the model was watched on, where they are a folder's.

    Raises:
        InputError: there are no probabilities or no labels.
    """
    prediction = prediction or diagnosis.chart.prediction
    if prediction is None or prediction.y_prob is None or prediction.y_true is None:
        raise InputError("mend: expected probabilities and labels of at least one recording. Received none")
    bench = bench_of(prediction, objective, seed=seed)
    tried = _tried(diagnosis.record, bench, clock, workshop, unsafe=unsafe, say=say)
    trial = chosen(tried.done, bench)
    proof = splice(tried.done, bench, trial) if trial else None
    certificate = _certified(diagnosis.record, bench, clock, tried, proof, held_out=held_out, unsafe=unsafe)
    kept = trial if certificate.chosen else None
    variant = next((each for each in tried.variants if kept in [one.outcome.trial for one in each.performed]), None)
    retrained = variant.retrained if variant else None
    if say:
        say("fitting what is kept on all recordings")
    judged = variant.bench if variant else bench
    record = _fitted(kept, judged, clock) if kept or standing is None else standing
    return Mended(
        certificate=certificate,
        task=prediction.task,
        record=record,
        changes=(*(described(kept) if kept else ()), *(retrained.changes if retrained else ()), *diagnosis.notes),
        prediction=_mended(judged.prediction, record, bench, proof if kept else None),
        diagnosis=diagnosis,
        model=retrained.model if retrained else model,
        about=about or {},
        review=diagnosis.review,
        cleaned=cleaned(data, diagnosis.review) if data is not None else None,
    )


class _Tried(NamedTuple):
    """All that was tried: remedies, of which some are trainings, and at random.

    Attributes:
        done: remedies, trainings with their decoders among them.
        variants: the trainings alone.
        controls: drawn at random.
        trains: whether there was a model to train.
    """

    done: list[Performed]
    variants: list[Variant]
    controls: list[Performed]
    trains: bool


def _tried(
    diagnosis: DiagnosisRecord, bench: Bench, clock: Clock, workshop: Workshop | None, *, unsafe: bool, say: Say | None
) -> _Tried:
    """Decoders first, then trainings, then as long again what is drawn at random."""
    began = time.monotonic()
    trained = workshop is not None and training_trials(diagnosis, clock.left(TRAINING_SHARE), unsafe=unsafe)
    until = DECODING_SHARE if trained else TRIAL_SHARE
    done = run_trials(diagnosis, bench, clock, unsafe=unsafe, say=say, until=until)
    variants: list[Variant] = []
    if workshop is not None:
        variants = run_trainings(diagnosis, bench, clock, workshop, done, unsafe=unsafe, say=say)
        done += [one for variant in variants for one in variant.performed]
    controls: list[Performed] = []
    if done:
        drawn_from: dict[str, Any] = {"workshop": workshop, "variants": variants, "unsafe": unsafe}
        controls = run_control(bench, clock, time.monotonic() - began, **drawn_from, say=say)
    return _Tried(done, variants, controls, workshop is not None)


def _certified(
    diagnosis: DiagnosisRecord,
    bench: Bench,
    clock: Clock,
    tried: _Tried,
    proof: Performed | None,
    *,
    held_out: bool,
    unsafe: bool,
) -> Certificate:
    """What the trials prove, and what was left out."""
    outcomes, task = [one.outcome for one in tried.done], bench.prediction.task
    stakes = stakes_of(bench, clock)
    drawn = splice(tried.controls, bench, tried.controls[0].outcome.trial).outcome if tried.controls else None
    return certify(
        outcomes,
        [one.outcome for one in tried.controls],
        chosen=proof.outcome.trial.name if proof else None,
        proof=proof.outcome if proof else None,
        control_choice=drawn,
        objective=bench.objective.text,
        judged_on=f"{diagnosis.judged_on}: {bench.folds.judged_on}",
        recordings=len(bench.folds.proving),
        held_out=held_out and bench.folds.held_out,
        mean_count_mae=mean_count_mae(bench),
        diagnosis=diagnosis,
        untried=untried(diagnosis, outcomes, stakes=stakes, unsafe=unsafe, task=task, trains=tried.trains),
    )


def _fitted(kept: Trial | None, bench: Bench, clock: Clock) -> DecoderRecord:
    """The decoder that is kept (the argmax where none is), fitted on all recordings that may be fitted on."""
    return decoding.fit(
        kept.edits.get("decoder", "argmax") if kept else "argmax",
        **bench.part(bench.folds.final),
        deadline=clock.until(FIT_SHARE),
        temperature=bench.prediction.temperature,
    )


def _mended(prediction: Prediction, record: DecoderRecord, bench: Bench, proof: Performed | None) -> Prediction:
    """The prediction with mended labels: out of fold where a recording was held out, else by the kept decoder."""
    if proof is None:
        return prediction
    assert prediction.y_prob is not None
    held = set(bench.folds.proving)
    others = [k for k in range(len(proof.answers)) if k not in held]
    rest = answers_of(prediction.y_prob, record, bench.folds.groups, others)
    return answered(prediction, [rest.get(k, answer) for k, answer in enumerate(proof.answers)])
