"""Every decision, in the order in which they are taken.

A decision is a pure function ``choose_*(fingerprint, chosen) -> Choice``; ``chosen`` maps "section.key" to the values
that were given, and to those chosen before it, and "budget_s" to the seconds that training may take.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from segmend.artifacts.fingerprint import Fingerprint
from segmend.artifacts.plan import Choice
from segmend.planning.decisions.decoder import choose_candidates, choose_objective
from segmend.planning.decisions.loss import choose_class_weights, choose_cross_entropy, choose_dice
from segmend.planning.decisions.network import (
    choose_architecture,
    choose_depth,
    choose_detail,
    choose_drop_path,
    choose_dropout,
    choose_filters,
    choose_members,
    choose_norm,
)
from segmend.planning.decisions.optimisation import (
    choose_average,
    choose_l1,
    choose_learning_rate,
    choose_optimizer,
    choose_precision,
    choose_schedule,
    choose_warmup,
    choose_weight_decay,
)
from segmend.planning.decisions.sampling import (
    choose_augment,
    choose_background,
    choose_balanced,
    choose_hard,
    choose_transitions,
)
from segmend.planning.decisions.stages import choose_stages, choose_stride
from segmend.planning.decisions.steps import (
    choose_batch_size,
    choose_epochs,
    choose_patience,
    choose_seed,
    choose_steps,
)
from segmend.planning.decisions.tiles import choose_hop, choose_tile
from segmend.planning.decisions.validation import choose_decoding, choose_metric, choose_share
from segmend.planning.decisions.window import choose_fit, choose_length, choose_standardize

Decision = Callable[[Fingerprint, Mapping[str, Any]], Choice]

DECISIONS: dict[str, Decision] = {
    "model.stride": choose_stride,
    "window.length": choose_length,
    "window.fit": choose_fit,
    "window.standardize": choose_standardize,
    "model.architecture": choose_architecture,
    "model.detail": choose_detail,
    "model.stages": choose_stages,
    "model.depth": choose_depth,
    "model.filters": choose_filters,
    "model.members": choose_members,
    "model.dropout": choose_dropout,
    "model.drop_path": choose_drop_path,
    "model.norm": choose_norm,
    "window.tile": choose_tile,
    "window.hop": choose_hop,
    "loss.cross_entropy": choose_cross_entropy,
    "loss.dice": choose_dice,
    "loss.class_weights": choose_class_weights,
    "sampling.balanced": choose_balanced,
    "sampling.transitions": choose_transitions,
    "sampling.hard": choose_hard,
    "sampling.background": choose_background,
    "sampling.augment": choose_augment,
    "training.batch_size": choose_batch_size,
    "training.optimizer": choose_optimizer,
    "training.learning_rate": choose_learning_rate,
    "training.weight_decay": choose_weight_decay,
    "training.l1": choose_l1,
    "training.precision": choose_precision,
    "training.schedule": choose_schedule,
    "training.warmup": choose_warmup,
    "training.average": choose_average,
    "training.steps": choose_steps,
    "training.epochs": choose_epochs,
    "training.patience": choose_patience,
    "training.seed": choose_seed,
    "validation.metric": choose_metric,
    "validation.decoding": choose_decoding,
    "validation.share": choose_share,
    "decoder.candidates": choose_candidates,
    "decoder.objective": choose_objective,
}
