"""The keys and values of remedies' edits: what rules may ask for, and mending interprets.

"decoder" and "setting" ask for a decoder of the catalogue. All other keys ask for a training: those of a plan
("section.key", as in plan.toml), and what a copy of the user's own model is changed by.
"""

from __future__ import annotations

PLANNED = "planned"
"""As the value of a plan key: what planning chooses for the data."""

ACTIVATION, DROPOUT = "model.activation", "model.dropout"
"""Of the output layer, such as "softmax"; the rate of all layers that drop units."""

PENALISED, WEIGHTS = "model.penalised", "model.weights"
"""False takes L1 and L2 penalties away; "fresh" begins with untrained weights."""

DOUBTED = "data.doubted"
"""Of training items whose labels are doubted, "left out" learns from the others only; rare classes stay."""

FOLDS = "training.folds"
"""How many networks more are trained on other folds and averaged with a rebuilt one."""

FRESH = {WEIGHTS: "fresh"}

CLASS_WEIGHTS = "loss.class_weights"

WEIGHED = {CLASS_WEIGHTS: PLANNED, "loss.dice": PLANNED}
"""A loss in which rare classes count, where there are steps or pixels to overlap."""
