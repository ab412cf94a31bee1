"""The verb ``train``: from a folder of recordings to a RUN."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from segmend import fingerprinting, loading
from segmend.artifacts.fingerprint import Fingerprint
from segmend.artifacts.plan import Plan
from segmend.core.backend import choose_backend
from segmend.core.dataset import Dataset
from segmend.core.durations import seconds_of
from segmend.core.files import staged_folder
from segmend.errors import InputError
from segmend.pipeline.plan import DEFAULT_BUDGET_S
from segmend.pipeline.plan import plan as make_plan
from segmend.pipeline.report import write_run
from segmend.pipeline.results.run import Run, load_run
from segmend.pipeline.runs.splits import TEST_SHARE, annotated, warn_of_absent, with_split
from segmend.pipeline.runs.training import Listener, Training
from segmend.pipeline.runs.unfinished import Unfinished
from segmend.planning.decisions.validation import share_of


def train(
    data: Dataset | Path | str,
    plan: Plan | Mapping[str, Any] | None = None,
    *,
    out: Path | str,
    budget: float | str = DEFAULT_BUDGET_S,
    seed: int = 0,
    overwrite: bool = False,
    resume: bool = False,
    overrides: Mapping[str, Any] | None = None,
    annotations: Path | str | None = None,
    labels: Sequence[str] | None = None,
    background: int | str | None = "auto",
    listener: Listener | None = None,
    callbacks: Sequence[Any] = (),
) -> Run:
    """Train a model by a plan, fit a decoder, score both, and write a RUN folder.

    Training ends when the plan's steps are done, when validation stops getting better, or in time for prediction,
    decoder and scores to end within the budget. The weights kept are those of the epoch whose argmax-decoded segment
    score over whole validation recordings was best; the decoder is fitted on that epoch's validation predictions. The
    roles test* are predicted and scored once, at the end.

    Args:
        data: a DATA folder or what ``segmend.load`` made of one.
        plan: a plan, perhaps partial; what it lacks is planned.
        out: the RUN folder to write; it appears whole or not at all.
        budget: wall clock of all of this after imports: seconds, or text such as "10m".
        seed: seed of everything random.
        overwrite: replace a folder that holds files.
        resume: go on with a training of this RUN that was interrupted, to the end it would have had; the same data,
            plan, budget and seed are to be given. A RUN that is whole is left as it is; where nothing was begun,
            training begins.
        overrides: plan values by "section.key", or by key alone where one section has it.
        annotations: a file to use instead of DATA/annotations.csv.
        labels: class names instead of those in the files.
        background: class number that is no segment, None, or "auto".
        listener: who is told what happens.
        callbacks: Keras callbacks that see every epoch of every network, with the validation scores in its logs. What
            they remember survives an interruption where they have ``get_state`` and ``set_state``.

    Returns:
        The run, as ``segmend.load_run(out)`` gives it.

    Raises:
        InputError: the data would falsify a number, a plan value does not fit, the output folder holds files or
            another training of it was interrupted.
        NotYetError: the task is none that this version serves.
    """
    budget_s, out = seconds_of(budget), Path(out)
    listener = listener or Listener()
    unfinished = Unfinished.of(out)
    unfinished.require(overwrite=overwrite, resume=resume)
    if resume and unfinished.whole:
        unfinished.forget()
        listener.say(f"{out} is whole: nothing to resume")
        return load_run(out)
    choose_backend()
    from segmend.pipeline.runs.translate import decided  # the clock starts after imports

    started = time.monotonic() - (unfinished.spent() if resume else 0.0)
    dataset, facts, given = prepared(
        data,
        plan,
        seed=seed,
        overrides=overrides,
        listener=listener,
        annotations=annotations,
        labels=labels,
        background=background,
    )
    full = decided(make_plan(facts, budget=budget_s, seed=seed, given=given, overrides=overrides))
    replace = overwrite or (resume and unfinished.replaces)
    try:
        with (
            unfinished.going_on(dataset, facts, full, overwrite=overwrite) as kept,
            staged_folder(out, overwrite=replace, inside=kept) as stage,
        ):
            Training(dataset, facts, full, stage, started, budget_s, listener, callbacks, unfinished).perform()
            write_run(stage, data=dataset, title=out.resolve().name)
    except KeyboardInterrupt:
        if unfinished.folder.exists():
            listener.say("interrupted: --resume goes on after the last epoch")
        raise
    return load_run(out)


def prepared(
    data: Dataset | Path | str,
    plan: Plan | Mapping[str, Any] | None,
    *,
    seed: int,
    overrides: Mapping[str, Any] | None,
    listener: Listener,
    **reading: Any,
) -> tuple[Dataset, Fingerprint, Plan]:
    """What a plan is made from: recordings with roles, facts about them, and the plan that was given.

    Args:
        data: a DATA folder or a data set.
        plan: a plan, perhaps partial, or None.
        seed: decides the split where the data bring none.
        overrides: plan values by hand, which may name the share of the split.
        listener: told what was changed and how the recordings were dealt out.
        reading: ``annotations``, ``labels`` and ``background`` of a folder.

    Raises:
        InputError: the data would falsify a number.
    """
    if not isinstance(data, Dataset):
        data = loading.load_dataset(data, **reading)
    for note in data.notes:
        listener.say(note)
    dataset = sound(data, listener.warn)
    planned = plan if isinstance(plan, Plan) or plan is None else Plan.from_dict(dict(plan))
    brought = "val" in dataset.split
    dataset = with_split(dataset, share=_validation_share(planned, overrides), seed=seed, say=listener.say)
    return dataset, _facts(dataset, listener.warn), _with_share(planned, brought=brought)


def sound(dataset: Dataset, warn: Callable[[str], None]) -> Dataset:
    """Recordings that may be trained on.

    Raises:
        InputError: the data would falsify a number.
        NotYetError: the task is none that this version serves.
    """
    loading.refuse(dataset)
    if len(dataset.labels) < 2:
        raise InputError(
            f"{dataset.path or 'data'}: expected two classes or more, the background included. "
            f"Received {list(dataset.labels.names)}"
        )
    return annotated(dataset, warn)


def _facts(dataset: Dataset, warn: Callable[[str], None]) -> Fingerprint:
    facts = fingerprinting.fingerprint(dataset)
    warn_of_absent(facts, warn)
    return facts


def _with_share(plan: Plan | None, *, brought: bool) -> Plan:
    """The plan with a share for "val", whose reason is whether the data brought a split before one was made."""
    choices = {} if plan is None else plan.choices
    validation = {"share": share_of(split=brought), **choices.get("validation", {})}
    return Plan(choices={**choices, "validation": validation})


def _validation_share(plan: Plan | None, overrides: Mapping[str, Any] | None) -> float:
    """The share that the plan or the overrides name, before there is a full plan."""
    named = [overrides[key] for key in ("validation.share", "share") if overrides and key in overrides]
    if plan is not None and "share" in plan.choices.get("validation", {}):
        named.append(plan.choices["validation"]["share"].value)
    share = named[0] if named else 0.2
    if isinstance(share, bool) or not isinstance(share, int | float) or not 0 < share < 1 - TEST_SHARE:
        raise InputError(
            f"validation.share: expected a share above 0 and below {1 - TEST_SHARE:g}. Received {share!r:.80}"
        )
    return float(share)
