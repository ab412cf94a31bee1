"""Splits and folds that never cut through a group.

Groups (subjects) are dealt out whole, largest first, each to the part that is furthest below what it should have: the
longest-processing-time rule. Nothing here knows windows: split first, window afterwards.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np

from segmend.core.types import BoolArray, FloatArray, IntArray
from segmend.errors import InputError

ROLES = ("train", "val", "test")

TRIED = 8
"""Groups that are tried where a class is to be brought into a part: the smallest, and those nearest in size."""


def folds(
    groups: Sequence[Hashable], k: int, *, seed: int = 0, weight: Sequence[float] | None = None
) -> list[tuple[IntArray, IntArray]]:
    """Deal recordings into folds of about equal weight, each group whole in one of them.

    Args:
        groups: group of each recording, shape (recordings,).
        k: number of folds; with fewer groups than that, one fold for each group.
        seed: decides among equals.
        weight: what to balance, such as steps per recording; 1 each by default.

    Returns:
        For each fold the indices to fit on and the indices held out, both in rising order.

    Raises:
        InputError: fewer than two groups, or k below 2.

    Examples:
        >>> for fit, held_out in folds(["ann", "ann", "bob", "cyd"], 2):
        ...     print(fit, held_out)
        [2 3] [0 1]
        [0 1] [2 3]
    """
    number, totals = _totals(groups, np.ones(len(groups)) if weight is None else np.asarray(weight, float))
    if k < 2 or len(totals) < 2:
        raise InputError(f"folds: expected at least 2 folds and 2 groups. Received k={k} and {len(totals)} groups")
    k = min(k, len(totals))
    part = _deal(totals[:, np.newaxis], np.full(k, 1 / k), seed)[number]
    every = np.arange(len(number))
    return [(every[part != fold], every[part == fold]) for fold in range(k)]


def by_group(
    groups: Sequence[Hashable],
    steps: Sequence[float] | FloatArray | IntArray,
    *,
    fractions: Sequence[float] = (0.6, 0.2, 0.2),
    seed: int = 0,
) -> dict[str, IntArray]:
    """Split recordings into train, val and test by group, balanced by duration and by class.

    Args:
        groups: group of each recording, shape (recordings,).
        steps: length of each recording, shape (recordings,), or its steps per class, shape (recordings, classes): then
            every part gets its share of every class as nearly as whole groups allow, and a group of every class where
            there are enough, train first, then val.
        fractions: shares of train, val and test; a share of 0 leaves the part out.
        seed: decides among equals.

    Returns:
        Indices of recordings by role, in rising order. With fewer groups than parts the smallest parts are left out.

    Raises:
        InputError: fractions that are no shares, or no recordings.

    Examples:
        >>> parts = by_group(["a", "a", "b", "c", "d", "e"], [50, 50, 100, 100, 100, 100])
        >>> {role: len(index) for role, index in parts.items()}
        {'train': 4, 'val': 1, 'test': 1}
    """
    share = np.asarray(fractions, float)
    if share.shape != (len(ROLES),) or (share < 0).any() or not np.isclose(share.sum(), 1):
        raise InputError(f"fractions: expected three shares that sum to 1 (train, val, test). Received {fractions}")
    measures = np.asarray(steps, float)
    measures = measures[:, np.newaxis] if measures.ndim == 1 else measures
    if not len(groups) or len(measures) != len(groups):
        raise InputError(f"steps: expected one row for each of {len(groups)} recordings. Received {len(measures)}")
    columns = [_totals(groups, column) for column in measures.T]
    number = columns[0][0]
    totals = np.stack([total for _, total in columns], axis=1)
    used = np.sort(np.argsort(-share, kind="stable")[: min(len(totals), np.count_nonzero(share))])
    shares = share[used] / share[used].sum()
    dealt = _deal(totals, shares, seed)
    part = used[_with_every_class(dealt, totals, shares)][number]
    return {ROLES[role]: np.flatnonzero(part == role) for role in used.tolist()}


def _totals(groups: Sequence[Hashable], weight: FloatArray) -> tuple[IntArray, FloatArray]:
    """The group number of each recording (in order of appearance) and the total weight of each group."""
    known: dict[Hashable, int] = {}
    number = np.array([known.setdefault(group, len(known)) for group in groups], np.int64)
    return number, np.bincount(number, weight, minlength=len(known)).astype(np.float64)


def _deal(totals: FloatArray, share: FloatArray, seed: int) -> IntArray:
    """The part of each group: no part is empty, and each is as near its share of every column as a greedy deal comes.

    Args:
        totals: shape (groups, columns).
        share: shape (parts,), sums to 1.
        seed: decides among equals.
    """
    whole = totals.sum(axis=0)
    relative = totals / np.where(whole > 0, whole, 1)
    shuffled = np.random.default_rng(seed).permutation(len(totals))
    order = shuffled[np.argsort(-relative.sum(axis=1)[shuffled], kind="stable")]
    missing = np.repeat(share[:, np.newaxis], totals.shape[1], axis=1)
    part = np.full(len(totals), -1, np.int64)
    empty = np.ones(len(share), bool)
    undealt = len(totals)
    for group in order.tolist():
        # How much nearer each part would come to its share, relative to that share: small parts get rare classes too.
        gain = (missing**2 - (missing - relative[group]) ** 2).sum(axis=1) / share**2
        if undealt == np.count_nonzero(empty):
            gain[~empty] = -np.inf
        chosen = int(np.argmax(gain))
        part[group] = chosen
        missing[chosen] -= relative[group]
        empty[chosen] = False
        undealt -= 1
    return part


def _with_every_class(part: IntArray, totals: FloatArray, share: FloatArray) -> IntArray:
    """A deal in which no part lacks a class that a later one, or an earlier one that has more of it, can spare.

    Nothing can be learnt of a class that train lacks, and nothing judged where val does. Of all single moves and
    exchanges of two groups that bring a class and take none away, the one that leaves the parts nearest to their shares
    is made. Classes of many groups come first. Arguments as for ``_deal``.
    """
    holds = totals > 0
    relative = totals / np.where(holds.any(axis=0), totals.sum(axis=0), 1)
    size = relative.sum(axis=1)
    columns = [k for k in np.argsort(-holds.sum(axis=0), kind="stable").tolist() if holds[:, k].any()]
    missing = [(target, column) for target in range(len(share)) for column in columns]
    changed = True
    while changed:  # what one class brings, another may be able to spare afterwards
        changed = False
        for target, column in missing:
            holders = np.flatnonzero(holds[:, column])
            if (part[holders] == target).any():
                continue
            smallest = holders[np.argsort(size[holders], kind="stable")][:TRIED]
            deals = [deal for holder in smallest.tolist() for deal in _brought(part, holds, holder, target, size)]
            if deals:
                part = min(deals, key=lambda deal: _distance(deal, relative, share))
                changed = True
    return part


def _brought(part: IntArray, holds: BoolArray, group: int, target: int, size: FloatArray) -> list[IntArray]:
    """Deals with a group in the target part, by a move or in exchange for another, that leave no part empty.

    Neither the target nor, where the group comes from an earlier part, that part loses a class.
    """
    donors = (part == part[group]) & (np.arange(len(part)) != group)
    lost = holds[group] & ~holds[donors].any(axis=0) & (part[group] < target)
    moved = part.copy()
    moved[group] = target
    deals = [moved] if donors.any() and not lost.any() else []
    inside = np.flatnonzero(part == target)
    held = holds[inside].sum(axis=0)
    left = held - holds[inside] + holds[group] > 0
    spare = inside[left[:, held > 0].all(axis=1) & holds[inside][:, lost].all(axis=1)]
    for other in spare[np.argsort(np.abs(size[spare] - size[group]), kind="stable")][:TRIED].tolist():
        exchanged = moved.copy()
        exchanged[other] = part[group]
        deals.append(exchanged)
    return deals


def _distance(part: IntArray, relative: FloatArray, share: FloatArray) -> float:
    """How far the parts are from their shares of every column, each relative to its share."""
    got = np.stack([relative[part == number].sum(axis=0) for number in range(len(share))])
    return float((((got - share[:, np.newaxis]) / share[:, np.newaxis]) ** 2).sum())
