"""A clip: rows of frames that play side by side, one row for each way of making them.

Owns the widget and its picture; how frames are made is in `frames`. On a page without a kernel all
frames are shown as a sheet.
"""

from collections.abc import Mapping

import ipywidgets
import numpy as np

from course_utils import plots
from course_utils.base.arguments import check_whole
from course_utils.widgets.controls import FIELD, LABELLED
from course_utils.widgets.live import WidePicture

_INTERVAL = 150  # milliseconds a frame
_FRAME_WIDTH = 168  # screen pixels of a frame that plays


def sheet_figure(rows: Mapping[str, np.ndarray], caption: str, scale: int = 2) -> plots.Figure:
    """All frames of a clip, a row for each of `rows`, (frames, *image_shape) each."""
    frames = np.concatenate([np.asarray(row) for row in rows.values()])
    count = len(next(iter(rows.values())))
    words = f"{caption} Frames 1 to {count}, from top to bottom: {', '.join(rows)}."
    return plots.pixels_figure(frames, words, columns=count, scale=scale, few_colors=True)


class Clip(WidePicture):
    """What `clip` returns; its controls are `play`, `frame` and `frame_slider`, which follow each
    other and count from 1."""

    plain_text = "<clip>"

    def __init__(self, rows: dict[str, np.ndarray], caption: str, name: str):
        self._rows, self._sheet = rows, sheet_figure(rows, caption)
        count = len(next(iter(rows.values())))
        limits = {"value": 1, "min": 1, "max": count, "step": 1}
        self.play = ipywidgets.Play(**limits, interval=_INTERVAL, show_repeat=True)
        self.frame = ipywidgets.BoundedIntText(
            description="Frame", **limits, style=LABELLED, layout={"width": FIELD}
        )
        # A slider's handle has no accessible name: it follows the field, as elsewhere.
        self.frame_slider = ipywidgets.IntSlider(**limits, readout=False, layout={"width": "240px"})
        for follower in (self.play, self.frame_slider):
            ipywidgets.link((self.frame, "value"), (follower, "value"))
        named = {"play": self.play, "frame": self.frame, "frame_slider": self.frame_slider}
        controls = ipywidgets.Box([*named.values()], layout={"flex_flow": "row wrap"})
        super().__init__(name, [controls], named, _FRAME_WIDTH * len(rows))
        self.frame.observe(self._update, "value")

    def _render(self) -> None:
        number = self.frame.value
        images = np.stack([frames[number - 1] for frames in self._rows.values()])
        names = ", ".join(self._rows)
        words = f"Frame {number} of {self.frame.max}, from left to right: {names}."
        scale = max(1, _FRAME_WIDTH // images.shape[2])
        self._show(plots.pixels_figure(images, words, columns=len(images), scale=scale))

    def _repr_mimebundle_(self, **kwargs):
        """The live widget, and for pages without a kernel the sheet of all frames."""
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle:
            bundle["text/html"] = self._sheet._repr_html_()
        return bundle


def clip(rows: Mapping[str, np.ndarray], caption: str, *, name: str = "clip") -> Clip:
    """Frames that play side by side, with a button, a field and a slider for the frame.

    rows: what made them -> frames (frames, height, width, 1 or 3), uint8 or floats in [0, 1]; the
        same number of frames, at least two, of the same shape in all of them
    caption: a sentence of what is shown, for the sheet on pages without a kernel
    name: for the CSS classes, by which tests find the controls

    ValueError or TypeError with one sentence for anything else.
    """
    if not isinstance(rows, Mapping) or not rows:
        raise ValueError("There are no frames; give a dictionary of name: frames (n, height, ...).")
    shapes = {key: np.shape(frames) for key, frames in rows.items()}
    if len(set(shapes.values())) > 1:
        raise ValueError(f"The frames have the shapes {shapes}; give frames of one shape.")
    images = {key: plots.to_uint8(frames) for key, frames in rows.items()}
    check_whole("The number of frames", len(next(iter(images.values()))), 2)
    if not caption.strip():
        raise ValueError("The caption is empty; say in a sentence what the clip shows.")
    return Clip(images, caption, name)
