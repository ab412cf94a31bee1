"""Names that need no Keras: which recipes are for which sets."""

from __future__ import annotations

PLAN, ARGMAX = "plan", "plan, argmax"
"""The plan as it is, and the same networks without its decoder."""

SIGNALS = ("two_convolutions", "lstm", "das_tcn", "tweetynet", "u_time", "ms_tcn", "nnunet")
IMAGES = ("two_convolutions", "unet_weighted", "nnunet")
WHOLE_SIGNALS = ("two_convolutions", "lstm", "inception_time", "minirocket")
WHOLE_IMAGES = ("two_convolutions", "resnet20")

PEERS: dict[str, tuple[str, ...]] = {
    "ludb": SIGNALS,
    "finch_gy6or6": SIGNALS,
    "rfid_bedroom": SIGNALS,
    "gesture_phase": SIGNALS,
    "oxford_steps": SIGNALS,
    "watch_joined": SIGNALS,
    "dsb_nuclei": IMAGES,
    "watch_exercises": WHOLE_SIGNALS,
    "ludb_dx": WHOLE_SIGNALS,
    "bccd_cells": WHOLE_IMAGES,
}
"""The sets, the seven of segmentation first, each with the peers that serve its task."""

SEGMENTATION, CLASSIFICATION = tuple(PEERS)[:7], tuple(PEERS)[7:]

KNOWN_BY = dict.fromkeys(SEGMENTATION, "f1@50") | {"watch_exercises": "macro_f1", "ludb_dx": "macro_ap"}
KNOWN_BY |= {"bccd_cells": "macro_f1"}
"""The score that each set is known by, the larger the better."""
