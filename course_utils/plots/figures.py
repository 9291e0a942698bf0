"""Pictures on a page: an HTML figure with a caption and an alt text, for images, photos and charts.

The bytes are made in `images`, what a chart shows in `charts`.
"""

import base64
import html
import io
from collections.abc import Sequence

import numpy as np
from IPython.display import display
from PIL import Image

from course_utils.base.arguments import check_whole
from course_utils.plots.images import (
    default_columns,
    grid_image,
    grid_png,
    png_bytes,
    to_uint8,
)

_PIXELATED = "image-rendering: pixelated; "


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


def photos_figure(photos, caption: str, columns: int | None = None, scale: int = 2) -> Figure:
    """Color pictures (n, height, width, 3), or one without n, with a caption, as a small file.

    The file has one pixel a pixel and 256 colors; the browser enlarges it by `scale`. A tenth the
    size of what `images_figure` would store.
    """
    photos = np.asarray(photos)
    grid = grid_image(photos[np.newaxis] if photos.ndim == 3 else photos, columns, scale=1)
    file = io.BytesIO()
    # Maximum coverage keeps the colors of small things, such as eyes; the median cut loses them.
    few_colors = Image.fromarray(grid).quantize(
        256, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE
    )
    few_colors.save(file, "PNG", optimize=True)
    width = scale * grid.shape[1]
    return Figure(img_tag(file.getvalue(), caption, width, pixelated=True), caption)


def show_photos(photos, caption: str, columns: int | None = None, scale: int = 2) -> None:
    """Show the `photos_figure` of these arguments."""
    display(photos_figure(photos, caption, columns, scale))
