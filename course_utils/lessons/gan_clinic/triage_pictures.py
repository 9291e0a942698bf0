"""The pictures of the triage and the results of its tests, in numbers and in words.

From the record `gan_clinic` to figures; which test is shown when is the business of `triage`.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from course_utils import data, plots
from course_utils.lessons.gan_clinic.cases import LOOKS, REAL_LOOKS, TESTS

Record = Mapping[str, np.ndarray]  # as `data.load_measurements("gan_clinic")` returns it

_SHARE_SHOWN = 1  # percent; kinds with less are not named one by one


def patients(record: Record) -> tuple[str, ...]:
    """The runs' names in the record, in the lesson's order; patient 1 is the first."""
    return tuple(str(run) for run in record["runs"])


def faults(record: Record, run: str) -> frozenset[str]:
    """The diseases that this run has: keys of `cases.DISEASES`."""
    return frozenset(str(fault) for fault in record[f"{run}_faults"])


# ---- results in numbers and words ----------------------------------------------------------------


def numbers(record: Record, run: str) -> dict[str, float | int | str]:
    """What the sentences of `cases.TESTS` are filled in with."""

    def of(name: str) -> list[float]:
        return np.ravel(record[f"{run}_{name}"]).tolist()

    named = {
        "ranges": "real_low real_high fake_low fake_high",
        "tried_losses": "loss_low loss_middle loss_high",
        "moved": "d_moves_d d_moves_g g_moves_d g_moves_g",
        "judged": "on_training on_held_out on_fake lowest highest",
        "rates": "rate beta_1 beta_2",
    }
    found = {
        name: value
        for key, names in named.items()
        for name, value in zip(names.split(), of(key), strict=True)
    }
    for name in ("fake_share", "averages_moved", "frechet"):
        (found[name],) = of(name)
    (seen,) = of("seen")
    return found | {
        "seen": int(seen),
        "steps": int(record["steps"][-1]),
        "kinds": _kinds(record[f"{run}_kinds"]),
    }


def _kinds(counts: np.ndarray) -> str:
    """Shares of the kinds of clothing, the largest first."""
    shares = 100 * counts / counts.sum()
    order = np.argsort(-shares, kind="stable")
    names = data.class_names("fashion_mnist")
    large = [index for index in order if shares[index] >= _SHARE_SHOWN]
    words = [f"{names[index]} {shares[index]:.0f} %" for index in large]
    rest = len(shares) - len(large)
    return ", ".join(words) + (f"; {rest} kinds below {_SHARE_SHOWN} % each" if rest else "")


def result(record: Record, run: str, test: str) -> str:
    """What a test shows of a run, in a sentence without its full stop."""
    return TESTS[test].result.format(**numbers(record, run)).rstrip(".")


def result_pictures(record: Record, run: str, test: str) -> list[str]:
    """The pictures of a test's result as HTML, each with its alt text; most tests have none."""
    if test == "real":
        look = REAL_LOOKS[next((one for one in REAL_LOOKS if one in faults(record, run)), "")]
        return [_grid(record[f"{run}_real"], f"Eight real images: {look}.", 8)]
    if test == "modes":
        training, inference = LOOKS[run].training_mode, LOOKS[run].samples
        return [
            _grid(record[f"{run}_training_samples"], f"In training mode: {training}.", 4),
            _grid(record[f"{run}_samples"], f"In inference mode: {inference}.", 4),
        ]
    return []


def _grid(images: np.ndarray, alt: str, columns: int) -> str:
    return plots.pixels_figure(images, alt, columns, scale=2).content


# ---- curves and samples --------------------------------------------------------------------------


def patient_figure(record: Record, number: int, tests: Sequence[str] = ()) -> plots.Figure:
    """Curves and samples of patient `number`, from 1 on, and results of tests as a caption."""
    known = patients(record)
    if not 1 <= number <= len(known):
        raise ValueError(f"There are patients 1 to {len(known)}; this is {number}.")
    run = known[number - 1]
    steps, last = record["steps"], int(record["steps"][-1])
    pairs = {
        "losses": ("loss", {"discriminator": "discriminator_loss", "generator": "generator_loss"}),
        "what D says": ("what D says", {"real images": "real_logit", "generated": "fake_logit"}),
    }
    pictures = []
    for title, (axis, names) in pairs.items():
        series = {name: record[f"{run}_{key}"] for name, key in names.items()}
        words = "; ".join(
            f"{name} {plots.curve_in_words(values, steps)}" for name, values in series.items()
        )
        alt = f"Patient {number}, {title}: {words}."
        pictures.append(plots.small_curves_figure(series, alt, "step", axis, x=steps))
    alt = f"Patient {number}, 16 generated images: {LOOKS[run].samples}."
    pictures.append(plots.pixels_figure(record[f"{run}_samples"], alt, 4, scale=2))
    caption = (
        f"Patient {number}, {last} steps. First chart: the losses, means over "
        f"{int(steps[0])} steps; second chart: what the discriminator (D) says on average of real "
        "and of generated images; then 16 images that the generator (G) drew in the end."
    )
    for test in tests:
        caption += f" {TESTS[test].name}: {result(record, run, test)}."
    return plots.beside_figure(pictures, caption)
