"""ONNX files: the same pictures without TensorFlow, for any number, and with rounded weights."""

import subprocess
import sys

import numpy as np
import onnx
import onnxruntime
import pytest
from small_models import LATENTS, SHAPE, image_gan, linear_gan
from tiny_families import PixelAfterPixel

from course_utils import metrics
from course_utils.models import conditional_gan, export, flow_matching, pretrained, vae
from course_utils.models.latent_space import draw_latents

CLOSE = 1e-4  # largest difference of a pixel; 7e-7 was found
ALONE = """
import sys
import numpy as np
import onnxruntime

session = onnxruntime.InferenceSession(sys.argv[1])
(images,) = session.run(None, {"latents": np.load(sys.argv[2])})
np.save(sys.argv[3], images)
print([name for name in ("tensorflow", "keras", "course_utils") if name in sys.modules])
"""


def run(path, **inputs) -> np.ndarray:
    """The one output of an ONNX file."""
    (output,) = onnxruntime.InferenceSession(path).run(None, inputs)
    return output


def one_hot(labels, count: int) -> np.ndarray:
    return np.eye(count, dtype=np.float32)[labels]


@pytest.fixture(scope="module")
def model():
    return image_gan()


@pytest.fixture(scope="module")
def path(model, tmp_path_factory):
    return export.to_onnx(model, tmp_path_factory.mktemp("onnx") / "gan.onnx")


@pytest.fixture(scope="module")
def shipped(tmp_path_factory):
    """The shipped GAN, its file and its file with weights of 8 bits."""
    folder = tmp_path_factory.mktemp("shipped")
    gan = pretrained.load("gan_fashion")
    whole = export.to_onnx(gan, folder / "gan.onnx")
    return gan, whole, export.quantized(whole, folder / "bytes.onnx")


# ---- export --------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 3])
def test_a_file_makes_the_models_pictures_for_any_number_of_latents(model, path, count):
    latents = draw_latents(count, LATENTS, 0)
    images = run(path, latents=latents)
    assert (images.shape, images.dtype) == ((count, *SHAPE), np.float32)
    np.testing.assert_allclose(images, model.generate(latents), atol=CLOSE)


def test_a_file_names_what_it_takes_and_returns(path):
    session = onnxruntime.InferenceSession(path)
    assert [one.name for one in session.get_inputs()] == ["latents"]
    assert [one.name for one in session.get_outputs()] == ["images"]


def test_the_shipped_gan_runs_where_tensorflow_is_not_imported(shipped, tmp_path):
    gan, path, _ = shipped
    latents = draw_latents(16, 16, 1)
    np.save(tmp_path / "latents.npy", latents)
    names = [path, tmp_path / "latents.npy", tmp_path / "images.npy"]
    found = subprocess.run(
        [sys.executable, "-c", ALONE, *map(str, names)], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"
    images = np.load(tmp_path / "images.npy")
    assert images.min() >= 0 and images.max() <= 1
    assert np.abs(images - gan.generate(latents)).max() < CLOSE


def test_points_stay_as_they_are(tmp_path):
    model, latents = linear_gan(), draw_latents(5, 2, 0) * 4
    points = run(export.to_onnx(model, tmp_path / "points.onnx"), latents=latents)
    assert np.abs(points).max() > 1
    np.testing.assert_allclose(points, model.generate(latents), atol=CLOSE)


@pytest.mark.parametrize("likelihood", ["bernoulli", "gaussian"])
def test_a_vae_gives_its_decoders_mean(likelihood, tmp_path):
    model, latents = vae.VAE(SHAPE, 3, likelihood=likelihood), draw_latents(4, 3, 0)
    images = run(export.to_onnx(model, tmp_path / "vae.onnx"), latents=latents)
    np.testing.assert_allclose(images, model.generate(latents), atol=CLOSE)


def test_a_conditional_gan_takes_classes(tmp_path):
    model = conditional_gan.ConditionalGAN(3, SHAPE, latent_size=4)
    latents, labels = draw_latents(3, 4, 0), np.array([2, 0, 1])
    path = export.to_onnx(model, tmp_path / "classes.onnx")
    images = run(path, latents=latents, classes=one_hot(labels, 3))
    np.testing.assert_allclose(images, model.generate(latents, labels), atol=CLOSE)


@pytest.mark.slow
def test_a_flow_gives_its_velocity(tmp_path):
    model = pretrained.load("flow_fashion")
    points, labels = draw_latents(4, model.image_shape, 0), np.arange(4)
    path = export.to_onnx(model, tmp_path / "flow.onnx")
    times = np.full((4, 1), 0.3, np.float32)
    velocity = run(path, points=points, times=times, classes=one_hot(labels, 10))
    np.testing.assert_allclose(velocity, model.velocity(points, 0.3, labels), atol=CLOSE)


def test_a_flow_of_points_gives_its_velocity(tmp_path):
    model, points = flow_matching.FlowMatching((2,)), draw_latents(4, 2, 0)
    path = export.to_onnx(model, tmp_path / "flow.onnx")
    velocity = run(path, points=points, times=np.full((4, 1), 0.3, np.float32))
    np.testing.assert_allclose(velocity, model.velocity(points, 0.3), atol=CLOSE)


# ---- fewer bits ----------------------------------------------------------------------------------


def test_rounding_moves_no_weight_by_more_than_half_a_step():
    weights = np.random.default_rng(0).standard_normal((50, 4)).astype(np.float32)
    for num_bits in (2, 8):
        whole, step = export.rounded(weights, num_bits)
        assert np.abs(whole).max() == 2 ** (num_bits - 1) - 1
        assert np.abs(whole * step - weights).max() <= step * 0.5001
    assert export.rounded(np.zeros(3))[0].tolist() == [0, 0, 0]


def test_the_rounded_weights_are_the_files(shipped):
    _, whole, small = shipped
    before = {t.name: onnx.numpy_helper.to_array(t) for t in onnx.load(whole).graph.initializer}
    after = {t.name: onnx.numpy_helper.to_array(t) for t in onnx.load(small).graph.initializer}
    rounded = [name for name in before if f"{name}/whole" in after]
    assert len(rounded) == 3  # of the layers; what batch norm left is short
    for name in rounded:
        assert after[f"{name}/whole"].dtype == np.int8
        found = after[f"{name}/whole"] * after[f"{name}/step"]
        np.testing.assert_allclose(found, before[name], atol=float(after[f"{name}/step"]) * 0.5001)


def test_eight_bits_need_a_quarter_of_the_bytes_and_change_the_pictures_little(shipped):
    gan, whole, small = shipped
    latents = draw_latents(64, 16, 2)
    error = run(small, latents=latents) - gan.generate(latents)
    assert small.stat().st_size < 0.3 * whole.stat().st_size
    assert 1e-4 < np.sqrt(np.mean(error**2)) < 0.03


@pytest.mark.slow
def test_eight_bits_cost_little_distance_and_three_bits_much(shipped, tmp_path):
    _, whole, small = shipped
    latents = draw_latents(2000, 16, 5)
    rough = export.quantized(whole, tmp_path / "rough.onnx", num_bits=3)
    floats, eight, three = (
        float(metrics.frechet_distance(run(path, latents=latents)))
        for path in (whole, small, rough)
    )
    assert abs(eight - floats) < 0.2  # 0.03 was found
    assert three > floats + 5  # 21


# ---- what a learner may get wrong ----------------------------------------------------------------


def test_other_models_are_refused():
    with pytest.raises(TypeError, match=r"A PixelAfterPixel cannot be exported here; give a GAN"):
        export.to_onnx(PixelAfterPixel(), "x.onnx")
    with pytest.raises(TypeError, match="the model itself and not its network"):
        export.to_onnx(image_gan().generator, "x.onnx")


@pytest.mark.parametrize("name", ["missing/gan.onnx", "."])
def test_a_path_that_cannot_be_written_is_refused(model, path, tmp_path, name):
    with pytest.raises(OSError, match=r"cannot be written .* a folder that exists and is yours"):
        export.to_onnx(model, tmp_path / name)
    with pytest.raises(OSError, match="cannot be written"):
        export.quantized(path, tmp_path / name)


@pytest.mark.parametrize("package", ["tf2onnx", "onnx"])
def test_a_missing_package_is_named(model, path, tmp_path, monkeypatch, package):
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ImportError, match=rf"package {package}, .* 'pip install tf2onnx onnx"):
        if package == "onnx":
            export.quantized(path, tmp_path / "small.onnx")
        else:
            export.to_onnx(model, tmp_path / "gan.onnx")


def test_what_is_no_onnx_file_is_refused(path, tmp_path):
    with pytest.raises(FileNotFoundError, match="cannot be read"):
        export.quantized(tmp_path / "none.onnx", tmp_path / "small.onnx")
    for content in (b"", b"no network", path.read_bytes()[:-100]):
        (tmp_path / "other.onnx").write_bytes(content)
        with pytest.raises(ValueError, match=r"other.onnx is no ONNX file"):
            export.quantized(tmp_path / "other.onnx", tmp_path / "small.onnx")


@pytest.mark.parametrize("num_bits", [1, 9, 2.5])
def test_other_numbers_of_bits_are_refused(path, tmp_path, num_bits):
    with pytest.raises(ValueError, match="give a whole number from 2 to 8"):
        export.quantized(path, tmp_path / "small.onnx", num_bits)
