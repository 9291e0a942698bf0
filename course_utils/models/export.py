"""Generators as ONNX files, which run without TensorFlow, and such files with 8-bit weights.

ONNX is an open format for networks; onnxruntime, for one, runs it on servers, phones and browsers.
The packages tf2onnx and onnx are imported only when a function needs them.
"""

import importlib
from collections.abc import Callable
from os import PathLike
from pathlib import Path
from types import ModuleType

import numpy as np

from course_utils import data
from course_utils.base.arguments import check_whole
from course_utils.base.backend import keras, tf
from course_utils.models import flow_paths
from course_utils.models.conditional_gan import ConditionalGAN
from course_utils.models.flow_matching import FlowMatching
from course_utils.models.latent_model import LatentModel
from course_utils.models.text_to_image import TextToImage

OPSET = 18  # version of ONNX's operations that the files ask for
FEWEST_WEIGHTS = 256  # an array of fewer stays as it is, such as the scales of a batch norm


# ---- export --------------------------------------------------------------------------------------


def to_onnx(model: LatentModel, path: str | PathLike) -> Path:
    """Write what a trained model generates with to an ONNX file; returns the file's path.

    All inputs and outputs are float32, and n is open. The file's inputs and its one output are
    of a GAN or VAE: latents (n, *latent_shape) -> images (n, *image_shape), as of `generate`;
    of a ConditionalGAN: latents and classes (n, num_classes), shares that sum to 1 -> images;
    of a FlowMatching: points (n, *image_shape), times (n, 1) and, if it knows any, classes
        (n, num_classes), of which all zeros are no class -> velocity (n, *image_shape), as of
        `velocity` with a guidance of 1; a step of Euler is points + step * velocity.
    Images are in [0, 1]; a flow's points and velocities are in the networks' range, [-1, 1].

    Raises ImportError without tf2onnx, TypeError for a model without such a function, and OSError
    where no file can be written, in one sentence each.
    """
    inputs, function, output = _plan(model)
    converter = _package("tf2onnx")
    traced = tf.function(lambda *values: {output: function(*values)}, autograph=False)
    proto, _ = converter.convert.from_function(traced, inputs, opset=OPSET)
    return _write(proto.SerializeToString(), path)


def _plan(model) -> tuple[list[tf.TensorSpec], Callable, str]:
    """Named inputs, the function of them that the file is to hold, and its output's name."""
    if not isinstance(model, LatentModel) or isinstance(model, TextToImage):
        raise TypeError(
            f"A {type(model).__name__} cannot be exported here; give a GAN, ConditionalGAN, VAE or "
            "FlowMatching, the model itself and not its network."
        )
    if isinstance(model, FlowMatching):
        names = ("points", "times", "classes")
        shapes = [tuple(one.shape[1:]) for one in model.average.inputs]
        function, output = _velocity(model), "velocity"
    else:
        names, shapes = ("latents", "classes"), [model.latent_shape]
        if isinstance(model, ConditionalGAN):
            shapes.append((model.num_classes,))
        function, output = _images(model), "images"
    inputs = [
        tf.TensorSpec((None, *shape), tf.float32, name)
        for name, shape in zip(names, shapes, strict=False)
    ]
    return inputs, function, output


def _images(model: LatentModel) -> Callable:
    makes_images = len(model.image_shape) == 3  # points have no range of their own

    def images(*inputs):
        made = model(inputs if len(inputs) > 1 else inputs[0], training=False)
        return tf.clip_by_value(data.unscale_pixels(made), 0.0, 1.0) if makes_images else made

    return images


def _velocity(model: FlowMatching) -> Callable:
    makes_images = len(model.image_shape) == 3

    def velocity(points, times, *classes):
        outputs = model.average([points, times, *classes], training=False)
        guess, *_ = keras.tree.flatten(outputs)  # besides it there are rough guesses
        if not makes_images:
            return guess
        spread = tf.reshape(times, (-1, 1, 1, 1))
        return flow_paths.readings("clean", guess, points, spread).velocity

    return velocity


# ---- fewer bits ----------------------------------------------------------------------------------


def quantized(path_in: str | PathLike, path_out: str | PathLike, num_bits: int = 8) -> Path:
    """Write an ONNX file again with rounded weights, a byte each; returns the new file's path.

    Each array of weights w becomes whole numbers round(w / s), with s = max|w| / (2^(bits-1) - 1):
    equation 1 of Jacob et al. 2018 with a zero point of 0, one s an array. num_bits, from 2 to 8,
    says how many whole numbers there are; each takes a byte. Whatever runs the file multiplies them
    by s again and computes with floats: the file gets smaller, the computation no faster.

    Raises ImportError without onnx, FileNotFoundError or ValueError for what is no ONNX file, and
    OSError where no file can be written.
    """
    check_whole("num_bits", num_bits, 2, 8)
    onnx = _package("onnx")
    # onnxruntime's own quantizers did worse on the GAN of lesson 06, at a Fréchet distance of 1.25
    # (here 1.28, 89 kB): `quantize_dynamic` leaves transposed convolutions as they are (192 kB),
    # `quantize_static` rounds what the layers return as well, such as what tanh is given (3.5).
    graph_file = _read(onnx, Path(path_in))
    graph, nodes = graph_file.graph, []
    for stored in list(graph.initializer):
        weights = onnx.numpy_helper.to_array(stored)
        if weights.dtype != np.float32 or weights.size < FEWEST_WEIGHTS:
            continue
        whole, step = rounded(weights, num_bits)
        names = [f"{stored.name}/whole", f"{stored.name}/step"]
        graph.initializer.remove(stored)
        for name, values in zip(names, (whole, np.array(step)), strict=True):
            graph.initializer.append(onnx.numpy_helper.from_array(values, name))
        nodes.append(onnx.helper.make_node("DequantizeLinear", names, [stored.name]))
    for node in nodes:  # first of all: what uses the weights comes later
        graph.node.insert(0, node)
    return _write(graph_file.SerializeToString(), path_out)


def rounded(weights, num_bits: int = 8) -> tuple[np.ndarray, np.float32]:
    """Whole numbers, int8 of the weights' shape, and the step: their product is nearly the weights.

    No weight moves by more than half a step.

    >>> whole, step = rounded([0.5, -1.27, 0.004])
    >>> whole.tolist(), round(float(step), 4)
    ([50, -127, 0], 0.01)
    """
    check_whole("num_bits", num_bits, 2, 8)
    weights = np.asarray(weights, np.float32)
    step = np.float32(np.abs(weights).max() / (2 ** (num_bits - 1) - 1)) or np.float32(1)
    return np.round(weights / step).astype(np.int8), step


# ---- packages and files --------------------------------------------------------------------------


def _package(name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ImportError:
        raise ImportError(
            f"The package {name}, which reads and writes ONNX files, is not installed; run "
            "'pip install tf2onnx onnx onnxruntime' and restart the kernel."
        ) from None


def _read(onnx: ModuleType, path: Path):
    try:
        found = onnx.load_from_string(path.read_bytes())
        onnx.checker.check_model(found)
    except OSError as error:
        raise FileNotFoundError(
            f"{path} cannot be read ({error.strerror}); give the path of a file from to_onnx."
        ) from None
    except Exception:  # protobuf's and the checker's own kinds, which differ by version
        raise ValueError(f"{path} is no ONNX file; give one that to_onnx wrote.") from None
    return found


def _write(content: bytes, path: str | PathLike) -> Path:
    path = Path(path)
    try:
        path.write_bytes(content)
    except OSError as error:
        raise OSError(
            f"{path} cannot be written ({error.strerror}); give the path of a file in a folder "
            "that exists and is yours."
        ) from None
    return path
