"""Matplotlib drawn into pixels outside pyplot, and a backdrop that is drawn once and restored.

Pyplot's list of figures is shared with the learner, and not safe in threads. Matplotlib is imported
when something is drawn.
"""

from collections.abc import Hashable, Iterable

import numpy as np

from course_utils.plots.images import png_bytes


def drawn_pixels(fig) -> np.ndarray:
    """A Matplotlib figure as it is drawn at its own dpi: uint8 (height, width, 3)."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    canvas = FigureCanvasAgg(fig)
    canvas.draw()
    return np.asarray(canvas.buffer_rgba())[..., :3]


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
