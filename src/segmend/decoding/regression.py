"""Ridge regressions that fit in a list of numbers: class probabilities, and how many."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from segmend.core.types import FloatArray

WORK = 8e7
"""Rows x features x classes that a fit looks at, at most; of more rows, evenly spaced ones are taken."""

ITERATIONS = 60
RIDGES = (1.0, 10.0, 100.0, 1000.0)


@dataclass(frozen=True, slots=True, eq=False)
class LogLinear:
    """Multinomial logistic regression with a ridge penalty on standardised features.

    Attributes:
        centre, scale: of each feature, shape (features,).
        weight: shape (features + 1, classes), the last row being the intercept.

    Examples:
        >>> rows = np.array([[-1.0], [-0.9], [0.9], [1.0]])
        >>> model = LogLinear.fit(rows, np.eye(2)[[0, 0, 1, 1]], ridge=1e-3)
        >>> model(rows).argmax(axis=1)
        array([0, 0, 1, 1])
    """

    centre: FloatArray
    scale: FloatArray
    weight: FloatArray

    @classmethod
    def fit(cls, rows: FloatArray, target: FloatArray, ridge: float) -> Self:
        """Fit by L-BFGS.

        Args:
            rows: shape (rows, features).
            target: probability of each class, shape (rows, classes).
            ridge: penalty, per row, on half the squared weights; the intercept is free.
        """
        from scipy.optimize import minimize
        from scipy.special import log_softmax

        every = max(1, round(len(rows) * rows.shape[1] * target.shape[1] / WORK))
        rows, target = rows[::every], target[::every].astype(np.float32)
        centre, scale = rows.mean(axis=0), rows.std(axis=0) + 1e-6
        inputs = np.ones((len(rows), rows.shape[1] + 1), np.float32)
        inputs[:, :-1] = (rows - centre) / scale

        def loss(flat: FloatArray) -> tuple[float, FloatArray]:
            weight = flat.reshape(inputs.shape[1], -1).astype(np.float32)
            log_prob = log_softmax(inputs @ weight, axis=1)
            penalised = weight.copy()
            penalised[-1] = 0
            value = -np.vdot(target, log_prob) / len(rows) + 0.5 * ridge * np.vdot(penalised, penalised)
            slope = inputs.T @ (np.exp(log_prob) - target) / len(rows) + ridge * penalised
            return float(value), slope.ravel().astype(np.float64)

        start = np.zeros(inputs.shape[1] * target.shape[1])
        found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": ITERATIONS})
        return cls(centre, scale, found.x.reshape(inputs.shape[1], -1))

    def __call__(self, rows: FloatArray) -> FloatArray:
        """Log probabilities, shape (rows, classes)."""
        from scipy.special import log_softmax

        score = ((rows - self.centre) / self.scale) @ self.weight[:-1] + self.weight[-1]
        found: FloatArray = log_softmax(score, axis=1)
        return found

    def parameters(self) -> dict[str, Any]:
        """The numbers as lists."""
        return {"centre": self.centre.tolist(), "scale": self.scale.tolist(), "weight": self.weight.tolist()}

    @classmethod
    def from_parameters(cls, parameters: Mapping[str, Any]) -> Self:
        """The model back from ``parameters()``."""
        return cls(*(np.asarray(parameters[key], float) for key in ("centre", "scale", "weight")))


@dataclass(frozen=True, slots=True, eq=False)
class Linear:
    """Ridge regression of one number, and how far off it is.

    Attributes:
        centre, scale: of each feature, shape (features,).
        weight: shape (features + 1,), the last being the mean of what was fitted.
        spread: root of the mean squared error on rows that were left out one at a time.

    Examples:
        >>> model = Linear.fit(np.arange(9.0)[:, None], 2 * np.arange(9.0))
        >>> bool(7.5 < model(np.array([[4.0]]))[0] < 8.5), model.spread < 2
        (True, True)
    """

    centre: FloatArray
    scale: FloatArray
    weight: FloatArray
    spread: float

    @classmethod
    def fit(cls, rows: FloatArray, target: FloatArray) -> Self:
        """Fit at the penalty (``RIDGES``) that errs least on rows left out one at a time.

        Args:
            rows: shape (rows, features), at least one row.
            target: shape (rows,).
        """
        centre, scale = rows.mean(axis=0), rows.std(axis=0) + 1e-9
        inputs, mean = (rows - centre) / scale, float(target.mean())
        fits = [_ridge(inputs, target - mean, ridge) for ridge in RIDGES]
        weight, spread = min(fits, key=lambda pair: pair[1])
        return cls(centre, scale, np.append(weight, mean), spread)

    def __call__(self, rows: FloatArray) -> FloatArray:
        """What is expected, shape (rows,)."""
        return ((rows - self.centre) / self.scale) @ self.weight[:-1] + self.weight[-1]

    def parameters(self) -> dict[str, Any]:
        """The numbers as lists."""
        lists = {"centre": self.centre.tolist(), "scale": self.scale.tolist(), "weight": self.weight.tolist()}
        return {**lists, "spread": float(self.spread)}

    @classmethod
    def from_parameters(cls, parameters: Mapping[str, Any]) -> Self:
        """The model back from ``parameters()``."""
        centre, scale, weight = (np.asarray(parameters[key], float) for key in ("centre", "scale", "weight"))
        return cls(centre, scale, weight, float(parameters["spread"]))


def _ridge(inputs: FloatArray, target: FloatArray, ridge: float) -> tuple[FloatArray, float]:
    """Weights, and the root mean square of the errors left out one at a time (the mean left out too)."""
    gram = inputs.T @ inputs + ridge * np.eye(inputs.shape[1])
    leverage = np.einsum("ij,ji->i", inputs, np.linalg.solve(gram, inputs.T)) + 1 / len(inputs)
    weight = np.linalg.solve(gram, inputs.T @ target)
    error = (target - inputs @ weight) / np.maximum(1 - leverage, 0.5)
    return weight, float(np.sqrt(np.mean(error**2)))
