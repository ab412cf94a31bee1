"""New recordings beside those that a model was trained on."""

from __future__ import annotations

from collections.abc import Sequence

from segmend.artifacts.fingerprint import Fingerprint
from segmend.core.recording import Recording
from segmend.core.roles import purpose
from segmend.core.types import FloatArray
from segmend.diagnosis.familiarity import FEWEST, far_from_training
from segmend.fingerprinting import facts_of


def unfamiliar(fingerprint: Fingerprint | None, signals: Sequence[FloatArray]) -> list[str]:
    """What is farthest from training in each of some recordings, a phrase for people; "" where nothing is.

    Level, spread and noise of each channel are compared, as by the rule unfamiliar-input.

    Args:
        fingerprint: of the data that the model was trained on; None, or one that tells little, finds nothing.
        signals: shape (*spatial, channels) each, on the channels of training.
    """
    found = [""] * len(signals)
    if fingerprint is None or not fingerprint.channels:
        return found
    training = [each for each in fingerprint.recordings if each.role and purpose(each.role) == "train"]
    if len(training) < FEWEST:
        return found
    others = [facts_of(Recording(name=str(k), group=str(k), signal=each)) for k, each in enumerate(signals)]
    for far in far_from_training(training, others, [each.name for each in fingerprint.channels]):
        found[far.recording] = found[far.recording] or far.told
    return found
