"""Which recordings a remedy is fitted on and which prove it."""

from __future__ import annotations

from dataclasses import dataclass

from segmend.artifacts.prediction import Prediction
from segmend.core.roles import purpose
from segmend.splitting import folds as deal

FOLDS = 5
MOST_FOLDS = 10


@dataclass(frozen=True, slots=True)
class Folds:
    """Folds over recordings, by their numbers.

    Attributes:
        parts: for each fold the recordings to fit on and those held out; a recording is held out at most once.
        final: the recordings that the decoder which is kept is fitted on.
        groups: group of each recording; no fold cuts one.
        judged_on: what "held out" means here.
        fitted_on: which recordings ``final`` are.
        held_out: False where nothing could be held out.
    """

    parts: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...]
    final: tuple[int, ...]
    groups: tuple[str, ...]
    judged_on: str
    fitted_on: str = "all recordings"
    held_out: bool = True

    @property
    def proving(self) -> tuple[int, ...]:
        """All recordings that are held out in some fold, fold by fold."""
        return tuple(k for _, held in self.parts for k in held)


def folds_of(prediction: Prediction, *, seed: int = 0) -> Folds:
    """The folds that a prediction's splits and groups ask for.

    With a role test*, a remedy is fitted on val (on train only where there is no val, since predictions on training
    data are too good) and proven on test. With val alone, val is cut into folds. Otherwise every group is held out
    once: the keys of splits.json that are no roles, or ``groups``, or each recording by itself.

    Args:
        prediction: with names, groups and splits.
        seed: decides among groups of equal size.
    """
    number = {name: k for k, name in enumerate(prediction.names)}
    roles: dict[str, tuple[int, ...]] = {"train": (), "val": (), "test": ()}
    keys = 0
    for part, names in prediction.splits.items():
        role = purpose(part)
        keys += role is None
        if role is not None:
            roles[role] += tuple(number[name] for name in names)
    groups = prediction.groups or prediction.names
    fitted_on = "val" if roles["val"] else "train"
    if roles["test"] and roles[fitted_on]:
        judged_on = f"test (decoders fitted on {fitted_on})"
        return Folds(((roles[fitted_on], roles["test"]),), roles[fitted_on], groups, judged_on, fitted_on)
    only = next((role for role in ("test", "val") if roles[role]), "")
    members = roles[only] if only else tuple(range(len(prediction.names)))
    return _within(members, groups, keys, only, seed)


def _within(members: tuple[int, ...], groups: tuple[str, ...], keys: int, said: str, seed: int) -> Folds:
    own = [groups[k] for k in members]
    unit = "groups" if len(set(own)) < len(members) else "recordings"
    if len(set(own)) < 2:
        own, unit = [str(k) for k in members], "recordings of the one group"
    suffix, fitted_on = (f" of {said}", said) if said else ("", "all recordings")
    if len(members) < 2:
        judged_on = "the recording it was fitted on"
        return Folds(((members, members),), members, groups, judged_on, fitted_on, held_out=False)
    parts = deal(own, min(MOST_FOLDS, keys) if keys >= 2 else FOLDS, seed=seed)
    spread = tuple(
        (tuple(members[k] for k in fit.tolist()), tuple(members[k] for k in held.tolist())) for fit, held in parts
    )
    return Folds(spread, members, groups, f"{unit}{suffix}, each held out once in {len(spread)} folds", fitted_on)
