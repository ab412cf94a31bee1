"""plan.toml: every value with its reason in a comment above it."""

from __future__ import annotations

from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import Comment, Table

from segmend.artifacts.plan import Choice, Plan
from segmend.errors import InputError
from segmend.planning.values import full_key

HEAD = "A segmend plan. Edit what you like: values in this file win over what would be planned."
BY_HAND = "written by hand"


def dumps(plan: Plan) -> str:
    r"""The plan as TOML, with reason and source above each value.

    Examples:
        >>> plan = Plan(choices={"model": {"filters": Choice(value=32, because="few segments", source="segments")}})
        >>> print(dumps(plan).partition("\n\n")[2])
        [model]
        # few segments [segments]
        filters = 32
    """
    document = tomlkit.document()
    document.add(tomlkit.comment(HEAD))
    for section, choices in plan.choices.items():
        document.add(tomlkit.nl())
        table = tomlkit.table()
        for key, choice in choices.items():
            table.add(tomlkit.comment(f"{_one_line(choice.because)} [{_one_line(choice.source)}]"))
            table.add(key, _item(choice.value))
        document.add(section, table)
    return tomlkit.dumps(document)


def loads(text: str, source: str = "plan.toml") -> Plan:
    """A plan from TOML; it may be partial, and reasons are read back from the comments.

    Args:
        text: what ``dumps`` wrote, perhaps edited, or written by hand.
        source: the file's name, for messages.

    Raises:
        InputError: no TOML, or a section or key that no plan has; the message offers the nearest one.
    """
    try:
        document = tomlkit.parse(text)
    except TOMLKitError as error:
        raise InputError(f"{source}: expected TOML. Received {error}") from None
    choices: dict[str, dict[str, Choice]] = {}
    for section, table in document.items():
        if not isinstance(table, Table):
            raise InputError(
                f'{source}: expected sections such as [model]. Received the key "{section}" outside of one'
            )
        choices[section] = {}
        reasons = _reasons(table)
        for key, value in table.unwrap().items():
            full_key(f"{section}.{key}", source)
            because, origin = reasons.get(key, (BY_HAND, source))
            choices[section][key] = Choice(value=value, because=because, source=origin)
    return Plan(choices=choices)


def parse_setting(text: str) -> tuple[str, Any]:
    """Key and value of ``--set key=value``; the value is TOML, or else plain text.

    Examples:
        >>> parse_setting("filters=64"), parse_setting("training.optimizer=adam")
        (('model.filters', 64), ('training.optimizer', 'adam'))

    Raises:
        InputError: there is no equals sign, or no such key.
    """
    key, equals, value = text.partition("=")
    if not equals:
        raise InputError(f'--set: expected key=value. Received "{text}"')
    key = full_key(key.strip())
    try:
        return key, tomlkit.parse(f"value = {value}").unwrap()["value"]
    except TOMLKitError:
        return key, value.strip()


def _item(value: Any) -> Any:
    """Stages stand on a line each."""
    if not (isinstance(value, list) and value and isinstance(value[0], dict)):
        return tomlkit.item(value)
    array = tomlkit.array()
    for entry in value:
        row = tomlkit.inline_table()
        row.update(entry)
        array.append(row)
    return array.multiline(True)


def _reasons(table: Any) -> dict[str, tuple[str, str]]:
    """(because, source) of each key, from the comment right above it."""
    found: dict[str, tuple[str, str]] = {}
    above = ""
    for key, item in table.value.body:
        if isinstance(item, Comment):
            above = item.trivia.comment.lstrip("# ").strip()
        elif key is not None:
            because, bracket, origin = above.rpartition(" [")
            if bracket and origin.endswith("]"):
                found[key.key] = because, origin[:-1]
            above = ""
    return found


def _one_line(text: str) -> str:
    return " ".join(text.split())
