"""What each kind of Keras layer or operation does to what is seen: one table from class name to handler.

A handler takes a ``Call`` and returns the sight of its first output, or None where only a probe can tell.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from segmend.anatomy.handlers import cutting, mixing, recurrent, shapes, windows
from segmend.anatomy.sight import Call, Sight, keep

Handler = Callable[[Call], Sight | None]

_CONVS = ("Conv1D", "Conv2D", "DepthwiseConv1D", "DepthwiseConv2D", "SeparableConv1D", "SeparableConv2D")
_STEPWISE_LAYERS = (
    "Activation ReLU LeakyReLU PReLU ELU Identity Masking ActivityRegularization BatchNormalization Rescaling "
    "Normalization Dropout SpatialDropout1D SpatialDropout2D AlphaDropout GaussianDropout GaussianNoise"
)
_STEPWISE_OPERATIONS = (
    "Relu Relu6 Sigmoid SparseSigmoid Softplus Softsign SoftShrink Silu Squareplus LogSigmoid LeakyRelu HardSigmoid "
    "HardSilu Elu Selu Gelu Celu TanhShrink HardTanh HardShrink Threshold Absolute Abs Exp Expm1 Log Log1p Log2 Log10 "
    "Sqrt Rsqrt Square Sin Cos Tan Tanh Sinh Cosh Arctan Negative Reciprocal Sign Clip Cast Erf StopGradient Round "
    "Floor Ceil NanToNum"
)
_MERGES = (
    "Add Subtract Multiply Average Maximum Minimum Divide TrueDivide DivideNoNan Power Where Less LessEqual Greater "
    "GreaterEqual Equal NotEqual LogicalAnd LogicalOr"
)
_GLOBAL = [f"Global{kind}Pooling{rank}D" for kind in ("Average", "Max") for rank in (1, 2)]
_REDUCTIONS = "Mean Sum Max Min Amax Amin Prod Std Var Any All"

HANDLERS: dict[str, Handler] = {
    **dict.fromkeys([*_STEPWISE_LAYERS.split(), *_STEPWISE_OPERATIONS.split()], keep),
    **dict.fromkeys(_CONVS, windows.conv),
    **dict.fromkeys(("MaskedConv1D", "MaskedConv2D"), windows.padded_conv),
    **dict.fromkeys(("MaskedMaxPooling1D", "MaskedMaxPooling2D"), windows.pool),
    **dict.fromkeys(("Conv1DTranspose", "Conv2DTranspose"), windows.transposed),
    **dict.fromkeys(("MaxPooling1D", "MaxPooling2D", "AveragePooling1D", "AveragePooling2D"), windows.pool),
    **dict.fromkeys([f"Adaptive{kind}Pooling{rank}D" for kind in ("Average", "Max") for rank in (1, 2)], windows.adapt),
    **dict.fromkeys(("UpSampling1D", "UpSampling2D"), windows.upsample),
    **dict.fromkeys(("ZeroPadding1D", "ZeroPadding2D"), windows.zero_padding),
    **dict.fromkeys(("Cropping1D", "Cropping2D"), windows.cropping),
    **dict.fromkeys(_GLOBAL, mixing.global_pool),
    **dict.fromkeys(_MERGES.split(), mixing.merge),
    **dict.fromkeys(
        ("LayerNormalization", "RMSNormalization", "UnitNormalization", "Softmax", "LogSoftmax"), mixing.over_axis
    ),
    **dict.fromkeys(("Attention", "AdditiveAttention", "MultiHeadAttention", "GroupQueryAttention"), mixing.attention),
    **dict.fromkeys(("LSTM", "GRU", "SimpleRNN", "RNN"), recurrent.recurrent),
    **dict.fromkeys(_REDUCTIONS.split(), shapes.reduce),
    "Dense": mixing.dense,
    "Embedding": keep,
    "GroupNormalization": mixing.over_space,
    "Concatenate": mixing.concatenate,
    "RepeatVector": mixing.repeat_vector,
    "Bidirectional": recurrent.bidirectional,
    "TimeDistributed": recurrent.time_distributed,
    "Flatten": shapes.flatten,
    "Reshape": shapes.reshape,
    "Permute": shapes.permute,
    "Transpose": shapes.permute,
    "ExpandDims": shapes.expand,
    "Squeeze": shapes.squeeze,
    "GetItem": cutting.get_item,
    "CropLike": mixing.crop_like,
    "Hide": keep,
    "LogSpectrum": windows.frames,
    "MeanOverSteps": mixing.global_pool,
    "KernelShares": mixing.global_pool,
}


def handler_of(operation: Any) -> Handler | None:
    """The handler of an operation; None where its class is unknown or has a ``call`` of its own.

    A class derived from a Keras layer is that layer as long as it does not override ``call``.
    """
    kinds: tuple[Any, ...] = type(operation).__mro__
    for kind in kinds:
        if kind.__name__ in HANDLERS and kind.__module__.partition(".")[0] in ("keras", "segmend"):
            return HANDLERS[kind.__name__] if type(operation).call is kind.call else None
    return None
