"""What a plan says, with types and bounds: the one place that lists every section and key."""

from __future__ import annotations

import difflib
import functools
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from segmend.artifacts.plan import Plan
from segmend.errors import InputError

Count = Annotated[int, Field(ge=1)]
Share = Annotated[float, Field(ge=0, le=1)]
Weight = Annotated[float, Field(ge=0, allow_inf_nan=False)]


class Section(BaseModel):
    """Base of the sections: frozen, strict about types, no unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class Stage(Section):
    """One convolution of a model; the input is repeated ``up`` times before it."""

    kernel: Count
    dilation: Count = 1
    stride: Count = 1
    up: Count = 1
    padding: Literal["same", "causal"] = "same"


class Window(Section):
    """How recordings are cut: training windows, and the overlapping tiles that predictions are made in.

    Lengths are in steps; of images, sides of squares in pixels. ``fit`` says whether windows are cut out of a recording
    or the whole of it is resized to one, ``standardize`` whether samples are scaled by mean and spread of the training
    data (by the model itself) or of each recording.
    """

    length: Count
    tile: Count
    hop: Count
    fit: Literal["crop", "resize"]
    standardize: Literal["data", "recording"]


class Model(Section):
    """The network: ``stages`` and ``detail`` where each step has a label, ``depth`` where each recording has one.

    ``stride`` is the sampling rate: steps of a recording for each step of the grid that most of the network works on.
    """

    architecture: str
    stride: Count
    stages: list[Stage]
    depth: Annotated[int, Field(ge=0)]
    detail: bool
    filters: Count
    members: Count
    dropout: Annotated[float, Field(ge=0, lt=1)]
    drop_path: Annotated[float, Field(ge=0, lt=1)]
    norm: Literal["layer", "batch", "none"]


class Loss(Section):
    """Weights of the loss terms, and one weight per class within the cross-entropy."""

    cross_entropy: Weight
    dice: Weight
    class_weights: list[Weight]


class Sampling(Section):
    """Which windows are drawn, and the transforms that vary each draw: a name in the catalogue and its arguments."""

    balanced: Share
    transitions: Share
    hard: Share
    background: Share
    augment: list[dict[str, Any]]


class Training(Section):
    """The optimisation."""

    batch_size: Count
    optimizer: Literal["adamw", "adam", "sgd"]
    learning_rate: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    weight_decay: Weight
    l1: Weight
    precision: Literal["auto", "float32", "mixed_bfloat16"]
    schedule: Literal["cosine", "constant"]
    warmup: Annotated[float, Field(ge=0, lt=1)]
    average: Annotated[float, Field(ge=0, lt=1)]
    steps: Count
    epochs: Count
    patience: Count
    seed: Annotated[int, Field(ge=0, lt=2**32)]


class Validation(Section):
    """What chooses the best epoch, how it is decoded for that, and the share held out where the data bring no split."""

    metric: str
    decoding: Literal["argmax", "morphology"]
    share: Annotated[float, Field(gt=0, lt=1)]


class Decoder(Section):
    """Which decoders are tried on the validation predictions, and what decides."""

    candidates: Annotated[list[str], Field(min_length=1)]
    objective: str


class Values(Section):
    """All values of a plan, by section."""

    window: Window
    model: Model
    loss: Loss
    sampling: Sampling
    training: Training
    validation: Validation
    decoder: Decoder

    @classmethod
    def of(cls, plan: Plan, source: str = "plan") -> Values:
        """The values of a plan, checked.

        Raises:
            InputError: a key is missing or a value is of the wrong type or out of bounds; the message names it.
        """
        content = {
            section: {key: choice.value for key, choice in keys.items()} for section, keys in plan.choices.items()
        }
        try:
            return cls.model_validate(content)
        except ValidationError as error:
            raise _refusal(error, source) from None


def check_value(key: str, value: Any, source: str) -> None:
    """Refuse a value that a key cannot have.

    Raises:
        InputError: the value is of the wrong type or out of bounds.
    """
    try:
        _adapter(key).validate_python(value, strict=True)
    except ValidationError as error:
        raise _refusal(error, source, key) from None


@functools.cache
def _adapter(key: str) -> TypeAdapter[Any]:
    section, _, name = key.partition(".")
    field = Values.model_fields[section].annotation.model_fields[name]  # type: ignore[union-attr]
    kind: Any = Annotated[field.annotation, field]
    return TypeAdapter(kind)


def _refusal(error: ValidationError, source: str, *inside: str) -> InputError:
    """The first complaint as one sentence."""
    first = error.errors()[0]
    where = ".".join([*inside, *(str(part) for part in first["loc"])])
    if first["type"] == "missing":
        return InputError(f"{source}: {where}: expected a value. Received none")
    reason = str(first["msg"]).removeprefix("Input ").removeprefix("should be ")
    return InputError(f"{source}: {where}: expected {reason}. Received {first['input']!r:.80}")


def key_names() -> tuple[str, ...]:
    """Every key as "section.key", in order.

    Examples:
        >>> key_names()[:3]
        ('window.length', 'window.tile', 'window.hop')
    """
    return tuple(
        f"{section}.{key}"
        for section, field in Values.model_fields.items()
        for key in getattr(field.annotation, "model_fields", ())
    )


def full_key(key: str, source: str = "--set") -> str:
    """The "section.key" that a key means; the section may be left out where only one has it.

    Examples:
        >>> full_key("filters"), full_key("window.hop")
        ('model.filters', 'window.hop')

    Raises:
        InputError: there is no such key, or several sections have it; the message offers the nearest one.
    """
    known = key_names()
    if key in known:
        return key
    same = [name for name in known if name.partition(".")[2] == key]
    if len(same) == 1:
        return same[0]
    if same:
        raise InputError(f'{source}: "{key}" stands in several sections: expected one of {same}')
    near = difflib.get_close_matches(key, [*known, *(name.partition(".")[2] for name in known)], n=1)
    hint = f'; did you mean "{near[0]}"?' if near else f"; expected one of {list(known)}"
    raise InputError(f'{source}: unknown key "{key}"{hint}')


def as_stages(stages: list[Stage]) -> list[dict[str, Any]]:
    """Stages as the plain mappings that models and receptive-field arithmetic take."""
    return [stage.model_dump() for stage in stages]
