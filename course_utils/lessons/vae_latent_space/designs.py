"""A VAE that shares a network with the course's GAN, so that the two differ in less.

It is trained in the lesson, not here. `vae_fault` names the fault of a
learner's.
"""

from collections.abc import Callable

from course_utils.base.backend import keras
from course_utils.models import networks, vae


def vae_with_generator(latent_size: int = 16, seed: int | None = None) -> vae.VAE:
    """A VAE for gray images whose decoder has the layers of the GAN's generator, newly made.

    The generator's last activation is tanh: its output is a mean in [-1, 1], which suits the
    Gaussian likelihood and no other.
    """
    decoder = networks.generator(latent_size=latent_size)
    return vae.VAE(latent_size=latent_size, likelihood="gaussian", decoder=decoder, seed=seed)


def vae_fault(build: Callable[[int], vae.VAE]) -> str:
    """What build(latent_size) lacks of `vae_with_generator`, in one sentence, or ""."""
    for latent_size in (16, 3):
        built, wanted = build(latent_size), vae_with_generator(latent_size)
        if not isinstance(built, vae.VAE):
            return f"it returns a {type(built).__name__}; return a vae.VAE."
        if built.latent_size != latent_size:
            return f"take latent_size, not always {built.latent_size}."
        if built.likelihood != wanted.likelihood:
            return 'without likelihood="gaussian" the VAE takes the means for logits.'
        if _num_norms(built.decoder) != _num_norms(wanted.decoder):
            return (
                "its decoder is the VAE's own, not the GAN's generator; networks.generator has "
                "batch normalization."
            )
        if built.decoder.count_params() != wanted.decoder.count_params():
            return "leave the generator's width as the GAN has it."
        if built.encoder.count_params() != wanted.encoder.count_params():
            return "leave the encoder as it is."
    return ""


def _num_norms(network: keras.Model) -> int:
    return sum(isinstance(layer, keras.layers.BatchNormalization) for layer in network.layers)
