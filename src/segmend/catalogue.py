"""Names to code, as plain strings: plans, edits and remedies name, the catalogue resolves.

Importing this module imports nothing else of segmend. ``resolve("decoders", "viterbi")`` imports the one module that is
named and returns the attribute.
"""

from __future__ import annotations

import difflib
import importlib
from typing import Any

from segmend.errors import InputError

DECODERS = {
    "argmax": "segmend.decoding.argmax:Argmax",
    "majority": "segmend.decoding.majority:Majority",
    "min_duration": "segmend.decoding.min_duration:MinDuration",
    "thresholds": "segmend.decoding.thresholds:Thresholds",
    "logit_adjustment": "segmend.decoding.logit_adjustment:LogitAdjustment",
    "prior_shift": "segmend.decoding.prior_shift:PriorShift",
    "expected_cost": "segmend.decoding.expected_cost:ExpectedCost",
    "hysteresis": "segmend.decoding.hysteresis:Hysteresis",
    "peak_picking": "segmend.decoding.peak_picking:PeakPicking",
    "viterbi": "segmend.decoding.viterbi:Viterbi",
    "hidden_markov": "segmend.decoding.hidden_markov:HiddenMarkov",
    "bounded_markov": "segmend.decoding.bounded_markov:BoundedMarkov",
    "semi_markov": "segmend.decoding.semi_markov:SemiMarkov",
    "expected_f1": "segmend.decoding.expected_f1:ExpectedF1",
    "morphology": "segmend.decoding.morphology:Morphology",
    "peaks": "segmend.decoding.peaks:Peaks",
    "each_label": "segmend.decoding.each_label:EachLabel",
}

LOSSES = {
    "cross_entropy": "segmend.losses.cross_entropy:CrossEntropy",
    "binary_cross_entropy": "segmend.losses.binary_cross_entropy:BinaryCrossEntropy",
    "focal": "segmend.losses.focal:Focal",
    "temporal_focal": "segmend.losses.temporal_focal:TemporalFocal",
    "dice": "segmend.losses.dice:Dice",
    "generalised_dice": "segmend.losses.generalised_dice:GeneralisedDice",
    "jaccard": "segmend.losses.jaccard:Jaccard",
    "tversky": "segmend.losses.tversky:Tversky",
    "focal_tversky": "segmend.losses.tversky:FocalTversky",
    "smoothness": "segmend.losses.smoothness:Smoothness",
    "expected_cost": "segmend.losses.expected_cost:ExpectedCost",
    "transition_count": "segmend.losses.transition_count:TransitionCount",
    "topological": "segmend.losses.topological:Topological",
    "lovasz": "segmend.losses.lovasz:Lovasz",
    "asymmetric": "segmend.losses.asymmetric:Asymmetric",
    "ldam": "segmend.losses.ldam:LDAM",
    "generalised_cross_entropy": "segmend.losses.generalised_cross_entropy:GeneralisedCrossEntropy",
    "boundary": "segmend.losses.boundary:Boundary",
    "boundary_tolerant": "segmend.losses.boundary_tolerant:BoundaryTolerant",
}

TRANSFORMS = {
    "time_warp": "segmend.augmentation.time_warp:TimeWarp",
    "stretch": "segmend.augmentation.stretch:Stretch",
    "shift": "segmend.augmentation.shift:Shift",
    "noise": "segmend.augmentation.noise:Noise",
    "scaling": "segmend.augmentation.scaling:Scaling",
    "offset": "segmend.augmentation.offset:Offset",
    "drift": "segmend.augmentation.drift:Drift",
    "smoothing": "segmend.augmentation.smoothing:Smoothing",
    "channel_drop": "segmend.augmentation.channel_drop:ChannelDrop",
    "time_mask": "segmend.augmentation.time_mask:TimeMask",
    "frequency_mask": "segmend.augmentation.frequency_mask:FrequencyMask",
    "crop": "segmend.augmentation.crop:Crop",
    "segment_length": "segmend.augmentation.segment_length:SegmentLength",
    "segment_paste": "segmend.augmentation.segment_paste:SegmentPaste",
    "gap_insertion": "segmend.augmentation.gap_insertion:GapInsertion",
    "overlay": "segmend.augmentation.overlay:Overlay",
    "cut_mix": "segmend.augmentation.cut_mix:CutMix",
    "rotation": "segmend.augmentation.rotation:Rotation",
    "translation": "segmend.augmentation.translation:Translation",
    "shear": "segmend.augmentation.shear:Shear",
    "zoom": "segmend.augmentation.zoom:Zoom",
    "flip": "segmend.augmentation.flip:Flip",
    "brightness": "segmend.augmentation.brightness:Brightness",
    "contrast": "segmend.augmentation.contrast:Contrast",
}

MODELS = {
    "tcn": "segmend.models.tcn:tcn",
    "unet": "segmend.models.unet:unet",
    "recurrent": "segmend.models.recurrent:recurrent",
    "lstm": "segmend.models.recurrent:lstm",
    "attention": "segmend.models.attention:attention",
    "inception": "segmend.models.inception:inception",
    "residual": "segmend.models.residual:residual",
    "rocket": "segmend.models.rocket:rocket",
    "spectral": "segmend.models.spectral:spectral",
}

RULES = {
    "class-imbalance": "segmend.diagnosis.rules.data.class_imbalance:ClassImbalance",
    "label-noise": "segmend.diagnosis.rules.data.label_noise:LabelNoise",
    "boundary-jitter": "segmend.diagnosis.rules.data.boundary_jitter:BoundaryJitter",
    "missing-segments": "segmend.diagnosis.rules.data.missing_segments:MissingSegments",
    "non-finite-signal": "segmend.diagnosis.rules.data.non_finite_signal:NonFiniteSignal",
    "flat-channel": "segmend.diagnosis.rules.data.flat_channel:FlatChannel",
    "unscaled-input": "segmend.diagnosis.rules.data.unscaled_input:UnscaledInput",
    "shortcut": "segmend.diagnosis.rules.data.shortcut:Shortcut",
    "touching-same-label": "segmend.diagnosis.rules.data.touching_same_label:TouchingSameLabel",
    "leaked-groups": "segmend.diagnosis.rules.data.leaked_groups:LeakedGroups",
    "constant-labels": "segmend.diagnosis.rules.data.constant_labels:ConstantLabels",
    "invalid-encoding": "segmend.diagnosis.rules.data.invalid_encoding:InvalidEncoding",
    "invalid-annotations": "segmend.diagnosis.rules.data.invalid_annotations:InvalidAnnotations",
    "too-few-segments": "segmend.diagnosis.rules.data.too_few_segments:TooFewSegments",
    "duration-comb": "segmend.diagnosis.rules.data.duration_comb:DurationComb",
    "misaligned-labels": "segmend.diagnosis.rules.data.misaligned_labels:MisalignedLabels",
    "unseen-class": "segmend.diagnosis.rules.data.unseen_class:UnseenClass",
    "split-shift": "segmend.diagnosis.rules.data.split_shift:SplitShift",
    "output-length-mismatch": "segmend.diagnosis.rules.model.output_length_mismatch:OutputLengthMismatch",
    "activation-loss-mismatch": "segmend.diagnosis.rules.model.activation_loss_mismatch:ActivationLossMismatch",
    "receptive-field-too-short": "segmend.diagnosis.rules.model.receptive_field_too_short:ReceptiveFieldTooShort",
    "pooled-dice": "segmend.diagnosis.rules.model.pooled_dice:PooledDice",
    "unserialisable-loss": "segmend.diagnosis.rules.model.unserialisable_loss:UnserialisableLoss",
    "receptive-field-too-long": "segmend.diagnosis.rules.model.receptive_field_too_long:ReceptiveFieldTooLong",
    "needless-causality": "segmend.diagnosis.rules.model.needless_causality:NeedlessCausality",
    "output-too-coarse": "segmend.diagnosis.rules.model.output_too_coarse:OutputTooCoarse",
    "focal-alpha-ignored": "segmend.diagnosis.rules.model.focal_alpha_ignored:FocalAlphaIgnored",
    "accuracy-only": "segmend.diagnosis.rules.model.accuracy_only:AccuracyOnly",
    "saturated-initial-bias": "segmend.diagnosis.rules.model.saturated_initial_bias:SaturatedInitialBias",
    "mask-dropped": "segmend.diagnosis.rules.model.mask_dropped:MaskDropped",
    "padding-leak": "segmend.diagnosis.rules.model.padding_leak:PaddingLeak",
    "last-step-on-padding": "segmend.diagnosis.rules.model.last_step_on_padding:LastStepOnPadding",
    "truncated-backward-state": "segmend.diagnosis.rules.model.truncated_backward_state:TruncatedBackwardState",
    "overparameterised": "segmend.diagnosis.rules.model.overparameterised:Overparameterised",
    "underparameterised": "segmend.diagnosis.rules.model.underparameterised:Underparameterised",
    "dead-units": "segmend.diagnosis.rules.model.dead_units:DeadUnits",
    "non-finite-weights": "segmend.diagnosis.rules.model.non_finite_weights:NonFiniteWeights",
    "overfitting": "segmend.diagnosis.rules.training.overfitting:Overfitting",
    "underfitting": "segmend.diagnosis.rules.training.underfitting:Underfitting",
    "diverged": "segmend.diagnosis.rules.training.diverged:Diverged",
    "oscillating": "segmend.diagnosis.rules.training.oscillating:Oscillating",
    "stopped-early": "segmend.diagnosis.rules.training.stopped_early:StoppedEarly",
    "learning-rate-too-high": "segmend.diagnosis.rules.training.learning_rate_too_high:LearningRateTooHigh",
    "learning-rate-too-low": "segmend.diagnosis.rules.training.learning_rate_too_low:LearningRateTooLow",
    "batch-too-large": "segmend.diagnosis.rules.training.batch_too_large:BatchTooLarge",
    "no-regularisation": "segmend.diagnosis.rules.training.no_regularisation:NoRegularisation",
    "over-regularised": "segmend.diagnosis.rules.training.over_regularised:OverRegularised",
    "class-weight-ignored": "segmend.diagnosis.rules.training.class_weight_ignored:ClassWeightIgnored",
    "corrected-twice": "segmend.diagnosis.rules.training.corrected_twice:CorrectedTwice",
    "selected-on-training-data": "segmend.diagnosis.rules.training.selected_on_training_data:SelectedOnTrainingData",
    "misaligned-augmentation": "segmend.diagnosis.rules.training.misaligned_augmentation:MisalignedAugmentation",
    "single-class-collapse": "segmend.diagnosis.rules.prediction.single_class_collapse:SingleClassCollapse",
    "missed-class": "segmend.diagnosis.rules.prediction.missed_class:MissedClass",
    "flickering": "segmend.diagnosis.rules.prediction.flickering:Flickering",
    "over-segmentation": "segmend.diagnosis.rules.prediction.over_segmentation:OverSegmentation",
    "under-segmentation": "segmend.diagnosis.rules.prediction.under_segmentation:UnderSegmentation",
    "missed-segments": "segmend.diagnosis.rules.prediction.missed_segments:MissedSegments",
    "spurious-segments": "segmend.diagnosis.rules.prediction.spurious_segments:SpuriousSegments",
    "shifted-boundaries": "segmend.diagnosis.rules.prediction.shifted_boundaries:ShiftedBoundaries",
    "wrong-threshold": "segmend.diagnosis.rules.prediction.wrong_threshold:WrongThreshold",
    "miscalibrated": "segmend.diagnosis.rules.prediction.miscalibrated:Miscalibrated",
    "confused-pair": "segmend.diagnosis.rules.prediction.confused_pair:ConfusedPair",
    "edge-artefacts": "segmend.diagnosis.rules.prediction.edge_artefacts:EdgeArtefacts",
    "unfamiliar-input": "segmend.diagnosis.rules.prediction.unfamiliar_input:UnfamiliarInput",
    "slice-failure": "segmend.diagnosis.rules.prediction.slice_failure:SliceFailure",
    "fails-in-the-same-places": "segmend.diagnosis.rules.prediction.fails_in_the_same_places:FailsInTheSamePlaces",
    "cost-suboptimal": "segmend.diagnosis.rules.prediction.cost_suboptimal:CostSuboptimal",
    "count-bias": "segmend.diagnosis.rules.prediction.count_bias:CountBias",
}

SIGNAL_FORMATS = {
    "npy": "segmend.formats.npy:Npy",
    "wav": "segmend.formats.wav:Wav",
    "csv": "segmend.formats.csv_signal:CsvSignal",
    "npz": "segmend.formats.npz:Npz",
    "audio": "segmend.formats.audio:Audio",
    "edf": "segmend.formats.edf:Edf",
    "wfdb": "segmend.formats.wfdb_signal:WfdbSignal",
    "parquet": "segmend.formats.parquet:Parquet",
    "hdf5": "segmend.formats.hdf5:Hdf5",
}

IMAGE_FORMATS = {
    "png": "segmend.formats.png:Png",
    "jpeg": "segmend.formats.jpeg:Jpeg",
    "tiff": "segmend.formats.tiff:Tiff",
}

OBJECT_FORMATS = {
    "coco": "segmend.formats.coco:CocoAnnotations",
    "label-studio-images": "segmend.formats.label_studio_images:LabelStudioImages",
}

ANNOTATION_FORMATS = {
    "csv": "segmend.formats.csv_annotations:CsvAnnotations",
    "audacity": "segmend.formats.audacity:Audacity",
    "raven": "segmend.formats.raven:Raven",
    "dcase": "segmend.formats.dcase:Dcase",
    "rttm": "segmend.formats.rttm:Rttm",
    "textgrid": "segmend.formats.textgrid:TextGrid",
    "elan": "segmend.formats.elan:Elan",
    "label-studio": "segmend.formats.label_studio:LabelStudio",
    "edf+": "segmend.formats.edf_annotations:EdfAnnotations",
    "wfdb": "segmend.formats.wfdb_annotations:WfdbAnnotations",
}

FAMILIES: dict[str, dict[str, str]] = {
    "decoders": DECODERS,
    "losses": LOSSES,
    "transforms": TRANSFORMS,
    "models": MODELS,
    "rules": RULES,
    "signal_formats": SIGNAL_FORMATS,
    "image_formats": IMAGE_FORMATS,
    "object_formats": OBJECT_FORMATS,
    "annotation_formats": ANNOTATION_FORMATS,
}


def resolve(family: str, name: str) -> Any:
    """The class or function that a name stands for.

    Raises:
        InputError: the family has no such name; the message offers the nearest one.
    """
    members = FAMILIES[family]
    if name not in members:
        near = difflib.get_close_matches(name, members, n=1)
        hint = f'; did you mean "{near[0]}"?' if near else ""
        raise InputError(f'{family}: expected one of {sorted(members)}. Received "{name}"{hint}')
    module, _, attribute = members[name].partition(":")
    return getattr(importlib.import_module(module), attribute)
