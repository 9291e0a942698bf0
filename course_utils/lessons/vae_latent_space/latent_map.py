"""A map to walk on: what a model with two latents decodes at the place one points at.

The map is drawn once; a move changes only a small marker on it and one decoded image, which takes
a few milliseconds. Nothing is trained here; the pictures are `pictures`.
"""

from collections.abc import Sequence

import ipywidgets
import numpy as np
from scipy.spatial import KDTree

from course_utils import data, plots
from course_utils.base.arguments import check_real
from course_utils.lessons.vae_latent_space.pictures import (
    LIMIT,
    MAP_BOX,
    MAP_HEIGHT,
    MAP_WIDTH,
    check_points,
    latents_at,
    map_png,
    marker_svg,
)
from course_utils.widgets.controls import number_and_slider, on_press_and_drag
from course_utils.widgets.live import LivePicture

_IMAGE_WIDTH = 140  # screen pixels of the decoded image: a multiple of 28, so that pixels are even
_PICTURE_WIDTH = 2 * _IMAGE_WIDTH + 20
_STEP = 0.05  # of the sliders


class MapExplorer(LivePicture):
    """What `explore_map` returns; its controls: `x`, `x_slider`, `y`, `y_slider`, the map."""

    plain_text = "<map explorer>"
    column_width = f"{_PICTURE_WIDTH}px"  # as the picture, so that both fit beside the map

    def __init__(self, model, positions, labels, images, names, limit: float):
        self._model, self._names, self._limit = model, tuple(names), limit
        positions, self._labels = check_points(positions, labels, names)
        self._images = plots.to_uint8(images)
        if len(self._images) != len(positions):
            raise ValueError(
                f"There are {len(self._images)} images for {len(positions)} positions; give the "
                "images that lie there."
            )
        self._tree = KDTree(positions)
        self._make_controls(positions)
        named = {"x": self.x, "y": self.y, "x_slider": self.x_slider, "y_slider": self.y_slider}
        named |= {"map": self.map, "marker": self.marker}
        super().__init__("map", [self.x, self.y], named, _PICTURE_WIDTH)
        for field in (self.x, self.y):
            field.observe(self._update, "value")
        sliders = (self.x_slider, self.y_slider)
        self.pointer = on_press_and_drag(self.marker, self._point_at, sliders)  # it covers the map

    def _point_at(self, across: float, down: float, dragging: bool) -> None:
        """Go where the mouse points, in screen pixels of the map; a drag may leave the axes."""
        place = latents_at(across, down, self._limit, clip=dragging)
        if place is not None:
            with self._together():
                self.x.value, self.y.value = (round(value, 2) for value in place)

    def _make_controls(self, positions: np.ndarray) -> None:
        limits = (-self._limit, self._limit, _STEP)
        self.x, self.x_slider = number_and_slider("x", *limits)
        self.y, self.y_slider = number_and_slider("y", *limits)
        left, top, width, height = MAP_BOX
        # The sliders lie along the map's edges; their tracks are as long as its axes.
        self.x_slider.layout = {
            "width": f"{width + 20}px",
            "min_width": f"{width + 20}px",
            "margin": f"0 0 0 {left + 34}px",
        }
        self.y_slider.orientation = "vertical"
        self.y_slider.layout = {
            "height": f"{height + 24}px",
            "width": "44px",
            "min_width": "44px",
            "margin": f"{top - 12}px 0 0 0",
        }
        described = (
            "Map of the test images' latents, one color and marker for each kind of clothing; a "
            "ring marks the place that is decoded."
        )
        png = map_png(positions, self._labels, self._names, self._limit)
        # Never shrunk, so that the marker stays in its place.
        image = plots.img_tag(png, described, MAP_WIDTH, shrinks=False)
        size = {"width": f"{MAP_WIDTH}px", "height": f"{MAP_HEIGHT}px"}
        self.map = ipywidgets.HTML(image, layout={**size, "margin": "0"})
        self.marker = ipywidgets.HTML(layout={**size, "margin": f"-{MAP_HEIGHT}px 0 0 0"})

    def _arranged(self) -> ipywidgets.Widget:
        """The sliders beside and below the map; at its right, or below it, what is decoded."""
        chart = ipywidgets.VBox(
            [self.map, self.marker], layout={"overflow": "hidden", "min_width": f"{MAP_WIDTH}px"}
        )
        left = ipywidgets.VBox(
            [ipywidgets.HBox([self.y_slider, chart]), self.x_slider],
            # Room for the handle at the slider's end; on a very narrow page it scrolls sideways.
            layout={"padding": "0 12px 0 0", "overflow": "auto hidden"},
        )
        right = ipywidgets.VBox([self.picture, self.column], layout={"margin": "40px 0 0 0"})
        return ipywidgets.Box([left, right], layout={"flex_flow": "row wrap"})

    def _render(self) -> None:
        x, y = self.x.value, self.y.value
        decoded = self._model.generate(np.array([[x, y]], np.float32))
        distance, index = self._tree.query((x, y))
        kind = self._names[self._labels[index]]
        caption = (
            f"Decoded at x = {x:.2f}, y = {y:.2f}. The nearest test image ({kind}) lies "
            f"{distance:.2f} away."
        )
        pair = ((plots.to_uint8(decoded)[0], "decoded"), (self._images[index], f"nearest: {kind}"))
        cells = "".join(
            f"<div>{_enlarged(image, alt)}<br>{title}</div>"
            for (image, title), alt in zip(pair, (caption, f"Test image: {kind}."), strict=True)
        )
        content = f'<div style="display: flex; gap: 12px; margin-bottom: 6px">{cells}</div>'
        self._show(plots.Figure(content, caption))
        self.marker.value = marker_svg(x, y, self._limit)

    def _repr_mimebundle_(self, **kwargs):
        """For pages without a kernel: the map with its marker, and the decoded image."""
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle:
            bundle["text/html"] = (
                f'<div style="position: relative">{self.map.value}<div style="position: absolute; '
                f'left: 0; top: 0">{self.marker.value}</div></div>{self.picture.value}'
            )
        return bundle


def explore_map(
    model, positions, labels, images, names: Sequence[str] | None = None, *, limit: float = LIMIT
) -> MapExplorer:
    """A map to walk on: what a model with two latents decodes where the mouse or two sliders point.

    model: with `latent_size` 2 and `generate(latents)`, such as `vae.VAE(latent_size=2)`.
    positions, labels, images: the latents (n, 2) of n images, which kind each of them is, and the
        images themselves, uint8 or floats in [0, 1]; the one nearest to the place is shown too.
    names: of the kinds, by default those of Fashion-MNIST. limit: the map and the sliders reach
        from minus this to this.
    """
    if getattr(model, "latent_size", None) != 2 or not hasattr(model, "generate"):
        raise TypeError(
            "explore_map needs a model with two latents and generate(latents), such as "
            f"vae.VAE(latent_size=2); this {type(model).__name__} has "
            f"{getattr(model, 'latent_size', 'none')}."
        )
    check_real("limit", limit, 0, open_ended=True)
    names = data.class_names() if names is None else names
    return MapExplorer(model, positions, labels, images, names, limit)


def _enlarged(image: np.ndarray, alt: str) -> str:
    png = plots.png_bytes(image, compress_level=1)
    return plots.img_tag(png, alt, _IMAGE_WIDTH, pixelated=True)
