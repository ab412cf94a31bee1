"""The verb ``plan``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from segmend import planning
from segmend.artifacts.fingerprint import Fingerprint
from segmend.artifacts.plan import Plan
from segmend.core.dataset import Dataset
from segmend.core.durations import seconds_of

DEFAULT_BUDGET_S = 600.0


def plan(
    data: Fingerprint | Dataset | Path | str,
    *,
    budget: float | str = DEFAULT_BUDGET_S,
    seed: int = 0,
    overrides: Mapping[str, Any] | None = None,
    given: Plan | None = None,
) -> Plan:
    """Configure a model and its training from data, with a reason for each value.

    Args:
        data: a fingerprint, a data set, or a DATA folder.
        budget: what training may take: seconds, or text such as "10m".
        seed: seed of everything random.
        overrides: values by "section.key", or by key alone where one section has it.
        given: a plan whose values are kept; it may be partial.

    Returns:
        The plan; ``segmend.planning.toml.dumps`` writes it with its reasons.

    Raises:
        InputError: the data cannot be read or would falsify a number, or a value does not fit.
    """
    facts = data if isinstance(data, Fingerprint) else _facts(data)
    return planning.make(facts, budget_s=seconds_of(budget), seed=seed, given=given, overrides=overrides)


def plan_files(
    path: Path | str,
    *,
    annotations: Path | str | None = None,
    labels: Sequence[str] | None = None,
    background: int | str | None = "auto",
    **options: Any,
) -> Plan:
    """Load a DATA folder and plan for it.

    Args:
        path: the folder.
        annotations: a file to use instead of its annotations.csv.
        labels: class names instead of those in the files.
        background: class number that is no segment, None, or "auto".
        options: as for ``plan``.

    Raises:
        InputError: the data cannot be read or would falsify a number, or a value does not fit.
    """
    from segmend import loading

    return plan(loading.load_dataset(path, annotations=annotations, labels=labels, background=background), **options)


def _facts(data: Dataset | Path | str) -> Fingerprint:
    from segmend import fingerprinting, loading

    dataset = data if isinstance(data, Dataset) else loading.load_dataset(data)
    loading.refuse(dataset)
    return fingerprinting.fingerprint(dataset)
