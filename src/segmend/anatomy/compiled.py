"""What a model was compiled with: losses, metrics, optimizer."""

from __future__ import annotations

import inspect
import json
import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import keras

from segmend.anatomy.loss_example import overlap_proof
from segmend.artifacts.anatomy import LossFacts


def losses(
    model: Any, keys: Sequence[tuple[str, ...]], shapes: Sequence[tuple[int | None, ...]] = ()
) -> tuple[LossFacts, ...]:
    """The compiled loss of each output, whatever form it was given in.

    Args:
        model: a Keras model.
        keys: per output the names under which a loss may have been given for it.
        shapes: of the outputs without the batch axis, as far as they are known.
    """
    given = getattr(model, "loss", None) if getattr(model, "compiled", False) else None
    if given is None:
        return ()
    if isinstance(given, Mapping):
        chosen = [next((given[name] for name in names if name in given), None) for names in keys]
    elif isinstance(given, list | tuple):
        chosen = [*given, *[None] * (len(keys) - len(given))]
    else:
        chosen = [given] * len(keys)
    known = [*shapes, *[()] * (len(chosen) - len(shapes))]
    return tuple(_facts(loss, shape) for loss, shape in zip(chosen, known, strict=False))


def _facts(loss: Any, shape: tuple[int | None, ...]) -> LossFacts:
    if loss is None:
        return LossFacts(name="None")
    if isinstance(loss, str):
        loss = keras.losses.get(loss)
    facts = _named(loss)
    proof = overlap_proof(loss, facts.name, shape)
    return facts.model_copy(update={"unsavable": _unsavable(loss), "overlap": proof})


def _named(loss: Any) -> LossFacts:
    if isinstance(loss, keras.losses.Loss):
        config = _config(loss)
        name = type(loss).__name__
        if name == "LossFunctionWrapper":
            name = _camel(getattr(loss.fn, "__name__", "?"))
        return LossFacts(name=name, from_logits=_flag(loss, config), config=config)
    name = getattr(loss, "__name__", type(loss).__name__)
    return LossFacts(name=_camel(name), from_logits=_default_flag(loss))


def _config(loss: Any) -> dict[str, Any]:
    """The plain values of a loss's config."""
    try:
        config = loss.get_config()
    except Exception:  # noqa: BLE001 - a stranger's get_config may raise anything
        return {}
    plain = {key: value for key, value in config.items() if _is_plain(value)}
    parts = [part for _, part in getattr(loss, "parts", ())]
    return {**plain, "multilabel": any(map(_judges_each, parts))} if parts else plain


def _is_plain(value: Any) -> bool:
    several = isinstance(value, list | tuple) and all(isinstance(each, int | float) for each in value)
    return several or isinstance(value, str | int | float | bool | None)


def _unsavable(loss: Any) -> str | None:
    """Why Keras could not load a model that was saved with this loss; None where it could. Found by trying."""
    if getattr(loss, "__name__", "") == "<lambda>":
        return "lambda"
    try:
        with warnings.catch_warnings(action="ignore"):
            saved = keras.saving.serialize_keras_object(loss)
        json.dumps(saved)
    except Exception:  # noqa: BLE001 - a stranger's get_config may raise anything
        return "no config"
    try:
        keras.saving.deserialize_keras_object(saved)
    except Exception as error:  # noqa: BLE001 - Keras raises TypeError, ValueError and others
        return "not registered" if "locate" in str(error) else "no config"
    return None


def _judges_each(loss: Any) -> bool:
    """Whether it judges each label by itself."""
    return type(loss).__name__.startswith("Binary") or getattr(loss, "multilabel", False) is True


def _flag(loss: Any, config: Mapping[str, Any]) -> bool | None:
    parts = {getattr(part, "from_logits", None) for _, part in getattr(loss, "parts", ())} - {None}
    if len(parts) == 1:
        return bool(parts.pop())
    value = config.get("from_logits", getattr(loss, "from_logits", None))
    return value if isinstance(value, bool) else None


def _default_flag(function: Any) -> bool | None:
    try:
        parameter = inspect.signature(function).parameters.get("from_logits")
    except (TypeError, ValueError):
        return None
    return parameter.default if parameter is not None and isinstance(parameter.default, bool) else None


def _camel(name: str) -> str:
    """``sparse_categorical_crossentropy`` as Keras' class spells it."""
    joined = name.replace("_", "").lower()
    known = {kind.lower(): kind for kind in dir(keras.losses) if kind[:1].isupper()}
    return known.get(joined) or "".join(part[:1].upper() + part[1:] for part in name.split("_"))


def metrics(model: Any) -> tuple[str, ...]:
    """Names of the compiled metrics."""
    given = _compile_argument(model, "metrics")
    return tuple(dict.fromkeys(_metric_name(metric) for metric in keras.tree.flatten(given) if metric is not None))


def _metric_name(metric: Any) -> str:
    return metric if isinstance(metric, str) else str(getattr(metric, "name", getattr(metric, "__name__", metric)))


def _compile_argument(model: Any, name: str) -> Any:
    config = getattr(getattr(model, "_compile_config", None), "config", None) or {}
    return config.get(name)


def optimizer(model: Any) -> dict[str, Any] | None:
    """Class name, learning rate (a number, or the class name of its schedule), and weight decay where there is any."""
    compiled = getattr(model, "optimizer", None) if getattr(model, "compiled", False) else None
    if compiled is None:
        return None
    rate, decay = getattr(compiled, "_learning_rate", None), getattr(compiled, "weight_decay", None)
    told: dict[str, Any] = {"name": type(compiled).__name__}
    if decay:
        told["weight_decay"] = float(decay)
    if isinstance(rate, keras.optimizers.schedules.LearningRateSchedule):
        return {**told, "learning_rate": None, "schedule": type(rate).__name__}
    return {**told, "learning_rate": round(float(compiled.learning_rate), 9)}
