"""What training costs beside a bare ``model.fit``: seconds a step of ``segmend train`` and of Keras alone.

    python benchmarks/overhead.py DATA [--steps 15] [--epochs 25] [--annotations FILE] [--set KEY=VALUE ...]

Two networks of the plan that DATA gets take turns, epoch by epoch. One is trained as ``segmend train`` does it: windows
drawn and augmented anew for each batch, the callbacks of pace, validation and the best epoch. The other by a bare
``model.fit`` with the same optimizer and loss on as many of these windows, drawn beforehand and held in memory; its
first epoch of each turn, which begins a fit, is left out, as is the first of all, which compiles. A step's seconds are
those from an epoch's first batch to its last, so that validation, which a bare fit has none of, is not counted (and is
of one recording, to save time). Medians by the clock, and of the processor time of all threads, which depends less on
what else the machine does. Prints Markdown.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import time
from typing import Any

import numpy as np

import segmend
from segmend import fingerprinting
from segmend.core.backend import choose_backend

choose_backend()
import keras  # noqa: E402 - the backend is chosen first


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data")
    parser.add_argument("--steps", type=int, default=15, help="in an epoch")
    parser.add_argument("--epochs", type=int, default=25)
    parser.add_argument("--annotations")
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", dest="overrides")
    options = parser.parse_args()
    overrides = {key: json.loads(value) for key, value in (each.split("=", 1) for each in options.overrides)}
    print("| windows | batch | segmend train, ms a step | bare fit | times (target 1.05) | quartiles | processor |")
    print("|---|---|---|---|---|---|---|")
    data = prepared(options.data, options.annotations)
    for name, more in (("augmented anew, as planned", {}), ("not augmented", {"augment": []})):
        shape, ours, bare = both(data, {**overrides, **more}, options.steps, options.epochs)
        low, high = np.percentile((ours / bare)[:, 0], [25, 75])
        clock, processor = np.median(ours / bare, axis=0)
        train, alone = np.median(ours, axis=0)[0] * 1e3, np.median(bare, axis=0)[0] * 1e3
        spread = f"{low:.3f} to {high:.3f}"
        print(f"| {name} | {shape} | {train:.1f} | {alone:.1f} | {clock:.3f} | {spread} | {processor:.3f} |")


def prepared(path: str, annotations: str | None) -> Any:
    """The data set with its split, as ``segmend train`` makes it."""
    from segmend.pipeline.runs.splits import with_split
    from segmend.pipeline.train import sound

    data = segmend.load(path, annotations=annotations) if annotations else segmend.load(path)
    return with_split(sound(data, lambda line: None), share=0.2, seed=0, say=lambda line: None)


class Clock(keras.callbacks.Callback):
    """Seconds a step of each epoch, by the clock and of the processors."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds: list[Any] = []

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """The epoch begins."""
        self.began = np.array([time.perf_counter(), time.process_time()])

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Its last step is done when its loss can be read."""
        float((logs or {})["loss"])
        now = np.array([time.perf_counter(), time.process_time()])
        self.seconds.append((now - self.began) / self.params["steps"])


class Turns(keras.callbacks.Callback):
    """After each epoch of one network, an epoch of the other one."""

    def __init__(self, model: Any, windows: tuple[Any, ...], batch: int) -> None:
        super().__init__()
        self.other, self.windows, self.batch = model, windows, batch
        self.seconds: list[Any] = []

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Train on the windows in memory."""
        x, y = self.windows
        clock = Clock()
        self.other.fit(x, y, batch_size=self.batch, epochs=3, verbose=0, shuffle=False, callbacks=[clock])
        self.seconds.append(np.mean(clock.seconds[1:], axis=0))


def both(data: Any, overrides: dict[str, Any], steps: int, epochs: int) -> tuple[str, Any, Any]:
    """Shape of a batch, and seconds a step of each epoch but the first."""
    from segmend.pipeline.runs.translate import batches_of, loss_of, model_of, settings_of
    from segmend.pipeline.runs.validation import judge_of
    from segmend.planning import Values
    from segmend.training import fit
    from segmend.training.fit import _optimizer

    facts = fingerprinting.fingerprint(data)
    values = Values.of(segmend.plan(facts, budget="10m", overrides=overrides))
    settings = dataclasses.replace(settings_of(values, 0.0), seconds=None, steps=steps * epochs, epochs=epochs)
    settings = dataclasses.replace(settings, patience=epochs)
    loss = loss_of(values, data.task)
    batches = batches_of(values, facts, data.part("train"), data)
    drawn = [batches[number] for number in range(steps)]
    windows = tuple(np.concatenate(parts) for parts in zip(*drawn, strict=True))
    model, bare = model_of(values, facts), model_of(values, facts)
    bare.compile(optimizer=_optimizer(settings), loss=loss)
    clock, turns = Clock(), Turns(bare, windows, values.training.batch_size)
    judge = judge_of(model, values, data, data.part("val")[:1])
    fit(model, batches, settings, loss=loss, callbacks=[clock, judge, turns])
    shape = " x ".join(map(str, drawn[0][0].shape))
    return shape, np.array(clock.seconds[1:]), np.array(turns.seconds[1:])


if __name__ == "__main__":
    main()
