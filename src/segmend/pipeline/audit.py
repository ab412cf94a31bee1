"""What is wrong with the data: load, fingerprint and the data rules. No model, no deep-learning framework."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from segmend.artifacts.chart import Chart
from segmend.artifacts.fingerprint import Fingerprint
from segmend.core.dataset import Dataset
from segmend.pipeline.load import load
from segmend.pipeline.results.data_text import overview
from segmend.pipeline.results.diagnosis import Diagnosis


def audit(
    data: Path | str | Dataset,
    *,
    annotations: Path | str | None = None,
    labels: Sequence[str] | None = None,
    background: int | str | None = "auto",
    progress: Callable[[int, int], None] | None = None,
    preview: bool = False,
) -> Diagnosis:
    """Look through a data set for what would spoil training or falsify counts.

    All that can be read is reported as findings; only what cannot be read is refused.

    Args:
        data: a DATA folder, or what ``segmend.load`` gave.
        annotations: for a folder, a file to use instead of ``annotations.csv``.
        labels: for a folder, class names instead of those in dataset.json.
        background: for a folder, class number that is no segment, None, or "auto".
        progress: called with the number of recordings done and their total.
        preview: also run rules that are in preview.

    Raises:
        InputError: the folder cannot be read.

    Examples:
        >>> diagnosis = audit("ludb/")  # doctest: +SKIP
        >>> [finding.rule for finding in diagnosis.findings]  # doctest: +SKIP
        []
    """
    from segmend import fingerprinting

    if not isinstance(data, Dataset):
        data = load(data, annotations=annotations, labels=labels, background=background)
    return of_fingerprint(data, fingerprinting.fingerprint(data, progress=progress), preview=preview)


def write_review(data: Dataset, diagnosis: Diagnosis, out: Path | str, *, overwrite: bool = False) -> int:
    """Write the places whose labels a person should look at, as ``mend`` writes them to OUT/review/.

    The rules that find them are run whether they are in preview or not.

    Args:
        data: what was audited.
        diagnosis: what came of it.
        out: the folder to write; it appears whole or not at all, and not where there is nothing to look at.
        overwrite: replace a folder that holds files.

    Returns:
        How many places there are.

    Raises:
        OutputExistsError: the folder is not empty and ``overwrite`` is False.
    """
    from segmend.core.files import require_free, staged_folder
    from segmend.diagnosis import doctor
    from segmend.diagnosis.review import RULES, review_of
    from segmend.pipeline.results import review_files

    require_free(Path(out), overwrite=overwrite)
    review = review_of(doctor.examine(diagnosis.chart, only=RULES), diagnosis.chart.fingerprint)
    if len(review):
        with staged_folder(Path(out), overwrite=overwrite) as folder:
            review_files.write(review, folder, rate=data.sampling_rate_hz, cleaned=review_files.cleaned(data, review))
    return len(review)


def of_fingerprint(data: Dataset, facts: Fingerprint, *, preview: bool = False) -> Diagnosis:
    """The findings of the data rules on facts that were measured before."""
    from segmend.diagnosis import doctor, registry

    chart = Chart(task=data.task, labels=data.labels, judged_on="data", fingerprint=facts)
    record = doctor.examine(chart, only=registry.family("D", preview=preview))
    return Diagnosis(record, chart, notes=(*overview(facts), *data.notes))
