"""Labels of whole images in a table."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from segmend.core.dataset import Problem
from segmend.core.labels import Labels
from segmend.core.task import Task
from segmend.loading.image_files import ImageFile
from segmend.loading.marked import Asked, Marked, not_there
from segmend.loading.recordings_table import Row, called, read_table


def read_labels_of_images(table: Path, files: Sequence[ImageFile], task: Task, asked: Asked) -> Marked:
    """The classes of images by a table with the columns recording and label, one row for each label of an image.

    An image is called by its file's name, with or without the suffix. Where labels may overlap, a row without a label
    says that the image has none.

    Raises:
        InputError: a column is missing, or a row has too few or too many cells.
    """
    return classes_of_rows(read_table(table), table.name, "line", files, task, asked)


def classes_of_rows(
    rows: Sequence[Row], source: str, counted: str, files: Sequence[ImageFile], task: Task, asked: Asked
) -> Marked:
    """The classes of images by rows of one label each.

    Args:
        rows: place in the file, name of the image, label.
        source: the file's name, for messages.
        counted: what the place counts.
        files: the images.
        task: whether labels may overlap.
        asked: which classes were spoken of.
    """
    known = {file.name for file in files}
    rows = called(rows, [file.path for file in files])
    labels = asked.of_images(sorted({label for _, _, label in rows if label}))
    problems = not_there((image for _, image, _ in rows), known, source)
    classes: dict[str, list[int]] = {}
    for row in rows:
        wrong = _problem(f"{source}, {counted} {row[0]}", row, labels, classes, task)
        if wrong is not None:
            problems.append(wrong)
        elif row[1] in known:
            has = classes.setdefault(row[1], [])
            has.extend([labels.number(row[2])] if row[2] else [])
    return Marked(
        labels=labels,
        classes={name: tuple(sorted(set(has))) for name, has in classes.items()},
        problems=tuple(problems),
    )


def _problem(where: str, row: Row, labels: Labels, classes: dict[str, list[int]], task: Task) -> Problem | None:
    """What is wrong with a row, given the rows before it."""
    _, image, label = row
    overlapping = task.labels == "multilabel"
    if label not in labels.names and not (overlapping and not label):
        message = f'expected a label among {", ".join(labels.names):.300}. Received "{label}"'
        return Problem("unknown-label", image, where, message, label or None)
    if not overlapping and any(number != labels.number(label) for number in classes.get(image, ())):
        message = f'expected one label for each image. Received "{label}" beside another'
        return Problem("overlap", image, where, message, label)
    return None
