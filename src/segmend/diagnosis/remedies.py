"""Remedies that several rules share."""

from __future__ import annotations

from segmend.artifacts.finding import Expected, Remedy

_ADVICE = {
    "min_duration": "Drop segments shorter than a fitted minimum duration and fill shorter gaps.",
    "viterbi": "Decode with a fitted price per switch of class.",
    "semi_markov": "Decode with a model of how long segments last and which class follows which.",
    "thresholds": "Decode with one fitted threshold per class instead of the argmax.",
}


def decode(decoder: str, expected: Expected | None = None) -> Remedy:
    """Fit a decoder on held-out predictions; needs no training, so it is safe.

    Args:
        decoder: its name in the catalogue.
        expected: the most that it can bring.

    Examples:
        >>> decode("semi_markov").name
        'decode-semi-markov'
    """
    return Remedy(
        name=f"decode-{decoder.replace('_', '-')}",
        safety="safe",
        edits={"decoder": decoder},
        advice=_ADVICE[decoder],
        expected=expected,
    )


def weigh_steps() -> Remedy:
    """Train again with weights per step; a person's decision."""
    return Remedy(
        name="weigh-steps",
        safety="manual",
        advice="Train with sample_weight=segmend.step_weights(y, segmend.class_weights(y)) or with a Dice loss added.",
    )
