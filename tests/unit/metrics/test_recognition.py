"""What a classifier recognizes of drawn animals."""

import numpy as np
import pytest

from course_utils import data, metrics


class Album:
    """Draws test images of the class asked for, or, with `wrong`, of the next class."""

    num_classes = 10

    def __init__(self, wrong=0):
        images, labels = data.load_images("animals", "test")
        self.by_class = [images[labels == label] for label in range(10)]
        self.wrong, self.asked = wrong, []

    def sample(self, n, seed=None, *, labels=None):
        self.asked.append((n, seed))
        labels = (np.broadcast_to(labels, n) + self.wrong) % 10
        return np.stack([self.by_class[label][i % 150] for i, label in enumerate(labels)])


@pytest.mark.slow
def test_what_is_recognized_of_real_animals_and_of_swapped_ones():
    right, swapped = (metrics.recognized(Album(wrong)) for wrong in (0, 1))
    assert right.all > 0.98 and right.cats > 0.98
    assert swapped.all < 0.02 and swapped.cats < 0.02  # a cat's place is taken by cows
    assert right.distance.num_images == 1500
    assert right.distance.reference == "animals test"
    assert str(right) == (
        f"all {right.all:.1%}, cats {right.cats:.1%}, Fréchet distance {float(right.distance):.2f}"
    )


def test_the_draws_to_recognize_are_always_the_same():
    album = Album()
    metrics.recognized(album)
    assert album.asked == [(2000, 0), (1000, 1)]
