"""Live widgets: thin shells over pure functions, so that callbacks are tested without a browser.

The public face of `_live`, a picture drawn by a function of its sliders, of `_explore`, the live
sampler of every generator with latents, of `_studio`, its sister for conditional models, and of
`_stepper`, the GAN on points that is played one update at a time.
"""

from course_utils._controls import LARGEST_SEED
from course_utils._explore import (
    PICTURE_SIDE,
    Explorer,
    description,
    explore,
    interpolate,
    latents_for,
    principal_directions,
)
from course_utils._live import Choice, LiveFigure, Slider, Whole, live_figure
from course_utils._point_game import modes_covered
from course_utils._stepper import Stepper, gan_stepper
from course_utils._studio import Studio, mixed_shares, more_like, save_sheet, studio

__all__ = [
    "LARGEST_SEED",
    "PICTURE_SIDE",
    "Choice",
    "Explorer",
    "LiveFigure",
    "Slider",
    "Stepper",
    "Studio",
    "Whole",
    "description",
    "explore",
    "gan_stepper",
    "interpolate",
    "latents_for",
    "live_figure",
    "mixed_shares",
    "modes_covered",
    "more_like",
    "principal_directions",
    "save_sheet",
    "studio",
]
