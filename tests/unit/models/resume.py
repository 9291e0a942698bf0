"""Goes on from a checkpoint for one epoch, as a learner would on another day, and saves again."""

import sys

from small_models import image_gan, pixels

from course_utils import data
from course_utils.models import checkpoints


def main(start: str, end: str):
    model = image_gan(seed=None, initial=2)
    model.compile()
    epoch = checkpoints.load_checkpoint(model, start)
    dataset = data.make_dataset(pixels(40), batch_size=8, shuffle=False)
    model.fit(dataset, epochs=epoch + 1, initial_epoch=epoch, verbose=0)
    checkpoints.save_checkpoint(model, end, epoch + 1)


if __name__ == "__main__":
    main(*sys.argv[1:])
