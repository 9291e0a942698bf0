"""Pictures and charts that carry an alt text: image grids as PNG, small Matplotlib charts.

Everything is shown as HTML `<figure><img alt=…>`, since only that alt text survives both JupyterLab
and nbconvert. Nothing here needs TensorFlow; what is plotted is computed elsewhere.
"""

from course_utils.plots.canvas import Backdrop, PlaneBox, drawn_pixels, short_arrows
from course_utils.plots.charts import (
    COLORS,
    LINE_STYLES,
    MARKERS,
    chart_figure,
    curves,
    curves_figure,
    dots_figure,
    scatter_panels,
    scatter_points,
    show_figure,
)
from course_utils.plots.figures import (
    Figure,
    beside_figure,
    figure_html,
    images_figure,
    img_tag,
    photos_figure,
    pictures_figure,
    pixels_figure,
    show_images,
    show_photos,
)
from course_utils.plots.images import (
    GAP_VALUE,
    default_columns,
    grid_image,
    grid_png,
    png_bytes,
    to_uint8,
)
from course_utils.plots.small_charts import (
    curve_in_words,
    small_curves_figure,
    small_points_figure,
)

__all__ = [
    "COLORS",
    "GAP_VALUE",
    "LINE_STYLES",
    "MARKERS",
    "Backdrop",
    "Figure",
    "PlaneBox",
    "beside_figure",
    "chart_figure",
    "curve_in_words",
    "curves",
    "curves_figure",
    "default_columns",
    "dots_figure",
    "drawn_pixels",
    "figure_html",
    "grid_image",
    "grid_png",
    "images_figure",
    "img_tag",
    "photos_figure",
    "pictures_figure",
    "pixels_figure",
    "png_bytes",
    "scatter_panels",
    "scatter_points",
    "short_arrows",
    "show_figure",
    "show_images",
    "show_photos",
    "small_curves_figure",
    "small_points_figure",
    "to_uint8",
]
