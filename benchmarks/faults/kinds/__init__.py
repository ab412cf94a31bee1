"""The kinds of fault by name; each is a program changed in one thing."""

from benchmarks.faults.kinds import data, model, prediction, training
from benchmarks.faults.kinds.kind import Kind

KINDS: dict[str, Kind] = {each.name: each for each in (*data.KINDS, *model.KINDS, *training.KINDS, *prediction.KINDS)}
