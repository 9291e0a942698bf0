"""How the frozen classifier of emoji was made, in whose features lesson 16 compares pictures."""

import numpy as np
from scipy.ndimage import gaussian_filter

from course_utils import data, metrics
from course_utils.base.backend import keras, tf
from course_utils.models import augmentation, networks

SHIFT = 2  # pixels, each way
BRIGHTNESS = 0.05  # for pixels in [0, 1], as is the next
NOISE = 0.1
SMOOTHING = 0.1  # of the labels: with it unseen designs are named more often
BLUR = 0.6  # pixels, the deviation with which the measured pictures are softened


def train_emoji_features(steps: int):
    """A frozen classifier that names emoji in any design, for the question what a picture shows.

    Retraining it would change every share in lesson 16: a better one gets a new name.
    """
    rate, batch_size = 4e-3, 128
    keras.utils.set_random_seed(0)
    images, captions, _ = data.load_captioned("emoji", split="train")
    names, labels = np.unique(captions, return_inverse=True)
    arguments = {"image_shape": list(images.shape[1:]), "num_classes": len(names)}
    model = networks.feature_classifier(**arguments)
    dataset = data.make_dataset(images, labels, batch_size=batch_size, repeat=True, seed=0)
    dataset = dataset.map(lambda x, y: (altered(data.scale_pixels(x)), tf.one_hot(y, len(names))))
    model.compile(
        optimizer=keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(rate, steps)),
        loss=keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=SMOOTHING),
        jit_compile=False,
    )
    model.fit(dataset, steps_per_epoch=steps // 10, epochs=10, verbose=2, shuffle=False)
    facts = {
        "builder": "feature_classifier",
        "arguments": arguments,
        "precision": "float16",
        "recipe": f"{steps} steps on the training split, to name the English caption whatever the "
        f"design, batch {batch_size}, Adam {rate:g} with cosine decay, shifts by up to {SHIFT} "
        f"pixels, blur by up to 3 x 3 pixels, brightness by up to {BRIGHTNESS:g}, noise of "
        f"deviation up to {NOISE:g}, labels smoothed by {SMOOTHING:g}, seed 0; stored in "
        "half precision",
        "quality": quality(model),
    }
    return model, facts


def altered(images: tf.Tensor) -> tf.Tensor:
    """Images (n, height, width, channels) in [-1, 1] on white, each shifted, softened and so on.

    So changed, a picture still shows the same, as generated ones do that are soft or grainy. Small
    changes of brightness leave the skin tones apart.
    """
    images = tf.convert_to_tensor(images)

    def draw(low, high):
        return tf.random.uniform((tf.shape(images)[0], 1, 1, 1), low, high)

    edges = [[0, 0], [1, 1], [1, 1], [0, 0]]
    blurred = tf.nn.avg_pool2d(tf.pad(images, edges, constant_values=1.0), 3, 1, "VALID")
    softer = images + draw(0.0, 1.0) ** 2 * (blurred - images)
    seed = tf.random.uniform((2,), maxval=2**31 - 1, dtype=tf.int32)
    # What moves in is -1, black: white where the image is negative.
    moved = -augmentation.shift(-softer, seed, share=SHIFT / images.shape[1])
    noise = draw(0.0, 2 * NOISE) * tf.random.normal(tf.shape(images))
    return tf.clip_by_value(moved + draw(-2 * BRIGHTNESS, 2 * BRIGHTNESS) + noise, -1.0, 1.0)


def quality(model: keras.Model) -> dict[str, float]:
    """Shares of the held-out pictures, each in the features and, where the name says so, in pixels.

    test_top_1, test_top_5: of "new in this design", whose caption is the most probable, or one of
        the five most probable
    new_designs_found: of these, whose nearest training picture of any design has the same caption
    new_tones_tone, new_tones_person: of "new with this skin tone", whose nearest training picture
        has the same tone, or is the same but for the tone; none is both
    new_tones_found: of these, whose nearest picture in the other designs, training and test, has
        the same caption
    blurred_top_1: of all, made softer, which `metrics.followed` finds
    """
    known, known_captions, known_designs = data.load_captioned("emoji", split="train")
    images, captions, designs = map(np.asarray, data.load_captioned("emoji", split="test"))
    names = np.unique(known_captions)
    is_design = np.isin(captions, names)
    shares = _named(model, images[is_design], np.searchsorted(names, captions[is_design]))

    softer = gaussian_filter(data.as_floats(images), (0, BLUR, BLUR, 0), mode="nearest")
    all_captions = np.concatenate([known_captions, captions])
    all_designs = np.concatenate([known_designs, designs])
    measures = {"": lambda pixels: metrics.network_features(model, pixels), "_by_pixels": np.array}
    for suffix, see in measures.items():
        seen, there = see(images), see(known)
        nearest = all_captions[metrics.nearest_neighbors(seen, there).indices]
        everything = np.concatenate([there, seen])
        abroad = np.empty_like(captions)
        for design in np.unique(designs):
            rows, others = designs == design, all_designs != design
            found = metrics.nearest_neighbors(seen[rows], everything[others]).indices
            abroad[rows] = all_captions[others][found]
        tones = list(zip(nearest[~is_design], captions[~is_design], strict=True))
        followed = metrics.followed(softer, captions, designs, features=see if not suffix else None)
        shares |= {
            f"new_designs_found{suffix}": np.mean((nearest == captions)[is_design]),
            f"new_tones_tone{suffix}": np.mean(
                [data.skin_tones(one) == data.skin_tones(two) for one, two in tones]
            ),
            f"new_tones_person{suffix}": np.mean(
                [data.without_skin_tones(one) == data.without_skin_tones(two) for one, two in tones]
            ),
            f"new_tones_found{suffix}": np.mean((abroad == captions)[~is_design]),
            f"blurred_top_1{suffix}": followed.top_1,
        }
    return {name: round(float(share), 3) for name, share in shares.items()}


def _named(model: keras.Model, images: np.ndarray, labels: np.ndarray) -> dict[str, float]:
    """How often the label is the most probable for the classifier, or among five."""
    logits = model.predict(data.scale_pixels(data.as_floats(images)), verbose=0)
    own = np.take_along_axis(logits, labels[:, np.newaxis], axis=1)
    ranks = (logits >= own).sum(axis=1)
    return {"test_top_1": np.mean(ranks <= 1), "test_top_5": np.mean(ranks <= 5)}
