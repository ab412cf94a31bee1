"""Patient 6: a bidirectional LSTM in PyTorch that only ever predicts the majority class.

The person writes: "I classify movement recordings with PyTorch, five times as many of class 0 as of class 1. The
recordings differ in what happens early on. My bidirectional LSTM gets 83 % accuracy, which sounded good until I looked:
it says class 0 for every recording. I tried more epochs and a lower learning rate. What is wrong?"

What is wrong: ``output[:, -1]`` is the last step of the output. There the forward direction has read all 100 steps and
must still remember the first ones, and the backward direction has read 1. The states in which both directions end,
``torch.cat([h[-2], h[-1]], dim=1)``, know the whole recording: ``FinalStates`` is the same module with them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import nn

RECORDINGS = 120
STEPS = 100
RARE = 6
"""Every sixth recording is of class 1."""


class LastStep(nn.Module):
    """A bidirectional LSTM that answers from the last step of its output."""

    def __init__(self, channels: int = 2, units: int = 12) -> None:
        super().__init__()
        self.lstm = nn.LSTM(channels, units, batch_first=True, bidirectional=True)
        self.head = nn.Linear(2 * units, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Class scores of whole recordings, (recordings, 2)."""
        output, _ = self.lstm(x)
        return self.head(output[:, -1])


class FinalStates(LastStep):
    """The same, mended: it answers from the states in which both directions end."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Class scores of whole recordings, (recordings, 2)."""
        _, (h, _) = self.lstm(x)
        return self.head(torch.cat([h[-2], h[-1]], dim=1))


def data(seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Noise, with a wave in the first 15 steps: up and down in class 1, down and up in class 0."""
    rng = np.random.default_rng(seed)
    y = (np.arange(RECORDINGS) % RARE == 0).astype(np.int64)
    x = rng.normal(0, 0.5, (RECORDINGS, STEPS, 2))
    for recording, label in zip(x, y, strict=True):
        start = rng.integers(0, 5)
        recording[start : start + 10, 0] += np.repeat([2.0, -2.0] if label else [-2.0, 2.0], 5)
    return x.astype(np.float32), y


def train(
    x: np.ndarray, y: np.ndarray, seed: int = 0, *, kind: type[LastStep] = LastStep, epochs: int = 15
) -> tuple[nn.Module, dict[str, list[float]]]:
    """The module after a few epochs of Adam, and its history."""
    torch.manual_seed(seed)
    module = kind()
    optimizer = torch.optim.Adam(module.parameters(), lr=5e-3)
    loss_of = nn.CrossEntropyLoss()
    inputs, targets = torch.from_numpy(x), torch.from_numpy(y)
    history: dict[str, list[float]] = {"loss": []}
    for _ in range(epochs):
        losses = []
        for part in torch.randperm(len(x)).split(32):
            optimizer.zero_grad()
            loss = loss_of(module(inputs[part]), targets[part])
            loss.backward()
            optimizer.step()
            losses.append(float(loss.detach()))
        history["loss"].append(float(np.mean(losses)))
    return module, history


def patient(seed: int = 0) -> dict[str, Any]:
    """What the person has in hand, as arguments of ``segmend.diagnose``."""
    x, y = data(seed)
    module, history = train(x, y, seed)
    return {"model": module, "x": x, "y": y, "validation_data": data(seed + 1), "history": history}


def mended(seed: int = 0) -> dict[str, Any]:
    """The same after the doctor's first remedy."""
    x, y = data(seed)
    module, history = train(x, y, seed, kind=FinalStates)
    return {"model": module, "x": x, "y": y, "validation_data": data(seed + 1), "history": history}


if __name__ == "__main__":
    import segmend

    print(segmend.diagnose(**patient(), preview=True))
