"""Sheets: what a studio shows, saved as one PNG that never replaces another."""

import re
from pathlib import Path

from course_utils import plots

SHEET_SCALE = 4  # a pixel of an image becomes 4 x 4 pixels in a saved sheet


def safe_name(text: str) -> str:
    """A text as the name of a file: letters of any script, digits, "_" and "-".

    >>> safe_name("T-shirt/top, seed 0"), safe_name("../红心")
    ('T-shirt_top_seed_0', '红心')
    """
    return re.sub(r"[^\w-]+", "_", text).strip("_-")


def save_sheet(images, folder: str | Path, name: str, columns: int | None = None) -> Path:
    """Write images (n, height, width, channels) as one PNG; returns the path, always a new one.

    columns: images in a row, as in `plots.grid_image`

    Raises OSError with one sentence where the folder cannot be made or written.
    """
    folder = Path(folder).expanduser()
    content = plots.grid_png(images, columns, scale=SHEET_SCALE)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for number in range(1, 10_000):
            path = folder / (f"{name}.png" if number == 1 else f"{name}_{number}.png")
            try:
                with path.open("xb") as file:  # x: never over a picture of before
                    file.write(content)
            except FileExistsError:
                continue
            return path
    except OSError as error:
        raise OSError(
            f"{folder} cannot be written ({error.strerror or error}); choose another folder, "
            "folder='...' where the studio is made."
        ) from None
    raise OSError(f"{folder} holds 9,999 pictures called {name}; move some of them away.")
