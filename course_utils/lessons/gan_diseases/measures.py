"""How lesson 08 compares trainings of several seeds: what counts as better, and the table of all.

From the record `gan_diseases`; a training that went to infinity is NaN there.
"""

from collections.abc import Mapping

import numpy as np

# name in the record -> heading, decimals, whether less is better
COLUMNS = {
    "images": {"distance": ("Fréchet distance", 1, True), "kinds": ("kinds", 1, False)},
    "points": {"modes": ("modes", 1, False), "on_target": ("on target", 2, False)},
}


def is_better(ours, theirs) -> bool:
    """Whether the worst of our distances is below the best of theirs; NaN is the worst of all.

    >>> is_better([3.0, 3.2], [4.0, 3.5, float("nan")]), is_better([3.0, 3.6], [4.0, 3.5])
    (True, False)
    """
    ours, theirs = (np.nan_to_num(np.asarray(one), nan=np.inf) for one in (ours, theirs))
    return bool(ours.max() < theirs.min())


def spread(values, decimals: int) -> str:
    """Mean, and lowest to highest, of the seeds that stayed finite, and how many did not.

    >>> spread(np.array([3.0, 4.0, 5.0]), 1), spread(np.array([3.0, np.nan]), 1)
    ('4.0 (3.0 to 5.0)', '3.0 (3.0 to 3.0), 1 infinite')
    """
    finite = values[np.isfinite(values)]
    lost = len(values) - len(finite)
    if not len(finite):
        return "all infinite"
    numbers = (f"{one:.{decimals}f}" for one in (finite.mean(), finite.min(), finite.max()))
    text = "{} ({} to {})".format(*numbers)
    return f"{text}, {lost} infinite" if lost else text


def table(record: Mapping[str, np.ndarray], game: str) -> str:
    """All remedies of a game, a line each: its measures over the seeds, steps, milliseconds a step.

    game: "images" or "points"
    """
    columns = COLUMNS[game]
    heads = ["", *(head for head, _, _ in columns.values()), "steps", "ms"]
    rows = [heads]
    for row, name in enumerate(record[f"remedies_{game}"]):
        measured = [
            spread(record[f"{game}_{what}"][row], decimals)
            for what, (_, decimals, _) in columns.items()
        ]
        steps, cost = record[f"{game}_steps"][row], record[f"{game}_ms"][row]
        rows.append([str(name), *measured, f"{int(steps):,}", f"{float(cost):.1f}"])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            text.rjust(width) if place >= len(heads) - 2 else text.ljust(width)
            for place, (text, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    )
