"""What an edit asks for. Mending interprets edits and knows no rule."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from segmend import catalogue
from segmend.artifacts.trial import Trial


class DecoderEdit(NamedTuple):
    """Fit a decoder: search its grid, or take one setting of it.

    Attributes:
        name: the decoder's name in the catalogue.
        setting: values of its grid, None to search.
    """

    name: str
    setting: dict[str, float] | None


def decoder_edit(edits: Mapping[str, Any]) -> DecoderEdit | None:
    """The decoder that edits ask for, None where they ask for anything else too.

    Examples:
        >>> decoder_edit({"decoder": "viterbi"})
        DecoderEdit(name='viterbi', setting=None)
        >>> decoder_edit({"decoder": "viterbi", "setting": {"penalty": 2.0}}).setting
        {'penalty': 2.0}
        >>> decoder_edit({"model.stages": []}) is None
        True
    """
    if set(edits) - {"setting"} != {"decoder"} or edits["decoder"] not in catalogue.DECODERS:
        return None
    setting = edits.get("setting")
    return DecoderEdit(str(edits["decoder"]), None if setting is None else dict(setting))


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


def described(trial: Trial) -> str:
    """One line for people: what was changed and why.

    >>> described(Trial(name="decode-viterbi", edits={"decoder": "viterbi"}, because=("over-segmentation",)))
    'decoder: argmax -> viterbi, because of over-segmentation'
    """
    because = f", because of {', '.join(trial.because)}" if trial.because else ""
    return f"decoder: argmax -> {trial.edits['decoder']}{because}"
