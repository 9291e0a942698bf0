"""What the answers of lesson 14's quiz say: shares with their intervals, and the models' order.

Owns the numbers and the words; controls and pictures are `quiz`.
"""

import html
import itertools
import math
from collections.abc import Mapping, Sequence
from statistics import NormalDist
from typing import NamedTuple

from course_utils.base.arguments import check_real, check_whole

REAL = "real"  # what the pictures are called that no model has drawn
CHANCE = 0.5  # the share that guessing gets right, half of the pictures being real


# ---- the numbers ---------------------------------------------------------------------------------


def wilson_interval(successes: int, trials: int, confidence: float = 0.95) -> tuple[float, float]:
    """Ends of the interval for a probability of which `successes` of `trials` were seen.

    All p with |k / n - p| <= z sqrt(p (1 - p) / n) (Wilson 1927); z = 1.96 for 0.95. Unlike
    k / n +- z sqrt(...) at p = k / n it has a width at 0 and at n too, and keeps its promise for
    few trials (Brown, Cai and DasGupta 2001).

    >>> [round(end, 3) for end in wilson_interval(0, 4)]
    [0.0, 0.49]
    """
    trials = check_whole("trials", trials)
    successes = check_whole("successes", successes, 0, trials)
    confidence = check_real("confidence", confidence, 0, 1, open_ended=True)
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share = successes / trials
    center = share + z**2 / (2 * trials)
    half = z * math.sqrt(share * (1 - share) / trials + (z / (2 * trials)) ** 2)
    low, high = ((center + side * half) / (1 + z**2 / trials) for side in (-1, 1))
    # At both ends the formula gives 0 and 1, up to rounding.
    return (low if successes else 0.0), (high if successes < trials else 1.0)


class Share(NamedTuple):
    """So many of so many, as `wilson_interval` takes them."""

    successes: int
    trials: int

    @property
    def value(self) -> float:
        """The share itself, from 0 to 1."""
        return self.successes / self.trials

    @property
    def interval(self) -> tuple[float, float]:
        """Ends of its 95 % interval."""
        return wilson_interval(*self)

    def __str__(self) -> str:
        low, high = self.interval
        return (
            f"{self.successes} of {self.trials}, {_percent(self.value)} "
            f"(95 % interval {_percent(low)} to {_percent(high)})"
        )


class Results(NamedTuple):
    """What the answers to a whole quiz say; print it to read it.

    right: of all pictures, those that were told for what they are
    real: of the real pictures, those that were taken for real
    models: for each model, those of its pictures that were taken for real
    distances: each model's Fréchet distance; empty without
    """

    right: Share
    real: Share
    models: dict[str, Share]
    distances: dict[str, float]

    @property
    def chance_is_inside(self) -> bool:
        """Whether guessing explains the share of right answers: one half is in its interval."""
        low, high = self.right.interval
        return low <= CHANCE <= high

    @property
    def apart(self) -> list[tuple[str, str]]:
        """Pairs of models whose intervals do not overlap, the one taken for real more often first.

        Intervals that overlap a little may differ all the same: this is a careful rule.
        """
        pairs = itertools.permutations(self.models, 2)
        return [
            (more, less)
            for more, less in pairs
            if self.models[more].interval[0] > self.models[less].interval[1]
        ]

    def __str__(self) -> str:
        lines = [
            f"told right: {self.right}; {_chance(self)}",
            f"{REAL} taken for real: {self.real}",
        ]
        for name, share in self.models.items():
            lines.append(f"{name} taken for real: {share}{_distance(self, name, '; distance ')}")
        return "\n".join([*lines, order_sentence(self)])


def count_answers(
    sources: Sequence[str],
    answers: Sequence[bool],
    models: Sequence[str],
    distances: Mapping[str, float] | None = None,
) -> Results:
    """The results of a quiz.

    sources: what each picture was, `REAL` or its model's name; answers: whether it was taken for
        real; models: their names, in the order of the table; distances: each one's Fréchet distance

    >>> count_answers(["real", "GAN", "real", "GAN"], [True, True, False, True], ["GAN"]).right
    Share(successes=1, trials=4)
    """
    pairs = list(zip(sources, answers, strict=True))

    def taken(name: str) -> Share:
        said = [answer for source, answer in pairs if source == name]
        return Share(sum(said), len(said))

    right = Share(sum((source == REAL) == answer for source, answer in pairs), len(pairs))
    return Results(
        right, taken(REAL), {name: taken(name) for name in models}, dict(distances or {})
    )


# ---- the words -----------------------------------------------------------------------------------


def order_sentence(results: Results) -> str:
    """Whether the answers put the models in the metric's order, and whether they can tell."""
    shares, distances, apart = results.models, results.distances, results.apart
    num_pictures = min(share.trials for share in shares.values())
    if len({share.value for share in shares.values()}) == 1:
        said = "The answers put no model before another"
    elif distances:
        listed = ", ".join(sorted(shares, key=distances.get))
        verb = "agrees with" if _agrees(shares, distances) else "differs from"
        said = f"The answers' order of the models {verb} the metric's ({listed})"
    else:
        listed = ", ".join(sorted(shares, key=lambda name: -shares[name].value))
        said = f"The answers' order of the models, most often taken for real first, is {listed}"
    if len(apart) == math.comb(len(shares), 2):
        return f"{said}, and no two intervals overlap."
    if not apart:
        return f"{said}, but the intervals overlap: {num_pictures} pictures of each cannot tell."
    told = " and ".join(f"{more} from {less}" for more, less in apart)
    return (
        f"{said}, but {num_pictures} pictures of each tell only {told}: the other intervals "
        "overlap."
    )


def _agrees(shares: Mapping[str, Share], distances: Mapping[str, float]) -> bool:
    """Whether no model is before another whose distance is smaller."""
    return not any(
        shares[one].value > shares[other].value and distances[one] > distances[other]
        for one, other in itertools.permutations(shares, 2)
    )


def results_html(results: Results) -> str:
    """The results as a table, whose heads a screen reader names, and two sentences below it."""
    heads = ["Pictures", "Counted", "Share", "95 % interval"]
    rows = [("all, told right", results.right, ""), ("real ones, taken for real", results.real, "")]
    for name, share in results.models.items():
        rows.append((f"{name}, taken for real", share, _distance(results, name)))
    if results.distances:
        heads.append("Fréchet distance")
    head = "".join(f'<th scope="col" style="{_CELL}">{text}</th>' for text in heads)
    body = "".join(_row(*row, columns=len(heads)) for row in rows)
    chance = _chance(results).capitalize()
    said = f"{chance} the interval of what was told right. {order_sentence(results)}"
    return (
        '<table style="border-collapse: collapse; line-height: 1.4">'
        f"<tr>{head}</tr>{body}</table>"
        f'<p style="line-height: 1.4">{html.escape(said)}</p>'
    )


_CELL = "text-align: left; padding: 2px 12px 2px 0"


def _row(title: str, share: Share, distance: str, columns: int) -> str:
    low, high = map(_percent, share.interval)
    counted = f"{share.successes} of {share.trials}"
    texts = [counted, _percent(share.value), f"{low} to {high}", distance][: columns - 1]
    cells = "".join(f'<td style="{_CELL}">{html.escape(text)}</td>' for text in texts)
    return f'<tr><th scope="row" style="{_CELL}">{html.escape(title)}</th>{cells}</tr>'


def _chance(results: Results) -> str:
    where = "inside" if results.chance_is_inside else "outside"
    return f"chance, {_percent(CHANCE)}, is {where}"


def _distance(results: Results, name: str, before: str = "") -> str:
    return f"{before}{results.distances[name]:.2f}" if results.distances else ""


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
