"""How often images are halved; what the builders refuse is tested with them, in `test_networks`."""

import pytest

from course_utils.models import image_sizes


@pytest.mark.parametrize(
    ("shape", "count"), [((28, 28, 1), 2), ((64, 64, 3), 3), ((16, 32, 2), 1), ([16, 16, 1], 1)]
)
def test_images_are_halved_as_often_as_both_sides_allow(shape, count):
    assert image_sizes.check_image_shape(shape) == count


def test_sizes_are_refused_by_their_name():
    image_sizes.check_sizes(width=1, units=3)
    with pytest.raises(ValueError, match="units is 0; give a whole number"):
        image_sizes.check_sizes(width=1, units=0)
