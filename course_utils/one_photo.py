"""A patch-based generator that learns from one photograph, coarse to fine.

A small variant in the spirit of SinGAN (Shaham et al. 2019); reading the photograph, its patches
and the classical synthesis are in `texture`.
"""

import numpy as np

from course_utils import losses
from course_utils._tensorflow import keras, tf
from course_utils.texture import prepare_photo, resize


def pyramid_sizes(
    size: tuple[int, int], num_scales: int = 4, coarsest: int = 16
) -> list[tuple[int, int]]:
    """Sizes (height, width) from coarse to fine; the coarsest's shorter side is `coarsest`.

    >>> pyramid_sizes((64, 96), 3, 16)
    [(16, 24), (32, 48), (64, 96)]
    """
    if num_scales < 2 or min(size) < coarsest:
        raise ValueError(
            f"The size {size} cannot have {num_scales} scales from {coarsest} pixels on; give 2 "
            "scales or more, and a larger size."
        )
    shares = np.linspace(0, 1, num_scales)
    factors = (coarsest / min(size)) ** (1 - shares)
    return [tuple(round(float(side * factor)) for side in size) for factor in factors]


def patch_network(channels: int = 24, num_layers: int = 5, outputs: int = 3, padding="same"):
    """Convolutions of 3 x 3 for pictures of any size: (n, h, w, 3) to (n, h, w, outputs).

    Five of them see 11 x 11 pixels. With "valid" padding each takes a pixel off each border.
    """
    layers = [keras.Input((None, None, 3))]
    for _ in range(num_layers - 1):
        layers.append(keras.layers.Conv2D(channels, 3, padding=padding))
        layers.append(keras.layers.LeakyReLU(negative_slope=0.2))
    return keras.Sequential([*layers, keras.layers.Conv2D(outputs, 3, padding=padding)])


class OnePhotoGAN:
    """One generator and one patch discriminator a scale; a finer scale adds to the one below.

    photo: what `texture.prepare_photo` takes. `fit` trains the scales one after the other;
    `sample` draws pictures of any size.
    """

    def __init__(self, photo, *, longest=96, num_scales=4, coarsest=16, channels=24, seed=0):
        self.photo = prepare_photo(photo, longest)
        self.sizes = pyramid_sizes(self.photo.shape[:2], num_scales, coarsest)
        self.seed = seed
        self.reals = [tf.constant(resize(self.photo, s)[np.newaxis] * 2 - 1) for s in self.sizes]
        keras.utils.set_random_seed(seed)
        self.generators = [patch_network(channels) for _ in self.sizes]
        self.discriminators = [
            patch_network(channels, outputs=1, padding="valid") for _ in self.sizes
        ]
        random = np.random.default_rng(seed)
        self.fixed_noise = tf.constant(random.standard_normal((1, *self.sizes[0], 3)), tf.float32)
        self.noise_levels = [1.0] + [0.0] * (len(self.sizes) - 1)
        self.history: dict[str, list[float]] = {"scale": [], "step": [], "reconstruction": []}
        self._fitted = False

    def fit(self, num_steps: int = 300, *, alpha: float = 10.0, every: int = 50):
        """Train each scale for `num_steps` steps; returns the history of reconstruction errors.

        alpha: weight of the squared error of the reconstruction from the fixed noise.
        """
        if isinstance(num_steps, bool) or not isinstance(num_steps, int) or num_steps < 1:
            raise ValueError(f"num_steps is {num_steps!r}; give a whole number of 1 or more.")
        for scale in range(len(self.sizes)):
            below = self._reconstruction_below(scale)
            if scale:
                error = tf.sqrt(tf.reduce_mean((below - self.reals[scale]) ** 2))
                self.noise_levels[scale] = 0.3 * float(error)
            step = self._make_step(scale, below, alpha)
            for number in range(1, num_steps + 1):
                error = step(tf.constant([self.seed, number]))
                if number % every == 0 or number in (1, num_steps):
                    self.history["scale"].append(scale)
                    self.history["step"].append(number)
                    self.history["reconstruction"].append(float(error))
        self._fitted = True
        return self.history

    def _make_step(self, scale: int, below, alpha: float):
        generator, discriminator = self.generators[scale], self.discriminators[scale]
        for_generator = keras.optimizers.Adam(1e-3, beta_1=0.5)
        for_discriminator = keras.optimizers.Adam(1e-3, beta_1=0.5)
        for_generator.build(generator.trainable_variables)
        for_discriminator.build(discriminator.trainable_variables)
        real = self.reals[scale]

        @tf.function
        def step(seed):
            before = self._draw_below(scale, 1, self.sizes[scale], seed)
            with tf.GradientTape(persistent=True) as tape:
                fake = self._refine(scale, before)
                real_logits, fake_logits = discriminator(real), discriminator(fake)
                loss_d = losses.hinge_discriminator_loss(real_logits, fake_logits)
                error = tf.reduce_mean((self._refine(scale, below) - real) ** 2)
                loss_g = losses.hinge_generator_loss(fake_logits) + alpha * error
            for optimizer, loss, network in (
                (for_discriminator, loss_d, discriminator),
                (for_generator, loss_g, generator),
            ):
                variables = network.trainable_variables
                optimizer.apply(tape.gradient(loss, variables), variables)
            return error

        return step

    def _refine(self, scale: int, picture):
        """One scale's generator: from noise at the coarsest, as a correction at the others."""
        made = self.generators[scale](picture)
        return tf.tanh(made) if scale == 0 else tf.clip_by_value(picture + made, -1.5, 1.5)

    def _draw_below(self, scale: int, n: int, size, seed, first_scale: int = 0):
        """What the generator of a scale takes: the picture from below, enlarged, plus noise."""
        picture = None
        for index in range(first_scale, scale + 1):
            # `size` is that of the wanted scale; those below have the pyramid's shares of it.
            shape = _scaled(size, self.sizes[index], self.sizes[scale])
            own = seed + tf.constant([1000 * index, 0])  # each scale draws its own noise
            noise = tf.random.stateless_normal((n, *shape, 3), seed=own)
            if index == 0:
                before = noise
            else:
                if picture is None:
                    picture = tf.repeat(self.reals[index - 1], n, axis=0)
                before = tf.image.resize(picture, shape) + self.noise_levels[index] * noise
            if index < scale:
                picture = self._refine(index, before)
        return before

    def _reconstruction_below(self, scale: int):
        picture = self.fixed_noise
        for index in range(scale):
            picture = tf.image.resize(self._refine(index, picture), self.sizes[index + 1])
        return picture

    def reconstruction(self) -> np.ndarray:
        """What the fixed noise becomes, float32 (height, width, 3): nearly the photo itself."""
        last = len(self.sizes) - 1
        made = self._refine(last, self._reconstruction_below(last))[0].numpy()
        return np.clip((made + 1) / 2, 0, 1)

    def sample(
        self, n: int = 1, seed: int = 0, *, size: tuple[int, int] | None = None, first_scale=0
    ) -> np.ndarray:
        """Draw n pictures, float32 (n, height, width, 3) in [0, 1]; the same for the same seed.

        size: (height, width), by default the photo's. first_scale: 0 draws everything anew; above
        0 noise enters at that scale only, and what is coarser comes from the photo.
        """
        if not self._fitted:
            raise RuntimeError("This generator has not learned yet; call fit first.")
        size = self.photo.shape[:2] if size is None else tuple(int(side) for side in size)
        if n < 1 or len(size) != 2 or min(size) < 32 or max(size) > 512:
            raise ValueError(f"n is {n} and size {size}; give n of 1 or more, sides of 32 to 512.")
        last = len(self.sizes) - 1
        if not 0 <= first_scale <= last:
            raise ValueError(f"first_scale is {first_scale}; give 0 to {last}.")
        before = self._draw_below(last, n, size, tf.constant([seed, 1]), first_scale)
        return np.clip((self._refine(last, before).numpy() + 1) / 2, 0, 1)


def _scaled(size, coarse, fine) -> tuple[int, int]:
    return tuple(
        max(4, round(side * small / large))
        for side, small, large in zip(size, coarse, fine, strict=True)
    )
