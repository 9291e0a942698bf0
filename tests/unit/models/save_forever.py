"""Saves one checkpoint over and over, until it is killed."""

import itertools
import sys

from small_models import linear_gan

from course_utils.models import checkpoints


def main(path: str):
    model = linear_gan()
    model.compile()
    for epoch in itertools.count(1):
        checkpoints.save_checkpoint(model, path, epoch)


if __name__ == "__main__":
    main(sys.argv[1])
