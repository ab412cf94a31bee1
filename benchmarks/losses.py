"""What a loss costs: one compiled training step of the planned network, against the same step with cross-entropy.

    python benchmarks/losses.py SHARED/datasets/ludb [--rounds 200]

The network, the windows and the batch are those that ``segmend train`` would take. Every loss trains a copy of its own;
in each round every copy takes one step, in a new order, so that whatever else the machine does meets all of them alike.
Processor time is that of all threads of the process, which a busy machine changes least. A second cross-entropy shows
the noise. Prints Markdown.
"""

import argparse
import time
from pathlib import Path

import keras
import numpy as np

import segmend
from segmend import catalogue, fingerprinting
from segmend.losses import CrossEntropy, Dice
from segmend.pipeline.runs.splits import with_split
from segmend.pipeline.runs.translate import batches_of, model_of
from segmend.planning import Values

WARM = 10
"""Steps that are not counted, the one that compiles among them."""

JIT = False if keras.backend.backend() == "tensorflow" else "auto"
"""TensorFlow's XLA, which Keras uses where there is a GPU, runs no Python, which ``Topological`` needs."""


def losses_of(classes):
    """Every loss of the catalogue, and the sum that plans use."""
    needed = {
        "expected_cost": {"cost": (10.0 * (1 - np.eye(classes))).tolist()},
        "ldam": {"counts": [100.0 / (1 + k) for k in range(classes)]},
    }
    for name in catalogue.LOSSES:
        yield name, catalogue.resolve("losses", name)(**needed.get(name, {}))
    for name in ("focal", "temporal_focal", "dice", "lovasz", "boundary", "transition_count", "topological"):
        yield f"{name}, labels may overlap", catalogue.resolve("losses", name)(multilabel=True)
    yield "cross_entropy + dice, as plans have it", CrossEntropy() + Dice()
    yield "cross_entropy again", CrossEntropy()


def step_of(loss, values, facts, x, y):
    """A function that trains one step and says what it took: seconds of the clock, and of the processor."""
    model = model_of(values, facts)
    model.compile(keras.optimizers.AdamW(1e-4, global_clipnorm=1.0), loss, jit_compile=JIT)
    y = keras.ops.convert_to_numpy(y)
    hot = (y[..., None] == np.arange(model.output_shape[-1])).astype("float32")
    hot[y < 0] = -1
    labels = hot if loss.multilabel else y

    def step():
        clock, processor = time.perf_counter(), time.process_time()
        model.train_on_batch(x, labels)
        return time.perf_counter() - clock, time.process_time() - processor

    for _ in range(WARM):
        step()
    return step


def main(data, rounds):
    """Print the table."""
    dataset = with_split(segmend.load(data), share=0.2, seed=0, say=print)
    facts = fingerprinting.fingerprint(dataset)
    values = Values.of(segmend.plan(facts))
    x, y = batches_of(values, dataset.part("train"), dataset)[0]
    losses = {"cross_entropy": CrossEntropy(), **dict(losses_of(len(dataset.labels)))}
    steps = {name: step_of(loss, values, facts, x, y) for name, loss in losses.items()}
    seconds = {name: np.empty((rounds, 2)) for name in steps}
    for number in range(rounds):
        for name in np.random.default_rng(number).permutation(list(steps)):
            seconds[name][number] = steps[name]()
    taken = {name: np.median(both, axis=0) for name, both in seconds.items()}
    clock, processor = 1000 * taken["cross_entropy"]
    print(f"{data.name}: batch {x.shape}, {keras.backend.backend()}, median of {rounds}; cross-entropy takes")
    print(f"{clock:.1f} ms a step, {processor:.1f} ms of the processor.\n")
    print("| loss | a step, to cross-entropy | its processor time, to cross-entropy |\n|---|---|---|")
    for name, both in taken.items():
        print("| {} | {:.3f} | {:.3f} |".format(name, *(both / taken["cross_entropy"])))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--rounds", type=int, default=200)
    arguments = parser.parse_args()
    main(arguments.data, arguments.rounds)
