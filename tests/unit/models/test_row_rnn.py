"""The row RNN: an exact distribution, drawn row by row as it is judged; training; bad input."""

import functools
import itertools

import numpy as np
import pytest
from small_models import copies, equal

from course_utils import data
from course_utils.base.backend import keras, tf
from course_utils.models import checkpoints, pixels, row_rnn

SHAPE = (3, 3, 1)
KINDS = {
    "bernoulli": {},
    "logistic": {"likelihood": "logistic"},
    "colored": {"likelihood": "logistic", "image_shape": (3, 2, 3)},
    "with classes": {"num_classes": 2},
    "a single column": {"image_shape": (4, 1, 1)},
    "a single row": {"image_shape": (1, 4, 1)},
}
every_kind = pytest.mark.parametrize("kind", KINDS)
NEARLY_1 = 1 - 2.0**-24  # the largest float32 below 1


def small(**options) -> row_rnn.RowRNN:
    """A model with the initial weights that one seed gives."""
    keras.utils.set_random_seed(1)
    options = {"image_shape": SHAPE, "units": 8, "width": 4, "depth": 2, "seed": 0} | options
    return row_rnn.RowRNN(**options)


def random_weights(model, size=0.5):
    random = np.random.default_rng(0)
    for weight in model.trainable_variables:
        weight.assign(random.normal(0, size, weight.shape))
    return model


@functools.cache
def built(kind: str) -> row_rnn.RowRNN:
    """With random weights, so that each pixel depends on all that it can; not to be trained."""
    return random_weights(small(**KINDS[kind]))


def random_images(model, n=4, seed=0):
    """Float32 images that the model can judge, as unlike as can be."""
    top = model.pixel.num_values - 1
    steps = np.random.default_rng(seed).integers(0, top + 1, (n, *model.image_shape))
    return (steps / top).astype(np.float32)


def shares(model, n):
    """What `call` takes for the classes of n images."""
    return None if model.num_classes is None else tf.one_hot(np.arange(n) % model.num_classes, 2)


def all_images(shape=SHAPE):
    """All black and white images, float32 (2^pixels, *shape)."""
    each = itertools.product([0, 1], repeat=int(np.prod(shape)))
    return np.array(list(each), np.float32).reshape(-1, *shape)


# --- each pixel depends on those before it, and on nothing else


@every_kind
def test_no_pixel_sees_itself_or_a_later_one_and_each_sees_those_before(kind):
    model = built(kind)
    images = tf.constant(random_images(model, 3))
    count = int(np.prod(model.image_shape))
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(images)
        outputs = tf.reshape(model(images, shares(model, 3)), (3, count, -1))
        parts = [tf.reduce_sum(outputs[:, place] ** 2) for place in range(count)]
    for place, part in enumerate(parts):
        gradient = np.reshape(tape.gradient(part, images), (3, count))
        assert (gradient[:, place:] == 0).all()
        assert gradient[:, :place].any(axis=0).all()


@every_kind
def test_no_likelihood_of_a_pixel_depends_on_a_later_one(kind):
    model = built(kind)
    images = tf.constant(random_images(model, 3))
    classes = tf.zeros((3, 0)) if shares(model, 3) is None else shares(model, 3)
    count = int(np.prod(model.image_shape))
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(images)
        each = tf.reshape(model._pixel_log_likelihoods(images, classes), (3, count))
        parts = [tf.reduce_sum(each[:, place]) for place in range(count)]
    for place, part in enumerate(parts):
        gradient = np.reshape(tape.gradient(part, images), (3, count))
        assert (gradient[:, place + 1 :] == 0).all()
        assert gradient[:, :place].any(axis=0).all()


@every_kind
def test_the_log_likelihood_is_the_sum_over_pixels_whatever_comes_after_them(kind):
    model = built(kind)
    images = random_images(model, 4)
    flat, noise = images.reshape(4, -1), random_images(model, 4, seed=9).reshape(4, -1)
    expected = []
    for place in range(flat.shape[1]):
        known = np.where(np.arange(flat.shape[1]) < place, flat, noise)
        outputs = model(tf.constant(known.reshape(images.shape)), shares(model, 4))
        outputs = tf.cast(tf.reshape(outputs, (*flat.shape, -1))[:, place], tf.float64)
        expected.append(model.pixel.log_prob(outputs, tf.constant(flat[:, place], tf.float64)))
    found = model.pixel_log_likelihoods(images)
    assert found.shape == images.shape and found.dtype == np.float64
    expected = np.transpose(expected)
    np.testing.assert_allclose(found.reshape(4, -1), expected, rtol=1e-4, atol=1e-5)
    total = model.log_likelihood(images)
    assert total.shape == (4,) and total.dtype == np.float64
    np.testing.assert_allclose(total, expected.sum(axis=1), rtol=1e-5)


@pytest.mark.parametrize("size", [0.3, 1.0, 3.0])
@pytest.mark.parametrize("num_classes", [None, 2])
def test_the_probabilities_of_all_images_sum_to_1(size, num_classes):
    model = random_weights(small(num_classes=num_classes), size)
    labels = [None] if num_classes is None else [0, 1, [0.25, 0.75]]
    found = [model.log_likelihood(all_images(), label) for label in labels]
    for log_p in found:
        assert np.exp(log_p).sum() == pytest.approx(1, abs=1e-6)
        assert log_p.std() > 0.1
    assert num_classes is None or np.abs(found[0] - found[1]).max() > 0.1


def test_the_probabilities_of_all_gray_images_of_two_pixels_sum_to_1():
    steps = np.stack(np.divmod(np.arange(256**2), 256), axis=1).astype(np.uint8)
    model = random_weights(small(image_shape=(2, 1, 1), likelihood="logistic"))
    log_p = model.log_likelihood(steps.reshape(-1, 2, 1, 1))
    assert np.exp(log_p).sum() == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("kind", ["bernoulli", "logistic", "with classes"])
def test_an_image_is_judged_the_same_whatever_is_beside_it(kind):
    model = built(kind)
    images = random_images(model, 300)
    labels = None if model.num_classes is None else np.arange(300) % 2
    together = model.log_likelihood(images, labels)
    parts = [
        model.log_likelihood(images[i : i + 7], None if labels is None else labels[i : i + 7])
        for i in range(245, 301, 7)
    ]
    np.testing.assert_allclose(together[245:], np.concatenate(parts), rtol=1e-5)
    as_bytes = np.rint(images * 255).astype(np.uint8)
    np.testing.assert_allclose(model.log_likelihood(as_bytes, labels), together, rtol=1e-6)


def test_classes_are_numbers_or_shares_and_take_turns():
    model, images = built("with classes"), random_images(built("with classes"), 4)
    found = model.log_likelihood(images)
    np.testing.assert_array_equal(found, model.log_likelihood(images, [0, 1, 0, 1]))
    np.testing.assert_array_equal(found, model.log_likelihood(images, np.eye(2)[[0, 1, 0, 1]]))
    one = model.log_likelihood(images, 1)
    np.testing.assert_array_equal(one, model.log_likelihood(images, [0.0, 1.0]))
    np.testing.assert_allclose(one[[1, 3]], found[[1, 3]], rtol=1e-6)
    assert (one[[0, 2]] != found[[0, 2]]).all()


# --- row by row is the same as all at once


def row_by_row(model, uniforms, temperature=1.0):
    drawing, rows = model.start(len(uniforms)), []
    for i in range(model.image_shape[0]):
        rows.append(model.write_row(drawing, uniforms[:, i], temperature))
        assert rows[-1].dtype == np.float32 and rows[-1].shape == uniforms[:, i].shape
        drawing = model.read_row(drawing, rows[-1])
    return np.stack(rows, axis=1).reshape(-1, *model.image_shape)


def pixel_by_pixel(model, uniforms, temperature=1.0):
    """The slow way: the model says everything of the whole image, and one pixel of it is used."""
    n = len(uniforms)
    flat = np.zeros((n, uniforms[0].size), np.float32)
    for place, chances in enumerate(uniforms.reshape(n, -1).T):
        outputs = model(tf.constant(flat.reshape(n, *model.image_shape)), shares(model, n))
        outputs = tf.reshape(outputs, (*flat.shape, -1))[:, place]
        flat[:, place] = pixels.draw(model.pixel, outputs, tf.constant(chances), temperature)
    return flat.reshape(n, *model.image_shape)


@every_kind
@pytest.mark.parametrize("temperature", [1.0, 0.6, 0.0])
def test_rows_are_drawn_as_pixels_of_the_whole_image_would_be(kind, temperature):
    model = built(kind)
    shape = (40, model.image_shape[0], model.row_size)
    uniforms = np.random.default_rng(7).random(shape, np.float32)  # as `sample` takes them
    expected = pixel_by_pixel(model, uniforms, temperature)
    np.testing.assert_array_equal(row_by_row(model, uniforms, temperature), expected)
    np.testing.assert_array_equal(model.sample(40, 7, temperature), expected)
    assert len(np.unique(expected, axis=0)) > 3 or temperature == 0


def test_each_pixel_is_white_as_often_as_the_whole_image_path_says():
    model = built("bernoulli")
    image, n = random_images(model, 1), 1000
    white = tf.sigmoid(model(tf.constant(image)))[0, :, :, 0, 0].numpy()
    drawing = model.start(n)
    for i, row in enumerate(image[0, :, :, 0]):
        for j in range(3):
            uniforms = np.tile(np.where(row == 1, NEARLY_1, 0.0), (n, 1))  # as in the image
            uniforms[:, j] = (np.arange(n) + 0.5) / n
            drawn = model.write_row(drawing, uniforms)
            np.testing.assert_array_equal(drawn[:, :j], np.tile(row[:j], (n, 1)))
            assert drawn[:, j].mean() == pytest.approx(white[i, j], abs=1 / n)
        drawing = model.read_row(drawing, np.tile(row, (n, 1)))


def assert_frequencies(found, images, p):
    """Each of `images` is found as often as p says, within five standard errors."""
    counts = (found[:, None] == images[None]).all(axis=(2, 3, 4)).mean(axis=0)
    assert counts.sum() == pytest.approx(1)
    assert (np.abs(counts - p) < 5 * np.sqrt(p * (1 - p) / len(found)) + 1e-4).all()


def test_images_of_two_by_two_pixels_are_drawn_as_often_as_they_are_probable():
    model = random_weights(small(image_shape=(2, 2, 1)), 2.0)
    images = all_images((2, 2, 1))
    p = np.exp(model.log_likelihood(images))
    assert p.max() > 3 * np.median(p)  # far from uniform
    assert_frequencies(model.sample(20_000, seed=0), images, p)
    # Given the first row, the rest has the conditional distribution.
    row = images[:, 0, :, 0] @ [2, 1] == 2
    endings = model.complete(images[row][:1], 1, 5000, seed=1)[0]
    assert_frequencies(endings, images[row], p[row] / p[row].sum())


def test_a_temperature_below_1_sharpens_each_pixel():
    model = random_weights(small(image_shape=(1, 1, 1)))
    p = np.exp(model.log_likelihood(all_images((1, 1, 1))))
    sharpened = p**2 / (p**2).sum()
    found = model.sample(4000, seed=0, temperature=0.5)
    assert_frequencies(found, all_images((1, 1, 1)), sharpened)


# --- sample and complete


@every_kind
def test_shapes_ranges_and_seeds_of_samples(kind):
    model = built(kind)
    drawn = model.sample(5, seed=1)
    assert drawn.shape == (5, *model.image_shape) and drawn.dtype == np.float32
    steps = drawn * (model.pixel.num_values - 1)
    np.testing.assert_allclose(steps, np.rint(steps), atol=1e-4)
    assert drawn.min() >= 0 and drawn.max() <= 1
    np.testing.assert_array_equal(drawn, model.sample(5, seed=1))
    np.testing.assert_array_equal(drawn[:3], model.sample(3, seed=1))
    assert np.isfinite(model.log_likelihood(drawn)).all()
    assert model.sample(0).shape == (0, *model.image_shape)
    assert model.sample(0).dtype == np.float32


def test_other_seeds_draw_other_images_and_many_come_in_parts():
    model = built("logistic")
    many = model.sample(300, seed=1)
    np.testing.assert_array_equal(many[:3], model.sample(3, seed=1))
    assert not np.array_equal(many[:3], model.sample(3, seed=2))
    assert not np.array_equal(model.sample(3), model.sample(3))
    assert not np.array_equal(many[:44], many[256:])


def test_at_temperature_0_all_images_of_a_class_are_alike():
    for kind in ("bernoulli", "logistic"):
        drawn = built(kind).sample(5, seed=0, temperature=0)
        assert (drawn == drawn[0]).all()
        np.testing.assert_array_equal(drawn, built(kind).sample(5, seed=3, temperature=0))
    drawn = built("with classes").sample(6, temperature=0)
    assert (drawn[::2] == drawn[0]).all() and (drawn[1::2] == drawn[1]).all()


def test_labels_say_what_is_drawn():
    model = built("with classes")
    np.testing.assert_array_equal(model.sample(4, 0), model.sample(4, 0, labels=[0, 1, 0, 1]))
    one = model.sample(200, 0, labels=1)
    np.testing.assert_array_equal(one, model.sample(200, 0, labels=np.array([0.0, 1.0])))
    assert not np.array_equal(one, model.sample(200, 0, labels=0))
    drawing = model.start(3, labels=1)
    rows = model.write_row(drawing, np.random.default_rng(0).random((3, 3), np.float32))
    assert rows.shape == (3, 3)
    assert model.sample(0, labels=[]).shape == (0, *SHAPE)


@every_kind
def test_completed_images_keep_their_known_rows(kind):
    model, n = built(kind), 12
    images, height = random_images(model, 3), model.image_shape[0]
    for known_rows in range(height + 1):
        found = model.complete(images, known_rows, n, seed=0)
        assert found.shape == (3, n, *model.image_shape) and found.dtype == np.float32
        kept = np.broadcast_to(images[:, None, :known_rows], found[:, :, :known_rows].shape)
        np.testing.assert_array_equal(found[:, :, :known_rows], kept)
        np.testing.assert_array_equal(found, model.complete(images, known_rows, n, seed=0))
        if known_rows == 0:  # the endings of one image differ, and so do those of another
            assert len(np.unique(found[0], axis=0)) > 1
            assert not np.array_equal(found[0], found[1])
    as_bytes = np.rint(images * 255).astype(np.uint8)
    np.testing.assert_array_equal(model.complete(as_bytes, height, 1)[:, 0], images)
    assert model.complete(images, 0, 0).shape == (3, 0, *model.image_shape)


def test_endings_without_known_rows_are_samples_and_labels_are_those_of_the_images():
    model = built("bernoulli")
    endings = model.complete(random_images(model, 1), 0, 9, seed=4)[0]
    np.testing.assert_array_equal(endings, model.sample(9, seed=4))
    model = built("with classes")
    images = random_images(model, 2)
    endings = model.complete(images, 0, 9, seed=4, labels=[1, 0])
    expected = model.sample(18, seed=4, labels=np.repeat([1, 0], 9))
    np.testing.assert_array_equal(endings.reshape(-1, *SHAPE), expected)
    np.testing.assert_array_equal(
        model.complete(images, 1, 9, seed=4, labels=1),
        model.complete(images, 1, 9, seed=4, labels=[1, 1]),
    )
    alike = model.complete(images[:1], 1, 9, temperature=0)[0]
    assert (alike == alike[0]).all()


# --- training

PATTERNS = np.array([np.eye(3), 1 - np.eye(3)[::-1]], np.float32)[..., None]


def patterns(n=64):
    """Half of them one, half the other, and which one it is."""
    labels = np.arange(n) % 2
    return PATTERNS[labels], labels


@pytest.fixture(scope="module")
def trained():
    """A model of two patterns of equal probability, and its history."""
    model = small()
    model.compile(optimizer=keras.optimizers.Adam(0.02))
    images, _ = patterns()
    fit = model.fit(
        images, batch_size=64, epochs=3, steps_per_epoch=100, validation_data=images, verbose=0
    )
    return model, fit.history


@pytest.fixture(scope="module")
def conditional():
    model = small(num_classes=2)
    model.compile(optimizer=keras.optimizers.Adam(0.02))
    images, labels = patterns()
    model.fit(images, labels, batch_size=64, steps_per_epoch=150, verbose=0)
    return model


def test_training_approaches_the_entropy_of_the_images(trained):
    model, history = trained
    assert set(history) == {"loss", "val_loss"}
    assert history["loss"][0] > history["loss"][1] > np.log(2)
    assert np.log(2) <= history["val_loss"][-1] < np.log(2) + 0.05
    np.testing.assert_allclose(np.exp(model.log_likelihood(PATTERNS)), [0.5, 0.5], atol=0.05)
    drawn = model.sample(400, seed=0)
    found = [(drawn == one).all(axis=(1, 2, 3)).mean() for one in PATTERNS]
    assert sum(found) > 0.95 and min(found) > 0.4


def test_a_trained_model_completes_what_it_is_shown(trained):
    endings = trained[0].complete(PATTERNS, 1, 50, seed=0)
    assert (endings == PATTERNS[:, None]).all(axis=(2, 3, 4)).mean() > 0.95


def test_the_loss_is_minus_the_mean_log_likelihood_and_held_out_images_do_not_train(trained):
    model, images = trained[0], random_images(trained[0], 50)
    before = model.get_weights()
    loss = model.evaluate(data.make_dataset(images, batch_size=25), verbose=0, return_dict=True)
    assert loss["loss"] == pytest.approx(-model.log_likelihood(images).mean(), rel=1e-5)
    for first, second in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(first, second)


def test_with_labels_each_class_learns_its_pattern(conditional):
    for label, pattern in enumerate(PATTERNS):
        assert (conditional.sample(50, seed=0, labels=label) == pattern).mean() > 0.95
        drawn = conditional.sample(1, temperature=0, labels=label)[0]
        np.testing.assert_array_equal(drawn, pattern)
    right = conditional.log_likelihood(PATTERNS, [0, 1])
    assert (right > -0.1).all()
    assert (conditional.log_likelihood(PATTERNS, [1, 0]) < right - 3).all()
    assert (
        conditional.complete(PATTERNS, 0, 1, 0, 0.0, labels=[1, 0])[:, 0] == PATTERNS[::-1]
    ).all()


def test_an_untrained_model_knows_next_to_nothing():
    nats = -small().log_likelihood(all_images()).mean()
    chance = 9 * np.log(2)
    assert chance - 1e-5 < nats < chance + 1  # no model says less of all images than chance


def quick(seed=0, **options):
    """Compiled so that a few steps cost no tracing."""
    model = small(seed=seed, **options)
    model.compile(run_eagerly=True)
    return model


@pytest.mark.slow
def test_the_same_seed_trains_the_same_model():
    weights = []
    for _ in range(2):
        model = quick()
        model.fit(random_images(model, 12), batch_size=4, verbose=0)
        weights.append(model.get_weights())
    assert equal(*weights)


@pytest.mark.slow
def test_training_draws_nothing_from_the_global_random_state():
    weights = []
    for seed in (5, 6):
        model = quick()
        keras.utils.set_random_seed(seed)
        ordered = data.make_dataset(random_images(model, 8), batch_size=4, shuffle=False)
        model.fit(ordered, verbose=0)
        weights.append([weight.numpy() for weight in model.trainable_variables])
    assert equal(*weights)


def test_weights_come_back_from_a_file(trained, tmp_path):
    model, other = trained[0], small(seed=3)
    images = random_images(model, 5)
    assert not np.allclose(model.log_likelihood(images), other.log_likelihood(images))
    model.save_weights(tmp_path / "rows.weights.h5")
    other.load_weights(tmp_path / "rows.weights.h5")
    np.testing.assert_array_equal(model.log_likelihood(images), other.log_likelihood(images))
    np.testing.assert_array_equal(model.sample(5, seed=0), other.sample(5, seed=0))


@pytest.mark.slow
@pytest.mark.parametrize("num_classes", [None, 2])
def test_training_resumes_exactly_from_a_checkpoint(num_classes, tmp_path):
    def fit(model, epochs, initial_epoch=0):
        labels = None if num_classes is None else np.arange(8) % 2
        ordered = data.make_dataset(random_images(model, 8), labels, 4, shuffle=False)
        model.fit(ordered, epochs=epochs, initial_epoch=initial_epoch, verbose=0)

    model, other = quick(num_classes=num_classes), quick(seed=5, num_classes=num_classes)
    fit(model, 1)
    checkpoints.save_checkpoint(model, tmp_path / "one.npz", 1)
    fit(model, 2, initial_epoch=1)
    fit(other, 2)
    assert not equal(copies(model.variables), copies(other.variables))
    assert checkpoints.load_checkpoint(other, tmp_path / "one.npz") == 1
    fit(other, 2, initial_epoch=1)
    assert equal(copies(model.variables), copies(other.variables))


# --- bad input


def refused(error, words, call, *arguments, **named):
    """The call is refused with these words, in one sentence, and no traceback of TensorFlow's."""
    with pytest.raises(error, match=words) as raised:
        call(*arguments, **named)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"likelihood": "gaussian"}, "no likelihood 'gaussian'; choose one of bernoulli, logistic"),
        ({"image_shape": (3, 3)}, r"image_shape is \(3, 3\); give \(height, width, channels\)"),
        ({"image_shape": 28}, "image_shape is 28; give"),
        ({"image_shape": (3, 0, 1)}, "image_shape is 0; give a whole number of 1 or more"),
        ({"image_shape": (3, 3.5, 1)}, "image_shape is 3.5"),
        ({"image_shape": ((1, 2), 3, 1)}, r"image_shape is \(1, 2\)"),
        ({"num_classes": 0}, "num_classes is 0"),
        ({"num_classes": 2.5}, "num_classes is 2.5"),
        ({"units": 0}, "units is 0"),
        ({"width": -1}, "width is -1"),
        ({"depth": True}, "depth is True"),
    ],
)
def test_unfit_settings_are_refused(options, words):
    refused(ValueError, words, small, **options)


CALLS = {
    "fit": lambda model, images: model.fit(images, verbose=0),
    "fit with held-out ones": lambda model, images: model.fit(
        random_images(model), validation_data=images, verbose=0
    ),
    "log_likelihood": lambda model, images: model.log_likelihood(images),
    "pixel_log_likelihoods": lambda model, images: model.pixel_log_likelihoods(images),
    "complete": lambda model, images: model.complete(images, 1, 2),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_unfit_images_are_refused(call):
    model, logistic = quick(), quick(likelihood="logistic")
    zeros = np.zeros((4, *SHAPE), np.float32)
    words = r'"bernoulli" is for .* 0 or 1, and these are gray; use data\.binarize\(images\)'
    refused(ValueError, words, call, model, zeros + 0.5)
    refused(ValueError, words, call, model, np.full((4, *SHAPE), 7, np.uint8))
    words = '"logistic" is for pixels with the values 0/255, 1/255, .* round them'
    refused(ValueError, words, call, logistic, zeros + 0.5)
    for one in (model, logistic):
        refused(
            ValueError,
            r"\(4, 4, 1\), but .* built for|\(2, 4, 4, 1\), but .* built for",
            call,
            one,
            np.zeros((2, 4, 4, 1), np.uint8),
        )
        refused(ValueError, "empty; give one image or more", call, one, zeros[:0])
        refused(ValueError, "not finite", call, one, zeros + np.nan)
        refused(ValueError, "axis is missing", call, one, zeros[..., 0])
        refused(TypeError, "use data.load_images", call, one, "images.pkl")
    assert int(model.optimizer.iterations) == int(logistic.optimizer.iterations) == 0


def test_gray_images_of_256_values_are_fine_as_bytes_and_floats():
    model, images = built("logistic"), random_images(built("logistic"), 20)
    for given in (images.astype(np.float64), np.rint(images * 255).astype(np.uint8)):
        np.testing.assert_allclose(
            model.log_likelihood(given), model.log_likelihood(images), rtol=1e-6
        )


@pytest.mark.parametrize(
    ("temperature", "error", "words"),
    [
        (-1, ValueError, "temperature is -1; give a number of 0 or more"),
        (np.nan, ValueError, "temperature is nan"),
        (np.inf, ValueError, "temperature is inf"),
        ("hot", TypeError, "temperature is 'hot'; give one number"),
        (None, TypeError, "temperature is None"),
    ],
)
def test_unfit_temperatures_are_refused(temperature, error, words):
    model = built("bernoulli")
    refused(error, words, model.sample, 2, 0, temperature)
    refused(error, words, model.complete, random_images(model), 1, 2, 0, temperature)
    refused(error, words, model.write_row, model.start(1), np.zeros((1, 3)), temperature)


@pytest.mark.parametrize("number", [-1, 1.5, True, "3", None])
def test_unfit_numbers_of_images_are_refused(number):
    model, words = built("bernoulli"), f"n is {number!r}; give a whole number of 0 or more"
    refused(ValueError, words, model.sample, number)
    refused(ValueError, words, model.start, number)
    refused(ValueError, words, model.complete, random_images(model), 1, number)


@pytest.mark.parametrize("known_rows", [-1, 4, 1.5, True, None])
def test_unfit_numbers_of_rows_are_refused(known_rows):
    words = f"known_rows is {known_rows!r}; give a whole number from 0 to 3"
    model = built("bernoulli")
    refused(ValueError, words, model.complete, random_images(model), known_rows, 2)


def test_unfit_rows_are_refused():
    model = built("bernoulli")
    drawing = model.start(2)
    for shape in [(2, 4), (3, 3), (2, 3, 1), (3,)]:
        row, wanted = np.zeros(shape), r"; give \(2, 3\)"
        refused(ValueError, "row has shape.*" + wanted, model.read_row, drawing, row)
        refused(ValueError, "uniforms has shape.*" + wanted, model.write_row, drawing, row)


def test_a_model_without_classes_takes_no_labels():
    model, words = built("bernoulli"), "knows no classes; make it with num_classes"
    images = random_images(model, 2)
    refused(ValueError, words, model.sample, 2, labels=1)
    refused(ValueError, words, model.start, 2, labels=[0, 1])
    refused(ValueError, words, model.log_likelihood, images, 0)
    refused(ValueError, words, model.complete, images, 1, 2, labels=[0, 1])


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        (2, "contains 2, but the model knows the 2 classes 0 to 1"),
        ([0, -1], "contains -1"),
        ([0], "1 labels for 2 images; give one for each"),
        ("cat", "give whole numbers"),
        ([0.5, 0.2], "sum to 1"),
        ([[1.0, 0.0]], "1 rows of shares for 2 images"),
    ],
)
def test_unfit_labels_are_refused(labels, words):
    model = built("with classes")
    images = random_images(model, 2)
    refused(ValueError, words, model.sample, 2, labels=labels)
    refused(ValueError, words, model.start, 2, labels=labels)
    refused(ValueError, words, model.log_likelihood, images, labels)
    refused(ValueError, words, model.complete, images, 1, 2, labels=labels)


def test_a_conditional_model_needs_the_labels_of_what_it_learns():
    model, (images, labels) = quick(num_classes=2), patterns(6)
    without = data.make_dataset(images)
    for given, words in [
        ((images,), r"learns from images and labels; call fit\(images, labels\)"),
        ((images, labels + 1), "contains 2, but"),
        ((images, labels * 0), "No image has the label 1"),
        ((images, labels[:5]), "has 5 entries for 6 images"),
        ((without,), "yields no labels"),
    ]:
        refused(ValueError, words, model.fit, *given, verbose=0)
    held_out = {"validation_data": images, "verbose": 0}
    refused(ValueError, "learns from images and labels", model.fit, images, labels, **held_out)
    assert int(model.optimizer.iterations) == 0
    history = model.fit(images, labels, validation_data=(images[:1], labels[:1]), verbose=0).history
    assert np.isfinite(history["val_loss"]).all()  # a validation set may lack a class


def test_fit_before_compile_says_what_to_do():
    words = r"^This RowRNN is not compiled; call compile\(\) first\.$"
    refused(ValueError, words, small().fit, patterns()[0])
