"""The proof of a mend: what was chosen on inner folds, judged on groups that had no part in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from segmend.artifacts.finding import DiagnosisRecord
from segmend.artifacts.trial import Certificate, Outcome, Untried
from segmend.mending.edits import training_edit

HELPED, NOTHING, NOT_PROVEN = "helped", "nothing helped", "not proven"

FEWEST_RECORDINGS = 6


def certify(
    outcomes: Sequence[Outcome],
    controls: Sequence[Outcome],
    *,
    chosen: str | None,
    proof: Outcome | None,
    control_choice: Outcome | None,
    objective: str,
    judged_on: str,
    recordings: int,
    held_out: bool,
    mean_count_mae: float | None,
    diagnosis: DiagnosisRecord | None = None,
    untried: Sequence[Untried] = (),
) -> Certificate:
    """Judge the chosen remedy.

    *Helped*: the paired bootstrap interval of the change lies above 0. *Nothing helped*: no remedy was better than
    doing nothing on the inner folds, or the chosen one changed nothing for the better on held-out groups. *Not
    proven*: too few recordings, none that the model was not trained on, or an interval that holds 0.

    Args:
        outcomes: every remedy tried.
        controls: the random remedies.
        chosen: name of the remedy selected on inner folds, None where doing nothing was best.
        proof: the outcome of the selection itself on held-out groups: in each fold the remedy that its inner folds
            chose, so that the winner's luck is not counted as gain.
        control_choice: the same for the random remedies.
        objective: what is maximised.
        judged_on: what "held out" means here.
        recordings: number of held-out recordings.
        held_out: False where the model may have been trained on what it is judged on.
        mean_count_mae: count MAE of always answering the mean count of the other groups.
        diagnosis: where to look next when nothing helped.
        untried: what was named and not tried.
    """
    verdict = _verdict(chosen, proof, recordings, held_out)
    kept = chosen if verdict == HELPED or (verdict == NOT_PROVEN and not _worse(proof)) else None
    return Certificate(
        verdict=verdict,
        objective=objective,
        chosen=kept,
        outcome=proof,
        tried=tuple(outcomes),
        untried=tuple(untried),
        control=_control(proof, controls, control_choice),
        mean_count_mae=mean_count_mae,
        judged_on=judged_on,
        note=_note(verdict, proof, recordings, held_out, diagnosis),
    )


def _verdict(chosen: str | None, proof: Outcome | None, recordings: int, held_out: bool) -> str:
    if chosen is None or proof is None:
        return NOTHING
    if not held_out or recordings < FEWEST_RECORDINGS:
        return NOT_PROVEN
    change = proof.change
    if change is None or change.difference is None or change.low is None:
        return NOT_PROVEN
    if change.low > 0:
        return HELPED
    return NOT_PROVEN if change.difference > 0 else NOTHING


def _worse(proof: Outcome | None) -> bool:
    """Whether the selection lost on held-out groups."""
    change = proof.change if proof else None
    return change is not None and change.difference is not None and change.difference < 0


def _control(proof: Outcome | None, controls: Sequence[Outcome], choice: Outcome | None) -> dict[str, Any]:
    """How many random remedies were drawn, and what share of them the proven choice beats."""
    values = [value for outcome in controls if (value := outcome.after.get("objective")) is not None]
    own = proof.after.get("objective") if proof else None
    return {
        "drawn": len(controls),
        "trained": sum(training_edit(outcome.trial.edits) is not None for outcome in controls),
        "beaten_share": None if own is None or not values else sum(value < own for value in values) / len(values),
        "best_by_inner_folds": None if choice is None else choice.after.get("objective"),
        "seconds": sum(outcome.seconds for outcome in controls),
    }


def _note(
    verdict: str, proof: Outcome | None, recordings: int, held_out: bool, diagnosis: DiagnosisRecord | None
) -> str:
    if verdict == HELPED:
        return ""
    if verdict == NOT_PROVEN:
        return _why_not_proven(proof, recordings, held_out)
    for finding in diagnosis.findings if diagnosis else ():
        advice = next((remedy.advice for remedy in finding.remedies if "decoder" not in remedy.edits), "")
        if advice:
            return f"Look at {finding.rule} next: {finding.message} {advice}"
    if diagnosis and diagnosis.findings:
        first = diagnosis.findings[0]
        return f"Look at {first.rule} next: {first.message} No decoder repairs it: the model or its training must."
    return "The diagnosis names no fault that a decoder could mend."


def _why_not_proven(proof: Outcome | None, recordings: int, held_out: bool) -> str:
    if not held_out:
        return "The model may have been trained on these recordings: give validation_data that it has not seen."
    if recordings < FEWEST_RECORDINGS:
        return f"Only {recordings} held-out recordings: at least {FEWEST_RECORDINGS} are needed for a proof."
    level = proof.change.level if proof and proof.change else 0.95
    return f"The {100 * level:.0f} % interval of the change holds 0: more held-out recordings would tell."
