"""A VAE with the GAN's generator as its decoder."""

import numpy as np
import pytest

from course_utils.lessons.vae_latent_space import designs
from course_utils.models import gan, networks, vae


@pytest.mark.parametrize("latent_size", [16, 3])
def test_its_decoder_has_the_generators_layers(latent_size):
    model = designs.vae_with_generator(latent_size, seed=0)
    generator = gan.GAN(latent_size=latent_size).generator
    assert model.latent_size == latent_size and model.likelihood == "gaussian"
    assert [w.shape for w in model.decoder.weights] == [w.shape for w in generator.weights]


def test_it_learns():
    random = np.random.default_rng(0)
    images = np.repeat(random.random((4, 28, 28, 1), np.float32), 16, axis=0)
    model = designs.vae_with_generator(2, seed=0)
    model.compile()
    history = model.fit(images, batch_size=32, epochs=6, verbose=0).history["elbo"]
    assert history[-1] > history[0]
    assert model.sample(3, seed=0).shape == (3, 28, 28, 1)


def of(**options):
    def build(latent_size):
        decoder = networks.generator(latent_size=latent_size, width=options.get("width", 32))
        likelihood = options.get("likelihood", "gaussian")
        return vae.VAE(latent_size=latent_size, likelihood=likelihood, decoder=decoder)

    return build


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (of(likelihood="bernoulli"), "means for logits"),
        (of(width=16), "width as the GAN has it"),
        (lambda size: of()(16), "not always 16"),
        (lambda size: vae.VAE(latent_size=size, likelihood="gaussian"), "batch normalization"),
        (lambda size: networks.generator(latent_size=size), "return a vae.VAE"),
    ],
)
def test_each_fault_of_a_learner_s_is_named(build, words):
    assert words in designs.vae_fault(build)


def test_the_course_s_has_no_fault():
    assert designs.vae_fault(designs.vae_with_generator) == ""
