"""Which sizes of images and layers the course's networks can serve."""

from course_utils.base.arguments import check_whole


def halvings(size: int) -> int:
    """How often an image side can be halved before it is 8 pixels or less, or odd.

    >>> [halvings(size) for size in (28, 32, 64, 30, 27)]
    [2, 2, 3, 1, 0]
    """
    count = 0
    while size > 8 and size % 2 == 0:
        size //= 2
        count += 1
    return count


def check_image_shape(image_shape: tuple[int, int, int]) -> int:
    """Return how often images of this shape are halved; refuse shapes the networks cannot serve."""
    if (
        not isinstance(image_shape, tuple | list)
        or len(image_shape) != 3
        or any(not isinstance(side, int) or side < 1 for side in image_shape)
    ):
        raise ValueError(
            f"image_shape is {image_shape!r}; give (height, width, channels), such as (28, 28, 1)."
        )
    height, width, _ = image_shape
    count = min(halvings(height), halvings(width))
    if count == 0 or max(height, width) >> count > 16:
        raise ValueError(
            f"Images of {height} x {width} pixels cannot be halved down to about 8 pixels a side; "
            "resize or pad them, for example to 28 x 28, 32 x 32 or 64 x 64."
        )
    return count


def check_sizes(**sizes: int) -> None:
    for name, size in sizes.items():
        check_whole(name, size)
