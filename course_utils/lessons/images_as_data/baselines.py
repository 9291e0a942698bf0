"""The simplest generators: independent pixels, a Gaussian along principal axes, moved copies.

Each is made from training images and has `sample(n, seed)`, float32 (n, height, width, channels) in
[0, 1]. Pure NumPy, in chunks. They are what a trained network has to beat; none of them trains.
"""

import numpy as np

from course_utils import data, plots
from course_utils.base.arguments import check_name, check_real, check_whole

_CHUNK = 1000  # images worked on at once: bounds the memory, not the result


# ---- shared checks -------------------------------------------------------------------------------


def _training_images(images) -> np.ndarray:
    images = data.check_images(images)
    if images.ndim != 4:
        raise ValueError(
            f"images has shape {images.shape}; give images (n, height, width, channels), "
            "not points."
        )
    if len(images) < 2:
        raise ValueError("There is 1 training image; give 2 or more, better thousands.")
    return images


def _starts(n, seed) -> tuple[np.random.Generator, range]:
    check_whole("n", n, 1)
    check_whole("seed", seed, 0)
    return np.random.default_rng(seed), range(0, n, _CHUNK)


# ---- generators ----------------------------------------------------------------------------------


class IndependentPixels:
    """Each pixel is drawn by itself, from the values that it has in the training images.

    Every pixel's own distribution is exactly that of the data; all relations between pixels are
    lost. images: (n, height, width, channels), uint8 or floats in [0, 1], n of 2 or more; they are
    kept, not copied. Raises TypeError or ValueError for anything else.

    >>> IndependentPixels(np.eye(4).reshape(2, 2, 4, 1)).sample(3, seed=0).shape
    (3, 2, 4, 1)
    """

    def __init__(self, images):
        self._images = _training_images(images)
        self.image_shape = self._images.shape[1:]

    def sample(self, n: int, seed: int) -> np.ndarray:
        """New images, float32 (n, *image_shape) in [0, 1]; the same seed gives the same ones."""
        random, starts = _starts(n, seed)
        flat = self._images.reshape(len(self._images), -1)
        samples = np.empty((n, *self.image_shape), np.float32)
        for start in starts:
            part = samples[start : start + _CHUNK]
            # For each pixel another training image is asked for its value.
            donors = random.integers(len(flat), size=(len(part), flat.shape[1]))
            part[:] = data.as_floats(flat[donors, np.arange(flat.shape[1])]).reshape(part.shape)
        return samples


class PCAGaussian:
    """A normal distribution with the mean and the covariance of the training images.

    The covariance C = V diag(variances) V' is found with its eigenvectors V, the principal axes
    (Pearson 1901; Bishop 2006, section 12.1): x = mean + V sqrt(variances) z with z ~ N(0, I) has
    the covariance C. Values outside [0, 1] are clipped.

    images: as in `IndependentPixels`. num_components: axes that `sample` and `reconstruct` use, the
        ones of largest variance first; by default all, which are height x width x channels.

    Attributes: mean (d,), axes (d, d), one in each column, variances (d,), falling.
    """

    def __init__(self, images, num_components: int | None = None):
        images = _training_images(images)
        self.image_shape = images.shape[1:]
        flat = images.reshape(len(images), -1)
        starts = range(0, len(flat), _CHUNK)
        total = sum(
            data.as_floats(flat[s : s + _CHUNK]).sum(axis=0, dtype=np.float64) for s in starts
        )
        self.mean = total / len(flat)
        covariance = np.zeros((flat.shape[1], flat.shape[1]))
        for start in starts:
            centered = data.as_floats(flat[start : start + _CHUNK]) - self.mean.astype(np.float32)
            covariance += centered.T @ centered
        variances, axes = np.linalg.eigh(covariance / (len(flat) - 1))
        # Rounding may leave variances of -1e-9 where pixels never change.
        self.variances = np.clip(variances[::-1], 0, None)
        axes = axes[:, ::-1]
        # An axis is as good as its opposite: its largest entry shall be positive.
        largest = np.abs(axes).argmax(axis=0)
        self.axes = axes * np.sign(axes[largest, np.arange(len(axes))])
        self.num_components = len(self.mean)
        self.num_components = self.component_count(num_components)

    def component_count(self, num_components: int | None = None) -> int:
        """So many axes, by default those of the constructor; ValueError if there are fewer."""
        if num_components is None:
            return self.num_components
        check_whole("num_components", num_components, 0)
        if num_components > len(self.mean):
            raise ValueError(
                f"num_components is {num_components}, but images of shape {self.image_shape} have "
                f"only {len(self.mean)} numbers; use {len(self.mean)} or less."
            )
        return int(num_components)

    def explained(self, num_components: int) -> float:
        """Share of the total variance along the first axes, from 0 to 1."""
        count = self.component_count(num_components)
        return float(self.variances[:count].sum() / max(self.variances.sum(), 1e-300))

    def sample(self, n: int, seed: int, num_components: int | None = None) -> np.ndarray:
        """New images, float32 (n, *image_shape) in [0, 1]; the same seed gives the same ones.

        num_components: instead of that of the constructor. Every image uses its random numbers in
        the same order, so that more components refine the same images.
        """
        count = self.component_count(num_components)
        random, starts = _starts(n, seed)
        scaled_axes = (self.axes[:, :count] * np.sqrt(self.variances[:count])).astype(np.float32)
        samples = np.empty((n, len(self.mean)), np.float32)
        for start in starts:
            part = samples[start : start + _CHUNK]
            noise = random.standard_normal(part.shape, dtype=np.float32)
            part[:] = self.mean + noise[:, :count] @ scaled_axes.T
        return np.clip(samples, 0, 1).reshape(n, *self.image_shape)

    def reconstruct(self, images, num_components: int | None = None) -> np.ndarray:
        """Given images with only their parts along the first axes kept, float32 in [0, 1]."""
        images = data.check_images(images)
        if images.shape[1:] != self.image_shape:
            raise ValueError(
                f"The images have shape {images.shape[1:]}, the training images "
                f"{self.image_shape}; give the same shape."
            )
        count = self.component_count(num_components)
        axes, mean = self.axes[:, :count].astype(np.float32), self.mean.astype(np.float32)
        kept = np.empty(images.shape, np.float32)
        for start in range(0, len(images), _CHUNK):
            flat = data.as_floats(images[start : start + _CHUNK]).reshape(-1, len(mean)) - mean
            part = kept[start : start + _CHUNK]
            part[:] = np.clip(mean + (flat @ axes) @ axes.T, 0, 1).reshape(part.shape)
        return kept


class JitteredCopies:
    """Training images, each moved by a few pixels, with a little noise: copies in disguise.

    images: as in `IndependentPixels`. largest_shift: pixels, up or down and left or right at most;
    the border is repeated where the image moved away. noise: standard deviation of the normal noise
    on each pixel, on a scale from 0 to 1.
    """

    def __init__(self, images, largest_shift: int = 1, noise: float = 0.02):
        self._images = _training_images(images)
        self.image_shape = self._images.shape[1:]
        check_whole("largest_shift", largest_shift, 0)
        if largest_shift >= min(self.image_shape[:2]):
            raise ValueError(
                f"largest_shift is {largest_shift}, but the images are only {self.image_shape[0]} "
                f"x {self.image_shape[1]} pixels; use 1 or 2."
            )
        self.largest_shift, self.noise = int(largest_shift), check_real("noise", noise, 0, 1)

    def sample(self, n: int, seed: int) -> np.ndarray:
        """Disguised copies, float32 (n, *image_shape) in [0, 1]; the same seed, the same ones."""
        random, starts = _starts(n, seed)
        height, width = self.image_shape[:2]
        samples = np.empty((n, *self.image_shape), np.float32)
        for start in starts:
            part = samples[start : start + _CHUNK]
            chosen = random.integers(len(self._images), size=len(part))
            limits = -self.largest_shift, self.largest_shift + 1
            down, right = random.integers(*limits, size=(2, len(part), 1))
            rows = np.clip(np.arange(height) - down, 0, height - 1)
            columns = np.clip(np.arange(width) - right, 0, width - 1)
            moved = self._images[chosen[:, None, None], rows[:, :, None], columns[:, None, :]]
            noise = random.standard_normal(part.shape, dtype=np.float32)
            part[:] = np.clip(data.as_floats(moved) + np.float32(self.noise) * noise, 0, 1)
        return samples


# ---- a live picture ------------------------------------------------------------------------------

SHOWS = ("samples", "reconstructions")


def pca_figure(
    model: PCAGaussian, images, num_components: int, show: str = "samples", seed: int = 0
) -> plots.Figure:
    """24 samples of a `PCAGaussian`, or eight reconstructed images above their originals.

    images: what to reconstruct, as in `PCAGaussian.reconstruct`; another eight for each seed.
    show: "samples" or "reconstructions".
    """
    check_name("way to show", show, SHOWS)
    count = model.component_count(num_components)
    share = f"{count} of {len(model.mean)} components, {100 * model.explained(count):.0f} % of the"
    if show == "samples":
        shown = model.sample(24, seed, count)
        return _grid_figure(shown, f"24 samples of a Gaussian with {share} variance. Seed {seed}.")
    check_whole("seed", seed, 0)
    images = data.check_images(images)
    originals = images[(seed * 8 + np.arange(8)) % len(images)]
    kept = model.reconstruct(originals, count)
    error = float(np.sqrt(np.mean((kept - data.as_floats(originals)) ** 2)))
    return _grid_figure(
        np.concatenate([kept, data.as_floats(originals)]),
        f"Top: eight images kept to {share} variance. Bottom: the originals. Mean error of a "
        f"pixel (root of the mean square): {error:.3f}.",
    )


def _grid_figure(images, caption: str) -> plots.Figure:
    png = plots.grid_png(images, columns=8, scale=1, compress_level=1)
    return plots.Figure(plots.img_tag(png, caption, 432, pixelated=True), caption)
