"""What models of several betas do with the same images, as a picture."""

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

from course_utils import plots, widgets
from course_utils.lessons.vae_latent_space import betas
from course_utils.models import vae


def clothes(n=60):
    random = np.random.default_rng(1)
    return (random.random((n, 28, 28, 1)) < 0.5).astype(np.uint8) * np.uint8(255)


def images_in(html: str) -> list[np.ndarray]:
    files = re.findall(r"base64,([^\"]+)", html)
    return [np.asarray(Image.open(io.BytesIO(base64.b64decode(file)))) for file in files]


@pytest.fixture(scope="module", name="drawn_betas")
def made_betas():
    models = {name: vae.VAE(latent_size=4, beta=float(name), seed=0) for name in ("1", "4")}
    kl = {"1": np.array([0.5, 2.0, 1.0, 0.0]), "4": np.array([0.0, 0.0, 0.0, 3.0])}
    return betas.BetaPictures(models, kl, clothes(6)), models


def test_four_rows_for_every_beta_and_rank(drawn_betas):
    drawn, models = drawn_betas
    for beta in models:
        for rank in (1, 2, 3, 4, 4.0):
            figure = drawn.beta_figure(beta, rank)
            (picture,) = images_in(figure.content)
            assert picture.shape == (4 * 29 - 1, 6 * 29 - 1)
            assert f"beta {beta}" in figure.caption and f"rank {int(rank)} moves" in figure.caption


def test_ranks_follow_the_kl_terms(drawn_betas):
    drawn, models = drawn_betas
    assert "carries 2.00 of 3.5 nats" in drawn.beta_figure("1", 1).caption
    assert "carries 0.00 of 3.5 nats" in drawn.beta_figure("1", 4).caption
    (picture,) = images_in(drawn.beta_figure("1", 1).content)
    code = models["1"].encode(clothes(6))[0][0]
    swept = models["1"].generate(betas.sweep(code, 1, 6))  # latent 1 has the largest term
    np.testing.assert_array_equal(picture[-28:, :28], plots.to_uint8(swept)[0])
    np.testing.assert_array_equal(picture[:28, :28], clothes(6)[0, :, :, 0])


def test_it_answers_as_a_live_figure(drawn_betas):
    drawn, models = drawn_betas
    live = widgets.live_figure(
        drawn.beta_figure,
        {
            "beta": widgets.Choice("beta", tuple(models), "1"),
            "rank": widgets.Whole("Rank", 1, 4, 1),
        },
    )
    live.fields["rank"].value = 3
    live.fields["beta"].value = "4"
    assert "beta 4: test images" in live.picture.value and live.message.value == ""


@pytest.mark.parametrize(
    ("beta", "rank", "words"),
    [
        ("2", 1, "no beta '2'; choose one of 1, 4"),
        ("1", 0, "rank is 0; give a whole number from 1 to 4"),
        ("1", 5, "rank is 5"),
        ("1", 1.5, "rank is 1.5"),
    ],
)
def test_an_unfit_choice_is_refused(drawn_betas, beta, rank, words):
    with pytest.raises(ValueError, match=words):
        drawn_betas[0].beta_figure(beta, rank)


def test_unfit_models_and_terms_are_refused(drawn_betas):
    _, models = drawn_betas
    with pytest.raises(ValueError, match=r"models for \['1', '4'\] and KL terms for \['1'\]"):
        betas.BetaPictures(models, {"1": np.zeros(4)}, clothes(6))
    with pytest.raises(ValueError, match="at least one"):
        betas.BetaPictures({}, {}, clothes(6))
    for terms in (np.zeros(3), np.full(4, np.nan)):
        with pytest.raises(ValueError, match="give 4 finite numbers"):
            betas.BetaPictures({"1": models["1"]}, {"1": terms}, clothes(6))


def test_a_sweep_moves_one_latent_and_leaves_the_code():
    code = np.array([1.0, 2.0, 3.0])
    moved = betas.sweep(code, 2, 5)
    assert moved.dtype == np.float32 and moved.shape == (5, 3)
    np.testing.assert_array_equal(moved[:, :2], np.tile([1.0, 2.0], (5, 1)))
    np.testing.assert_allclose(moved[:, 2], [-2.5, -1.25, 0, 1.25, 2.5])
    np.testing.assert_array_equal(code, [1, 2, 3])
