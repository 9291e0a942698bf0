"""Known mistakes in exercises 14.4 and 14.12 of lesson 14, which read tables, with sentences.

Pairs of a wrong value, or of a function that recognizes one, and a sentence.
"""

from collections.abc import Mapping

import numpy as np

# ---- 14.4: four faults (rows) by five metrics (columns) ------------------------------------------

PREDICTIONS = [
    (lambda x: x.shape != (4, 5), "give five numbers for each of the four faults."),
    (lambda x: x[0, 4] == 0, "copies: a copy is as near to a training image as can be."),
    (
        lambda x: x[0, :4].any(),
        "copies: training images are real images, so what compares with real images finds nothing "
        "wrong.",
    ),
    (
        lambda x: x[1:, 4].any(),
        "the last number: only copies are made of training images; the others are no nearer to "
        "them.",
    ),
    (
        lambda x: x[1:, 2].any(),
        "precision asks each picture that is there whether it could be real. Missing ones are not "
        "asked, and a little blur hardly carries any out of the balls.",
    ),
    (
        lambda x: not x[1:, 0].all(),
        "the distance: in the last three, means or covariances change.",
    ),
    (
        lambda x: not x[1:, 3].all(),
        "recall asks the real pictures: are there generated ones around me?",
    ),
    (
        lambda x: x[2, 1] == 1,
        "few: each of the fifty is surely something, and all kinds are there: does the inception "
        "score ask for more?",
    ),
    (lambda x: x[1, 1] == 0, "one_kind: with fewer kinds the mean p(y) is narrower."),
    (lambda x: x[3, 1] == 1, "blurred: a boot with a little blur is still surely a boot."),
]

# ---- 14.12: how many images cost as much as training ---------------------------------------------


def balances(record: Mapping[str, np.ndarray]) -> list[tuple[float, str]]:
    """Wrong answers, by the record `quality`: other units, other models, the wrong operation."""
    cost = dict(zip(record["models"].tolist(), record["ms_image"].tolist(), strict=False))
    training = 1000 * float(record["seconds"])  # in milliseconds, as the costs are
    return [
        (training / 1000 / cost["flow"], "seconds over milliseconds: bring both to one unit."),
        (training / cost["GAN"], "that is the GAN; the flow's row is asked for."),
        (
            training / cost["flow of codes"],
            "that is the flow of codes; the plain flow is asked for.",
        ),
        (training * cost["flow"], "divide the time of training by the time of one image."),
    ]
