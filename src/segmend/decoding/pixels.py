"""What decoders share that look at each step by itself: they serve pixels, and whole recordings, too."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from segmend.core.task import Task
from segmend.core.types import FloatArray
from segmend.decoding.base import StepDecoder
from segmend.decoding.objects import as_image, with_objects


class PixelDecoder(StepDecoder):
    """Turns the class probabilities of each step, pixel or whole recording into its label, whatever is beside it.

    Objects of images are the connected components of each class.
    """

    whole: ClassVar[bool] = True

    @classmethod
    def serves(cls, task: Task) -> bool:
        """Everything that has one label."""
        return task.labels != "multilabel"

    def decode(self, y_prob: FloatArray) -> Any:
        """The class number of each step, or the ``Regions`` of an image (height, width, classes).

        Raises:
            InputError: the number of classes is not the decoder's.
        """
        y_prob = np.asarray(y_prob)
        if y_prob.ndim != 3:
            return super().decode(y_prob)
        pixels = as_image(y_prob, self.labels).reshape(-1, len(self.labels))
        return with_objects(self._decode(pixels).reshape(y_prob.shape[:2]), None, self.labels)
