"""What came of the runs, as Markdown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from benchmarks.recipes.comparing import LARGER, Records, interval
from benchmarks.recipes.names import ARGMAX, CLASSIFICATION, KNOWN_BY, PEERS, PLAN, SEGMENTATION
from benchmarks.recipes.variants import NAMED

SHOWN = {
    "segmentation": ("f1@50", "count_mae", "count_ratio", "accuracy"),
    "classification": ("macro_f1", "macro_ap", "accuracy"),
}
WORST = 3
"""The plan is never to be worse than third."""

INTERVAL = (
    "Each cell is the mean over seeds, in brackets its 95 % interval: groups of test recordings are drawn with "
    "replacement, the same for all recipes and seeds, and seeds are drawn with replacement. Rank counts the plan among "
    'the peers by the mean. "Within" means that the interval of the difference of the first and the plan, read of the '
    "same draws of recordings, holds 0."
)


@dataclass(frozen=True)
class Standing:
    """How the plan stands on one set by one score.

    Attributes:
        rank: from 1, among the plan and the peers.
        of: how many there are.
        first: which recipe is first.
        low, high: interval of the first less the plan; both 0 where the plan is first.
    """

    rank: int
    of: int
    first: str
    low: float
    high: float

    @property
    def within(self) -> bool:
        """Whether the plan is first or within the interval of the first."""
        return self.rank == 1 or self.low <= 0 <= self.high


def tables(records: Records) -> str:
    """All tables, budget by budget."""
    told = [INTERVAL]
    for budget in sorted({each["budget_s"] for each in records}):
        mine = [each for each in records if each["budget_s"] == budget]
        told.append(f"## {budget / 60:g} minutes a run{_where(mine)}")
        told += [of_set(name, [each for each in mine if each["set"] == name]) for name in PEERS if _any(mine, name)]
        told.append(summary(mine))
        told += [ablation(mine)] if any(each["recipe"] in NAMED for each in mine) else []
    return "\n\n".join(told)


def _where(records: Records) -> str:
    """On how many cores and when the runs were, as far as they tell."""
    cores = sorted({each["cores"] for each in records if "cores" in each})
    dates = sorted({each["date"] for each in records if "date" in each})
    told = [f"{' or '.join(map(str, cores))} cores"] if cores else []
    told += [" to ".join(dict.fromkeys((dates[0], dates[-1])))] if dates else []
    return "".join(f", {each}" for each in told)


def _any(records: Records, name: str) -> bool:
    return any(each["set"] == name for each in records)


def by_recipe(records: Records) -> dict[str, list[dict[str, Any]]]:
    """The records of one set and budget by recipe, the plan first."""
    order = [PLAN, ARGMAX, *dict.fromkeys(each["recipe"] for each in records)]
    found = {recipe: [each for each in records if each["recipe"] == recipe] for recipe in order}
    return {recipe: mine for recipe, mine in found.items() if mine}


def of_set(name: str, records: Records) -> str:
    """One set: a row for each recipe, and how the plan stands."""
    shown = SHOWN["segmentation" if name in SEGMENTATION else "classification"]
    rows = []
    for recipe, mine in by_recipe([each for each in records if each["recipe"] not in NAMED]).items():
        cells = [_cell(mine, key) for key in shown]
        seconds = f"{np.mean([each['seconds'] for each in mine]):.0f}"
        rows.append([recipe, len(mine), *cells, seconds])
    lines = [f"### {name}", table(("recipe", "seeds", *shown, "seconds"), rows)]
    for score in (key for key in shown if key in LARGER):
        stands = standing(records, score)
        if stands is not None:
            lines.append(_said(score, stands))
    return "\n\n".join(lines)


def _cell(records: Records, score: str) -> str:
    """The mean over seeds, with its interval where recipes are ranked by the score."""
    mean = f"{_mean(records, score):.3f}"
    if score not in LARGER:
        return mean
    low, high = interval(records, score)
    return f"{mean} ({low:.3f} to {high:.3f})"


def _said(score: str, stands: Standing) -> str:
    told = f"{score}: the plan is number {stands.rank} of {stands.of}"
    if stands.rank == 1:
        return told + "."
    within = "within" if stands.within else "**not within**"
    return f"{told}, {within} the interval of {stands.first}, which is better by {stands.low:.3f} to {stands.high:.3f}."


def standing(records: Records, score: str) -> Standing | None:
    """How the plan stands; None where it or all peers are missing.

    Args:
        records: of one set and budget.
        score: a key of ``LARGER``.
    """
    runs = {recipe: mine for recipe, mine in by_recipe(records).items() if recipe not in (ARGMAX, *NAMED)}
    if PLAN not in runs or len(runs) < 2:
        return None
    sign = 1 if LARGER[score] else -1
    means = {recipe: sign * np.mean([each["scores"][score] for each in mine]) for recipe, mine in runs.items()}
    order = sorted(means, key=lambda recipe: -means[recipe])
    rank = order.index(PLAN) + 1
    if rank == 1:
        return Standing(1, len(order), PLAN, 0.0, 0.0)
    ends = sorted(sign * end for end in interval(runs[order[0]], score, less=runs[PLAN]))
    return Standing(rank, len(order), order[0], *ends)


def ablation(records: Records) -> str:
    """What each decision is worth: the plan less its variant, seed by seed, the mean of each set and over the sets."""
    known = {(each["set"], each["seed"]): each["scores"] for each in records if each["recipe"] == PLAN}
    sets = [name for name in PEERS if any(each["set"] == name and each["recipe"] in NAMED for each in records)]
    rows = []
    for variant in NAMED:
        lost: dict[str, list[float]] = {}
        for each in records:
            if each["recipe"] == variant and (each["set"], each["seed"]) in known:
                score = KNOWN_BY[each["set"]]
                lost.setdefault(each["set"], []).append(known[each["set"], each["seed"]][score] - each["scores"][score])
        means = {name: float(np.mean(values)) for name, values in lost.items()}
        if means:
            cells = [f"{means[name]:+.3f}" if name in means else "" for name in sets]
            rows.append([variant.removeprefix(f"{PLAN}, "), f"{np.mean(list(means.values())):+.3f}", *cells])
    told = "F1@50, macro F1 or macro AP of the plan less that of the plan with one decision replaced: above 0 it pays."
    return f"### One decision replaced\n\n{told}\n\n{table(('instead', 'mean', *sets), rows)}"


def summary(records: Records) -> str:
    """The counts and figures of the targets."""
    known = {name: (KNOWN_BY[name],) for name in CLASSIFICATION}
    rows = [
        _count(records, dict.fromkeys(SEGMENTATION, ("f1@50", "count_mae")), "f1@50 and count_mae", "6 of 7"),
        _count(records, known, "macro_f1, of ludb_dx macro_ap", "2 of 3"),
        _count(records, dict.fromkeys(CLASSIFICATION, ("macro_f1", "macro_ap")), "macro_f1 and macro_ap", "2 of 3"),
        _worst(records),
        *(row for name, find in FIGURES for row in find(by_recipe([r for r in records if r["set"] == name]))),
    ]
    return table(("figure of the plan", "measured", "target"), rows)


def _count(records: Records, scores_of: Mapping[str, Sequence[str]], told_as: str, target: str) -> Sequence[str]:
    judged = {}
    for name, scores in scores_of.items():
        each = [standing([r for r in records if r["set"] == name], score) for score in scores]
        if all(each):
            judged[name] = all(stands.within for stands in each if stands)
    label = f"sets where it is first or within the interval of the first, by {told_as}"
    missed = ", ".join(name for name, held in judged.items() if not held)
    told = f"{sum(judged.values())} of {len(judged)} measured" + (f" (not {missed})" if missed else "")
    return label, told, f"at least {target}"


def _worst(records: Records) -> Sequence[str]:
    ranks = {}
    for name in PEERS:
        for score in LARGER:
            mine = [each for each in records if each["set"] == name]
            if mine and score in SHOWN["segmentation" if name in SEGMENTATION else "classification"]:
                stands = standing(mine, score)
                ranks |= {} if stands is None else {f"{name} by {score}": stands.rank}
    below = ", ".join(f"{key}: {rank}" for key, rank in ranks.items() if rank > WORST)
    told = f"{max(ranks.values(), default='-')}" + (f" ({below})" if below else "")
    return "worst rank on any set", told, f"at most {WORST}"


Found = dict[str, list[dict[str, Any]]]
Figure = Callable[[Found], Iterable[Sequence[str]]]


def _mean(records: Records, score: str) -> float:
    return float(np.mean([each["scores"][score] for each in records]))


def at(name: str, score: str, target: float, *, least: bool = True) -> Figure:
    """A score of the plan beside what it is to reach."""

    def find(found: Found) -> Iterable[Sequence[str]]:
        if PLAN in found:
            value = _mean(found[PLAN], score)
            held = value >= target if least else value <= target
            yield f"{name} {score}", _told(f"{value:.3f}", held), f"at {'least' if least else 'most'} {target:g}"

    return find


def ratios(found: Found) -> Iterable[Sequence[str]]:
    """Count ratios of ludb's waves."""
    if PLAN in found:
        values = {wave: np.mean([each["ratios"][wave] for each in found[PLAN]]) for wave in found[PLAN][0]["ratios"]}
        for wave, value in values.items():
            yield f"ludb count ratio of {wave}", _told(f"{value:.3f}", 0.97 <= value <= 1.03), "0.97 to 1.03"


def ends(found: Found) -> Iterable[Sequence[str]]:
    """F1 of ludb's waves within 150 ms."""
    if PLAN in found:
        for wave in found[PLAN][0]["ends"]:
            each = {
                side: float(np.mean([record["ends"][wave][side] for record in found[PLAN]]))
                for side in ("onset", "offset", "both")
            }
            held = min(each["onset"], each["offset"]) >= 0.97
            told = ", ".join(f"{side} {value:.3f}" for side, value in each.items())
            yield f"ludb F1 of {wave} within 150 ms", _told(told, held), "at least 0.97 at onset and at offset"


def above_lstm(found: Found) -> Iterable[Sequence[str]]:
    """Average precision of ludb_dx beyond that of a plain LSTM."""
    if PLAN in found and "lstm" in found:
        value = _mean(found[PLAN], "macro_ap") - _mean(found["lstm"], "macro_ap")
        yield "ludb_dx macro AP above a plain LSTM", _told(f"{value:.3f}", value >= 0.10), "at least 0.10"


def _told(value: str, held: bool) -> str:
    return value if held else f"{value} **missed**"


FIGURES: tuple[tuple[str, Figure], ...] = (
    ("ludb", at("ludb", "f1@50", 0.96)),
    ("ludb", ratios),
    ("ludb", ends),
    ("bccd_cells", at("bccd_cells", "macro_f1", 0.97)),
    ("dsb_nuclei", at("dsb_nuclei", "count_mae", 2.0, least=False)),
    ("dsb_nuclei", at("dsb_nuclei", "panoptic_quality", 0.75)),
    ("ludb_dx", above_lstm),
)


def table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(str(cell) for cell in row)} |" for row in lines)
