import dataclasses

import pytest

from segmend.core.labels import Labels
from segmend.diagnosis.broken_loss import broken_loss
from tests.diagnosis.data_charts import charted, recording

THREE = Labels.of(["a", "b", "c"], None)


@pytest.mark.parametrize(
    ("classes", "told", "remedy"),
    [
        ([0, 1], "c occurs nowhere in training", "finite-weights"),
        ([0], "b, c occur nowhere in training", "finite-weights"),
        ([0, 1, 2], "same probability", "mend-the-loss"),
    ],
)
def test_classes_that_do_not_occur_are_named(classes, told, remedy):
    rows = [(4 * k, 4 * k + 4, number) for k, number in enumerate(classes)]
    found = broken_loss(
        dataclasses.replace(charted(recording("r", rows=rows), labels=THREE), probe={"even_loss": None})
    )
    assert told in found.told
    assert found.remedy.name == remedy


@pytest.mark.parametrize("probe", [None, {}, {"even_loss": 0.7}])
def test_a_loss_that_is_a_number_or_was_not_tried(probe):
    assert broken_loss(dataclasses.replace(charted(recording("r"), labels=THREE), probe=probe)) is None
