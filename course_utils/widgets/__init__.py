"""Live widgets: thin shells over pure functions, so that callbacks are tested without a browser.

None of them starts TensorFlow. `live_samples`, a callback of Keras, does: import that module.
"""

from course_utils.widgets.class_studio import Studio, mixed_shares, studio
from course_utils.widgets.controls import LARGEST_SEED
from course_utils.widgets.explorer import PICTURE_SIDE, Explorer, description, explore
from course_utils.widgets.live import (
    Choice,
    LiveFigure,
    LivePicture,
    Slider,
    Whole,
    WidePicture,
    live_figure,
)
from course_utils.widgets.sheets import save_sheet
from course_utils.widgets.word_studio import WordStudio, word_studio

__all__ = [
    "LARGEST_SEED",
    "PICTURE_SIDE",
    "Choice",
    "Explorer",
    "LiveFigure",
    "LivePicture",
    "Slider",
    "Studio",
    "Whole",
    "WidePicture",
    "WordStudio",
    "description",
    "explore",
    "live_figure",
    "mixed_shares",
    "save_sheet",
    "studio",
    "word_studio",
]
