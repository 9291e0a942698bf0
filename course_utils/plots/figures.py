"""Pictures on a page: an HTML figure with a caption and an alt text, for images, photos and charts.

The bytes are made in `images`, what a chart shows in `charts`.
"""

import base64
import html
from collections.abc import Sequence

import numpy as np
from IPython.display import display

from course_utils.base.arguments import check_whole
from course_utils.plots.images import (
    default_columns,
    grid_image,
    grid_png,
    png_bytes,
    to_uint8,
)

_PIXELATED = "image-rendering: pixelated; "
_SHRINKS = "max-width: 100%; "


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


def beside_figure(figures: Sequence[Figure], caption: str) -> Figure:
    """Several figures' pictures in one row, which wraps on a narrow page, above one caption."""
    contents = "".join(f"<div>{figure.content}</div>" for figure in figures)
    row = f'<div style="display: flex; flex-wrap: wrap; gap: 1em; align-items: center">{contents}'
    return Figure(f"{row}</div>", caption)


def img_tag(
    png: bytes,
    alt: str,
    width: int | None = None,
    *,
    pixelated: bool = False,
    shrinks: bool = True,
) -> str:
    """An HTML image that holds the PNG file itself.

    alt: what the picture shows, in words; read aloud, and seen where the picture is missing.
    width: shown width in screen pixels; pixelated: enlarge in crisp squares, without smoothing;
    shrinks: on a page that is narrower than the picture, which otherwise reaches beyond it.
    """
    if not alt.strip():
        raise ValueError("The alt text is empty; say in a sentence what the picture shows.")
    shown_width = "" if width is None else f' width="{width}"'
    # A white ground keeps charts readable in a dark theme.
    style = f"{_PIXELATED if pixelated else ''}{_SHRINKS if shrinks else ''}background: white"
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
    if columns is not None:
        check_whole("columns", columns)
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


def pictures_figure(
    images, caption: str, columns: int | None = None, width: int = 460, compress_level: int = 9
) -> Figure:
    """Pictures side by side, at their own pixels, `width` wide on the screen; for photos.

    Unlike `images_figure` it enlarges in the browser: a photo's file stays small.
    """
    check_whole("width", width, 1)
    shapes = [np.shape(image) for image in images]
    if not shapes:
        raise ValueError("There is no picture to show; give one or more.")
    if len(set(shapes)) > 1:
        raise ValueError(f"The pictures have shapes {shapes}; give pictures of one shape.")
    grid = grid_image(np.stack(images), columns or len(images), gap=3, scale=1, fill=255)
    png = png_bytes(grid, compress_level=compress_level)
    return Figure(img_tag(png, caption, width), caption)


def pixels_figure(
    images,
    caption: str,
    columns: int | None = None,
    scale: int = 2,
    *,
    side: int | None = None,
    few_colors: bool = False,
) -> Figure:
    """A grid whose file has one pixel a pixel; the browser enlarges it in crisp squares.

    images, columns: as in `grid_image`. scale: screen pixels a pixel; with `side` instead the
    largest whole number that keeps the grid within so many screen pixels, both ways.
    few_colors: slower to make, and a tenth the size of what `images_figure` would store; otherwise
    it is quick, for live pictures.
    """
    grid = grid_image(images, columns, scale=1)
    if side is not None:
        scale = max(1, check_whole("side", side) // max(grid.shape[:2]))
    png = (
        png_bytes(grid, compress_level=9, colors=256, keep_rare=True)
        if few_colors
        else png_bytes(grid, compress_level=1)
    )
    width = check_whole("scale", scale) * grid.shape[1]
    return Figure(img_tag(png, caption, width, pixelated=True), caption)


def photos_figure(photos, caption: str, columns: int | None = None, scale: int = 2) -> Figure:
    """The `pixels_figure` of color photos (n, height, width, 3), or of one without n, stored small.

    Unlike `pictures_figure` it shows the pixels themselves: what a network has drawn.
    """
    photos = np.asarray(photos)
    photos = photos[np.newaxis] if photos.ndim == 3 else photos
    return pixels_figure(photos, caption, columns, scale, few_colors=True)


def show_photos(photos, caption: str, columns: int | None = None, scale: int = 2) -> None:
    """Show the `photos_figure` of these arguments."""
    display(photos_figure(photos, caption, columns, scale))
