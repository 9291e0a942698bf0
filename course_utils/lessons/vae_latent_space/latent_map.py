"""Live pictures of a VAE's latents: the map of a model with two, and models of several betas.

The map is drawn once; a move changes only a small marker on it and one decoded image, which takes
a few milliseconds. Nothing is trained here.
"""

import math
from collections.abc import Sequence

import ipywidgets
import numpy as np

from course_utils import data, plots
from course_utils.base.arguments import check_real
from course_utils.widgets.controls import number_and_slider, on_press_and_drag
from course_utils.widgets.live import LivePicture

LIMIT = 3.5  # the map shows the latents from minus this to this
MAP_WIDTH, MAP_HEIGHT = 416, 472  # screen pixels
MAP_BOX = (46, 62, 362, 362)  # left, top, width, height of the axes in it, screen pixels
MARKERS = ("o", "x", "^", "s", "+", "D", "v", ">", "*", "p")  # one for each of ten kinds

_IMAGE_WIDTH = 140  # screen pixels of the decoded image: a multiple of 28, so that pixels are even
_SHARPNESS = 1.5  # PNG pixels a screen pixel
_STEP = 0.05  # of the sliders


# ---- the map, pure functions ---------------------------------------------------------------------


def place_on_map(x: float, y: float, limit: float = LIMIT) -> tuple[float, float]:
    """Screen pixels from the left and from the top of the map's picture, of the latents (x, y).

    >>> place_on_map(0.0, 0.0)
    (227.0, 243.0)
    """
    left, top, width, height = MAP_BOX
    across, up = (value / (2 * limit) + 0.5 for value in (x, y))
    return left + across * width, top + (1 - up) * height


def latents_at(
    across: float, down: float, limit: float = LIMIT, *, clip: bool = False
) -> tuple[float, float] | None:
    """The latents (x, y) at a place of the map's picture, in screen pixels; `place_on_map` back.

    Beside the axes there are none, None; with `clip`, those of the nearest place on their edge.

    >>> latents_at(227.0, 243.0)
    (0.0, 0.0)
    >>> latents_at(227.0, 20.0), latents_at(227.0, 20.0, clip=True)
    (None, (0.0, 3.5))
    """
    left, top, width, height = MAP_BOX
    shares = (across - left) / width, 1 - (down - top) / height
    if not clip and any(not 0 <= share <= 1 for share in shares):
        return None
    x, y = ((2 * min(max(share, 0.0), 1.0) - 1) * limit for share in shares)
    return x, y


def map_png(
    positions, labels, names: Sequence[str], limit: float = LIMIT, per_kind: int = 150
) -> bytes:
    """PNG file of points in the plane, by kind: a color and a marker each, the legend above.

    positions: latents (n, 2); labels: which of the names, (n,), whole numbers. At most the first
        `per_kind` points of each kind are drawn: with more, one sees only those drawn last.
    """
    positions, labels = check_points(positions, labels, names)
    check_real("limit", limit, 0, open_ended=True)
    # Not pyplot: its list of figures is shared with the learner.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    fig = Figure(figsize=(MAP_WIDTH / 100, MAP_HEIGHT / 100), dpi=100 * _SHARPNESS)
    canvas = FigureCanvasAgg(fig)
    left, top, width, height = MAP_BOX
    bottom = MAP_HEIGHT - top - height
    axes = fig.add_axes(
        (left / MAP_WIDTH, bottom / MAP_HEIGHT, width / MAP_WIDTH, height / MAP_HEIGHT)
    )
    for kind, name in enumerate(names):
        points = positions[labels == kind][:per_kind]
        color, marker = plots.COLORS[kind % len(plots.COLORS)], MARKERS[kind]
        axes.scatter(*points.T, s=11, color=color, marker=marker, alpha=0.7, linewidths=0.8)
        axes.scatter([], [], s=24, color=color, marker=marker, label=name)
    axes.set(xlim=(-limit, limit), ylim=(-limit, limit))
    axes.set_xlabel("x, the first latent", fontsize=10)
    axes.set_ylabel("y, the second latent", fontsize=10, labelpad=0)
    axes.tick_params(labelsize=9)
    axes.grid(color="#dddddd", linewidth=0.8)
    axes.set_axisbelow(True)
    fig.legend(
        loc="upper center",
        ncols=4,
        fontsize=8.5,
        frameon=False,
        handletextpad=0.1,
        columnspacing=1.0,
        borderpad=0.2,
    )
    canvas.draw()
    return _with_palette(np.asarray(canvas.buffer_rgba())[..., :3])


def _with_palette(pixels: np.ndarray) -> bytes:
    """A PNG file of few colors, about a third as large as one of many."""
    import io

    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(pixels).quantize(96, dither=Image.Dither.NONE).save(file, "PNG")
    return file.getvalue()


def map_figure(
    positions, labels, names: Sequence[str], caption: str, limit: float = LIMIT
) -> plots.Figure:
    """The picture of `map_png` with a caption, which is its alt text too."""
    return plots.Figure(
        plots.img_tag(map_png(positions, labels, names, limit), caption, MAP_WIDTH), caption
    )


def marker_svg(x: float, y: float, limit: float = LIMIT) -> str:
    """Two thin lines that cross at the latents (x, y), and a ring, as large as the map's picture.

    The ring is black in white, so that it is seen on any color. What it says stands in the caption.
    """
    left, top, width, height = MAP_BOX
    across, down = place_on_map(x, y, limit)
    shapes = "".join(
        f'<path d="M{left} {down:.1f}H{left + width}M{across:.1f} {top}V{top + height}" '
        f'stroke="{color}" stroke-width="{line}" opacity="{opacity}"/>'
        f'<circle cx="{across:.1f}" cy="{down:.1f}" r="7" stroke="{color}" '
        f'stroke-width="{ring}" fill="none"/>'
        for color, line, ring, opacity in (("white", 3, 6, 0.6), ("black", 1, 2.5, 0.8))
    )
    return (
        f'<svg aria-hidden="true" width="{MAP_WIDTH}" height="{MAP_HEIGHT}" '
        f'style="display: block; cursor: crosshair">{shapes}</svg>'
    )


def nearest(positions: np.ndarray, x: float, y: float) -> tuple[int, float]:
    """Index of the position (n, 2) that is nearest to (x, y), and its distance.

    >>> nearest(np.array([[0.0, 0.0], [3.0, 4.0]]), 0.0, 1.0)
    (0, 1.0)
    """
    squares = ((positions - np.array([x, y])) ** 2).sum(axis=1)
    index = int(squares.argmin())
    return index, math.sqrt(squares[index])


def check_points(positions, labels, names: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Positions as float64 (n, 2) and labels (n,) that name one of the names each, or a refusal."""
    positions, labels = np.asarray(positions, np.float64), np.asarray(labels)
    if positions.ndim != 2 or positions.shape[1] != 2 or len(positions) == 0:
        raise ValueError(
            f"The positions have shape {positions.shape}; give (n, 2), such as the means that "
            "model.encode(images) returns for a model with 2 latents."
        )
    if not np.isfinite(positions).all():
        raise ValueError("The positions contain NaN or infinity; give finite numbers.")
    if not 1 <= len(names) <= len(MARKERS):
        raise ValueError(f"There are {len(names)} names; give 1 to {len(MARKERS)}.")
    if labels.shape != positions.shape[:1] or labels.dtype.kind not in "iu":
        raise ValueError(
            f"The labels are {labels.dtype} of shape {labels.shape}; give {len(positions)} whole "
            "numbers, one for each position."
        )
    if labels.min() < 0 or labels.max() >= len(names):
        raise ValueError(
            f"The labels run from {labels.min()} to {labels.max()}, but there are names for 0 to "
            f"{len(names) - 1}."
        )
    return positions, labels


# ---- the map explorer ----------------------------------------------------------------------------


class MapExplorer(LivePicture):
    """What `explore_map` returns; its controls: `x`, `x_slider`, `y`, `y_slider`, the map."""

    plain_text = "<map explorer>"

    def __init__(self, model, positions, labels, images, names, limit: float):
        self._model, self._names, self._limit = model, tuple(names), limit
        self._positions, self._labels = check_points(positions, labels, names)
        self._images = plots.to_uint8(images)
        if len(self._images) != len(self._positions):
            raise ValueError(
                f"There are {len(self._images)} images for {len(self._positions)} positions; give "
                "the images that lie there."
            )
        self._make_controls()
        named = {"x": self.x, "y": self.y, "x_slider": self.x_slider, "y_slider": self.y_slider}
        named |= {"map": self.map, "marker": self.marker}
        super().__init__("map", [self.x, self.y], named, 2 * _IMAGE_WIDTH + 20)
        self._arrange()
        for field in (self.x, self.y):
            field.observe(self._update, "value")
        self.pointer = on_press_and_drag(self.marker, self._point_at)  # the marker covers the map

    def _point_at(self, across: float, down: float, dragging: bool) -> None:
        """Go where the mouse points, in screen pixels of the map; a drag may leave the axes."""
        place = latents_at(across, down, self._limit, clip=dragging)
        if place is not None:
            with self._together():
                self.x.value, self.y.value = (round(value, 2) for value in place)

    def _make_controls(self) -> None:
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
        png = map_png(self._positions, self._labels, self._names, self._limit)
        # Never shrunk, so that the marker stays in its place.
        image = plots.img_tag(png, described, MAP_WIDTH).replace("max-width: 100%; ", "")
        size = {"width": f"{MAP_WIDTH}px", "height": f"{MAP_HEIGHT}px"}
        self.map = ipywidgets.HTML(image, layout={**size, "margin": "0"})
        self.marker = ipywidgets.HTML(layout={**size, "margin": f"-{MAP_HEIGHT}px 0 0 0"})

    def _arrange(self) -> None:
        """The sliders beside and below the map; at its right, or below it, what is decoded."""
        picture, column = self.children[0].children
        column.layout.width = picture.layout.width  # so that all fits beside the map on a laptop
        chart = ipywidgets.VBox(
            [self.map, self.marker], layout={"overflow": "hidden", "min_width": f"{MAP_WIDTH}px"}
        )
        left = ipywidgets.VBox(
            [ipywidgets.HBox([self.y_slider, chart]), self.x_slider],
            # Room for the handle at the slider's end; on a very narrow page it scrolls sideways.
            layout={"padding": "0 12px 0 0", "overflow": "auto hidden"},
        )
        right = ipywidgets.VBox([picture, column], layout={"margin": "40px 0 0 0"})
        self.children = (ipywidgets.Box([left, right], layout={"flex_flow": "row wrap"}),)

    def _render(self) -> None:
        x, y = self.x.value, self.y.value
        decoded = self._model.generate(np.array([[x, y]], np.float32))
        index, distance = nearest(self._positions, x, y)
        kind = self._names[self._labels[index]]
        caption = (
            f"Decoded at x = {x:.2f}, y = {y:.2f}. The nearest test image ({kind}) lies "
            f"{distance:.2f} away."
        )
        pair = ((plots.to_uint8(decoded)[0], "decoded"), (self._images[index], f"nearest: {kind}"))
        cells = "".join(
            f"<div>{plots.img_tag(_png(image), alt, _IMAGE_WIDTH, pixelated=True)}<br>{title}</div>"
            for (image, title), alt in zip(pair, (caption, f"Test image: {kind}."), strict=True)
        )
        content = f'<div style="display: flex; gap: 12px; margin-bottom: 6px">{cells}</div>'
        self.picture.value = plots.figure_html(content, caption)
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


def _png(image: np.ndarray) -> bytes:
    return plots.png_bytes(image, compress_level=1)
