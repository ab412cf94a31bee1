"""What a model does against learning by heart, read off its anatomy."""

from __future__ import annotations

from typing import NamedTuple

from segmend.artifacts.anatomy import Anatomy, LayerFacts

NOISE = ("GaussianNoise", "GaussianDropout")
MIXING = ("MixUp", "CutMix", "AugMix", "RandAugment")
STRONG = {"dropout": 0.6, "penalty": 0.01, "weight decay": 0.3, "noise": 1.0}
"""Half of the units off is usual before the last layer, L2 of 1e-4 to 1e-3 and a decay of 0.01 to 0.1 in training."""


class Means(NamedTuple):
    """One means against learning by heart.

    Attributes:
        kind: "dropout", "penalty", "weight decay", "noise" or "augmentation".
        where: name of the layer, or of the optimizer.
        strength: rate, factor or standard deviation; None of augmentation.
    """

    kind: str
    where: str
    strength: float | None

    @property
    def strong(self) -> bool:
        """Whether it is stronger than usual."""
        return self.strength is not None and self.strength >= STRONG[self.kind]


def means(anatomy: Anatomy) -> list[Means]:
    """Dropout, penalties, noise and augmentation of the layers, and the optimizer's weight decay."""
    found = [each for layer in anatomy.layers for each in _of_layer(layer)]
    decay = (anatomy.optimizer or {}).get("weight_decay")
    if decay:
        found.append(Means("weight decay", str((anatomy.optimizer or {}).get("name")), float(decay)))
    return found


def _of_layer(layer: LayerFacts) -> list[Means]:
    config = layer.config
    rates = [config.get("dropout"), config.get("recurrent_dropout")]
    rates += [config.get("rate")] if "Dropout" in layer.kind else []
    rate = max((float(value) for value in rates if isinstance(value, int | float)), default=0.0)
    found = [("dropout", rate), ("penalty", float(config.get("penalty") or 0.0))]
    if layer.kind in NOISE:
        found.append(("noise", float(config.get("stddev") or 0.0)))
    known = [Means(kind, layer.name, strength) for kind, strength in found if strength > 0]
    if layer.kind.startswith("Random") or layer.kind in MIXING:
        known.append(Means("augmentation", layer.name, None))
    return known
