"""How each of the shipped weights was made.

A recipe returns the trained model and the facts for the manifest: builder, arguments, recipe in
words, measured quality.
"""

from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import h5py
import numpy as np

from course_utils import data, metrics
from course_utils.base.backend import keras, tf
from course_utils.models import (
    conditional_gan,
    gan,
    networks,
    pretrained,
    row_rnn,
    training,
    vae,
)
from course_utils.recipes import emoji_features, flows, shipping

FOLDER = pretrained.FOLDER
SUFFIX = ".weights.h5"  # which Keras asks for


def save(name: str, model: keras.Model, root: Path, **facts) -> dict:
    """Write data/weights/NAME.weights.h5 below `root`, and its entry in the manifest there.

    facts: `builder` and `arguments`, which make such a model, `recipe`, and measured `quality`;
        with `precision` "float16" a number takes two bytes in the file instead of four.
    """
    weights = pretrained.generating_network(model).get_weights()
    # Layers are numbered from model to model, and the file holds their names: begin at 0 again.
    keras.utils.clear_session(free_memory=False)
    # A new model without the optimizer, whose state would be saved as well.
    built = pretrained.BUILDERS[facts["builder"]](**facts["arguments"])
    bare = pretrained.generating_network(built)
    bare.set_weights(weights)
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}{SUFFIX}"
        bare.save_weights(path)
        if facts.get("precision") == "float16":
            _halve(path)
        content = path.read_bytes()
    return shipping.ship(root, FOLDER, name, SUFFIX, content, facts)


def _halve(path: Path) -> None:
    """Write the file's weights again in half precision; Keras reads them as it reads others."""
    numbers = {}
    with h5py.File(path) as full:
        full.visititems(
            lambda name, item: numbers.update({name: item[()]} if hasattr(item, "shape") else {})
        )
        groups = []
        full.visit(groups.append)
    path.unlink()
    with h5py.File(path, "w") as half:
        for name in groups:
            if name in numbers:
                number = numbers[name]
                is_weight = number.dtype == np.float32
                half.create_dataset(name, data=number.astype(np.float16) if is_weight else number)
            else:
                half.require_group(name)


def train_features(dataset_name: str, epochs: int):
    """A frozen classifier in whose 64 features the course measures distances.

    Retraining it would shift every distance in every lesson: a better one gets a new name.
    """
    batch_size = 128
    keras.utils.set_random_seed(0)
    model = networks.feature_classifier()
    images, labels = data.load_images(dataset_name, split="train")
    dataset = data.make_dataset(images, labels, batch_size=batch_size, seed=0)
    dataset = dataset.map(lambda x, y: (_flip_and_shift(data.scale_pixels(x)), y))
    steps = epochs * len(images) // batch_size
    model.compile(
        optimizer=keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(2e-3, steps)),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        jit_compile=False,
    )
    model.fit(dataset, epochs=epochs, verbose=2, shuffle=False)

    test_images, test_labels = data.load_images(dataset_name, split="test")
    test_set = data.make_dataset(test_images, batch_size=500, shuffle=False)
    logits = model.predict(test_set.map(data.scale_pixels), verbose=0)
    facts = {
        "builder": "feature_classifier",
        "arguments": {},
        "recipe": f"{epochs} epochs on the training split, batch {batch_size}, Adam 2e-3 with "
        "cosine decay, flips and shifts by up to 1 pixel, seed 0",
        "quality": {
            "test_accuracy": float(np.mean(logits.argmax(axis=1) == test_labels)),
            **_floor_and_ceiling(model, images, test_images),
        },
    }
    return model, facts


def _floor_and_ceiling(classifier, images, test_images) -> dict[str, float]:
    """Distance to the test images of (10,000) training images, and of the mean image alone."""
    mean_image = images.mean(axis=0, keepdims=True) / 255
    test, real, constant = (
        metrics.feature_statistics(metrics.network_features(classifier, pixels))
        for pixels in (test_images, images[:10_000], np.repeat(mean_image, 2, 0))
    )
    return {
        "floor": round(metrics.gaussian_frechet_distance(*real, *test), 4),
        "ceiling": round(metrics.gaussian_frechet_distance(*constant, *test), 2),
    }


def _flip_and_shift(images: tf.Tensor) -> tf.Tensor:
    """Images in [-1, 1], flipped at random and moved together by up to 1 pixel."""
    padded = tf.pad(images, [[0, 0], [1, 1], [1, 1], [0, 0]], constant_values=-1.0)
    return tf.image.random_flip_left_right(tf.image.random_crop(padded, tf.shape(images)))


def _fit(model, steps: int, batch_size: int, images, labels=None) -> None:
    model.fit(
        images,
        labels,
        batch_size=batch_size,
        steps_per_epoch=steps // 10,
        epochs=10,
        verbose=2,
        callbacks=[training.StopOnNonFinite()],
    )


def train_gan_fashion():
    """The GAN of lesson 06, trained for about eight minutes on two CPU cores."""
    steps, batch_size = 20_000, 64
    keras.utils.set_random_seed(0)
    model = gan.GAN(seed=0)
    model.compile()
    images, _ = data.load_images("fashion_mnist", split="train")
    _fit(model, steps, batch_size, images)
    distance = metrics.frechet_distance(model.sample(10_000, seed=0))
    facts = {
        "builder": "GAN",
        "arguments": {"latent_size": model.latent_size},
        "recipe": f"{steps} steps on the training split, batch {batch_size}, hinge loss, "
        "Adam(2e-3, 0.5, 0.99), weight average 0.998, seed 0",
        "quality": {"frechet_distance": round(float(distance), 3), "measured": str(distance)},
    }
    return model, facts


def train_cat_gan():
    """The conditional GAN of lesson 12, trained for about four minutes on two CPU cores."""
    steps, batch_size = 6000, 64
    keras.utils.set_random_seed(0)
    model = conditional_gan.ConditionalGAN(seed=0)
    model.compile()
    _fit(model, steps, batch_size, *data.load_images("animals", split="train"))
    found = metrics.recognized(model)
    facts = {
        "builder": "ConditionalGAN",
        "arguments": {"num_classes": model.num_classes, "latent_size": model.latent_size},
        "recipe": f"{steps} steps on the training split, batch {batch_size}, hinge loss, "
        "Adam(2e-3, 0.5, 0.99), weight average 0.998, seed 0",
        "quality": {
            "recognized": round(found.all, 3),
            "recognized_cats": round(found.cats, 3),
            "frechet_distance": round(float(found.distance), 3),
            "measured": str(found.distance),
        },
    }
    return model, facts


def train_vae(latent_size: int, likelihood: str, beta: float = 1.0, rate: float = 4e-3):
    """A VAE of lessons 09 and 10, trained for a few minutes on two CPU cores."""
    steps, batch_size = 4000, 128
    keras.utils.set_random_seed(0)
    arguments = {"latent_size": latent_size, "likelihood": likelihood, "beta": beta}
    model = vae.VAE(**arguments, seed=0)
    model.compile(
        optimizer=keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(rate, steps))
    )
    images, test_images = (
        data.load_images("fashion_mnist", split)[0] for split in ("train", "test")
    )
    if likelihood == "bernoulli":
        images, test_images = data.binarize(images), data.binarize(test_images)
    _fit(model, steps, batch_size, images)
    terms = [float(term.mean()) for term in model.elbo(test_images, seed=0)]
    preparation = "pixels thresholded at 0.5" if likelihood == "bernoulli" else "gray pixels"
    facts = {
        "builder": "VAE",
        "arguments": arguments,
        "recipe": f"{steps} steps on the training split, {preparation}, batch {batch_size}, "
        f"Adam {1000 * rate:g}e-3 with cosine decay, seed 0",
        "quality": {
            name: round(value, 2)
            for name, value in zip(
                ("test_elbo", "test_reconstruction", "test_kl"), terms, strict=True
            )
        },
    }
    return model, facts


def train_row_rnn(
    dataset_name: str, steps: int, num_classes: int | None = None, mirrored: bool = False
):
    """A recurrent model of lesson 11, trained for a few minutes on two CPU cores."""
    rate, batch_size = 1e-2, 64
    keras.utils.set_random_seed(0)
    model = row_rnn.RowRNN(num_classes=num_classes, seed=0)
    decay = keras.optimizers.schedules.CosineDecay(rate, steps)
    model.compile(optimizer=keras.optimizers.Adam(decay, global_clipnorm=30.0))
    (images, labels), (test_images, test_labels) = (
        data.load_images(dataset_name, split) for split in ("train", "test")
    )
    images, test_images = data.binarize(images), data.binarize(test_images)
    if mirrored:
        images = np.concatenate([images, images[:, :, ::-1]])
        labels = np.concatenate([labels, labels])
    if num_classes is None:
        labels = test_labels = None
    _fit(model, steps, batch_size, images, labels)
    nats = {
        f"{name}_nats": round(-float(model.log_likelihood(*few).mean()), 2)
        for name, few in {
            "test": (test_images, test_labels),
            "train": (images[:5000], labels if labels is None else labels[:5000]),
        }.items()
    }
    facts = {
        "builder": "RowRNN",
        "arguments": {"num_classes": num_classes},
        "recipe": f"{steps} steps on the training split{' and its mirror images' * mirrored}, "
        "pixels thresholded at 0.5, batch "
        f"{batch_size}, Adam {rate:g} with cosine decay, gradients clipped to the norm 30, seed 0",
        "quality": nats,
    }
    return model, facts


RECIPES = {
    "rnn_fashion": partial(train_row_rnn, dataset_name="fashion_mnist", steps=6000),
    "rnn_animals": partial(
        train_row_rnn, dataset_name="animals", steps=2500, num_classes=10, mirrored=True
    ),
    "vae_fashion_2": partial(train_vae, latent_size=2, likelihood="bernoulli", rate=2e-3),
    "vae_fashion_16": partial(train_vae, latent_size=16, likelihood="bernoulli"),
    "vae_fashion_16_beta_0.1": partial(train_vae, latent_size=16, likelihood="bernoulli", beta=0.1),
    "vae_fashion_16_beta_4": partial(train_vae, latent_size=16, likelihood="bernoulli", beta=4.0),
    "vae_fashion_16_beta_20": partial(train_vae, latent_size=16, likelihood="bernoulli", beta=20.0),
    "vae_fashion_gaussian": partial(train_vae, latent_size=16, likelihood="gaussian"),
    "fashion_features_v1": partial(train_features, dataset_name="fashion_mnist", epochs=20),
    "animals_features_v1": partial(train_features, dataset_name="animals", epochs=60),
    "emoji_features_v1": partial(emoji_features.train_emoji_features, steps=8000),
    "flow_fashion": partial(flows.train_flow, dataset_name="fashion_mnist", steps=10_000),
    "flow_animals": partial(flows.train_flow, dataset_name="animals", steps=5000),
    "emoji_flow": partial(flows.train_emoji_flow, steps=20_000),
    "gan_fashion": train_gan_fashion,
    "cat_gan": train_cat_gan,
}
