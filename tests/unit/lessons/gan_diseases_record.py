"""A record like `gan_diseases`, made up in no time, for the tests of lesson 08's room."""

import numpy as np

from course_utils import data

IMAGES = ("collapse", "overfitting", "batch_leak", "checkerboard", "memorization")
POINTS = ("too_good", "oscillation", "dead_units")


def made_record() -> dict[str, np.ndarray]:
    """Losses of ten points, samples that are real ones, and numbers on the right side of limits."""
    random, found = np.random.default_rng(0), {}
    images, _ = data.load_images("fashion_mnist", split="test")
    for disease in IMAGES + POINTS:
        is_above = disease not in ("collapse", "too_good", "memorization")
        found[f"{disease}_limit"] = np.float32(7)
        found[f"{disease}_sick_is_above"] = np.bool_(is_above)
        low, high = np.float32([5, 5.5, 6]), np.float32([8, 8.5, 9])
        sick, cured = (high, low) if is_above else (low, high)
        for state, numbers in {"sick": sick, "cured": cured}.items():
            found[f"{disease}_{state}"] = numbers
            found[f"{disease}_{state}_losses"] = random.uniform(0, 2, (10, 2)).astype(np.float32)
            found[f"{disease}_{state}_samples"] = (
                data.toy("ring", 512, seed=1) if disease in POINTS else images[:24]
            )
    names = np.array(["untreated", "R1", "hinge"])
    for game, measures in {
        "images": {"distance": [[9, 10, 11], [3, 4, 5], [8, np.nan, 12]], "kinds": 9.0},
        "points": {"modes": 8.0, "on_target": [[0.5, 0.6, 0.7]] * 2 + [[np.nan] * 3]},
    }.items():
        found[f"remedies_{game}"] = names
        found[f"{game}_steps"], found[f"{game}_ms"] = np.int32([1500, 700, 800]), np.ones(3)
        for what, values in measures.items():
            found[f"{game}_{what}"] = np.broadcast_to(np.float32(values), (3, 3)).copy()
    return found
