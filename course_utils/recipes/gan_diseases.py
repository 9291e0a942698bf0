"""The record of lesson 08: eight diseases, sick and cured, and all remedies at equal time.

What a disease and a remedy are belongs to `diseases` and `remedies`. About an hour on two cores; a
record that was stopped goes on with the first cell that is missing.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from course_utils.base import files
from course_utils.recipes import diseases, remedies
from course_utils.recipes.cells import Arrays, Cells, fingerprint, free_memory

STATES = ("sick", "cured")
MEASURES = {"points": ("modes", "on_target"), "images": ("distance", "kinds")}


def record_gan_diseases(
    seeds: Sequence[int] = remedies.SEEDS,
    steps: int | None = None,
    seconds: Mapping[str, float] | None = None,
):
    """Eight diseases of GANs, provoked and cured, and fourteen remedies beside none, for lesson 08.

    steps: of each disease's trainings, if not its own number; seconds: of each remedy's, by game,
        if not those of `remedies.GAMES`

    Arrays of each disease, with _ for blanks: NAME_sick and NAME_cured (seeds,), the test's number;
    NAME_limit and NAME_sick_is_above (); of the first seed NAME_sick_losses (points, 2), generator
    and discriminator, means over 20 steps, and NAME_sick_samples, (24, 28, 28, 1) uint8 or points
    (512, 2); and so NAME_cured_losses and NAME_cured_samples.

    Arrays of both games, `points` and `images`: `remedies_points`, the names; `points_ms` and
    `points_steps` (remedies,); `points_modes` and `points_on_target`, or `images_distance` and
    `images_kinds`, (remedies, seeds), NaN where a training went to infinity.
    """
    seconds = dict(seconds or {game: one.seconds for game, one in remedies.GAMES.items()})
    cells = Cells(_folder(steps, seconds), after=free_memory)
    found = {}
    for name, disease in diseases.DISEASES.items():
        found |= _disease(cells, name, disease, seeds, steps)
    for game in MEASURES:
        found |= _game(cells, game, seeds, seconds[game])
    return found, _facts(found, seeds, seconds)


def _folder(*settings):
    """Where the cells are: those of a changed recipe lie elsewhere; a limit changes none."""
    made_by = fingerprint((diseases, remedies), *settings, without=("DISEASES",))
    return files.user_cache() / "gan_diseases" / made_by


# ---- diseases ------------------------------------------------------------------------------------


def _disease(cells: Cells, name: str, disease: diseases.Disease, seeds, steps) -> Arrays:
    key = name.replace(" ", "_")
    found = {
        f"{key}_limit": np.float32(disease.limit),
        f"{key}_sick_is_above": np.bool_(disease.sick_is_above),
    }
    for state in STATES:
        trainings = []
        for seed in seeds:
            cell = f"{key}-{state}-{seed}"
            trainings.append(cells.get(cell, _train, disease, state, seed, steps))
            number = float(trainings[-1]["number"])
            fails = "fails" if disease.fails(number) else "passes"
            print(f"  {name}, {state}, seed {seed}: {number:.3f} {fails}", flush=True)
        found[f"{key}_{state}"] = np.float32([one["number"] for one in trainings])
        for what in ("losses", "samples"):
            found[f"{key}_{state}_{what}"] = trainings[0][what]
    return found


def _train(disease: diseases.Disease, state: str, seed: int, steps: int | None) -> dict:
    settings = {} if steps is None else {"steps": steps}
    number, losses, samples = disease.run(state == "sick", seed, **settings)
    if samples.ndim == 4:
        samples = np.rint(255 * np.clip(samples, 0, 1)).astype(np.uint8)
    else:
        samples = np.float32(samples)
    return {"number": np.float64(number), "losses": np.float32(losses), "samples": samples}


# ---- remedies ------------------------------------------------------------------------------------


def remedies_of(game: str) -> tuple[str, ...]:
    """The names of the remedies that a game can try, untreated first."""
    left_out = remedies.NOT_ON_POINTS if game == "points" else ()
    return tuple(name for name in remedies.REMEDIES if name not in left_out)


def equal_time(seconds: float, seconds_a_step: Mapping[str, float]) -> dict[str, int]:
    """How many whole steps of each remedy fit into the seconds.

    >>> equal_time(6.0, {"untreated": 0.004, "R1": 0.008})
    {'untreated': 1500, 'R1': 750}
    """
    return {name: round(seconds / one) for name, one in seconds_a_step.items()}


def _game(cells: Cells, game: str, seeds, seconds: float) -> Arrays:
    names = remedies_of(game)
    measured = cells.get(f"{game}-calibration", remedies.seconds_a_step, game, names)
    costs = {name: float(measured[name]) for name in names}
    steps = equal_time(seconds, costs)
    print(f"  {game}, steps in {seconds:g} s: {steps}", flush=True)
    found = {what: np.full((len(names), len(seeds)), np.nan, "f4") for what in MEASURES[game]}
    for column, seed in enumerate(seeds):
        for row, name in enumerate(names):
            cell = f"{game}-{_plain(name)}-{seed}"
            one = cells.get(cell, remedies.train, game, name, seed, steps[name])
            for what in MEASURES[game]:
                found[what][row, column] = one.get(what, np.nan)
            numbers = {what: round(float(found[what][row, column]), 3) for what in found}
            print(f"  {game}, {name}, seed {seed}: {numbers}", flush=True)
    return {
        f"remedies_{game}": np.array(names),
        f"{game}_ms": np.float32([1000 * costs[name] for name in names]),
        f"{game}_steps": np.int32([steps[name] for name in names]),
        **{f"{game}_{what}": values for what, values in found.items()},
    }


def _plain(name: str) -> str:
    """The name as part of a file's: letters, digits and _ only."""
    return "_".join("".join(one if one.isalnum() else " " for one in name).split())


# ---- the facts -----------------------------------------------------------------------------------


def _facts(found: Arrays, seeds: Sequence[int], seconds: Mapping[str, float]) -> dict:
    means = [f"{name.replace(' ', '_')}_{state}" for name in diseases.DISEASES for state in STATES]
    return {
        "what": "lesson 08: test, losses and samples of eight diseases of GANs, each provoked and "
        "cured, and Fréchet distances, kinds, modes and shares on target of all remedies at equal "
        "time",
        "recipe": f"{len(seeds)} seeds; diseases as in recipes/diseases.py; remedies as in "
        f"recipes/remedies.py, {seconds['points']:g} s on points and {seconds['images']:g} s on "
        "Fashion-MNIST, counted in steps whose cost was measured in turns",
        "quality": {name: round(float(np.mean(found[name])), 3) for name in means},
    }
