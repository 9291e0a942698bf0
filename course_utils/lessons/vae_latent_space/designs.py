"""A VAE that shares a network with the course's GAN, so that the two differ in less.

It is trained in the lesson, not here.
"""

from course_utils.models import networks, vae


def vae_with_generator(latent_size: int = 16, seed: int | None = None) -> vae.VAE:
    """A VAE for gray images whose decoder has the layers of the GAN's generator, newly made.

    The generator's last activation is tanh: its output is a mean in [-1, 1], which suits the
    Gaussian likelihood and no other.
    """
    decoder = networks.generator(latent_size=latent_size)
    return vae.VAE(latent_size=latent_size, likelihood="gaussian", decoder=decoder, seed=seed)
