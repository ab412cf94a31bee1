"""Tiny models of every kind whose receptive field the tests know how to check: name -> function of a Keras tensor."""

from __future__ import annotations

import inspect

import keras
import numpy as np
from keras import layers, ops

from segmend import models

STEPS = 96
CHANNELS = 2


@keras.saving.register_keras_serializable(package="tests")
class Positive(keras.initializers.Initializer):
    """Positive random weights from NumPy: JAX would compile its generator for every shape."""

    def __call__(self, shape, dtype=None):
        return ops.convert_to_tensor(np.random.default_rng(0).uniform(0.1, 1.0, shape), dtype)

    def get_config(self):
        return {}


KERNEL = {"kernel_initializer": Positive()}
RECURRENT = {**KERNEL, "recurrent_initializer": Positive(), "return_sequences": True}
SEPARABLE = {"depthwise_initializer": Positive(), "pointwise_initializer": Positive()}


def conv(filters=3, kernel=3, **options):
    """A convolution of positive weights, so that no ReLU and no pooling hides a large positive step."""
    defaults = {"padding": "same", "activation": "relu", **KERNEL}
    return layers.Conv1D(filters, kernel, **{**defaults, **options})


def plain(x):
    return conv()(conv()(x))


def even_kernels(x):
    return conv(kernel=6)(conv(kernel=4)(x))


def dilated(x):
    for level in range(4):
        x = conv(dilation_rate=2**level)(x)
    return x


def causal_dilated(x):
    for level in range(4):
        x = conv(padding="causal", dilation_rate=2**level)(x)
    return x


def valid_then_same(x):
    return conv(kernel=5)(conv(kernel=4, padding="valid")(x))


def strided_same(x):
    return conv(kernel=5, strides=2)(conv(kernel=7, strides=3)(x))


def strided_valid(x):
    return conv(kernel=4, strides=2, padding="valid")(conv(kernel=5, strides=2, padding="valid")(x))


def strided_causal(x):
    return conv(kernel=4, strides=2, padding="causal")(x)


def stride_up(x):
    return layers.UpSampling1D(4)(conv(kernel=9, strides=4)(x))


def uneven_up_and_down(x):
    return conv(strides=2)(layers.UpSampling1D(3)(conv(strides=2)(x)))


def pooled(x):
    return layers.MaxPooling1D(2)(conv()(layers.AveragePooling1D(3)(conv()(x))))


def overlapping_pools(x):
    return layers.AveragePooling1D(5, strides=1, padding="same")(layers.MaxPooling1D(4, strides=2, padding="same")(x))


def unet(x):
    a = conv()(x)
    b = conv()(layers.MaxPooling1D(2)(a))
    c = conv()(layers.MaxPooling1D(2)(b))
    b = conv()(layers.Concatenate()([layers.UpSampling1D(2)(c), b]))
    return conv()(layers.Concatenate()([layers.UpSampling1D(2)(b), a]))


def unet_strided(x):
    a = conv()(x)
    b = conv(strides=2, kernel=4)(a)
    c = conv(strides=2, kernel=5)(b)
    b = layers.Add()([layers.Conv1DTranspose(3, 4, strides=2, padding="same", **KERNEL)(c), b])
    return layers.Add()([layers.Conv1DTranspose(3, 3, strides=2, padding="same", **KERNEL)(b), a])


def unet_valid(x):
    a = conv(padding="valid")(x)
    b = conv(padding="valid")(layers.MaxPooling1D(2)(a))
    return layers.Concatenate()([layers.UpSampling1D(2)(b), layers.Cropping1D(2)(a)])


def inception(x):
    branches = [conv(kernel=kernel)(x) for kernel in (1, 4, 9)]
    pool = conv(kernel=1)(layers.MaxPooling1D(3, strides=1, padding="same")(x))
    return layers.Concatenate()([*branches, pool])


def residual(x):
    x = conv(kernel=1)(x)
    for level in range(3):
        x = layers.Add()([x, conv(dilation_rate=3**level)(x)])
    return x


def dense_block(x):
    for _ in range(3):
        x = layers.Concatenate()([x, conv()(x)])
    return x


def shifted_branches(x):
    ahead = layers.Cropping1D((4, 0))(x)
    behind = layers.Cropping1D((0, 4))(x)
    return layers.Maximum()([ahead, behind])


def padded_and_cropped(x):
    return layers.Cropping1D((1, 2))(conv()(layers.ZeroPadding1D((5, 1))(x)))


def separable(x):
    return layers.SeparableConv1D(3, 5, padding="valid", **SEPARABLE)(
        layers.DepthwiseConv1D(4, padding="same", depthwise_initializer=Positive())(x)
    )


def separable_strided(x):
    return layers.SeparableConv1D(3, 4, strides=2, padding="same", **SEPARABLE)(x)


def grouped(x):
    return layers.Conv1D(4, 5, groups=2, padding="same", **KERNEL)(x)


def transposed_valid(x):
    return layers.Conv1DTranspose(3, 5, strides=2, padding="valid", **KERNEL)(x)


def transposed_even(x):
    return layers.Conv1DTranspose(3, 6, strides=3, padding="same", **KERNEL)(conv(strides=3)(x))


def transposed_dilated(x):
    return layers.Conv1DTranspose(3, 3, dilation_rate=2, padding="same", **KERNEL)(x)


def transposed_with_holes(x):
    return conv()(layers.Conv1DTranspose(3, 1, strides=3, padding="same", **KERNEL)(x))


def transposed_output_padding(x):
    return layers.Conv1DTranspose(3, 5, strides=2, padding="valid", output_padding=1, **KERNEL)(x)


def lstm(x):
    return layers.LSTM(2, **RECURRENT)(conv()(x))


def gru_after_pool(x):
    return layers.UpSampling1D(2)(layers.GRU(2, **RECURRENT)(layers.AveragePooling1D(2)(x)))


def simple_rnn_then_conv(x):
    return conv(kernel=7)(layers.SimpleRNN(2, **RECURRENT)(x))


def bidirectional(x):
    return layers.Bidirectional(layers.GRU(2, **RECURRENT))(x)


def stacked_cells(x):
    cells = layers.StackedRNNCells(
        [
            layers.GRUCell(2, kernel_initializer=Positive(), recurrent_initializer=Positive()),
            layers.LSTMCell(2, kernel_initializer=Positive(), recurrent_initializer=Positive()),
        ]
    )
    return layers.RNN(cells, return_sequences=True)(x)


def attention(x):
    return layers.MultiHeadAttention(1, 2, **KERNEL)(x, x)


def causal_attention(x):
    y = conv()(x)
    return layers.MultiHeadAttention(1, 2, **KERNEL)(y, y, use_causal_mask=True)


def dot_attention(x):
    return layers.Attention()([x, conv(filters=2)(x)])


def squeeze_excite(x):
    gate = layers.Dense(2, activation="sigmoid", **KERNEL)(layers.GlobalAveragePooling1D()(x))
    return layers.Multiply()([x, layers.Reshape((1, 2))(gate)])


def global_max(x):
    return layers.Dense(3, **KERNEL)(layers.GlobalMaxPooling1D()(conv()(x)))


def flattened(x):
    return layers.Dense(4, **KERNEL)(layers.Flatten()(conv()(x)))


def normalised(x):
    x = layers.BatchNormalization()(conv()(x))
    return layers.LayerNormalization()(conv()(x))


def normalised_over_time(x):
    return layers.LayerNormalization(axis=1)(x)


def group_normalised(x):
    return layers.GroupNormalization(1)(conv()(x))


def noisy(x):
    x = layers.SpatialDropout1D(0.5)(layers.GaussianNoise(0.1)(x))
    return layers.Masking()(layers.Dropout(0.5)(conv()(x)))


def activations(x):
    x = layers.LeakyReLU()(layers.PReLU(shared_axes=[1])(conv(activation="gelu")(x)))
    return layers.Softmax()(layers.Activation("tanh")(layers.ELU()(x)))


def time_distributed(x):
    return layers.TimeDistributed(layers.Dense(3, activation="relu", **KERNEL))(conv(kernel=5)(x))


def permuted(x):
    return layers.Permute((2, 1))(layers.Permute((2, 1))(conv()(x)))


def mixed_over_time(x):
    return layers.Permute((2, 1))(layers.Dense(STEPS, **KERNEL)(layers.Permute((2, 1))(x)))


def reshaped(x):
    return layers.Reshape((STEPS, 3))(layers.Reshape((STEPS, 1, 3))(conv()(x)))


def patches(x):
    return conv()(layers.Reshape((STEPS // 4, 4 * CHANNELS))(x))


def nested(x):
    inner = keras.Input((STEPS, 3))
    block = keras.Model(inner, layers.Add()([inner, conv(dilation_rate=2)(inner)]))
    shared = keras.Sequential([conv(kernel=5), layers.BatchNormalization()])
    x = block(block(conv()(x)))
    return layers.Average()([shared(x), shared(shared(x))])


def two_wide_nested(x):
    inner = keras.Input((STEPS, CHANNELS))
    split = keras.Model(inner, [conv(kernel=3)(inner), conv(kernel=9, padding="causal")(inner)])
    left, right = split(x)
    return layers.Concatenate()([conv()(left), right])


def operations(x):
    y = ops.relu(conv(activation=None)(x)) + 1.0
    y = ops.concatenate([y, ops.tanh(y) * 2.0], axis=-1)
    return ops.softmax(y - ops.mean(y, axis=-1, keepdims=True), axis=-1)


def operations_over_time(x):
    return x - ops.mean(x, axis=1, keepdims=True)


def sliced(x):
    return conv()(x[:, 3:])


def strided_slice(x):
    return conv()(x)[:, ::2]


def difference(x):
    return x[:, 1:] - x[:, :-1]


def rolled(x):
    return ops.pad(x, [[0, 0], [7, 0], [0, 0]])[:, :-7] + x


def lambda_smoothing(x):
    def smooth(values):
        return values[:, 2:] + values[:, 1:-1] + values[:, :-2]

    return conv()(layers.Lambda(smooth)(x))


class Differences(layers.Layer):
    """A layer that nobody has heard of."""

    def call(self, inputs):
        return inputs - ops.pad(inputs, [[0, 0], [4, 0], [0, 0]])[:, :-4]


class Wider(layers.Conv1D):
    """A convolution with a call of its own."""

    def call(self, inputs):
        return super().call(super().call(inputs))


def custom_layer(x):
    return conv()(Differences()(x))


def custom_convolution(x):
    return Wider(CHANNELS, 3, padding="same", **KERNEL)(x)


def cumulative(x):
    return conv()(ops.cumsum(x, axis=1))


def adaptive_pool(x):
    return layers.AdaptiveAveragePooling1D(12)(x)


def conv_2d_over_time(x):
    y = layers.Reshape((STEPS, CHANNELS, 1))(x)
    y = layers.Conv2D(3, (5, 2), strides=(2, 1), padding="same", **KERNEL)(y)
    return layers.Reshape((STEPS // 2, CHANNELS * 3))(y)


def temporal_convolution(x):
    for level in range(3):
        y = layers.SpatialDropout1D(0.1)(conv(padding="causal", dilation_rate=2**level)(x))
        y = conv(padding="causal", dilation_rate=2**level)(y)
        x = layers.Add()([conv(kernel=1)(x), y])
    return x


HOUSE = {"channels": CHANNELS, "classes": 3, "filters": 4}
STAGES = [{"kernel": 5, "stride": 2}, {"kernel": 4, "dilation": 3}, {"kernel": 3, "up": 2}]


def house_tcn(x):
    return models.tcn(STAGES, **HOUSE, refinements=[[{"kernel": 3}, {"kernel": 3, "dilation": 2}]])(x)


def house_causal_tcn(x):
    return models.tcn([{**stage, "padding": "causal"} for stage in STAGES], **HOUSE)(x)


def house_unet(x):
    return models.unet(models.unet_stages(2, convolutions=1), **HOUSE)(x)


def house_recurrent(x):
    return models.recurrent(STAGES, **HOUSE, units=3, bidirectional=False)(x)


def house_classifier(x):
    return models.residual(**HOUSE, levels=2, blocks=1, rank=1)(x)


def house_spectrum(x):
    inner = {"architecture": "tcn", "stages": [{"kernel": 3}], "filters": 4}
    return models.spectral(inner, channels=CHANNELS, classes=3, frame=10, hop=4, bands=3, sampling_rate_hz=50.0)(x)


def members(names):
    """The architectures of a module: its own functions of one tensor ``x``."""
    return {
        name: value
        for name, value in names.items()
        if inspect.isfunction(value)
        and value.__module__ == names["__name__"]
        and list(inspect.signature(value).parameters) == ["x"]
    }


ARCHITECTURES = members(globals())
"""Those on ``(STEPS, CHANNELS)``."""


def image_unet(x):
    options = {"padding": "same", **KERNEL}
    a = layers.Conv2D(3, 3, **options)(x)
    b = layers.Conv2D(3, (3, 5), dilation_rate=(1, 2), **options)(layers.MaxPooling2D((2, 1))(a))
    return layers.Concatenate()([layers.UpSampling2D((2, 1))(b), a])


def image_strided(x):
    x = layers.ZeroPadding2D(((1, 2), (0, 3)))(x)
    x = layers.Conv2D(3, (4, 3), strides=(2, 2), padding="valid", **KERNEL)(x)
    return layers.Cropping2D(((1, 0), (0, 2)))(
        layers.DepthwiseConv2D(3, padding="same", depthwise_initializer=Positive())(x)
    )


def image_transposed(x):
    return layers.Conv2DTranspose(2, (3, 4), strides=(1, 2), padding="same", **KERNEL)(x)


def image_gated(x):
    return x * layers.GlobalAveragePooling2D(keepdims=True)(x)


def image_time_distributed(x):
    return layers.TimeDistributed(layers.Conv1D(2, 3, padding="same", **KERNEL))(x)


def image_house_unet(x):
    return models.unet(models.unet_stages(1), **HOUSE, rank=2)(x)


def image_bilinear(x):
    return layers.UpSampling2D((2, 3), interpolation="bilinear")(layers.Conv2D(2, 3, strides=(2, 3), padding="same")(x))


def image_bicubic(x):
    return layers.UpSampling2D(2, interpolation="bicubic")(layers.AveragePooling2D(2)(x))


def image_adaptive(x):
    return layers.AdaptiveAveragePooling2D((12, 16))(layers.Conv2D(2, 3, padding="same", **KERNEL)(x))


IMAGES = {function.__name__: function for function in (
    image_unet, image_strided, image_transposed, image_gated, image_time_distributed,
    image_house_unet, image_bilinear, image_bicubic, image_adaptive,
)}  # fmt: skip
"""Those on ``(32, 24, CHANNELS)``."""
