"""The rung behind rebuilding: where time is left, networks on other folds are averaged with the rebuilt one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from segmend.artifacts.trial import Trial
from segmend.mending.training import ON_FOLDS, on_folds
from segmend.mending.worth import Stakes
from segmend.pipeline.retraining.workshop import Workshop
from segmend.pipeline.trials.bench import Bench
from segmend.pipeline.trials.variants import Variant, perform_training


def perform_on_folds(
    variants: Sequence[Variant],
    bench: Bench,
    workshop: Workshop,
    decoders: Sequence[Trial],
    stakes: Stakes,
    *,
    seconds: float,
    say: Callable[[str], None] | None = None,
) -> Variant | None:
    """Train more networks like the rebuilt one that did best; None where none was rebuilt, or it is not worth it.

    Args:
        variants: all trainings so far.
        bench: what is mended.
        workshop: what is trained with.
        decoders: trials of decoders that are worth trying.
        stakes: what can be gained and what may be spent.
        seconds: for all of it.
        say: told what is being tried.
    """
    outcomes = [one.outcome for each in variants for one in each.performed]
    trial = on_folds(outcomes, stakes, seconds)
    if trial is None:
        return None
    if say:
        say(f"training: {trial.name}")
    name = trial.name.removesuffix(ON_FOLDS)
    first = next(each.retrained for each in variants if each.performed[0].outcome.trial.name == name)
    return perform_training(trial, bench, workshop, decoders, seconds=seconds, first=first)
