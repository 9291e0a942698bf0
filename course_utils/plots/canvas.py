"""Matplotlib drawn into pixels outside pyplot, and a backdrop that is drawn once and restored.

Pyplot's list of figures is shared with the learner, and not safe in threads. Matplotlib is imported
when something is drawn.
"""

from collections.abc import Hashable, Iterable
from typing import NamedTuple

import numpy as np

from course_utils.plots.images import png_bytes


def drawn_pixels(fig) -> np.ndarray:
    """A Matplotlib figure as it is drawn at its own dpi: uint8 (height, width, 3)."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    canvas = FigureCanvasAgg(fig)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[..., :3]


class PlaneBox(NamedTuple):
    """Where axes lie in a picture, in screen pixels from its left and top; the plane goes from
    -limit to limit, both ways."""

    left: float
    top: float
    width: float
    height: float

    def place_of(self, x: float, y: float, limit: float) -> tuple[float, float]:
        """Screen pixels from the left and from the top of the picture, of a point (x, y).

        >>> PlaneBox(36, 34, 440, 440).place_of(0.0, 0.0, 2.2)
        (256.0, 254.0)
        """
        across, up = (value / (2 * limit) + 0.5 for value in (x, y))
        return self.left + across * self.width, self.top + (1 - up) * self.height

    def point_at(
        self, across: float, down: float, limit: float, *, clip: bool = False
    ) -> tuple[float, float] | None:
        """The point (x, y) at a place of the picture; `place_of` back.

        Beside the axes there is none, None; with `clip`, the nearest one on their edge.

        >>> box = PlaneBox(36, 34, 440, 440)
        >>> box.point_at(256.0, 20.0, 2.2), box.point_at(256.0, 20.0, 2.2, clip=True)
        (None, (0.0, 2.2))
        """
        shares = (across - self.left) / self.width, 1 - (down - self.top) / self.height
        if not clip and any(not 0 <= share <= 1 for share in shares):
            return None
        x, y = ((2 * min(max(share, 0.0), 1.0) - 1) * limit for share in shares)
        return x, y

    def axes_of(self, width: float, height: float) -> tuple[float, float, float, float]:
        """The box as Matplotlib's `add_axes` takes it, in a picture of so many pixels."""
        bottom = height - self.top - self.height
        return self.left / width, bottom / height, self.width / width, self.height / height


def short_arrows(vectors: np.ndarray, scale: float, longest: float) -> np.ndarray:
    """Arrows (n, 2) to draw for these vectors: scaled, and cut at the longest.

    >>> short_arrows(np.array([[0.0, 1.0], [100.0, 0.0], [0.0, 0.0]]), 0.25, 0.4)
    array([[0.  , 0.25],
           [0.4 , 0.  ],
           [0.  , 0.  ]])
    """
    lengths = scale * np.linalg.norm(vectors, axis=1, keepdims=True)
    return scale * vectors * np.minimum(1, longest / np.maximum(lengths, 1e-12))


class Backdrop:
    """What stays of a live picture, drawn once; `png` restores it and adds what moves.

    size: in inches, (width, height); dpi: pixels an inch. Draw into `figure` what stays, add with
    `animated=True`, which keeps it out of the backdrop, what moves, and call `keep`. Text is what
    takes Matplotlib longest: a redraw without it takes about 15 ms.
    """

    def __init__(self, size: tuple[float, float], dpi: float):
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure

        self.figure = Figure(figsize=size, dpi=dpi)
        self._canvas = FigureCanvasAgg(self.figure)
        self._kept = {}

    def keep(self, key: Hashable = None) -> None:
        """Draw all that stays, as it is now; one picture may keep several, each under a key."""
        self._canvas.draw()
        self._kept[key] = self._canvas.copy_from_bbox(self.figure.bbox)

    def has(self, key: Hashable = None) -> bool:
        """Whether something was kept under this key."""
        return key in self._kept

    def png(self, artists: Iterable, key: Hashable = None) -> bytes:
        """PNG file of what was kept under the key, with these artists drawn over it in order."""
        self._canvas.restore_region(self._kept[key])
        for artist in artists:
            artist.axes.draw_artist(artist)
        pixels = np.asarray(self._canvas.buffer_rgba())[..., :3]
        return png_bytes(pixels, compress_level=1)
