"""The live pictures of lesson 03: a convolution of a picture, and gradients that survive or die.

Pure functions of the controls' values, for `widgets.live_figure`; the layers are `layers_by_hand`.
"""

from typing import NamedTuple

import numpy as np

from course_utils import plots
from course_utils.base.arguments import check_name, check_real, check_whole
from course_utils.lessons.networks_and_gradients import layers_by_hand

KERNELS = {
    "zero": np.zeros((3, 3)),
    "copy": np.array([[0, 0, 0], [0, 1, 0], [0, 0, 0]], float),
    "blur": np.full((3, 3), 1 / 9),
    "edges": np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], float),
    "sharpen": np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]], float),
}
WIDTH = 64  # units in a layer, and inputs in the batch, of the gradient's picture
FLOOR = 1e-12  # smaller gradients, 0 among them, are drawn here, those above 1 / FLOOR there
MOST_LAYERS = 20
_POWERS = range(-12, 13, 4)


def kernel_with(preset: str, row: int, column: int, add: float) -> np.ndarray:
    """A kernel (3, 3) of `KERNELS`, with `add` added to the entry in this row and column (1 to 3).

    >>> kernel_with("copy", 2, 3, -1.0).tolist()
    [[0.0, 0.0, 0.0], [0.0, 1.0, -1.0], [0.0, 0.0, 0.0]]
    """
    check_name("kernel", preset, KERNELS)
    check_whole("row", row, 1, 3)
    check_whole("column", column, 1, 3)
    check_real("add", add)
    kernel = KERNELS[preset].copy()
    kernel[row - 1, column - 1] += add
    return kernel


def convolution_figure(
    image, kernel: str, row: int, column: int, add: float, stride: int, padding: str
) -> plots.Figure:
    """A gray image (height, width) in [0, 1], a kernel of `kernel_with`, and what comes out.

    Zero is shown in the same gray in all outputs: brighter is positive, darker negative.
    """
    from matplotlib.figure import Figure as Canvas

    image = np.asarray(image)
    if image.ndim != 2 or image.dtype.kind != "f":
        raise ValueError(
            f"The image is {image.dtype} of shape {image.shape}; give floats of shape "
            "(height, width), such as images[0, :, :, 0] / 255."
        )
    window = kernel_with(kernel, row, column, add)
    output = layers_by_hand.convolution(
        image[None, :, :, None], window[:, :, None, None], stride=stride, padding=padding
    )[0, :, :, 0]
    low, high = output.min() + 0.0, output.max() + 0.0  # no "-0"
    largest = max(abs(low), abs(high), 1e-9)

    fig = Canvas(figsize=(4.8, 2.1))
    # Fixed places, since an automatic layout takes half of the time.
    panels = [
        ((0.01, 0.03, 0.38, 0.86), image, (0, 1), f"input {_side(image)}"),
        ((0.40, 0.24, 0.20, 0.45), window, (-3, 3), "kernel"),
        ((0.61, 0.03, 0.38, 0.86), output, (-largest, largest), f"output {_side(output)}"),
    ]
    for place, values, (lowest, highest), title in panels:
        axes = fig.add_axes(place)
        cmap = "cividis" if title == "kernel" else "gray"
        axes.imshow(values, cmap=cmap, vmin=lowest, vmax=highest)
        axes.set_title(title, fontsize=10)
        axes.set(xticks=(), yticks=())
        if title == "kernel":
            for (y, x), value in np.ndenumerate(values):
                color = "black" if value > 0.5 else "white"
                axes.text(x, y, f"{value:.2g}", ha="center", va="center", color=color, fontsize=8)
    changed = f" with {add:+.2g} in row {row}, column {column}" if add else ""
    caption = (
        f"Kernel {kernel}{changed}, stride {stride}, padding {padding}: {_side(image)} pixels "
        f"become {_side(output)}, from {low:.2f} to {high:.2f}; zero is middle gray."
    )
    return plots.chart_figure(fig, caption, quick=True)


def _side(image: np.ndarray) -> str:
    return f"{image.shape[0]} x {image.shape[1]}"


# ---- gradients through many layers ---------------------------------------------------------------


class Survival(NamedTuple):
    """What reaches each layer: gradients (layers + 1,), from the input to the output, relative to
    the output's; and the share of all slopes (inputs, units, layers) that are below 0.01."""

    sizes: np.ndarray
    closed: float


def surviving_gradient(
    activation: str,
    num_layers: int,
    input_scale: float,
    weight_scale: float,
    bias: float = 0.0,
    seed: int = 0,
) -> Survival:
    """Back-propagation through dense layers of 64 units: how large is the gradient before each?

    Inputs and weights are normal, the inputs with the standard deviation `input_scale`, the weights
    with weight_scale / 8, where 8 is the root of the number of units; every unit has this `bias`.
    Sizes are roots of mean squares over 64 inputs and all units.
    """
    layers_by_hand.activation(activation, 0.0)  # refuses an unknown name
    check_whole("num_layers", num_layers, 1, MOST_LAYERS)
    check_real("input_scale", input_scale, 0, open_ended=True)
    check_real("weight_scale", weight_scale, 0, open_ended=True)
    check_real("bias", bias)
    random = np.random.default_rng(seed)
    values = input_scale * random.standard_normal((WIDTH, WIDTH))
    gradient = random.standard_normal((WIDTH, WIDTH))
    kernels = weight_scale / np.sqrt(WIDTH) * random.standard_normal((num_layers, WIDTH, WIDTH))
    slopes = []
    for kernel in kernels:
        before = values @ kernel + bias
        values = layers_by_hand.activation(activation, before)
        slopes.append(layers_by_hand.activation_slope(activation, before))
    squares = [np.mean(gradient**2)]
    for kernel, slope in zip(kernels[::-1], slopes[::-1], strict=True):
        gradient = (gradient * slope) @ kernel.T
        squares.append(np.mean(gradient**2))
    sizes = np.sqrt(np.array(squares[::-1]) / squares[0])
    return Survival(sizes, float(np.mean(np.array(slopes) < 0.01)))


def gradient_figure(
    activation: str, layers: int, inputs: float, weights: float, bias: float, seed: int
) -> plots.Figure:
    """The gradient before each layer, in powers of ten; values as in `surviving_gradient`."""
    from matplotlib.figure import Figure as Canvas

    sizes, closed = surviving_gradient(activation, layers, inputs, weights, bias, seed)
    fig = Canvas(figsize=(4.8, 3.2))
    axes = fig.add_axes((0.15, 0.16, 0.83, 0.76))
    # Powers of ten as plain text: a logarithmic axis takes four times as long to draw.
    powers = np.log10(np.clip(sizes, FLOOR, 1 / FLOOR))
    axes.plot(np.arange(layers + 1), powers, "o-", color=plots.COLORS[0], linewidth=2)
    axes.axhline(0, color="black", linestyle=":", linewidth=1)
    axes.set(xlim=(-0.5, MOST_LAYERS + 0.5), ylim=(-12.8, 12.8), xticks=range(0, 21, 5))
    axes.set_yticks(_POWERS, [f"1e{power:+d}" if power else "1" for power in _POWERS])
    axes.set_xlabel("layers passed, counted from the input", fontsize=11)
    axes.set_title("size of the gradient (1 at the output)", fontsize=11, loc="left")
    axes.grid(color="#dddddd", linewidth=0.8)
    arrives = "nothing at all" if sizes[0] == 0 else f"{sizes[0]:.2g}"
    caption = (
        f"{activation.replace('_', ' ')}, {layers} {'layer' if layers == 1 else 'layers'}, input "
        f"scale {inputs:g}, weight scale {weights:g}, bias {bias:g}, seed {seed}: of a gradient of "
        f"1 at the output, {arrives} arrives at the input; {100 * closed:.0f} % of the slopes are "
        "below 0.01."
    )
    return plots.chart_figure(fig, caption, quick=True)
