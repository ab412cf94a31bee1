"""Small PyTorch modules as people write them; importing this needs PyTorch."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional


class Convolutions(nn.Module):
    """Channels first, in and out: 5 taps, a ReLU, 3 taps."""

    def __init__(self, channels=3, classes=4, activation=None):
        super().__init__()
        self.wide = nn.Conv1d(channels, 8, 5, padding=2)
        self.narrow = nn.Conv1d(8, classes, 3, padding=1)
        self.activation = activation

    def forward(self, x):
        scores = self.narrow(functional.relu(self.wide(x)))
        return scores if self.activation is None else self.activation(scores)


class Turned(Convolutions):
    """The same with channels last, in and out."""

    def forward(self, x):
        return super().forward(x.transpose(1, 2)).transpose(1, 2)


class Causal(nn.Module):
    """Channels first; five taps, four apart, that look back."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv1d(3, 4, 5, dilation=4)

    def forward(self, x):
        return self.conv(functional.pad(x, (16, 0)))


class Pooled(nn.Module):
    """Channels first; pooled by four and repeated back."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv1d(3, 4, 3, padding=1)

    def forward(self, x):
        return functional.interpolate(self.conv(functional.max_pool1d(x, 4)), scale_factor=4)


class Recurrent(nn.Module):
    """Channels last; an answer for each step, or what ``take`` takes of the output and the final states."""

    def __init__(self, kind=nn.LSTM, take=None, channels=3, classes=2, **settings):
        super().__init__()
        self.rnn = kind(channels, 6, **{"batch_first": True, "bidirectional": True, **settings})
        self.head = nn.LazyLinear(classes)
        self.take = take or (lambda output, state: output)
        with torch.no_grad():
            self.forward(torch.ones(2, 9, channels))

    def forward(self, x):
        return self.head(self.take(*self.rnn(x)))


class Packed(nn.Module):
    """An LSTM that stops where zeros begin."""

    def __init__(self, channels=3, classes=2):
        super().__init__()
        self.rnn = nn.LSTM(channels, 6, batch_first=True)
        self.head = nn.Linear(6, classes)

    def forward(self, x):
        lengths = (x != 0).any(-1).sum(1).clamp(min=1).cpu()
        packed = nn.utils.rnn.pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        return self.head(self.rnn(packed)[1][0][-1])


def last(output, state):
    return output[:, -1]


def final_states(output, state):
    h = state[0] if isinstance(state, tuple) else state
    return torch.cat([h[-2], h[-1]], dim=1)
