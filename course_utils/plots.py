"""Pictures and charts that carry an alt text: image grids as PNG, small Matplotlib charts.

Everything is shown as HTML `<figure><img alt=…>`, since only that alt text survives both JupyterLab
and nbconvert. Pictures are encoded with Pillow (ten times faster than Matplotlib) and need no
TensorFlow. What is plotted is computed elsewhere.
"""

import base64
import html
import io
import math
import sys
from collections.abc import Mapping, Sequence

import numpy as np
from IPython.display import display
from PIL import Image

# Okabe and Ito's colors, which stay apart for color-blind readers, without the pale yellow.
COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
LINE_STYLES = ("-", "--", "-.", ":")
MARKERS = ("o", "x", "^", "s", "+", "D", "v")
GAP_VALUE = 160  # a gray that separates images with dark borders and images with bright ones

_CHART_DPI = 144  # charts are drawn half as large again as they are shown: sharp on fine screens
_PIXELATED = "image-rendering: pixelated; "


# ---- arrays to PNG -------------------------------------------------------------------------------


def to_uint8(images) -> np.ndarray:
    """Images as uint8 of shape (n, height, width) for gray or (n, height, width, 3) for color.

    images: (n, height, width) or (n, height, width, 1 or 3), uint8, or floats in [0, 1].
    Raises ValueError or TypeError with one sentence when they are anything else.
    """
    images = np.asarray(images)
    _check_shape(images)
    if images.dtype != np.uint8:
        if not np.issubdtype(images.dtype, np.floating):
            raise TypeError(
                f"The images are {images.dtype}; give uint8 from 0 to 255 or floats from 0 to 1."
            )
        images = _floats_to_uint8(images)
    return images[..., 0] if images.ndim == 4 and images.shape[3] == 1 else images


def _check_shape(images: np.ndarray) -> None:
    if images.ndim == 2 or (images.ndim == 3 and images.shape[2] in (1, 3)):
        raise ValueError(
            f"The shape {images.shape} looks like one single image; pass images[None] for a batch "
            "of one."
        )
    if images.ndim not in (3, 4) or (images.ndim == 4 and images.shape[3] not in (1, 3)):
        raise ValueError(
            f"The images have shape {images.shape}; give (n, height, width) or "
            "(n, height, width, channels) with 1 or 3 channels."
        )
    if images.size == 0:
        raise ValueError(f"There is nothing to draw: the images have shape {images.shape}.")


def _floats_to_uint8(images: np.ndarray) -> np.ndarray:
    low, high = float(images.min()), float(images.max())
    if not (math.isfinite(low) and math.isfinite(high)):
        count = int((~np.isfinite(images)).sum())
        raise ValueError(
            f"{count} of {images.size} pixel values are NaN or infinite; look at the step that "
            "made these images."
        )
    if low < -1e-3 or high > 1 + 1e-3:
        raise ValueError(
            f"The float images run from {low:.4g} to {high:.4g}; bring them to [0, 1] first "
            "(data.unscale_pixels does it for values in [-1, 1])."
        )
    return (np.clip(images, 0.0, 1.0) * 255.0 + 0.5).astype(np.uint8)


def grid_image(
    images, columns: int | None = None, gap: int = 1, scale: int = 2, fill: int = GAP_VALUE
) -> np.ndarray:
    """One uint8 picture, (height, width) or (height, width, 3), of images side by side.

    columns: images in a row, by default as many as make the grid about square.
    gap: pixels between images, before scaling. scale: each pixel becomes scale x scale pixels.
    fill: gray value of the gaps and of the empty places in the last row.

    >>> grid_image(np.zeros((6, 28, 28, 1)), columns=3, scale=1).shape
    (57, 86)
    """
    images = to_uint8(images)
    _check_count("columns", columns, optional=True)
    _check_count("scale", scale)
    n, height, width = images.shape[:3]
    columns = min(n, columns or default_columns(n))
    rows = math.ceil(n / columns)
    cell = (height + gap, width + gap)
    # A cell holds an image with a gap below and to its right; the outermost gaps are cut off.
    cells = np.full((rows * columns, *cell, *images.shape[3:]), fill, np.uint8)
    cells[:n, :height, :width] = images
    cells = cells.reshape(rows, columns, *cells.shape[1:]).swapaxes(1, 2)
    picture = cells.reshape(rows * cell[0], columns * cell[1], *images.shape[3:])
    return _enlarge(picture[: rows * cell[0] - gap, : columns * cell[1] - gap], scale)


def default_columns(n: int) -> int:
    """Images in a row so that n of them make an about square grid.

    >>> [default_columns(n) for n in (1, 2, 9, 10, 16)]
    [1, 2, 3, 4, 4]
    """
    return math.ceil(math.sqrt(n))


def _enlarge(picture: np.ndarray, scale: int) -> np.ndarray:
    return picture if scale == 1 else picture.repeat(scale, axis=0).repeat(scale, axis=1)


def _check_count(name: str, value, optional: bool = False) -> None:
    if optional and value is None:
        return
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 1:
        raise ValueError(f"{name} is {value!r}; give a whole number of 1 or more.")


def png_bytes(image: np.ndarray, scale: int = 1, compress_level: int = 6) -> bytes:
    """PNG file of one uint8 picture, (height, width) or (height, width, 3); gray stays gray.

    compress_level: zlib's, from 1 (fast, for live pictures) to 9 (small).
    """
    image = np.asarray(image)
    _check_count("scale", scale)
    is_picture = image.ndim == 2 or (image.ndim == 3 and image.shape[2] == 3)
    if image.dtype != np.uint8 or not is_picture or image.size == 0:
        raise ValueError(
            f"The picture is {image.dtype} of shape {image.shape}; give uint8 of shape "
            "(height, width) or (height, width, 3)."
        )
    file = io.BytesIO()
    picture = Image.fromarray(np.ascontiguousarray(_enlarge(image, scale)))
    picture.save(file, "PNG", compress_level=compress_level)
    return file.getvalue()


def grid_png(images, columns: int | None = None, scale: int = 2, compress_level: int = 6) -> bytes:
    """PNG file of a grid of images; arguments as in `grid_image` and `png_bytes`."""
    return png_bytes(grid_image(images, columns, scale=scale), compress_level=compress_level)


# ---- HTML with an alt text -----------------------------------------------------------------------


class Figure:
    """What a notebook shows and stores: an HTML figure, and a plain text without addresses."""

    def __init__(self, content: str, caption: str):
        self.content = content
        self.caption = caption

    def _repr_html_(self) -> str:
        return figure_html(self.content, self.caption)

    def __repr__(self) -> str:
        return f"<figure: {self.caption}>"


def beside(figures: Sequence[Figure], caption: str) -> Figure:
    """Several figures' pictures in one row, which wraps on a narrow page, above one caption."""
    contents = "".join(f"<div>{figure.content}</div>" for figure in figures)
    row = f'<div style="display: flex; flex-wrap: wrap; gap: 1em; align-items: center">{contents}'
    return Figure(f"{row}</div>", caption)


def img_tag(png: bytes, alt: str, width: int | None = None, *, pixelated: bool = False) -> str:
    """An HTML image that holds the PNG file itself.

    alt: what the picture shows, in words; read aloud, and seen where the picture is missing.
    width: shown width in screen pixels; pixelated: enlarge in crisp squares, without smoothing.
    """
    if not alt.strip():
        raise ValueError("The alt text is empty; say in a sentence what the picture shows.")
    shown_width = "" if width is None else f' width="{width}"'
    # Never wider than the page; a white ground keeps charts readable in a dark theme.
    style = f"{_PIXELATED if pixelated else ''}max-width: 100%; background: white"
    return (
        f'<img alt="{html.escape(alt)}"{shown_width} style="{style}" '
        f'src="data:image/png;base64,{base64.b64encode(png).decode()}">'
    )


def figure_html(content: str, caption: str) -> str:
    """An HTML figure with a visible caption below its content."""
    return (
        # Widgets space their lines as widely as their buttons; a caption is text.
        f'<figure style="margin: 0.5em 0; line-height: 1.4">{content}'
        f"<figcaption>{html.escape(caption)}</figcaption></figure>"
    )


def images_figure(
    images,
    caption: str,
    columns: int | None = None,
    titles: Sequence[str] | None = None,
    scale: int = 2,
    *,
    alt: str | None = None,
) -> Figure:
    """A grid of images with a caption, which is the alt text too unless `alt` is given.

    images, columns, scale: as in `grid_image`; 14 images of 28 pixels fill a laptop's page at scale
    2, wider grids are shrunk by the browser. titles: one short text under each image.
    """
    if titles is None:
        png = grid_png(images, columns, scale, compress_level=9)
        content = img_tag(png, alt or caption, pixelated=True)
    else:
        content = _titled_images(images, columns, list(titles), scale)
    return Figure(content, caption)


def show_images(images, caption: str, columns=None, titles=None, scale: int = 2, *, alt=None):
    """Show the `images_figure` of these arguments."""
    display(images_figure(images, caption, columns, titles, scale, alt=alt))


def _titled_images(images, columns: int | None, titles: list[str], scale: int) -> str:
    """A table of images, each above its title, which is its alt text too."""
    images = to_uint8(images)
    _check_count("columns", columns, optional=True)
    if len(titles) != len(images):
        raise ValueError(
            f"There are {len(images)} images but {len(titles)} titles; give one title per image."
        )
    columns = columns or default_columns(len(images))
    cells = [
        '<td style="text-align: center; vertical-align: top; background: none">'
        f"{img_tag(png_bytes(image, scale, 9), title, pixelated=True)}<br>{html.escape(title)}</td>"
        for image, title in zip(images, map(str, titles), strict=True)
    ]
    rows = [cells[start : start + columns] for start in range(0, len(cells), columns)]
    body = "".join(f"<tr>{''.join(row)}</tr>" for row in rows)
    return f'<table role="presentation">{body}</table>'


# ---- charts --------------------------------------------------------------------------------------


def chart_figure(fig, caption: str, *, alt: str | None = None, quick: bool = False) -> Figure:
    """A Matplotlib figure with a caption, which is the alt text too unless `alt` is given.

    quick: for live pictures: several times faster, in a larger file, not cropped to its content.
    The Matplotlib figure is closed, so that a notebook does not show it a second time.
    """
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close(fig)
    png, shown_width = _quick_png(fig) if quick else _small_png(fig)
    return Figure(img_tag(png, alt or caption, shown_width), caption)


def _small_png(fig) -> tuple[bytes, int]:
    """A chart's PNG file, cropped, and the width to show it at."""
    file = io.BytesIO()
    fig.savefig(file, format="png", dpi=_CHART_DPI, facecolor="white", bbox_inches="tight")
    with Image.open(file) as picture:
        shown_width = round(picture.width * 100 / _CHART_DPI)
        small = io.BytesIO()
        # A chart has few colors: a palette makes its file about a third as large.
        picture.convert("RGB").quantize(128, dither=Image.Dither.NONE).save(small, "PNG")
    return small.getvalue(), shown_width


def _quick_png(fig) -> tuple[bytes, int]:
    """A chart's PNG file as it is drawn once, and the width to show it at."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    canvas = FigureCanvasAgg(fig)
    fig.set_dpi(_CHART_DPI)
    canvas.draw()
    pixels = np.asarray(canvas.buffer_rgba())[..., :3]
    return png_bytes(pixels, compress_level=1), round(pixels.shape[1] * 100 / _CHART_DPI)


def show_figure(fig, caption: str, *, alt: str | None = None) -> None:
    """Show the `chart_figure` of a Matplotlib figure."""
    display(chart_figure(fig, caption, alt=alt))


def _chart(xlabel: str, ylabel: str, size: tuple[float, float]):
    """An empty chart (figure, axes) outside pyplot's global list, with readable letters."""
    from matplotlib.figure import Figure as Canvas

    fig = Canvas(figsize=size)
    axes = fig.add_subplot()
    axes.set_xlabel(xlabel, fontsize=12)
    axes.set_ylabel(ylabel, fontsize=12)
    axes.tick_params(labelsize=11)
    axes.grid(color="#dddddd", linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    return fig, axes


def _check_named(values, what: str) -> None:
    if not isinstance(values, Mapping) or not values:
        raise ValueError(
            f"There are no {what} to draw; give a dictionary of name: {what}, not {values!r}."
        )


def curves_figure(
    series: Mapping[str, Sequence[float]],
    caption: str,
    xlabel: str,
    ylabel: str,
    *,
    x: Sequence[float] | None = None,
    alt: str | None = None,
    size: tuple[float, float] = (7.0, 3.6),
    ylim: tuple[float, float] | None = None,
) -> Figure:
    """Named curves, such as the losses of a training, told apart by color and line style.

    series: name -> values (n,); a value that is NaN leaves a gap. x: the places (n,) of the values,
    by default 1, 2, 3, …. size: of the chart, in inches. ylim: lowest and highest value, for charts
    that are to be compared.
    """
    _check_named(series, "curves")
    fig, axes = _chart(xlabel, ylabel, size)
    for index, (name, values) in enumerate(series.items()):
        values = np.asarray(values, dtype=float)
        if values.ndim != 1 or len(values) == 0:
            raise ValueError(
                f"The curve {name!r} has shape {values.shape}; give a list of at least one number."
            )
        places = np.arange(1, len(values) + 1) if x is None else np.asarray(x, dtype=float)
        if places.shape != values.shape:
            raise ValueError(
                f"The curve {name!r} has {len(values)} values but x has shape {places.shape}; "
                "give one place per value."
            )
        axes.plot(
            places,
            values,
            label=name,
            color=COLORS[index % len(COLORS)],
            linestyle=LINE_STYLES[index % len(LINE_STYLES)],
            linewidth=2,
            marker="o" if len(values) <= 12 else None,
        )
    if x is None:
        axes.xaxis.get_major_locator().set_params(integer=True)
    if ylim is not None:
        axes.set_ylim(*ylim)
    if len(series) > 1:
        axes.legend(fontsize=11, frameon=False, handlelength=3.2)
    return chart_figure(fig, caption, alt=alt)


def curves(
    series: Mapping[str, Sequence[float]], caption: str, xlabel: str, ylabel: str, **options
):
    """Show the `curves_figure` of these arguments."""
    display(curves_figure(series, caption, xlabel, ylabel, **options))


def scatter_points(
    groups: Mapping[str, np.ndarray],
    caption: str,
    xlabel: str = "x",
    ylabel: str = "y",
    *,
    alt: str | None = None,
) -> None:
    """Draw named sets of 2-D points, (n, 2) each, told apart by color and marker."""
    _check_named(groups, "points")
    fig, axes = _chart(xlabel, ylabel, (5.0, 5.0))
    _scatter(axes, groups)
    axes.set_aspect("equal", adjustable="datalim")
    if len(groups) > 1:
        axes.legend(fontsize=11, frameon=False, loc="lower left", bbox_to_anchor=(0, 1), ncols=3)
    show_figure(fig, caption, alt=alt)


def scatter_panels(
    panels: Mapping[str, Mapping[str, np.ndarray]],
    caption: str,
    *,
    limit: float = 1.7,
    alt: str | None = None,
) -> None:
    """Draw several `scatter_points` side by side, such as the stages of a training.

    panels: title -> named sets of points (n, 2); the same names, in the same order, in all
        of them.
    limit: each panel shows the plane from minus this to this, both ways.
    """
    from matplotlib.figure import Figure as Canvas

    _check_named(panels, "panels")
    fig = Canvas(figsize=(2.6 * len(panels), 3.0), layout="constrained")
    for axes, (title, groups) in zip(
        fig.subplots(1, len(panels), squeeze=False)[0], panels.items(), strict=True
    ):
        _check_named(groups, "points")
        _scatter(axes, groups, size=8)
        axes.set_title(title, fontsize=11)
        axes.set(xlim=(-limit, limit), ylim=(-limit, limit), aspect="equal", xticks=(), yticks=())
    handles, labels = axes.get_legend_handles_labels()
    if len(labels) > 1:
        fig.legend(handles, labels, loc="outside lower center", ncols=3, frameon=False, fontsize=11)
    show_figure(fig, caption, alt=alt)


def _scatter(axes, groups: Mapping[str, np.ndarray], size: float = 14) -> None:
    """Named sets of points on axes, told apart by color and marker."""
    for index, (name, points) in enumerate(groups.items()):
        points = np.asarray(points, dtype=float)
        if points.ndim != 2 or points.shape[1] != 2 or len(points) == 0:
            raise ValueError(
                f"The points {name!r} have shape {points.shape}; give (n, 2) with at least one."
            )
        axes.scatter(
            points[:, 0],
            points[:, 1],
            label=name,
            color=COLORS[index % len(COLORS)],
            marker=MARKERS[index % len(MARKERS)],
            s=size,
            alpha=0.6,
            linewidths=1,
        )
