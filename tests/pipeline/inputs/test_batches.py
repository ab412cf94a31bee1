import numpy as np
import pytest

from segmend.errors import InputError, NotYetError
from segmend.pipeline.inputs.batches import read_examples

X, Y = np.arange(24.0).reshape(4, 3, 2), np.arange(12).reshape(4, 3)


class Sized:
    """Like a PyDataset: a length and numbered batches, no iterator that ends."""

    def __len__(self):
        return 2

    def __getitem__(self, k):
        return X[2 * k : 2 * k + 2], Y[2 * k : 2 * k + 2], np.ones((2, 3))


@pytest.mark.parametrize("x", [X, list(X), tuple(X)])
def test_arrays_and_lists(x):
    read = read_examples(x, Y)
    assert np.array_equal(np.stack(read.x), X) and np.array_equal(np.stack(read.y), Y) and read.weight is None


def test_numbered_batches_are_read_by_their_numbers():
    read = read_examples(Sized(), None)
    assert np.array_equal(np.stack(read.y), Y) and len(read.weight) == 4


@pytest.mark.parametrize(("most", "recordings"), [(1, 2), (3, 6), (None, 200)])
def test_an_endless_source_is_read_up_to_a_number_of_batches(most, recordings):
    def endless():
        while True:
            yield X[:2], Y[:2]

    assert len(read_examples(endless(), None, max_batches=most).x) == recordings


@pytest.mark.parametrize(
    ("x", "y", "words"),
    [
        (X, None, "y: expected labels for x. Received none"),
        (X, Y[:3], "y: expected 4 recordings as in x. Received 3"),
        (iter([]), None, "expected at least one batch"),
        (iter([X]), None, r"expected batches \(x, y\)"),
        (3, None, "expected arrays or an iterable of batches. Received int"),
    ],
)
def test_what_is_no_data_is_refused(x, y, words):
    with pytest.raises(InputError, match=words):
        read_examples(x, y)


def test_named_inputs_are_not_there_yet():
    with pytest.raises(NotYetError, match="several named inputs"):
        read_examples(iter([({"a": X}, Y)]), None)
