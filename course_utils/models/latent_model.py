"""What every generator with latents has besides `interface`: `generate`, and `sample` through it.

How latents are drawn, checked and moved without TensorFlow is in `latent_space`.
"""

import numpy as np

from course_utils.base.backend import tf
from course_utils.models.interface import GenerativeModel
from course_utils.models.latent_space import check_latents, draw_latents


class LatentModel(GenerativeModel):
    """A generative model that computes each image from a standard normal latent.

    Subclasses set `image_shape` and `latent_shape`, such as (16,) or, where a latent looks like an
    image, (28, 28, 1); then they call `_add_seed` and `_prepare_generation`. `_decode` turns a
    tensor of latents into images in the networks' range.
    """

    latent_shape: tuple[int, ...]

    @property
    def latent_size(self) -> int:
        """How many numbers a latent is, if it is one row; AttributeError for other shapes."""
        if len(self.latent_shape) != 1:
            raise AttributeError(
                f"The latents of this {type(self).__name__} have the shape {self.latent_shape}, "
                "which is not one size; use latent_shape."
            )
        return self.latent_shape[0]

    def sample(self, n: int, seed: int | None = None) -> np.ndarray:
        """Draw n images, float32 (n, *image_shape) in [0, 1]; the same ones for the same seed."""
        return self.generate(draw_latents(n, self.latent_shape, seed))

    def generate(self, latents) -> np.ndarray:
        """Images, float32 (n, *image_shape) in [0, 1], of latents (n, *latent_shape)."""
        return self._in_chunks(self._generate, check_latents(latents, self.latent_shape))

    def _draw_latents(self, n, purpose: str = "latents", repetition: int = 0):
        """n latents for this training step, as a tensor; `_step_seed` says what they depend on."""
        seed = self._step_seed(purpose, repetition)
        return tf.random.stateless_normal((n, *self.latent_shape), seed)

    def _prepare_generation(self, *shapes: tuple[int, ...]):
        """Trace generation once for any number of latents: a call then takes milliseconds.

        shapes: of one row of further inputs, in a model whose `_decode` takes more than latents.
        """
        self._generate = tf.function(
            lambda *inputs: self._to_pixels(self._decode(*inputs)),
            input_signature=[
                tf.TensorSpec((None, *shape), tf.float32) for shape in (self.latent_shape, *shapes)
            ],
            autograph=False,  # nothing to convert, and looking for it takes half a second
        )

    def _decode(self, latents):
        """Images in the networks' range, or points, of a tensor of latents (n, *latent_shape)."""
        raise NotImplementedError(f"{type(self).__name__} does not say how latents are decoded.")

    def call(self, latents, training=False):
        """Images in the networks' own range; `generate` is the course's way to get pixels."""
        return self._decode(latents)
