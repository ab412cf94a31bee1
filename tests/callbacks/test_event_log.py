"""Event files that TensorBoard reads, read back record by record."""

from __future__ import annotations

import struct

import keras
import numpy as np
import pytest

from segmend.callbacks import EventLog
from segmend.errors import MissingDependencyError

event_pb2 = pytest.importorskip("tensorboardX.proto.event_pb2")


def scalars(folder):
    """(step, name, value) of every scalar in the event files of a folder, and where later ones are purged from."""
    found, purged = [], []
    for file in sorted(folder.glob("events.out.tfevents*")):
        content = file.read_bytes()
        at = 0
        while at < len(content):
            (length,) = struct.unpack("<Q", content[at : at + 8])
            event = event_pb2.Event.FromString(content[at + 12 : at + 12 + length])
            at += 12 + length + 4
            found += [(event.step, value.tag, value.simple_value) for value in event.summary.value]
            purged += [event.step] if event.session_log.status == 1 else []
    return found, purged


def fitted(log, epochs=2, initial_epoch=0):
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    x = np.ones((4, 1), np.float32)
    return model.fit(x, x, epochs=epochs, initial_epoch=initial_epoch, verbose=0, callbacks=[log]).history


def test_every_log_of_every_epoch_is_a_scalar(tmp_path):
    history = fitted(EventLog(tmp_path))
    found, _ = scalars(tmp_path)
    assert [(step, name) for step, name, _ in found] == [(0, "loss"), (1, "loss")]
    assert [value for _, _, value in found] == pytest.approx(history["loss"])


def test_names_that_tensorboard_does_not_take_are_changed(tmp_path):
    log = EventLog(tmp_path)
    log.on_train_begin()
    log.on_epoch_end(0, {"val_segment_f1@50": 0.75})
    log.on_train_end()
    assert scalars(tmp_path)[0] == [(0, "val_segment_f1_at_50", 0.75)]


def test_each_network_has_a_folder_and_a_training_that_goes_on_purges(tmp_path):
    log = EventLog(tmp_path)
    fitted(log)
    fitted(log, epochs=3, initial_epoch=1)
    found, purged = scalars(tmp_path / "network2")
    assert [step for step, _, _ in found] == [1, 2]
    assert purged == [1]


def test_without_the_package_the_command_that_brings_it_is_named(monkeypatch, tmp_path):
    monkeypatch.setitem(__import__("sys").modules, "tensorboardX", None)
    with pytest.raises(MissingDependencyError, match=r'pip install "segmend\[track\]"'):
        EventLog(tmp_path)
