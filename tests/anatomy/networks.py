"""Designs of published networks, kept tiny: name -> function of a Keras tensor of shape (96, 2)."""

from __future__ import annotations

import keras
from keras import layers, ops

from segmend import models
from tests.anatomy.architectures import HOUSE, KERNEL, RECURRENT, STEPS, Positive, conv, members


def point(filters=3, **options):
    """A convolution of one step, without activation."""
    return conv(filters=filters, kernel=1, activation=None, **options)


def stft(x):
    return conv()(layers.STFTSpectrogram("magnitude", frame_length=16, frame_step=8)(x))


def stft_and_back(x):
    return layers.UpSampling1D(6)(
        conv()(layers.STFTSpectrogram("psd", frame_length=12, frame_step=6, padding="same")(x))
    )


def wavenet(x):
    skips, x = [], point()(x)
    for level in range(3):
        causal = {"kernel": 2, "padding": "causal", "dilation_rate": 2**level}
        z = layers.Multiply()([conv(activation="tanh", **causal)(x), conv(activation="sigmoid", **causal)(x)])
        skips.append(point()(z))
        x = layers.Add()([x, point()(z)])
    return layers.Add()(skips)


def two_stages(x):
    for _ in range(2):
        y = point()(x)
        for level in range(2):
            y = y + point()(conv(dilation_rate=2**level)(y))
        x = layers.Softmax()(point()(y))
    return x


def transformer(x):
    places = layers.Embedding(STEPS, 4)(ops.arange(STEPS))
    y = layers.Dense(4, **KERNEL)(x) + places
    y = layers.LayerNormalization()(y + layers.MultiHeadAttention(2, 2, **KERNEL)(y, y))
    return layers.LayerNormalization()(y + layers.Dense(4)(layers.Dense(8, activation="gelu")(y)))


def patches_attend(x):
    y = layers.Conv1D(4, 8, strides=8, **KERNEL)(x)
    return layers.UpSampling1D(8)(layers.MultiHeadAttention(1, 2, **KERNEL)(y, y))


def attention_within_windows(x):
    y = ops.reshape(x, (-1, STEPS // 8, 8, 2))
    weights = ops.softmax(ops.matmul(y, ops.transpose(y, (0, 1, 3, 2))))
    return ops.reshape(ops.matmul(weights, y), (-1, STEPS, 2))


def attention_by_dot(x):
    return layers.Dot(axes=(2, 1))([layers.Softmax()(layers.Dot(axes=2)([x, x])), x])


def additive_attention(x):
    return layers.AdditiveAttention()([x, conv(filters=2)(x)])


def attention_to_coarser_steps(x):
    return layers.MultiHeadAttention(1, 2, **KERNEL)(conv()(x), layers.AveragePooling1D(4)(x))


def pyramid_of_dilations(x):
    return layers.Concatenate()([conv(dilation_rate=rate)(x) for rate in (1, 5, 11)])


def pyramid_with_the_whole(x):
    whole = layers.UpSampling1D(STEPS)(layers.GlobalAveragePooling1D(keepdims=True)(x))
    return layers.Concatenate()([conv(dilation_rate=6)(x), whole])


def bottleneck(x):
    y = conv(kernel=1)(conv(kernel=3, strides=2)(conv(kernel=1)(x)))
    return layers.Add()([conv(kernel=1, strides=2)(x), y])


def gated_unet(x):
    a = conv()(x)
    up = layers.UpSampling1D(4)(conv()(layers.MaxPooling1D(4)(a)))
    gate = layers.Conv1D(1, 1, activation="sigmoid")(layers.Add()([a, up]))
    return layers.Concatenate()([layers.Multiply()([a, gate]), up])


def two_rates(x):
    by_two, by_three = (layers.UpSampling1D(rate)(conv(strides=rate)(x)) for rate in (2, 3))
    return layers.Add()([by_two, by_three])


def transposed_with_gaps(x):
    return layers.Conv1DTranspose(3, 3, strides=4, padding="same", **KERNEL)(conv(strides=4)(x))


def channels_to_steps(x):
    return layers.Reshape((STEPS, 3))(conv(filters=6, strides=2, kernel=5)(x))


def encoder_decoder(x):
    return layers.LSTM(2, **RECURRENT)(layers.RepeatVector(STEPS)(layers.LSTM(2)(x)))


def final_state_beside_steps(x):
    steps, state, _ = layers.LSTM(2, return_state=True, **RECURRENT)(x)
    return layers.Concatenate()([steps, layers.RepeatVector(STEPS)(state)])


def both_directions_summed(x):
    return conv()(layers.Bidirectional(layers.SimpleRNN(2, **RECURRENT), merge_mode="sum")(x))


def convolutional_lstm(x):
    options = {"kernel_initializer": Positive(), "recurrent_initializer": Positive(), "return_sequences": True}
    y = layers.ConvLSTM1D(2, 3, padding="same", **options)(layers.Reshape((STEPS, CHANNELS_AS_SPACE, 1))(x))
    return layers.Reshape((STEPS, 2 * CHANNELS_AS_SPACE))(y)


CHANNELS_AS_SPACE = 2


def windows_by_themselves(x):
    inner = keras.Sequential([conv(padding="valid"), layers.Flatten(), layers.Dense(3, **KERNEL)])
    return layers.TimeDistributed(inner)(layers.Reshape((STEPS // 8, 8, 2))(x))


def instance_normalised(x):
    return layers.GroupNormalization(-1)(x)


def spectrally_normalised(x):
    return layers.SpectralNormalization(conv(filters=2, kernel=5))(x)


def standardised(x):
    mean, spread = ops.mean(x, axis=1, keepdims=True), ops.std(x, axis=1, keepdims=True)
    return conv()((x - mean) / (spread + 1e-3))


def house_inception(x):
    return models.inception(**HOUSE)(x)


def house_lstm(x):
    return models.lstm(channels=2, classes=3, units=3)(x)


NETWORKS = members(globals())
