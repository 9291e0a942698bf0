"""The layers of the course's networks in NumPy: dense, convolution, its transpose, batch norm.

Owns what each layer computes, written to be read and compared with Keras, and the formulas for
sizes and receptive fields (`models.receptive_field` measures them). No training, no TensorFlow.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from course_utils.base.arguments import check_finite, check_name, check_real, check_whole

PADDINGS = ("same", "valid")
ACTIVATIONS = ("linear", "sigmoid", "tanh", "relu", "leaky_relu")
LEAK = 0.2  # slope of the leaky ReLU below 0
EPSILON = 1e-3  # what batch normalization adds to a variance, in Keras too


# ---- checks --------------------------------------------------------------------------------------


def _channels(name: str, array: np.ndarray, expected: int, of: str) -> np.ndarray:
    if array.shape != (expected,):
        raise ValueError(
            f"{name} has shape {array.shape}; give ({expected},), one number for each {of}."
        )
    return array


def _bias(bias, outputs: int):
    return 0.0 if bias is None else _channels("bias", check_finite("bias", bias), outputs, "output")


# ---- dense and activations -----------------------------------------------------------------------


def dense(inputs, kernel, bias=None) -> np.ndarray:
    """inputs @ kernel + bias: (n, inputs) and (inputs, outputs) to (n, outputs), float64.

    >>> dense([[1, 2]], [[1, 0], [0, 3]], [10, 20])
    array([[11., 26.]])
    """
    inputs = check_finite("inputs", inputs, 2, "(n, inputs)")
    kernel = check_finite("kernel", kernel, 2, "(inputs, outputs)")
    if inputs.shape[1] != len(kernel):
        raise ValueError(
            f"inputs has {inputs.shape[1]} columns and kernel {len(kernel)} rows; "
            "give one row of the kernel for each input."
        )
    return inputs @ kernel + _bias(bias, kernel.shape[1])


def activation(name: str, values) -> np.ndarray:
    """One of `ACTIVATIONS`, entry by entry, in float64.

    >>> activation("leaky_relu", [-1.0, 2.0])
    array([-0.2,  2. ])
    """
    check_name("activation", name, ACTIVATIONS)
    values = check_finite("values", values)
    if name == "sigmoid":
        return np.exp(-np.logaddexp(0.0, -values))  # without overflow for large negative values
    if name == "tanh":
        return np.tanh(values)
    if name == "linear":
        return values
    return np.where(values > 0, values, (LEAK if name == "leaky_relu" else 0.0) * values)


def activation_slope(name: str, values) -> np.ndarray:
    """The derivative of `activation(name, values)`, entry by entry; at a kink the lower slope.

    >>> activation_slope("sigmoid", [0.0])
    array([0.25])
    """
    outputs = activation(name, values)
    if name == "sigmoid":
        return outputs * (1 - outputs)
    if name == "tanh":
        return 1 - outputs**2
    if name == "linear":
        return np.ones_like(outputs)
    return np.where(outputs > 0, 1.0, LEAK if name == "leaky_relu" else 0.0)


# ---- convolution ---------------------------------------------------------------------------------


def output_size(size: int, window: int, stride: int = 1, padding: str = "valid") -> int:
    """Side of a convolution's output; Dumoulin and Visin 2016, relationships 5 and 6.

    "valid": floor((size - window) / stride) + 1. "same": ceil(size / stride).

    >>> output_size(28, 3), output_size(28, 3, 2, "same"), output_size(7, 4, 2, "same")
    (26, 14, 4)
    """
    for name, value in {"size": size, "window": window, "stride": stride}.items():
        check_whole(name, value)
    check_name("padding", padding, PADDINGS)
    if padding == "same":
        return -(-size // stride)
    if window > size:
        raise ValueError(
            f"A window of {window} does not fit into {size} pixels; use padding='same' or a "
            "smaller window."
        )
    return (size - window) // stride + 1


def padding_amounts(size: int, window: int, stride: int, padding: str) -> tuple[int, int]:
    """Zeros before and after; where "same" needs an odd number, the extra one comes after.

    >>> padding_amounts(28, 3, 1, "same"), padding_amounts(28, 3, 2, "same")
    ((1, 1), (0, 1))
    """
    count = output_size(size, window, stride, padding)
    if padding == "valid":
        return 0, 0
    total = max((count - 1) * stride + window - size, 0)
    return total // 2, total - total // 2


def _images_and_kernel(images, kernel, shape: str) -> tuple[np.ndarray, np.ndarray]:
    images = check_finite("images", images, 4, "(n, height, width, channels)")
    return images, check_finite("kernel", kernel, 4, shape)


def convolution(images, kernel, bias=None, stride: int = 1, padding: str = "valid") -> np.ndarray:
    """Slide windows over images, as Keras's Conv2D does: the kernel is not turned round.

    images: (n, height, width, inputs); kernel: (rows, columns, inputs, outputs); bias: (outputs,).
    Returns float64 (n, height', width', outputs), with `output_size` for each side.

    >>> ones = np.ones((1, 3, 3, 1))
    >>> convolution(ones, np.ones((3, 3, 1, 1)), padding="same")[0, :, :, 0]
    array([[4., 6., 4.],
           [6., 9., 6.],
           [4., 6., 4.]])
    """
    images, kernel = _images_and_kernel(images, kernel, "(rows, columns, inputs, outputs)")
    rows, columns, inputs, outputs = kernel.shape
    if images.shape[3] != inputs:
        raise ValueError(
            f"The images have {images.shape[3]} channels, the kernel expects {inputs}; "
            "the third number of the kernel's shape is the number of input channels."
        )
    _, height, width, _ = images.shape
    amounts = [
        padding_amounts(side, window, stride, padding)
        for side, window in ((height, rows), (width, columns))
    ]
    padded = np.pad(images, [(0, 0), *amounts, (0, 0)])
    windows = np.lib.stride_tricks.sliding_window_view(padded, (rows, columns), axis=(1, 2))
    windows = windows[:, ::stride, ::stride]  # (n, height', width', inputs, rows, columns)
    return np.einsum("nyxirc,rcio->nyxo", windows, kernel) + _bias(bias, outputs)


def transposed_convolution(
    images, kernel, bias=None, stride: int = 1, padding: str = "valid"
) -> np.ndarray:
    """Each input pixel lays its value times the window onto the output, as Conv2DTranspose does.

    images: (n, height, width, inputs); kernel: (rows, columns, OUTPUTS, inputs), the order of
    Keras; bias: (outputs,). The output's side is size * stride for "same", and window - stride more
    for "valid" if the window is larger. Without the bias it is the transpose, as a matrix, of the
    convolution with this kernel that goes from the output's side to the input's (Dumoulin and Visin
    2016, section 4).

    >>> transposed_convolution(np.ones((1, 1, 2, 1)), np.ones((1, 3, 1, 1)), stride=2)[0, :, :, 0]
    array([[1., 1., 2., 1., 1.],
           [0., 0., 0., 0., 0.]])
    """
    images, kernel = _images_and_kernel(images, kernel, "(rows, columns, outputs, inputs)")
    rows, columns, outputs, inputs = kernel.shape
    count, height, width, channels = images.shape
    if channels != inputs:
        raise ValueError(
            f"The images have {channels} channels, the kernel expects {inputs}; the last number "
            "of a transposed convolution's kernel is the number of input channels."
        )
    check_whole("stride", stride)
    check_name("padding", padding, PADDINGS)
    sides, starts = [], []
    for side, window in ((height, rows), (width, columns)):
        more = max(window - stride, 0) if padding == "valid" else 0
        sides.append(side * stride + more)
        starts.append(padding_amounts(sides[-1], window, stride, padding)[0])
    # Room for every window; what "same" would have padded is cut off at the end.
    room = (starts[0] + sides[0] + rows, starts[1] + sides[1] + columns)
    canvas = np.zeros((count, *room, outputs))
    for y in range(height):
        for x in range(width):
            laid = np.einsum("ni,rcoi->nrco", images[:, y, x], kernel)
            canvas[:, y * stride : y * stride + rows, x * stride : x * stride + columns] += laid
    (top, left), (high, wide) = starts, sides
    return canvas[:, top : top + high, left : left + wide] + _bias(bias, outputs)


def receptive_field_size(layers: Sequence[tuple[int, int]]) -> int:
    """Side of the square of input pixels that one output sees, for (window, stride) of each layer.

    1 + sum over layers of (window - 1) times the product of the strides of the layers before it
    (Araujo et al. 2019, equation 2), borders aside.

    >>> receptive_field_size([(3, 1), (3, 1)]), receptive_field_size([(3, 2), (3, 2)])
    (5, 7)
    """
    seen, jump = 1, 1
    for window, stride in layers:
        check_whole("window", window)
        check_whole("stride", stride)
        seen += (window - 1) * jump
        jump *= stride
    return seen


# ---- batch normalization -------------------------------------------------------------------------


class Normalized(NamedTuple):
    """Outputs of batch normalization in training, and the batch's mean and variance by channel."""

    outputs: np.ndarray
    mean: np.ndarray
    variance: np.ndarray


def batch_norm_training(inputs, scale=None, shift=None, epsilon: float = EPSILON) -> Normalized:
    """Normalize each channel by the batch at hand (Ioffe and Szegedy 2015, algorithm 1).

    inputs: (n, ..., channels); scale (1 by default) and shift (0): (channels,). The variance
    divides by the number of values, not by one less, as Keras does.
    """
    inputs = _batch(inputs)
    axes = tuple(range(inputs.ndim - 1))
    mean, variance = inputs.mean(axis=axes), inputs.var(axis=axes)
    outputs = batch_norm_inference(inputs, mean, variance, scale, shift, epsilon)
    return Normalized(outputs, mean, variance)


def batch_norm_inference(
    inputs, mean, variance, scale=None, shift=None, epsilon: float = EPSILON
) -> np.ndarray:
    """scale * (inputs - mean) / sqrt(variance + epsilon) + shift, with stored statistics.

    inputs: (n, ..., channels); mean, variance, scale, shift: (channels,).

    >>> batch_norm_inference([[5.0]], [1.0], [4.0], epsilon=0.0)
    array([[2.]])
    """
    inputs = _batch(inputs)
    count = inputs.shape[-1]
    given = {"mean": mean, "variance": variance}
    given["scale"] = np.ones(count) if scale is None else scale
    given["shift"] = np.zeros(count) if shift is None else shift
    mean, variance, scale, shift = (
        _channels(name, check_finite(name, values), count, "channel")
        for name, values in given.items()
    )
    check_real("epsilon", epsilon, 0)
    if (variance < 0).any() or (variance + epsilon == 0).any():
        raise ValueError(
            f"variance holds {variance.min():g}; give values of 0 or more, above 0 without epsilon."
        )
    return scale * (inputs - mean) / np.sqrt(variance + epsilon) + shift


def _batch(inputs) -> np.ndarray:
    inputs = check_finite("inputs", inputs)
    if inputs.ndim < 2:
        raise ValueError(f"inputs has shape {inputs.shape}; give (n, ..., channels).")
    return inputs


def moving_average(old, new, momentum: float = 0.99) -> np.ndarray:
    """momentum * old + (1 - momentum) * new: how stored statistics follow those of the batches.

    >>> moving_average([0.0], [10.0], momentum=0.9).round(6)
    array([1.])
    """
    check_real("momentum", momentum, 0, 1)
    old, new = check_finite("old", old), check_finite("new", new)
    if old.shape != new.shape:
        raise ValueError(f"old has shape {old.shape}, new {new.shape}; give both the same.")
    return momentum * old + (1 - momentum) * new
