"""What VAEs of several betas do with the same images: a live picture.

Nothing is trained here; the models are given.
"""

from collections.abc import Mapping

import numpy as np

from course_utils import data, plots
from course_utils.base.arguments import check_name, check_whole

_SWEEP = 2.5  # a latent is moved from minus this to this


class BetaPictures:
    """What models of several betas do with the same images.

    `beta_figure` draws it, and fits `widgets.live_figure`.

    models: name -> VAE. kl: the same names -> mean KL term of each of its latents (latent_size,),
        in nats. images: (n, height, width, channels) with pixels that suit the models.
    """

    def __init__(self, models: Mapping, kl: Mapping[str, np.ndarray], images):
        if not models or models.keys() != kl.keys():
            raise ValueError(
                f"There are models for {list(models)} and KL terms for {list(kl)}; give both the "
                "same names, at least one."
            )
        for name, model in models.items():
            shape = np.shape(kl[name])
            if shape != (model.latent_size,) or not np.isfinite(kl[name]).all():
                raise ValueError(
                    f"The KL terms of {name!r} have shape {shape}; give {model.latent_size} "
                    "finite numbers, one for each latent."
                )
        self._models, self._kl = dict(models), {k: np.asarray(v) for k, v in kl.items()}
        self._images = data.check_images(images)
        self._floats = plots.to_uint8(images)[..., np.newaxis] / np.float32(255)
        # What does not depend on the latent that is moved, once for each model.
        self._codes = {name: model.encode(self._images)[0] for name, model in models.items()}
        self._rows = {
            name: np.concatenate(
                [model.generate(self._codes[name]), model.sample(len(self._images), seed=0)]
            )
            for name, model in models.items()
        }

    def beta_figure(self, beta: str, rank: float) -> plots.Figure:
        """Four rows: images, reconstructions, samples, and the first image with one latent moved.

        beta: one of the models' names. rank: which latent moves, 1 for the one with the largest KL
        term.
        """
        check_name("beta", beta, self._models)
        kl, model = self._kl[beta], self._models[beta]
        # A slider's number arrives as 4.0.
        rank = check_whole("rank", int(rank) if float(rank).is_integer() else rank, 1, len(kl))
        latent = int(np.argsort(-kl, kind="stable")[rank - 1])
        moved = sweep(self._codes[beta][0], latent, len(self._floats))
        swept = model.generate(moved)
        change = np.abs(swept[-1] - swept[0]).mean()
        caption = (
            f"beta {beta}: test images, reconstructions, samples, and the first image while the "
            f"latent of rank {int(rank)} moves from {-_SWEEP:g} to {_SWEEP:g}. That latent "
            f"carries {kl[latent]:.2f} of {kl.sum():.1f} nats; a pixel changes by {change:.3f}."
        )
        rows = np.concatenate([self._floats, self._rows[beta], swept])
        return plots.pixels_figure(rows, caption, len(self._floats))


def sweep(code: np.ndarray, latent: int, count: int) -> np.ndarray:
    """`count` copies of a code (k,) in which one latent runs from -2.5 to 2.5: float32 (count, k).

    >>> sweep(np.array([7.0, 8.0]), 0, 3)
    array([[-2.5,  8. ],
           [ 0. ,  8. ],
           [ 2.5,  8. ]], dtype=float32)
    """
    copies = np.tile(np.asarray(code, np.float32), (count, 1))
    copies[:, latent] = np.linspace(-_SWEEP, _SWEEP, count)
    return copies
