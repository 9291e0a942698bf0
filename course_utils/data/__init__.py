"""Where images come from: finding, verifying and reading datasets, batches of them, toy points.

Images are uint8 (n, height, width, channels) in 0..255 from `load_images`, and float32 in [0, 1]
from `make_dataset`. Nothing is downloaded or written here, and no pickle is ever opened.
"""

from course_utils.base.files import read_verified, root, user_cache, user_data
from course_utils.data.batches import make_dataset
from course_utils.data.captions import (
    CAPTIONED,
    caption_keywords,
    load_captioned,
    skin_tones,
    without_skin_tones,
)
from course_utils.data.datasets import (
    DATASETS,
    MEASUREMENTS_FOLDER,
    cat_photo,
    class_names,
    load_images,
    load_measurements,
    measurements_manifest,
)
from course_utils.data.images import (
    as_floats,
    binarize,
    check_images,
    check_labels,
    scale_pixels,
    unscale_pixels,
)
from course_utils.data.toys import TOYS, toy, toy_modes

__all__ = [
    "CAPTIONED",
    "DATASETS",
    "MEASUREMENTS_FOLDER",
    "TOYS",
    "as_floats",
    "binarize",
    "caption_keywords",
    "cat_photo",
    "check_images",
    "check_labels",
    "class_names",
    "load_captioned",
    "load_images",
    "load_measurements",
    "make_dataset",
    "measurements_manifest",
    "read_verified",
    "root",
    "scale_pixels",
    "skin_tones",
    "toy",
    "toy_modes",
    "unscale_pixels",
    "user_cache",
    "user_data",
    "without_skin_tones",
]
