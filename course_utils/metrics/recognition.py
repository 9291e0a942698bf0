"""Whether a conditional model draws the animal that it is asked for, as a classifier sees it.

The class of each single image is `features.predicted_labels`.
"""

from typing import NamedTuple

import numpy as np

from course_utils import data
from course_utils.metrics.distances import FrechetResult, frechet_distance
from course_utils.metrics.features import predicted_labels

_CLASSIFIER = "animals_features_v1"


class Recognized(NamedTuple):
    """Shares of generated images that the frozen classifier takes for the class asked for."""

    all: float
    cats: float
    distance: FrechetResult  # of 1,500 images to the 1,500 held-out ones

    def __str__(self) -> str:
        distance = f"Fréchet distance {float(self.distance):.2f}"
        return f"all {self.all:.1%}, cats {self.cats:.1%}, {distance}"


def recognized(model) -> Recognized:
    """What is recognized of 200 images of each animal, and of 1,000 cats; always the same draws.

    model: samples as `models.conditional_gan.ConditionalGAN` does, of the classes of `animals`.
    """
    cat = data.class_names("animals").index("cat")
    labels = np.arange(2000) % model.num_classes
    images = model.sample(2000, seed=0, labels=labels)
    cats = model.sample(1000, seed=1, labels=cat)
    return Recognized(
        float(np.mean(predicted_labels(images, _CLASSIFIER) == labels)),
        float(np.mean(predicted_labels(cats, _CLASSIFIER) == cat)),
        frechet_distance(images[:1500], "animals"),
    )
