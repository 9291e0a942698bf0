"""Where images come from: finding, verifying and reading datasets, batches, toy points, phantoms.

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
from course_utils.data.lesions import LESION_KINDS, add_lesion, check_masks
from course_utils.data.phantoms import (
    LESION_CONTRASTS,
    LESION_RADII,
    Phantoms,
    phantoms,
    shepp_logan,
)
from course_utils.data.toys import TOYS, toy, toy_modes

__all__ = [
    "CAPTIONED",
    "DATASETS",
    "LESION_CONTRASTS",
    "LESION_KINDS",
    "LESION_RADII",
    "MEASUREMENTS_FOLDER",
    "TOYS",
    "Phantoms",
    "add_lesion",
    "as_floats",
    "binarize",
    "caption_keywords",
    "cat_photo",
    "check_images",
    "check_labels",
    "check_masks",
    "class_names",
    "load_captioned",
    "load_images",
    "load_measurements",
    "make_dataset",
    "measurements_manifest",
    "phantoms",
    "read_verified",
    "root",
    "scale_pixels",
    "shepp_logan",
    "skin_tones",
    "toy",
    "toy_modes",
    "unscale_pixels",
    "user_cache",
    "user_data",
    "without_skin_tones",
]
