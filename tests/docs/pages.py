"""Run the Python of a Markdown page, one block after the other in one namespace, and compare what it prints.

A fenced block ``python`` is run; what it prints must stand in the block ``text`` right behind it. There ``...`` stands
for anything, white space is not compared, and numbers may differ a little: training is not the same to the last digit
on every machine. What must hold exactly is an ``assert`` in the page's code.

``python -m tests.docs.pages PAGE...`` writes what was printed into the blocks that do not agree with it.
"""

from __future__ import annotations

import contextlib
import io
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SHARE = 0.10
"""By which share of itself a number may differ."""

LEAST = {True: 0.02, False: 1.0}
"""By how much it may differ in any case, with decimals and without."""

_FENCE = re.compile(r"^```(?P<kind>\w*)[^\n]*\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_PART = re.compile(r"(?P<any>\.\.\.)|(?P<number>(?<![\w@.])[-+]?\d[\d,]*(?:\.\d+)?(?![\w@]))|(?P<space>\s+)")
_NUMBER = r"([-+]?\d[\d,]*(?:\.\d+)?)"


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block: its kind, its text, and the page's line and character at which the text begins."""

    kind: str
    text: str
    line: int
    start: int


@dataclass(frozen=True, slots=True)
class Shown:
    """What a block of code printed, and the block of text behind it, if there is one."""

    code: Block
    printed: str
    told: Block | None


def blocks_of(page: str) -> list[Block]:
    """The fenced blocks of a page, in their order."""
    found = ((m["kind"], m["text"], m.start("text")) for m in _FENCE.finditer(page))
    return [Block(kind, text, page.count("\n", 0, start) + 1, start) for kind, text, start in found]


def run(page: str, name: str) -> Iterator[Shown]:
    """Run the blocks of code; what they raise has the page's name and line in its traceback."""
    blocks = [block for block in blocks_of(page) if block.kind in ("python", "text")]
    space: dict[str, object] = {"__name__": name}
    for block, after in zip(blocks, [*blocks[1:], None], strict=True):
        if block.kind == "python":
            out = io.StringIO()
            with contextlib.redirect_stdout(out):
                exec(compile("\n" * (block.line - 1) + block.text, name, "exec"), space)
            yield Shown(block, out.getvalue(), after if after and after.kind == "text" else None)


def faults_of(page: str, name: str) -> list[str]:
    """Where what the page tells is not what its code prints; empty for an honest page."""
    faults = [f"{name}:{block.line}: a text without code before it" for block in _alone(page)]
    for shown in run(page, name):
        fault = disagreement(shown.told.text if shown.told else "", shown.printed)
        if fault:
            faults.append(f"{name}:{(shown.told or shown.code).line}: {fault}\n{shown.printed}")
    return faults


def disagreement(told: str, printed: str) -> str | None:
    """What is told and was not printed; None where they agree.

    Args:
        told: a text, with ``...`` for anything.
        printed: what the code printed.
    """
    parts = list(_parts(told.strip()))
    found = re.fullmatch("".join(pattern for pattern, _ in parts), printed.strip(), re.DOTALL)
    if not found:
        return "other words are printed" if printed.strip() else "nothing is printed"
    numbers = [number for _, number in parts if number is not None]
    for one, other in zip(numbers, found.groups(), strict=True):
        if not near(one, other):
            return f"{other} is printed, not {one}"
    return None


def near(told: str, printed: str) -> bool:
    """Whether two numbers are the same but for what differs between machines."""
    one, other = (float(text.replace(",", "")) for text in (told, printed))
    return abs(one - other) <= max(SHARE * abs(one), LEAST["." in told]) + 1e-9


def _parts(told: str) -> Iterator[tuple[str, str | None]]:
    """Regular expressions whose sequence matches what is told, each with the number that it stands for."""
    end = 0
    for part in _PART.finditer(told):
        yield re.escape(told[end : part.start()]), None
        end = part.end()
        if part["number"]:
            yield _NUMBER, part["number"]
        else:
            yield (".*?" if part["any"] else r"\s+"), None
    yield re.escape(told[end:]), None


def _alone(page: str) -> list[Block]:
    """Texts that stand behind no code."""
    blocks = [block for block in blocks_of(page) if block.kind in ("python", "text")]
    return [block for before, block in zip([None, *blocks], blocks, strict=False) if _is_alone(before, block)]


def _is_alone(before: Block | None, block: Block) -> bool:
    return block.kind == "text" and (before is None or before.kind != "python")


def rewritten(page: str, name: str) -> str:
    """The page with what was printed in place of every text that does not agree."""
    for shown in reversed(list(run(page, name))):
        if disagreement(shown.told.text if shown.told else "", shown.printed):
            block, text = shown.told or shown.code, _flush(shown.printed)
            end = block.start + len(block.text)
            page = f"{page[: block.start]}{text}{page[end:]}" if shown.told else _with_block(page, end + 4, text)
    return page


def _with_block(page: str, place: int, text: str) -> str:
    return f"{page[:place]}\n```text\n{text}```\n{page[place:]}"


def _flush(printed: str) -> str:
    return "".join(f"{line.rstrip()}\n" for line in printed.strip("\n").splitlines())


if __name__ == "__main__":
    for path in map(Path, sys.argv[1:]):
        path.write_text(rewritten(path.read_text(encoding="utf-8"), str(path)), encoding="utf-8")
