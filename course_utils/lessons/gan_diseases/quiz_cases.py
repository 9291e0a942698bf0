"""The trainings of lesson 08's quiz: their pictures, what is measured of them, and the words.

From the record `gan_diseases`; what is asked and what an answer is worth is the business of `quiz`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from course_utils import data, metrics, plots

Record = Mapping[str, np.ndarray]  # as `data.load_measurements("gan_diseases")` returns it

HEALTHY = "healthy"
STEPS_A_POINT = 20  # of the curves, as the recipe recorded them
# As the quiz numbers them. The cured ones are healthy.
TRAININGS = (
    "oscillation_sick",
    "checkerboard_sick",
    "collapse_cured",
    "dead_units_sick",
    "collapse_sick",
    "oscillation_cured",
    "memorization_sick",
    "too_good_sick",
    "overfitting_sick",
)


@dataclass(frozen=True)
class Disease:
    """What can be answered.

    name: on its button; test: what the record's number is; expected: what one would see, after
    "then"; clue: where to look, without the name; why: how the disease makes what one sees
    """

    name: str
    test: str
    expected: str
    clue: str
    why: str


DISEASES = {
    "collapse": Disease(
        "Collapse",
        "Effective number of kinds in 2,000 samples",
        "few kinds of clothing would be drawn, or few places of the ring",
        "Count the kinds among the images.",
        "The images came sorted by kind, so D saw few kinds at a time, and forgot the others. No "
        "curve says so.",
    ),
    "too_good": Disease(
        "D too good at the start",
        "Share of points on target",
        "the first losses would be far from a balance, and the points still off target in the end",
        "Look at the first hundred steps. How far ahead was D?",
        "D had learned alone, and went on with a new optimizer: the leap in the first hundred "
        "steps. With the minimax loss G had not recovered from it in the end.",
    ),
    "oscillation": Disease(
        "Oscillation",
        "Movement of a latent's point in 20 steps",
        "the losses would go up and down as much in the end as in the beginning",
        "Does this training come to rest?",
        "Adam's beta_1 is 0.9, and the rate is large: by the time G arrives, D has moved on. With "
        "0.5, at the same rate, the swings die down: a point moves 0.1 in 20 steps.",
    ),
    "overfitting": Disease(
        "D learns by heart",
        "Share of D's lead that held-out images lack",
        "D's loss would go on falling, while the images get no better",
        "One of the losses goes on falling. Whose is it, and who gains by it?",
        "There were 300 images, and D knows them by heart: it no longer asks whether an image "
        "looks real, but whether it is one of the 300.",
    ),
    "dead_units": Disease(
        "Dead units",
        "Share of the generator's units that are always 0",
        "G would have few ways left to bend its plane of latents: a line, or a point",
        "What shape do the generated points have? What can a network with few units draw?",
        "The steps were so large that most ReLUs get no positive input any more. Then no gradient "
        "reaches their own weights; only a change in a layer before them could bring them back.",
    ),
    "checkerboard": Disease(
        "Checkerboard",
        "Power of patterns with a period of two pixels, over that of real images",
        "pixels would alternate between bright and dark, in all images alike",
        "Look at single pixels, and at their neighbors.",
        "D's first layer looks at one pixel of four. What G draws into the others, nobody sees.",
    ),
    "memorization": Disease(
        "G draws copies",
        "Distance of samples to the training images, over that to held-out ones",
        "each image would have a twin among the training images",
        "Are there 24 images, or a few that come again and again?",
        "It was trained on eight images, and draws these eight.",
    ),
}
HEALTHY_WHY = (
    "Nothing here speaks against it. (What nobody has measured may still be sick: a batch leak, "
    "for one, cannot be seen in such charts.)"
)
# Answers that are not what was asked for, and not false either: (training, answer) -> a sentence.
TRUE_AS_WELL = {
    ("memorization_sick", "overfitting"): "With so few images D knows them by heart, too.",
    ("memorization_sick", "collapse"): "Few kinds, indeed: all that G was ever shown.",
    ("dead_units_sick", "collapse"): "Few places are covered, indeed. But why?",
    ("dead_units_sick", "oscillation"): "The losses do swing. But that would not make this shape.",
    ("oscillation_sick", "collapse"): "Few places are covered at a time, indeed. And later?",
    ("oscillation_sick", "dead_units"): "Few units might draw this, but they would not swing so.",
}


def disease(training: str) -> str:
    """What a training has: a key of `DISEASES`, or `HEALTHY`."""
    name, _, state = training.rpartition("_")
    return name if state == "sick" else HEALTHY


def is_of_points(record: Record, training: str) -> bool:
    return record[f"{training}_samples"].ndim == 2


def test_result(record: Record, training: str) -> str:
    """What the disease's own test found, with three seeds, and the limit, as a sentence."""
    name = training.rpartition("_")[0]
    numbers = ", ".join(f"{number:.2g}" for number in record[training])
    side = "above" if record[f"{name}_sick_is_above"] else "below"
    limit = f"{float(record[f'{name}_limit']):.2g}"
    seeds = f"{numbers} with {len(record[training])} seeds"
    return f"{DISEASES[name].test}: {seeds}; sick is {side} {limit}."


# ---- what is measured of the curves and samples that are shown -----------------------------------


def measured(record: Record, training: str, answer: str) -> str:
    """What the charts and samples of a training say of a disease, in numbers, or ""."""
    losses = np.asarray(record[f"{training}_losses"], dtype=float)
    late = losses[len(losses) // 2 :]
    samples, points = record[f"{training}_samples"], is_of_points(record, training)
    if answer == "collapse":
        return _covered(samples) if points else _kinds(samples)
    if answer == "too_good":
        return _covered(samples) if points else f"D's loss ends at {losses[-1, 1]:.2f}"
    if answer == "oscillation":
        moves = np.abs(np.diff(late[:, 0])).mean()
        return f"in the second half G's loss moves by {moves:.2f} from point to point"
    if answer == "overfitting":
        return f"D's loss is {late[0, 1]:.2f} halfway and {late[-1, 1]:.2f} in the end"
    if answer == "dead_units" and points:
        wide, long = np.sqrt(np.linalg.eigvalsh(np.cov(samples.T)))
        return (
            f"the points' deviations along and across are {long:.2f} and {wide:.2f} (a ring: 0.71)"
        )
    if answer in ("checkerboard", "memorization") and points:
        return "these are points, 20,000 different ones"
    if answer == "memorization":
        times = f"{_nearness(samples):.2f} times"
        return f"an image is {times} as far from the first eight training images as from others"
    return ""


def _covered(points: np.ndarray) -> str:
    rule = metrics.coverage_rule("ring", len(points))
    modes = metrics.modes_covered(points, data.toy_modes("ring"), *rule)
    share = metrics.on_target_share(points, "ring", points)
    return f"{modes} of 8 modes are covered, and {100 * share:.0f} % of the points are on target"


def _kinds(images: np.ndarray) -> str:
    counts = np.bincount(metrics.predicted_labels(images / np.float32(255)), minlength=10)
    names = data.class_names("fashion_mnist")
    shown = [f"{counts[kind]} {names[kind]}" for kind in np.argsort(-counts, kind="stable")]
    return f"the classifier sees {', '.join(shown[: np.count_nonzero(counts)])}"


def _nearness(images: np.ndarray) -> float:
    known, _ = data.load_images("fashion_mnist", split="train")
    near, far = (
        np.median(metrics.nearest_neighbors(images, some).distances)
        for some in (known[:8], known[-8:])
    )
    return float(near / far)


# ---- the picture ---------------------------------------------------------------------------------


def training_figure(record: Record, training: str, name: str) -> plots.Figure:
    """Both losses and samples of a training; name: what it is called, such as "Training 3"."""
    losses = record[f"{training}_losses"]
    steps = STEPS_A_POINT * np.arange(1, len(losses) + 1)
    series = {"generator": losses[:, 0], "discriminator": losses[:, 1]}
    words = "; ".join(f"{who} {plots.curve_in_words(one, steps)}" for who, one in series.items())
    curves = plots.small_curves_figure(
        series, f"{name}, losses: {words}.", "step", "loss", x=steps, size=(4.8, 2.8)
    )
    samples = record[f"{training}_samples"]
    if is_of_points(record, training):
        real = data.toy("ring", 300, seed=0)
        alt = f"{name}, {len(samples)} generated points: {_covered(samples)}."
        groups = {"real": real, "generated": samples}
        drawn = plots.small_points_figure(groups, alt, limit=2.5, size=(2.8, 3.0))
        what = f"{len(samples)} generated points, among real ones, in the end"
    else:
        alt = f"{name}, {len(samples)} generated images: {_kinds(samples)}."
        drawn = plots.pixels_figure(samples, alt, 6, scale=2)
        what = f"{len(samples)} images that the generator drew in the end"
    caption = (
        f"{name}: losses of the generator (G) and of the discriminator (D), means over "
        f"{STEPS_A_POINT} steps; {what}."
    )
    return plots.beside_figure([curves, drawn], caption)
