"""Trials that train: each makes other probabilities, which are judged as they come, and decoded."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from segmend.artifacts.trial import Trial
from segmend.core.words import first_line
from segmend.errors import SegmendError
from segmend.mending.edits import training_edit
from segmend.pipeline.retraining.retrained import Retrained
from segmend.pipeline.retraining.workshop import Workshop
from segmend.pipeline.trials.bench import Bench
from segmend.pipeline.trials.perform import Performed, failed, outcome_of, perform

TRAINED = 0.8
"""Of a trial's seconds, what training takes; prediction and decoders get the rest."""

FAILURES = (SegmendError, ArithmeticError, MemoryError, ValueError, RuntimeError)
"""What training a stranger's network may raise: shapes that do not meet, and memory that is not there, among them."""


@dataclass(frozen=True, slots=True, eq=False)
class Variant:
    """A trained model, its predictions in the place of the user's, and what was tried on them.

    Attributes:
        retrained: the model; None where training failed.
        bench: with its probabilities; what was before is still the user's model.
        performed: the trials, the model as it is first.
    """

    retrained: Retrained | None
    bench: Bench
    performed: tuple[Performed, ...]


def perform_training(
    trial: Trial,
    bench: Bench,
    workshop: Workshop,
    decoders: Sequence[Trial],
    *,
    seconds: float,
    first: Retrained | None = None,
) -> Variant:
    """Train, and judge the model as it is and with decoders.

    Args:
        trial: edits that ask for a training.
        bench: what is mended.
        workshop: what is trained with.
        decoders: trials of decoders that are worth trying.
        seconds: for all of it.
        first: a rebuilt network that is to be averaged with others; None trains anew.
    """
    began = time.monotonic()
    edit = training_edit(trial.edits)
    assert edit is not None
    try:
        if first is None:
            retrained = workshop.train(edit, TRAINED * seconds)
        else:
            retrained = workshop.average(first, edit, TRAINED * seconds)
        own = bench.with_prediction(workshop.judged(retrained, bench.prediction))
    except FAILURES as error:
        why = f"{type(error).__name__}: {first_line(error, most=300)}"
        return Variant(None, bench, (failed(trial, bench, time.monotonic() - began, why),))
    performed = [_as_it_is(trial, own, time.monotonic() - began)]
    for number, decoder in enumerate(decoders):
        left = max(0.0, began + seconds - time.monotonic()) / (len(decoders) - number)
        performed.append(perform(_both(trial, decoder), own, deadline=time.monotonic() + left))
    return Variant(retrained, own, tuple(performed))


def _both(training: Trial, decoder: Trial) -> Trial:
    return Trial(
        name=f"{training.name} + {decoder.name}",
        edits={**training.edits, **decoder.edits},
        because=tuple(dict.fromkeys((*training.because, *decoder.because))),
        control=training.control,
    )


def _as_it_is(trial: Trial, bench: Bench, seconds: float) -> Performed:
    """A trained model judged by what it says, without a decoder."""
    counted = bench.count(bench.answers)
    inner = tuple(bench.objective(counted.take(fit)) for fit, _ in bench.folds.parts)
    outcome = outcome_of(trial, bench, bench.answers, float(np.mean(inner)), seconds)
    return Performed(outcome, bench.answers, inner)
