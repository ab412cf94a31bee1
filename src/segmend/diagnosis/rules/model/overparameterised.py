"""M501: far more weights than there are independent items to learn from, and they were learnt by heart."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import ClassVar

from segmend.artifacts.anatomy import Anatomy
from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Finding, Remedy
from segmend.artifacts.fingerprint import Fingerprint
from segmend.artifacts.history import History
from segmend.core.task import Kind
from segmend.diagnosis import severity
from segmend.diagnosis.rule import Rule
from segmend.diagnosis.wording import number

PER_ITEM = 100.0
"""A weight holds about 2 bits (Allen-Zhu, Li 2024, "Physics of language models: part 3.3"), an item's class and two
borders about 40: with 100 weights an item is known by heart several times over."""

APART = 2.0
RISEN = 1.1
LATEST = 3
"""Epochs over whose mean both losses are compared."""


class Overparameterised(Rule):
    """The model has far more weights than the data has independent items, and learnt them by heart.

    What it finds:
        At least 100 trainable weights for each independent item of the training data, where the validation loss ends
        at twice the training loss or more and at least a tenth above its best.

    Why it matters:
        So many weights can store every item. What they store is of these recordings: gains in training go on where
        gains on others have ended.

    Evidence:
        Weights per independent item, with the threshold; training and validation loss of the last 3 epochs and the
        best validation loss. Many weights by themselves are no fault, so both must hold. Severity is read off the
        oracle ladder, or off the macro F1 of whole recordings.

    Remedy:
        Fewer filters, worked out; weight decay and dropout; stopping at the best epoch; recordings of more groups.

    Known limits:
        A history with loss and val_loss is needed, both of the same loss. Weights that were trained on other data
        before count like any other. Of items that resemble each other, the fingerprint estimates how many they are
        worth.
    """

    name = "overparameterised"
    code = "M501"
    needs: ClassVar[tuple[str, ...]] = ("anatomy", "anatomy.layers", "fingerprint", "history")
    explains: ClassVar[tuple[str, ...]] = ("overfitting",)
    kinds: ClassVar[tuple[Kind, ...]] = ("segmentation", "classification")

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """At most one finding."""
        assert chart.anatomy is not None
        assert chart.fingerprint is not None
        assert chart.history is not None
        losses = _losses(chart.history)
        weights, items = chart.anatomy.trainable_parameters, independent(chart.fingerprint)
        if losses is None or weights < PER_ITEM * items:
            return
        train, held_out, best = losses
        if held_out < APART * train or held_out < RISEN * best or held_out <= 0:
            return
        grave, expected = severity.at_stake(chart, "deletion", "insertion", "substitution", "fragmentation")
        yield self.finding(
            f"{weights:,} weights for {number(items)} independent {chart.task.item}, {weights / items:,.0f} each: the "
            f"training loss ends at {train:.2g}, the validation loss at {held_out:.2g} after {best:.2g} at its best",
            severity=grave,
            evidence={
                "weights_per_item": weights / items,
                "threshold": PER_ITEM,
                "weights": weights,
                "independent": items,
                "loss": train,
                "val_loss": held_out,
                "best_val_loss": best,
            },
            remedies=_remedies(chart.anatomy, items),
            gain=severity.gain(expected),
        )


def independent(facts: Fingerprint) -> float:
    """How many independent items the training data is worth, at least one."""
    worth = facts.segments if facts.effective_segments is None else facts.effective_segments
    return max(1.0, float(worth))


def _losses(history: History) -> tuple[float, float, float] | None:
    """Training and validation loss at the end, and the best validation loss; None where they are not told."""
    columns = [history.columns.get(name) or () for name in ("loss", "val_loss")]
    rows = [(a, b) for a, b in zip(*columns, strict=False) if a is not None and b is not None]
    if len(rows) < LATEST:
        return None
    train, held_out = (sum(side) / LATEST for side in zip(*rows[-LATEST:], strict=True))
    return train, held_out, min(b for _, b in rows)


def _remedies(anatomy: Anatomy, items: float) -> list[Remedy]:
    widths = [int(layer.config.get("filters") or layer.config.get("units") or 0) for layer in anatomy.layers]
    widest = max(widths, default=0)
    found = []
    if widest >= 8:
        share = max(0.25, math.sqrt(PER_ITEM * items / anatomy.trainable_parameters))
        fewer = max(4, int(widest * share))
        found.append(
            Remedy(
                name="fewer-filters",
                safety="unsafe",
                edits={"model.filters": fewer},
                advice=(
                    f"Train again with {fewer} filters where there are {widest} now, about "
                    f"{anatomy.trainable_parameters * (fewer / widest) ** 2:,.0f} weights."
                ),
            )
        )
    found.append(
        Remedy(
            name="regularise",
            safety="manual",
            advice=(
                "Train again with keras.optimizers.AdamW(weight_decay=0.01), Dropout(0.3) behind each block and "
                "keras.callbacks.EarlyStopping(patience=10, restore_best_weights=True)."
            ),
        )
    )
    return found
