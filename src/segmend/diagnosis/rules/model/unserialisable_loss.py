"""M206: a loss with which the saved model cannot be loaded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from segmend.artifacts.anatomy import LossFacts
from segmend.artifacts.chart import Chart
from segmend.artifacts.finding import Finding, Remedy, Severity
from segmend.core.task import Kind
from segmend.diagnosis.rule import Rule

_WHY = {
    "lambda": "it is a lambda, which Keras refuses to load",
    "not registered": "it is not registered, so that its name cannot be found when the file is loaded",
    "no config": "its settings cannot be written into the file",
}


class UnserialisableLoss(Rule):
    """The model is compiled with a loss that a saved model cannot be loaded with.

    What it finds:
        A loss that does not come back when Keras writes it down and reads it: a lambda, a function or class that is
        not registered, a partial function, a class whose ``get_config`` lacks what its ``__init__`` wants.

    Why it matters:
        ``model.save`` succeeds, and ``load_model`` fails weeks later, on the day when the model is wanted. Its
        optimizer state is then lost with the loss, so that training cannot go on.

    Evidence:
        The loss, and what Keras said when it was written down and read; 1 such loss is enough. Severity is warning,
        because the weights can still be loaded with ``compile=False``.

    Remedy:
        Give the loss a name that Keras knows: a registered function or class, or one of Keras' or segmend's own.

    Known limits:
        Whoever passes ``custom_objects`` to ``load_model`` gets along with a loss that is only not registered.
    """

    name = "unserialisable-loss"
    code = "M206"
    needs: ClassVar[tuple[str, ...]] = ("anatomy.losses",)
    kinds: ClassVar[tuple[Kind, ...]] = ("segmentation", "classification")

    def examine(self, chart: Chart) -> Iterator[Finding]:
        """At most one finding for each loss."""
        assert chart.anatomy is not None
        seen = {(loss.name, loss.unsavable): loss for loss in chart.anatomy.losses if loss.unsavable}
        for loss in seen.values():
            yield self._of(loss)

    def _of(self, loss: LossFacts) -> Finding:
        because = str(loss.unsavable)
        title = "The loss" if loss.name in ("?", "<lambda>") else f"The loss {loss.name}"
        return self.finding(
            f"{title} cannot be loaded with a saved model (1 such loss is compiled): {_WHY.get(because, because)}",
            severity=Severity.WARNING,
            evidence={"loss": loss.name, "because": because, "unsavable": 1, "threshold": 1},
            remedies=(_remedy(loss),),
        )


def _remedy(loss: LossFacts) -> Remedy:
    if loss.unsavable == "no config":
        return Remedy(
            name="write-get-config",
            safety="manual",
            advice=(
                "Decorate the class with @keras.saving.register_keras_serializable() and return every argument of its "
                "__init__ from get_config as plain numbers and lists."
            ),
        )
    return Remedy(
        name="register-the-loss",
        safety="manual",
        advice=(
            "Write the loss as a function or class of its own and put @keras.saving.register_keras_serializable() "
            "above it; for weights of classes, segmend.losses.CrossEntropy(class_weight=...) is registered already."
        ),
    )
