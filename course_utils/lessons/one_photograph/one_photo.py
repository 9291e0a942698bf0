"""A patch-based generator that learns from one photograph, coarse to fine.

A small variant in the spirit of SinGAN (Shaham et al. 2019); reading the photograph, its patches
and the classical synthesis are in `texture`.
"""

import random

import numpy as np

from course_utils import plots
from course_utils.base.arguments import check_name, check_real, check_whole
from course_utils.base.backend import keras, tf
from course_utils.lessons.one_photograph.texture import prepare_photo, pyramid_sizes, resize
from course_utils.models import gan_losses, streams

ALPHA = 10.0  # weight of the reconstruction's squared error
PENALTY = 0.01  # weight of the discriminator's squared gradient
NUM_LAYERS = 5  # convolutions of each network
SMALLEST, LARGEST = 32, 512  # sides of a picture to draw, in pixels
PIXELS_AT_ONCE = 8 * 64 * 96  # of the pictures drawn together: more take too much memory
NOISE = 0.3  # noise that a finer scale gets, as a share of the detail that it has to add


def patch_network(
    channels: int = 32, num_layers: int = 5, outputs: int = 3, normalize=False, padding="valid"
):
    """Convolutions of 3 x 3 for pictures of any size: (n, h, w, 3) to (n, h - 10, w - 10, outputs).

    Five of them see 11 x 11 pixels. padding: "valid" as described, or "same", where zeros around
    each layer's input keep the size. normalize: bring each channel of each picture to mean 0 and
    spread 1 (instance normalization); then what is seen reaches further, through those two numbers.
    """
    layers = [keras.Input((None, None, 3))]
    for _ in range(num_layers - 1):
        layers.append(keras.layers.Conv2D(channels, 3, padding=padding))
        if normalize:
            layers.append(keras.layers.GroupNormalization(groups=-1))
        layers.append(keras.layers.LeakyReLU(negative_slope=0.2))
    return keras.Sequential([*layers, keras.layers.Conv2D(outputs, 3, padding=padding)])


def logits_and_penalty(discriminator, real):
    """Logits of real pictures, and how steep they are: the R1 penalty, here taken per pixel.

    The penalty is the mean over the pixels of the squared gradient of the sum of all logits
    (Mescheder et al. 2018, with all logits of a picture in the place of one).
    """
    with tf.GradientTape() as tape:
        tape.watch(real)
        logits = discriminator(real)
        total = tf.reduce_sum(logits)
    squares = tf.reduce_sum(tape.gradient(total, real) ** 2, axis=-1)
    return logits, tf.reduce_mean(squares)


class OnePhotoGAN:
    """One generator and one patch discriminator a scale; a finer scale adds to the one below.

    photo: what `texture.prepare_photo` takes. border: "mirror" gives a generator's input a margin,
    of more noise at the coarsest scale and mirrored at the others, and asks the discriminator only
    where it sees a whole patch, so that neither meets an edge; "zeros" pads every layer with zeros.
    `fit` trains the scales one after the other; `sample` draws pictures of any size.

    It is no `interface.GenerativeModel`: one learns from many images of one size, in one training,
    and draws that size. What `sample(n, seed)` means is the same.
    """

    def __init__(
        self, photo, *, longest=96, num_scales=4, coarsest=20, channels=32, border="mirror", seed=0
    ):
        check_name("border", border, ("mirror", "zeros"))
        self.padding = "valid" if border == "mirror" else "same"
        self._margin = NUM_LAYERS if border == "mirror" else 0
        self.photo = prepare_photo(photo, longest)
        self.sizes = pyramid_sizes(self.photo.shape[:2], num_scales, coarsest)
        self.channels, self.seed = channels, seed
        self.reals = [tf.constant(resize(self.photo, s)[np.newaxis] * 2 - 1) for s in self.sizes]
        fixed = (1, *(side + 2 * self._margin for side in self.sizes[0]), 3)
        self.fixed_noise = tf.constant(
            np.random.default_rng(seed).standard_normal(fixed), tf.float32
        )
        self._start()

    def _start(self) -> None:
        keras.utils.set_random_seed(self.seed)
        options = {"channels": self.channels, "num_layers": NUM_LAYERS, "padding": self.padding}
        self.generators = [patch_network(normalize=True, **options) for _ in self.sizes]
        self.discriminators = [patch_network(outputs=1, **options) for _ in self.sizes]
        self.noise_levels = [1.0] + [0.0] * (len(self.sizes) - 1)
        self.history: dict[str, list[float]] = {"scale": [], "step": [], "reconstruction": []}
        self._fitted = False

    def fit(
        self, num_steps: int = 1000, *, share: float = 0.5, every: int = 50, verbose: bool = False
    ):
        """Train all scales from the beginning; returns the history of reconstruction errors.

        num_steps: of the coarsest scale; each finer one gets `share` times as many as the one
        below. The errors are root mean squares of a pixel on a scale from 0 to 1, at each
        `every`-th step.
        """
        check_whole("num_steps", num_steps)
        check_real("share", share, 0, 1)
        check_whole("every", every)
        self._start()
        for scale, size in enumerate(self.sizes):
            below = self._begin_scale(scale)
            steps = max(1, round(num_steps * share**scale))
            step = self._make_step(scale, below, steps)
            for number in range(1, steps + 1):
                error = step(tf.constant([self.seed, number], tf.int64))
                if number % every == 0 or number in (1, steps):
                    self.history["scale"].append(scale)
                    self.history["step"].append(number)
                    self.history["reconstruction"].append(float(error))
            if verbose:
                print(
                    f"scale {scale}: {size[0]:3} x {size[1]:3} pixels, {steps:5,} steps, "
                    f"error of the reconstruction {float(error):.3f}"
                )
        self._fitted = True
        return self.history

    def _begin_scale(self, scale: int):
        """Set a scale's noise and first weights; returns what its reconstruction starts from."""
        if scale == 0:
            return None
        below = tf.image.resize(self._reconstruct(scale - 1), self.sizes[scale])
        missing = tf.sqrt(tf.reduce_mean((below - self.reals[scale]) ** 2))
        self.noise_levels[scale] = NOISE * float(missing)
        self.discriminators[scale].set_weights(self.discriminators[scale - 1].get_weights())
        if scale > 1:  # the coarsest generator has another task: it starts from noise alone
            self.generators[scale].set_weights(self.generators[scale - 1].get_weights())
        return below

    def _make_step(self, scale: int, below, steps: int):
        generator, discriminator = self.generators[scale], self.discriminators[scale]
        rate = keras.optimizers.schedules.PiecewiseConstantDecay([steps * 4 // 5], [1e-3, 1e-4])
        for_generator = keras.optimizers.Adam(rate, beta_1=0.5)
        for_discriminator = keras.optimizers.Adam(rate, beta_1=0.5)
        for_generator.build(generator.trainable_variables)
        for_discriminator.build(discriminator.trainable_variables)
        real, size, batch_size = self.reals[scale], self.sizes[scale], 2 if scale == 0 else 1

        @tf.function
        def step(seed):
            seed = streams.fold_in(seed, "training", scale)
            noise = self._noise(scale, batch_size, size, seed)
            before = self._draw_below(scale, batch_size, size, seed)
            # The last picture of the batch is the reconstruction: its noise is fixed.
            noise = tf.concat([noise, self.fixed_noise if scale == 0 else 0 * noise[:1]], axis=0)
            before = None if scale == 0 else tf.concat([before, below], axis=0)
            with tf.GradientTape(persistent=True) as tape:
                made = self._refine(scale, before, noise)
                real_logits, penalty = logits_and_penalty(discriminator, real)
                fake_logits = discriminator(made[:-1])
                loss_d = gan_losses.hinge_discriminator_loss(real_logits, fake_logits)
                loss_d += PENALTY * penalty
                error = tf.reduce_mean((made[-1:] - real) ** 2)
                loss_g = gan_losses.hinge_generator_loss(fake_logits) + ALPHA * error
            for optimizer, loss, network in (
                (for_discriminator, loss_d, discriminator),
                (for_generator, loss_g, generator),
            ):
                variables = network.trainable_variables
                optimizer.apply(tape.gradient(loss, variables), variables)
            return tf.sqrt(error) / 2

        return step

    def _refine(self, scale: int, below, noise):
        """One scale's generator: from noise at the coarsest, as a correction at the others."""
        if scale == 0:
            return tf.tanh(self.generators[0](noise))
        around = [[0, 0], [self._margin] * 2, [self._margin] * 2, [0, 0]]
        noisy = tf.pad(below, around, "REFLECT") + self.noise_levels[scale] * noise
        change = tf.tanh(self.generators[scale](noisy))
        return tf.clip_by_value(below + change, -1.2, 1.2)

    def _noise(self, scale: int, n: int, size, seed):
        """Each scale draws noise of its own from a seed (2,)."""
        seed = streams.fold_in(seed, "noise of scale", scale)
        height, width = (side + 2 * self._margin for side in size)
        return tf.random.stateless_normal((n, height, width, 3), seed)

    def _draw_below(self, scale: int, n: int, size, seed, first_scale: int = 0):
        """The picture from the scales below, enlarged to `size`; None below the coarsest."""
        if scale == 0:
            return None
        if scale == first_scale:
            return tf.image.resize(tf.repeat(self.reals[scale - 1], n, axis=0), size)
        smaller = _scaled(size, self.sizes[scale - 1], self.sizes[scale])
        return tf.image.resize(self._draw(scale - 1, n, smaller, seed, first_scale), size)

    def _draw(self, scale: int, n: int, size, seed, first_scale: int = 0):
        below = self._draw_below(scale, n, size, seed, first_scale)
        return self._refine(scale, below, self._noise(scale, n, size, seed))

    def _reconstruct(self, scale: int):
        picture = self._refine(0, None, self.fixed_noise)
        for index in range(1, scale + 1):
            picture = self._refine(index, tf.image.resize(picture, self.sizes[index]), 0.0)
        return picture

    def reconstruction(self) -> np.ndarray:
        """What the fixed noise becomes, float32 (height, width, 3): nearly the photo itself."""
        return _to_unit(self._reconstruct(len(self.sizes) - 1))[0]

    def sample(
        self,
        n: int = 1,
        seed: int | None = None,
        *,
        size: tuple[int, int] | None = None,
        first_scale: int = 0,
    ) -> np.ndarray:
        """Draw n pictures, float32 (n, height, width, 3) in [0, 1]; the same for the same seed.

        size: (height, width), 32 to 512 each, by default the photo's. first_scale: 0 draws
        everything anew; above 0 noise enters from that scale on, and what is coarser comes from the
        photo.
        """
        if not self._fitted:
            raise RuntimeError("This generator has not learned yet; call fit first.")
        check_whole("The number of samples", n, 0)
        size = self.photo.shape[:2] if size is None else tuple(size)
        if len(size) != 2:
            raise ValueError(f"size is {size}; give (height, width), two whole numbers.")
        height, width = size
        check_whole("The height", height, SMALLEST, LARGEST)
        check_whole("The width", width, SMALLEST, LARGEST)
        last = len(self.sizes) - 1
        check_whole("first_scale", first_scale, 0, last)
        seed = random.randrange(2**31) if seed is None else check_whole("seed", seed, 0)
        few = max(1, min(8, PIXELS_AT_ONCE // (height * width)))
        parts = [np.zeros((0, height, width, 3), np.float32)]
        for start in range(0, n, few):
            part = streams.fold_in(tf.constant([seed, start // few], tf.int64), "sample")
            drawn = self._draw(last, min(few, n - start), size, part, first_scale)
            parts.append(_to_unit(drawn))
        return np.concatenate(parts)


def _to_unit(pictures) -> np.ndarray:
    return np.clip((pictures.numpy() + 1) / 2, 0, 1)


def _scaled(size, coarse, fine) -> tuple[int, int]:
    return tuple(
        max(NUM_LAYERS + 1, round(side * small / large))
        for side, small, large in zip(size, coarse, fine, strict=True)
    )


def sample_figure(
    model: OnePhotoGAN, seed: int, first_scale: int, height: int, width: int
) -> plots.Figure:
    """One picture drawn with these choices, for `widgets.live_figure`; the caption names them."""
    size, scale = (int(height), int(width)), int(first_scale)
    picture = model.sample(1, int(seed), size=size, first_scale=scale)
    given = "all of it is drawn" if scale == 0 else f"scales below {scale} come from the photo"
    caption = (
        f"Drawn with seed {int(seed)}, {size[0]} x {size[1]} pixels, noise from scale {scale} on: "
        f"{given}."
    )
    content = plots.img_tag(plots.grid_png(picture, scale=3, compress_level=1), caption)
    return plots.Figure(content, caption)
