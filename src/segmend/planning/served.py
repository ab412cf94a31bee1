"""Which names of a plan serve its task, known without importing Keras."""

from __future__ import annotations

from segmend import catalogue, decoding
from segmend.core.task import Task
from segmend.errors import InputError
from segmend.planning.values import Values
from segmend.scoring.objective import CLASS_SCORES, COST, parse, summands

OF_SIGNALS = frozenset(
    (
        "time_warp",
        "stretch",
        "shift",
        "drift",
        "time_mask",
        "segment_length",
        "segment_paste",
        "gap_insertion",
        "cut_mix",
    )
)
"""Transforms that work on one axis."""

OF_IMAGES = frozenset(("rotation", "translation", "shear", "zoom", "flip", "brightness", "contrast"))
"""Transforms that work on two axes; all others work on any number."""

ON_STEPS = frozenset(("segment_length", "segment_paste", "gap_insertion", "cut_mix"))
"""Transforms that read labels of steps."""


def check_served(values: Values, task: Task) -> None:
    """Refuse names that do not serve the task, before time is spent on it.

    Args:
        values: of a plan.
        task: what the labels answer.

    Raises:
        InputError: names the key, and what would serve.
    """
    _transforms([str(each.get("name")) for each in values.sampling.augment], task)
    _decoders(values.decoder.candidates, task)
    _decoding(values.validation.decoding, task)
    _shares(values, task)
    _sum("validation.metric", values.validation.metric, task, judging=True)
    _sum("decoder.objective", values.decoder.objective, task, judging=False)


def transforms_of(task: Task) -> list[str]:
    """Names of the transforms that serve a task.

    Examples:
        >>> transforms_of(Task.named("classification", 2, rank=2))[:3]
        ['brightness', 'channel_drop', 'contrast']
    """
    other = OF_SIGNALS if task.rank > 1 else OF_IMAGES
    unfit = other | ON_STEPS if task.kind == "classification" else other
    return sorted(name for name in catalogue.TRANSFORMS if name not in unfit)


def _transforms(names: list[str], task: Task) -> None:
    fit = transforms_of(task)
    for name in names:
        if name not in fit:
            raise InputError(
                f'plan: sampling.augment: expected names among {fit}, for {_named(task)}. Received "{name}"'
            )


def _decoders(names: list[str], task: Task) -> None:
    fit = decoding.serving(task)
    for name in names:
        if name not in fit:
            raise InputError(
                f'plan: decoder.candidates: expected names among {list(fit)}, for {_named(task)}. Received "{name}"'
            )


def _decoding(name: str, task: Task) -> None:
    """Of the two that validation knows, the other one always serves."""
    if name != "argmax" and name not in decoding.serving(task):
        raise InputError(f'plan: validation.decoding: expected "argmax", for {_named(task)}. Received "{name}"')


def _shares(values: Values, task: Task) -> None:
    """As the sampler asks: places drawn for a reason are at most all, and changes need steps in an order."""
    shares = {key: getattr(values.sampling, key) for key in ("balanced", "transitions", "hard")}
    if sum(shares.values()) > 1 + 1e-9:
        told = ", ".join(f"{key} {share:g}" for key, share in shares.items())
        raise InputError(f"plan: sampling: expected shares that add up to at most 1. Received {told}")
    if shares["transitions"] and (task.kind == "classification" or task.rank > 1):
        raise InputError(
            f"plan: sampling.transitions: expected 0: {_named(task)} has no order of classes. "
            f"Received {shares['transitions']:g}"
        )


def _sum(key: str, text: str, task: Task, *, judging: bool) -> None:
    """Refuse a sum of scores that cannot be computed in a task."""
    try:
        terms = summands(text)
        if not (judging and task.kind == "classification"):
            wanted = parse(text)
            if wanted.downhill() is not wanted:
                raise InputError(f'expected errors with a minus, as in "-count_mae". Received "{text}"')
    except InputError as error:
        raise InputError(f"plan: {key}: {error}") from None
    for _, name, at in terms:
        if judging and task.kind == "classification" and (name not in CLASS_SCORES or at is not None):
            told = name if at is None else f"{name}@{at}"
            raise InputError(
                f'plan: {key}: expected a sum of {", ".join(CLASS_SCORES)} for {_named(task)}. Received "{told}"'
            )
        if name == COST:
            raise InputError(f'plan: {key}: expected scores; a plan knows no costs of mistakes. Received "{name}"')
        if name == "panoptic_quality" and (task.kind == "classification" or task.rank == 1):
            raise InputError(
                f"plan: {key}: expected scores for {_named(task)}; only segmented images have objects. "
                f'Received "{name}"'
            )


def _named(task: Task) -> str:
    return f"{task.name} of {'images' if task.rank > 1 else 'signals'}"
