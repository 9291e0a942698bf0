"""Random changes of images through which gradients flow (Zhao et al. 2020, DiffAugment).

A GAN applies them to real and generated images alike, before its discriminator sees them:
`model.compile(augment=augmentation.shift_cutout)`. Random numbers come from the given seed
alone. Each function takes images (n, height, width, channels) in [-1, 1], where -1 is the
background, and a seed, an int tensor or pair (2,), and returns images of the same shape.

There is no mirroring: with even chances the discriminator cannot tell which way an image looked, so
the generator draws whichever it likes (it leaks, Karras et al. 2020).
"""

from collections.abc import Callable

from course_utils.base.arguments import check_real
from course_utils.base.backend import tf
from course_utils.models import streams

BACKGROUND = -1.0


def shift(images, seed, share: float = 1 / 28):
    """Move each image by up to `share` of its sides, each way; background moves in.

    The shift is a whole number of pixels: rows and columns are picked, so a gradient takes the
    same way back. The generator learns to shift, too: large shares cost more than they bring.
    """
    images = tf.convert_to_tensor(images)
    count, height, width = (tf.shape(images)[axis] for axis in range(3))
    for axis, size in ((1, height), (2, width)):
        reach = tf.cast(tf.round(share * tf.cast(size, tf.float32)), tf.int32)
        moves = tf.random.stateless_uniform(
            (count, 1), streams.fold_in(seed, "shift", axis), -reach, reach + 1, tf.int32
        )
        padding = [[0, 0]] * 4
        padding[axis] = [reach, reach]
        padded = tf.pad(images, padding, constant_values=BACKGROUND)
        images = tf.gather(padded, tf.range(size) + reach + moves, axis=axis, batch_dims=1)
    return images


def cutout(images, seed, share: float = 1 / 2):
    """Cover a rectangle of each image, `share` of its sides, with mid-gray.

    Its center may lie anywhere, so that part of it may fall outside the image. Gray, unlike the
    background, cannot be taken for a part of the picture.
    """
    images = tf.convert_to_tensor(images)
    inside = True
    for axis in (1, 2):
        size = tf.shape(images)[axis]
        length = tf.cast(tf.round(share * tf.cast(size, tf.float32)), tf.int32)
        centers = tf.random.stateless_uniform(
            (tf.shape(images)[0], 1), streams.fold_in(seed, "cutout", axis), 0, size, tf.int32
        )
        place = tf.range(size) - centers + length // 2
        covered = (place >= 0) & (place < length)
        inside &= covered[:, :, None, None] if axis == 1 else covered[:, None, :, None]
    return tf.where(inside, tf.zeros((), images.dtype), images)


def shift_cutout(images, seed):
    """Both, one after the other: what lesson 12 trains with where data are few."""
    return cutout(shift(images, seed), seed)


def instance_noise(scale: float) -> Callable:
    """A change that adds normal noise of mean 0 and deviation `scale` to each number.

    Real and generated images then overlap however far apart they are (Sønderby et al. 2017;
    Arjovsky and Bottou 2017, section 3): a discriminator cannot be sure any more. It takes points
    (n, k) as well. Nothing is clipped to [-1, 1], where noise would leave the two kinds apart.
    """
    scale = check_real("scale", scale, 0)

    def add_noise(images, seed):
        images = tf.convert_to_tensor(images)
        seed = streams.fold_in(seed, "noise")
        return images + scale * tf.random.stateless_normal(
            tf.shape(images), seed, 0, 1, images.dtype
        )

    return add_noise
