"""Operations on tensors in functional graphs: name -> function of a Keras tensor of shape (96, 2)."""

from __future__ import annotations

import keras
import numpy as np
from keras import layers, ops

from tests.anatomy.architectures import RECURRENT, STEPS, conv, members


def first_step_beside_all(x):
    return x + conv(filters=2)(x)[:, :1]


def last_step_beside_all(x):
    return conv(filters=2)(x) - x[:, -1:]


def last_step(x):
    return layers.Dense(3)(x[:, -1])


def first_step(x):
    return layers.Dense(3)(x[:, 0, :])


def last_state(x):
    return layers.LSTM(2, **RECURRENT)(x)[:, -1, :]


def last_steps(x):
    return conv()(x)[..., -24:, :]


def late_steps(x):
    return x[:, 85:]


def every_third_of_a_stretch(x):
    return conv()(x[:, 4:-5:3])


def new_axis(x):
    return conv()(layers.Reshape((STEPS, 2))(x[:, None, :, :]))


def repeated(x):
    return ops.repeat(conv(strides=3)(x), 3, axis=1)


def polyphase(x):
    return ops.concatenate([x[:, ::2], x[:, 1::2]], axis=-1)


def split_channels(x):
    left, right = ops.split(x, 2, axis=-1)
    return ops.concatenate([conv()(left), conv(kernel=7)(right)], axis=-1)


def largest_of_two(x):
    return ops.max(ops.stack([conv()(x), conv(kernel=7)(x)], axis=-1), axis=-1)


def convolution(x):
    return ops.conv(x, np.ones((5, 2, 3), "float32"), padding="same", strides=2)


def pooling(x):
    return ops.max_pool(x, 4, strides=2, padding="same")


def mixing_steps(x):
    return ops.einsum("btc,ts->bsc", x, np.ones((STEPS, STEPS), "float32"))


def sum_of_the_future(x):
    return ops.flip(ops.cumsum(ops.flip(x, 1), axis=1), 1)


def mirrored_at_the_ends(x):
    return conv(kernel=5, padding="valid")(ops.pad(x, [[0, 0], [2, 2], [0, 0]], mode="reflect"))


def delayed_by_joining(x):
    return ops.concatenate([ops.zeros_like(x[:, :3]), x[:, :-3]], axis=1) + x


def thirty_six_of_ninety_six(x):
    return layers.AdaptiveAveragePooling1D(36)(conv()(x))


def twenty_four_of_ninety_six(x):
    return conv()(layers.AdaptiveMaxPooling1D(24)(x))


def chosen_steps(x):
    return ops.take(x, np.arange(0, STEPS, 4), axis=1)


def log_of_sums(x):
    return ops.logsumexp(conv()(x), axis=-1, keepdims=True)


def sorted_steps(x):
    return ops.sort(x, axis=1)


class Own(keras.Model):
    """A model with a call of its own, inside a graph."""

    def __init__(self):
        super().__init__()
        self.conv = conv(strides=2, kernel=4)

    def call(self, inputs):
        return self.conv(inputs)


def own_model_inside(x):
    return conv()(Own()(x))


OPERATIONS = members(globals())
