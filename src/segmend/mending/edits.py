"""What an edit asks for. Mending interprets edits and knows no rule."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from segmend import catalogue
from segmend.artifacts.edits import ACTIVATION, DOUBTED, DROPOUT, FOLDS, PENALISED, PLANNED, WEIGHTS
from segmend.artifacts.trial import Trial
from segmend.core.words import counted


class DecoderEdit(NamedTuple):
    """Fit a decoder: search its grid, or take one setting of it.

    Attributes:
        name: the decoder's name in the catalogue.
        setting: values of its grid, None to search.
    """

    name: str
    setting: dict[str, float] | None


def decoder_edit(edits: Mapping[str, Any]) -> DecoderEdit | None:
    """The decoder that edits ask for, by itself or beside a training; None where they ask for none, or for more.

    Examples:
        >>> decoder_edit({"decoder": "viterbi"})
        DecoderEdit(name='viterbi', setting=None)
        >>> decoder_edit({"decoder": "viterbi", "setting": {"penalty": 2.0}}).setting
        {'penalty': 2.0}
        >>> decoder_edit({"model.stages": []}) is None
        True
    """
    more = set(edits) - {"decoder", "setting"}
    if edits.get("decoder") not in catalogue.DECODERS or (more and training_edit(edits) is None):
        return None
    setting = edits.get("setting")
    return DecoderEdit(str(edits["decoder"]), None if setting is None else dict(setting))


_REBUILT = ("model.", "window.")
_TUNED = ("loss.", "sampling.", "training.")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingEdit:
    """Train again: a copy of the model as it is made, or a planned one in its place.

    Attributes:
        rebuild: plan a network; else the user's architecture stays.
        values: plan values by "section.key", ``PLANNED`` for what planning chooses.
        activation: of the output layer, None to leave it.
        dropout: rate of the layers that drop units, None to leave them.
        penalised: False takes L1 and L2 penalties away.
        fresh: begin with untrained weights.
        without_doubted: leave out the training items whose labels are doubted.
        folds: how many networks more to train on other folds and to average with the rebuilt one.
    """

    rebuild: bool = False
    values: dict[str, Any] = field(default_factory=dict)
    activation: str | None = None
    dropout: float | None = None
    penalised: bool = True
    fresh: bool = False
    without_doubted: bool = False
    folds: int = 0

    def described(self) -> tuple[str, ...]:
        """What is changed, a phrase each, for people.

        >>> TrainingEdit(values={"loss.dice": 0.5}, activation="softmax").described()
        ('output activation: softmax', 'loss.dice: 0.5')
        """
        changes = [
            "a planned network in the place of the model" if self.rebuild else "",
            "untrained weights to begin with" if self.fresh else "",
            f"output activation: {self.activation}" if self.activation else "",
            "" if self.dropout is None else f"dropout: {self.dropout:g}",
            "" if self.penalised else "no penalties on weights",
            "doubted training items left out" if self.without_doubted else "",
            f"averaged with {counted(self.folds, 'network')} trained on other folds" if self.folds else "",
        ]
        told = (f"{key}: {'as planned' if value == PLANNED else value}" for key, value in self.values.items())
        return (*filter(None, changes), *told)


def training_edit(edits: Mapping[str, Any]) -> TrainingEdit | None:
    """The training that edits ask for beside a decoder; None where they ask for none, or for what nobody can do.

    Examples:
        >>> training_edit({"loss.dice": 0.5, "model.activation": "softmax"}).rebuild
        False
        >>> training_edit({"model.filters": 32}).rebuild
        True
        >>> training_edit({"decoder": "viterbi"}) is None
        True
    """
    own = {key: value for key, value in edits.items() if key not in ("decoder", "setting")}
    if not own or not all(key == DOUBTED or key.startswith((*_REBUILT, *_TUNED)) for key in own):
        return None
    tuned = {key: own.pop(key) for key in (ACTIVATION, PENALISED, WEIGHTS, DOUBTED, FOLDS) if key in own}
    rebuild = any(key.startswith(_REBUILT) and key != DROPOUT for key in own)
    if not rebuild:
        tuned |= {key: own.pop(key) for key in (DROPOUT,) if key in own}
    return TrainingEdit(
        rebuild=rebuild,
        values=own,
        activation=tuned.get(ACTIVATION),
        dropout=tuned.get(DROPOUT),
        penalised=tuned.get(PENALISED, True),
        fresh=tuned.get(WEIGHTS) == "fresh",
        without_doubted=DOUBTED in tuned,
        folds=tuned.get(FOLDS, 0),
    )


def cost(edits: Mapping[str, Any]) -> int:
    """Rank by what a remedy costs to try: the catalogue lists decoders from the cheapest up.

    >>> cost({"decoder": "min_duration"}) < cost({"decoder": "semi_markov"})
    True
    """
    return list(catalogue.DECODERS).index(edits["decoder"])


def key(edits: Mapping[str, Any]) -> str:
    """Equal for equal edits."""
    return json.dumps(dict(edits), sort_keys=True)


def trial_name(edit: DecoderEdit) -> str:
    """The name of a remedy that was drawn and not named by a finding."""
    setting = ", ".join(f"{name}={value:g}" for name, value in (edit.setting or {}).items())
    return f"decode-{edit.name.replace('_', '-')}" + (f" ({setting})" if setting else "")


def described(trial: Trial) -> tuple[str, ...]:
    """For people: what was changed and why, a line each.

    >>> described(Trial(name="decode-viterbi", edits={"decoder": "viterbi"}, because=("over-segmentation",)))
    ('decoder: argmax -> viterbi, because of over-segmentation',)
    """
    because = f", because of {', '.join(trial.because)}" if trial.because else ""
    lines = []
    if training_edit(trial.edits):
        lines.append(f"trained again: {trial.name}{because}")
    if "decoder" in trial.edits:
        lines.append(f"decoder: argmax -> {trial.edits['decoder']}{'' if lines else because}")
    return tuple(lines)
